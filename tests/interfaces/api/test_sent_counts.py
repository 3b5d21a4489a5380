"""What of a country's counts, opinions and probes the claims are told: each derived again, with its borders."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from dashboard.analysis.measures.delivery.hours import ChannelHours, ProbedHours
from dashboard.answers.claims.finding import ReceivedMonth
from dashboard.contributions.delivery import store
from dashboard.contributions.delivery.hours import find_probed_hours
from dashboard.contributions.delivery.model import CentreReport, minutes_of
from dashboard.contributions.delivery.tables import ServiceProbe
from dashboard.contributions.voice import store as voice
from dashboard.contributions.voice.tables import VoiceCount, VoiceReply
from dashboard.evidence.database.engine import writing
from dashboard.interfaces.api.contract.sent import count_sent
from dashboard.settings import Settings

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
MIDNIGHT = NOW.replace(hour=0)
SITE = "https://service.example/"
OCTOBER, SEPTEMBER = date(2026, 10, 1), date(2026, 9, 1)


def keep(record: Engine, *reports: tuple[str, str, str, date, dict[str, int]]) -> None:
    store.save_reports(record, "AZE", [CentreReport(*one) for one in reports], NOW)


def test_hours_are_those_of_the_newest_month_service_by_service(record: Engine, monitor_settings: Settings) -> None:
    whole = minutes_of(OCTOBER)
    keep(
        record,
        ("a", "id", "web", SEPTEMBER, {"agreed_minutes": 600, "planned_down_minutes": 0, "unplanned_down_minutes": 0}),
        ("a", "id", "web", OCTOBER, {"agreed_minutes": whole, "planned_down_minutes": 0, "unplanned_down_minutes": 60}),
        ("a", "tax", "web", OCTOBER, {"agreed_minutes": whole - 1}),
        ("a", "id", "counter", OCTOBER, {"agreed_minutes": whole // 4}),
        ("b", "id", "counter", OCTOBER, {"completed": 50}),
    )
    sent = count_sent(monitor_settings, "AZE")
    reported = 100 * (600 + whole - 60) / (600 + whole)
    assert sent.hours_month == "2026-10"
    counter, web = sent.hours
    assert counter == ChannelHours("counter", 1, 0, 25.0, None)
    assert (web.channel, web.services, web.always) == ("web", 2, 1)
    assert web.promised == pytest.approx(100 * (2 * whole - 1) / (2 * whole))
    assert web.reported == pytest.approx(reported)


def test_a_country_that_sent_nothing_has_nothing(record: Engine, monitor_settings: Settings) -> None:
    sent = count_sent(monitor_settings, "AZE")
    assert (sent.hours, sent.probed, sent.received, sent.online, sent.replies) == ((), None, (), (), 0)


def ask(record: Engine, *down: int, missing: tuple[int, ...] = ()) -> None:
    """An address is asked twice an hour on two days; it fails both times of the first day, and of the second."""
    store.save_address(record, SITE, "AZE", "Portal", NOW - timedelta(days=90), channel="web", expects="Welcome")
    rows = [
        ServiceProbe(url=SITE, at=MIDNIGHT - timedelta(days=day) + timedelta(hours=hour, minutes=minute),
                     up=down.count(hour) < day)
        for day in (1, 2) for hour in range(24) for minute in (0, 30) if hour not in missing
    ]  # fmt: skip
    store.save_probes(record, rows)


@pytest.mark.parametrize(
    ("down", "always", "answered"),
    [((), 1, 100.0), ((3,), 0, 97.92), ((3, 3), 0, 95.83)],
    ids=["never", "half of an hour’s questions", "a whole hour"],
)
def test_an_address_is_open_in_an_hour_if_it_answers_more_often_than_not(
    record: Engine, down: tuple[int, ...], always: int, answered: float
) -> None:
    ask(record, *down)
    assert find_probed_hours(record, "AZE", NOW) == ProbedHours(30, 1, always, answered)


def test_an_address_that_was_not_asked_in_some_hour_says_nothing(record: Engine) -> None:
    ask(record, missing=(4,))
    assert find_probed_hours(record, "AZE", NOW) is None


def test_the_day_under_way_and_what_is_older_than_thirty_days_is_not_in_it(record: Engine) -> None:
    ask(record)
    edges = (
        (MIDNIGHT, False),
        (MIDNIGHT - timedelta(days=30), True),
        (MIDNIGHT - timedelta(days=30, minutes=5), False),
    )
    store.save_probes(record, [ServiceProbe(url=SITE, at=at, up=up) for at, up in edges])
    assert find_probed_hours(record, "AZE", NOW) == ProbedHours(30, 1, 1, 100.0)


@pytest.mark.parametrize(("completed", "told"), [(9, ()), (10, (("AZE", 10),))])
def test_cases_online_are_told_from_ten(
    record: Engine, monitor_settings: Settings, completed: int, told: tuple[tuple[str, int], ...]
) -> None:
    keep(
        record,
        ("a", "id", "app", OCTOBER, {"completed": completed}),
        ("a", "id", "counter", OCTOBER, {"completed": 500}),
    )
    assert count_sent(monitor_settings, "AZE").online == told


def release(record: Engine, *rows: tuple[date, str, int | None]) -> None:
    counts = [
        VoiceCount(release="r", country="AZE", centre="total", month=month, theme=theme, n=n, published_at=NOW)
        for month, theme, n in rows
    ]
    with writing(record) as connection:
        voice.publish(connection, "AZE", "", counts)


@pytest.mark.parametrize(("unsorted", "by_theme"), [(10, 10), (15, None), (None, None), (0, 20)])
def test_opinions_sorted_are_told_from_ten_and_only_where_both_counts_are(
    record: Engine, monitor_settings: Settings, unsorted: int | None, by_theme: int | None
) -> None:
    release(record, (OCTOBER, "total", 20), (OCTOBER, "not_classified", unsorted), (OCTOBER, "waiting", 10))
    assert count_sent(monitor_settings, "AZE").received == (ReceivedMonth("2026-10", opinions=20, sorted=by_theme),)


def test_hidden_opinions_stay_hidden_and_a_month_of_last_year_is_left_out(
    record: Engine, monitor_settings: Settings
) -> None:
    old, first = date(2025, 10, 1), date(2025, 11, 1)
    release(record, (OCTOBER, "total", None), (first, "total", 15), (old, "total", 30))
    months = count_sent(monitor_settings, "AZE").received
    assert [(month.month, month.opinions) for month in months] == [("2025-11", 15), ("2026-10", None)]


def test_few_complaints_are_in_no_month(record: Engine, monitor_settings: Settings) -> None:
    few = {"completed": 900, "complaints_received": 4, "complaints_due": 4, "complaints_in_time": 2}
    many = {"completed": 900, "complaints_received": 40, "complaints_due": 40, "complaints_in_time": 25}
    keep(record, ("a", "id", "counter", OCTOBER, few))
    sent = count_sent(monitor_settings, "AZE")
    assert (sent.complaints, sent.in_time) == (None, None)
    assert sent.received == (ReceivedMonth("2026-10"),)
    keep(record, ("b", "id", "counter", OCTOBER, many))
    sent = count_sent(monitor_settings, "AZE")
    assert (sent.complaints, sent.in_time) == (40, (25, 40))
    assert sent.received == (ReceivedMonth("2026-10", 40, (25, 40)),)


def test_answers_to_citizens_are_counted_once_a_theme_and_period(record: Engine, monitor_settings: Settings) -> None:
    with Session(record) as session:
        for theme, language in (("waiting", "en"), ("waiting", "az"), ("cost", "en")):
            session.add(
                VoiceReply(country="AZE", theme=theme, period="2026-10", language=language, said="a", did="b",
                           office="c", who="d", at=NOW)
            )  # fmt: skip
        session.commit()
    assert count_sent(monitor_settings, "AZE").replies == 2
