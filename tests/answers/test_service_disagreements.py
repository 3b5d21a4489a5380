"""Where sources disagree: another publisher, the country itself, an earlier edition; which is shown, and why."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.answers.revisions import disagreements as subject
from dashboard.answers.revisions.provenance import trace_observation
from dashboard.answers.revisions.views import DisagreementsView
from dashboard.locales import LANGUAGES
from dashboard.settings import Settings
from tests.answers.published import publish_states, use
from tests.evidence.database.figures import figure, figures

SHOWN = {
    "indicator": "internet_users",
    "source": "world_bank",
    "series": "IT.NET.USER.ZS",
    "nature": "",
    "period": "2023",
}
OTHER = SHOWN | {"source": "un_sdg", "series": "IT_USE_ii99", "primary": False, "edition": "October 2020"}
BUDGET = {"indicator": "budget_reliability", "period": "2017"}


def shown(country: str, value: float, edition: str = "pull of July 2026", **more: Any) -> dict[str, Any]:
    return figure(value, country=country, edition=edition, **SHOWN | more)


def other(country: str, value: float, **more: Any) -> dict[str, Any]:
    return figure(value, country=country, **OTHER | more)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    first = figures(
        shown("AZE", 80.0), other("AZE", 86.1), other("AZE", 80.1, source="undata"),  # one within rounding
        shown("UGA", 50.0), other("UGA", 50.04),
        shown("KGZ", 60.0, nature="E"), other("KGZ", 55.0, nature="C"),
        shown("DEU", 90.0), other("DEU", 70.0),
        shown("ROU", 70.0, "pull of June 2024"), shown("SEN", 40.0, "pull of June 2024"),
        figure(99.8, country="RWA", series="GF_XPD_GBPC", **BUDGET),
        figure(47.2, country="RWA", source="sdmx", series="rwa:GF_XPD_GBPC", nature="CN", primary=False, **BUDGET),
    )  # fmt: skip
    later = figures(shown("ROU", 72.0), shown("SEN", 40.04))
    second = pl.concat([first.filter(~first["country"].is_in(["ROU", "SEN"])), later])
    return publish_states(tmp_path_factory.mktemp("disagreements"), first, second)


@pytest.fixture
def ctx(published: Settings) -> Iterator[Context]:
    with use(published.data_dir):
        yield open_context()


def view(ctx: Context, **asked: Any) -> DisagreementsView:
    return subject.view_disagreements(ctx, subject.ask(ctx, **asked))


def test_the_answer_counts_what_two_publishers_give_beyond_rounding(ctx: Context) -> None:
    found = view(ctx)
    assert found["text"] == (
        "For Azerbaijan and 14 countries that have signed or gone further, two publishers differ by more than rounding "
        "on 2 of 4 (50\xa0%) of the figures that both give. In addition, 1 figure was revised in a newer edition of "
        "the same publisher."
    )
    told = [(one["kind"], one["count"], one["compared"]) for one in found["counts"]]
    assert told == [("publisher", 2, 4), ("national", 1, 1), ("edition", 1, 2)]
    assert [(row["iso3"], row["value"], row["other_value"], row["difference"]) for row in found["rows"]] == [
        ("AZE", "80.0\xa0%", "86.1\xa0%", "+6.1 percentage points"),
        ("KGZ", "60.0\xa0%", "55.0\xa0%", "−5.0 percentage points"),
    ]  # fmt: skip
    assert found["rows"][0]["length"] == "100.0%"
    assert "primary" in found["rule"]


def test_the_reason_is_told_where_it_is_known(ctx: Context) -> None:
    reasons = {row["iso3"]: row["reason"] for row in view(ctx)["rows"]}
    assert reasons == {
        "AZE": "The other figure is from an edition of 2020; this one may have been revised since.",
        "KGZ": "Different kinds of figure: here estimated, there country data.",
    }
    row = {"kind": "publisher", "indicator": "internet_users", "nature": "", "other_nature": "E", "edition": "July"}
    row |= {"dated": None}
    assert subject.explain_disagreement(ctx, row | {"other_edition": "2020"}) == "Not known."
    assert "newer edition, of 2027" in subject.explain_disagreement(
        ctx, row | {"edition": "2026", "other_edition": "May 2027"}
    )
    assert "the one shown here for 2022" in subject.explain_disagreement(
        ctx, row | {"dated": "2022", "other_edition": "2020"}
    )


def test_a_countrys_own_figure_is_told_with_its_definition_and_caution(ctx: Context) -> None:
    (row,) = view(ctx, kind="national")["rows"]
    assert (row["iso3"], row["indicator"], row["other_value"]) == ("RWA", "budget_reliability", "47.2\xa0%")
    assert row["reason"].startswith("Another question or calculation")
    assert len(row["reason"]) > 100


def test_an_earlier_edition_is_told_beyond_rounding(ctx: Context) -> None:
    (row,) = view(ctx, kind="edition")["rows"]
    assert (row["iso3"], row["value"], row["other_value"]) == ("ROU", "72.0\xa0%", "70.0\xa0%")
    assert "June 2024" in row["other_source"]
    before = open_context(as_of="2026-03-01")
    assert view(before, kind="edition")["rows"] == []  # the newer edition had not come


def test_filters_narrow_and_the_world_widens(ctx: Context) -> None:
    assert [row["iso3"] for row in view(ctx, countries=("KGZ",))["rows"]] == ["KGZ"]
    assert view(ctx, indicator="budget_reliability")["kind"] == "national"  # the first there is any of
    assert [row["iso3"] for row in view(ctx, group="world")["rows"]] == ["DEU", "AZE", "KGZ"]
    assert view(ctx, countries=("DEU",))["total"] == 1
    assert "no figure here is given by two publishers" in view(ctx, countries=("SEN",))["text"]
    for wrong in ({"kind": "rounding"}, {"group": "moon"}):
        with pytest.raises(Invalid):
            subject.ask(ctx, **wrong)  # type: ignore[arg-type]
    for unknown in ({"indicator": "luck"}, {"countries": ("XXX",)}):
        with pytest.raises(Unknown):
            subject.ask(ctx, **unknown)  # type: ignore[arg-type]


def test_figures_lead_to_it(ctx: Context) -> None:
    assert subject.summarise_disagreements(ctx, "internet_users") == "Sources disagree on 2 figures"
    assert subject.summarise_disagreements(ctx, iso3="RWA") == "Sources disagree on 1 figure"
    assert subject.summarise_disagreements(ctx, iso3="UGA") == ""
    steps = {row["iso3"]: trace_observation(ctx, row["id"])["steps"] for row in view(ctx)["rows"]}
    (said,) = [step for step in steps["AZE"] if step["id"] == "others"]
    assert said["text"] == "Global SDG Indicators Database · October 2020: 86.1\xa0%"
    assert said["href"] == "/en/disagreements/?indicator=internet_users&country=AZE"
    agreed = ctx.dataset.rows("internet_users").collect().filter(country="UGA", primary=True)["id"][0]
    assert "others" not in {step["id"] for step in trace_observation(ctx, agreed)["steps"]}


def test_file_and_answer_have_the_same_rows(ctx: Context) -> None:
    query = subject.ask(ctx)
    answer = subject.answer_disagreements(ctx, query)
    rows = list(csv.DictReader(io.StringIO(subject.write_disagreements_csv(ctx, query).decode())))
    assert [row["other_id"] for row in rows] == [row["other_id"] for row in answer["rows"]]
    assert answer["counts"] == {"publisher": 2, "national": 1, "edition": 1}
    assert answer["compared"] == {"publisher": 4, "national": 1, "edition": 2}
    assert answer["total"] == 4


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_tells_it(ctx: Context, lang: str) -> None:
    found = view(open_context(lang))
    assert "2" in found["text"]
    assert "{" not in repr(found).replace("{'", "")


def test_a_codebook_without_national_series_has_the_other_two(ctx: Context) -> None:
    without = {name: replace(metric, national=()) for name, metric in ctx.book.metrics.items()}
    told = view(replace(ctx, book=replace(ctx.book, metrics=without, version="without national series")))
    assert [(one["kind"], one["count"], one["compared"]) for one in told["counts"]] == [
        ("publisher", 3, 5), ("national", 0, 0), ("edition", 1, 2),
    ]  # fmt: skip
