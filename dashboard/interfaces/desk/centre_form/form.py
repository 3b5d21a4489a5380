"""The public form of a centre, ``/voice/<centre>/``: plain pages, opinions in, nothing about who sent them.

The address of the sender is held, hashed with a key of this process, only to limit how many come from it, and is in no
log and no table. An opinion is answered when it is on the disk.
"""

import asyncio
import hmac
import logging
import os
import threading
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from queue import SimpleQueue
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.concurrency import run_in_threadpool

from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.delivery.model import Centre, at
from dashboard.contributions.delivery.wording import name_service
from dashboard.contributions.voice.form import channels, words
from dashboard.contributions.voice.inbox import NoKey, keyring
from dashboard.contributions.voice.intake import speaks_of_integrity, take
from dashboard.contributions.voice.model import ATTRIBUTES, Intake, OpinionRefused, checked
from dashboard.contributions.voice.moderation import complaints
from dashboard.evidence.database.engine import explain_unavailable, open_engine
from dashboard.interfaces.api.answers import get_public_base
from dashboard.interfaces.desk.centre_form import page
from dashboard.interfaces.desk.centre_form.poster import poster
from dashboard.interfaces.desk.frame import read_form
from dashboard.interfaces.protection.requests import get_address
from dashboard.settings import Settings, settings

router = APIRouter(prefix="/voice", include_in_schema=False)
log = logging.getLogger(__name__)

LARGEST = 64 * 1024
"""Bytes of one form; 4,000 characters of any script fit four times."""

MOST_TOGETHER = 200
_KNOWN_FOR = 10  # seconds for which a centre, or who reads a country's opinions, is not looked up again
HEADERS = {"Content-Security-Policy": page.POLICY, "Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
"""With ``no-referrer`` browsers send the form with ``Origin: null``, as another site would."""
Code = Annotated[str, Path(max_length=64)]
Lang = Annotated[str, Query(max_length=8)]


@dataclass(frozen=True, slots=True)
class Readers:
    """Countries in which somebody reads opinions, and those with a named integrity officer."""

    moderated: frozenset[str]
    with_officer: frozenset[str]


_queue: SimpleQueue[tuple[str, Intake, Future[str]]] = SimpleQueue()
_limiter = MovingWindowRateLimiter(MemoryStorage())
_salt = os.urandom(32)
_known: dict[tuple[object, str], tuple[float, Centre]] = {}
_named: dict[object, tuple[float, Readers]] = {}
_TROUBLES = {
    "empty": "error_empty",
    "too_long": "error_too_long",
    "ahead": "error_clock",
    "old": "error_clock",
    "date": "error_clock",
}


@router.get("/number/{number}/", response_class=HTMLResponse)
async def number_of(request: Request, number: Annotated[str, Path(max_length=40)], lang: Lang = "") -> Response:
    """What became of a complaint, for whoever has its number."""
    found = await run_in_threadpool(complaints.find_by_number, open_engine(settings()), number)
    if found is None:
        return _page(page.trouble_page(_language(lang, request, ""), "error_number"), 404)
    country = found.opinion.country
    centre = await _centre(found.opinion.centre)
    shown = page.number_page(
        _language(lang, request, country), found, centre.name if centre else "", channels.find_law(country)
    )
    return _page(shown, 200, **{"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"})


@router.get("/{centre}/", response_class=HTMLResponse)
async def form(
    request: Request, centre: Code, lang: Lang = "", service: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """First the services, then the form of one."""
    found = await _centre(centre)
    language = _language(lang, request, found.country if found else "")
    readers = await _readers()
    closed = _closed(found, readers)
    if found is None or closed:
        return _page(page.trouble_page(language, closed), 404)
    chosen = _service(found, service, language)
    if chosen is None:
        return _page(page.services_page(language, found))
    fresh = {"id": uuid.uuid4().hex, "day": _now().date().isoformat()}
    officer = found.country in readers.with_officer
    return _page(page.form_page(language, found, chosen, fresh, officer=officer))


@router.post("/{centre}/", response_class=HTMLResponse)
async def send(request: Request, centre: Code) -> Response:
    """Take what was said; whoever sends the same form again is thanked again and counted once."""
    found = await _centre(centre)
    sent = await read_form(request, LARGEST)
    fields = sent or {}
    language = _language(fields.get("lang", ""), request, found.country if found else "")
    readers = await _readers()
    closed = _closed(found, readers)
    if found is None or closed:
        return _page(page.trouble_page(language, closed), 404)

    def again(trouble: str, status: int, **headers: str) -> Response:
        chosen = _service(found, fields.get("service", ""), language) or (words.OTHER, words.texts(language)["other"])
        values = {"id": uuid.uuid4().hex, "day": _now().date().isoformat(), **fields}
        if trouble == "error_clock":  # a form that lay too long gets today's date
            values["day"] = _now().date().isoformat()
        officer = found.country in readers.with_officer
        shown = page.form_page(language, found, chosen, values, trouble, officer=officer)
        return _page(shown, status, **headers)

    if sent is None:
        return again("error_too_long", 413)
    if fields.get(page.TRAP):
        log.info("voice: a form with the hidden field filled in was turned away")
        return _thanked(centre, language)
    if not _allowed(_sender(request)):
        return again("error_limit", 429, **{"Retry-After": "60"})
    try:
        opinion = checked(_given(fields, centre), _now().date())
        if opinion.kind == "complaint" and not opinion.text:
            return again("error_words", 422)  # nothing could be answered
    except OpinionRefused as refused:
        return again(_TROUBLES.get(refused.faults[0].rule, "error_form"), 422)
    if found.country not in readers.with_officer and speaks_of_integrity(opinion, found.country):
        return again("error_no_officer", 422)  # nobody could read it: better said than kept
    try:
        number = await keep_words(found.country, opinion)
    except NoKey as error:
        log.error("voice: %s", error)
        return again("error_down", 503, **{"Retry-After": "60"})
    except Exception as error:
        reason = explain_unavailable(error)  # the exception names no words: they are bound as values
        log.error("voice: an opinion could not be stored: %s", reason or type(error).__name__, exc_info=not reason)
        return again("error_down", 503, **{"Retry-After": "60"})
    return _thanked(centre, language, number)


@router.get("/{centre}/thanks/", response_class=HTMLResponse)
async def thanks(request: Request, centre: Code, lang: Lang = "") -> Response:
    """What is said when an opinion is stored."""
    found = await _centre(centre)
    language = _language(lang, request, found.country if found else "")
    return _page(
        page.thanks_page(language, centre) if found else page.trouble_page(language, "error_unknown"),
        200 if found else 404,
    )


@router.get("/{centre}/poster.pdf")
async def poster_file(request: Request, centre: Code) -> Response:
    """The poster with the QR code of the form; none of a form that is closed, so that none is hung up."""
    found = await _centre(centre)
    closed = _closed(found, await _readers())
    if found is None or closed:
        return _page(page.trouble_page(_language("", request, found.country if found else ""), closed), 404)
    address = f"{get_public_base(request, settings())}/voice/{quote(centre)}/"
    made = await run_in_threadpool(poster, address, found.name, found.country)
    headers = {"Content-Disposition": f'inline; filename="voice-{quote(centre)}.pdf"', "Cache-Control": "no-store"}
    return Response(made, media_type="application/pdf", headers=headers)


async def _centre(code: str) -> Centre | None:
    """The centre of this code as of today; what is found is known for a few seconds."""
    database = open_engine(settings())
    cached = _known.get((database.url, code))
    if cached is not None and cached[0] > time.monotonic():
        return cached[1]
    found = at(await run_in_threadpool(delivery.centre, database, code), _now().date())
    if found is not None:  # codes that do not exist are not kept: anybody can make them up
        _known[database.url, code] = time.monotonic() + _KNOWN_FOR, found
    return found


async def _readers() -> Readers:
    """Who is named to read what comes; known for a few seconds."""
    database = open_engine(settings())
    cached = _named.get(database.url)
    if cached is None or cached[0] <= time.monotonic():
        _named[database.url] = cached = time.monotonic() + _KNOWN_FOR, await run_in_threadpool(_named_in, settings())
    return cached[1]


def _named_in(configured: Settings) -> Readers:
    if not configured.accounts.enabled:
        return Readers(frozenset(), frozenset())
    from dashboard.accounts import people  # what accounts need is read only where there are some
    from dashboard.accounts.model import Role

    return Readers(
        people.list_countries_with(configured, Role.MODERATOR), people.list_countries_with(configured, Role.OFFICER)
    )


def _closed(found: Centre | None, readers: Readers) -> str:
    if found is None:
        return "error_unknown"
    gone = found.closed is not None and found.closed < _now().date()
    if gone or not found.form or not settings().voice.keys:
        return "error_closed"
    return "" if found.country in readers.moderated else "error_no_reviewer"


def _service(found: Centre, code: str, language: str) -> tuple[str, str] | None:
    if code == words.OTHER or not found.services:
        return words.OTHER, words.texts(language)["other"]
    return next(
        ((service, name_service(names, language)) for service, names in found.services if service == code), None
    )


def _language(asked: str, request: Request, country: str) -> str:
    return words.choose_language(asked, request.headers.get("accept-language", ""), country)


def _given(fields: Mapping[str, str], centre: str) -> dict[str, object]:
    return {
        "id": fields.get("id", ""),
        "centre": centre,
        "service": fields.get("service", ""),
        "channel": "form",
        "kind": fields.get("kind", ""),
        "text": fields.get("text", ""),
        "rating": fields.get("rating", ""),
        "said_on": fields.get("day", ""),
        "attributes": {name: fields[name] == "1" for name in ATTRIBUTES if fields.get(name) in ("0", "1")},
        "integrity": fields.get("integrity") == "1",
    }


async def keep_words(country: str, opinion: Intake) -> str:
    """On the disk when this returns, of a complaint with its number. What comes meanwhile is written together next."""
    waiting: Future[str] = Future()
    _queue.put((country, opinion, waiting))
    _writer()
    return await asyncio.shield(asyncio.wrap_future(waiting))  # of a visitor who goes away it is written all the same


@lru_cache
def _writer() -> threading.Thread:
    thread = threading.Thread(target=_write, name="voice-writer", daemon=True)
    thread.start()
    return thread


def _write() -> None:
    while True:
        batch = [_queue.get()]
        while len(batch) < MOST_TOGETHER and not _queue.empty():
            batch.append(_queue.get())
        for country in dict.fromkeys(country for country, _, _ in batch):
            waiting_here = [(opinion, waiting) for of, opinion, waiting in batch if of == country]
            try:
                take(
                    open_engine(settings()),
                    keyring(settings()),
                    country,
                    [opinion for opinion, _ in waiting_here],
                    _now(),
                )
                owed = [opinion.id for opinion, _ in waiting_here if opinion.kind == "complaint" and opinion.text]
                numbers = complaints.give_numbers(open_engine(settings()), owed, _now())
            except Exception as error:  # whoever waits is told, and sends again: nothing of the batch was kept
                for _, waiting in waiting_here:
                    waiting.set_exception(error)
            else:
                for opinion, waiting in waiting_here:
                    waiting.set_result(numbers.get(opinion.id, ""))


def _allowed(sender: str) -> bool:
    limits = settings().voice
    per_minute, per_hour = RateLimitItemPerMinute(limits.per_minute), RateLimitItemPerHour(limits.per_hour)
    return _limiter.hit(per_minute, "voice", sender) and _limiter.hit(per_hour, "voice", sender)


def _sender(request: Request) -> str:
    """Where it came from, as ``MONITOR_PROXIES`` lets it be believed, hashed with a key that dies with the process."""
    return hmac.new(_salt, get_address(request.scope).encode(), "sha256").hexdigest()


def _thanked(centre: str, language: str, number: str = "") -> Response:
    place = f"number/{number}" if number else f"{quote(centre)}/thanks"
    return RedirectResponse(f"/voice/{place}/?lang={language}", 303, headers=HEADERS)


def _page(shown: str, status: int = 200, **headers: str) -> Response:
    return HTMLResponse(shown, status, headers={**HEADERS, **headers})


def _now() -> datetime:
    return datetime.now(UTC)
