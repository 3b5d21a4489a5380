"""Verdicts by the API: the arithmetic beside the word, the same rows in JSON and CSV, faults explained."""

import csv
import io

import httpx
import pytest

from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")


async def test_a_verdict_names_its_method_and_carries_its_arithmetic(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/api/v1/progress?indicator=internet_users&country=aze,geo")).json()
    assert [(row["country"], row["method"]) for row in answer["rows"]] == [("AZE", "unsd_2026"), ("GEO", "unsd_2026")]
    for row in answer["rows"]:
        assert row["method_name"]
        assert row["base_year"] == 2015
        assert (row["status"] is None) == (not row["status_text"])
        assert row["status"] or row["reason_text"]


async def test_all_methods_can_be_asked_for_and_a_refusal_says_why(client: httpx.AsyncClient) -> None:
    rows = (await client.get("/api/v1/progress?indicator=wgi_cc&country=AZE&method=all")).json()["rows"]
    assert len({row["method"] for row in rows}) == 9
    assert all_of(row["reason"] and row["reason_text"] and row["score"] is None for row in rows if not row["status"])


async def test_a_row_carries_the_range_that_the_chart_of_the_projection_draws(client: httpx.AsyncClient) -> None:
    question = "indicator=internet_users&country=AZE"
    rows = (await client.get(f"/api/v1/progress?{question}&method=unsd_2026,escap")).json()["rows"]
    drawn = (await client.get(f"/api/v1/charts/projection.csv?{question}")).text
    (ahead,) = [row for row in csv.DictReader(io.StringIO(drawn)) if row["period"] == "2030"]
    assert len(rows) == 2
    for row in rows:
        assert row["range_level"] == 90
        assert row["range_low"] < row["range_middle"] < row["range_high"] <= 100
        assert [row["range_low"], row["range_high"]] == [float(ahead["lower"]), float(ahead["upper"])]


async def test_no_range_is_given_where_none_is_allowed_or_can_be_told(client: httpx.AsyncClient) -> None:
    rows = (await client.get("/api/v1/progress?country=AZE,AFG")).json()["rows"]
    without = {row["indicator"] for row in rows if row["range_low"] is None}
    assert {"ti_cpi", "census_10y", "budget_reliability", "egdi"} <= without
    assert any(row["range_low"] is not None for row in rows)
    for row in rows:
        told = [row[name] for name in ("range_low", "range_middle", "range_high", "range_level")]
        assert len({one is None for one in told}) == 1


async def test_csv_holds_the_same_rows_and_columns(client: httpx.AsyncClient) -> None:
    question = "indicator=internet_users&country=AZE,UGA&method=unsd_2026,escap"
    rows = (await client.get(f"/api/v1/progress?{question}")).json()["rows"]
    answer = await client.get(f"/api/v1/progress.csv?{question}")
    told = list(csv.DictReader(io.StringIO(answer.text)))
    assert list(told[0]) == list(rows[0])
    assert [row["ratio"] for row in told] == ["" if row["ratio"] is None else repr(row["ratio"]) for row in rows]
    assert "attachment" in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", "name an indicator or a country"),
        ("indicator=internet_users&method=best", "unsd_2026"),
        ("indicator=internet_users&methods=escap", "method"),
    ],
)
async def test_faults_say_what_to_do(client: httpx.AsyncClient, question: str, words: str) -> None:
    answer = await client.get(f"/api/v1/progress?{question}")
    assert answer.status_code == 422
    assert words.lower() in answer.text.lower()


async def test_an_unchanged_answer_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/api/v1/progress?country=AZE")
    again = await client.get("/api/v1/progress?country=AZE", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)


@pytest.mark.parametrize("route", ["matrix.json", "results.json?goal=5"])
async def test_an_answer_says_of_which_dataset_it_is(client: httpx.AsyncClient, route: str) -> None:
    said = (await client.get(f"/api/v1/progress/{route}")).json()["stand"]
    assert (said["as_of_text"], said["published_text"]) == ("1 December 2026", "1 December 2026")
    assert said["published_at"].startswith("2026-12-01T")
