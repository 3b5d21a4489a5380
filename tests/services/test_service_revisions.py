"""What changed, as a page and a feed say it: which vintage, which figure, from what to what, by how much."""

import pytest

from dashboard.locales import LANGUAGES
from dashboard.services.base.context import context
from dashboard.services.base.errors import Invalid, Unknown
from dashboard.services.revisions import news
from dashboard.services.revisions.provenance import provenance
from dashboard.services.revisions.revisions import apart, revisions

pytestmark = pytest.mark.usefixtures("handmade")
REVISED, WITHOUT = "internet_users", "wgi_cc"


def test_a_revision_says_vintage_figure_difference_and_edition() -> None:
    view = revisions(context(), REVISED)
    (row,) = view["rows"]
    assert (row["country"], row["period"], row["before"], row["after"]) == ("Azerbaijan", "2023", "90.4", "91.0")
    assert row["difference"] == "+0.6 percentage points"
    assert (row["vintage"], row["date_text"]) == (2, "2 March 2026")
    assert row["edition_text"] == "=pull of July"
    assert row["reason_text"] == "changed by the publisher within its edition"
    assert view["text"] == "Since 1 March 2026: revised figures 1, no longer listed 0."
    assert view["json"] == f"/api/v1/changes?indicator={REVISED}&since=1"


def test_nothing_revised_is_said_in_words() -> None:
    view = revisions(context(), WITHOUT)
    assert view["rows"] == []
    assert view["text"] == "No figure of this indicator has been revised or withdrawn since 1 March 2026."


def test_since_a_day_tells_only_what_came_after() -> None:
    assert revisions(context(), REVISED, "2026-03-01")["rows"] != []
    assert revisions(context(), REVISED, "2026-03-02")["rows"] == []
    early = revisions(context(), REVISED, "2020-01-01")
    assert early["text"].startswith("The dataset began on 1 March 2026")
    assert len(early["rows"]) == 1
    with pytest.raises(Invalid):
        revisions(context(), REVISED, "yesterday")


def test_as_of_the_first_day_nothing_had_been_revised() -> None:
    view = revisions(context(as_of="2026-03-01"), REVISED)
    assert view["rows"] == []
    assert "one vintage, of 1 March 2026" in view["text"]


def test_figures_that_round_alike_are_told_apart() -> None:
    ctx = context()
    metric = ctx.book.metrics[REVISED]
    assert apart(ctx, metric, 90.41, 90.42) == ("90.41", "90.42")
    assert apart(ctx, metric, 90.4, 91.0) == ("90.4", "91.0")
    assert apart(ctx, metric, None, 91.0) == ("", "91.0")


def test_the_drawer_tells_the_values_a_figure_had() -> None:
    ctx = context()
    (row,) = revisions(ctx, REVISED)["rows"]
    told = provenance(ctx, row["id_after"])["earlier"]
    assert [(one["text"].replace("\xa0", " "), one["now"], one["until_text"]) for one in told] == [
        ("91.0 %", True, "in force"),
        ("90.4 %", False, "until 2 March 2026"),
    ]
    assert told[1]["href"] == f"/en/indicators/{REVISED}/?country=AZE&as_of=2026-03-01"
    assert [one["id"] for one in provenance(ctx, row["id_before"])["earlier"]] == [row["id_after"], row["id_before"]]
    (then,) = provenance(context(as_of="2026-03-01"), row["id_before"])["earlier"]
    assert then["now"], "on that day it was in force"


def test_each_vintage_is_counted_by_publisher() -> None:
    ctx = context()
    second, first = news.page(ctx, news.select(ctx), 5)["vintages"]
    assert second["counts"] == {"new": 0, "revised": 1, "reissued": 0, "vanished": 0}
    assert [one["source"] for one in second["sources"]] == ["world_bank"]
    assert first["counts"]["new"] == 12
    assert first["note"] == "by hand"


def test_two_states_compared_are_the_same_as_the_one_step_between_them() -> None:
    ctx = context()
    steps, net = (news.page(ctx, news.select(ctx, 1, net=one), 10) for one in (False, True))
    assert steps["rows"] == net["rows"] != []
    assert steps["vintages"] == net["vintages"]


def test_what_cannot_be_asked_is_refused() -> None:
    ctx = context()
    for since, until, net in ((3, None, False), (2, 1, False), (None, None, True), (None, 0, False)):
        with pytest.raises(Invalid):
            news.select(ctx, since, until, net=net)
    with pytest.raises(Unknown):
        news.select(ctx, sources=("no_such",))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_has_words(lang: str) -> None:
    (row,) = revisions(context(lang), REVISED)["rows"]
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
    assert news.reason_of(context(), row) == reason
