"""The dataset as whole files: the same figures in every form, parts and conditions as HTTP says, nothing passed on that
may not be."""

import base64
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from email.utils import parsedate_to_datetime

import httpx
import polars as pl
import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.bulk import about, files
from dashboard.answers.holdings.observations import Selection
from dashboard.answers.wording import publishers
from dashboard.settings import Settings

pytestmark = pytest.mark.usefixtures("handmade")
FORMS = ("parquet", "arrow", "csv.zst", "zip")
FIRST = "2026-03-01"
WHOLE = Selection(primary=False, series="all")


def _read(form: str, body: bytes) -> pl.DataFrame:
    if form == "parquet":
        return pl.read_parquet(io.BytesIO(body))
    if form == "arrow":
        return pl.read_ipc(io.BytesIO(body))
    if form == "zip":
        body = zipfile.ZipFile(io.BytesIO(body)).read("observations.csv")
    return pl.read_csv(io.BytesIO(body), infer_schema=False)


def _figures(rows: pl.DataFrame) -> dict[str, tuple[str, str, float | None]]:
    told = rows.select("id", "indicator", "country", pl.col("value").cast(pl.Float64)).iter_rows()
    return {ident: (indicator, country, value) for ident, indicator, country, value in told}


@pytest.mark.parametrize("form", FORMS)
async def test_a_file_holds_every_figure_in_force(client: httpx.AsyncClient, form: str) -> None:
    answer = await client.get(f"/api/v1/dataset.{form}")
    held = open_context().dataset.scan().collect()
    assert _figures(_read(form, answer.content)) == _figures(held)
    assert _read(form, answer.content).columns == [name for name in held.columns if name != "superseded"]


@pytest.mark.parametrize("form", FORMS)
async def test_an_earlier_day_has_its_own_figures(client: httpx.AsyncClient, form: str) -> None:
    then = await client.get(f"/api/v1/dataset.{form}?as_of={FIRST}")
    now = await client.get(f"/api/v1/dataset.{form}")
    asked = pl.col("indicator") == "internet_users", pl.col("country") == "AZE", pl.col("source") == "world_bank"
    values = [_read(form, answer.content).filter(*asked)["value"].cast(float).to_list() for answer in (then, now)]
    assert values == [[90.4], [91.0]]
    days = [parsedate_to_datetime(answer.headers["last-modified"]) for answer in (then, now)]
    assert days[0] < days[1]
    assert then.headers["etag"] != now.headers["etag"]


async def test_a_filter_is_a_filter(client: httpx.AsyncClient) -> None:
    asked = "indicator=internet_users,bribery_persons&country=AZE,AFG&dimensions=total&series=primary"
    rows = _read("parquet", (await client.get(f"/api/v1/dataset.parquet?{asked}")).content)
    assert set(rows["indicator"]) == {"internet_users", "bribery_persons"}
    assert set(rows["country"]) == {"AZE", "AFG"}
    assert set(rows["dimensions"]) == {"{}"}
    assert rows["primary"].all()
    other = _read("parquet", (await client.get("/api/v1/dataset.parquet?indicator=bribery_persons")).content)
    assert "{}" not in set(other["dimensions"]) - {"{}"}
    assert other.filter(pl.col("dimensions") != "{}").height == 1


async def test_missing_is_empty_and_a_bound_stays(client: httpx.AsyncClient) -> None:
    rows = _read("parquet", (await client.get("/api/v1/dataset.parquet")).content)
    gone = rows.filter(pl.col("status") == "missing")
    assert gone.height
    assert gone["value"].null_count() == gone.height
    censored = rows.filter(pl.col("status") == "censored").row(0, named=True)
    assert (censored["value"], censored["upper"], censored["value_text"]) == (None, 2.5, "<2.5")


@pytest.mark.parametrize("form", FORMS)
async def test_the_digest_is_that_of_the_bytes(client: httpx.AsyncClient, form: str) -> None:
    answer = await client.get(f"/api/v1/dataset.{form}")
    digest = hashlib.sha256(answer.content)
    assert answer.headers["repr-digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    told = (await client.get("/api/v1/dataset.json")).json()
    entry = next(one for one in told["files"] if one["form"] == form)
    assert (entry["sha256"], entry["bytes"]) == (digest.hexdigest(), len(answer.content))
    assert told["rows"] == open_context().dataset.scan().collect().height


async def test_parts_make_the_whole(client: httpx.AsyncClient) -> None:
    whole = await client.get("/api/v1/dataset.parquet")
    half = len(whole.content) // 2
    first = await client.get("/api/v1/dataset.parquet", headers={"Range": f"bytes=0-{half - 1}"})
    second = await client.get(
        "/api/v1/dataset.parquet", headers={"Range": f"bytes={half}-", "If-Range": first.headers["etag"]}
    )
    assert (first.status_code, second.status_code) == (206, 206)
    assert first.content + second.content == whole.content
    stale = await client.get("/api/v1/dataset.parquet", headers={"Range": "bytes=0-3", "If-Range": '"other"'})
    assert (stale.status_code, stale.content) == (200, whole.content)
    beyond = await client.get("/api/v1/dataset.parquet", headers={"Range": f"bytes={len(whole.content)}-"})
    assert beyond.status_code == 416
    other = await client.get("/api/v1/dataset.parquet", headers={"Range": "items=0-3"})  # RFC 9110, 14.2
    assert (other.status_code, other.content) == (200, whole.content)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-Modified-Since": "Mon, 02 Mar 2026 12:00:00 GMT"}, 304),
        ({"If-Modified-Since": "Mon, 02 Mar 2026 11:59:59 GMT"}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-Modified-Since": "Mon, 02 Mar 2026 12:00:00 GMT", "If-None-Match": '"other"'}, 200),
        ({"If-None-Match": "*"}, 304),
    ],
)
async def test_conditions(client: httpx.AsyncClient, headers: dict[str, str], status: int) -> None:
    assert open_context().dataset.created_at.isoformat() == "2026-03-02T12:00:00+00:00"
    assert (await client.get("/api/v1/dataset.parquet", headers=headers)).status_code == status


async def test_what_may_not_be_passed_on_is_left_out_and_named(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    known = publishers.list_publishers()
    info = known["un_sdg"]
    databases = {"IT_USE_ii99": {"redistribution": "no"}, **info.databases}
    forbidding = {**known, "un_sdg": replace(info, databases=databases)}
    for module in (files, publishers):
        monkeypatch.setattr(module, "list_publishers", lambda: forbidding)
    files.list_forbidden.cache_clear()
    request.addfinalizer(files.list_forbidden.cache_clear)
    ctx = open_context()
    assert files.list_withheld(ctx, WHOLE) == (("un_sdg", "IT_USE_ii99"),)
    kept = files.select_rows(ctx, WHOLE).collect()
    assert kept.height == ctx.dataset.scan().collect().height - 1
    assert "IT_USE_ii99" not in set(kept["series"])
    assert files.list_withheld(ctx, Selection(indicators=("wgi_cc",))) == ()


async def test_text_that_a_spreadsheet_would_run_is_disarmed(client: httpx.AsyncClient) -> None:
    for form in ("csv.zst", "zip"):
        rows = _read(form, (await client.get(f"/api/v1/dataset.{form}")).content)
        assert "'=pull of July" in set(rows["edition"])
        assert "=pull of July" not in set(rows["edition"])
    rows = _read("parquet", (await client.get("/api/v1/dataset.parquet")).content)
    assert "=pull of July" in set(rows["edition"])


async def test_the_package_names_every_column_and_licence(client: httpx.AsyncClient) -> None:
    archive = zipfile.ZipFile(io.BytesIO((await client.get("/api/v1/dataset.zip")).content))
    told = json.loads(archive.read("datapackage.json"))
    for resource in told["resources"]:
        body = archive.read(resource["path"])
        assert resource["bytes"] == len(body)
        assert resource["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
        heads = pl.read_csv(io.BytesIO(body), infer_schema=False).columns
        assert [field["name"] for field in resource["schema"]["fields"]] == heads
    sources = pl.read_csv(io.BytesIO(archive.read("sources.csv")), infer_schema=False)
    rows = open_context().dataset.scan().select("source", "series").unique().collect()
    assert set(sources.select("source", "series").iter_rows()) == set(rows.iter_rows())
    assert sources["licence"].null_count() == 0


@pytest.mark.parametrize(
    "asked", ["", "?indicator=wgi_cc", "?indicator=wgi_cc&from=2020&to=2021", "?indicator=wgi_cc&from=1900&to=1901"]
)
async def test_the_package_says_how_much_is_in_it(client: httpx.AsyncClient, asked: str) -> None:
    archive = zipfile.ZipFile(io.BytesIO((await client.get(f"/api/v1/dataset.zip{asked}")).content))
    rows = pl.read_csv(io.BytesIO(archive.read("observations.csv")), infer_schema=False)
    years = rows["year"].drop_nulls().cast(pl.Int64)
    held = about.Amount(
        rows.height,
        rows["indicator"].n_unique(),
        (int(years.min()), int(years.max())) if len(years) else None,  # type: ignore[arg-type]
    )
    told = json.loads(archive.read("datapackage.json"))["description"]
    assert told.startswith(about.summarise(open_context(), (), held))
    assert about.summarise(open_context(), (), held) in archive.read("README.md").decode()


async def test_wrong_questions_are_told(client: httpx.AsyncClient) -> None:
    for asked in (
        "dataset.xml",
        "dataset.parquet?indicator=nothing",
        "dataset.zip?from=2020&to=2010",
        "dataset.zip?as_of=1",
    ):
        answer = await client.get(f"/api/v1/{asked}")
        assert answer.status_code in (404, 422), asked
        assert answer.headers["content-type"] == "application/problem+json"


async def test_few_files_are_kept(client: httpx.AsyncClient, handmade: Settings) -> None:
    for year in range(1990, 1990 + files.MAX_FILES + 3):
        assert (await client.get(f"/api/v1/dataset.csv.zst?from={year}")).status_code == 200
    assert len(list(handmade.bulk_dir.iterdir())) <= files.MAX_FILES
    assert (await client.get("/api/v1/dataset.csv.zst?from=1990")).status_code == 200


async def test_catalogues_name_what_there_is(client: httpx.AsyncClient) -> None:
    dcat = (await client.get("/api/v1/catalog.jsonld")).json()
    kinds = {one["@id"]: one for one in dcat["@graph"]}
    (catalogue,) = [one for one in dcat["@graph"] if one["@type"] == "dcat:Catalog"]
    assert {one["@id"] for one in catalogue["dcat:dataset"]} <= set(kinds)
    whole = next(one for one in dcat["@graph"] if one.get("dct:identifier") == "asan-sdg-monitor")
    assert len(whole["dcat:distribution"]) == len(FORMS)
    croissant = (await client.get("/api/v1/dataset.croissant.json")).json()
    parquet = (await client.get("/api/v1/dataset.parquet")).content
    assert croissant["distribution"][0]["sha256"] == hashlib.sha256(parquet).hexdigest()
    columns = [field["source"]["extract"]["column"] for field in croissant["recordSet"][0]["field"]]
    assert columns == pl.read_parquet(io.BytesIO(parquet)).columns
