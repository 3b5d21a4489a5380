"""Questions as people type them, and the page each must lead to first: by content words, in any language and order."""

import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.search import search
from dashboard.answers.search.entries import write_href
from dashboard.answers.search.index import index_of
from dashboard.answers.search.stop_words import drop_grammar, shorten
from dashboard.answers.search.views import SearchHit

pytestmark = pytest.mark.usefixtures("embedded")

CHECK, BRIEF, FOLLOW, API = "/check/?lang=en", "/brief/?lang=en", "/follow/?lang=en", "/api/v1/docs?lang=en"
QUESTIONS = {
    # what a page offers
    "mail": FOLLOW, "email": FOLLOW, "send me an email": FOLLOW, "how do I subscribe to alerts": FOLLOW,
    "webhook": FOLLOW, "alerts by mail": FOLLOW, "почта": FOLLOW, "courriel": FOLLOW,
    "powerpoint": BRIEF, "excel": BRIEF, "slides": BRIEF, "can I get slides": BRIEF, "export to powerpoint": BRIEF,
    "excell": BRIEF, "powerpont": BRIEF, "slide": BRIEF, "слайды": BRIEF, "Azerbaijan slides": f"{BRIEF}&country=AZE",
    "брифинг для Казахстана": f"{BRIEF}&country=KAZ",
    "word": CHECK, "word document": CHECK, "check my draft": CHECK, "draft check": CHECK,
    "API": API, "developers": API, "json": API,
    "RSS": "/en/changes/", "what's new": "/en/changes/", "what changed since yesterday": "/en/changes/",
    "where can I download the data": "/en/sources/", "csv": "/en/sources/", "где скачать данные": "/en/sources/",
    "embed a chart": "/en/gallery/", "chart embedding": "/en/gallery/",
    "how is it calculated": "/en/method/", "methodologie": "/en/method/", "what is proxy": "/en/method/proxy/",
    "glossary": "/en/glossary/", "acronym": "/en/glossary/",
    # what a page is about
    "where do publishers disagree": "/en/disagreements/", "publisher disagreement": "/en/disagreements/",
    "Where publishers disagree": "/en/disagreements/", "do the sources contradict each other": "/en/disagreements/",
    "où les éditeurs divergent": "/en/disagreements/",
    "which sources disagree about Azerbaijan": "/en/disagreements/?country=AZE",
    "asan statement": "/en/statement/", "ASAN statment": "/en/statement/",
    "statement of asan": "/en/statement/", "what did the chairman claim": "/en/statement/",
    "how many countries have adopted": "/en/adoption/", "which countries adopted the model": "/en/adoption/",
    "adopting countries": "/en/adoption/", "who adopted it": "/en/adoption/",
    "did the ASAN model reduce corruption": "/en/progress/effects/",
    "what is the impact of adoption": "/en/progress/effects/",
    "who is on track": "/en/progress/", "which countries are on track": "/en/progress/",
    "missing data Somalia": "/en/availability/?country=SOM",
    "complaints of citizens": "/en/services/",
    # a country beside it
    "number of centres Azerbaijan": "/en/services/AZE/", "Azerbaijan number of centers": "/en/services/AZE/",
    "how many centres does Azerbaijan have": "/en/services/AZE/", "neçə mərkəz var": "/en/services/",
    "сколько центров в Азербайджане": "/en/services/AZE/",
    "compare Kazakhstan and Azerbaijan": "/en/compare/?country=KAZ,AZE",
    "is Georgia better than Armenia in control of corruption": "/en/compare/?country=GEO,ARM&indicator=wgi_cc",
    "Rwanda vs Kenya rule of law": "/en/compare/?country=RWA,KEN&indicator=wgi_rl",
    "KAZ vs GEO corruption": "/en/compare/?country=KAZ,GEO&indicator=wgi_cc",
    "tell me about Uzbekistan": "/en/countries/UZB/",
    # a figure
    "corruption Ethiopia": "/en/indicators/wgi_cc/?country=ETH",
    "corruption in Ethiopia": "/en/indicators/wgi_cc/?country=ETH",
    "Ethiopian corruption": "/en/indicators/wgi_cc/?country=ETH",
    "corruption Ethopia": "/en/indicators/wgi_cc/?country=ETH",
    "is corruption falling in Georgia": "/en/indicators/wgi_cc/?country=GEO",
    "has control of corruption changed in Rwanda since 2012": "/en/indicators/wgi_cc/?country=RWA",
    "CPI Azerbaijan": "/en/indicators/ti_cpi/?country=AZE",
    "cpi of azerbaijan 2020": "/en/indicators/ti_cpi/?country=AZE",
    "women in parliament Rwanda": "/en/indicators/women_parliament/?country=RWA",
    "women in parlament Rwanda": "/en/indicators/women_parliament/?country=RWA",
    "rwanda women's seats in parliament": "/en/indicators/women_parliament/?country=RWA",
    "femmes au parlement Rwanda": "/en/indicators/women_parliament/?country=RWA",
    "parlamentdə qadınlar Ruanda": "/en/indicators/women_parliament/?country=RWA",
    "Ethiopians using the internet": "/en/indicators/internet_users/?country=ETH",
    "коррупция в Казахстане": "/en/indicators/wgi_cc/?country=KAZ",
    "الفساد في إثيوبيا": "/en/indicators/wgi_cc/?country=ETH",
    "Azərbaycanda korrupsiya": "/en/indicators/wgi_cc/?country=AZE",
    "взятки Узбекистан": "/en/indicators/bribery_persons/?country=UZB",
    "e-goverment Kazakhstan": "/en/indicators/egdi/?country=KAZ",
    "Government effectivness Uzbekistan": "/en/indicators/wgi_ge/?country=UZB",
    "GDP per capita Azerbaijan": "/en/indicators/gdp_per_capita/?country=AZE",
    "birth registrations Pakistan": "/en/indicators/birth_registration/?country=PAK",
    "bribery rates": "/en/indicators/bribery_firms/",
    "goals on institutions": "/en/goals/16/", "leaving no one behind": "/en/principles/leaving_no_one_behind/",
}  # fmt: skip


def _shown(query: str) -> list[SearchHit]:
    """Hits in the order of the page: what may have been meant stands before what is no name."""
    view = search(open_context(), query)
    return [*view["near"], *(hit for group in view["groups"] for hit in group["hits"])]


@pytest.mark.parametrize(("query", "page"), QUESTIONS.items())
def test_a_question_leads_to_its_page_first(query: str, page: str) -> None:
    assert _shown(query)[0]["href"] == page


def test_what_is_suggested_while_typing_is_found_on_enter() -> None:
    """Every start of a question from its first content word on leads somewhere, and the whole of it to its page."""
    question = "where do publishers disagree"
    for length in range(len("where do pub"), len(question) + 1):
        assert "/en/disagreements/" in [hit["href"] for hit in _shown(question[:length])], question[:length]


def test_a_slip_in_a_question_is_asked_about_and_never_an_answer() -> None:
    for query in ("corruption Ethopia", "Kazakhsatn internet users", "Goverment effectiveness Uzbekistan"):
        view = search(open_context(), query)
        assert view["near"][0]["kind"] == "figure", query
        assert {hit["match"] for hit in view["near"]} == {"near"}
        assert "figure" not in [group["id"] for group in view["groups"]]


def test_words_without_a_subject_are_left_out_only_where_nothing_has_that_name() -> None:
    assert [*shorten(("what", "changed"))] == [("what", "changed"), ("changed",)]
    assert [*shorten(("the",))] == [("the",)]
    assert [*shorten(())] == []
    assert drop_grammar(("где", "скачать")) == ("скачать",)
    assert _shown("What changed")[0]["href"] == "/en/changes/"


def test_forms_of_a_word_and_words_a_slip_away_are_told_apart() -> None:
    index = index_of(open_context())

    def covers(word: str) -> dict[tuple[str, str], bool]:
        found = index.cover((word,)).items()
        return {(index.entries[at].kind, index.entries[at].id): cover.sure for at, cover in found if cover.whole}

    for word in ("disagree", "disagreement", "disagrees"):
        assert covers(word)["page", "disagreements"] is True
    assert covers("parlamnet")["metric", "women_parliament"] is False
    assert ("page", "countries") not in covers("countdown")


def test_pages_the_server_writes_are_asked_in_the_language_with_the_countries() -> None:
    entries = {entry.id: entry for entry in index_of(open_context()).entries if entry.kind == "page"}
    assert write_href(entries["brief"], "az", ["AZE", "GEO"]) == "/brief/?lang=az&country=AZE,GEO"
    assert write_href(entries["services"], "fr", ["AZE"]) == "/fr/services/AZE/"
    assert write_href(entries["services"], "fr", ["AZE", "GEO"]) == "/fr/services/?country=AZE,GEO"
    assert write_href(entries["reports"], "en", ["AZE"]) == "/en/progress/?tab=reports&country=AZE"
    assert write_href(entries["changes"], "en") == "/en/changes/"


def test_a_country_named_with_something_else_is_found_by_the_name_that_its_title_shows():
    (country,) = (
        hit
        for group in search(open_context(), "corruption Ethiopia")["groups"]
        for hit in group["hits"]
        if hit["kind"] == "country"
    )
    assert (country["id"], country["found_by"]) == ("ETH", "")
