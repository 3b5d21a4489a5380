"""Countries side by side: every line, chip, shade, order and verdict is that of the figures themselves."""

from dataclasses import replace
from typing import Any

import pytest

from dashboard.answers.adoption.events import find_start
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.base.rows import choose_latest, find_latest, has_figure, select_shown
from dashboard.answers.compare.comparability import compare_parts
from dashboard.answers.compare.compare import compare, find_rows, view_start
from dashboard.answers.compare.pairs import PAIR_COLUMNS
from dashboard.answers.files import compare_file
from dashboard.locales import t

pytestmark = pytest.mark.usefixtures("embedded")

THREE = ("AZE", "UZB", "AND")


def _rows(metric: str, iso3: str, first: int = 0, last: int = 9999) -> list[dict[str, Any]]:
    rows = select_shown(open_context(), (metric,)).collect().to_dicts()
    found = [row for row in rows if row["country"] == iso3 and first <= (row["year"] or 0) <= last and has_figure(row)]
    return sorted(found, key=lambda row: row["year"])


@pytest.mark.parametrize(("first", "last"), [(None, None), (2015, 2020), (2020, None), (None, 2015), (2018, 2018)])
def test_a_line_has_the_figures_of_its_years_and_says_what_changed_between_the_ends(
    first: int | None, last: int | None
) -> None:
    for line in compare(open_context(), "internet_users", THREE, first, last)["metrics"][0]["lines"]:
        rows = _rows("internet_users", line["iso3"], first or 0, last or 9999)
        assert (line["points"], line["first_year"], line["last_year"]) == (
            len(rows), rows[0]["year"] if rows else None, rows[-1]["year"] if rows else None,
        )  # fmt: skip
        assert line["latest"]["year"] == line["last_year"]
        assert bool(line["change_text"]) == (len(rows) > 1)
        if len(rows) > 1:
            start = next(row["year"] for row in rows if first or last or row["year"] >= 2015)
            assert f"from {start} to {rows[-1]['year']}" in line["change_text"]


def test_of_a_country_without_a_figure_the_latest_row_says_why() -> None:
    gap, value, bound = ({"value": value, "status": status, "year": year} for value, status, year in (
        (None, "missing", 2020), (5.0, "normal", 2018), (None, "censored", 2019)))  # fmt: skip
    assert choose_latest([value, bound, gap]) is bound
    assert choose_latest([value, gap]) is value
    assert choose_latest([gap | {"year": 2018}, gap]) is gap
    assert choose_latest([]) is None


def _like(metric: str, row: dict[str, Any]) -> list[float]:
    """Figures of the same series and edition, one of each country, the nearest to the year of the row."""
    same = ("source", "series", "edition", "unit")
    near: dict[str, dict[str, Any]] = {}
    for other in select_shown(open_context(), (metric,)).collect().to_dicts():
        if other["value"] is None or any(other[name] != row[name] for name in same):
            continue
        if other["year"] is None or abs(other["year"] - row["year"]) > 2:
            continue
        best = near.setdefault(other["country"], other)
        order = [(abs(one["year"] - row["year"]), -one["year"]) for one in (other, best)]
        near[other["country"]] = other if order[0] < order[1] else best
    return [one["value"] for one in near.values()]


@pytest.mark.parametrize("last", [None, 2010])
def test_shades_are_fifths_of_like_figures_of_about_the_same_year_and_arrows_say_what_changed(
    last: int | None,
) -> None:
    """The figures of 2010 were placed among the latest, so that all of them were low."""
    ctx = open_context()
    countries = sorted(find_latest(ctx, "internet_users"))[::20][:12]
    heat = compare(ctx, "internet_users", tuple(countries), None, last, ("nhri_status_a",))["heat"]
    shades = {}
    for row in heat:
        users, answer = row["cells"]
        if users["figure"]["value"] is None:
            assert users["shade"] == 0
            continue
        own = next(it for it in _rows("internet_users", row["iso3"]) if it["id"] == users["figure"]["id"])
        values = _like("internet_users", own)
        below = sum(value < users["figure"]["value"] for value in values)
        shades[row["iso3"]] = users["shade"]
        assert users["shade"] == min(5, 1 + 5 * below // len(values))
        assert answer["shade"] == 0, "yes and no have no fifth"
        for cell in row["cells"]:
            assert cell["arrow"] == {"rise": "↑", "fall": "↓", "unclear": "≈", "same": "="}.get(cell["change"], "")
    assert {1, 5} <= set(shades.values())


def test_a_figure_without_like_ones_or_without_a_year_has_no_shade() -> None:
    ctx, few = open_context(), "bribe_documents"
    for metric in (few, "sat_overall_gov"):
        rows = [row for row in find_latest(ctx, metric).values() if row["value"] is not None]
        alone = [row for row in rows if row["year"] is None or len(_like(metric, row)) < 5]
        for row in alone[:3]:
            assert compare(ctx, metric, (row["country"],))["heat"][0]["cells"][0]["shade"] == 0
    assert any(row["year"] is None for row in find_latest(ctx, "sat_overall_gov").values())


def test_rows_are_sorted_by_a_column_highest_or_lowest_first_and_what_has_no_value_is_last() -> None:
    ctx, four = open_context(), ("ATA", "UZB", "AND", "AZE")

    def order(sort: str) -> list[str]:
        return [row["iso3"] for row in compare(ctx, "egdi", four, None, None, ("internet_users",), sort)["heat"]]

    value = {iso3: find_latest(ctx, "internet_users")[iso3]["value"] for iso3 in ("UZB", "AND", "AZE")}
    assert order("") == order("wgi_cc") == list(four)
    assert order("internet_users") == [*sorted(value, key=lambda iso3: -value[iso3]), "ATA"]
    assert order("internet_users_up") == [*sorted(value, key=lambda iso3: value[iso3]), "ATA"]


def test_four_indicators_and_twelve_countries_are_compared_and_no_more(ctx: Context) -> None:
    four = ("wgi_cc", "wgi_ge", "wgi_rl", "wgi_rq")
    view = compare(ctx, four[0], THREE, more=four)
    assert [one["id"] for one in view["metrics"]] == list(four)
    assert view["too_many"] == ""
    with pytest.raises(Invalid, match="At most 4"):
        compare(ctx, four[0], THREE, more=(*four, "wgi_va"))
    assert compare(ctx, "wgi_cc", tuple(sorted(ctx.book.countries)[:12]))["too_many"] == ""
    with pytest.raises(Invalid, match="counted from"):
        compare(ctx, "wgi_cc", THREE, event="atlantis")


def test_years_are_counted_from_the_first_dated_event_of_the_kind_and_its_source_is_named(ctx: Context) -> None:
    for iso3 in ("AZE", "UZB", "AND", "ETH"):
        for event in ("centre_opened", "mou"):
            told, known = view_start(ctx, iso3, event), find_start(ctx, iso3, event)
            assert told["drawn"] == (known.year is not None)
            assert told["source"] == (known.event.source_title if known.event else "")
            assert told["disputed"] == bool(known.event and known.event.disputed)
            assert ("is not drawn" in told["text"]) == (known.year is None)
    assert [one["text"] for one in compare(ctx, "wgi_cc", ("AZE",))["starts"]] == [
        "Azerbaijan: centre opened, December 2012."
    ]


def _chips(metric: str, *countries: str, last: int | None = None) -> dict[str, str]:
    return {chip["id"]: chip["text"] for chip in compare(open_context(), metric, countries, None, last)["chips"]}


def test_chips_say_what_keeps_the_figures_from_being_compared(ctx: Context) -> None:
    assert _chips("internet_users", "AZE", "UZB", last=2020).keys() == {"no_error"}
    assert "mixed_years" not in _chips("internet_users", "AZE", last=2020)
    assert "2015 to 2020" in _chips("coverage_4g", "ETH", "UGA").get("mixed_years", "2015 to 2020")
    errors = {chip["id"] for chip in compare(open_context("en", "2026-11-24"), "wgi_cc", ("AZE", "UZB"))["chips"]}
    assert "no_error" not in errors, "the edition of 2024 states its errors"
    assert "2012" in _chips("ti_cpi", "AZE", "UZB")["breaks"]
    assert "Andorra" in _chips("nhri_status_a", "AZE", "AND")["without"]
    assert "without" not in _chips("internet_users", *THREE)
    assert "2015–2025" in _chips("sat_overall_hlth", "KAZ", "UZB")["no_year"]
    national = next(own for own in ctx.book.metrics["sat_overall_gov"].national)
    notes = compare(ctx, "sat_overall_gov", (national.country, "AZE"))["metrics"][0]["notes"]
    assert len(notes) == 1
    assert compare(ctx, "sat_overall_gov", ("AZE", "GEO"))["metrics"][0]["notes"] == []


def test_the_verdict_names_why_figures_are_not_the_same() -> None:
    def verdict(metric: str, *countries: str, last: int | None = None, as_of: str | None = None) -> str:
        return compare(open_context("en", as_of), metric, countries, None, last)["metrics"][0]["verdict"]

    before = "2026-11-24"
    assert verdict("internet_users", "AND") == t("compare.verdict.one", "en", country="Andorra")
    assert verdict("bribery_persons", "ETH", "UGA", as_of=before) == t("compare.verdict.one", "en", country="Uganda")
    assert verdict("bribery_persons", "ETH", as_of=before) == t("compare.verdict.none", "en")
    assert verdict("egdi", "AZE", "UZB") == t("compare.verdict.points", "en")
    assert "different years (2017 to 2018)" in verdict("coverage_4g", "ETH", "UGA", as_of=before)
    assert verdict("internet_users", "AND", "AZE", last=2020) == t("compare.verdict.same", "en")
    assert verdict("wgi_cc", "ETH", "UGA", as_of=before) == t("compare.verdict.same", "en")


def test_parts_that_differ_come_first_and_years_are_one_of_them(ctx: Context) -> None:
    metric, row = ctx.book.metrics["wgi_cc"], find_latest(ctx, "wgi_cc")["AZE"]
    same = compare_parts(ctx, [(metric, row), (metric, row)])
    assert not any(part["differs"] for part in same)
    told = compare_parts(ctx, [(metric, row), (metric, row | {"edition": "1999", "period": "1998", "year": 1998})])
    assert [(part["id"], part["differs"]) for part in told if part["differs"]] == [("edition", True), ("year", True)]
    assert [part["differs"] for part in told] == sorted((part["differs"] for part in told), reverse=True)
    assert next(part["values"] for part in told if part["id"] == "edition") == [row["edition"], "1999"]
    assert compare_parts(ctx, []) == []
    unstated = replace(metric, compared={})
    assert "instrument" in {part["id"] for part in same}
    assert "instrument" not in {part["id"] for part in compare_parts(ctx, [(unstated, row), (unstated, row)])}


def test_rows_are_of_the_countries_and_years_asked_for_by_year(ctx: Context) -> None:
    metrics = [ctx.book.metrics[name] for name in ("wgi_cc", "egdi")]
    found = find_rows(ctx, metrics, ("AZE", "UZB"), 2010, 2014)
    for name in ("wgi_cc", "egdi"):
        for iso3 in ("AZE", "UZB"):
            assert [row["id"] for row in found[name][iso3]] == [row["id"] for row in _rows(name, iso3, 2010, 2014)]
        assert set(found[name]) == {"AZE", "UZB"}


WITH_ERRORS = "2026-11-24"
"""The vintage whose edition of the governance indicators has standard errors."""


def _pairs(metric: str, *countries: str, day: str | None = WITH_ERRORS, **asked: Any) -> Any:
    return next(
        it for it in compare(open_context("en", day), metric, countries, **asked)["metrics"] if it["id"] == metric
    )["pairs"]


def test_a_pair_is_said_in_one_sentence_with_its_edition_its_year_and_its_confidence() -> None:
    told = _pairs("wgi_cc", "UGA", "GEO")
    assert told["text"] == (
        "Georgia is higher than Uganda in 2023: the difference, +1.66, is beyond the margin of error."
    )
    assert told["where"] == "Judged in the WGI 2024 edition (2023) with 90\N{NO-BREAK SPACE}% confidence."
    assert (told["heads"], told["rows"]) == ([], []), "a sentence says one pair"
    same = _pairs("wgi_cc", "AZE", "UZB")
    assert same["text"].startswith("Uzbekistan and Azerbaijan in 2023: the difference, ")


def test_several_pairs_are_counted_and_stand_in_a_triangle_each_country_against_those_before_it() -> None:
    told = _pairs("wgi_cc", "AZE", "GEO", "UZB", "KAZ")
    assert told["text"] == ("Gaps beyond the margin of error: 5 of 6; within it: 1 (Azerbaijan and Uzbekistan).")
    assert [head["iso3"] for head in told["heads"]] == ["AZE", "GEO", "UZB"]
    signs = {row["iso3"]: "".join(cell["sign"] for cell in row["cells"]) for row in told["rows"]}
    assert signs == {"GEO": "▲", "UZB": "≈▼", "KAZ": "▲▼▲"}, "of the row: higher or lower than the column"
    assert told["rows"][0]["cells"][0]["text"].startswith("Georgia is higher than Azerbaijan")


@pytest.mark.parametrize(
    ("countries", "text"),
    [
        (("UGA", "AZE", "KEN"), "No two of these countries differ beyond the margin of error (3 pairs)."),
        (("GEO", "AZE", "KAZ"), "Every two of these countries differ beyond the margin of error (3 pairs)."),
    ],
)
def test_pairs_that_are_all_alike_or_all_different_are_one_statement(countries: tuple[str, ...], text: str) -> None:
    assert _pairs("wgi_cc", *countries)["text"] == text


@pytest.mark.parametrize(
    ("metric", "countries", "asked", "words"),
    [
        (
            "egdi",
            ("AZE", "GEO"),
            {},
            "Georgia 0.7792, Azerbaijan 0.7607 (2024). No margin of error published (E-Government Survey 2024), so not",
        ),
        ("bribery_firms", ("GEO", "UGA"), {}, "cannot tell (different editions)"),
        ("bribery_firms", ("UZB", "AND"), {}, "cannot tell (no figure)"),
        ("ti_cpi", ("AZE", "GEO"), {}, "cannot tell (the licence allows figures only as published)"),
        ("stat_law", ("AZE", "GEO"), {}, "cannot tell (answers, not measurements)"),
        ("wgi_ge", ("AZE", "GEO"), {"last": 2024}, "No margin of error published (WGI 2025 edition), so not tested."),
        ("egdi", ("AZE", "GEO", "KAZ"), {}, "Kazakhstan 0.9009, Georgia 0.7792, Azerbaijan 0.7607 (2024). No margin"),
        ("sat_overall_gov", ("AZE", "KAZ", "UZB"), {}, "Cannot tell whether these countries differ: no"),
    ],
)
def test_where_a_pair_cannot_be_told_the_reason_is_said(
    metric: str, countries: tuple[str, ...], asked: dict[str, int], words: str
) -> None:
    told = _pairs(metric, *countries, day=None, **asked)
    assert words in told["text"]
    assert (told["where"], told["rows"]) == ("", [])


def test_one_country_has_no_pair_and_a_period_judges_its_own_last_year() -> None:
    assert _pairs("wgi_cc", "AZE") == {"text": "", "where": "", "heads": [], "rows": []}
    assert "(2015)" in _pairs("wgi_cc", "AZE", "GEO", last=2015)["where"]


def test_every_indicator_has_its_latest_figures_and_names_its_edition() -> None:
    told = compare(open_context(), "wgi_cc", THREE, more=("egdi",))["metrics"]
    assert [(it["edition"], [line["iso3"] for line in it["lines"]]) for it in told] == [
        ("WGI 2026 edition", list(THREE)), ("E-Government Survey 2024", list(THREE)),
    ]  # fmt: skip


def test_files_hold_the_verdict_on_every_pair() -> None:
    ctx = open_context("en", WITH_ERRORS)
    rows = compare_file.list_verdicts(ctx, (("wgi_cc", "egdi"), THREE, None, None))
    assert [(row["indicator"], row["one"], row["other"]) for row in rows] == [
        (metric, *pair) for metric in ("wgi_cc", "egdi") for pair in (("UZB", "AZE"), ("AND", "AZE"), ("AND", "UZB"))
    ]
    first, *_, last = rows
    assert (first["verdict"], first["reason"], first["year"], first["edition"]) == (
        "alike",
        "",
        2023,
        "WGI 2024 edition",
    )
    assert 0 < first["p"] <= first["p_adjusted"] <= 1
    assert (last["verdict"], last["reason"], last["difference"], last["year"]) == (
        "cannot_tell", "error_unknown", None, None,
    )  # fmt: skip
    written = compare_file.write_pairs_csv(ctx, (("wgi_cc",), THREE, None, None)).decode("utf-8-sig").splitlines()
    assert written[0] == ",".join(PAIR_COLUMNS)
    assert len(written) == 4
