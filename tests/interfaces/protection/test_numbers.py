"""Numbers that no database holds, in every place where a client may write one: no route fails on them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dashboard.accounts import sessions, store
from dashboard.accounts.model import Role, State
from dashboard.accounts.tables import Account
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.interfaces.api import app
from dashboard.interfaces.desk import site as product
from dashboard.settings import Settings, settings
from tests.accounts.conftest import routes_of

SITE = "https://monitor.test"
NUMBERS = (str(2**63), str(-(2**63) - 1), str(2**64 + 1), "9" * 400)
"""One beyond what 64 bits hold, below and above, and one that is none at all."""

FIELDS = sorted(
    {
        name
        for room in (app, product)
        for file in Path(room.__file__).parent.rglob("*.py")
        for name in re.findall(r'(?:field|fields\.get|query\.get)\(\s*"(\w+)"', file.read_text(encoding="utf-8"))
    }
    - {"form_token"}
)
"""Every field of a form that some route reads."""


@pytest.fixture
def place(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings of an installation with everything in it, in effect for all rooms that ask."""
    for name, value in (
        ("DATA_DIR", str(tmp_path / "data")), ("DATABASE_URL", database_url), ("PUBLIC_URL", SITE),
        ("SECRET", "s" * 40), ("ACCOUNTS__ENABLED", "true"), ("VOICE__KEYS", f'["k:{"A" * 43}="]'),
    ):  # fmt: skip
        monkeypatch.setenv(f"MONITOR_{name}", value)
    settings.cache_clear()
    yield settings()
    settings.cache_clear()


@pytest.fixture
def api(place: Settings) -> FastAPI:
    return product.build()


def member(place: Settings, role: Role) -> Account:
    with writing(open_engine(place)) as connection:
        return store.add_account(
            connection, email=f"{role.value}@stat.test", name="A Name", language="en", created_at=datetime.now(UTC),
            role=role.value, country="AZE" if role.of_country else "", office="Office", network="",
            state=State.ACTIVE.value,
        )  # fmt: skip


def browser(api: FastAPI, place: Settings, role: Role | None) -> tuple[httpx.AsyncClient, str]:
    """A browser in which somebody of this role is logged in, and the token of its forms."""
    _, form = sessions.ensure_form_cookie(place, None)
    cookies = {form.name: form.value}
    if role is not None:
        account = member(place, role)
        session = sessions.begin_session(
            place, account, stage="full", cookie_header=None, address="192.0.2.1", agent="test"
        )
        cookies[session.name] = session.value
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url=SITE, cookies=cookies)
    return client, sessions.make_form_token(place, header)


def changes(route: Any) -> bool:
    """Whether it is a form, or names a row by its number: what people with an account ask."""
    return "POST" in route.methods or any(
        name in route.path for name in ("{number}", "{account}", "{session}", "{token}")
    )


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CONTRIBUTOR, Role.REVIEWER, Role.MODERATOR, None])
async def test_no_route_fails_on_a_number_beyond_64_bits(api: FastAPI, place: Settings, role: Role | None) -> None:
    answers: dict[tuple[str, str], int] = {}
    client, token = browser(api, place, role)
    async with client:
        for at, route in enumerate(routes_of(api)):
            if route.path.startswith("/account/log") or (role is not None and not changes(route)):
                continue  # the session is to last
            number = NUMBERS[at % len(NUMBERS)] if role is None else NUMBERS[0]
            path = re.sub(r"\{[^}]*\}", number, route.path)
            for method in route.methods - {"HEAD", "OPTIONS"}:
                form = {"data": dict.fromkeys(FIELDS, number) | {"form_token": token}} if method == "POST" else {}
                asked: dict[str, Any] = {"params": {"page": number, "from": number, "id": number}, **form}
                answers[method, path[:80]] = (await client.request(method, path, **asked)).status_code
    assert len(answers) > 50
    assert [asked for asked, status in answers.items() if status >= 500 and status != 503] == []
    assert answers["POST", "/account/language"] != 403


async def test_a_number_no_database_holds_names_nothing(api: FastAPI, place: Settings) -> None:
    """It was a fault of ours, with a traceback."""
    client, token = browser(api, place, Role.ADMIN)
    async with client:
        most = 2**31 - 1
        for number, status in ((most - 1, 303), (most, 303), (most + 1, 422), (2**63, 422), (f"{most}.5", 422)):
            reply = await client.post(f"/account/sessions/{number}/end", data={"form_token": token})
            assert reply.status_code == status
