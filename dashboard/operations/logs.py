"""The log: a line of JSON for each event, with time, level and the request it belongs to.

``configure`` sends all of Python's logging to the error stream as JSON. ``Journal``, in the supervising process, is the
only writer of the file and rotates it. Other output of a child is wrapped, so that no outside text passes for a line: a
child's own lines begin with a mark known only to it and the journal.

No client fills the log: a client has a line for the same fault each ``WINDOW_S`` seconds, and a share of bytes.
"""

import contextlib
import json
import logging
import logging.handlers
import os
import re
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from structlog.contextvars import merge_contextvars
from structlog.processors import JSONRenderer, TimeStamper
from structlog.stdlib import ProcessorFormatter, add_log_level, add_logger_name

from dashboard.interfaces.protection.requests import client_address

MARK_VARIABLE = "MONITOR_LOG_KEY"
"""Environment variable with the mark that a child's own lines begin with."""

MAX_LOG_BYTES = 100_000_000
LOG_FILES = 10
MAX_LINE_CHARS = 8_000
"""Longest text in a line; longer texts are cut, saying so."""

WINDOW_S = 60.0
"""The same fault of the same client is logged once in this time."""

SHARE_BYTES = 5_000
"""Bytes that a client may cause in ``WINDOW_S`` seconds; unknown clients share one, and so does foreign output."""

BURST_BYTES = 60_000
"""Bytes of foreign output accepted at once after a silence: the last words of a process that failed to start."""

OMITTED_FIELD = "left_out"
"""Field with the number of this client's lines omitted before."""

MAX_REMEMBERED = 20_000
"""Clients, and faults of clients, that are remembered."""

SECRET_WORDS = ("token", "password", "secret", "authorization", "cookie", "key")
"""Fields whose name contains one of these are never written."""

_TOKENS = re.compile(
    r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|(?<=token=)[^&\s\"\\]+|(?<=client )'[^'\\]*'", re.I
)
"""Readers' tokens give access to what they left, so they are removed from every line."""


def configure(level: str = "INFO") -> None:
    """Send everything this process logs to its error stream as JSON."""
    stamped = TimeStamper("iso", utc=True, key="time")
    shared: list[Any] = [merge_contextvars, add_log_level, add_logger_name, stamped, _add_omitted, _hide_secrets]
    last: list[Any] = [
        ProcessorFormatter.remove_processors_meta,
        _format_traceback,
        JSONRenderer(ensure_ascii=True),
    ]
    handler = BoundedHandler(_MarkedStream(os.environ.get(MARK_VARIABLE, "")))
    handler.setFormatter(ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("httpx", "httpcore", "engineio", "engineio.server", "socketio", "socketio.server"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # uvicorn says below that what any client sends by mistake, and addresses with the tokens in them
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)


def _add_omitted(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Add the number of this client's lines that were omitted before this one."""
    if number := getattr(event.get("_record"), OMITTED_FIELD, 0):
        event[OMITTED_FIELD] = number
    return event


def _hide_secrets(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Hide secret fields and cut long texts; JSON itself escapes control characters."""
    for field, value in event.items():
        if any(word in field.lower() for word in SECRET_WORDS):
            event[field] = "hidden"
        elif isinstance(value, str) and len(value) > MAX_LINE_CHARS:
            event[field] = f"{value[:MAX_LINE_CHARS]}… ({len(value) - MAX_LINE_CHARS} more characters)"
    return event


def _format_traceback(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, BaseException):
        error = (type(error), error, error.__traceback__)
    if error and error[0] is not None:
        event["error"] = f"{error[0].__name__}: {str(error[1])[:500]}"
        event["trace"] = logging.Formatter().formatException(error)[-MAX_LINE_CHARS:]
    return event


class _MarkedStream:
    """The error stream with the mark before each line."""

    def __init__(self, word: str) -> None:
        self._word = word

    def write(self, text: str) -> None:
        sys.stderr.write(f"{self._word}{text}" if text.strip() else text)

    def flush(self) -> None:
        sys.stderr.flush()


class Share:
    """An allowance of bytes: ``most`` after a silence, refilled by ``SHARE_BYTES`` in ``WINDOW_S`` seconds."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._left, self._seen, self.left_out = float(most), clock(), 0

    def take(self, size: int) -> bool:
        """Return True if bytes may be written now; a line may exceed the share, and later ones pay for it."""
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._seen) * SHARE_BYTES / WINDOW_S)
        self._seen = now
        if self._left <= 0:
            return False
        self._left -= size
        return True

    def told(self) -> int:
        """Return how many lines were omitted since this was last called."""
        number, self.left_out = self.left_out, 0
        return number


class BoundedHandler(logging.StreamHandler):  # type: ignore[type-arg]  # its stream is no text file
    """Writes lines; those that a client causes once per fault in ``WINDOW_S``, within its share.

    Lines of libraries, and every traceback, count as caused by unknown clients, who share one allowance.
    """

    def __init__(self, stream: Any, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream)
        self._clock = clock
        self._last: OrderedDict[tuple[object, ...], float] = OrderedDict()
        self._shares: OrderedDict[str, Share] = OrderedDict()

    def emit(self, record: logging.LogRecord) -> None:
        """Write or omit the line."""
        client = client_address.get()
        if not client and not record.exc_info and record.name.partition(".")[0] == "dashboard":
            super().emit(record)
            return
        share = self._shares.setdefault(client, Share(SHARE_BYTES, self._clock))
        self._shares.move_to_end(client)
        fault, now = (client, *_identify_fault(record)), self._clock()
        if now - self._last.get(fault, -WINDOW_S) < WINDOW_S or not share.take(0):  # before any work is done for it
            share.left_out += 1
            return
        setattr(record, OMITTED_FIELD, share.left_out)
        try:
            line = self.format(record) + self.terminator
            share.take(len(line))
            share.told()
            self._last[fault] = now
            self._last.move_to_end(fault)
            self.stream.write(line)
            self.flush()
        except Exception:  # as the standard library's own handlers do
            self.handleError(record)
        for memory in (self._last, self._shares):
            while len(memory) > MAX_REMEMBERED:
                memory.popitem(last=False)


def _identify_fault(record: logging.LogRecord) -> tuple[object, ...]:
    """Return what makes two lines equal: where they were logged, and where their error was raised."""
    place: tuple[object, ...] = (record.name, record.pathname, record.lineno)
    if record.exc_info and record.exc_info[0] is not None:
        last = record.exc_info[2]
        while last is not None and last.tb_next is not None:
            last = last.tb_next
        origin = (last.tb_frame.f_code.co_filename, last.tb_lineno) if last is not None else ()
        place += (record.exc_info[0], *origin)
    return place


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """A rotated file that only its owner reads."""

    def _open(self) -> Any:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.fchmod(handle, 0o600)
        return os.fdopen(handle, "a", encoding=self.encoding, errors=self.errors)


class Journal:
    """The log file of all processes of a server, written by the supervising one."""

    def __init__(self, path: Path, word: str, most_bytes: int = MAX_LOG_BYTES) -> None:
        self.path, self.word, self._lock = path, word, threading.Lock()
        self._handler = _PrivateFile(
            path, maxBytes=most_bytes // LOG_FILES, backupCount=LOG_FILES - 1, encoding="ascii", delay=False
        )
        for older in path.parent.glob(f"{path.name}.*"):
            older.chmod(0o600)  # of a release that left them open to others
        self._handler.setFormatter(logging.Formatter("%(message)s"))
        self._handler.handleError = lambda record: None  # type: ignore[method-assign]  # a full disk stops no server

    def follow(self, stream: IO[bytes], source: str) -> None:
        """Write a process's output in a thread until it ends."""
        threading.Thread(target=self._follow, args=(stream, source), daemon=True).start()

    def say(self, event: str, level: str = "info", **fields: Any) -> None:
        """Write a line of our own."""
        now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        self._write(
            json.dumps({"time": now, "level": level, **fields, "event": event[:MAX_LINE_CHARS]}, ensure_ascii=True)
        )

    def last(self, lines: int = 25) -> str:
        """Return the last lines for people: only the texts of the events."""
        with contextlib.suppress(OSError):
            text = self.path.read_text(encoding="ascii", errors="replace").splitlines()[-lines:]
            return "\n".join(_extract_words(line) for line in text)
        return ""

    def close(self) -> None:
        """Close the file."""
        self._handler.close()

    def _follow(self, stream: IO[bytes], source: str) -> None:
        share = Share(BURST_BYTES)
        while piece := stream.readline(64_000):
            text = piece.decode("utf-8", "replace").rstrip("\r\n")
            if self.word and text.startswith(self.word):
                self._write(text.removeprefix(self.word))
            elif text.strip() and not share.take(len(text)):
                share.left_out += 1
            elif text.strip():
                more: dict[str, Any] = {OMITTED_FIELD: number} if (number := share.told()) else {}
                self.say(text, source=source, **more)

    def _write(self, line: str) -> None:
        with self._lock:
            shown = _TOKENS.sub("hidden", line)
            self._handler.emit(logging.makeLogRecord({"msg": shown, "levelno": logging.INFO}))


def _extract_words(line: str) -> str:
    try:
        event = json.loads(line)
        return "\n".join(str(event[name]) for name in ("event", "trace") if event.get(name))
    except (ValueError, TypeError):
        return line
