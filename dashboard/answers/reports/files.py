"""Reports as files, made once for each dataset version and kept on disk: setting one takes a second or two."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from dashboard.analysis.reports.content import Report
from dashboard.analysis.reports.forms import Form, set_report
from dashboard.answers.base.stamp import write_stamp
from dashboard.answers.reports.brief import write_short_brief
from dashboard.answers.reports.country import write_brief
from dashboard.answers.reports.frame import translate_word
from dashboard.answers.reports.own import write_own
from dashboard.answers.reports.programme import write_programme
from dashboard.answers.reports.query import Kind, ReportQuery
from dashboard.answers.reports.statement import write_statement
from dashboard.answers.reports.vnr import write_annex
from dashboard.runtime.sandbox.pools import JobLimits, Sandbox
from dashboard.settings import settings

SANDBOX = Sandbox(workers=1, tasks=100, polite=0, idle=60.0)
"""A reader waits for what it makes, of which one is made at a time: behind all else it took half a minute."""

LIMITS = JobLimits(memory=2 * 2**30, seconds=60, patience=90.0)
"""Of setting a brief of one's own: twenty charts and twelve countries take about four seconds."""

MAX_FILES = 600
"""Files kept of one dataset version; the oldest make room. All countries in one language are some 750 briefs."""

MAX_VERSIONS = 2


def write_report(query: ReportQuery) -> Report:
    """Return the content of the report."""
    makers: Mapping[Kind, Callable[[ReportQuery], Report]] = {
        "country": write_brief,
        "brief": write_short_brief,
        "programme": write_programme,
        "vnr": write_annex,
        "statement": write_statement,
        "own": write_own,
    }
    return makers[query.kind](query)


def read_file(query: ReportQuery, form: Form) -> bytes:
    """Return the report as a file, kept or made anew; equal questions give equal bytes."""
    place = _place(query, form)
    try:
        return place.read_bytes()
    except FileNotFoundError:
        body = write_file(query, form)
        _keep(place, body)
        return body


def write_file(query: ReportQuery, form: Form) -> bytes:
    """Make the report as a file."""
    content, ctx = write_own(query, slides=True) if form == "pptx" else write_report(query), query.ctx
    heads = (translate_word(ctx, "head.what"), translate_word(ctx, "head.says"))
    if query.kind != "own":
        return set_report((content, form, *heads))
    made: bytes = SANDBOX.call("dashboard.analysis.reports.forms:set_report", (content, form, *heads), LIMITS)
    return made


def _place(query: ReportQuery, form: Form) -> Path:
    key = repr(
        (
            query.ctx.key,
            query.kind,
            query.iso3,
            query.method,
            query.rule,
            query.base,
            query.sent,
            query.countries,
            query.indicators,
            query.parts,
        )
    )
    name = hashlib.sha256(key.encode()).hexdigest()
    return settings().data_dir / "reports" / write_stamp(query.ctx) / f"{name}.{form}"


def _keep(place: Path, body: bytes) -> None:
    """Put the file there whole or not at all. A disk that takes nothing costs time only, never the answer."""
    folder = place.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=folder, suffix=".part")
        with os.fdopen(handle, "wb") as out:
            out.write(body)
        Path(part).replace(place)
        for old in _oldest(folder, MAX_FILES):
            old.unlink(missing_ok=True)
        for old in _oldest(folder.parent, MAX_VERSIONS):
            shutil.rmtree(old, ignore_errors=True)
    except OSError:
        return


def _oldest(folder: Path, most: int) -> list[Path]:
    """Return the oldest entries of a folder beyond the ``most`` newest."""
    entries = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)
    return entries[: max(0, len(entries) - most)]
