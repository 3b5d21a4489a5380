"""Surveys: a sealed file of answers, of which the estimates are the submission's figures."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dashboard.contributions.submissions import store
from dashboard.contributions.submissions.kinds.base import ReadingContext
from dashboard.contributions.submissions.kinds.figures import FiguresKind
from dashboard.contributions.submissions.microdata import releases, sealed
from dashboard.contributions.submissions.microdata import store as surveys
from dashboard.contributions.submissions.model import Finding, Submission, SubmissionUnknown
from dashboard.contributions.submissions.reading.process import FileReading, findings_of, run
from dashboard.contributions.submissions.tables import SurveyFileRow
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings

MEMORY = 4 * 2**30
"""Address space the reading and estimating of one survey may take, in bytes."""

SECONDS = 300
"""Processor time it may take."""


class SurveyKind(FiguresKind):
    """A year of estimates; a survey is estimated as a whole, so each file replaces its year."""

    dataset = "survey"
    intents = ("replaces",)
    is_sealed = True
    is_typed = False
    is_due_yearly = False

    def read(self, submission: Submission, context: ReadingContext) -> FileReading:
        """Read, check and estimate the file of a submission, and keep its columns' names and the results.

        Raises:
            UploadRefused: the file cannot be read.
            SubmissionUnknown: it has been destroyed.
        """
        settings = context.settings
        with reading(open_engine(settings)) as connection:
            file = surveys.get(connection, submission.id)
            last = surveys.last_mapping(connection, submission.country)
        if file is None or file.destroyed_at is not None:
            raise SubmissionUnknown("The survey file of this submission has been destroyed. Upload it again.")
        read, answer = read_file(
            sealed.sealed_path(settings, file.name), submission.filename, key=sealed.key_of(settings, file.name),
            country=submission.country, period=submission.period, mapping=file.mapping or last,
            suggested=not file.mapping, who=context.who,
        )  # fmt: skip
        kept = {name: answer[name] for name in ("columns", "mapping", "results")}
        with writing(open_engine(settings)) as connection:
            surveys.set_values(connection, submission.id, **kept)
        return read

    def find_leaks(self, connection: store.Connection, submission: Submission) -> list[Finding]:
        """Return an error for each block whose answers an earlier release would give away."""
        return releases.findings(releases.near_on(connection, submission))

    def require_safe(self, connection: store.Connection, submission: Submission) -> None:
        """Raise ``MoveNotAllowed`` where an earlier release is too near."""
        releases.require(connection, submission)


def read_file(
    path: Path,
    name: str,
    *,
    key: bytes,
    country: str,
    period: str,
    mapping: Mapping[str, str],
    suggested: bool = False,
    who: str = "",
) -> tuple[FileReading, dict[str, Any]]:
    """Read, check and estimate a file in a process with limits.

    Args:
        path: the encrypted file; a plain one where ``key`` is empty.
        name: what its owner calls it.
        key: of the file.
        country: ISO3 of who sends it.
        period: the year of the survey.
        mapping: field (``model.fields``) → column, or what it says.
        suggested: whether fields whose columns the file does not have are dropped instead of found.
        who: the account that asks.

    Raises:
        UploadRefused: it cannot be read, or needs more than the limits give.
    """
    with tempfile.TemporaryDirectory(prefix="estimates-") as folder:
        out = Path(folder) / "figures.parquet"
        job = {
            "path": str(path.resolve()), "key": key.hex(), "name": name, "country": country, "period": period,
            "mapping": dict(mapping), "suggested": suggested, "out": str(out),
        }  # fmt: skip
        answer = run(
            "dashboard.contributions.submissions.microdata.child:read",
            job,
            memory=MEMORY,
            seconds=SECONDS,
            quiet=True,
            who=who,
        )
        parquet = out.read_bytes() if answer["rows"] else b""
    return FileReading(findings_of(answer["findings"]), parquet, answer["rows"], answer["method"]), answer


def find_survey_file(settings: Settings, number: int) -> SurveyFileRow:
    """Return what is kept of a submission's survey; the caller has checked that the person may see the submission.

    Raises:
        SubmissionUnknown: it is no survey.
    """
    with reading(open_engine(settings)) as connection:
        file = surveys.get(connection, number)
    if file is None:
        raise SubmissionUnknown(f"Submission {number} is no survey.")
    return file
