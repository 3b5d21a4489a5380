"""The desk of an office: how far each thing has come, what waits for whom, and one primary act in every state."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest

from dashboard.accounts.model import Principal, Role
from dashboard.contributions.submissions import store
from dashboard.contributions.submissions.deadlines import Due
from dashboard.contributions.submissions.model import ACTIVITIES, Finding, Submission
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.interfaces.desk.contribute.year import SHOWN, Act, YearCell, choose_act, list_years, sort_waiting
from dashboard.locales import t
from dashboard.settings import Settings
from tests.checks import all_of
from tests.contributions.submissions.conftest import YEAR
from tests.contributions.submissions.conftest import person as somebody
from tests.contributions.submissions.test_desk import laid, words
from tests.contributions.submissions.test_upload import Make, Person, api, person, place

__all__ = ["api", "person", "place"]

NOW = datetime.now(UTC)
ERROR = Finding("out_of_bounds", "error", "Indicators", 7, "C", "161.5")


def sent(number: int, state: Any, *, period: str = YEAR, dataset: str = "figures", **values: Any) -> Submission:
    given: dict[str, Any] = {"created_by": 1, "submitted_by": 1} | values
    return Submission(number, "AZE", dataset, period, state, "en", "f.xlsx", "a", 1, created_office="", created_at=NOW,
                      **given)  # fmt: skip


def due(period: str = YEAR, standing: str = "due", days: int | None = 100, dataset: str = "figures") -> Due:
    return Due("AZE", dataset, period, 1, NOW + timedelta(days=days) if days is not None else None, standing, False)


CONTRIBUTOR, APPROVER, COORDINATOR = (
    somebody(1, Role.CONTRIBUTOR), somebody(2, Role.APPROVER), somebody(5, Role.COORDINATOR)
)  # fmt: skip
BAD = {"counts": {"error": 1, "warning": 47}}


@pytest.mark.parametrize(
    ("by", "dues", "submissions", "key", "to"),
    [
        (CONTRIBUTOR, [], [], "choose", "/contribute/indicators"),
        (CONTRIBUTOR, [due()], [], "due", f"/contribute/figures?period={YEAR}"),
        (CONTRIBUTOR, [due("2024"), due("2022", "overdue", -9)], [], "overdue", "/contribute/figures?period=2022"),
        (CONTRIBUTOR, [due("2020", "due", None)], [sent(1, "published")], "send", "/contribute/figures"),
        (CONTRIBUTOR, [due()], [sent(3, "checked"), sent(2, "draft")], "submit", "/contribute/3"),
        (CONTRIBUTOR, [due()], [sent(3, "checked"), sent(2, "checked", **BAD)], "mend", "/contribute/2"),
        (CONTRIBUTOR, [due(standing="overdue", days=-1)],
         [sent(4, "checked", **BAD), sent(3, "draft"), sent(2, "returned")], "correct", "/contribute/2"),
        (CONTRIBUTOR, [], [sent(3, "draft")], "check", "/contribute/3"),
        (CONTRIBUTOR, [], [sent(3, "submitted")], "send", "/contribute/figures"),
        (APPROVER, [due(standing="overdue", days=-1)], [], "look", "/en/sending/"),
        (APPROVER, [], [sent(3, "submitted"), sent(2, "submitted"), sent(1, "approved")], "approve", "/contribute/2"),
        (APPROVER, [], [sent(3, "submitted", submitted_by=2)], "look", "/en/sending/"),
        (APPROVER, [], [sent(3, "returned")], "look", "/en/sending/"),
        (COORDINATOR, [], [sent(3, "submitted")], "deadline", "/offices/#deadlines"),
        (COORDINATOR, [due()], [sent(3, "submitted")], "offices", "/offices/"),
    ],
)  # fmt: skip
def test_the_state_chooses_the_one_act(
    by: Principal, dues: list[Due], submissions: list[Submission], key: str, to: str
) -> None:
    act = choose_act(by, dues, submissions, conflicts=False, chosen=False, lang="en")
    assert (act.key, act.to) == (key, to)
    if by is COORDINATOR:
        assert choose_act(by, dues, submissions, conflicts=True, chosen=False, lang="en").key == "decide"


def test_who_sends_activities_alone_is_not_asked_for_indicators() -> None:
    desa = somebody(1, Role.CONTRIBUTOR, "XUN")
    assert choose_act(desa, [], [], conflicts=False, chosen=False, lang="en") == Act("send", "/contribute/activities")
    (year,) = list_years(desa, [], [], {}, "en", NOW.date())
    assert [strip.page.dataset for strip in year.strips] == [ACTIVITIES]


def test_returned_stand_first_then_those_with_errors() -> None:
    given = [sent(6, "draft"), sent(5, "checked"), sent(4, "checked", **BAD), sent(3, "submitted"), sent(2, "returned")]
    assert [one.id for one in sort_waiting(given)] == [2, 4, 5, 6]


def strips(dues: list[Due], submissions: list[Submission], by: Principal = CONTRIBUTOR) -> dict[str, list[YearCell]]:
    (year,) = list_years(by, dues, submissions, {}, "en", date(2026, 4, 15))
    return {one.page.dataset: list(one.cells) for one in year.strips}


@pytest.mark.parametrize("standing", SHOWN)
def test_each_standing_has_words_of_its_own(standing: str) -> None:
    (cell,) = [one for one in strips([due("2021", standing)], [])["figures"] if one.period == "2021"]
    assert cell.shown == SHOWN[standing]
    assert cell.words
    assert "submissions." not in cell.words
    assert (cell.day != "") == (cell.shown in ("due", "overdue", "received", "returned")), "what has come has no day"


def test_what_the_office_has_to_do_is_never_left_out() -> None:
    years = [due(str(year), "published", None) for year in range(2005, 2026)]
    years[3] = replace(years[3], standing="overdue", due=NOW)
    cells = strips(years, [])["figures"]
    assert [one.period for one in cells] == ["2008", "2020", "2021", "2022", "2023", "2024", "2025"]


def test_a_correction_stands_beside_what_is_published() -> None:
    (cell,) = [one for one in strips([due("2024", "published", None)],
               [sent(9, "returned", period="2024"), sent(8, "withdrawn", period="2024"),
                sent(3, "published", period="2024")])["figures"] if one.period == "2024"]  # fmt: skip
    assert (cell.shown, cell.to) == ("published", "/contribute/9")
    assert t("submissions.state.returned", "en") in cell.beside


def test_months_are_shown_once_one_was_sent_and_lead_to_their_page() -> None:
    assert strips([], [])["counts"] == []
    cells = strips([due("2026-02", "approved", None, "counts")], [sent(4, "approved", period="2026-02",
                                                                        dataset="counts")])["counts"]  # fmt: skip
    assert [one.period for one in cells][::11] == ["2025-04", "2026-03"]
    assert [one.to for one in cells[-2:]] == ["/contribute/4", "/contribute/counts?period=2026-03"]
    looking = strips([], [], APPROVER)["figures"]
    assert [one.to for one in looking] == [""], "who sends nothing is not led to sending"


def primary(text: str) -> list[str]:
    """The addresses of the primary acts of a page."""
    body = text.split("<main")[1]
    return [unescape(one) for one in re.findall(r'<a class="primary" href="([^"]+)"', body)] + re.findall(
        r'<button[^>]*class="primary"', body
    )


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.APPROVER, Role.COORDINATOR])
@pytest.mark.parametrize("state", ["", "draft", "checked", "errors", "returned", "submitted", "approved", "published"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it says the same on any engine
async def test_the_desk_has_exactly_one_primary_act(person: Make, place: Settings, role: Role, state: str) -> None:
    sender, who = person(), person(role)
    number = 0
    if state:
        number = laid(
            place, sender, "checked" if state == "errors" else state, int(YEAR), [ERROR] * (state == "errors")
        )
    page = await who.client.get("/contribute/?lang=ar")
    (act,) = primary(page.text)
    mine = {Role.CONTRIBUTOR: ("draft", "checked", "errors", "returned"), Role.APPROVER: ("submitted",)}
    assert act.startswith(f"/contribute/{number}?") == (state in mine.get(role, ()))
    assert (await who.client.get(act.partition("#")[0])).status_code in (200, 404)  # 404: a page of the front end
    assert t("submissions.year.begin", "ar") in words(page) or state


PAGES = ("figures", "survey", "counts", "activities")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_refused_upload_comes_back_on_its_page_with_what_was_chosen(person: Make) -> None:
    who = person()
    for name, dataset, period in zip(
        PAGES, ("figures", "survey", "counts", ACTIVITIES), ("2023", "2023", f"{YEAR}-03", YEAR), strict=True
    ):
        page = await who.client.get(f"/contribute/{name}?period={period}")
        assert f'<option value="{period}" selected' in page.text
        assert f'name="dataset" value="{dataset}"' in page.text
        form = {"form_token": await who.token(), "dataset": dataset, "period": period, "intent": ""}
        form |= {"intent": "replaces"} if dataset == "figures" else {}
        for body, told in ((b"", "empty"), (None, "form")):
            files = {"file": ("f.csv", body)} if body is not None else {"other": (None, "x")}
            back = await who.client.post(f"/contribute/upload?dataset={dataset}", data=form, files=files)
            assert back.status_code == 422, (name, told)
            assert t(f"submissions.refusal.{told}", "en") in unescape(back.text)
            assert f'<option value="{period}" selected' in back.text, (name, told)
            assert ('<option value="replaces" selected' in back.text) == (dataset == "figures")
            assert f'href="/contribute/{name}?lang=ar' in back.text, "other languages of the page, not of the form"
    kept = {"period": "2022", "reason": "other", "words": ""}
    refused = await who.post("/contribute/not-reported", "/contribute/", **kept)
    assert refused.status_code == 422
    assert all_of(f'<option value="{it}" selected' in refused.text for it in ("2022", "other"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_file_that_is_too_large_is_told_on_the_page_it_was_sent_from(person: Make) -> None:
    who = person()
    head = (
        f'--b\r\ncontent-disposition: form-data; name="form_token"\r\n\r\n{await who.token()}\r\n'
        '--b\r\ncontent-disposition: form-data; name="dataset"\r\n\r\ncounts\r\n'
        f'--b\r\ncontent-disposition: form-data; name="period"\r\n\r\n{YEAR}-02\r\n'
        '--b\r\ncontent-disposition: form-data; name="file"; filename="f.xlsx"\r\n\r\n'
    ).encode()
    heads = {"content-type": "multipart/form-data; boundary=b", "content-length": str(60 * 2**20)}
    back = await who.client.post("/contribute/upload?dataset=counts", content=head, headers=heads)
    assert back.status_code == 413
    assert t("submissions.refusal.too_large", "en") in unescape(back.text)
    assert f'<option value="{YEAR}-02" selected' in back.text


async def test_a_closed_year_is_told_where_it_was_chosen(person: Make, place: Settings) -> None:
    who: Person = person()
    with writing(open_engine(place)) as connection:
        store.set_period(connection, "AZE", "figures", YEAR, 1, closed=True)
    back = await who.upload(b"x", "f.csv")
    assert back.status_code == 409
    assert t("submissions.refusal.closed", "en") in words_of(back.text)
    assert f'<option value="{YEAR}" selected' in back.text


def words_of(text: str) -> str:
    """What a page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())
