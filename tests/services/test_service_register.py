"""The page of the register: counts with their rule, claims with what they count, rows that say whether they count."""

import pytest

from dashboard.codebook.register.adoption import claims
from dashboard.locales import LANGUAGES, order
from dashboard.services.adoption import register
from dashboard.services.adoption.counting import adopters
from dashboard.services.adoption.pipeline import pipeline
from dashboard.services.adoption.register_page import claim_words, register_page
from dashboard.services.base.context import context
from dashboard.services.base.errors import Invalid
from dashboard.services.base.words import country_name
from dashboard.services.site.overview import overview
from tests.services.shape import faults

pytestmark = pytest.mark.usefixtures("embedded")


def test_the_answers_have_their_declared_shape() -> None:
    from dashboard.services.adoption.views import RegisterTable, RegisterView

    ctx = context()
    assert faults(register_page(ctx), RegisterView) == []
    assert faults(register.table(ctx, register.ask(ctx)), RegisterTable) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_published_count_says_why_it_differs_in_every_language(lang: str) -> None:
    ctx = context(lang)
    for it in claims(ctx.book):
        assert claim_words(it, "short", lang)
        assert claim_words(it, "differs", lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_countries_of_the_register_stand_in_the_order_of_their_names(lang: str) -> None:
    ctx = context(lang)
    rows = register.rows(ctx, register.ask(ctx, sort="country"))
    undated = pipeline(ctx)["undated"]
    for tiles in (overview(ctx)["tiles"], register_page(ctx)["tiles"]):
        _in_order([tile["name"] for tile in tiles], lang)
    _in_order([row["name"] for row in rows], lang)
    _in_order([step["country"] for step in undated], lang)
    assert list(dict.fromkeys(row["name"] for row in rows)) != [
        country_name(ctx, iso3) for iso3 in sorted({row["country"] for row in rows})
    ], "names and codes have another order"


def _in_order(names: list[str], lang: str) -> None:
    assert len(names) > 1
    assert names == sorted(names, key=lambda name: order(name, lang))


def test_four_in_full_operation_is_explained_and_has_no_invented_list() -> None:
    told = next(it for it in register_page(context(), "operating")["claims"] if it["count_text"] == "4")
    assert "Neither the four countries nor the criterion" in told["differs"]
    assert "no public source" in told["source_type"]
    assert told["ours"] == "4 countries with a working centre"  # ours of that day: another list, by another rule


def test_the_ladder_names_every_country_of_the_register_once() -> None:
    ctx = context()
    *rungs, none = register_page(ctx)["ladder"]
    assert all(rung["number"] == len(rung["countries"]) for rung in rungs)
    assert sum(rung["number"] for rung in rungs) + len(none["countries"]) == len({it.iso3 for it in ctx.book.events})
    assert none["id"] == "no_record"
    assert none["number"] > 200
    assert none["countries"] == [], "every country of the register has an event that counts"
    contacts = next(rung for rung in rungs if any("Türkiye" in one for one in rung["countries"]))
    assert contacts["id"] == "interest", "named in the same document of June 2019 as the Emirates and Montenegro"
    assert len(adopters(ctx, "any_contact")) == 18


def test_a_row_that_does_not_count_says_why() -> None:
    rows = {row["id"]: row for row in register.rows(context(), register.RegisterQuery())}
    assert rows["AZE-01"]["counts"] is False
    assert "origin" in rows["AZE-01"]["counts_text"]
    assert "context" in rows["UZB-01"]["counts_text"]
    assert "contradicts" in rows["AFG-04"]["counts_text"]
    assert rows["PAK-02"]["counts"] is True
    assert all(row["counts_text"] for row in rows.values())


def test_filters_leave_what_they_name_and_years_leave_out_events_without_any_date() -> None:
    ctx = context()
    whole = register.rows(ctx, register.RegisterQuery())
    asked = register.ask(ctx, countries=("eth",), disputed="yes")
    assert [row["id"] for row in register.rows(ctx, asked)] == ["ETH-03", "ETH-02"]
    official = register.rows(ctx, register.ask(ctx, source="national_gov"))
    assert {row["source_type"] for row in official} == {"national_gov"}
    of_years = register.table(ctx, register.ask(ctx, first=1990, last=2099))
    assert of_years["shown"] == sum(bool(row["date"] or row["reported"]) for row in whole) < len(whole)
    assert "left out" in of_years["total_text"]
    found = register.rows(ctx, register.ask(ctx, search="mesob"))
    assert {row["country"] for row in found} == {"ETH"}


def test_every_order_keeps_every_row() -> None:
    ctx = context()
    orders = [[row["id"] for row in register.rows(ctx, register.ask(ctx, sort=sort))] for sort in register.SORTS]
    assert len({tuple(order) for order in orders}) == len(register.SORTS)
    assert len({tuple(sorted(order)) for order in orders}) == 1
    newest = [row["date"] or row["reported"] for row in register.rows(ctx, register.RegisterQuery())]
    assert newest == sorted(newest, reverse=True)


@pytest.mark.parametrize("name", ["event", "source", "evidence", "disputed", "sort"])
def test_a_filter_that_there_is_not_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(Invalid, match="there are"):
        register.ask(context(), **{name: "atlantis"})


def test_the_agreement_is_told_with_sources_and_what_is_not_known() -> None:
    view = register_page(context())
    kinds = [fact["kind"] for fact in view["agreement"]]
    assert set(kinds) == {"milestone", "activity", "continents", "participation"}
    assert all(fact["source"] for fact in (*view["agreement"], *view["organisations"]))
    assert {it["id"] for it in view["organisations"]} == {"islamic_development_bank", "icesco"}
    assert [it["country"] for it in view["shared"]] == ["IDN"]
    assert [it["country"] for it in view["predate"]] == ["UZB"]
    assert "ETH" in [it["country"] for it in view["twice"]]
