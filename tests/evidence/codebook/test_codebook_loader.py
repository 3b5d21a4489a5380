"""The shipped codebook is whole, loads quickly and falls back to English."""

import csv
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from dashboard.evidence.codebook.check import check_folder
from dashboard.evidence.codebook.faults import CodebookError
from dashboard.evidence.codebook.loader import DATA, load_codebook, read_codebook
from dashboard.evidence.codebook.model import Bounds, choose_text
from dashboard.evidence.codebook.tables import COMPARED
from dashboard.evidence.codebook.texts import choose_title_language, is_official
from tests.checks import all_of

UN_LANGUAGES = {"en", "fr", "es", "ar", "ru", "zh"}
LANGUAGES = UN_LANGUAGES | {"kk", "ky", "tg", "tr", "uk", "ro", "cnr"}


def filed(file: str) -> int:
    """Rows of a file of the codebook."""
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return sum(1 for _ in csv.DictReader(lines))


def test_shipped_files_have_no_error() -> None:
    assert [str(fault) for fault in check_folder(DATA)[1] if fault.severity == "error"] == []


def test_framework_is_complete() -> None:
    book = load_codebook()
    assert (len(book.goals), len(book.targets), len(book.sdg_indicators)) == (17, 169, 249)
    with_ours = LANGUAGES | {"az"}
    assert all_of(set(goal.title) == with_ours == set(goal.short) for goal in book.goals.values())
    assert all_of(set(target.title) == with_ours for target in book.targets.values())
    english_only = {code: set(it.title) for code, it in book.sdg_indicators.items() if set(it.title) != LANGUAGES}
    assert english_only == {"2.2.4": {"en"}, "3.8.2": {"en"}, "11.5.3": {"en"}}, "new words of 2025 have no translation"
    assert {code for code, it in book.sdg_indicators.items() if it.titles_follow_older_text} == {
        "2.5.1", "5.3.2", "10.7.2", "12.c.1", "15.4.2",
    }  # fmt: skip


def test_titles_say_whether_they_are_the_un_s_own_and_english_stands_in_for_none() -> None:
    goal = load_codebook().goals[16]
    assert is_official("fr")
    assert not is_official("kk")
    assert not is_official("az"), "ours: goals and targets"
    assert [choose_title_language(goal.title, lang) for lang in ("ar", "kk", "az", "uz")] == ["ar", "kk", "az", "en"]
    assert choose_text(goal.title, "uz") == goal.title["en"]


def test_principles_are_eleven_in_three_groups_and_say_what_is_unverified() -> None:
    principles = sorted(load_codebook().principles.values(), key=lambda principle: principle.order)
    assert [principle.order for principle in principles] == list(range(1, 12))
    assert Counter(principle.group for principle in principles) == {
        "effectiveness": 3, "accountability": 3, "inclusiveness": 5,
    }  # fmt: skip
    assert {p.id for p in principles if not p.verified} == {
        "transparency", "independent_oversight", "participation", "subsidiarity", "intergenerational_equity",
    }  # fmt: skip


def test_metrics_are_linked_and_fed() -> None:
    metrics = load_codebook().metrics
    assert len(metrics) == filed("metrics.csv")
    for metric in metrics.values():
        roles = [link.role for link in metric.series]
        assert roles.count("primary") == bool(roles), metric.id
        assert metric.links or metric.no_link_reason, metric.id
        assert all(link.rationale and (link.target or link.principle) for link in metric.links), metric.id
        assert len(metric.caveats) <= 3, metric.id
        assert (metric.direction == "centre") == (metric.centre is not None), metric.id
    unlinked = {metric.id for metric in metrics.values() if not metric.links}
    assert unlinked >= {"nps", "net_satisfaction", "population"}


@pytest.mark.parametrize(
    ("metric", "source", "series"),
    [
        ("internet_users", "world_bank", "IT.NET.USER.ZS"),
        ("women_parliament", "world_bank", "SG.GEN.PARL.ZS"),
        ("bribery_firms", "un_sdg", "IC_FRM_BRIB"),
        ("budget_reliability", "un_sdg", "GF_XPD_GBPC"),
        ("wgi_cc", "world_bank", "GOV_WGI_CC.EST"),
        ("ti_cpi", "cpi", "CPI score"),
        ("egdi", "egdi", "E-Government Index"),
        ("gtmi_portals", "gtmi", "gtmi_portals"),
        ("spi_overall", "spi", "SPI.INDEX"),
    ],
)
def test_primary_series_is_the_publisher_whose_figures_are_shown(metric: str, source: str, series: str) -> None:
    primary = load_codebook().metrics[metric].series[0]
    assert (primary.role, primary.source, primary.series) == ("primary", source, series)


def test_intervals_and_totals_are_asked_for_as_each_publisher_needs() -> None:
    metrics = load_codebook().metrics
    control = metrics["wgi_cc"].series[0]
    assert control.interval == "se_90"
    assert dict(control.companions) == {"std_error": "GOV_WGI_CC.SE"}
    assert dict(control.options) == {"source": "3"}
    assert metrics["ti_cpi"].series[0].interval == "published"
    assert dict(metrics["birth_registration"].series[0].options) == {"Age": "<5Y"}


def test_targets_say_who_sets_them_and_only_the_framework_s_have_a_year() -> None:
    targets = {it.id: (it.target_2030, it.target_set_by, it.target_year) for it in load_codebook().metrics.values()}
    assert targets["birth_registration"] == (100, "framework", 2030)
    assert targets["extreme_poverty"] == (0, "framework", 2030)
    assert targets["budget_reliability"] == (100, "definition", None)
    assert targets["women_parliament"] == (50, "project", None)
    assert targets["sat_overall_gov"] == targets["wgi_cc"] == (None, None, None)


def test_limits_are_told_from_usual_ranges() -> None:
    metrics = load_codebook().metrics
    assert (metrics["wgi_cc"].limit_low, metrics["wgi_cc"].limit_high) == (None, None)
    assert metrics["wgi_cc"].expected == (-2.5, 2.5)
    assert (metrics["gtmi_portals"].limit_low, metrics["gtmi_portals"].limit_high) == (0, None)
    assert metrics["gtmi_portals"].expected == (0, 8)
    assert metrics["egdi"].expected == (metrics["egdi"].limit_low, metrics["egdi"].limit_high) == (0, 1)


def test_bounds_of_the_sdsn_are_told_from_the_project_s() -> None:
    metrics = load_codebook().metrics
    official = {it.id: it.sdsn.code for it in metrics.values() if it.sdsn and it.sdsn.set_by == "sdsn"}
    assert official == {
        "ti_cpi": "sdg16_cpi", "birth_registration": "sdg16_u5reg", "spi_overall": "sdg17_statperf",
        "internet_users": "sdg9_intuse", "women_parliament": "sdg5_parl",
    }  # fmt: skip
    assert metrics["ti_cpi"].sdsn == Bounds(13, 40, 60, 88.6, "sdsn", "sdg16_cpi")
    assert metrics["sat_overall_gov"].sdsn == Bounds(20, 50, 80, 95, "project", "")
    assert metrics["bribery_persons"].sdsn is None


def test_what_a_service_says_of_itself_is_never_worth_more_than_level_two() -> None:
    metrics = load_codebook().metrics
    assert (metrics["csat_exit_poll"].evidence_level, metrics["waiting_median"].evidence_level) == (2, 2)
    assert metrics["mystery_shopper"].evidence_level == 3
    assert metrics["sat_overall_gov"].evidence_level == metrics["wgi_cc"].evidence_level == 4


def test_a_country_s_own_targets_come_from_their_file_by_year(folder: Path) -> None:
    book = load_codebook()
    (own,) = book.national_targets  # the one target of the documents seen that counts what a metric counts
    assert (own.metric, own.country, own.kind, own.year, own.value) == ("ti_cpi", "IDN", "target", 2024, 45)
    assert "confidence high" in own.note
    (rwanda,) = book.series_targets  # counts what one national series counts, and no metric does
    assert (rwanda.metric, rwanda.country, rwanda.series, rwanda.year, rwanda.value, rwanda.comparison) == (
        "sat_overall_gov", "RWA", "rwa:_L_RW_160602_1", 2029, 90, "more_than",
    )  # fmt: skip
    (folder / "national_targets.csv").write_text(
        "metric,country,series,kind,year,value,comparison,source_title,source_ref,note\n"
        "birth_registration,UZB,,target,2030,99.5,,A strategy,https://example.org/strategy,\n"
        "birth_registration,UZB,,milestone,2027,98,,A strategy,https://example.org/strategy,\n"
        "sat_overall_gov,RWA,rwa:_L_RW_160602_1,target,2029,90,more_than,A strategy,https://example.org/strategy,\n",
        encoding="utf-8",
    )
    assert [(it.kind, it.year, it.value) for it in read_codebook(folder).national_targets] == [
        ("milestone", 2027, 98), ("target", 2030, 99.5),
    ]  # fmt: skip
    assert [(it.country, it.comparison) for it in read_codebook(folder).series_targets] == [("RWA", "more_than")]


def test_a_governance_score_has_its_own_bounds_and_counts_for_no_target_twice() -> None:
    for dimension in ("cc", "ge", "va", "rl", "rq", "pv"):
        metric = load_codebook().metrics[f"wgi_{dimension}_score"]
        (link,) = metric.series
        code = f"GOV_WGI_{dimension.upper()}"
        assert (link.source, link.series, link.interval) == ("world_bank", f"{code}.SC", "published")
        assert dict(link.companions) == {"lower": f"{code}.SC_LB", "upper": f"{code}.SC_UB"}
        assert dict(link.options) == {"source": "3"}
        assert (metric.limit_low, metric.limit_high) == (0, 100)
        assert metric.no_link_reason
        assert all_of("ar" in words for words in (metric.name, metric.definition, *metric.caveats))


def test_what_makes_figures_comparable_is_stated_where_a_source_says_it_and_nowhere_else() -> None:
    metrics = load_codebook().metrics
    assert dict(metrics["sat_overall_gov"].compared) == {
        "wording_id": "sdg_16_6_2", "scale": "four_points", "population": "adult_users", "recall": "months_12",
        "source_type": "household_survey", "method": "metadata_16_6_2",
    }  # fmt: skip
    assert metrics["sat_overall_hlth"].compared == {}, "may rest on a poll that does not ask about the last experience"
    assert "instrument" not in metrics["birth_registration"].compared, "some surveys, some civil registers"
    assert metrics["gdp_per_capita"].compared == {}
    said = {(part, code) for metric in metrics.values() for part, code in metric.compared.items()}
    assert said == {(part, code) for part, codes in COMPARED.items() for code in codes}


def test_second_sources_stand_beside_the_primary_one() -> None:
    second = {
        (metric.id, link.source, link.series)
        for metric in load_codebook().metrics.values()
        for link in metric.series
        if link.role == "secondary"
    }
    assert second == {
        ("bribery_firms", "world_bank", "IC.FRM.BRIB.ZS"),
        ("birth_registration", "undata", "SG_REG_BRTH.AGE--Y0T4"),
        ("budget_reliability", "world_bank", "GF.XPD.BUDG.ZS"),
        ("extreme_poverty", "undata", "SI_POV_DAY1"),
        ("internet_users", "un_sdg", "IT_USE_ii99"),
        ("internet_users", "undata", "IT_USE_ii99"),
        ("ti_cpi", "owid", "ti-corruption-perception-index"),
        ("women_parliament", "un_sdg", "SG_GEN_PARL"),
        ("women_parliament", "undata", "SG_GEN_PARL.SEX--F"),
    }


def test_renamed_series_knows_its_codes_with_the_releases_that_had_them() -> None:
    (link,) = load_codebook().metrics["unsentenced_detainees"].series
    assert link.codes == ("VC_PRS_UNSNT", "VC_PRS_UNSEC")
    assert [(a.last_release, a.first_release) for a in link.aliases] == [("October 2020", "2022.Q1.G.03")]
    (link,) = load_codebook().metrics["fixed_broadband"].series
    assert link.codes == ("IT_NET_BBND", "IT_NET_BBP")


def test_extreme_poverty_is_an_official_indicator() -> None:
    (link,) = load_codebook().metrics["extreme_poverty"].links
    assert (link.sdg_indicator, link.strength) == ("1.1.1", "direct")


def test_year_of_a_law_is_not_a_quantity() -> None:
    metrics = load_codebook().metrics
    assert not metrics["access_to_information"].quantity
    assert metrics["access_to_information"].direction == "none"


def test_official_indicators_stand_where_the_metric_is_one() -> None:
    links = {
        (link.metric, link.sdg_indicator): link.strength for m in load_codebook().metrics.values() for link in m.links
    }
    assert links["bribery_persons", "16.5.1"] == "direct"
    assert links["discrimination", "16.b.1"] == links["discrimination", "10.3.1"] == "direct"
    assert links["item_timeliness", "16.6.2"] == "proxy"


def test_countries_are_m49_and_two_more() -> None:
    countries = load_codebook().countries
    assert len(countries) == 250
    assert [iso3 for iso3, country in countries.items() if not country.m49_area] == ["TWN", "XKX"]
    assert (countries["NAM"].iso2, countries["AFG"].m49) == ("NA", "004")
    assert (sum(c.ldc for c in countries.values()), sum(c.lldc for c in countries.values())) == (44, 32)
    squares = [country.tile for country in countries.values() if country.tile]
    assert len(squares) == len(set(squares)) == 241
    uninhabited = {"ATA", "ATF", "BVT", "HMD", "IOT", "SGS", "UMI"}
    assert {it.iso3 for it in countries.values() if it.m49_area and it.tile is None} == uninhabited


def test_countries_and_indicators_have_azerbaijani_and_french_names() -> None:
    book = load_codebook()
    assert choose_text(book.countries["AZE"].name, "az") == "Azərbaycan"
    assert choose_text(book.metrics["ti_cpi"].name, "az") == "Korrupsiyanın Qavranılması İndeksi"
    assert choose_text(book.metrics["ti_cpi"].name, "fr") == "Indice de perception de la corruption"
    named = [{"az", "fr"} <= set(metric.name) for metric in book.metrics.values()]
    assert sum(named) > 0.9 * len(named)  # a new one is shown in English, and `codebook check` warns, until translated
    assert all_of({"az", "fr"} <= set(principle.name) for principle in book.principles.values())


def test_publishers_own_names_find_their_country() -> None:
    aliases = load_codebook().area_aliases
    assert aliases["egdi", "Georgia (Country)"] == "GEO"
    assert len({iso3 for (source, _), iso3 in aliases.items() if source == "egdi"}) == 193
    assert aliases["world_bank", "KSV"] == aliases["gtmi", "XKK"] == aliases["un_sdg", "412"] == "XKX"
    assert aliases["world_bank", "ANT"] == ""  # known, and no country


def test_register_keeps_every_row_with_its_filed_type() -> None:
    book = load_codebook()
    assert len(book.events) == len({event.id for event in book.events}) == filed("adoption_events.csv")
    assert {event.type for event in book.events if event.filed_type == "declaration"} == {
        "legal_basis", "letter_of_intent", "membership_of_association",
    }  # fmt: skip
    assert all_of(event.source_ref for event in book.events)
    assert all_of(event.mapping_note for event in book.events if event.type != event.filed_type)
    for kept, file in (
        (book.reported_counts, "reported_counts.csv"),
        (book.model_hooks, "model_hooks.csv"),
    ):
        assert len(kept) == filed(file)


def test_translation_is_used_and_missing_ones_fall_back(folder: Path) -> None:
    (folder / "translations").mkdir()
    (folder / "translations" / "ar.csv").write_text(
        "kind,id,field,text\n"
        "metric,egdi,name,مؤشر\n"
        "metric,egdi,caveat2,تنبيه\n"
        "principle,integrity,name,النزاهة\n"
        "link,egdi|17.8||,rationale,سبب\n"
        "event,AFG-02,scope,كابول\n",
        encoding="utf-8",
    )
    book = read_codebook(folder)
    egdi = book.metrics["egdi"]
    assert choose_text(egdi.name, "ar") == "مؤشر"
    assert choose_text(egdi.definition, "ar") == egdi.definition["en"]
    assert "ar" not in egdi.caveats[0]
    assert choose_text(egdi.caveats[1], "ar") == "تنبيه"
    assert choose_text(book.principles["integrity"].name, "ar") == "النزاهة"
    assert [link.rationales.get("ar") for link in egdi.links] == [None, "سبب"]
    assert [event.scopes["ar"] for event in book.events if event.id == "AFG-02"] == ["كابول"]


def test_version_follows_content(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "same")
    before = read_codebook(folder).version
    assert len(before) == 12
    assert read_codebook(tmp_path / "same").version == before
    path = folder / "country_sets.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("runs its own", "has its own"), encoding="utf-8")
    assert read_codebook(folder).version != before


def test_broken_files_are_one_error_that_lists_them(folder: Path) -> None:
    (folder / "goals.csv").unlink()
    (folder / "links.csv").write_bytes(b"metric,target\nwgi_cc,16.5\n")
    with pytest.raises(CodebookError) as raised:
        read_codebook(folder)
    assert {(fault.file, fault.rule) for fault in raised.value.faults} == {
        ("goals.csv", "file.missing"), ("links.csv", "column.missing"),
    }  # fmt: skip
    assert "goals.csv" in str(raised.value)


def test_loading_needs_no_frame_library() -> None:
    code = "import sys, dashboard.evidence.codebook.loader as it; it.load_codebook(); sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_country_s_own_series_stands_beside_the_metric_and_not_among_its_series() -> None:
    metric = load_codebook().metrics["sat_overall_gov"]
    (own,) = [series for series in metric.national if series.country == "KAZ"]
    assert (own.series, own.relation, own.evidence_level) == ("kaz:16-6-2", "own_definition", 1)
    assert own.question["en"] == "", "the question was not published, and nothing stands in its place"
    assert "16.6.2" in own.definition["ar"]
    assert own.link.role == "national"
    assert {link.source for link in metric.series} == {"un_sdg"}


@pytest.mark.parametrize(
    "series", ["kaz:16-6-2-1", "kaz:16-6-2-2", "kaz:16-6-2-3", "kaz:16-5-2-1", "rwa:_L_RW_160702_1"]
)
def test_what_is_another_thing_under_a_near_number_feeds_no_metric(series: str) -> None:
    mapped = {own.series for metric in load_codebook().metrics.values() for own in metric.national}
    assert series not in mapped
