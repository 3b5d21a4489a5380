"""The three forms of a reference, letter by letter, and that none invents a year."""

import pytest

from dashboard.codebook import codebook
from dashboard.services.base.context import context
from dashboard.services.indicators.indicator import indicator
from dashboard.services.wording.citation import citations_of_indicator

UN = (
    "World Bank, Worldwide Governance Indicators, WGI 2025 edition: Control of corruption (WGI) "
    "(series GOV_WGI_CC.EST), retrieved 26 November 2026. In ASAN SDG Monitor, dataset {version}, "
    "as of 26 November 2026. "
    "https://monitor.example/en/indicators/wgi_cc/"
)
APA = (
    "World Bank. (2025). Control of corruption (WGI) [Data set; series GOV_WGI_CC.EST]. "
    "Worldwide Governance Indicators, WGI 2025 edition. ASAN SDG Monitor, dataset {version}. "
    "Retrieved 26 November 2026, from "
    "https://monitor.example/en/indicators/wgi_cc/"
)
BIBTEX = """@misc{{asan_wgi_cc_20261126,
  author = {{{{World Bank}}}},
  title = {{{{Control of corruption (WGI)}}}},
  year = {{2025}},
  howpublished = {{ASAN SDG Monitor}},
  note = {{Series GOV\\_WGI\\_CC.EST; Worldwide Governance Indicators, WGI 2025 edition; retrieved from the publisher \
on 26 November 2026; ASAN SDG Monitor, dataset {version}, as of 26 November 2026}},
  url = {{https://monitor.example/en/indicators/wgi_cc/}},
  urldate = {{2026-11-26}}
}}"""


@pytest.fixture
def public(embedded: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The product has a public address."""
    from dashboard.settings import settings

    monkeypatch.setenv("MONITOR_PUBLIC_URL", "https://monitor.example")
    settings.cache_clear()


@pytest.mark.usefixtures("public")
def test_each_form_letter_by_letter() -> None:
    ctx = context()
    forms = {form["id"]: form["text"] for form in citations_of_indicator(ctx, ctx.book.metrics["wgi_cc"])}
    golden = {"un": UN, "apa": APA, "bibtex": BIBTEX}
    assert forms == {form: text.format(version=ctx.dataset.version) for form, text in golden.items()}


@pytest.mark.usefixtures("embedded")
def test_of_many_editions_the_year_is_that_of_the_newest() -> None:
    forms = {form["id"]: form["text"] for form in indicator(context(), "egdi")["citations"]}
    assert "(2024)." in forms["apa"]
    assert "year = {2024}" in forms["bibtex"]


@pytest.mark.usefixtures("handmade")
def test_an_edition_without_a_year_is_undated_and_an_empty_indicator_has_nothing_to_cite() -> None:
    forms = {form["id"]: form["text"] for form in indicator(context(), "internet_users")["citations"]}
    assert "(n.d.)." in forms["apa"]
    assert "year =" not in forms["bibtex"]
    assert indicator(context(), "sat_overall_gov")["citations"] == []


@pytest.mark.usefixtures("embedded")
def test_arabic_forms_are_arabic_and_the_names_of_bibtex_stay() -> None:
    forms = {form["id"]: form["text"] for form in indicator(context("ar"), "ti_cpi")["citations"]}
    assert "استُرجع" in forms["apa"]
    assert forms["bibtex"].startswith("@misc{asan_ti_cpi_")
    assert "author = {{Transparency International}}" in forms["bibtex"]
    version = context("ar").dataset.version
    for form in ("un", "apa"):
        assert f"\u2066{version}\u2069" in forms[form], "a code keeps its order in a right-to-left sentence"
    assert "\u2066" not in forms["bibtex"]


@pytest.mark.usefixtures("embedded")
def test_every_indicator_with_figures_has_three_forms_that_hold_its_address() -> None:
    ctx = context()
    for metric in codebook().metrics.values():
        forms = citations_of_indicator(ctx, metric)
        assert [form["id"] for form in forms] in ([], ["un", "apa", "bibtex"])
        assert all(f"/en/indicators/{metric.id}/" in form["text"] for form in forms)
        assert all(form["text"].count("{") == form["text"].count("}") for form in forms)
