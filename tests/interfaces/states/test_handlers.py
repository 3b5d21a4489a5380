"""Anyone can call a handler: what is not an argument of theirs changes nothing."""

import asyncio
from typing import get_args

import pytest

from dashboard.answers.base.errors import Invalid, NotReady
from dashboard.answers.countries.index import SORTS
from dashboard.interfaces.pages.compare.state import CompareState
from dashboard.interfaces.pages.countries.state import CountriesState, CountryState
from dashboard.interfaces.pages.evidence.state import EvidenceState
from dashboard.interfaces.pages.goals.state import GoalsState
from dashboard.interfaces.pages.indicator.state import IndicatorState
from dashboard.interfaces.pages.mapping.state import MappingState
from dashboard.interfaces.pages.overview.page import OverviewState
from dashboard.interfaces.pages.search.state import SearchState
from dashboard.interfaces.pages.sending.page import SendingState
from dashboard.interfaces.pages.services.state import ServicesState
from dashboard.interfaces.pages.shell.provenance import ProvenanceState
from dashboard.interfaces.pages.shell.share import ShareState
from dashboard.interfaces.pages.shell.state import Shell
from dashboard.locales import LANGUAGES, isolate_ltr, t
from tests.checks import all_of
from tests.interfaces.states.arrival import arrived, at

pytestmark = pytest.mark.usefixtures("handmade")


@pytest.mark.parametrize("observation", ["", "..", "0123456789abcde", "0123456789ABCDEF", None, 5, {"id": "x"}])
def test_the_drawer_opens_on_observation_ids_only(observation: object) -> None:
    state = ProvenanceState()
    at(state, "/en/compare/", {})
    asyncio.run(ProvenanceState.show.fn(state, observation))
    assert not state.drawer


@pytest.mark.parametrize(
    "mark",
    ["", "[]", "null", '{"country": "AZE"}', '{"indicator": 1, "country": 2, "year": "x"}', "2023", '"a"', "[" * 2_000],
)
def test_a_mark_that_is_none_opens_nothing(mark: str) -> None:
    state = ProvenanceState()
    at(state, "/en/compare/", {})
    asyncio.run(ProvenanceState.pick.fn(state, mark))
    assert not state.drawer


def test_pages_and_api_know_the_kinds_of_search() -> None:
    from dashboard.answers.search.entries import GROUPS
    from dashboard.interfaces.api.parameters import SearchQuestion
    from dashboard.interfaces.pages.shell.address import KINDS

    assert tuple(GROUPS) == KINDS
    assert get_args(SearchQuestion.model_fields["kind"].annotation) == ("", *KINDS)


@pytest.mark.parametrize(
    ("path", "lang", "asked"),
    [
        ("/fr/countries/GEO/", "fr", "GEO"),
        ("/fr/countries/", "fr", ""),
        ("/xx/countries/GEO/", "en", "GEO"),
        ("/", "en", ""),
    ],
)
def test_language_and_name_are_those_of_the_path(path: str, lang: str, asked: str) -> None:
    state = at(Shell(), path, {})
    assert (state._get_lang(), state._get_entry()) == (lang, asked)


def test_the_controls_show_the_address_and_lead_away_from_it() -> None:
    """A reader who chose years would see none; who takes the day away would lose the years too."""
    asked = {"country": "AZE,GEO", "from_": "2010", "to": "2020", "as_of": "2026-03-01", "rule": "all"}
    state = arrived(CompareState, "/en/compare/", **asked)
    assert (state.first, state.last, state.as_of, state.picked_ids) == ("2010", "2020", "2026-03-01", "AZE,GEO")
    assert state.newest == "/en/compare/?country=AZE,GEO&from=2010&to=2020"
    assert state.unselected == "/en/compare/"
    assert (state.default_selection, state.drawer) == (False, False)
    assert state.ignored == t("ui.errors.ignored", "en", parts="rule=all")
    assert all_of(one["current"] for one in state.picked)
    plain = arrived(CompareState, "/en/compare/")
    assert (plain.first, plain.last, plain.ignored, plain.default_selection) == ("", "", "", True)
    chosen, ours = (arrived(IndicatorState, "/en/indicators/internet_users/", **a) for a in ({"country": "AZE"}, {}))
    assert (chosen.default_selection, ours.default_selection) == (False, True)


def test_what_a_page_does_not_know_is_said_with_what_may_have_been_meant() -> None:
    state = arrived(CountryState, "/en/countries/AZR/")
    assert (state.phase, state.said) == ("unknown", t("ui.errors.country", "en", code="AZR", id="AZR", number="AZR"))
    assert state.help == t("ui.errors.country_help", "en")
    assert "/en/countries/AZE/" in [one["id"] for one in state.suggestions]
    assert arrived(CountryState, f"/en/countries/{'X' * 99}/").said.count("X") == 60
    named = arrived(IndicatorState, "/en/indicators/internet_user/").suggestions
    assert ("/en/indicators/internet_users/", "Internet users") in [(one["id"], one["label"]) for one in named]
    target = arrived(GoalsState, "/en/targets/16.55/", "load_target").suggestions
    assert "/en/targets/16.5/" in [one["id"] for one in target]
    assert all_of(one["label"].startswith(one["id"].split("/")[3]) for one in target)
    unknown = arrived(ServicesState, "/en/services/AZEX/", "load_country")
    assert (unknown.phase, unknown.view) == ("unknown", {})
    known = arrived(ServicesState, "/en/services/aze/", "load_country")
    assert (known.phase, known.view["iso3"]) == ("ready", "AZE")


def test_a_search_finds_all_kinds_or_one_and_figures_where_two_things_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reflex_base.vars.base._type_check_depth", lambda: 0)  # as where pages are served

    def search(words: str, **more: str) -> SearchState:
        return arrived(SearchState, "/en/search/", q=words, **more)

    found, crossed = search("corruption"), search("Azerbaijan internet users")
    assert len(found.results) > 2
    assert "figure" not in [one["id"] for one in found.results]
    assert [one["id"] for one in search("corruption", kind="indicator").results] == ["indicator"]
    assert crossed.results[0]["id"] == "figure"
    assert "figure" not in [one["id"] for one in search("Azerbaijan internet users", kind="country").results]
    for asked, to in (({"enter": "1"}, "/en/indicators/internet_users/"), ({}, ""), ({"enter": "2"}, "")):
        state = at(SearchState(), "/en/search/", {"q": "internet users", **asked})
        led = asyncio.run(SearchState.load.fn(state))
        assert (led is None, to in str(led)) == (not to, True)
    chosen = {"country": "AZE,GEO", "from": "2010", "as_of": "2026-03-01"}
    state = at(SearchState(), "/en/search/", {"q": "internet users", "enter": "1", **chosen})
    to = "/en/indicators/internet_users/?country=AZE,GEO&from=2010&as_of=2026-03-01"
    assert to in str(asyncio.run(SearchState.load.fn(state)))
    shown = {one["id"]: (len(one["hits"]), bool(one["more"])) for one in search("a").results}
    assert all_of(count <= 10 and (count == 10 or not more) for count, more in shown.values())
    assert (10, True) in shown.values()


def test_what_a_mapping_cannot_use_is_said_once() -> None:
    state = arrived(MappingState, "/en/mapping/", pin="nonsense")
    assert state.ignored == t("ui.errors.ignored", "en", parts="pin=nonsense")
    assert "rule=all" in arrived(MappingState, "/en/mapping/", pin="nonsense", rule="all").ignored


def test_rules_of_counting_lead_to_the_same_page_of_the_same_view() -> None:
    state = arrived(OverviewState, "/en/", rule="operating")
    assert [one["to"] for one in state.rules if one["current"]] == ["/en/?rule=operating"]
    assert state.chart == "/api/v1/charts/corruption.json?rule=operating&lang=en"
    assert [one["current"] for one in arrived(OverviewState, "/en/").rules].count(True) == 1
    assert all_of(one["status"] != "no_record" or one["origin"] for one in state.view["tiles"])


def test_what_countries_have_sent_is_shown_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"country": "Azerbaijan", "period": "2025", "day": "–", "standing": "published"}]
    monkeypatch.setattr("dashboard.interfaces.pages.sending.page.list_standings", lambda ctx: rows)
    assert arrived(SendingState, "/en/sending/").standings == rows


def test_what_goes_wrong_is_said_with_a_reference_and_what_is_not_there_yet_as_that(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A reader would see an empty page, or the words of an error with its secrets."""
    for error, phase, key in (
        (RuntimeError("hunter2"), "trouble", "server"), (NotReady("not yet"), "starting", "unavailable"),
    ):  # fmt: skip

        def raising(*_: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr("dashboard.interfaces.pages.countries.state.search_countries", raising)
        state = arrived(CountriesState, "/en/countries/")
        assert (state.phase, state.said) == (phase, t(f"ui.errors.{key}", "en"))
        assert (state.index, "hunter2" in state.said + state.help) == ({}, False)
        reference = state.help.split()[-1].strip(".") if state.help else ""
        assert bool(state.help) == (key == "server")
        assert reference in caplog.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_cannot_be_used_of_an_address_is_said_in_the_language_of_the_reader(
    lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The heading of the page was the English sentence of the API."""
    state = arrived(CountriesState, f"/{lang}/countries/", sort="zzz")
    control, comma = (isolate_ltr("sort"), "، ") if lang == "ar" else ("sort", ", ")
    assert (state.phase, state.said) == ("trouble", t("ui.errors.option", lang, value="zzz", control=control))
    assert state.help.count(comma) == len(SORTS) - 1
    other = arrived(CountryState, f"/{lang}/countries/AZ/")
    assert (other.phase, other.said) == ("unknown", t("ui.errors.country", lang, code="AZ"))
    assert [one["id"] for one in other.suggestions] == [f"/{lang}/countries/AZE/"]

    def raising(*_: object) -> None:
        raise Invalid("since", "There is no such day.")

    monkeypatch.setattr("dashboard.interfaces.pages.countries.state.search_countries", raising)
    control = isolate_ltr("since") if lang == "ar" else "since"
    state = arrived(CountriesState, f"/{lang}/countries/")
    assert (state.said, state.help) == (t("ui.errors.value", lang, control=control), "")


def test_a_page_that_is_opened_or_reloaded_is_not_covered() -> None:
    """A reader went back from a chart that was being shared, and found the dialog over the page before."""
    sharing = at(ShareState(), "/en/indicators/internet_users/", {})
    asyncio.run(ShareState.show.fn(sharing, "/api/v1/charts/trend.json?indicator=internet_users&country=AZE"))
    assert sharing.sharing
    state = at(CompareState(), "/en/compare/", {})
    state.sharing = state.drawer = True
    asyncio.run(CompareState.load.fn(state))
    assert (state.sharing, state.drawer) == (False, False)


@pytest.mark.parametrize(
    ("kind", "handler", "path", "shown"),
    [
        (CountryState, "load", "countries/AZE", "view"),
        (IndicatorState, "load", "indicators/internet_users", "view"),
        (GoalsState, "load_goal", "goals/16", "goal_view"),
        (GoalsState, "load_target", "targets/16.5", "target_view"),
        (ServicesState, "load_country", "services/AZE", "view"),
        (EvidenceState, "load_principle", "principles/integrity", "name"),
        (EvidenceState, "load_theme", "themes/integrity", "name"),
    ],
)
def test_a_window_is_not_called_by_the_page_before(kind: type[Shell], handler: str, path: str, shown: str) -> None:
    state = arrived(kind, f"/en/{path}/", handler)
    assert getattr(state, shown)
    at(state, f"/en/{path}x/", {})
    asyncio.run(getattr(kind, handler).fn(state))
    assert (state.phase, bool(getattr(state, shown))) == ("unknown", False)
