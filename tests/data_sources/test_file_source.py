"""Publishers of files: an address or a file of this machine for each edition, and no other file."""

from pathlib import Path

import pytest

from data_sources.contract import Request, SeriesRef, Source
from data_sources.errors import SourceError
from data_sources.fetching.fetch import Collected, collect
from data_sources.fetching.http import HttpClient, HttpLimits
from data_sources.fetching.local import read_local
from data_sources.fetching.raw import RawStore
from data_sources.info import Address
from data_sources.registry import build_sources, list_hosts, list_infos
from tests.data_sources.server import Publisher, Scripted, json_reply, status
from tests.data_sources.shapes import csv_file

QUICK = HttpLimits(connect_timeout=5, read_timeout=10, total_timeout=20, attempts=1, max_bytes=2000)
EGDI = "Survey Year,Country,Rank,E_Index,E_Participation,Online_Service,Human_Capital,Tele_Infra"
CPI = "Country / Territory,ISO3,Year,CPI score,Standard error,Number of sources,Lower CI,Upper CI"
GTMI = "cc_iso3c,ref_year,variable,value"


def survey(year: int, value: float) -> bytes:
    return csv_file(EGDI, f"{year},Antarctica,1,{value},0.1,0.2,0.3,0.4")


def results(score: int, *years: int) -> bytes:
    return csv_file(CPI, *(f"Antarctica,ATA,{year},{score},1,3,1,99" for year in years))


async def run(source: Source, store: RawStore, *codes: str) -> list[Collected]:
    """One run: a client of its own."""
    async with HttpClient(QUICK, list_hosts([source])) as client:
        tasks = source.plan([SeriesRef(code, "an_indicator") for code in codes])
        return [await collect(client, source, task, store) for task in tasks]


async def refused(source: Source, store: RawStore, code: str) -> SourceError:
    with pytest.raises(SourceError) as raised:
        await run(source, store, code)
    return raised.value


async def test_every_survey_is_read_and_keeps_its_edition(
    publisher: Publisher, store: RawStore, tmp_path: Path
) -> None:
    (tmp_path / "EGOV DATA 2020.csv").write_bytes(survey(2020, 0.5))
    for year, value in ((2022, 0.6), (2024, 0.7)):
        publisher.on(f"/{year}.csv", Scripted(survey(year, value)))
    files = {
        "2024": f"{publisher.url}/2024.csv", "2020": str(tmp_path / "EGOV DATA 2020.csv"),
        "2022": f"{publisher.url}/2022.csv",
    }  # fmt: skip
    source = build_sources({"egdi": Address(files=files)})["egdi"]
    index, service = await run(source, store, "E-Government Index", "Online Service Index")
    assert index.parsed.observations.select("period", "value", "edition").rows() == [
        ("2020", 0.5, "2020"), ("2022", 0.6, "2022"), ("2024", 0.7, "2024"),
    ]  # fmt: skip
    assert (index.parsed.edition, service.parsed.observations.height) == ("2024", 3)
    assert sorted(publisher.paths()) == ["/2022.csv", "/2024.csv"]  # once, for however many series


@pytest.mark.parametrize(
    ("older", "newer"), [("2024", "2025"), ("2025", "2025 revised"), ("9", "10"), ("2024-02", "2024-11")]
)
async def test_of_a_file_with_the_whole_history_the_newest_is_read(
    publisher: Publisher, store: RawStore, older: str, newer: str
) -> None:
    publisher.on("/old.csv", Scripted(results(20, 2023, 2024)))
    publisher.on("/new.csv", Scripted(results(30, 2024)))
    files = {newer: f"{publisher.url}/new.csv", older: f"{publisher.url}/old.csv"}
    (collected,) = await run(build_sources({"cpi": Address(files=files)})["cpi"], store, "CPI score")
    assert collected.parsed.observations.select("period", "value", "edition").rows() == [("2024", 30.0, newer)]
    assert publisher.paths() == ["/new.csv"]


@pytest.mark.parametrize("address", ["{path}", "{uri}", "file://localhost{path}"])
async def test_a_file_of_this_machine_is_read_by_path_or_address(
    store: RawStore, tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "CPI results.csv"
    path.write_bytes(results(30, 2024))
    named = address.format(path=path, uri=path.as_uri())
    source = build_sources({"cpi": Address(files={"2025": named})})["cpi"]
    first, again = [(await run(source, store, "CPI score"))[0] for _ in range(2)]
    assert first.parsed.observations["value"].to_list() == [30.0]
    assert (first.unchanged, again.unchanged) == (False, True)
    path.write_bytes(results(31, 2024))
    (changed,) = await run(source, store, "CPI score")
    assert (changed.parsed.observations["value"].to_list(), changed.unchanged) == ([31.0], False)


async def test_where_the_operator_keeps_files_is_not_told(store: RawStore, tmp_path: Path) -> None:
    folder = tmp_path / "hidden folder"
    folder.mkdir()
    (folder / "CPI results.csv").write_bytes(results(30, 2024))
    source = build_sources({"cpi": Address(files={"2025": str(folder / "CPI results.csv")})})["cpi"]
    (collected,) = await run(source, store, "CPI score")
    assert collected.replies[0].url == "file:///CPI%20results.csv"
    assert "hidden" not in "".join(path.read_text() for path in (tmp_path / "raw").rglob("*.json"))
    (folder / "CPI results.csv").unlink()
    assert "hidden" not in str(await refused(source, store, "CPI score"))


@pytest.mark.parametrize(
    ("name", "code"), [("absent.csv", "file_missing"), ("", "file_unreadable"), ("large.csv", "too_large")]
)
async def test_a_file_that_cannot_be_read_is_named(store: RawStore, tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "large.csv").write_bytes(b"x" * 2001)
    error = await refused(
        build_sources({"cpi": Address(files={"2025": str(tmp_path / name)})})["cpi"], store, "CPI score"
    )
    assert error.code == code
    assert (name or tmp_path.name) in str(error)


def test_no_file_is_read_that_no_setting_names(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    with pytest.raises(SourceError) as raised:
        read_local(Request((tmp_path / "secret").as_uri()), [], 100)
    assert raised.value.code == "file_not_allowed"


async def test_a_reply_cannot_name_a_file_of_this_machine(publisher: Publisher, store: RawStore) -> None:
    publisher.on("/f.csv", status(302, Location="file:///etc/passwd"))
    error = await refused(
        build_sources({"cpi": Address(files={"2025": f"{publisher.url}/f.csv"})})["cpi"], store, "CPI score"
    )
    assert error.code == "redirect_not_allowed"


@pytest.mark.parametrize(
    "address", ["file://elsewhere/f.csv", "ftp://127.0.0.1/f.csv", "https://user:s3cret@127.0.0.1/f"]
)
def test_other_addresses_are_refused_without_their_secrets(address: str) -> None:
    with pytest.raises(ValueError, match="cpi: ") as raised:
        build_sources({"cpi": Address(files={"2025": address})})
    assert "s3cret" not in str(raised.value)


def test_a_declaration_names_no_file_of_this_machine() -> None:
    for info in list_infos().values():
        assert all(address.startswith("https://") for address in (*info.mirrors, *info.files.values()))


async def test_an_edition_without_the_series_is_said(publisher: Publisher, store: RawStore) -> None:
    publisher.on("/2022.csv", Scripted(csv_file(GTMI, "ATA,2022,gtmi_portals,7.75")))
    publisher.on("/2025.csv", Scripted(csv_file(GTMI, "ATA,2025,gtmi_new,1")))
    files = {year: f"{publisher.url}/{year}.csv" for year in ("2022", "2025")}
    source = build_sources({"gtmi": Address(files=files)})["gtmi"]
    (collected,) = await run(source, store, "gtmi_portals")
    assert collected.parsed.observations.select("period", "edition").rows() == [("2022", "2022")]
    (finding,) = collected.parsed.findings
    assert (finding.code, finding.message[:13]) == ("series_not_in_file", "edition 2025:")
    assert (await refused(source, store, "gtmi_other")).code == "series_not_in_file"


async def test_two_editions_of_one_year_are_an_error(publisher: Publisher, store: RawStore) -> None:
    for edition in ("2022", "2024"):
        publisher.on(f"/{edition}.csv", Scripted(survey(2022, 0.5)))
    files = {edition: f"{publisher.url}/{edition}.csv" for edition in ("2022", "2024")}
    (collected,) = await run(build_sources({"egdi": Address(files=files)})["egdi"], store, "E-Government Index")
    (finding,) = collected.parsed.findings
    assert (finding.code, finding.severity, finding.count) == ("editions_overlap", "error", 1)


async def test_one_edition_that_cannot_be_had_ends_the_series(publisher: Publisher, store: RawStore) -> None:
    publisher.on("/2022.csv", Scripted(survey(2022, 0.5)))
    files = {edition: f"{publisher.url}/{edition}.csv" for edition in ("2022", "2024")}
    error = await refused(build_sources({"egdi": Address(files=files)})["egdi"], store, "E-Government Index")
    assert error.code == "http_404"


@pytest.mark.parametrize(
    ("reply", "code"),
    [(Scripted(b" \n"), "empty_body"), (json_reply(b"<!DOCTYPE html><p>Sign in"), "html_instead_of_data")],
)
async def test_a_page_in_place_of_a_file_is_named(
    publisher: Publisher, store: RawStore, reply: Scripted, code: str
) -> None:
    publisher.on("/f.csv", reply)
    error = await refused(build_sources({"cpi": f"{publisher.url}/f.csv"})["cpi"], store, "CPI score")
    assert error.code == code


async def test_a_file_without_an_edition_is_named_by_its_date_unless_that_is_ahead(
    publisher: Publisher, store: RawStore
) -> None:
    source = build_sources({"cpi": f"{publisher.url}/f.csv?raw=1"})["cpi"]
    dated = "Tue, 10 Feb 2026 06:00:00 GMT"
    publisher.on("/f.csv", Scripted(results(30, 2024), headers={"Last-Modified": dated}))
    (collected,) = await run(source, store, "CPI score")
    assert collected.parsed.edition == f"file of {dated}"
    publisher.on("/f.csv", Scripted(results(30, 2024), headers={"Last-Modified": "Tue, 10 Feb 2099 06:00:00 GMT"}))
    (collected,) = await run(source, store, "CPI score")
    assert collected.parsed.edition == f"file {collected.replies[0].sha256[:12]}"
