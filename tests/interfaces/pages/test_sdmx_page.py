"""The page of the SDMX mapping report: it says what the report says, in every language, and what there is not."""

import html
import re
from collections.abc import AsyncIterator
from typing import get_args

import httpx
import pytest

from dashboard.analysis.sdmx.mapping import Reason
from dashboard.answers.base.context import open_context
from dashboard.answers.sdmx.report import describe_service, report_mapping, view_mapping
from dashboard.interfaces.desk.sdmx import page
from dashboard.interfaces.desk.site import api
from dashboard.locales import LANGUAGES, format_number, t

pytestmark = pytest.mark.usefixtures("embedded")


@pytest.fixture
async def reader() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://test") as client:
        yield client


def test_held_and_left_out_are_all_figures() -> None:
    told = report_mapping(open_context())
    assert sum(row["rows"] for row in told["held"]) == told["mapped"] > 0
    assert told["mapped"] + sum(row["rows"] for row in told["unmapped"]) == told["rows"]
    assert {row["reason"] for row in told["unmapped"]} <= set(get_args(Reason))


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_page_says_what_the_report_says(reader: httpx.AsyncClient, lang: str) -> None:
    reply = await reader.get(f"/{lang}/sdmx/")
    assert reply.status_code == 200
    text, told = html.unescape(reply.text), report_mapping(open_context())
    assert f'<html lang="{lang}" dir="{LANGUAGES[lang].dir}"' in text
    assert format_number(told["mapped"], lang) in text
    assert t("sdmx.old", lang) in text
    for reason in {row["reason"] for row in told["unmapped"]}:
        assert t(f"sdmx.reason.{reason}", lang) in text
        assert f'id="{reason}"' in text
    for row in (*told["held"][:5], *told["unmapped"][:5]):
        assert f"{row['source']}/{row['series']}" in text
        assert format_number(row["rows"], lang) in text
    for link in set(re.findall(r'href="(/api/sdmx[^"]*)"', text)):
        assert (await reader.get(link)).status_code == 200


async def test_a_page_that_has_not_changed_is_a_304(reader: httpx.AsyncClient) -> None:
    tag = (await reader.get("/en/sdmx/")).headers["etag"]
    assert (await reader.get("/en/sdmx/", headers={"If-None-Match": tag})).status_code == 304


async def test_without_a_language_the_readers_own_is_taken(reader: httpx.AsyncClient) -> None:
    reply = await reader.get("/sdmx/", headers={"Accept-Language": "az,en;q=0.5"})
    assert (reply.status_code, reply.headers["location"]) == (307, "/az/sdmx/")


@pytest.mark.parametrize(("empty", "said"), [("held", "none"), ("reasons", "all")])
async def test_what_there_is_not_is_said(
    reader: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, empty: str, said: str
) -> None:
    view = view_mapping(open_context())
    monkeypatch.setattr(page, "view_mapping", lambda _: {**view, empty: []})
    assert html.unescape((await reader.get("/en/sdmx/")).text).count(t(f"sdmx.{said}", "en")) == 1


def test_entry_points_name_the_page() -> None:
    assert describe_service(open_context(), "https://x")["page"] == "https://x/en/sdmx/"
