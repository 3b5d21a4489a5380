"""What was corrected of the statement of April 2025 is gone from every catalogue, file, feed, answer and document."""

import io
import json
import re
from collections.abc import Iterator

import pypdf
import pytest

from dashboard.api.contract.calendar import calendar, write_due_calendar
from dashboard.api.contract.catalogue import adoption as adoption_json
from dashboard.api.contract.feed import atom
from dashboard.api.contract.sent import count_sent_of_origin
from dashboard.codebook.loader import DATA
from dashboard.locales import LANGUAGES
from dashboard.locales.catalogue import list_areas, load_messages
from dashboard.services.adoption import documents, register
from dashboard.services.base.context import Context, open_context
from dashboard.services.claims import statement
from dashboard.services.freshness.outcomes import mark
from dashboard.services.progress.promise import check_promise
from dashboard.services.reports.files import write_file
from dashboard.services.reports.query import ask_annex, ask_country, ask_programme, ask_statement
from dashboard.services.revisions import news

pytestmark = pytest.mark.usefixtures("embedded")

WRONG = re.compile(
    r"RC-11|no publication (was )?found|no public source|out of 25 agreements|no source says what was carried out|"
    r"in what they took part|this project.s reading|"
    r"aucune publication trouvée|aucune source publique|sur 25 accords|lecture de ce projet|à quoi ils ont participé|"
    r"لم يُعثر على مصدر علني|من أصل 25|قراءة هذا المشروع|فيمَ شارك|"
    r"açıq mənbə tapılma|25 sazişdən|bu layihənin şərhidir|nədə iştirak etdik"
)
"""What the corrected rows said, in every language."""


def outputs(ctx: Context) -> Iterator[tuple[str, str]]:
    """Everything that leaves the product about the register and the statement, as text."""
    for area in list_areas():
        yield f"catalogue {area}", json.dumps(load_messages(area, ctx.lang), ensure_ascii=False, default=dict)
    yield "register", json.dumps(adoption_json(ctx), ensure_ascii=False, default=str)
    yield "events", register.write_csv(ctx, register.ask(ctx)).decode()
    yield "documents", documents.write_documents_csv(ctx).decode()
    yield "claims", statement.write_claims_csv(ctx).decode()
    yield "promise", json.dumps(check_promise(ctx), ensure_ascii=False)
    yield "feed", atom(ctx, news.select(ctx), "http://test", "http://test/feed").decode()
    yield "calendar", (calendar(ctx, "http://test", mark()) + write_due_calendar(ctx, "http://test")).decode()
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
    assert all(told.values())
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


def test_the_report_of_the_statement_has_two_pages_and_every_claim() -> None:
    ctx = open_context()
    report = write_file(ask_statement(ctx, count_sent_of_origin(ctx), base="http://test"), "pdf")
    pages = pypdf.PdfReader(io.BytesIO(report)).pages
    words = " ".join(page.extract_text() for page in pages)
    assert len(pages) == 2
    assert [f"S-{number:02d}" for number in range(1, 22) if f"S-{number:02d}" not in words] == []
