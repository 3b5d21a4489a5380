"""Attacks on the ways out to people's own tools: SDMX, whole files, drafts, briefs, changes, following, assistants.

Requests are made up by schemathesis: of the API from its own description, of pages and ``/mcp`` from one written here.
"""

import http.client
import json
import re
import subprocess
import sys
import time
import zlib
from typing import Any

from tests.attack.requests import read_outcome
from tests.attack.target import Target
from tests.open.assistants import HEADERS, HOSTILE
from tests.open.drafts import make_bombs, pack
from tests.serving import settle

Figures = dict[str, float]

NEW = re.compile(
    r"/api/sdmx|/api/v1/(dataset|catalog|check|brief|changes|disagreements|compare|oembed|availability|adoption|claims"
    r"|indicators|countries|peers|progress|services)"
)
"""Paths of the description that came with these ways, or take pages of a list since."""

MEANT = ["2xx", "3xx", "4xx", "501"]
"""Answers that are no fault of ours: 501 is what the standard has for a part of SDMX that is not offered."""

TEXT = {"schema": {"type": "string"}}
PAGES: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {
    "/mcp": ("post", (), {"application/json": {"schema": {}}}),
    "/check/": ("post", ("lang",), {"multipart/form-data": {"schema": {"type": "object", "properties": {
        "text": {"type": "string"}, "file": {"type": "string", "format": "binary"}}}}}),
    "/follow/": ("post", ("lang",), {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {
        name: {"type": "string"} for name in ("country", "indicator", "claim", "every", "mail", "hook", "lang")}}}}),
    "/follow": ("get", ("lang", "country", "indicator", "claim"), {}),
    "/follow/confirm/{token}": ("get", (), {}),
    "/follow/stop/{token}": ("get", (), {}),
    "/brief/": ("get", ("lang", "country", "indicator", "part"), {}),
    "/sdmx/": ("get", ("lang",), {}),
    "/code/api/v1/{table}": ("get", ("indicator", "country", "lang", "bom"), {}),
    "/{lang}/sdmx/": ("get", (), {}),
    "/{lang}/series/{source}/{code}": ("get", (), {}),
    "/{lang}/vintages/{number}/": ("get", (), {}),
    "/{lang}/figures/{observation}/": ("get", (), {}),
}  # fmt: skip
"""What the API does not describe: method, parameters of the query, body."""


def ways(target: Target, cases: int) -> Figures:
    """At least so many made-up requests, messages of no client, and files of nobody's good faith."""
    settle(target.serve)  # what it takes to be warm is no growth
    before, began = target.memory(), time.monotonic()
    asked, faults, broken = _make_up(target, cases)
    messages, loud = _send_messages(target)
    files, refused, slowest = _send_files(target)
    return {
        "requests": float(asked), "messages": float(messages), "files": float(files),
        "server_errors": float(faults + loud + refused), "slowest_file_s": slowest,
        "broken_off": float(broken),
        "grown_mib": target.memory() - before, "alive": float(target.answers()), "took_s": time.monotonic() - began,
    }  # fmt: skip


def describe(document: dict[str, Any]) -> dict[str, Any]:
    """The description of what is attacked: the new paths of the API, and the pages."""
    paths = {path: told for path, told in document["paths"].items() if NEW.match(path)}
    for path, (method, names, body) in PAGES.items():
        parts = [{"in": "path", "name": name, "required": True, **TEXT} for name in re.findall(r"{(\w+)}", path)]
        asked = [{"in": "query", "name": name, **TEXT} for name in names]
        told = {"parameters": [*parts, *asked], "responses": {"200": {"description": "any"}}}
        if body:
            told["requestBody"] = {"content": body}
        paths[path] = {method: told}
    return {**document, "paths": paths}


def _make_up(target: Target, cases: int) -> tuple[int, int, bool]:
    described = describe(json.loads(target.get("/api/v1/openapi.json")[2]))
    file = target.data_dir / "ways.json"
    file.write_text(json.dumps(described))
    config = target.data_dir / "ways.toml"
    config.write_text(f"[checks.not_a_server_error]\nexpected-statuses = {MEANT}\n")
    each = max(1, -(-cases // sum(len(methods) for methods in described["paths"].values())))
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run", str(file), "--url", target.url,
        "--checks", "not_a_server_error", "--max-examples", str(each), "--phases", "fuzzing,coverage",
        "--seed", "39", "--no-color", "--workers", "2", "--request-timeout", "60",
    ]  # fmt: skip
    ran = subprocess.run(command, capture_output=True, text=True, timeout=5400)
    said = ran.stdout + ran.stderr
    if ran.returncode:
        print(said.partition("FAILURES")[2][:8000] or said[-4000:])  # noqa: T201
    return read_outcome(said, ran.returncode)


def _send_messages(target: Target) -> tuple[int, int]:
    """Bodies that no client sends to ``/mcp``; how many, and how many were a fault of ours."""
    status = [_post(target, "/mcp", body, headers) for body in HOSTILE for headers in HEADERS]
    return len(status), sum(one >= 500 for one in status)


def _send_files(target: Target) -> tuple[int, int, float]:
    """Bombs to the page and to the API: how many, how many were a fault of ours, and the longest that one took."""
    faults, slowest, sent = 0, 0.0, 0
    for name, body in [*make_bombs(), *make_more_bombs()]:
        form = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        whole = form + body + b"\r\n--x--\r\n"
        for path in ("/check/", "/api/v1/check"):
            began = time.monotonic()
            status = _post(target, path, whole, {"content-type": "multipart/form-data; boundary=x"})
            slowest, sent = max(slowest, time.monotonic() - began), sent + 1
            if status >= 500:
                faults += 1
                print("    a fault of ours:", path, name, status)  # noqa: T201
    return sent, faults, slowest


def _post(target: Target, path: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of a POST; 413 where the server hung up before it had read all."""
    link = http.client.HTTPConnection("127.0.0.1", target.port, 120)
    try:
        link.request("POST", path, body, {name: value.encode("latin-1") for name, value in headers.items()})
        return link.getresponse().status
    except (BrokenPipeError, ConnectionResetError):
        return 413
    finally:
        link.close()


def make_more_bombs() -> list[tuple[str, bytes]]:
    """Workbooks, archives in archives and PDF files that grow when they are opened."""
    sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rows = f'<worksheet xmlns="{sheet}"><sheetData>{"<row><c><v>1</v></c></row>" * 900_000}</sheetData></worksheet>'
    strings = f'<sst xmlns="{sheet}">{"<si><t>40 in 2024</t></si>" * 900_000}</sst>'
    entities = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 12))
    laughs = f"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e0 'ha'>{entities}]><x>&e11;</x>"
    zeros = zlib.compress(bytes(200 * 2**20), 9)
    inner = pack({"a": b"0" * 2**20})
    for _ in range(6):
        inner = pack({f"{n}.zip": inner for n in range(4)})
    return [
        ("rows.xlsx", pack({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": rows.encode()})),
        ("strings.xlsx", pack({"xl/workbook.xml": b"<workbook/>", "xl/sharedStrings.xml": strings.encode()})),
        ("laughs.docx", pack({"word/document.xml": laughs.encode()})),
        ("laughs.xlsx", pack({"xl/workbook.xml": laughs.encode()})),
        ("outside.docx", pack({"../../etc/cron.d/x": b"x", "word/document.xml": b"<x/>"})),
        ("nested.docx", pack({"word/document.xml": b"<x/>", "word/embeddings/a.zip": inner})),
        ("stream.pdf", _write_pdf(b"/Filter /FlateDecode", zeros)),
        ("twice.pdf", _write_pdf(b"/Filter [/FlateDecode /FlateDecode]", zlib.compress(zeros, 9))),
        ("loop.pdf", _write_pdf(b"", b"/Loop Do", b"/XObject << /Loop 4 0 R >> ")),
        ("deep.pdf", b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000 + b"]" * 200_000 + b"\nendobj\ntrailer << /Root 1 0 R >>"),
        ("name\r\nX-Evil: 1.md", b"40 in 2024"),
        ("half.md", "\ud800 40 in 2024".encode("utf-16", "surrogatepass")),
        ("digits.txt", b"9" * 1_000_000),
        ("points.txt", b"1." * 400_000 + b" Kazakhstan CPI 2024"),
        ("spaces.md", b"Kazakhstan " * 40_000 + b"40"),
        ("empty.pdf", b""),
    ]  # fmt: skip


def _write_pdf(about: bytes, content: bytes, resources: bytes = b"") -> bytes:
    """A page whose content is this stream."""
    stream = b"<< /Length %d %s %s>>\nstream\n" % (
        len(content), about, b"/Type /XObject /Subtype /Form /Resources << " + resources + b">> " if resources else b"",
    )  # fmt: skip
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Resources << " + resources + b">> "
        b"/Contents 4 0 R >>\nendobj\n4 0 obj\n" + stream + content + b"\nendstream\nendobj\n"
        b"trailer << /Root 1 0 R >>\n%%EOF\n"
    )
