"""An installation with a small dataset of its own that is published again and again, and a mail server that keeps."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dashboard import settings as settings_module
from dashboard.evidence.codebook.loader import DATA, hash_folder
from dashboard.evidence.database.engine import open_engine
from dashboard.evidence.dataset.publish import publish
from dashboard.interfaces.desk.follow import pages
from dashboard.interfaces.protection import rates
from dashboard.interfaces.subscriptions import signup, sweep
from dashboard.interfaces.subscriptions.model import FollowedSubject
from dashboard.interfaces.subscriptions.webhook import PostOutcome
from dashboard.settings import Settings, settings
from tests.evidence.database.figures import NONE, figure, figures, issue

SITE = "https://monitor.test"
NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
READER = "reader@office.test"
WGI = {"indicator": "wgi_cc", "source": "world_bank", "series": "GOV_WGI_CC.EST", "unit": "score", "nature": ""}
UGANDA = FollowedSubject(countries=("UGA",))


def wgi(country: str, value: float, edition: str = "WGI 2025 edition", year: int = 2023) -> dict[str, Any]:
    """A figure on control of corruption."""
    return figure(value, country=country, period=str(year), edition=edition, **WGI)


@dataclass
class Place:
    """An installation: its settings, what its mail server took, and what webhooks were told."""

    settings: Settings
    letters: list[EmailMessage] = field(default_factory=list)
    told: list[tuple[str, str, str, bytes]] = field(default_factory=list)
    outcome: PostOutcome = field(default_factory=lambda: PostOutcome("taken"))
    ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def publish(self, *rows: dict[str, Any]) -> None:
        """Publish a vintage in which these figures stand for those of before of the same country and indicator."""
        added = figures(*rows)
        keys = [(one["indicator"], one["country"]) for one in added.iter_rows(named=True)]
        old = [self.ids[key] for key in keys if key in self.ids]
        engine = open_engine(self.settings)
        issue(engine, added, old or NONE)
        self.ids |= dict(zip(keys, added["id"].to_list(), strict=True))
        publish(engine, self.settings.dataset_dir, hash_folder(DATA))

    def send(self, _: Settings, letter: EmailMessage) -> None:
        """Take a letter."""
        self.letters.append(letter)

    def post(self, url: str, secret: str, message_id: str, body: bytes, _: datetime) -> PostOutcome:
        """Take a message."""
        self.told.append((url, secret, message_id, body))
        return self.outcome

    def sweep(self, now: datetime = NOW) -> int:
        """Send what is due."""
        return sweep.sweep(self.settings, now, self.send, self.post)

    def ask(self, subject: FollowedSubject = UGANDA, now: datetime = NOW, **wish: Any) -> str:
        """Ask to be told; gives the secret of a webhook."""
        wished = {"channel": "mail", "to": READER, "lang": "en", "days": 1} | wish
        return signup.request(self.settings, signup.FollowWish(subject, **wished), now)

    def follow(self, subject: FollowedSubject = UGANDA, now: datetime = NOW, **wish: Any) -> str:
        """Ask, and confirm what was asked; gives the secret of a webhook."""
        secret = self.ask(subject, now, **wish)
        self.sweep(now)
        if wish.get("channel") == "webhook":
            link = self.told.pop()[3].decode().partition("/follow/confirm/")[2].partition('"')[0]
        else:
            link = link_of(self.letters.pop(), "confirm")
        assert signup.confirm(self.settings, link, now) is not None
        return secret


def link_of(letter: EmailMessage, deed: str) -> str:
    """The token of a link in a letter."""
    return words_of(letter).partition(f"{SITE}/follow/{deed}/")[2].partition("?")[0]


def words_of(letter: EmailMessage) -> str:
    """What a letter says."""
    return str(letter.get_body(("plain",)).get_content())


@pytest.fixture
def place(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """With one vintage of two countries."""
    folder = tmp_path / "data"
    monkeypatch.setenv("MONITOR_DATA_DIR", str(folder))
    settings_module.settings.cache_clear()
    made = Place(
        Settings(
            data_dir=folder, database_url=database_url, public_url=SITE, secret="s" * 40,
            mail={"host": "mail.test", "sender": "monitor@monitor.test"},
        )
    )  # fmt: skip
    made.publish(wgi("UGA", -1.05), wgi("KEN", -0.7))
    yield made
    settings_module.settings.cache_clear()


@pytest.fixture
async def browser(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that keeps no cookie on the pages of this desk."""
    rates._cached_limiter = None
    api = FastAPI()
    api.include_router(pages.router)
    api.dependency_overrides[settings] = lambda: place.settings
    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False, client=("192.0.2.10", 5000))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
        yield client


def days(number: float) -> timedelta:
    """So many days."""
    return timedelta(days=number)
