"""Centres like with like on pages, in charts and in files: what services tell, never hidden by their mix."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import httpx
import pytest
from sqlalchemy import Engine

from dashboard.answers import country_services as shown
from dashboard.contributions.delivery import drawings, store
from dashboard.contributions.delivery.comparison.by_service import compare_centres, list_services, sum_services
from dashboard.contributions.delivery.comparison.views import list_service_rows
from dashboard.contributions.delivery.hours import list_channel_hours
from dashboard.contributions.delivery.metrics import by_centre, metrics
from dashboard.contributions.delivery.model import Centre, CentreReport
from dashboard.contributions.delivery.pooling import added
from dashboard.contributions.delivery.views import country_services
from dashboard.contributions.voice.publication.views import COUNT_COLUMNS
from dashboard.evidence.database.engine import writing
from dashboard.interfaces.api import origins
from dashboard.interfaces.api.delivery import routes
from dashboard.interfaces.desk.site import api
from dashboard.locales import LANGUAGES, t
from dashboard.settings import Settings
from tests.checks import all_of
from tests.interfaces.api.lists import read_list, walk_list

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
MONTHS = [date(2026, month, 1) for month in range(1, 11)]
PAIR = {"x": {"easy": (95, 100), "hard": (600, 1000)}, "y": {"easy": (900, 1000), "hard": (50, 100)}}
"""(completed, started) of a month: X is better at both, and pooled far below Y."""


def send(engine: Engine, cases: dict[str, dict[str, tuple[int, int]]], months: list[date] = MONTHS) -> None:
    offers = (("easy", "Copies"), ("hard", "Deeds"))
    centres = [Centre(code, "UGA", f"Centre {code.upper()}", date(2020, 1, 1), services=offers) for code in cases]
    store.save_centres(engine, centres)
    store.save_reports(engine, "UGA", [
        CentreReport(code, service, "counter", month, {"started": started, "completed": completed})
        for code, services in cases.items()
        for service, (completed, started) in services.items()
        for month in months
    ], NOW)  # fmt: skip


@pytest.fixture
async def reader(
    record: Engine, monitor_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    send(record, PAIR)
    for module in (routes, origins, shown):
        monkeypatch.setattr(module, "settings", lambda: monitor_settings)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://test") as client:
        yield client


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_centre_that_is_better_at_every_service_is_not_shown_below_without_the_word(
    record: Engine, lang: str
) -> None:
    send(record, PAIR)
    view = country_services(record, "UGA", lang, NOW)
    rows = {row["code"]: row for row in view["centres"]}
    assert rows["x"]["mixed"].endswith(t("delivery.alike.better", lang, names="Centre Y"))
    assert rows["y"]["mixed"] == ""
    (table,) = view["likened"]
    told = {row["name"]: row for row in table["rows"]}
    assert ["−" in told[f"Centre {code}"]["difference"] for code in "XY"] == [False, True]
    assert told["Centre X"]["word"] == "", "like with like it is not shown below"
    chart = drawings.draw(record, "funnel", "UGA", "completion", lang, "light", "")
    assert t("delivery.alike.hidden", lang, name="Centre X", names="Centre Y") in chart.sentence
    alike = drawings.draw(record, "like_with_like", "UGA", "completion", lang, "light", "")
    assert [(row["centre"], row["difference"] > 0, row["better_than"]) for row in alike.rows] == [
        ("x", True, ""), ("y", False, "")
    ]  # fmt: skip


def test_expected_is_of_the_network_s_rates_and_the_chart_s_limits_are_the_centre_s(record: Engine) -> None:
    send(record, PAIR)
    easy, hard = 995 / 1100, 650 / 1100
    row = drawings.draw(record, "like_with_like", "UGA", "completion", "en", "light", "").rows[0]
    assert row["observed"] == pytest.approx(100 * 695 / 1100)
    assert row["expected"] == pytest.approx(100 * (100 * easy + 1000 * hard) / 1100)
    found = compare_centres(record, "UGA", "completion")
    whole = (found.centres[0].error ** 2 + found.spread**2) ** 0.5
    assert row["inner_high"] == pytest.approx(196 * whole, rel=1e-3)
    assert (row["outer_low"], row["cases"]) == (pytest.approx(-309 * whole, rel=1e-3), 11_000)


def test_a_merged_service_is_one_service(record: Engine) -> None:
    """Y sent copies under an old code until June: from then on, and before, they are counted as one service."""
    send(record, PAIR)
    old = [
        CentreReport("y", "old-copies", "counter", month, {"started": 500, "completed": 100}) for month in MONTHS[:6]
    ]
    store.save_reports(record, "UGA", old, NOW)
    apart = sum_services(record, "UGA", "completion")
    assert apart["y"]["old-copies"] == (600, 3000)
    with writing(record) as connection:
        for month in (7, 9, 8):  # a file that says it each month moves nothing, one that comes late neither
            store.save_mergers_on(connection, "UGA", date(2026, month, 1), {"easy": ["old-copies"]})
    assert store.mergers(record, "UGA")["old-copies"].since == date(2026, 7, 1)
    merged = sum_services(record, "UGA", "completion")
    assert merged["y"] == {"easy": (9600, 13_000), "hard": (500, 1000)}
    assert sum(n for _, n in merged["y"].values()) == sum(n for _, n in apart["y"].values()), "each case once"


def test_cases_are_those_of_the_centre_s_own_figure(record: Engine) -> None:
    """Of one service with cases carried over, the sums by service are the figure that is shown."""
    send(record, {"x": {"easy": (95, 100)}, "y": {"easy": (90, 100)}})
    more = {"started": 100, "completed": 180, "refused": 10, "carried_over": 100}
    store.save_reports(record, "UGA", [CentreReport("x", "easy", "web", date(2026, 10, 1), more)], NOW)
    figure = by_centre(metrics()["completion"], added(record, "UGA").whole)["x"]
    assert sum_services(record, "UGA", "completion")["x"]["easy"] == (figure.numerator, figure.n) == (1130, 1190)
    wrong = {"started": 10, "completed": 50}
    store.save_reports(record, "UGA", [CentreReport("y", "easy", "web", date(2026, 10, 1), wrong)], NOW)
    assert set(sum_services(record, "UGA", "completion")) == {"x"}, "what contradicts itself is compared with nobody"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_centre_alone_is_compared_with_nothing_and_the_chart_says_so(record: Engine, lang: str) -> None:
    send(record, {"x": PAIR["x"]})
    assert country_services(record, "UGA", lang, NOW)["likened"] == []
    chart = drawings.draw(record, "like_with_like", "UGA", "completion", lang, "light", "")
    assert (chart.rows, chart.sentence) == ([], t("delivery.alike.none", lang))


def test_only_twelve_months_are_compared(record: Engine) -> None:
    send(record, PAIR)
    send(record, {"x": {"easy": (0, 10_000)}}, [date(2025, 10, 1)])
    assert sum_services(record, "UGA", "completion")["x"]["easy"] == (950, 1000)


async def test_a_centre_s_services_are_on_its_page_and_in_its_file(reader: httpx.AsyncClient, record: Engine) -> None:
    few = [CentreReport("x", "rare", "counter", MONTHS[0], {"started": 29, "completed": 29})]
    store.save_reports(record, "UGA", few, NOW)
    page = (await reader.get("/en/services/UGA/x/")).text
    assert "Copies" in page
    assert "/api/v1/services/UGA/centres/x/services.csv" in page
    rows = list(csv.DictReader(io.StringIO((await reader.get("/api/v1/services/uga/centres/x/services.csv")).text)))
    told = {(row["service"], row["metric"]): row for row in rows}
    assert float(told["easy", "completion"]["share"]) == pytest.approx(95.0)
    assert float(told["easy", "completion"]["network_share"]) == pytest.approx(100 * 995 / 1100)
    assert (told["rare", "completion"]["n"], told["rare", "completion"]["share"]) == ("29.0", "")
    assert (await reader.get("/api/v1/services/UGA/centres/none/services.csv")).status_code == 404
    assert (await reader.get("/api/v1/services/AZE/centres/x/services.csv")).status_code == 404
    assert [row["share"] for row in list_services(record, "UGA", "y")] == [90.0, 50.0]


def test_a_centre_of_one_service_has_no_table_of_services(record: Engine) -> None:
    send(record, {"x": {"easy": (95, 100)}, "y": PAIR["y"]})
    assert list_service_rows(record, "UGA", "x", {}, "en") == []
    assert [row["name"] for row in list_service_rows(record, "UGA", "y", {"hard": "Deeds"}, "en")] == ["easy", "Deeds"]


async def test_hours_are_told_of_each_channel_apart_with_services_open_round_the_clock(
    reader: httpx.AsyncClient, record: Engine
) -> None:
    month, minutes = MONTHS[-1], 31 * 24 * 60
    store.save_reports(record, "UGA", [
        CentreReport("x", "easy", "counter", month, {"opening_hours": 40}),
        CentreReport("y", "easy", "counter", month, {"opening_hours": 60, "agreed_minutes": 1}),  # the week is said
        CentreReport("x", "easy", "web", month, {"opening_hours": 168}),
        CentreReport("x", "hard", "web", month, {"agreed_minutes": minutes}),
        CentreReport("y", "hard", "web", month, {"agreed_minutes": minutes // 2}),
        CentreReport("y", "hard", "app", MONTHS[0], {"opening_hours": 168}),  # of an earlier month
    ], NOW)  # fmt: skip
    rows = list(csv.DictReader(io.StringIO((await reader.get("/api/v1/services/uga/channels/hours.csv")).text)))
    told = {row["channel"]: (row["services"], row["round_the_clock"]) for row in rows}
    assert told == {"counter": ("2", "0"), "web": ("3", "2")}
    assert [round(float(row["hours_a_week"]), 1) for row in rows] == [50.0, 140.0]
    assert {row["month"] for row in rows} == {"2026-10"}
    month_, of_centre = list_channel_hours(record, "UGA", "x")
    assert (month_, {one.channel: round(one.week) for one in of_centre}) == (month, {"counter": 40, "web": 168})
    for lang in LANGUAGES:
        view = country_services(record, "UGA", lang, NOW)
        names = [t(f"delivery.channels.{one}", lang) for one in ("counter", "web")]
        assert all_of(name in view["hours_text"] for name in names)
        page = (await reader.get(f"/{lang}/services/UGA/x/")).text
        assert t("delivery.hours.title", lang) in page
    assert (await reader.get("/api/v1/services/XXX/channels/hours.csv")).status_code == 404


def test_a_country_that_sent_no_hours_has_none(record: Engine) -> None:
    send(record, PAIR)
    assert country_services(record, "UGA", "en", NOW)["hours_text"] == ""


@pytest.mark.parametrize("route", ["centres/x.csv", "centres/x/services.csv", "channels/hours.csv", "voices.csv"])
async def test_files_of_centres_come_a_page_at_a_time(
    reader: httpx.AsyncClient, record: Engine, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save_reports(record, "UGA", [
        CentreReport("x", "easy", channel, MONTHS[-1], {"opening_hours": 40}) for channel in ("counter", "web")
    ], NOW)  # fmt: skip
    counts = [dict.fromkeys(COUNT_COLUMNS, "") | {"theme": theme, "count": 5} for theme in ("cost", "time", "access")]
    monkeypatch.setattr(routes, "list_counts", lambda *_: counts)
    address = f"/api/v1/services/UGA/{route}"
    whole, following = await read_list(reader, address)
    assert len(whole) > 1
    assert not following
    assert await walk_list(reader, address, 1) == whole
    if route == "voices.csv":
        assert await walk_list(reader, address.replace("csv", "json"), 2, "counts") == counts
