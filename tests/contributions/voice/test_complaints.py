"""A complaint gets a number; its page tells who has it, and nobody else, what came of it."""

import re
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from html import unescape

import httpx
import pytest
from sqlalchemy import Engine, create_engine

from dashboard.accounts import audit, people
from dashboard.accounts.model import Role
from dashboard.accounts.people import Rights
from dashboard.contributions.voice import store
from dashboard.contributions.voice.form import channels
from dashboard.contributions.voice.form.words import languages, texts
from dashboard.contributions.voice.moderation import complaints
from dashboard.contributions.voice.moderation.complaints import Complaint
from dashboard.contributions.voice.tables import VoiceCase, VoiceOpinion
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.desk.centre_form import form as voice
from dashboard.interfaces.desk.centre_form import page
from dashboard.settings import Settings
from tests.checks import all_of
from tests.contributions.voice.test_form import hidden
from tests.contributions.voice.test_officers import Enter, api, enter, hasher, inbox, place, with_codes

__all__ = ["api", "enter", "hasher", "inbox", "place", "with_codes"]

WORDS = "The lift is broken and nobody helped my mother"


@pytest.fixture
async def visitor(
    api: object, inbox: Engine, place: Settings, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with a telephone, where a moderator and an officer are named."""
    for role in (Role.MODERATOR, Role.OFFICER):
        invited = people.invite(place, email=f"named-{role}@office.test", rights=Rights(role, "AZE", "Office"))
        people.accept(place, invited.link.split("token=")[1].split("&")[0], "correct horse battery", "Somebody")
    many = place.model_copy(update={"voice": place.voice.model_copy(update={"per_minute": 1_000, "per_hour": 1_000})})
    monkeypatch.setattr(voice, "settings", lambda: many)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://test") as client:  # type: ignore[arg-type]
        yield client


async def complain(visitor: httpx.AsyncClient, **said: str) -> tuple[str, dict[str, str]]:
    """A complaint by form: where its number is, and what was sent."""
    page = await visitor.get("/voice/baku-1/", params={"lang": "en", "service": "other"})
    assert [
        name for name in ("opinion", "complaint", "suggestion", "praise") if f'value="{name}"' not in page.text
    ] == []
    sent = {**hidden(page.text), "kind": "complaint", "text": WORDS, "lang": "en", **said}
    reply = await visitor.post("/voice/baku-1/", data=sent)
    assert reply.status_code == 303, reply.text
    return reply.headers["location"], sent


def steps(page: str) -> list[str]:
    """What is said of received, read and answered: a day, or that it is not yet so."""
    return [
        unescape(re.sub("<[^>]+>", "", one)).strip()
        for one in re.findall(r"</strong> (.*?)(?:<blockquote|</li>)", page)
    ]


async def test_a_complaint_is_received_read_and_answered(
    visitor: httpx.AsyncClient, inbox: Engine, enter: Enter
) -> None:
    to, sent = await complain(visitor)
    assert re.fullmatch(r"/voice/number/([a-z2-7]{4}-){3}[a-z2-7]{4}/\?lang=en", to)
    today, not_yet = datetime.now(UTC).date().isoformat(), texts("en")["not_yet"]
    page = await visitor.get(to)
    assert steps(page.text) == [today, not_yet, not_yet]
    assert WORDS not in page.text
    assert (page.headers["cache-control"], page.headers["x-robots-tag"]) == ("no-store", "noindex")
    assert texts("en")["law_due"].format(count=30) not in unescape(page.text)
    assert texts("en")["law_work"].format(count=15) in unescape(page.text), "of the law on appeals"
    assert [act for act in channels.find_law("AZE").acts if act not in unescape(page.text)] == []

    moderator, home = await enter(Role.MODERATOR), "/voice/review/complaints"
    assert WORDS in unescape((await moderator.get(home)).text)
    assert steps((await visitor.get(to)).text)[1] == not_yet, "a list is not yet a reading"
    at = f"/voice/review/{sent['id']}/answer"
    await moderator.get(at)
    assert steps((await visitor.get(to)).text) == [today, today, not_yet]
    for words in ("", "x" * 1_001):
        assert (await moderator.post(at, on=at, words=words, language="en")).status_code == 422
    assert (await moderator.post(at, on=at, words="The <b>lift</b> works again.", language="en")).status_code == 303
    page = await visitor.get(to)
    assert steps(page.text) == [today, today, today]
    assert "The &lt;b&gt;lift&lt;/b&gt; works again." in page.text
    assert "Office" in page.text
    kept = store.opinion(inbox, sent["id"])
    assert (kept.kind, kept.outcome, kept.days_to_answer) == ("complaint", "answered", 0)
    (said,) = audit.list_entries(inbox, subject=f"opinion {sent['id']}")[0]
    assert (said.action, said.before, said.after) == ("voice.complaint_answered", {"letters": 0}, {"letters": 28})


async def test_a_number_is_given_once_and_found_as_it_is_typed(visitor: httpx.AsyncClient) -> None:
    to, sent = await complain(visitor)
    assert (await visitor.post("/voice/baku-1/", data=sent)).headers["location"] == to
    other, _ = await complain(visitor)
    assert other != to
    number = to.split("/")[3]
    for typed in (number.replace("-", ""), number.upper(), f" {number}"):
        assert (await visitor.get(f"/voice/number/{typed}/")).status_code == 200
    for wrong in (number[:-1], f"{number}a", "%", "-", sent["id"]):
        reply = await visitor.get(f"/voice/number/{wrong}/", headers={"Accept-Language": "en"})
        assert (reply.status_code, texts("en")["error_number"] in unescape(reply.text)) == (404, True)


@pytest.mark.parametrize(
    "number", ["", "0", "-1", "9223372036854775808", "a" * 15, "a" * 17, "abcd-efgh-ijkl-mno1", "é" * 16]
)
def test_a_number_that_nobody_was_given_is_not_looked_for(number: str) -> None:
    nothing = create_engine("sqlite://")  # a database without tables: asking it would be an error
    assert complaints.find_by_number(nothing, number) is None


async def test_two_sends_at_the_same_moment_get_one_number(inbox: Engine) -> None:
    found: list[dict[str, str]] = []
    senders = [
        threading.Thread(target=lambda: found.append(complaints.give_numbers(inbox, ["o" * 32], datetime.now(UTC))))
        for _ in range(8)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(found) == 8
    assert len({one["o" * 32] for one in found}) == 1


async def test_a_hint_that_complains_goes_to_the_officer_and_keeps_its_number(
    visitor: httpx.AsyncClient, enter: Enter
) -> None:
    to, sent = await complain(visitor, text="He said it would be faster if I added something")
    moderator, officer = await enter(Role.MODERATOR), await enter(Role.OFFICER)
    assert sent["id"] not in (await moderator.get("/voice/review/complaints")).text
    assert (await moderator.get(f"/voice/review/{sent['id']}/answer")).status_code == 404
    report = f"/voice/integrity/{sent['id']}"
    await officer.get(report)
    assert (await officer.post(f"{report}/answer", on=report, words="We look into it.")).status_code == 303
    assert "We look into it." in (await visitor.get(to)).text
    mine = f"/voice/integrity/{'r' * 32}"
    await officer.get(mine)
    assert (await officer.post(f"{mine}/answer", on=mine, words="x")).status_code == 404, "it has no number"


async def test_a_complaint_that_is_dismissed_waits_for_no_answer(
    visitor: httpx.AsyncClient, inbox: Engine, enter: Enter
) -> None:
    _, sent = await complain(visitor)
    moderator, home = await enter(Role.MODERATOR), "/voice/review/complaints"
    for what, waits in (("dismissed", 0), ("restored", 1)):
        at = f"/voice/review/{sent['id']}/decide"
        assert (await moderator.post(at, on="/voice/review/", what=what)).status_code == 303
        assert store.count_unanswered(inbox)[0] == waits
        assert (sent["id"] in (await moderator.get(home)).text) is bool(waits)


async def test_others_get_no_number_and_a_complaint_needs_words(visitor: httpx.AsyncClient, inbox: Engine) -> None:
    for kind in ("opinion", "suggestion", "praise", ""):
        to, sent = await complain(visitor, kind=kind)
        assert to == "/voice/baku-1/thanks/?lang=en"
        assert store.case_of(inbox, opinion=sent["id"]) is None
        kept = store.opinion(inbox, sent["id"])
        assert kept.kind == (kind or "complaint"), "lists offer one where nothing was chosen"
    reply = await visitor.post("/voice/baku-1/", data={**sent, "kind": "complaint", "text": "", "rating": "1"})
    assert (reply.status_code, texts("en")["error_words"] in unescape(reply.text)) == (422, True)
    assert (await visitor.post("/voice/baku-1/", data={**sent, "kind": "verdict"})).status_code == 422


@pytest.mark.parametrize("language", languages())
def test_the_law_of_a_country_stands_beside_a_number_with_where_it_was_found(language: str) -> None:
    words = texts(language)

    def shown(country: str) -> str:
        case = VoiceCase(opinion="o" * 32, number="aaaa-bbbb-cccc-dddd", received_at=datetime(2026, 11, 1, tzinfo=UTC))
        said = Complaint(case, VoiceOpinion(id="o" * 32, country=country, centre="a"))
        return (
            unescape(page.number_page(language, said, "A", channels.find_law(country)))
            .split("<h2>")[1]
            .split("<script")[0]
        )

    known, law = shown("TUR"), channels.find_law("TUR")
    assert words["law_due"].format(count=30) in known
    assert [one for one in ("3071", *law.channels) if one not in known] == []
    assert words["law_text"] not in known
    assert [one for one in law.sources if f'href="{one[1]}"' not in known or one[0] not in known] == []
    assert words["law_text"] in shown("SEN")
    assert "{" not in known + shown("SEN")


def test_what_is_not_sure_of_the_law_is_not_told() -> None:
    """A period in a headline alone, and one of a law that is being changed, stand in the codebook and on no page."""
    book = load_codebook()
    unsure = {one["id"] for one in book.complaint_rules if one["confidence"] != "high"}
    assert unsure == {"MAR-C01", "KGZ-C01"}
    assert channels.find_law("KGZ").deadlines == channels.find_law("MAR").deadlines == ()
    assert channels.find_law("MAR").channels == ("Chikaya: www.chikaya.ma",)
    assert all_of(one["source_ref"].startswith("http") for one in book.complaint_rules)
