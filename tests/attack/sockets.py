"""Attacks by websocket: what is not read, what is only opened, what only sits there, what no handler expects."""

import asyncio
import contextlib
import random
import socket
import time
import uuid
from functools import cache
from typing import Any

from tests.attack.reader import Reader
from tests.attack.target import Target, events

LOAD = "reflex___state____state.reflex___state____on_load_internal_state.on_load_internal"
BOOT = "reflex___state____state.hydrate_and_load"
STATE = "reflex___state____state"

Figures = dict[str, float]


async def unread(target: Target, most: int) -> Figures:
    """Events whose answers nobody reads, as fast as the socket takes them."""
    honest = Reader(target.port, str(uuid.uuid4()), "127.0.0.8")
    await honest.open()
    await honest.greet()
    for name in (BOOT, f"{STATE}.hydrate"):  # what the first reader of a page makes the server hold is no backlog
        await honest.ask(name)
        await honest.hear()
    await honest.leave()
    before = await _settled(target)
    peak, sent, began = before, 0, time.monotonic()
    reader = Reader(target.port, str(uuid.uuid4()), "127.0.0.9")
    await reader.open()
    await reader.greet()
    with contextlib.suppress(OSError, asyncio.TimeoutError):
        while sent < most and not reader.gone():
            await asyncio.wait_for(reader.ask(f"{STATE}.hydrate" if sent % 2 else BOOT), 5.0)
            sent += 1
            if sent % 50 == 0:
                peak = max(peak, target.memory())
                await asyncio.sleep(0)
    for _ in range(10):
        await asyncio.sleep(0.5)
        peak = max(peak, target.memory())
    await reader.leave()
    return {"sent": sent, "seconds": time.monotonic() - began, "grown_mib": peak - before}


async def _settled(target: Target) -> float:
    """The memory once the server has warmed up: it no longer grows."""
    seen = [target.memory()]
    for _ in range(60):
        await asyncio.sleep(1)
        seen.append(target.memory())
        if len(seen) > 8 and max(seen[-8:]) - min(seen[-8:]) < 2:
            break
    return seen[-1]


async def tokens(target: Target, many: int) -> Figures:
    """New readers from one address, each leaving at once."""
    before = target.memory()
    status: list[int] = []
    began = time.monotonic()
    for number in range(many):
        reader = Reader(target.port, str(uuid.uuid4()), "127.0.0.10")
        try:
            status.append(await asyncio.wait_for(reader.open(), 10))
            if status[-1] == 101:
                event = {"name": BOOT, "payload": {}, "router_data": {"pathname": "/en/countries/AZE/", "query": {}}}
                await reader.greet({"event": event})
            await reader.leave()
        except (TimeoutError, OSError, asyncio.IncompleteReadError):
            status.append(0)
        if number % 200 == 0:
            await asyncio.sleep(0)
    refused = [code for code in status if code != 101]
    honest = Reader(target.port, str(uuid.uuid4()), "127.0.0.11")
    return {
        "opened": len(status) - len(refused),
        "refused": len(refused),
        "clearly": sum(code == 429 for code in refused),
        "honest": float(await honest.open() == 101),
        "seconds": time.monotonic() - began,
        "grown_mib": target.memory() - before,
    }


async def idle(target: Target, many: int) -> Figures:
    """Connections that ask nothing."""
    held: list[socket.socket] = []
    for number in range(many):
        one = socket.socket()
        one.setblocking(False)
        one.bind((f"127.0.1.{number % 250 + 1}", 0))
        with contextlib.suppress(BlockingIOError):
            one.connect(("127.0.0.1", target.port))
        held.append(one)
    await asyncio.sleep(0.5)
    began = time.monotonic()
    status = (await asyncio.to_thread(target.get, "/livez"))[0]
    answered = time.monotonic() - began
    began, closed = time.monotonic(), 0
    while time.monotonic() - began < 40:
        closed = sum(_closed(one) for one in held)
        if closed == many:
            break
        await asyncio.sleep(0.5)
    took = time.monotonic() - began
    for one in held:
        one.close()
    return {"status": status, "answer_s": answered, "closed": closed, "of": many, "closed_after_s": took}


def _closed(one: socket.socket) -> bool:
    try:
        return one.recv(64) == b"" or one.recv(64) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


HOSTILE: tuple[Any, ...] = (
    None, True, -1, 0, 1e308, float("nan"), 2**70, "", "x" * 900_00, "\0", "\ud800", "../../etc/passwd",
    "<script>alert(1)</script>", "'; DROP TABLE vintage; --", "{}", "AZE", "999999999", "-1", "١٩٩٠",
    [], [[]], [None] * 500, {}, {"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}}, [{}],
    {"__proto__": 1}, "e\u0301" * 600,
)  # fmt: skip


@cache
def handlers() -> dict[str, list[str]]:
    """Every event that State answers, with the names of its arguments.

    Kept: Reflex registers State in the context that imports it first, and each attack runs in one of its own.
    """
    import inspect

    from reflex_base.registry import RegistrationContext

    import dashboard.app  # noqa: F401 - registers all of State

    found = {}
    for name, registered in RegistrationContext.get().event_handlers.items():
        found[name] = list(inspect.signature(registered.handler.fn).parameters)[1:]
    return found


async def hostile(target: Target, many: int, seed: int = 15) -> Figures:
    """Events to every handler with values that none expects, and some that look right."""
    dice = random.Random(seed)
    known = handlers()
    sent = cut = 0
    reader: Reader | None = None
    began_lines = len(target.log())
    while sent < many:
        for name, arguments in known.items():
            if reader is None or reader.gone():
                cut += reader is not None
                reader = Reader(target.port, str(uuid.uuid4()), f"127.0.2.{cut % 200 + 1}")
                await reader.open()
                await reader.greet()
                reading = asyncio.ensure_future(drain(reader))
            payload = {argument: dice.choice(HOSTILE) for argument in arguments}
            if dice.random() < 0.1:
                payload["more"] = dice.choice(HOSTILE)
            path = dice.choice(["/en/", "/en/countries/AZE/", "/en/compare/", "/xx/", "/en/effects/?country=%00", "//"])
            with contextlib.suppress(OSError):
                await reader.ask(name, payload, path)
            sent += 1
            if sent % 20 == 0:
                await asyncio.sleep(0.01)
            if sent >= many:
                break
    await asyncio.sleep(3)
    reading.cancel()
    bad = traced(events(target)[began_lines:])
    alive = float(target.get("/livez")[0] == 200)
    return {"handlers": len(known), "sent": sent, "sockets_cut": cut, "tracebacks": len(bad), "alive": alive}


STRANGE = (
    "", "x", "9", "2probe", "42/_event,{bad", "451-/_event,[]", "43/_event,1[]", "44/_event,{}", "4" + "[" * 60_000,
    "42/_event," + "9" * 5000 + "[]", '42/_event,["ping",1]', "42/_event,[5]", "42/_event,[]",
    '42/_event,["disconnect"]',
    '42/_event,["connect",{"QUERY_STRING":"token=0123456789"}]',
)  # fmt: skip
"""What no page says: frames that cannot be read, and events of Socket.IO that are none of ours."""


async def strange(target: Target, rounds: int) -> Figures:
    """Each of them again and again by a socket of its own, until it is cut."""
    began_lines, left = len(target.log()), 0
    for turn in range(rounds):
        for number, message in enumerate(STRANGE):
            reader = Reader(target.port, str(uuid.uuid4()), f"127.{turn % 200}.5.{number + 1}")
            await reader.open()
            await reader.greet()
            draining = asyncio.ensure_future(drain(reader))
            with contextlib.suppress(OSError):
                for _ in range(40):
                    await reader.say(message, kind=2 if turn % 2 else 1)
            done, _ = await asyncio.wait([draining], timeout=5)
            left += not done
            draining.cancel()
            await reader.leave()
    await asyncio.sleep(1)
    bad = traced(events(target)[began_lines:])
    said = len(target.log()) - began_lines
    return {"sockets": rounds * len(STRANGE), "not_cut": left, "tracebacks": len(bad), "lines_of_log": said}


def traced(lines: list[dict[str, object]]) -> list[dict[str, object]]:
    """Lines with a traceback; the first three are shown."""
    traced = [line for line in lines if "trace" in line or "Traceback" in str(line.get("event"))]
    for line in traced[:3]:
        print("   ", str(line.get("logger")), str(line.get("event"))[:160], str(line.get("error"))[:200])  # noqa: T201
    return traced


async def drain(reader: Reader) -> None:
    """Read until the other side ends."""
    while await reader.hear() is not None:
        pass


async def flood(target: Target, many: int) -> Figures:
    """Reports of faults with line breaks in them, to fill the log and to forge its lines."""
    forged = '\n{"time": "2000-01-01T00:00:00Z", "level": "critical", "event": "FORGED"}\r\n2000-01-01 CRITICAL FORGED '
    name = f"{STATE}.reflex___state____frontend_event_exception_state.handle_frontend_exception"
    before, lines = target.log_bytes(), len(target.log())
    sent = 0
    for turn in range(max(1, many // 100)):
        reader = Reader(target.port, str(uuid.uuid4()), f"127.0.3.{turn % 200 + 1}")
        await reader.open()
        await reader.greet()
        with contextlib.suppress(OSError):
            for _ in range(100):
                await reader.ask(name, {"info": forged + "x" * 6_000, "component_stack": forged})
                await reader.say(
                    "42/_event," + '["client_error",{"error_type":"x","message":' + '"' + "y" * 2000 + '"}]'
                )
                sent += 2
        await reader.leave()
    await asyncio.sleep(2)
    said = events(target)[lines:]
    bad = sum(line.get("level") == "critical" or line["time"] == "2000-01-01T00:00:00Z" for line in said)
    return {"sent": sent, "log_mb": (target.log_bytes() - before) / 1e6, "forged": bad}
