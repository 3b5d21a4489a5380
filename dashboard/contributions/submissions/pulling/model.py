"""An address from which an office's figures are fetched."""

from hashlib import sha256
from urllib.parse import urlsplit

from dashboard.contributions.submissions.model import MoveNotAllowed
from dashboard.contributions.submissions.tables import PullRow
from dashboard.runtime import outbound
from dashboard.settings import Settings

FORMS = ("json", "csv", "sdmx", "open_sdg", "pxweb")
"""What an address may answer with: our own rows, a table, SDMX, a platform's columns, a cube (JSON-stat)."""

OF_ONE_INDICATOR = ("open_sdg", "pxweb")
"""Those whose figures do not say what they are of."""

DAYS = (1, 7, 30)
"""How often it is asked: daily, weekly, monthly."""

LONGEST_ADDRESS = 1_000
MOST_PULLS = 10
"""Addresses of one office. Ours."""


class PullUnknown(MoveNotAllowed):
    """There is no such address, or it is another office's."""

    def __init__(self) -> None:
        super().__init__("pull_unknown", "There is no such address: it may have been removed. Open the page again.")


def key_of(pull: PullRow) -> str:
    """Return what one address with what is said of it is, also after it was removed and set again."""
    told = "\n".join((pull.country, str(pull.office_number), pull.address, pull.form, pull.indicator))
    return sha256(told.encode()).hexdigest()[:24]


def filename_of(pull: PullRow) -> str:
    """Return what its file is called: documents that name no indicator are of the one they are called by."""
    ending = {"csv": "csv", "sdmx": "sdmx", "open_sdg": "open-sdg.csv"}.get(pull.form, "json")
    return f"{pull.indicator or 'pull'}.{ending}"


def host_of(address: str) -> str:
    """Return the host of an address, in small letters; "" of what is none."""
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def read_address(settings: Settings, typed: str) -> str:
    """Return an address that may be asked.

    Raises:
        MoveNotAllowed: ``pull_address``: it is no public address that begins with https://; ``pull_host``: the operator
            has not allowed its host.
    """
    plain = typed.strip()
    told = "It begins with https:// and leads to a public server, without user, password or mark (#)."
    if not plain.startswith("https://") or len(plain) > LONGEST_ADDRESS or not plain.isascii() or "#" in plain:
        raise MoveNotAllowed("pull_address", told)
    if not plain.isprintable() or " " in plain or "\\" in plain:
        raise MoveNotAllowed("pull_address", told)
    try:
        outbound.checked(plain)
    except outbound.NotPublic as error:
        raise MoveNotAllowed("pull_address", told) from error
    if not is_allowed(settings, plain):
        raise MoveNotAllowed("pull_host", f"The operator has not allowed {host_of(plain)[:100]} yet. Ask for it.")
    return plain


def is_allowed(settings: Settings, address: str) -> bool:
    """Return True if the operator has allowed the host of an address."""
    return host_of(address) in {one.lower() for one in settings.submissions.pull.hosts}
