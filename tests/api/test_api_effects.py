"""Adoption effects by the API: a plan in, a job, a result; charts of it; faults explained."""

import asyncio
import csv
import io
from typing import Any

import httpx
import pytest

from dashboard.services.effects import jobs

pytestmark = pytest.mark.usefixtures("embedded")


async def done(client: httpx.AsyncClient, job: str) -> dict[str, Any]:
    for _ in range(600):
        told: dict[str, Any] = (await client.get(f"/api/v1/effects/{job}")).json()
        if told["state"] not in ("waiting", "running"):
            return told
        await asyncio.sleep(0.1)
    raise AssertionError(told)


async def test_a_plan_becomes_a_job_and_a_result_with_its_charts(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/effects?indicator=wgi_cc&country=afg")
    assert answer.status_code == 202
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert told["plan"]["treated"] == [{"country": "AFG", "event": "AFG-02", "year": 2019}]
    assert told["plan_hash"] == told["job"].split("-")[0]
    finished = await done(client, told["job"])
    result = finished["result"]
    assert finished["state"] == "done"
    assert finished["done"] == finished["of"] > 0
    assert result["verdict"] in ("consistent_with_effect", "no_detectable_effect", "cannot_tell")
    assert result["floor"] == pytest.approx(1 / 41)
    again = (await client.post("/api/v1/effects?indicator=wgi_cc&country=AFG")).json()
    assert (again["job"], again["state"]) == (told["job"], "done")
    base = f"/api/v1/effects/{told['job']}"
    gap = (await client.get(f"{base}/gap.json?lang=ar&theme=dark")).json()
    assert len({row["unit"] for row in gap["datasets"]["gaps"]}) == 41
    assert gap["usermeta"]["sentence"]
    rows = list(csv.DictReader(io.StringIO((await client.get(f"{base}/synthetic.csv")).text)))
    assert [int(row["year"]) for row in rows] == [line["year"] for line in result["path"]]
    picture = await client.get(f"{base}/synthetic.svg")
    assert picture.headers["content-type"].startswith("image/svg")
    assert "World Bank" in picture.text
    assert len(picture.content) < 60_000
    for form, way in (("csv", "attachment"), ("svg", "inline"), ("png", "inline"), ("vega", "inline")):
        drawn = await client.get(f"{base}/synthetic.{form}")
        named = f'{way}; filename="synthetic_{told["job"]}.{form}"'
        assert (drawn.status_code, drawn.headers["content-disposition"]) == (200, named)
    tag = {"If-None-Match": picture.headers["etag"]}
    assert (await client.get(f"{base}/synthetic.svg", headers=tag)).status_code == 304
    assert (await client.get(f"{base}/map.json")).status_code == 404


async def test_what_a_plan_has_to_work_with_is_answered_before_it_is_fixed(client: httpx.AsyncClient) -> None:
    asked = "indicator=wgi_cc&country=AFG&from=2000"
    told = (await client.get(f"/api/v1/effects/panel.json?{asked}&lang=ar&theme=dark")).json()
    rows = list(csv.DictReader(io.StringIO((await client.get(f"/api/v1/effects/panel.csv?{asked}")).text)))
    assert len(rows) == told["usermeta"]["rows"] == len(told["datasets"]["tiles"])
    assert {row["year"] for row in rows if row["country"] == "AFG" and row["period"] == "since"} >= {"2019", "2023"}
    assert min(int(row["year"]) for row in rows) == 2000
    assert not {"value", "figure", "actual"} & set(rows[0]), "no figure before the plan is fixed"
    for form, begins in (("svg", b"<svg"), ("png", b"\x89PNG"), ("vega", b"{")):
        assert (await client.get(f"/api/v1/effects/panel.{form}?{asked}")).content.startswith(begins)
    proposed = (await client.get("/api/v1/effects/panel.json?indicator=wgi_cc")).json()
    assert sum(one["chosen"] for one in proposed["datasets"]["heads"]) == 1
    for wrong, status in (
        ("indicator=nothing", 404), ("indicator=wgi_cc&country=XXX", 404), ("indicator=wgi_cc&event=UGA-01", 422),
        ("indicator=wgi_cc&from=2020&to=2010", 422), ("indicator=wgi_cc&theme=blue", 422), ("country=AFG", 422),
    ):  # fmt: skip
        assert (await client.get(f"/api/v1/effects/panel.json?{wrong}")).status_code == status, wrong


async def test_a_job_is_cancelled_by_who_began_it_and_nobody_else(client: httpx.AsyncClient) -> None:
    key = {"X-Job-Key": "known to me alone"}
    job = (await client.post("/api/v1/effects?indicator=wgi_rl&country=AFG", headers=key)).json()["job"]
    for other in ({}, {"X-Job-Key": "known to somebody else"}):
        refused = await client.delete(f"/api/v1/effects/{job}", headers=other)
        assert (refused.status_code, refused.json()["title"]) == (403, "Not yours")
    told = (await client.delete(f"/api/v1/effects/{job}", headers=key)).json()
    assert told["state"] in ("cancelled", "done")
    assert (told["result"] is None) == (told["state"] == "cancelled")


@pytest.mark.parametrize(
    ("question", "status", "words"),
    [
        ("country=AFG", 422, "indicator"),
        ("indicator=wgi_cc", 422, "one country"),
        ("indicator=wgi_cc&country=AF", 422, "AFG"),
        ("indicator=wgi_zz&country=AFG", 404, "wgi_va"),
        ("indicator=wgi_cc&country=AFG&method=magic", 422, "method"),
        ("indicator=wgi_cc&country=AFG&event=X-1", 422, "AFG-02"),
        ("indicator=wgi_cc&country=AFG&from=2020&to=2010", 422, "must not be after"),
        ("indicator=wgi_cc&country=AFG&donors=FRA", 422, "no parameter"),
    ],
)
async def test_faults_say_what_to_do(client: httpx.AsyncClient, question: str, status: int, words: str) -> None:
    answer = await client.post(f"/api/v1/effects?{question}")
    assert answer.status_code == status
    assert words in answer.text


async def test_jobs_that_are_none_and_too_many_at_once(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await client.get("/api/v1/effects/0123456789abcdef-01234567")).status_code == 404
    assert (await client.delete("/api/v1/effects/nothing")).status_code == 404
    monkeypatch.setattr(jobs, "MOST_A_MINUTE", 0)
    answer = await client.post("/api/v1/effects?indicator=wgi_pv&country=AFG")
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "60"
