"""A reader finds what they name in any language; a typing error is answered with a question, never with a guess."""

import random
import string
from dataclasses import replace

import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.base.spelling import fold_spelling, split_words
from dashboard.answers.search import search
from dashboard.answers.search.entries import GROUPS, list_entries
from dashboard.answers.search.index import open_index
from dashboard.answers.search.views import SearchView
from dashboard.locales import LANGUAGES
from tests.answers.shape import faults
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")
SEED = 20261124


def _first(view: SearchView) -> tuple[str, str]:
    hit = view["groups"][0]["hits"][0]
    return hit["kind"], hit["id"]


def _found(view: SearchView) -> set[tuple[str, str]]:
    return {(hit["kind"], hit["id"]) for group in view["groups"] for hit in group["hits"]}


def _near(view: SearchView) -> set[tuple[str, str]]:
    return {(hit["kind"], hit["id"]) for hit in view["near"]}


@pytest.mark.parametrize(
    ("query", "kind", "id_"),
    [
        ("16.6.2", "sdg_indicator", "16.6.2"),
        ("SDG 16.6", "target", "16.6"),
        ("١٦.٦.٢", "sdg_indicator", "16.6.2"),
        ("16", "goal", "16"),
        ("Goal 16", "goal", "16"),
        ("الهدف 16", "goal", "16"),
        ("AZE", "country", "AZE"),
        ("az", "country", "AZE"),
        ("031", "country", "AZE"),
        ("Ivory Coast", "country", "CIV"),
        ("cote divoire", "country", "CIV"),
        ("Türkiye", "country", "TUR"),
        ("turkiye", "country", "TUR"),
        ("Turkey", "country", "TUR"),
        ("TÜRKİYƏ", "country", "TUR"),
        ("Özbəkistan", "country", "UZB"),
        ("ozbekistan", "country", "UZB"),
        ("اذربيجان", "country", "AZE"),
        ("أَذْرَبِيجَان", "country", "AZE"),
        ("أذربيـجان", "country", "AZE"),
        ("Казахстан", "country", "KAZ"),
        ("corruption index", "metric", "ti_cpi"),
        ("CPI", "metric", "ti_cpi"),
        ("WGI_CC", "metric", "wgi_cc"),
        ("GOV_WGI_CC.EST", "metric", "wgi_cc"),
        ("EGDI", "metric", "egdi"),
        ("взяточничество", "metric", "bribery_persons"),
        ("Rüşvət", "metric", "bribery_persons"),
        ("الفساد", "theme", "integrity"),
        ("فساد", "theme", "integrity"),
        ("World Bank", "source", "world_bank"),
        ("leaving no one behind", "principle", "leaving_no_one_behind"),
        ("proxy", "term", "strength.proxy"),
        ("Compare", "page", "compare"),
        ("Asan Khedmat", "event", "AFG-03"),
        ("ODD 16", "goal", "16"),
        ("DİM 16", "goal", "16"),
        ("dim 16.6", "target", "16.6"),
        ("ABŞ", "country", "USA"),
        ("Cənubi Koreya", "country", "KOR"),
        ("Şimali Koreya", "country", "PRK"),
        ("DPRK", "country", "PRK"),
        ("Macau", "country", "MAC"),
        ("England", "country", "GBR"),
        ("PRC", "country", "CHN"),
    ],
)
def test_what_a_reader_would_expect_comes_first(query: str, kind: str, id_: str) -> None:
    view = search(open_context(), query)
    assert _first(view) == (kind, id_)
    assert view["near"] == []


@pytest.mark.long
def test_every_entry_is_found_by_its_own_name_in_every_language(ctx: Context) -> None:
    lost = []
    for entry in list_entries(ctx):
        for name in entry.names:
            if name.form == "text" or len(name.shown) > 80:
                continue
            view = search(ctx, name.shown, entry.group, 1000)
            hits = {(hit["kind"], hit["id"]): hit["match"] for group in view["groups"] for hit in group["hits"]}
            if hits.get((entry.kind, entry.id)) != "exact":
                lost.append((entry.kind, entry.id, name))
    assert lost == []


def _mistyped(name: str, chance: random.Random) -> str:
    """One slip: a letter wrong, missing, too many, or two swapped."""
    at = chance.choice([at for at, letter in enumerate(name) if letter.isalpha()])
    other = chance.choice(string.ascii_lowercase)
    made = [name[:at] + other + name[at + 1 :], name[:at] + name[at + 1 :], name[:at] + other + name[at:]]
    if at + 1 < len(name) and name[at + 1].isalpha():
        made.append(name[:at] + name[at + 1] + name[at] + name[at + 2 :])
    return chance.choice(made)


@pytest.mark.long
def test_one_typing_error_still_offers_the_name(ctx: Context) -> None:
    index = open_index(ctx)
    spelt = [
        label
        for label in index.labels
        if label.form in ("name", "alias")
        and len(label.compact) >= 5
        and len(label.shown) < 80
        and label.compact.isascii()
        and not any(letter.isdigit() for letter in label.compact)
    ]
    chance = random.Random(SEED)
    missed = []
    for label in chance.sample(spelt, 600):
        entry = index.entries[label.entry]
        typed = _mistyped(fold_spelling(label.shown), chance)
        view = search(ctx, typed, entry.group, 1000)
        offered = _found(view) | _near(view)
        another = any(hit["match"] == "exact" for group in view["groups"] for hit in group["hits"])
        as_near = {index.labels[number].entry for number in index.near(split_words(typed))}
        crowded = label.entry in as_near and len(as_near) > 3  # more than three names are as near
        if (entry.kind, entry.id) not in offered and not another and not crowded:
            missed.append((typed, label.shown, entry.kind, entry.id))
    assert missed == []


@pytest.mark.parametrize(
    ("query", "kind", "id_"),
    [
        ("azerbajan", "country", "AZE"),
        ("Kazakstan", "country", "KAZ"),
        ("corupton perceptions", "metric", "ti_cpi"),
        ("e-goverment", "metric", "egdi"),
        ("16.6.9", "target", "16.6"),
        ("أذربيحان", "country", "AZE"),
        ("Казахстна", "country", "KAZ"),
    ],
)
def test_a_name_that_is_none_is_asked_about_and_never_taken(query: str, kind: str, id_: str) -> None:
    view = search(open_context(), query)
    assert (kind, id_) in _near(view)
    assert (kind, id_) not in _found(view)
    assert view["near_label"]
    assert {hit["match"] for hit in view["near"]} == {"near"}


def test_two_things_at_once_are_offered_together_and_one_by_one() -> None:
    view = search(open_context(), "kazakstan bribery")
    assert view["total"] == 0
    assert [(hit["kind"], hit["id"]) for hit in view["near"]][:2] == [
        ("figure", "bribery_firms.KAZ"), ("figure", "bribery_persons.KAZ"),
    ]  # fmt: skip
    assert {id_ for kind, id_ in _near(view) if kind == "metric"} == {"bribery_persons", "bribery_firms"}


def test_nothing_found_says_what_is_searched() -> None:
    for lang in LANGUAGES:
        view = search(open_context(lang), "qqqqqq")
        assert view["total"] == 0
        assert view["groups"] == view["near"] == []
        assert "qqqqqq" in view["text"]
        assert search(open_context(lang), " … ")["text"] in view["text"]


def test_a_hit_in_another_language_says_which() -> None:
    ctx = open_context("ar")
    (hit, *_) = search(ctx, "Казахстан")["groups"][0]["hits"]
    assert hit["title"] == "كازاخستان"
    assert "Казахстан" in hit["found_by"]
    assert "الروسية" in hit["found_by"]
    assert search(ctx, "كازاخستان")["groups"][0]["hits"][0]["found_by"] == ""


def test_a_hit_says_whether_figures_are_behind_it(ctx: Context) -> None:
    for query, has in (("csat", False), ("cpi", True), ("AZE", True), ("Bouvet Island", False), ("14.1.1", False)):
        (hit, *_) = search(ctx, query)["groups"][0]["hits"]
        assert hit["has_figures"] is has, query
        assert hit["figures"]
    assert search(ctx, "proxy")["groups"][0]["hits"][0]["has_figures"] is None


def test_of_names_alike_those_with_figures_come_first() -> None:
    """A reader would open an indicator of which nothing is known, though another has what they ask for."""
    (group,) = (one for one in search(open_context(), "satisfaction", limit=100)["groups"] if one["id"] == "indicator")
    overall = [at for at, hit in enumerate(group["hits"]) if hit["title"].startswith("Overall satisfaction")]
    (net,) = (at for at, hit in enumerate(group["hits"]) if hit["title"] == "Net satisfaction")
    assert max(overall) < net


def test_one_kind_alone_and_no_other(ctx: Context) -> None:
    whole = search(ctx, "e", limit=1000)
    assert {group["id"] for group in whole["groups"]} == set(GROUPS)
    for kind in GROUPS:
        (only,) = search(ctx, "e", kind, 1000)["groups"]
        assert only["id"] == kind
        assert only == next(group for group in whole["groups"] if group["id"] == kind)
    with pytest.raises(Invalid, match="country"):
        search(ctx, "e", "countries")


def test_the_limit_cuts_the_list_and_not_the_count() -> None:
    few, many = search(open_context(), "a", limit=2), search(open_context(), "a", limit=1000)
    assert few["total"] == many["total"]
    assert [group["total"] for group in few["groups"]] == [len(group["hits"]) for group in many["groups"]]
    assert all_of(len(group["hits"]) <= 2 for group in few["groups"])


def test_every_hit_leads_somewhere_in_the_readers_language() -> None:
    for lang in LANGUAGES:
        view = search(open_context(lang), "e", limit=1000)
        assert faults(view, SearchView) == []
        assert all_of(
            (hit["href"].startswith(f"/{lang}/") or f"lang={lang}" in hit["href"]) and hit["title"]
            for group in view["groups"]
            for hit in group["hits"]
        )


def test_every_alias_belongs_to_an_entry(ctx: Context) -> None:
    known = {(entry.kind, entry.id) for entry in list_entries(ctx)}
    assert [one for one in ctx.book.search_aliases if (one.kind, one.id) not in known] == []


@pytest.mark.parametrize(
    "query", ["", " ", "%", "\u0301", "'", "ـ", "\ud800", "(", "0" * 80, "א" * 80, "🙂", "a" * 500]
)
def test_nothing_a_reader_types_breaks_it(query: str) -> None:
    assert faults(search(open_context(), query), SearchView) == []


def test_another_codebook_makes_another_index(ctx: Context) -> None:
    other: Context = replace(ctx, book=replace(ctx.book, version="0" * 12, search_aliases=()))
    assert _first(search(ctx, "Ivory Coast")) == ("country", "CIV")
    assert search(other, "Ivory Coast")["total"] == 0


@pytest.mark.parametrize("query", ["bribe Kazakhstan", "Kazakhstan bribery", "казахстан взятки", "Qazaxıstan rüşvət"])
def test_figures_of_a_country_stand_before_all_other_answers_as_one_types(query: str, ctx: Context) -> None:
    view = search(ctx, query)
    first = view["groups"][0]
    assert first["id"] == "figure"
    found = [hit["has_figures"] for hit in first["hits"]]
    assert found == sorted(found, reverse=True), "what there is comes before what there is not"
    assert {hit["href"].rpartition("=")[2] for hit in first["hits"]} == {"KAZ"}
    assert view["total"] == sum(group["total"] for group in view["groups"])
    assert "figure" not in [group["id"] for group in search(ctx, query, "indicator")["groups"]]


@pytest.mark.parametrize(
    ("word", "path"), [("brief", "progress/?tab=reports"), ("citation", "indicators/"), ("proxy", "mapping/"),
                       ("proxy", "method/proxy/"), ("acronyms", "glossary/")],
)  # fmt: skip
def test_words_for_what_one_wants_to_do_find_the_page_that_does_it(word: str, path: str) -> None:
    hits = [hit["href"] for group in search(open_context(), word)["groups"] for hit in group["hits"]]
    assert f"/en/{path}" in hits
