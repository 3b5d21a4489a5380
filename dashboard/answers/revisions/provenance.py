"""How do we know? The way of one value back to what was received."""

from typing import Any

import polars as pl

from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.base.lookup import find_metric
from dashboard.answers.base.references import keep_web_address
from dashboard.answers.base.rows import Row, find_received
from dashboard.answers.base.words import join_sentences, name_country, name_metric, translate_term
from dashboard.answers.revisions.disagreements import list_others, write_page_address
from dashboard.answers.revisions.revisions import list_earlier_values
from dashboard.answers.revisions.views import ProvenanceStep, ProvenanceView
from dashboard.answers.wording.citation import cite_row
from dashboard.answers.wording.evidence import describe_level, grade_evidence
from dashboard.answers.wording.figures import build_figure
from dashboard.answers.wording.publishers import describe_licence, find_national_series, find_publisher, strip_site
from dashboard.evidence.codebook.model import choose_text
from dashboard.locales import format_day, format_edition, format_number, format_quantity, has, t
from data_sources.national_submission.made import SUBMITTED, read_made


def find_observation(ctx: Context, observation: str) -> Row:
    """Return the row of an id, in force or superseded.

    Raises:
        Unknown: there never was one in this dataset, or not yet on the day of the context.
    """
    row = ctx.dataset.observation(observation.strip().lower())
    if row is None:
        raise Unknown("observation", observation)
    return row


def find_vintage(ctx: Context, number_: int) -> dict[str, Any]:
    """Return a vintage of the dataset, even one newer than the context's day."""
    return next(v for v in ctx.dataset.as_of(None).vintages() if v["number"] == number_)


def find_successor(ctx: Context, row: Row) -> str:
    """Return the id of the row that took the place of this one; "" when none did."""
    if row["superseded"] is None:
        return ""
    same = ("country", "period", "dimensions", "source", "series")
    rows = (
        ctx.dataset.history(row["indicator"])
        .filter(*(pl.col(name) == row[name] for name in same), pl.col("vintage") == row["superseded"])
        .sort(~pl.col("primary"), "id")
        .select("id")
        .collect()
    )
    return str(rows.item(0, 0)) if rows.height else ""


@cached
def trace_observation(ctx: Context, observation: str) -> ProvenanceView:
    """Return the whole way of one observation, current or superseded.

    Raises:
        Unknown: no such observation.
    """
    row = find_observation(ctx, observation)
    metric = find_metric(ctx, row["indicator"])
    info = find_publisher(row["source"], row["series"])
    record = ctx.dataset.record(row["raw_sha256"]) or {}
    came = find_vintage(ctx, row["vintage"])
    gone = find_vintage(ctx, row["superseded"]) if row["superseded"] is not None else None
    publisher = info.publisher if info else record.get("publisher", "")
    return ProvenanceView(
        id=row["id"],
        indicator=metric.id,
        indicator_name=name_metric(ctx, metric.id),
        iso3=row["country"],
        country=name_country(ctx, row["country"]),
        period=row["period"],
        figure=build_figure(ctx, metric, row),
        steps=_steps(ctx, row, record, came, gone),
        publisher=publisher,
        source_url=record.get("url", "") or (info.homepage if info else ""),
        edition=row["edition"],
        licence=info.licence if info else record.get("licence", ""),
        licence_url=info.licence_url if info else "",
        attribution=info.attribution if info else "",
        raw_sha256=row["raw_sha256"],
        retrieved_at=row["retrieved_at"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        vintage=row["vintage"],
        superseded=row["superseded"],
        superseded_by=find_successor(ctx, row),
        earlier=list_earlier_values(ctx, row),
        earlier_text=t(
            "changes.earlier.none",
            ctx.lang,
            number=str(row["vintage"]),
            date=format_day(came["created_at"].date(), ctx.lang),
        ),
        json=f"/api/v1/provenance/{row['id']}" + (f"?as_of={ctx.day}" if ctx.day else ""),
        citation=cite_row(ctx, row),
        text=t(
            "answers.provenance.text",
            ctx.lang,
            indicator=name_metric(ctx, metric.id),
            country=name_country(ctx, row["country"]),
            period=row["period"],
        ),
    )


def _describe_others(ctx: Context, row: Row) -> tuple[str, str]:
    """Return other sources' figures for the one shown, and where they are compared; blanks for none."""
    if not row["primary"] or row["dimensions"] != "{}" or row["superseded"] is not None:
        return "", ""
    others = list_others(ctx, row["indicator"], row["country"], row["period"])
    words = t("ui.list.semicolon", ctx.lang).join(others)
    return words, write_page_address(ctx, row["indicator"], row["country"]) if words else ""


def _steps(
    ctx: Context, row: Row, record: dict[str, Any], came: dict[str, Any], gone: dict[str, Any] | None
) -> list[ProvenanceStep]:
    """Return the lines from the figure on the page to the bytes received, empty ones left out."""
    lang, metric = ctx.lang, ctx.book.metrics[row["indicator"]]
    shown = build_figure(ctx, metric, row)
    info = find_publisher(row["source"], row["series"])
    link = next((feed for feed in metric.series if (feed.source, feed.series) == (row["source"], row["series"])), None)
    own = find_national_series(metric, row)
    offices, made = read_made(row["source_detail"]) if row["source"] == SUBMITTED else (row["source_detail"], {})
    drawn = ""
    if shown["interval"]:  # a copy may come without the errors of its series, and what a country sends is in no series
        drawn = (link.interval if link else "") or "published"
    elif row["std_error"] is None:
        drawn = "none"
    method = translate_term(ctx, "interval", drawn, "definition") if drawn else ""
    if row["superseded"] is None:
        state = t("ui.provenance.current", lang)
    else:
        day = format_day(gone["created_at"].date(), lang) if gone else ""
        state = t("ui.provenance.superseded", lang, vintage=str(row["superseded"]), date=day)
    since = t(
        "ui.provenance.since_vintage",
        lang,
        vintage=str(row["vintage"]),
        date=format_day(came["created_at"].date(), lang),
    )
    steps = [
        ("value", join_sentences([shown["quantity"], shown["dimensions"]]), ""),
        ("definition", choose_text(own.definition, lang) if own else "", ""),
        ("caution", choose_text(own.caution, lang) if own else shown["caution"], ""),
        ("others", *_describe_others(ctx, row)),
        ("as_published", row["value_text"], ""),
        ("interval", shown["interval"] or t("ui.provenance.no_interval", lang), ""),
        ("standard_error", "" if row["std_error"] is None else format_number(row["std_error"], lang), ""),
        ("status", shown["status_text"], ""),
        ("nature", shown["nature_text"], ""),
        ("method", method, f"/{lang}/method/"),
        ("series", strip_site(row["series"]), ""),
        ("source_detail", offices, ""),
        *((f"made_{name}", _tell_answer(ctx, name, words), "") for name, words in made.items()),
        ("footnote", row["footnote"], ""),
        ("publisher", info.publisher if info else str(record.get("publisher", "")), info.homepage if info else ""),
        ("edition", format_edition(row["edition"], ctx.lang), ""),
        ("source_address", str(record.get("url", "")), keep_web_address(record.get("url", ""))),
        ("origin", str(record.get("origin", "")), keep_web_address(record.get("origin", ""))),
        ("retrieved", join_sentences([*_describe_retrieval(ctx, row), str(record.get("note", ""))]), ""),
        ("raw_record", row["raw_sha256"], ""),
        (
            "licence",
            describe_licence(ctx, info) if info else str(record.get("licence", "")),
            info.licence_url if info else "",
        ),
        ("attribution", info.attribution if info else "", ""),
        ("evidence", describe_level(ctx, grade_evidence(ctx, row)), ""),
        ("vintage", since, ""),
        ("current", state, ""),
        ("observation", row["id"], f"/api/v1/provenance/{row['id']}"),
    ]
    return [
        ProvenanceStep(id=name, label=_label(ctx, name), text=words, href=href) for name, words, href in steps if words
    ]


def _describe_retrieval(ctx: Context, row: Row) -> list[str]:
    """Name the day a figure was last read, and the day it was first read if that is earlier."""
    last, first = find_received(ctx, row), row["retrieved_at"].date()
    sentences = [f"{format_day(last, ctx.lang)}."]
    return (
        sentences
        if last == first
        else [*sentences, t("answers.provenance.first_read", ctx.lang, date=format_day(first, ctx.lang))]
    )


def _tell_answer(ctx: Context, name: str, words: str) -> str:
    """Translate the sender's answer on how a figure was made, where it is a choice."""
    area = {"method": "submissions.kind", "definition_used": "making.definition_used"}.get(name, "")
    if name == "interval_level":
        return format_quantity(float(words), "percent", ctx.lang, 0) if words.isdecimal() else words
    return t(f"{area}.{words}", ctx.lang) if area and has(f"{area}.{words}") else words


def _label(ctx: Context, name: str) -> str:
    if name.startswith("made_"):
        key = f"submissions.method.{name.removeprefix('made_')}"
        return t(key, ctx.lang) if has(key) else name.removeprefix("made_")
    elsewhere = {
        "origin": "answers.provenance.origin",
        "current": "answers.provenance.state",
        "definition": "national.field.definition",
        "caution": "national.field.caution",
        "others": "disagreements.panel",
    }
    return t(elsewhere.get(name, f"ui.provenance.{name}"), ctx.lang)
