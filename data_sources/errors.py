"""Errors of publishers, grouped by how one recovers."""


class SourceError(Exception):
    """A series could not be had. ``code`` is a stable finding id; the message says what, where, what to do."""

    def __init__(self, code: str, message: str, *, url: str | None = None) -> None:
        super().__init__(message if url is None else f"{message} [{url}]")
        self.code = code
        self.url = url


class Retriable(SourceError):
    """The publisher is down, slow or busy: the same request may succeed later.

    ``retry_after`` holds the seconds the publisher asked to wait, where it did.
    """

    def __init__(self, code: str, message: str, *, url: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(code, message, url=url)
        self.retry_after = retry_after


class Rejected(SourceError):
    """The publisher refused our request: the request is wrong, trying again is useless."""


class Changed(SourceError):
    """The reply has another shape than documented: a person must look before it is used."""
