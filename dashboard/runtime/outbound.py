"""Asking addresses that others have written down: public ones only, and exactly the one that was looked at.

``checked(url) -> Target``: what an address says, without asking anybody; ``NotPublic`` where it leads inside.
``PublicTransport``, ``AsyncPublicTransport``: for ``httpx``: a name is resolved once, every answer must be public, and
the connection goes to one of those answers, whatever the name says a moment later. TLS and ``Host`` keep the name.
``fetch(…) -> Fetched``: one request with its limits of bytes and seconds, and without redirects. ``ask(job)`` is the
same for a sandbox: a total time by the clock cannot be had from a client that reads heads byte by byte; of a process it
can.

``private`` lists what the operator allows all the same, as ``host`` or ``host:port``; those are asked the usual way, by
the machine's proxy too. Everything else is asked directly: a proxy would resolve the name again.
"""

import asyncio
import socket
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any

import httpx

PORTS = (80, 443, 8080, 8443)
"""Where public services answer; others are those of machines inside."""

SPECIAL = (
    "localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan", "home.arpa", "onion",
    "invalid", "alt", "svc", "cluster",
)  # fmt: skip
"""Ends of names that no public name has (RFC 6761, RFC 8375, RFC 9476, ICANN), or that lead inside by custom, such as
``db.prod.svc`` of Kubernetes."""

MOST_ADDRESSES = 16
"""Answers for a name that are looked at; a name with more is none of a service."""

_NAT64 = ip_network("64:ff9b::/96")
_NAT64_LOCAL = ip_network("64:ff9b:1::/48")
_COMPATIBLE = ip_network("::/96")
_NEVER = tuple(
    map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "2001::/23", "2001:db8::/32", "3fff::/20"))
)
"""For protocols, measurements and documentation; older Pythons take some of them for public."""


class NotPublic(httpx.ConnectError):
    """An address that does not lead to the public network; the message says why."""


class TooLarge(httpx.ReadError):
    """An answer of more bytes than are taken."""


FAILURES = (httpx.HTTPError, httpx.InvalidURL)
"""What ``fetch`` raises."""


def name_failure(error: Exception) -> str:
    """Return which of ``FAILURES`` it was: ``not_public``, ``slow``, ``too_large`` or ``unreachable``."""
    kinds = ((NotPublic, "not_public"), (httpx.TimeoutException, "slow"), (TooLarge, "too_large"))
    return next((name for kind, name in kinds if isinstance(error, kind)), "unreachable")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an address leads: its name or number in the form that is asked for, and the port."""

    host: str
    port: int

    def among(self, private: Collection[str]) -> bool:
        """Return True if the operator allows it by name."""
        return self.host in private or f"{self.host}:{self.port}" in private


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: its status and its body, as it was sent."""

    status: int
    body: bytes
    etag: str = ""
    retry_after: str = ""


def checked(url: str | httpx.URL, private: Collection[str] = ()) -> Destination:
    """Return where an address leads, as far as it says so itself.

    Raises:
        NotPublic: no http(s), a user or password in it, a port no public service has, a number of a network that is not
            public or one in a form that only some programs read, a name without a dot or of a network inside.
    """
    try:
        parts = httpx.URL(url)
        host = parts.raw_host.decode("ascii").lower() if parts.host else ""
    except (httpx.InvalidURL, UnicodeError, ValueError, TypeError) as error:
        raise NotPublic("it is no address") from error
    if parts.scheme not in ("http", "https") or parts.userinfo:
        raise NotPublic("it must begin with http:// or https://, without user or password")
    host = host.removeprefix("[").removesuffix("]").removesuffix(".")
    target = Destination(host, parts.port or {"http": 80, "https": 443}[parts.scheme])
    if target.among(private):
        return target
    if target.port not in PORTS:
        raise NotPublic(f"port {target.port} is none of {', '.join(map(str, PORTS))}")
    try:
        number = ip_address(host)
    except ValueError:
        _refuse_inner_name(host)
    else:
        _refuse_inner([number])
    return target


def _refuse_inner_name(host: str) -> None:
    labels = host.split(".")
    if len(labels) < 2 or not all(labels) or len(host) > 253 or not set(host) <= _LETTERS:
        raise NotPublic("it has no public name")
    if labels[-1].isdigit() or labels[-1].startswith("0x"):  # 127.1, 0x7f.1: numbers to the system's resolver
        raise NotPublic("it is a number in a form that is not used in public")
    if any(host == end or host.endswith(f".{end}") for end in SPECIAL):
        raise NotPublic("it is a name of a network inside")


_LETTERS = set("abcdefghijklmnopqrstuvwxyz0123456789-_.")


def _refuse_inner(numbers: Iterable[IPv4Address | IPv6Address]) -> None:
    for number in numbers:
        if not is_public(number):
            raise NotPublic("it leads to a network that is not public")


def is_public(number: IPv4Address | IPv6Address) -> bool:
    """Return True if an address, and every address it stands for, is public."""
    if isinstance(number, IPv6Address):
        if number.scope_id or number.is_site_local or number in _NAT64_LOCAL:
            return False
        within = [number.ipv4_mapped, number.sixtofour, *(number.teredo or ())]
        if number in _NAT64 or number in _COMPATIBLE:
            within.append(IPv4Address(int(number) & 0xFFFFFFFF))
        inner = [address for address in within if address is not None]
        if inner:
            return all(is_public(address) for address in inner)
    if any(number.version == network.version and number in network for network in _NEVER):
        return False
    return number.is_global and not (
        number.is_multicast or number.is_reserved or number.is_unspecified or number.is_loopback or number.is_link_local
    )


def resolve(target: Destination) -> list[str]:
    """Return the addresses a name has now, each of them public.

    Raises:
        NotPublic: one of them is not, or there are too many.
        httpx.ConnectError: there is none.
    """
    try:
        answers = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"the name cannot be resolved: {type(error).__name__}") from error
    found = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    if not found or len(found) > MOST_ADDRESSES:
        raise NotPublic(f"its name has {len(found)} addresses")
    _refuse_inner(ip_address(address) for address in found)
    return found


def _pinned(request: httpx.Request, target: Destination, address: str) -> httpx.Request:
    """The request for that very address: ``Host``, the name in TLS and in its certificate stay the name's."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": target.host},
    )


_LIMITS = httpx.Limits(max_connections=20, max_keepalive_connections=0)
"""No connection is used twice: another name may have the same address."""


class PublicTransport(httpx.BaseTransport):
    """Carries requests to public addresses; of several that a name has, to the first that can be reached."""

    def __init__(self, private: Collection[str] = (), inner: httpx.BaseTransport | None = None) -> None:
        self._private = private
        self._inner = inner or httpx.HTTPTransport(limits=_LIMITS)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer.

        Raises:
            NotPublic: the address leads inside.
            httpx.TransportError: it cannot be reached.
        """
        target = checked(request.url, self._private)
        if target.among(self._private):
            return self._inner.handle_request(request)
        addresses = resolve(target)
        for address in addresses[:-1]:
            try:
                return self._inner.handle_request(_pinned(request, target, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return self._inner.handle_request(_pinned(request, target, addresses[-1]))

    def close(self) -> None:
        """End all connections."""
        self._inner.close()


class AsyncPublicTransport(httpx.AsyncBaseTransport):
    """The same for ``httpx.AsyncClient``."""

    def __init__(self, inner: httpx.AsyncBaseTransport | None = None) -> None:
        self._inner = inner or httpx.AsyncHTTPTransport(limits=_LIMITS)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer.

        Raises:
            NotPublic: the address leads inside.
            httpx.TransportError: it cannot be reached.
        """
        target = checked(request.url)
        addresses = await asyncio.to_thread(resolve, target)
        for address in addresses[:-1]:
            try:
                return await self._inner.handle_async_request(_pinned(request, target, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._inner.handle_async_request(_pinned(request, target, addresses[-1]))

    async def aclose(self) -> None:
        """End all connections."""
        await self._inner.aclose()


def fetch(
    url: str, *, most: int, seconds: float, private: Collection[str] = (), data: Mapping[str, str] | None = None,
    auth: Any = None, transport: httpx.BaseTransport | None = None, etag: str = "", content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Fetched:  # fmt: skip
    """Ask once: GET, or POST of a form or a body. A redirect is an answer like any other; nobody follows it.

    Args:
        url: what to ask.
        most: bytes of the body.
        seconds: for all of it, the last byte included.
        private: what the operator allows besides public addresses.
        data: the fields of a form.
        auth: as httpx takes it.
        transport: what carries it; for tests.
        etag: of what is known already: the answer may be 304 and hold nothing.
        content: the body of a POST, sent as it is.
        headers: what the request says besides.

    Raises:
        NotPublic: the address leads inside.
        httpx.TransportError: it does not answer, not in time, or with more bytes.
    """
    until = time.monotonic() + seconds
    allowed = checked(url, private).among(private)
    carrier = transport or (None if allowed else PublicTransport(private))
    plain = {"Accept-Encoding": "identity"}  # a small body may unpack into a large one
    plain |= ({"If-None-Match": etag} if etag else {}) | dict(headers or {})
    method = "GET" if data is None and content is None else "POST"
    with (
        httpx.Client(timeout=seconds, follow_redirects=False, transport=carrier, headers=plain) as client,
        client.stream(method, url, data=data, content=content, auth=auth) as reply,
    ):
        body = bytearray()
        for part in reply.iter_raw():
            body += part
            if len(body) > most:
                raise TooLarge(f"more than {most} bytes")
            if time.monotonic() > until:
                raise httpx.ReadTimeout(f"not whole after {seconds:g} s")
    return Fetched(
        reply.status_code, bytes(body), reply.headers.get("ETag", ""), reply.headers.get("Retry-After", "")[:40]
    )


def ask(job: Mapping[str, Any]) -> dict[str, Any]:
    """In a sandbox: ``status``, ``etag`` and ``retry_after`` of an answer, or the ``trouble`` (``name_failure``).

    Args:
        job: ``address``, ``most``, ``seconds`` and ``private`` as of ``fetch``, and what it may say besides; the body
            goes to the file ``out``, where one is named.
    """
    more = {name: job[name] for name in ("etag", "content", "headers") if name in job}
    try:
        reply = fetch(job["address"], most=job["most"], seconds=job["seconds"], private=job["private"], **more)
    except FAILURES as error:
        return {"trouble": name_failure(error)}
    if "out" in job:
        Path(job["out"]).write_bytes(reply.body)
    etag = reply.etag if reply.etag.isascii() else ""
    return {"status": reply.status, "etag": etag, "retry_after": reply.retry_after}
