"""Counts of centres: what is wrong with a row is said, rates are pooled from counts, probes say up, down or nothing."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from dashboard.analysis.measures.counts.histogram import Histogram, estimate_quantile, pool_histograms
from dashboard.contributions.delivery import store
from dashboard.contributions.delivery.metrics import (
    PooledFigure,
    by_centre,
    change,
    figure,
    metrics,
    placed,
    satisfaction,
)
from dashboard.contributions.delivery.model import BINS, COUNTS, OUTCOMES, PARTS, Centre, CentreReport, minutes_of
from dashboard.contributions.delivery.probing import ProbeRefused, checked_url
from dashboard.contributions.submissions.counts.rows import NotATable, read_centres, read_reports
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database.engine import writing

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)
CENTRES = {
    "a": [
        Centre("a", "AZE", "A", date(2020, 1, 1), region="North"),
        Centre("a", "AZE", "A", date(2026, 5, 1), region="South"),
    ],
    "b": [Centre("b", "AZE", "B", date(2020, 1, 1), closed=date(2026, 3, 15))],
    "c": [Centre("c", "AZE", "C", date(2020, 1, 1), opened=date(2026, 12, 1))],
}
HEAD = "centre,service,channel,month,"


def report(centre: str = "a", channel: str = "counter", month: date = OCTOBER, **counts: int) -> CentreReport:
    return CentreReport(centre, "passport", channel, month, counts)


@pytest.mark.parametrize(
    ("columns", "row", "column", "words"),
    [
        ("started,completed", "a,passport,counter,2026-10,90,100", "completed", "more than started (90)"),
        ("completed", "a,passport,counter,2026-10,100", "started", "a part needs its whole"),
        ("started,refused", "a,passport,counter,2026-10,40,50", "refused", "more than started (40)"),
        ("started,abandoned", "a,passport,counter,2026-10,40,41", "abandoned", "more than started (40)"),
        ("started", "a,passport,counter,2026-10,-5", "started", "no whole number"),
        ("started", "a,passport,counter,2026-10,1.5", "started", "no whole number"),
        ("agreed_minutes", "a,passport,web,2026-10,50000", "agreed_minutes", "the month has 44,640"),
        (
            "agreed_minutes,planned_down_minutes,unplanned_down_minutes",
            "a,passport,web,2026-10,100,60,60",
            "planned_down_minutes",
            "more than",
        ),
        ("started", "zz,passport,counter,2026-10,1", "centre", "no centre 'zz'"),
        ("started", "b,passport,counter,2026-10,1", "month", "closed on 2026-03-15"),
        ("started", "c,passport,counter,2026-10,1", "month", "opened on 2026-12-01"),
        ("started", "a,passport,post,2026-10,1", "channel", "counter, mobile"),
        ("started", "a,passport,counter,October,1", "month", "write 2026-10"),
        ("started", "a,passport,counter,2027-10,1", "month", "lies ahead"),
        ("waiting_0,waiting_5", "a,passport,counter,2026-10,4,5", "waiting_0", "fill in every bin"),
        ("cost", "a,passport,counter,2026-10,100", "currency", "needs its currency"),
        ("cost,currency", "a,passport,counter,2026-10,12.500,AZN", "cost", "write 12500 or 12.5, without"),
        ("cost,currency", 'a,passport,counter,2026-10,"12,345",AZN', "cost", "write 12345 or 12.3450, without"),
        ("started,completed", "a,passport,counter,2026-10,2.000,1", "started", "write 2000 or 2, without"),
        ("started", "a,passport,counter,2026-10,1.250", "started", "no whole number"),
        ("started", "a,passport,counter,2026-10,", "started", "no count"),
        ("staff,female_staff", "a,passport,counter,2026-10,10,12", "female_staff", "more than staff"),
        (
            "documents_issued,documents_wrong",
            "a,passport,counter,2026-10,100,101",
            "documents_wrong",
            "more than documents_issued (100)",
        ),
        ("documents_wrong", "a,passport,counter,2026-10,3", "documents_issued", "a part needs its whole"),
        (
            "decisions_taken,decisions_overturned",
            "a,passport,counter,2026-10,40,41",
            "decisions_overturned",
            "more than decisions_taken (40)",
        ),
        ("decisions_overturned", "a,passport,counter,2026-10,3", "decisions_taken", "a part needs its whole"),
        (
            "satisfied_1,satisfied_4,answered,invited",
            "a,passport,counter,2026-10,5,6,10,20",
            "satisfied_1",
            "more than answered",
        ),
    ],
)
def test_what_is_wrong_with_a_row_is_said(columns: str, row: str, column: str, words: str) -> None:
    found, faults = read_reports(f"{HEAD}{columns}\n{row}\n", CENTRES, {}, NOW.date())
    assert found == []
    assert [(one.row, one.fault.column) for one in faults] == [(2, column)]
    assert words in faults[0].fault.message


def test_every_document_may_be_wrong_and_every_decision_overturned() -> None:
    head = f"{HEAD}documents_issued,documents_wrong,decisions_taken,decisions_overturned"
    (found,), faults = read_reports(f"{head}\na,passport,counter,2026-10,9,9,7,7\n", CENTRES, {}, NOW.date())
    assert (found.counts["documents_wrong"], found.counts["decisions_overturned"], faults) == (9, 7, [])


def test_wrong_documents_are_told_of_10000_and_overturned_decisions_of_100() -> None:
    given = [report("a", documents_issued=20_000, documents_wrong=30, decisions_taken=400, decisions_overturned=6)]
    given += [report("b", documents_issued=5_000, documents_wrong=0), report("c", started=5)]
    wrong, overturned = (figure(metrics()[name], given) for name in ("documents_wrong", "decisions_overturned"))
    assert (wrong.value, wrong.numerator, wrong.n, wrong.centres) == (12, 30, 25_000, 2)
    assert (overturned.value, overturned.numerator, overturned.n, overturned.centres) == (1.5, 6, 400, 1)
    assert (wrong.lower or 0) < 12 < (wrong.upper or 0) < 20
    few = figure(metrics()["documents_wrong"], [report(documents_issued=29, documents_wrong=1)])
    assert (few.kind, few.value, few.n) == ("too_few", None, 29)
    assert figure(metrics()["documents_wrong"], [report(documents_issued=30, documents_wrong=0)]).value == 0
    more = report(documents_issued=100, documents_wrong=101)
    assert figure(metrics()["documents_wrong"], [more]).kind == "contradictory"


def test_bins_of_ones_own_are_not_read_and_told() -> None:
    text = f"{HEAD}started,waiting_7\na,passport,counter,2026-10,10,3\n"
    (found,), (told,) = read_reports(text, CENTRES, {}, NOW.date())
    assert found.counts == {"started": 10}
    assert told.fault.severity == "warning"
    assert "start at 0, 5, 10" in told.fault.message


def test_files_that_are_no_table_say_so() -> None:
    for text, words in (
        ("", "no column 'centre'"),
        (f"{HEAD}started,started\n", "'started' is there twice"),
        ('centre,service,channel,month\n"a', "cannot be read as CSV"),
        (f"{HEAD}started,completed\na,passport,counter,2026-10,1,200,900\n", "Row 2 has more cells than the head"),
        (f"{HEAD}started,completed\na,passport,counter,2026-10,1,200,\n", "Row 2 has more cells than the head"),
    ):
        with pytest.raises(NotATable, match=words):
            read_reports(text, CENTRES, {}, NOW.date())
    text = "code,country,name,since,services,form\n"
    text += "baku-1,AZE,Bakı,2020-01-01,passport=Pasport; id=Vəsiqə,yes\nX!,az,,later,,\n"
    centres, faults = read_centres(text)
    assert centres[0].services == (("passport", "Pasport"), ("id", "Vəsiqə"))
    assert centres[0].form
    assert {one.fault.column for one in faults} == {"code", "country", "name", "since"}


def test_the_same_row_twice_and_counts_that_fall_are_told() -> None:
    row = "a,passport,counter,2026-10,40\n"
    earlier = {report().key: report(started=100)}
    found, faults = read_reports(f"{HEAD}started\n{row}{row}", CENTRES, earlier, NOW.date())
    assert [one.fault.rule for one in faults] == ["report.fallen", "report.twice"]
    assert found == [report(started=40)]
    # what is left out was not counted: it is no 0
    held = {report().key: report(started=100, complaints_received=8)}
    _, (left_out,) = read_reports(f"{HEAD}started\na,passport,counter,2026-10,100\n", CENTRES, held, NOW.date())
    assert (left_out.fault.column, "left out" in left_out.fault.message) == ("complaints_received", True)


def test_rates_are_pooled_from_counts_and_never_averaged() -> None:
    given = [report("a", started=20, completed=10), report("b", started=1000, completed=900), report("c", started=5)]
    found = figure(metrics()["completion"], given)
    assert (round(found.value or 0, 1), found.numerator, found.n, found.centres) == (89.2, 910, 1020, 2)
    assert (found.lower or 0) < 89.2 < (found.upper or 0)
    few = figure(metrics()["completion"], given[:1])
    assert (few.kind, few.value, few.n) == ("too_few", None, 20)
    assert figure(metrics()["completion"], []).kind == "not_reported"
    assert figure(metrics()["completion"], [report(started=0, completed=0)]).kind == "not_applicable"


def test_staff_are_counted_once_and_not_once_a_month() -> None:
    months = [report(month=date(2026, month, 1), staff=40, female_staff=30 - month) for month in range(1, 11)]
    found = figure(metrics()["female_staff"], months)
    assert (found.value, found.n, found.lower, found.upper) == (50, 40, None, None)
    few = figure(metrics()["female_staff"], [report(month=one.month, staff=4, female_staff=3) for one in months])
    assert (few.kind, few.n) == ("too_few", 4)


def test_no_share_can_be_more_than_its_whole() -> None:
    """What would be is refused when it is sent: otherwise the page of the centre could not be computed."""
    bounded = {frozenset(parts): whole for parts, whole in PARTS}
    bounded |= {frozenset([one]): "started" for one in OUTCOMES}
    for metric in metrics().values():
        if metric.kind == "share" and not set(metric.numerator) <= set(metric.denominator):
            assert (bounded.get(frozenset(metric.numerator)),) == metric.denominator, metric.id


def test_every_metric_of_the_file_can_be_computed_and_names_counts_that_there_are() -> None:
    full = CentreReport(
        "a",
        "passport",
        "web",
        OCTOBER,
        dict.fromkeys(COUNTS, 100)
        | dict.fromkeys(("bribe_asked", "bribe_paid", "planned_down_minutes", "unplanned_down_minutes"), 40),
        {name: Histogram(tuple(map(float, edges)), (9,) * len(edges)) for name, edges in BINS.items()},
        500.0,
        "AZN",
    )
    assert len(metrics()) >= 30
    for metric in metrics().values():
        assert figure(metric, [full]).kind in ("value", "more_than"), metric
        assert not metric.metric or metric.metric in load_codebook().metrics
        assert {*metric.numerator, *metric.denominator} <= {*COUNTS, *BINS, "cost"}
    assert figure(metrics()["digital_share"], [full, report(completed=300)]).value == 25
    assert figure(metrics()["cost"], [full]).value == 5
    assert figure(metrics()["complaints"], [full]).value == 10_000
    assert figure(metrics()["availability_promised"], [report(agreed_minutes=minutes_of(OCTOBER))]).value == 100


def test_satisfaction_comes_with_its_bounds_and_a_verdict_on_99_per_cent() -> None:
    found = satisfaction(
        [report(satisfied_1=0, satisfied_2=5, satisfied_3=95, satisfied_4=900, answered=1000, invited=4000)]
    )
    assert found.figure.value == 99.5
    assert (found.bounds.lower, found.bounds.upper) == (0.24875, 0.99875)
    assert found.tested.verdict == "cannot_tell"
    skipped = satisfaction(
        [report(satisfied_1=5, satisfied_2=5, satisfied_3=90, satisfied_4=200, answered=500, invited=1000)]
    )
    assert (skipped.bounds.lower, skipped.bounds.upper, skipped.bounds.response_rate) == (0.29, 0.99, 0.3)
    assert 100 * skipped.bounds.lower <= (skipped.figure.value or 0) <= 100 * skipped.bounds.upper
    low = satisfaction(
        [report(satisfied_1=50, satisfied_2=50, satisfied_3=400, satisfied_4=500, answered=1000, invited=1000)]
    )
    assert low.tested.verdict == "not_met"
    assert figure(metrics()["bribery"], [report(bribe_asked=4, bribe_paid=0, bribe_valid=800)]).value == 0.5
    assert figure(metrics()["bribery"], [report(bribe_asked=1, bribe_paid=0, bribe_valid=20)]).value is None


def test_a_small_centre_stays_inside_the_funnel() -> None:
    given = [report(code, started=1000, completed=900) for code in "abcd"] + [
        report("small", started=40, completed=33),
        report("far", started=1000, completed=600),
    ]
    codes, found = placed(metrics()["completion"], given)
    assert found is not None
    assert {code: place.outside for code, place in zip(codes, found.places, strict=True)}["small"] == ""
    assert by_centre(metrics()["completion"], given)["far"].value == 60


def test_reports_supersede_and_nothing_is_overwritten(record: Engine) -> None:
    from sqlalchemy import text

    store.save_centres(record, [row for rows in CENTRES.values() for row in rows])
    assert store.centres(record, "AZE") == CENTRES
    one = CentreReport(
        "a",
        "passport",
        "counter",
        OCTOBER,
        {"started": 5},
        {"waiting": Histogram(tuple(map(float, BINS["waiting"])), (1,) * 10)},
    )
    assert store.save_reports(record, "AZE", [one], NOW) == 1
    assert store.save_reports(record, "AZE", [one], NOW) == 0
    assert store.reports(record, "AZE") == [one]
    changed = report(started=9)
    assert store.save_reports(record, "AZE", [changed], NOW + timedelta(days=1)) == 1
    assert store.reports(record, "AZE") == [changed]
    with record.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM service_report")).scalar() == 2


def test_a_load_that_breaks_off_keeps_what_it_had_and_goes_on(record: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """In batches: others write between them, and a batch is compared with what its centres have in force."""
    monkeypatch.setattr(store, "BATCH", 2)
    rows = [report(code, month=date(2026, month, 1), started=month) for code in "cab" for month in (9, 10)]
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        with writing(record) as connection:
            connection.exec_driver_sql("UPDATE service_centre SET name = name")
        if len(waits) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(store.time, "sleep", wait)
    with pytest.raises(KeyboardInterrupt):
        store.save_reports(record, "AZE", rows, NOW)
    assert [(row.centre, row.month.month) for row in store.reports(record, "AZE")] == [
        ("a", 9), ("a", 10), ("b", 9), ("b", 10),
    ]  # fmt: skip
    assert store.save_reports(record, "AZE", rows, NOW + timedelta(days=1)) == 2, "the rest"
    assert set(waits) == {store.PAUSE_S}
    assert len(waits) == 4, "two of six reports a time: none before the first"
    assert store.reports(record, "AZE") == sorted(rows, key=lambda row: row.key)


@pytest.mark.nightly
def test_no_write_of_a_person_waits_for_a_load_of_a_million_reports(record: Engine) -> None:
    months = [date(2023 + at // 12, at % 12 + 1, 1) for at in range(24)]
    rows = [
        CentreReport(f"c{centre:03}", f"s{service:03}", "counter", month, {"started": 9, "completed": 8})
        for centre in range(200) for service in range(209) for month in months
    ]  # fmt: skip
    done, waits = threading.Event(), list[float]()

    def write() -> None:
        while not done.wait(0.05):
            began = time.monotonic()
            with writing(record) as connection:
                connection.exec_driver_sql("UPDATE service_centre SET name = name")
            waits.append(time.monotonic() - began)

    with ThreadPoolExecutor() as threads:
        person = threads.submit(write)
        try:
            assert store.save_reports(record, "AZE", rows, NOW) == len(rows) > 1_000_000
        finally:
            done.set()
        person.result()
    assert len(waits) > 100
    assert max(waits) < 2


def test_only_public_addresses_are_listed() -> None:
    for wrong in ("file:///etc/passwd", "https://user:word@x.example/", "http://localhost/", "gopher://a.b/", "https://x.example:abc/",
                  "https://xn--a.example/", "https://[::1.]/",
                  "http://127.0.0.1:1/", "http://[::1]/", "http://10.0.0.7/"):  # fmt: skip
        with pytest.raises(ProbeRefused, match="no public address"):
            checked_url(wrong)


@pytest.mark.long
def test_pooled_quantiles_of_warsaw_lie_in_the_bin_of_the_exact_ones() -> None:
    """830,172 readings of the queues of Warsaw's offices: people waiting times minutes each, pooled over offices."""
    path = Path(__file__).parents[4] / "shared" / "data" / "fresh" / "warsaw-office-queues-2020" / "warsaw_queues.rda"
    if not path.is_file():
        pytest.skip(f"{path.parent.name} is not in ../shared: the queue minutes of Warsaw cannot be compared")
    import rdata

    frame = next(iter(rdata.read_rda(path, default_encoding="utf8").values()))
    edges = tuple(map(float, BINS["waiting"]))
    minutes = frame["czasObslugi"].astype("float64").to_numpy()
    ahead = frame["liczbaKlwKolejce"].astype("float64").to_numpy()
    offices = frame["name"].astype(str).to_numpy()
    for values in (minutes, minutes * ahead):  # minutes a person takes, and what who comes now will wait
        parts = []
        for office in np.unique(offices):
            counts, _ = np.histogram(values[offices == office], [*edges, np.inf])
            parts.append(Histogram(edges, tuple(map(int, counts))))
        whole = pool_histograms(parts)
        assert (whole.n, len(parts) > 10) == (830_172, True)
        for p in (0.5, 0.9):
            exact = float(np.quantile(values, p, method="inverted_cdf"))
            found = estimate_quantile(whole, p)
            assert found is not None
            assert found.lower <= exact
            assert found.upper is None or exact < found.upper


@pytest.mark.parametrize(
    ("metric", "now", "before", "told"),
    [
        ("waiting_p50", (20, 30), (10, 20), "rose"),  # bins that touch share no value
        ("waiting_p50", (10, 20), (20, 30), "fell"),
        ("waiting_p50", (10, 20), (10, 20), "unclear"),
        ("waiting_p90", (120, None), (90, 120), "rose"),  # the last bin has no end
        ("completion", (80, 90), (70, 80), "unclear"),  # limits that touch do
        ("completion", (80.1, 90), (70, 80), "rose"),
        ("completion", (70, 80), (80.1, 90), "fell"),
        ("completion", (70, 80), (80, 90), "unclear"),
        ("completion", (80, 90), (70, 80.1), "unclear"),
        ("completion", (None, None), (70, 80), ""),
        ("completion", (70, 80), (None, None), ""),
    ],
)
def test_a_figure_changed_where_its_limits_or_bins_lie_wholly_apart(
    metric: str, now: tuple[float | None, float | None], before: tuple[float | None, float | None], told: str
) -> None:
    sides = [PooledFigure(metric, "value", None, *ends, numerator=0, n=100, centres=1) for ends in (now, before)]
    assert change(metrics()[metric], *sides) == told
