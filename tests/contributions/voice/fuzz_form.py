"""``make fuzz`` of the citizens' form: strange and damaged requests; none may break it, none be kept wrongly.

``COUNT`` sets how many, ``SEED`` which ones; ``python -m tests.contributions.voice.fuzz_form SEED NUMBER`` sends one
again. The form runs on an SQLite database of its own. A fault is an exception, an answer of 500 or more, thanks for
what is not kept once, something kept that nobody was thanked for, a day or a rating that was not sent, words of one
visitor on another's page, or a number that opens no page.
"""

import asyncio
import os
import random
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from dashboard.accounts import store as accounts
from dashboard.contributions.delivery.model import Centre
from dashboard.contributions.delivery.store import save_centres
from dashboard.contributions.voice import store
from dashboard.contributions.voice.form.words import languages
from dashboard.contributions.voice.inbox import new_key
from dashboard.evidence.database.engine import migrate, open_engine, writing
from dashboard.interfaces.api import problems
from dashboard.interfaces.desk.centre_form import form
from dashboard.settings import Settings, VoiceSettings
from tests.contributions.submissions.fuzz import damage, look_at_each, main

CENTRE = Centre("baku-1", "AZE", "Bakı 1", date(2020, 1, 1), services=(("id", "az:Vəsiqə|en:Card"),), form=True)
SECRETS = ("050 123 45 67", "AZE12345678", "x" * 4_000)
STRANGE = (
    "", " ", "\x00", "\ud83d", "🙂" * 1_000, "\u202e\u2066", "<script>alert(1)</script>", "' OR 1=1 --", "{{ 7*7 }}",
    "%s%n", "../../etc/passwd", "a" * 5_000, "\r\nSet-Cookie: a=b", "1e999", "-1", "NaN", "٣", "true", "2026-13-45",
    "0001-01-01", "9999-12-31", "=1+1", "\ufeff", "ﷺ" * 300, "\t\t\n", "0" * 70, "é" * 64, "null",
)  # fmt: skip
FIELDS = ("id", "day", "service", "rating", "lang", "text", "kind", "integrity", "access", "affordability", "website")
KEPT_IN = 303


@dataclass
class FormRequest:
    """What is sent: to which address, with which body and heads; ``fields`` where it is a form that can be read."""

    kind: str
    path: str
    body: bytes
    headers: Mapping[str, str]
    fields: Mapping[str, str] | None = None


def make(seed: int, number: int) -> FormRequest:
    """The request of this number; each has an id of its own."""
    chance = random.Random(f"form {seed} {number}")
    kind = chance.choices(list(KINDS), [share for share, _ in KINDS.values()])[0]
    return KINDS[kind][1](kind, chance, f"{seed:04}{number:08}".ljust(32, "f"))


def _usual(chance: random.Random, id_: str) -> dict[str, str]:
    """What most people send."""
    day = datetime.now(UTC).date() - timedelta(days=chance.randrange(0, 20))
    words = chance.choice(
        ("The queue was long", "Növbə uzun idi", "The lift is broken", "спасибо", "", "كان الطابور طويلا")
    )
    return {
        "id": id_, "day": day.isoformat(), "service": chance.choice(("id", "other", "")),
        "lang": chance.choice(languages()),
        "rating": str(chance.randrange(1, 5)), "text": f"{words} {chance.choice(('', *SECRETS[:2]))}".strip(),
        "kind": chance.choice(("", "opinion", "complaint", "suggestion", "praise")),
    }  # fmt: skip


def _form(kind: str, chance: random.Random, id_: str) -> FormRequest:
    """A form of which some fields are strange, are left out, or come twice."""
    fields = _usual(chance, id_)
    for name in chance.sample(FIELDS, chance.choice((0, 0, 1, 1, 2, 4))):
        fields[name] = chance.choice((*STRANGE, *SECRETS))
    for name in chance.sample(FIELDS, chance.choice((0, 0, 0, 1))):
        fields.pop(name, None)
    pairs = [(name, value.encode("utf-8", "surrogatepass")) for name, value in fields.items()]
    if chance.random() < 0.05:
        name, value = chance.choice(FIELDS), chance.choice(STRANGE)
        pairs.append((name, value.encode("utf-8", "surrogatepass")))
        fields[name] = value  # the last one counts
    return FormRequest(kind, "/voice/baku-1/", urlencode(pairs).encode(), _heads(chance), fields)


def _torn(kind: str, chance: random.Random, id_: str) -> FormRequest:
    """A usual body of which bytes were changed, cut out, doubled or cut off."""
    return FormRequest(kind, "/voice/baku-1/", damage(urlencode(_usual(chance, id_)).encode(), chance), _heads(chance))


def _large(kind: str, chance: random.Random, id_: str) -> FormRequest:
    """Too many bytes, or too many fields."""
    fields = _usual(chance, id_)
    more = (
        "&".join(f"f{at}=1" for at in range(200))
        if chance.random() < 0.5
        else f"text={'a' * chance.randrange(60_000, 90_000)}"
    )
    return FormRequest(kind, "/voice/baku-1/", f"{urlencode(fields)}&{more}".encode(), _heads(chance))


def _page(kind: str, chance: random.Random, id_: str) -> FormRequest:
    """A page that is asked for in a strange way."""
    code = quote(chance.choice(("baku-1", *STRANGE)).encode("utf-8", "surrogatepass")[:200], safe="")
    path = chance.choice((f"/voice/{code}/", f"/voice/{code}/thanks/", f"/voice/number/{code}/"))
    asked = {name: chance.choice(STRANGE).encode("utf-8", "surrogatepass") for name in ("lang", "service")}
    return FormRequest(kind, f"{path}?{urlencode(asked)}", b"", _heads(chance))


KINDS: Mapping[str, tuple[int, Callable[[str, random.Random, str], FormRequest]]] = {
    "form": (65, _form), "torn": (15, _torn), "large": (5, _large), "page": (15, _page),
}  # fmt: skip


def _heads(chance: random.Random) -> dict[str, str]:
    liked = chance.choice(("az", "tr,en;q=0.5", "*", ";;;", "xx-" + "y" * 500, "en;q=abc", "sr-Latn-ME"))
    kind = chance.choice(
        ("application/x-www-form-urlencoded",) * 6 + ("text/plain", "multipart/form-data; boundary=x", "")
    )
    return {"Accept-Language": liked, "Content-Type": kind}


class FormWorld:
    """The form on a database of its own, with who reads it, and how much it holds."""

    def __init__(self, folder: Path) -> None:
        limits = {"per_minute": 10**6, "per_hour": 10**6}
        keys = (SecretStr(new_key("one")),)
        made = Settings(
            data_dir=folder, database_url="", public_url="http://localhost", secret="s" * 40,
            accounts={"enabled": True}, voice=VoiceSettings(keys=keys, **limits),  # type: ignore[arg-type]
        )  # fmt: skip
        migrate(made)
        self.record = open_engine(made)
        save_centres(self.record, [CENTRE])
        with writing(self.record) as connection:
            for role in ("moderator", "integrity_officer"):
                accounts.add_account(connection, email=f"{role}@office.test", role=role, country="AZE",
                                     state="active", created_at=datetime.now(UTC))  # fmt: skip
        form.settings = lambda: made  # type: ignore[assignment]
        api = FastAPI()
        problems.install(api)
        api.include_router(form.router)
        self.loop = asyncio.new_event_loop()
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://localhost")
        self.ids = set[str]()

    def judge(self, asked: FormRequest) -> tuple[str, str]:
        """What came of a request, and the fault if there is one."""
        sends = asked.kind != "page"
        told = self.loop.run_until_complete(
            self.client.post(asked.path, content=asked.body, headers=asked.headers)
            if sends else self.client.get(asked.path, headers=asked.headers)
        )  # fmt: skip
        came, before = str(told.status_code), self.ids
        there = {one.id: one for one in store.opinions(self.record, ["AZE"])}
        self.ids = set(there)
        if told.status_code >= 500:
            return came, f"{told.status_code}: {told.text[:200]}"
        if told.status_code != KEPT_IN or not sends:
            return came, "" if self.ids == before else "kept, and nobody was thanked"
        if (asked.fields or {}).get("website"):  # a programme is thanked and not believed
            return "trapped", "" if self.ids == before else "what filled the hidden field was kept"
        return came, self._fault_of(asked, told, there, before)

    def _fault_of(self, asked: FormRequest, told: httpx.Response, there: Mapping[str, object], before: set[str]) -> str:
        fields, new = asked.fields, len(self.ids - before)
        again = asked.kind == "torn" or (fields is not None and fields.get("id", "") in before)  # the same again
        if new > 1 or (new == 0 and not again):
            return f"thanked, and {new} were kept"
        shown = self.loop.run_until_complete(self.client.get(told.headers["location"]))
        if shown.status_code != 200:
            return f"{told.headers['location']} is {shown.status_code}"
        if any(secret in shown.text for secret in SECRETS):
            return "the page of thanks or of a number tells what was said"
        if fields is None or fields.get("id", "") not in self.ids - before:
            return ""
        kept = there[fields["id"]]
        if kept.rating is not None and str(kept.rating) != fields.get("rating", "").strip():  # type: ignore[attr-defined]
            return f"the rating {fields.get('rating')!r} was kept as {kept.rating}"  # type: ignore[attr-defined]
        if kept.said_on.isoformat() != (fields.get("day") or datetime.now(UTC).date().isoformat()):  # type: ignore[attr-defined]
            return f"the day {fields.get('day')!r} was kept as {kept.said_on}"  # type: ignore[attr-defined]
        return ""


def batch(seed: int, first: int, count: int) -> None:
    """Send requests of these numbers, and say what came of each on a line of its own."""
    with tempfile.TemporaryDirectory() as folder:
        world = FormWorld(Path(folder))
        look_at_each(((number, make(seed, number)) for number in range(first, first + count)), world.judge)
        os._exit(0)  # the thread that writes waits for ever


if __name__ == "__main__":
    if len(sys.argv) > 1:
        batch(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    else:
        sys.exit(main(int(os.environ.get("SEED", "37")), int(os.environ.get("COUNT", "2000")),
                      "tests.contributions.voice.fuzz_form", "requests to the form"))  # fmt: skip
