"""When publishers were last heard, when news is due, and why a series is missing: by the day of the context."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from dashboard import settings as settings_module
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.rows import find_latest
from dashboard.answers.freshness.dataset_status import describe_dataset, describe_dataset_change, describe_update
from dashboard.answers.freshness.sources import FAMILIES, STATUSES, _rows, classify_outcome, view_sources
from dashboard.answers.freshness.views import SourceView
from dashboard.answers.indicators.indicator import view_indicator
from dashboard.answers.method.method import view_method
from dashboard.answers.revisions.provenance import trace_observation
from dashboard.answers.wording.citation import cite_indicator, name_issue, name_source
from dashboard.answers.wording.publishers import describe_licence
from dashboard.evidence.database import runs
from dashboard.evidence.database.engine import open_engine
from dashboard.locales import LANGUAGES
from dashboard.settings import Settings, settings
from data_sources.registry import list_infos
from tests.checks import all_of


def _seen(source: str, day: str) -> dict[str, Any]:
    return cast(Any, next(one for one in view_sources(open_context(as_of=day))["sources"] if one["id"] == source))


@pytest.mark.usefixtures("handmade")
def test_figures_of_no_published_year_span_no_years() -> None:
    """They were said to be of the years “None to None”."""
    row = {"source": "un_sdg", "edition": "2026", "value": 80.0, "raw_sha256": ""}
    frame = pl.DataFrame(
        [row | {"indicator": "undated", "year": None}, row | {"indicator": "both", "year": None},
         row | {"indicator": "both", "year": 2023}],
        schema_overrides={"year": pl.Int32},
    )  # fmt: skip
    ctx = replace(open_context(), dataset=cast(Any, SimpleNamespace(scan=frame.lazy)))
    assert _rows(ctx)["un_sdg"]["spans"] == {"both": (2023, 2023)}


@pytest.mark.usefixtures("handmade")
def test_publishers_that_feed_the_dataset_come_first_with_their_rows_editions_and_years() -> None:
    view = view_sources(open_context())
    places = [(one["rows"] == 0, one["title"].casefold()) for one in view["sources"]]
    assert places == sorted(places)
    held = {one["id"]: one for one in view["sources"] if one["rows"]}
    assert {id_: one["rows"] for id_, one in held.items()} == {"un_sdg": 5, "world_bank": 7}
    users = next(one for one in held["world_bank"]["indicators"] if one["id"] == "internet_users")
    corruption = next(one for one in held["world_bank"]["indicators"] if one["id"] == "wgi_cc")
    assert (users["note"], corruption["note"]) == ("2023 to 2023", "2015 to 2023")
    assert held["un_sdg"]["status"] == "failing"
    labels = [one["label"].casefold() for one in held["un_sdg"]["indicators"]]
    assert labels == sorted(labels)
    assert not any(choice["chosen"] for one in view["sources"] for choice in one["indicators"]), "nothing was chosen"
    assert view["text"] == "2 sources feed this dataset. 1 series failed when last asked."


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_licence_that_is_words_is_in_the_readers_language_another_is_its_name(lang: str) -> None:
    names = {"CC BY 4.0", "CC BY-ND 4.0"}
    for view in view_sources(open_context(lang))["sources"]:
        said = list_infos()[view["id"]].licence
        assert (view["licence"] == said) == (lang == "en" or said in names), view["id"]


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_wherever_a_licence_is_read_it_is_in_the_readers_language(lang: str) -> None:
    ctx = open_context(lang)
    words = describe_licence(ctx, list_infos()["egdi"])
    (row,) = (one for one in find_latest(ctx, "egdi").values() if one["country"] == "AZE")
    assert (words == "UN terms of use") == (lang == "en")
    assert words in name_source(ctx, ctx.book.metrics["egdi"])
    assert words in {step["text"] for step in trace_observation(ctx, row["id"])["steps"] if step["id"] == "licence"}


@pytest.mark.parametrize(
    ("state", "code", "family"),
    [
        ("waiting", "http_503", "waiting"), ("failed", "http_500", "unreachable"),
        ("failed", "http_408", "unreachable"), ("failed", "http_429", "unreachable"),
        ("failed", "http_404", "refused"), ("failed", "http_", "refused"), ("failed", "values.range", "checks"),
        ("failed", "something", "other"),
        *(("failed", code, family) for family, codes in FAMILIES.items() for code in codes[:1]),
    ],
)  # fmt: skip
def test_a_failure_is_of_a_kind_a_reader_understands(state: str, code: str, family: str) -> None:
    assert classify_outcome(cast(Any, {"state": state, "code": code})) == family


@pytest.mark.usefixtures("handmade")
def test_the_state_of_the_dataset_says_its_rows_its_day_and_the_latest_change() -> None:
    now, then = describe_dataset(open_context()), describe_dataset(open_context(as_of="2026-03-01"))
    assert (now["rows"], then["rows"]) == (12, 12)
    assert (now["past"], then["past"]) == (False, True)
    assert (now["as_of"], then["as_of"]) == ("2026-03-02", "2026-03-01")
    assert now["published_at"].startswith("2026-03-02T12:00")
    assert now["rows_text"] == "12 rows", "a row may say that there is no value"
    assert now["change"] == "Since 1 March 2026: 1 row added, 1 replaced."
    assert describe_dataset_change(open_context(as_of="2026-03-01")) == ""
    assert describe_update(open_context(), "internet_users") == "1 March 2026"
    assert describe_update(open_context(), "egdi") == ""


@pytest.mark.usefixtures("handmade")
@pytest.mark.parametrize(
    ("editions", "issue"),
    [
        (("WGI 2024",), "Worldwide Governance Indicators, WGI 2024"),
        (("2023", "2024"), "Worldwide Governance Indicators, 2023 and 2024"),
        (("2022", "2023", "2024"), "Worldwide Governance Indicators, 2022 to 2024"),
        (("Worldwide Governance Indicators 2024",), "Worldwide Governance Indicators 2024"),
    ],
)
def test_of_many_editions_the_first_and_the_last_are_named(editions: tuple[str, ...], issue: str) -> None:
    row = {"source": "world_bank", "series": "GOV_WGI_CC.EST", "retrieved_at": datetime(2026, 3, 1, tzinfo=UTC)}
    assert name_issue(open_context(), row, editions) == issue


@pytest.mark.usefixtures("embedded")
def test_the_day_of_retrieval_is_one_in_citation_panel_and_sources(ctx: Context) -> None:
    """The index of corruption stood unchanged when its file was read again: two days were told of it."""
    row = find_latest(ctx, "ti_cpi")["AZE"]
    assert row["retrieved_at"].date().isoformat() == "2026-11-24"
    (sources,) = (one for one in view_sources(ctx)["sources"] if one["id"] == "cpi")
    assert sources["last_success"] == "2026-12-01"
    traced = trace_observation(ctx, row["id"])
    (retrieved,) = (step["text"] for step in traced["steps"] if step["id"] == "retrieved")
    assert retrieved.startswith(
        "1 December 2026. First read on 24 November 2026, and unchanged since. The day the file"
    )
    citations = (traced["citation"], cite_indicator(ctx, ctx.book.metrics["ti_cpi"]))
    assert all_of("retrieved 1 December 2026" in citation for citation in citations)
    assert describe_update(ctx, "ti_cpi") == "1 December 2026"
    before = open_context(as_of="2026-11-24")
    assert "retrieved 24 November 2026" in cite_indicator(before, before.book.metrics["ti_cpi"])


@pytest.mark.usefixtures("embedded")
def test_sources_say_as_provenance_does_that_a_copy_was_read_and_never_that_it_was_today() -> None:
    views = {one["id"]: one for one in view_sources(open_context())["sources"]}
    said = "From public copies; their day is not known."
    assert {one["copy_text"] for one in views.values() if one["rows"]} == {said}
    assert {one["copy_text"] for one in views.values() if not one["rows"]} == {""}
    assert "today" not in str(views)


@pytest.mark.usefixtures("handmade")
def test_each_source_stands_in_a_word_that_the_method_page_defines() -> None:
    seen = {one["id"]: one for one in view_sources(open_context())["sources"]}
    assert seen["un_sdg"]["status"] == "failing"
    assert seen["un_sdg"]["failures"]
    assert seen["cpi"]["status"] == "never"
    assert seen["world_bank"]["status"] == "behind", (
        "figures to 2023, and an edition to 2024 was published by November 2025"
    )
    assert all_of(one["status_text"] and one["status_meaning"] for one in seen.values())
    (section,) = [one for one in view_method(open_context())["sections"] if one["id"] == "source_status"]
    assert [one["id"] for one in section["terms"]] == [f"source_{status}" for status in STATUSES]


@pytest.mark.usefixtures("handmade")
def test_an_id_of_the_method_page_is_given_once_and_the_first_to_have_it_keeps_it() -> None:
    """Links to a word of the page would lead to another one of the same code."""
    sections = {one["id"]: [term["id"] for term in one["terms"]] for one in view_method(open_context())["sections"]}
    ids = [*sections, *(id_ for terms in sections.values() for id_ in terms)]
    assert len(set(ids)) == len(ids)
    assert {"operating", "signed", "disputed"} <= set(sections["adoption_status"])
    assert {"agency_reported"} <= set(sections["support"])
    assert {"missing", "censored", "not_applicable"} <= set(sections["no_data"])
    assert {"value_status_missing", "value_status_censored"} <= set(sections["value_status"])
    assert "glossary_interval" in sections["glossary"]


@pytest.mark.usefixtures("handmade")
def test_a_later_failure_was_not_known_on_an_earlier_day() -> None:
    seen = {one["id"]: one for one in view_sources(open_context(as_of="2026-03-01"))["sources"]}
    assert (seen["un_sdg"]["failures"], seen["un_sdg"]["last_success"]) == ([], "2026-03-01")


@pytest.mark.usefixtures("embedded")
def test_a_source_is_named_where_its_rows_are_shown(ctx: Context) -> None:
    view = view_indicator(ctx, "ti_cpi")
    assert view["source_text"] == "Corruption Perceptions Index, CPI 2025"
    assert {one["source"]: one["role_text"] for one in view["series"]} == {
        "cpi": "shown", "owid": "not in this dataset",
    }  # fmt: skip
    empty = view_indicator(open_context("en", "2026-11-24"), "sat_overall_gov")
    assert empty["source_text"] == "Global SDG Indicators Database", "who has the series"
    assert {one["role_text"] for one in empty["series"]} == {"not in this dataset"}
    for metric in ctx.book.metrics:
        for one in view_indicator(ctx, metric)["series"]:
            assert (one["rows"] == 0) == (one["role_text"] == "not in this dataset")


LATER = datetime(2026, 5, 1, 9, tzinfo=UTC)


@pytest.fixture
def own(handmade_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A copy of the handmade data that a test may add to."""
    open_engine(handmade_settings).dispose()
    shutil.copytree(handmade_settings.data_dir, tmp_path / "data")
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "data"))
    settings_module.settings.cache_clear()
    yield settings()
    open_engine(settings()).dispose()
    settings_module.settings.cache_clear()


def seen(source: str) -> SourceView:
    return next(one for one in view_sources(open_context())["sources"] if one["id"] == source)


def tell(own: Settings, state: str, code: str) -> None:
    record = open_engine(own)
    run = runs.start_run(record, trigger="command", plan={})
    one = runs.SeriesOutcome(
        run=run, source="world_bank", series="IT.NET.USER.ZS", indicator="internet_users", state=state, code=code,
        message="in words", retrieved_at=LATER,
    )  # fmt: skip
    runs.record_outcome(record, one)
    runs.finish_run(record, run, "partly", {})


def test_a_failure_is_seen_without_a_publication(own: Settings) -> None:
    version = open_context().dataset.version
    assert seen("world_bank")["failures"] == []
    tell(own, "failed", "http_503")
    (failure,) = seen("world_bank")["failures"]
    assert (failure["indicator"], failure["detail"]) == ("internet_users", "in words")
    assert failure["reason"] == "The publisher could not be reached."
    assert failure["when"] == "1 May 2026"
    assert open_context().dataset.version == version
    assert "2 series failed" in view_sources(open_context())["text"]


def test_a_success_is_seen_without_a_publication(own: Settings) -> None:
    tell(own, "unchanged", "")
    assert seen("world_bank")["last_success"] == "2026-05-01"


def test_what_waits_for_a_person_says_so(own: Settings) -> None:
    tell(own, "waiting", "review.share")
    (failure,) = seen("world_bank")["failures"]
    assert "a person must approve" in failure["reason"]
    assert "published before stay" in failure["meaning"]


def test_without_the_record_the_published_outcomes_are_told(own: Settings) -> None:
    open_engine(own).dispose()
    for path in own.data_dir.glob("monitor.sqlite3*"):
        path.unlink()
    assert [one["series"] for one in seen("un_sdg")["failures"]] == ["SP_PSR_OSATIS_GOV"]
