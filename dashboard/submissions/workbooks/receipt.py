"""What a ministry keeps of a published submission: file, hash, rows, vintage, dates, offices; as JSON and as PDF.

Nobody's name is in it. Anyone may read it: the provenance of every submitted figure leads here.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dashboard.database.engine import open_engine, reading
from dashboard.delivery.wording import country_name
from dashboard.locales import t
from dashboard.reports.content import Facts, Report, Section, Words
from dashboard.reports.document import write_pdf
from dashboard.services.base.notice import notice
from dashboard.settings import Settings
from dashboard.submissions import store
from dashboard.submissions.comparison import level_of
from dashboard.submissions.model import Submission, SubmissionUnknown

PUBLIC = ("published", "superseded")
"""States of which there is a receipt."""


def published(settings: Settings, number: int) -> Submission:
    """A submission of which there is a receipt.

    Raises:
        SubmissionUnknown: there is none of this number, or it was never published.
    """
    with reading(open_engine(settings)) as connection:
        submission = store.get(connection, number)
    if submission is None or submission.state not in PUBLIC or submission.published_at is None:
        raise SubmissionUnknown(f"There is no published submission {number}.")
    return submission


def facts(submission: Submission) -> dict[str, Any]:
    """The receipt as plain values."""
    return {
        "submission": submission.id,
        "country": submission.country,
        "period": submission.period,
        "state": submission.state,
        "file": {"sha256": submission.sha256, "bytes": submission.size},
        "rows": submission.rows,
        "vintage": submission.vintage,
        "evidence_level": level_of(submission),
        "method": dict(submission.method),
        "submitted_by": submission.submitted_office,
        "approved_by": submission.approved_office,
        "received_at": _moment(submission.created_at),
        "submitted_at": _moment(submission.submitted_at),
        "approved_at": _moment(submission.approved_at),
        "published_at": _moment(submission.published_at),
        "supersedes": submission.supersedes,
    }


def document(submission: Submission, lang: str) -> bytes:
    """The receipt as PDF; the same bytes each time."""
    lines, country = facts(submission), country_name(submission.country, lang)
    heading = t("submissions.receipt.title", lang, number=str(submission.id))
    pairs: Mapping[str, str] = {
        "country": country,
        "period": submission.period,
        "submitted_by": submission.submitted_office,
        "approved_by": submission.approved_office,
        "rows": str(submission.rows),
        "bytes": str(submission.size),
        "sha256": submission.sha256,
        "vintage": str(submission.vintage or "–"),
        "evidence": str(lines["evidence_level"]),
        **{name: lines[name] for name in ("received_at", "submitted_at", "approved_at", "published_at")},
    }
    listed = [(t(f"submissions.receipt.{name}", lang), value) for name, value in pairs.items()]
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
            sections=[Section(heading, [Words(t("submissions.receipt.lede", lang), "lead"), Facts(listed)])],
        )
    )


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""
