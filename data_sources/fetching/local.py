"""Reading a publisher's file from this machine, where an operator has put it."""

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit
from urllib.request import url2pathname

from data_sources.contract import Reply, Request
from data_sources.errors import Changed, Rejected


def is_local(address: str) -> bool:
    """Return True for the address of a file of this machine."""
    return address.startswith("file:")


def make_local_address(text: str) -> str:
    """Return a path, or an address ``file:///…``, as an absolute address.

    Raises:
        ValueError: the address names another machine.
    """
    if not is_local(text):
        return Path(text).expanduser().absolute().as_uri()
    parts = urlsplit(text)
    if parts.netloc not in ("", "localhost"):
        raise ValueError(f"{text} names the machine {parts.netloc!r}; a file is read from this one only")
    return Path(url2pathname(parts.path)).absolute().as_uri()


def read_local(request: Request, allowed: Collection[str], max_bytes: int) -> Reply:
    """Return the file a request names.

    The reply gives the file's name without its folder: where an operator keeps files is nobody's business.

    Args:
        request: its ``url`` is an address as ``make_local_address`` gives it.
        allowed: the addresses an operator has configured; no other file is read.

    Raises:
        Rejected: ``file_not_allowed``, ``file_missing``, ``file_unreadable``.
        Changed: ``too_large``.
    """
    path = Path(url2pathname(urlsplit(request.url).path))
    shown = f"file:///{quote(path.name)}"
    if request.url not in allowed:
        raise Rejected("file_not_allowed", "no setting names this file of this machine", url=shown)
    try:
        with path.open("rb") as file:
            body = file.read(max_bytes + 1)
    except FileNotFoundError as error:
        raise Rejected("file_missing", "the file is not there: check the setting that names it", url=shown) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Rejected("file_unreadable", f"the file cannot be read ({reason})", url=shown) from error
    if len(body) > max_bytes:
        raise Changed("too_large", f"the file is larger than {max_bytes} bytes", url=shown)
    return Reply(request, shown, 200, {}, body, hashlib.sha256(body).hexdigest(), datetime.now(UTC))
