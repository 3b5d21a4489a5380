"""The log: one line of JSON an event, with time, level and, where there is one, the request or event it belongs to.

``configure()`` in a process that serves: all of Python's logging leaves as JSON, through structlog.
``Journal`` in the process that watches over it: the only writer of the file, which it turns over and keeps below
``MOST_BYTES`` in all. What a child writes past its logging is wrapped, so that no text from outside can pass for a
line: a child's own lines begin with a word that only it and the journal know.

No client fills the log: of the same fault a client has one line in ``EVERY`` seconds, and of all its lines so many
bytes; how many were left out is told in its next line (``left_out``).
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

from dashboard.protection.requests import asking

KEY = "MONITOR_LOG_KEY"
"""Name in the environment of the word that a child's own lines begin with."""

MOST_BYTES = 100_000_000
FILES = 10
LONGEST = 8_000
"""Characters of a line; the rest of a longer one is left out, saying so."""

EVERY = 60.0
"""Seconds within which the same fault of the same client is written once."""

SHARE = 5_000
"""Bytes of lines in ``EVERY`` seconds that one client may cause, and of those that nobody known causes, and of what is
no line of ours: 0.9 MB an hour together."""

AT_ONCE = 60_000
"""Bytes of them that may come together after a silence: the last words of a process that could not start."""

LEFT_OUT = "left_out"
"""Field of a line: how many others of its client were not written before it."""

REMEMBERED = 20_000
"""Faults of clients, and clients, that are remembered."""

HIDDEN = ("token", "password", "secret", "authorization", "cookie", "key")
"""A field whose name holds one of these is never written."""

_TOKENS = re.compile(
    r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|(?<=token=)[^&\s\"\\]+|(?<=client )'[^'\\]*'", re.I
)
"""Whoever knows a reader's token could read what the reader left: it is taken out of every line, whoever wrote it."""


def configure(level: str = "INFO") -> None:
    """Let everything this process logs leave on its error stream as JSON."""
    stamped = TimeStamper("iso", utc=True, key="time")
    shared: list[Any] = [merge_contextvars, add_log_level, add_logger_name, stamped, _left_out, _safe]
    last: list[Any] = [
        ProcessorFormatter.remove_processors_meta,
        _traceback_in_one_line,
        JSONRenderer(ensure_ascii=True),
    ]
    handler = BoundedHandler(_Marked(os.environ.get(KEY, "")))
    handler.setFormatter(ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("httpx", "httpcore", "engineio", "engineio.server", "socketio", "socketio.server"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # uvicorn says below that what any client sends by mistake, and addresses with the tokens in them
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)


def _left_out(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Say how many lines of this client were not written before this one."""
    if number := getattr(event.get("_record"), LEFT_OUT, 0):
        event[LEFT_OUT] = number
    return event


def _safe(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Hide what is secret, and cut what is too long. Control characters are escaped by JSON itself."""
    for field, value in event.items():
        if any(word in field.lower() for word in HIDDEN):
            event[field] = "hidden"
        elif isinstance(value, str) and len(value) > LONGEST:
            event[field] = f"{value[:LONGEST]}… ({len(value) - LONGEST} more characters)"
    return event


def _traceback_in_one_line(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, BaseException):
        error = (type(error), error, error.__traceback__)
    if error and error[0] is not None:
        event["error"] = f"{error[0].__name__}: {str(error[1])[:500]}"
        event["trace"] = logging.Formatter().formatException(error)[-LONGEST:]
    return event


class _Marked:
    """The error stream; each line begins with the word."""

    def __init__(self, word: str) -> None:
        self._word = word

    def write(self, text: str) -> None:
        sys.stderr.write(f"{self._word}{text}" if text.strip() else text)

    def flush(self) -> None:
        sys.stderr.flush()


class Share:
    """Bytes that may be written by and by: ``AT_ONCE`` after a silence, then ``SHARE`` in ``EVERY`` seconds."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._left, self._seen, self.left_out = float(most), clock(), 0

    def take(self, size: int) -> bool:
        """Whether so many bytes may be written now; a line may go beyond the share, those after it pay for it."""
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._seen) * SHARE / EVERY)
        self._seen = now
        if self._left <= 0:
            return False
        self._left -= size
        return True

    def told(self) -> int:
        """How many were left out since this was asked last."""
        number, self.left_out = self.left_out, 0
        return number


class BoundedHandler(logging.StreamHandler):  # type: ignore[type-arg]  # its stream is no text file
    """Writes lines; of those that a client causes, one for each fault in ``EVERY`` seconds, within its share.

    What the libraries below us say, and every traceback, counts as caused by nobody known: all such lines together
    have one share.
    """

    def __init__(self, stream: Any, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream)
        self._clock = clock
        self._last: OrderedDict[tuple[object, ...], float] = OrderedDict()
        self._shares: OrderedDict[str, Share] = OrderedDict()

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line, or leave it out."""
        client = asking.get()
        if not client and not record.exc_info and record.name.partition(".")[0] == "dashboard":
            super().emit(record)
            return
        share = self._shares.setdefault(client, Share(SHARE, self._clock))
        self._shares.move_to_end(client)
        fault, now = (client, *_fault(record)), self._clock()
        if now - self._last.get(fault, -EVERY) < EVERY or not share.take(0):  # before any work is done for it
            share.left_out += 1
            return
        setattr(record, LEFT_OUT, share.left_out)
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
        for remembered in (self._last, self._shares):
            while len(remembered) > REMEMBERED:
                remembered.popitem(last=False)


def _fault(record: logging.LogRecord) -> tuple[object, ...]:
    """What makes two lines tell the same: where they were written, and where what they tell of was raised."""
    place: tuple[object, ...] = (record.name, record.pathname, record.lineno)
    if record.exc_info and record.exc_info[0] is not None:
        last = record.exc_info[2]
        while last is not None and last.tb_next is not None:
            last = last.tb_next
        raised = (last.tb_frame.f_code.co_filename, last.tb_lineno) if last is not None else ()
        place += (record.exc_info[0], *raised)
    return place


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """A file that only its owner reads, and so are those it was before."""

    def _open(self) -> Any:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.fchmod(handle, 0o600)
        return os.fdopen(handle, "a", encoding=self.encoding, errors=self.errors)


class Journal:
    """The file that all processes of a server write to, by way of the one that watches over them."""

    def __init__(self, path: Path, word: str, most_bytes: int = MOST_BYTES) -> None:
        self.path, self.word, self._lock = path, word, threading.Lock()
        self._handler = _PrivateFile(
            path, maxBytes=most_bytes // FILES, backupCount=FILES - 1, encoding="ascii", delay=False
        )
        for older in path.parent.glob(f"{path.name}.*"):
            older.chmod(0o600)  # of a release that left them open to others
        self._handler.setFormatter(logging.Formatter("%(message)s"))
        self._handler.handleError = lambda record: None  # type: ignore[method-assign]  # a full disk stops no server

    def follow(self, stream: IO[bytes], source: str) -> None:
        """Write what a process says until it ends, in a thread of its own."""
        threading.Thread(target=self._follow, args=(stream, source), daemon=True).start()

    def say(self, event: str, level: str = "info", **fields: Any) -> None:
        """Write a line of our own."""
        now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        self._write(json.dumps({"time": now, "level": level, **fields, "event": event[:LONGEST]}, ensure_ascii=True))

    def last(self, lines: int = 25) -> str:
        """What was said last, for people: the words of the events only."""
        with contextlib.suppress(OSError):
            text = self.path.read_text(encoding="ascii", errors="replace").splitlines()[-lines:]
            return "\n".join(_words(line) for line in text)
        return ""

    def close(self) -> None:
        """Stop writing."""
        self._handler.close()

    def _follow(self, stream: IO[bytes], source: str) -> None:
        share = Share(AT_ONCE)
        while piece := stream.readline(64_000):
            text = piece.decode("utf-8", "replace").rstrip("\r\n")
            if self.word and text.startswith(self.word):
                self._write(text.removeprefix(self.word))
            elif text.strip() and not share.take(len(text)):
                share.left_out += 1
            elif text.strip():
                more: dict[str, Any] = {LEFT_OUT: number} if (number := share.told()) else {}
                self.say(text, source=source, **more)

    def _write(self, line: str) -> None:
        with self._lock:
            shown = _TOKENS.sub("hidden", line)
            self._handler.emit(logging.makeLogRecord({"msg": shown, "levelno": logging.INFO}))


def _words(line: str) -> str:
    try:
        event = json.loads(line)
        return "\n".join(str(event[name]) for name in ("event", "trace") if event.get(name))
    except (ValueError, TypeError):
        return line
