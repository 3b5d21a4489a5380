"""Sentences that were once false, on the figures they were false of: each holds what is said now."""

import colorsys
import re
from pathlib import Path

import pytest

from dashboard.answers.adoption.register_page import view_register
from dashboard.answers.base.context import open_context
from dashboard.answers.charts.build import build_chart
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.progress.progress import build_matrix, list_signs
from dashboard.answers.site.overview import MAX_NAMED, view_overview
from dashboard.locales import LANGUAGES, t
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")

PROGRESS = (Path(__file__).parents[2] / "assets" / "progress.css").read_text(encoding="utf-8")
LIKE = {"yellow": (45, 70), "orange": (20, 40)}
"""Degrees of the colour circle between which a colour is called so."""


def test_a_rank_names_who_has_no_place_and_why() -> None:
    """Senegal's 1.0 % is the lowest figure, of another edition and year: it was ranked, and so were surveys of 2013."""
    chart = build_chart(ask_chart(open_context(), "ranking", "bribery_firms", ("AZE", "UZB", "SEN")))
    assert "Senegal: 1.0\N{NO-BREAK SPACE}% (2024), not ranked" in chart.sentence
    assert "Uzbekistan: 5.9\N{NO-BREAK SPACE}% (2019), not ranked" in chart.sentence
    assert "Too few figures are of one series, edition and year to be ranked." in chart.sentence
    assert {row["rank_best"] for row in chart.rows} == {None}
    lines = build_chart(ask_chart(open_context(), "ranking", "internet_users", ("AZE", "KAZ", "GEO", "UGA", "AFG")))
    placed = [row for row in lines.rows if row["rank_best"] is not None]
    assert len({(row["source"], row["edition"], row["period"]) for row in placed}) == 1


@pytest.mark.parametrize("colour", LIKE)
def test_a_status_that_is_named_after_a_colour_is_drawn_in_it(colour: str) -> None:
    """SDSN's yellow was blue."""
    name = {"yellow": "good", "orange": "middle"}[colour]
    drawn = [
        shade
        for rule in re.findall(rf"\[data-status=\"{colour}\"\][^{{]*{{([^}}]*)}}", PROGRESS)
        for shade in re.findall(rf"--{name}(?:-bar)?: #([0-9a-f]{{6}})", rule)
    ]
    assert len(drawn) == 6, "surface and bar, by day, by night and as the system says"
    for shade in drawn:
        hue, _, saturation = colorsys.rgb_to_hls(*(int(shade[at : at + 2], 16) / 255 for at in (0, 2, 4)))
        assert LIKE[colour][0] <= 360 * hue <= LIKE[colour][1], shade
        assert saturation > 0.3, shade


@pytest.mark.parametrize("method", ["unsd_2026", "sdsn"])
def test_a_goals_colour_is_that_of_its_worst_sign_and_its_key_says_so(method: str) -> None:
    """“A goal gets no grade”, and its cell was tinted without a word."""
    signs = list_signs(method)
    cells = [cell for cell in build_matrix(open_context(), method=method)["cells"] if cell["assessed"]]
    assert {cell["tone"] for cell in cells} > {next(iter(signs))}
    for cell in cells:
        present = [tone for tone, sign in signs.items() if re.search(rf"\d{re.escape(sign)}", cell["letters"])]
        assert cell["tone"] == present[-1], cell
    assert "Colour: its weakest indicator" in t("results.matrix.note", "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plain_grey_squares_are_called_what_the_key_calls_them(lang: str) -> None:
    """“Grey squares have a status”, while the key said that they have none."""
    last = view_register(open_context(lang))["legend"][-1]
    assert last["id"] == "no_record"
    words = {
        "en": "plain grey, no record",
        "fr": "carré gris uni, aucune mention",
        "az": "düz boz kvadrat üzrə qeyd yoxdur",
        "ar": "والمربع الرمادي الخالي لا سجل له",
    }
    assert words[lang] in t("register.map.faded", lang)
    assert last["label"] in t("register.map.faded", lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_vintage_brought_is_told_by_name(lang: str) -> None:
    """Satisfaction was “0 of 14” on the day before, and “2 of 14” on the next, and nothing said what had come."""
    ctx, before = open_context(lang), open_context(lang, as_of="2026-11-24")
    then, now = (
        {one["id"]: one["lanes"] for one in view_overview(it)["kpis"]}["satisfaction"][0]["dots"]
        for it in (before, ctx)
    )
    assert (len(then), len(now)) == (0, 3), "the origin and two adopters"
    newest, second = view_overview(ctx)["news"]
    names = [ctx.book.metrics[one].name[lang] for one in ("sat_overall_gov", "sat_overall_hlth")]
    assert all_of(name in second["text"] for name in names)
    assert len(names) == MAX_NAMED
    assert "18" in second["text"]
    assert not any(name in one["text"] for name in names for one in (newest, *view_overview(before)["news"]))
