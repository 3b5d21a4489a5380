"""What is taken along: the rows displayed are the rows of every file, and each file says where they come from."""

import csv
import hashlib
import io
from typing import Any
from urllib.parse import urlsplit

import httpx
import openpyxl
import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.indicators.table import view_table
from dashboard.settings import Settings
from tests.checks import all_of

SHEETS = ["Data", "Dictionary", "Citations", "Caveats", "About"]
VIEWS: list[dict[str, Any]] = [
    {"indicator": "wgi_cc", "countries": ("AZE", "GEO")},
    {"indicator": "wgi_cc", "countries": ("AZE",), "first": 2010, "last": 2015},
    {"indicator": "internet_users", "countries": ("UGA", "AZE", "KAZ"), "first": 2000},
    {"indicator": "bribery_persons"},
    {"indicator": "ti_cpi", "countries": ("AZE", "UZB")},
]


def _workbook(body: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(body))


def _rows(body: bytes, sheet: int = 0) -> list[dict[str, Any]]:
    first, *rest = _workbook(body).worksheets[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, first), row, strict=True)) for row in rest]


def _number(text: str) -> float | None:
    return float(text) if text else None


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: "-".join(map(str, view.values())))
async def test_displayed_rows_are_the_rows_of_every_file(
    client: httpx.AsyncClient, embedded: Settings, view: dict[str, Any]
) -> None:
    """Table view, JSON, CSV and workbook: the same figures, by their ids and by their values."""
    shown, page, pages = {}, 1, 1
    while page <= pages:
        part = view_table(open_context("en"), **view, page=page, size=100)
        pages, page = part["pages"], page + 1
        shown |= {row["figure"]["id"]: row["figure"]["value"] for row in part["rows"]}
    links = part["downloads"]
    assert shown
    promised = {links["rows"], part["total"]}
    told: list[dict[str, Any]] = []
    told = (await client.get(links["json"] + "&limit=10000")).json()["rows"]
    lines = list(csv.DictReader(io.StringIO((await client.get(links["csv"])).text)))
    cells = _rows((await client.get(links["xlsx"])).content)
    assert {row["id"]: row["value"] for row in told} == shown
    assert {row["id"]: _number(row["value"]) for row in lines} == shown
    assert {row["id"]: row["value"] for row in cells} == shown
    assert {len(told), len(lines), len(cells)} == promised


@pytest.mark.parametrize("kind", ["trend", "ranking", "map", "world", "distribution", "breakdown"])
async def test_rows_drawn_are_the_rows_of_the_charts_files(
    client: httpx.AsyncClient, embedded: Settings, kind: str
) -> None:
    query = f"indicator={'bribery_persons' if kind == 'breakdown' else 'wgi_cc'}&country=AZE,GEO"
    spec = (await client.get(f"/api/v1/charts/{kind}.json?{query}")).json()
    lines = list(csv.DictReader(io.StringIO((await client.get(f"/api/v1/charts/{kind}.csv?{query}")).text)))
    cells = _rows((await client.get(f"/api/v1/charts/{kind}.xlsx?{query}")).content)
    about = (await client.get(f"/api/v1/charts/{kind}.metadata.json?{query}")).json()
    assert spec["usermeta"]["rows"] == len(lines) == len(cells) == about["rows"] > 0
    assert [(row["country"], _number(row["value"])) for row in lines] == [(r["country"], r["value"]) for r in cells]
    assert about["sentence"] == spec["usermeta"]["sentence"]
    assert [column["id"] for column in about["columns"]] == list(lines[0]) == list(cells[0])


async def test_a_workbook_says_what_it_is(client: httpx.AsyncClient, handmade: Settings) -> None:
    reply = await client.get("/api/v1/charts/trend.xlsx?indicator=wgi_cc&country=AZE,GEO&from=2015")
    assert reply.headers["content-disposition"].startswith('attachment; filename="wgi_cc_trend_AZE_GEO_2015-_')
    assert _workbook(reply.content).sheetnames == SHEETS
    dictionary = _rows(reply.content, 1)
    assert {row["Column"] for row in dictionary} == set(_rows(reply.content)[0])
    assert next(row for row in dictionary if row["Column"] == "value")["Unit"]
    assert "estimated" in {row["Code"] for row in dictionary if row["Column"] == "status"}
    cited = _rows(reply.content, 2)
    assert cited[0]["How to cite"].startswith("World Bank")
    source = next(row for row in cited if row["Series"])
    assert (source["Publisher"], source["Licence"]) == ("World Bank", "CC BY 4.0")
    assert source["Edition"] == "2024"
    assert source["Retrieved"]
    assert source["SHA-256 of what was received"]
    about = {row["What"]: row["Value"] for row in _rows(reply.content, 4)}
    assert about["Dataset version"] == open_context("en").dataset.version
    assert about["Filter: countries"] == "AZE (Azerbaijan); GEO (Georgia)"
    assert about["Filter: first year"] == "2015"
    assert about["Link to this view"].startswith("/en/indicators/wgi_cc/?country=AZE,GEO&from=2015")
    assert "as_of=2026-03-02" in about["Link to this view"]


async def test_ranks_are_whole_numbers_and_figures_have_the_decimals_of_their_indicator(
    client: httpx.AsyncClient, embedded: Settings
) -> None:
    reply = await client.get("/api/v1/charts/ranking.xlsx?indicator=wgi_cc&country=AZE,GEO&as_of=2026-11-24")
    heads, first, *_ = _workbook(reply.content).worksheets[0].iter_rows()
    formats = {str(head.value): cell.number_format for head, cell in zip(heads, first, strict=True)}
    assert {formats[name] for name in ("rank_best", "rank_worst")} == {"0"}
    assert formats["value"] == "#,##0.00"
    assert {formats[name] for name in ("country", "rank_reason")} == {"General"}


async def test_a_licence_that_forbids_derived_figures_is_said(client: httpx.AsyncClient, embedded: Settings) -> None:
    query = "indicator=ti_cpi&country=AZE"
    about = (await client.get(f"/api/v1/charts/trend.metadata.json?{query}")).json()
    assert {source["redistribution"] for source in about["sources"]} == {"unmodified"}
    assert any("not derived figures" in words for words in about["caveats"])
    assert all_of(len(digest) == 64 for source in about["sources"] for digest in source["raw_sha256"])
    sheet = _rows((await client.get(f"/api/v1/charts/trend.xlsx?{query}")).content, 3)
    assert any("not derived figures" in row["What you should know"] for row in sheet)


async def test_the_arabic_workbook_is_arabic(client: httpx.AsyncClient, embedded: Settings) -> None:
    book = _workbook((await client.get("/api/v1/charts/trend.xlsx?indicator=wgi_cc&country=AZE&lang=ar")).content)
    assert book.sheetnames[0] == "البيانات"
    assert all_of(page.sheet_view.rightToLeft for page in book.worksheets)


async def test_the_same_figures_are_the_same_bytes(client: httpx.AsyncClient, embedded: Settings) -> None:
    from dashboard.answers.charts.query import ask_chart
    from dashboard.answers.files import extract, reuse

    ctx = open_context("en")
    bodies = {
        hashlib.sha256(reuse.write_xlsx(extract.extract_chart(ask_chart(ctx, "trend", "wgi_cc", ("AZE",))))).hexdigest()
        for _ in range(2)
    }
    served = await client.get("/api/v1/charts/trend.xlsx?indicator=wgi_cc&country=AZE")
    assert bodies == {hashlib.sha256(served.content).hexdigest()}
    again = await client.get(
        "/api/v1/charts/trend.xlsx?indicator=wgi_cc&country=AZE", headers={"If-None-Match": served.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["charts/trend", "observations"])
async def test_csv_is_marked_for_excel_only_when_asked(
    client: httpx.AsyncClient, embedded: Settings, path: str
) -> None:
    plain = await client.get(f"/api/v1/{path}.csv?indicator=wgi_cc&country=AZE")
    marked = await client.get(f"/api/v1/{path}.csv?indicator=wgi_cc&country=AZE&bom=true")
    assert marked.content == b"\xef\xbb\xbf" + plain.content
    assert marked.headers["etag"] != plain.headers["etag"]


async def test_a_workbook_that_would_be_too_large_is_refused_with_the_way_out(
    client: httpx.AsyncClient, embedded: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.answers.files.reuse.MAX_WORKBOOK_ROWS", 10)
    reply = await client.get("/api/v1/observations.xlsx?indicator=wgi_cc&country=GEO,AZE&lang=en&to=2023")
    assert reply.status_code == 422
    assert "CSV" in reply.json()["detail"]
    part = await client.get("/api/v1/observations.xlsx?indicator=wgi_cc&country=GEO,AZE&to=2023&limit=10")
    assert len(_rows(part.content)) == 10


async def test_addresses_of_metadata_lead_to_the_same_view(client: httpx.AsyncClient, embedded: Settings) -> None:
    for path in ("charts/trend", "observations"):
        about = (await client.get(f"/api/v1/{path}.metadata.json?indicator=wgi_cc&country=AZE,GEO&from=2015")).json()
        for form, link in about["files"].items():
            assert (await client.get(link)).status_code == 200, (form, link)
        asked = urlsplit(about["files"]["csv"]).query
        assert "country=AZE,GEO" in asked
        assert f"as_of={about['as_of']}" in asked
        assert len((await client.get(about["files"]["csv"])).text.splitlines()) - 1 == about["rows"]


async def test_a_countrys_own_series_keeps_its_caution(client: httpx.AsyncClient, embedded: Settings) -> None:
    query = "indicator=sat_overall_gov&country=KAZ&series=kaz:16-6-2"
    for path in ("charts/trend", "observations"):
        about = (await client.get(f"/api/v1/{path}.metadata.json?{query}")).json()
        assert about["rows"] > 0
        assert about["sources"][0]["series"] == "kaz:16-6-2"
        assert "national" in about["citations"][0]
        assert len(about["caveats"]) > 1
        assert about["rows"] == len(_rows((await client.get(f"/api/v1/{path}.xlsx?{query}")).content))


def test_every_column_of_every_file_has_a_name_and_a_definition() -> None:
    from dashboard.analysis.charts.registry import select_kinds
    from dashboard.evidence.dataset.schema import PUBLIC
    from dashboard.locales import has

    columns = {
        *PUBLIC,
        "series",
        "definition",
        *(name for kind in select_kinds("series").values() for name in kind.columns),
    }
    parts = ("name", "definition")
    assert [name for name in columns for part in parts if not has(f"reuse.column.{name}.{part}")] == []


@pytest.mark.usefixtures("handmade")
@pytest.mark.parametrize("form", ["json", "csv", "xlsx"])
async def test_fields_are_those_named_in_their_usual_order(client: httpx.AsyncClient, form: str) -> None:
    asked = f"/api/v1/observations.{form}?indicator=internet_users&country=AZE&dimensions=total"
    whole = await client.get(asked)
    answer = await client.get(f"{asked}&fields=value,country&fields=period")
    assert answer.headers["etag"] != whole.headers["etag"]
    if form == "json":
        rows, all_rows = answer.json()["rows"], whole.json()["rows"]
        assert rows == [{name: row[name] for name in ("country", "period", "value")} for row in all_rows]
        assert rows
    elif form == "csv":
        assert answer.text.splitlines()[0] == "country,period,value"
        assert len(answer.text.splitlines()) == len(whole.text.splitlines())
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
        assert [cell.value for cell in sheet[1]] == ["country", "period", "value"]


@pytest.mark.usefixtures("handmade")
async def test_an_unknown_field_is_named_with_those_there_are(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/observations.json?indicator=internet_users&fields=valeu")
    assert answer.status_code == 404
    assert "valeu" in answer.json()["detail"]
    assert "value" in answer.text


@pytest.mark.usefixtures("handmade")
async def test_a_page_of_fields_leads_to_the_next(client: httpx.AsyncClient) -> None:
    asked = "/api/v1/observations.json?country=AZE&series=all&fields=id&limit=2"
    first = (await client.get(asked)).json()
    second = (await client.get(f"{asked}&cursor={first['next']}")).json()
    together = (await client.get(asked.replace("limit=2", "limit=4"))).json()
    assert first["rows"] + second["rows"] == together["rows"]
    assert set(first["rows"][0]) == {"id"}
