"""Figures of governments that are no adopters: as published, apart from adopters, and under a licence that is known."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy import Engine

from dashboard.api.delivery.routes import files
from dashboard.codebook import load_codebook
from dashboard.delivery import store
from dashboard.delivery.elsewhere.building import build_figures
from dashboard.delivery.elsewhere.figures import COLUMNS, ElsewhereFigure, read_figures, write_figures
from dashboard.delivery.elsewhere.views import FILE_COLUMNS, answer_elsewhere, list_file_rows, view_elsewhere
from dashboard.delivery.metrics import metrics
from dashboard.delivery.views import services
from dashboard.locales import LANGUAGES, format_number, t
from dashboard.settings import Settings
from data_sources.registry import list_infos

EXCERPTS = Path(__file__).parent / "open_figures"
CANADA = "canada_service_inventory"


def read(name: str) -> list[dict[str, str]]:
    """The rows of an excerpt, as text: nothing of the product's own reading."""
    with (EXCERPTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


@pytest.fixture(scope="module")
def built() -> dict[tuple[str, str, str], ElsewhereFigure]:
    return {(one.id, one.part, one.until): one for one in build_figures(EXCERPTS)}


def test_canadas_shares_are_those_of_its_standards_with_both_numbers(
    built: dict[tuple[str, str, str], ElsewhereFigure],
) -> None:
    rows = read("canada-service-inventory/standards_all_numbers.csv")
    for part, kind in (("timeliness", "TML"), ("access", "ACS"), ("accuracy", "ACY")):
        of_kind = [row for row in rows if row["type"] == kind]
        pairs = [(number(row["volume_meeting_target"]), number(row["total_volume"])) for row in of_kind]
        kept = [(met, whole) for met, whole in pairs if met is not None and whole and met <= whole]
        found = built["volume", part, "2024-03-31"]
        assert 0 < len(kept) < len(pairs)
        assert (found.numerator, found.denominator) == (sum(met for met, _ in kept), sum(whole for _, whole in kept))
        assert (found.records, found.left_out) == (len(kept), len(pairs) - len(kept))
        assert found.value == pytest.approx(100 * (found.numerator or 0) / (found.denominator or 1), abs=1e-6)
    told = Counter(row["target_met"] for row in rows)
    standards = built["standards", "", "2024-03-31"]
    assert (standards.numerator, standards.denominator) == (told["Y"], told["Y"] + told["N"])
    assert standards.left_out == told["NA"] > 0


def test_canadas_channels_are_shares_of_the_same_applications(
    built: dict[tuple[str, str, str], ElsewhereFigure],
) -> None:
    rows = read("canada-service-inventory/services_all_numbers.csv")
    of_year = [row for row in rows if row["fiscal_yr"] == "2023-2024"]
    assert len(of_year) < len(rows)  # one of another year is no part of it
    whole = sum(number(row["num_applications_total"]) or 0 for row in of_year)
    channels = [one for one in built.values() if one.id == "applications"]
    assert len(channels) == 7
    for one in channels:
        counted = sum(number(row[f"num_applications_{one.part}"]) or 0 for row in of_year)
        assert (one.numerator, one.denominator) == (counted, whole)
    assert sum(one.value for one in channels) == pytest.approx(100, abs=1e-4)
    assert [one.part for one in channels if one.metric] == ["online"]


def test_englands_years_begin_in_april_and_count_those_within_four_hours(
    built: dict[tuple[str, str, str], ElsewhereFigure],
) -> None:
    rows = read("other-service-performance/england-nhs-ae/ae_attendances.csv")
    for part, kinds in (("all", {"1", "2", "other"}), ("major", {"1"})):
        for year in (2016, 2017, 2018):
            of_year = [
                row for row in rows if row["type"] in kinds and f"{year}-04" <= row["period"][:7] < f"{year + 1}-04"
            ]
            seen, late = (sum(int(row[name]) for row in of_year) for name in ("attendances", "breaches"))
            found = built["four_hours", part, f"{year + 1}-03-31"]
            assert (found.numerator, found.denominator) == (seen - late, seen)
            assert found.since == f"{year}-04-01"


def test_frances_figures_are_the_published_ones_of_the_last_day_with_one(
    built: dict[tuple[str, str, str], ElsewhereFigure],
) -> None:
    newest: dict[tuple[str, str], tuple[str, float]] = {}
    for row in read("other-service-performance/france-barometre/detail_national.csv"):
        if float(row["valeur"]):  # a zero stands for what had not begun
            key = row["id_indicateur"], row["date"][:4]
            newest[key] = max(newest.get(key, ("", 0.0)), (row["date"], float(row["valeur"])))
    french = [one for one in built.values() if one.country == "FRA"]
    assert {(one.series, one.until[:4]): (one.until, one.value) for one in french} == newest
    assert all(one.numerator is one.denominator is None for one in french)
    assert ("farm_payments", "", "2017-12-31") not in built


def test_a_file_that_is_not_there_has_no_figures_and_none_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds none of"):
        build_figures(tmp_path)
    folder = tmp_path / "other-service-performance" / "france-barometre"
    folder.mkdir(parents=True)
    name = "other-service-performance/france-barometre/detail_national.csv"
    (tmp_path / name).write_bytes((EXCERPTS / name).read_bytes())
    rows = build_figures(tmp_path)
    assert {one.country for one in rows} == {"FRA"}
    write_figures(rows, tmp_path / "f.csv")
    assert list(read_figures(tmp_path / "f.csv")) == rows


def test_what_is_shipped_adds_up_and_says_where_it_comes_from() -> None:
    figures = read_figures()
    assert {one.source for one in figures} == {CANADA, "france_barometre", "nhs_england_ae"}
    assert len({(one.id, one.part, one.until) for one in figures}) == len(figures)
    for one in figures:
        assert one.metric == "" or one.metric in metrics()
        assert one.unit in ("percent", "months")
        assert 0 < one.value <= 100
        assert one.retrieved
        assert "commit " in one.obtained
        assert len(one.sha256) == 64
        assert (one.numerator is None) == (one.how != "counts")
        if one.numerator is not None and one.denominator is not None:
            assert one.value == pytest.approx(100 * one.numerator / one.denominator, abs=1e-5)
        assert one.country not in {event.iso3 for event in load_codebook().events}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_unconfirmed_licence_keeps_figures_back_and_says_so(lang: str) -> None:
    held = view_elsewhere(lang, ())
    assert {row["source"] for row in held["rows"]} == {
        list_infos()[one].title for one in ("france_barometre", "nhs_england_ae")
    }
    said = {one["id"]: one for one in held["sources"]}
    assert [one for one, source in said.items() if source["withheld"]] == [CANADA]
    for source in said.values():
        assert source["licence"]
        assert source["licence_url"].startswith("https://")
        assert source["attribution"] == list_infos()[source["id"]].attribution
    assert CANADA not in {row["source"] for row in list_file_rows(lang, ())}
    assert "CAN" not in {row["country"] for row in answer_elsewhere(lang, ())["figures"]}
    assert view_elsewhere(lang, ("cpi", "canada")) == held  # another's name confirms nothing

    shown = view_elsewhere(lang, (CANADA,))
    assert not any(one["withheld"] for one in shown["sources"])
    parts = {(one.id, one.part): one.value for one in read_figures()}
    (whole,) = (row for row in shown["rows"] if row["others"])
    others = [value for (standard, part), value in parts.items() if standard == "applications" and part != "online"]
    assert [format_number(value, lang, 2 if value < 0.1 else 1) in whole["others"] for value in others] == [True] * 6
    assert len(shown["rows"]) == len(parts) - len(others)
    assert len(list_file_rows(lang, (CANADA,))) == len(read_figures())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_row_says_figure_time_promise_what_is_ours_and_what_differs(lang: str) -> None:
    rows = view_elsewhere(lang, (CANADA,))["rows"]
    assert len({(row["place"], row["name"]) for row in rows}) == len(rows)
    for row in rows:
        for key in ("place", "name", "value", "period", "metric", "how", "source", "source_url"):
            assert row[key], key  # type: ignore[literal-required]
        assert bool(row["differs"]) == (row["metric"] != t("elsewhere.no_metric", lang))
    assert [row["width"] for row in rows if row["promise_at"] == "95.0%"] == ["88.0%", "81.5%"]
    months = [row for row in rows if not row["width"]]
    assert [bool(row["promise"]) for row in months] == [True]


def test_every_column_of_the_file_is_told() -> None:
    rows = list_file_rows("en", (CANADA,))
    assert set(FILE_COLUMNS) == set(rows[0]) >= set(COLUMNS)
    assert {row["nature"] for row in rows} == {"C"}
    assert {row["evidence_level"] for row in rows} == {4}


def test_nothing_of_it_is_among_adopters(record: Engine) -> None:
    assert store.countries(record) == []
    view = services(record, "en")
    assert view["countries"] == []
    assert len(list_file_rows("en", (CANADA,))) > 0


@pytest.mark.parametrize("confirmed", [(), (CANADA,)])
async def test_the_api_gives_the_rows_that_may_be_shown_and_the_file_the_same(
    monkeypatch: pytest.MonkeyPatch, monitor_settings: Settings, confirmed: tuple[str, ...]
) -> None:
    held = monitor_settings.model_copy(update={"confirmed_licences": confirmed})
    monkeypatch.setattr("dashboard.api.delivery.routes.settings", lambda: held)
    app = FastAPI()
    app.include_router(files)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://monitor.example") as client:
        told = (await client.get("/services/elsewhere", params={"lang": "fr"})).json()
        file = await client.get("/services/elsewhere.csv", params={"lang": "fr"})
    lines = list(csv.DictReader(file.text.splitlines()))
    assert [one["sha256"] for one in lines] == [one["sha256"] for one in told["figures"]]
    assert [float(one["value"]) for one in lines] == [one["value"] for one in told["figures"]]
    assert ("CAN" in {one["country"] for one in lines}) == bool(confirmed)
    assert {one["id"] for one in told["sources"] if one["withheld"]} == {CANADA} - set(confirmed)
    assert all(one["licence"] and one["attribution"] for one in lines)
