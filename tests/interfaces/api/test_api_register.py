"""The events of the register and the chart of counts by address."""

import csv
import io

import httpx
import pytest

from dashboard.answers.adoption import register
from dashboard.answers.base.context import open_context

pytestmark = pytest.mark.usefixtures("embedded")


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", {}),
        (
            "country=AFG,ETH&disputed=yes&sort=oldest",
            {"countries": ("AFG", "ETH"), "disputed": "yes", "sort": "oldest"},
        ),
        ("source=press&from=2025&to=2026", {"source": "press", "first": 2025, "last": 2026}),
        ("lang=ar&q=MESOB&evidence=E1", {"search": "MESOB", "evidence": "E1"}),
    ],
)
async def test_displayed_rows_are_downloaded_rows(client: httpx.AsyncClient, query: str, asked: dict[str, str]) -> None:
    ctx = open_context("ar" if "lang=ar" in query else "en")
    shown = register.view_table(ctx, register.check_query(ctx, register.RegisterQuery(**asked)))  # type: ignore[arg-type]
    assert query.split("&", maxsplit=1)[0] in shown["csv"] + "?"
    for address in (f"/api/v1/adoption.csv?{query}", shown["csv"]):
        reply = await client.get(address)
        assert "attachment" in reply.headers["content-disposition"]
        lines = list(csv.DictReader(io.StringIO(reply.text)))
        assert [(line["id"], line["scope"], line["counts"]) for line in lines] == [
            (row["id"], row["scope"], "true" if row["counts"] else "false") for row in shown["rows"]
        ]
        assert lines


@pytest.mark.parametrize("query", ["event=x", "source=x", "evidence=E9", "disputed=x", "sort=x", "contry=AZE"])
async def test_what_there_is_not_is_a_problem_in_words(client: httpx.AsyncClient, query: str) -> None:
    reply = await client.get(f"/api/v1/adoption.csv?{query}")
    assert reply.status_code == 422
    assert reply.json()["detail"]


async def test_the_chart_of_counts_is_one_picture_in_every_form(client: httpx.AsyncClient) -> None:
    spec = (await client.get("/api/v1/charts/claims.json?rule=operating")).json()
    assert "6 countries" in spec["usermeta"]["sentence"]
    assert "without any date" not in spec["usermeta"]["sentence"]
    wider = (await client.get("/api/v1/charts/claims.json?rule=any_contact")).json()["usermeta"]["sentence"]
    assert "18 countries" in wider
    assert "without any date" not in wider, "Malaysia stands at the article that names it"
    reply = await client.get("/api/v1/charts/claims.csv?rule=operating")
    lines = list(csv.DictReader(io.StringIO(reply.text)))
    assert len(lines) == spec["usermeta"]["rows"]
    assert [line["count"] for line in lines if line["id"] == "RC-06"] == ["4"]
    picture = await client.get("/api/v1/charts/claims.svg?rule=operating&theme=dark&lang=ar")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    again = await client.get("/api/v1/charts/claims.json", headers={"If-None-Match": "*"})
    assert again.status_code == 304
    assert (await client.get("/api/v1/charts/claims.json?rule=all")).status_code == 422


@pytest.mark.parametrize("kind", ["claims", "pipeline", "corruption", "lanes", "centres"])
async def test_each_chart_of_counts_is_one_thing_in_all_its_forms(client: httpx.AsyncClient, kind: str) -> None:
    spec, drawn = [(await client.get(f"/api/v1/charts/{kind}.{form}")).json() for form in ("json", "vega")]
    told = spec["usermeta"]
    assert "/vega-lite/" in spec["$schema"]
    assert "/vega/" in drawn["$schema"]
    assert told["title"]
    assert told["sentence"]
    table = await client.get(f"/api/v1/charts/{kind}.csv")
    assert len(list(csv.DictReader(io.StringIO(table.text)))) == told["rows"] > 0
    assert table.headers["content-disposition"].startswith("attachment")
    assert "_signed_" in table.headers["content-disposition"], "the rule it counts by where none is named"
    for form, begins in (("svg", b"<svg"), ("png", b"\x89PNG")):
        picture = await client.get(f"/api/v1/charts/{kind}.{form}")
        assert picture.content.startswith(begins)
        assert picture.headers["content-disposition"].startswith("inline")
