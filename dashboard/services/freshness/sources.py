"""Where every figure comes from."""

from collections.abc import Mapping, Sequence
from datetime import date as day
from typing import Any

import polars as pl

from dashboard.locales import format_day, format_edition, format_number, t
from dashboard.services.base.cache import cached
from dashboard.services.base.context import Context
from dashboard.services.base.views import Choice
from dashboard.services.base.words import name_metric, translate_term
from dashboard.services.freshness.dataset_status import describe_dataset
from dashboard.services.freshness.expected import Expected, list_expected
from dashboard.services.freshness.outcomes import Outcome, list_outcomes_known, mark
from dashboard.services.freshness.views import FailureView, SourcesView, SourceView
from dashboard.services.wording.publishers import describe_licence, list_publishers
from data_sources.info import SourceInfo

STATUSES = ("current", "overdue", "failing", "waiting", "never")
"""How a publisher stands; defined on the method page."""

FAMILIES = {
    "unreachable": (
        "connect_timeout", "read_timeout", "total_timeout", "proxy_failure", "dns_failure", "connection_refused",
        "connection_failed", "connection_lost", "server_error", "busy",
    ),
    "broken": (
        "empty_body", "truncated_json", "invalid_json", "html_instead_of_json", "xml_instead_of_json",
        "corrupt_encoding", "content_encoding", "totals_changed", "wrong_page", "too_many_pages", "too_large",
    ),
    "changed": (
        "unexpected_shape", "wrong_series", "sheet_missing", "not_a_workbook", "empty", "macros", "encrypted_workbook",
        "external_links", "too_many_cells", "expands_too_much", "doctype", "workbook_too_costly",
    ),
    "refused": (
        "unknown_companion", "series_not_in_file", "redirect_not_allowed", "too_many_redirects", "invalid_url",
        "no_address", "archived", "invalid_parameter",
    ),
}  # fmt: skip
"""What a reader needs to know of a failure's code (``data_sources``); codes with a dot are our own checks."""


def view_sources(ctx: Context) -> SourcesView:
    """Publishers with licence, cadence, age, rows and failures; those that feed the dataset first.

    Failures are those of the latest gathering, published or not. What is overdue is counted to its date or the
    dataset's, so the same state always says the same.
    """
    return _sources(ctx, mark())


@cached
def _sources(ctx: Context, seen: str) -> SourcesView:
    states = list_outcomes_known(ctx, seen)
    rows = _rows(ctx)
    today = max([ctx.today, *(one["retrieved_at"].date() for one in states if ctx.as_of is None)])
    views = [
        _source(
            ctx,
            info,
            [one for one in states if one["source"] == info.id],
            rows,
            list_expected(ctx, seen, info.id),
            today,
        )
        for info in list_publishers().values()
    ]
    views.sort(key=lambda view: (view["rows"] == 0, view["title"].casefold()))
    feeding = sum(1 for view in views if view["rows"])
    failed = sum(1 for one in states if one["state"] == "failed" and one["source"] in list_publishers())
    return SourcesView(
        dataset_status=describe_dataset(ctx),
        sources=views,
        text=t(
            "answers.sources.text",
            ctx.lang,
            sources=t("ui.coverage.sources", ctx.lang, count=feeding),
            failures=t("answers.sources.failures", ctx.lang, count=failed),
        ),
    )


def _rows(ctx: Context) -> dict[str, dict[str, Any]]:
    frame = (
        ctx.dataset.scan()
        .group_by("source")
        .agg(
            pl.len().alias("rows"),
            pl.col("edition").unique().sort(),
            pl.col("indicator").unique(),
            pl.col("raw_sha256").unique().alias("files"),
        )
        .collect()
    )
    spans = (
        ctx.dataset.scan()
        .filter(pl.col("value").is_not_null(), pl.col("year").is_not_null())
        .group_by("source", "indicator")
        .agg(first=pl.col("year").min(), last=pl.col("year").max())
        .collect()
    )
    rows = {row["source"]: {**row, "spans": {}} for row in frame.iter_rows(named=True)}
    for source, indicator, first, last in spans.rows():
        rows[source]["spans"][indicator] = (first, last)
    return rows


def _source(
    ctx: Context,
    info: SourceInfo,
    outcomes: Sequence[Outcome],
    rows: dict[str, dict[str, Any]],
    parts: Sequence[Expected],
    today: day,
) -> SourceView:
    lang = ctx.lang
    held = rows.get(info.id, {"rows": 0, "edition": [], "indicator": [], "files": [], "spans": {}})
    last = max((one.received for one in parts if one.received), default=None)
    overdue = any(one.due < today for one in parts if one.due)
    level = str(info.evidence_level)
    status = _status(outcomes, held["rows"], overdue)
    return SourceView(
        id=info.id,
        title=info.title,
        publisher=info.publisher,
        homepage=info.homepage,
        licence=describe_licence(ctx, info),
        licence_url=info.licence_url,
        attribution=info.attribution,
        redistribution=info.redistribution,
        redistribution_text=translate_term(ctx, "redistribution", info.redistribution, "definition"),
        evidence_level=info.evidence_level,
        evidence_text=translate_term(ctx, "evidence_level", level, "definition"),
        status=status,
        status_text=t(f"sources.status.{status}.name", lang),
        status_meaning=t(f"sources.status.{status}.definition", lang),
        cadence_text=_of_each(ctx, {one.title: t("ui.date.days", lang, count=one.cadence_days) for one in parts}),
        last_success=last.isoformat() if last else "",
        last_success_text=format_day(last, lang) if last else t("ui.date.never", lang),
        copy_text=_describe_copies(ctx, held["files"]),
        next_due_text=_of_each(ctx, {one.title: _due(ctx, one.due, today) for one in parts if one.due}),
        overdue=overdue,
        editions=[format_edition(one, lang) for one in held["edition"]],
        rows=held["rows"],
        rows_text=format_number(held["rows"], lang),
        indicators=sorted(
            (
                Choice(
                    id=metric, label=name_metric(ctx, metric), note=_span(ctx, held["spans"].get(metric)), chosen=False
                )
                for metric in held["indicator"]
            ),
            key=lambda it: it["label"].casefold(),
        ),
        failures=[_failure(ctx, one) for one in outcomes if one["state"] in ("failed", "waiting")],
    )


def _due(ctx: Context, due: day, today: day) -> str:
    return t(f"answers.sources.{'overdue' if due < today else 'due'}", ctx.lang, date=format_day(due, ctx.lang))


def _of_each(ctx: Context, texts: Mapping[str, str]) -> str:
    """What is said of each database, by its title; of one database without it."""
    colon = t("ui.list.colon", ctx.lang)
    parts = list(texts.values()) if len(texts) == 1 else [f"{title}{colon}{words}" for title, words in texts.items()]
    return t("ui.list.semicolon", ctx.lang).join(parts)


def _status(outcomes: Sequence[Outcome], rows: int, overdue: bool) -> str:
    """How a publisher stands, in one word of ``STATUSES``; what needs attention goes before what is well."""
    states = {one["state"] for one in outcomes}
    if not rows:
        return "never"
    if "waiting" in states:
        return "waiting"
    if "failed" in states:
        return "failing"
    return "overdue" if overdue else "current"


def _describe_copies(ctx: Context, files: Sequence[str]) -> str:
    """That figures were read from public copies of a publisher's files, as their provenance says; "" where none was."""
    copied = [bool((ctx.dataset.record(sha256) or {}).get("note")) for sha256 in files]
    if not any(copied):
        return ""
    return t(f"answers.sources.{'copies' if all(copied) else 'copies_partly'}", ctx.lang)


def _span(ctx: Context, years: tuple[int, int] | None) -> str:
    """The years of this publisher's own figures; "" where it has none."""
    if years is None:
        return ""
    return t("ui.coverage.years", ctx.lang, first=str(years[0]), last=str(years[1]))


def _failure(ctx: Context, outcome: Outcome) -> FailureView:
    """A series that could not be had: the reason, and what it means for readers (what was published stays)."""
    since = outcome["last_success_at"]
    if since is None:
        meaning = t("answers.sources.never", ctx.lang)
    else:
        meaning = t("answers.sources.kept", ctx.lang, date=format_day(since.date(), ctx.lang))
    if outcome["state"] == "waiting":
        meaning = t("answers.sources.waiting", ctx.lang)
    return FailureView(
        series=outcome["series"],
        indicator=outcome["indicator"],
        indicator_name=name_metric(ctx, outcome["indicator"]),
        reason=t(f"answers.failure.{classify_outcome(outcome)}", ctx.lang),
        detail=outcome["message"],
        meaning=meaning,
        when=format_day(outcome["retrieved_at"].date(), ctx.lang),
    )


def classify_outcome(outcome: Outcome) -> str:
    """What a reader needs to know of why a series is not as the publisher has it now."""
    code = str(outcome["code"])
    if outcome["state"] == "waiting":
        return "waiting"
    if code.startswith("http_"):
        return "unreachable" if code[5:6] == "5" or code in ("http_408", "http_429") else "refused"
    return next((name for name, codes in FAMILIES.items() if code in codes), "checks" if "." in code else "other")
