"""Cursors of long lists: opaque texts that hold for the same question to the same data."""

import base64
import hashlib

from dashboard.answers.base.errors import Invalid


def write_cursor(made_of: object, position: int) -> str:
    """Return the cursor of a position (from 0) in a list; ``made_of``, by its ``repr``, is all that made the list."""
    return base64.urlsafe_b64encode(f"{_digest(made_of)}.{position}".encode()).decode().rstrip("=")


def read_cursor(made_of: object, cursor: str | None) -> int:
    """Return the position a cursor stands for; 0 without one.

    Raises:
        Invalid: it is no cursor of ours, or one of another question or of other data.
    """
    if cursor is None:
        return 0
    try:
        digest, _, position = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(".")
        place = int(position)
    except (ValueError, UnicodeDecodeError) as error:
        raise Invalid("cursor", "This is not a cursor of an earlier answer; leave it out to start anew.") from error
    if digest != _digest(made_of) or place < 0:
        raise Invalid(
            "cursor",
            "The cursor belongs to another question, or a newer dataset was published since; start anew without it.",
        )
    return place


def _digest(made_of: object) -> str:
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:16]
