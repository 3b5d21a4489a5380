"""All-day events as an iCalendar file (RFC 5545)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MAX_LINE_OCTETS = 75  # octets of a line before it is folded (3.1)


@dataclass(frozen=True, slots=True)
class Event:
    """A day on which something is due, with an optional reminder ``remind_days`` before it."""

    uid: str  # before the @
    day: date
    stamp: datetime  # in UTC: when what is said here was known
    title: str
    text: str = ""
    url: str = ""
    remind_days: int | None = None


def write_icalendar(product: str, events: Iterable[Event], *, head: Sequence[str] = ()) -> bytes:
    """Write a calendar of events as UTF-8; ``head`` has further, escaped lines of the calendar itself."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//ASAN SDG Monitor//{product}//EN", "CALSCALE:GREGORIAN"]
    lines += head
    for event in events:
        lines += _write_event(event)
    return "".join(_fold(line) for line in [*lines, "END:VCALENDAR"]).encode()


def escape_text(words: str) -> str:
    """Escape backslashes, semicolons, commas and line breaks of a text (3.3.11)."""
    for sign, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\r", "\\n"), ("\n", "\\n")):
        words = words.replace(sign, escaped)
    return words


def _write_event(event: Event) -> list[str]:
    title = escape_text(event.title)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}@asan-sdg-monitor",
        f"DTSTAMP:{event.stamp:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{title}",
    ]
    lines += [f"DESCRIPTION:{escape_text(event.text)}"] if event.text else []
    lines += [f"URL:{event.url}"] if event.url else []
    if event.remind_days is not None:
        trigger = f"TRIGGER:-P{event.remind_days}D"
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{title}", trigger, "END:VALARM"]
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def _fold(line: str) -> str:
    """Return a line in pieces of at most ``MAX_LINE_OCTETS``, each but the first after a space."""
    pieces, piece = [], ""
    for letter in line:
        if len((piece + letter).encode()) > MAX_LINE_OCTETS:
            pieces.append(piece)
            piece = " "
        piece += letter
    return "\r\n".join([*pieces, piece]) + "\r\n"
