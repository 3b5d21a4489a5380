"""``/contribute/grid``: the figures of a year, typed or pasted into a table of the indicators an office has chosen.

A plain form. Where its script runs, each pause sends what was typed (``pause``) and is answered by the parts of the
page that say what stands and what is wrong (``grid_told.html``): the script puts them in place and knows no rule.
"""

import re
import secrets
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.background import BackgroundTask

from dashboard.accounts.model import Principal, Right, TooMany
from dashboard.contributions.submissions import intake, notices, workflow
from dashboard.contributions.submissions.grid import draft, sending
from dashboard.contributions.submissions.grid.block import GridRefused
from dashboard.contributions.submissions.grid.draft import (
    COLUMNS,
    GROUPS,
    LONGEST,
    LONGEST_CELL,
    GridStale,
    GridUnplaced,
    RefusedCell,
    TypedGrid,
    list_unfit,
)
from dashboard.contributions.submissions.model import FIGURE_REASONS, LONGEST_METHOD, SEVERITIES, Finding
from dashboard.contributions.submissions.rules.completeness import NEEDED
from dashboard.contributions.submissions.workbooks.template import TemplateRow
from dashboard.contributions.submissions.workbooks.words import finding_text
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.desk.contribute.method import list_fields
from dashboard.interfaces.desk.guard import BrowserRequest, By, pages_for
from dashboard.interfaces.desk.page import page, went
from dashboard.interfaces.desk.submissions import PageRequest, to_their_room
from dashboard.locales import format_day, format_number, format_unit, t

router = APIRouter(include_in_schema=False)

MOST_BYTES = 512 * 1024
"""Largest form: two hundred notes in any script."""

SIGNS = dict(zip(COLUMNS, "vslurtnd", strict=True))
"""What the fields of each column are called, before the key of their row."""

FOLDED = ("numerator", "denominator")
"""Columns that few offices need: shown when asked for, or when anything is written in them."""

ASKED_FIRST = ("method", *NEEDED)
"""What is asked beside the table of an office that has never said how its figures were made; the rest on its page."""

MOST_A_MINUTE = 90
"""How often one account may keep a table within a minute. Ours: a pause takes longer than a second."""

limiter = MovingWindowRateLimiter(MemoryStorage())
_, _sent = pages_for(to_their_room, *workflow.READERS, most=MOST_BYTES)
Posted = Annotated[By, Depends(_sent)]


@router.get("/contribute/grid")
def show(by: PageRequest) -> Response:
    """The table of a year as the office has left it."""
    ask, principal = by
    if not (principal.country and principal.may(Right.SUBMIT)):
        return went(ask, "/contribute/")
    year = ask.query.get("year", "") or _years()[0]
    grid = draft.open_grid(ask.settings, load_codebook(), principal, year)
    if not grid.rows:
        return went(ask, "/contribute/indicators", done="choose_first")
    return _page(ask, principal, grid, secrets.token_hex(8))


@router.post("/contribute/grid")
def keep(by: Posted) -> Response:
    """Keep what was written; take back what was kept last; or check it, make a submission of it and submit that."""
    ask, principal = by
    if not limiter.hit(RateLimitItemPerMinute(MOST_A_MINUTE), "grid", str(principal.id)):
        raise TooMany("This table was kept too often within a minute", 60)
    book, year, window, pause = load_codebook(), ask.field("year", 4), ask.field("page", 40), bool(ask.field("pause"))
    version = int(ask.field("version")) if re.fullmatch(r"[0-9]{1,9}", ask.field("version")) else 0
    act = ask.field("act")
    cells, status, reason, unkept = _written(ask.fields), 200, "", frozenset[str]()
    try:
        if act == "undo":
            grid = draft.undo(ask.settings, book, principal, year, version, window)
        else:
            if act == "add" and ask.field("indicator"):
                cells.setdefault(f"{ask.field('indicator')}:{ask.field('group')}", {})
            grid = draft.save(ask.settings, book, principal, year, cells, version, window)
        if act in ("check", "submit"):
            return _sent_on(ask, principal, year, grid.version, submits=act == "submit")
    except GridRefused as error:
        status, reason = 422, t(f"grid.refusal.{error.code}", ask.lang, **error.values)
        if isinstance(error, GridStale):
            grid, status, unkept = error.grid, 409, frozenset(ask.fields)
        elif isinstance(error, GridUnplaced):
            grid, unkept = error.grid, frozenset(f"{SIGNS.get(cell.column)}.{cell.key}" for cell in error.cells)
        else:  # nothing to undo, or a cell that keeps the table from being sent
            grid = draft.open_grid(ask.settings, book, principal, year)
    if pause:
        changed = {name: now for name, typed, now in _fields_of(grid, cells) if now != typed and name not in unkept}
        seen = version if status == 409 else grid.version
        return _show_answer(ask, principal, grid, changed, status, reason, unkept, seen)
    if reason:
        return _page(ask, principal, grid, window or secrets.token_hex(8), status, reason, unkept)
    if any(_said(ask.fields).values()):  # it is sent with the figures, and stays here until then
        return _page(ask, principal, grid, window)
    return went(ask, f"/contribute/grid?year={year}", done={"undo": "undone", "add": "added"}.get(act, "saved"))


def _sent_on(ask: BrowserRequest, by: Principal, year: str, version: int, *, submits: bool) -> Response:
    """The page of the submission that is made of the table, submitted where it was asked for and nothing is wrong."""
    address, method = ask.browser.address, intake.stated(_said(ask.fields))
    made = sending.send(ask.settings, load_codebook(), by, year, version, ask.lang, address, method)
    if submits:
        made = sending.submit_faultless(ask.settings, by, made, address)
    done = {"draft": "kept", "submitted": "submit"}.get(made.state, "check")
    answer = went(ask, f"/contribute/{made.id}", done=done)
    if done == "submit":
        answer.background = BackgroundTask(notices.tell, ask.settings, made, "", by.id)
    return answer


def _said(fields: Mapping[str, str]) -> dict[str, str]:
    """What a form says of how the figures were made."""
    return {name: fields.get(name, "") for name in (f"method.{field}" for field in ASKED_FIRST)}


def _written(fields: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Row → column → text, of the cells that a form holds: ``v.nps:FEMALE``."""
    names = {sign: column for column, sign in SIGNS.items()}
    cells: dict[str, dict[str, str]] = {}
    for name, text in fields.items():
        sign, dot, key = name.partition(".")
        if dot and sign in names:
            cells.setdefault(key, {})[names[sign]] = text
    return cells


def _fields_of(grid: TypedGrid, typed_cells: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str | None, str]]:
    """Name of each field, what was typed in it just now (None: nothing), and what stands there; of cells touched."""
    before = grid.draft.before if grid.draft else {}
    fields = []
    for row in grid.rows:
        now, typed, was = grid.cells.get(row.key, {}), typed_cells.get(row.key, {}), before.get(row.key, {})
        for column, sign in SIGNS.items():
            after = now.get(column, "")
            if column in typed or after != was.get(column, ""):
                fields.append((f"{sign}.{row.key}", typed.get(column), after))
    return fields


def _show_answer(
    ask: BrowserRequest, principal: Principal, grid: TypedGrid, changed: Mapping[str, str], status: int, reason: str,
    unkept: Collection[str], version: int,
) -> Response:  # fmt: skip
    """Answer a pause with the parts of the page that it changes, and the names of the fields that are not kept."""
    values = _values(ask, principal, grid) | {"version": version}
    return page(
        ask, "grid_told.html", status, **values, changed=changed, refused=reason, unkept=unkept, stale=status == 409
    )


def _page(
    ask: BrowserRequest, principal: Principal, grid: TypedGrid, window: str, status: int = 200, refused: str = "",
    unkept: Collection[str] = (),
) -> Response:  # fmt: skip
    """The whole page; fields that were sent and are not kept hold what was typed in them."""
    values = _values(ask, principal, grid)
    for row in values["rows"]:
        for column, sign in SIGNS.items():
            if (name := f"{sign}.{row['key']}") in unkept:
                row["cells"][column] = ask.fields.get(name, row["cells"][column])
    method = {name.removeprefix("method."): words for name, words in _said(ask.fields).items()}
    asks = any(method.values()) or not sending.is_said_before(ask.settings, principal)
    unfolded = any(row["cells"][name] for row in values["rows"] for name in FOLDED)
    return page(
        ask,
        "grid.html",
        status,
        **values,
        window=window,
        refused=refused,
        unkept=bool(unkept),
        unfolded=unfolded,
        years=_years(),
        left_out=grid.left_out,
        sent=grid.sent,
        may_undo=grid.may_undo,
        signs=SIGNS,
        asked=list_fields("method", method, ask.lang, ASKED_FIRST) if asks else [],
        longest_method=LONGEST_METHOD,
        folded=FOLDED,
        longest={column: LONGEST.get(column, LONGEST_CELL) for column in COLUMNS},
        reasons=[(code, t(f"submissions.reason.{code}", ask.lang)) for code in FIGURE_REASONS],
        indicators=list({row["indicator"]: row["name"] for row in values["rows"]}.items()),
        groups=[(group, t(f"submissions.breakdown.{group.lower()}", ask.lang)) for group in GROUPS],
    )


def _values(ask: BrowserRequest, principal: Principal, grid: TypedGrid) -> dict[str, Any]:
    """What page and parts of it say of a table: its rows with what is wrong in them, and how it stands."""
    found = sending.find_faults(ask.settings, load_codebook(), principal, grid)
    unfit = list_unfit(grid)
    found = [fault for fault in found if fault.key not in {cell.key for cell in unfit}]  # judged once it is whole
    by_row: dict[str, list[tuple[str, Finding]]] = {}
    for fault in found:
        by_row.setdefault(fault.key, []).append((fault.column, fault.finding))
    counts = {kind: sum(fault.finding.severity == kind for fault in found) for kind in SEVERITIES}
    counts["error"] += len(unfit)
    counted = [t(f"submissions.finding.{kind}s", ask.lang, count=count) for kind, count in counts.items() if count]
    return {
        "year": grid.period,
        "version": grid.version,
        "rows": [
            _row(row, grid, by_row.get(row.key, []), [cell for cell in unfit if cell.key == row.key], ask.lang)
            for row in grid.rows
        ],
        "counted": counted,
        "filled": len(grid.filled),
        "saved_at": grid.draft.saved_at if grid.draft and not grid.sent else None,
        "ends": format_day(grid.ends.date(), ask.lang) if grid.ends else "",
    }


def _row(
    row: TemplateRow, grid: TypedGrid, found: list[tuple[str, Finding]], unfit: list[RefusedCell], lang: str
) -> dict[str, Any]:
    last = row.last_value
    shown = "–" if last is None else format_number(float(f"{last:.6g}"), lang)
    cells = grid.cells.get(row.key, {})
    faults = [
        {"severity": "error", "said": t("submissions.severity.error", lang), "todo": "",
         "column": t(f"submissions.column.{cell.column}", lang),
         "expected": t(f"grid.refusal.{cell.refusal.code}", lang, **cell.refusal.values)} for cell in unfit
    ]  # fmt: skip
    for column, finding in found:
        words = finding_text(finding, lang)
        name = t(f"submissions.column.{column}", lang) if column else ""
        faults.append({"severity": finding.severity, "said": words.severity, "column": name,
                       "expected": words.expected, "todo": words.todo})  # fmt: skip
    wrong = [cell.column for cell in unfit] + [
        column for column, finding in found if column and finding.severity == "error"
    ]
    return {
        "key": row.key,
        "indicator": row.metric.id,
        "name": choose_text(row.metric.name, lang),
        "group": t(f"submissions.breakdown.{row.category.lower() or 'total'}", lang),
        "total": not row.category,
        "unit": format_unit(row.metric.unit, lang),
        "last": shown,
        "last_period": row.last_period,
        "cells": {column: cells.get(column, "") for column in COLUMNS},
        "decimal": row.metric.limit_low is not None and row.metric.limit_low >= 0,
        "faults": faults,
        "wrong": " ".join(f"{SIGNS[column]}.{row.key}" for column in wrong),
    }


def _years() -> list[str]:
    """The years of which figures are sent, the last one first."""
    this = datetime.now(UTC).year
    return [str(year) for year in (this - 1, this, *range(this - 2, this - 9, -1))]
