"""Checking a survey, and keeping what its columns are: the ordinary submission's figures are its estimates."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dashboard.accounts import audit
from dashboard.accounts.model import Principal, Right
from dashboard.contributions.submissions.microdata import sealed, store
from dashboard.contributions.submissions.microdata.model import LONGEST, SINGLE_PSU, fields
from dashboard.contributions.submissions.model import (
    NOT_SUBMITTED,
    Finding,
    MoveNotAllowed,
    Submission,
    SubmissionUnknown,
)
from dashboard.contributions.submissions.reading.process import FileReading, run
from dashboard.contributions.submissions.tables import SurveyFileRow
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings

MEMORY = 4 * 2**30
"""Address space the reading and estimating of one survey may take, in bytes."""

SECONDS = 300
"""Processor time it may take."""


def read_survey(settings: Settings, submission: Submission, who: str = "") -> FileReading:
    """Read, check and estimate the file of a submission, and keep its columns' names and the results.

    Raises:
        UploadRefused: the file cannot be read.
        SubmissionUnknown: it has been destroyed.
    """
    with reading(open_engine(settings)) as connection:
        file = store.get(connection, submission.id)
        last = store.last_mapping(connection, submission.country)
    if file is None or file.destroyed_at is not None:
        raise SubmissionUnknown("The survey file of this submission has been destroyed. Upload it again.")
    key = sealed.key_of(settings, file.name)
    read, findings = read_file(
        sealed.sealed_path(settings, file.name), submission.filename, key=key, country=submission.country,
        period=submission.period, mapping=file.mapping or last, suggested=not file.mapping, who=who,
    )  # fmt: skip
    with writing(open_engine(settings)) as connection:
        store.set_values(
            connection,
            submission.id,
            columns=findings["columns"],
            mapping=findings["mapping"],
            results=findings["results"],
        )
    return read


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
    findings = tuple(Finding.of(one) for one in answer["findings"])
    return FileReading(findings, parquet, answer["rows"], answer["method"]), answer


def map_survey(
    settings: Settings, by: Principal, number: int, mapping: Mapping[str, str], address: str = ""
) -> Submission:
    """Keep what the columns of a survey are, to be checked again (``submissions.intake.check``).

    The country's next survey starts from it.

    Raises:
        SubmissionUnknown: no such submission for this person, or its file is gone.
        MoveNotAllowed: not this person, not in this state, or a field or column that there is not.
    """
    from dashboard.contributions.submissions.workflow import seen_on

    texts = {name: value.strip() for name, value in mapping.items() if value.strip()}
    if not by.may(Right.SUBMIT):
        raise MoveNotAllowed("right", "Only contributors say what the columns of a survey are.")
    if not set(texts) <= set(fields()) or any(len(it) > LONGEST for it in texts.values()):
        raise MoveNotAllowed("survey_mapping", "Map the columns by the fields of the form.")
    if texts.get("single_psu", "refuse") not in SINGLE_PSU:
        raise MoveNotAllowed("survey_mapping", f"Strata of one sampling unit: {', '.join(SINGLE_PSU)}.")
    with writing(open_engine(settings)) as connection:
        submission = seen_on(connection, by, number)
        if submission.dataset != "survey" or submission.state not in NOT_SUBMITTED:
            raise MoveNotAllowed(
                "state", f"Submission {number} is {submission.state}: its columns are not mapped again."
            )
        store.set_values(connection, number, mapping=texts)
        audit.record(
            connection, action="survey.mapped", subject=f"submission {number}", by=by, address=address, after=texts
        )
    return submission


def survey_of(settings: Settings, number: int) -> SurveyFileRow:
    """What is kept of a submission's survey; whoever asks has been asked whether they may see the submission.

    Raises:
        SubmissionUnknown: it is no survey.
    """
    with reading(open_engine(settings)) as connection:
        file = store.get(connection, number)
    if file is None:
        raise SubmissionUnknown(f"Submission {number} is no survey.")
    return file
