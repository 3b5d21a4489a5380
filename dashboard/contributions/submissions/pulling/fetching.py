"""Asking an office's address once, in a sandbox: what trickles or never ends is killed with the process that waits."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboard.contributions.submissions import inbox
from dashboard.runtime.sandbox.pools import Crashed, JobLimits, Sandbox, TooCostly
from dashboard.settings import Settings

MEMORY = 2**30
"""Address space of the process that asks, in bytes."""

SANDBOX = Sandbox(workers=1, tasks=20, idle=60.0)

_WEB_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body")
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"(\xb5/\xfd")


class NothingFetched(Exception):
    """An address gave nothing to read; ``code`` names the reason (``pull.trouble.<code>``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class PulledBody:
    """What an address answered; None for the body that is known already."""

    body: bytes | None
    etag: str = ""


def fetch(settings: Settings, address: str, form: str, etag: str = "", private: Collection[str] = ()) -> PulledBody:
    """Return what an address answers now.

    Args:
        settings: with the limits.
        address: the address.
        form: what is expected (``model.FORMS``).
        etag: of the last answer; "" to have it whole.
        private: hosts that may be asked though they are not public; none, but in tests.

    Raises:
        NothingFetched: it cannot be asked, does not answer, or with something else.
    """
    limits = settings.submissions.pull
    with TemporaryDirectory(prefix="pulled-", dir=inbox.unfinished(settings)) as folder:
        out = Path(folder) / "body"
        job = {
            "address": address, "etag": etag, "most": limits.megabytes * 2**20, "seconds": limits.seconds,
            "private": list(private), "out": str(out),
        }  # fmt: skip
        try:
            told = SANDBOX.call(
                "dashboard.runtime.outbound:ask", job,
                JobLimits(MEMORY, limits.seconds, float(limits.seconds)),
            )  # fmt: skip
        except TooCostly as error:
            raise NothingFetched("slow") from error
        except Crashed as error:
            raise NothingFetched("unreachable") from error
        if "trouble" in told:
            raise NothingFetched(told["trouble"])
        if told["status"] == 304 and etag:
            return PulledBody(None, etag)
        if 300 <= told["status"] < 400:
            raise NothingFetched("redirect")
        if told["status"] != 200:
            raise NothingFetched("status")
        body = out.read_bytes()
    demand_form(body, form)
    return PulledBody(body, told["etag"][:200])


def demand_form(body: bytes, form: str) -> None:
    """Make sure that an answer looks like what it is to be, before anything is kept of it.

    Raises:
        NothingFetched: ``empty``; ``web_page``; ``packed``: an archive or a workbook; ``form``: something else.
    """
    begins = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
    if not begins:
        raise NothingFetched("empty")
    if begins.startswith(_WEB_PAGE):
        raise NothingFetched("web_page")
    if body.startswith(_PACKED):
        raise NothingFetched("packed")
    document, markup = begins[:1] in (b"{", b"["), begins.replace(b"\0", b"").removeprefix(b"\xff\xfe")[:1] == b"<"
    fits = {
        "json": document, "pxweb": document, "csv": not (document or markup), "open_sdg": not markup,
        "sdmx": not document,
    }[form]  # fmt: skip
    if not fits:
        raise NothingFetched("form")
