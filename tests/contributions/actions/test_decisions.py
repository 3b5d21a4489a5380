"""What calls for a decision is found, decided by those who may, shown to everybody, and seen again a month later."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dashboard.accounts import audit
from dashboard.accounts.model import Principal, Role
from dashboard.accounts.tables import Account
from dashboard.analysis.measures.counts.histogram import Histogram
from dashboard.contributions.actions import signals, store, workflow
from dashboard.contributions.actions.model import ActionError, DecisionUnknown
from dashboard.contributions.actions.views import countries, decisions
from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.delivery.model import BINS, Centre, CentreReport
from dashboard.contributions.voice.publication import withholding
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.locales import LANGUAGES, t
from dashboard.settings import Settings
from tests.accounts.conftest import Browser, api, browser, hasher, member, place, serving, with_codes
from tests.checks import all_of
from tests.contributions.voice.conftest import put_in_force

__all__ = ["api", "browser", "hasher", "member", "place", "with_codes"]

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)
EDGES = tuple(map(float, BINS["waiting"]))
QUICK, SLOW = (60, 60, 30, 0, 0, 0, 0, 0, 0, 0), (0, 0, 0, 10, 40, 50, 40, 10, 0, 0)


def months(last: date, many: int) -> list[date]:
    return [signals.shifted(last, -back) for back in range(many)]


def report(centre: str, month: date, *, slow: bool = False, satisfied: int = 100, down: int = 10) -> CentreReport:
    counts = {
        "started": 160, "completed": 150, "satisfied_1": 0, "satisfied_2": 100 - satisfied, "satisfied_3": 0,
        "satisfied_4": satisfied, "answered": 100, "invited": 120,
        "agreed_minutes": 20_000, "planned_down_minutes": 0, "unplanned_down_minutes": down,
    }  # fmt: skip
    return CentreReport(centre, "id", "counter", month, counts, {"waiting": Histogram(EDGES, SLOW if slow else QUICK)})


@pytest.fixture
def planted(place: Settings) -> Settings:
    """Four centres and twelve months: b gets slower, c was down once, d has sent nothing in the newest month."""
    database = open_engine(place)
    delivery.save_centres(database, [Centre(code, "AZE", code.upper(), date(2020, 1, 1)) for code in "abcd"])
    rows = [
        report(code, month, slow=code == "b" and month > date(2026, 7, 1),
               down=4_000 if (code, month) == ("c", date(2026, 9, 1)) else 10)
        for code in "abcd" for month in months(OCTOBER, 12) if (code, month) != ("d", OCTOBER)
    ]  # fmt: skip
    delivery.save_reports(database, "AZE", rows, NOW)
    return place


def by(country: str = "AZE", role: Role = Role.APPROVER) -> Principal:
    return Principal(7, role, country, "", "Ministry", "Somebody", "en")


def found(place: Settings) -> set[tuple[str, str, str]]:
    return {(one.kind, one.place, one.metric) for one in workflow.waiting(place, "AZE", NOW)}


def test_what_was_planted_calls_for_a_decision_and_nothing_else(planted: Settings) -> None:
    assert found(planted) == {
        ("slower", "b", "waiting_p50"), ("down", "c", "availability_reported"), ("silent", "d", ""),
    }  # fmt: skip
    (slow,) = [one for one in workflow.waiting(planted, "AZE", NOW) if one.metric == "waiting_p50"]
    assert (slow.before.upper, slow.now.lower) == (10, 30)
    assert workflow.waiting(planted, "UGA", NOW) == []


def test_nobody_is_late_with_the_month_under_way(planted: Settings) -> None:
    before = found(planted)
    delivery.save_reports(open_engine(planted), "AZE", [report("a", date(2026, 11, 1), slow=True, down=9_000)], NOW)
    assert found(planted) == before
    later = {(one.kind, one.place) for one in workflow.waiting(planted, "AZE", NOW + timedelta(days=14))}
    assert {("silent", "b"), ("silent", "c"), ("down", "a")} <= later


@pytest.mark.parametrize(("lang", "other"), [("en", "web"), ("fr", "web"), ("ar", "الويب"), ("az", "veb")])
def test_a_counter_that_was_shut_is_not_called_a_web_service(planted: Settings, lang: str, other: str) -> None:
    said = [one["what"] for one in decisions(planted, "AZE", lang, NOW)["waiting"] if "C" in one["what"]]
    assert said
    assert not [one for one in said if other in one]


def test_countries_are_in_the_order_of_their_alphabet(place: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "dashboard.contributions.actions.views.store.countries", lambda _: {"UGA": 1, "ARE": 2, "ETH": 3, "SOM": 4}
    )
    names = [one["name"] for one in countries(place, "fr")]
    assert names == ["Émirats arabes unis", "Éthiopie", "Ouganda", "Somalie"]


@pytest.mark.parametrize(("satisfied", "verdict"), [(100, None), (99, "cannot_tell"), (90, "not_met")])
def test_a_promise_not_shown_to_be_met_calls_for_a_decision(
    place: Settings, satisfied: int, verdict: str | None
) -> None:
    rows = [report("a", month, satisfied=satisfied) for month in months(OCTOBER, 12)]
    delivery.save_centres(open_engine(place), [Centre("a", "AZE", "A", date(2020, 1, 1))])
    delivery.save_reports(open_engine(place), "AZE", rows, NOW)
    told = [one.now.state for one in workflow.waiting(place, "AZE", NOW) if one.kind == "target"]
    assert told == ([] if verdict is None else [verdict])


def test_a_promise_nobody_was_asked_about_is_not_said_to_rest_on_few(place: Settings) -> None:
    delivery.save_centres(open_engine(place), [Centre("a", "AZE", "A", date(2020, 1, 1))])
    for answers, said in (
        ({}, "not reported"),
        ({"satisfied_1": 0, "satisfied_2": 0, "satisfied_3": 4}, "withheld: fewer than"),
    ):
        counts = {"started": 100, **answers, **({"satisfied_4": 5, "answered": 9} if answers else {})}
        rows = [CentreReport("a", "id", "counter", OCTOBER, counts)]
        delivery.save_reports(open_engine(place), "AZE", rows, NOW)
        (target,) = [one for one in decisions(place, "AZE", "en", NOW)["waiting"] if one["key"].startswith("target")]
        assert said in target["figure"]


def test_a_theme_that_rose_beyond_chance_calls_for_a_decision(place: Settings) -> None:
    august = date(2026, 8, 1)  # gathering begins: it is compared with none
    counts = {("a", august, "waiting"): 11, ("a", date(2026, 9, 1), "waiting"): 20, ("a", OCTOBER, "waiting"): 90}
    done = {("a", august): 10_000, ("a", date(2026, 9, 1)): 10_000, ("a", OCTOBER): 10_000}
    put_in_force(open_engine(place), withholding.withhold("AZE", counts, done, None, NOW))
    (rose,) = workflow.waiting(place, "AZE", NOW)
    assert (rose.kind, rose.place, rose.metric, rose.now.n) == ("rose", "a", "waiting", 90)
    assert rose.before.value == 20


def test_opened_once_assigned_closed_and_seen_again_a_month_later(planted: Settings) -> None:
    key = "slower|b|waiting_p50|2026-10"
    number = workflow.open_(planted, by(), key, "Office of queues", "2026-12-31", "en", NOW, "192.0.2.1")
    assert ("slower", "b", "waiting_p50") not in found(planted)
    with pytest.raises(ActionError, match="already"):
        workflow.open_(planted, by(), key, "Office of queues", "2026-12-31", "en", NOW)
    workflow.move(planted, by(), number, "assign", {"owner": "Region West", "due": "2026-12-15"}, NOW)
    workflow.move(planted, by(), number, "take_up", {"measure": "Two desks more", "shows": "2027-01"}, NOW)
    workflow.move(planted, by(), number, "close", {"words": "Two desks more"}, NOW)
    (one,) = decisions(planted, "AZE", "en", NOW)["decisions"]
    assert (one["owner"], one["due_day"], one["state"], one["words"], one["again"]) == (
        "Region West", "2026-12-15", "done", "Two desks more", "",
    )  # fmt: skip
    november = date(2026, 11, 1)
    later = [report(code, month) for code in "abcd" for month in (november, OCTOBER, date(2026, 9, 1))]
    delivery.save_reports(open_engine(planted), "AZE", later, NOW + timedelta(days=20))
    (again,) = decisions(planted, "AZE", "en", NOW + timedelta(days=30))["decisions"]
    assert again["figure"] == one["figure"], "what raised it stands, whatever is sent later"
    assert "October 2026" in again["figure"]
    assert "from 30" in again["figure"].replace("\u00a0", " ")
    assert again["again"].startswith("3 months to November 2026")
    assert "in the bin from 5" in again["again"].replace("\u00a0", " ")
    assert (again["measure"], again["shows_month"], again["verdict"]) == ("Two desks more", "2027-01", "cannot_tell")
    trail = audit.list_entries(open_engine(planted), subject=f"decision {number}")[0]
    assert [entry.action for entry in trail] == [
        "action.closed", "action.taken_up", "action.assigned", "action.opened",
    ]  # fmt: skip
    assert (trail[-1].address, trail[-2].before["owner"]) == ("192.0.2.1", "Office of queues")
    assert audit.verify(open_engine(planted)).broken == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"key": "slower|a|waiting_p50|2026-10"}, "gone"),
        ({"key": "silent|d||2025-01"}, "gone"),
        ({"owner": " \u202e "}, "owner"),
        ({"owner": "x" * 121}, "owner"),
        ({"due": "tomorrow"}, "due"),
        ({"due": "2026-11-25"}, "due"),
        ({"due": "2036-11-25"}, "due"),
        ({"by": by(role=Role.CONTRIBUTOR)}, "right"),
        ({"by": by(role=Role.OFFICER)}, "right"),
        ({"by": by("UGA")}, "gone"),
    ],
)
def test_what_cannot_be_opened_says_why(planted: Settings, change: dict[str, object], code: str) -> None:
    given = {"by": by(), "key": "silent|d||2026-10", "owner": "Office", "due": "2026-12-31", **change}
    with pytest.raises(ActionError) as refused:
        workflow.open_(planted, language="en", now=NOW, **given)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert store.listing(open_engine(planted)) == []


def test_moves_that_do_not_fit_are_refused_and_change_nothing(planted: Settings) -> None:
    number = workflow.open_(planted, by(), "silent|d||2026-10", "Office", "2026-12-31", "en", NOW)
    for name, fields, code in (
        ("publish", {}, "move"), ("close", {"words": " \n "}, "words"), ("close", {"words": "x" * 1001}, "words"),
        ("assign", {"owner": "Office", "due": ""}, "due"),
    ):  # fmt: skip
        with pytest.raises(ActionError) as refused:
            workflow.move(planted, by(), number, name, fields, NOW)
        assert refused.value.code == code
    with pytest.raises(DecisionUnknown):
        workflow.move(planted, by("UGA"), number, "take_up", {}, NOW)
    workflow.move(planted, by(), number, "decline", {"words": "Closed for repairs"}, NOW)
    with pytest.raises(ActionError, match="declined"):
        workflow.move(planted, by(), number, "close", {"words": "done"}, NOW)
    (row,) = store.listing(open_engine(planted))
    assert (row.state, row.words) == ("declined", "Closed for repairs")


async def test_the_forms_of_an_approver_and_what_everybody_reads(
    planted: Settings, browser: Browser, member: Callable[..., Account]
) -> None:
    await browser.log_in(member("approver@office.test", Role.APPROVER).email)
    home = "/actions/desk/"
    day = (datetime.now(UTC).date() + timedelta(days=40)).isoformat()
    page = unescape((await browser.get(home, params={"lang": "en"})).text)
    assert "D: no counts for October 2026" in page
    refused = await browser.post(f"{home}open", on=home, key="silent|d||2026-10", owner="", due=day, lang="en")
    assert (refused.status_code, "Name the office" in refused.text) == (422, True)
    key = {"key": "silent|d||2026-10", "due": day}
    long = {"owner": "x" * 121}
    refused = await browser.post(f"{home}open", on=home, **key, **long)
    assert refused.status_code == 422, "one too many is told, not cut"
    opened = await browser.post(f"{home}open", on=home, owner="<b>Desk</b>", **key)
    assert "done=opened" in opened.headers["location"]
    assert t("actions.done.opened", "en") in unescape((await browser.get(opened.headers["location"])).text)
    assert (await browser.post(f"{home}open", on=home, owner="Desk", **key)).status_code == 409
    number = store.listing(open_engine(planted))[0].id
    for move, fields in (("assign", {"due": day} | long), ("close", {"words": "x" * 1001})):
        assert (await browser.post(f"{home}{number}/move", on=home, move=move, **fields)).status_code == 422
    plan = {"move": "take_up", "measure": "Call them", "shows": "2026-12"}
    assert (await browser.post(f"{home}{number}/move", on=home, move="take_up")).status_code == 422
    assert "done=take_up" in (await browser.post(f"{home}{number}/move", on=home, **plan)).headers["location"]
    assert (await browser.post(f"{home}999/move", on=home, **plan)).status_code == 404
    stranger = Browser(serving(planted))
    shown = await stranger.get("/actions/AZE/", params={"lang": "en"})
    assert shown.status_code == 200
    assert "&lt;b&gt;Desk&lt;/b&gt;" in shown.text
    assert "<strong>Taken up</strong>" in shown.text
    assert "set-cookie" not in shown.headers
    kept = await stranger.get("/actions/AZE/", params={"lang": "en"}, headers={"If-None-Match": shown.headers["etag"]})
    assert kept.status_code == 304
    await stranger.client.aclose()


async def test_no_other_role_opens_the_forms(
    planted: Settings, browser: Browser, member: Callable[..., Account]
) -> None:
    unknown = await browser.get("/actions/desk/")
    assert unknown.headers["location"].startswith("/account/login?next=/actions/desk/")
    await browser.log_in(member("contributor@office.test", Role.CONTRIBUTOR).email)
    assert (await browser.get("/actions/desk/")).status_code == 403


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_lists_calendar_and_feed_in_every_language_without_script(
    planted: Settings, browser: Browser, lang: str
) -> None:
    for key in ("silent|d||2026-10", "slower|b|waiting_p50|2026-10", "down|c|availability_reported|2026-09"):
        workflow.open_(planted, by(), key, "Office; of “d”, or e", "2026-12-31", lang, NOW)
    for path in ("/actions/", "/actions/AZE/", "/actions/UGA/"):
        page = await browser.get(path, params={"lang": lang})
        assert f'<html lang="{lang}" dir="{LANGUAGES[lang].dir}">' in page.text
        assert not re.search(r"<script|(actions|delivery|ui)\.[a-z_]+\.", page.text)
    calendar = (await browser.get("/api/v1/actions.ics", params={"country": "aze", "lang": lang})).text
    assert calendar.count("BEGIN:VEVENT") == 3
    assert "DTSTART;VALUE=DATE:20261231" in calendar
    assert all_of(len(line.encode()) <= 75 for line in calendar.split("\r\n"))
    feed = ElementTree.fromstring((await browser.get("/api/v1/actions.atom", params={"country": "AZE"})).text)
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 3


async def test_what_there_is_not_is_said(browser: Browser) -> None:
    absent = await browser.get("/actions/ZZZ/")
    kept = await browser.get("/actions/ZZZ/", headers={"If-None-Match": absent.headers["etag"]})
    assert absent.status_code == kept.status_code == 404
    assert '<meta name="robots" content="noindex">' in absent.text
    assert '<meta name="robots" content="index">' in (await browser.get("/actions/")).text
    for query in ({"country": "ZZZ"}, {"country": "AZE", "lang": "xx"}, {}, {"country": "AZERB"}):
        answer = await browser.get("/api/v1/actions.ics", params=query)
        assert answer.status_code in (404, 422)
        assert answer.headers["content-type"] == "application/problem+json"


def test_no_folder_of_decisions_holds_a_figure_of_its_own() -> None:
    """Figures are computed in ``measures``: decisions only compare them."""
    room = Path(signals.__file__).parent
    assert not [path.name for path in room.glob("*.py") if "scipy" in path.read_text() or "numpy" in path.read_text()]


@pytest.mark.parametrize("kind", ["slower", "fell", "differs", "target", "down"])
def test_a_decision_outlives_the_metric_it_was_taken_on(planted: Settings, kind: str) -> None:
    """Its page, with all decisions of the country, could not be shown."""
    signal = next(one for one in workflow.waiting(planted, "AZE", NOW) if one.kind == "slower")
    workflow.open_(planted, by(), signal.key, "Office", "2026-12-31", "en", NOW)
    with writing(open_engine(planted)) as connection:
        connection.exec_driver_sql(f"UPDATE decision SET metric = 'withdrawn', kind = '{kind}'")
    (shown,) = decisions(planted, "AZE", "en", NOW + timedelta(days=300))["decisions"]
    assert ("withdrawn" in shown["what"]) is (kind in ("slower", "fell", "differs"))
    assert f"{signal.now.value:.1f}" in shown["figure"]
    assert (shown["verdict"], shown["again"]) == ("cannot_tell", "")
