"""What was corrected of the statement of April 2025 is gone from every catalogue, file, feed, answer and document."""

import io
import json
import re
from collections.abc import Iterator

import pypdf
import pytest
from typer.testing import CliRunner

from dashboard.answers.adoption import documents, register
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.claims import statement
from dashboard.answers.reported.promise import check_promise
from dashboard.answers.reports.files import write_file
from dashboard.answers.reports.query import ask_annex, ask_country, ask_programme, ask_statement
from dashboard.answers.revisions import news
from dashboard.evidence.codebook.loader import DATA
from dashboard.interfaces.api.contract.calendar import write_calendar, write_due_calendar
from dashboard.interfaces.api.contract.catalogue import view_register as adoption_json
from dashboard.interfaces.api.contract.feed import write_atom
from dashboard.interfaces.api.contract.sent import count_sent_of_origin
from dashboard.locales import LANGUAGES
from dashboard.locales.catalogue import list_areas, load_messages
from dashboard.operations.cli import app
from tests.checks import all_of

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


def outputs(ctx: Context) -> Iterator[tuple[str, str]]:
    """Everything that leaves the product about the register and the statement, as text."""
    for area in list_areas():
        yield f"catalogue {area}", json.dumps(load_messages(area, ctx.lang), ensure_ascii=False, default=dict)
    yield "register", json.dumps(adoption_json(ctx), ensure_ascii=False, default=str)
    yield "events", register.write_csv(ctx, register.ask(ctx)).decode()
    yield "documents", documents.write_documents_csv(ctx).decode()
    yield "claims", statement.write_claims_csv(ctx).decode()
    yield "promise", json.dumps(check_promise(ctx), ensure_ascii=False)
    yield "feed", write_atom(ctx, news.select(ctx), "http://test", "http://test/feed").decode()
    yield "calendar", (write_calendar(ctx, "http://test") + write_due_calendar(ctx, "http://test")).decode()
    queries = (
        ask_programme(ctx, base="http://test"),
        ask_statement(ctx, base="http://test"),
        ask_country(ctx, "AZE", base="http://test"),
        ask_annex(ctx, "AZE", base="http://test"),
    )
    for query in queries:
        pages = pypdf.PdfReader(io.BytesIO(write_file(query, "pdf"))).pages
        yield f"{query.kind}.pdf", " ".join(page.extract_text().replace("\n", " ") for page in pages)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_wrong_rows_are_in_no_output(lang: str) -> None:
    told = dict(outputs(open_context(lang)))
    assert len(told) > 30
    assert all_of(told.values())
    assert {name: WRONG.findall(text) for name, text in told.items() if WRONG.search(text)} == {}


def test_the_wrong_rows_are_in_no_file_of_the_codebook() -> None:
    files = [*DATA.glob("*.csv"), *DATA.glob("translations/*.csv")]
    assert len(files) > 30
    assert [file.name for file in files if WRONG.search(file.read_text(encoding="utf-8"))] == []


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
