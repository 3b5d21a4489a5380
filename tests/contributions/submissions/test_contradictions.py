"""Counts that cannot be: within a row, within a month, and beside what the same places sent before."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboard.contributions.delivery.metrics import figure, metrics
from dashboard.contributions.delivery.model import BINS, Centre, CentreReport, ServiceMerger, find_successor
from dashboard.contributions.submissions.counts import child

PERIOD = "2026-10"
TODAY = "2026-11-10"
BAKU, GANJA = (Centre(code, "AZE", code, date(2020, 1, 1)) for code in ("baku-1", "ganja-1"))
HEAD = ("centre", "service", "channel", "month")
WAITING = tuple(f"waiting_{edge}" for edge in BINS["waiting"])

Row = Mapping[str, object]


def row(centre: str = "baku-1", service: str = "id", channel: str = "counter", /, **cells: object) -> Row:
    return {"centre": centre, "service": service, "channel": channel, "month": PERIOD, **cells}


def read(folder: Path, *rows: Row, centres: tuple[Centre, ...] = (BAKU, GANJA), **ground: Any) -> dict[str, list[str]]:
    """Rule → cells, or what was read of the whole file; what is kept lies in ``folder / "out"``."""
    heads = list(dict.fromkeys([*HEAD, *(name for one in rows for name in one)]))
    lines = [",".join(heads), *(",".join(str(one.get(name, "")) for name in heads) for one in rows)]
    (folder / "file").write_text("\n".join(lines), encoding="utf-8")
    job = {
        "path": str(folder / "file"), "name": "counts.csv", "country": "AZE", "period": PERIOD, "today": TODAY,
        "centres": [one.as_json() for one in centres], "others": [], "earlier": [], "before": [], "history": [],
        "mergers": [], "out": str(folder / "out"), **ground,
    }  # fmt: skip
    found: dict[str, list[str]] = {}
    for one in child.read(job)["findings"]:
        letter = heads[ord(one["column"]) - 65] if len(one["column"]) == 1 else one["column"]
        place = f"{letter} {one['row']}" if one["row"] else one["read"]
        found.setdefault(one["rule"].removeprefix("counts_"), []).append(place)
    return found


def kept(folder: Path, kind: str) -> list[Any]:
    return [json.loads(text) for of, text in pl.read_parquet(folder / "out").rows() if of == kind]


def bins(*counts: int) -> dict[str, object]:
    return dict(zip(WAITING, counts, strict=True))


def report(service: str = "id", **counts: int) -> CentreReport:
    return CentreReport("baku-1", service, "counter", date(2026, 10, 1), counts)


@pytest.mark.parametrize(
    ("counts", "stopped"),
    [
        ({"started": 10, "completed": 6, "refused": 3, "abandoned": 1}, False),
        ({"started": 10, "completed": 6, "refused": 4, "abandoned": 1}, True),  # each is less than started
        ({"started": 10, "completed": 14, "refused": 1, "carried_over": 5}, False),
        ({"started": 10, "completed": 14, "refused": 2, "carried_over": 5}, True),
        ({"started": 10, "completed": 12, "carried_over": 0}, True),
    ],
)
def test_no_more_cases_end_than_were_started_or_carried_over(
    tmp_path: Path, counts: dict[str, int], stopped: bool
) -> None:
    assert read(tmp_path, row(**counts)) == ({"report_outcomes": ["completed 2"]} if stopped else {})


SPREAD = (0, 40, 30, 10, 10, 10, 0, 0, 0, 0)  # 40 from 5 minutes on, 30 from 10, 10 from 15, 10 from 20, 10 from 30

OFF = {"report_standard": ["standard_within 2"]}


@pytest.mark.parametrize(
    ("counts", "spread", "told"),
    [
        ({"visits": 100}, SPREAD, {}),
        ({"visits": 99}, SPREAD, {"report_visits": ["visits 2"]}),
        ({"standard_within": 80, "standard_total": 100, "standard_minutes": 15}, SPREAD, {}),
        ({"standard_within": 81, "standard_total": 100, "standard_minutes": 15}, SPREAD, OFF),
        ({"standard_within": 70, "standard_total": 100, "standard_minutes": 15}, SPREAD, {}),
        ({"standard_within": 69, "standard_total": 100, "standard_minutes": 15}, SPREAD, OFF),
        ({"standard_within": 9, "standard_total": 20, "standard_minutes": 15}, SPREAD, {}),  # of others nobody knows
        # the same total, each bin one further on
        ({"visits": 100, "standard_within": 80, "standard_total": 100, "standard_minutes": 15},
         (0, *SPREAD[:-1]), OFF),
        ({"standard_within": 101, "standard_total": 120}, SPREAD, OFF),
    ],
)  # fmt: skip
def test_visits_and_the_standard_agree_with_the_bins(
    tmp_path: Path, counts: dict[str, int], spread: tuple[int, ...], told: dict[str, list[str]]
) -> None:
    assert read(tmp_path, row(started=100, **counts, **bins(*spread))) == told


def test_nobody_answers_who_was_not_asked(tmp_path: Path) -> None:
    asked = {
        "invited": 40,
        "access_agree": 20,
        "access_valid": 41,
        "bribe_valid": 40,
        "bribe_asked": 0,
        "bribe_paid": 0,
    }
    assert read(tmp_path, row(started=90, **asked)) == {"report_answers": ["access_valid 2"]}


def test_hours_are_those_of_a_week_and_minutes_those_of_its_hours(tmp_path: Path) -> None:
    rows = (
        row(opening_hours=168, agreed_minutes=31 * 24 * 60),
        row("baku-1", "id", "web", opening_hours=169, agreed_minutes=1),
        row("baku-1", "id", "call", opening_hours=40, agreed_minutes=5 * 40 * 60),
        row("baku-1", "id", "app", opening_hours=40, agreed_minutes=5 * 40 * 60 + 1),
    )
    assert read(tmp_path, *rows) == {"report_hours": ["opening_hours 3", "agreed_minutes 5"]}


def test_complaints_are_held_against_the_centre_s_own_history(tmp_path: Path) -> None:
    history = [("baku-1", "id", "counter", 12, 144, 12_000), ("baku-1", "id", "call", 2, 0, 2000)]
    rows = (
        row(started=1000, completed=1000, complaints_received=25),
        row("baku-1", "id", "web", started=1000, completed=1000, complaints_received=26),  # by the centre as a whole
        row("baku-1", "id", "call", started=1000, completed=1000, complaints_received=10),  # two months are too few
        row("ganja-1", started=30, completed=20, complaints_received=30),  # nothing is known: no more than its cases
        row("ganja-1", "id", "web", started=30, completed=20, complaints_received=31),
    )
    assert read(tmp_path, *rows, history=history) == {
        "month_complaints": ["complaints_received 3"],
        "report_complaints": ["complaints_received 6"],
    }


def test_a_centre_that_closed_and_opened_again_has_no_counts_between(tmp_path: Path) -> None:
    shut = Centre("baku-1", "AZE", "Baku", date(2020, 1, 1), closed=date(2026, 8, 15))
    again = Centre("baku-1", "AZE", "Baku", date(2026, 10, 20))
    assert read(tmp_path, row(started=5), centres=(shut,)) == {"report_closed": ["month 2"]}
    assert read(tmp_path, row(started=5), centres=(shut, again)) == {}
    late = Centre("baku-1", "AZE", "Baku", date(2026, 11, 2))
    assert read(tmp_path, row(started=5), centres=(shut, late)) == {"report_closed": ["month 2"]}
    # the centre's own row may come with the counts
    last = Centre("baku-1", "AZE", "Baku", date(2026, 10, 31), closed=date(2026, 10, 31))
    assert read(tmp_path, row(started=5), centres=(last,)) == {}, "the month in which it closed"


BEFORE = [("baku-1", "id", "counter"), ("baku-1", "pass", "counter"), ("ganja-1", "id", "counter")]
HISTORY = [(*place, 12, 12, 1200) for place in BEFORE]


def test_what_is_no_longer_sent_is_named_until_it_is_withdrawn(tmp_path: Path) -> None:
    ground = {"before": BEFORE, "history": HISTORY}
    rows = [row(started=5)]
    assert read(tmp_path, *rows, **ground) == {"month_gone": ["baku-1 · pass · counter", "ganja-1 · id · counter"]}
    rows += [row("baku-1", "pass", withdrawn="The counter has moved"), row("ganja-1", withdrawn="7")]
    assert read(tmp_path, *rows, **ground) == {
        "withdrawn": ["withdrawn 4"],
        "month_gone": ["ganja-1 · id · counter"],
        "month_ended": ["withdrawn 3"],
    }
    assert kept(tmp_path, "withdrawal") == [{"place": ["baku-1", "pass", "counter"], "reason": "The counter has moved"}]
    both = row("ganja-1", started=4, withdrawn="Closed"), row("baku-1", "none", withdrawn="Never was")
    assert read(tmp_path, row(started=5), row("baku-1", "pass", started=1), *both, **ground) == {
        "withdrawn": ["withdrawn 4"],
        "month_nothing_to_withdraw": ["withdrawn 5"],
        "month_gone": ["ganja-1 · id · counter"],
    }
    twice = row("ganja-1", started=4), row("ganja-1", withdrawn="Closed")
    assert "month_withdrawn_twice" in read(tmp_path, row(started=5), *twice, **ground)


def test_a_service_that_appears_where_another_vanishes_is_asked_about(tmp_path: Path) -> None:
    ground = {"before": BEFORE[:2], "history": HISTORY}
    new = row("baku-1", "papers", started=9)
    gone = {"month_gone": ["baku-1 · pass · counter"]}
    assert read(tmp_path, row(started=5), new, **ground) == {"month_asked": ["centre 3"], **gone}
    assert read(tmp_path, row(started=5), {**new, "merged_from": ""}, **ground) == {
        "month_asked": ["merged_from 3"],
        **gone,
    }
    assert read(tmp_path, row(started=5), {**new, "merged_from": "pass"}, **ground) == {}
    assert kept(tmp_path, "merger") == [{"new": "papers", "old": ["pass"]}]
    assert read(tmp_path, row(started=5), {**new, "merged_from": "no"}, **ground) == gone
    assert kept(tmp_path, "merger") == [{"new": "papers", "old": []}]
    ended = row("baku-1", "pass", withdrawn="No longer offered")
    assert read(tmp_path, row(started=5), new, ended, **ground) == {"month_ended": ["withdrawn 4"]}
    known = [*HISTORY, ("ganja-1", "papers", "web", 3, 0, 0)]
    assert read(tmp_path, row(started=5), new, before=BEFORE[:2], history=known) == gone, "no new service"
    assert read(tmp_path, row(started=5), row("baku-1", "pass", started=1), new, **ground) == {}, "nothing vanishes"


def test_a_merged_service_is_counted_once(tmp_path: Path) -> None:
    merged = [ServiceMerger("pass", "papers", date(2026, 9, 1)).as_json()]
    history = [*HISTORY, ("baku-1", "papers", "counter", 1, 0, 10)]
    papers, passes = row("baku-1", "papers", started=9), row("baku-1", "pass", started=4)
    assert read(tmp_path, papers, passes, history=history, mergers=merged) == {"month_merged": ["service 3"]}
    again = {**papers, "merged_from": "pass"}  # said each month, when all of the old service is long ago
    assert read(tmp_path, again, history=history[-1:], mergers=merged) == {}
    assert "month_takes" in read(tmp_path, again, history=history[-1:])
    later = [ServiceMerger("pass", "papers", date(2026, 11, 1)).as_json()]
    assert read(tmp_path, papers, passes, history=history, mergers=later) == {}, "not yet"
    # said in the file itself, with the old service at another centre
    said = {**papers, "merged_from": "pass"}
    elsewhere = row("ganja-1", "pass", started=4)
    assert read(tmp_path, said, elsewhere, history=history) == {"month_merged": ["service 3"]}
    # what stands of this month is counted too, until it is withdrawn
    standing = [report("pass", started=4).as_json()]
    assert read(tmp_path, said, earlier=standing, history=history) == {"month_merged": ["merged_from 2"]}
    gone = row("baku-1", "pass", withdrawn="Counted with papers")
    assert read(tmp_path, said, gone, earlier=standing, history=history) == {"month_ended": ["withdrawn 3"]}
    # taken back in a correction of the month in which it was said
    this = [ServiceMerger("pass", "papers", date(2026, 10, 1)).as_json()]
    assert read(tmp_path, {**papers, "merged_from": "no"}, passes, history=history, mergers=this) == {}


@pytest.mark.parametrize("answer", ["papers", "never", "pass; never"])
def test_an_answer_names_another_service_that_was_sent(tmp_path: Path, answer: str) -> None:
    told = read(tmp_path, row("baku-1", "papers", started=9, merged_from=answer), history=HISTORY)
    assert told["month_takes"] == ["merged_from 2"]


def test_services_do_not_take_each_other_over_in_a_circle(tmp_path: Path) -> None:
    merged = [ServiceMerger("pass", "papers", date(2026, 9, 1)).as_json()]
    history = [*HISTORY, ("baku-1", "papers", "counter", 1, 0, 10)]
    told = read(tmp_path, row("baku-1", "pass", started=9, merged_from="papers"), history=history, mergers=merged)
    assert told["month_takes"] == ["merged_from 2"]
    circle = {old: ServiceMerger(old, new, date(2026, 9, 1)) for old, new in (("a", "b"), ("b", "c"), ("c", "a"))}
    assert find_successor("a", circle) in circle
    assert find_successor("a", {"a": circle["a"], "b": circle["b"]}) == "c"


def test_cases_that_were_carried_over_make_no_share_above_the_whole() -> None:
    completion = metrics()["completion"]
    steady = [
        report(started=100, completed=50, carried_over=0),
        report("pass", started=100, completed=150, carried_over=50),
    ]
    found = figure(completion, steady)
    assert (found.value, found.n) == (100.0, 200)
    cleared = figure(completion, [report(started=100, completed=150, refused=50, carried_over=100)])
    assert (cleared.value, cleared.n) == (75.0, 200), "more ended than began: of those that ended"
    assert figure(completion, [report(started=100, completed=150)]).kind == "contradictory"
    assert figure(completion, [report(started=100, completed=80, refused=10)]).value == 80.0
