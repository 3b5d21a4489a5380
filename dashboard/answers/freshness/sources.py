"""Where every figure comes from."""

from collections.abc import Callable, Sequence
from datetime import date as day
from typing import Any

import polars as pl

from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.views import make_choice
from dashboard.answers.base.words import name_metric, translate_term
from dashboard.answers.freshness.dataset_status import describe_dataset
from dashboard.answers.freshness.editions import (
    DatabaseEditions,
    describe_expected,
    describe_newer,
    describe_release_day,
    list_editions,
)
from dashboard.answers.freshness.outcomes import Outcome, list_past_outcomes, stamp_outcomes
from dashboard.answers.freshness.views import FailureView, SourcesView, SourceView
from dashboard.answers.wording.publishers import describe_licence, list_publishers
from dashboard.locales import format_day, format_edition, format_number, t
from data_sources.info import SourceInfo

STATUSES = ("current", "due", "behind", "failing", "waiting", "never")
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
    """Return publishers with licence, editions, age, rows and failures; those of the dataset first.

    Failures are those of the latest gathering, published or not.
    """
    return _sources(ctx, stamp_outcomes())


@cached
def _sources(ctx: Context, seen: str) -> SourcesView:
    states = list_past_outcomes(ctx, seen)
    rows = _rows(ctx)
    received = _find_received(ctx, states)
    views = [
        _source(ctx, info, [state for state in states if state["source"] == info.id], rows, received.get(info.id))
        for info in list_publishers().values()
    ]
    views.sort(key=lambda view: (view["rows"] == 0, view["title"].casefold()))
    feeding = sum(1 for view in views if view["rows"])
    failed = sum(1 for state in states if state["state"] == "failed" and state["source"] in list_publishers())
    return SourcesView(
        dataset_status=describe_dataset(ctx),
        sources=views,
        text=t(
            "answers.sources.text",
            ctx.lang,
            sources=t("ui.coverage.sources", ctx.lang, count=feeding),
            failures=t("answers.sources.failures", ctx.lang, count=failed)
            if failed
            else t("answers.sources.no_failure", ctx.lang),
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
    ctx: Context, info: SourceInfo, outcomes: Sequence[Outcome], rows: dict[str, dict[str, Any]], last: day | None
) -> SourceView:
    lang = ctx.lang
    parts = list_editions(ctx, info.id)
    counted = rows.get(info.id, {"rows": 0, "edition": [], "indicator": [], "files": [], "spans": {}})
    level = str(info.evidence_level)
    status = _status(ctx, outcomes, counted["rows"], parts)
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
        last_success=last.isoformat() if last else "",
        last_success_text=format_day(last, lang) if last else t("ui.date.never", lang),
        copy_text=_describe_copies(ctx, counted["files"]),
        newest_text=_of_each(ctx, parts, _describe_newest),
        newer_text=" ".join(filter(None, (describe_newer(ctx, part) for part in parts))),
        next_text=_of_each(ctx, parts, describe_expected),
        editions=[format_edition(edition, lang) for edition in counted["edition"]],
        rows=counted["rows"],
        rows_text=format_number(counted["rows"], lang),
        indicators=sorted(
            (
                make_choice(metric, name_metric(ctx, metric), note=_span(ctx, counted["spans"].get(metric)))
                for metric in counted["indicator"]
            ),
            key=lambda choice: choice["label"].casefold(),
        ),
        failures=[_failure(ctx, outcome) for outcome in outcomes if outcome["state"] in ("failed", "waiting")],
    )


def _find_received(ctx: Context, outcomes: Sequence[Outcome]) -> dict[str, day]:
    """Map each publisher to the day something of it was last received without a failure."""
    rows = ctx.dataset.scan().group_by("source").agg(pl.col("retrieved_at").max()).collect()
    days = {source: moment.date() for source, moment in rows.iter_rows()}
    for outcome in outcomes:
        if outcome["last_success_at"] is not None:
            days[outcome["source"]] = max(outcome["last_success_at"].date(), days.get(outcome["source"], day.min))
    return days


def _describe_newest(ctx: Context, database: DatabaseEditions) -> str:
    """Name the newest edition on record and its day of publication; "" where there is none."""
    if database.newest is None:
        return ""
    return f"{format_edition(database.newest.edition, ctx.lang)} ({describe_release_day(ctx, database.newest)})"


def _of_each(
    ctx: Context, parts: Sequence[DatabaseEditions], describe: Callable[[Context, DatabaseEditions], str]
) -> str:
    """Join what is said of each database, headed by its title where there are several."""
    texts = {part.title: text for part in parts if (text := describe(ctx, part))}
    colon = t("ui.list.colon", ctx.lang)
    words = list(texts.values()) if len(parts) == 1 else [f"{title}{colon}{text}" for title, text in texts.items()]
    return t("ui.list.semicolon", ctx.lang).join(words)


def _status(ctx: Context, outcomes: Sequence[Outcome], rows: int, parts: Sequence[DatabaseEditions]) -> str:
    """Return the publisher's status, one of ``STATUSES``; what needs attention comes first."""
    states = {outcome["state"] for outcome in outcomes}
    if not rows:
        return "never"
    if "waiting" in states:
        return "waiting"
    if "failed" in states:
        return "failing"
    if any(part.is_behind for part in parts):
        return "behind"
    return "due" if any(part.is_due(ctx.today) for part in parts) else "current"


def _describe_copies(ctx: Context, files: Sequence[str]) -> str:
    """Say that figures were read from public copies of a publisher's files; "" where none were."""
    copied = [bool((ctx.dataset.record(sha256) or {}).get("note")) for sha256 in files]
    if not any(copied):
        return ""
    return t(f"answers.sources.{'copies' if all(copied) else 'copies_partly'}", ctx.lang)


def _span(ctx: Context, years: tuple[int, int] | None) -> str:
    """Return the years of the publisher's own figures; "" where it has none."""
    if years is None:
        return ""
    return t("ui.coverage.years", ctx.lang, first=str(years[0]), last=str(years[1]))


def _failure(ctx: Context, outcome: Outcome) -> FailureView:
    """Return why a series could not be read, and what that means for readers."""
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
    """Return the kind of an outcome: why a series differs from what its publisher has now."""
    code = str(outcome["code"])
    if outcome["state"] == "waiting":
        return "waiting"
    if code.startswith("http_"):
        return "unreachable" if code[5:6] == "5" or code in ("http_408", "http_429") else "refused"
    return next((name for name, codes in FAMILIES.items() if code in codes), "checks" if "." in code else "other")
