"""What publishers send is read as the method says: the reference vectors of import, through the real readers."""

import hashlib
import json
from datetime import UTC, datetime

import pytest

from dashboard.evidence.codebook import load_codebook
from data_sources.contract import Parsed, Reply, Request, SeriesRef, Source
from data_sources.errors import Rejected
from data_sources.figures import ParsedFigure, read_figure
from data_sources.registry import build_sources
from data_sources.un_sdg.rows import MARKS, read_area_code
from data_sources.world_bank.codes import WGI_DATABASE, find_current_code
from tests.data_sources.shapes import un_body, un_row
from tests.reference import Vector, agree, reproduces

LOCATION = {"id": "Location", "codes": [{"code": "ALLAREA", "description": "All", "sdmx": "_T"}]}
SEX = {"id": "Sex", "codes": [
    {"code": "BOTHSEX", "description": "Both sexes", "sdmx": "_T"},
    {"code": "FEMALE", "description": "Female", "sdmx": "F"},
]}  # fmt: skip
AGE = {"id": "Age", "codes": [
    {"code": "ALLAGE", "description": "All ages", "sdmx": "_T"},
    {"code": "15-24", "description": "15 to 24", "sdmx": "Y15T24"},
]}  # fmt: skip


def answered(room: Source, code: str, body: bytes) -> Parsed:
    task = room.plan([SeriesRef(code, "an_indicator")])[0]
    request: Request = task.requests[0]
    now = datetime.now(UTC)
    return room.parse(task, [Reply(request, request.url, 200, {}, body, hashlib.sha256(body).hexdigest(), now)])


def bound(figure: ParsedFigure) -> tuple[float | None, str | None]:
    """The bound of a censored figure and its kind. Its sign stays in the text, which tells > from ≥."""
    if figure.status != "censored":
        return figure.value, None
    kind = "below" if figure.upper is not None else "above"
    return figure.upper or figure.lower, kind + ("_or_equal" if "=" in figure.text else "")


@reproduces("import", "parse_un_value")
def test_values(vector: Vector) -> None:
    figure = read_figure(vector["inputs"]["text"], MARKS)
    value, censor = bound(figure)
    agree(vector, {"value": value, "censor": censor, "original": figure.text, "kind": figure.status})
    assert (figure.value is None) == (censor is not None or figure.status == "missing")


@reproduces("import", "pad_m49")
def test_areas(vector: Vector) -> None:
    agree(vector, {"padded": [read_area_code(str(code)) for code in vector["inputs"]["codes"]]})


@reproduces("import", "year_from_float")
def test_years(vector: Vector) -> None:
    rows = [un_row(year=year) for year in vector["inputs"]["timePeriodStart"]]
    parsed = answered(build_sources({})["un_sdg"], "IU_COR_BRIB", un_body(*rows, release="2026.Q2.G.02"))
    agree(vector, {"year": [int(period) for period in parsed.observations["period"]]})


@reproduces("import", "choose_total_row")
def test_the_national_total(vector: Vector) -> None:
    inputs = vector["inputs"]
    totals = {
        table["id"]: [it["code"] for it in table["codes"] if it["sdmx"] == "_T"] for table in (SEX, AGE, LOCATION)
    }
    assert totals == {dimension: [code] for dimension, code in inputs["total_codes"].items()}
    rows = [un_row(dimensions=row["dimensions"], value=str(row["id"])) for row in inputs["rows"]]
    body = json.loads(un_body(*rows, release="2026.Q2.G.02"))
    body["dimensions"] = [SEX, AGE, LOCATION]
    parsed = answered(build_sources({})["un_sdg"], "IU_COR_BRIB", json.dumps(body).encode())
    whole = parsed.observations.filter(parsed.observations["dimensions"] == "{}")["value_text"].to_list()
    assert parsed.observations.height == len(rows)
    agree(vector, {"total_row": int(whole[0])})
    assert len(whole) == 1


@reproduces("import", "world_bank_error_in_200")
def test_an_error_that_comes_as_a_success(vector: Vector) -> None:
    with pytest.raises(Rejected) as refused:
        answered(build_sources({})["world_bank"], "CC.EST", json.dumps(vector["inputs"]["body"]).encode())
    agree(vector, {"result": "error", "code": refused.value.code.removeprefix("message_"), "rows_stored": 0})


@reproduces("import", "wgi_code_alias")
def test_archived_codes(vector: Vector) -> None:
    agree(vector, {"new": [find_current_code(code) for code in vector["inputs"]["old"]], "source": int(WGI_DATABASE)})


@reproduces("import", "value_guard")
def test_years_of_adoption_are_no_quantity(vector: Vector) -> None:
    code = vector["inputs"]["series"]
    holders = [it for it in load_codebook().metrics.values() if code in {link.series for link in it.series}]
    assert holders
    for metric in holders:
        # the product has no word for this kind of value: a metric that is no quantity is told as text, with its caution
        agree(vector, {"plotted": metric.quantity}, beside=("kind",))
        assert "the year in which the law was adopted" in metric.caveats[0]["en"]
