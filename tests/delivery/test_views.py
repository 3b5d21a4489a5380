"""What the pages on services show, in every language, with counts and without."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from dashboard.delivery import store
from dashboard.delivery.metrics import metrics
from dashboard.delivery.model import BINS, Centre, Report
from dashboard.delivery.tables import ServiceProbe
from dashboard.delivery.views import country_services, services
from dashboard.locales import LANGUAGES
from dashboard.measures.counts.histogram import Histogram

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
                Report(f"c{n}", "id", "counter", date(2026, month, 1), counts, {"waiting": Histogram(EDGES, waiting)})
            )
    store.save_reports(engine, "UGA", reports, NOW)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_counts_the_pages_say_so_in_every_language(record: Engine, lang: str) -> None:
    every = services(record, lang)
    assert every["countries"] == []
    assert len(every["metrics"]) == len(metrics())
    assert all(metric["name"] and metric["how"] for metric in every["metrics"])
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
    assert "6 centres" in tiles["Completion rate"]["cases"]
    assert tiles["Availability"]["text"] == "not reported"
    rows = {row["code"]: row for row in view["centres"]}
    medians = {code: row["figures"][1]["text"] for code, row in rows.items()}
    assert medians["c3"] != medians["c0"]
    assert view["target"].startswith("Not met")
    assert "invited answered" in view["bounds"]
    assert view["widened"]
    assert [(row["name"], row["share"].rstrip("%").strip()) for row in view["channels"]] == [("Counter", "100.0")]


def test_an_outage_is_on_the_page_and_the_rest_is_unmeasured(record: Engine) -> None:
    added = NOW - timedelta(days=1)
    store.save_address(record, "https://service.example/", "UGA", "Portal", added)
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
