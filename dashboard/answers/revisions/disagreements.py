"""Where publishers, editions or a country's own office give another figure of the same fact; which is shown, and why.

Reported, never averaged. What rounding explains is no disagreement (``measures.moves``).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

import polars as pl

from dashboard.analysis.measures.moves import compare_sources, is_revised
from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.answers.adoption.counting import list_adopters, list_origins
from dashboard.answers.base.cache import cached, kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import NoOption, quote_given, require_among
from dashboard.answers.base.lookup import find_countries, find_metric
from dashboard.answers.base.rows import select_own_totals
from dashboard.answers.base.views import Choice, cut_page, make_choice
from dashboard.answers.base.words import join_sentences, name_country, name_metric, translate_term
from dashboard.answers.public.changes import DisagreementAnswer, DisagreementRow
from dashboard.answers.revisions.views import DisagreementLine, DisagreementsView, DisagreementTally
from dashboard.answers.wording.changes import format_difference
from dashboard.answers.wording.figures import format_share, format_value
from dashboard.answers.wording.publishers import is_unmodified_only, title_publisher
from dashboard.evidence.codebook.model import Metric, choose_text
from dashboard.locales import format_edition, format_number, format_period, order, t

KINDS = ("publisher", "national", "edition")
"""Another publisher; the country's own series, in its own definition; an earlier edition of the same series."""

WORLD = "world"
ROWS = 20
SIDE = ("source", "series", "edition", "nature", "id")
"""What is told of either figure beside its value."""

COLUMNS = (
    "kind", "indicator", "indicator_name", "country", "country_name", "period", "value", "source", "edition",
    "other_value", "other_source", "other_edition", "difference", "reason", "rule", "id", "other_id",
)  # fmt: skip
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class DisagreementQuery:
    """Which disagreements; "" and () mean all, of countries those of the register."""

    countries: tuple[str, ...] = ()
    indicator: str = ""
    group: str = ""
    kind: str = ""


def ask(
    ctx: Context, countries: tuple[str, ...] = (), indicator: str = "", group: str = "", kind: str = ""
) -> DisagreementQuery:
    """Check the question.

    Raises:
        Unknown: no such country or indicator.
        Invalid: no such kind or group.
    """
    require_among("kind", kind, KINDS)
    if group and group != WORLD:
        raise NoOption("group", group, (WORLD,), f"There is no group {quote_given(group)}: there is {WORLD}.")
    return DisagreementQuery(
        find_countries(ctx, countries), find_metric(ctx, indicator).id if indicator else "", group, kind
    )


@kept(2)
def _compare(ctx: Context) -> pl.DataFrame:
    """Return every fact published twice, the farthest apart first.

    Columns: ``kind``, fact, both sides, ``difference``, ``apart`` (beyond rounding) and ``share`` of the scale.
    """
    scales = pl.DataFrame(
        [(metric.id, *metric.expected) for metric in ctx.book.metrics.values()],
        schema={"indicator": pl.String, "low": pl.Float64, "high": pl.Float64},
        orient="row",
    )
    others = {"national": _pair_national(ctx), "edition": _pair_editions(ctx)}  # a codebook may have no national series
    compared = [_tell_apart(ctx, pairs, kind) for kind, pairs in others.items() if pairs]
    found = pl.concat([_compare_publishers(ctx), *compared])
    closed = pl.col("low").is_not_null() & pl.col("high").is_not_null()
    whole = pl.when(closed).then(pl.col("high") - pl.col("low")).otherwise(pl.col("value").abs())
    return (
        found.join(scales, on="indicator", how="left", maintain_order="left")
        .with_columns(share=pl.when(whole > 0).then(pl.col("difference").abs() / whole).otherwise(0.0))
        .drop("low", "high")
        .sort(-pl.col("share"), "indicator", "country", "period", "other_id")
    )


def _shape(kind: str) -> list[pl.Expr]:
    sides = ("value", *SIDE, "other_value", *(f"other_{name}" for name in SIDE))
    columns = ("indicator", "country", "period", *sides, "difference", "apart", "dated")
    return [pl.lit(kind).alias("kind"), *map(pl.col, columns)]


def _compare_publishers(ctx: Context) -> pl.DataFrame:
    twice = [
        metric.id for metric in ctx.book.metrics.values() if any(link.role == "secondary" for link in metric.series)
    ]
    national = [own.series for metric in ctx.book.metrics.values() for own in metric.national]
    rows = ctx.dataset.scan(twice).filter(~pl.col("series").is_in(national)).collect()
    carried = [name for name in SIDE if name != "source"]
    both = compare_sources(rows, carried)
    return both.with_columns(apart=pl.col("difference").abs() > pl.col("rounding")).select(_shape("publisher"))


def _pair_national(ctx: Context) -> list[pl.LazyFrame]:
    return [
        _pair(ctx, metric, select_own_totals(ctx, own).filter(pl.col("value").is_not_null()).unique("period"))
        for metric in ctx.book.metrics.values()
        for own in metric.national
    ]


def _pair_editions(ctx: Context) -> list[pl.LazyFrame]:
    """Pair each shown figure with the last one that an earlier edition had."""
    parts = []
    for metric in ctx.book.metrics.values():
        earlier = (
            ctx.dataset.history(metric.id)
            .filter(
                pl.col("superseded") <= ctx.dataset.vintage,
                pl.col("primary"),
                pl.col("dimensions") == "{}",
                pl.col("value").is_not_null(),
            )
            .sort("superseded", "id")
            .unique(["country", "period", "source", "series", "edition"], keep="last", maintain_order=True)
        )
        pairs = _pair(ctx, metric, earlier)
        same = pl.col("source") == pl.col("other_source"), pl.col("edition") != pl.col("other_edition")
        parts.append(pairs.filter(*same))
    return parts


def _pair(ctx: Context, metric: Metric, others: pl.LazyFrame) -> pl.LazyFrame:
    """Join the figure shown of each fact with another one."""
    columns = ("value", "value_text", *SIDE)
    shown = ctx.dataset.rows(metric.id).filter(
        pl.col("primary"), pl.col("dimensions") == "{}", pl.col("value").is_not_null()
    )
    fact = ("indicator", "country", "period")
    return shown.select(*fact, *columns).join(
        others.select(*fact, *(pl.col(name).alias(f"other_{name}") for name in columns)), on=fact
    )


def _tell_apart(ctx: Context, parts: list[pl.LazyFrame], kind: str) -> pl.DataFrame:
    both = pl.concat(pl.collect_all(parts))
    columns = ("indicator", "value", "value_text", "other_value", "other_value_text")
    apart = [
        is_revised(value, text, other, other_text, ctx.book.metrics[indicator].decimals)
        for indicator, value, text, other, other_text in both.select(columns).iter_rows()
    ]
    return both.with_columns(
        (pl.col("other_value") - pl.col("value")).alias("difference"),
        pl.Series("apart", apart, dtype=pl.Boolean),
        pl.lit(None, pl.String).alias("dated"),
    ).select(_shape(kind))


def _select(ctx: Context, query: DisagreementQuery) -> pl.DataFrame:
    """Return the pairs of the countries and indicators asked about."""
    found = _compare(ctx.timeless)
    if query.countries or not query.group:
        found = found.filter(pl.col("country").is_in(list(_countries(ctx, query))))
    if query.indicator:
        found = found.filter(pl.col("indicator") == query.indicator)
    return found


def _countries(ctx: Context, query: DisagreementQuery) -> Collection[str]:
    return query.countries or (*list_origins(ctx), *list_adopters(ctx))


@cached
def view_disagreements(ctx: Context, query: DisagreementQuery, page: int = 1) -> DisagreementsView:
    """Return the page: the answer in a sentence, the counts by kind, and the pairs, farthest apart first.

    Without a kind the first that there is any of; a page beyond the last is the last.
    """
    found = _select(ctx, query)
    apart = found.filter(found["apart"])
    counts = {kind: _count(ctx, found, kind) for kind in KINDS}
    kind = query.kind or next((name for name in KINDS if counts[name]["count"]), KINDS[0])
    of_kind = apart.filter(apart["kind"] == kind)
    cut = cut_page(of_kind.height, page, ROWS)
    longest = max((float(share) for share in of_kind["share"].head(1)), default=0.0)
    return DisagreementsView(
        text=_write_answer(ctx, query, counts),
        rule=t(f"disagreements.choice.{kind}", ctx.lang),
        counts=list(counts.values()),
        kind=kind,
        rows=[_describe(ctx, row, longest) for row in of_kind[cut.rows].iter_rows(named=True)],
        total=of_kind.height,
        page=cut.number,
        pages=cut.pages,
        indicators=_list_choices(ctx),
        csv=_write_address(ctx, query, "csv"),
        json=_write_address(ctx, query, "json"),
    )


def _count(ctx: Context, found: pl.DataFrame, kind: str) -> DisagreementTally:
    of_kind = found.filter(found["kind"] == kind)
    apart, compared = int(of_kind["apart"].sum()), of_kind.height
    return DisagreementTally(
        kind=kind,
        label=t(f"disagreements.kind.{kind}.name", ctx.lang),
        definition=t(f"disagreements.kind.{kind}.definition", ctx.lang),
        count=apart,
        count_text=format_number(apart, ctx.lang),
        compared=compared,
        text=t(
            "disagreements.of",
            ctx.lang,
            apart=format_number(apart, ctx.lang),
            compared=format_number(compared, ctx.lang),
            share=format_share(100 * apart / compared, ctx.lang),
        )
        if compared
        else t("disagreements.never", ctx.lang),
    )


def _write_answer(ctx: Context, query: DisagreementQuery, counts: dict[str, DisagreementTally]) -> str:
    """Say on how many figures publishers disagree, of those that two publish, and of which countries."""
    publisher = counts["publisher"]
    if query.countries:
        who = t("ui.list.comma", ctx.lang).join(name_country(ctx, iso3) for iso3 in query.countries)
    elif query.group:
        who = t("changes.between.world", ctx.lang)
    else:
        who = t("changes.between.register", ctx.lang, count=len(list_adopters(ctx)))
    if query.indicator:
        who = t("ui.list.comma", ctx.lang).join((name_metric(ctx, query.indicator), who))
    if not publisher["compared"]:
        return t("disagreements.none", ctx.lang, who=who)
    return join_sentences(
        [
            t("disagreements.answer", ctx.lang, who=who, text=publisher["text"]),
            t("disagreements.more", ctx.lang, count=counts["edition"]["count"]) if counts["edition"]["count"] else "",
        ]
    )


def _describe(ctx: Context, row: dict[str, Any], longest: float) -> DisagreementLine:
    metric = ctx.book.metrics[row["indicator"]]
    bare = is_bare(metric, row)
    return DisagreementLine(
        indicator=metric.id,
        iso3=row["country"],
        name=name_metric(ctx, metric.id),
        country=name_country(ctx, row["country"]),
        period=format_period(row["period"], ctx.lang),
        value=format_value(ctx, metric, row["value"], unit=True),
        source=_title(ctx, row, ""),
        id=row["id"],
        other_value=format_value(ctx, metric, row["other_value"], unit=True),
        other_source=_title(ctx, row, "other_"),
        other_id=row["other_id"],
        difference=t("changes.revisions.licence", ctx.lang)
        if bare
        else format_difference(ctx, metric, row["difference"]),
        length="" if bare or not longest else f"{100 * row['share'] / longest:.1f}%",
        reason=explain_disagreement(ctx, row),
        to=f"/{ctx.lang}/indicators/{metric.id}/?country={row['country']}",
    )


def is_bare(metric: Metric, row: dict[str, Any]) -> bool:
    """Return True if no difference may be shown: the licence forbids it, or the values are codes."""
    return not metric.quantity or any(is_unmodified_only(row[name]) for name in ("source", "other_source"))


def _title(ctx: Context, row: dict[str, Any], side: str) -> str:
    publisher = title_publisher(row[f"{side}source"], row[f"{side}series"])
    return " · ".join((publisher, format_edition(row[f"{side}edition"], ctx.lang)))


def explain_disagreement(ctx: Context, row: dict[str, Any]) -> str:
    """Explain why two figures differ: definition, nature, day of the year, or age of the edition."""
    metric, lang = ctx.book.metrics[row["indicator"]], ctx.lang
    if row["kind"] == "national":
        own = next(
            series
            for series in metric.national
            if series.country == row["country"] and series.series == row["other_series"]
        )
        relation = t(f"national.relation.{own.relation}.definition", lang)
        return join_sentences([relation, choose_text(own.caution, lang)])
    natures = row["nature"] or "", row["other_nature"] or ""
    if all(natures) and natures[0] != natures[1]:
        shown, other = (translate_term(ctx, "nature", nature) for nature in natures)
        return t("disagreements.reason.nature", lang, shown=shown, other=other)
    if row["dated"]:
        return t("disagreements.reason.dated", lang, period=row["dated"])
    years = [max(_YEAR.findall(row[name]), default="") for name in ("edition", "other_edition")]
    if all(years) and years[0] != years[1]:
        return t(f"disagreements.reason.{'older' if years[1] < years[0] else 'newer'}", lang, year=years[1])
    return t("disagreements.reason.unknown", lang)


@cached
def summarise_disagreements(ctx: Context, indicator: str = "", iso3: str = "") -> str:
    """Say on how many figures of an indicator or a country others disagree; "" for none."""
    query = DisagreementQuery((iso3,) if iso3 else (), indicator)
    found = _select(ctx, query)
    others = found.filter(found["apart"], found["kind"] != "edition").select("indicator", "country", "period")
    count = others.unique().height
    return t("disagreements.line", ctx.lang, count=count) if count else ""


def list_others(ctx: Context, indicator: str, iso3: str, period: str) -> list[str]:
    """Return what others publish of a fact, with their sources, the farthest apart first."""
    found = _select(ctx, DisagreementQuery((iso3,), indicator)).filter(pl.col("apart"), pl.col("period") == period)
    metric = ctx.book.metrics[indicator]
    return [
        t("ui.list.colon", ctx.lang).join(
            (_title(ctx, row, "other_"), format_value(ctx, metric, row["other_value"], unit=True))
        )
        for row in found.iter_rows(named=True)
    ]


def write_page_address(ctx: Context, indicator: str = "", iso3: str = "") -> str:
    """Write the address of the disagreements of an indicator, a country or both."""
    parameters = {"indicator": indicator, "country": iso3, "as_of": ctx.day}
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"/{ctx.lang}/disagreements/?{query}"


def _list_choices(ctx: Context) -> list[Choice]:
    """Return the indicators of which anything is published twice, by name."""
    ids = _compare(ctx.timeless)["indicator"].unique()
    named = sorted(((name_metric(ctx, id_), id_) for id_ in ids), key=lambda pair: order(pair[0], ctx.lang))
    return [make_choice(id_, name) for name, id_ in named]


def _write_address(ctx: Context, query: DisagreementQuery, form: str) -> str:
    parameters = {
        "country": ",".join(query.countries), "indicator": query.indicator, "group": query.group, "kind": query.kind,
        "as_of": ctx.day, "lang": ctx.lang,
    }  # fmt: skip
    asked = urlencode({name: value for name, value in parameters.items() if value}, safe=",")
    return f"/api/v1/disagreements.{form}?{asked}"


def answer_disagreements(ctx: Context, query: DisagreementQuery) -> DisagreementAnswer:
    """Return the counts by kind and the rows, for programs."""
    found = _select(ctx, query)
    counts = {kind: _count(ctx, found, kind) for kind in KINDS}
    rows = _list_rows(ctx, query)
    return DisagreementAnswer(
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        text=_write_answer(ctx, query, counts),
        counts={kind: count["count"] for kind, count in counts.items()},
        compared={kind: count["compared"] for kind, count in counts.items()},
        total=len(rows),
        rows=rows,
    )


def write_disagreements_csv(ctx: Context, query: DisagreementQuery) -> bytes:
    """Write every disagreement as a line, in full precision."""
    return write_csv_file(_list_rows(ctx, query), COLUMNS)


def _list_rows(ctx: Context, query: DisagreementQuery) -> list[DisagreementRow]:
    found = _select(ctx, query)
    wanted = found.filter(found["apart"], found["kind"] == query.kind if query.kind else found["apart"])
    rows = []
    for row in wanted.to_dicts():
        row["indicator_name"] = name_metric(ctx, row["indicator"])
        row["country_name"] = name_country(ctx, row["country"])
        row["reason"] = explain_disagreement(ctx, row)
        row["rule"] = t(f"disagreements.choice.{row['kind']}", ctx.lang)
        if is_bare(ctx.book.metrics[row["indicator"]], row):
            row["difference"] = None
        rows.append(cast(DisagreementRow, {name: row[name] for name in COLUMNS}))
    return rows
