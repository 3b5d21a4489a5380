"""A figure without a published method (evidence level 1) is shown, and decides no status, no change and no rank."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.charts.build import build_chart
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.countries.country import view_country
from dashboard.answers.effects.query import load_figures
from dashboard.answers.progress.assessment import METHODS, assess_lines, project_ranges_of_indicator
from dashboard.answers.wording.evidence import grade_evidence
from dashboard.locales import LANGUAGES, t
from tests.answers.published import publish_states, use
from tests.evidence.database.figures import figure, figures

METRIC = "csat_exit_poll"
COUNTRIES = ("AZE", "GEO", "KAZ", "KGZ", "UGA", "UZB")
CLAIMANT = "UGA"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where submitted figures of six countries are published; those of one say nothing of their method."""
    rows = [
        figure(
            70.0 + place + year - 2016, indicator=METRIC, country=iso3, period=str(year), source="national_submission",
            series=f"level1:{iso3}" if iso3 == CLAIMANT else "level2:all",  # of one series, so that they are ranked
        )
        for place, iso3 in enumerate(COUNTRIES)
        for year in (2016, 2018, 2020, 2022)
    ]  # fmt: skip
    return publish_states(tmp_path_factory.mktemp("claims"), figures(*rows)).data_dir


@pytest.fixture(autouse=True)
def published(folder: Path) -> Iterator[None]:
    """The product uses them."""
    with use(folder):
        yield


def test_no_method_gives_a_claim_a_status_and_no_line_of_it_is_continued(ctx: Context) -> None:
    for row in assess_lines(ctx, metrics=[METRIC], methods=METHODS):
        claimed = row["country"] == CLAIMANT
        assert (row["reason"] == "claim_without_method") == claimed
        assert not claimed or row["status"] in (None, "no_assessment")
    assert CLAIMANT not in project_ranges_of_indicator(ctx, ctx.book.metrics[METRIC], COUNTRIES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_change_is_computed_from_a_claim(lang: str) -> None:
    def row(iso3: str) -> dict[str, object]:
        return dict(next(row for theme in view_country(open_context(lang), iso3)["themes"] for row in theme["rows"]))

    assert row(CLAIMANT)["change_text"] == t("answers.change.refused_claim", lang)
    assert row("UZB")["change_text"] != t("answers.change.refused_claim", lang)
    assert row(CLAIMANT)["figure"]["text"], "it is shown all the same"  # type: ignore[index]


def test_a_claim_enters_no_median_and_is_not_set_beside_one() -> None:
    spread = build_chart(ask_chart(open_context(), "distribution", METRIC, (CLAIMANT,)))
    latest = {row["country"]: row["value"] for row in spread.rows if row["value"] is not None}
    others = [value for iso3, value in latest.items() if iso3 != CLAIMANT]
    assert CLAIMANT in latest, "it is shown all the same"
    (middle,) = [label["at"] for label in spread.spec["datasets"]["labels"] if label["level"] < 0]
    assert middle == pytest.approx(median(others))
    assert middle != pytest.approx(median(latest.values()))
    assert "do not enter the median" in spread.sentence
    assert "the median:" not in spread.sentence.lower()
    row = next(row for theme in view_country(open_context(), CLAIMANT)["themes"] for row in theme["rows"])
    assert (row["medians"], row["compare_note"]) == ([], t("answers.medians.claim", "en"))
    beside = build_chart(ask_chart(open_context(), "beside", METRIC, (CLAIMANT,)))
    assert len(beside.rows) == 1
    assert "No median: the figure has no published method" in beside.sentence


def test_a_claim_enters_no_estimate_of_an_effect_and_no_change_in_a_chart(ctx: Context) -> None:
    assert CLAIMANT not in load_figures(ctx, ctx.book.metrics[METRIC]).values
    assert "no published method" in build_chart(ask_chart(ctx, "trend", METRIC, (CLAIMANT,))).sentence
    assert "no published method" not in build_chart(ask_chart(ctx, "trend", METRIC, ("UZB",))).sentence


def test_a_claim_has_no_place_and_the_others_are_ranked_without_it() -> None:
    chart = build_chart(ask_chart(open_context(), "ranking", METRIC, COUNTRIES))
    told = {row["country"]: (row["rank_best"], row["rank_reason"]) for row in chart.rows if row["value"] is not None}
    assert told[CLAIMANT] == (None, "claim_without_method")
    assert sorted(best for iso3, (best, _) in told.items() if iso3 != CLAIMANT) == [1, 2, 3, 4, 5]
    assert "Not ranked, for want of a published method (evidence level 1): Uganda." in chart.sentence
    assert (
        grade_evidence(
            open_context(), {"indicator": METRIC, "source": "national_submission", "series": "level1:UGA", "year": 2024}
        )
        == 1
    )
