"""The method as a handbook: every section in one chapter, every term at an address, the words that find them."""

import pytest

from dashboard.answers.adoption.counting import STATUSES
from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.freshness.sources import STATUSES as SOURCE_STATUSES
from dashboard.answers.method.handbook import CHAPTERS, list_chapters, list_glossary, view_section
from dashboard.answers.method.method import view_method
from dashboard.answers.progress.assessment import METHODS
from dashboard.answers.progress.statuses import list_tones
from dashboard.answers.wording.evidence import STRENGTHS
from dashboard.evidence.codebook.register.adoption import RULES
from dashboard.locales import LANGUAGES
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")

LINKED = (
    "origin", *STATUSES, *RULES, *STRENGTHS, *METHODS, "register_level", "evidence_level",
    *(f"status_{one}" for one in list_tones()), *(f"source_{one}" for one in SOURCE_STATUSES),
)  # fmt: skip
"""What pages link to by its id alone."""


def test_every_section_stands_in_one_chapter() -> None:
    listed = [section for sections in CHAPTERS.values() for section in sections]
    assert sorted(listed) == sorted(section["id"] for section in view_method(open_context())["sections"])


@pytest.mark.parametrize("name", LINKED)
def test_what_pages_link_to_has_an_address(name: str) -> None:
    view = view_section(open_context(), name)
    assert view["asked"] == ("" if name == view["section"]["id"] else name)
    assert view["title"]
    assert view["asked"] in ("", view["section"]["terms"][0]["id"] if view["section"]["terms"] else "")


@pytest.mark.parametrize("name", ["", "nothing", "Proxy", "status_"])
def test_an_unknown_name_is_no_section(name: str) -> None:
    with pytest.raises(Unknown):
        view_section(open_context(), name)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_find_the_terms_that_hold_all_of_them(lang: str) -> None:
    ctx = open_context(lang)
    term = view_section(ctx, "proxy")["section"]["terms"][0]
    found = [one for chapter in list_chapters(ctx, term["label"].upper()) for one in chapter["sections"]]
    assert any(term["id"] in (it["id"] for it in one["terms"]) for one in found)
    assert list_chapters(ctx, f"{term['label']} zzzz") == [], "all words, not any"
    assert [chapter["id"] for chapter in list_chapters(ctx)] == list(CHAPTERS)
    assert not any(section["terms"] for chapter in list_chapters(ctx) for section in chapter["sections"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_glossary_has_each_term_once_and_leads_to_where_it_is_explained(lang: str) -> None:
    terms = list_glossary(open_context(lang))
    assert len({one["id"] for one in terms}) == len(terms) > 40
    assert all_of(one["label"] and one["definition"] for one in terms)
    for one in terms:
        if one["to"]:
            assert view_section(open_context(lang), one["to"].split("/")[3])["asked"] == one["id"]
