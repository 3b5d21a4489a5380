"""All-day events as an iCalendar file (RFC 5545): ``icalendar(product, events) -> bytes``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

LONGEST = 75
"""Octets of a line before it is folded (3.1)."""


@dataclass(frozen=True, slots=True)
class Event:
    """A day on which something is due. ``remind_days`` before it a reminder is shown; None for none."""

    uid: str  # before the @
    day: date
    stamp: datetime  # in UTC: when what is said here was known
    title: str
    text: str = ""
    url: str = ""
    remind_days: int | None = None


def write_icalendar(product: str, events: Iterable[Event], *, head: Sequence[str] = ()) -> bytes:
    """The file as UTF-8.

    Args:
        product: what made it, for ``PRODID``.
        events: in their order.
        head: further lines of the calendar itself, whole and escaped.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//ASAN SDG Monitor//{product}//EN", "CALSCALE:GREGORIAN"]
    lines += head
    for one in events:
        lines += _event(one)
    return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"]).encode()


def escape_text(words: str) -> str:
    """Text as a value of the format: backslash, semicolon, comma and line breaks are escaped (3.3.11)."""
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\r", "\\n"), ("\n", "\\n")):
        words = words.replace(sign, written)
    return words


def _event(one: Event) -> list[str]:
    title = escape_text(one.title)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{one.uid}@asan-sdg-monitor",
        f"DTSTAMP:{one.stamp:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{title}",
    ]
    lines += [f"DESCRIPTION:{escape_text(one.text)}"] if one.text else []
    lines += [f"URL:{one.url}"] if one.url else []
    if one.remind_days is not None:
        trigger = f"TRIGGER:-P{one.remind_days}D"
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{title}", trigger, "END:VALARM"]
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def _folded(line: str) -> str:
    """The line in pieces of at most ``LONGEST`` octets, no letter cut in two; a space begins every further piece."""
    pieces, piece = [], ""
    for letter in line:
        if len((piece + letter).encode()) > LONGEST:
            pieces.append(piece)
            piece = " "
        piece += letter
    return "\r\n".join([*pieces, piece]) + "\r\n"
