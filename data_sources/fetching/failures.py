"""What went wrong on the way to a publisher, as one of our errors with a stable code."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from data_sources.errors import Changed, Rejected, Retriable, SourceError


def explain_transport_failure(
    error: Exception, url: str, *, connect_timeout: float, read_timeout: float
) -> SourceError:
    """Return the error of ours for one of httpx's, which never brought a whole reply."""
    causes = list(_causes(error))
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return Rejected("invalid_url", f"not an address: {error}", url=url)
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return Retriable("connect_timeout", f"no connection within {connect_timeout:g} s", url=url)
    if isinstance(error, httpx.TimeoutException):
        return Retriable("read_timeout", f"no bytes for {read_timeout:g} s", url=url)
    if isinstance(error, httpx.ProxyError):
        return Retriable("proxy_failure", f"the proxy refuses: {error}", url=url)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Retriable("dns_failure", "the host's name is not known: check the network and its DNS", url=url)
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Rejected(
            "tls_failure", f"the certificate cannot be verified ({error}); SSL_CERT_FILE names your own CA", url=url
        )
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return Retriable("connection_refused", "nobody answers there: check the address and the firewall", url=url)
    if isinstance(error, httpx.ConnectError):
        return Retriable("connection_failed", f"no connection: {error}", url=url)
    if isinstance(error, httpx.DecodingError):
        return Retriable("corrupt_encoding", f"the compressed reply is broken: {error}", url=url)
    return Retriable("connection_lost", f"the connection broke: {error}", url=url)


def explain_status(response: httpx.Response, max_retry_after: float) -> SourceError | None:
    """Return the error for a status other than 200; None for 200."""
    status, url = response.status_code, str(response.url)
    if status == 200:
        return None
    code, message = f"http_{status}", f"HTTP {status} {response.reason_phrase}".strip()
    if status in (408, 429) or status >= 500:
        wait = retry_after(response.headers.get("retry-after"))
        if wait is not None and wait > max_retry_after:
            message += (
                f", asks to wait {wait:.0f} s, longer than the {max_retry_after:.0f} s we wait: gather again later"
            )
        return Retriable(code, message, url=url, retry_after=wait)
    if 400 <= status < 500:
        return Rejected(code, f"{message}: the request is wrong or not allowed", url=url)
    return Changed(code, f"{message} where 200 was expected", url=url)


def retry_after(header: str | None) -> float | None:
    """Seconds to wait, from seconds or an HTTP date (RFC 9110, section 10.2.3); None when absent or not readable."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    when = parse_http_date(text)
    return None if when is None else max(0.0, (when - datetime.now(UTC)).total_seconds())


def parse_http_date(text: str) -> datetime | None:
    """Return a date of an HTTP header, in UTC unless it says otherwise; None when not readable."""
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from _causes(inner)
        error = error.__cause__ or error.__context__
