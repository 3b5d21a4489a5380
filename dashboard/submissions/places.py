"""Places of readings: so many at once, so many that wait, and no account has all of them.

Whoever waits holds a thread of the server that others need: few may, not for long, and the others are told at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from dashboard.submissions.model import Busy

AT_ONCE = 2
WAITING = 4
EACH = 2
"""Places of one account, reading or waiting; only one of them is read at a time."""

PATIENCE = 45.0
"""Seconds that one waits for its turn."""


class Places:
    """Whose files are being read, and who waits, in the order in which they came."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING, each: int = EACH) -> None:
        self._at_once, self._most, self._each = at_once, waiting, each
        self._changed = Condition()
        self._read: list[str] = []
        self._line: list[tuple[str, object]] = []

    @contextmanager
    def taken(self, who: str = "", patience: float = PATIENCE) -> Iterator[None]:
        """A place, for as long as the block lasts.

        Args:
            who: the account; "" for nobody's, such as the command line's.
            patience: seconds to wait for it.

        Raises:
            Busy: the line is full, this account is in it already, or its turn has not come in time.
        """
        me = (who, object())
        with self._changed:
            held = [one for one in (*self._read, *(of for of, _ in self._line)) if one == who]
            if who and len(held) >= self._each:
                raise Busy("Other files of this account are being read just now. Try again in a minute.")
            if not self._turn(me) and len(self._line) >= self._most:
                raise Busy("Many files are being read just now. Try again in a minute.")
            self._line.append(me)
            try:
                came = self._changed.wait_for(lambda: self._turn(me), patience)
            finally:
                self._line.remove(me)
                self._changed.notify_all()
            if not came:
                raise Busy("Many files are being read just now. Try again in a minute.")
            self._read.append(who)
        try:
            yield
        finally:
            with self._changed:
                self._read.remove(who)
                self._changed.notify_all()

    def _turn(self, me: tuple[str, object]) -> bool:
        """Whether a place is free for this one, and nobody before it in the line could take it."""
        if len(self._read) >= self._at_once:
            return False
        for one in (*self._line, me):
            if not one[0] or one[0] not in self._read:
                return one is me
        return False
