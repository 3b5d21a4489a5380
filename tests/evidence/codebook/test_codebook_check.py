"""The check explains each kind of fault by file, row and column, and says what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.evidence.codebook.check import check_folder
from dashboard.evidence.codebook.faults import CodebookError, Fault
from dashboard.evidence.codebook.loader import read_codebook
from dashboard.evidence.codebook.tables import TEXT_FIELDS
from tests.checks import all_of

from .conftest import Spoil

CELLS = [
    # file, changed cells, row, column at fault, rule
    ("metrics.csv", {"unit": "pct"}, {"id": "egdi"}, "unit", "cell.word"),
    ("metrics.csv", {"limit_high": "1,0"}, {"id": "egdi"}, "limit_high", "cell.number"),
    ("metrics.csv", {"limit_high": "1e3"}, {"id": "egdi"}, "limit_high", "cell.number"),
    ("metrics.csv", {"target_set_by": "us"}, {"id": "basic_water"}, "target_set_by", "cell.word"),
    ("metrics.csv", {"evidence_level": "5"}, {"id": "egdi"}, "evidence_level", "cell.form"),
    ("metrics.csv", {"evidence_level": ""}, {"id": "egdi"}, "evidence_level", "cell.empty"),
    ("metrics.csv", {"sdsn_red": "low"}, {"id": "ti_cpi"}, "sdsn_red", "cell.number"),
    ("metrics.csv", {"sdsn_code": "CPI"}, {"id": "ti_cpi"}, "sdsn_code", "cell.form"),
    ("metrics.csv", {"sdsn_red": ""}, {"id": "ti_cpi"}, "sdsn_set_by", "metric.sdsn"),
    ("metrics.csv", {"sdsn_set_by": ""}, {"id": "ti_cpi"}, "sdsn_set_by", "metric.sdsn"),
    ("metrics.csv", {"sdsn_set_by": "project"}, {"id": "ti_cpi"}, "sdsn_code", "metric.sdsn"),
    ("metrics.csv", {"sdsn_red": "70"}, {"id": "ti_cpi"}, "sdsn_lower", "metric.sdsn"),
    ("metrics.csv", {"direction": "lower"}, {"id": "ti_cpi"}, "sdsn_lower", "metric.sdsn"),
    ("metrics.csv", {"sdsn_optimum": "101"}, {"id": "ti_cpi"}, "sdsn_optimum", "metric.out_of_bounds"),
    ("metrics.csv", {"line": "true"}, {"id": "egdi"}, "line", "cell.yes_no"),
    ("metrics.csv", {"name": ""}, {"id": "egdi"}, "name", "cell.empty"),
    ("metrics.csv", {"name": "EGDI "}, {"id": "egdi"}, "name", "cell.blanks"),
    ("metrics.csv", {"decimals": "12"}, {"id": "egdi"}, "decimals", "cell.form"),
    ("metrics.csv", {"source_type": "file; web"}, {"id": "egdi"}, "source_type", "cell.word"),
    ("metrics.csv", {"id": "wgi_ge"}, {"id": "wgi_va"}, "id", "row.duplicate"),
    ("metrics.csv", {"centre": ""}, {"id": "budget_reliability"}, "centre", "metric.centre"),
    ("metrics.csv", {"centre": "50"}, {"id": "bribery_persons"}, "centre", "metric.centre"),
    ("metrics.csv", {"limit_low": "2"}, {"id": "egdi"}, "limit_high", "metric.bounds"),
    ("metrics.csv", {"usual_low": "3"}, {"id": "wgi_cc"}, "usual_high", "metric.bounds"),
    ("metrics.csv", {"limit_low": "-3"}, {"id": "wgi_cc"}, "usual_low", "metric.bounds"),
    ("metrics.csv", {"target_2030": "120"}, {"id": "basic_water"}, "target_2030", "metric.out_of_bounds"),
    ("metrics.csv", {"target_2030": "95"}, {"id": "budget_reliability"}, "target_2030", "metric.target"),
    ("metrics.csv", {"direction": "none"}, {"id": "basic_water"}, "target_2030", "metric.target"),
    ("metrics.csv", {"target_source": ""}, {"id": "basic_water"}, "target_source", "metric.target"),
    ("metrics.csv", {"target_set_by": "project"}, {"id": "egdi"}, "target_set_by", "metric.target"),
    ("metrics.csv", {"rights_hook_checked": ""}, {"id": "basic_water"}, "rights_hook_checked", "metric.hook"),
    ("metrics.csv", {"no_link_reason": ""}, {"id": "nps"}, "no_link_reason", "metric.link"),
    ("metrics.csv", {"source_type": "un_sdg"}, {"id": "nps"}, "source_type", "metric.series"),
    ("comparability.csv", {"metric": "wgi"}, {"metric": "wgi_cc"}, "metric", "reference.dangling"),
    ("comparability.csv", {"population": "people"}, {"metric": "bribery_firms"}, "population", "cell.word"),
    ("comparability.csv", {"source": ""}, {"metric": "wgi_cc"}, "source", "cell.empty"),
    ("comparability.csv", {"population": ""}, {"metric": "coverage_4g"}, "metric", "comparability.empty"),
    ("comparability.csv", {"scale": "zero_to_one"}, {"metric": "ti_cpi"}, "scale", "comparability.scale"),
    ("comparability.csv", {"method": "metadata_16_6_2"}, {"metric": "ti_cpi"}, "method", "comparability.method"),
    ("links.csv", {"target": "16.99"}, {"metric": "wgi_pv"}, "target", "reference.dangling"),
    ("links.csv", {"sdg_indicator": "16.6.9"}, {"metric": "wgi_ge"}, "sdg_indicator", "reference.dangling"),
    ("links.csv", {"principle": "honesty"}, {"metric": "wgi_cc"}, "principle", "reference.dangling"),
    ("links.csv", {"metric": "wgi_xx"}, {"metric": "wgi_cc"}, "metric", "reference.dangling"),
    ("links.csv", {"strength": ""}, {"metric": "wgi_cc"}, "strength", "cell.empty"),
    ("links.csv", {"rationale": ""}, {"metric": "wgi_cc"}, "rationale", "cell.empty"),
    ("links.csv", {"strength": "direct"}, {"metric": "wgi_cc"}, "strength", "link.direct"),
    ("links.csv", {"sdg_indicator": "16.5.1"}, {"metric": "wgi_ge"}, "sdg_indicator", "link.indicator"),
    ("links.csv", {"target": "", "principle": ""}, {"metric": "wgi_cc"}, "target", "link.empty"),
    ("links.csv", {"target": "16.6"}, {"metric": "egov_osi", "target": "17.8"}, "target", "link.twice"),
    ("series.csv", {"source": "worldbank"}, {"metric": "wgi_cc"}, "source", "reference.source"),
    ("series.csv", {"metric": "wgi"}, {"metric": "wgi_cc"}, "metric", "reference.dangling"),
    ("series.csv", {"companions": "std_error"}, {"metric": "wgi_cc"}, "companions", "cell.pair"),
    ("series.csv", {"companions": ""}, {"metric": "wgi_cc"}, "interval", "series.interval"),
    ("series.csv", {"role": "secondary"}, {"metric": "wgi_cc"}, "role", "series.primary"),
    ("series.csv", {"role": "primary"}, {"metric": "internet_users", "role": "secondary"}, "role", "series.primary"),
    ("series_aliases.csv", {"source": "unsd"}, {"alias": "VC_PRS_UNSEC"}, "source", "reference.source"),
    ("series_aliases.csv", {"series": "VC_PRS_UNS"}, {"alias": "VC_PRS_UNSEC"}, "series", "alias.unused"),
    ("series_aliases.csv", {"alias": "IU_COR_BRIB"}, {"alias": "VC_PRS_UNSEC"}, "alias", "alias.in_use"),
    ("series_aliases.csv", {"first_release": ""}, {"alias": "VC_PRS_UNSEC"}, "first_release", "cell.empty"),
    ("national.csv", {"source": "kazstat"}, {"series": "kaz:16-6-2"}, "source", "reference.source"),
    ("national.csv", {"series": "rwa:16-6-2"}, {"series": "kaz:16-6-2"}, "series", "national.site"),
    ("national.csv", {"series": "16-6-2"}, {"series": "kaz:16-6-2"}, "series", "cell.form"),
    ("national.csv", {"country": "KZ"}, {"series": "kaz:16-6-2"}, "country", "reference.dangling"),
    ("national.csv", {"definition": ""}, {"series": "kaz:16-6-2"}, "definition", "cell.empty"),
    ("national.csv", {"evidence_level": "5"}, {"series": "kaz:16-6-2"}, "evidence_level", "cell.form"),
    ("national.csv", {"country": "KAZ"}, {"series": "rwa:_L_RW_160602_1"}, "metric", "row.duplicate"),
    ("targets.csv", {"goal": "15"}, {"code": "16.6"}, "goal", "code.parent"),
    ("targets.csv", {"title_fr": ""}, {"code": "16.6"}, "title_fr", "title.language"),
    ("sdg_indicators.csv", {"target": "16.5"}, {"code": "16.6.2"}, "target", "code.parent"),
    ("sdg_indicators.csv", {"title_ar": "نص"}, {"code": "11.5.3"}, "title_ar", "title.language"),
    ("goals.csv", {"colour": "red"}, {"number": "4"}, "colour", "cell.form"),
    ("countries.csv", {"iso2": "AM"}, {"iso3": "AZE"}, "iso2", "country.code_taken"),
    ("countries.csv", {"m49": ""}, {"iso3": "AZE"}, "m49", "country.m49"),
    ("countries.csv", {"m49": "31"}, {"iso3": "AZE"}, "m49", "cell.form"),
    ("countries.csv", {"tile_column": "20", "tile_row": "5"}, {"iso3": "TUR"}, "tile_column", "tile.taken"),
    ("countries.csv", {"tile_row": ""}, {"iso3": "TUR"}, "tile_column", "tile.half"),
    ("area_aliases.csv", {"iso3": "ROM"}, {"value": "ROM"}, "iso3", "reference.dangling"),
    ("area_aliases.csv", {"source": "wgi"}, {"value": "ROM"}, "source", "reference.source"),
    ("search_aliases.csv", {"id": "cpi"}, {"kind": "metric", "id": "ti_cpi"}, "id", "reference.dangling"),
    ("search_aliases.csv", {"id": "honesty"}, {"kind": "theme"}, "id", "reference.dangling"),
    ("search_aliases.csv", {"kind": "term"}, {"kind": "theme"}, "kind", "cell.word"),
    ("search_aliases.csv", {"lang": "eng"}, {"kind": "theme"}, "lang", "cell.form"),
    ("search_aliases.csv", {"alias": "CPI"}, {"alias": "TI CPI"}, "kind", "row.duplicate"),
    ("country_sets.csv", {"iso3": "KOS"}, {"iso3": "KAZ"}, "iso3", "reference.dangling"),
    ("adoption_events.csv", {"type": "declaration"}, {"id": "ARE-01"}, "type", "cell.word"),
    ("adoption_events.csv", {"iso3": "UAE"}, {"id": "ARE-01"}, "iso3", "reference.dangling"),
    ("adoption_events.csv", {"iso3": "AZE"}, {"id": "ARE-01"}, "id", "event.id"),
    ("adoption_events.csv", {"date": "2019-06-01"}, {"id": "ARE-01"}, "date", "date.precision"),
    ("adoption_events.csv", {"date": "2019"}, {"id": "ARE-01"}, "date", "date.precision"),
    ("adoption_events.csv", {"precision": "unknown"}, {"id": "ARE-01"}, "date", "date.precision"),
    ("adoption_events.csv", {"date": "2019-13"}, {"id": "ARE-01"}, "date", "date.real"),
    ("adoption_events.csv", {"date": "2025-02-30"}, {"id": "PAK-01"}, "date", "date.real"),
    ("adoption_events.csv", {"source_ref": ""}, {"id": "ARE-01"}, "source_ref", "event.source"),
    ("adoption_events.csv", {"review_state": "disputed"}, {"id": "ARE-01"}, "review_state", "event.disputed"),
    ("adoption_events.csv", {"stance": "contradicts"}, {"id": "ARE-01"}, "disputed", "event.contradiction"),
    ("adoption_events.csv", {"evidence_level": "E1"}, {"id": "ARE-01"}, "evidence_level", "event.level"),
    (
        "adoption_events.csv",
        {"type": "all_centres_closed", "date": "", "precision": "unknown"}, {"id": "ARE-01"}, "date", "event.closure",
    ),
    ("agreement_records.csv", {"source_ref": ""}, {"id": "CA-01"}, "source_ref", "cell.empty"),
    ("agreement_records.csv", {"date": "2024"}, {"id": "CA-01"}, "date", "date.precision"),
    ("agreement_records.csv", {"qualifier": ""}, {"id": "CA-06"}, "qualifier", "agreement.number"),
    ("agreement_records.csv", {"kind": "promise"}, {"id": "CA-01"}, "kind", "cell.word"),
    ("model_hooks.csv", {"country": "AZ"}, {"id": "decree_685"}, "country", "reference.dangling"),
    ("reported_counts.csv", {"count": "many"}, {"count": "25"}, "count", "cell.number"),
    ("reported_figures.csv", {"quote": "one " * 40 + "7"}, {"id": "AZE-F009"}, "quote", "reported.quote"),
    ("reported_figures.csv", {"since": "2019"}, {"id": "AZE-F001"}, "since", "reported.since"),
    ("reported_figures.csv", {"published": "2016-09-02"}, {"id": "AZE-F001"}, "published", "reported.published"),
    ("reported_figures.csv", {"value_high": ""}, {"id": "UGA-F008"}, "value_high", "reported.value_high"),
    ("reported_figures.csv", {"contradicts": "AZE-F999"}, {"id": "AZE-F001"}, "contradicts", "reported.contradicts"),
    ("reported_figures.csv", {"contradicts": "AZE-F001"}, {"id": "AZE-F001"}, "contradicts", "reported.contradicts"),
    ("reported_figures.csv", {"fit": ""}, {"id": "IDN-F006"}, "fit", "reported.fit"),
    ("reported_figures.csv", {"country": "UZB"}, {"id": "AZE-F001"}, "id", "reported.id"),
    ("reported_figures.csv", {"published": ""}, {"id": "AZE-F001"}, "day_basis", "reported.day_basis"),
    ("reported_figures.csv", {"lane": "served"}, {"id": "AZE-F001"}, "counting", "reported.counting"),
    ("reported_figures.csv", {"counting": "plan"}, {"id": "AZE-F001"}, "counting", "cell.word"),
    ("reported_figures.csv", {"address": "asan.gov.az"}, {"id": "AZE-F001"}, "address", "cell.form"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "values", "where", "column", "rule"), CELLS, ids=[f"{c[0]}-{c[4]}" for c in CELLS])
def test_fault_names_file_row_and_column(
    folder: Path, spoil: Spoil, file: str, values: dict[str, str], where: dict[str, str], column: str, rule: str
) -> None:
    line = spoil(file, values, **where)
    found = [
        fault for fault in check_folder(folder)[1] if (fault.file, fault.column, fault.rule) == (file, column, rule)
    ]
    assert line in {fault.row for fault in found}, [str(fault) for fault in check_folder(folder)[1]]
    assert all_of(fault.message and fault.remedy for fault in found)


Change = Callable[[bytes], bytes | None]

BYTES = [
    ("goals.csv", lambda body: b"\xef\xbb\xbf" + body, 1, "", "file.bom"),
    ("goals.csv", lambda body: body.replace("é".encode(), b"\xe9", 1), 2, "", "file.encoding"),
    ("goals.csv", lambda body: body.replace(b"number,", b"no,", 1), 1, "number", "column.missing"),
    ("goals.csv", lambda body: body.replace(b"number,", b"no,", 1), 1, "no", "column.unknown"),
    ("goals.csv", lambda body: body.replace(b"title_fr", b"title_en", 1), 1, "title_en", "column.twice"),
    ("goals.csv", lambda body: body + b"18,#ffffff\n", 19, "", "row.width"),
    ("goals.csv", lambda body: body + b'18,"#ffffff\n', 19, "", "file.quotes"),
    ("goals.csv", lambda body: b"", 1, "number", "column.missing"),
    ("goals.csv", lambda body: None, None, "", "file.missing"),
]


@pytest.mark.parametrize(("file", "change", "line", "column", "rule"), BYTES, ids=[case[4] for case in BYTES])
def test_fault_of_a_whole_file(
    folder: Path, file: str, change: Change, line: int | None, column: str, rule: str
) -> None:
    path = folder / file
    body = change(path.read_bytes())
    path.unlink() if body is None else path.write_bytes(body)
    faults = check_folder(folder)[1]
    assert (file, line, column, rule) in {(f.file, f.row, f.column, f.rule) for f in faults}
    assert not [fault for fault in faults if fault.rule == "reference.dangling"] or rule.startswith("row")
    with pytest.raises(CodebookError):
        read_codebook(folder)


def test_line_numbers_are_those_of_an_editor(folder: Path) -> None:
    path = folder / "country_sets.csv"
    path.write_text('set,iso3,note\norigin,AZE,"two\nlines"\ncomparison,ZZZ,\n', encoding="utf-8")
    assert [fault.row for fault in check_folder(folder)[1] if fault.rule == "reference.dangling"] == [4]


def test_translations_that_are_missing_altogether_are_told(folder: Path) -> None:
    (fault,) = (one for one in check_folder(folder)[1] if one.file == "translations")
    assert (fault.severity, fault.rule) == ("warning", "file.missing")


def test_translations_warn_and_do_not_stop(folder: Path) -> None:
    (folder / "translations").mkdir()
    (folder / "translations" / "ar.csv").write_text(
        "kind,id,field,text\nmetric,egdi,name,مؤشر\nmetric,gone,name,قديم\nmetric,basic_water,caveat3,زائد\n",
        encoding="utf-8",
    )
    faults = check_folder(folder)[1]
    assert {fault.severity for fault in faults} == {"warning"}
    assert {fault.row for fault in faults if fault.rule == "translation.unknown"} == {3, 4}
    missing = [fault for fault in faults if fault.rule == "translation.missing"]
    assert len(missing) == len(TEXT_FIELDS)  # one line per kind, not one per text
    assert read_codebook(folder).metrics["egdi"].name["ar"] == "مؤشر"


HEADER = "metric,country,series,kind,year,value,comparison,source_title,source_ref,note\n"

NATIONAL_TARGETS = [
    ("birth_registration,AZE,,target,2030,101,,Plan,https://example.org,", "value", "national_target.out_of_bounds"),
    ("complaints_rate,AZE,,target,2030,5,,Plan,https://example.org,", "metric", "national_target.direction"),
    ("sat_overall_gov,AZE,rwa:_L_RW_160602_1,target,2029,90,,Plan,https://example.org,", "series",
     "national_target.series"),
    ("birth_registration,AZE,,target,2030,99,,Plan,,", "source_ref", "cell.empty"),
    ("birth_registration,AZ,,target,2030,99,,Plan,https://example.org,", "country", "reference.dangling"),
    ("birth_registration,AZE,,wish,2030,99,,Plan,https://example.org,", "kind", "cell.word"),
    ("birth_registration,AZE,,target,2030,99,about,Plan,https://example.org,", "comparison", "cell.word"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column", "rule"), NATIONAL_TARGETS, ids=[f"{case[2]}-{case[1]}" for case in NATIONAL_TARGETS]
)
def test_fault_of_a_country_s_own_target(folder: Path, row: str, column: str, rule: str) -> None:
    (folder / "national_targets.csv").write_text(HEADER + row + "\n", encoding="utf-8")
    assert ("national_targets.csv", 2, column, rule) in {
        (f.file, f.row, f.column, f.rule) for f in check_folder(folder)[1]
    }


def test_titles_of_another_language_are_of_known_codes(folder: Path) -> None:
    (folder / "titles" / "kk.csv").write_text("code,title,short\n16.6,Мақсат,\n99,Мақсат,\n", encoding="utf-8")
    (folder / "titles" / "fr.csv").write_text("code,title,short\n", encoding="utf-8")
    found = {(f.file, f.row, f.rule, f.severity) for f in check_folder(folder)[1]}
    assert ("titles/kk.csv", 3, "title.unknown", "error") in found
    assert ("titles/kk.csv", None, "title.missing", "warning") in found
    assert ("titles/fr.csv", None, "title.official", "error") in found


def test_draft_needs_no_source(folder: Path, spoil: Spoil) -> None:
    spoil("adoption_events.csv", {"review_state": "draft", "source_ref": ""}, id="ARE-01")
    assert [str(fault) for fault in check_folder(folder)[1] if fault.severity == "error"] == []


def test_fault_reads_as_one_line() -> None:
    fault = Fault(
        "links.csv", 7, "target", "reference.dangling", "“16.99” does not stand in targets.csv.", "Correct it."
    )
    assert str(fault) == "links.csv:7:target [reference.dangling] “16.99” does not stand in targets.csv. Correct it."
