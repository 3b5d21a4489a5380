"""What changed, as a page and a feed say it: which vintage, which figure, from what to what, by how much."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.answers.revisions import news
from dashboard.answers.revisions.provenance import trace_observation
from dashboard.answers.revisions.revisions import format_apart, view_revisions
from dashboard.locales import LANGUAGES
from dashboard.settings import Settings
from tests.answers.published import publish_states, use
from tests.evidence.database.figures import figure, figures

pytestmark = pytest.mark.usefixtures("handmade")
REVISED, WITHOUT = "internet_users", "wgi_cc"


def test_a_revision_says_vintage_figure_difference_and_edition() -> None:
    view = view_revisions(open_context(), REVISED)
    (row,) = view["rows"]
    assert (row["country"], row["period"], row["before"], row["after"]) == ("Azerbaijan", "2023", "90.4", "91.0")
    assert row["difference"] == "+0.6 percentage points"
    assert (row["vintage"], row["date_text"]) == (2, "2 March 2026")
    assert row["edition_text"] == "=pull of July"
    assert row["reason_text"] == "changed by the publisher within its edition"
    assert view["text"] == "Since 1 March 2026: revised figures 1, no longer listed 0."
    assert view["json"] == f"/api/v1/changes?indicator={REVISED}&since=1"


def test_nothing_revised_is_said_in_words() -> None:
    view = view_revisions(open_context(), WITHOUT)
    assert view["rows"] == []
    assert view["text"] == "No figure of this indicator has been revised or withdrawn since 1 March 2026."


def test_since_a_day_tells_only_what_came_after() -> None:
    assert view_revisions(open_context(), REVISED, "2026-03-01")["rows"] != []
    assert view_revisions(open_context(), REVISED, "2026-03-02")["rows"] == []
    early = view_revisions(open_context(), REVISED, "2020-01-01")
    assert early["text"].startswith("The dataset began on 1 March 2026")
    assert len(early["rows"]) == 1
    with pytest.raises(Invalid):
        view_revisions(open_context(), REVISED, "yesterday")


def test_as_of_the_first_day_nothing_had_been_revised() -> None:
    view = view_revisions(open_context(as_of="2026-03-01"), REVISED)
    assert view["rows"] == []
    assert "one vintage, of 1 March 2026" in view["text"]


@pytest.mark.parametrize(
    ("metric", "before", "after", "texts"),
    [
        (REVISED, 90.41, 90.42, ("90.41", "90.42")), (REVISED, 90.4, 91.0, ("90.4", "91.0")),
        (REVISED, None, 91.0, ("", "91.0")), (REVISED, 91.0, None, ("91.0", "")), (REVISED, 5.0, 5.0, ("5.0", "5.0")),
        (REVISED, 1.0000001, 1.0000002, ("1.0000001", "1.0000002")),  # six decimals more, and no further
        (REVISED, 1.00000001, 1.00000002, ("1.0000000", "1.0000000")),
    ],
)  # fmt: skip
def test_figures_that_round_alike_are_told_apart(
    metric: str, before: float | None, after: float | None, texts: tuple[str, str]
) -> None:
    ctx = open_context()
    assert format_apart(ctx, ctx.book.metrics[metric], before, after) == texts


def _users(country: str, value: float | None, edition: str = "2023", **more: Any) -> dict[str, Any]:
    series = {"indicator": REVISED, "period": "2023", "source": "world_bank", "series": "IT.NET.USER.ZS", "nature": ""}
    return figure(value, country=country, edition=edition, **series | more)


@pytest.fixture(scope="module")
def three_vintages(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A publisher that revises, withdraws and reissues: vintages of 1, 2 and 3 March 2026."""
    bound = {"value_text": "<2.5", "status": "censored", "upper": 2.5}
    first = figures(
        _users("AZE", 90.4), _users("GEO", 80.04), _users("ROU", 70.0), _users("UZB", 60.0), _users("KAZ", 50.0),
        _users("ARM", None) | bound, _users("ETH", 20.0, dimensions='{"Sex":"FEMALE"}', primary=False),
    )  # fmt: skip
    changed = figures(
        _users("AZE", 91.0, "2024"), _users("GEO", 80.01), _users("UZB", 60.0, status="estimated"),
        _users("KAZ", 50.0, "2024"), _users("ARM", None) | bound | {"upper": 3.0}, _users("UGA", 30.0),
        _users("ETH", 25.0, dimensions='{"Sex":"FEMALE"}', primary=False),
    )  # fmt: skip
    last = pl.concat([changed.filter(changed["country"] != "AZE"), figures(_users("AZE", 89.0, "2024"))])
    return publish_states(tmp_path_factory.mktemp("revised"), first, changed, last)


@pytest.fixture
def revised(three_vintages: Settings) -> Iterator[Context]:
    with use(three_vintages.data_dir):
        yield open_context()


def test_each_kind_of_change_is_told_from_what_to_what_and_by_how_much(revised: Context) -> None:
    view = view_revisions(revised, REVISED)
    parts = ("iso3", "kind", "before", "after", "difference", "edition_text", "vintage")
    assert [tuple(row[part] for part in parts) for row in view["rows"]] == [  # type: ignore[literal-required]
        ("AZE", "revised", "91.0", "89.0", "−2.0 percentage points", "2024", 3),
        ("ARM", "revised", "less than 2.5", "less than 3", "interval, unit or published text", "2023", 2),
        ("AZE", "revised", "90.4", "91.0", "+0.6 percentage points", "2023 → 2024", 2),
        ("ETH", "revised", "20.0", "25.0", "+5.0 percentage points", "2023", 2),
        ("GEO", "revised", "80.04", "80.01", "−0.03", "2023", 2),
        ("ROU", "vanished", "70.0", "no longer listed", "", "2023", 2),
        ("UZB", "revised", "60.0", "60.0", "status: as published → estimate", "2023", 2),
    ]
    assert [row["dimensions"] for row in view["rows"] if row["iso3"] == "ETH"] == ["Sex: female"]
    assert view["text"] == (
        "Since 1 March 2026: revised figures 6, no longer listed 1. New figures in that time: 1. "
        "The same figure in another edition: 1."
    )
    assert (view["first"], view["last"], view["more_text"]) == ("2026-03-01", "2026-03-03", "")
    few = view_revisions(revised, REVISED, most=2)
    assert few["rows"] == view["rows"][:2]
    assert few["more_text"] == "The 2 newest of 7 are shown; all are in the file."
    assert view_revisions(revised, REVISED, most=7)["more_text"] == ""
    own = view_revisions(revised, REVISED, most=3, chosen=("UZB", "AZE"))
    assert [(row["iso3"], row["vintage"]) for row in own["rows"]] == [("AZE", 3), ("UZB", 2), ("AZE", 2)]
    assert own["more_text"] == "The chosen countries come first. 3 of 7 are shown; all are in the file."
    all_rows = view_revisions(revised, REVISED, chosen=("UZB",))["rows"]
    assert (len(all_rows), all_rows[0]["iso3"]) == (len(view["rows"]), "UZB")
    assert [row["vintage"] for row in view_revisions(revised, REVISED, "2026-03-02")["rows"]] == [3]
    then = view_revisions(open_context(as_of="2026-03-02"), REVISED)
    assert then["rows"] == view["rows"][1:]
    assert then["json"] == f"/api/v1/changes?indicator={REVISED}&since=1&as_of=2026-03-02"


def test_two_states_are_compared_over_the_steps_between_them(revised: Context) -> None:
    """Azerbaijan went from 90.4 to 91.0 to 89.0: two steps, one difference."""

    def changes(**more: Any) -> list[tuple[float, float, int]]:
        page = news.read_page(revised, news.select_news(revised, 1, countries=("AZE",), **more), 10)
        return [(row["before"], row["after"], row["vintage"]) for row in page["rows"]]

    assert changes() == [(91.0, 89.0, 3), (90.4, 91.0, 2)]
    assert changes(net=True) == [(90.4, 89.0, 3)]
    assert changes(until=2) == [(90.4, 91.0, 2)]
    assert changes(sources=("un_sdg",)) == changes(kinds=("new",)) == changes(indicators=("wgi_cc",), net=True) == []
    net = news.read_page(revised, news.select_news(revised, 1, net=True), 10)["vintages"]
    assert [(one["number"], one["counts"]["revised"]) for one in net] == [(3, 5)]


def test_pages_of_changes_follow_one_another_and_end(revised: Context) -> None:
    selection = news.select_news(revised, 1)
    pages = [news.read_page(revised, selection, 3, start) for start in (0, 3, 6)]
    assert [len(page["rows"]) for page in pages] == [3, 3, 2]
    assert [bool(page["next"]) for page in pages] == [True, True, False]
    assert [row for page in pages for row in page["rows"]] == news.read_page(revised, selection, 8)["rows"]
    assert news.read_page(revised, selection, 8)["next"] is None
    assert [one["number"] for one in pages[0]["vintages"]] == [3, 2]
    assert news.add_counts(pages[0]["vintages"]) == {"new": 1, "revised": 6, "reissued": 1, "vanished": 1}
    assert [one["editions"] for one in pages[0]["vintages"][1]["sources"]] == [["2023", "2024"]]


def test_the_largest_revisions_are_so_relative_to_what_they_change(revised: Context) -> None:
    """By 25 %, 2.2 %, 0.66 % and 0.04 %; what is no number has no size."""
    found = list(news.find_largest(revised, news.select_news(revised, 1), 10))
    assert [(row["country"], row["vintage"]) for row in found] == [("ETH", 2), ("AZE", 3), ("AZE", 2), ("GEO", 2)]
    assert len(list(news.find_largest(revised, news.select_news(revised, 1), 2))) == 2


@pytest.mark.parametrize(
    ("moment", "number"), [("2026-02-28", 0), ("2026-03-01", 1), ("2026-03-02", 2), ("2030-01-01", 3)]
)
def test_a_day_stands_for_the_last_vintage_of_it_or_before(revised: Context, moment: str, number: int) -> None:
    assert news.find_vintage_number(revised, date.fromisoformat(moment), "since") == number
    assert (news.find_vintage_number(revised, None, "since"), news.find_vintage_number(revised, 2, "since")) == (3, 2)


def test_a_figure_leads_to_the_days_on_which_each_of_its_values_stood(revised: Context) -> None:
    row = view_revisions(revised, REVISED)["rows"][0]
    told = trace_observation(revised, row["id_after"])["earlier"]
    page = f"/en/indicators/{REVISED}/?country=AZE&as_of="
    assert [(one["text"], one["now"], one["until_text"], one["href"]) for one in told] == [
        ("89.0\xa0%", True, "in force", f"{page}2026-03-03"),
        ("91.0\xa0%", False, "until 3 March 2026", f"{page}2026-03-02"),
        ("90.4\xa0%", False, "until 2 March 2026", f"{page}2026-03-01"),
    ]
    assert [one["id"] for one in told][:2] == [row["id_after"], row["id_before"]]
    assert trace_observation(revised, row["id_before"])["earlier"] == told
    then = trace_observation(open_context(as_of="2026-03-02"), row["id_before"])
    assert [(one["text"], one["now"], one["until_text"]) for one in then["earlier"]] == [
        ("91.0\xa0%", True, "in force"), ("90.4\xa0%", False, "until 2 March 2026"),
    ]  # fmt: skip
    assert (then["superseded"], then["superseded_by"]) == (3, row["id_after"])
    vanished = next(row for row in view_revisions(revised, REVISED)["rows"] if row["kind"] == "vanished")
    way = trace_observation(revised, vanished["id_before"])
    assert (way["superseded"], way["superseded_by"]) == (2, "")
    with pytest.raises(Unknown):
        trace_observation(open_context(as_of="2026-03-02"), row["id_after"])


def test_each_vintage_is_counted_by_publisher(ctx: Context) -> None:
    second, first = news.read_page(ctx, news.select_news(ctx), 5)["vintages"]
    assert second["counts"] == {"new": 0, "revised": 1, "reissued": 0, "vanished": 0}
    assert [one["source"] for one in second["sources"]] == ["world_bank"]
    assert (first["counts"]["new"], first["note"]) == (12, "by hand")


def test_two_states_compared_are_the_same_as_the_one_step_between_them(ctx: Context) -> None:
    steps, net = (news.read_page(ctx, news.select_news(ctx, 1, net=one), 10) for one in (False, True))
    assert steps["rows"] == net["rows"] != []
    assert steps["vintages"] == net["vintages"]


def test_what_cannot_be_asked_is_refused(ctx: Context) -> None:
    for since, until, net in ((3, None, False), (2, 1, False), (None, None, True), (None, 0, False)):
        with pytest.raises(Invalid):
            news.select_news(ctx, since, until, net=net)
    with pytest.raises(Unknown):
        news.select_news(ctx, sources=("no_such",))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_has_words(lang: str) -> None:
    (row,) = view_revisions(open_context(lang), REVISED)["rows"]
    assert row["reason_text"]
    assert row["before"] != row["after"]


@pytest.mark.parametrize(
    ("kind", "vintage", "edition", "reason"),
    [
        ("new", 1, "a", "first_vintage"),
        ("new", 2, "a", "newly_listed"),
        ("vanished", 2, "a", "no_longer_listed"),
        ("revised", 2, "a", "same_edition"),
        ("revised", 2, "b", "new_edition"),
    ],
)
def test_a_change_has_the_reason_that_the_dataset_knows(kind: str, vintage: int, edition: str, reason: str) -> None:
    """A figure of the first day would be told as news, or news as a figure that was always there."""
    row = {"kind": kind, "vintage": vintage, "edition_before": "a", "edition_after": edition}
    assert news.explain_change(open_context(), row) == reason
