"""The first words of a page and what can be taken of a chart: the figures, the links and the frames they name."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from dashboard.answers.adoption.counting import list_adopters
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.base.rows import find_latest, find_stats, has_figure
from dashboard.answers.charts.query import ask
from dashboard.answers.charts.url import chart_url
from dashboard.answers.countries.standing import view_standing
from dashboard.answers.files.share import view_shared, write_frame
from dashboard.answers.goals.principles import view_principle
from dashboard.answers.site import brief
from dashboard.answers.wording.figures import build_figure
from dashboard.evidence.codebook import load_codebook
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")

BOOK = load_codebook()


def test_an_indicator_has_a_line_for_the_origin_and_each_adopter_with_a_figure_by_name(ctx: Context) -> None:
    for metric in ("wgi_cc", "bribery_persons", "csat_exit_poll"):
        lines = brief.list_lines_of_indicator(ctx, metric)
        having = [iso3 for iso3 in ("AZE", *list_adopters(ctx)) if has_figure(find_latest(ctx, metric).get(iso3))]
        assert sorted(line.to for line in lines) == sorted(f"/en/countries/{iso3}/" for iso3 in having)
        names = [line.text.partition(":")[0] for line in lines]
        assert (names[:1], names[1:]) == (["Azerbaijan"][: len(names)], sorted(names[1:]))
    assert brief.list_lines_of_indicator(None, "wgi_cc") == ()


def test_a_country_has_a_line_for_each_indicator_with_a_figure(ctx: Context) -> None:
    first, *lines = brief.list_lines_of_country(ctx, "uzb")
    standing = view_standing(ctx, "UZB")
    assert first.text == f"{standing['text']} {standing['caution']}"
    assert first.to.startswith("/en/compare/?country=UZB,")
    having = [metric for metric in BOOK.metrics if has_figure(find_latest(ctx, metric).get("UZB"))]
    assert [line.to for line in lines] == [f"/en/indicators/{metric}/" for metric in having]
    for metric, line in zip(having, lines, strict=True):
        it = build_figure(ctx, BOOK.metrics[metric], find_latest(ctx, metric)["UZB"])
        assert line.text == f"{BOOK.metrics[metric].name['en']}: {it['quantity']} ({it['period']}), {it['edition']}"
    assert brief.list_lines_of_country(None, "UZB") == ()


def test_a_goal_has_its_targets_and_a_target_its_official_indicators_and_ours(ctx: Context) -> None:
    targets = [code for code, it in BOOK.targets.items() if it.goal == 16]
    assert [line.to for line in brief.list_lines_of_goal(ctx, 16)] == [f"/en/targets/{code}/" for code in targets]
    lines = brief.list_lines_of_target(ctx, "16.5")
    official = [one.code for one in BOOK.sdg_indicators.values() if one.target == "16.5"]
    ours = [it.id for it in BOOK.metrics.values() if any(link.target == "16.5" for link in it.links)]
    assert [line.text.partition(" ")[0] for line in lines[: len(official)]] == official
    assert [line.to for line in lines[len(official) :]] == [f"/en/indicators/{metric}/" for metric in ours]
    assert brief.list_lines_of_goal(None, 16) == brief.list_lines_of_target(None, "16.5") == ()
    view = view_principle(ctx, "integrity")
    first, *rest = brief.list_lines_of_evidence(ctx, view)
    assert first == brief.BriefLine(view["evidence"]["text"])
    assert [line.to for line in rest] == [f"/en/indicators/{card['id']}/" for card in view["indicators"]]


def test_a_page_of_a_day_that_leads_nowhere_has_no_words() -> None:
    assert brief.open_page_context("en", "1990-01-01") is brief.open_page_context("en", "soon") is None
    today, then = brief.open_page_context("fr"), brief.open_page_context("en", "2026-11-24")
    assert (today.lang, today.as_of) == ("fr", None)
    assert str(then.as_of) == "2026-11-24"


def test_an_indicator_is_described_as_a_dataset_by_its_publisher_years_and_files(ctx: Context) -> None:
    for metric in BOOK.metrics:
        told, stats = brief.describe_dataset(ctx, metric), find_stats(ctx, metric)
        assert told["url"].endswith(f"/en/indicators/{metric}/")
        assert told.get("temporalCoverage") == (f"{min(stats.years)}/{max(stats.years)}" if stats.years else None)
        assert ("dateModified" in told) == ("creator" in told) == bool(stats.rows)
        assert told["isAccessibleForFree"] is True
        files = [one["contentUrl"].split("?")[0].rpartition(".")[2] for one in told["distribution"]]
        assert files == ["csv", "json", "parquet"]
        assert all_of(one["contentUrl"].endswith(f"?indicator={metric}") for one in told["distribution"])


def test_a_chart_is_shared_live_as_of_its_day_and_by_its_dataset(ctx: Context) -> None:
    view = view_shared(ctx, chart_url(ask(ctx, "trend", "wgi_cc", ("UZB",), 2010), "json"))
    asked = {name: dict(parse_qsl(urlsplit(path).query)) for name, path in view["frames"].items()}
    common = {"indicator": "wgi_cc", "country": "UZB", "from": "2010"}
    assert asked == {
        "live": common, "pinned": common | {"as_of": "2026-12-01"},
        "version": common | {"dataset": ctx.dataset.version},
    }  # fmt: skip
    assert (view["version"], view["date"], view["height"]) == (ctx.dataset.version, "1 December 2026", 680)
    earlier = open_context(as_of="2026-11-24")
    assert set(view_shared(earlier, chart_url(ask(earlier, "map", "wgi_cc"), "json"))["frames"]) == {"live", "pinned"}
    with pytest.raises(Invalid):
        view_shared(ctx, "/api/v1/charts/mapping.json")


def test_the_code_of_a_frame_has_its_address_theme_title_and_height(ctx: Context) -> None:
    view = view_shared(ctx, chart_url(ask(ctx, "trend", "wgi_cc", ("UZB",)), "json"))
    plain, dark = (write_frame(view, "live", theme, "https://a.example") for theme in ("auto", "dark"))
    assert 'src="https://a.example/embed/en/trend/?indicator=wgi_cc&amp;country=UZB"' in plain
    assert "&amp;theme=dark" in dark
    assert "theme" not in plain
    assert 'title="Control of corruption (WGI)"' in plain
    assert 'height="680"' in plain
