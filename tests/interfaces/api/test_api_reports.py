"""Reports and briefs over the API: types, names, conditions, faults, and one file on disk for one question."""

import csv
import io
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from httpx import AsyncClient
from pptx import Presentation

from dashboard.settings import Settings, settings

pytestmark = pytest.mark.usefixtures("embedded")


@pytest.mark.parametrize(
    ("path", "start", "media"),
    [
        ("country/ETH.pdf", b"%PDF-", "application/pdf"),
        ("programme.pdf?method=sdsn&rule=operating", b"%PDF-", "application/pdf"),
        ("vnr/KAZ.xlsx?lang=ar", b"PK", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
async def test_a_report_is_a_file_with_a_name_and_is_not_sent_twice(
    client: AsyncClient, path: str, start: bytes, media: str
) -> None:
    address = f"/api/v1/reports/{path}"
    reply = await client.get(address)
    assert reply.status_code == 200
    assert reply.content.startswith(start)
    assert reply.headers["content-type"] == media
    assert "filename=" in reply.headers["content-disposition"]
    again = await client.get(address, headers={"If-None-Match": reply.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await client.get(address)).content == reply.content


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        ("country/XYZ.pdf", 404, "unknown-country"),
        ("country/AZ.pdf", 422, "invalid-parameter"),
        ("country/AZE.docx", 422, "invalid-parameter"),
        ("country/AZE.pdf?method=best", 422, "invalid-parameter"),
        ("country/AZE.pdf?rule=signed", 422, "invalid-parameter"),
        ("programme.pdf?rule=all", 422, "invalid-parameter"),
        ("vnr/AZE.pdf?method=sdsn", 422, "invalid-parameter"),
        ("vnr/AZE.pdf?as_of=1999-01-01", 422, "invalid-parameter"),
    ],
)
async def test_what_cannot_be_asked_is_a_problem_that_says_why(
    client: AsyncClient, path: str, status: int, slug: str
) -> None:
    reply = await client.get(f"/api/v1/reports/{path}")
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["type"].endswith(slug)


async def test_a_report_is_made_once_and_kept(client: AsyncClient) -> None:
    first = await client.get("/api/v1/reports/vnr/UGA.xlsx")
    held = [file for file in settings().data_dir.glob("reports/*/*.xlsx") if file.read_bytes() == first.content]
    assert len(held) == 1
    assert not list(settings().data_dir.glob("reports/*/*.part"))
    (place,) = held
    other = await client.get("/api/v1/reports/vnr/AFG.xlsx")
    assert {file.read_bytes() for file in place.parent.glob("*.xlsx")} >= {first.content, other.content}


QUERY = "country=AZE,GEO&indicator=wgi_cc,birth_registration"


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF-"), ("xlsx", b"PK"), ("pptx", b"PK")])
async def test_its_forms(client: httpx.AsyncClient, handmade: Settings, form: str, begins: bytes) -> None:
    reply = await client.get(f"/api/v1/brief.{form}?{QUERY}")
    assert reply.status_code == 200
    assert reply.content.startswith(begins)
    assert f'filename="brief_AZE-GEO_en_2026-03-02.{form}"' in reply.headers["content-disposition"]
    same = await client.get(f"/api/v1/brief.{form}?{QUERY}", headers={"If-None-Match": reply.headers["etag"]})
    assert same.status_code == 304
    other = await client.get(f"/api/v1/brief.{form}?{QUERY}&part=figures")
    assert other.headers["etag"] != reply.headers["etag"]
    assert other.content != reply.content


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("country=AZE", 422), ("indicator=wgi_cc", 422), ("country=XXX&indicator=wgi_cc", 404),
        ("country=AZE&indicator=nothing", 404), (f"{QUERY}&part=everything", 422), (f"{QUERY}&as_of=2020-01-01", 422),
        (f"{QUERY}&colour=red", 422),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_said(
    client: httpx.AsyncClient, handmade: Settings, query: str, status: int
) -> None:
    assert (await client.get(f"/api/v1/brief.pptx?{query}")).status_code == status


async def test_the_page_makes_the_address_without_script(client: httpx.AsyncClient, handmade: Settings) -> None:
    page = (await client.get(f"/brief/?{QUERY}&lang=en&as_of=2026-03-02")).text
    assert "<script" not in page
    assert "Figures found: 2 of 4." in page
    without = unescape(re.findall(r'href="(/brief/[^"]+)" aria-label="Remove Georgia"', page)[0])
    assert parse_qs(urlsplit(without).query) == {
        "country": ["AZE"], "indicator": ["wgi_cc,birth_registration"], "as_of": ["2026-03-02"], "lang": ["en"],
    }  # fmt: skip
    for form in ("pptx", "pdf", "xlsx"):
        (address,) = re.findall(rf'href="(/api/v1/brief\.{form}[^"]+)"', page)
        assert "country=AZE,GEO" in unescape(address)
    assert (await client.get(unescape(re.findall(r'<img src="([^"]+)"', page)[0]))).status_code == 200
    assert re.search(r'<img src="[^"]+" alt="[^"]{20,}"', page)
    assert "/follow/?country=AZE,GEO" in page


async def test_a_brief_begins_with_what_its_figures_say(client: httpx.AsyncClient, handmade: Settings) -> None:
    compared = (await client.get("/api/v1/compare/pairs.csv?country=AZE,GEO&indicator=wgi_cc&lang=en")).text
    (verdict,) = {row["text"] for row in csv.DictReader(io.StringIO(compared.lstrip("\ufeff")))}
    for form in ("page", "pptx"):
        if form == "page":
            said = unescape((await client.get(f"/brief/?{QUERY}&lang=en")).text)
        else:
            slides = Presentation(io.BytesIO((await client.get(f"/api/v1/brief.pptx?{QUERY}&lang=en")).content)).slides
            said = "\n".join(shape.text_frame.text for shape in slides[0].shapes if shape.has_text_frame)
        assert f"Control of corruption (WGI): {verdict} Judged in the " in said, form


async def test_the_page_before_anything_is_chosen_and_for_what_there_is_not(
    client: httpx.AsyncClient, handmade: Settings
) -> None:
    page = await client.get("/brief/?lang=ar")
    assert page.status_code == 200
    assert 'dir="rtl"' in page.text
    assert "/api/v1/brief" not in page.text
    assert (await client.get("/brief/?country=XXX&indicator=wgi_cc")).status_code == 404
    repeated = await client.get("/brief/?country=AZE&country=GEO&indicator=wgi_cc&part=figures&part=charts")
    assert "country=AZE,GEO" in unescape(repeated.text)
    assert "part=figures,charts" in unescape(repeated.text)
