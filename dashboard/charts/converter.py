"""Vega-Lite made into Vega and into pictures, by vl-convert in a process of its own.

vl-convert holds Python's interpreter for as long as it converts, 40 ms for a compilation and half a second for a PNG:
in the server's own process nobody would be answered meanwhile. The process is started when it is first needed and again
when it has died, converts one thing at a time, and ends with whoever started it because its standard input does.

Run as a file it is that process: of our own modules it needs none.
"""

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

FONTS = Path(__file__).parents[2] / "assets" / "fonts"
ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "LANG", "TZ", "MALLOC_ARENA_MAX")
"""What the process is given of ours: no password and no key among it."""

LONGEST = 60.0
"""Seconds after which a conversion is ended: the slowest of ours take three."""


def vega(specification: str, version: str) -> str:
    """The Vega of a Vega-Lite specification, both as JSON.

    Args:
        specification: Vega-Lite.
        version: which one, as vl-convert names it: 6.4.

    Raises:
        ValueError: it cannot be compiled.
    """
    return _converter.ask({"to": "vega", "version": version}, specification).decode()


def svg(specification: str, version: str) -> str:
    """The drawing of a Vega-Lite specification, with our fonts; raises as ``vega``."""
    return _converter.ask({"to": "svg", "version": version}, specification).decode()


def png(document: str, scale: float) -> bytes:
    """An SVG document as PNG; ``scale`` is pixels of the file per pixel of the drawing; raises as ``vega``."""
    return _converter.ask({"to": "png", "scale": scale}, document)


def trouble() -> bool:
    """Whether the process could not be reached when it was last asked."""
    return _converter.out


class _Converter:
    """The process, and the pipes to it. A message is a line of JSON, which says how many bytes follow, and these."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self.out = False

    def ask(self, order: dict[str, Any], document: str) -> bytes:
        with self._lock:
            try:
                answer, body = self._exchanged(order, document)
            except OSError:  # it has been killed: once more, by a new one
                try:
                    answer, body = self._exchanged(order, document)
                except OSError as error:
                    self.out = True
                    raise ValueError(f"vl-convert ended while it made {order['to']}") from error
        self.out = False
        if not answer["made"]:
            raise ValueError(body.decode())
        return body

    def _exchanged(self, order: dict[str, Any], document: str) -> tuple[dict[str, Any], bytes]:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
                [sys.executable, "-I", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            )  # fmt: skip
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        impatient, began = threading.Timer(LONGEST, process.kill), time.monotonic()
        impatient.start()
        try:
            _write(process.stdin, order, document.encode())
            return _read(process.stdout)
        except OSError as error:
            self.end()
            if time.monotonic() - began < LONGEST:
                raise
            raise ValueError(f"vl-convert took longer than {LONGEST} s for {order['to']}") from error
        finally:
            impatient.cancel()

    def end(self) -> None:
        """End the process; the next conversion starts one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with contextlib.suppress(OSError):  # what it was not able to take
                process.__exit__(None, None, None)


def _write(pipe: IO[bytes], head: dict[str, Any], body: bytes) -> None:
    pipe.write(json.dumps(head | {"bytes": len(body)}).encode() + b"\n" + body)
    pipe.flush()


def _read(pipe: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """A message.

    Raises:
        ConnectionResetError: the other side has ended.
    """
    line = pipe.readline()
    head = json.loads(line) if line else {"bytes": 0}
    body = pipe.read(head["bytes"])
    if not line or len(body) < head["bytes"]:
        raise ConnectionResetError("the pipe has ended")
    return head, body


_converter = _Converter()
atexit.register(_converter.end)


def main() -> None:
    """Convert what comes in at standard input until it ends."""
    import vl_convert

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it is told, and ends it
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the libraries print must not stand among the answers
    vl_convert.register_font_directory(str(FONTS))
    while True:
        try:
            order, body = _read(sys.stdin.buffer)
        except ConnectionResetError:
            return
        try:
            if order["to"] == "png":
                made = vl_convert.svg_to_png(body.decode(), scale=order["scale"])
            else:  # read here: vl-convert reads the last digit of some numbers wrongly
                specification, version = json.loads(body), order["version"]
                if order["to"] == "svg":
                    made = vl_convert.vegalite_to_svg(specification, vl_version=version).encode()
                else:
                    made = json.dumps(vl_convert.vegalite_to_vega(specification, vl_version=version)).encode()
        except ValueError as error:
            _write(answers, {"made": False}, str(error).encode())
        else:
            _write(answers, {"made": True}, made)


if __name__ == "__main__":
    main()
