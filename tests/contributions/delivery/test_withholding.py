"""What is told of people: whoever subtracts whatever is public never comes to fewer than ten of them."""

import csv
import io
import os
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from dashboard.analysis.measures.surveys.suppression import THRESHOLD
from dashboard.answers import country_services as shown
from dashboard.contributions.delivery import store
from dashboard.contributions.delivery.centre import centre_rows
from dashboard.contributions.delivery.metrics import LEAST, YEAR, figure, metrics, shifted
from dashboard.contributions.delivery.model import COUNTS, Centre, CentreReport, Told
from dashboard.contributions.delivery.people.withholding import ALL, PeopleChange, columns, groups, tellable, told
from dashboard.contributions.delivery.pooling import added, of_centre, of_month
from dashboard.contributions.delivery.views import country_services
from dashboard.interfaces.api import origins
from dashboard.interfaces.api.contract.sent import count_sent
from dashboard.interfaces.api.delivery import routes
from dashboard.interfaces.desk.site import api
from dashboard.settings import Settings
from tests.checks import all_of

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
FIRST = date(2025, 1, 1)
EXAMPLES = int(os.environ.get("WITHHOLDING_EXAMPLES", "60"))
"""Of random counts; ``make nightly`` asks for more."""

OF_THE_SERVICE = (
    "started", "completed", "refused", "abandoned", "standard_within", "standard_total", "in_legal_time",
    "with_legal_time", "first_contact_resolved", "first_contact_total", "booked", "booked_used", "tickets",
    "tickets_unanswered", "agreed_minutes", "planned_down_minutes", "unplanned_down_minutes", "cost_transactions",
    "agencies", "services", "staff", "female_staff", "carried_over", "visits", "standard_minutes", "opening_hours",
)  # fmt: skip
"""Counts of a service's own work: of transactions, bookings, calls, minutes and posts. All others are of people."""


def test_every_count_is_either_of_the_service_or_of_people() -> None:
    asked = {"invited"}  # who was asked has said nothing; told with those who answered
    assert columns() | set(OF_THE_SERVICE) == set(COUNTS)
    assert not columns() & set(OF_THE_SERVICE)
    assert asked <= columns()


def test_metrics_that_share_a_count_are_told_together() -> None:
    for one, other in combinations([one for ones in groups().values() for one in ones], 2):
        shared = {*one.numerator, *one.denominator} & {*other.numerator, *other.denominator} & columns()
        assert not shared or one.people == other.people, (one.id, other.id)


# numbers below the line and above it; whether a part may be of nobody; whether they may be told
EDGES = [
    (THRESHOLD, 2 * THRESHOLD, False, True),
    (THRESHOLD - 1, 2 * THRESHOLD, False, False),
    (THRESHOLD + 1, 2 * THRESHOLD, False, False),  # nine are left on the other side
    (THRESHOLD + 1, 2 * THRESHOLD + 1, False, True),
    (0, LEAST, True, True),
    (0, LEAST - 1, True, False),
    (0, LEAST + 1, True, True),
    (0, LEAST, False, False),
    (LEAST, LEAST, True, True),
    (LEAST - 1, LEAST - 1, True, False),
    (0, 0, True, True),
    (1, LEAST, True, False),
    (-THRESHOLD, 0, False, True),
    (1 - THRESHOLD, 0, False, False),
]


@pytest.mark.parametrize(("top", "low", "none", "may"), EDGES)
def test_ten_in_every_part_or_nobody_of_thirty(top: int, low: int, none: bool, may: bool) -> None:
    assert tellable({"bribery": (top, low, 1, 0, 0)}, none=none) == may


@pytest.mark.parametrize(
    ("events", "none", "may"),
    [
        (THRESHOLD - 1, True, False),
        (THRESHOLD, False, True),
        (THRESHOLD + 1, False, True),
        (0, True, True),
        (0, False, False),
        (1, True, False),
    ],
)
def test_of_events_there_are_ten_or_none(events: int, none: bool, may: bool) -> None:
    assert tellable({"integrity_reports": (events, 400, 1, 0, 0)}, none=none) == may


def test_two_shares_of_almost_the_same_people_are_not_told_side_by_side() -> None:
    upheld = (20.0, 60.0, 1.0, 0.0, 0.0)
    for below, may in ((60.0, True), (50.0, True), (51.0, False), (59.0, False)):
        sums = {"complaints_upheld": upheld, "complaints_reopened": (20.0, below, 1.0, 0.0, 0.0)}
        assert tellable(sums, none=False) == may


def changes(rows: Mapping[tuple[int, str, int], tuple[int, int]], metric: str = "bribery") -> list[PeopleChange]:
    """Changes from (sending, centre, month) → (above the line, below it)."""
    return [
        PeopleChange(
            NOW + timedelta(days=at), centre, shifted(FIRST, month), {metric: (*pair, float(at == 0), 0.0, 0.0)}
        )
        for (at, centre, month), pair in rows.items()
    ]  # fmt: skip


def states(rows: Mapping[tuple[int, str, int], tuple[int, int]]) -> list[dict[tuple[str, date], object]]:
    """All that is public after each sending, with what was public before."""
    sendings = sorted({at for at, _, _ in rows})
    return [
        {
            (one.centre, one.month): one.told["bribery"]
            for one in told(changes({key: pair for key, pair in rows.items() if key[0] <= last}))
            if "bribery" in one.told
        }
        for last in sendings
    ]


@st.composite
def sendings(draw: st.DrawFn) -> dict[tuple[int, str, int], tuple[int, int]]:
    """Months of a few centres at once, further months later, and corrections of what was sent."""
    centres, first, later = draw(st.integers(1, 3)), draw(st.integers(1, 13)), draw(st.integers(0, 2))
    few = st.integers(0, draw(st.sampled_from((2, 9, 15, 40))))
    rows: dict[tuple[int, str, int], tuple[int, int]] = {}
    held: dict[tuple[str, int], tuple[int, int]] = {}
    for at in range(later + 1):
        for month in range(first) if at == 0 else (first + at - 1,):
            for place in range(centres):
                top, below = draw(few), draw(st.integers(0, 60))
                held[f"c{place}", month] = rows[at, f"c{place}", month] = (top, top + below)
        if at and draw(st.booleans()):
            centre, month = draw(st.sampled_from(sorted(held)))
            if (at, centre, month) not in rows:
                top, below = draw(few), draw(st.integers(0, 60))
                before = held[centre, month]
                rows[at, centre, month] = (top - before[0], top + below - before[1])
                held[centre, month] = (top, top + below)
    return rows


def parts(one: object) -> tuple[float, float]:
    return (one.numerator, one.denominator - one.numerator) if isinstance(one, Told) else (0.0, 0.0)


def large(difference: float) -> bool:
    return difference == 0 or abs(difference) >= THRESHOLD


@given(sendings())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_two_public_numbers_differ_by_fewer_than_ten_people(
    rows: dict[tuple[int, str, int], tuple[int, int]],
) -> None:
    """Months and spans, centres against all, and each month before and after a sending.

    A span may change by fewer only where its months change by ten and more in both directions: it says no more than
    they do, which stand beside it.
    """
    public = states(rows)
    months = sorted({month for state in public for _, month in state})
    spans = [span for span in combinations(range(len(months) + 1), 2) if span[1] - span[0] in (1, 3, YEAR, len(months))]
    places = sorted({place for state in public for place, _ in state})
    for part in (0, 1):
        sums = [
            {(place, a, b): sum(parts(state.get((place, month)))[part] for month in months[a:b])
             for place in places for a, b in spans}
            for state in public
        ]  # fmt: skip
        for of in sums:
            assert all_of(large(n) for n in of.values())
            for a, b in {key[1:] for key in of}:
                assert large(of[ALL, a, b] - sum(of[place, a, b] for place in places if place != ALL))
        for before, after in pairwise(sums):
            assert all_of(large(after[key] - before[key]) for key in before if key[2] - key[1] == 1)


def alternatives(
    rows: dict[tuple[int, str, int], tuple[int, int]], key: tuple[int, str, int]
) -> Iterator[dict[tuple[int, str, int], tuple[int, int]]]:
    """The same with one person more or fewer in a cell: alone, or with one fewer or more in another."""
    for side in (0, 1):
        for more in (1, -1, 2, -2):
            changed = dict(rows)
            changed[key] = _moved(rows[key], side, more)
            yield changed
            for other in rows:
                if other != key:
                    yield {**changed, other: _moved(rows[other], side, -more)}


def _moved(pair: tuple[int, int], side: int, more: int) -> tuple[int, int]:
    return (pair[0] + more, pair[1] + more) if side == 0 else (pair[0], pair[1] + more)


def _true(rows: Mapping[tuple[int, str, int], tuple[int, int]]) -> bool:
    """Whether counts are counts after every sending."""
    held: Counter[tuple[str, int, int]] = Counter()
    for (_, centre, month), (top, low) in sorted(rows.items()):
        held[centre, month, 0] += top
        held[centre, month, 1] += low - top
        if min(held[centre, month, 0], held[centre, month, 1]) < 0:
            return False
    return True


@given(sendings())
@settings(max_examples=EXAMPLES // 6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whoever_knows_the_rule_and_every_state_cannot_tell_a_small_count(
    rows: dict[tuple[int, str, int], tuple[int, int]],
) -> None:
    """Of every cell with one to nine people in a part there are other counts that look the same in every state."""
    public = states(rows)
    for key, (top, low) in rows.items():
        for side, n in enumerate((top, low - top)):
            if not 0 < abs(n) < THRESHOLD:
                continue
            others = (
                one for one in alternatives(rows, key)
                if _true(one) and (one[key][0] if side == 0 else one[key][1] - one[key][0]) != n
            )  # fmt: skip
            assert any(states(one) == public for one in others), (key, side, n)


def test_a_month_of_few_is_told_with_the_next_and_what_never_comes_to_ten_with_other_centres() -> None:
    rows = {(0, "a", month): (4, 100) for month in range(6)}
    rows |= {(0, "b", month): (month == 2, 50) for month in range(YEAR)}
    rows |= {(0, "c", month): (month % 6 == 0, 50) for month in range(YEAR)}
    rows |= {(0, "d", month): (9 * (month == 1), 50) for month in range(YEAR)}
    rows |= {(0, "e", month): (0, 5) for month in range(YEAR)}
    found = states(rows)[0]
    of = lambda place: {  # noqa: E731
        month: one if isinstance(one, str) else parts(one)
        for (at, day), one in found.items() for month in [12 * (day.year - 2025) + day.month - 1] if at == place
    }  # fmt: skip
    assert of("a") == {0: "joined", 1: "joined", 2: (12, 288), 3: "joined", 4: "joined", 5: (12, 288)}
    assert set(of("b").values()) == {"waiting"}, "told of all, never of itself"
    assert of("e")[YEAR - 1] == (0, 60), "nobody of sixty"
    # one of b, two of c and nine of d are twelve
    assert of(ALL)[YEAR - 1] == (0 + 12, 60 + 3 * 600 - 12)


def test_what_is_told_is_all_of_it_in_the_end() -> None:
    rows = {(0, f"c{place}", month): (2 + place % 3, 40) for place in range(5) for month in range(48)}
    (found,) = states(rows)
    total = [sum(parts(one)[part] for (place, _), one in found.items() if place == ALL) for part in (0, 1)]
    true = [sum(pair[0] for pair in rows.values()), sum(pair[1] - pair[0] for pair in rows.values())]
    waiting = [t - f for t, f in zip(true, total, strict=True)]
    assert 0 <= waiting[0] < 5 * THRESHOLD, "at most nine of each centre"


def test_a_correction_of_one_person_waits_for_nine_others() -> None:
    rows = {(0, "a", 0): (20, 100), (1, "a", 0): (1, 0)}
    before, after = states(rows)
    assert parts(before["a", FIRST]) == parts(after["a", FIRST]) == (20, 80)
    *_, last = states({**rows, (2, "a", 1): (20, 100)})
    assert sum(parts(last.get(("a", shifted(FIRST, month))))[0] for month in (0, 1)) == 41


def report(centre: str, month: int, **counts: int) -> CentreReport:
    return CentreReport(centre, "id", "counter", shifted(FIRST, month), counts)


@pytest.fixture
def few(record: Engine) -> Engine:
    """Three centres of which two are small: the counts that stood in the file of a centre."""
    store.save_centres(record, [Centre(code, "UGA", code.upper(), date(2020, 1, 1)) for code in "abc"])
    rows = []
    for month in range(14):
        rows.append(report("a", month, completed=5, started=5, bribe_asked=1, bribe_paid=1, bribe_valid=5,
                           integrity_reports=1, integrity_cases=1, satisfied_1=1, satisfied_2=0, satisfied_3=2,
                           satisfied_4=2, answered=5, invited=8, complaints_received=1))  # fmt: skip
        rows.append(report("b", month, completed=300, started=310, bribe_asked=3, bribe_paid=1, bribe_valid=90,
                           integrity_reports=2, satisfied_1=3, satisfied_2=3, satisfied_3=40, satisfied_4=44,
                           answered=90, invited=120, complaints_received=7))  # fmt: skip
        rows.append(report("c", month, completed=900, started=950, bribe_asked=20, bribe_paid=11, bribe_valid=400,
                           integrity_reports=12, satisfied_1=20, satisfied_2=20, satisfied_3=200, satisfied_4=160,
                           answered=400, invited=500, complaints_received=30))  # fmt: skip
    store.save_reports(record, "UGA", rows, NOW)
    return record


def test_errors_in_documents_and_decisions_wait_for_ten_of_each_kind(record: Engine) -> None:
    store.save_centres(record, [Centre(code, "UGA", code.upper(), date(2020, 1, 1)) for code in "ab"])
    rows = [report("a", month, documents_issued=500, documents_wrong=3, decisions_taken=50, decisions_overturned=9)
            for month in range(4)]  # fmt: skip
    rows.append(report("b", 0, documents_issued=15, documents_wrong=11, decisions_taken=20, decisions_overturned=10))
    store.save_reports(record, "UGA", rows, NOW)
    of_a, of_b = (of_centre(record, "UGA", code) for code in "ab")
    by_month = {one.month: one.told["documents_wrong"] for one in of_a if one.told}
    assert [by_month[shifted(FIRST, month)] for month in range(3)] == ["joined"] * 3
    assert parts(by_month[shifted(FIRST, 3)]) == (12, 1988)
    assert [one.told["documents_wrong"] for one in of_b if one.told] == ["waiting"], "four documents were right"
    assert [parts(one.told["decisions_overturned"]) for one in of_b if one.told] == [(10, 10)]
    assert not any("documents" in name or "decisions" in name for one in (*of_a, *of_b) for name in one.counts)


def test_counts_of_errors_change_no_other_figure(few: Engine) -> None:
    """What was sent before there were such counts is told as it was."""
    errors = {"documents_wrong", "decisions_overturned"}
    store.save_centres(few, [Centre(f"{code}-2", "KEN", code, date(2020, 1, 1)) for code in "abc"])
    newer = [
        replace(one, centre=f"{one.centre}-2", counts={**one.counts, "documents_issued": 900, "documents_wrong": 20})
        for one in store.reports(few, "UGA")
    ]
    store.save_reports(few, "KEN", newer, NOW)
    for code in "abc":
        old, new = (list(centre_rows(few, *place)) for place in (("UGA", code), ("KEN", f"{code}-2")))
        assert {row["kind"] for row in old if row["metric"] in errors} == {"not_reported"}
        assert [{**row, "centre": code} for row in new if row["metric"] not in errors] == [
            row for row in old if row["metric"] not in errors
        ]


def test_the_claim_on_errors_gets_what_readers_are_told(few: Engine, monitor_settings: Settings) -> None:
    assert count_sent(monitor_settings, "UGA").reissued is None, "nothing was sent"
    small = [report("a", 14, documents_issued=90, documents_wrong=9, decisions_taken=90, decisions_overturned=10)]
    store.save_reports(few, "UGA", small, NOW)
    found = count_sent(monitor_settings, "UGA")
    assert (found.reissued, found.overturned) == (None, (10, 90)), "nine wait for the tenth"
    store.save_reports(few, "UGA", [report("a", 15, documents_issued=60, documents_wrong=1)], NOW + timedelta(days=1))
    assert count_sent(monitor_settings, "UGA").reissued == (10, 150)


@pytest.fixture
async def reader(monitor_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who reads."""
    for module in (routes, origins, shown):
        monkeypatch.setattr(module, "settings", lambda: monitor_settings)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://test") as client:
        yield client


async def test_no_small_number_of_people_stands_in_a_file_or_on_a_page(few: Engine, reader: httpx.AsyncClient) -> None:
    people = {one.id for ones in groups().values() for one in ones}
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    kinds: Counter[str] = Counter()
    for code in "abc":
        text = (await reader.get(f"/api/v1/services/UGA/centres/{code}.csv")).text
        for row in csv.DictReader(io.StringIO(text)):
            if row["metric"] not in people:
                continue
            kinds[row["kind"]] += 1
            if row["kind"] == "withheld":
                assert (row["value"], row["numerator"], row["n"]) == ("", "", "")
                continue
            top, low = float(row["numerator"]), float(row["n"])
            assert large(top)
            assert metrics()[row["metric"]].kind == "per_10000" or (large(low - top) and large(low))
            sums[row["metric"], code][0] += top
            sums[row["metric"], code][1] += low
        page = (await reader.get(f"/en/services/UGA/{code}/")).text
        assert ("withheld: fewer than 10 people" in page) == (code != "c")
    assert min(kinds["withheld"], kinds["value"]) > 0
    whole = added(few, "UGA")
    for metric in people:
        of = figure(metrics()[metric], whole.together)
        if of.kind not in ("not_reported", "withheld"):
            rest = of.numerator - sum(sums[metric, code][0] for code in "abc")
            assert large(rest), "what is left of the total is nobody's or ten's"


def test_a_month_comes_through_the_door_alone_and_without_people(few: Engine) -> None:
    month = shifted(FIRST, 3)
    rows = of_month(few, "UGA", month)
    assert [(one.centre, one.month, one.counts["completed"]) for one in rows] == [
        ("a", month, 5), ("b", month, 300), ("c", month, 900),
    ]  # fmt: skip
    assert not any(columns() & one.counts.keys() for one in rows)


async def test_only_what_may_be_told_comes_through_the_door(few: Engine) -> None:
    sums = added(few, "UGA")
    rows: Sequence[CentreReport] = (*sums.monthly, *sums.whole, *sums.together, *of_centre(few, "UGA", "a"))
    assert not any(columns() & one.counts.keys() for one in rows)
    view = country_services(few, "UGA", "en", NOW)
    assert {row["code"] for row in view["centres"]} == {"a", "b", "c"}


def test_no_room_of_readers_asks_for_the_counts_as_they_were_sent() -> None:
    """The store's own reports are for those who send, check and add; pages, charts and decisions get the door's."""
    import re
    from pathlib import Path

    import dashboard

    root = Path(dashboard.__file__).parent
    known = {
        "contributions/delivery/pooling.py", "contributions/delivery/store.py",  # the door, and what it opens
        # what a country sent, beside what it sends now
        "contributions/submissions/kinds/counts.py", "operations/cli/delivery.py",
        "contributions/submissions/workbooks/counts.py",  # which services, channels and columns a template has
        "contributions/voice/publication/release.py",  # completed transactions alone
    }  # fmt: skip
    asking = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if re.search(r"\b(?:store|delivery)\.(?:reports|counted)\(|_current\(", path.read_text("utf-8"))
        and "delivery" in path.read_text("utf-8")
    }
    assert asking <= known
