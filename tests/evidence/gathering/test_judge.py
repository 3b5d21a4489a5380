"""What a series that was received would change: judged by rows, editions and scope, before anything is written."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.dataset.identity import add_ids
from dashboard.evidence.dataset.schema import ROWS
from dashboard.evidence.gathering.plan import (
    GatheringChoice,
    NothingToGather,
    Planned,
    find_own_country,
    list_publishers,
    plan,
)
from dashboard.evidence.gathering.series import Scope, SeriesVerdict, judge
from dashboard.evidence.gathering.snapshot import join_editions
from dashboard.settings import Settings
from data_sources.contract import Parsed, Reply, Request
from data_sources.fetching.fetch import Collected

A, B = {"value": 77.0}, {"area": "268", "value": 50.0}
MOMENT = datetime(2026, 11, 2, tzinfo=UTC)

Rows = list[dict[str, Any]]
Judged = Callable[..., SeriesVerdict]


def reply(minutes: int) -> Reply:
    asked = Request("https://example.org/data")
    return Reply(asked, asked.url, 200, {"etag": "e"}, b"body", f"{minutes:064d}", MOMENT + timedelta(minutes=minutes))


@pytest.fixture
def judged(make: SimpleNamespace, small_codebook: Codebook) -> Judged:
    """Judge rows beside those that are published, with a link of the small codebook."""
    source = list_publishers(Settings())["un_sdg"]
    link = make.link()

    def run(*rows: dict[str, Any], before: Rows | None = None, rejected: int = 0, **how: Any) -> SeriesVerdict:
        planned = Planned(make.metric(), link, source)

        def read(*given: dict[str, Any]) -> Collected:
            parsed = Parsed(make.observations(*given), "2026.Q2.G.02", (), rejected)
            return Collected(parsed, (reply(1), reply(3), reply(2)))

        nothing = pl.DataFrame(schema=ROWS)
        published = nothing
        if before:
            first = judge(planned, read(*before), small_codebook, lambda *_: nothing)
            published = first.added.with_columns(vintage=pl.lit(1), superseded=pl.lit(None, pl.Int32))
        return judge(planned, read(*rows), small_codebook, lambda *_: published, **how)

    return run


def test_what_is_new_comes_into_force_with_the_replies_it_was_read_from(judged: Judged) -> None:
    found = judged(A, B)
    assert (found.state, found.added["country"].to_list(), found.superseded) == ("new", ["AZE", "GEO"], ())
    assert (found.retrieved_at, len(found.records)) == (MOMENT + timedelta(minutes=3), 3)
    assert {record.edition for record in found.records} == {"2026.Q2.G.02"}
    assert found.without_rows.added.is_empty()


def test_only_rows_that_differ_come_into_force_and_go(judged: Judged) -> None:
    found = judged(A, B | {"value": 51.0}, before=[A, B])
    assert (found.state, found.added["value"].to_list(), len(found.superseded)) == ("changed", [51.0], 1)
    assert found.counts == {"new": 0, "changed": 1, "unchanged": 1, "vanished": 0, "missing": 0, "rejected": 0}
    same = judged(A, B, before=[B, A])
    assert (same.state, same.counts["unchanged"], same.added.height) == ("unchanged", 2, 0)


def test_nothing_where_nothing_is_published_is_no_failure_and_says_why(judged: Judged) -> None:
    found = judged()
    assert (found.state, found.code, found.counts["new"]) == ("unchanged", "series.empty", 0)
    outside = judged(A, before=[A], scope=Scope(("KAZ",)))
    assert (outside.state, outside.code) == ("unchanged", "scope.empty")


def test_a_person_overrules_plausibility_and_no_contradiction(judged: Judged) -> None:
    refused = judged(before=[A])
    assert (refused.state, refused.code) == ("failed", "series.emptied")
    taken = judged(before=[A], accepted=True)
    assert (taken.state, taken.counts["vanished"], len(taken.superseded)) == ("changed", 1, 1)
    contradictory = (A | {"value_text": "77"}, A | {"value": 78.0, "value_text": "78"})
    for accepted in (False, True):
        found = judged(*contradictory, accepted=accepted)
        assert (found.state, found.code) == ("failed", "rows.contradict")
    assert not found.message.endswith("more)")
    two = judged(*contradictory, A | {"unit": "furlongs", "period": "2016"})
    assert two.message.endswith("(and 1 more)")


@pytest.mark.parametrize(
    ("scope", "added"),
    [
        (Scope(("GEO",)), [("GEO", "2015"), ("GEO", "2016")]), (Scope((), 2016), [("AZE", "2016"), ("GEO", "2016")]),
        (Scope(("AZE",), 2016), [("AZE", "2016")]), (Scope(("AZE",), 2017), []), (Scope(), None),
    ],
)  # fmt: skip
def test_only_countries_and_years_within_the_scope_change(
    judged: Judged, scope: Scope, added: list[tuple[str, str]] | None
) -> None:
    before = [row | {"period": period} for row in (A, B) for period in ("2015", "2016")]
    found = judged(*[row | {"value": 10.0} for row in before], before=before, scope=scope)
    everything = [("AZE", "2015"), ("AZE", "2016"), ("GEO", "2015"), ("GEO", "2016")]
    expected = everything if added is None else added
    assert found.added.select("country", "period").rows() == expected if expected else found.added.is_empty()
    assert len(found.superseded) == len(expected)


def test_a_new_edition_is_not_taken_in_part(judged: Judged) -> None:
    newer = [row | {"edition": "2026.Q3.G.01"} for row in (A, B)]
    assert judged(*newer, before=[A, B], scope=Scope(("AZE",))).code == "scope.edition"
    assert judged(*newer, before=[A, B]).state == "changed"
    assert judged(*newer, scope=Scope(("AZE",))).added["country"].to_list() == ["AZE"]


def test_series_of_the_same_source_for_the_same_indicator_leave_each_other_alone(
    make: SimpleNamespace, small_codebook: Codebook
) -> None:
    link = make.link()
    other = replace(link, series="OTHER")
    metric = replace(make.metric(), series=(link, other))
    source = list_publishers(Settings())["un_sdg"]

    def of(series: str, value: float) -> pl.DataFrame:
        observed = make.observations({"series": series, "value": value})
        one = Planned(metric, replace(link, series=series), source)
        made = judge(
            one, Collected(Parsed(observed, "e"), (reply(1),)), small_codebook, lambda *_: pl.DataFrame(schema=ROWS)
        )
        return made.added

    published = pl.concat([of("IT_USE_ii99", 77.0), of("OTHER", 5.0)])
    observed = make.observations({"value": 78.0})
    found = judge(
        Planned(metric, link, source),
        Collected(Parsed(observed, "e"), (reply(1),)),
        small_codebook,
        lambda *_: published,
    )
    assert (found.counts["changed"], found.counts["vanished"], len(found.superseded)) == (1, 0, 1)


def test_a_choice_names_its_series_in_order_and_what_matches_nothing_is_said() -> None:
    book, known = load_codebook(), list_publishers(Settings())
    every, more = (plan(book, known, GatheringChoice(secondary=secondary)) for secondary in (False, True))
    named = [(one.link.source, one.metric.id, one.link.series) for one in more]
    assert named == sorted(named)
    only_compared = [one for one in more if one.link.role == "secondary"]
    assert only_compared
    assert every == [one for one in more if one not in only_compared]
    assert plan(book, known, GatheringChoice(("world_bank",))) == [
        one for one in every if one.link.source == "world_bank"
    ]
    assert {one.metric.id for one in plan(book, known, GatheringChoice(indicators=("ti_cpi",)))} == {"ti_cpi"}
    own = {find_own_country(one) for one in every} - {""}
    for country in (min(own), "BRA"):
        asked = plan(book, known, GatheringChoice(countries=(country,)))
        assert asked == [one for one in every if find_own_country(one) in ("", country)]
    for choice, words in (
        (GatheringChoice(("nobody",)), "source nobody is no publisher we know"),
        (GatheringChoice(indicators=("nothing",)), "indicator nothing is not in the codebook"),
        (GatheringChoice(countries=("XXX",)), "country XXX is not an ISO3 code"),
        (GatheringChoice(("cpi",), ("internet_users",)), "No series matches"),
    ):
        with pytest.raises(NothingToGather, match=words):
            plan(book, known, choice)


def editions(make: SimpleNamespace, read: Callable[..., Any], *given: Rows, line: bool) -> list[tuple[Any, ...]]:
    rows, findings = join_editions([add_ids(read(*rows).rows) for rows in given], make.metric(line=line))
    return [*rows.select("country", "period", "value").rows(), *(one.message for one in findings)]


def test_of_several_editions_a_line_is_of_one_and_points_are_of_the_newest_that_has_them(
    make: SimpleNamespace, read: Callable[..., Any]
) -> None:
    old = [A | {"value": 1.0}, A | {"value": 2.0, "period": "2016"}, B]
    new = [A | {"value": 3.0, "period": "2016"}]
    assert editions(make, read, old, line=True) == [("AZE", "2015", 1.0), ("AZE", "2016", 2.0), ("GEO", "2015", 50.0)]
    assert editions(make, read, old, new, line=True) == [("AZE", "2016", 3.0), ("GEO", "2015", 50.0)]
    assert editions(make, read, old, new, line=False) == [
        ("AZE", "2015", 1.0), ("AZE", "2016", 3.0), ("GEO", "2015", 50.0),
    ]  # fmt: skip


def test_a_figure_without_its_year_steps_back_where_another_edition_prints_it_with_one(
    make: SimpleNamespace, read: Callable[..., Any]
) -> None:
    spans = [A | {"period": "2014/2016", "value_text": "77"}, B | {"period": "2014/2016"}]
    assert editions(make, read, spans, [A, B | {"value": 51.0}], line=True) == [
        ("AZE", "2015", 77.0), ("GEO", "2014/2016", 50.0), ("GEO", "2015", 51.0),
        "AZE: the figure without a year (77) is printed with one in another edition, which is used.",
    ]  # fmt: skip
    women = [A | {"dimensions": '{"Sex":"FEMALE"}'}]
    assert [row[:2] for row in editions(make, read, spans, women, line=True)] == [
        ("AZE", "2014/2016"), ("AZE", "2015"), ("GEO", "2014/2016"),
    ]  # fmt: skip
