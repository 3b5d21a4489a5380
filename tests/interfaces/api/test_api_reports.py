"""Reports over the API: types, names, conditions, faults, and one file on disk for one question."""

import pytest
from httpx import AsyncClient

from dashboard.settings import settings

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
