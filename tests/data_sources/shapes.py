"""Replies and files in the publishers' documented shapes. Every figure is invented, on areas that have no real one."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from data_sources.contract import Parsed, Reply, Request


def reply(request: Request, body: bytes) -> Reply:
    """What came for a request, just now."""
    return Reply(request, request.url, 200, {}, body, hashlib.sha256(body).hexdigest(), datetime.now(UTC))


def codes(parsed: Parsed) -> list[str]:
    """What was found in what was read, by the code of each."""
    return [finding.code for finding in parsed.findings]


def wb_row(
    iso3: str = "ATA",
    date: str = "2020",
    value: object = 12.5,
    *,
    code: str = "IT.NET.USER.ZS",
    name: str = "Antarctica",
    **more: object,
) -> dict[str, object]:
    """A row of the World Bank's ``/country/all/indicator/…``."""
    return {
        "indicator": {"id": code, "value": "an indicator"}, "country": {"id": iso3[:2], "value": name},
        "countryiso3code": iso3, "date": date, "value": value, "unit": "", "obs_status": "", "decimal": 0, **more,
    }  # fmt: skip


def wb_body(*rows: Mapping[str, object], **head: object) -> bytes:
    """A World Bank reply: head and rows."""
    plain = {
        "page": 1, "pages": 1, "per_page": 20000, "total": len(rows), "sourceid": "2", "lastupdated": "2026-07-01",
    }  # fmt: skip
    return json.dumps([plain | head, list(rows)]).encode()


def wb_message(number: str, words: str) -> bytes:
    """A World Bank error, which comes with HTTP 200."""
    return json.dumps([{"message": [{"id": number, "key": "Invalid value", "value": words}]}]).encode()


SEX = {
    "id": "Sex",
    "codes": [
        {"code": "BOTHSEX", "description": "Both sexes", "sdmx": "_T"},
        {"code": "FEMALE", "description": "Female", "sdmx": "F"},
        {"code": "MALE", "description": "Male", "sdmx": "M"},
    ],
}
AGE = {
    "id": "Age",
    "codes": [
        {"code": "ALLAGE", "description": "All ages", "sdmx": "_T"},
        {"code": "<5Y", "description": "under 5 years old", "sdmx": "Y0T4"},
        {"code": "<1Y", "description": "under 1 year old", "sdmx": "Y0"},
    ],
}
REPORTING = {
    "id": "Reporting Type",
    "codes": [
        {"code": "G", "description": "Global", "sdmx": "G"},
        {"code": "N", "description": "National", "sdmx": "N"},
    ],
}


def un_row(
    area: str = "10",
    year: object = 2020.0,
    value: object = "12.5",
    *,
    series: str = "IU_COR_BRIB",
    nature: str = "C",
    source: str = "invented survey",
    dimensions: Mapping[str, str] | None = None,
    attributes: Mapping[str, str] | None = None,
    **more: object,
) -> dict[str, object]:
    """A row of the UN's ``/Series/Data``."""
    return {
        "goal": ["16"], "target": ["16.5"], "indicator": ["16.5.1"], "series": series,
        "seriesDescription": "a series", "seriesCount": "1", "geoAreaCode": area, "geoAreaName": "Antarctica",
        "timePeriodStart": year, "value": value, "valueType": "Float", "time_detail": None, "timeCoverage": None,
        "upperBound": None, "lowerBound": None, "basePeriod": None, "source": source, "geoInfoUrl": None,
        "footnotes": [""], "attributes": {"Nature": nature, "Units": "PERCENT"} | dict(attributes or {}),
        "dimensions": {"Reporting Type": "G"} | dict(dimensions or {}), **more,
    }  # fmt: skip


def un_body(*rows: Mapping[str, object], tables: Sequence[object] = (REPORTING, SEX, AGE), **head: object) -> bytes:
    """A reply of the UN's ``/Series/Data``."""
    plain = {"size": 10000, "totalElements": len(rows), "totalPages": 1, "pageNumber": 1}
    return json.dumps({**plain, "attributes": [], "dimensions": list(tables), "data": list(rows), **head}).encode()


def un_releases(series: str = "IU_COR_BRIB", release: str = "2026.Q2.G.02") -> bytes:
    """A reply of the UN's ``/Indicator/List``."""
    listed = {"goal": ["16"], "release": release, "code": series, "description": "a series", "uri": "/v1/sdg/Series"}
    return json.dumps([{"goal": "16", "target": "16.5", "code": "16.5.1", "tier": "1", "series": [listed]}]).encode()


def undata_body(
    places: Mapping[str, Mapping[str, object]],
    *,
    variable: str = "undata/sdg/IU_COR_BRIB",
    facet: Mapping[str, str] | None = None,
    **more: object,
) -> bytes:
    """A reply of the Data Commons' ``/observations/series``: place → year → value; an empty place has no data."""
    plain = {
        "observationPeriod": "P1Y", "provenanceId": "undata/p/SDG", "unit": "undata/UNIT_MEASURE-PERCENT",
        "provenanceUrl": "https://unstats.un.org/sdgs/dataportal", "unitDisplayName": "Percent",
    }  # fmt: skip
    blocks: dict[str, object] = {
        place: {"facet": "1", "series": [{"date": date, "value": value} for date, value in years.items()]}
        if years
        else {"series": []}
        for place, years in places.items()
    }
    body = {"data": {variable: blocks}, "facets": {"1": plain if facet is None else dict(facet)}, **more}
    return json.dumps({**body, "mixer_response_ids": ["invented"]}).encode()


def owid_metadata(full: str = "", columns: Mapping[str, Mapping[str, object]] | None = None) -> bytes:
    """A reply of Our World in Data's ``{slug}.metadata.json``."""
    plain = {
        "titleShort": "A score", "unit": "", "shortUnit": "", "type": "Numeric", "shortName": "a_score",
        "lastUpdated": "2026-02-11", "citationShort": "A producer (2026) – with minor processing by Our World in Data",
    } | ({"fullMetadata": full} if full else {})  # fmt: skip
    chart = {"title": "A chart", "citation": "A producer (2026)"}
    return json.dumps(
        {"chart": chart, "columns": columns or {"A score": plain}, "dateDownloaded": "2026-11-24"}
    ).encode()


def csv_file(*lines: str, bom: bool = False, newline: str = "\n") -> bytes:
    """A CSV file of these lines."""
    return (b"\xef\xbb\xbf" if bom else b"") + (newline.join(lines) + newline).encode()


def workbook(**sheets: Sequence[Sequence[Any]]) -> bytes:
    """A small XLSX file; numbers become number cells, text text cells, None no cell."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    names = [name.replace("_", " ") for name in sheets]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        listed = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.worksheet+xml"/>'
            for n in range(1, len(names) + 1)
        )
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.'
            'openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            f'spreadsheetml.sheet.main+xml"/>{listed}</Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            + "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(names, 1))
            + "</sheets></workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships">'
            + "".join(
                f'<Relationship Id="r{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
                for n in range(1, len(names) + 1)
            )
            + "</Relationships>",
        )
        for n, rows in enumerate(sheets.values(), 1):
            lines = "".join(f'<row r="{r}">{_cells(r, row)}</row>' for r, row in enumerate(rows, 1) if row)
            archive.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>',
            )
    return buffer.getvalue()


def _cells(row: int, cells: Sequence[Any]) -> str:
    written = []
    for column, cell in enumerate(cells):
        place = f"{chr(65 + column)}{row}"
        if isinstance(cell, str):
            written.append(f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>')
        elif cell is not None:
            written.append(f'<c r="{place}"><v>{cell!r}</v></c>')
    return "".join(written)
