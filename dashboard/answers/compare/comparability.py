"""Whether figures measure the same, and in what they differ, in words."""

from collections.abc import Mapping, Sequence

from dashboard.analysis.measures.comparability import KEY, find_differing_parts
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row
from dashboard.answers.base.words import join_list, translate_term
from dashboard.answers.compare.views import Chip, ComparedPart
from dashboard.answers.wording.publishers import find_national_series
from dashboard.evidence.codebook.model import Metric, choose_text
from dashboard.locales import format_period, format_unit, has, t

Key = Mapping[str, str]
"""Part of the comparability key (``dashboard.analysis.measures.comparability.KEY``) → its code."""


def build_key(metric: Metric, row: Row) -> Key:
    """Return what makes a figure comparable, by codebook and by publisher.

    A national series has the office's own definition, so its indicator, wording, people asked and method are its own.
    A method break parts the figures before it from those since.
    """
    own = find_national_series(metric, row)
    key: dict[str, str] = {
        "indicator": own.series if own else metric.id,
        "unit": metric.unit,
        "nature": row["nature"] or "unstated",
        "edition": row["edition"],
    }
    if own:
        return key | {
            "wording_id": own.series,
            "population": choose_text(own.population, "en"),
            "method": choose_text(own.method, "en"),
        }
    return {**key, **metric.compared, **_find_method(metric, row)}


def _find_method(metric: Metric, row: Row) -> Key:
    """Return the method of a metric whose method broke: that since the last break before a figure."""
    if not metric.break_years or row["year"] is None:
        return {}
    past = [year for year in metric.break_years if year <= row["year"]]
    return {"method": f"since_{max(past)}" if past else f"before_{min(metric.break_years)}"}


def list_differences(ctx: Context, figures: Sequence[tuple[Metric, Row]]) -> list[Chip]:
    """Return a chip for each part of the key in which figures differ, with their values."""
    keys = [build_key(metric, row) for metric, row in figures]
    return [_make_chip(ctx, part, keys) for part in find_differing_parts(keys)]


def compare_parts(ctx: Context, figures: Sequence[tuple[Metric, Row]]) -> list[ComparedPart]:
    """Return the parts of the key of each figure, differing ones first, unstated ones left out."""
    keys = [build_key(metric, row) for metric, row in figures]
    unequal = find_differing_parts(keys)
    stated = [part for part in (*unequal, *KEY) if any(key.get(part) for key in keys)]
    years = [format_period(row["period"], ctx.lang) for _, row in figures]
    compared = [
        ComparedPart(
            id=part,
            label=t(f"comparison.part.{part}", ctx.lang),
            definition=t(f"comparison.part_definition.{part}", ctx.lang),
            values=[_describe_value(ctx, part, key.get(part, "")) for key in keys],
            differs=part in unequal,
        )
        for part in dict.fromkeys(stated)
    ]
    year = ComparedPart(
        id="year",
        label=t("compare.part.year", ctx.lang),
        definition=t("compare.part.year_definition", ctx.lang),
        values=years,
        differs=len(set(years)) > 1,
    )
    return sorted([*compared, year], key=lambda part: not part["differs"]) if figures else []


def list_stated_parts(ctx: Context, metric: Metric) -> dict[str, str]:
    """Return part of the key → what a source says of all figures of an indicator, in words."""
    return {part: _describe_value(ctx, part, code) for part, code in metric.compared.items()}


def _make_chip(ctx: Context, part: str, keys: Sequence[Key]) -> Chip:
    name = t(f"comparison.part.{part}", ctx.lang)
    values = sorted({_describe_value(ctx, part, key.get(part, "")) for key in keys})
    return Chip(
        id=part,
        label=t("comparison.differs.label", ctx.lang, part=name),
        text=t("comparison.differs.text", ctx.lang, part=name, values=join_list(ctx, values)),
    )


def _describe_value(ctx: Context, part: str, code: str) -> str:
    """Return the value of a part in words; as it is where the vocabulary has none."""
    if not code:
        return t("comparison.differs.unstated", ctx.lang)
    if part == "nature":
        return translate_term(ctx, "nature", code)
    if part == "unit":
        return format_unit(code, ctx.lang)
    if part == "indicator" and code in ctx.book.metrics:
        return choose_text(ctx.book.metrics[code].name, ctx.lang)
    side, _, when = code.partition("_")
    if part == "method" and has(f"comparison.method_break.{side}"):
        return t(f"comparison.method_break.{side}", ctx.lang, year=when)
    key = f"comparison.value.{part}.{code}"
    return t(key, ctx.lang) if has(key) else code
