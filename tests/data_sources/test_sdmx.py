"""SDMX messages of every form give the same figures, by file and by service, whatever the national structure."""

import io
import json
from pathlib import Path

import pytest
import sdmx

from data_sources.contract import Parsed, SeriesRef
from data_sources.errors import Changed, Rejected, Retriable, SourceError
from data_sources.fetching.fetch import collect
from data_sources.fetching.http import HttpClient, HttpLimits
from data_sources.fetching.raw import RawStore
from data_sources.info import Address
from data_sources.registry import build_sources, find_file_parser, list_hosts
from data_sources.sdmx import markup
from tests.data_sources.sdmx_shapes import (
    converter_workbook,
    error,
    generic,
    json_message,
    specific,
    structure,
    total,
)
from tests.data_sources.server import Publisher, Scripted, status
from tests.data_sources.shapes import codes, csv_file, workbook

QUICK = HttpLimits(connect_timeout=1, read_timeout=0.5, total_timeout=2, attempts=1, backoff=0.01)
WOMEN = total(SEX="F", OBS_VALUE="<2.5", NATURE="C")
ROWS = (total(NATURE="C", COMMENT_OBS="as asked"), WOMEN, total(SERIES="OTHER", OBS_VALUE="9"))
CSV = csv_file(
    "DATAFLOW,SERIES,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,NATURE,COMMENT_OBS",
    "ATA:SDG(1.0),X_PSR,ATA,_T,2020,71.50,PT,C,as asked", "ATA:SDG(1.0),X_PSR,ATA,F,2020,<2.5,PT,C,",
    "ATA:SDG(1.0),OTHER,ATA,_T,2020,9,PT,,",
)  # fmt: skip
CSV_2 = csv_file(
    "STRUCTURE[;],STRUCTURE_ID,ACTION,SERIES: Series,REF_AREA: Area,SEX: Sex,TIME_PERIOD: Time,OBS_VALUE: Value,"
    "UNIT_MEASURE: Unit,NATURE: Nature,COMMENT_OBS: Comment",
    "datastructure,ATA:SDG(1.0),I,X_PSR: Ease,ATA: Antarctica,_T: Total,2020,71.50,PT: Percent,C: Country,as asked",
    "datastructure,ATA:SDG(1.0),I,X_PSR: Ease,ATA: Antarctica,F: Female,2020,<2.5,PT: Percent,C: Country,",
    "datastructure,ATA:SDG(1.0),D,X_PSR: Ease,ATA: Antarctica,M: Male,2020,70,PT: Percent,C: Country,",
    "datastructure,ATA:SDG(1.0),I,OTHER: More,ATA: Antarctica,_T: Total,2020,9,PT: Percent,,",
)  # fmt: skip
NAMED = csv_file(
    "SERIES,Series name,REF_AREA,Geographic area,SEX,Sex,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,NATURE,COMMENT_OBS",
    "X_PSR,Ease,ATA,Antarctica,_T,Total,2020,71.50,PT,C,as asked", "X_PSR,Ease,ATA,Antarctica,F,Female,2020,<2.5,PT,C,",
    "OTHER,More,ATA,Antarctica,_T,Total,2020,9,PT,,",
)  # fmt: skip
FORMS = {
    "structure-specific": specific(*ROWS), "structure-specific, flat": specific(*ROWS, flat=True),
    "generic": generic(*ROWS), "csv 1.0": CSV, "csv 2.0, both": CSV_2, "csv, named": NAMED,
    "csv, semicolons": CSV.replace(b",", b";"),
    **{
        f"json {version}, {'series' if by_series else 'flat'}": json_message(
            *(row | {"OBS_VALUE": f'"{row["OBS_VALUE"]}"'} for row in ROWS), version=version, by_series=by_series
        )
        for version in ("draft", "1.0", "2.0")
        for by_series in (True, False)
    },
}  # fmt: skip


def read(body: bytes, code: str = "X_PSR", **options: str) -> Parsed:
    return find_file_parser("sdmx")("message", body, SeriesRef(code, "an_indicator", options=options), "")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_figures(form: str) -> None:
    parsed = read(FORMS[form])
    columns = (
        "series", "area", "area_scheme", "period", "dimensions", "value", "value_text", "upper", "unit", "status",
        "nature",
    )  # fmt: skip
    assert parsed.observations.select(columns).rows() == [
        ("X_PSR", "ATA", "iso3", "2020", "{}", 71.5, "71.50", None, "PT", "normal", "C"),
        ("X_PSR", "ATA", "iso3", "2020", '{"Sex":"F"}', None, "<2.5", 2.5, "PT", "censored", "C"),
    ]
    assert "as asked" in parsed.observations["footnote"][0]
    assert codes(parsed) == (["deleted_rows"] if form == "csv 2.0, both" else [])


def test_no_digit_of_a_json_figure_is_lost() -> None:
    parsed = read(json_message(total(OBS_VALUE="71.50"), total(OBS_VALUE="null", TIME_PERIOD="2021")))
    assert parsed.observations.select("value_text", "status").rows() == [("71.50", "normal"), ("", "missing")]


def test_the_words_of_a_series_are_kept_where_the_message_has_them() -> None:
    assert read(NAMED).observations["footnote"].to_list() == ["as asked; Series: Ease", "Series: Ease"]
    assert "Series: words of X_PSR" in read(FORMS["json 1.0, series"]).observations["footnote"][1]


def test_the_workbook_of_the_converter_keeps_every_digit() -> None:
    parsed = read(converter_workbook())
    assert parsed.observations.select("period", "dimensions", "value_text", "unit", "footnote").rows() == [
        ("2019", "{}", "71.25", "PT", "a series"), ("2020", "{}", "72", "PT", "a series"),
        ("2020", '{"Sex":"F"}', "70.125", "PT", "a series"),
    ]  # fmt: skip
    assert parsed.findings == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"DataStart": "?"}, {"NumColumns": "many"}, {"COLUMN": "CELL"}, {"B": "ZZ"}, {"E2": "Z2"},
    ],
)  # fmt: skip
def test_parameters_that_do_not_fit_the_data_are_said(changed: dict[str, str]) -> None:
    ((old, new),) = changed.items()
    rows: list[list[str | int | None]] = [
        ["Element", "Type", "PosType", "Position", None, "DataStart", "E2"],
        ["SERIES", "DIM", "COLUMN", "B", None, "NumColumns", "1"],
        ["TIME_PERIOD", "DIM", "ROW", "1"],
    ]
    parameters = [[new if cell == old else cell for cell in row] for row in rows]
    data = [["Name", "Code", "Area", "Sex", "2019"], ["a series", "X_PSR", "ATA", "_T", 71.25]]
    with pytest.raises(Changed) as raised:
        read(workbook(Data=data, Parameters=parameters))
    assert raised.value.code == "unexpected_shape"


def test_national_figures_carry_their_mark_and_their_country() -> None:
    national = specific(total(REF_AREA="AQ", REPORTING_TYPE="N"), total(REF_AREA="31", REPORTING_TYPE="N"))
    here = {"country": "ATA", "areas": "AQ"}
    rows = read(national, **here).observations
    assert rows.select("area", "dimensions").rows() == [
        ("ATA", '{"Reporting Type":"N"}'), ("ATA", '{"Reference area":"31","Reporting Type":"N"}'),
    ]  # fmt: skip
    assert rows["source_detail"][0] == "National reporting, own definition: ATA"
    whole = read(national, **here, **{"Reporting Type": "N"}).observations["dimensions"].to_list()
    assert whole == ["{}", '{"Reference area":"31"}']
    with pytest.raises(Rejected) as raised:
        read(national)
    assert raised.value.code == "country_missing"


def test_a_structure_of_its_own_needs_no_code() -> None:
    cells = {"REPORTER": "ATA", "WHAT": "X_PSR", "TARIFFTYPE": "MFN", "TIME_PERIOD": "2020", "OBS_VALUE": "0"}
    body = generic(cells, attributes=["TARIFFTYPE"])
    with pytest.raises(Changed) as raised:
        read(body)
    assert raised.value.code == "column_missing"
    parsed = read(body, **{"role.REPORTER": "area", "role.WHAT": "series"})
    assert parsed.observations.select("area", "dimensions", "value").rows() == [("ATA", "{}", 0.0)]
    assert parsed.findings == ()


def test_a_dimension_nobody_knows_is_kept_and_said_in_a_message_that_does_not_say_what_it_is() -> None:
    parsed = read(specific(total(HARBOUR="A"), total(HARBOUR="_T")))
    assert parsed.observations["dimensions"].to_list() == ['{"HARBOUR":"A"}', "{}"]
    assert codes(parsed) == ["unknown_column"]
    assert codes(read(generic(total(HARBOUR="A"), total(HARBOUR="_T")))) == []


def test_a_breakdown_under_a_new_name_is_not_taken_for_words() -> None:
    body = csv_file("SERIES,REF_AREA,Sex of person,TIME_PERIOD,OBS_VALUE", "X_PSR,ATA,F,2020,1", "X_PSR,ATA,M,2020,2")
    parsed = read(body)
    assert parsed.observations["dimensions"].to_list() == ['{"Sex of person":"F"}', '{"Sex of person":"M"}']
    assert codes(parsed) == ["unknown_column", "no_total"]


@pytest.mark.parametrize("column", ["Sex", "Genre"])
def test_a_breakdown_of_one_code_behind_another_column_is_not_taken_for_its_words(column: str) -> None:
    parsed = read(csv_file(f"SERIES,REF_AREA,{column},TIME_PERIOD,OBS_VALUE", "X_PSR,ATA,Female,2020,12"))
    assert parsed.observations["dimensions"].to_list() == [f'{{"{column}":"Female"}}']


def test_words_under_the_id_in_other_letters_are_words() -> None:
    body = csv_file("INDICATOR,Indicator,REF_AREA,Land,TIME_PERIOD,OBS_VALUE", "X_PSR,Ease,ATA,Antarctica,2020,12")
    assert read(body).observations["footnote"].to_list() == ["Series: Ease"]


def test_words_behind_each_code_of_a_file_of_one_series_are_words() -> None:
    body = csv_file(
        "SERIES,Series name,REF_AREA,Land,SEX,Sex,TIME_PERIOD,OBS_VALUE", "X_PSR,Ease,ATA,Antarctica,_T,Total,2020,12"
    )
    parsed = read(body)
    assert (parsed.observations["dimensions"].to_list(), codes(parsed)) == (["{}"], [])


@pytest.mark.parametrize("action", ["D", "d", "Delete"])
def test_a_row_that_is_withdrawn_is_no_figure_however_that_is_written(action: str) -> None:
    parsed = read(CSV_2.replace(b"1.0),D,", f"1.0),{action},".encode()))
    assert parsed.observations["value_text"].to_list() == ["71.50", "<2.5"]
    assert codes(parsed) == ["deleted_rows"]


EMPTY = json.loads(json_message(total()))
EMPTY["data"]["dataSets"] = []


@pytest.mark.parametrize(
    "body", [CSV.split(b"\n")[0] + b"\n", specific(), json.dumps(EMPTY).encode()], ids=["csv", "xml", "json"]
)
def test_a_message_without_observations_is_an_answer(body: bytes) -> None:
    parsed = read(body)
    assert (parsed.observations.height, codes(parsed)) == (0, ["no_observations"])


@pytest.mark.parametrize("form", FORMS)
def test_a_series_the_message_does_not_hold_is_said(form: str) -> None:
    with pytest.raises(Rejected, match="holds no series 'NOT_THERE'; it holds: OTHER, X_PSR") as raised:
        read(FORMS[form], "NOT_THERE")
    assert raised.value.code == "series_not_in_file"


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"", Retriable, "empty_body"), (b"<html>Sorry</html>", Retriable, "html_instead_of_data"),
        (specific(*ROWS)[:-40], Retriable, "truncated_xml"), (CSV[:-30], Retriable, "truncated_csv"),
        (FORMS["json 1.0, series"][:300], Retriable, "truncated_json"),
        (specific(*ROWS).replace(b"</mess", b"</mass"), Changed, "invalid_xml"),
        (specific(*ROWS).replace(b"ATA", b"AT\xff"), Changed, "invalid_utf8"),
        (specific(*ROWS).replace(b'"UTF-8"', b'"UTF-7"'), Changed, "invalid_utf8"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]>' + specific(*ROWS), Changed, "doctype"),
        (specific(*ROWS).replace(b"OBS_VALUE", b"WERT"), Changed, "column_missing"),
        (CSV.replace(b"OBS_VALUE", b"WERT"), Changed, "column_missing"),
        (CSV.replace(b"TIME_PERIOD", b"ZEIT"), Changed, "column_missing"),
        (FORMS["json 1.0, series"].replace(b'"dataSets"', b'"data_sets"'), Changed, "unexpected_shape"),
        (FORMS["json 1.0, flat"].replace(b'"0:0:0:0"', b'"0:0:-1:0"'), Changed, "unexpected_shape"),
        (structure({"SERIES": "SERIES"}), Changed, "unexpected_shape"), (b"<a/>", Changed, "unexpected_shape"),
        (error("No results"), Rejected, "service_error"),
        (b'{"errors":[{"code":404,"title":"No results"}]}', Rejected, "service_error"),
    ],
)  # fmt: skip
def test_each_fault_has_its_name(
    body: bytes, kind: type[SourceError], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(kind) as raised:
        read(body)
    assert raised.value.code == code
    assert capsys.readouterr().out == ""


def test_one_message_does_not_change_how_another_is_read() -> None:
    markup.read_data("a", specific(total()))
    assert markup.read_structure("b", structure({"SERIES": "SERIES", "SEX": "SEX"}, ["NATURE"])).attributes == {
        "NATURE"
    }


@pytest.mark.parametrize("level", ["group", "series"])
def test_a_multiplier_said_of_a_group_or_series_holds_for_its_figures(level: str) -> None:
    if level == "group":
        body = specific(*ROWS).replace(
            b"<Series ", b'<Group xsi:type="ns1:All" SERIES="X_PSR" UNIT_MULT="6"/><Series ', 1
        )
    else:
        said = b'<generic:Attributes><generic:Value id="UNIT_MULT" value="6"/></generic:Attributes>'
        body = generic(*ROWS).replace(b"</generic:SeriesKey>", b"</generic:SeriesKey>" + said)
    assert read(body).observations["unit"].to_list() == ["PT × 10^6"] * 2


def test_json_whose_groups_have_attributes_is_not_read_without_them() -> None:
    body = json.loads(json_message(total()))
    body["data"]["dataSets"][0]["dimensionGroupAttributes"] = {"0:::": [0]}
    with pytest.raises(Changed, match="option form to csv or xml") as raised:
        read(json.dumps(body).encode())
    assert raised.value.code == "unread_attributes"


async def gather(publisher: Publisher, tmp_path: Path, code: str = "ata:X_PSR", **site: object) -> Parsed:
    declared = {"id": "ata", "country": "ATA", "publisher": "Office of Antarctica", **site}
    room = build_sources({"sdmx": Address(sites=[declared])})["sdmx"]
    (task,) = room.plan([SeriesRef(code, "an_indicator", options={"Reporting Type": "N"})])
    async with HttpClient(QUICK, list_hosts([room])) as client:
        return (await collect(client, room, task, RawStore(tmp_path))).parsed


async def test_a_service_is_asked_for_the_series_with_its_structure(publisher: Publisher, tmp_path: Path) -> None:
    cells = {"WHAT": "X_PSR", "LAND": "ATA", "SEX": "F", "ODD": "x", "TIME_PERIOD": "2020", "OBS_VALUE": "7"}
    publisher.on("/rest/data/ATA,SDG,1.0/A.X_PSR..", Scripted(specific(cells)), format="xml")
    told = structure(
        {"WHAT": "SERIES", "LAND": "REF_AREA", "SEX": "SEX", "TIME_PERIOD": "TIME_PERIOD"}, ["ODD"],
        {"WHAT": {"X_PSR": "Ease", "OTHER": "More"}, "SEX": {"_T": "total", "X": "other"}},
    )  # fmt: skip
    publisher.on("/rest/datastructure/ATA/SDG", Scripted(told))
    parsed = await gather(
        publisher, tmp_path, base_url=f"{publisher.url}/rest",
        options={"flow": "ATA,SDG,1.0", "key": "A.{series}..", "form": "xml", "query": "format=xml",
                 "structure": "datastructure/ATA/SDG"},
    )  # fmt: skip
    row = parsed.observations.row(0, named=True)
    assert (row["series"], row["area"], row["dimensions"]) == ("ata:X_PSR", "ATA", '{"Sex":"F"}')
    assert (row["source_detail"], row["footnote"]) == (
        "National reporting, own definition: Office of Antarctica", "Series: Ease",
    )  # fmt: skip
    assert codes(parsed) == ["unknown_code", "no_total"]
    assert publisher.headers[0]["accept"].startswith("application/vnd.sdmx.")


async def test_a_structure_that_is_not_there_is_said_and_the_data_read(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on("/f.xml", Scripted(specific(total())))
    publisher.on("/s.xml", Scripted(specific(total())), status(404))
    site = {"base_url": f"{publisher.url}/f.xml", "options": {"structure": f"{publisher.url}/s.xml"}}
    assert codes(await gather(publisher, tmp_path / "1", **site)) == ["unexpected_shape"]
    assert codes(await gather(publisher, tmp_path / "2", **site)) == ["http_404"]


async def test_a_file_of_many_series_is_asked_for_once(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on("/f.csv", Scripted(CSV))
    declared = {"id": "ata", "country": "ATA", "base_url": f"{publisher.url}/f.csv"}
    room = build_sources({"sdmx": Address(sites=[declared])})["sdmx"]
    tasks = room.plan([SeriesRef(f"ata:{code}", "an_indicator") for code in ("X_PSR", "OTHER")])
    async with HttpClient(QUICK, list_hosts([room])) as client:
        found = [await collect(client, room, task, RawStore(tmp_path)) for task in tasks]
    assert [one.parsed.observations.height for one in found] == [2, 1]
    assert publisher.paths() == ["/f.csv"]


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Scripted(b"<html>Sorry</html>"), "html_instead_of_data"), (Scripted(b""), "empty_body"),
        (Scripted(CSV, cut=True), "connection_lost"), (status(404), "http_404"), (status(502), "http_502"),
        (Scripted(error("No results")), "service_error"),
        (Scripted(CSV.replace(b"OBS_VALUE", b"WERT")), "column_missing"),
    ],
)  # fmt: skip
async def test_faults_of_a_service_end_with_their_name(
    publisher: Publisher, tmp_path: Path, reply: Scripted, code: str
) -> None:
    publisher.on("/f", reply)
    with pytest.raises(SourceError) as raised:
        await gather(publisher, tmp_path, base_url=f"{publisher.url}/f")
    assert raised.value.code == code


def test_a_form_nobody_knows_is_not_asked_for() -> None:
    room = build_sources({"sdmx": Address(sites=[{"id": "rwa", "options": {"form": "edi"}}])})["sdmx"]
    with pytest.raises(Rejected) as raised:
        room.plan([SeriesRef("rwa:X_PSR", "an_indicator")])
    assert raised.value.code == "unknown_form"


V21 = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
V3 = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0"
SDG_3 = "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=ATA:SDG(1.0)"


def version_3(inner: str, *, flat: bool = False, of_dataset: str = "") -> bytes:
    """A structure-specific message of version 3.0."""
    at = "AllDimensions" if flat else "TIME_PERIOD"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><mes:StructureSpecificData xmlns:mes="{V3}/message" '
        f'xmlns:com="{V3}/common" xmlns:ss="{V3}/data/structurespecific" xmlns:ns1="{SDG_3}:ObsLevelDim:{at}" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><mes:Header><mes:ID>M</mes:ID><mes:Test>false</mes:Test>'
        '<mes:Prepared>2026-01-01T00:00:00</mes:Prepared><mes:Sender id="ATA"/><mes:Structure structureID="S" '
        f'namespace="{SDG_3}" dimensionAtObservation="{at}"><com:Structure>{SDG_3}</com:Structure></mes:Structure>'
        f'</mes:Header><mes:DataSet ss:structureRef="S" ss:dataScope="DataStructure" {of_dataset} '
        f'xsi:type="ns1:DataSetType">{inner}</mes:DataSet></mes:StructureSpecificData>'
    ).encode()


SERIES_3 = (
    '<Series SERIES="X_PSR" REF_AREA="ATA" SEX="{}" UNIT_MEASURE="PT"><Obs TIME_PERIOD="2020" OBS_VALUE="71.50" '
    'OBS_STATUS="E"/><Obs TIME_PERIOD="2021" OBS_VALUE="72"/></Series>'
)
FLAT_3 = (
    '<Obs SERIES="X_PSR" REF_AREA="ATA" SEX="{}" UNIT_MEASURE="PT" TIME_PERIOD="2020" OBS_VALUE="71.50" '
    'OBS_STATUS="E"/><Obs SERIES="X_PSR" REF_AREA="ATA" SEX="{}" UNIT_MEASURE="PT" TIME_PERIOD="2021" OBS_VALUE="72"/>'
)


def as_sdmx1_reads(body: bytes) -> list[tuple[str, str]]:
    """Periods and values of a message by sdmx1 itself, read without our reader."""
    message = sdmx.read_sdmx(io.BytesIO(body), format="xml")
    return sorted(
        (str(obs.key.values["TIME_PERIOD"].value), str(obs.value)) for dataset in message.data for obs in dataset.obs
    )


@pytest.mark.parametrize(
    "body",
    [
        version_3(SERIES_3.format("_T")), version_3(FLAT_3.format("_T", "_T"), flat=True),
        specific(total(), total(TIME_PERIOD="2021", OBS_VALUE="72")), generic(total(), total(TIME_PERIOD="2021")),
    ],
    ids=["3.0 by series", "3.0 flat", "2.1", "generic"],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore")
def test_values_are_those_of_sdmx1(body: bytes) -> None:
    rows = read(body).observations
    assert sorted(rows.select("period", "value_text").rows()) == as_sdmx1_reads(body)
    assert rows["value"].to_list() == [float(text) for text in rows["value_text"]]


def test_a_message_of_version_3_keeps_status_unit_and_what_its_data_set_says() -> None:
    row = read(version_3(SERIES_3.format("_T"), of_dataset='UNIT_MULT="6"')).observations.row(0, named=True)
    assert (row["status"], row["unit"], row["dimensions"]) == ("estimated", "PT × 10^6", "{}")


@pytest.mark.parametrize("attribute", ['ss:action="Delete"', 'action="Delete"'])
def test_what_an_xml_message_withdraws_is_no_figure(attribute: str) -> None:
    for body in (
        version_3(SERIES_3.format("_T"), of_dataset=attribute),
        specific(total(), total(TIME_PERIOD="2021")).replace(
            b"ss:structureRef", f"{attribute} ss:structureRef".encode()
        ),
    ):
        parsed = read(body)
        assert parsed.observations.is_empty()
        assert codes(parsed) == ["deleted_rows", "no_observations"]
        assert parsed.findings[0].count == 2


ACTIONS = "STRUCTURE,STRUCTURE_ID,ACTION,SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE"
SENT, TAKEN_BACK = "dataflow,X:Y(1.0),I,X_PSR,ATA,2020,70", "dataflow,X:Y(1.0),D,X_PSR,ATA,2020,"


def _sent_and_withdrawn(form: str) -> bytes:
    if form == "json":
        content = json.loads(json_message(total()))
        content["data"]["dataSets"].append({"action": "Delete", "series": {}})
        return json.dumps(content).encode()
    if form == "csv":
        return csv_file(ACTIONS, SENT, TAKEN_BACK)
    whole = version_3(SERIES_3.format("_T"))
    begin, end = whole.index(b"<mes:DataSet"), whole.index(b"</mes:DataSet>") + len(b"</mes:DataSet>")
    again = whole[begin:end].replace(b"<mes:DataSet", b'<mes:DataSet ss:action="Delete"', 1)
    return whole[:end] + again + whole[end:]


@pytest.mark.parametrize("form", ["csv", "xml", "json"])
def test_a_message_that_withdraws_what_it_has_sent_is_not_read(form: str) -> None:
    with pytest.raises(Changed) as raised:
        read(_sent_and_withdrawn(form))
    assert raised.value.code == "sent_and_withdrawn"


def test_a_message_that_withdraws_before_it_sends_replaces() -> None:
    assert read(csv_file(ACTIONS, TAKEN_BACK, SENT)).observations["value_text"].to_list() == ["70"]


def test_a_metadata_message_is_refused_as_one() -> None:
    body = (
        f'<?xml version="1.0"?><mes:GenericMetadata xmlns:mes="{V21}/message" xmlns:gen="{V21}/metadata/generic" '
        f'xmlns:com="{V21}/common"><mes:Header><mes:ID>M</mes:ID><mes:Test>false</mes:Test>'
        '<mes:Prepared>2026-01-01T00:00:00</mes:Prepared><mes:Sender id="ATA"/><mes:Structure structureID="S">'
        '<com:Structure><Ref agencyID="ATA" id="MSD" version="1.0"/></com:Structure></mes:Structure></mes:Header>'
        '<mes:MetadataSet structureRef="S" setID="X"><com:Name xml:lang="en">About</com:Name></mes:MetadataSet>'
        "</mes:GenericMetadata>"
    ).encode()
    with pytest.raises(Changed, match="metadata") as raised:
        read(body)
    assert raised.value.code == "unexpected_shape"


def test_a_json_message_of_deletions_is_read_as_one() -> None:
    body = json.loads(json_message(total()))
    content = body["data"]
    (dataset,) = content["dataSets"]
    assert dataset.get("series") or dataset.get("observations")
    content["dataSets"] = [{"action": "Delete", "series": {"0:9::": {}, "9": {"observations": {"7": [], "8": []}}}}]
    parsed = read(json.dumps(body).encode())
    assert (parsed.observations.height, codes(parsed)) == (0, ["deleted_rows", "no_observations"])
    assert parsed.findings[0].count == 3


def test_an_index_beyond_its_list_is_said_in_words() -> None:
    body = json.loads(json_message(total()))
    body["data"]["dataSets"][0]["structure"] = 3
    with pytest.raises(Changed, match="a data set has the structure 3, of 1"):
        read(json.dumps(body).encode())
    del body["data"]["dataSets"][0]["structure"]
    text = json.dumps(body).replace('"0:', '"8:', 1)
    with pytest.raises(Changed, match="has the index 8, and 1 values are listed"):
        read(text.encode())


def test_a_formula_without_a_value_in_a_converters_workbook_is_said() -> None:
    assert "formula_without_value" not in codes(read(converter_workbook()))
