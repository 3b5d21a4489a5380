"""From a file that has come to a submission with findings; and again, for a file that is there already."""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from dashboard.accounts import audit
from dashboard.accounts.model import Principal, Right
from dashboard.contributions.submissions import inbox, removal, store
from dashboard.contributions.submissions.comparison import history
from dashboard.contributions.submissions.keeping import quota
from dashboard.contributions.submissions.kinds.base import ReadingContext
from dashboard.contributions.submissions.kinds.registry import KINDS, kind_of
from dashboard.contributions.submissions.methods.earlier import ANEW, find_earlier, find_earlier_on, find_repeated
from dashboard.contributions.submissions.methods.resolving import find_faults, is_apart
from dashboard.contributions.submissions.microdata import model as survey
from dashboard.contributions.submissions.microdata import sealed
from dashboard.contributions.submissions.microdata import store as surveys
from dashboard.contributions.submissions.microdata.retention import RETENTION
from dashboard.contributions.submissions.model import (
    LONGEST_METHOD,
    MAX_BYTES,
    METHOD_FIELDS,
    NOT_SUBMITTED,
    Finding,
    MoveNotAllowed,
    Submission,
    UploadRefused,
)
from dashboard.contributions.submissions.reading.process import FileReading, read_file
from dashboard.contributions.submissions.rules import in_order
from dashboard.contributions.submissions.workflow import open_period, seen_on
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings


def may_send(settings: Settings, by: Principal, dataset: str, period: str, key: str = "") -> quota.Room:
    """Make sure before anything is received that this person may send figures of this year, or counts of this month.

    Gives what the file may have. A request that is repeated (``key``) takes no further room, and is answered though its
    year was closed meanwhile.

    Raises:
        MoveNotAllowed: not this person, no year (month), one to come, or one that is closed.
        Full: there is no room for another file.
    """
    if not by.may(Right.SUBMIT) or not by.country:
        raise MoveNotAllowed("right", "Only contributors of a country can send figures.")
    with reading(open_engine(settings)) as connection:
        if store.by_key(connection, by.id, key) is not None:
            return quota.Room(MAX_BYTES)
        open_period(connection, by.country, dataset, period, by.office_number)
        return quota.room_on(connection, settings, by, datetime.now(UTC))


def receive(
    settings: Settings,
    by: Principal,
    stored: inbox.Stored,
    *,
    filename: str,
    period: str,
    lang: str,
    dataset: str = "figures",
    intent: str = "",
    stated: Mapping[str, str] | None = None,
    key: str = "",
    address: str = "",
    hands: Mapping[int, str] | None = None,
) -> Submission:
    """Make a draft of a file that is whole on disk.

    Args:
        settings: where things are.
        by: who sends it; ``may_send`` has been asked.
        stored: the file.
        filename: what its owner calls it.
        period: the year it is due for; of counts the month.
        lang: the language findings are told in.
        dataset: one of ``kinds.registry.KINDS``.
        intent: whether it ``corrects`` or ``replaces`` its year; "" for what is usual of the dataset.
        stated: what its sender says beside it of how its figures were made (``stated``).
        key: idempotency key: a request that is repeated makes no second submission.
        address: where it came from.
        hands: other accounts that wrote in it → their offices: whoever had a hand in it does not approve it.

    Raises:
        MoveNotAllowed: no year (month), one to come, or one that has been closed meanwhile.
        UploadRefused: no such dataset, not with this intent, or there is no room any more.
    """
    if dataset not in KINDS:
        raise UploadRefused("form", f"The field “dataset” is one of: {', '.join(KINDS)}.")
    intent = KINDS[dataset].choose_intent(intent)
    now = datetime.now(UTC)

    def draft() -> Submission:
        with writing(open_engine(settings)) as connection:
            if (known := store.by_key(connection, by.id, key)) is not None:
                if isinstance(stored, sealed.SealedFile):
                    sealed.destroy(settings, stored.name)
                return known
            # Asked again where it is written: a row that is no year would be in the way of every list of years.
            open_period(connection, by.country, dataset, period, by.office_number)
            quota.room_on(connection, settings, by, now, stored.size)  # many may have begun at once
            number = store.add(
                connection,
                {
                    "country": by.country, "office_number": by.office_number, "dataset": dataset, "period": period,
                    "state": "draft", "lang": lang,
                    "filename": _plain(filename), "sha256": stored.sha256, "size": stored.size, "idempotency": key,
                    "stated": dict(stated or {}), "intent": intent,
                    "created_by": by.id, "created_office": by.office, "created_at": now,
                },
            )  # fmt: skip
            if isinstance(stored, sealed.SealedFile):
                surveys.add(connection, number, by.country, stored.name, now + RETENTION)
            made = [("upload", by.id, by.office), *(("fill", *one) for one in (hands or {}).items())]
            received = seen_on(connection, by, number)
            for move, account, office in made:
                store.note(connection, received, move, (account, office), now, before="")
            audit.record(
                connection, action="submission.received", subject=f"submission {number}", by=by, address=address,
                after={"country": by.country, "period": period, "intent": intent, "sha256": stored.sha256,
                       "bytes": stored.size},
            )  # fmt: skip
            return received

    try:
        try:
            return draft()
        except store.Repeated:
            return draft()
    except (MoveNotAllowed, quota.Full):
        forget(settings, stored)
        raise


def forget(settings: Settings, stored: inbox.Stored) -> None:
    """Remove a file that no submission names; answers of a survey do not wait a day to be destroyed."""
    if isinstance(stored, sealed.SealedFile):
        sealed.destroy(settings, stored.name)
        return
    with writing(open_engine(settings)) as connection:
        if not store.has_file(connection, stored.sha256):
            inbox.remove(settings, stored.sha256, datetime.now(UTC) + timedelta(minutes=1))


def check(settings: Settings, book: Codebook, by: Principal, number: int) -> Submission:
    """Read the file of a draft and keep all findings: it is then ``checked``. Checking again gives the same.

    Raises:
        SubmissionUnknown: no such submission for this person, or its file is gone.
        MoveNotAllowed: not this person, or it has been submitted.
        ReadingBusy: other files are being read; it stays as it is.
    """
    with reading(open_engine(settings)) as connection:
        submission = seen_on(connection, by, number)
        if not by.may(Right.SUBMIT):
            raise MoveNotAllowed("right", "Only contributors of a country have its files read again.")
        mapping = store.mapping(connection, submission.country, submission.office_number)
        closed = _closed_years(connection, submission)
    if submission.state not in NOT_SUBMITTED:
        raise MoveNotAllowed("state", f"Submission {number} is {submission.state}: its file is not read again.")
    kind, context = kind_of(submission), ReadingContext(settings, book, mapping, closed, str(by.id))
    try:
        read = kind.read(submission, context)
    except UploadRefused as error:
        values = {"code": error.code, "message": str(error)}
        read = FileReading((Finding("refused", "error", read=submission.filename, values=values),))
    submission_as_read = replace(submission, method=read.method, methods=read.methods)
    with reading(open_engine(settings)) as connection:
        leaks = kind.find_leaks(connection, submission)
        sent = pl.read_parquet(io.BytesIO(read.parquet)) if read.parquet else pl.DataFrame()
        removed = removal.removed_on(connection, book, submission_as_read, sent)
    released = submission.released if removal.is_released(removed, submission.released) else {}
    found = (
        *leaks,
        *removal.findings(removed, released),
        *kind.find_conflicts(submission, read, context),
        *find_repeated(submission_as_read, find_earlier(settings, submission)),
        *read.findings,
    )
    errors = sum(finding.severity == "error" for finding in found)
    with writing(open_engine(settings)) as connection:
        store.checked(
            connection,
            number,
            findings=found,
            figures=read.parquet,
            values={
                "rows": read.rows,
                "method": dict(read.method),
                "methods": {indicator: dict(method) for indicator, method in read.methods.items()},
                "unknown": dict(read.unknown),
                "released": dict(released),
            },
        )
        if not store.move(connection, number, NOT_SUBMITTED, "checked"):
            raise MoveNotAllowed("state", f"Submission {number} has moved on meanwhile. Look at it again.")
        if submission.state != "checked":
            store.note(connection, submission, "check", (by.id, by.office), datetime.now(UTC), after="checked")
            audit.record(
                connection, action="submission.checked", subject=f"submission {number}", by=by,
                before={"state": submission.state},
                after={"state": "checked", "rows": read.rows, "errors": errors},
            )  # fmt: skip
        return seen_on(connection, by, number)


def find_all(
    settings: Settings, book: Codebook, submission: Submission, path: Path
) -> tuple[FileReading, list[Finding]]:
    """A file of figures that the server has written itself and that is no submission yet: its rows, all findings."""
    with reading(open_engine(settings)) as connection:
        closed = _closed_years(connection, submission)
    read = read_file(
        path, submission.filename, country=submission.country, period=submission.period,
        today=submission.created_at.date(), history=history(settings, book, submission.country), closed=closed,
        work=inbox.unfinished(settings), apart=False,
    )  # fmt: skip
    context = ReadingContext(settings, book, {}, closed, "")
    return read, in_order([*kind_of(submission).find_conflicts(submission, read, context), *read.findings])


def map_columns(
    settings: Settings, book: Codebook, by: Principal, number: int, heads: Mapping[str, str], address: str = ""
) -> Submission:
    """Keep what a country's own column names mean, and check the file again.

    That a column is not read is not kept of one that tells parts of the nation apart: the next file is asked again.

    Raises:
        MoveNotAllowed: a field that there is not, or not this person.
    """
    from dashboard.contributions.submissions.reading.heads import FIELDS, key

    known = {key(head): field for head, field in heads.items() if key(head)}
    if not by.may(Right.SUBMIT) or len(known) > 100 or not set(known.values()) <= {"", *FIELDS}:
        raise MoveNotAllowed("mapping", "A column can be one of the template's, or not read at all.")
    with writing(open_engine(settings)) as connection:
        submission = seen_on(connection, by, number)
        store.set_mapping(connection, submission.country, submission.office_number, known)
        audit.record(
            connection, action="submission.mapped", subject=f"submission {number}", by=by, address=address, after=known
        )
    checked = check(settings, book, by, number)
    with writing(open_engine(settings)) as connection:
        splitting = {key(it.read) for it in store.findings_of(connection, number) if it.rule == "column_splits"}
        store.forget_unread(connection, checked.country, checked.office_number, splitting)
    return checked


def map_survey(
    settings: Settings, by: Principal, number: int, mapping: Mapping[str, str], address: str = ""
) -> Submission:
    """Keep what the columns of a survey are, to be checked again (``check``).

    The country's next survey starts from it.

    Raises:
        SubmissionUnknown: no such submission for this person, or its file is gone.
        MoveNotAllowed: not this person, not in this state, or a field or column that there is not.
    """
    texts = {name: value.strip() for name, value in mapping.items() if value.strip()}
    if not by.may(Right.SUBMIT):
        raise MoveNotAllowed("right", "Only contributors say what the columns of a survey are.")
    if not set(texts) <= set(survey.fields()) or any(len(it) > survey.LONGEST for it in texts.values()):
        raise MoveNotAllowed("survey_mapping", "Map the columns by the fields of the form.")
    if texts.get("single_psu", "refuse") not in survey.SINGLE_PSU:
        raise MoveNotAllowed("survey_mapping", f"Strata of one sampling unit: {', '.join(survey.SINGLE_PSU)}.")
    with writing(open_engine(settings)) as connection:
        submission = seen_on(connection, by, number)
        if not kind_of(submission).is_sealed or submission.state not in NOT_SUBMITTED:
            raise MoveNotAllowed(
                "state", f"Submission {number} is {submission.state}: its columns are not mapped again."
            )
        surveys.set_values(connection, number, mapping=texts)
        audit.record(
            connection, action="survey.mapped", subject=f"submission {number}", by=by, address=address, after=texts
        )
    return submission


def stated(fields: Mapping[str, str]) -> dict[str, str]:
    """Return what a form says of how figures were made: its fields ``method.…``, those that are filled in.

    ``method.who`` is of all figures, ``method.nps.who`` of one indicator's.

    Raises:
        MoveNotAllowed: a field is too long or none that there is, a choice is none of its list.
    """
    given = {name.removeprefix("method."): it.strip() for name, it in fields.items() if name.startswith("method.")}
    said = {name: words for name, words in given.items() if words}
    if any(len(words) > LONGEST_METHOD for words in said.values()):
        raise MoveNotAllowed("method", f"At most {LONGEST_METHOD:,} letters say how figures were made, in each field.")
    for name in said:
        if name not in METHOD_FIELDS and not is_apart(name):
            raise MoveNotAllowed("method", f"There is no field “method.{name[:80]}”: see what *Method* asks.")
    for name, choices in find_faults(said):
        raise MoveNotAllowed("method", f"“method.{name}” is one of: {', '.join(choices)}.")
    return said


def set_method(
    settings: Settings, book: Codebook, by: Principal, number: int, given: Mapping[str, str], address: str = ""
) -> Submission:
    """Keep what is said of how figures were made beside their file, and check it again.

    Raises:
        SubmissionUnknown: no such submission for this person.
        MoveNotAllowed: not this person, or it has been submitted.
    """
    with writing(open_engine(settings)) as connection:
        _state_on(connection, by, seen_on(connection, by, number), given, address, {})
    return check(settings, book, by, number)


def list_indicators(settings: Settings, by: Principal, number: int) -> list[str]:
    """Return the indicators of which a submission says something, by code; [] before its file has been read.

    Raises:
        SubmissionUnknown: no such submission for this person.
    """
    with reading(open_engine(settings)) as connection:
        seen_on(connection, by, number)
        figures = store.figures_of(connection, number)
    return [] if figures is None else sorted(set(figures["indicator"].drop_nulls()))


def confirm_method(
    settings: Settings, book: Codebook, by: Principal, number: int, given: Mapping[str, str], address: str = ""
) -> Submission:
    """Say that figures were made as the office said last time, and check their file again.

    ``given``: when the work was done and how many answered (``earlier.ANEW``), which are of each year its own.

    Raises:
        SubmissionUnknown: no such submission for this person.
        MoveNotAllowed: not this person, it has been submitted, nothing was said before, or the time is left out.
    """
    if not given.get("period_of_work", "").strip():
        raise MoveNotAllowed("method_time", "Say when the work of this year was done: what else was said is kept.")
    with writing(open_engine(settings)) as connection:
        submission = seen_on(connection, by, number)
        last = find_earlier_on(connection, submission)
        figures = store.figures_of(connection, number)
        if last is None or figures is None:
            raise MoveNotAllowed("method_none", "Nothing was said before that could be confirmed.")
        sent = set(figures["indicator"].drop_nulls())
        said = {name: words for name, words in last.method.items() if name not in ANEW and words}
        for one in sorted(sent & set(last.methods)):
            said |= {f"{one}.{name}": it for name, it in last.methods[one].items() if name not in ANEW and it}
        said |= {name: given[name].strip() for name in ANEW if given.get(name, "").strip()}
        source = f"submission {last.id} ({last.period})"
        _state_on(connection, by, submission, {**submission.stated, **said}, address, {"confirmed": source})
        who = by.id, by.office
        store.note(connection, submission, "confirm_method", who, datetime.now(UTC), reason=source)
    return check(settings, book, by, number)


def _state_on(
    connection: store.Connection, by: Principal, submission: Submission, said: Mapping[str, str], address: str,
    more: Mapping[str, str],
) -> None:  # fmt: skip
    """Keep what is said beside a file, with its entry in the audit trail."""
    if not by.may(Right.SUBMIT) or not kind_of(submission).is_typed:
        raise MoveNotAllowed("right", "Only contributors of a country say how its figures were made.")
    number = submission.id
    if not store.set_method(connection, number, NOT_SUBMITTED, said):
        raise MoveNotAllowed("state", f"Submission {number} is {submission.state}: nothing is said of it any more.")
    audit.record(
        connection, action="submission.method", subject=f"submission {number}", by=by, address=address,
        before=dict(submission.stated), after={**said, **more},
    )  # fmt: skip


def _closed_years(connection: store.Connection, submission: Submission) -> list[str]:
    """Return years of the office that are published and closed."""
    years = store.periods(connection, submission.country, submission.office_number)
    return [it.period for it in years if it.closed and it.dataset == submission.dataset]


def _plain(filename: str) -> str:
    """Return a file's name without folders and letters that no name needs; it is only shown."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in name if letter.isprintable() and letter not in '<>:"|?*')[:120] or "file"
