"""The three forms of a reference, letter by letter, and that none invents a year."""

import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.rows import find_stats
from dashboard.answers.holdings.series import explain_computation
from dashboard.answers.indicators.indicator import view_indicator
from dashboard.answers.wording.citation import cite_indicator, cite_indicator_in_styles
from dashboard.evidence.codebook import load_codebook
from dashboard.locales import t
from tests.checks import all_of

UN = (
    "World Bank, Worldwide Governance Indicators, WGI 2025 edition and WGI 2026 edition: Control of corruption (WGI) "
    "(series GOV_WGI_CC.EST), retrieved 1 December 2026. In ASAN SDG Monitor, dataset {version}, "
    "as of 1 December 2026. "
    "https://monitor.example/en/indicators/wgi_cc/"
)
APA = (
    "World Bank. (2026). Control of corruption (WGI) [Data set; series GOV_WGI_CC.EST]. "
    "Worldwide Governance Indicators, WGI 2025 edition and WGI 2026 edition. ASAN SDG Monitor, dataset {version}. "
    "Retrieved 1 December 2026, from "
    "https://monitor.example/en/indicators/wgi_cc/"
)
BIBTEX = """@misc{{asan_wgi_cc_20261201,
  author = {{{{World Bank}}}},
  title = {{{{Control of corruption (WGI)}}}},
  year = {{2026}},
  howpublished = {{ASAN SDG Monitor}},
  note = {{Series GOV\\_WGI\\_CC.EST; Worldwide Governance Indicators, WGI 2025 edition and WGI 2026 edition; \
retrieved from the publisher \
on 1 December 2026; ASAN SDG Monitor, dataset {version}, as of 1 December 2026}},
  url = {{https://monitor.example/en/indicators/wgi_cc/}},
  urldate = {{2026-12-01}}
}}"""


@pytest.fixture
def public(embedded: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The product has a public address."""
    from dashboard.settings import settings

    monkeypatch.setenv("MONITOR_PUBLIC_URL", "https://monitor.example")
    settings.cache_clear()


@pytest.mark.usefixtures("public")
def test_each_form_letter_by_letter(ctx: Context) -> None:
    forms = {form["id"]: form["text"] for form in cite_indicator_in_styles(ctx, ctx.book.metrics["wgi_cc"])}
    golden = {"un": UN, "apa": APA, "bibtex": BIBTEX}
    assert forms == {form: text.format(version=ctx.dataset.version) for form, text in golden.items()}


@pytest.mark.usefixtures("embedded")
def test_of_many_editions_the_year_is_that_of_the_newest() -> None:
    forms = {form["id"]: form["text"] for form in view_indicator(open_context(), "egdi")["citations"]}
    assert "(2024)." in forms["apa"]
    assert "year = {2024}" in forms["bibtex"]


@pytest.mark.usefixtures("embedded")
def test_editions_are_in_the_order_of_their_years_and_the_last_retrieval_counts(ctx: Context) -> None:
    for metric, editions, year in (
        ("budget_reliability", "October 2020 to SDG Global Database, 2026", "2026"),
        ("sat_overall_gov", "SDG Global Database, late 2023 and 2026 Q2 release (G.02)", "2026"),
        ("women_managers", "October 2020 to SDG Global Database, late 2023", "2023"),
    ):
        forms = {form["id"]: form["text"] for form in view_indicator(ctx, metric)["citations"]}
        assert editions in forms["un"]
        assert f"({year})." in forms["apa"]
        assert all_of("1 December 2026" in text for text in forms.values())
    regions = cite_indicator(ctx, ctx.book.metrics["bribe_documents"])
    assert all_of(region in regions for region in ("Africa", "Latin America and the Caribbean", "Middle East"))


@pytest.mark.usefixtures("embedded")
def test_what_is_of_several_editions_is_not_said_to_be_of_one(ctx: Context) -> None:
    for metric in ctx.book.metrics.values():
        alone = t("answers.computed.one_edition", "en") in explain_computation(ctx, metric)
        assert not alone or len(find_stats(ctx, metric.id).editions) <= 1
    assert t("answers.computed.one_edition_each", "en") in explain_computation(ctx, ctx.book.metrics["women_managers"])


@pytest.mark.usefixtures("embedded")
def test_the_years_of_an_indicator_say_how_many_figures_have_none() -> None:
    assert view_indicator(open_context(), "sat_overall_gov")["range_text"] == "2022 to 2025 · year not published: 43"
    assert view_indicator(open_context(), "wgi_cc")["range_text"] == "1996 to 2025"


@pytest.mark.usefixtures("handmade")
def test_an_edition_without_a_year_is_undated_and_an_empty_indicator_has_nothing_to_cite() -> None:
    forms = {form["id"]: form["text"] for form in view_indicator(open_context(), "internet_users")["citations"]}
    assert "(n.d.)." in forms["apa"]
    assert "year =" not in forms["bibtex"]
    assert view_indicator(open_context(), "sat_overall_gov")["citations"] == []


@pytest.mark.usefixtures("embedded")
def test_arabic_forms_are_arabic_and_the_names_of_bibtex_stay() -> None:
    forms = {form["id"]: form["text"] for form in view_indicator(open_context("ar"), "ti_cpi")["citations"]}
    assert "استُرجع" in forms["apa"]
    assert forms["bibtex"].startswith("@misc{asan_ti_cpi_")
    assert "author = {{Transparency International}}" in forms["bibtex"]
    version = open_context("ar").dataset.version
    for form in ("un", "apa"):
        assert f"\u2066{version}\u2069" in forms[form], "a code keeps its order in a right-to-left sentence"
    assert "\u2066" not in forms["bibtex"]


@pytest.mark.usefixtures("embedded")
def test_every_indicator_with_figures_has_three_forms_that_hold_its_address(ctx: Context) -> None:
    for metric in load_codebook().metrics.values():
        forms = cite_indicator_in_styles(ctx, metric)
        assert [form["id"] for form in forms] in ([], ["un", "apa", "bibtex"])
        assert all(f"/en/indicators/{metric.id}/" in form["text"] for form in forms)
        assert all(form["text"].count("{") == form["text"].count("}") for form in forms)
