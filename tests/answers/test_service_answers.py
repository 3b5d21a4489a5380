"""Every question has an answer of the promised shape, in every language, stamped by whatever makes its bytes."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from dashboard.answers.adoption.counting import DEFAULT_RULE
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.rows import find_latest
from dashboard.answers.base.stamp import write_stamp
from dashboard.answers.charts.options import list_options
from dashboard.answers.compare.compare import compare
from dashboard.answers.countries.countries import list_countries
from dashboard.answers.countries.country import view_country
from dashboard.answers.freshness.dataset_status import describe_dataset
from dashboard.answers.freshness.sources import view_sources
from dashboard.answers.goals.goals import list_goals, view_goal, view_target
from dashboard.answers.goals.principles import list_principles, list_themes
from dashboard.answers.indicators.index import search_indicators
from dashboard.answers.indicators.indicator import view_indicator
from dashboard.answers.indicators.table import view_table
from dashboard.answers.method.method import view_method
from dashboard.answers.public.shapes import Row
from dashboard.answers.revisions.provenance import trace_observation
from dashboard.answers.site.overview import view_overview
from dashboard.answers.wording.evidence import STRENGTHS
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import CountingRule, Strength
from dashboard.evidence.dataset.schema import PUBLIC
from dashboard.runtime import release
from dashboard.settings import Settings
from tests.answers.shape import faults, texts
from tests.languages import SWEPT

pytestmark = pytest.mark.usefixtures("embedded")

UNFILLED = re.compile(r"\{|\b(answers|terms|ui|units)\.[a-z_]+\.")
"""A placeholder or a key of the catalogue that reached the reader."""

QUESTIONS: list[tuple[Callable[..., Any], tuple[object, ...]]] = [
    (view_overview, ()),
    (view_overview, ("operating",)),
    (list_goals, ()),
    (view_goal, (16,)),
    (view_goal, (14,)),
    (view_target, ("16.6",)),
    (view_target, ("14.1",)),
    (list_principles, ()),
    (list_themes, ()),
    (search_indicators, ()),
    (search_indicators, ("bribery", "integrity", 16, "integrity")),
    (list_countries, ()),
    (view_country, ("AZE",)),
    (view_country, ("XKX",)),
    (view_country, ("ATA",)),
    (compare, ("wgi_cc",)),
    (compare, ("egdi",)),
    (view_table, ("basic_water", ("AZE", "UGA"), 2010, 2015, 1, 100)),
    (view_sources, ()),
    (view_method, ()),
    (list_options, ()),
    (describe_dataset, ()),
]


@pytest.mark.parametrize("lang", SWEPT)
@pytest.mark.parametrize(("question", "arguments"), QUESTIONS)
def test_answers_have_the_promised_shape(
    question: Callable[..., Any], arguments: tuple[object, ...], lang: str
) -> None:
    answer = question(open_context(lang), *arguments)
    assert faults(answer, get_type_hints(question)["return"]) == []
    json.dumps(answer, allow_nan=False)
    assert [text for text in texts(answer) if UNFILLED.search(text[1])] == []


@pytest.mark.parametrize("lang", SWEPT)
def test_every_indicator_has_a_page_and_an_empty_one_says_why_and_who(lang: str) -> None:
    ctx = open_context(lang)
    for metric in load_codebook().metrics:
        page = view_indicator(ctx, metric)
        assert faults(page, get_type_hints(view_indicator)["return"]) == []
        assert page["empty"] == bool(page["why_empty"]) == bool(page["who_can_supply"])
        assert page["empty"] == (not page["citation"])
        assert page["coverage"]["text"]
        assert len(page["know"]) <= 3
        assert page["computed"]


def _any_row(ctx: Context, metric: str) -> dict[str, Any]:
    return next(iter(find_latest(ctx, metric).values()))


def test_every_indicator_with_figures_can_be_traced_to_its_file(ctx: Context) -> None:
    for metric in load_codebook().metrics:
        if find_latest(ctx, metric):
            way = trace_observation(ctx, _any_row(ctx, metric)["id"])
            assert faults(way, get_type_hints(trace_observation)["return"]) == []
            assert len(way["raw_sha256"]) == 64
            assert way["publisher"]
            assert way["licence"]
            assert way["source_url"].startswith("https://")


def test_answers_are_copies_that_a_reader_may_change() -> None:
    first = view_overview(open_context())
    first["counting"]["count"] = -1
    assert view_overview(open_context())["counting"]["count"] > 0


def test_constants_agree() -> None:
    assert tuple(Row.__annotations__) == PUBLIC
    assert set(STRENGTHS) == set(get_args(Strength))
    assert DEFAULT_RULE in get_args(CountingRule)


ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "name",
    [
        "data_sources/cpi/source.toml", "data_sources/registry.py", "dashboard/contributions/delivery/drawings.py",
        "dashboard/locales/en/ui.toml", "assets/world.json", "dashboard/answers/base/rows.py",
    ],
)  # fmt: skip
def test_other_words_licences_or_code_are_another_version(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, read = release.code_version(), Path.read_bytes
    changed = ROOT / name
    assert changed.is_file()
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path) + (b" " if path == changed else b""))
    assert release.code_version.__wrapped__() != before


@pytest.mark.usefixtures("embedded")
def test_other_sites_of_a_publisher_are_another_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    ctx = open_context("en")
    before = write_stamp(ctx)
    sites: Any = {"open_sdg": {"sites": [{"id": "kaz", "title": "Another title"}]}}
    made = Settings(_env_file=None, sources=sites)
    monkeypatch.setattr("dashboard.answers.base.stamp.settings", lambda: made)
    assert write_stamp(ctx) != before
