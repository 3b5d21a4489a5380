"""``python -m tests.open.sdmx``: the whole dataset out as SDMX, and back through libraries that others wrote.

Every message is read by pysdmx and by sdmx1, each in a process of its own, and by our own reader of SDMX-JSON. What
they read is held against the Parquet files of the dataset, which are opened here without the services that wrote the
message. ``OPEN_DATA`` names a data folder that holds a published dataset; without it the embedded one is published.
"""

import asyncio
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import polars as pl

from tests.open import Figure, show

AGENCY = "ASAN_MONITOR"
READ = {"csv": ("pysdmx", "sdmx1"), "xml": ("pysdmx", "sdmx1"), "json": ("ours",)}
BREAKDOWNS = {"REPORTING_TYPE": "Reporting Type", "SEX": "Sex", "AGE": "Age", "LOCATION": "Location"}
STATUSES = {"normal": "A", "estimated": "E", "provisional": "P", "unreliable": "U", "missing": "O", "censored": "O",
            "not_applicable": "M"}  # fmt: skip
NUMBERS = ("value", "lower", "upper", "interval_level", "std_error")
KEY = ("indicator", "country", "period", "source", "series", "dimensions")
SAID = ("status", "nature", "unit", "edition", "source_detail", "footnote", "id", "vintage", "primary", "retrieved_at")


def run() -> Iterator[Figure]:
    """Rows that differ in every form, generation and library; what was written, and how long it took."""
    with tempfile.TemporaryDirectory(prefix="open-sdmx-") as place:
        folder = Path(os.environ.get("OPEN_DATA") or place)
        _publish(folder)
        out = Path(place) / "messages"
        out.mkdir()
        rows = _read_parquet(folder)
        yield Figure("rows of the dataset", rows.filter(pl.col("superseded").is_null()).height)
        yield from _whole(folder, out, rows)
        yield from _earlier(folder, out, rows)
        yield from _standard(folder, out, rows)
        yield from _attack()


PIECES = (
    "data", "availability", "structure", "metadata", "availableconstraint", "dataflow", "datastructure", "codelist",
    "*",
    "all", "ASAN_MONITOR", "IAEG-SDGs", "MONITOR", "SDG", "MONITOR,1.0", "1.0", "~", "+", "latest", "A.wgi_cc.AZE", "A",
    "..",
    "A.wgi_cc.AZE.......", "%2e%2e", "%00", "%FF", "'", "\u202e", "*.*.*", "A.B.C.D.E.F.G.H.I.J.K", "," * 50,
    "." * 200,
    "X" * 3000, "", "metadataset", "MD_wgi_cc", "{}", "${7*7}", "CL_AREA", "AZE,GEO", "AZE+GEO",
)  # fmt: skip
QUERIES = (
    "limit=1", "offset=9", "limit=-1", "format=csv", "format=xml", "format=json", "format=x", "references=all",
    "detail=allstubs", "c[REF_AREA]=AZE,GEO",
    "c[TIME_PERIOD]=ge:2015+le:2020", "c[OBS_VALUE]=gt:1e5",
    "c[x]=1", "c[]=",
    "c[OBS_VALUE]=co:1", "asOf=2026-11-24", "asOf=9999-12-31T23:59:59-14:00", "asOf=0001-01-01T00:00:00%2B14:00",
    "includeHistory=true", "updatedAfter=2020-01-01", "mode=available", "firstNObservations=999999999",
    "attributes=none",
    "measures=none", "dimensionAtObservation=AllDimensions", "c[EDITION]=sw:%00", "c[EDITION]=co:(((",
    "startPeriod=0000",
    "endPeriod=9999-Q4", "%", "&&", "a=b=c", "c[TIME_PERIOD]=ge:2020-02-30",
)  # fmt: skip


STARTS = (
    "v2/data/dataflow/ASAN_MONITOR/MONITOR/1.0/A.wgi_cc.AZE", "v2/data/dataflow/ASAN_MONITOR/SDG/1.0/*",
    "v2/structure/*",
    "v2/availability/dataflow/ASAN_MONITOR/MONITOR/1.0/A.wgi_cc", "v2/metadata/metadataset", "v1/data/SDG",
    "v1/codelist",
    "v1/data/MONITOR/A.wgi_cc.AZE.......", "v1/availableconstraint/SDG", "v1/datastructure",
)  # fmt: skip


def _attack(count: int = 500) -> Iterator[Figure]:
    """Addresses put together by chance: none may end in an error of the server."""
    from dashboard.interfaces.api.app import build_api

    chance = random.Random(39)  # the same addresses each time

    async def strike() -> tuple[int, float]:
        transport = httpx.ASGITransport(app=build_api(), raise_app_exceptions=False)
        faults, slowest = 0, 0.0
        async with httpx.AsyncClient(transport=transport, base_url="http://open", timeout=300) as client:
            for _ in range(count):
                path = "/".join(chance.choices(PIECES, k=chance.randint(1, 7)))
                if chance.random() < 0.5:  # an address that is answered, with a query by chance
                    path = chance.choice(STARTS)
                query = "&".join(["limit=5", *chance.choices(QUERIES, k=chance.randint(0, 4))])
                began = time.process_time()
                start = "" if path in STARTS else chance.choice(("v1/", "v2/"))
                answer = await client.get(f"/api/sdmx/{start}{path}?{query}")
                slowest = max(slowest, time.process_time() - began)
                faults += answer.status_code >= 500 and answer.status_code != 501
        return faults, slowest

    faults, slowest = asyncio.run(strike())
    yield Figure(f"errors of the server in {count} addresses by chance", faults, at_most=0)
    yield Figure("the slowest of them", slowest, at_most=10, unit="s of a processor")


def _publish(folder: Path) -> None:
    os.environ["MONITOR_DATA_DIR"] = str(folder)
    os.environ.pop("MONITOR_DATABASE_URL", None)
    if not (folder / "dataset" / "CURRENT").exists():
        from dashboard.evidence.gathering.startup import ensure_ready
        from dashboard.settings import Settings

        ensure_ready(Settings(data_dir=folder, database_url=None), say=lambda _: None)


def _read_parquet(folder: Path) -> pl.DataFrame:
    version = (folder / "dataset" / "CURRENT").read_text().split()[0]
    files = sorted((folder / "dataset" / "versions" / version / "observations").glob("*.parquet"))
    return pl.concat([pl.read_parquet(file) for file in files])


def _vintages(folder: Path) -> pl.DataFrame:
    version = (folder / "dataset" / "CURRENT").read_text().split()[0]
    return pl.read_parquet(folder / "dataset" / "versions" / version / "vintages.parquet")


def _ask(path: str, target: Path) -> tuple[float, int]:
    """Seconds of processor and bytes of an answer, which is kept."""
    from dashboard.interfaces.api.app import build_api

    async def get() -> bytes:
        transport = httpx.ASGITransport(app=build_api())
        async with httpx.AsyncClient(transport=transport, base_url="http://open", timeout=300) as client:
            answer = await client.get(f"/api/sdmx{path}")
            answer.raise_for_status()
            return answer.content

    began = time.process_time()
    body = asyncio.run(get())
    target.write_bytes(body)
    return time.process_time() - began, len(body)


def _address(generation: str, flow: str, query: str) -> str:
    if generation == "3.0":
        return f"/v2/data/dataflow/{AGENCY}/{flow}/1.0/*?{query}"
    return f"/v1/data/{flow}/all?{query}"


def _describe(generation: str, owner: str, id_: str, out: Path) -> Path:
    target = out / f"{id_}-{generation}.xml"
    if generation == "3.0":
        _ask(f"/v2/structure/datastructure/{owner}/{id_}?references=descendants&format=xml", target)
    else:
        _ask(f"/v1/datastructure/{owner}/{id_}/latest?references=descendants", target)
    return target


def _read(library: str, message: Path, structure: Path) -> pl.DataFrame:
    if library == "ours":
        from data_sources.sdmx.objects import read_data

        found = read_data(message.name, message.read_bytes())
        return pl.DataFrame([dict(record.cells) for record in found.records], infer_schema_length=None)
    target = message.with_suffix(f".{library}.csv")
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "tests.analysis.sdmx.readers",
        library,
        str(message),
        str(structure),
        str(target),
    ]
    subprocess.run(command, check=True)
    return pl.read_csv(target, infer_schema=False)


def _whole(folder: Path, out: Path, rows: pl.DataFrame) -> Iterator[Figure]:
    """Every figure in force, in every form of both generations."""
    wanted = _plain(rows.filter(pl.col("superseded").is_null()))
    for generation, forms in (("3.0", ("xml", "csv", "json")), ("2.1", ("xml", "csv"))):
        structure = _describe(generation, AGENCY, "MONITOR", out)
        for form in forms:
            message = out / f"whole-{generation}.{form}"
            seconds, size = _ask(_address(generation, "MONITOR", f"format={form}"), message)
            yield Figure(f"{form} {generation}: written in", seconds, at_most=15, unit="s of a processor")
            yield Figure(f"{form} {generation}: size", size / 2**20, unit="MiB")
            for library in READ[form]:
                if (generation, form, library) == ("2.1", "csv", "sdmx1"):
                    continue  # sdmx1 reads no SDMX-CSV 1.0
                read = _decode(_read(library, message, structure))
                expected = _without_line_ends(wanted) if (form, library) == ("csv", "sdmx1") else wanted
                yield Figure(
                    f"{form} {generation} read by {library}: rows that differ", _differ(expected, read), at_most=0
                )
                yield Figure(f"{form} {generation} read by {library}: rows", read.height, at_least=wanted.height)


def _without_line_ends(rows: pl.DataFrame) -> pl.DataFrame:
    """Footnotes as sdmx1 reads them from CSV: it splits a file at line ends first, also inside quotes."""
    return rows.with_columns(pl.col("footnote").str.replace_all("\n", "", literal=True))


def _earlier(folder: Path, out: Path, rows: pl.DataFrame) -> Iterator[Figure]:
    """``asOf`` of each vintage, and all of them at once."""
    vintages = _vintages(folder).sort("number")
    structure = _describe("3.0", AGENCY, "MONITOR", out)
    for number, moment in vintages.select("number", "created_at").rows():
        stood = rows.filter(
            pl.col("vintage") <= number, pl.col("superseded").is_null() | (pl.col("superseded") > number)
        )
        wanted = _plain(stood)
        for generation, library in (("3.0", "pysdmx"), ("2.1", "sdmx1")):
            described = structure if generation == "3.0" else _describe("2.1", AGENCY, "MONITOR", out)
            message = out / f"as-of-{number}-{generation}.xml"
            at = f"asOf={moment:%Y-%m-%dT%H:%M:%S.%f}Z&format=xml"
            _ask(_address(generation, "MONITOR", at), message)
            read = _decode(_read(library, message, described))
            name = f"asOf vintage {number}, {generation} read by {library}: rows that differ"
            yield Figure(name, _differ(wanted, read), at_most=0)
    message = out / "history.csv"
    _ask(_address("3.0", "MONITOR", "includeHistory=true&format=csv"), message)
    table = pl.read_csv(message, infer_schema=False)
    brought = _decode(table.filter(pl.col("ACTION") == "R").drop("STRUCTURE", "STRUCTURE_ID", "ACTION"))
    yield Figure("includeHistory: rows brought that differ", _differ(_plain(rows), brought), at_most=0)
    gone = rows.filter(pl.col("superseded").is_not_null())
    back = gone.join(rows, left_on=[*KEY, "superseded"], right_on=[*KEY, "vintage"], how="anti")
    deleted = table.filter(pl.col("ACTION") == "D").height
    yield Figure("includeHistory: rows taken away, beside what the dataset says", abs(deleted - back.height), at_most=0)


def _standard(folder: Path, out: Path, rows: pl.DataFrame) -> Iterator[Figure]:
    """The figures of the global SDG structure: those that ours marks, each as the dataset has it."""
    report = out / "mapping.json"
    _ask("/mapping.json", report)
    told = json.loads(report.read_text())
    current = rows.filter(pl.col("superseded").is_null())
    yield Figure("mapped to the global structure", told["mapped"], at_least=1)
    yield Figure("rows neither mapped nor told why", abs(current.height - told["rows"]), at_most=0)
    whole = pl.read_csv(out / "whole-3.0.csv", infer_schema=False)
    held = current.filter(pl.col("id").is_in(whole.filter(pl.col("IN_SDG") == "Y")["OBS_ID"].implode()))
    wanted = _as_standard(held)
    for generation in ("3.0", "2.1"):
        structure = _describe(generation, "IAEG-SDGs", "SDG", out)
        message = out / f"standard-{generation}.xml"
        _ask(_address(generation, "SDG", "format=xml"), message)
        for library in READ["xml"]:
            read = _read(library, message, structure)
            found = _standard_read(read)
            name = f"global structure, {generation} read by {library}: rows that differ"
            yield Figure(name, _differ(wanted, found), at_most=0)
            keys = [name for name in read.columns if name in ("FREQ", "SERIES", "REF_AREA", "TIME_PERIOD", "SEX", "AGE",
                    "URBANISATION", "COMPOSITE_BREAKDOWN", "DISABILITY_STATUS", "EDUCATION_LEV", "OCCUPATION", "REPORTING_TYPE")]  # fmt: skip  # noqa: E501
            yield Figure(
                f"global structure, {generation}: keys that come twice", read.height - read.n_unique(keys), at_most=0
            )


def _unescape(text: str, dot: str = ".") -> str:
    """An id of ours as the text it stands for."""
    if text == "$":
        return ""
    whole = text.replace("@", dot)
    return re.sub(rb"\$([0-9A-F]{2})", lambda found: bytes([int(found[1], 16)]), whole.encode()).decode()


def _breakdown(row: dict[str, str]) -> str:
    found = {title: _unescape(row[name]) for name, title in BREAKDOWNS.items() if row[name] != "_T"}
    if row["BREAKDOWN"] != "_T":
        for pair in row["BREAKDOWN"].split("@@"):
            title, code = pair.split("@")
            found[_unescape(title)] = _unescape(code)
    return json.dumps(found, sort_keys=True)


def _period(text: str) -> str:
    found = re.fullmatch(r"(\d{4})-01-01/P(\d+)Y", text)
    return f"{found[1]}/{int(found[1]) + int(found[2]) - 1}" if found else text


def _texts(frame: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """Texts with nothing as null, be it absent or empty."""
    there = [pl.col(name) if name in frame.columns else pl.lit("").alias(name) for name in names]
    frame = frame.select(there)
    return frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in names)


def _decode(read: pl.DataFrame) -> pl.DataFrame:
    """What a library read of our structure, in the dataset's columns."""
    source = {
        "indicator": "INDICATOR", "country": "REF_AREA", "period": "TIME_PERIOD", "source": "SOURCE",
        "series": "SERIES", "status": "STATUS", "nature": "NATURE", "unit": "UNIT_MEASURE", "edition": "EDITION",
        "source_detail": "SOURCE_DETAIL", "footnote": "COMMENT_OBS", "id": "OBS_ID", "vintage": "VINTAGE",
        "primary": "SHOWN", "retrieved_at": "RETRIEVED_AT", "value": "OBS_VALUE", "lower": "LOWER_BOUND",
        "upper": "UPPER_BOUND", "interval_level": "INTERVAL_LEVEL", "std_error": "STD_ERROR", "flag": "OBS_STATUS",
        "printed": "PUBLISHED_TEXT",
    }  # fmt: skip
    keys = read.select("REPORTING_TYPE", "SEX", "AGE", "LOCATION", "BREAKDOWN").unique()
    keys = keys.with_columns(pl.Series("dimensions", [_breakdown(row) for row in keys.to_dicts()]))
    read = read.join(keys, on=["REPORTING_TYPE", "SEX", "AGE", "LOCATION", "BREAKDOWN"])
    frame = _texts(read, (*source.values(), "dimensions")).rename({old: new for new, old in source.items()})
    return frame.with_columns(
        pl.col("period").replace({text: _period(text) for text in frame["period"].unique()}),
        *(
            pl.col(name).replace({text: _unescape(text) for text in frame[name].unique()})
            for name in ("indicator", "source", "series")
        ),
        pl.col("nature").replace({"_X": None}),
        *(pl.col(name).cast(pl.Float64) for name in NUMBERS),
    ).select(*KEY, *SAID, *NUMBERS, "flag", "printed")


def _plain(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of the dataset in the same columns."""
    texts = rows.with_columns(
        pl.col("vintage").cast(pl.String),
        pl.when("primary").then(pl.lit("Y")).otherwise(pl.lit("N")).alias("primary"),
        pl.col("retrieved_at").dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        pl.col("status").replace(STATUSES).alias("flag"),
        pl.col("dimensions").replace(
            {text: json.dumps(json.loads(text), sort_keys=True) for text in rows["dimensions"].unique()}
        ),
        _printed(rows).alias("printed"),
    )
    names = (*KEY, *SAID, "flag", "printed")
    return pl.concat([_texts(texts, names), rows.select(NUMBERS)], how="horizontal").select(
        *KEY, *SAID, *NUMBERS, "flag", "printed"
    )


def _printed(rows: pl.DataFrame) -> pl.Series:
    """What was printed, where it is not simply the figure."""
    plain = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
    return pl.Series(
        [
            None if value is not None and text and plain.fullmatch(text) and float(text) == value else text
            for text, value in rows.select("value_text", "value").iter_rows()
        ],
        dtype=pl.String,
    )


SEX = {"FEMALE": "F", "MALE": "M", "BOTHSEX": "_T"}
PLACE = {"URBAN": "U", "RURAL": "R"}
WOMEN = ("women_managers", "women_senior_managers", "women_parliament", "women_local_government")


def _as_standard(rows: pl.DataFrame) -> pl.DataFrame:
    from dashboard.evidence.codebook import load_codebook

    book = load_codebook()
    areas = {iso3: str(int(one.m49)) for iso3, one in book.countries.items() if one.m49.isdigit()}
    found = []
    for row in rows.iter_rows(named=True):
        told = json.loads(row["dimensions"])
        women = row["indicator"] in WOMEN
        found.append(
            (
                row["series"].upper(), areas[row["country"]], row["period"],
                SEX.get(told.get("Sex", ""), told.get("Sex", "F" if women else "_T")),
                PLACE.get(told.get("Location", ""), "_T"),
                row["value"], row["lower"], row["upper"], STATUSES[row["status"]], row["nature"] or None,
                row["source_detail"] or None, row["footnote"] or None,
            )
        )  # fmt: skip
    return pl.DataFrame(found, schema=_STANDARD, orient="row")


_STANDARD = {
    "series": pl.String, "area": pl.String, "period": pl.String, "sex": pl.String, "place": pl.String,
    "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "status": pl.String, "nature": pl.String,
    "detail": pl.String, "note": pl.String,
}  # fmt: skip


def _standard_read(read: pl.DataFrame) -> pl.DataFrame:
    names = (
        "SERIES", "REF_AREA", "TIME_PERIOD", "SEX", "URBANISATION", "OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND",
        "OBS_STATUS", "NATURE", "SOURCE_DETAIL", "COMMENT_OBS",
    )  # fmt: skip
    frame = _texts(read, names)
    frame = frame.rename(dict(zip(names, _STANDARD, strict=True)))
    return frame.with_columns(
        pl.col("series").str.to_uppercase(),
        pl.col("period").replace({text: _period(text) for text in frame["period"].unique()}),
        pl.col("nature").replace({"_X": None}),
        *(pl.col(name).cast(pl.Float64) for name in ("value", "lower", "upper")),
    )


def _differ(wanted: pl.DataFrame, read: pl.DataFrame) -> int:
    """Rows that one side has and the other has not, each counted."""
    names = wanted.columns
    left, right = (side.group_by(names).len() for side in (wanted, read.select(names)))
    return sum(
        one.join(other, on=[*names, "len"], how="anti", nulls_equal=True).height
        for one, other in ((left, right), (right, left))
    )


if __name__ == "__main__":
    sys.exit(bool(show(run())))
