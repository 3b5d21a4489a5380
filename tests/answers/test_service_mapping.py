"""The mapping says what the codebook and the dataset say: every link once, counted alike everywhere."""

import csv
import io
import re
from collections import Counter
from itertools import product
from urllib.parse import parse_qsl, urlsplit

import pytest

from dashboard.analysis.charts.kinds.mapping import COLUMNS
from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.answers.base.rows import find_latest, find_stats, has_figure
from dashboard.answers.base.words import translate_term
from dashboard.answers.goals.principles import list_principles
from dashboard.answers.holdings.coverage import is_empty
from dashboard.answers.mapping import picture
from dashboard.answers.mapping.links import (
    filter_links,
    list_links,
    list_right_nodes,
    name_instrument_key,
    name_right_node,
    split_instruments,
)
from dashboard.answers.mapping.page import view_mapping
from dashboard.answers.mapping.picture import choose_ink
from dashboard.answers.mapping.query import SIDES, ask, check_query, write_address
from dashboard.answers.mapping.views import MappingView
from dashboard.answers.wording.evidence import STRENGTHS
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.evidence.codebook.tables import MEASURED
from dashboard.interfaces.api import drawn
from dashboard.locales import LANGUAGES, has, t
from tests.answers.shape import faults, texts
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")

LINKS = [link for metric in load_codebook().metrics.values() for link in metric.links]
DRAWN = [link for link in LINKS if link.target]


def query(side="principles", strength="", covered=False, country="", pin="", lang="en"):
    return check_query(open_context(lang), side, strength, covered, country, pin, "light")


def specification(asked):
    return picture.draw_mapping(asked).spec | {"usermeta": drawn.describe_chart(asked.ctx, picture.draw_mapping(asked))}


@pytest.mark.parametrize("side", SIDES)
def test_every_link_is_there_once_whatever_the_last_column(side):
    links = list_links(query(side))
    assert sum(it.share for it in links) == pytest.approx(len(LINKS))
    assert Counter(it.strength for it in {(i.metric, i.target, i.rationale): i for i in links}.values()) == Counter(
        link.strength for link in LINKS
    )
    assert {it.right for it in links} - {""} <= set(list_right_nodes(open_context(), side))


def test_the_picture_draws_links_with_a_target_and_the_page_says_how_many_have_none():
    with_target = sum(bool(link.target) for link in LINKS)
    rows = list(csv.DictReader(io.StringIO(write_csv_file(picture.draw_mapping(query()).rows, COLUMNS).decode())))
    assert len(rows) == with_target == specification(query())["usermeta"]["rows"]
    missing = {way["id"]: way["label"] for way in view_mapping(open_context(), {})["missing"]}
    assert missing[",none,"].startswith(f"{len(LINKS) - with_target} ")
    assert missing[",,none"].startswith(f"{sum(not link.principle for link in LINKS)} ")
    unchecked = sum(metric.rights_hook_checked == "unverified" for metric in load_codebook().metrics.values())
    assert missing[",,unchecked"].startswith(f"{unchecked} ")
    assert missing[",,unlinked"].startswith(f"{sum(not metric.links for metric in load_codebook().metrics.values())} ")


def test_ribbons_add_up_to_the_links():
    for side in SIDES:
        assert picture.draw_mapping(query(side)).spec["datasets"]["strands"]
        assert sum(it.share for it in filter_links(query(side)) if it.target) == pytest.approx(
            sum(bool(link.target) for link in LINKS)
        )


@pytest.mark.parametrize("strength", STRENGTHS)
def test_a_target_stands_in_the_picture_when_a_link_leads_to_it(strength):
    asked = query(strength=strength)
    nodes = picture.build_flow(asked, picture.draw_mapping(asked).options).nodes
    leading = {it.target for it in filter_links(asked) if it.target}
    assert sum(node.column == 1 for node in nodes) == len(leading)


def test_hatched_are_those_without_figures(ctx):
    for row in picture.draw_mapping(query()).spec["datasets"]["strands"]:
        theme, target, right = row["left"], row["middle"], row["right"].removeprefix("to:")
        own = [
            link for link in LINKS
            if (load_codebook().metrics[link.metric].theme, link.target, link.principle, link.strength)
            == (theme, target, right, row["shade"])
        ]  # fmt: skip
        assert (row["look"] == "absent") in {is_empty(ctx, link.metric) for link in own}


def _names(links):
    """Three indicators by name, and how many more there are."""
    names = list(dict.fromkeys(load_codebook().metrics[link.metric].name["en"] for link in links))
    return "; ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def test_a_ribbon_says_its_links_their_strength_whether_there_are_figures_and_three_indicators():
    strands = picture.draw_mapping(query()).spec["datasets"]["strands"]
    said = {one["key"]: ([part for at, part in enumerate(one["path"].split(" · ")) if at != 1], one["named"])
            for one in strands}  # fmt: skip
    expected = {}
    groups = {}
    for link in DRAWN:
        figures = not is_empty(open_context(), link.metric)
        to = f"to:{link.principle}" if link.principle else ""
        key = (load_codebook().metrics[link.metric].theme, link.target, to, link.strength, f"{figures:d}0")
        groups.setdefault(key, []).append(link)
    for key, own in groups.items():
        held = "all with figures" if key[-1] == "10" else "no figures"
        links = f"{len(own)} link{'s' * (len(own) > 1)}"
        expected["|".join(key)] = ([key[3], links, held], _names(own))
    assert said == expected
    assert any(" more" in named for _, named in said.values())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("side", SIDES)
def test_a_ribbon_names_its_theme_its_target_in_words_and_where_it_ends(side, lang):
    ctx, asked = open_context(lang), query(side, lang=lang)
    for strand in picture.build_flow(asked, picture.draw_mapping(asked).options).strands:
        title = choose_text(ctx.book.targets[strand.middle].title, lang)
        told, cut, _ = strand.path.partition("…")
        words = told.split(strand.middle, 1)[1].lstrip("\u2069 ") if cut else title
        assert title.startswith(words), strand.path
        assert words in strand.path
        assert len(words) >= min(len(title), 40)
        assert strand.path.startswith(translate_term(ctx, "theme", strand.left))
        assert not strand.right or strand.path.endswith(name_right_node(ctx, side, strand.right.removeprefix("to:")))


@pytest.mark.parametrize("side", SIDES)
def test_the_picture_says_in_a_sentence_what_the_codebook_counts(side):
    strengths = Counter(link.strength for link in DRAWN)
    ((target, most),) = Counter(link.target for link in DRAWN).most_common(1)
    assert specification(query(side))["usermeta"]["sentence"] == (
        f"{len(DRAWN)} links drawn: {strengths['direct']} direct, {strengths['proxy']} proxy, "
        f"{strengths['enabling']} enabling; "
        f"{sum(is_empty(open_context(), link.metric) for link in DRAWN)} without figures. "
        f"Target {target} carries the most ({most})."
    )


def _ages(country):
    """The age of each drawn link's figure: None without a year, no entry without a figure."""
    ctx = open_context()
    rows = [find_latest(ctx, link.metric).get(country) for link in DRAWN]
    return [row["year"] and ctx.today.year - row["year"] for row in rows if has_figure(row)]


def test_of_a_country_the_picture_says_how_many_figures_are_recent_and_how_many_older():
    """A figure whose year is not published was counted as one of the last five years."""
    spec, ages = specification(query("rights", country="KAZ")), _ages("KAZ")
    older, undated = sum(age is not None and age > 5 for age in ages), ages.count(None)
    recent = len(ages) - older - undated
    assert spec["usermeta"]["sentence"].startswith(
        f"{len(DRAWN)} links drawn: {recent} with a figure for Kazakhstan of the last five years, "
        f"{older} with an older one, {len(DRAWN) - len(ages)} with none."
    )
    assert spec["usermeta"]["sentence"].endswith(f" Year not published: {undated}.")
    assert 0 < older < len(ages)
    told = Counter()
    for strand in spec["datasets"]["strands"]:
        links, held = int(strand["path"].split(" · ")[2].split()[0]), strand["path"]
        if strand["look"] == "absent":
            assert held.endswith(" · no figures")
            continue
        found = re.search(r"(\d+) recent, (\d+) over five years old(?: · year not published: (\d+))?$", held)
        counts = [int(number or 0) for number in found.groups()]
        assert sum(counts) == links
        assert (counts[1] == links) == (strand["look"] == "older")
        told.update(dict(zip(("recent", "older", "undated"), counts, strict=True)))
    assert told["undated"] >= undated > 0
    key = [one["key"] for one in spec["datasets"]["key"]]
    assert key[-2:] == ["older", "absent"]
    assert set(key[:-2]) == {one["shade"] for one in spec["datasets"]["strands"]} - {"absent"}


def test_the_file_says_what_a_link_rests_on_and_the_countrys_verdict_with_its_method():
    rows = list(
        csv.DictReader(
            io.StringIO(write_csv_file(picture.draw_mapping(query("rights", country="KAZ")).rows, COLUMNS).decode())
        )
    )
    for link, row in zip(DRAWN, rows, strict=True):
        metric, found = load_codebook().metrics[link.metric], find_latest(open_context(), link.metric).get("KAZ")
        assert (row["indicator"], row["target"], row["goal"]) == (metric.id, link.target, link.target.split(".")[0])
        assert row["link"] == "; ".join(split_instruments(metric.rights_hook))
        checked_ = str(metric.rights_hook_checked != "unverified").lower() if metric.rights_hook else ""
        assert row["reference_checked"] == checked_
        assert bool(row["status"]) == bool(row["method"]) == bool(row["figure"]) == has_figure(found)
        assert row["year"] == (str(found["year"] or "") if has_figure(found) else "")


@pytest.mark.parametrize(
    ("colour", "ink"),
    [
        ("#757575", "#ffffff"), ("#767676", "#000000"), ("#008800", "#ffffff"), ("#008a00", "#000000"),
        ("#ec0000", "#ffffff"), ("#ee0000", "#000000"), ("#0000ff", "#ffffff"), ("#0a0a0a", "#ffffff"),
    ],
)  # fmt: skip
def test_a_number_on_a_colour_is_black_or_white_whichever_has_more_contrast(colour, ink):
    """By WCAG 2.2 #757575 has 4.61 : 1 with white and 4.56 : 1 with black, #767676 4.54 and 4.62."""
    assert picture.choose_ink(colour) == ink


@pytest.mark.parametrize("iso3", ["KAZ", "EGY"])  # of Egypt there is a row that says why there is no figure
def test_of_one_country_the_figures_are_its_own(iso3, ctx):
    for it in list_links(query(country=iso3)):
        row = find_latest(ctx, it.metric).get(iso3)
        assert it.figures == has_figure(row)
        undated = it.figures and row["year"] is None
        assert it.older == (it.figures and not undated and ctx.today.year - row["year"] > 5)
        assert (it.tone == "absent") == (not it.figures)
        if it.figures:
            assert ("2015–2025" if undated else str(row["year"])) in it.figure
            assert "None" not in it.figure
            assert it.observation == row["id"]
    assert len({it.tone for it in list_links(query(country=iso3))}) >= 4


def test_filters_leave_what_they_say():
    assert {it.strength for it in filter_links(query(strength="proxy"))} == {"proxy"}
    assert all_of(it.figures for it in filter_links(query(covered=True)))
    assert 0 < len(filter_links(query(covered=True))) < len(LINKS)


@pytest.mark.parametrize("pin", ["satisfaction,16.6,competence", ",16.5,", "integrity,,", ",none,", ",,none"])
def test_a_pinned_path_lists_its_links_strongest_first_each_with_its_reason(pin):
    held = view_mapping(open_context(), {"pin": pin})["pinned"]
    theme, target, right = pin.split(",")
    expected = [
        link for link in LINKS
        if (not theme or load_codebook().metrics[link.metric].theme == theme)
        and (not target or link.target == target.replace("none", ""))
        and (not right or link.principle == right.replace("none", ""))
    ]  # fmt: skip
    assert len(held["links"]) == len(expected) > 0
    assert held["count"].startswith(f"{len(expected)} link")
    assert {one["reason"] for one in held["links"]} == {link.rationale for link in expected}
    order = [
        (STRENGTHS.index(one["strength"]), is_empty(open_context(), one["metric"]), one["name"].casefold())
        for one in held["links"]
    ]
    assert order == sorted(order)
    assert held["title"]
    for one in held["links"]:
        countries = find_stats(open_context(), one["metric"]).countries
        assert one["held"].startswith(f"figures for {countries} " if countries else "no figures")
        assert one["goal"] == int(one["target"].split(".")[0] or 0)


def test_what_has_no_link_is_listed_with_its_reason_and_an_empty_path_says_so():
    held = view_mapping(open_context(), {"pin": ",,unlinked"})["pinned"]
    unlinked = [metric for metric in load_codebook().metrics.values() if not metric.links]
    assert [(one["metric"], one["reason"]) for one in held["links"]] == [
        (m.id, m.no_link_reason["en"]) for m in unlinked
    ]
    assert held["count"] == f"{len(unlinked)} indicators"
    assert {(one["goal"], *(one[part] for part in ("target", "right", "strength"))) for one in held["links"]} == {
        (0, "", "", "")
    }
    unchecked = view_mapping(open_context(), {"pin": ",,unchecked"})["pinned"]["links"]
    references = {metric.id: metric.rights_hook_checked for metric in load_codebook().metrics.values() if metric.links}
    assert {one["metric"] for one in unchecked} == {id_ for id_, it in references.items() if it == "unverified"}
    empty = view_mapping(open_context(), {"pin": "integrity,1.1,"})["pinned"]
    assert (empty["links"], empty["title"]) == ([], "Integrity → 1.1")
    assert "link" in empty["count"]


def test_another_last_column_lets_a_node_of_this_one_go_and_keeps_the_rest_of_the_path():
    for pin, kept in (("integrity,16.5,transparency", "integrity,16.5,"), (",16.5,none", ",16.5,none")):
        sides = view_mapping(open_context(), {"pin": pin, "figures": "1"})["sides"]
        assert [dict(parse_qsl(urlsplit(way["to"]).query)).get("pin") for way in sides] == [pin, kept, kept]


def test_a_country_that_is_not_offered_is_offered_while_it_is_chosen():
    offered = [way["id"] for way in view_mapping(open_context(), {})["countries"]]
    assert "USA" not in offered
    asked = view_mapping(open_context(), {"country": "USA"})["countries"]
    assert [way["id"] for way in asked] == [*offered, "USA"]
    assert [way["id"] for way in asked if way["chosen"]] == ["USA"]
    assert [way["id"] for way in view_mapping(open_context(), {"country": "KAZ"})["countries"]] == offered


@pytest.mark.parametrize(("pin", "chosen"), [(",16.6,", []), ("integrity,16.6,", ["integrity"]), ("", [])])
def test_a_dot_of_the_matrix_is_as_large_as_it_has_links_and_a_ring_without_figures(pin, chosen, ctx):
    groups = {}
    for link in DRAWN:
        groups.setdefault((link.target, load_codebook().metrics[link.metric].theme), []).append(link)
    rows = {
        row["target"]: dict(zip(MEASURED, row["cells"], strict=True))
        for row in view_mapping(ctx, {"pin": pin})["matrix"]
    }
    assert list(rows) == [code for code in load_codebook().targets if any(target == code for target, _ in groups)]
    for target, cells in rows.items():
        for theme, cell in cells.items():
            own = groups.get((target, theme), [])
            size = next(size for size, most in enumerate((0, 1, 3, 8, 999)) if len(own) <= most)
            assert cell["size"] == size
            assert cell["shade"] == min((link.strength for link in own), key=STRENGTHS.index, default="")
            assert cell["ring"] == (bool(own) and all(is_empty(ctx, link.metric) for link in own))
            assert not own or f": {len(own)} link" in cell["text"]
    assert [theme for theme, cell in rows["16.6"].items() if cell["chosen"]] == chosen
    assert {cell["size"] for cells in rows.values() for cell in cells.values()} == {0, 1, 2, 3, 4}


@pytest.mark.parametrize("pin", ["", "integrity,,", ",16.5,"])
def test_strands_of_the_pinned_path_stand_out_and_without_one_all_do(pin):
    """The path a reader looks at would be lost in the picture, or the whole picture be pale."""
    strands = picture.draw_mapping(query(pin=pin)).spec["datasets"]["strands"]
    theme, target, _ = (pin or ",,").split(",")
    assert {one["on"] for one in strands} == ({True, False} if pin else {True})
    assert all_of(one["on"] == (not pin or theme == one["left"] or target == one["middle"]) for one in strands)


def test_a_strand_leads_to_the_three_nodes_that_it_joins():
    for one in picture.draw_mapping(query()).spec["datasets"]["strands"]:
        asked = dict(parse_qsl(urlsplit(one["to"]).query))
        assert asked["pin"].split(",") == [one["left"], one["middle"], one["right"].removeprefix("to:")]


def test_evidence_counts_the_indicators_of_each_principle():
    bars = {bar["id"]: bar for bar in view_mapping(open_context(), {})["bars"]}
    for view in list_principles(open_context()):
        bar = bars[view["id"]]["bar"]
        assert bar == view["evidence"]["bar"], "the pages of principles show the same"
        assert sum(bar["counts"]) == view["evidence"]["indicators"]
        assert bar["counts"][-1] == view["evidence"]["indicators"] - view["evidence"]["with_figures"]
    strongest = {}
    for link in LINKS:
        strongest.setdefault((link.principle, link.metric), set()).add(STRENGTHS.index(link.strength))
    ranks, longest = [], max(Counter(principle for principle, _ in strongest if principle).values())
    for id_, bar in bars.items():
        counts = Counter(
            "none" if is_empty(open_context(), metric) else STRENGTHS[min(found)]
            for (principle, metric), found in strongest.items()
            if principle == id_
        )
        kinds = (*STRENGTHS, "unlinked", "none")
        assert bar["bar"]["counts"] == [counts[kind] for kind in kinds]
        assert bar["bar"]["widths"] == [f"{100 * counts[kind] / longest:.2f}%" for kind in kinds]
        best = next((3 - at for at, kind in enumerate(STRENGTHS) if counts[kind]), 0)
        ranks.append((best, sum(counts[kind] for kind in STRENGTHS), load_codebook().principles[id_].order))
    assert ranks == sorted(ranks), "the weakest first"


@pytest.mark.parametrize("side", SIDES)
def test_the_table_is_the_picture(side):
    paths = view_mapping(open_context(), {"view": "table", "side": side})["paths"]
    drawn = {(it.theme, it.target, it.right) for it in list_links(query(side))}
    assert len(paths) == len(drawn)
    for path in paths:
        pin = dict(parse_qsl(urlsplit(path["to"]).query))["pin"]
        theme, target, right = ("" if node == "none" else node for node in pin.split(","))
        own = [it for it in list_links(query(side)) if (it.theme, it.target, it.right) == (theme, target, right)]
        counts = Counter(it.strength for it in own)
        assert [path[strength] for strength in STRENGTHS] == [counts[strength] for strength in STRENGTHS]
        assert path["figures"] == f"{sum(it.figures for it in own)} of {len(own)}"
        assert path["goal"] == int(target.split(".")[0] or 0)
        assert not path["chosen"]
    places = [(MEASURED.index(path["id"].split("-")[0]), "-none-" in path["id"]) for path in paths]
    assert places == sorted(places), "themes in their order, in each what has no target last"
    (chosen,) = (
        one
        for one in view_mapping(open_context(), {"view": "table", "side": side, "pin": pin})["paths"]
        if one["chosen"]
    )
    assert chosen["id"] == paths[-1]["id"]


def test_every_control_is_an_address_that_asks_for_what_it_says():
    view = view_mapping(open_context(), {"side": "rights", "country": "KAZ", "pin": ",16.6,", "as_of": "2026-11-24"})
    ways = [*view["sides"], *view["strengths"], *view["figures"], *view["views"], *view["countries"], *view["missing"]]
    for way in ways:
        said = dict(parse_qsl(urlsplit(way["to"]).query))
        asked, ignored = ask(open_context(), said)
        assert not ignored
        assert write_address(asked) == way["to"]
        assert said["as_of"] == "2026-11-24"
    assert [way["id"] for way in view["sides"] if way["chosen"]] == ["rights"]
    unpinned = {"side": "rights", "country": "KAZ", "as_of": "2026-11-24"}
    assert view["pinned"]["close"] == write_address(ask(open_context(), unpinned)[0])


def test_what_cannot_be_used_is_named_and_what_cannot_be_drawn_is_refused():
    ignored = view_mapping(open_context(), {"side": "x", "pin": "a", "strength": "weak"})["ignored"]
    assert set(ignored) == {"side=x", "strength=weak", "pin=a"}
    for change in ({"side": "x"}, {"strength": "weak"}, {"pin": "a"}):
        with pytest.raises(Invalid):
            query(**change)
    with pytest.raises(Unknown):
        query(country="XXX")


def test_references_are_told_apart_by_their_instrument():
    assert split_instruments("ICCPR 2(3); CEDAW 7; CEDAW 11") == ["ICCPR", "CEDAW"]
    assert split_instruments("ICESCR 12; CESCR GC 14") == ["ICESCR", "CESCR GC"]
    assert split_instruments("HRC 37/7; HRC 52/8") == ["HRC"]
    assert split_instruments("Paris Principles") == ["Paris Principles"]
    assert split_instruments("") == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_answer_is_plain_and_in_every_language(lang):
    for said in ({}, {"country": "KAZ", "pin": ",16.6,", "view": "table", "side": "goals"}, {"side": "rights"}):
        view = view_mapping(open_context(lang), said)
        assert faults(view, MappingView) == []
        assert [where for where, words in texts(view) if "{" in words] == []
        about = specification(query(said.get("side", "principles"), country=said.get("country", ""), lang=lang))
        assert about["usermeta"]["title"]
        assert "{" not in about["usermeta"]["sentence"]


def test_what_only_helps_to_choose_peers_is_linked_to_nothing_and_stands_under_no_theme_of_the_model():
    book = load_codebook()
    assert {one.id for one in book.metrics.values() if one.theme == "context"} == {"gdp_per_capita", "population"}
    assert not any(one.links for one in book.metrics.values() if one.theme == "context")
    assert not {one.theme for one in book.metrics.values() if one.links} - set(MEASURED)


def _contrast(colour: str, ink: str) -> float:
    """Contrast ratio of WCAG 2.2."""

    def luminance(of: str) -> float:
        red, green, blue = (int(of[at : at + 2], 16) / 255 for at in (1, 3, 5))
        first, second, third = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)
        )
        return 0.2126 * first + 0.7152 * second + 0.0722 * third

    darker, lighter = sorted((luminance(colour), luminance(ink)))
    return (lighter + 0.05) / (darker + 0.05)


def test_a_code_on_a_goals_colour_is_black_or_white_whichever_is_read_better() -> None:
    assert [choose_ink(colour) for colour in ("#757575", "#767676", "#000000", "#ffffff")] == [
        "#ffffff", "#000000", "#ffffff", "#000000",
    ]  # fmt: skip
    shades = [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in product(range(0, 256, 15), repeat=3)]
    for colour in [*shades, *(goal.colour for goal in open_context().book.goals.values())]:
        better = max(("#000000", "#ffffff"), key=lambda ink, colour=colour: _contrast(colour, ink))  # type: ignore[misc]
        assert choose_ink(colour) == better, colour


@pytest.mark.parametrize("side", SIDES)
def test_a_right_is_named_in_few_words_with_its_code_and_all_else_by_its_words(side, ctx):
    nodes = picture.draw_mapping(query(side)).spec["datasets"]["nodes"]
    codes = {node["key"].removeprefix("to:"): node for node in nodes if node["column"] == 2}
    assert set(codes) <= set(list_right_nodes(ctx, side))
    for code, node in codes.items():
        name = name_right_node(ctx, side, code)
        key = f"mapping.rights_short.{name_instrument_key(code).rpartition('.')[2]}"
        shown = t(key, "en") if side == "rights" and has(key) else name
        assert " ".join(node["label"].split()).startswith(shown), code
        assert side != "rights" or node["label"].count(" ") or len(code) > 12, "no acronym stands alone"
        assert node["path"].startswith(name)
        assert (node["code"], node["colour"] == ctx.book.goals[16].colour) == (
            (code, code == "16") if side == "goals" else ("", False)
        )
