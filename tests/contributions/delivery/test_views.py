"""What the pages on services show, in every language, with counts and without."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random

import pytest
from sqlalchemy import Engine

from dashboard.analysis.measures.counts.histogram import Histogram
from dashboard.contributions.delivery import store
from dashboard.contributions.delivery.centre import centre_rows, centre_services
from dashboard.contributions.delivery.metrics import PooledFigure, figure, metrics, shifted
from dashboard.contributions.delivery.model import BINS, Centre, CentreReport
from dashboard.contributions.delivery.pooling import added
from dashboard.contributions.delivery.tables import ServiceProbe
from dashboard.contributions.delivery.views import country_services, services
from dashboard.contributions.delivery.wording import figure_view
from dashboard.locales import LANGUAGES, format_number, format_quantity, t
from tests.checks import all_of

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
EDGES = tuple(map(float, BINS["waiting"]))


def sent(engine: Engine) -> None:
    """Six centres, ten months; the waiting of one rose, and one completes far less."""
    store.save_centres(
        engine, [Centre(f"c{n}", "UGA", f"Centre {n}", date(2020, 1, 1), region="West") for n in range(6)]
    )
    reports = []
    for n in range(6):
        for month in range(1, 11):
            slow = n == 3 and month > 6
            waiting = (5, 10, 20, 30, 20, 10, 5, 0, 0, 0) if not slow else (0, 0, 5, 10, 15, 20, 25, 15, 8, 2)
            counts = {"started": 200, "completed": 100 if n == 5 else 190 - n, "complaints_received": 2}
            counts |= {
                "satisfied_1": 1,
                "satisfied_2": 2,
                "satisfied_3": 40,
                "satisfied_4": 57,
                "answered": 100,
                "invited": 190,
            }
            reports.append(
                CentreReport(
                    f"c{n}", "id", "counter", date(2026, month, 1), counts, {"waiting": Histogram(EDGES, waiting)}
                )
            )
    store.save_reports(engine, "UGA", reports, NOW)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_counts_the_pages_say_so_in_every_language(record: Engine, lang: str) -> None:
    every = services(record, lang)
    assert every["countries"] == []
    assert len(every["metrics"]) == len(metrics())
    assert all_of(metric["name"] and metric["how"] for metric in every["metrics"])
    how = {metric["id"]: metric["how"] for metric in every["metrics"]}
    done, begun = (t(f"delivery.count.{name}", lang) for name in ("completed", "started"))
    assert how["completion"] == f"{done} ÷ {begun}"
    assert how["complaints"].endswith(format_number(10_000, lang))
    assert not any("_" in words for words in how.values()), "names of columns"
    shown = {"refusal": "refused", "abandonment_of_cases": "abandoned", "agencies": "agencies", "services": "services"}
    for metric, count in shown.items():
        name, counted = (t(f"delivery.{key}", lang).casefold() for key in (f"names.{metric}", f"count.{count}"))
        assert set(name.split()) == set(counted.split()), "one word for one thing"
    assert len({metric["name"] for metric in every["metrics"]}) == len(metrics())
    one = country_services(record, "AZE", lang, NOW)
    assert one["empty"]
    assert one["name"] in one["none"]
    assert (one["tiles"], one["centres"], one["addresses"]) == ([], [], [])


def test_what_was_planted_is_found(record: Engine) -> None:
    sent(record)
    (link,) = services(record, "en")["countries"]
    assert (link["name"], link["to"]) == ("Uganda", "/en/services/UGA/")
    view = country_services(record, "UGA", "en", NOW)
    tiles = {tile["name"]: tile for tile in view["tiles"]}
    assert tiles["Completion rate"]["text"].replace("\u00a0", " ") == "86.7 %"
    assert tiles["Completion rate"]["cases"] == "12,000 cases"
    assert (tiles["Availability"]["text"], tiles["Availability"]["cases"]) == ("not reported", "")
    rows = {row["code"]: row for row in view["centres"]}
    medians = {code: row["figures"][0]["text"] for code, row in rows.items()}
    assert medians["c3"] != medians["c0"]
    assert view["target"].startswith("Not met")
    assert "invited answered" in view["bounds"]
    assert view["widened"]
    assert [(row["name"], row["share"].rstrip("%").strip()) for row in view["channels"]] == [("Counter", "100.0")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_errors_stand_on_the_page_where_they_were_sent_and_nowhere_else(record: Engine, lang: str) -> None:
    sent(record)
    assert country_services(record, "UGA", lang, NOW)["errors"] == []
    old = store.reports(record, "UGA")
    more = {"documents_issued": 5_000, "documents_wrong": 15, "decisions_taken": 400, "decisions_overturned": 12}
    store.save_reports(record, "UGA", [replace(one, counts={**one.counts, **more}) for one in old], NOW)
    wrong, overturned = country_services(record, "UGA", lang, NOW)["errors"]
    assert [wrong["id"], overturned["id"]] == ["documents_wrong", "decisions_overturned"]
    assert wrong["text"] == format_number(30, lang, 1)
    assert overturned["text"] == format_quantity(3, "percent", lang, 1)
    assert [wrong["cases"], overturned["cases"]] == [
        t("delivery.of.documents", lang, count=300_000), t("delivery.of.decisions", lang, count=24_000),
    ]  # fmt: skip
    assert all_of(tile["range"] and tile["caution"] and tile["caution"] in tile["note"] for tile in (wrong, overturned))
    how = {one["id"]: one for one in services(record, lang)["metrics"]}["documents_wrong"]
    assert (format_number(10_000, lang) in how["how"], "_" in how["how"]) == (True, False)
    assert how["unit"] == t("delivery.country.per_documents", lang)


def many(engine: Engine, months: int, centres: int, completed: dict[int, int]) -> None:
    """Counts of so many centres and months to October 2026; ``completed`` of 100 by months back, else 90."""
    store.save_centres(engine, [Centre(f"c{n:02}", "UGA", f"Centre {n:02}", date(2020, 1, 1)) for n in range(centres)])
    rows = [
        CentreReport(f"c{n:02}", "id", "counter", shifted(date(2026, 10, 1), -back),
               {"started": 100, "completed": completed.get(back, 90)})
        for n in range(centres) for back in range(months)
    ]  # fmt: skip
    store.save_reports(engine, "UGA", rows, NOW)


def test_figures_are_of_the_last_twelve_months_and_their_course_of_all(record: Engine) -> None:
    many(record, 30, 1, dict.fromkeys(range(12, 30), 10))
    view = country_services(record, "UGA", "en", NOW)
    tile = next(one for one in view["tiles"] if one["id"] == "completion")
    assert (tile["text"].replace("\u00a0", " "), tile["cases"]) == ("90.0 %", "1,200 cases")
    assert (tile["spark"]["first"], tile["spark"]["last"], tile["spark"]["path"].count("L")) == ("5/24", "10/26", 29)
    assert "November 2025 to October 2026" in view["text"]


def test_no_line_runs_over_months_of_which_nothing_was_sent(record: Engine) -> None:
    store.save_centres(record, [Centre("c0", "UGA", "Centre", date(2020, 1, 1))])
    counts = {"started": 100, "completed": 90}
    rows = [CentreReport("c0", "id", "counter", date(2026, month, 1), counts) for month in (2, 3, 9, 10)]
    store.save_reports(record, "UGA", rows, NOW)
    tile = next(one for one in country_services(record, "UGA", "en", NOW)["tiles"] if one["id"] == "completion")
    assert (tile["spark"]["path"].count("M"), tile["spark"]["path"].count("L")) == (2, 2)


def test_a_month_whose_median_has_no_upper_end_is_in_the_course(record: Engine) -> None:
    store.save_centres(record, [Centre("c0", "UGA", "Centre", date(2020, 1, 1))])
    waits = {9: (0, 0, 90, 0, 0, 0, 0, 0, 0, 0), 10: (0,) * 9 + (90,)}
    rows = [
        CentreReport("c0", "id", "counter", date(2026, month, 1), {}, {"waiting": Histogram(EDGES, bins)})
        for month, bins in waits.items()
    ]
    store.save_reports(record, "UGA", rows, NOW)
    tile = next(one for one in country_services(record, "UGA", "en", NOW)["tiles"] if one["id"] == "waiting_p50")
    assert (tile["spark"]["first"], tile["spark"]["last"]) == ("9/26", "10/26")
    assert tile["spark"]["y"] == 3.0, "the newest month is the highest"


@pytest.mark.parametrize(
    ("completed", "said"),
    [
        ({0: 99, 1: 99, 2: 99}, "Last 3 months 99.0 %, up from 90.0 % half a year before"),
        ({0: 60, 1: 60, 2: 60}, "Last 3 months 60.0 %, down from 90.0 % half a year before"),
        ({0: 92, 3: 10}, "Last 3 months 90.7 %: no detectable change in half a year"),
        ({6: 60, 7: 60, 8: 60}, "Last 3 months 90.0 %, up from 60.0 % half a year before"),
    ],
)
def test_a_change_is_told_beyond_error_between_three_months_and_three_of_half_a_year_before(
    record: Engine, completed: dict[int, int], said: str
) -> None:
    many(record, 12, 1, completed)
    tile = next(one for one in country_services(record, "UGA", "en", NOW)["tiles"] if one["id"] == "completion")
    assert tile["change"].replace("\u00a0", " ") == said


def test_centres_come_a_page_at_a_time_and_one_that_differs_comes_first(record: Engine) -> None:
    many(record, 12, 60, {})
    odd = [CentreReport("c41", "id", "counter", date(2026, 10, 1), {"started": 100, "completed": 1})]
    store.save_reports(record, "UGA", odd, NOW + timedelta(days=1))
    first, last, beyond = (country_services(record, "UGA", "en", NOW, page=page) for page in (1, 3, 9))
    assert [row["code"] for row in first["centres"]] == ["c41", *(f"c{n:02}" for n in range(24))]
    assert [row["differs"] for row in first["centres"]] == [True] + 24 * [False]
    assert [row["code"] for row in last["centres"]] == [f"c{n:02}" for n in range(50, 60)]
    assert (first["page"], first["pages"], beyond["page"], beyond["centres"]) == (1, 3, 3, last["centres"])


def test_the_promise_of_99_per_cent_is_drawn_to_scale(record: Engine) -> None:
    sent(record)  # 97 of 100 satisfied, 190 invited
    scale = country_services(record, "UGA", "en", NOW)["scale"]
    assert (scale["low"].replace("\u00a0", " "), scale["target"]) == ("50 %", "98.0%")
    assert scale["at"] == "94.0%"
    assert (scale["bounds_start"], scale["bounds_width"]) == ("2.1%", "94.7%")
    assert country_services(record, "AZE", "en", NOW)["scale"]["at"] == ""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_verdict_says_of_which_limits_it_speaks(record: Engine, lang: str) -> None:
    """984 of 1,000: the shown limits (two-sided) reach above 99 per cent, the ones that are tested do not."""
    counts = {"satisfied_1": 0, "satisfied_2": 16, "satisfied_3": 0, "satisfied_4": 984, "answered": 1000}
    rows = [CentreReport("a", "id", "counter", date(2026, 10, 1), counts | {"invited": 2000})]
    shown = figure(metrics()["satisfaction"], rows)
    assert shown.upper is not None
    assert shown.upper > 99
    store.save_reports(record, "UGA", rows, NOW)
    said = country_services(record, "UGA", lang, NOW)["target"].replace("\u00a0", "")  # Arabic has no space there
    assert "95%" in said
    assert "99%" in said


def test_what_has_no_upper_end_is_said_in_azerbaijani_as_it_is_spoken() -> None:
    longest = PooledFigure("waiting_p90", "more_than", None, 120.0, None, 0, 100, 1)
    assert figure_view(metrics()["waiting_p90"], longest, "az")["text"] == "120,0 dəqiqə və daha çox"


def test_a_month_of_which_nothing_came_is_a_row_that_says_so(record: Engine) -> None:
    store.save_centres(record, [Centre("gap", "UGA", "Gap", date(2020, 1, 1))])
    assert list(centre_rows(record, "UGA", "gap")) == []
    counts = {"started": 100, "completed": 90}
    months = (date(2025, 11, 1), date(2026, 1, 1))
    store.save_reports(record, "UGA", [CentreReport("gap", "id", "counter", month, counts) for month in months], NOW)
    view = centre_services(record, "UGA", "gap", "en")
    assert view is not None
    assert [(row["month"], row["completed"]) for row in view["months"]] == [
        ("January 2026", "90"), ("December 2025", "not reported"), ("November 2025", "90"),
    ]  # fmt: skip
    rows = [row for row in centre_rows(record, "UGA", "gap") if row["metric"] == "completion"]
    assert [(row["month"], row["kind"], row["n"]) for row in rows] == [
        ("2026-01", "value", 100), ("2025-12", "not_reported", 0), ("2025-11", "value", 100),
    ]  # fmt: skip


def test_a_figure_that_some_centres_send_says_of_how_many(record: Engine) -> None:
    many(record, 12, 3, {})
    store.save_reports(record, "UGA", [CentreReport("c01", "id", "web", date(2026, 10, 1), {"agreed_minutes": 40_000,
                       "planned_down_minutes": 0, "unplanned_down_minutes": 400})], NOW)  # fmt: skip
    tile = next(
        one for one in country_services(record, "UGA", "en", NOW)["tiles"] if one["id"] == "availability_reported"
    )
    assert tile["cases"] == "40,000 minutes, from 1 of 3 centres"
    assert tile["text"].replace("\u00a0", " ") == "99.0 %"


def test_an_outage_is_on_the_page_and_the_rest_is_unmeasured(record: Engine) -> None:
    added = NOW - timedelta(days=1)
    store.save_address(record, "https://service.example/", "UGA", "Portal", added, channel="web", expects="Welcome")
    (unasked,) = country_services(record, "UGA", "en", NOW)["addresses"]
    assert (unasked["up"], unasked["outages"]) == ("not reported", "not reported")
    start = added + timedelta(hours=2)
    rows = [
        ServiceProbe(url="https://service.example/", at=start + timedelta(minutes=5 * n), up=not 20 <= n < 26)
        for n in range(144)
    ]
    store.save_probes(record, rows)
    (row,) = country_services(record, "UGA", "en", NOW)["addresses"]
    assert (row["up"].replace("\u00a0", " "), row["measured"].replace("\u00a0", " "), row["outages"]) == (
        "95.83 %",
        "50 %",
        "1",
    )


def test_sums_give_every_figure_that_all_reports_give(record: Engine) -> None:
    """Centres, channels, currencies and what is counted differ from report to report, in any mixture."""
    chance = Random(4)
    rows = []
    for code, service, channel, month in product("abc", "qrstuvwxyz", ("counter", "web"), range(1, 8)):
        done = chance.randrange(1, 90)
        counts = {"started": done + 3, "completed": done, "standard_total": done, "standard_within": done // 2,
                  "satisfied_1": 1, "satisfied_2": 2, "satisfied_3": 3, "satisfied_4": 4, "answered": 10, "invited": 30,
                  "complaints_received": chance.randrange(3), "agreed_minutes": 900, "unplanned_down_minutes": 7,
                  "planned_down_minutes": 3, "cost_transactions": done, "booked": 0}  # fmt: skip
        for name in chance.sample(("booked", "answered", "started", "agreed_minutes"), chance.randrange(2)):
            del counts[name]
        waiting = {"waiting": Histogram(EDGES, tuple(chance.randrange(9) for _ in EDGES))}
        cost = float(done) if chance.random() < 0.7 else None
        currency = chance.choice(("UGX", "USD")) if code == "a" else "UGX"
        day = date(2026, month, 1)
        sent_ = waiting if chance.random() < 0.8 else {}
        rows.append(CentreReport(code, service, channel, day, counts, sent_, cost, currency))
    store.save_reports(record, "UGA", rows, NOW)
    sums = added(record, "UGA")
    assert 10 < len(sums.whole) < len(sums.monthly) < len(rows)
    assert sums.months == (date(2026, 1, 1), date(2026, 7, 1))
    for metric in metrics().values():
        if metric.kind in ("largest", "promised", "standing"):
            continue
        for centre in ("a", "b", "c"):
            of_all = figure(metric, [one for one in rows if one.centre == centre])
            assert figure(metric, [one for one in sums.whole if one.centre == centre]) == of_all, metric.id
            for month in (2, 7):
                day = date(2026, month, 1)
                some, every = (
                    figure(metric, [one for one in of if (one.centre, one.month) == (centre, day)])
                    for of in (sums.monthly, rows)
                )
                assert some == every, metric.id
        assert figure(metric, sums.whole) == figure(metric, rows), metric.id


def test_sums_are_made_anew_when_counts_change_and_only_then(record: Engine) -> None:
    first = CentreReport("a", "x", "counter", date(2026, 1, 1), {"started": 5, "completed": 4})
    assert added(record, "UGA").months is None
    store.save_reports(record, "UGA", [first], NOW)
    before = added(record, "UGA")
    assert added(record, "UGA") is before
    store.save_reports(record, "UGA", [replace(first, counts={"started": 9, "completed": 8})], NOW + timedelta(days=1))
    assert [one.counts for one in added(record, "UGA").whole] == [{"started": 9, "completed": 8}]
