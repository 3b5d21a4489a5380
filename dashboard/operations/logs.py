"""The log: one line of JSON an event, with time, level and, where there is one, the request or event it belongs to.

``configure()`` in a process that serves: all of Python's logging leaves as JSON, through structlog.
``Journal`` in the process that watches over it: the only writer of the file, which it turns over and keeps below
``MOST_BYTES`` in all. What a child writes past its logging is wrapped, so that no text from outside can pass for a
line: a child's own lines begin with a word that only it and the journal know.
"""

import contextlib
import json
import logging
import logging.handlers
import os
import re
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from structlog.contextvars import merge_contextvars
from structlog.processors import JSONRenderer, TimeStamper
from structlog.stdlib import ProcessorFormatter, add_log_level, add_logger_name

KEY = "MONITOR_LOG_KEY"
"""Name in the environment of the word that a child's own lines begin with."""

MOST_BYTES = 100_000_000
FILES = 10
LONGEST = 8_000
"""Characters of a line; the rest of a longer one is left out, saying so."""

HIDDEN = ("token", "password", "secret", "authorization", "cookie", "key")
"""A field whose name holds one of these is never written."""

_TOKENS = re.compile(
    r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|(?<=token=)[^&\s\"\\]+|(?<=client )'[^'\\]*'", re.I
)
"""Whoever knows a reader's token could read what the reader left: it is taken out of every line, whoever wrote it."""


def configure(level: str = "INFO") -> None:
    """Let everything this process logs leave on its error stream as JSON."""
    stamped = TimeStamper("iso", utc=True, key="time")
    shared: list[Any] = [merge_contextvars, add_log_level, add_logger_name, stamped, _safe]
    last: list[Any] = [
        ProcessorFormatter.remove_processors_meta,
        _traceback_in_one_line,
        JSONRenderer(ensure_ascii=True),
    ]
    handler = logging.StreamHandler(_Marked(os.environ.get(KEY, "")))
    handler.setFormatter(ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("httpx", "httpcore", "engineio", "engineio.server", "socketio", "socketio.server"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # uvicorn says below that what any client sends by mistake, and addresses with the tokens in them
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)


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


class Journal:
    """The file that all processes of a server write to, by way of the one that watches over them."""

    def __init__(self, path: Path, word: str, most_bytes: int = MOST_BYTES) -> None:
        self.path, self.word, self._lock = path, word, threading.Lock()
        self._handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=most_bytes // FILES, backupCount=FILES - 1, encoding="ascii", delay=False
        )
        self._handler.setFormatter(logging.Formatter("%(message)s"))
        self._handler.handleError = lambda record: None  # type: ignore[method-assign]  # a full disk stops no server
        path.chmod(0o600)

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
        while piece := stream.readline(64_000):
            text = piece.decode("utf-8", "replace").rstrip("\r\n")
            if self.word and text.startswith(self.word):
                self._write(text.removeprefix(self.word))
            elif text.strip():
                self.say(text, source=source)

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
