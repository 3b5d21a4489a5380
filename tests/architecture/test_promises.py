"""What CONTRIBUTING.md promises, done on invented examples in a copy of the tree."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.evidence.gathering.scaffolding import Publisher as Described
from dashboard.evidence.gathering.scaffolding import scaffold
from tests.data_sources.server import Publisher, Scripted, json_reply
from tests.data_sources.shapes import csv_file

ROOT = Path(__file__).parents[2]
LEFT = shutil.ignore_patterns(".*", "node_modules", "var")
BUREAU = Described(
    "bureau", "National bureau figures", "National bureau", "https://bureau.example/", "CC BY 4.0",
    "https://creativecommons.org/licenses/by/4.0/", "https://bureau.example/api",
)  # fmt: skip
INDICATOR = {
    "id": "invented_share", "name": "An invented share", "definition": "Share of invented people.", "unit": "percent",
    "decimals": "1", "direction": "higher", "limit_low": "0", "limit_high": "100", "evidence_level": "4",
    "theme": "service", "line": "yes", "quantity": "yes", "no_link_reason": "It is invented.", "checked": "found",
}  # fmt: skip

BUILDERS = {
    "series": (
        '("country", "value", "status", "id")',
        "[{name: row[name] for name in COLUMNS} for row in given.sort('country', 'year').to_dicts()]",
        'Example("invented_one", "invented", "wgi_cc", ("AZE", "GEO"))',
        ("tests/analysis/charts/test_gallery.py", "tests/interfaces/api/test_api_kinds.py"),
    ),
    "services": (
        '("centre", "value")',
        "[{name: getattr(tile, name) for name in COLUMNS} for tile in given.list_tiles(given.select_foremost(9)[0])]",
        'Example("invented_one", "invented", "waiting_p50", ())',
        ("tests/analysis/charts/test_gallery.py", "tests/contributions/delivery/test_drawings.py"),
    ),
}
"""Origin → columns and rows of an invented kind, its example, and the tests that ask every kind of the origin."""
BUILDER = '''"""Says how many there are of whom."""

from dashboard.analysis.charts.chart import ChartWords
from dashboard.analysis.charts.layers import shape

COLUMNS = {columns}


def build(given, options):
    """Words instead of a drawing."""
    rows = {rows}
    whom = ", ".join(sorted({{str(row[COLUMNS[0]]) for row in rows}}))
    words = ChartWords((f"{{len(rows)}} of {{whom}}.",), lead=f"{{options.title}}.")
    return shape.make_chart(dict, None, rows, words, "", options)
'''


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The repository without what is built or gathered."""
    for name in ("dashboard", "data_sources", "tests", "docs", "assets", "examples"):
        shutil.copytree(ROOT / name, tmp_path / "tree" / name, ignore=LEFT)
    for file in ROOT.iterdir():
        if file.is_file() and not file.name.startswith("."):
            shutil.copy(file, tmp_path / "tree")
    return tmp_path / "tree"


def add_row(tree: Path, file: str, **cells: str) -> None:
    path = tree / "dashboard/evidence/codebook/data" / file
    text = path.read_text(encoding="utf-8")
    header = next(csv.reader([text.splitlines()[0]]))
    assert set(cells) <= set(header)
    line = io.StringIO()
    csv.DictWriter(line, header, restval="", lineterminator="\n").writerow(cells)
    path.write_text(text.rstrip("\n") + "\n" + line.getvalue(), encoding="utf-8")


def run(tree: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("MONITOR_", "PYTEST_"))}
    told = plain | {"PYTHONPATH": str(tree), "MONITOR_DATA_DIR": str(tree / "var")} | environment
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=tree, env=told, capture_output=True, text=True, check=False, timeout=250
    )


@pytest.mark.long
def test_an_indicator_is_one_row_and_a_publisher_one_folder_and_one_line(tree: Path) -> None:
    _, line = scaffold(BUREAU, tree / "data_sources")
    cases = tree / "tests/data_sources/test_source_contract.py"
    cases.write_text(cases.read_text("utf-8").replace("\nCASES = [\n", f"\nCASES = [\n{line}\n"), encoding="utf-8")
    add_row(tree, "metrics.csv", **INDICATOR, source_type="bureau")
    checked = run(tree, "dashboard", "codebook", "check")
    assert checked.returncode == 0, checked.stdout
    assert "0 errors" in checked.stdout
    assert "metric.series" in checked.stdout
    suites = (
        "tests/evidence/codebook/test_codebook_loader.py", "tests/evidence/codebook/test_codebook_command.py",
        "tests/data_sources/test_registry.py", "tests/documentation", "tests/locales/test_catalogue_files.py",
    )  # fmt: skip
    contract = run(tree, "pytest", "-q", "-p", "no:cacheprovider", "-k", "bureau or has_a_case", str(cases))
    assert contract.returncode == 0, contract.stdout[-3000:]
    tested = run(tree, "pytest", "-q", "-p", "no:cacheprovider", *suites)
    assert tested.returncode == 0, tested.stdout[-3000:]


def test_a_series_a_link_and_an_event_are_one_row(tree: Path) -> None:
    add_row(tree, "metrics.csv", **INDICATOR | {"no_link_reason": ""}, source_type="un_sdg")
    add_row(tree, "series.csv", metric="invented_share", source="un_sdg", series="XX_INV", role="primary")
    add_row(tree, "links.csv", metric="invented_share", target="16.6", strength="proxy", rationale="It is invented.")
    add_row(tree, "adoption_events.csv", id="AZE-99", iso3="AZE", type="visit", date="2026", precision="year",
            filed_type="visit", stance="supports", disputed="no",
            centres_predate_agreement="no",
            scope="An invented visit.", source_title="Invented", source_ref="Invented", source_type="press",
            evidence_level="E3", review_state="reviewed")  # fmt: skip
    checked = run(tree, "dashboard", "codebook", "check")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.long
@pytest.mark.parametrize("origin", BUILDERS)
def test_a_chart_kind_is_a_builder_an_entry_and_an_example(tree: Path, origin: str) -> None:
    columns, rows, example, suites = BUILDERS[origin]
    charts = tree / "dashboard/analysis/charts"
    (charts / "kinds/invented.py").write_text(BUILDER.format(columns=columns, rows=rows), encoding="utf-8")
    entry = f'    ChartKind("invented", invented.build, invented.COLUMNS, origin="{origin}", countries="chosen"),\n'
    add_line(charts / "registry.py", "\n    funnel,\n", "    invented,\n")
    add_line(charts / "registry.py", "\n_KINDS = (\n", entry)
    corpus = {"series": "\nEXAMPLES = (\n", "services": "\nCENTRES = (\n"}[origin]
    add_line(charts / "gallery.py", corpus, f"    {example},\n")
    tested = run(tree, "pytest", "-n", "0", "-p", "no:cacheprovider", "-rA", "-k", "invented", *suites)
    assert tested.returncode == 0, tested.stdout[-3000:]
    passed = [line for line in tested.stdout.splitlines() if line.startswith("PASSED")]
    assert {suite for suite in suites if any(suite in line for line in passed)} == set(suites)


def add_line(path: Path, after: str, line: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(after) == 1
    path.write_text(text.replace(after, after + line), encoding="utf-8")


@pytest.mark.long
def test_a_national_platform_is_a_setting_and_a_row(tree: Path, publisher: Publisher) -> None:
    row = {
        "metric": "internet_users", "country": "ATA", "source": "open_sdg", "series": "ata:17-8-1",
        "relation": "own_definition", "definition": "Invented.", "compiled_by": "Office of Antarctica",
        "language": "en", "caution": "Invented.", "evidence_level": "1",
    }  # fmt: skip
    add_row(tree, "national.csv", **row)
    without = run(tree, "dashboard", "codebook", "check")
    assert without.returncode == 1
    assert "national.site" in without.stdout
    publisher.on("/en/data/17-8-1.csv", Scripted(csv_file("Year,Units,Value", "2017/18,Percentage (%),61.5")))
    publisher.on("/en/meta/17-8-1.json", json_reply(b"{}"))
    site = {
        "id": "ata", "country": "ATA", "publisher": "Office of Antarctica", "title": "Platform of Antarctica",
        "language": "en", "base_url": publisher.url, "licence": "MIT", "options": {"years": "end"},
    }  # fmt: skip
    setting = {"MONITOR_SOURCES__OPEN_SDG__SITES": json.dumps([site])}
    checked = run(tree, "dashboard", "codebook", "check", **setting)
    assert checked.returncode == 0, checked.stdout
    seen = run(tree, "dashboard", "gather", "--source", "open_sdg", "--country", "ATA", **setting)
    assert seen.returncode == 0, seen.stdout + seen.stderr
    assert "ata:17-8-1" in seen.stdout
    listed = run(tree, "dashboard", "dataset", "status", **setting)
    assert "Vintage     4" in listed.stdout, listed.stdout


def add(tree: Path, path: str, text: str) -> None:
    """Write at the end of a file, which is made where there is none."""
    file = tree / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text((file.read_text("utf-8") if file.exists() else "") + text, encoding="utf-8")


def seen(tree: Path, script: str) -> list[str]:
    """The lines that a script prints in the tree."""
    add(tree, "seen.py", script)
    done = run(tree, "seen", MONITOR_PUBLIC_URL="https://monitor.example")
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.splitlines()


CHECKS = {
    "numbers": """

@check("value_thirteen", "warning", message="Another number than {value}.", action="Count again.")
def value_thirteen(ground: Ground) -> Iterator[FindingPlace]:
    \"\"\"Thirteen is invented.\"\"\"
    for row in some(ground.read.filter(pl.col("value") == 13)):
        yield ground.place(row, "value", row["value_text"], value=f"{row['value']:g}")
""",
    "counts": """

@REPORT_CHECKS.check("report.thirteen", "error", message="Another number than {value}.", action="Count again.")
def report_thirteen(row: SentReport) -> Iterator[FindingPlace]:
    \"\"\"Thirteen is invented.\"\"\"
    yield from (_place(name, "", value="13") for name, count in row.counts.items() if count == 13)
""",
    "survey": """

@check("survey_thirteen", "suggestion", message="Another number than {value}.", action="Count again.")
def thirteen(it: SurveyGround) -> Iterator[FindingPlace]:
    \"\"\"Thirteen is invented.\"\"\"
    if it.survey.rows.height == 13:
        yield _place("all rows", value="13")
""",
}
SEEN_CHECKS = """
import json
from datetime import date
import polars as pl
from dashboard.evidence.codebook import load_codebook
from dashboard.contributions.delivery.model import Centre
from dashboard.locales import LANGUAGES
from dashboard.contributions.submissions.counts.rows import read_reports
from dashboard.contributions.submissions.microdata.files import Survey
from dashboard.contributions.submissions.rules import check, survey
from dashboard.contributions.submissions.workbooks.words import finding_text
from tests.contributions.submissions.test_rules import YEAR, ground

rows = [{"indicator": "nps", "period": YEAR, "value": value, "value_text": str(value)} for value in (12.0, 13.0, 14.0)]
sent = pl.DataFrame({"weight": range(13)})
found = [*check(ground(load_codebook(), *rows)), *survey.check_survey(survey.ground(Survey(sent, {}), {}))]
for one in found:
    if one.rule in ("value_thirteen", "survey_thirteen"):
        told = {(words.expected, words.todo) for words in (finding_text(one, lang) for lang in LANGUAGES)}
        print(one.rule, one.severity, one.cell, sorted(told))
text = "centre,service,channel,month,started\\na,id,web,2026-10,12\\na,id,app,2026-10,13\\n"
kept, faults = read_reports(text, {"a": [Centre("a", "AZE", "A", date(2020, 1, 1))]}, {}, date(2026, 11, 1))
print(len(kept), *faults)
"""


@pytest.mark.long
def test_a_check_on_what_ministries_send_is_one_function(tree: Path) -> None:
    """Of figures, of counts and of a survey: with its id, severity, message and action, and no other file."""
    for module, text in CHECKS.items():
        add(tree, f"dashboard/contributions/submissions/rules/{module}.py", text)
    words = "[('Another number than 13.', 'Count again.')]"
    assert seen(tree, SEEN_CHECKS) == [
        f"value_thirteen warning D3 {words}",
        f"survey_thirteen suggestion  {words}",
        "1 row 3, started (report.thirteen): Another number than 13. Count again.",
    ]


PAGE = """\"\"\"An invented page.\"\"\"

import reflex as rx

from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.shell.state import Shell


class InventedState(Shell):
    \"\"\"Nothing to answer.\"\"\"

    @rx.event
    async def load(self) -> None:
        \"\"\"Nothing.\"\"\"


def body(lang: str) -> rx.Component:
    \"\"\"The page in a language.\"\"\"
    return rx.el.h1(f"Inventions {lang}")


PAGE = Page(
    id="inventions",
    route="/{lang}/inventions/",
    body=body,
    load=InventedState.load,
    title=lambda lang: "Inventions",
    description=lambda lang: "What was invented.",
    example="inventions/",
    section="about",
)
"""
SEEN_PAGE = """
import reflex as rx
from dashboard.app import app
from dashboard.locales import LANGUAGES
from dashboard.interfaces.pages.registry import MENU, PAGES, find_section
from dashboard.interfaces.pages.shell.frame import build_frame
from dashboard.interfaces.pages.shell.serving import write_sitemap
from dashboard.answers.search import entries

(page,) = [one for one in PAGES if one.id == "inventions"]
print("routes", sorted(route for route in app._unevaluated_pages if "inventions" in route))
print("menu", MENU[-1].pages[-1], MENU[-1].label("inventions", "ar"), find_section(page) == MENU[-1])
print("shown", "/fr/inventions/" in str(build_frame("fr", MENU, rx.fragment(), False, find_section(page))))
print("sitemap", write_sitemap(PAGES, "https://monitor.example").count("/inventions/</loc>"))
print("search", entries.ADDED["inventions"][0], sorted(entries.ADDED["inventions"][1]))
"""


@pytest.mark.long
def test_a_page_is_one_package(tree: Path) -> None:
    """Menu, search, sitemap and every language follow; so do the import contracts, which know pages by a wildcard."""
    add(tree, "dashboard/interfaces/pages/inventions/__init__.py", '"""An invented page."""\n')
    add(tree, "dashboard/interfaces/pages/inventions/page.py", PAGE)
    langs = ["ar", "az", "en", "fr"]
    assert seen(tree, SEEN_PAGE) == [
        f"routes {[f'{lang}/inventions' for lang in langs]}",
        "menu ('inventions', 'inventions/') Inventions True",
        "shown True",
        "sitemap 4",
        f"search inventions/ {langs}",
    ]
    linter = Path(sys.executable).with_name("lint-imports")
    add(
        tree,
        "dashboard/interfaces/pages/inventions/page.py",
        "\nimport dashboard.interfaces.pages.method.page  # a page knows no other\n",
    )
    told = subprocess.run([linter], cwd=tree, capture_output=True, text=True, check=False)
    said = " ".join(told.stdout.split())  # the linter breaks long lines
    assert "dashboard.interfaces.pages.inventions.page -> dashboard.interfaces.pages.method.page" in said


SEEN_LANGUAGE = """
from dashboard.app import app
from dashboard.evidence.codebook import load_codebook
from dashboard.locales import LANGUAGES, t
from dashboard.interfaces.pages.registry import PAGES
from dashboard.answers.search.entries import CLDR

print(LANGUAGES["sw"].endonym, LANGUAGES["sw"].dir, t("ui.nav.overview", "sw"))
print(load_codebook().countries["AZE"].name["sw"], "sw" in CLDR)
print(sum(route.startswith("sw") for route in app._unevaluated_pages) == len(PAGES))
"""


@pytest.mark.long
def test_a_language_is_a_folder_of_catalogues_and_a_file_of_names(tree: Path) -> None:
    shutil.copytree(tree / "dashboard/locales/en", tree / "dashboard/locales/sw")
    ui = tree / "dashboard/locales/sw/ui.toml"
    ui.write_text(ui.read_text("utf-8").replace('overview = "Overview"', 'overview = "Muhtasari"', 1), encoding="utf-8")
    add(tree, "dashboard/evidence/codebook/data/names/sw.csv", "iso3,name\nAZE,Azabajani\n")
    assert seen(tree, SEEN_LANGUAGE) == ["Kiswahili ltr Muhtasari", "Azabajani True", "True"]
    checked = run(tree, "dashboard", "codebook", "check")
    assert checked.returncode == 0, checked.stdout


DESK = '''"""An invented desk."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from dashboard.accounts.model import Right
from dashboard.interfaces.desk.guard import BrowserRequest, By, pages_for
from dashboard.interfaces.desk.page import page

router = APIRouter(prefix="/inventions", include_in_schema=False)


def _not_inventing(ask: BrowserRequest) -> Response:
    return page(ask, "inventions.html", 403)


asked, sent = pages_for(_not_inventing, Right.DECIDE)


@router.get("/")
def shown(by: Annotated[By, Depends(asked)]) -> Response:
    """The form."""
    return page(by[0], "inventions.html")


@router.post("/")
def taken(by: Annotated[By, Depends(sent)]) -> Response:
    """What was sent."""
    return page(by[0], "inventions.html")
'''
FORM = """{% extends "base.html" %}
{% from "macros.html" import hidden with context %}
{% block title %}Inventions{% endblock %}
{% block body %}
<h1>Inventions</h1>
<form method="post" action="/inventions/">{{ hidden() }}<p class="actions"><button>Invent</button></p></form>
{% endblock %}
"""
SEEN_DESK = """
from pathlib import Path
from fastapi import FastAPI
from fastapi.testclient import TestClient
from dashboard.interfaces.api.app import add_accounts
from dashboard.evidence.database.engine import migrate
from dashboard.interfaces.desk import routes
from dashboard.interfaces.desk.frame import rendered
from dashboard.settings import Settings, settings

place = Settings(data_dir=Path("var/desk"), public_url="https://monitor.example", secret="s" * 40,
                 accounts={"enabled": True})
migrate(place)
api = FastAPI()
add_accounts(api)
routes.install(api, place)
api.dependency_overrides[settings] = lambda: place
client = TestClient(api, base_url="https://monitor.example", follow_redirects=False)
seen = client.get("/inventions/")
print(seen.status_code, seen.headers["location"].partition("?")[0])
print(client.post("/inventions/").status_code in (303, 403))
page = rendered("inventions.html", "ar", "/inventions/", form_token="t")
print('dir="rtl"' in page, "<h1>Inventions</h1>" in page, 'name="form_token"' in page)
"""


@pytest.mark.long
def test_a_desk_form_is_one_folder(tree: Path) -> None:
    """It is found, stands behind the guard, and in the frame that all desks stand in."""
    add(tree, "dashboard/interfaces/desk/inventions/__init__.py", '"""An invented desk."""\n')
    add(tree, "dashboard/interfaces/desk/inventions/desk.py", DESK)
    add(tree, "dashboard/interfaces/desk/inventions/templates/inventions.html", FORM)
    assert seen(tree, SEEN_DESK) == ["303 /account/login", "True", "True True True"]
