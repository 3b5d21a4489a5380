"""``/contribute/grid`` as browsers send it, with script and without: it is kept, told, spread, taken back and sent."""

import re
from html import unescape

import httpx
import pytest
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from dashboard.accounts.model import Role
from dashboard.contributions.submissions import store
from dashboard.contributions.submissions.grid import store as grids
from dashboard.contributions.submissions.offices import store as offices
from dashboard.contributions.submissions.rules.ground import list_accepted
from dashboard.contributions.submissions.tables import GridDraftRow
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.interfaces.desk.contribute import grid as desk
from dashboard.locales import t
from dashboard.settings import Settings
from tests.contributions.submissions.conftest import YEAR
from tests.contributions.submissions.test_upload import Make, Person, api, person, place

__all__ = ["api", "person", "place"]

AT = f"/contribute/grid?year={YEAR}"
SENT = ["battery_1662_exit", "complaints_in_time", "nps"]
ROWS = ("battery_1662_exit", "nps", "complaints_in_time")
"""In the order of the table: ``v0`` below is the value of the first."""


def name_of(short: str) -> str:
    """The name of a field: ``v.nps`` for ``v1``."""
    return f"{short[0]}.{ROWS[int(short[1])]}"


def short_of(name: str) -> str:
    return f"{name[0]}{ROWS.index(name[2:])}" if name[2:] in ROWS else name


@pytest.fixture
def who(person: Make, place: Settings) -> Person:
    """A contributor whose office has chosen three indicators."""
    made = person()
    with writing(open_engine(place)) as connection:
        offices.set_choice(connection, "AZE", 1, SENT)
    return made


def fields_of(page: httpx.Response) -> dict[str, str]:
    """Every field of the table as a browser without script would send it."""
    form = page.text.split('id="grid"')[1].split("</form>")[0]
    hidden = re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', form)
    fields = {unescape(name): unescape(value) for name, value in hidden}
    written = re.findall(r'<textarea id="[^"]+" name="([^"]+)".*?>(.*?)</textarea>', form, re.S)
    fields |= {name: unescape(text).removeprefix("\n") for name, text in written}
    for name, options in re.findall(r'<select id="[^"]+" name="(r\.[^"]+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option(?: value="(\w*)")? selected>(.*?)</option>', options)
        fields[name] = (chosen[1] or unescape(chosen[2])) if chosen else ""
    return {short_of(name): text for name, text in fields.items()}


def sent_as(fields: dict[str, str]) -> dict[str, str]:
    return {name_of(name) if re.fullmatch("[a-z][0-2]", name) else name: text for name, text in fields.items()}


async def write(who: Person, act: str = "save", fields: dict[str, str] | None = None, **cells: str) -> httpx.Response:
    """The form sent with some cells changed, all of it as it was opened."""
    opened = fields if fields is not None else fields_of(await who.client.get(AT))
    return await who.client.post("/contribute/grid", data=sent_as(opened | cells) | {"act": act})


def draft(place: Settings) -> GridDraftRow | None:
    with reading(open_engine(place)) as connection:
        return grids.find_draft(connection, ("AZE", 1, YEAR))


async def test_without_script_it_is_kept_told_spread_taken_back_and_sent(who: Person, place: Settings) -> None:
    kept = await write(who, v0="61,5\t800\r\n140\t300", n2="300")
    assert kept.status_code == 303
    shown = await who.client.get(kept.headers["location"])
    fields = fields_of(shown)
    assert {name: fields[name] for name in ("v0", "s0", "v1", "s1", "n2")} == {
        "v0": "61,5", "s0": "800", "v1": "140", "s1": "300", "n2": "300",
    }  # fmt: skip
    assert "submission 1" not in shown.text
    wrong = re.findall(r'<textarea id="([^"]+)"[^>]*aria-invalid', shown.text)
    assert [short_of(one) for one in wrong] == ["v1", "n2"], "an NPS of 140, and a numerator of nothing"
    await write(who, v1="40")
    assert fields_of(await who.client.get((await write(who, "undo")).headers["location"]))["v1"] == "140"
    await write(who, v1="40", n2="", r2="not_yet")
    sent = await write(who, "check")
    assert sent.headers["location"].startswith("/contribute/1?")
    again = await who.client.get(sent.headers["location"])
    assert "/contribute/grid?lang=en&amp;year=" in again.text, "the way back to the table"
    with reading(open_engine(place)) as connection:
        rows = store.figures_of(connection, 1)
    assert rows.select("indicator", "value", "reason").rows() == [
        ("battery_1662_exit", 61.5, ""), ("nps", 40.0, ""), ("complaints_in_time", None, "not_yet"),
    ]  # fmt: skip


async def test_a_pause_is_answered_by_what_stands_and_what_is_wrong(who: Person, place: Settings) -> None:
    opened = fields_of(await who.client.get(AT))
    beside = {name: opened[name] for name in ("form_token", "lang", "year", "page")} | {"pause": "1"}

    async def pause(version: int, **cells: str) -> httpx.Response:
        return await who.client.post("/contribute/grid", data=beside | sent_as(cells) | {"version": str(version)})

    first = await pause(0, v1="140")
    assert (first.status_code, re.findall(r'data-version="(\d+)"', first.text)) == (200, ["1"])
    assert re.findall(r'id="told.nps" data-wrong="(.*?)"', first.text) == ["v.nps"]
    assert "<input" not in first.text
    assert "<html" not in first.text
    pasted = await pause(1, v0="61,5\t800\n40\t300", r2=t("submissions.reason.not_yet", "en"))
    changed = re.findall(r'<input name="(.*?)" value="(.*?)">', pasted.text)
    assert {short_of(name): text for name, text in changed} == {
        "v0": "61,5", "s0": "800", "v1": "40", "s1": "300", "r2": "not_yet",
    }  # fmt: skip
    marked = await pause(2, v1="1\n2\n3")
    assert (marked.status_code, "data-refused" in marked.text) == (200, False)
    assert re.findall(r'id="told.nps" data-wrong="(.*?)"', marked.text) == ["v.nps"]
    refused = await pause(3, v0="62", **{"v.csat_exit_poll": "1"})
    assert re.findall(r'data-refused data-unkept="(.*?)"', refused.text) == ["v.csat_exit_poll"]
    assert (refused.status_code, draft(place).cells["battery_1662_exit"]["value"]) == (422, "62")
    beside["page"] = "another"
    stale = await pause(1, v2="75")
    assert (stale.status_code, "data-stale" in stale.text) == (409, True)
    left = draft(place)
    assert left.version == 4
    assert "complaints_in_time" in left.cells
    assert "value" not in left.cells["complaints_in_time"]


async def test_of_two_windows_the_second_is_told_and_keeps_what_it_wrote(who: Person, place: Settings) -> None:
    one, two = fields_of(await who.client.get(AT)), fields_of(await who.client.get(AT))
    await write(who, fields=one, v1="40")
    told = await write(who, fields=two, v1="50", v2="75")
    assert told.status_code == 409
    assert t("grid.refusal.stale", "en") in unescape(told.text)
    fields = fields_of(told)
    assert (fields["v1"], fields["v2"], fields["version"]) == ("50", "75", "1"), "what it wrote, on what stands now"
    assert draft(place).cells == {"nps": {"value": "40"}}
    assert (await write(who, fields=fields)).status_code == 303, "said again it is kept"


UNFIT = {"block_size": {"v1": "1\n2\n3"}, "block_cells": {"v0": "\t" * 3000}, "cell": {"v0": "1" * 101}}


@pytest.mark.parametrize("code", UNFIT)
async def test_what_does_not_fit_is_kept_and_marked_in_its_cell(who: Person, code: str) -> None:
    kept = await write(who, v2="75", **UNFIT[code])
    assert kept.status_code == 303
    shown = await who.client.get(kept.headers["location"])
    fields = fields_of(shown)
    assert {name: fields[name].replace("\r\n", "\n") for name in UNFIT[code]} == UNFIT[code]
    assert fields["v2"] == "75"
    wrong = re.findall(r'<textarea id="([^"]+)"[^>]*aria-invalid', shown.text)
    assert [short_of(one) for one in wrong] == list(UNFIT[code])
    told = await write(who, "submit")
    assert told.status_code == 422, "it is not sent before it is mended"
    assert fields_of(told)["v2"] == "75"


async def test_a_group_is_added_below_its_indicator(who: Person) -> None:
    added = await write(who, "add", v0="61", indicator="battery_1662_exit", group="FEMALE")
    fields = fields_of(await who.client.get(added.headers["location"]))
    assert [name for name in fields if name.startswith("v")] == [
        "version",
        "v0",
        "v.battery_1662_exit:FEMALE",
        "v1",
        "v2",
    ]
    assert fields["v0"] == "61"
    for indicator, group in (("nps", "ELSE"), ("csat_exit_poll", "FEMALE")):
        assert (await write(who, "add", indicator=indicator, group=group)).status_code == 422


async def test_whom_it_is_not_for_is_led_on_and_nothing_is_kept(who: Person, person: Make, place: Settings) -> None:
    fields = fields_of(await who.client.get(AT))
    for role in (Role.APPROVER, Role.REVIEWER):
        other = person(role)
        assert (await other.client.get(AT)).status_code == 303
        own = fields | {"form_token": await other.token("/account/")}
        assert (await write(other, fields=own, v1="40")).status_code == 403
    assert (await write(who, fields=fields | {"form_token": "0" * 64}, v1="40")).status_code == 403
    assert (await who.client.get("/contribute/grid?year=1066")).status_code == 422
    who.client.cookies.clear()
    assert (await write(who, fields=fields, v1="40")).status_code in (303, 403), "signed out"
    assert draft(place) is None


async def test_before_indicators_are_chosen_it_leads_to_the_choice(person: Make) -> None:
    assert (await person().client.get(AT)).headers["location"].startswith("/contribute/indicators?")


async def test_a_closed_year_is_told(who: Person, place: Settings) -> None:
    fields = fields_of(await who.client.get(AT))
    with writing(open_engine(place)) as connection:
        store.set_period(connection, "AZE", "figures", YEAR, 1, closed=True)
    assert (await who.client.get(AT)).status_code == 409
    assert (await write(who, fields=fields, v1="40")).status_code == 409


async def test_it_may_not_be_kept_without_end(who: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "MOST_A_MINUTE", 2)
    monkeypatch.setattr(desk, "limiter", MovingWindowRateLimiter(MemoryStorage()))  # nobody kept one before
    fields = fields_of(await who.client.get(AT))
    assert [(await write(who, fields=fields, v1="40")).status_code for _ in range(3)] == [303, 303, 429]


async def test_a_table_of_every_indicator_is_one_form(who: Person, place: Settings) -> None:
    every = [one.id for one in list_accepted(load_codebook())]
    with writing(open_engine(place)) as connection:
        offices.set_choice(connection, "AZE", 1, every)
    words = {f"t.{one}": "ملاحظة " * 70 for one in every}
    kept = await write(who, **words)
    assert kept.status_code == 303
    assert fields_of(await who.client.get(kept.headers["location"]))["t1"] == words["t.nps"].strip()
    assert (await write(who, v0="1" * (desk.MOST_BYTES + 1))).status_code == 403


MADE = {
    "method.method": "registers", "method.who": "State Agency", "method.population": "All visitors",
    "method.period_of_work": "March to May",
}  # fmt: skip
FIGURES = {"v0": "61,5", "v1": "40", "v2": "75"}


async def submission_of(who: Person, answer: httpx.Response) -> dict[str, object]:
    number = answer.headers["location"].split("/contribute/")[1].split("?")[0]
    told: dict[str, object] = (await who.client.get(f"/api/v1/submissions/{number}")).json()
    return told


async def test_who_has_said_nothing_before_says_it_beside_the_table_and_submits_at_once(who: Person) -> None:
    answer = await write(who, "submit", **FIGURES, **MADE)
    assert "done=submit" in answer.headers["location"]
    told = await submission_of(who, answer)
    assert (told["state"], told["rows"]) == ("submitted", 3)
    assert told["method"] == {name.removeprefix("method."): words for name, words in MADE.items()}
    assert "method.method" not in (await who.client.get(AT)).text, "it was said: the page of the submission proposes it"


@pytest.mark.parametrize(
    ("fields", "left"),
    [(FIGURES | MADE | {"v1": "140"}, "error"), (FIGURES | MADE | {"method.who": ""}, "warning"), (FIGURES, "error")],
)
async def test_with_something_to_look_at_nothing_is_submitted(who: Person, fields: dict[str, str], left: str) -> None:
    answer = await write(who, "submit", **fields)
    assert "done=check" in answer.headers["location"]
    told = await submission_of(who, answer)
    assert told["state"] == "checked"
    assert told["counts"][left] > 0  # type: ignore[index]


async def test_only_the_button_that_says_so_submits(who: Person) -> None:
    told = await submission_of(who, await write(who, "check", **FIGURES, **MADE))
    assert (told["state"], told["counts"]["error"], told["counts"]["warning"]) == ("checked", 0, 0)  # type: ignore[index]


async def test_what_is_said_of_the_method_stays_until_it_is_sent(who: Person) -> None:
    kept = await write(who, "save", v0="61,5", **MADE)
    assert kept.status_code == 200
    assert 'value="State Agency"' in kept.text
    assert fields_of(kept)["v0"] == "61,5"
    refused = await write(who, "submit", **{**FIGURES, **MADE, "method.method": "hearsay"})
    assert refused.status_code == 422
    first = await submission_of(who, await write(who, "check", **FIGURES))
    again = await submission_of(who, await write(who, "check", **MADE))
    assert (first["method"], again["id"]) == ({}, first["id"])
    assert again["method"] == {name.removeprefix("method."): words for name, words in MADE.items()}


async def test_while_another_one_is_decided_on_the_table_is_checked_and_stays(who: Person) -> None:
    await write(who, "submit", **FIGURES, **MADE)
    assert (await submission_of(who, await write(who, "submit", v0="62")))["state"] == "checked"


async def test_what_was_uploaded_is_corrected_by_a_file_and_what_was_typed_in_the_table(
    who: Person, person: Make
) -> None:
    """Nobody else is sent to the table."""
    again, by_file = t("grid.again", "en"), t("submissions.detail.again", "en")
    typed = (await write(who, "check", **FIGURES, **MADE)).headers["location"].partition("?")[0]
    sent = (await who.upload(b"Indicator code;Group;Year;Value\nnps;Total;%s;40,5\n" % YEAR.encode(), "f.csv")).headers
    uploaded = sent["location"].partition("?")[0]
    pages = [unescape((await who.client.get(f"{one}?lang=en")).text) for one in (typed, uploaded)]
    assert [(again in one, by_file in one) for one in pages] == [(True, False), (False, True)]
    assert again not in unescape((await person(Role.APPROVER).client.get(f"{typed}?lang=en")).text)
