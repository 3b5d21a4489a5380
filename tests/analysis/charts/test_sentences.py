"""The sentences of charts word for word: each number, name and order in them told from figures made by hand."""

import re
from dataclasses import replace
from typing import Any

import pytest

from dashboard.analysis.charts.chart import ChartOptions
from dashboard.analysis.charts.words import sentence, wording
from dashboard.analysis.charts.words.sentence import MAX_IN_FULL, MAX_NAMED
from dashboard.analysis.measures.ranks import MIN_RANKED, UNLIKE_REASONS
from tests.analysis.charts.made_figures import row, world

LETTERS = "ABCDEFGHIJKL"
NAMES = {letter * 3: f"Land {letter}" for letter in LETTERS}
OPTIONS = ChartOptions(title="Trust", unit="percent", decimals=1, direction="higher", names=NAMES, sources={"t": "T"})

Row = dict[str, Any]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def share(letter: str, year: int | None, value: float | None, **given: Any) -> Row:
    held = {"unit": "percent", "lower": None, "upper": None, "interval_level": None, "std_error": None}
    return row(letter * 3, year or 0, value, **held) | {"year": year, **given}


def sure(letter: str, year: int, value: float, margin: float = 1.645, **given: Any) -> Row:
    ends = {"lower": value - margin, "upper": value + margin, "interval_level": 90.0, "std_error": margin / 1.645}
    return share(letter, year, value, **ends | given)


def bound(letter: str, year: int, text: str = "> 95") -> Row:
    return share(letter, year, None, status="censored", value_text=text)


def absent(letter: str, year: int = 2020) -> Row:
    return share(letter, year, None, id=None)


# A trend


def trend(*rows: Row, stops: bool = False, **given: Any) -> str:
    chosen = tuple(dict.fromkeys(one["country"] for one in rows))
    return plain(sentence.describe_trend(rows, stops, replace(OPTIONS, **{"highlighted": chosen, **given})).sentence)


REFUSED = "Land A: 50.0 % in 2015, 60.0 % in 2020; not comparable: {}."


@pytest.mark.parametrize(
    ("first", "last", "given", "said"),
    [
        (sure("A", 2015, 50.0), sure("A", 2020, 60.0), {},
         "Land A: 50.0 % in 2015, 60.0 % in 2020 (between 58.4 and 61.6, 90 %); "
         "a difference of +10.0 percentage points, beyond the margin of error."),
        (sure("A", 2015, 60.0), sure("A", 2020, 50.0), {},
         "Land A: 60.0 % in 2015, 50.0 % in 2020 (between 48.4 and 51.6, 90 %); "
         "a difference of −10.0 percentage points, beyond the margin of error."),
        (sure("A", 2015, 50.0), sure("A", 2020, 51.0), {},
         "Land A: 50.0 % in 2015, 51.0 % in 2020 (between 49.4 and 52.6, 90 %); no detectable change."),
        (share("A", 2015, 50.0), share("A", 2020, 60.0), {},
         "Land A: 50.0 % in 2015, 60.0 % in 2020; no margin of error is published."),
        (share("A", 2015, 50.0, edition="Survey 2016"), share("A", 2020, 60.0, edition="Survey 2021"), {},
         REFUSED.format("the first is of the Survey 2016, the last of the Survey 2021")),
        (share("A", 2015, 50.0, series="S"), share("A", 2020, 60.0), {},
         REFUSED.format("they come from different series")),
        (share("A", 2015, 50.0), share("A", 2020, 60.0), {"breaks": (2020,)},
         REFUSED.format("the method changed in between")),
        (share("A", 2015, 50.0), share("A", 2020, 60.0), {"as_published": "As it is."},
         "Land A: 50.0 % in 2015, 60.0 % in 2020; "
         "no change is computed: the licence allows figures only as published."),
        (share("A", 2015, 50.0), share("A", 2020, 60.0, series="C"), {"claims": frozenset({("test", "C")})},
         "Land A: 50.0 % in 2015, 60.0 % in 2020; "
         "no change is computed: one of them has no published method (evidence level 1)."),
    ],
)  # fmt: skip
def test_the_first_and_the_latest_figure_and_whether_they_differ(
    first: Row, last: Row, given: dict[str, Any], said: str
) -> None:
    told = trend(first, share("A", 2017, 5.0), last, **given)
    lead, rest = f"Trust, %, 2015–2020. {said}", ""
    if first["lower"] is not None:
        rest = " Bars show the publisher's interval (90 %)."
    elif given.get("breaks"):
        rest = " The method changed before 2020."
    assert told == lead + rest


def test_one_figure_is_the_only_one_and_bounds_are_passed_over_where_two_are_exact() -> None:
    assert "Land A: 50.0 % in 2020, the only figure." in trend(share("A", 2020, 50.0))
    assert "Land A: > 95 in 2020, the only figure." in trend(bound("A", 2020))
    told = trend(bound("A", 2014), share("A", 2015, 50.0), share("A", 2016, 51.0), bound("A", 2017))
    assert "Land A: 50.0 % in 2015, 51.0 % in 2016; no margin of error" in told
    assert told.startswith("Trust, %, 2014–2017.")
    told = trend(bound("A", 2014), share("A", 2015, 50.0))
    assert "Land A: > 95 in 2014, 50.0 % in 2015; not comparable: one of them is a bound" in told
    assert told.endswith("A bar with an arrow is a bound, not an exact figure.")


@pytest.mark.parametrize("many", [MAX_IN_FULL, MAX_IN_FULL + 1])
def test_so_many_countries_are_told_one_by_one_and_of_more_the_latest(many: int) -> None:
    letters = LETTERS[:many]
    rows = [sure(letter, year, value) for letter in letters for year, value in ((2015, 50.0), (2020, 60.0))]
    told = trend(*rows)
    chosen = tuple(letter * 3 for letter in letters)
    brief = plain(sentence.describe_trend(rows, False, replace(OPTIONS, highlighted=chosen)).caption)
    assert brief.startswith("Latest figures: Land A 60.0 % (2020), ")
    assert told.count(", beyond the margin of error.") == (many if many <= MAX_IN_FULL else 0)
    assert ("Latest figures:" in told) is (many > MAX_IN_FULL)


def test_many_countries_are_told_by_what_changed_and_what_did_not() -> None:
    rows = [
        sure("A", 2015, 50.0), sure("A", 2020, 60.0), sure("B", 2016, 50.0), sure("B", 2020, 50.5),
        share("C", 2020, 70.0), sure("D", 2014, 90.0), sure("D", 2019, 40.0), absent("E"),
    ]  # fmt: skip
    assert trend(*rows) == (
        "Trust, %, 2014–2020. Latest figures: Land A 60.0 % (2020), Land B 50.5 % (2020), Land C 70.0 % (2020) "
        "and Land D 40.0 % (2019); no figure for Land E. "
        "Differences between first and latest figure beyond the margin of error: "
        "Land A (+10.0 percentage points since 2015) and Land D (−50.0 percentage points since 2014); "
        "no detectable change: Land B. "
        "Countries with a figure: 4 of 5. Bars show the publisher's interval (90 %)."
    )
    assert trend(*rows, undated=True).count("; no figure with a year for Land E.") == 1
    others = [share(*at) for at in (("F", 2015, 50.0), ("F", 2020, 60.0), ("G", 2015, 50.0), ("G", 2020, 60.0))]
    others[2] |= {"edition": "0"}
    assert (
        "no detectable change: Land B; not comparable from first to latest figure: Land G; "
        "no margin of error is published: Land F. Countries with a figure: 6 of 7."
    ) in trend(*rows, *others)
    told = trend(*rows, as_published="As it is.")
    assert "margin of error" not in told
    assert "o detectable" not in told
    assert "Land D 40.0 % (2019); no figure for Land E. As it is. Countries" in told


@pytest.mark.parametrize(
    ("rows", "given", "said"),
    [
        ([share("A", 2020, 5.0)], {}, []),
        ([sure("A", 2020, 5.0)], {}, ["Bars show the publisher's interval (90 %)."]),
        ([sure("A", 2019, 5.0), sure("A", 2020, 5.0, interval_level=95.0)], {},
         ["Bars show the publisher's interval (level not stated)."]),
        ([share("A", 2020, 5.0, lower=4.0)], {}, []),
        ([share("A", 2020, 5.0, status="estimated")], {}, ["Hollow marks are estimates."]),
        ([share("A", 2020, 5.0, nature="E")], {}, ["Hollow marks are estimates."]),
        ([share("A", 2020, 5.0, nature="M")], {}, ["Hollow marks are estimates."]),
        ([share("A", 2020, 5.0, nature="G")], {}, []),
        ([share("A", 2020, 5.0, status="provisional")], {}, ["Triangles are provisional."]),
        ([share("A", 2015, 5.0), share("A", 2020, 5.0)], {"breaks": (2015, 2021)}, []),
        ([share("A", 2015, 5.0), share("A", 2020, 5.0)], {"breaks": (2020, 2016)},
         ["The method changed before 2016 and 2020."]),
        ([share("A", 2020, 5.0)], {"stops": True}, ["A line stops where figures are missing or do not compare."]),
        ([share("A", 2020, 5.0)], {"stops": True, "insist": True}, []),
        ([share("A", 2020, 5.0)], {"stops": True, "line": False},
         ["Editions and surveys are not comparable: points are not joined."]),
        ([share("A", 2020, 1.0)], {"stops": True, "line": False, "unit": "yes_no"},
         ["Yes-or-no answers are not joined."]),
    ],
)  # fmt: skip
def test_how_to_read_the_marks_that_occur_and_no_others(
    rows: list[Row], given: dict[str, Any], said: list[str]
) -> None:
    chosen = tuple(dict.fromkeys(one["country"] for one in rows))
    options = replace(
        OPTIONS, **{"highlighted": chosen, **{key: held for key, held in given.items() if key != "stops"}}
    )
    assert plain(sentence.describe_trend(rows, given.get("stops", False), options).rest) == " ".join(said)


@pytest.mark.parametrize("many", [1, 2, MAX_NAMED, MAX_NAMED + 1, MAX_NAMED + 2])
def test_so_many_are_named_and_the_others_counted(many: int) -> None:
    names = [f"Land {letter}" for letter in LETTERS[:many]]
    listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    if many > MAX_NAMED:
        others = many - MAX_NAMED
        listed = f"{', '.join(names[:MAX_NAMED])} and {others} other{'s' if others > 1 else ''}"
    silent = [absent(letter) for letter in LETTERS[:many]]
    assert trend(*silent) == f"Trust. No figure for {listed}."
    assert trend(*silent, undated=True) == f"Trust. No figure with a year for {listed}."
    told = trend(share("L", 2020, 5.0), *silent)
    assert f"No figure for {listed}. Countries with a figure: 1 of {many + 1}." in told


# A ranking


def placed(one: Row, best: int | None = None, worst: int | None = None, reason: str = "", known: bool = True) -> Row:
    return one | {"rank_best": best, "rank_worst": worst, "rank_reason": reason, "error_known": known}


def ranking(*rows: Row, shown: int = 99, **given: Any) -> str:
    return plain(sentence.describe_ranking(rows, shown, replace(OPTIONS, **given)).sentence)


FIVE = [placed(share(letter, 2020, 90.0 - at), at + 1, at + 2) for at, letter in enumerate("ABCDE")]
LEAD = "Trust, %, 2020."
WHO = "Countries with a figure: {} of {}"
LATEST = "Shown: the latest figure of each country."
KNOWN = (
    "A range of ranks counts the countries that are better or worse beyond the margin of error "
    "(90 % for all pairs of these countries together)."
)
OTHER = "other_series_or_edition"
UNKNOWN = "No margin of error is published, so this is the order as published, not tested: ties share a rank."


def test_a_ranking_runs_from_the_best_to_the_worst() -> None:
    assert ranking(*FIVE) == (
        f"{LEAD} From Land A 90.0 % (2020) to Land E 86.0 % (2020). {WHO.format(5, 5)}. {LATEST} {KNOWN}"
    )
    assert ranking(*[*FIVE[:-1], FIVE[-1] | {"error_known": False}]).endswith(UNKNOWN)


@pytest.mark.parametrize(
    ("apart", "ends", "beside"),
    [
        ((), "From Land A 90.0 % (2020) to Land E 86.0 % (2020)", ""),
        (("AAA",), "From Land B 89.0 % (2020) to Land E 86.0 % (2020)", "Land A 90.0 % (2020)"),
        (("EEE",), "From Land A 90.0 % (2020) to Land D 87.0 % (2020)", "Land E 86.0 % (2020)"),
        (("CCC",), "From Land A 90.0 % (2020) to Land E 86.0 % (2020)", "Land C 88.0 % (2020)"),
        (("AAA", "BBB", "EEE"), "From Land C 88.0 % (2020) to Land D 87.0 % (2020)",
         "Land A 90.0 % (2020), Land B 89.0 % (2020) and Land E 86.0 % (2020)"),
        (("AAA", "BBB", "CCC", "EEE"), "", ""),  # one figure runs nowhere
    ],
)  # fmt: skip
def test_a_figure_with_a_caution_ends_no_range_and_is_named_beside_it(
    apart: tuple[str, ...], ends: str, beside: str
) -> None:
    said = "; with a caution, outside this range: " + beside if beside else ""
    told = ranking(*FIVE, apart=frozenset(apart))
    assert told.startswith(f"{LEAD} {ends}{said}. Countries" if ends else f"{LEAD} Countries with a figure: 5 of 5.")
    low, high = (f"Land {letter} {number}.0 % (2020)" for letter, number in (("E", 86), ("A", 90)))
    drawn = tiles(*FIVE, apart=frozenset(apart))
    first, _, last = ends.removeprefix("From ").partition(" to ")
    if ends:
        assert f"igures run from {last} to {first}" in drawn, "a map runs from the lowest"
    else:
        assert "run from" not in drawn
    assert (f"from {low}" in drawn, f"to {high}" in drawn) == (low in ends, high in ends)


def test_the_chosen_hold_places_of_those_that_are_ranked() -> None:
    rows = [
        *FIVE[:3], placed(share("D", 2020, 80.0), 4, 4), placed(share("E", 2020, 70.0), reason=OTHER),
        placed(share("F", 2020, 60.0), reason="other_year"), placed(absent("G")),
    ]  # fmt: skip
    told = ranking(*rows, shown=4, highlighted=("GGG", "EEE", "DDD", "BBB"))
    assert told == (
        f"{LEAD} Land B (89.0 %, 2020) ranks between 2 and 3 of 4; "
        "Land D (80.0 %, 2020) ranks 4 of 4; Land E: 70.0 % (2020), not ranked; Land G: no figure. "
        f"{WHO.format(6, 7)}. {LATEST} {KNOWN} "
        "4 figures of one series, edition and year are ranked; not comparable with them, so not ranked: "
        "Land E and Land F. "
        "2 more are in the table."
    )
    assert "One more is in the table." in ranking(*rows, shown=5)
    assert "in the table" not in ranking(*rows, shown=6)


@pytest.mark.parametrize(
    ("reason", "letters", "given", "said"),
    [
        ("no_direction_declared", "AB", {},
         "Neither higher nor lower is better, so countries are in order of value, without ranks."),
        *[(reason, letters, {}, said) for reason in sorted({*UNLIKE_REASONS, "below_minimum_n"}) for letters, said in (
            ("ACDB", f"Fewer than {MIN_RANKED} countries have a figure: no ranks are given."),
            ("ACDEB", "Too few figures are of one series, edition and year to be ranked."))],
        ("claim_without_method", "AB", {},
         "Not ranked, for want of a published method (evidence level 1): Land A and Land B."),
        ("below_minimum_n", "AB", {"as_published": "As it is."}, "As it is."),
        ("", "AB", {}, ""),
    ],
)  # fmt: skip
def test_why_no_places_are_given(reason: str, letters: str, given: dict[str, Any], said: str) -> None:
    rows = [placed(share(letter, 2020, 9.0 - at), reason=reason) for at, letter in enumerate(letters)]
    ends = f"From Land A 9.0 % (2020) to Land B {10 - len(rows)}.0 % (2020)."
    assert ranking(*rows, **given) == f"{LEAD} {ends} {WHO.format(len(rows), len(rows))}. {LATEST} {said}".strip()


@pytest.mark.parametrize(("known", "said"), [(1, True), (2, False), (3, False), (4, False)])
def test_more_than_half_without_a_figure_is_said(known: int, said: bool) -> None:
    rows = [placed(share(letter, 2020, 5.0)) for letter in LETTERS[:known]]
    rows += [placed(absent(letter)) for letter in LETTERS[known:4]]
    assert f"Countries with a figure: {known} of 4{', fewer than half' if said else ''}." in ranking(*rows)


def test_a_year_asked_for_and_years_that_differ_are_said() -> None:
    rows = [placed(share("A", 2019, 5.0)), placed(share("B", 2021, 4.0))]
    near = ranking(*rows, year=2020)
    assert near.startswith("Trust, %, 2019–2021. From Land A")
    assert "Countries with a figure: 2 of 2. Shown: 2020, or the nearest figure within two years. The years" in near
    assert "The years differ between countries." in near
    assert f"Countries with a figure: 2 of 2. {LATEST} The years" in ranking(*rows)
    assert "The years differ" not in ranking(*rows[:1])
    span = placed(share("C", None, 3.0, period="2012/2018"), reason="no_year")
    told = ranking(*rows, span, span | {"country": "DDD", "period": "2010/2015"})
    assert told.startswith("Trust, %, 2010–2021.")
    assert (
        "For 2 of these figures the year is not published, only that it lies within 2010–2018: "
        "they may be of different years."
    ) in told


def test_nothing_to_rank_counts_the_group() -> None:
    assert ranking(placed(absent("A")), placed(absent("B"))) == "Trust. None of the 2 countries has a figure."
    assert ranking(placed(absent("A")), undated=True) == "Trust. The country has no figure with a year."


def test_figures_whose_publisher_gives_errors_have_no_rank_without_them() -> None:
    drawn = [one | {"rank_best": None, "rank_worst": None, "rank_reason": "error_unknown"} for one in FIVE]
    words = plain(
        sentence.describe_ranking(drawn, 99, replace(OPTIONS, highlighted=("AAA",), needs_error=True)).sentence
    )
    assert "Land A: 90.0 % (2020), not ranked" in words
    assert f"Not ranked: no margin of error is published with the {FIVE[0]['edition']}." in words


# Maps


def tiles(*rows: Row, **given: Any) -> str:
    squares = {letter * 3: (at, 0) for at, letter in enumerate("ABCD")}
    return plain(sentence.describe_tilemap(rows, replace(OPTIONS, tiles=squares, **given)).sentence)


def test_a_map_runs_from_the_lowest_to_the_highest_and_names_the_chosen() -> None:
    rows = [share("A", 2020, 5.0), share("B", 2020, 90.0), share("C", 2020, 40.0), absent("D")]
    runs = "igures run from Land A 5.0 % (2020) to Land B 90.0 % (2020); countries with a figure: 3 of {}."
    lead = f"{LEAD} F{runs.format(4)} {LATEST}"
    colours = "Each colour holds about the same number of countries."
    outline = "Outlined squares have no figure; that never means zero."
    assert tiles(*rows) == f"{lead} {colours} {outline}"
    assert tiles(*rows[:3]) == f"{LEAD} F{runs.format(3)} {LATEST} {colours}"
    assert tiles(*rows, classes=(10.0, 20.0)) == f"{lead} Colours follow fixed limits. {outline}"
    chosen = tiles(*rows, highlighted=("DDD", "CCC", "AAA"))
    assert "Latest figures: Land A 5.0 % (2020) and Land C 40.0 % (2020); Land D: no figure. Figures" in chosen
    near = tiles(*rows, highlighted=("CCC",), year=2020)
    assert f"Chosen countries: Land C 40.0 % (2020). F{runs.format(4)} Shown: 2020, or" in near


@pytest.mark.parametrize(
    ("letters", "said"),
    [
        ("ABCD", ""),
        ("ABCDE", " 1 country has no square on this map; it is in the table."),
        ("ABCDEF", " 2 countries have no square on this map; they are in the table."),
    ],
)
def test_who_has_no_square_is_counted(letters: str, said: str) -> None:
    told = tiles(*[share(letter, 2020, 5.0) for letter in letters])
    assert told.partition("same number of countries.")[2] == said


def test_answers_are_counted_as_yes_and_no() -> None:
    rows = [share("A", 2020, 1.0), share("B", 2020, 0.0), share("C", 2020, 1.0)]
    told = tiles(*rows, unit="yes_no", decimals=0)
    assert "Yes: 2; no: 1; countries with a figure: 3 of 3." in told
    assert "colour" not in told
    assert "Figures run" not in tiles(rows[0]), "one figure runs nowhere"
    assert "Figures run" in tiles(*rows[:2])


def test_a_map_with_boundaries_counts_who_is_not_drawn() -> None:
    rows = [share("A", 2020, 5.0), share("B", 2020, 7.0), share("C", 2020, 6.0) | {"country": "AZE"}, absent("D")]
    given = replace(OPTIONS, atlas=world())
    told = plain(sentence.describe_worldmap(rows, given).sentence)
    assert "Figures run from Land A 5.0 % (2020) to Land B 7.0 % (2020); countries" in told
    assert told.endswith("2 countries or areas with a figure are not drawn; they are in the table.")
    assert "not drawn" not in plain(sentence.describe_worldmap(rows[2:], given).sentence)
    assert "1 country or area with a figure is not drawn" in plain(sentence.describe_worldmap(rows[1:], given).sentence)
    assert "3 countries or areas" in plain(sentence.describe_worldmap(rows, replace(given, atlas=None)).sentence)
    fixed = replace(given, classes=(5.0,))
    assert "Colours follow fixed limits." in plain(sentence.describe_worldmap(rows, fixed).sentence)


# A distribution


def spread(*rows: Row, median: float | None = 50.0, counted: str = LETTERS, **given: Any) -> str:
    of = [letter * 3 for letter in counted]
    return plain(sentence.describe_distribution(rows, median, of, replace(OPTIONS, **given)).sentence)


def test_each_of_the_chosen_lies_on_its_side_of_the_median() -> None:
    rows = [
        sure("A", 2020, 60.0), sure("B", 2020, 40.0), share("C", 2020, 50.0), sure("D", 2020, 51.0),
        share("E", 2020, 50.04), share("F", 2020, 50.06), absent("G"), bound("H", 2020), sure("I", 2020, 70.0),
        share("J", 2020, 49.94),
    ]  # fmt: skip
    told = spread(*rows, highlighted=tuple(letter * 3 for letter in "ABCDEFGHIJ"))
    assert told.partition("Half of")[2] == (
        " the countries are at or below 50.0 %. "
        "Above the median: Land A 60.0 % (2020), Land F 50.1 % (2020) and Land I 70.0 % (2020); "
        "at the median: Land C 50.0 % (2020) and Land E 50.0 % (2020); "
        "below the median: Land B 40.0 % (2020) and Land J 49.9 % (2020); "
        "within the margin of error of the median: Land D 51.0 % (2020); "
        f"Land G: no figure; Land H > 95 (2020). {WHO.format(9, 10)}. {LATEST} Each dot is a country."
    )


@pytest.mark.parametrize(("low", "high", "side"), [(50.0, 60.0, "Within"), (40.0, 50.0, "Within"),
                                                   (50.1, 60.0, "Above"), (40.0, 49.9, "Below")])  # fmt: skip
def test_an_interval_that_touches_the_median_does_not_tell(low: float, high: float, side: str) -> None:
    told = spread(share("A", 2020, (low + high) / 2, lower=low, upper=high), highlighted=("AAA",))
    assert f"{side}" in told.partition("at or below 50.0 %. ")[2][:12]
    assert "Above the median: Land A" in spread(share("A", 2020, 55.0, lower=40.0), highlighted=("AAA",))


def test_what_is_not_counted_is_said_beside_the_median() -> None:
    rows = [share("A", 2020, 60.0), share("B", 2020, 40.0), share("C", 2020, 45.0, series="C")]
    others = spread(*rows, counted="AB", highlighted=("CCC", "AAA"))
    assert (
        "Half of the 2 figures of one series and edition are at or below 50.0 %; "
        "1 of others are drawn beside them. "
        "Above the median: Land A 60.0 % (2020); latest figures: Land C 45.0 % (2020). Countries"
    ) in others
    claims = spread(*rows, counted="AB", highlighted=("CCC",), claims=frozenset({("test", "C")}))
    assert "Half of the countries are at or below 50.0 %. Latest figures: Land C 45.0 % (2020). Countries" in claims
    assert claims.endswith(
        "Figures without a published method (evidence level 1) do not enter the median. Each dot is a country."
    )


@pytest.mark.parametrize(
    ("given", "counted", "why"),
    [
        ({"as_published": "As it is."}, "AB", " As it is."),
        ({"unit": "yes_no"}, "AB", " No median of yes and no."),
        ({}, "A", " Too few figures are of one series and edition for a median."),
        ({}, "AB", ""),
    ],
)  # fmt: skip
def test_why_there_is_no_median(given: dict[str, Any], counted: str, why: str) -> None:
    told = spread(*[share("A", 2020, 1.0), share("B", 2020, 0.0)], median=None, counted=counted, **given)
    assert told.partition("2020.")[2] == f" {WHO.format(2, 2)}.{why} {LATEST} Each dot is a country."
    assert spread(absent("A"), bound("B", 2020)) == "Trust. None of the 2 countries has a figure."


# What stands under a title, and a figure in words


def test_unit_years_and_group_stand_under_a_title() -> None:
    rows = [share("A", 2016, 5.0), share("B", 2020, 5.0), absent("C", 1990)]
    said = sentence.write_subtitle(rows, replace(OPTIONS, group_label="all three"))
    assert plain(said) == "% · 2016–2020 · all three"
    assert plain(sentence.write_subtitle(rows[2:], OPTIONS)) == "%"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"direction": "higher"}, "% · higher is better"), ({"direction": "lower"}, "% · lower is better"),
        ({"direction": "none"}, "%"), ({"direction": "none", "centre": 2.5}, "%"),
        ({"direction": "centre", "centre": 2.5}, "% · closer to 2.5 is better"), ({"direction": "centre"}, "%"),
    ],
)  # fmt: skip
def test_the_unit_and_what_is_better_stand_above_an_axis(given: dict[str, Any], said: str) -> None:
    assert plain(wording.write_axis_title(replace(OPTIONS, **given))) == said


@pytest.mark.parametrize(
    ("name", "limit", "said"),
    [
        ("Kingdom", 7, "Kingdom"), ("Kingdom", 6, "Kingd…"), ("Great Britain", 13, "Great Britain"),
        ("Great Britain", 12, "Great…"), ("A (B) C", 5, "A…"), ("A, B", 3, "A…"),
    ],
)  # fmt: skip
def test_a_name_is_cut_after_a_word_where_it_is_one_letter_too_long(name: str, limit: int, said: str) -> None:
    assert wording.shorten_name(name, limit) == said
    assert len(said) <= limit


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_name_takes_so_many_lines(most: int) -> None:
    lines = wording.fold_name("one two three four", 5, OPTIONS, most).split("\n")
    assert lines == {1: ["one…"], 2: ["one", "two…"], 3: ["one", "two", "thre…"]}[most]
    assert wording.fold_name("one two three four", 5, OPTIONS, 4).split("\n") == ["one", "two", "three", "four"]


@pytest.mark.parametrize(
    ("one", "glance", "interval"),
    [
        (share("A", 2020, 5.0), "5.0 %", "no interval"),
        (sure("A", 2020, 5.0, 1.0), "5.0 % · 4.0 to 6.0 (90 %)", "4.0 to 6.0 (90 %)"),
        (share("A", 2020, 5.0, lower=4.0), "5.0 %", "no interval"),
        (share("A", 2020, 5.0, upper=6.0), "5.0 %", "no interval"),
        (bound("A", 2020), "> 95", "no interval"),
        (bound("A", 2020) | {"lower": 95.0, "upper": 100.0}, "> 95", "no interval"),
    ],
)  # fmt: skip
def test_a_figure_at_a_glance_and_its_interval(one: Row, glance: str, interval: str) -> None:
    assert plain(wording.summarise_figure(one, OPTIONS)) == glance
    told = plain(wording.format_interval(one, OPTIONS))
    assert told == interval if interval[0].isdigit() else not any(sign.isdigit() for sign in told)
    if one["value"] is not None:
        told = plain(wording.summarise_figure(one | {"status": "provisional"}, OPTIONS))
        assert re.fullmatch(rf"{re.escape(glance)} · provisional.*", told)


def test_what_a_tooltip_says_of_a_figure_and_of_none() -> None:
    one = sure("A", 2020, 5.0, 1.0, source="t", edition="2021", nature="")
    said = {key: plain(str(value)) for key, value in wording.fill_tooltip(one, OPTIONS).items()}
    assert {key: said[key] for key in ("country", "name", "year", "figure", "interval")} == {
        "country": "AAA", "name": "Land A", "year": "2020", "figure": "5.0 %", "interval": "4.0 to 6.0 (90 %)",
    }  # fmt: skip
    assert said["source"].startswith("T · ")
    none = wording.fill_missing_tooltip(absent("A") | {"source": None, "edition": None}, OPTIONS)
    assert [none[key] for key in ("country", "name", "year", "figure", "interval", "note", "source")] == [
        "AAA", "Land A", 2020, "no figure", "–", "–", "–",
    ]  # fmt: skip
    assert wording.fill_missing_tooltip(absent("A") | {"year": None}, OPTIONS)["year"] == "–"
    spanned = share("A", None, 5.0, period="2012/2018")
    assert plain(str(wording.fill_tooltip(spanned, OPTIONS)["year"])) == "2012–2018"
    assert (wording.find_ends(spanned), wording.find_ends(one)) == ((2012, 2018), (2020, 2020))


def test_lists_spans_and_years_have_two_ends_where_they_differ() -> None:
    assert [wording.join_list(list("abc")[:many], OPTIONS) for many in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert [wording.format_span(3, last, OPTIONS) for last in (3, 12)] == ["3", "3–12"]
    assert [wording.format_years(2018, last, OPTIONS) for last in (2018, 2023)] == ["2018", "2018–2023"]
