"""The one HTTP client: whom it may ask, how long it waits, how often it tries, how much it accepts.

Every failure is one of the errors in ``errors`` with a stable code. Proxies and certificate authorities come from the
environment (``HTTPS_PROXY``, ``NO_PROXY``, ``SSL_CERT_FILE``), as every tool of the operator's machine takes them.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import httpx
import stamina

from data_sources.contract import Reply, Request
from data_sources.errors import Changed, Rejected, Retriable
from data_sources.fetching.conditional import ask_if_changed, confirm_reply
from data_sources.fetching.failures import explain_status, explain_transport_failure

_MOST_REDIRECTS = 5
_LONGEST_BACKOFF = 60.0
_CODINGS = ("", "identity", "gzip", "deflate")


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """Limits of every request; times in seconds, sizes in bytes."""

    connect_timeout: float = 10.0
    read_timeout: float = 60.0  # until the next bytes
    total_timeout: float = 300.0  # of one try, from the first byte sent to the last received
    max_bytes: int = 64 * 2**20  # after decompression
    attempts: int = 4  # the first included
    max_retry_after: float = 120.0
    backoff: float = 0.5  # before the first retry; doubles, with jitter
    per_host: int = 4
    user_agent: str = "asan-sdg-monitor/0.1"


class HttpClient:
    """Asks publishers, within limits. Use as an async context manager.

    Args:
        hosts: the hosts that may be asked, as ``host`` or ``host:port``, and how many requests each bears at once
            (never more than ``limits.per_host``). Redirects stay within them too.

    Attributes:
        given_up: addresses of publishers found down while this client lives; others are asked first.
        before: by question, the hash of the reply that was kept before this client asked; empty when there was none.
    """

    def __init__(self, limits: HttpLimits, hosts: Mapping[str, int]) -> None:
        self.limits = limits
        self.given_up: set[str] = set()
        self.before: dict[str, str] = {}
        self._slots = {
            host.lower(): asyncio.Semaphore(max(1, min(most, limits.per_host))) for host, most in hosts.items()
        }
        self._asked_once: dict[str, asyncio.Task[Reply]] = {}
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(limits.read_timeout, connect=limits.connect_timeout, pool=None),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
            follow_redirects=False,
            trust_env=True,
            headers={"User-Agent": limits.user_agent, "Accept": "application/json", "Accept-Encoding": "gzip, deflate"},
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._asked_once.values():
            task.cancel()
        await asyncio.gather(*self._asked_once.values(), return_exceptions=True)
        await self._client.__aexit__(kind, error, trace)

    async def get(
        self, request: Request, *, check: Callable[[Reply], object] | None = None, cached: Reply | None = None
    ) -> Reply:
        """Return the reply to a request, tried again while the publisher is down, slow or busy.

        Args:
            request: what to ask. An optional or shared one is asked once in the life of the client, and its reply or
                failure given to everyone who asks again.
            check: looks at a reply and raises when it is no answer; a ``Retriable`` is tried again.
            cached: the reply to the same request from another time; its bytes are not looked at. When the publisher
                says that nothing has changed, it comes back with status 304, without bytes, as received now.

        Raises:
            Retriable: ``connection_refused``, ``dns_failure``, ``connection_failed``, ``connection_lost``,
                ``proxy_failure``, ``connect_timeout``, ``read_timeout``, ``total_timeout``, ``http_408``,
                ``http_429``, ``http_5xx`` with its number.
            Rejected: ``host_not_allowed``, ``redirect_not_allowed``, ``too_many_redirects``, ``tls_failure``, and
                ``http_4xx`` with its number.
            Changed: ``too_large``, ``content_encoding``, and any other status.
        """
        if request.optional or request.shared:
            if request.question not in self._asked_once:
                self._asked_once[request.question] = asyncio.create_task(self._persist(request, check, cached))
            return await asyncio.shield(self._asked_once[request.question])
        return await self._persist(request, check, cached)

    async def _persist(self, request: Request, check: Callable[[Reply], object] | None, cached: Reply | None) -> Reply:
        limits = self.limits
        async for attempt in stamina.retry_context(
            on=self._again,
            attempts=limits.attempts,
            timeout=None,
            wait_initial=limits.backoff,
            wait_max=_LONGEST_BACKOFF,
            wait_jitter=limits.backoff,
        ):
            with attempt:
                return await self._try(request, check, cached)
        raise AssertionError("the last attempt returns or raises")

    def _again(self, error: Exception) -> bool | float:
        if not isinstance(error, Retriable):
            return False
        if error.retry_after is None:
            return True
        return error.retry_after if error.retry_after <= self.limits.max_retry_after else False

    async def _try(self, request: Request, check: Callable[[Reply], object] | None, cached: Reply | None) -> Reply:
        url = _url(request)
        for _ in range(_MOST_REDIRECTS + 1):
            self._allow(url, "host_not_allowed")
            async with self._slots[_host(url)]:
                answer = await self._exchange(request, url, cached)
            if isinstance(answer, Reply):
                if check is not None and answer.status == 200:  # in a thread: a large reply takes a while to read
                    await asyncio.to_thread(check, answer)
                return answer
            self._allow(answer, "redirect_not_allowed")
            if url.scheme == "https" and answer.scheme != "https":
                raise Rejected("redirect_not_allowed", f"{url.host} redirects to an unencrypted page", url=str(answer))
            url = answer
        raise Rejected("too_many_redirects", f"more than {_MOST_REDIRECTS} redirects", url=str(url))

    def _allow(self, url: httpx.URL, code: str) -> None:
        if url.scheme not in ("http", "https") or _host(url) not in self._slots or url.userinfo:
            allowed = ", ".join(sorted(self._slots))
            shown = url.copy_with(username=None, password=None, query=None)
            raise Rejected(
                code,
                f"{_host(url) or url.scheme} is not among the hosts of this publisher ({allowed}); "
                "add it to hosts in source.toml if it is right",
                url=str(shown),
            )

    async def _exchange(self, request: Request, url: httpx.URL, cached: Reply | None) -> Reply | httpx.URL:
        """One exchange: a reply, or the address it redirects to."""
        method, content, headers = _message(request, cached)
        try:
            async with (
                asyncio.timeout(self.limits.total_timeout),
                self._client.stream(method, url, content=content, headers=headers) as response,
            ):
                if response.has_redirect_location:
                    return _redirected(request, url, response)
                if response.status_code == 304 and cached is not None:
                    return confirm_reply(cached, response.headers)
                if failure := explain_status(response, self.limits.max_retry_after):
                    raise failure
                body = await self._body(response)
                return Reply(
                    request=request,
                    url=str(response.url),
                    status=response.status_code,
                    headers=dict(response.headers),
                    body=body,
                    sha256=hashlib.sha256(body).hexdigest(),
                    retrieved_at=datetime.now(UTC),
                )
        except TimeoutError as error:
            seconds = self.limits.total_timeout
            raise Retriable("total_timeout", f"no complete reply within {seconds:g} s", url=str(url)) from error
        except (httpx.TransportError, httpx.DecodingError, httpx.InvalidURL) as error:
            waits = {"connect_timeout": self.limits.connect_timeout, "read_timeout": self.limits.read_timeout}
            raise explain_transport_failure(error, str(url), **waits) from error

    async def _body(self, response: httpx.Response) -> bytes:
        """Return the body after decompression, at most ``max_bytes``."""
        url, most = str(response.url), self.limits.max_bytes
        coding = response.headers.get("content-encoding", "").strip().lower()
        if coding not in _CODINGS:  # a coding within a coding could swell a thousandfold twice
            raise Changed("content_encoding", f"content encoding {coding!r} was not asked for", url=url)
        content_length = response.headers.get("content-length", "")
        too_large = Changed("too_large", f"the reply is larger than {most} bytes", url=url)
        if content_length.isascii() and content_length.isdigit() and int(content_length) > most:
            raise too_large
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > most:
                raise too_large
        return bytes(body)


def _url(request: Request) -> httpx.URL:
    url = httpx.URL(request.url)
    return url.copy_merge_params(request.params) if request.params else url


def _host(url: httpx.URL) -> str:
    return url.netloc.decode("ascii").lower()


def _message(request: Request, cached: Reply | None) -> tuple[str, bytes | None, dict[str, str]]:
    """Method, body and headers. Only a GET may carry conditions (RFC 9110, section 13.1)."""
    if request.payload is None:
        return "GET", None, {**request.headers, **ask_if_changed(cached)}
    # On one line: there are firewalls that refuse a line break in a body.
    content = json.dumps(dict(request.payload), default=list, separators=(",", ":")).encode()
    return "POST", content, {"Content-Type": "application/json", **request.headers}


def _redirected(request: Request, url: httpx.URL, response: httpx.Response) -> httpx.URL:
    """Return where to ask instead; a POST is asked again only where the publisher says that it stays one."""
    if request.payload is not None and response.status_code not in (307, 308):
        raise Rejected("redirect_not_allowed", f"HTTP {response.status_code} would lose what was asked", url=str(url))
    return url.join(response.headers["location"])
