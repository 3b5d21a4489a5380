"""Adoption effects by the API: a plan in, a result out; charts of it; faults explained."""

import csv
import io

import httpx
import pytest

from dashboard.answers.effects import estimates

pytestmark = pytest.mark.usefixtures("embedded")


async def test_a_plan_is_answered_with_its_result_and_its_charts(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/effects?indicator=wgi_ge&country=afg")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    told = answer.json()
    assert told["plan"]["treated"] == [{"country": "AFG", "event": "AFG-02", "year": 2019}]
    result = told["result"]
    assert told["plan_hash"] == result["plan"]
    assert result["verdict"] == "no_detectable_effect"
    assert [one["number"] for one in result["draws"]] == list(range(1, 21))
    assert {len(one["donors"]) for one in result["draws"]} == {40}
    assert result["floor"] == pytest.approx(1 / 41)
    asked = "indicator=wgi_ge&country=AFG"
    gap = (await client.get(f"/api/v1/effects/gap.json?{asked}&lang=ar&theme=dark")).json()
    assert len({row["unit"] for row in gap["datasets"]["gaps"]}) == 41
    assert gap["usermeta"]["sentence"]
    base = "/api/v1/effects/synthetic"
    rows = list(csv.DictReader(io.StringIO((await client.get(f"{base}.csv?{asked}")).text)))
    assert [int(row["year"]) for row in rows] == [line["year"] for line in result["path"]]
    picture = await client.get(f"{base}.svg?{asked}")
    assert picture.headers["content-type"].startswith("image/svg")
    assert "World Bank" in picture.text
    assert len(picture.content) < 60_000
    for form, way in (("csv", "attachment"), ("svg", "inline"), ("png", "inline"), ("vega", "inline")):
        drawn = await client.get(f"{base}.{form}?{asked}")
        named = f'{way}; filename="synthetic_wgi_ge_2026-12-01.{form}"'
        assert (drawn.status_code, drawn.headers["content-disposition"]) == (200, named)
    tag = {"If-None-Match": picture.headers["etag"]}
    assert (await client.get(f"{base}.svg?{asked}", headers=tag)).status_code == 304
    assert (await client.get(f"/api/v1/effects/map.json?{asked}")).status_code == 404
    assert (await client.get(f"{base}.svg?{asked}&theme=blue")).status_code == 422


async def test_a_refusal_is_an_ordinary_result(client: httpx.AsyncClient) -> None:
    for country, reason in (("ETH", "too_few_post_points"), ("UGA", "no_treatment_date"), ("AFG", "poor_pre_fit")):
        told = (await client.get(f"/api/v1/effects?indicator=wgi_cc&country={country}")).json()["result"]
        assert (told["verdict"], told["reasons"], told["estimate"]) == ("not_identifiable", [reason], None), country


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


@pytest.mark.parametrize(
    ("question", "status", "words"),
    [
        ("country=AFG", 422, "indicator"),
        ("indicator=wgi_cc", 422, "one country"),
        ("indicator=wgi_cc&country=AF", 422, "AFG"),
        ("indicator=wgi_zz&country=AFG", 404, "wgi_va"),
        ("indicator=wgi_cc&country=AFG&method=magic", 422, "method"),
        ("indicator=wgi_cc&country=AFG&event=AFG-01", 422, "AFG-02"),
        ("indicator=wgi_cc&country=AFG&from=2020&to=2010", 422, "must not be after"),
        ("indicator=wgi_cc&country=UZB&event=UZB-02", 422, "no dated opening"),
        ("indicator=wgi_cc&country=AFG&donors=FRA", 422, "no parameter"),
    ],
)
async def test_faults_say_what_to_do(client: httpx.AsyncClient, question: str, status: int, words: str) -> None:
    answer = await client.get(f"/api/v1/effects?{question}")
    assert answer.status_code == status
    assert words in answer.text


async def test_too_many_at_once_are_told_when_to_ask_again(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimates, "MAX_PLANS_PER_MINUTE", 0)
    answer = await client.get("/api/v1/effects?indicator=wgi_cc&country=AFG&from=2004")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert (await client.get("/api/v1/effects?indicator=wgi_pv&country=AFG")).status_code == 200, "refused, so no work"
