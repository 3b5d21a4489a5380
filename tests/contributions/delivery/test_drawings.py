"""One centre's page, the funnel and the calendar: what is drawn is what was sent, and what is missing says why."""

import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest
from sqlalchemy import Engine

from dashboard.analysis.charts.registry import KINDS, select_kinds
from dashboard.analysis.measures.counts.funnel import place_on_funnel
from dashboard.answers import country_services as shown
from dashboard.contributions.delivery import drawings, store
from dashboard.contributions.delivery.metrics import metrics
from dashboard.contributions.delivery.model import Centre, CentreReport
from dashboard.contributions.delivery.views import country_services
from dashboard.interfaces.api import origins
from dashboard.interfaces.api.delivery import routes
from dashboard.interfaces.desk.site import api
from dashboard.locales import LANGUAGES
from dashboard.settings import Settings
from tests.contributions.delivery.test_views import NOW, sent


@pytest.fixture
async def reader(
    record: Engine, monitor_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who reads, of a country with six centres and one more that has sent nothing."""
    sent(record)
    store.save_centres(record, [Centre("silent", "UGA", "Silent", date(2024, 1, 1), closed=date(2026, 2, 1))])
    for module in (routes, origins, shown):
        monkeypatch.setattr(module, "settings", lambda: monitor_settings)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://test") as client:
        yield client


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_centre_s_page_is_in_every_language_without_script(reader: httpx.AsyncClient, lang: str) -> None:
    page = await reader.get(f"/{lang}/services/UGA/c3/")
    assert page.status_code == 200
    assert f'<html lang="{lang}" dir="{LANGUAGES[lang].dir}">' in page.text
    assert not re.search(r"<script|>(delivery|ui|officers)\.[a-z_]+", page.text)
    assert "set-cookie" not in page.headers
    for other in LANGUAGES:
        assert other == lang or f'href="/{other}/services/UGA/c3/"' in page.text
    assert page.text.count("<tr>") == 1 + 10
    kept = await reader.get(f"/{lang}/services/UGA/c3/", headers={"If-None-Match": page.headers["etag"]})
    assert kept.status_code == 304


@pytest.mark.parametrize(("code", "status"), [("c3", 200), ("none", 404)])
async def test_head_of_a_centre_s_page_says_what_get_says_without_its_body(
    reader: httpx.AsyncClient, code: str, status: int
) -> None:
    got, asked = await reader.get(f"/en/services/UGA/{code}/"), await reader.head(f"/en/services/UGA/{code}/")
    assert got.status_code == asked.status_code == status
    assert asked.content == b"" != got.content
    assert dict(asked.headers) == dict(got.headers)


async def test_the_waiting_that_rose_and_the_reason_of_what_is_missing_are_on_the_page(
    reader: httpx.AsyncClient,
) -> None:
    text = (await reader.get("/en/services/UGA/c3/")).text.replace("\u00a0", " ")
    table = text.split("<tbody>")[1].split("</tbody>")[0]
    newest, oldest = table.split("<tr>")[1], table.split("<tr>")[-1]
    assert "October 2026" in newest
    assert "January 2026" in oldest
    assert "45.0 minutes" in newest
    assert "17.5 minutes" in oldest
    assert "not reported" in newest
    assert "Evidence level 2" in text
    rows = rows_of((await reader.get("/api/v1/services/UGA/centres/c3.csv")).text)
    assert len(rows) == 10 * len(metrics())
    told = {(row["month"], row["metric"]): row for row in rows}
    assert told["2026-10", "waiting_p50"]["value"] == "45.0"
    assert (told["2026-10", "cost"]["kind"], told["2026-10", "cost"]["value"]) == ("not_reported", "")


async def test_what_a_centre_sent_is_never_called_not_reported(reader: httpx.AsyncClient, record: Engine) -> None:
    counts = {"agencies": 12, "complaints_due": 0, "complaints_in_time": 0}
    store.save_reports(record, "UGA", [CentreReport("c3", "id", "web", date(2026, 10, 1), counts)], NOW)
    text = (await reader.get("/en/services/UGA/c3/")).text
    facts, absent = text.split('<dl class="facts">')[1].split("</dl>")
    assert "<dt>Agencies under one roof</dt><dd><strong>12</strong>" in facts
    assert "not applicable" in facts
    assert "Services under one roof" in absent
    assert "Agencies under one roof" not in absent


async def test_a_month_whose_part_is_larger_than_its_whole_is_withheld_with_the_reason(
    reader: httpx.AsyncClient, record: Engine
) -> None:
    """Such reports are refused today, but those of before are kept."""
    counts = {
        "started": 40, "completed": 50, "refused": 50, "agreed_minutes": 100, "planned_down_minutes": 90,
        "unplanned_down_minutes": 20, "satisfied_4": 90, "invited": 40, "answered": 40,
    } | {f"satisfied_{level}": 0 for level in (1, 2, 3)}  # fmt: skip
    store.save_reports(record, "UGA", [CentreReport("c3", "id", "counter", date(2026, 10, 1), counts)], NOW)
    page = await reader.get("/en/services/UGA/c3/")
    assert page.status_code == 200
    newest, before = page.text.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:3]
    assert "withheld: a part is larger than its whole" in newest
    assert "larger than its whole" not in before
    assert "withheld: fewer than 10 people" in before, "two of a hundred"
    rows = rows_of((await reader.get("/api/v1/services/UGA/centres/c3.csv")).text)
    told = {row["metric"]: row for row in rows if row["month"] == "2026-10"}
    for metric in ("completion", "refusal", "availability_reported"):
        assert (told[metric]["kind"], told[metric]["value"]) == ("contradictory", "")
    country = country_services(record, "UGA", "en", NOW)
    assert next(one for one in country["tiles"] if one["id"] == "completion")["text"].startswith("withheld")


async def test_a_centre_without_counts_or_that_is_none_says_so(reader: httpx.AsyncClient) -> None:
    page = await reader.get("/en/services/UGA/silent/")
    assert page.status_code == 200
    assert "Nothing has been sent for this centre yet" in page.text
    assert "closed on 1 February 2026" in page.text
    for path in (
        "/en/services/AZE/c3/",
        "/en/services/UGA/nowhere/",
        "/en/services/%3Cb%3E/c3/",
        "/xx/services/UGA/c3/",
    ):
        absent = await reader.get(path)
        assert absent.status_code == 404, path
        assert "<b>" not in absent.text
    assert (await reader.get("/api/v1/services/AZE/centres/c3.csv")).status_code == 404


@pytest.mark.parametrize("kind", select_kinds("services"))
async def test_a_kind_drawn_from_services_has_its_addresses(reader: httpx.AsyncClient, kind: str) -> None:
    base = f"/api/v1/services/uga/{kind}"
    rows = rows_of((await reader.get(f"{base}.csv")).text)
    assert {tuple(row) for row in rows} == {KINDS[kind].columns}
    told = (await reader.get(f"{base}.json?lang=fr")).json()
    assert "UGA" not in told["usermeta"]["title"]
    assert told["usermeta"]["csv_text"].count(str(len(rows))) == 1
    assert (await reader.get(f"{base}.svg")).text.count("<svg") >= 1
    for wrong, status in (("?metric=cost", 422), ("?width=319", 422), ("?width=1601", 422), ("?theme=blue", 422)):
        assert (await reader.get(f"{base}.csv{wrong}")).status_code == status, wrong
    assert (await reader.get(f"{base}.csv?width=320&v=other")).headers["cache-control"].startswith("public, max-age=0")
    assert (await reader.get(f"{base}.xlsx")).status_code == 422
    assert (await reader.get(f"/api/v1/services/XXX/{kind}.csv")).status_code == 404


async def test_the_funnel_draws_exact_limits_around_what_was_sent(reader: httpx.AsyncClient, record: Engine) -> None:
    rows = rows_of((await reader.get("/api/v1/services/UGA/funnel.csv", params={"metric": "completion"})).text)
    assert {row["centre"]: float(row["share"]) for row in rows} == pytest.approx(
        {f"c{n}": 100 * (100 if n == 5 else 190 - n) / 200 for n in range(6)}
    )
    exact = place_on_funnel([(10 * (100 if n == 5 else 190 - n), 2000) for n in range(6)])
    assert float(rows[0]["outer_low"]) == pytest.approx(100 * exact.places[0].limits.outer_low)
    chart = drawings.draw(record, "funnel", "UGA", "completion", "en", "light", "")
    curve = chart.spec["datasets"]["curve"]
    assert min(row["n"] for row in curve) < 2000 < max(row["n"] for row in curve)
    lowest = {row["n"]: row["share"] for row in curve if row["line"] == 0}
    at = min(lowest, key=lambda n: abs(n - 2000))
    assert lowest[at] == pytest.approx(100 * exact.places[0].limits.outer_low, abs=1)
    assert "widened" in chart.sentence


async def test_the_calendar_has_a_tile_a_month_and_says_why_one_is_hollow(
    reader: httpx.AsyncClient, record: Engine
) -> None:
    store.save_reports(record, "UGA", [CentreReport("c0", "id", "web", date(2026, 10, 1), {"agreed_minutes": 1_000,
                       "planned_down_minutes": 0, "unplanned_down_minutes": 100})], NOW)  # fmt: skip
    address = "/api/v1/services/UGA/calendar"
    rows = rows_of((await reader.get(f"{address}.csv", params={"metric": "availability_reported"})).text)
    assert len(rows) == 60
    assert {(row["centre"], row["month"]): row["value"] for row in rows if row["value"]} == {("c0", "2026-10"): "90.0"}
    assert {row["kind"] for row in rows} == {"value", "not_reported"}
    picture = await reader.get(f"{address}.svg", params={"metric": "waiting_p50", "lang": "ar", "width": 360})
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "Centre 3" in picture.text
    assert "NaN" not in picture.text


async def test_a_chart_is_kept_by_its_mark_until_other_counts_come(reader: httpx.AsyncClient, record: Engine) -> None:
    address = "/api/v1/services/UGA/funnel.csv"
    mark = store.mark(record, "UGA")
    first = await reader.get(address, params={"v": mark})
    assert first.headers["cache-control"].endswith("immutable")
    again = await reader.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    store.save_reports(record, "UGA", [CentreReport("c0", "id", "counter", date(2026, 10, 1), {"started": 7})], NOW)
    changed = await reader.get(address, params={"v": mark}, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert "immutable" not in changed.headers["cache-control"]


def test_a_chart_of_other_code_is_another(record: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = store.mark(record, "UGA")
    monkeypatch.setattr(store, "code_version", lambda: "another")
    assert store.mark(record, "UGA") != mark


async def test_a_centre_that_is_renamed_has_its_new_name_in_the_charts(
    reader: httpx.AsyncClient, record: Engine
) -> None:
    mark = store.mark(record, "UGA")
    for name, other in (("Centra 3", "Centre 3"), ("Centre 3", "Centra 3")):
        store.save_centres(record, [Centre("c3", "UGA", name, date(2020, 1, 1), region="West")])
        drawn = (await reader.get("/api/v1/services/UGA/funnel.csv")).text
        assert name in drawn
        assert other not in drawn
    assert store.mark(record, "UGA") == mark


async def test_each_form_is_what_it_is_called_and_as_wide_as_asked_for(reader: httpx.AsyncClient) -> None:
    address = "/api/v1/services/uga/calendar"
    for form, begins, way in (
        ("png", b"\x89PNG", "inline"),
        ("svg", b"<svg", "inline"),
        ("csv", b"centre", "attachment"),
    ):
        drawn = await reader.get(f"{address}.{form}")
        assert drawn.content.startswith(begins)
        assert drawn.headers["content-disposition"] == f'{way}; filename="calendar_UGA_waiting_p50.{form}"'
        assert (await reader.get(f"{address}.{form}")).content == drawn.content
    widths = [
        float(re.findall(r'<svg[^>]* width="([\d.]+)"', (await reader.get(f"{address}.svg?width={width}")).text)[0])
        for width in (320, 1600)
    ]
    assert widths[0] < 400 < 1500 < widths[1]
    dark, light = [(await reader.get(f"{address}.svg?theme={theme}")).text for theme in ("dark", "light")]
    assert dark != light
    page = await reader.get("/api/v1/services/UGA/centres/c3.csv")
    assert page.headers["content-disposition"] == 'attachment; filename="c3.csv"'
    again = await reader.get("/api/v1/services/UGA/centres/c3.csv", headers={"If-None-Match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "query", [{"metric": "cost"}, {"lang": "xx"}, {"theme": "red"}, {"width": "9"}, {"width": "99999"}]
)
async def test_what_cannot_be_drawn_is_refused_in_words(reader: httpx.AsyncClient, query: dict[str, str]) -> None:
    answer = await reader.get("/api/v1/services/UGA/funnel.svg", params=query)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert (await reader.get("/api/v1/services/ZZZ/funnel.svg")).status_code == 404
    empty = await reader.get("/api/v1/services/AZE/calendar.svg")
    assert (empty.status_code, "No centre has sent" in empty.text) == (200, True)


async def test_a_page_draws_a_chart_from_its_compiled_form_with_its_words(reader: httpx.AsyncClient) -> None:
    for kind, metric, title in (("funnel", "satisfaction", "Exit-poll customer satisfaction"),
                                ("calendar", "waiting_p50", "Waiting time, median")):  # fmt: skip
        plain, drawn = [
            (await reader.get(f"/api/v1/services/UGA/{kind}.{form}?metric={metric}")).json()
            for form in ("json", "vega")
        ]
        assert "vega-lite" in plain["$schema"]
        assert "vega-lite" not in drawn["$schema"]
        assert (plain["usermeta"], plain["usermeta"]["title"]) == (drawn["usermeta"], title)
        assert plain["usermeta"]["sentence"]


def test_the_calendar_of_many_centres_shows_the_worst_and_says_so(record: Engine) -> None:
    rows, centres = [], range(30)
    for n in centres:
        counts = {"agreed_minutes": 40_000, "planned_down_minutes": 0, "unplanned_down_minutes": 300 * n}
        rows += [CentreReport(f"c{n:02}", "id", "web", date(2026, month, 1), counts) for month in (9, 10)]
    store.save_centres(record, [Centre(f"c{n:02}", "UGA", f"Centre {n}", date(2020, 1, 1)) for n in centres])
    store.save_reports(record, "UGA", rows, NOW)
    chart = drawings.draw(record, "calendar", "UGA", "availability_reported", "en", "light", "")
    assert list(dict.fromkeys(row["centre"] for row in chart.rows)) == [f"c{n:02}" for n in range(29, 5, -1)]
    assert chart.sentence.startswith("The 24 of 30 centres with the lowest newest figures. ")


def test_what_nobody_would_feel_has_one_colour(record: Engine) -> None:
    rows = [
        CentreReport("c0", "id", "web", date(2026, month, 1),
               {"agreed_minutes": 40_000, "planned_down_minutes": 0, "unplanned_down_minutes": 70 + month})
        for month in range(1, 11)
    ]  # fmt: skip
    store.save_centres(record, [Centre("c0", "UGA", "Centre", date(2020, 1, 1))])
    store.save_reports(record, "UGA", rows, NOW)
    chart = drawings.draw(record, "calendar", "UGA", "availability_reported", "en", "light", "")
    assert len({tile["colour"] for tile in chart.spec["datasets"]["tiles"]}) == 1
    assert chart.sentence.replace("\u00a0", " ") == "Every figure shown is 99.8 %."
