"""The index of countries: found, filtered and ordered without losing one; its small pictures draw no zero."""

from typing import Any

import pytest

from dashboard.answers.adoption.counting import find_adoption, list_adopters
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.base.rows import find_latest, has_figure
from dashboard.answers.countries.heart import draw_glances
from dashboard.answers.countries.index import PAGE_ROWS, search_countries
from dashboard.answers.countries.views import CountryIndex
from dashboard.answers.wording.changes import describe_change_since_base
from dashboard.evidence.codebook import load_codebook
from dashboard.locales import order
from tests.answers.shape import faults

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
    assert len(search_countries(open_context())["cards"]) == PAGE_ROWS


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


SHOWN = ("AZE", "UGA", "KGZ", "SOM", "VAT")


@pytest.fixture
def ctx() -> Context:
    return open_context()


def read(length: str) -> float:
    return float(length.removesuffix("%"))


def test_a_figure_stands_on_its_scale(ctx: Context) -> None:
    for iso3, heart in draw_glances(ctx, SHOWN).items():
        for picture in heart.values():
            metric = ctx.book.metrics[picture["indicator"]]  # type: ignore[index]
            row = find_latest(ctx, metric.id).get(iso3)
            low, high = metric.expected
            assert low is not None
            assert high is not None
            if row is None or row["value"] is None:
                assert (picture["missing"], picture["at"], picture["start"]) == (True, "", "")  # type: ignore[index]
            else:
                assert read(picture["at"]) == pytest.approx(100 * (row["value"] - low) / (high - low), abs=0.06)  # type: ignore[index]
                assert row["period"].replace("/", "–") in picture["value"]  # type: ignore[index]


def test_corruption_has_its_own_interval_and_none_of_another_edition() -> None:
    for ctx in (open_context(), open_context("en", "2026-11-24")):
        heart = draw_glances(ctx, ("UGA",))["UGA"]["corruption"]
        last = find_latest(ctx, "wgi_cc")["UGA"]
        if last["lower"] is None:
            assert (heart["start"], heart["width"]) == ("", "")
        else:
            assert read(heart["start"]) == pytest.approx(100 * (last["lower"] + 2.5) / 5, abs=0.06)
            assert read(heart["width"]) == pytest.approx(100 * (last["upper"] - last["lower"]) / 5, abs=0.06)


def test_the_mark_of_change_is_that_of_the_country_page(ctx: Context) -> None:
    marks = {iso3: heart["corruption"]["change"] for iso3, heart in draw_glances(ctx, SHOWN).items()}
    for iso3 in SHOWN[:3]:
        rows = ctx.dataset.rows("wgi_cc").collect().filter(country=iso3, primary=True, dimensions="{}").sort("year")
        assert marks[iso3] == describe_change_since_base(ctx, ctx.book.metrics["wgi_cc"], rows.to_dicts()).kind
    assert {*marks.values()} <= {"rise", "fall", "unclear", "error_unknown", ""}


def test_a_column_is_of_one_indicator(ctx: Context) -> None:
    """The four areas of satisfaction are never merged, not even from row to row."""
    hearts = draw_glances(ctx, sorted(ctx.book.countries))
    for column in ("satisfaction", "corruption", "service"):
        assert len({heart[column]["indicator"] for heart in hearts.values()}) == 1  # type: ignore[literal-required]
    direct = [it.id for it in ctx.book.metrics.values() if it.theme == "satisfaction" and it.direct]
    having = {name: sum(has_figure(row) for row in find_latest(ctx, name).values()) for name in direct}
    assert hearts["UGA"]["satisfaction"]["indicator"] == max(having, key=lambda name: having[name])


def test_two_figures_are_no_course(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def list_courses(_: Context, countries: Any) -> dict[str, list[dict[str, Any]]]:
        rows = ctx.dataset.rows("wgi_cc").collect().filter(country="UGA", primary=True).sort("year").to_dicts()
        return {iso3: rows[:number] for iso3, number in zip(countries, (2, 3), strict=True)}

    monkeypatch.setattr("dashboard.answers.countries.heart.list_courses", list_courses)
    hearts = draw_glances(ctx, ("UGA", "KGZ"))
    assert [bool(hearts[iso3]["corruption"]["spark"]["path"]) for iso3 in ("UGA", "KGZ")] == [False, True]


def test_every_country_of_the_page_has_its_pictures(ctx: Context) -> None:
    found = search_countries(ctx)
    assert faults(found, CountryIndex) == []
    assert {card["heart"]["service"]["indicator"] for card in found["cards"]} == {"egov_osi"}
