"""The newest editions in the embedded dataset: each figure as its source prints it, of one edition."""

import csv
import json
from pathlib import Path

import polars as pl
import pytest

from dashboard.analysis.measures.latest import is_in_line
from dashboard.answers.wording.editions import DERIVED
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.evidence.gathering.embedded import list_editions
from dashboard.evidence.gathering.snapshot import (
    FILES,
    FOLDER,
    MANIFEST,
    OBSERVATIONS,
    RECORDS,
    Reading,
    SnapshotError,
    SnapshotPlan,
    build,
    join_editions,
    read_file_list,
    read_plan,
)
from data_sources.registry import list_infos
from tests.checks import all_of


def listed(name: str) -> list[dict[str, str]]:
    """The rows of a list beside this module: what the descriptions of the publishers' files say of them."""
    return list(csv.DictReader(Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()))


PRINTED, SPANS = listed("fresh_figures.csv"), listed("fresh_spans.csv")
EDITIONS = {
    "unsdg-2023-central-asia-platform": "SDG Global Database, late 2023",
    "uneca-ethiopia-senegal-uganda-2023": "SDG Global Database, December 2022",
}
SATISFACTION = ("sat_overall_gov", "sat_overall_hlth", "sat_overall_prm", "sat_overall_sec")
REGISTER = (
    "AFG", "ARE", "AZE", "COL", "ETH", "IDN", "KAZ", "KGZ", "MAR", "MNE", "MYS", "PAK", "ROU", "RWA", "SEN", "SOM",
    "TUR", "UGA", "UZB",
)  # fmt: skip


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    return pl.read_parquet(FOLDER / OBSERVATIONS).filter(pl.col("primary"))


@pytest.fixture(scope="module")
def totals(rows: pl.DataFrame) -> dict[tuple[str, str, str], dict[str, object]]:
    whole = rows.filter(pl.col("dimensions") == "{}")
    return {(row["indicator"], row["country"], row["period"]): row for row in whole.iter_rows(named=True)}


@pytest.fixture(scope="module")
def years(rows: pl.DataFrame) -> dict[tuple[str, str, str], tuple[int, int]]:
    """First and last year with a figure by indicator, country and edition ("": any)."""
    dated = rows.filter(pl.col("value").is_not_null(), pl.col("year").is_not_null())
    span = (pl.col("year").min().alias("first"), pl.col("year").max().alias("last"))
    each = dated.group_by("indicator", "country", "edition").agg(*span)
    whole = dated.group_by("indicator", "country").agg(*span).with_columns(pl.lit("").alias("edition"))
    return {row[:3]: row[3:] for row in pl.concat([each, whole.select(each.columns)]).iter_rows()}


def test_every_figure_that_a_source_s_description_prints_is_reproduced_at_its_precision(
    totals: dict[tuple[str, str, str], dict[str, float]],
) -> None:
    others = []
    for printed in PRINTED:
        held = totals[printed["indicator"], printed["country"], printed["period"]]["value"]
        decimals = len(printed["value"].partition(".")[2])
        if round(held, decimals) != pytest.approx(float(printed["value"]), abs=1e-9):
            others.append((held, printed))
    assert others == []


def test_a_release_is_there_from_its_first_year_to_its_last_or_a_newer_one_reaches_as_far(
    years: dict[tuple[str, str, str], tuple[int, int]],
) -> None:
    others = []
    for span in SPANS:
        edition = EDITIONS[span["folder"]] if span["became"] == "embedded" else ""
        first, last = years[span["indicator"], span["country"], edition]
        as_said = span["first"] in ("", str(first)) and last == int(span["last"])
        if not (as_said if edition else last >= int(span["last"])):
            others.append((first, last, span))
    assert others == []


def test_what_prints_a_code_where_others_print_a_year_is_not_embedded(rows: pl.DataFrame) -> None:
    assert "access_to_information" not in set(rows["indicator"])  # SG_INF_ACCSS: 1 in some copies, a year in others


def test_bribes_paid_for_documents_are_there_for_every_country_of_the_three_workbooks(rows: pl.DataFrame) -> None:
    held = rows.filter(pl.col("indicator") == "bribe_documents")
    assert held["country"].n_unique() == held.height == 56  # 35 + 18 + 6, of which Morocco, Sudan and Tunisia twice
    assert set(held["period"]) == {"2019"}
    assert {"CIV", "COD", "PSE", "TTO", "TZA", "VEN"} <= set(held["country"])
    assert list_infos()["gcb"].redistribution == "unmodified"


def test_satisfaction_holds_as_many_areas_as_the_release_has(rows: pl.DataFrame) -> None:
    held = {one: rows.filter(pl.col("indicator") == one)["country"].n_unique() for one in SATISFACTION}
    # 46, 148, 12 and 44 areas in release 2026.Q2.G.02; one more in a copy of an earlier release
    assert held["sat_overall_gov"] >= 46
    assert held["sat_overall_hlth"] >= 148
    assert held["sat_overall_prm"] >= 12
    assert held["sat_overall_sec"] >= 44


def test_health_care_is_there_for_all_of_the_register_but_the_bahamas(rows: pl.DataFrame) -> None:
    health = set(rows.filter(pl.col("indicator") == "sat_overall_hlth")["country"])
    assert health >= {*REGISTER} - {"AZE"} | {"AZE"}
    assert "BHS" not in health


def test_a_figure_without_a_year_has_a_span_and_says_where_it_is_from(rows: pl.DataFrame) -> None:
    spanned = rows.filter(pl.col("year").is_null())
    assert set(spanned["indicator"]) == {*SATISFACTION}
    assert set(spanned["period"]) == {"2015/2025"}
    assert spanned["footnote"].str.contains("2025 or latest year available").all()
    health = spanned.filter(pl.col("indicator") == "sat_overall_hlth")
    assert health["footnote"].str.contains("Gallup World Poll").all()


def test_a_figure_that_a_second_edition_dates_is_there_once(rows: pl.DataFrame) -> None:
    senegal = rows.filter(pl.col("indicator") == "sat_overall_hlth", pl.col("country") == "SEN")
    assert senegal.sort("year").select("year", "value").rows() == [(2015, 32.0), (2023, 55.0)]
    uganda = rows.filter(pl.col("indicator") == "sat_overall_gov", pl.col("country") == "UGA")
    assert uganda.select("year", "value").rows() == [(2025, 69.0)]


def test_no_line_mixes_two_editions(rows: pl.DataFrame) -> None:
    """Beside a line only the newest year of a newer edition stands, after it."""
    drawn = [metric.id for metric in load_codebook().metrics.values() if metric.line]
    figures = rows.filter(pl.col("indicator").is_in(drawn), pl.col("dimensions") == "{}", pl.col("value").is_not_null())
    others = figures.filter(pl.col("year").is_not_null(), ~is_in_line())
    assert {(year, edition) for year, edition in others.select("year", "edition").rows()} == {
        (2025, "WGI 2026 edition")
    }
    line = figures.filter(is_in_line())
    mixed = line.group_by("indicator", "source", "country").agg(pl.col("edition").n_unique(), pl.col("year").max())
    assert mixed.filter(pl.col("edition") > 1).is_empty()
    beside = mixed.join(others, on=["indicator", "source", "country"], suffix="_beside")
    assert beside.height == others.height
    assert beside.filter(pl.col("year") >= pl.col("year_beside")).is_empty()


@pytest.mark.parametrize("edition", ["WGI 2024 edition", "SPI 2016-2019"])
def test_an_older_edition_is_gone_and_stays_in_the_earlier_vintage(rows: pl.DataFrame, edition: str) -> None:
    assert edition not in set(rows["edition"])
    assert edition in set(pl.read_parquet(list_editions(FOLDER)[0] / OBSERVATIONS)["edition"])


def test_governance_of_2025_has_errors_for_all_economies_and_corruption_its_history(rows: pl.DataFrame) -> None:
    wgi = rows.filter(pl.col("indicator").str.starts_with("wgi_"), pl.col("value").is_not_null())
    assert wgi["indicator"].n_unique() == 12
    newest = wgi.filter(pl.col("year") == 2025, ~pl.col("indicator").str.ends_with("_score"))
    assert set(newest["edition"]) == {"WGI 2026 edition"}
    assert newest["std_error"].null_count() == newest["lower"].null_count() == 0
    assert dict(newest.group_by("indicator").len().rows()) == {
        "wgi_va": 208, "wgi_pv": 215, "wgi_ge": 213, "wgi_rq": 213, "wgi_rl": 215, "wgi_cc": 215,
    }  # fmt: skip
    corruption = wgi.filter(pl.col("indicator") == "wgi_cc")
    history = corruption.filter(pl.col("edition") == "WGI 2026 edition", pl.col("year") < 2025)
    assert (history["country"].n_unique(), history["std_error"].null_count()) == (62, 0)
    assert all_of(note.startswith(DERIVED) for note in history["footnote"])
    own = corruption.filter(pl.col("country") == "AZE").select("year", "value", "std_error")
    azerbaijan = {year: (value, error) for year, value, error in own.rows()}
    (first, first_error), (last, last_error) = azerbaijan[2012], azerbaijan[2025]
    assert (round(first, 2), round(last, 2), round(last - first, 2)) == (-1.17, -0.78, 0.39)
    assert (last - first) / (first_error**2 + last_error**2) ** 0.5 == pytest.approx(1.5, abs=0.1)
    last = wgi.filter(pl.col("year") == 2024).group_by("indicator").agg(pl.col("country"))
    assert all_of({*REGISTER, "BHS"} <= set(countries) for countries in last["country"])
    assert wgi.filter(pl.col("indicator").str.ends_with("_score"))["value"].is_between(0, 100).all()


@pytest.mark.parametrize(
    "indicator", ["gtmi_overall", "gtmi_systems", "gtmi_services", "gtmi_citizens", "gtmi_enablers"]
)
def test_govtech_has_three_editions_of_every_country_of_the_register(rows: pl.DataFrame, indicator: str) -> None:
    held = rows.filter(pl.col("indicator") == indicator, pl.col("value").is_not_null())
    for year in (2020, 2022, 2025):
        assert {*REGISTER, "BHS"} <= set(held.filter(pl.col("year") == year)["country"]), year
    assert held["value"].is_between(0, 1).all()


# Licences decide


def test_every_file_that_is_read_has_the_verdict_embed_and_every_other_is_only_described() -> None:
    verdicts = read_file_list(FILES)
    read = {reading.file for reading in read_plan().readings}
    fresh = {name for name in read if name.startswith("fresh/")}
    assert fresh
    assert all_of(verdicts[name]["verdict"] == "embed" for name in fresh)
    assert {row["verdict"] for row in verdicts.values()} == {"embed", "describe"}
    assert not {name for name, row in verdicts.items() if row["verdict"] == "describe"} & read


def test_no_figure_of_an_office_that_states_no_terms_is_embedded() -> None:
    closed = {
        own.series
        for metric in load_codebook().metrics.values()
        for own in metric.national
        if list_infos()[own.source].of(own.series).redistribution == "no"
    }
    assert {series.partition(":")[0] for series in closed} == {"arm", "kgz", "mda", "mne", "sen", "uga"}
    for folder in list_editions(FOLDER):
        assert not closed & set(pl.read_parquet(folder / OBSERVATIONS)["series"])


def test_a_reading_of_a_closed_file_or_office_is_refused(tmp_path: Path) -> None:
    (tmp_path / "provenance.csv").write_text("file,sha256\n", encoding="utf-8")
    closed = next(name for name, row in read_file_list(FILES).items() if row["verdict"] == "describe")
    day = read_plan().on
    plan = SnapshotPlan(day, (Reading("bribery_persons", "un_sdg", "IU_COR_BRIB", closed, "e"),))
    with pytest.raises(SnapshotError, match="described, not embedded"):
        build(tmp_path, tmp_path / "to", load_codebook(), plan=plan)
    files = tmp_path / "files.csv"
    files.write_text("file,verdict,sha256\na.csv,embed,x\n", encoding="utf-8")
    plan = SnapshotPlan(day, (Reading("bribery_persons", "open_sdg", "uga:16-5-1", "a.csv", "e"),))
    (tmp_path / "a.csv").write_bytes(b"Year,Value\n2017,16\n")
    import hashlib

    sha256 = hashlib.sha256(b"Year,Value\n2017,16\n").hexdigest()
    files.write_text(f"file,verdict,sha256\na.csv,embed,{sha256}\n", encoding="utf-8")
    with pytest.raises(SnapshotError, match=r"Uganda Bureau of Statistics may not be embedded.*not stated"):
        build(tmp_path, tmp_path / "to", load_codebook(), plan=plan, files=files)


@pytest.mark.parametrize(
    ("metric", "country", "words"),
    [
        ("sat_overall_gov", "AZE", ("46", "highest", "year")),
        ("sat_overall_gov", "UGA", ("2025", "Uganda Bureau of Statistics")),
        ("birth_registration", "UGA", ("40.4", "10.3")),
        ("unsentenced_detainees", "SEN", ("11.08", "44.93")),
    ],
)
def test_what_is_known_against_a_figure_is_a_caution_in_every_language(
    metric: str, country: str, words: tuple[str, ...]
) -> None:
    said = load_codebook().cautions[metric, country]
    assert all_of(word in choose_text(said, "en") for word in words)
    assert len({choose_text(said, lang) for lang in ("en", "fr", "ar", "az")}) == 4


@pytest.mark.parametrize(
    ("metric", "country", "words"),
    [
        ("birth_registration", "SEN", "0.787 means 78.7 %"),
        ("sat_overall_gov", "MDA", "96.2 in 2020, 32.8 in 2021"),
        ("sat_overall_gov", "ARM", "education 54.9, then 85.1"),
        ("unsentenced_detainees", "MNE", "16.9.1 (19 %)"),
        ("sat_overall_gov", "KGZ", "Not a share of users"),
        ("sat_overall_gov", "RWA", "placeholders"),
    ],
)
def test_each_trap_of_a_national_series_is_said_with_it(metric: str, country: str, words: str) -> None:
    own = next(one for one in load_codebook().metrics[metric].national if one.country == country)
    assert words in choose_text(own.caution, "en").replace("\xa0", " ")


# Editions


def frame(*figures: tuple[str, str, float, str]) -> pl.DataFrame:
    """Country, period, value and edition as rows of one indicator."""
    columns = ("country", "period", "value", "edition")
    return pl.DataFrame(figures, schema=columns, orient="row").with_columns(
        pl.col("period").str.extract(r"^(\d{4})$").cast(pl.Int32).alias("year"),
        pl.lit("{}").alias("dimensions"),
        pl.lit(value=True).alias("primary"),
        pl.col("value").cast(pl.String).alias("value_text"),
    )


def test_a_line_is_of_the_newest_edition_that_has_the_country() -> None:
    line = next(metric for metric in load_codebook().metrics.values() if metric.line)
    old = frame(("AZE", "2010", 1.0, "old"), ("AZE", "2011", 2.0, "old"), ("GEO", "2010", 3.0, "old"))
    found, _ = join_editions([old, frame(("AZE", "2011", 9.0, "new"))], line)
    assert found.select("country", "period", "value").rows() == [("AZE", "2011", 9.0), ("GEO", "2010", 3.0)]


def test_a_file_of_the_newest_year_alone_stands_beside_the_line_before_it() -> None:
    """1: the edition before, whole; 2: the newest of one country; 3: its newest year of all, ``partial``."""
    line = next(metric for metric in load_codebook().metrics.values() if metric.line)
    old = frame(("AZE", "2010", 1.0, "old"), ("AZE", "2011", 2.0, "old"), ("GEO", "2010", 3.0, "old"))
    whole = frame(("AZE", "2010", 1.5, "new"), ("AZE", "2012", 2.5, "new"))
    newest = frame(("AZE", "2012", 2.6, "new"), ("GEO", "2012", 4.0, "new"), ("UZB", "2012", 5.0, "new"))
    found, _ = join_editions([old, whole, newest], line, {2})
    assert found.select("country", "period", "value", "edition").rows() == [
        ("AZE", "2010", 1.5, "new"), ("AZE", "2012", 2.6, "new"), ("GEO", "2010", 3.0, "old"),
        ("GEO", "2012", 4.0, "new"), ("UZB", "2012", 5.0, "new"),
    ]  # fmt: skip


def test_points_of_surveys_are_each_of_the_newest_edition_that_has_them() -> None:
    points = load_codebook().metrics["bribery_persons"]
    old = frame(("AZE", "2010", 1.0, "old"), ("AZE", "2011", 2.0, "old"))
    found, _ = join_editions([old, frame(("AZE", "2011", 9.0, "new"))], points)
    assert found.select("period", "value", "edition").rows() == [("2010", 1.0, "old"), ("2011", 9.0, "new")]


def test_a_figure_without_a_year_steps_back_only_where_the_same_figure_has_one() -> None:
    points = load_codebook().metrics["sat_overall_hlth"]
    spanned = frame(("AZE", "2015/2025", 41.0, "e"), ("SEN", "2015/2025", 55.0, "e"))
    dated = frame(("SEN", "2023", 55.0, "f"), ("AZE", "2015", 30.0, "f"))
    found, findings = join_editions([spanned, dated], points)
    assert [(row[0], row[1]) for row in found.select("country", "period").rows()] == [
        ("AZE", "2015"),
        ("AZE", "2015/2025"),
        ("SEN", "2023"),
    ]
    assert [finding.code for finding in findings] == ["period.dated"]


def test_the_newest_release_s_latest_figure_takes_the_place_of_older_ones_though_its_year_is_not_published() -> None:
    points = load_codebook().metrics["sat_overall_gov"]
    old = frame(("MEX", "2022", 81.0, "old"), ("MEX", "2012", 70.0, "old"), ("GEO", "2022", 60.0, "old"))
    women = frame(("MEX", "2022", 80.0, "old")).with_columns(pl.lit('{"Sex":"FEMALE"}').alias("dimensions"))
    new = frame(("MEX", "2015/2025", 82.5, "new"))
    found, findings = join_editions([pl.concat([old, women]), new], points)
    assert found.select("country", "period", "value", "edition").rows() == [
        ("GEO", "2022", 60.0, "old"),
        ("MEX", "2012", 70.0, "old"),  # outside the span: another survey
        ("MEX", "2015/2025", 82.5, "new"),
        ("MEX", "2022", 80.0, "old"),  # of women: the newest release has none
    ]
    assert [(finding.code, finding.message[:17]) for finding in findings] == [("period.outdated", "MEX: 81.0 of 2022")]


@pytest.mark.parametrize("year", ["2015", "2025"])
def test_a_span_holds_its_first_and_its_last_year(year: str) -> None:
    points = load_codebook().metrics["sat_overall_gov"]
    found, _ = join_editions([frame(("MEX", year, 81.0, "old")), frame(("MEX", "2015/2025", 82.5, "new"))], points)
    assert found["period"].to_list() == ["2015/2025"]


@pytest.mark.parametrize(
    ("indicator", "country", "value"),
    [("sat_overall_hlth", "MEX", 52.2), ("sat_overall_gov", "MEX", 82.5), ("sat_overall_gov", "CYP", 98.7)],
)
def test_the_newest_release_wins_over_the_one_of_late_2023(
    rows: pl.DataFrame, indicator: str, country: str, value: float
) -> None:
    whole = rows.filter(pl.col("indicator") == indicator, pl.col("country") == country, pl.col("dimensions") == "{}")
    assert whole.select("value", "edition").rows() == [(value, "2026.Q2.G.02")]


def test_no_figure_with_a_year_says_that_its_year_is_not_published(rows: pl.DataFrame) -> None:
    unsaid = pl.col("footnote").str.contains("the year of the figure is not published")
    assert rows.filter(pl.col("year").is_not_null(), unsaid).is_empty()
    uganda = rows.filter(pl.col("indicator") == "sat_overall_gov", pl.col("country") == "UGA")
    assert "The year is that of the Uganda Bureau of Statistics" in uganda.item(0, "footnote")


def test_the_repository_grew_by_less_than_three_megabytes() -> None:
    added = [*(FOLDER / name for name in (OBSERVATIONS, RECORDS, MANIFEST, "plan.toml")), FILES]
    assert sum(path.stat().st_size for path in added) < 3 * 2**20


def test_the_manifest_counts_what_is_there() -> None:
    manifest = json.loads((FOLDER / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["rows"] == pl.read_parquet(FOLDER / OBSERVATIONS).height
    assert manifest["indicators"]["sat_overall_hlth"]["countries"] >= 148


def test_the_page_of_sources_says_each_verdict() -> None:
    decided = {name.split("/")[1]: row["verdict"] for name, row in read_file_list(FILES).items()}
    page = (Path(__file__).parents[3] / "docs" / "sources.md").read_text(encoding="utf-8")
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("| `")]
    told = {cells[0].strip("`"): cells[4].split(";")[0] for cells in lines if len(cells) == 5}
    assert told == decided
