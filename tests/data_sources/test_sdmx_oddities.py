"""What makes a figure of an SDMX message another one, wherever in the message it stands, is read or refused."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from data_sources.contract import Parsed, SeriesRef
from data_sources.errors import Changed, Rejected, SourceError
from data_sources.registry import find_file_parser
from tests.data_sources.sdmx_shapes import generic, json_message, specific, total
from tests.data_sources.shapes import codes, csv_file
from tests.data_sources.test_sdmx import SERIES_3, version_3

FOOTER = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message/footer"
OBSERVATIONS = (total(), total(TIME_PERIOD="2021", OBS_VALUE="72"))


def read(body: bytes, **options: str) -> Parsed:
    return find_file_parser("sdmx")("message", body, SeriesRef("X_PSR", "an_indicator", options=options), "")


def changed(change: Callable[[dict[str, Any]], object], version: str = "2.0") -> bytes:
    """A JSON message of one figure, changed."""
    content = json.loads(json_message(total(OBS_VALUE="71.5"), version=version))
    change(content["data"])
    return json.dumps(content).encode()


def observations(data: Mapping[str, Any], change: Callable[[list[Any]], object]) -> None:
    """Put others in place of the observations of a message."""
    for series in data["dataSets"][0]["series"].values():
        series["observations"] = {place: change(one) for place, one in series["observations"].items()}


@pytest.mark.parametrize("form", [specific, generic])
def test_the_action_of_the_header_holds_for_data_sets_that_name_none(form: Callable[..., bytes]) -> None:
    head = b"<message:DataSetAction>Delete</message:DataSetAction></message:Header>"
    withdrawn = form(*OBSERVATIONS).replace(b"</message:Header>", head)
    parsed = read(withdrawn)
    assert (parsed.observations.height, codes(parsed)) == (0, ["deleted_rows", "no_observations"])
    assert parsed.findings[0].count == 2
    own = withdrawn.replace(b"<message:DataSet ", b'<message:DataSet action="Replace" ')
    assert read(own).observations["value"].to_list() == [71.5, 72.0]


@pytest.mark.parametrize("blanks", [b"", b"\n ", b"\xef\xbb\xbf\n"])
def test_a_multiplier_said_of_a_data_set_holds_for_its_figures(blanks: bytes) -> None:
    body = blanks + specific(*OBSERVATIONS).replace(b"ss:structureRef", b'UNIT_MULT="6" ss:structureRef')
    assert read(body).observations["unit"].to_list() == ["PT × 10^6"] * 2


@pytest.mark.parametrize(("place", "left"), [("<Series ", []), ('<Obs TIME_PERIOD="2020" ', [72.0])])
def test_a_series_or_an_observation_may_be_withdrawn_by_itself(place: str, left: list[float]) -> None:
    parsed = read(version_3(SERIES_3.format("_T").replace(place, f'{place}ss:action="Delete" ')))
    assert parsed.observations["value"].to_list() == left
    assert (codes(parsed)[0], parsed.findings[0].count) == ("deleted_rows", 2 - len(left))


@pytest.mark.parametrize("place", ["<Series ", '<Obs TIME_PERIOD="2020" '])
def test_what_a_message_does_with_a_series_or_an_observation_is_no_breakdown_of_it(place: str) -> None:
    parsed = read(version_3(SERIES_3.format("_T").replace(place, f'{place}ss:action="Replace" ')))
    assert parsed.observations["dimensions"].to_list() == ["{}", "{}"]
    assert codes(parsed) == []


def test_attributes_in_elements_of_their_own_are_not_lost_in_silence() -> None:
    inner = '<Obs TIME_PERIOD="2020" OBS_VALUE="1"><Comp id="UNIT_MULT"><Value>6</Value></Comp></Obs>'
    with pytest.raises(Changed, match="UNIT_MULT stands in an element of its own") as raised:
        read(version_3(f'<Series SERIES="X_PSR" REF_AREA="ATA" SEX="_T">{inner}</Series>'))
    assert raised.value.code == "unexpected_shape"


@pytest.mark.parametrize(("severity", "whole"), [("Error", False), ("Warning", True), ("Information", True)])
def test_a_message_that_ends_with_an_error_is_not_taken_for_a_whole_one(severity: str, whole: bool) -> None:
    footer = (
        f'<footer:Footer xmlns:footer="{FOOTER}"><footer:Message code="510" severity="{severity}"><common:Text>'
        "Only a part is sent</common:Text></footer:Message></footer:Footer></message:StructureSpecificData>"
    )
    body = specific(*OBSERVATIONS).replace(b"</message:StructureSpecificData>", footer.encode())
    if whole:
        assert read(body).observations.height == 2
        return
    with pytest.raises(Rejected, match="Only a part is sent") as raised:
        read(body)
    assert raised.value.code == "service_error"


def test_of_several_measures_of_a_json_message_the_figure_is_the_value() -> None:
    def change(data: dict[str, Any]) -> None:
        data["structures"][0]["measures"] = {"observation": [{"id": "STD_ERR"}, {"id": "OBS_VALUE"}]}
        observations(data, lambda one: [0.1, *one])

    assert read(changed(change)).observations["value_text"].to_list() == ["71.5"]


def test_a_measure_that_is_a_list_of_codes_is_the_code_and_not_its_place() -> None:
    def change(data: dict[str, Any]) -> None:
        listed = [{"id": "17"}, {"id": "18"}]
        data["structures"][0]["measures"] = {"observation": [{"id": "OBS_VALUE", "values": listed}]}
        observations(data, lambda one: [1, *one[1:]])

    assert read(changed(change)).observations["value"].to_list() == [18.0]


def test_another_measure_is_no_value_until_an_option_says_so() -> None:
    def change(data: dict[str, Any]) -> None:
        data["structures"][0]["measures"] = {"observation": [{"id": "TURNOVER"}]}

    with pytest.raises(Changed, match=r"columns: .*TURNOVER") as raised:
        read(changed(change))
    assert raised.value.code == "column_missing"
    assert read(changed(change), **{"role.TURNOVER": "value"}).observations["value"].to_list() == [71.5]


def rekey(data: dict[str, Any], change: Callable[[str], str]) -> None:
    dataset = data["dataSets"][0]
    dataset["series"] = {change(key): series for key, series in dataset["series"].items()}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: observations(data, lambda one: "12"), "'12', not a list"),
        (lambda data: rekey(data, lambda key: key.rpartition(":")[0]), "has 2 indices for 3 dimensions"),
        (lambda data: rekey(data, lambda key: key + ":0"), "has 4 indices for 3 dimensions"),
        (lambda data: rekey(data, lambda key: key.rpartition(":")[0] + ":"), "the key 0:0: has"),
    ],
    ids=["a figure for a list", "a dimension too few", "a dimension too many", "no index"],
)
@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_keys_and_observations_of_another_shape_are_refused(
    change: Callable[[dict[str, Any]], object], words: str, version: str
) -> None:
    with pytest.raises(SourceError, match=words) as raised:
        read(changed(change, version))
    assert raised.value.code == "unexpected_shape"


def test_a_code_that_is_null_is_its_name() -> None:
    def change(data: dict[str, Any]) -> None:
        data["structures"][0]["attributes"]["series"][0]["values"] = [{"id": None, "name": "Percent"}]

    assert read(changed(change)).observations["unit"].to_list() == ["Percent"]


@pytest.mark.parametrize("nowhere", ["", "~"])
def test_attributes_in_a_row_of_their_own_are_not_lost_in_silence(nowhere: str) -> None:
    header = "STRUCTURE,STRUCTURE_ID,ACTION,SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MULT,COMMENT_TS"
    figure, apart = "dataflow,A,I,X_PSR,ATA,2020,5,,", f"dataflow,A,I,X_PSR,ATA,{nowhere},,"
    with pytest.raises(Changed, match="row 3 gives attributes without an observation") as raised:
        read(csv_file(header, figure, f"{apart}6,"))
    assert raised.value.code == "unread_attributes"
    said = read(csv_file(header, figure, f"{apart},as asked"))  # words change no figure
    assert (said.observations["value"].to_list(), codes(said)) == ([5.0], ["unreadable_period"])


def test_columns_that_options_name_are_no_row_without_time_and_value() -> None:
    named = {"role.ZEIT": "year", "role.WERT": "value"}
    header, figure = "SERIES,REF_AREA,ZEIT,WERT,UNIT_MULT", "X_PSR,ATA,2020,5,"
    assert read(csv_file(header, figure), **named).observations["value"].to_list() == [5.0]
    assert read(csv_file(header, f"{figure}6"), **named).observations["unit"].to_list() == ["× 10^6"]
    with pytest.raises(Changed, match="row 3 gives attributes"):
        read(csv_file(header, figure, "X_PSR,ATA,,,6"), **named)
