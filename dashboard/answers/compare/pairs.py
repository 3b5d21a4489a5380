"""Which countries' figures differ beyond the margin of error, pair by pair, in words.

A pair is judged on the figures shown, the latest of each country; ``dashboard.analysis.measures.pairwise`` says when it
cannot be.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.analysis.measures.pairwise import PairReason, PairTest, judge_pairs
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row, has_figure
from dashboard.answers.base.words import format_years, join_list, join_sentences, name_country
from dashboard.answers.compare.views import PairCell, PairHead, PairRow, PairsView
from dashboard.answers.wording.changes import format_difference
from dashboard.answers.wording.citation import summarise_editions
from dashboard.answers.wording.evidence import is_claim
from dashboard.answers.wording.figures import format_value
from dashboard.answers.wording.publishers import is_unmodified_only
from dashboard.evidence.codebook.model import Metric
from dashboard.locales import format_number, format_year, t

SIGNS = {"higher": "▲", "lower": "▼", "alike": "≈", "cannot_tell": "?"}
MAX_NAMED_PAIRS = 3
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
        """Return the pairs with a verdict."""
        return [test for test in self.tests if test.verdict != "cannot_tell"]

    def list_places(self) -> tuple[list[str], list[int]]:
        """Return the editions and years in which pairs were tested."""
        rows = [self.figures[iso3] for test in self.tested for iso3 in (test.first, test.second)]
        return sorted({row["edition"] for row in rows}), sorted({row["year"] for row in rows})


def judge_countries(metric: Metric, rows: Mapping[str, Sequence[Row]], pairs: Iterable[tuple[str, str]]) -> JudgedPairs:
    """Judge each pair of countries in an indicator.

    Args:
        rows: ISO3 → its primary national totals in the period, by year.
        pairs: of countries, in the order of the answer.
    """
    asked = list(pairs)
    countries = list(dict.fromkeys(iso3 for pair in asked for iso3 in pair))
    figures = {
        iso3: with_figure[-1]
        for iso3 in countries
        if (with_figure := [row for row in rows.get(iso3, ()) if has_figure(row)])
    }
    refused = {iso3: reason for iso3, row in figures.items() if (reason := _refuse(metric, row))}
    return JudgedPairs(metric, judge_pairs(figures, asked, refused), figures)


def _refuse(metric: Metric, row: Row) -> PairReason | None:
    if metric.unit == "yes_no" or not metric.quantity:
        return "answer"
    if is_unmodified_only(row["source"]):
        return "licence"
    return "claim" if is_claim(metric, row) else None


def view_pairs(ctx: Context, judged: JudgedPairs, countries: Sequence[str]) -> PairsView:
    """Return the verdicts as a sentence and a triangle: each country against those before it."""
    by_pair = {(test.first, test.second): test for test in judged.tests}
    told_apart = len(judged.tests) > 1 and bool(judged.tested)  # one pair, or one reason for all, is a sentence
    return PairsView(
        text=summarise_pairs(ctx, judged),
        where=explain_where(ctx, judged),
        heads=[PairHead(iso3=iso3, name=name_country(ctx, iso3)) for iso3 in countries[:-1]] if told_apart else [],
        rows=[
            PairRow(
                iso3=iso3,
                name=name_country(ctx, iso3),
                cells=[_view_cell(ctx, judged, by_pair[iso3, other]) for other in countries[:place]],
            )
            for place, iso3 in enumerate(countries)
            if place
        ]
        if told_apart
        else [],
    )


def list_pairs(ctx: Context, judged: JudgedPairs) -> list[dict[str, Any]]:
    """Return the verdicts as rows of a file (``PAIR_COLUMNS``)."""
    rows = []
    for test in judged.tests:
        row = judged.figures.get(test.first, {}) if test.verdict != "cannot_tell" else {}
        numbers = {name: getattr(test, name) for name in ("difference", "std_error", "p", "p_adjusted")}
        named = {"one": test.first, "other": test.second, "verdict": test.verdict, "reason": test.reason}
        where = {"year": row.get("year"), "edition": row.get("edition", "")}
        text = describe_pair(ctx, judged, test)
        rows.append({"indicator": judged.metric.id, **named, **numbers, **where, "text": text})
    return rows


def describe_pair(ctx: Context, judged: JudgedPairs, test: PairTest) -> str:
    """Return the verdict on a pair in a sentence, the higher country first."""
    lead = test.difference or 0.0
    higher, other = (test.second, test.first) if lead < 0 else (test.first, test.second)
    values = {"one": name_country(ctx, higher), "other": name_country(ctx, other)}
    if test.reason == "error_unknown":
        return _list_in_order(ctx, judged, (test.first, test.second))
    if test.verdict == "cannot_tell":
        return t(
            "compare.pair.cannot_tell", ctx.lang, reason=t(f"compare.pair.reason.{test.reason}", ctx.lang), **values
        )
    return t(
        f"compare.pair.{test.verdict}",
        ctx.lang,
        difference=format_difference(ctx, judged.metric, abs(lead)),
        year=format_year(judged.figures[test.first]["year"], ctx.lang),
        **values,
    )


def explain_where(ctx: Context, judged: JudgedPairs) -> str:
    """Return in which edition and year pairs were judged, and how surely; "" if none was."""
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
    """Return why pairs cannot be told, the commonest reason first, with numbers where several."""
    counts = Counter(test.reason for test in tests if test.verdict == "cannot_tell").most_common()
    words = [(t(f"compare.pair.reason.{reason}", ctx.lang), number) for reason, number in counts]
    if len(words) == 1:
        return words[0][0]
    colon = t("ui.list.colon", ctx.lang)
    return t("ui.list.semicolon", ctx.lang).join(
        f"{reason}{colon}{format_number(number, ctx.lang)}" for reason, number in words
    )


def summarise_pairs(ctx: Context, judged: JudgedPairs) -> str:
    """Describe one pair in full; count several by verdict, and name those alike where few."""
    if not judged.tests:
        return ""
    if len(judged.tests) == 1:
        return describe_pair(ctx, judged, judged.tests[0])
    counts = Counter(test.verdict for test in judged.tests)
    unknown = counts["cannot_tell"]
    reasons = count_reasons(ctx, judged.tests)
    if unknown == len(judged.tests):
        return _order_untested(ctx, judged) or t("compare.pair.none", ctx.lang, reasons=reasons)
    alike = [test for test in judged.tests if test.verdict == "alike"]
    named = t("ui.list.semicolon", ctx.lang).join(
        join_list(ctx, (name_country(ctx, test.second), name_country(ctx, test.first))) for test in alike
    )
    is_unanimous = len(counts) == 1
    kind = f"all_{judged.tests[0].verdict}" if is_unanimous else "summary" if unknown else "summary_all"
    return t(
        f"compare.pair.{kind}",
        ctx.lang,
        pairs=format_number(len(judged.tests), ctx.lang),
        different=format_number(counts["different"], ctx.lang),
        alike=format_number(len(alike), ctx.lang),
        named=f" ({named})" if 0 < len(alike) <= MAX_NAMED_PAIRS else "",
        unknown=format_number(unknown, ctx.lang),
        reasons=reasons,
    )


def _order_untested(ctx: Context, judged: JudgedPairs) -> str:
    """Return the order of the largest group that only lacks errors, and why others are not in it."""
    groups: dict[str, set[str]] = {}
    for test in judged.tests:
        if test.reason == "error_unknown":
            for iso3 in (test.first, test.second):
                groups.setdefault(iso3, set()).update((test.first, test.second))
    group = max(groups.values(), key=len, default=set[str]())
    others = [test for test in judged.tests if not {test.first, test.second} <= group]
    if not group:
        return ""
    rest = t("compare.pair.untested_rest", ctx.lang, reasons=count_reasons(ctx, others)) if others else ""
    return join_sentences([_list_in_order(ctx, judged, group), rest])


def _list_in_order(ctx: Context, judged: JudgedPairs, countries: Iterable[str]) -> str:
    """Return figures without a published error as an untested order in words, best first."""
    rows = sorted((judged.figures[iso3] for iso3 in countries), key=lambda row: row["country"])
    rows.sort(key=lambda row: row["value"], reverse=judged.metric.direction != "lower")
    figures = (f"{name_country(ctx, row['country'])} {format_value(ctx, judged.metric, row['value'])}" for row in rows)
    return t(
        "compare.pair.untested",
        ctx.lang,
        list=t("ui.list.comma", ctx.lang).join(figures),
        year=format_year(rows[0]["year"], ctx.lang),
        edition=summarise_editions(ctx, (rows[0]["edition"],)),
    )


def _view_cell(ctx: Context, judged: JudgedPairs, test: PairTest) -> PairCell:
    kind = test.verdict if test.verdict != "different" else "higher" if (test.difference or 0) > 0 else "lower"
    return PairCell(sign=SIGNS[kind], kind=kind, text=describe_pair(ctx, judged, test))
