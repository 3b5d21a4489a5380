"""Which countries' figures differ beyond the margin of error, pair by pair, in words.

A pair is judged in the newest edition that has its errors (``wording.editions``), on the latest figure of each country
there; ``dashboard.measures.pairwise`` says when it cannot be.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboard.codebook.model import Metric
from dashboard.locales import format_number, format_year, t
from dashboard.measures.pairwise import PairReason, PairTest, judge_pairs
from dashboard.services.base.context import Context
from dashboard.services.base.rows import Row, has_figure
from dashboard.services.base.words import format_years, join_list, name_country
from dashboard.services.compare.views import PairCell, PairHead, PairRow, PairsView
from dashboard.services.wording.changes import format_difference
from dashboard.services.wording.citation import summarise_editions
from dashboard.services.wording.editions import find_judged_edition
from dashboard.services.wording.evidence import is_claim
from dashboard.services.wording.publishers import is_unmodified_only

SIGNS = {"higher": "▲", "lower": "▼", "alike": "≈", "cannot_tell": "?"}
NAMED = 3
"""Most pairs that the sentence names."""

PAIR_COLUMNS = (
    "indicator", "one", "other", "verdict", "reason", "difference", "std_error", "p", "p_adjusted", "year", "edition",
    "text",
)  # fmt: skip


@dataclass(frozen=True)
class JudgedPairs:
    """The verdicts of an indicator, and the figures that they rest on."""

    metric: Metric
    tests: Sequence[PairTest]
    figures: Mapping[str, Row]

    @property
    def tested(self) -> list[PairTest]:
        """Pairs with a verdict."""
        return [it for it in self.tests if it.verdict != "cannot_tell"]

    def list_places(self) -> tuple[list[str], list[int]]:
        """Editions and years in which pairs were told apart, or found alike."""
        rows = [self.figures[iso3] for it in self.tested for iso3 in (it.one, it.other)]
        return sorted({row["edition"] for row in rows}), sorted({row["year"] for row in rows})


def judge_countries(
    ctx: Context,
    metric: Metric,
    rows: Mapping[str, Sequence[Row]],
    pairs: Iterable[tuple[str, str]],
    first: int | None = None,
    last: int | None = None,
) -> JudgedPairs:
    """The verdict on each pair of countries in an indicator.

    Args:
        ctx: dataset, language and day.
        metric: the indicator.
        rows: ISO3 → its primary national totals in the period, by year.
        pairs: of countries, in the order of the answer.
        first: first year of the period.
        last: last year of the period.
    """
    asked = list(pairs)
    countries = list(dict.fromkeys(iso3 for pair in asked for iso3 in pair))
    with_errors = _list_with_errors(ctx, metric, countries, first, last)
    figures: dict[str, Row] = {}
    for iso3 in countries:
        known = with_errors.get(iso3) or [row for row in rows.get(iso3, ()) if has_figure(row)]
        if known:
            figures[iso3] = known[-1]
    refused = {iso3: reason for iso3, row in figures.items() if (reason := _refuse(metric, row))}
    return JudgedPairs(metric, judge_pairs(figures, asked, refused), figures)


def _list_with_errors(
    ctx: Context, metric: Metric, countries: Sequence[str], first: int | None, last: int | None
) -> dict[str, list[Row]]:
    """Figures of the earlier edition that verdicts are made in; empty where that is the newest."""
    judged = find_judged_edition(ctx, metric.id)
    if judged is None:
        return {}
    wanted = [pl.col("country").is_in(list(countries))]
    wanted += [pl.col("year") >= first] if first is not None else []
    wanted += [pl.col("year") <= last] if last is not None else []
    found: dict[str, list[Row]] = {}
    for row in judged.rows.filter(*wanted).iter_rows(named=True):
        found.setdefault(row["country"], []).append(row)
    return found


def _refuse(metric: Metric, row: Row) -> PairReason | None:
    if metric.unit == "yes_no" or not metric.quantity:
        return "answer"
    if is_unmodified_only(row["source"]):
        return "licence"
    return "claim" if is_claim(metric, row) else None


def view_pairs(ctx: Context, judged: JudgedPairs, countries: Sequence[str]) -> PairsView:
    """The verdicts as a sentence and a triangle: each country against those before it."""
    by_pair = {(it.one, it.other): it for it in judged.tests}
    told_apart = len(judged.tests) > 1 and bool(judged.tested)  # one pair, or one reason for all, is a sentence
    return PairsView(
        text=summarise_pairs(ctx, judged),
        where=explain_where(ctx, judged),
        heads=[PairHead(iso3=iso3, name=name_country(ctx, iso3)) for iso3 in countries[:-1]] if told_apart else [],
        rows=[
            PairRow(
                iso3=iso3,
                name=name_country(ctx, iso3),
                cells=[_cell(ctx, judged, by_pair[iso3, other]) for other in countries[:place]],
            )
            for place, iso3 in enumerate(countries)
            if place
        ]
        if told_apart
        else [],
    )


def list_pairs(ctx: Context, judged: JudgedPairs) -> list[dict[str, Any]]:
    """The verdicts as rows of a file (``PAIR_COLUMNS``)."""
    rows = []
    for it in judged.tests:
        row = judged.figures.get(it.one, {}) if it.verdict != "cannot_tell" else {}
        numbers = {name: getattr(it, name) for name in ("difference", "std_error", "p", "p_adjusted")}
        named = {name: getattr(it, name) for name in ("one", "other", "verdict", "reason")}
        where = {"year": row.get("year"), "edition": row.get("edition", "")}
        text = describe_pair(ctx, judged, it)
        rows.append({"indicator": judged.metric.id, **named, **numbers, **where, "text": text})
    return rows


def describe_pair(ctx: Context, judged: JudgedPairs, it: PairTest) -> str:
    """The verdict on one pair in a sentence: the higher country first."""
    lead = it.difference or 0.0
    one, other = (it.other, it.one) if lead < 0 else (it.one, it.other)
    values = {"one": name_country(ctx, one), "other": name_country(ctx, other)}
    if it.verdict == "cannot_tell":
        return t("compare.pair.cannot_tell", ctx.lang, reason=t(f"compare.pair.reason.{it.reason}", ctx.lang), **values)
    return t(
        f"compare.pair.{it.verdict}",
        ctx.lang,
        difference=format_difference(ctx, judged.metric, abs(lead)),
        year=format_year(judged.figures[it.one]["year"], ctx.lang),
        **values,
    )


def explain_where(ctx: Context, judged: JudgedPairs) -> str:
    """In which edition and year pairs were judged, and how sure the verdicts are together; "" where none was."""
    editions, years = judged.list_places()
    if not editions:
        return ""
    count = len(judged.tested)
    return t(
        "compare.pair.where" if count == 1 else "compare.pair.where_many",
        ctx.lang,
        edition=summarise_editions(ctx, editions),
        years=format_years(years[0], years[-1], ctx.lang),
        count=format_number(count, ctx.lang),
    )


def count_reasons(ctx: Context, tests: Iterable[PairTest]) -> str:
    """Why pairs cannot be told, the commonest reason first, each with its number where there are several."""
    counts = Counter(it.reason for it in tests if it.verdict == "cannot_tell").most_common()
    words = [(t(f"compare.pair.reason.{reason}", ctx.lang), number) for reason, number in counts]
    if len(words) == 1:
        return words[0][0]
    colon = t("ui.list.colon", ctx.lang)
    return t("ui.list.semicolon", ctx.lang).join(
        f"{reason}{colon}{format_number(number, ctx.lang)}" for reason, number in words
    )


def summarise_pairs(ctx: Context, judged: JudgedPairs) -> str:
    """One pair in full; of several how many are different, alike or cannot be told, and which are alike where few."""
    if not judged.tests:
        return ""
    if len(judged.tests) == 1:
        return describe_pair(ctx, judged, judged.tests[0])
    counts = Counter(it.verdict for it in judged.tests)
    unknown = counts["cannot_tell"]
    reasons = count_reasons(ctx, judged.tests)
    if unknown == len(judged.tests):
        return t("compare.pair.none", ctx.lang, reasons=reasons)
    alike = [it for it in judged.tests if it.verdict == "alike"]
    named = t("ui.list.semicolon", ctx.lang).join(
        join_list(ctx, (name_country(ctx, it.other), name_country(ctx, it.one))) for it in alike
    )
    one = len(counts) == 1
    kind = f"all_{judged.tests[0].verdict}" if one else "summary" if unknown else "summary_all"
    return t(
        f"compare.pair.{kind}",
        ctx.lang,
        pairs=format_number(len(judged.tests), ctx.lang),
        different=format_number(counts["different"], ctx.lang),
        alike=format_number(len(alike), ctx.lang),
        named=f" ({named})" if 0 < len(alike) <= NAMED else "",
        unknown=format_number(unknown, ctx.lang),
        reasons=reasons,
    )


def _cell(ctx: Context, judged: JudgedPairs, it: PairTest) -> PairCell:
    kind = it.verdict if it.verdict != "different" else "higher" if (it.difference or 0) > 0 else "lower"
    return PairCell(sign=SIGNS[kind], kind=kind, text=describe_pair(ctx, judged, it))
