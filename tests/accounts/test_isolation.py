"""No role of one country reaches what is another's: not by any page, form or token."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from dashboard.accounts import people, store
from dashboard.accounts.model import Role, list_scopes
from dashboard.accounts.people import Rights
from dashboard.contributions.submissions.tables import OfficeConflict, PullRow
from dashboard.contributions.voice.inbox import keyring
from dashboard.contributions.voice.intake import take
from dashboard.contributions.voice.model import Intake
from dashboard.contributions.voice.tables import VoiceBatch
from dashboard.evidence.database.engine import open_engine, reading, writing
from tests.accounts.alone import MINE, PASSWORD, World, build, quick
from tests.accounts.conftest import routes_of
from tests.contributions.actions.test_limits import decision
from tests.contributions.submissions.test_upload import Person

OWN = {"account_session", "account_token", "audit", "audit_head", "clock"}
"""Tables in which a visit is written down."""

NUMBERED = ("/api/v1/submissions", "/contribute/{", "/contribute/pull/", "/offices/conflicts", "/actions/desk/{",
            "/voice/review/", "/voice/integrity/", "/admin/people", "/account/colleagues")  # fmt: skip
"""Where a number in the address is of one thing in all countries."""

JSON = {"release": {"figures": 1}, "return": {"reason": "Mine"}, "comment": {"words": "Mine"}}
FORM = {
    "office": "2", "reason": "Mine", "words": "Mine", "what": "released", "sure": "1", "kind": "complaint",
    "theme": "staff", "language": "en", "method": "registers", "who": "Us", "finding": "1", "country": "AZE",
    "role": "approver", "name": "Mine",
}  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> World:
    """One installation with something of Azerbaijan behind each number."""
    with ExitStack() as patches:
        for patch in quick():
            patches.enter_context(patch)
        made = build(tmp_path, mailing=False)
    now, database = datetime.now(UTC), open_engine(made.settings)
    report = Intake("r" * 32, "baku-1", now.date(), text="the clerk wanted a bribe", language="en")
    take(database, keyring(made.settings), "AZE", [report], now)
    made.opinions = [made.opinions[0], report.id]
    pull = {"address": "https://stat.test/a", "form": "csv", "days": 1, "set_by": 4, "set_office": "Ministry",
            "set_at": now, "due_at": now}  # fmt: skip
    conflict = {"indicator": "nps", "period": "2024", "dimensions": "{}", "state": "open", "submission": 1, "value": 5,
                "holder": 2, "holder_office": 2, "held": 4, "opened_at": now}  # fmt: skip
    rows = (
        decision("b", due=date(2099, 1, 1)), VoiceBatch(country="AZE", sender=4, sent_at=now),
        PullRow(country="AZE", office_number=1, **pull), OfficeConflict(country="AZE", office_number=1, **conflict),
    )  # fmt: skip
    with writing(database) as connection:
        for row in rows:
            connection.execute(SQLModel.metadata.tables[row.__tablename__].insert(), row.model_dump(exclude={"id"}))
    return made


def held(world: World) -> dict[str, list[object]]:
    """All rows, but for what every visit leaves behind."""
    with reading(open_engine(world.settings)) as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select())))
            for table in SQLModel.metadata.sorted_tables if table.name not in OWN
        }  # fmt: skip


def addresses(world: World) -> Iterator[tuple[str, str]]:
    """Method and address of what is of one thing."""
    for route in routes_of(world.api):
        if route.path.startswith(NUMBERED) and "{" in route.path:
            for id_ in world.opinions if "{id_}" in route.path else ("1",):
                for method in sorted(route.methods):
                    yield method, re.sub(r"\{\w+\}", id_, route.path)


@pytest.mark.parametrize("role", [one for one in Role if one.of_country])
async def test_nobody_of_another_country_comes_to_anything(world: World, role: Role) -> None:
    invited = people.invite(world.settings, email=f"elsewhere{MINE}", rights=Rights(role, "GEO", "Office"))
    people.accept(world.settings, invited.link.split("token=")[1].split("&")[0], PASSWORD, "A Name")
    account = world.account(f"elsewhere{MINE}")
    who, by = Person(world.api, world.settings, account), store.make_principal(account)
    scopes = [one.value for one in list_scopes(role)]
    token = people.make_token(world.settings, by, "t", scopes=scopes, confirmed=True) if scopes else "none"
    before, reached, asked = held(world), [], [*addresses(world)]
    for method, path in asked:
        if path.startswith("/api"):
            body = JSON.get(path.rpartition("/")[2], {}) if method == "POST" else None
            bearer = {"Authorization": f"Bearer {token}"}
            answer = await who.client.request(method, path, headers=bearer, json=body)
        elif method == "POST":
            move = "decline" if path.startswith("/actions") else "withdraw"
            answer = await who.post(path, "/account/", **FORM, move=move)
        else:
            answer = await who.client.get(path)
        turned_away = answer.status_code == 303 and "done=" not in answer.headers["location"]
        if answer.status_code not in (401, 403, 404) and not turned_away:
            reached.append((method, path, answer.status_code))
    await who.client.aclose()
    assert (reached, held(world)) == ([], before)
    assert len(asked) > 50
