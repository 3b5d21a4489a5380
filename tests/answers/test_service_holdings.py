"""What there is of an indicator, in lists, tables, cards and cursors: counted from the figures themselves."""

import csv
import io
from collections import Counter

import pytest

from dashboard.answers.adoption.counting import STATUSES, choose_default_countries, list_adopters
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.answers.base.rows import find_latest, find_stats, has_figure, select_shown
from dashboard.answers.base.words import join_list, translate_term
from dashboard.answers.countries.index import PAGE_ROWS, search_countries
from dashboard.answers.goals.principles import list_principles, list_themes
from dashboard.answers.holdings.coverage import measure_coverage
from dashboard.answers.holdings.dimensions import check_dimension, list_dimensions
from dashboard.answers.holdings.missing import count_kinds, list_missing
from dashboard.answers.holdings.observations import (
    Selection,
    count_selected,
    make_cursor,
    read_page,
    read_rows,
    read_start,
    stream_csv,
)
from dashboard.answers.holdings.series import explain_computation, list_breakdowns, view_series
from dashboard.answers.indicators.cards import build_card
from dashboard.answers.indicators.index import search_indicators
from dashboard.answers.indicators.indicator import view_indicator
from dashboard.answers.indicators.national import find_observation_id, list_series_of_country
from dashboard.answers.indicators.table import view_table
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.tables import THEMES
from dashboard.locales import t
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")

STRENGTHS = ("direct", "proxy", "enabling")


@pytest.mark.parametrize("metric", ["internet_users", "bribery_persons", "sat_overall_hlth", "csat_exit_poll", "egdi"])
def test_coverage_counts_adopters_and_tells_recent_figures_from_older_ones(metric: str, ctx: Context) -> None:
    group, held = list_adopters(ctx), find_latest(ctx, metric)
    told = measure_coverage(ctx, metric)
    known = {iso3: held[iso3]["year"] for iso3 in group if has_figure(held.get(iso3))}
    years = sorted(year for year in known.values() if year)
    assert (told["covered"], told["of"]) == (len(known), len(group))
    assert (told["first_year"], told["last_year"]) == (years[0] if years else None, years[-1] if years else None)
    states = {mark["iso3"]: mark["state"] for mark in told["strip"]}
    assert states == {
        iso3: "none" if iso3 not in known else "recent" if (known[iso3] or 0) >= ctx.today.year - 5 else "older"
        for iso3 in group
    }
    assert (f": {len(known)} of {len(group)}, latest of " in told["text"]) == bool(known)


@pytest.mark.parametrize("sort", ["data", "name", "latest"])
def test_indicators_are_listed_in_the_order_asked_for_on_pages_of_twenty_five(sort: str, ctx: Context) -> None:
    first = search_indicators(ctx, sort=sort)
    pages = [search_indicators(ctx, sort=sort, page=number) for number in range(1, first["pages"] + 1)]
    found = [row for one in pages for row in one["rows"]]
    assert [len(one["rows"]) for one in pages[:-1]] == [25] * (len(pages) - 1)
    assert len({row["id"] for row in found}) == len(found) == first["total"] == len(ctx.book.metrics)
    assert search_indicators(ctx, sort=sort, page=0)["page"] == 1
    assert search_indicators(ctx, sort=sort, page=99)["rows"] == pages[-1]["rows"]
    keys = [
        {
            "data": (row["empty"], -row["covered"]), "name": (), "latest": (row["empty"], -int(row["latest"] or 0)),
        }[sort] + (row["name"].casefold(),)
        for row in found
    ]  # fmt: skip
    assert keys == sorted(keys)
    assert first["with_data"] == sum(not row["empty"] for row in found)
    for row in found[::9]:
        group = list_adopters(ctx)
        held = [
            it for it in select_shown(ctx, (row["id"],)).collect().to_dicts() if it["value"] is not None and it["year"]
        ]
        years = sorted({it["year"] for it in held if it["country"] in group})
        ends = (str(years[0]), str(years[-1])) if years else ("", "")
        assert (row["bars"]["first"], row["bars"]["last"]) == ends
        assert row["bars"]["path"].count("z") == len(years)
        assert row["share"] == f"{100 * row['covered'] / row['of']:.0f}%"


@pytest.mark.parametrize("strength", ["direct", "proxy", "enabling"])
def test_indicators_by_the_strength_of_one_link(strength: str) -> None:
    """With a goal it is that of a link to this very goal: what measures it directly, not what is direct elsewhere."""
    ctx, every = open_context(), load_codebook().metrics.values()
    goal_of = {code: target.goal for code, target in ctx.book.targets.items()}
    for goal in (0, 16):
        expected = {
            it.id
            for it in every
            if any(link.strength == strength and (not goal or goal_of.get(link.target) == goal) for link in it.links)
        }
        pages = [search_indicators(ctx, goal=goal, strength=strength, page=number) for number in range(1, 5)]
        assert {row["id"] for page in pages for row in page["rows"]} == expected
        assert {row["strength_text"] for page in pages for row in page["rows"]} == {
            translate_term(ctx, "strength", strength)
        }
    assert [one["id"] for one in pages[0]["strengths"] if one["chosen"]] == [strength]
    with pytest.raises(Invalid):
        search_indicators(ctx, strength="strong")


def test_filters_of_indicators_hold_together() -> None:
    ctx, every = open_context(), load_codebook().metrics.values()
    for theme, goal, principle in (
        ("integrity", 0, ""),
        ("", 16, ""),
        ("", 0, "integrity"),
        ("digital", 9, "competence"),
        ("integrity", 16, ""),
    ):
        found = search_indicators(ctx, "", theme, goal, principle)
        expected = {
            it.id
            for it in every
            if (not theme or it.theme == theme)
            and (not (goal or principle) or any(
                (not goal or link.target.split(".")[0] == str(goal)) and (not principle or link.principle == principle)
                for link in it.links))
        }  # fmt: skip
        assert found["total"] == len(expected)
        assert {row["id"] for row in found["rows"]} <= expected
        chosen = [one["id"] for kind in (found["themes"], found["goals"], found["principles"]) for one in kind
                  if one["chosen"]]  # fmt: skip
        assert chosen == [one for one in (theme, str(goal or ""), principle) if one]
    assert [row["id"] for row in search_indicators(ctx, "wgi_cc score")["rows"]] == ["wgi_cc_score"]
    assert (
        search_indicators(open_context("fr"), "efficacité")["total"]
        == search_indicators(open_context("fr"), "EFFICACITE")["total"]
        > 0
    )


@pytest.mark.parametrize(("first", "last"), [(None, None), (2015, 2020), (2020, None), (None, 2015), (2018, 2018)])
def test_a_table_has_the_rows_of_its_years_newest_first_and_cuts_pages(first: int | None, last: int | None) -> None:
    ctx = open_context()
    whole = view_table(ctx, "wgi_cc", ("UZB", "AZE"), first, last, 1, 100)
    held = [row for row in select_shown(ctx, ("wgi_cc",)).collect().to_dicts()
            if row["country"] in ("UZB", "AZE") and (first or 0) <= row["year"] <= (last or 9999)]  # fmt: skip
    held.sort(key=lambda row: (row["country"] == "AZE", -row["year"]))
    assert [row["figure"]["id"] for row in whole["rows"]] == [row["id"] for row in held]
    assert whole["total"] == len(held)
    size = 3
    cut = view_table(ctx, "wgi_cc", ("UZB", "AZE"), first, last, 2, size)
    assert cut["pages"] == -(-len(held) // size)
    assert whole["downloads"]["rows"] == len(held)
    assert cut["rows"] == (whole["rows"][3:6] or whole["rows"][:3])
    assert view_table(ctx, "wgi_cc", ("UZB", "AZE"), first, last, 999, size)["page"] == cut["pages"]


def test_a_table_has_one_to_a_hundred_rows_of_national_totals(ctx: Context) -> None:
    for page_, size in ((0, 50), (1, 0), (1, 101)):
        with pytest.raises(Invalid):
            view_table(ctx, "wgi_cc", page=page_, size=size)
    assert len(view_table(ctx, "wgi_cc", page=1, size=100)["rows"]) == 100
    assert len(view_table(ctx, "wgi_cc", page=1, size=1)["rows"]) == 1
    assert view_table(ctx, "csat_exit_poll")["pages"] == 1
    assert {row["figure"]["dimensions"] for row in view_table(ctx, "basic_water", ("AZE",))["rows"]} == {""}
    names = [row["country"] for row in view_table(ctx, "egdi", first=2024, last=2024, size=100)["rows"]]
    assert names[:3] == ["Afghanistan", "Albania", "Algeria"]


def test_pages_of_observations_follow_one_another_by_a_cursor_of_their_own_question(ctx: Context) -> None:
    asked = Selection(("wgi_cc",), ("AZE", "UZB"), 2010, 2020)
    whole = read_rows(ctx, asked)
    found, at = [], 0
    while True:
        part = read_page(ctx, asked, 7, at)
        found += [row["id"] for row in part["rows"]]
        if part["next"] is None:
            break
        at = read_start(ctx, asked, part["next"])
    assert found == [row["id"] for row in whole]
    assert len(whole) == count_selected(ctx, asked)
    assert [(row["country"], row["period"]) for row in whole] == sorted(
        (row["country"], row["period"]) for row in whole
    )
    assert read_page(ctx, asked, len(whole))["next"] is None
    assert read_page(ctx, asked, len(whole) - 1)["next"] is not None
    text = b"".join(stream_csv(ctx, asked, 5, 2, b"\xef\xbb\xbf")).decode("utf-8-sig")
    assert [row["id"] for row in csv.DictReader(io.StringIO(text))] == found[2:7]
    assert read_start(ctx, asked, None) == 0
    assert read_start(ctx, asked, make_cursor(ctx, asked, 0)) == 0
    for wrong in ("x", make_cursor(ctx, Selection(), 3), make_cursor(ctx, asked, -1), "é"):
        with pytest.raises(Invalid):
            read_start(ctx, asked, wrong)


def test_breakdowns_have_two_groups_of_a_country_and_year_those_of_most_countries_first(ctx: Context) -> None:
    for metric in ("basic_water", "bribery_persons", "internet_users", "birth_registration"):
        held = ctx.dataset.rows(metric).collect().to_dicts()
        held = [
            row for row in held if row["primary"] and row["value"] is not None and row["dimensions"].count(":") == 1
        ]
        pairs: dict[str, Counter[tuple[str, int]]] = {}
        for row in {(row["country"], row["year"], row["dimensions"]) for row in held}:
            pairs.setdefault(row[2].split('"')[1], Counter())[row[0], row[1]] += 1
        countries = {name: len({iso3 for (iso3, _), n in found.items() if n > 1}) for name, found in pairs.items()}
        names = list(list_dimensions(ctx, metric))
        assert names == sorted(
            (name for name in countries if countries[name]), key=lambda name: (-countries[name], name)
        )
        if names:
            assert check_dimension(ctx, ctx.book.metrics[metric], "") == names[0]
            assert check_dimension(ctx, ctx.book.metrics[metric], names[-1].upper()) == names[-1]
            assert {one["id"] for one in list_breakdowns(ctx, metric)} >= set(names)
        with pytest.raises(Unknown):
            check_dimension(ctx, ctx.book.metrics[metric], "Shoe size")


def test_series_and_steps_say_what_the_dataset_holds(ctx: Context) -> None:
    for metric in ("internet_users", "wgi_cc", "egdi", "bribery_persons"):
        it, held = ctx.book.metrics[metric], ctx.dataset.rows(metric).collect().to_dicts()
        for view, link in zip(view_series(ctx, it), it.series, strict=True):
            own = [row for row in held if row["source"] == link.source and row["series"] in link.codes]
            years = [row["year"] for row in own if row["year"]]
            assert view["rows"] == len(own)
            assert (view["first_year"], view["last_year"]) == (min(years, default=None), max(years, default=None))
            assert ("not in this dataset" in view["role_text"]) == (not own)
    steps = {metric: " ".join(explain_computation(ctx, ctx.book.metrics[metric])) for metric in load_codebook().metrics}
    assert "No margin of error is published" in steps["egdi"]
    assert "1.645" in steps["wgi_cc"]
    earlier = open_context(as_of="2026-11-30")
    bare = " ".join(explain_computation(earlier, earlier.book.metrics["wgi_cc"]))
    assert "No margin of error is published" in bare, "of the 2025 edition in that dataset"
    assert "1.645" not in bare, "intervals are explained where there are some"
    assert "2012" in steps["ti_cpi"]
    assert "submissions" in steps["csat_exit_poll"]
    assert steps["egdi"] != steps["internet_users"]
    assert len(explain_computation(ctx, ctx.book.metrics["internet_users"])) == 6


def test_a_card_has_the_strongest_link_and_says_why_it_is_empty(ctx: Context) -> None:
    for metric in ctx.book.metrics.values():
        told = build_card(ctx, metric)
        strengths = [STRENGTHS.index(link.strength) for link in metric.links]
        assert told["strength"] == (STRENGTHS[min(strengths)] if strengths else "")
        reasons = [link.rationale for link in metric.links if link.strength == told["strength"]]
        assert told["rationale"] == (reasons[0] if reasons else metric.no_link_reason["en"])
        goals = {int(link.target.split(".")[0]) for link in metric.links if link.target}
        assert told["goals"] == sorted(goals)
        assert bool(told["why_empty"]) == told["empty"] == (not find_stats(ctx, metric.id).countries)
    enabling = [link for link in ctx.book.metrics["egdi"].links if link.strength != "direct"]
    assert build_card(ctx, ctx.book.metrics["egdi"], enabling[:1])["strength"] == enabling[0].strength


def test_related_indicators_share_most_targets_then_the_theme(ctx: Context) -> None:
    for metric in ("wgi_cc", "internet_users", "bribery_persons"):
        it = ctx.book.metrics[metric]
        own = {link.target for link in it.links if link.target}
        found = [ctx.book.metrics[one["id"]] for one in view_indicator(ctx, metric)["related"]]
        shared = [len(own & {link.target for link in other.links}) for other in found]
        assert shared == sorted(shared, reverse=True)
        assert len(found) == 6
        assert it not in found
        least = min(shared)
        others = [other for other in ctx.book.metrics.values() if other not in found and other.id != metric]
        assert all_of(len(own & {link.target for link in other.links}) <= least for other in others)
        assert all_of(
            count_selected or other.theme == it.theme for count_selected, other in zip(shared, found, strict=True)
        )


def test_an_indicator_says_whether_its_reference_was_met_in_a_source_and_what_its_target_is(ctx: Context) -> None:
    references: dict[bool | None, set[str]] = {}
    targets: dict[bool, set[str]] = {}
    for metric, it in ctx.book.metrics.items():
        view = view_indicator(ctx, metric)
        kind = it.rights_hook_checked == "found" if it.rights_hook else None
        references.setdefault(kind, set()).add(view["rights_checked"])
        targets.setdefault(it.target_2030 is None, set()).add(view["target_text"])
    assert all_of(len(words) == 1 for words in references.values()), "one sentence for each"
    assert len(set().union(*references.values())) == len(references) == 3
    assert len(targets[True]) == 1
    assert not targets[True] & targets[False]
    assert view_indicator(ctx, "basic_water")["target_text"].replace("\xa0", " ").startswith("100 %")


def test_default_countries_are_the_origin_and_those_furthest_on_that_have_figures(ctx: Context) -> None:
    for metric in ("wgi_cc", "bribery_persons", "csat_exit_poll", ""):
        order = dict.fromkeys(["AZE"])
        for rule in ("operating", "pilot_or_more", "signed"):
            order |= dict.fromkeys(sorted(list_adopters(ctx, rule)))
        held = find_latest(ctx, metric) if metric else {}
        having = [iso3 for iso3 in order if has_figure(held.get(iso3))]
        assert choose_default_countries(ctx, metric) == tuple((having or list(order))[:6])


def test_places_of_evidence_count_the_weaker_and_the_sentence_counts_figures() -> None:
    for views in (list_principles(open_context()), list_themes(open_context())):
        evidence = [view["evidence"] for view in views]
        keys = [
            (3 - STRENGTHS.index(it["strongest"]) if it["strongest"] else 0, it["with_figures"], it["covered"])
            for it in evidence
        ]
        assert [it["place"] for it in evidence] == [1 + sum(other < key for other in keys) for key in keys]
        for it, view in zip(evidence, views, strict=True):
            assert it["figures_text"] == f"{it['with_figures']} of {it['indicators']}"
            having = [one["coverage"] for one in view["indicators"] if not one["empty"]]
            firsts = [one["first_year"] for one in having if one["first_year"]]
            if firsts:
                assert str(min(firsts)) in it["latest_text"]
                assert str(it["latest"]) in it["latest_text"]
                assert it["coverage_text"] == f"{it['covered']} of {having[0]['of']}"


def test_own_series_of_a_country_stand_by_theme_with_their_latest_figure(ctx: Context) -> None:
    for iso3 in ("KAZ", "RWA"):
        found = list_series_of_country(ctx, iso3)
        themes_ = [THEMES.index(ctx.book.metrics[one["indicator"]].theme) for one in found]
        assert themes_ == sorted(themes_)
        for one in found:
            assert str(one["points"]) in one["points_text"]
            assert (
                find_observation_id(ctx, one["indicator"], one["series"], one["figure"]["year"]) == one["figure"]["id"]
            )
            with pytest.raises(Unknown):
                find_observation_id(ctx, one["indicator"], one["series"], 1900)


def test_the_index_of_countries_is_cut_into_pages_and_ordered_by_status(ctx: Context) -> None:
    first = search_countries(ctx)
    assert first["pages"] == -(-len(ctx.book.countries) // PAGE_ROWS)
    second = search_countries(ctx, page=2)["cards"]
    every = search_countries(ctx, page=1)["cards"] + second
    assert len({one["iso3"] for one in every}) == 2 * PAGE_ROWS
    places = [STATUSES.index(one["status"]) for one in every]
    assert places == sorted(places)
    assert first["total"] == len(ctx.book.countries)
    assert [
        one["id"] for one in search_countries(ctx, status="operating", sort="name")["statuses"] if one["chosen"]
    ] == ["operating"]
    assert [one["id"] for one in search_countries(ctx, group="asia")["regions"] if one["chosen"]] == ["asia"]
    assert [one["chosen"] for one in first["sorts"]] == [True, False, False]


def test_names_are_listed_as_a_sentence_has_them() -> None:
    assert [join_list(open_context(), names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == [
        "", "A", "A and B", "A, B and C",
    ]  # fmt: skip


def test_kinds_of_gap_are_counted_and_each_defined_in_its_own_words(ctx: Context) -> None:
    found = {one["kind"]: one for one in count_kinds(ctx, list_missing(ctx, "UGA"))}
    assert sum(one["count"] for one in found.values()) == len(list_missing(ctx, "UGA"))
    for kind, one in found.items():
        gathered = kind != "not_gathered"
        own = (
            translate_term(ctx, "no_data", kind, "definition")
            if gathered
            else t("answers.not_gathered.definition", "en")
        )
        assert one["definition"] == own
    assert len({one["definition"] for one in found.values()}) == len(found) > 1
