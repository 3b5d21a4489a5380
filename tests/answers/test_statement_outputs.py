"""What was corrected of the statement of April 2025 is gone from every catalogue, file, feed, answer and document."""

import io
import re
from pathlib import Path

import pypdf
import pytest
from typer.testing import CliRunner

import dashboard
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.claims import statement
from dashboard.answers.reports.files import write_file
from dashboard.answers.reports.query import ask_statement
from dashboard.interfaces.api.contract.calendar import write_due_calendar
from dashboard.interfaces.api.contract.sent import count_sent_of_origin
from dashboard.locales import LANGUAGES
from dashboard.operations.cli import app

PRODUCT = Path(dashboard.__file__).parent

pytestmark = pytest.mark.usefixtures("embedded")

WRONG = re.compile(
    r"RC-11|no publication (was )?found|no public source|out of 25 agreements|no source says what was carried out|"
    r"in what they took part|this project.s reading|"
    r"aucune publication trouvée|aucune source publique|sur 25 accords|lecture de ce projet|à quoi ils ont participé|"
    r"لم يُعثر على مصدر علني|من أصل 25|قراءة هذا المشروع|فيمَ شارك|"
    r"açıq mənbə tapılma|25 sazişdən|bu layihənin şərhidir|nədə iştirak etdik"
)
"""What the corrected rows said, in every language."""


def print_statement(ctx: Context) -> list[pypdf.PageObject]:
    """Return the pages of the report of the statement."""
    report = write_file(ask_statement(ctx, count_sent_of_origin(ctx), base="http://test"), "pdf")
    return list(pypdf.PdfReader(io.BytesIO(report)).pages)


def test_the_wrong_rows_are_in_no_text_of_the_product() -> None:
    """Files, feeds, documents and pages are made of these texts alone."""
    texts = [path for kind in ("csv", "toml", "html", "py") for path in PRODUCT.rglob(f"*.{kind}")]
    assert {path.suffix for path in texts} == {".csv", ".toml", ".html", ".py"}
    assert [path.name for path in texts if WRONG.search(path.read_text(encoding="utf-8"))] == []


def test_the_calendar_tells_when_the_innovations_are_due() -> None:
    told = write_due_calendar(open_context(), "http://test").decode().replace("\r\n ", "")
    assert told.count("BEGIN:VEVENT") == 1
    assert "20270430" in told
    assert "/en/statement/S-17/" in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_of_the_statement_has_two_pages(lang: str) -> None:
    assert len(print_statement(open_context(lang))) == 2


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_page_report_and_command_give_every_claim_the_same_answer(lang: str) -> None:
    ctx = open_context(lang)
    plain = "".join("".join(page.extract_text() for page in print_statement(ctx)).split())
    printed = dict(re.findall(r"(S-\d\d)(.*?)(?=S-\d\d|$)", plain))
    output = CliRunner().invoke(app, ["claims", "check", "--lang", lang]).output
    listed = dict(re.findall(r"^  (S-\d\d)  (.+)$", output, re.MULTILINE))
    view = statement.view_statement(ctx, count_sent_of_origin(ctx))
    claims = {it["id"]: it for group in view["groups"] for it in group["claims"]}
    assert printed.keys() == listed.keys() == claims.keys() == {f"S-{number:02d}" for number in range(1, 22)}
    for name, claim in claims.items():
        assert re.match(rf"{re.escape(claim['answer_text'])}(?: \(|\s?: )", listed[name])
        for words in (claim["quote"], claim["reported"], f"{claim['answer_text']}·{claim['evidence_text']}"):
            assert "".join(words.split()) in printed[name]
