"""The index of countries: found by name or code in any spelling, filtered, ordered, never losing a country."""

import pytest

from dashboard.answers.adoption.counting import find_adoption, list_adopters
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.countries.index import PAGE, search_countries
from dashboard.evidence.codebook import load_codebook
from dashboard.locales import order

pytestmark = pytest.mark.usefixtures("embedded")


def _found(lang: str = "en", **given: str) -> list[str]:
    return [card["iso3"] for card in search_countries(open_context(lang), **given)["cards"]]


def test_pages_together_hold_every_country_once() -> None:
    pages = search_countries(open_context())["pages"]
    seen = [
        card["iso3"] for page in range(1, pages + 1) for card in search_countries(open_context(), page=page)["cards"]
    ]
    assert sorted(seen) == sorted(load_codebook().countries)
    assert search_countries(open_context(), page=99)["page"] == pages
    assert len(search_countries(open_context())["cards"]) == PAGE


@pytest.mark.parametrize(
    ("lang", "asked"), [("en", "azerb"), ("en", "AZE"), ("en", "031"), ("ar", "أذربيجان"), ("ar", "azer")]
)
def test_a_country_is_found_by_name_or_code(lang: str, asked: str) -> None:
    assert "AZE" in _found(lang, search=asked)


def test_filters_keep_what_they_say() -> None:
    index = search_countries(open_context(), status="operating", group="asia")
    assert index["cards"]
    assert {card["status"] for card in index["cards"]} == {"operating"}
    assert {load_codebook().countries[card["iso3"]].region for card in index["cards"]} == {"Asia"}
    assert index["total"] == len(index["cards"])


@pytest.mark.parametrize("status", ["operating", "pilot", "signed", "interest"])
def test_a_filter_by_status_lists_whom_the_counts_count(status: str, ctx: Context) -> None:
    """The country of origin has a status and is never counted: six operate, and six are listed."""
    counted = {iso3 for iso3 in list_adopters(ctx, "any_contact") if find_adoption(ctx, iso3).status == status}
    assert set(_found(status=status)) == counted
    if status == "operating":
        assert counted == set(list_adopters(ctx, "operating"))


def test_orders() -> None:
    counts = [card["with_data"] for card in search_countries(open_context(), sort="coverage")["cards"]]
    assert counts == sorted(counts, reverse=True)
    names = [card["name"] for card in search_countries(open_context(), sort="name")["cards"]]
    assert names == sorted(names, key=lambda name: order(name, "en"))
    assert names.index("Åland Islands") < names.index("Albania")


@pytest.mark.parametrize("given", [{"status": "done"}, {"group": "atlantis"}, {"sort": "rank"}])
def test_what_does_not_exist_is_said(given: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        search_countries(open_context(), **given)
