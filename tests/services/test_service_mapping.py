"""The mapping says what the codebook and the dataset say: every link once, counted alike everywhere."""

import csv
import io
from collections import Counter
from urllib.parse import parse_qsl, urlsplit

import pytest

from dashboard.codebook import codebook
from dashboard.locales import LANGUAGES
from dashboard.services.base.context import context
from dashboard.services.base.errors import Invalid, Unknown
from dashboard.services.base.rows import has_figure, latest_of
from dashboard.services.goals.principles import principles
from dashboard.services.holdings.coverage import is_empty
from dashboard.services.mapping import picture
from dashboard.services.mapping.links import every_link, filtered_links, instruments, right_nodes
from dashboard.services.mapping.page import mapping
from dashboard.services.mapping.query import SIDES, STRENGTHS, address, ask, checked
from dashboard.services.mapping.views import MappingView
from tests.services.shape import faults, texts

pytestmark = pytest.mark.usefixtures("embedded")

LINKS = [link for metric in codebook().metrics.values() for link in metric.links]


def query(side="principles", strength="", covered=False, country="", pin="", lang="en"):
    return checked(context(lang), side, strength, covered, country, pin, "light")


@pytest.mark.parametrize("side", SIDES)
def test_every_link_is_there_once_whatever_the_last_column(side):
    links = every_link(query(side))
    assert sum(it.share for it in links) == pytest.approx(len(LINKS))
    assert Counter(it.strength for it in {(i.metric, i.target, i.rationale): i for i in links}.values()) == Counter(
        link.strength for link in LINKS
    )
    assert {it.right for it in links} - {""} <= set(right_nodes(context(), side))


def test_the_picture_draws_links_with_a_target_and_the_page_says_how_many_have_none():
    with_target = sum(bool(link.target) for link in LINKS)
    rows = list(csv.DictReader(io.StringIO(picture.csv(query()).decode())))
    assert len(rows) == with_target == picture.specification(query())["usermeta"]["rows"]
    missing = {way["id"]: way["label"] for way in mapping(context(), {})["missing"]}
    assert missing[",none,"].startswith(f"{len(LINKS) - with_target} ")
    assert missing[",,none"].startswith(f"{sum(not link.principle for link in LINKS)} ")
    unchecked = sum(metric.rights_hook_checked == "unverified" for metric in codebook().metrics.values())
    assert missing[",,unchecked"].startswith(f"{unchecked} ")
    assert missing[",,unlinked"].startswith(f"{sum(not metric.links for metric in codebook().metrics.values())} ")


def test_ribbons_add_up_to_the_links():
    for side in SIDES:
        flow = picture.chart_of(query(side)).spec["datasets"]["strands"]
        assert flow
        assert sum(it.share for it in filtered_links(query(side)) if it.target) == pytest.approx(
            sum(bool(link.target) for link in LINKS)
        )


def test_hatched_are_those_without_figures():
    ctx = context()
    for row in picture.chart_of(query()).spec["datasets"]["strands"]:
        theme, target, right = row["left"], row["middle"], row["right"].removeprefix("to:")
        own = [
            link for link in LINKS
            if (codebook().metrics[link.metric].theme, link.target, link.principle, link.strength)
            == (theme, target, right, row["shade"])
        ]  # fmt: skip
        empty = {is_empty(ctx, link.metric) for link in own}
        assert (row["look"] == "absent") in empty


def test_of_one_country_the_figures_are_its_own():
    ctx = context()
    for it in every_link(query(country="KAZ")):
        row = latest_of(ctx, it.metric).get("KAZ")
        assert it.figures == has_figure(row)
        undated = it.figures and row["year"] is None
        assert it.older == (it.figures and not undated and ctx.today.year - row["year"] > 5)
        assert (it.tone == "absent") == (not it.figures)
        if it.figures:
            assert ("2015–2025" if undated else str(row["year"])) in it.figure
            assert "None" not in it.figure
            assert it.observation == row["id"]
    assert len({it.tone for it in every_link(query(country="KAZ"))}) >= 4


def test_filters_leave_what_they_say():
    assert {it.strength for it in filtered_links(query(strength="proxy"))} == {"proxy"}
    assert all(it.figures for it in filtered_links(query(covered=True)))
    assert 0 < len(filtered_links(query(covered=True))) < len(LINKS)


@pytest.mark.parametrize("pin", ["satisfaction,16.6,competence", ",16.5,", "integrity,,", ",none,", ",,none"])
def test_a_pinned_path_lists_its_links_strongest_first_each_with_its_reason(pin):
    held = mapping(context(), {"pin": pin})["pinned"]
    theme, target, right = pin.split(",")
    expected = [
        link for link in LINKS
        if (not theme or codebook().metrics[link.metric].theme == theme)
        and (not target or link.target == target.replace("none", ""))
        and (not right or link.principle == right.replace("none", ""))
    ]  # fmt: skip
    assert len(held["links"]) == len(expected) > 0
    assert held["count"].startswith(f"{len(expected)} link")
    assert {one["reason"] for one in held["links"]} == {link.rationale for link in expected}
    order = [STRENGTHS.index(one["strength"]) for one in held["links"]]
    assert order == sorted(order)
    assert held["title"]


@pytest.mark.parametrize("pin", ["", "integrity,,", ",16.5,"])
def test_strands_of_the_pinned_path_stand_out_and_without_one_all_do(pin):
    """The path a reader looks at would be lost in the picture, or the whole picture be pale."""
    strands = picture.chart_of(query(pin=pin)).spec["datasets"]["strands"]
    theme, target, _ = (pin or ",,").split(",")
    assert {one["on"] for one in strands} == ({True, False} if pin else {True})
    assert all(one["on"] == (not pin or theme == one["left"] or target == one["middle"]) for one in strands)


def test_evidence_counts_the_indicators_of_each_principle():
    bars = {bar["id"]: bar for bar in mapping(context(), {})["bars"]}
    for view in principles(context()):
        bar = bars[view["id"]]
        assert bar["direct"] + bar["proxy"] + bar["enabling"] + bar["none"] == view["evidence"]["indicators"]
        assert bar["none"] == view["evidence"]["indicators"] - view["evidence"]["with_figures"]
    ranks = [next((3 - n for n, s in enumerate(STRENGTHS) if bar[s]), 0) for bar in bars.values()]
    assert ranks == sorted(ranks), "the weakest first"


@pytest.mark.parametrize("side", SIDES)
def test_the_table_is_the_picture(side):
    paths = mapping(context(), {"view": "table", "side": side})["paths"]
    drawn = {(it.theme, it.target, it.right) for it in every_link(query(side))}
    assert len(paths) == len(drawn)
    assert all(parse_qsl(urlsplit(path["to"]).query) for path in paths)


def test_every_control_is_an_address_that_asks_for_what_it_says():
    view = mapping(context(), {"side": "rights", "country": "KAZ", "pin": ",16.6,", "as_of": "2026-11-24"})
    ways = [*view["sides"], *view["strengths"], *view["figures"], *view["views"], *view["countries"], *view["missing"]]
    for way in ways:
        said = dict(parse_qsl(urlsplit(way["to"]).query))
        asked, ignored = ask(context(), said)
        assert not ignored
        assert address(asked) == way["to"]
        assert said["as_of"] == "2026-11-24"
    assert [way["id"] for way in view["sides"] if way["chosen"]] == ["rights"]
    unpinned = {"side": "rights", "country": "KAZ", "as_of": "2026-11-24"}
    assert view["pinned"]["close"] == address(ask(context(), unpinned)[0])


def test_what_cannot_be_used_is_named_and_what_cannot_be_drawn_is_refused():
    ignored = mapping(context(), {"side": "x", "pin": "a", "strength": "weak"})["ignored"]
    assert set(ignored) == {"side=x", "strength=weak", "pin=a"}
    for change in ({"side": "x"}, {"strength": "weak"}, {"pin": "a"}):
        with pytest.raises(Invalid):
            query(**change)
    with pytest.raises(Unknown):
        query(country="XXX")


def test_references_are_told_apart_by_their_instrument():
    assert instruments("ICCPR 2(3); CEDAW 7; CEDAW 11") == ["ICCPR", "CEDAW"]
    assert instruments("ICESCR 12; CESCR GC 14") == ["ICESCR", "CESCR GC"]
    assert instruments("HRC 37/7; HRC 52/8") == ["HRC"]
    assert instruments("Paris Principles") == ["Paris Principles"]
    assert instruments("") == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_answer_is_plain_and_in_every_language(lang):
    for said in ({}, {"country": "KAZ", "pin": ",16.6,", "view": "table", "side": "goals"}, {"side": "rights"}):
        view = mapping(context(lang), said)
        assert faults(view, MappingView) == []
        assert [where for where, words in texts(view) if "{" in words] == []
        about = picture.specification(query(said.get("side", "principles"), country=said.get("country", ""), lang=lang))
        assert about["usermeta"]["title"]
        assert "{" not in about["usermeta"]["sentence"]
