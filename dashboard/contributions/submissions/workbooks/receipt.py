"""What a ministry keeps of a published submission: file, hash, rows, vintage, dates, offices; as JSON and as PDF.

Beside it where readers see each figure (``list_seen``), for the page of the submission.

Nobody's name is in it. Anyone may read it: the provenance of every submitted figure leads here.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

import polars as pl

from dashboard.analysis.reports.content import Facts, Report, Section, Words
from dashboard.analysis.reports.document import write_pdf
from dashboard.contributions.delivery.wording import country_name
from dashboard.contributions.submissions import store
from dashboard.contributions.submissions.kinds.registry import kind_of
from dashboard.contributions.submissions.methods.resolving import evidence_level
from dashboard.contributions.submissions.model import ACTIVITIES, Finding, Submission, SubmissionUnknown, Withdrawal
from dashboard.contributions.submissions.offices import store as offices
from dashboard.contributions.submissions.tables import OfficeConflict
from dashboard.contributions.submissions.workbooks.changes import removed_words
from dashboard.contributions.submissions.workbooks.words import (
    finding_text,
    group_text,
    method_words,
    reason_text,
    subject_text,
)
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.locales import choose_public, t
from dashboard.locales.notice import notice
from dashboard.settings import Settings


class SeenFigure(NamedTuple):
    """A published figure in words, where readers see it ("" where they do not), and what is to be said of it."""

    words: str
    to: str
    note: str


PUBLIC = ("published", "superseded", "rolled_back")
"""States of which there is a receipt."""


def published(settings: Settings, number: int) -> Submission:
    """Return a submission of which there is a receipt.

    Raises:
        SubmissionUnknown: there is none of this number, or it was never published.
    """
    with reading(open_engine(settings)) as connection:
        submission = store.get(connection, number)
    if submission is None or submission.state not in PUBLIC or submission.published_at is None:
        raise SubmissionUnknown(f"There is no published submission {number}.")
    return submission


def list_contested(settings: Settings, submission: Submission) -> list[OfficeConflict]:
    """Return figures of a submission that another office holds, waiting or decided."""
    with reading(open_engine(settings)) as connection:
        found = offices.conflicts(connection, submission.country, submission.id)
    return [one for one in found if one.submission == submission.id]


def list_apart(settings: Settings, submission: Submission) -> list[Finding]:
    """Return indicators whose figures pages do not show, as their sender was told when the file was checked."""
    with reading(open_engine(settings)) as connection:
        return [one for one in store.findings_of(connection, submission.id) if one.rule == "stands_apart"]


def list_seen(settings: Settings, submission: Submission, lang: str) -> list[SeenFigure]:
    """Return where readers see each figure of a submission that is in force, in the order of its rows.

    Counts of services and activities are seen together, each on one page.
    """
    if submission.state != "published":
        return []
    if not kind_of(submission).writes_vintage:
        path = "adoption" if submission.dataset == ACTIVITIES else f"services/{submission.country}"
        sheet = t(f"submissions.sheet.{kind_of(submission).sheet}", lang)
        return [SeenFigure(sheet, f"/{choose_public(lang)}/{path}/", "")]
    with reading(open_engine(settings)) as connection:
        sent = store.figures_of(connection, submission.id)
    if sent is None:
        return []
    apart = {one.values["indicator"]: one for one in list_apart(settings, submission)}
    contested = {(one.indicator, one.period, one.dimensions): one for one in list_contested(settings, submission)}
    seen = []
    for row in sent.filter(pl.col("value").is_not_null()).iter_rows(named=True):
        indicator, period, group = row["indicator"], row["period"] or submission.period, row["dimensions"]
        parts = subject_text(indicator, lang), group_text(group, lang), period
        words, held = t("ui.list.comma", lang).join(parts), contested.get((indicator, period, group))
        if held and _standing(held) != "ours":
            seen.append(SeenFigure(words, "", t(f"submissions.receipt.contested_{_standing(held)}", lang)))
        elif indicator in apart:
            finding = apart[indicator]
            seen.append(SeenFigure(words, finding.values["address"], finding_text(finding, lang).expected))
        else:
            seen.append(SeenFigure(words, _address(indicator, submission.country, group, lang), ""))
    return seen


def _address(indicator: str, country: str, group: str, lang: str) -> str:
    """Return the page of an indicator that shows a country, and the breakdown that a figure is of."""
    query = {"country": country}
    if dimensions := list(json.loads(group)):
        query |= {"tab": "breakdown", "dimension": dimensions[0].lower()}
    return f"/{choose_public(lang)}/indicators/{indicator}/?{urlencode(query)}"


def facts(
    submission: Submission, contested: Sequence[OfficeConflict] = (), apart: Sequence[Finding] = ()
) -> dict[str, Any]:
    """Return the receipt as plain values; of figures that another office holds whose is published, not what was sent.

    ``apart``: which indicators stand in a national series, whose figures pages show instead, and where readers see it.
    """
    return {
        "submission": submission.id,
        "country": submission.country,
        "period": submission.period,
        "state": submission.state,
        "file": {"sha256": submission.sha256, "bytes": submission.size},
        "intent": submission.intent,
        "rows": submission.rows,
        "vintage": submission.vintage,
        "evidence_level": kind_of(submission).level_of(submission),
        "method": dict(submission.method),
        "methods": {
            one: {"evidence_level": evidence_level(said), **said} for one, said in sorted(submission.methods.items())
        },
        "submitted_by": submission.submitted_office,
        "approved_by": submission.approved_office,
        "received_at": _moment(submission.created_at),
        "submitted_at": _moment(submission.submitted_at),
        "approved_at": _moment(submission.approved_at),
        "published_at": _moment(submission.published_at),
        "supersedes": submission.supersedes,
        "withdrawn": list(submission.withdrawn),
        "contested": [
            {"indicator": one.indicator, "period": one.period, "group": one.dimensions, "state": _standing(one)}
            for one in contested
        ],
        "stands_apart": [
            {name: one.values[name] for name in ("indicator", "publisher", "shown", "address")} for one in apart
        ],
        **({"reason": submission.reason} if submission.state == "rolled_back" else {}),
    }


def document(
    submission: Submission, lang: str, contested: Sequence[OfficeConflict] = (), apart: Sequence[Finding] = ()
) -> bytes:
    """Return the receipt as PDF; the same bytes each time."""
    kind, lines, country = kind_of(submission), facts(submission), country_name(submission.country, lang)
    heading = t("submissions.receipt.title", lang, number=str(submission.id))
    pairs: Mapping[str, str] = {
        "country": country,
        "period": submission.period,
        "submitted_by": submission.submitted_office,
        "approved_by": submission.approved_office,
        **({"intent": t(f"submissions.intent.{submission.intent}", lang)} if kind.has_choice else {}),
        "rows": str(submission.rows),
        "bytes": str(submission.size),
        "sha256": submission.sha256,
        "vintage": str(submission.vintage or "–"),
        "evidence": str(lines["evidence_level"]),
        **{name: lines[name] for name in ("received_at", "submitted_at", "approved_at", "published_at")},
    }
    if submission.state == "rolled_back":
        pairs = {**pairs, "rolled_back": submission.reason}
    listed = [(t(f"submissions.receipt.{name}", lang), value) for name, value in pairs.items()]
    withdrawn = [_withdrawn(Withdrawal.of(one), lang) for one in submission.withdrawn]
    waits = [_contested(one, lang) for one in contested]
    beside = [(subject_text(one.values["indicator"], lang), finding_text(one, lang).expected) for one in apart]
    moment = submission.published_at or submission.created_at
    return write_pdf(
        Report(
            kind=t("submissions.receipt.kind", lang),
            title=heading,
            named=f"{heading}: {country}",
            subtitle=f"{country}, {submission.period}",
            lang=lang,
            author=t("ui.product.name", lang),
            description=t("submissions.receipt.lede", lang),
            keywords=[submission.country, submission.period],
            moment=moment,
            foot=[*([notice(lang)] if notice(lang) else []), t("ui.product.name", lang)],
            page_of=t("reports.foot.page", lang, page="{page}", pages="{pages}"),
            about=[(t("submissions.receipt.sha256", lang), submission.sha256)],
            about_title=t("submissions.receipt.file", lang),
            sections=[
                Section(heading, [Words(t("submissions.receipt.lede", lang), "lead"), Facts(listed)]),
                *(Section(title, [Facts(answers)]) for title, answers in method_sections(submission, lang)),
                *([Section(t("submissions.withdrawal.list", lang), [Facts(withdrawn)])] if withdrawn else []),
                *([Section(t("submissions.receipt.contested", lang), [Facts(waits)])] if waits else []),
                *([Section(t("submissions.receipt.apart", lang), [Facts(beside)])] if beside else []),
            ],
        )
    )


def method_sections(submission: Submission, lang: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return how the figures were made, of all and of each indicator apart, under what it is of."""
    sections = [(t("making.of.all", lang), submission.method)] if submission.method else []
    sections += [(subject_text(one, lang), said) for one, said in sorted(submission.methods.items())]
    told = [(title, method_words(said, lang)) for title, said in sections]
    return [(t("submissions.sheet.method", lang) + t("ui.list.colon", lang) + title, it) for title, it in told if it]


def _withdrawn(one: Withdrawal, lang: str) -> tuple[str, str]:
    """Return a figure that was taken back, and why."""
    words = removed_words(one.figure, lang)
    of = t("ui.list.comma", lang).join(words[name] for name in ("indicator", "group", "period"))
    return of, words["value"] + t("ui.list.colon", lang) + reason_text(one.reason, lang)


def _standing(one: OfficeConflict) -> str:
    """``open``, or whose figure is published by decision: ``ours`` or ``theirs``."""
    if one.state == "open":
        return "open"
    return "ours" if one.chosen == one.office_number else "theirs"


def _contested(one: OfficeConflict, lang: str) -> tuple[str, str]:
    """Return a figure that another office holds, and how that stands."""
    of = (subject_text(one.indicator, lang), group_text(one.dimensions, lang), one.period)
    return t("ui.list.comma", lang).join(of), t(f"submissions.receipt.contested_{_standing(one)}", lang)


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""
