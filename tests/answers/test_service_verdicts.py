"""Verdicts counted for a picture: parts add up to their lines, by every method, and bullets lie where figures do."""

from dataclasses import replace

import pytest

from dashboard.analysis.measures.progress.panel import assess_progress
from dashboard.answers.adoption.counting import list_adopters, list_origins
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.base.rows import find_latest, has_figure
from dashboard.answers.progress import assessment, summary
from dashboard.answers.progress.assessment import METHODS, assess_lines, list_earlier_symbols
from dashboard.answers.progress.progress import build_matrix, choose_sign
from dashboard.answers.progress.results import ask, list_results
from dashboard.answers.progress.statuses import TONES, build_verdict, choose_tone, choose_word, name_status
from dashboard.answers.progress.summary import (
    answer_goals,
    build_bullets,
    list_cell_verdicts,
    list_metrics,
    list_statuses,
    summarise_verdicts,
)
from dashboard.locales import LANGUAGES, t
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")


@pytest.mark.parametrize("country", ["", "AZE", "UZB"])
@pytest.mark.parametrize("theme", ["", "integrity"])
def test_parts_add_up_to_the_lines_that_every_method_is_asked_about(country: str, theme: str, ctx: Context) -> None:
    members = (country,) if country else list_adopters(ctx)
    found = summarise_verdicts(ctx, ask(ctx, country, theme=theme))
    assert [one["id"] for one in found["methods"]] == list(METHODS)
    for one in found["methods"]:
        lines = assess_lines(ctx, metrics=list_metrics(ctx, theme), countries=members, methods=[one["id"]])
        assert sum(part["count"] for part in one["shares"]) == len(lines) > 0
    chosen = next(one for one in found["methods"] if one["id"] == "unsd_2026")
    by_tone = {part["tone"]: part["count"] for part in chosen["shares"]}
    for tone, count in by_tone.items():
        assert count == sum(part["count"] for part in found["shares"] if part["tone"] == tone)


def test_the_bar_counts_the_statuses_of_the_rows(ctx: Context) -> None:
    asked = ask(ctx, "AZE")
    rows = list_results(ctx, asked)["rows"]
    found = summarise_verdicts(ctx, asked)
    for part in found["shares"]:
        count = sum(1 for row in rows if (row["status_text"] or t("results.controls.refused", "en")) == part["text"])
        assert part["count"] == count
        assert part["share"] == f"{100 * count / len(rows):.0f}\xa0%"
    judged = sum(bool(row["status"]) for row in rows)
    assert found["text"] == f"{judged} of {len(rows)} indicators have a status"
    order = ["met", "good", "middle", "bad", "none"]
    places = [order.index(part["tone"]) for part in found["shares"]]
    assert places == sorted(places), "the best first"


def test_the_bar_says_on_track_of_no_figure_without_a_target(ctx: Context) -> None:
    """145 of the programme were said to be “on track or target met”; for most of them no target is set."""
    found = {part["status"]: part for part in summarise_verdicts(ctx, ask(ctx))["shares"]}
    rows = [
        row
        for row in assess_lines(ctx, metrics=list_metrics(ctx), countries=list_adopters(ctx), methods=["unsd_2026"])
        if row["status"] == "on_track"
    ]
    without = [row for row in rows if row["target"] is None]
    assert without
    assert found["no_target"]["count"] == len(without)
    assert found["on_track"]["count"] == len(rows) - len(without)
    assert found["no_target"]["text"] == t("progress.status.no_target.name", "en")


def test_a_cell_opens_the_verdicts_it_counts(ctx: Context) -> None:
    cells = [one for one in build_matrix(ctx)["cells"] if one["assessed"] + one["refused"]]
    assert cells
    for cell in cells[::7]:
        found = list_cell_verdicts(ctx, cell["iso3"], cell["goal"], "unsd_2026")
        assert sum(1 for one in found if one["tone"] != "none") == cell["assessed"]
        assert len(found) == cell["assessed"] + cell["refused"]
        assert all_of(one["why"] and one["iso3"] == cell["iso3"] for one in found)
        places = [(one["tone"] == "none", one["name"].casefold()) for one in found]
        assert places == sorted(places)
    with pytest.raises(Unknown):
        list_cell_verdicts(ctx, "AZE", 18, "unsd_2026")


def test_a_matrix_of_a_theme_and_a_goal_counts_no_other_indicator(ctx: Context) -> None:
    every = {(one["goal"], one["iso3"]): one for one in build_matrix(ctx)["cells"]}
    narrow = build_matrix(ctx, theme="integrity", goal=16)
    assert [one["id"] for one in narrow["goals"]] == ["16"]
    assert next(one["id"] for one in narrow["countries"]) == list_origins(ctx)[0]
    for one in narrow["cells"]:
        assert one["assessed"] <= every[16, one["iso3"]]["assessed"]


def test_a_bullet_has_its_ends_where_the_figures_are(ctx: Context) -> None:
    found = build_bullets(ctx, ask(ctx, "UGA"), ("internet_users",))["internet_users"]
    row = assess_lines(ctx, metrics=["internet_users"], countries=["UGA"], methods=["unsd_2026"])[0]
    assert found["base"] == f"{row['base_value']:.2f}%"  # a share: its scale is 0 to 100
    assert found["latest"] == f"{row['latest_value']:.2f}%"
    left, width = float(found["start"][:-1]), float(found["width"][:-1])
    assert {round(left, 1), round(left + width, 1)} == {round(row["base_value"], 1), round(row["latest_value"], 1)}


@pytest.mark.parametrize(
    ("base", "latest", "target", "low", "high", "drawn"),
    [
        (20.0, 50.0, 80.0, 0.0, 100.0, ("20.00%", "50.00%", "80.00%", "20.00%", "30.00%")),
        (50.0, 20.0, None, 0.0, 100.0, ("50.00%", "20.00%", "", "20.00%", "30.00%")),
        (None, 20.0, 80.0, -20.0, 180.0, ("", "20.00%", "50.00%", "0.00%", "0.00%")),
        (-5.0, 120.0, 80.0, 0.0, 100.0, ("0.00%", "100.00%", "80.00%", "0.00%", "100.00%")),
        (10.0, 20.0, None, None, 100.0, ("6.90%", "93.10%", "", "6.90%", "86.21%")),
        (10.0, 10.0, None, 0.0, None, ("50.00%", "50.00%", "", "50.00%", "0.00%")),
        (0.0, 0.0, 0.0, None, None, ("50.00%", "50.00%", "50.00%", "50.00%", "0.00%")),
        (None, 20.0, None, 0.0, 100.0, ("", "", "", "", "")),
        (20.0, None, 80.0, 0.0, 100.0, ("", "", "", "", "")),
    ],
)  # fmt: skip
def test_a_bullet_lies_on_the_indicators_scale_or_on_one_that_spans_it(
    base: float | None, latest: float | None, target: float | None, low: float | None, high: float | None,
    drawn: tuple[str, ...], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Without limits the scale leaves 8 % of the span on both sides: 0.8 of 11.6 is 6.90 %."""
    plain = open_context()
    metric = replace(plain.book.metrics["internet_users"], limit_low=low, limit_high=high)
    ctx = replace(plain, book=replace(plain.book, metrics={metric.id: metric}, version=f"{low} to {high}"))
    (row,) = assess_lines(plain, metrics=[metric.id], countries=["UGA"], methods=["unsd_2026"])
    monkeypatch.setattr(summary, "assess_lines", lambda *_, **__: [{**row, "base_value": base, "target": target}])
    monkeypatch.setattr(summary, "find_latest", lambda *_: {"UGA": {"value": latest, "status": "normal", "year": 2023}})
    one = build_bullets.__wrapped__(ctx, ask(ctx, "UGA"), (metric.id,))[metric.id]  # type: ignore[attr-defined]
    assert (one["base"], one["latest"], one["target"], one["start"], one["width"]) == drawn


@pytest.mark.parametrize("lang", LANGUAGES)
def test_age_is_said_only_of_figures_over_five_years_old(lang: str) -> None:
    ctx = open_context(lang)
    asked = ask(ctx, "AZE")
    metrics = tuple(row["indicator"] for row in list_results(ctx, asked)["rows"])
    found = build_bullets(ctx, asked, metrics)
    latest = {metric: find_latest(ctx, metric)["AZE"]["year"] for metric in metrics}
    years = {metric: ctx.today.year - year for metric, year in latest.items() if year is not None}
    assert {bool(found[metric]["age"]) for metric in metrics} == {True, False}
    assert {years.get(metric) for metric in metrics} >= {5, 6}, "on both sides of the limit"
    for metric in metrics:
        assert bool(found[metric]["age"]) == (years.get(metric, 0) > 5)


def test_of_the_programme_a_row_has_its_adopters_and_no_average(ctx: Context) -> None:
    asked = ask(ctx)
    rows = list_results(ctx, asked)["rows"]
    found = build_bullets(ctx, asked, tuple(row["indicator"] for row in rows))
    members = list_adopters(ctx)
    for row in rows:
        one = found[row["indicator"]]
        held = [find_latest(ctx, row["indicator"]).get(iso3) for iso3 in members]
        years = [it["year"] for it in held if has_figure(it) and it["year"]]
        old = sum(ctx.today.year - year > 5 for year in years)
        assert one["age"].startswith(f"{old} of {len(years)} ") or (not one["age"] and not old), one["age"]
        assert one["latest"] == one["base"] == ""
        with_status = sum(part["count"] for part in one["shares"] if part["tone"] != "none")
        assert with_status == sum(count["count"] for count in row["counts"])


def test_a_weather_symbol_stands_beside_those_of_earlier_years(ctx: Context) -> None:
    rows = {row["country"]: row for row in assess_lines(ctx, metrics=["basic_water"], methods=["weather"])}
    row = next(one for one in rows.values() if one["status"] and len(list_earlier_symbols(ctx, one)) > 1)
    metric = ctx.book.metrics["basic_water"]
    year, symbol = list_earlier_symbols(ctx, row)[-1]
    points = assessment._points(ctx, [metric]).collect()
    then = assess_progress(points, assessment._declared(ctx.book, [metric]), methods=("weather",), as_of=year)
    told = [one for one in then.to_dicts() if one["country"] == row["country"]]
    assert [(one["latest_year"], one["status"]) for one in told] == [(year, symbol)]
    assert all_of(earlier < row["latest_year"] for earlier, _ in list_earlier_symbols(ctx, row))
    (words,) = [step for step in build_verdict(ctx, metric, row)["why"] if "earlier years" in step]
    assert f"{year}: {name_status(ctx, symbol)}" in words
    other = next(one for one in assess_lines(ctx, metrics=["basic_water"], methods=["escap"]) if one["status"])
    assert not any("earlier years" in step for step in build_verdict(ctx, metric, other)["why"])


@pytest.mark.parametrize("method", METHODS)
def test_no_two_statuses_of_a_method_share_a_sign(method: str) -> None:
    """Two greens and two yellows did: marginal and stagnation, on track and growing without a target."""
    rows = assess_lines(open_context(), methods=[method])
    words = {choose_word(row["status"], row["target"]): choose_tone(row) for row in rows if choose_tone(row) != "none"}
    signs = [choose_sign(method, word, tone) for word, tone in words.items()]
    assert len(words) > 2
    assert len(set(signs)) == len(signs), dict(zip(words, signs, strict=True))
    assert "–" not in signs, "which stands for no status"
    assert set(TONES) >= {row["status"] for row in rows if row["status"]}


def test_goals_are_answered_in_words_that_add_up_to_their_indicators(ctx: Context) -> None:
    answers = {one["goal"]: one for one in answer_goals(ctx, ask(ctx, "UGA"))}
    for goal, one in answers.items():
        verdicts = list_cell_verdicts(ctx, "UGA", goal, "unsd_2026")
        judged = [verdict for verdict in verdicts if verdict["tone"] != "none"]
        if not judged:
            assert one["text"] == f"No status: none of {len(verdicts)} indicators can be judged."
            continue
        assert one["text"].endswith(f"({len(judged)} of {len(verdicts)} indicators).")
        for verdict in judged:
            assert verdict["status_text"] in one["text"]
    assert answers.keys() >= {1, 16}
    assert answer_goals(ctx, ask(ctx)) == []
    assert [one["goal"] for one in answer_goals(ctx, ask(ctx, "UGA", goal=16))] == [16]


def test_the_statuses_of_a_second_method_are_its_own(ctx: Context) -> None:
    told = list_statuses(ctx, ask(ctx, "UGA", "eurostat"))
    rows = {row["indicator"]: row for row in list_results(ctx, ask(ctx, "UGA", "eurostat"))["rows"]}
    assert told.keys() == rows.keys()
    for metric, one in told.items():
        assert (one["status"], one["tone"]) == (rows[metric]["status"], rows[metric]["tone"])
        assert one["status_text"] == (rows[metric]["status_text"] or "no status")
        assert one["sign"] == (rows[metric]["sign"] or "–")
