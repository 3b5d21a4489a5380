"""Questions as people type them, and the page each must lead to first: by content words, in any language and order."""

import csv
from pathlib import Path

import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.search import search
from dashboard.answers.search.entries import write_href
from dashboard.answers.search.index import open_index
from dashboard.answers.search.stop_words import drop_grammar, shorten
from dashboard.answers.search.views import SearchHit

pytestmark = pytest.mark.usefixtures("embedded")

with Path(__file__).with_name("search_questions.csv").open(encoding="utf-8", newline="") as _file:
    QUESTIONS = [(row["question"], row["page"]) for row in csv.DictReader(_file)]


def _shown(query: str) -> list[SearchHit]:
    """Hits in the order of the page: what may have been meant stands before what is no name."""
    view = search(open_context(), query)
    return [*view["near"], *(hit for group in view["groups"] for hit in group["hits"])]


@pytest.mark.parametrize(("query", "page"), QUESTIONS)
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
    index = open_index(open_context())

    def covers(word: str) -> dict[tuple[str, str], bool]:
        found = index.cover((word,)).items()
        return {(index.entries[at].kind, index.entries[at].id): cover.sure for at, cover in found if cover.whole}

    for word in ("disagree", "disagreement", "disagrees"):
        assert covers(word)["page", "disagreements"] is True
    assert covers("parlamnet")["metric", "women_parliament"] is False
    assert ("page", "countries") not in covers("countdown")


def test_pages_the_server_writes_are_asked_in_the_language_with_the_countries() -> None:
    entries = {entry.id: entry for entry in open_index(open_context()).entries if entry.kind == "page"}
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
