"""An installation with accounts on either database, people in it, and browsers that keep cookies."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from dashboard.accounts import credentials, login, people, tokens
from dashboard.accounts.model import Role
from dashboard.accounts.people import Rights
from dashboard.accounts.tables import Account
from dashboard.interfaces.api import problems
from dashboard.interfaces.api.app import add_accounts
from dashboard.interfaces.desk import routes
from dashboard.settings import Settings, settings

SITE = "https://monitor.test"
PASSWORD = "lantern orchid gravel 71"
_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')


class Counting(PasswordHasher):
    """argon2 with small values, so that tests are quick; says how often it worked."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.hashes = self.checks = 0

    def hash(self, *given: Any, **more: Any) -> str:
        """As the library's, counted."""
        self.hashes += 1
        return super().hash(*given, **more)

    def verify(self, *given: Any, **more: Any) -> Any:
        """As the library's, counted."""
        self.checks += 1
        return super().verify(*given, **more)


@pytest.fixture(autouse=True)
def hasher(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """What hashes passwords; attempts of one test do not count in the next."""
    login._get_limiter.cache_clear()
    made = Counting()
    monkeypatch.setattr(credentials, "_get_hasher", lambda: made)
    credentials._make_dummy_hash.cache_clear()
    return made


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation with accounts, its database migrated."""
    return Settings(
        data_dir=tmp_path / "data", database_url=database_url, public_url=SITE, secret="s" * 40,
        accounts={"enabled": True},
    )  # fmt: skip


@pytest.fixture
def api(place: Settings) -> FastAPI:
    """The routes of this room on that installation."""
    return serving(place)


def serving(place: Settings) -> FastAPI:
    """API and desks of people with an account, with these settings."""
    made = FastAPI()
    problems.install(made)
    add_accounts(made)
    routes.install(made, place)
    made.dependency_overrides[settings] = lambda: place
    return made


def routes_of(api: FastAPI) -> list[Any]:
    """Every route with its whole address, those of included routers too; each has ``path`` and ``methods``."""
    found: list[Any] = []
    for route in api.routes:
        found += route.effective_route_contexts() if hasattr(route, "effective_route_contexts") else [route]
    return [route for route in found if getattr(route, "methods", None)]


class Browser:
    """A browser: it keeps cookies and sends the form token of the page it is on."""

    def __init__(self, api: FastAPI, address: str = "192.0.2.10") -> None:
        transport = httpx.ASGITransport(app=api, raise_app_exceptions=False, client=(address, 5000))
        self.client = httpx.AsyncClient(transport=transport, base_url=SITE)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Ask for a page."""
        return await self.client.get(path, **options)

    async def post(self, path: str, on: str = "", **fields: str) -> httpx.Response:
        """Send a form that stands on the page ``on`` (where it is sent to, unless told)."""
        found = _TOKEN.search((await self.get(on or path)).text)
        assert found, f"no form on {on or path}"
        return await self.client.post(path, data={"form_token": found[1], **fields})

    async def log_in(self, email: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
        """Fill in the login form."""
        return await self.post("/account/login", email=email, password=password, **fields)

    @property
    def session(self) -> str:
        """The session cookie; "" for none."""
        return self.client.cookies.get("__Host-monitor-session") or ""

    @property
    def cookie_header(self) -> str:
        """The cookies as a websocket's handshake sends them."""
        return "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())


@pytest.fixture
async def browser(api: FastAPI) -> AsyncIterator[Browser]:
    """A browser that nobody has used."""
    made = Browser(api)
    yield made
    await made.client.aclose()


@pytest.fixture
async def other(api: FastAPI) -> AsyncIterator[Browser]:
    """The browser of somebody else."""
    made = Browser(api, "198.51.100.20")
    yield made
    await made.client.aclose()


Member = Callable[..., Account]


@pytest.fixture
def member(place: Settings) -> Member:
    """Makes a person who has accepted the invitation."""

    def made(email: str = "aysel@stat.test", role: Role = Role.CONTRIBUTOR, **more: str) -> Account:
        rights = Rights(role, *(("AZE", "State Statistical Committee") if role.of_country else ("", "Office")))
        invitation = people.invite(place, email=email, rights=rights, **more)
        people.accept(place, invitation.link.split("token=")[1].split("&")[0], PASSWORD, "Aysel")
        found = people.find_account(place, invitation.account.id)
        assert found is not None
        return found

    return made


@pytest.fixture
def with_codes(place: Settings) -> Callable[[Account], pyotp.TOTP]:
    """Gives a person an authenticator app."""

    def made(account: Account) -> pyotp.TOTP:
        from dashboard.accounts import store
        from dashboard.evidence.database.engine import open_engine, writing

        secret = credentials.generate_code_secret()
        with writing(open_engine(place)) as connection:
            store.change_account(connection, account.id, totp=tokens.encrypt(place, secret))
        return pyotp.TOTP(secret)

    return made
