"""What a chart is drawn from: whose rows, of which years, under which name and address."""

from datetime import date
from urllib.parse import parse_qsl

import pytest

from dashboard.answers.adoption.counting import list_adopters
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.base.rows import find_latest, find_stats
from dashboard.answers.base.words import translate_term
from dashboard.answers.charts import parts
from dashboard.answers.charts.build import build_chart, build_specification, build_table, name_file
from dashboard.answers.charts.chart_data import find_group, read_rows
from dashboard.answers.charts.query import ask_chart, list_kinds
from dashboard.answers.charts.url import list_choices, list_parameters, parse_url, write_embed_url, write_url
from dashboard.answers.holdings.dimensions import list_dimensions
from dashboard.evidence.codebook import load_codebook

pytestmark = pytest.mark.usefixtures("embedded")

TWO = ("AZE", "UZB")


@pytest.mark.parametrize(
    ("kind", "first", "last", "near", "kept"),
    [
        ("trend", None, None, None, (1996, 2025)), ("trend", 2015, 2020, None, (2015, 2020)),
        ("trend", 2015, None, None, (2015, 2025)), ("trend", None, 2015, None, (1996, 2015)),
        ("trend", 2018, 2018, None, (2018, 2018)), ("ranking", 2018, 2018, 2018, (1996, 2025)),
        ("ranking", 2017, 2018, None, (2017, 2018)), ("slope", 2015, 2020, None, (1996, 2025)),
    ],
)  # fmt: skip
def test_a_period_leaves_its_years_and_a_chart_of_one_year_or_of_two_dates_chooses_for_itself(
    kind: str, first: int | None, last: int | None, near: int | None, kept: tuple[int, int]
) -> None:
    asked = ask_chart(open_context(), kind, "wgi_cc", TWO, first, last)
    assert asked.near == near
    rows = read_rows(asked, find_group(asked)[0])
    years = rows.filter(rows["country"] == "AZE")["year"]
    assert (years.min(), years.max()) == kept
    assert rows["dimensions"].unique().to_list() == ["{}"]


def test_a_trend_has_the_chosen_a_ranking_the_adopters_too_and_a_map_everyone(ctx: Context) -> None:
    trend, ranking, drawn = (ask_chart(ctx, kind, "wgi_cc", ("GEO",)) for kind in ("trend", "ranking", "map"))
    assert find_group(trend) == (("GEO",), "")
    group, label = find_group(ranking)
    assert (group[0], set(group)) == ("GEO", {"GEO", *list_adopters(ctx)})
    assert translate_term(ctx, "counting_rule", "signed") in label
    assert set(read_rows(ranking, group)["country"]) <= {"GEO", *list_adopters(ctx)}
    everyone, label = find_group(drawn)
    assert label == ""
    assert set(everyone) == {
        iso3 for iso3, it in ctx.book.countries.items() if it.tile is not None or iso3 in find_latest(ctx, "wgi_cc")
    }
    asked = ask_chart(ctx, "breakdown", "basic_water", TWO)
    assert "{}" not in read_rows(asked, find_group(asked)[0])["dimensions"].to_list()


@pytest.mark.parametrize(
    ("first", "last", "dates"),
    [(None, None, (2015, 2025)), (2000, None, (2000, 2025)), (None, 2020, (2015, 2020)), (2001, 2002, (2001, 2002))],
)
def test_two_dates_are_the_base_of_the_goals_and_the_latest_unless_others_are_chosen(
    first: int | None, last: int | None, dates: tuple[int, int]
) -> None:
    assert parts.add_dates(ask_chart(open_context(), "slope", "wgi_cc", TWO, first, last))["years"] == dates


def test_where_figures_begin_later_or_end_earlier_the_first_date_is_the_first_there_is(ctx: Context) -> None:
    for metric in ctx.book.metrics.values():
        years = find_stats(ctx, metric.id).years
        if years and metric.quantity:
            base = 2015 if years[0] <= 2015 < years[-1] else years[0]
            assert parts.add_dates(ask_chart(ctx, "slope", metric.id, TWO))["years"] == (base, years[-1]), metric.id
    assert parts.add_dates(ask_chart(ctx, "slope", "csat_exit_poll", TWO))["years"] is None


def test_a_scatter_holds_the_second_indicators_figures_of_its_years() -> None:
    def across(first: int | None, last: int | None) -> tuple[int, int]:
        options = parts.add_second_indicator(
            ask_chart(open_context(), "scatter", "wgi_cc", TWO, first, last, second="egov_osi")
        )
        years = options["across"].rows["year"]
        return years.min(), years.max()

    whole = across(None, None)
    assert across(2012, 2020) == (2012, 2020)
    assert across(2018, 2018) == whole, "of one year it chooses for itself"
    assert across(2012, None) == (2012, whole[1])
    assert across(None, 2012) == (whole[0], 2012)


def test_kinds_of_chart_are_offered_where_they_say_something(ctx: Context) -> None:
    for metric in load_codebook().metrics.values():
        stats, offered = find_stats(ctx, metric.id), list_kinds(ctx, metric)
        drawn = bool(metric.quantity and stats.countries)
        number = drawn and metric.unit != "yes_no"
        expected = {
            "trend": drawn and len(stats.years) >= 2,
            "map": drawn and len(stats.years) >= 1,
            "world": drawn and len(stats.years) >= 1,
            "ranking": number and metric.direction != "none" and stats.countries >= 5 and len(stats.years) >= 1,
            "distribution": number and stats.countries >= 5 and len(stats.years) >= 1,
            "breakdown": number and bool(list_dimensions(ctx, metric.id)) and len(stats.years) >= 1,
        }
        assert set(offered) == {kind for kind, there in expected.items() if there}, metric.id
        if "trend" in offered:
            latest = [row["year"] for row in find_latest(ctx, metric.id).values() if row["value"] is not None]
            first = sum(year is None for year in latest) * 2 <= len(latest)
            assert offered[0 if first else -1] == "trend", "a trend of figures without a year opens on an empty frame"
    assert list_kinds(ctx, ctx.book.metrics["sat_overall_gov"])[0] == "map"


def test_a_file_says_in_its_name_what_it_holds() -> None:
    ctx = open_context(as_of="2026-11-26")
    names = [
        name_file(ask_chart(ctx, "trend", "wgi_cc", TWO)),
        name_file(ask_chart(ctx, "trend", "wgi_cc", TWO, 2010)),
        name_file(ask_chart(ctx, "trend", "wgi_cc", TWO, None, 2020)),
        name_file(ask_chart(ctx, "breakdown", "basic_water", ("AZE",), dimension="Location")),
        name_file(ask_chart(ctx, "scatter", "wgi_cc", ("AZE",), second="egdi")),
        name_file(ask_chart(ctx, "aligned", "wgi_cc", ("UZB",), event="mou")),
    ]
    assert names == [
        "wgi_cc_trend_AZE_UZB_2026-11-26",
        "wgi_cc_trend_AZE_UZB_2010-_2026-11-26",
        "wgi_cc_trend_AZE_UZB_-2020_2026-11-26",
        "basic_water_breakdown_AZE_location_2026-11-26",
        "wgi_cc_scatter_egdi_AZE_2026-11-26",
        "wgi_cc_aligned_mou_UZB_2026-11-26",
    ]


def test_an_address_holds_what_is_asked_and_reads_back() -> None:
    ctx = open_context(as_of="2026-11-26")
    asked = ask_chart(ctx, "slope", "wgi_cc", TWO, 2010, 2020, unequal=True)
    address = write_url("slope", list_parameters(asked))
    assert parse_url(ctx, address) == asked
    told = dict(parse_qsl(address.partition("?")[2]))
    assert {name: value for name, value in told.items() if name != "v"} == {
        "indicator": "wgi_cc", "country": "AZE,UZB", "from": "2010", "to": "2020", "unequal": "1", "lang": "en",
        "as_of": "2026-11-26", "theme": "light",
    }  # fmt: skip
    assert write_embed_url(asked, as_of="2026-11-26").endswith("&unequal=1&as_of=2026-11-26")
    assert list_choices(ask_chart(ctx, "map", "wgi_cc", TWO, unequal=True))["unequal"] == "", (
        "only where lines are joined"
    )
    for other in ("/api/v1/charts/mapping.json?lang=en", "/api/v1/charts/trend.svg?indicator=egdi", "/trend.json"):
        with pytest.raises(Invalid):
            parse_url(ctx, other)


def test_the_words_around_a_chart_are_of_its_rows_and_its_day() -> None:
    asked = ask_chart(open_context(as_of="2026-11-26"), "trend", "wgi_cc", TWO)
    told, (_, rows) = build_specification(asked)["usermeta"], build_table(asked, build_chart(asked))
    assert (told["rows"], told["as_of"], told["as_of_text"]) == (len(rows), "2026-11-26", "26 November 2026")
    assert str(date(2026, 11, 26).year) in told["citation"]
    undated = build_chart(ask_chart(open_context(), "trend", "sat_overall_hlth", ("KAZ", "UZB"))).sentence
    held = [find_latest(open_context(), "sat_overall_hlth").get(iso3) for iso3 in ("KAZ", "UZB")]
    without = sum(row is not None and row["year"] is None for row in held)
    assert without
    assert f"{without} " in undated
    assert "2015–2025" in undated
    left_out = undated.rsplit(". ", 1)[1]
    assert (
        left_out not in build_chart(ask_chart(open_context(), "ranking", "sat_overall_hlth", ("KAZ", "UZB"))).sentence
    )


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("scatter", {}, "second indicator"), ("scatter", {"second": "access_to_information"}, "not quantities"),
        ("trend", {"theme": "blue"}, "light and dark"), ("trend", {"dimension": "Sex"}, "breakdown"),
        ("trend", {"sort": "gap"}, "breakdown"), ("breakdown", {"sort": "luck"}, "order"),
        ("aligned", {"event": "atlantis"}, "counted from"),
    ],
)  # fmt: skip
def test_what_a_kind_cannot_draw_is_refused(kind: str, more: dict[str, str], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        ask_chart(open_context(), kind, "basic_water", ("AZE",), **more)


def test_no_rank_and_no_median_is_made_of_figures_that_may_be_shown_only_as_published(ctx: Context) -> None:
    for metric, title in (
        ("ti_cpi", "Corruption Perceptions Index"),
        ("bribe_documents", "Global Corruption Barometer"),
    ):
        why = f"Figures of {title} are shown only as published: no average, rank or change is made of them."
        ranking, spread = (build_chart(ask_chart(ctx, kind, metric)) for kind in ("ranking", "distribution"))
        assert {row["rank_best"] for row in ranking.rows} == {None}
        assert why in spread.sentence
        assert "median" not in spread.sentence
        assert not [label for label in spread.spec["datasets"]["labels"] if label["level"] < 0]
    assert (
        why.replace(title, "Corruption Perceptions Index") in build_chart(ask_chart(ctx, "ranking", "ti_cpi")).sentence
    )
    first = open_context("en", "2026-11-24")
    assert {row["rank_best"] for row in build_chart(ask_chart(first, "ranking", "wgi_cc")).rows} != {None}
