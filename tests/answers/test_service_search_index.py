"""How names are matched and in which order they are told, on a few names written by hand."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.rows import find_latest, find_stats, has_figure
from dashboard.answers.base.spelling import split_words
from dashboard.answers.search import query as module
from dashboard.answers.search.entries import Form, Name, SearchEntry, list_entries
from dashboard.answers.search.facts import describe_figures
from dashboard.answers.search.index import BEGINS, EXACT, HOLDS, MENTIONS, WORDS, Index
from dashboard.answers.search.query import search

pytestmark = pytest.mark.usefixtures("embedded")


def entry(id_: str, *names: Name, kind: str = "metric") -> SearchEntry:
    return SearchEntry(kind, id_, f"{kind}/{id_}/", {"en": id_}, names)


INDEX = Index([
    entry("long", Name("name", "Control of corruption", "en"), Name("code", "WGI_CC"),
          Name("text", "How well graft is held down", "en")),
    entry("short", Name("name", "Corruption", "en"), Name("alias", "Bribery2020", "en"), Name("name", " ", "en")),
    entry("chinese", Name("name", "贪污控制", "zh"), Name("code", "16.6.2")),
])  # fmt: skip


def _told(found: dict[int, int]) -> dict[str, int]:
    return {INDEX.entries[INDEX.labels[number].entry].id: how for number, how in found.items()}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("corruption", {"short": EXACT, "long": WORDS}), ("Control of corruption", {"long": EXACT}),
        ("control", {"long": BEGINS}), ("wgi", {"long": BEGINS}), ("wgi cc", {"long": EXACT}),
        ("corr cont", {"long": WORDS}), ("corr graft", {}), ("graft held", {"long": MENTIONS}),
        ("rrup", {"long": HOLDS, "short": HOLDS}), ("rru", {}), ("rrup cont", {}), ("ribery", {}),
        ("贪", {"chinese": BEGINS}), ("控", {"chinese": HOLDS}), ("16.6", {"chinese": BEGINS}), ("6.2", {}),
    ],
)  # fmt: skip
def test_a_name_is_matched_in_its_best_way(typed: str, found: dict[str, int]) -> None:
    """In the middle of a word four letters are looked for, or one ideograph; words with figures are never cut."""
    assert _told(INDEX.matches(split_words(typed))) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("coruption", {"long": 1, "short": 1}), ("coruptoin", {"long": 2, "short": 2}), ("curuptoin", {}),
        ("control of corruptoin", {"long": 1}), ("contol of coruption", {"long": 2}), ("contral", {"long": 1}),
        ("corruption control", {"long": 0}), ("contr", {"long": 0}), ("conrt", {"long": 1}),
        ("corxu", {"long": 1, "short": 1}), ("corx", {}), ("con of", {}), ("graff", {}), ("bribery2021", {}),
        ("wgi cd", {}), ("xorrup", {"long": 1, "short": 1}),
    ],
)  # fmt: skip
def test_names_near_are_so_many_slips_away(typed: str, found: dict[str, int]) -> None:
    """One slip from four letters on, two from eight on, and one in five letters of a word that is still typed."""
    assert _told(INDEX.near(split_words(typed))) == found


Searching = Callable[..., list[str]]


@pytest.fixture
def searching(monkeypatch: pytest.MonkeyPatch) -> Searching:
    """Search some entries alone; those whose id begins with ``no`` should have figures and have none."""

    def found(typed: str, lang: str, *held: SearchEntry) -> list[str]:
        plain = open_context(lang)
        version = repr(held)
        ctx: Context = replace(plain, book=replace(plain.book, version=version))
        monkeypatch.setattr(module, "open_index", lambda _: Index(held))
        monkeypatch.setattr(module, "describe_figures", lambda _, kind, id_: ("", not id_.startswith("no")))
        view = search(ctx, typed, "", 100)
        return [hit["id"] for group in view["groups"] for hit in group["hits"]]

    return found


def _named(id_: str, form: Form, shown: str, lang: str = "", kind: str = "metric") -> SearchEntry:
    return entry(id_, Name(form, shown, lang), kind=kind)


@pytest.mark.parametrize(
    ("typed", "lang", "held"),
    [
        # typed in full a code is meant, then a name, then another name; of a beginning a name first
        ("water", "en", (_named("a", "code", "Water"), _named("b", "name", "Water"), _named("c", "alias", "Water"))),
        ("wat", "en", (_named("a", "name", "Water"), _named("b", "alias", "Water"), _named("c", "code", "Water"))),
        # the reader's language, or none, then English, then the others
        ("water", "fr", (_named("own", "name", "Water", "fr"), _named("en", "name", "Water", "en"),
                         _named("ar", "name", "Water", "ar"))),
        ("water", "fr", (_named("any", "name", "Water"), _named("en", "name", "Water", "en"))),
        # the better match before the better language, and figures before none
        ("water", "en", (_named("whole", "name", "Water", "ar"), _named("begins", "name", "Water use", "en"))),
        ("water", "en", (_named("with", "name", "Water", "en"), _named("no", "name", "Water", "en"))),
        # the shorter name, then the title
        ("wat", "en", (_named("z", "name", "Water", "en"), _named("a", "name", "Water use", "en"))),
        ("water", "en", (_named("a", "name", "Water", "en"), _named("b", "name", "Water", "en"))),
        ("well", "en", (_named("a", "text", "A well of much water", "en"), _named("b", "text", "Well", "en"))),
        # the groups in their order
        ("water", "en", (_named("z", "name", "Water", "en", "country"), _named("a", "name", "Water", "en"))),
    ],
)  # fmt: skip
def test_hits_come_in_the_order_a_reader_expects(
    typed: str, lang: str, held: tuple[SearchEntry, ...], searching: Searching
) -> None:
    expected = [one.id for one in held]
    assert searching(typed, lang, *held) == expected
    assert searching(typed, lang, *reversed(held)) == expected


def test_the_group_of_the_best_hit_is_first_and_an_entry_is_told_once_by_its_best_name(searching: Searching) -> None:
    both = entry("both", Name("alias", "Water use", "en"), Name("name", "Water", "en"))
    country = _named("country", "name", "Water land", "en", "country")
    assert searching("water", "en", country, both) == ["both", "country"]


def test_no_more_than_three_near_names_are_offered_the_nearest_first(ctx: Context) -> None:
    for typed in ("corupton", "satisfacton", "regitration", "guinae"):
        near = search(ctx, typed)["near"]
        assert 0 < len(near) <= 3
        assert len({(hit["kind"], hit["id"]) for hit in near}) == len(near)
    (first, *_) = search(ctx, "kazakstan")["near"]
    assert first["id"] == "KAZ"
    assert [hit["id"] for hit in search(ctx, "16.44")["near"]] == ["16"]
    assert search(ctx, "16.44", "country")["near"] == []
    assert search(ctx, "kazakstan", "indicator")["near"] == []
    assert search(ctx, "kazakhstan")["near"] == []


def test_what_is_said_of_a_hit_counts_the_figures_behind_it(ctx: Context) -> None:
    every = ctx.book.metrics.values()
    held = {metric: rows for metric in ctx.book.metrics if (rows := find_latest(ctx, metric))}
    for kind, id_, own in (
        ("goal", "16", [it for it in every if any(x.target.split(".")[0] == "16" for x in it.links)]),
        ("target", "16.6", [it for it in every if any(x.target == "16.6" for x in it.links)]),
        ("principle", "integrity", [it for it in every if any(x.principle == "integrity" for x in it.links)]),
        ("theme", "digital", [it for it in every if it.theme == "digital"]),
        ("sdg_indicator", "16.6.2", [it for it in every if any(x.sdg_indicator == "16.6.2" for x in it.links)]),
    ):
        having = [it.id for it in own if any(has_figure(row) for row in held.get(it.id, {}).values())]
        newest = max(find_stats(ctx, it).last_year or 0 for it in having)
        words_ = f"{len(own)} indicators linked, {len(having)} with figures of any country, latest {newest}"
        assert describe_figures(ctx, kind, id_) == (words_, True)
    uzbek = sum(has_figure(rows.get("UZB")) for rows in held.values())
    assert describe_figures(ctx, "country", "UZB") == (f"Figures of {uzbek} indicators", True)
    assert describe_figures(ctx, "country", "BVT")[1] is describe_figures(ctx, "source", "nobody")[1] is False
    assert describe_figures(ctx, "target", "14.1")[1] is False
    assert describe_figures(ctx, "source", "egdi")[1] is True
    assert describe_figures(ctx, "page", "compare") == ("", None)
    assert {one.kind for one in list_entries(ctx)} >= {"goal", "target", "principle", "theme", "sdg_indicator"}
