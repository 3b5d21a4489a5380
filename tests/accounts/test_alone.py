"""No administrator brings a figure to readers alone, whatever they try; the search would find a way if there were one.

``python -m tests.accounts.alone --count 200 --moves 200`` is the long form.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.accounts import standing
from tests.accounts.alone import REAL, Attack, Breach, attack, quick


@pytest.fixture(autouse=True)
def in_a_moment() -> Iterator[None]:
    with ExitStack() as patches:
        for patch in quick():
            patches.enter_context(patch)
        yield


@pytest.mark.parametrize("there", [True, False], ids=["among real people who do nothing", "with nobody else"])
def test_an_administrator_alone_reaches_no_reader(tmp_path: Path, there: bool) -> None:
    attack(tmp_path, 1, 20, people_there=there)


def test_without_mail_an_administrator_makes_nobody_up(tmp_path: Path) -> None:
    attack(tmp_path, 1, 15, mailing=False)


def test_who_invents_three_people_has_not_three_hands(tmp_path: Path) -> None:
    attack(tmp_path, 1, 0, Attack.plan, people_there=False)


def waiting_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    given = standing.given
    monkeypatch.setattr(standing, "given", lambda *of: given(*of) | {"waits": False})


def test_it_would_be_found_if_roles_waited_for_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting_for_nobody(monkeypatch)
    with pytest.raises(Breach, match="is published"):
        attack(tmp_path / "real", 1, 0, Attack.plan)
    attack(tmp_path / "alone", 1, 0, Attack.plan, people_there=False)  # the line keeps these apart all the same


def test_it_would_be_found_if_nobody_belonged_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting_for_nobody(monkeypatch)
    monkeypatch.setattr(standing, "line", lambda everybody, account, since=None: {account})
    with pytest.raises(Breach, match="is published"):
        attack(tmp_path, 1, 0, Attack.plan, people_there=False)


def test_it_would_be_found_if_mail_came_to_the_administrator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def way(made: Attack) -> Any:
        return made.takeover(REAL[0])

    attack(tmp_path / "mail", 1, 0, way)  # others' mail is others'
    attack(tmp_path / "held", 1, 0, way, mailboxes=bool)  # and were it not, 72 hours are left to notice
    monkeypatch.setattr(standing, "HELD", timedelta(0))
    with pytest.raises(Breach, match="is published"):
        attack(tmp_path / "free", 1, 0, way, mailboxes=bool)
