"""A national platform's own figures, from its built data and from its data repository, with its own definition."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from data_sources.contract import Parsed, SeriesRef
from data_sources.errors import Changed, Rejected, Retriable, SourceError
from data_sources.fetching.fetch import collect
from data_sources.fetching.http import HttpClient, HttpLimits
from data_sources.fetching.raw import RawStore
from data_sources.info import Address
from data_sources.open_sdg.metadata import merge_metadata, read_metadata, strip_markup
from data_sources.registry import build_sources, find_file_parser, list_hosts
from tests.checks import all_of
from tests.data_sources.server import Publisher, Scripted, json_reply, status
from tests.data_sources.shapes import codes, csv_file

QUICK = HttpLimits(connect_timeout=1, read_timeout=0.5, total_timeout=2, attempts=1, backoff=0.01)
NATIONAL = {"country": "ATA", "Reporting Type": "N"}
DATA = csv_file(
    "Year,Sex,Units,GeoCode,Value", "2020,,Percent,,71.50", "2020,Female,Percent,,70", "2020,,Percent,AQ1,69",
    "2021,,Percent,,",
)  # fmt: skip
COLUMNS = {
    "Year": [2020, 2020, 2020, 2021], "Sex": [None, "Female", None, None], "Units": ["Percent"] * 4,
    "GeoCode": [None, None, "AQ1", None], "Value": [71.50, 70, 69, None],
}  # fmt: skip
ROWS = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)]
METADATA = {
    "indicator_name": "Satisfaction with public services", "computation_definitions": "<p>Share of <b>users</b></p>",
    "computation_units": "Percentage (%)", "comments_limitations": "See [the survey](https://example.org/s).",
    "source_active_1": True, "source_organisation_1": "Office of Service", "source_data_1": "Poll of users",
    "source_active_2": False, "source_organisation_2": "Nobody", "reporting_status": "complete",
    "national_data_update_url_text": "2026-02-07: see changes on GitHub", "data_non_statistical": False, "tags": [],
}  # fmt: skip


def read(body: bytes, name: str = "16-6-2.csv", code: str = "16-6-2", **options: str) -> Parsed:
    return find_file_parser("open_sdg")(
        name, body, SeriesRef(code, "an_indicator", options={**NATIONAL, **options}), ""
    )


def archive(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as written:
        for name, body in files.items():
            written.writestr(name.replace("_", "-") + ".csv", body)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("16-6-2.csv", DATA), ("indicator_16-6-2.csv", DATA), ("export.csv", DATA),
        ("16-6-2.json", json.dumps(COLUMNS).encode()),
        ("16-6-2.json", json.dumps({"data": COLUMNS, "edges": {"From": [], "To": []}}).encode()),
        ("16-6-2.json", json.dumps(ROWS).encode()),
        ("all_indicators.zip", archive(**{"16_6_2": DATA, "16_6_1": csv_file("Year,Value", "2020,1")})),
    ],
    ids=["csv", "repository", "any name", "columns", "comb", "rows", "archive"],
)  # fmt: skip
def test_every_documented_form_gives_the_same_figures(name: str, body: bytes) -> None:
    parsed = read(body, name)
    columns = ("area", "area_scheme", "period", "dimensions", "value", "unit", "status")
    assert parsed.observations.select(columns).rows() == [
        ("ATA", "iso3", "2020", "{}", 71.5, "Percent", "normal"),
        ("ATA", "iso3", "2020", '{"Sex":"Female"}', 70.0, "Percent", "normal"),
        ("ATA", "iso3", "2020", '{"Reference area":"AQ1"}', 69.0, "Percent", "normal"),
        ("ATA", "iso3", "2021", "{}", None, "Percent", "missing"),
    ]
    assert parsed.findings == ()


def test_figures_are_national_unless_the_indicator_is() -> None:
    parsed = read(DATA, **{"Reporting Type": ""})
    assert parsed.observations["dimensions"].to_list()[:2] == [
        '{"Reporting Type":"N"}', '{"Reporting Type":"N","Sex":"Female"}',
    ]  # fmt: skip
    assert set(parsed.observations["nature"]) == {""}
    assert parsed.observations["source_detail"][0] == "National reporting, own definition: ATA"


def test_a_site_of_the_code_says_country_and_publisher() -> None:
    body = csv_file("Year,UNIT_MEASURE,SEX,REF_AREA,Value", "2010,PT,,,99.7", "2010,PT,M,,99.8", "2010,PT,,KZAKM,98.8")
    rows = read(body, "indicator_16-9-1.csv", "kaz:16-9-1", country="").observations
    assert set(rows["series"]) == {"kaz:16-9-1"}
    assert rows.select("area", "dimensions").rows() == [
        ("KAZ", "{}"), ("KAZ", '{"Sex":"M"}'), ("KAZ", '{"Reference area":"KZAKM"}'),
    ]  # fmt: skip
    assert set(rows["source_detail"]) == {
        "National reporting, own definition: Bureau of National Statistics of Kazakhstan"
    }


def test_a_header_without_rows_is_not_reported_and_no_fault() -> None:
    parsed = read(csv_file("Year,Value"), "indicator_16-10-2.csv", "16-10-2")
    assert parsed.observations.is_empty()
    assert [(finding.code, finding.severity) for finding in parsed.findings] == [("not_reported", "info")]
    assert "the country reports nothing here" in parsed.findings[0].message


def test_the_one_series_of_a_table_is_named_and_several_are_told_apart() -> None:
    one = read(csv_file("Year,Series,Value", "2020,People at ease,1", "2021,People at ease,2"))
    assert set(one.observations["footnote"]) == {"Series: People at ease"}
    two = csv_file("Year,Series,Value", "2020,People at ease,1", "2020,People seen,2")
    assert codes(read(two)) == ["several_series", "no_total"]
    named = read(two, Series="People seen")
    assert named.observations.select("dimensions", "value").rows() == [
        ('{"Series":"People at ease"}', 1.0),
        ("{}", 2.0),
    ]


def test_marks_of_translation_keys_are_dropped() -> None:
    parsed = read(csv_file("Year,data.Sex,Value", "2020,data.Female,1", "2020,,2"))
    assert parsed.observations["dimensions"].to_list() == ['{"Sex":"Female"}', "{}"]


@pytest.mark.parametrize(
    ("body", "error", "code"),
    [
        (b"", Retriable, "empty_body"),
        (b"<!doctype html><html></html>", Retriable, "html_instead_of_data"),
        (b"Year,Sex,Value\n2020,F,1\n2021,F", Retriable, "truncated_csv"),
        (b'{"Year":[2020],"Value":[1', Retriable, "truncated_json"),
        (b"Year,Value\n2020,\xff\n", Changed, "invalid_utf8"),
        (csv_file("Year,Wert", "2020,1"), Changed, "column_missing"),
        (csv_file("Jahr,Value", "2020,1"), Changed, "column_missing"),
        (csv_file("Year,Sex,Sex,Value", "2020,F,F,1"), Changed, "changed_columns"),
        (csv_file("Year,Sex,data.Sex,Value", "2020,F,,1"), Changed, "changed_columns"),
        (csv_file("Year,Sex,Value", "2020,,12,5"), Changed, "shifted_cells"),
        (csv_file("Year,Sex,Value", '2020,,"12"5'), Changed, "invalid_csv"),
        (b'Year,Value,Note\n2020,1,"as asked"\n2021,2,"as as', Retriable, "truncated_csv"),
        (b'{"Year":[2020,2021],"Value":[1]}', Changed, "unexpected_shape"),
        (b'{"Year":2020}', Changed, "unexpected_shape"),
        (b"PK\x03\x04 broken", Changed, "not_an_archive"),
        (csv_file("Year,Value", "2020," + "1" * 200_000), Changed, "invalid_csv"),
        (archive(**{"16_6_1": DATA}), Rejected, "series_not_in_file"),
    ],
)
def test_each_fault_has_its_name(body: bytes, error: type[SourceError], code: str) -> None:
    with pytest.raises(error) as raised:
        read(body, "download")
    assert raised.value.code == code


def test_an_archive_that_holds_an_indicator_twice_does_not_choose() -> None:
    body = archive(**{"data/16_6_2": DATA, "headline/16_6_2": csv_file("Year,Value", "2020,2")})
    with pytest.raises(Changed, match=r"holds 16-6-2 2 times \(data/16-6-2.csv, headline/16-6-2.csv\)") as raised:
        read(body, "all_indicators.zip")
    assert raised.value.code == "unexpected_shape"


def test_a_file_of_another_indicator_or_of_no_country_is_refused() -> None:
    with pytest.raises(Rejected, match="holds no series '16-6-2'; it holds: 16-6-1"):
        read(DATA, "indicator_16-6-1.csv")
    with pytest.raises(Rejected) as raised:
        read(DATA, country="")
    assert raised.value.code == "country_missing"


def test_an_unlikely_row_does_not_take_the_others_with_it() -> None:
    parsed = read(csv_file("Year,Value", "2020,1", '2021,"1,5"', "soon,2", "2022.0,3", "2023,<5", "2024,NA"))
    assert parsed.observations.select("period", "value", "status").rows() == [
        ("2020", 1.0, "normal"), ("2022", 3.0, "normal"), ("2023", None, "censored"), ("2024", None, "missing"),
    ]  # fmt: skip
    assert sorted(codes(parsed)) == ["unreadable_period", "unreadable_value"]
    assert parsed.findings[0].where == "16-6-2.csv, row 3"


def test_metadata_give_definition_source_and_limits_without_mark_up() -> None:
    metadata = merge_metadata([METADATA], {})
    assert metadata.notes == (
        "Indicator: Satisfaction with public services",
        "Definition: Share of users",
        "Unit: Percentage (%)",
        "Limitations: See the survey (https://example.org/s).",
    )
    assert (metadata.source, metadata.updated) == ("Office of Service, Poll of users", "2026-02-07")
    assert strip_markup("a &lt;b&gt; <i>c</i><br/>d\n e <2.5") == "a <b> c d e <2.5"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (
            "16-6-2.yml",
            b"computation_definitions: |\n  Share of users\n  of services\nsource_active_1: false\n'': ''\n",
        ),
        ("16-6-2.md", b"---\ncomputation_definitions: Share of users of services\n---\nWords: for the page\n"),
        ("16-6-2.json", b'{"computation_definitions":"Share of users of services","tags":["a"],"x":{"y":1}}'),
    ],
)
def test_metadata_are_read_in_every_form(name: str, body: bytes) -> None:
    assert merge_metadata([read_metadata(name, body)], {}).notes == ("Definition: Share of users of services",)


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("m.yml", b"a: [1, 2", "invalid_yaml"), ("m.yml", b"- a\n- b\n", "unexpected_shape"),
        ("m.yml", b"a: !!python/object/apply:os.system ['true']\n", "invalid_yaml"),
        ("m.json", b"[1]", "unexpected_shape"), ("m.json", b'{"a"', "truncated_json"),
    ],
)  # fmt: skip
def test_metadata_that_cannot_be_read_are_named(name: str, body: bytes, code: str) -> None:
    with pytest.raises(SourceError) as raised:
        read_metadata(name, body)
    assert raised.value.code == code


async def gather(publisher: Publisher, tmp_path: Path, code: str = "ata:16-6-2", **site: object) -> Parsed:
    declared = {"id": "ata", "country": "ATA", "publisher": "Office of Antarctica", "language": "en", **site}
    room = build_sources({"open_sdg": Address(sites=[declared])})["open_sdg"]
    (task,) = room.plan([SeriesRef(code, "an_indicator", options={"Reporting Type": "N"})])
    async with HttpClient(QUICK, list_hosts([room])) as client:
        return (await collect(client, room, task, RawStore(tmp_path))).parsed


async def test_a_built_platform_is_read_with_its_metadata(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on("/en/data/16-6-2.csv", Scripted(DATA))
    publisher.on("/en/meta/16-6-2.json", json_reply(json.dumps(METADATA).encode()))
    parsed = await gather(publisher, tmp_path, base_url=publisher.url)
    row = parsed.observations.row(0, named=True)
    assert (row["value"], row["edition"]) == (71.5, "updated 2026-02-07")
    assert row["source_detail"] == (
        "National reporting, own definition: Office of Antarctica (Office of Service, Poll of users)"
    )
    assert "Definition: Share of users; Unit: Percentage (%)" in row["footnote"]
    assert parsed.findings == ()


def test_a_day_that_yaml_takes_for_a_date_is_the_day_of_the_last_change() -> None:
    fields = read_metadata("16-6-2.yml", b"national_data_update_url_text: 2026-02-07\nreporting_status: complete\n")
    assert merge_metadata([fields], {}).updated == "2026-02-07"


@pytest.mark.parametrize(
    ("table", "unit"),
    [
        (csv_file("Year,Value", "2020,0.7"), "Proportion"),
        (csv_file("Year,Units,Value", "2020,,0.7"), "Proportion"),
        (csv_file("Year,Unit multiplier,Value", "2020,Thousands,0.7"), "Proportion × 10^3"),
        (csv_file("Year,Units,Value", "2020,Number,0.7"), "Number"),
    ],
)
async def test_the_unit_is_that_of_the_metadata_where_the_table_prints_none(
    publisher: Publisher, tmp_path: Path, table: bytes, unit: str
) -> None:
    publisher.on("/en/data/16-6-2.csv", Scripted(table))
    publisher.on("/en/meta/16-6-2.json", json_reply(b'{"computation_units":"<p>Proportion</p>"}'))
    parsed = await gather(publisher, tmp_path, base_url=publisher.url)
    assert parsed.observations.select("value", "unit").rows() == [(0.7, unit)]
    stated = await gather(publisher, tmp_path / "2", base_url=publisher.url, options={"unit": "ratio"})
    assert stated.observations["unit"].to_list() == [unit.replace(unit.split(" ×")[0], "ratio")]
    assert f"Unit printed: {unit}" in stated.observations["footnote"][0]


async def test_a_platform_without_metadata_is_read_all_the_same(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on("/en/data/16-6-2.csv", Scripted(DATA))
    publisher.on("/en/meta/16-6-2.json", status(404))
    parsed = await gather(publisher, tmp_path, base_url=publisher.url)
    assert parsed.observations.height == 4
    assert codes(parsed) == ["http_404"]


async def test_unreadable_metadata_are_said_and_left_out(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on("/en/data/16-6-2.csv", Scripted(DATA))
    publisher.on("/en/meta/16-6-2.json", json_reply(b"[1]"))
    parsed = await gather(publisher, tmp_path, base_url=publisher.url)
    assert (parsed.observations.height, codes(parsed)) == (4, ["unexpected_shape"])


async def test_a_data_repository_is_read_with_the_translations_it_needs(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on("/data/indicator_16-6-2.csv", Scripted(DATA))
    keys = b"computation_definitions: computation_definitions.16-6-2\nsource_data_1: sources.16-6-2-data\n"
    publisher.on("/meta/16-6-2.yml", Scripted(keys + b"comments_limitations: comments_limitations.16-6-2\n"))
    publisher.on("/indicator-config/16-6-2.yml", Scripted(b"reporting_status: inprogress\n"))
    publisher.on("/translations/en/computation_definitions.yml", Scripted(b"computation_definitions.16-6-2: Share\n"))
    publisher.on("/translations/en/sources.yml", Scripted(b"16-6-2-data: Poll of users\n16-6-1-data: ''\n"))
    publisher.on("/translations/en/comments_limitations.yml", Scripted(b"16-6-2: ''\n"))
    layout = {"metadata": "meta/{}.yml indicator-config/{}.yml"}
    parsed = await gather(publisher, tmp_path, repository_url=publisher.url, options=layout)
    row = parsed.observations.row(0, named=True)
    assert row["footnote"] == "Definition: Share; Reporting status: inprogress"
    assert row["source_detail"].endswith("Office of Antarctica (Poll of users)")
    assert codes(parsed) == ["untranslated"]
    assert "comments_limitations" in parsed.findings[0].message
    assert row["edition"].startswith("content ")


async def test_a_status_that_contradicts_the_data_is_said(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on("/en/data/16-10-2.csv", Scripted(csv_file("Year,Value")))
    publisher.on("/en/meta/16-10-2.json", json_reply(b'{"reporting_status":"complete"}'),
                 json_reply(b'{"reporting_status":"notapplicable"}'))  # fmt: skip
    first = await gather(publisher, tmp_path / "1", "ata:16-10-2", base_url=publisher.url)
    assert codes(first) == ["not_reported", "status_differs"]
    second = await gather(publisher, tmp_path / "2", "ata:16-10-2", base_url=publisher.url)
    assert codes(second) == ["not_applicable"]


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Scripted(b"<html><body>Not here</body></html>"), "html_instead_of_data"), (Scripted(b""), "empty_body"),
        (Scripted(DATA, cut=True), "connection_lost"), (Scripted(DATA, stall=True), "read_timeout"),
        (status(404), "http_404"), (status(500), "http_500"), (status(429, Retry_After="9999"), "http_429"),
        (Scripted(csv_file("Year,Wert", "2020,1")), "column_missing"), (Scripted(b"Year,Value\n\xff"), "invalid_utf8"),
    ],
)  # fmt: skip
async def test_faults_of_the_platform_end_with_their_name(
    publisher: Publisher, tmp_path: Path, reply: Scripted, code: str
) -> None:
    publisher.on("/en/data/16-6-2.csv", reply)
    publisher.on("/en/meta/16-6-2.json", json_reply(b"{}"))
    with pytest.raises(SourceError) as raised:
        await gather(publisher, tmp_path, base_url=publisher.url)
    assert raised.value.code == code


@pytest.mark.parametrize(("form", "path"), [("json", "/en/data/16-6-2.json"), ("comb", "/en/comb/16-6-2.json")])
async def test_a_site_may_ask_for_another_form(publisher: Publisher, tmp_path: Path, form: str, path: str) -> None:
    publisher.on(path, json_reply(json.dumps(COLUMNS if form == "json" else {"data": COLUMNS}).encode()))
    parsed = await gather(publisher, tmp_path, base_url=publisher.url, options={"form": form})
    assert parsed.observations.height == 4


def test_what_is_no_indicator_or_form_is_not_asked_for() -> None:
    room = build_sources({"open_sdg": Address(sites=[{"id": "kaz", "options": {"form": "xml"}}])})["open_sdg"]
    for code, error in (("kaz:../../secret", "unknown_indicator"), ("kaz:16-6-2", "unknown_form")):
        with pytest.raises(Rejected) as raised:
            room.plan([SeriesRef(code, "an_indicator")])
        assert raised.value.code == error


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["Year,Value", "2015,0"], "2015 with 0 alone"),
        (["Year,SERIES,UNIT_MEASURE,Value", "2019,SL_CPA_YEMP,SCORE,0.0"], "2019 with 0 alone"),  # Bosnia's 8.b.1
        (["Year,SERIES,UNIT_MEASURE,Value", "2018,VC_DSR_OBDN,NUMBER,0"], "2018 with 0 alone"),  # and 11.5.2
        (["Year,Value", "2015,1", "2016,2", "2017,3", "2018,4", "2019,5", "2020,6"], "count 1, 2, 3"),
        (["Year,Value", "2020,6", "2019,5", "2018,4", "2017,3", "2016,2", "2015,1"], "count 1, 2, 3"),
        (
            ["Year,Group,Value", *(f"{2014 + n},,{n}" for n in range(1, 7)), "2015,A,1", "2015,B,3"],
            "its breakdown is A, B",
        ),
        (["Year,Group,Value", "2015,A,1", "2015,B,2", "2016,A,3", "2016,B,4"], "count 1, 2, 3"),
    ],
)  # fmt: skip
def test_the_dummies_of_a_new_platform_are_no_figures(lines: list[str], why: str) -> None:
    parsed = read(csv_file(*lines))
    assert parsed.observations.is_empty()
    (finding,) = parsed.findings
    assert (finding.code, finding.severity, finding.count) == ("placeholder", "warning", len(lines) - 1)
    assert why in finding.message
    assert read(csv_file(*lines), placeholders="keep").observations.height == len(lines) - 1


@pytest.mark.parametrize(
    "lines",
    [
        ["Year,Value", "2015,0", "2016,0"],
        ["Year,Sex,Value", "2016,F,0", "2016,M,0"], ["Year,Value", "2016,1"],
        ["Year,Value", "2015,1", "2016,2", "2017,3"],
        ["Year,Group,Value", "2015,A,1.5", "2015,B,2"], ["Year,Sex,Value", "2015,F,1", "2015,M,7"],
        ["Year,Value", "2015,1", "2016,2", "2017,3", "2018,5"], ["Year,Value", "2015,"],
    ],
)  # fmt: skip
def test_figures_that_only_look_like_them_are_figures(lines: list[str]) -> None:
    parsed = read(csv_file(*lines))
    assert parsed.observations.height == len(lines) - 1
    assert "placeholder" not in codes(parsed)


STARTER = csv_file("Year,Units,Group,Value", "2016,,,3", "2017,,,1", "2018,,,3")


@pytest.mark.parametrize("said", ["notstarted", "notapplicable"])
async def test_what_looks_like_a_dummy_and_is_said_to_be_no_report_is_withheld(
    publisher: Publisher, tmp_path: Path, said: str
) -> None:
    publisher.on("/en/data/16-6-2.csv", Scripted(STARTER))
    publisher.on("/en/meta/16-6-2.json", json_reply(json.dumps(METADATA | {"reporting_status": said}).encode()))
    parsed = await gather(publisher, tmp_path, base_url=publisher.url)
    assert parsed.observations.is_empty()
    assert codes(parsed) == ["status_differs", "placeholder"]
    assert f"ata:16-6-2: 3 rows are withheld as placeholders: the platform's reporting status is {said}, and" in (
        parsed.findings[1].message
    )
    looked = await gather(publisher, tmp_path / "2", base_url=publisher.url, options={"placeholders": "keep"})
    assert looked.observations.height == 3
    assert read(STARTER).observations.height == 3  # nobody says that nothing is reported


TOYS = ["2015,A,Mars,,81.4", "2016,B,,Apple,12.25", "2017,A,Venus,Pear,1040"]


@pytest.mark.parametrize(
    ("head", "said", "read_rows"),
    [
        ("Year,Grade,Planet,Fruit,Value", "notstarted", 0),
        ("Year,grade,PLANET,Kind,Value", "notapplicable", 0),
        ("Year,Grade,Planet,Fruit,Value", "complete", 3),
        ("Year,Grade,School,Kind,Value", "notstarted", 3),
    ],
)
async def test_a_table_by_grade_planet_and_fruit_is_nobodys_where_nothing_is_reported(
    publisher: Publisher, tmp_path: Path, head: str, said: str, read_rows: int
) -> None:
    publisher.on("/en/data/3-d-2.csv", Scripted(csv_file(head, *TOYS)))
    publisher.on("/en/meta/3-d-2.json", json_reply(json.dumps({"reporting_status": said}).encode()))
    parsed = await gather(publisher, tmp_path, "ata:3-d-2", base_url=publisher.url)
    assert parsed.observations.height == read_rows
    assert ("placeholder" in codes(parsed)) == (read_rows == 0)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["Year,Department Title,Sex,Units,Value,,", "2015,Aging,Women,% Employed,52.63,,",
          "2015,Aging,Men,% Employed,47.37,,"], "decimals, as Los Angeles has under 5.1.1"),
        (["Year,Value", *(f"{2010 + n},{n}" for n in range(7))], "seven different figures"),
        (["Year,Value", "2019,11", "2020,11"], "more than ten"),
        (["Year,Sex,Value", "2019,,3", "2019,F,1"], "broken down by sex"),
        (["Year,GeoCode,Value", "2019,,3", "2019,CA10,1"], "broken down by place"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
@pytest.mark.parametrize("said", ["notstarted", "notapplicable"])
async def test_figures_that_are_plainly_real_are_shown_with_a_caution_whatever_the_status_says(
    publisher: Publisher, tmp_path: Path, lines: list[str], why: str, said: str
) -> None:
    publisher.on("/en/data/5-1-1.csv", Scripted(csv_file(*lines)))
    publisher.on("/en/meta/5-1-1.json", json_reply(json.dumps({"reporting_status": said}).encode()))
    parsed = await gather(publisher, tmp_path, "ata:5-1-1", base_url=publisher.url)
    assert parsed.observations.height == len(lines) - 1, why
    assert all_of(
        footnote.startswith(f"Caution: the platform publishes this figure while its reporting status says {said}; ")
        for footnote in parsed.observations["footnote"]
    )
    (differs,) = (finding for finding in parsed.findings if finding.code == "status_differs")
    assert differs.severity == "warning"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"reporting_status": "Not started"}, "notstarted"),
        ({"reporting_status": "status.notapplicable"}, "notapplicable"),
        ({"reporting_status": "complete", "data_non_statistical": True}, "nonstatistical"),
        ({"data_non_statistical": "true"}, "nonstatistical"),
    ],
)  # fmt: skip
async def test_a_status_is_known_however_it_is_written(
    publisher: Publisher, tmp_path: Path, said: dict[str, object], status: str
) -> None:
    publisher.on("/en/data/16-6-2.csv", Scripted(STARTER))
    publisher.on("/en/meta/16-6-2.json", json_reply(json.dumps(said).encode()))
    parsed = await gather(publisher, tmp_path, base_url=publisher.url)
    assert parsed.observations.is_empty()
    assert f"the platform's reporting status is {status}" in parsed.findings[-1].message


def test_words_of_a_built_platform_are_known() -> None:
    body = csv_file(
        "Year,Observation status,Unit multiplier,Source details,Sex,Degree of urbanisation,Units,Value",
        "2017,Normal value,Units,NGPSS,,,Percentage (%),66", "2017,Estimated value,Units,NGPSS,male,,Percentage (%),65",
        "2017,Normal value,Units,NGPSS,,urban,Percentage (%),64",
    )  # fmt: skip
    parsed = read(body)
    assert parsed.findings == ()
    assert parsed.observations.select("dimensions", "status", "unit", "footnote").rows() == [
        ("{}", "normal", "Percentage (%)", ""), ('{"Sex":"Male"}', "estimated", "Percentage (%)", ""),
        ('{"Location":"Urban"}', "normal", "Percentage (%)", ""),
    ]  # fmt: skip
    assert set(parsed.observations["source_detail"]) == {"National reporting, own definition: ATA; NGPSS"}
