"""One administrator against two people: tries every route in every order, and must never bring anything to readers.

The attacker has an administrator's account and every mailbox at ``@invented.test``; other people's mail, passwords and
devices they have not. A ``World`` is one installation; ``Attack`` makes random moves in it through the real HTTP routes
of accounts, submissions, actions and voices, and ``Attack.look`` finds what they have reached. ``PUBLISHING`` and
``ELSEWISE`` name every route that takes a form: one that is in neither fails a test.

    python -m tests.accounts.alone --count 200 --moves 200     # the long form, for a night
"""

import argparse
import asyncio
import random
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pyotp
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import text

from dashboard.accounts import credentials, login, mail, people, store
from dashboard.accounts.model import Impossible, Principal, Role, State, list_scopes
from dashboard.accounts.people import Rights
from dashboard.contributions.actions import store as decisions
from dashboard.contributions.actions.workflow import waiting
from dashboard.contributions.delivery.model import Centre
from dashboard.contributions.delivery.store import save_centres
from dashboard.contributions.submissions import deadlines, inbox, intake, workflow
from dashboard.contributions.submissions import store as sent
from dashboard.contributions.submissions.kinds.figures import FiguresKind
from dashboard.contributions.submissions.model import MOVES
from dashboard.contributions.submissions.reading.process import FileReading
from dashboard.contributions.voice import store as voice
from dashboard.contributions.voice.inbox import keyring, new_key
from dashboard.contributions.voice.intake import take
from dashboard.contributions.voice.model import Intake
from dashboard.contributions.voice.moderation import complaints
from dashboard.contributions.voice.publication import release, views
from dashboard.contributions.voice.review import Reviewer, give_label
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database.engine import migrate, open_engine, reading, writing
from dashboard.interfaces.api import problems
from dashboard.interfaces.api.app import add_accounts
from dashboard.interfaces.desk import routes
from dashboard.settings import Settings, settings
from tests.accounts.conftest import routes_of
from tests.contributions.submissions.conftest import YEAR, workbook

SITE = "https://monitor.test"
PASSWORD = "lantern orchid gravel 71"
MINE = "@invented.test"
OWN = tuple(f"{name}@invented.test" for name in ("one", "two", "three", "four", "five"))
AIMS = dict(zip(OWN, (Role.CONTRIBUTOR, Role.APPROVER, Role.REVIEWER, Role.MODERATOR, Role.OFFICER), strict=True))
"""What each invented person is for."""
REAL = (
    "reviewer@office.test", "second@office.test", "contributor@stat.test", "approver@ministry.test",
    "moderator@ministry.test",
)  # fmt: skip
PUBLISHING = {
    "/contribute/{number}/move": "decide",
    "/contribute/{number}/reopen": "decide",
    "/offices/conflicts/{number}": "decide",
    "/api/v1/submissions/{number}/approve": "decide_by_token",
    "/api/v1/submissions/{number}/publish": "decide_by_token",
    "/api/v1/opinions": "send_opinions",
    "/voice/review/batches/{number}": "let_in",
    "/voice/review/release": "speak",
    "/voice/review/{id_}/sort": "speak",
    "/voice/review/{id_}/decide": "speak",
    "/voice/review/{id_}/answer": "speak",
    "/voice/review/answers": "speak",
    "/voice/integrity/{id_}/back": "speak",
    "/voice/integrity/{id_}/answer": "speak",
    "/actions/desk/open": "judge",
    "/actions/desk/{number}/move": "judge",
}
"""Route by which something comes to readers, or comes nearer to them → the move of ``Attack`` that tries it."""

ELSEWISE = {
    "of one's own account": (
        "/account/code", "/account/codes", "/account/codes/remove", "/account/forgotten", "/account/language",
        "/account/link", "/account/login", "/account/logout", "/account/password", "/account/sessions/{session}/end",
        "/account/tokens", "/account/tokens/{token}/end",
    ),
    "makes and changes accounts": (
        "/account/colleagues/{account}/confirm", "/admin/invite", "/admin/people/{account}/codes",
        "/admin/people/{account}/link", "/admin/people/{account}/revoke", "/admin/people/{account}/rights",
    ),
    "what is sent, which another approves and a third publishes": (
        "/contribute/drafts", "/contribute/grid", "/contribute/indicators", "/contribute/not-reported",
        "/contribute/pull", "/contribute/pull/{number}/remove", "/contribute/upload", "/contribute/{number}/columns",
        "/contribute/{number}/method", "/contribute/{number}/release", "/contribute/{number}/survey",
        "/api/v1/submissions", "/api/v1/submissions/{number}/submit", "/api/v1/submissions/{number}/release",
    ),
    "words between people with accounts, or takes back": (
        "/contribute/{number}/comment", "/api/v1/submissions/{number}/comment", "/api/v1/submissions/{number}/return",
        "/api/v1/submissions/{number}/take-back", "/api/v1/submissions/{number}/withdraw",
        "/voice/integrity/{id_}/note",
    ),
    "takes words away": ("/voice/review/{id_}/delete", "/voice/review/{id_}/hide"),
    "the classifier learns from people's labels": ("/voice/review/train",),
    "names and days, no figure": (
        "/offices/add", "/offices/assign", "/offices/deadline", "/offices/{number}/name", "/review/deadline",
        "/review/reported",
    ),
    "everybody's, without an account": (
        "/api/v1/check", "/check/", "/follow/", "/follow/confirm/{token}", "/follow/stop/{token}", "/voice/{centre}/",
    ),
}  # fmt: skip
"""Why a route that takes a form brings nothing to readers → such routes."""

READ: list[FileReading] = []
"""What the reading process found in the workbook, once: what is in a file is not what is tried here."""

_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')


class Breach(AssertionError):
    """The attacker has reached what takes two people."""


@dataclass
class World:
    """One installation on a database of its own, its people, and what was mailed to whom."""

    settings: Settings
    api: FastAPI
    post: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    opinions: list[str] = field(default_factory=list)

    def account(self, email: str) -> Any:
        """The account of an address, or None."""
        return people.find_by_email(self.settings, email)

    def submissions(self) -> list[Any]:
        """All submissions."""
        with reading(open_engine(self.settings)) as connection:
            return sent.listing(connection)

    def shown(self) -> dict[str, Any]:
        """All that readers see of voices and decisions."""
        database = open_engine(self.settings)
        return {
            "counts": views.list_counts(database, "AZE"),
            "answered": views.answered(database, "AZE", "en"),
            "complaints": [case.words for case, _ in voice.cases(database, "AZE")],
            "decisions": [(one.kind, one.state, one.words) for one in decisions.listing(database, "AZE")],
        }


def build(folder: Path, *, mailing: bool = True, people_there: bool = True, database: str = "") -> World:
    """An installation whose operator has invited the attacker and, where ``people_there``, four real people.

    The real ones have sent two files: one waits for approval, one for publication. They do nothing more.
    """
    place = Settings(
        data_dir=folder, database_url=database or None, public_url=SITE, secret="s" * 40, accounts={"enabled": True},
        mail={"host": "mail.test" if mailing else ""}, voice={"keys": (new_key("one"),)},
    )  # fmt: skip
    place = place.model_copy(
        update={"accounts": place.accounts.model_copy(update={"attempts": 10**6, "address_attempts": 10**6})}
    )
    migrate(place)
    api = FastAPI()
    problems.install(api)
    add_accounts(api)
    routes.install(api, place)
    api.dependency_overrides[settings] = lambda: place
    world = World(place, api)
    _join(world, "admin" + MINE, Rights(Role.ADMIN))
    _hear(world)
    if people_there:
        ministry = (
            Rights(Role.CONTRIBUTOR, "AZE", "State Committee"), Rights(Role.APPROVER, "AZE", "Ministry"),
            Rights(Role.MODERATOR, "AZE", "Ministry"),
        )  # fmt: skip
        for email, rights in zip(REAL, (Rights(Role.REVIEWER), Rights(Role.REVIEWER), *ministry), strict=True):
            _join(world, email, rights)
        contributor, approver = (store.make_principal(world.account(email)) for email in REAL[2:4])
        workflow.make(place, contributor, _send(world, contributor, YEAR).id, "submit")
        other = _send(world, contributor, str(int(YEAR) - 1))
        workflow.make(place, contributor, other.id, "submit")
        workflow.make(place, approver, other.id, "approve")
    world.post.clear()
    return world


def _join(world: World, email: str, rights: Rights) -> None:
    link = people.invite(world.settings, email=email, rights=rights).link or world.post[email][-1]
    people.accept(world.settings, link.split("token=")[1].split("&")[0], PASSWORD, "A Name")


def _hear(world: World) -> None:
    """Citizens have spoken by the form: what may be told is told, one has complained, and a year is overdue."""
    database, now = open_engine(world.settings), datetime.now(UTC)
    before = (now.replace(day=1) - timedelta(days=1)).date()
    save_centres(database, [Centre("baku-1", "AZE", "Bakı 1", date(2020, 1, 1), form=True)])
    said = [Intake(f"{at:032d}", "baku-1", before, text="slow queue", kind="complaint") for at in range(12)]
    take(database, keyring(world.settings), "AZE", said, now)
    world.opinions = [one.id for one in said]
    for one in said:
        give_label(database, Reviewer("before", frozenset({"AZE"})), one.id, "complaint", "waiting", now)
    complaints.give_numbers(database, world.opinions[:1], now)
    release.publish(world.settings, "AZE", now)
    deadlines.set_due(
        world.settings, store.make_principal(world.account("admin" + MINE)), ["AZE"], "2012", date(2013, 1, 31)
    )


def _send(world: World, by: Principal, period: str) -> Any:
    part = inbox.begin(world.settings)
    part.write(workbook())
    made = intake.receive(world.settings, by, part.finish(), filename="f.xlsx", period=period, lang="en")
    return intake.check(world.settings, load_codebook(), by, made.id)


class Attack:
    """Random moves of one administrator who controls some mailboxes; every session they win is a further hand."""

    def __init__(self, world: World, seed: int, mailboxes: Callable[[str], bool]) -> None:
        self.world, self.random, self.mailboxes = world, random.Random(seed), mailboxes
        self.browsers: dict[str, httpx.AsyncClient] = {}
        self.devices: dict[str, str] = {}
        self.links: set[str] = set()
        self.told: list[str] = []
        self.tokens: dict[str, str] = {}
        self.before = {one.id: one.state for one in world.submissions()}
        self.shown = world.shown()
        self.theirs = {"admin" + MINE: PASSWORD}
        self.paths = sorted(
            {one.path for one in routes_of(world.api) if "POST" in one.methods and "upload" not in one.path}
        )

    async def run(self, moves: int) -> None:
        """Make so many moves, and look after each.

        Raises:
            Breach: with every move that led there.
        """
        await self.enter()
        kinds: list[tuple[Callable[[], Any], int]] = [
            (self.invite, 6), (self.follow, 5), (self.enter, 5), (self.decide, 8), (self.upload, 3), (self.confirm, 2),
            (self.change, 3), (self.reset, 3), (self.forget, 1), (self.anything, 4), (self.wait, 1),
            (self.send_opinions, 2), (self.let_in, 2), (self.speak, 2), (self.judge, 2),
            (self.decide_by_token, 2), (self.schedule, 2),
        ]  # fmt: skip
        try:
            for _ in range(moves):
                (move,) = self.random.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])
                done = await move()
                self.told.append(f"{move.__name__} {done or ''}".strip())
                self.look()
        finally:
            for browser in self.browsers.values():
                await browser.aclose()

    def look(self) -> None:
        """Compare with what was there before the attack."""
        for one in sorted(self.world.submissions(), key=lambda it: it.state != "published"):
            was = self.before.get(one.id, "draft")
            if one.state == "published" or (one.state == "approved" and was != "approved"):
                raise Breach(f"submission {one.id} is {one.state}:\n" + "\n".join(self.told))
        for name, now in self.world.shown().items():
            if now != self.shown[name]:
                raise Breach(f"readers see other {name}:\n" + "\n".join(self.told))

    async def post(self, who: str, path: str, **fields: str) -> httpx.Response:
        """Send a form in a browser; nothing that comes back may hold a link of somebody."""
        answer = await self.browsers[who].post(path, data={"form_token": self.tokens[who], **fields})
        if "/account/link?token=" in answer.text or "/account/link?token=" in answer.headers.get("location", ""):
            raise Breach(f"{path} shows a link:\n" + "\n".join(self.told))
        if answer.status_code >= 500:
            raise Breach(f"{path} {fields}: {answer.status_code}")
        return answer

    def one(self, of: Any) -> Any:
        """Any of these."""
        return self.random.choice(sorted(of))

    @property
    def admins(self) -> list[str]:
        """Sessions that administer."""
        return [who for who in self.browsers if (it := self.world.account(who)) and it.role is Role.ADMIN]

    def number(self) -> int:
        """The number of any account."""
        return self.random.choice([one.id for one in people.list_accounts(self.world.settings)])

    def rights(self, email: str = "") -> dict[str, str]:
        """Any role, in the country of the real people; for an invented person mostly the one that is wanted of it."""
        aim = AIMS.get(email)
        role = aim if aim and self.random.random() < 0.7 else self.random.choice(list(Role))
        return {"role": role.value, "country": "AZE" if role.of_country else "", "office": "An office"}

    async def plan(self, *moves: str) -> None:
        """The shortest way there would be: invent people, and let them do what so many people do.

        Args:
            moves: what they do; figures are sent, approved and published where none is named.

        Raises:
            Breach: it came through.
        """
        try:
            await self.enter()
            for email, role in AIMS.items():
                await self.invite(email, role)
            for move in ("follow", "enter", "confirm", *(moves or ("upload", "decide", "decide"))):
                self.told.append(f"{move} {await getattr(self, move)()}")
            self.look()
        finally:
            for browser in self.browsers.values():
                await browser.aclose()

    async def takeover(self, email: str) -> None:
        """Reset somebody's password and codes, and enter as them.

        Raises:
            Breach: it came through.
        """
        try:
            await self.enter()
            number = self.world.account(email).id
            for move in ("link", "codes"):
                await self.post(self.one(self.admins), f"/admin/people/{number}/{move}")
            for step in (self.follow, self.enter, self.decide):
                self.told.append(f"{step.__name__} {await step()}")
            self.look()
        finally:
            for browser in self.browsers.values():
                await browser.aclose()

    async def invite(self, email: str = "", role: Role | None = None) -> str:
        """Invite somebody, invented or real."""
        email = email or self.one(OWN if self.random.random() < 0.8 else REAL)
        given = self.rights(email) | ({"role": role.value} if role else {})
        given["country"] = "AZE" if Role(given["role"]).of_country else ""
        await self.post(self.one(self.admins), "/admin/invite", email=email, name="N", language="en", **given)
        return f"{email} {given['role']}"

    async def follow(self) -> str:
        """Follow every link in a mailbox of one's own."""
        done = []
        for email, links in self.world.post.items():
            if not self.mailboxes(email):
                continue
            for link in links:
                secret = link.split("token=")[1].split("&")[0]
                if secret in self.links:
                    continue
                self.links.add(secret)
                async with self.client() as browser:
                    found = _TOKEN.search((await browser.get("/account/login")).text)
                    assert found
                    form = {"form_token": found[1], "token": secret, "password": PASSWORD, "again": PASSWORD}
                    await browser.post("/account/link", data={**form, "name": "N"})
                self.theirs[email] = PASSWORD
                done.append(email)
        return ", ".join(done)

    async def enter(self) -> str:
        """Log in wherever one can, and set up codes where they are asked for."""
        done = []
        for email in self.theirs:
            browser = self.browsers.get(email)
            if browser and (await browser.get("/account/")).status_code == 200:
                continue
            if browser:
                await browser.aclose()
                del self.browsers[email]
            browser = self.client()
            if await self.log_in(browser, email):
                self.browsers[email] = browser
                done.append(email)
            else:
                await browser.aclose()
        return ", ".join(done)

    async def log_in(self, browser: httpx.AsyncClient, email: str) -> bool:
        """Password, and code; whether that was enough."""

        async def form(path: str) -> tuple[str, str]:
            page = (await browser.get(path)).text
            found = _TOKEN.search(page)
            return (found[1] if found else ""), page

        token, _ = await form("/account/login")
        answer = await browser.post(
            "/account/login", data={"form_token": token, "email": email, "password": self.theirs[email]}
        )
        to = answer.headers.get("location", "")
        if "/account/codes" in to:
            token, page = await form("/account/codes")
            sealed = re.search(r'name="secret" value="([^"]+)"', page)
            key = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
            assert sealed
            assert key
            self.devices[email] = key[1].replace(" ", "")
            code = pyotp.TOTP(self.devices[email]).now()
            await browser.post("/account/codes", data={"form_token": token, "secret": sealed[1], "code": code})
        elif "/account/code" in to:
            if email not in self.devices:
                return False
            with writing(open_engine(self.world.settings)) as connection:  # as if the next half minute had begun
                connection.execute(text("UPDATE account SET totp_step = 0"))
            token, _ = await form("/account/code")
            code = pyotp.TOTP(self.devices[email]).now()
            await browser.post("/account/code", data={"form_token": token, "code": code})
        token, page = await form("/account/")
        self.tokens[email] = token
        return 'action="/account/language"' in page

    async def decide(self) -> str:
        """Every move of every session on every submission."""
        for who in sorted(self.browsers):
            for one in self.world.submissions():
                for move in ("submit", "approve", "publish"):
                    await self.post(who, f"/contribute/{one.id}/move", move=move)
        return ", ".join(self.browsers)

    async def decide_by_token(self) -> str:
        """Approve and publish every submission by a token of every session."""
        for who in sorted(self.browsers):
            for one in self.world.submissions():
                for move in ("submit", "approve", "publish"):
                    await self.by_token(who, f"/api/v1/submissions/{one.id}/{move}", {})
        return ", ".join(self.browsers)

    async def by_token(self, who: str, path: str, body: dict[str, Any]) -> int:
        """Send JSON with a new token that carries all that its owner may give away; the status of the answer."""
        account = self.world.account(who)
        scopes = [scope.value for scope in list_scopes(account.role)] if account.state is State.ACTIVE else []
        if not scopes:
            return 0
        owner, coded = store.make_principal(account), who in self.devices
        try:
            token = people.make_token(self.world.settings, owner, "t", scopes=scopes, confirmed=coded)
        except Impossible:
            return 0
        async with self.client() as program:
            answer = await program.post(path, json=body, headers={"Authorization": f"Bearer {token}"})
        if answer.status_code >= 500:
            raise Breach(f"{path}: {answer.status_code}")
        return int(answer.status_code)

    async def send_opinions(self) -> str:
        """Send a file of invented opinions of last month by a token of each session."""
        day = (datetime.now(UTC).replace(day=1) - timedelta(days=1)).date().isoformat()
        words = "gözləmə çox uzun idi"
        rows = [
            {"id": f"{self.random.random()}{at}".replace(".", "-"), "centre": "baku-1", "said_on": day, "text": words}
            for at in range(15)
        ]
        done = [f"{who} {await self.by_token(who, '/api/v1/opinions', {'opinions': rows})}" for who in self.browsers]
        return ", ".join(done)

    async def let_in(self) -> str:
        """Approve every file of opinions, by every session."""
        for who in sorted(self.browsers):
            for number in range(1, 8):
                await self.post(who, f"/voice/review/batches/{number}", what="approve")
        return ", ".join(self.browsers)

    async def speak(self) -> str:
        """All that a moderator or an officer may do, by every session, on what citizens have said."""
        month = f"{datetime.now(UTC).replace(day=1) - timedelta(days=1):%Y-%m}"
        for who in sorted(self.browsers):
            for id_ in self.world.opinions[:2]:
                await self.post(who, f"/voice/review/{id_}/sort", kind="praise", theme="staff")
                await self.post(who, f"/voice/review/{id_}/decide", what="released")
                await self.post(who, f"/voice/review/{id_}/answer", words="An answer", language="az")
                await self.post(who, f"/voice/integrity/{id_}/back")
                await self.post(who, f"/voice/integrity/{id_}/answer", words="An answer", language="az")
            said = {"theme": "waiting", "period": month, "language": "en", "said": "You said", "did": "We did"}
            await self.post(who, "/voice/review/answers", **said)
            await self.post(who, "/voice/review/release")
        return ", ".join(self.browsers)

    async def judge(self) -> str:
        """Open a decision on whatever calls for one, and close it, by every session."""
        due = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
        for who in sorted(self.browsers):
            for signal in waiting(self.world.settings, "AZE", datetime.now(UTC)):
                await self.post(who, "/actions/desk/open", key=signal.key, owner="An office", due=due)
            for number in (1, 2):
                await self.post(who, f"/actions/desk/{number}/move", move="decline", words="No")
        return ", ".join(self.browsers)

    async def schedule(self) -> str:
        """The next month comes, and with it what is published by itself."""
        later = datetime.now(UTC).replace(day=20) + timedelta(days=31)
        return str(len(release.publish_due(self.world.settings, later)))

    async def upload(self) -> str:
        """Send a file of another year."""
        senders = [who for who in self.browsers if (it := self.world.account(who)) and it.role is Role.CONTRIBUTOR]
        who = self.one(senders or self.browsers)
        form = {"form_token": self.tokens[who], "period": str(int(YEAR) - self.random.randint(0, 6))}
        answer = await self.browsers[who].post("/contribute/upload", data=form, files={"file": ("f.xlsx", workbook())})
        return f"{who} {answer.status_code}"

    async def confirm(self) -> str:
        """Every session says of every account that it is the person."""
        for who in sorted(self.browsers):
            for one in people.list_accounts(self.world.settings):
                await self.post(who, f"/account/colleagues/{one.id}/confirm")
        return ""

    async def change(self) -> str:
        """Give somebody another role."""
        number = self.number()
        found = people.find_account(self.world.settings, number)
        given = self.rights(found.email if found else "")
        await self.post(self.one(self.admins), f"/admin/people/{number}/rights", reason="r", **given)
        return f"{number} {given['role']}"

    async def reset(self) -> str:
        """Send a link, take codes away, or end an account."""
        number, move = self.number(), self.random.choices(("link", "codes", "revoke"), (4, 4, 1))[0]
        await self.post(self.one(self.admins), f"/admin/people/{number}/{move}", reason="r")
        return f"{move} {number}"

    async def forget(self) -> str:
        """Ask for a password in another's name."""
        email = self.one((*OWN, *REAL))
        await self.post(self.one(self.browsers), "/account/forgotten", email=email)
        return email

    async def anything(self) -> str:
        """Any form of any room, with fields that might fit."""
        who, path = self.one(self.browsers), self.random.choice(self.paths)
        if path in ("/account/logout", "/account/password", "/account/codes", "/account/code", "/account/login"):
            return ""
        numbers = [*range(1, 8)]
        full = re.sub(r"{[^}]*}", lambda _: str(self.random.choice(numbers)), path)
        fields = {
            "email": self.one((*OWN, *REAL)), "name": "N", "language": "en", "reason": "r", "words": "w",
            "move": self.random.choice([*MOVES, "check"]), "period": YEAR, "country": "AZE",
            "day": "2027-01-01", **self.rights(),
        }  # fmt: skip
        answer = await self.post(who, full, **fields)
        return f"{who} {full} {answer.status_code}"

    async def wait(self) -> str:
        """Let time pass: what was given, and until when somebody is held, lies further back."""
        days = self.random.choice((1, 4, 31, 400))
        with writing(open_engine(self.world.settings)) as connection:
            for one in store.list_accounts(connection):
                moments = {
                    name: moment - timedelta(days=days)
                    for name in ("given_at", "held_until")
                    if (moment := getattr(one, name)) is not None
                }
                if moments:
                    store.change_account(connection, one.id, **moments)
        return f"{days} days"

    def client(self) -> httpx.AsyncClient:
        """A browser nobody has used."""
        transport = httpx.ASGITransport(app=self.world.api, client=("192.0.2.10", 5000))
        return httpx.AsyncClient(transport=transport, base_url=SITE, timeout=120)


def quick() -> list[Any]:
    """What keeps an attack quick: a small argon2, mail that is kept and a file that was read before."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    read = FiguresKind.read

    def once(*given: Any) -> FileReading:
        if not READ:
            READ.append(read(*given))
        return READ[0]

    return [
        mock.patch.object(credentials, "_get_hasher", return_value=hasher),
        mock.patch.object(FiguresKind, "read", once),
        mock.patch.object(FiguresKind, "find_conflicts", return_value=[]),
    ]


def attack(folder: Path, seed: int, moves: int, way: Callable[[Attack], Any] | None = None, **how: Any) -> None:
    """One world, one attack: ``moves`` at random, or one ``way``.

    Raises:
        Breach: it came through.
    """
    mailboxes = how.pop("mailboxes", lambda it: it.endswith(MINE))
    credentials._make_dummy_hash.cache_clear()
    login._get_limiter.cache_clear()
    post: dict[str, list[str]] = defaultdict(list)

    def take(_: Settings, message: EmailMessage) -> None:
        body = str(message.get_content())
        if "/account/link?token=" in body:
            post[str(message["To"])].append(next(it for it in body.splitlines() if "token=" in it))

    with mock.patch.object(mail, "send", take):
        with mock.patch.object(mail, "is_configured", return_value=False):
            world = build(folder, **how)
        world.post = post
        made = Attack(world, seed, mailboxes)
        asyncio.run(way(made) if way else made.run(moves))
    open_engine(world.settings).dispose()


def main() -> int:
    """Count attacks of each kind; 1 where one came through."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--moves", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for patch in quick():
        patch.start()
    for seed in range(given.seed, given.seed + given.count):
        for there in (True, False):
            with tempfile.TemporaryDirectory() as folder:
                try:
                    attack(Path(folder), seed, given.moves, people_there=there)
                except Breach as breach:
                    print(f"seed {seed}, people {there}: {breach}")  # noqa: T201
                    return 1
    print(f"{given.count} attacks of {given.moves} moves with and without other people: none came through")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
