"""Attacks by type and shape: every part of an event and of a request as no page and no program sends it."""

import asyncio
import contextlib
import json
import random
import re
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from tests.attack.reader import Reader
from tests.attack.sockets import BOOT, HOSTILE, STATE, STRANGE, drain, handlers, traced
from tests.attack.target import SECRET, Target, events

Figures = dict[str, float]

ODD: tuple[Any, ...] = (
    *HOSTILE,
    "/en/",
    "//[",
    "@[x",
    "//a\u2100b",
    "javascript:0",
    2**63,
    -(2**63) - 1,
    [0],
    {"": None},
)
"""Values for any part of an event."""

PLACE = {"pathname": "/en/", "asPath": "/en/", "query": {}}
PARTS = ("name", "payload", "router_data", "token", "traceparent", "event_actions")
PLACES = ("pathname", "asPath", "query", "headers", "token", "sid", "ip", "cookie")


def odd_events(dice: random.Random, names: list[str]) -> Iterator[Any]:
    """Events without an end, each wrong in one part or two."""
    while True:
        event: dict[str, Any] = {"name": dice.choice(names), "payload": {}, "router_data": dict(PLACE)}
        kind = dice.randrange(5)
        if kind == 0:
            event[dice.choice(PARTS)] = dice.choice(ODD)
        elif kind == 1:
            event["router_data"][dice.choice(PLACES)] = dice.choice(ODD)
        elif kind == 2:
            event["router_data"]["query"] = {str(dice.choice(ODD))[:50]: dice.choice(ODD)}
        elif kind == 3:
            event["payload"] = {dice.choice(("vars", "hashes", "iso3", "page", "", "self")): dice.choice(ODD)}
        else:
            event.pop(dice.choice(list(event)), None)
        yield event if dice.random() < 0.9 else dice.choice(ODD)


async def shapes(target: Target, many: int, seed: int = 33) -> Figures:
    """Events, greetings and frames with parts of other types, by sockets of many addresses, each until it is cut."""
    dice, names = random.Random(seed), [BOOT, f"{STATE}.hydrate", *handlers()]
    odd, began, before = odd_events(dice, names), len(target.log()), target.log_bytes()
    sent = sockets = 0
    while sent < many:
        reader = Reader(target.port, str(uuid.uuid4()), f"127.0.{6 + sockets // 250 % 20}.{sockets % 250 + 1}")
        sockets += 1
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
            if await reader.open() != 101:
                continue
            greeting = None if dice.random() < 0.5 else {"event": next(odd), "state_schema": dice.choice(ODD)}
            await asyncio.wait_for(reader.greet(greeting if dice.random() < 0.9 else dice.choice(ODD)), 5)
            draining = asyncio.ensure_future(drain(reader))
            for _ in range(40):
                if reader.gone() or sent >= many:
                    break
                if dice.random() < 0.05:
                    await reader.say(dice.choice(STRANGE))
                else:
                    await reader.say("42/_event," + json.dumps(["event", next(odd)]))
                sent += 1
            await asyncio.sleep(0.02)
            draining.cancel()
        await reader.leave()
    await asyncio.sleep(2)
    bad = traced(events(target)[began:])
    return {
        "sent": sent, "sockets": sockets, "tracebacks": len(bad), "log_kb": (target.log_bytes() - before) / 1e3,
        "alive": float(target.get("/livez")[0] == 200),
    }  # fmt: skip


async def noise(target: Target, seconds: float) -> Figures:
    """Everything that may leave a line in the log, from one address, as fast as it is taken."""
    own, before, began = "127.0.40.1", target.log_bytes(), time.monotonic()
    dice, lines = random.Random(34), len(target.log())
    odd, opened, refused, sent = odd_events(dice, [BOOT]), 0, 0, 0
    fault = f"{STATE}.reflex___state____frontend_event_exception_state.handle_frontend_exception"
    while time.monotonic() - began < seconds:
        reader = Reader(target.port, str(uuid.uuid4()), own)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
            status = await reader.open()
            opened, refused = opened + (status == 101), refused + (status == 429)
            if status == 101:
                await asyncio.wait_for(reader.greet({"state_schema": "x" * 500}), 5)
                for _ in range(25):
                    await reader.say("42/_event," + json.dumps(["event", next(odd)]))
                    await reader.ask(fault, {"info": "x" * 5_000, "component_stack": "y"})
                    sent += 2
        with contextlib.suppress(OSError):
            await reader.leave()
        for body in (b"a=b", b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n"):
            await _ask(
                target.port, own, _head("POST", "/account/login", target, [("Content-Length", "5000")]) + body, 0.05
            )
            sent += 1
    await asyncio.sleep(1)
    said = events(target)[lines:]
    took = time.monotonic() - began
    size = target.log_bytes() - before
    return {
        "seconds": took, "sent": sent, "opened": opened, "refused": refused, "log_kb": size / 1e3,
        "allowed_kb": 1000 * max(took, 60) / 3600, "lines": len(said), "tracebacks": len(traced(said)),
    }  # fmt: skip


TEXTS = (
    "", "0", "-1", "9" * 30, str(2**63), str(2**64), "9" * 5_000, "NaN", "Infinity", "1e999", "null", "[]", "{}", "\0",
    "\x1b[31m", "\r\nX: y", "é", "\u202e", "💩", "\ud800", "\udfff", "%00", "%", "%zz", "%ff", "../../etc/passwd", "'",
    '"', "<script>", "AZE", "aze", "wgi_cc", "en", "svg", "2020", "2020-13-45", "x" * 3_000, "a,b,,c", "true",
    "a" + ",a" * 900, "javascript:alert(1)", "//evil.example", "{{7*7}}", "${x}", "\\", "|", "0x10", "٣", "²",
    "e\u0301" * 300,
)  # fmt: skip
"""Values for any part of a request."""

HEADERS = (
    "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cookie", "Content-Type", "Content-Encoding",
    "Content-Language", "Expect", "Forwarded", "From", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range",
    "If-Unmodified-Since", "Origin", "Range", "Referer", "Sec-Fetch-Site", "TE", "Upgrade", "User-Agent", "Via",
    "X-Form-Token", "X-Forwarded-For", "X-Forwarded-Host", "X-HTTP-Method-Override", "X-Job-Key", "X-Request-Id",
    "raw-headers", "X-Monitor-Key", "traceparent", "Host", "Content-Length", "Transfer-Encoding",
)  # fmt: skip

KINDS = (
    "application/x-www-form-urlencoded", "application/json", "multipart/form-data", "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "y" * 200, "multipart/form-data; boundary=\xff", "text/plain; charset=nonsense",
    "application/json; charset=utf-16", "application/x-www-form-urlencoded; charset=utf-7", "\xff", "",
)  # fmt: skip


def odd_requests(dice: random.Random, target: Target, places: list[str], fields: list[str], ours: list[str]) -> Any:
    """Requests without an end: the bytes of one, and whether it breaks off before it is whole."""
    while True:
        path = re.sub(r"\{[^}]*\}", lambda _: _odd_text(dice), dice.choice(places))
        asked = "&".join(
            f"{quote(dice.choice(fields), safe='')}={_odd_text(dice)}" for _ in range(dice.choice((0, 0, 1, 2, 5)))
        )
        method = dice.choice(("GET", "GET", "GET", "POST", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"))
        headers = [(dice.choice(HEADERS), _odd_header(dice)) for _ in range(dice.choice((0, 1, 3)))]
        if ours and dice.random() < 0.6:
            headers.append(("Cookie", dice.choice(ours)))
        body = b""
        if method in ("POST", "PUT", "PATCH"):
            kind = dice.choice(KINDS)
            body = _odd_body(dice, kind, fields)
            headers.append(("Content-Type", kind))
        breaks = bool(body) and dice.random() < 0.1
        named = {name for name, _ in headers}
        if "Content-Length" not in named:
            headers.append(("Content-Length", str(len(body) * 3 if breaks else len(body))))
        yield _head(method, path + (f"?{asked}" if asked else ""), target, headers) + body


def _odd_text(dice: random.Random) -> str:
    return quote(dice.choice(TEXTS).encode("utf-8", "surrogatepass"), safe="%" if dice.random() < 0.1 else "")


def _odd_header(dice: random.Random) -> str:
    value = dice.choice(
        (
            *TEXTS, "bytes=-1", "bytes=5-1,0-0", 'W/"', '"' * 9, "en;q=NaN,fr;q=x", "gzip;q=0,*;q=-1", "Basic =",
            "Bearer x", "a=b; a=c; monitor-session=x", "monitor-session=\xff", "Thu, 99 Foo 2026", "chunked",
        )
    )  # fmt: skip
    return re.sub(r"[\r\n\0]", "", value).encode("utf-8", "surrogatepass").decode("latin-1")


def _odd_body(dice: random.Random, kind: str, fields: list[str]) -> bytes:
    if "json" in kind and dice.random() < 0.8:
        value: Any = {dice.choice(fields): dice.choice((*HOSTILE, *TEXTS)) for _ in range(3)}
        text = dice.choice(
            (json.dumps(value), json.dumps([value]), "[" * 20_000, '{"a":' * 5_000, "1e999", "NaN", "{", "null")
        )
        return text.encode("utf-16" if dice.random() < 0.1 else "utf-8", "surrogatepass")
    if "multipart" in kind and dice.random() < 0.8:
        name, text = dice.choice(fields), dice.choice(TEXTS)
        part = f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="{text}"\r\n\r\n{text}\r\n'
        return (part * dice.choice((1, 2, 400)) + dice.choice(("--x--\r\n", "--x", ""))).encode(
            "utf-8", "surrogatepass"
        )
    if dice.random() < 0.2:
        return dice.randbytes(dice.choice((1, 100, 70_000)))
    pairs = [f"{quote(dice.choice(fields))}={_odd_text(dice)}" for _ in range(dice.choice((1, 5, 200)))]
    return "&".join(pairs).encode()


def _head(method: str, path: str, target: Target, headers: list[tuple[str, str]]) -> bytes:
    named = {name for name, _ in headers}
    first = [] if "Host" in named else [("Host", f"localhost:{target.port}")]
    lines = [
        f"{method} {path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in (*first, *headers)),
        "Connection: close",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


async def _ask(port: int, own: str, sent: bytes, wait: float = 20.0) -> int:
    """Send bytes, say no more, and read the status; 0 where there is none."""
    try:
        answer, out = await asyncio.open_connection("127.0.0.1", port, local_addr=(own, 0), limit=2**22)
    except OSError:
        return 0
    try:
        out.write(sent)
        await out.drain()
        with contextlib.suppress(TimeoutError, asyncio.LimitOverrunError):
            line = await asyncio.wait_for(answer.readline(), wait)
            return int(line.split()[1]) if line.startswith(b"HTTP/") else 0
        return 0
    except (OSError, ValueError, IndexError):
        return 0
    finally:
        out.close()
        with contextlib.suppress(OSError):
            await out.wait_closed()


def known(target: Target) -> tuple[list[str], list[str], list[str]]:
    """Every address there is, every name of a parameter or field, and the cookies of people of each role."""
    from pathlib import Path

    from dashboard.accounts import sessions, store
    from dashboard.accounts.model import Role, State
    from dashboard.evidence.database.engine import open_engine, writing
    from dashboard.interfaces.api import app as product
    from dashboard.settings import Settings

    described = json.loads(target.get("/api/v1/openapi.json")[2])
    places = [
        *described["paths"],
        "/",
        "/en/",
        "/en/countries/{x}/",
        "/{x}/",
        "/en/{x}/{x}/",
        "/_event/",
        "/ping",
    ]
    names = {
        p["name"] for path in described["paths"].values() for way in path.values() for p in way.get("parameters", ())
    }
    folder = Path(product.__file__).parent
    source = "".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.py"))
    places += sorted(set(re.findall(r'@\w+\.(?:get|post|put|delete)\(\s*"(/[^"]*)"', source)))
    names |= set(re.findall(r'(?:field|fields\.get|query\.get)\(\s*"(\w+)"', source)) | {"lang", "form_token", "x", ""}
    place = Settings(
        _env_file=None, data_dir=target.data_dir, secret=SECRET, public_url=target.url, accounts={"enabled": True}
    )
    cookies = []
    for role in Role:
        with writing(open_engine(place)) as connection:
            account = store.add_account(
                connection, email=f"{role.value}.{uuid.uuid4().hex}@stat.test", name="A Name", language="en",
                created_at=datetime.now(UTC), role=role.value, country="AZE" if role.of_country else "",
                office="Office", network="", state=State.ACTIVE.value,
            )  # fmt: skip
        cookie = sessions.begin_session(
            place, account, stage="full", cookie_header=None, address="127.0.0.1", agent="attack"
        )
        cookies.append(f"{cookie.name}={cookie.value}")
    open_engine(place).dispose()
    return places, sorted(names), cookies


async def oddities(target: Target, many: int, seed: int = 35) -> Figures:
    """Requests to every address with parts that no program sends, a tenth of the bodies broken off."""
    made = odd_requests(random.Random(seed), target, *await asyncio.to_thread(known, target))
    began, statuses, gate = len(target.log()), list[int](), asyncio.Semaphore(8)
    worst: list[bytes] = []

    async def one(number: int, sent: bytes) -> None:
        async with gate:
            statuses.append(await _ask(target.port, f"127.0.{50 + number % 100}.{number // 100 % 250 + 1}", sent))
            if statuses[-1] in (500, 502):
                worst.append(sent)

    for at in range(0, many, 200):
        await asyncio.gather(*(one(number, next(made)) for number in range(at, min(many, at + 200))))
    await asyncio.sleep(2)
    for sent in worst[:5]:
        print("   ", sent[:200])  # noqa: T201
    return {
        "asked": len(statuses), "answered": sum(map(bool, statuses)),
        "well": sum(200 <= code < 400 for code in statuses),
        "server_errors": sum(code >= 500 and code != 503 for code in statuses), "unavailable": statuses.count(503),
        "tracebacks": len(traced(events(target)[began:])),
    }  # fmt: skip
