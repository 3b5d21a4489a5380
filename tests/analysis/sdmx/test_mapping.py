"""Which series the global structure holds, and why it holds no others."""

from pathlib import Path

import pytest

from dashboard.analysis.sdmx.mapping import OwnSeries, Unmapped, map_series
from dashboard.analysis.sdmx.model import DataStructure
from dashboard.analysis.sdmx.reading import (
    StructureUnreadable,
    parse_structure,
    read_structure_message,
    read_version,
    serialise_structure,
)
from dashboard.analysis.sdmx.structures_xml import write_structures
from dashboard.answers.sdmx import standard
from dashboard.settings import settings


def _own(**given: object) -> OwnSeries:
    usual = {"source": "un_sdg", "series": "VC_PRS_UNSNT", "unit": "percent", "dimensions": {}, "wholes": {}}
    return OwnSeries(**{**usual, **given})  # type: ignore[arg-type]


def _map(own: OwnSeries) -> dict[str, str] | Unmapped:
    structure = standard.open_standard()
    return map_series(own, structure, standard.read_code_table(), standard.read_admitted_table("1.5"))


def test_a_series_of_the_database_has_a_key_of_all_dimensions() -> None:
    key = _map(_own(dimensions={"Sex": "FEMALE"}))
    assert isinstance(key, dict)
    assert {*key} == {*standard.open_standard().dimensions, "UNIT_MEASURE"} - {"REF_AREA"}
    assert (key["SERIES"], key["SEX"], key["AGE"], key["REPORTING_TYPE"], key["UNIT_MEASURE"]) == (
        "VC_PRS_UNSNT", "F", "_T", "G", "PT",
    )  # fmt: skip


def test_the_whole_of_a_series_about_a_part_is_that_part_unless_the_figure_says_otherwise() -> None:
    under_five = _map(_own(series="SG_REG_BRTH", wholes={"Age": "<5Y"}))
    infants = _map(_own(series="SG_REG_BRTH", wholes={"Age": "<5Y"}, dimensions={"Age": "<1Y"}))
    assert isinstance(under_five, dict)
    assert isinstance(infants, dict)
    assert (under_five["AGE"], infants["AGE"]) == ("Y0T4", "Y0")


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        (_own(source="world_bank"), "publisher"),
        (_own(source="open_sdg", series="kaz:16-6-1"), "national"),
        (_own(series="VC_PRS_UNSEC", former_of="VC_PRS_UNSNT"), "former"),
        (_own(series="SP_PSR_OSATIS_GOV"), "series"),
        (_own(unit="score"), "unit"),
        (_own(dimensions={"Service Attribute": "ACCESS"}), "breakdown"),
        (_own(series="VC_VOV_GDSD", dimensions={"Grounds of discrimination": "COLR"}), "breakdown"),
        (_own(series="VC_VOV_GDSD", dimensions={"Grounds of discrimination": "AGE", "Type of speed": "10MBPS"}), "two"),
        (_own(series="IT_USE_ii99"), "admitted"),
        (_own(series="SG_REG_BRTH"), "admitted"),  # a birth registered at any age is no such figure
    ],
)
def test_what_is_not_held_has_its_reason(own: OwnSeries, reason: str) -> None:
    found = _map(own)
    assert isinstance(found, Unmapped)
    assert found.reason == reason


def test_the_order_of_breakdowns_does_not_matter() -> None:
    parts = {"Sex": "MALE", "Location": "URBAN", "Disability status": "PD"}
    other = dict(reversed(parts.items()))
    series = {"series": "VC_VOV_GDSD"}
    assert _map(_own(dimensions=parts, **series)) == _map(_own(dimensions=other, **series))


def _message(structure: DataStructure, version: str, generation: str = "2.1") -> bytes:
    """The global structure as its maintainer would send a later version of it."""
    from dashboard.analysis.sdmx.model import Artefacts, CodeItem, ItemScheme

    concepts = tuple(CodeItem(one.id, one.names) for one in structure.components)
    found = Artefacts(
        codelists=tuple(structure.codelists.values()),
        concepts=(ItemScheme(structure.concepts, {"en": "Concepts"}, concepts),),
        structures=(structure,),
    )
    body = b"".join(write_structures(found, generation, "M1", structure.prepared, "TEST"))  # type: ignore[arg-type]
    return body.replace(
        b'id="SDG" agencyID="IAEG-SDGs" version="1.5"', f'id="SDG" agencyID="IAEG-SDGs" version="{version}"'.encode()
    )


@pytest.mark.parametrize("generation", ["2.1", "3.0"])
def test_a_structure_written_in_either_generation_is_read_as_it_was(generation: str) -> None:
    structure = standard.open_standard()
    read = read_structure_message(_message(structure, "1.5", generation))
    assert read.components == structure.components
    assert read.codelists == structure.codelists
    assert parse_structure(serialise_structure(read)) == read


@pytest.mark.usefixtures("handmade_alone")
def test_a_newer_version_is_spoken_once_it_is_loaded_and_an_older_one_is_not(tmp_path: Path) -> None:
    structure = standard.open_standard()
    newer, older = tmp_path / "newer.xml", tmp_path / "older.xml"
    newer.write_bytes(_message(structure, "1.22"))
    older.write_bytes(_message(structure, "1.10"))
    assert standard.is_old(structure)
    assert standard.load_standard(newer).name.version == "1.22"
    assert standard.open_standard().name.version == "1.22"
    assert not standard.is_old(standard.open_standard())
    with pytest.raises(standard.StructureNotNewer, match=r"1\.10.*not newer.*1\.22"):
        standard.load_standard(older)


@pytest.fixture
def handmade_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own."""
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "data"))
    settings.cache_clear()
    monkeypatch.setattr("dashboard.answers.sdmx.standard.locate_folder", lambda: tmp_path / "data" / "sdmx")
    return tmp_path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((b"IAEG-SDGs", b"KG_NSC"), "national adaptation"),
        ((b"<?xml version", b"<!DOCTYPE x><?xml version"), "document type"),
        ((b"</mes:Structure>", b""), "not XML"),
        ((b'version="1.5"', b'version="../../x"'), "no version"),
        ((b'<str:Codelist id="CL_SEX"', b'<str:Codelist id="CL_OTHER"'), "CL_SEX"),
        ((b'<str:Dimension id="SERIES"', b'<str:Dimension id="SERIE"'), "has no SERIES"),
        ((b'<str:Code id="_T" urn="urn:sdmx:org.sdmx.infomodel.codelist.Code=IAEG-SDGs:CL_SEX', b'<str:Code id="_V" urn="'), "SEX has no code _T"),  # noqa: E501
    ],
)  # fmt: skip
def test_what_is_not_the_global_structure_is_refused_in_words(change: tuple[bytes, bytes], said: str) -> None:
    body = _message(standard.open_standard(), "1.5")
    assert change[0] in body
    with pytest.raises(StructureUnreadable, match=said):
        read_structure_message(body.replace(*change))


def test_versions_compare_as_numbers() -> None:
    assert read_version("1.22") > read_version("1.5")
