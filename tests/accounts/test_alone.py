"""No administrator brings anything to readers alone, whatever they try; the search would find a way if there were one.

``python -m tests.accounts.alone --count 200 --moves 200`` is the long form.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.accounts import standing
from dashboard.interfaces.api import app
from dashboard.interfaces.api.routes import opinions
from dashboard.settings import Settings
from tests.accounts.alone import ELSEWISE, PUBLISHING, REAL, Attack, Breach, World, attack, build, quick
from tests.accounts.conftest import routes_of


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


VOICES = ("send_opinions", "let_in", "schedule")
WAYS = {
    "counts": VOICES,
    "answered": ("speak",),
    "complaints": ("speak",),
    "decisions": ("judge",),
}
"""What readers see → the moves by which so many people as there are bring it to them."""


def by(*moves: str) -> Callable[[Attack], Any]:
    return lambda made: made.plan(*moves)


@pytest.mark.parametrize("moves", [*dict.fromkeys(WAYS.values()), ("upload", "decide_by_token", "decide_by_token")])
def test_who_invents_people_brings_nothing_to_readers_through_them(tmp_path: Path, moves: tuple[str, ...]) -> None:
    attack(tmp_path, 1, 0, by(*moves))


def test_every_route_that_takes_a_form_is_tried_or_brings_nothing_to_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "settings", lambda: Settings(data_dir=tmp_path, accounts={"enabled": True}))
    desks = build(tmp_path, people_there=False).api
    found = {one.path for one in (*routes_of(app.build_api()), *routes_of(desks)) if {*one.methods} - {"GET", "HEAD"}}
    found -= {"/api", "/api/{rest:path}"}  # what answers that nothing is there
    assert sorted([*PUBLISHING, *[path for paths in ELSEWISE.values() for path in paths]]) == sorted(found)
    assert {move for move in PUBLISHING.values() if not hasattr(Attack, move)} == set()


def waiting_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    given = standing.describe_grant
    monkeypatch.setattr(standing, "describe_grant", lambda *of: given(*of) | {"waits": False})


def test_it_would_be_found_if_roles_waited_for_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting_for_nobody(monkeypatch)
    with pytest.raises(Breach, match="is published"):
        attack(tmp_path / "real", 1, 0, Attack.plan)
    attack(tmp_path / "alone", 1, 0, Attack.plan, people_there=False)  # the line keeps these apart all the same


def test_it_would_be_found_if_nobody_belonged_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting_for_nobody(monkeypatch)
    monkeypatch.setattr(standing, "trace_line", lambda everybody, account, since=None: {account})
    with pytest.raises(Breach, match="is published"):
        attack(tmp_path, 1, 0, Attack.plan, people_there=False)


def test_it_would_be_found_if_a_file_of_opinions_waited_for_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opinions, "add_batch", lambda *_: None)
    with pytest.raises(Breach, match="readers see other counts"):
        attack(tmp_path, 1, 0, by("send_opinions", "schedule"))


@pytest.mark.parametrize("what", WAYS)
def test_it_would_be_found_if_invented_people_brought_something_else_to_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    waiting_for_nobody(monkeypatch)
    if what == "counts":
        attack(tmp_path / "line", 1, 0, by(*WAYS[what]))  # sender and moderator are of one line
    monkeypatch.setattr(standing, "trace_line", lambda everybody, account, since=None: {account})
    monkeypatch.setattr(World, "shown", lambda world, real=World.shown: {what: real(world)[what]})
    with pytest.raises(Breach, match=f"readers see other {what}"):
        attack(tmp_path / "none", 1, 0, by(*WAYS[what]))


def test_it_would_be_found_if_mail_came_to_the_administrator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def way(made: Attack) -> Any:
        return made.takeover(REAL[0])

    attack(tmp_path / "mail", 1, 0, way)  # others' mail is others'
    attack(tmp_path / "held", 1, 0, way, mailboxes=bool)  # and were it not, 72 hours are left to notice
    monkeypatch.setattr(standing, "HOLD_PERIOD", timedelta(0))
    with pytest.raises(Breach, match="is published"):
        attack(tmp_path / "free", 1, 0, way, mailboxes=bool)
