"""A reader's websocket as an attacker has it: every byte is his to send, and nobody makes him read.

Frames by hand (RFC 6455), because a well-behaved client library reads what it is sent.
"""

import asyncio
import base64
import contextlib
import json
import os
import ssl
import struct
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Reader:
    """One websocket to the product; ``own`` is the address it comes from (any of 127.0.0.0/8)."""

    port: int
    token: str
    own: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None
    closed: bool = False
    heard: int = 0  # bytes
    _in: asyncio.StreamReader = field(init=False, repr=False)
    _out: asyncio.StreamWriter = field(init=False, repr=False)

    async def open(self, room: int = 0, headers: tuple[str, ...] = ()) -> int:
        """Connect and shake hands; gives the HTTP status. ``room``: bytes of the receive buffer, 0 for the usual."""
        self._in, self._out = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(self.own, 0), limit=room or 2**16, ssl=self.tls
        )
        key = base64.b64encode(os.urandom(16)).decode()
        lines = (
            f"GET /_event/?EIO=4&transport=websocket&token={self.token} HTTP/1.1",
            f"Host: localhost:{self.port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            *headers,
        )
        self._out.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        return int((await self._in.readuntil(b"\r\n\r\n")).split(b" ", 2)[1])

    async def greet(self, auth: Any = None) -> str:
        """Enter the event namespace, as Reflex's page does; gives the server's answer ("" when it hung up)."""
        await self.say("40/_event," + (json.dumps(auth) if auth is not None else ""))
        while True:
            text = await self.hear()
            if text is None or text.startswith(("40/_event", "44/_event")):
                return text or ""

    async def ask(self, name: str, payload: Any = None, path: str = "/en/countries/AZE/") -> None:
        """Send an event of State."""
        event = {"name": name, "payload": {} if payload is None else payload}
        event["router_data"] = {"pathname": path, "query": {}, "asPath": path}
        await self.say("42/_event," + json.dumps(["event", event]))

    async def say(self, text: str, kind: int = 1) -> None:
        """Send one masked frame."""
        body = text.encode("utf-8", "surrogatepass")
        size = len(body)
        head = bytes([0x80 | kind])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 2**16:
            head += bytes([0x80 | 126]) + struct.pack(">H", size)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", size)
        self._out.write(head + b"\0\0\0\0" + body)  # a mask of zeros is a mask
        await self._out.drain()

    async def hear(self) -> str | None:
        """The next message; None when the server has hung up."""
        try:
            while True:
                kind, size = await self._in.readexactly(2)
                if size == 126:
                    (size,) = struct.unpack(">H", await self._in.readexactly(2))
                elif size == 127:
                    (size,) = struct.unpack(">Q", await self._in.readexactly(8))
                body = await self._in.readexactly(size)
                self.heard += size
                if kind & 0x0F == 8:
                    self.closed = True
                    return None
                if kind & 0x0F == 9:
                    await self.say(body.decode("latin-1"), 10)
                elif body == b"2":
                    await self.say("3")
                elif kind & 0x0F in (0, 1):
                    return body.decode("utf-8", "replace")
        except (asyncio.IncompleteReadError, ConnectionError):
            self.closed = True
            return None

    def gone(self) -> bool:
        """Whether the server has hung up."""
        return self.closed or self._in.at_eof() or self._out.is_closing()

    async def leave(self) -> None:
        """Hang up."""
        self._out.close()
        with contextlib.suppress(ConnectionError, OSError):
            await self._out.wait_closed()
