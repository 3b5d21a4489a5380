"""What every publisher's room keeps to. A new publisher is one line in ``CASES``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import data_sources
from data_sources.contract import OBSERVATIONS, STATUSES, Parsed, SeriesRef, Source
from data_sources.errors import SourceError
from data_sources.fetching.fetch import collect
from data_sources.fetching.http import HttpClient, HttpLimits
from data_sources.fetching.raw import RawStore
from data_sources.registry import build_sources, list_hosts, list_infos
from tests.checks import all_of
from tests.data_sources.server import Publisher, Scripted, json_reply
from tests.data_sources.shapes import (
    csv_file,
    owid_metadata,
    un_body,
    un_releases,
    un_row,
    undata_body,
    wb_body,
    wb_row,
    workbook,
)

QUICK = HttpLimits(connect_timeout=5, read_timeout=10, total_timeout=20, attempts=1, backoff=0.01, max_bytes=1_000_000)


@dataclass(frozen=True)
class Case:
    """A publisher, one of its series, and what its addresses answer."""

    id: str
    series: str
    replies: Mapping[str, bytes]
    rows: int
    base: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


CPI = "Country / Territory,ISO3,Year,CPI score,Standard error,Number of sources,Lower CI,Upper CI"
EGDI = "Survey Year,Country,Rank,E_Index,E_Participation,Online_Service,Human_Capital,Tele_Infra"
WORLD_BANK = wb_body(wb_row(), wb_row(date="2021", value=None))
UN = un_body(un_row(), un_row(value="<5", year=2021.0))
GTMI = csv_file("cc_iso3c,ref_year,variable,value", "ATA,2022,gtmi_portals,7.75")
GCB = workbook(IDs=[("Country", "Never", "Paid a bribe"), ("Antarctica", 0.93, 0.07)])
SPI = csv_file("country,iso3c,date,SPI.INDEX", "Antarctica,ATA,2019,68.1")
OPEN_SDG = csv_file("Year,Sex,Units,Value", "2020,,Percent,71.5", "2020,Female,Percent,70", "2021,,Percent,")
ATA = {"country": "ATA"}
UNDATA = undata_body({"country/ATA": {"2020": 12.5, "2021": 0}, "country/BVT": {}})
OWID = csv_file("entity,code,year,a_score,time,time", "Antarctica,ATA,2020,12.5,1,2", "World,OWID_WRL,2020,3,1,2")
SDMX = csv_file("DATAFLOW,SERIES,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE", "A:B(1.0),X_PSR,ATA,_T,2020,7.5",
                "A:B(1.0),X_PSR,ATA,F,2020,<2.5", "A:B(1.0),OTHER,ATA,F,2020,1")  # fmt: skip
CASES = [
    Case("world_bank", "IT.NET.USER.ZS", {"/country/all/indicator/IT.NET.USER.ZS": WORLD_BANK}, 2),
    Case("un_sdg", "IU_COR_BRIB", {"/Series/Data": UN, "/Indicator/List": un_releases()}, 2),
    Case("cpi", "CPI score", {"/f.csv": csv_file(CPI, "Antarctica,ATA,2025,30,6.5,7,19.2,40.7")}, 1, "/f.csv"),
    Case("egdi", "E-Government Index", {"/f.csv": csv_file(EGDI, "2024,Antarctica ,1,0.9,0,0,0,0")}, 1, "/f.csv"),
    Case("gcb", "IDs", {"/f.xlsx": GCB}, 1, "/f.xlsx", {"edition": "GCB 2019, Antarctica"}),
    Case("gtmi", "gtmi_portals", {"/f.csv": GTMI}, 1, "/f.csv"),
    Case("spi", "SPI.INDEX", {"/f.csv": SPI}, 1, "/f.csv"),
    Case("open_sdg", "16-6-2", {"/data/16-6-2.csv": OPEN_SDG, "/meta/16-6-2.json": b'{"tags":[]}'}, 3, options=ATA),
    Case("undata", "IU_COR_BRIB", {"/observations/series": UNDATA}, 2),
    Case("owid", "a-chart", {"/a-chart.metadata.json": owid_metadata(), "/a-chart.csv": OWID}, 1),
    Case("sdmx", "X_PSR", {"/f.csv": SDMX}, 2, "/f.csv"),
]  # fmt: skip
EVERY = pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])


def serve(publisher: Publisher, case: Case, replies: Iterable[tuple[str, Scripted]] | None = None) -> Source:
    for path, reply in replies or ((path, json_reply(body)) for path, body in case.replies.items()):
        publisher.on(path, reply)
    return build_sources({case.id: publisher.url + case.base})[case.id]


async def gather(source: Source, case: Case, store: RawStore, since: datetime | None = None) -> Parsed:
    (task,) = source.plan([SeriesRef(case.series, "an_indicator", options=case.options)])
    async with HttpClient(QUICK, list_hosts([source])) as client:
        return (await collect(client, source, task, store, fresh_since=since)).parsed


def test_every_publisher_has_a_case() -> None:
    assert [case.id for case in CASES] == sorted(build_sources({}), key=[case.id for case in CASES].index)
    assert set(list_infos()) - set(build_sources({})) == {
        "national_submission"
    }  # its figures are sent: there is nothing to ask


@EVERY
def test_it_declares_itself(case: Case) -> None:
    info = list_infos()[case.id]
    folder = Path(data_sources.__file__).parent / case.id
    for words in (info.title, info.publisher, info.licence, info.attribution):
        assert words.strip() == words != ""
    assert info.homepage.startswith("https://")
    assert info.licence_url.startswith("https://")
    assert info.hosts
    assert info.redistribution in ("yes", "unmodified", "no")
    assert info.access in ("api", "file")
    assert (info.base_url != "") == (info.access == "api")
    assert info.evidence_level in (1, 2, 3, 4)
    assert info.assertions.min_rows <= info.assertions.max_rows
    assert info.assertions.first_year < info.assertions.last_year
    assert (folder / "README.md").read_text(encoding="utf-8").startswith("# ")
    assert (folder / "__init__.py").read_text(encoding="utf-8").startswith('"""')


@EVERY
def test_it_plans_one_task_per_series_within_its_hosts(case: Case, publisher: Publisher) -> None:
    source = serve(publisher, case)
    refs = [SeriesRef(case.series, "an_indicator"), SeriesRef(case.series, "another")]
    tasks = source.plan(refs)
    assert [task.series for task in tasks] == refs
    assert {task.source for task in tasks} == {case.id}
    for task in tasks:
        assert len({request.key for request in task.requests}) == len(task.requests) >= 1
        assert all_of(request.url.startswith(publisher.url) for request in task.requests)
    assert publisher.host in source.info.hosts
    assert publisher.asked == []


@EVERY
async def test_it_gives_the_one_frame(case: Case, publisher: Publisher, tmp_path: Path) -> None:
    source, store = serve(publisher, case), RawStore(tmp_path)
    parsed = await gather(source, case, store)
    rows = parsed.observations
    assert (rows.schema, rows.height) == (OBSERVATIONS, case.rows)
    assert parsed.rejected == 0
    assert parsed.edition
    assert set(rows["edition"]) == {parsed.edition}
    assert set(rows["series"]) == {case.series}
    for row in rows.iter_rows(named=True):
        assert row["status"] in STATUSES
        assert (row["value"] is None) == (row["status"] in ("censored", "missing", "not_applicable"))
        assert row["area_scheme"] in ("iso3", "m49", "name", "wb")
        assert row["area"] == row["area"].strip() != ""
        assert row["period"].isdigit()
        assert row["value"] is None or row["value"] == float(row["value_text"])
        assert store.get(row["raw_sha256"]) in case.replies.values()
    assert all_of(rows[column].null_count() == 0 for column, kind in OBSERVATIONS.items() if str(kind) == "String")


@EVERY
async def test_it_reads_the_same_again_from_what_was_kept(case: Case, publisher: Publisher, tmp_path: Path) -> None:
    source, store = serve(publisher, case), RawStore(tmp_path)
    since = datetime.now(UTC) - timedelta(seconds=1)
    first = await gather(source, case, store, since)
    asked = len(publisher.asked)
    again = await gather(source, case, store, since)
    assert again.observations.equals(first.observations)
    assert again.findings == first.findings
    assert len(publisher.asked) == asked


@EVERY
@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"cut', b"\xff\xfe", b"[]", b"null", b"{}", b"1,2\n3,4\n"])
async def test_it_refuses_what_is_no_answer(case: Case, publisher: Publisher, tmp_path: Path, body: bytes) -> None:
    source = serve(publisher, case, [(path, json_reply(body)) for path in case.replies])
    with pytest.raises(SourceError) as raised:
        await gather(source, case, RawStore(tmp_path))
    assert raised.value.code
    assert str(raised.value)
