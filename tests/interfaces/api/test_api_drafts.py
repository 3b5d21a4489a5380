"""A draft that is sent: as JSON, as a form, to the page; what is too large, broken or of another kind is refused."""

import io
import zipfile

import httpx
import pytest

from dashboard.answers.drafts.files import MAX_BYTES
from dashboard.locales import LANGUAGES, t

pytestmark = pytest.mark.usefixtures("embedded")

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXT = "Kazakhstan scored 44 on the CPI in 2024. Georgia scored 53 on the CPI in 2024. It has 12 regions."


def _document() -> bytes:
    """A heading, a paragraph with the number of a note above the line, and a table."""
    note = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>12</w:t></w:r>'
    cells = [["Country", "2024"], ["Georgia", "53"]]
    rows = "".join(
        f"<w:tr>{''.join(f'<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>' for cell in row)}</w:tr>"
        for row in cells
    )
    heading = '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Corruption Perceptions Index</w:t></w:r></w:p>'
    said = f"<w:p><w:r><w:t>Kazakhstan scored 40</w:t></w:r>{note}<w:r><w:t> in 2024.</w:t></w:r></w:p>"
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as book:
        xml = f'<w:document xmlns:w="{WORD}"><w:body>{heading}{said}<w:tbl>{rows}</w:tbl></w:body></w:document>'
        book.writestr("word/document.xml", xml)
    return body.getvalue()


async def test_a_text_is_checked(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/check", json={"text": TEXT})
    told = answer.json()
    assert [(one["written"], one["difference"]) for one in told["numbers"]] == [("44", 4.0), ("53", 0.0), ("12", None)]
    assert answer.headers["cache-control"] == "no-store"
    assert told["held"] == 2


async def test_a_document_is_checked_with_its_heading_and_without_notes(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/check", files={"file": ("a.docx", _document())})
    assert [(one["written"], one["difference"]) for one in answer.json()["numbers"]] == [("40", 0.0)]


async def test_the_dataset_of_a_day_may_be_asked(client: httpx.AsyncClient) -> None:
    told = (await client.post("/api/v1/check?as_of=2026-11-24", json={"text": TEXT})).json()
    assert told["as_of"] == "2026-11-24"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/json"), (b"{}", "application/json"), (b'{"text":5}', "application/json"),
        (b"[" * 100_000, "application/json"), (b"\xff", "application/json"), (b"garbage", "multipart/form-data"),
        (b"garbage", "multipart/form-data; boundary=x"), (b"a" * (MAX_BYTES + 70_000), "text/plain"),
        (b'{"text":" "}', "application/json"), (b"MZ\x00\x00", "text/plain"),
    ],
)  # fmt: skip
async def test_what_is_no_draft_is_refused_in_a_sentence(client: httpx.AsyncClient, body: bytes, kind: str) -> None:
    answer = await client.post("/api/v1/check", content=body, headers={"content-type": kind})
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(".")


async def test_half_a_letter_is_no_fault(client: httpx.AsyncClient) -> None:
    body = b'{"text":"\\ud800 scored 40 on the CPI in 2024"}'
    answer = await client.post("/api/v1/check", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 200


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_page_asks_and_tells_in_every_language(client: httpx.AsyncClient, lang: str) -> None:
    form = await client.get(f"/check/?lang={lang}")
    assert t("drafts.page.label", lang) in form.text
    told = await client.post(f"/check/?lang={lang}", files={"text": (None, TEXT)})
    assert told.status_code == 200
    assert t("drafts.page.rest", lang, number="1") in told.text
    assert told.text.count("/figures/") >= 2
    assert told.headers["cache-control"] == "no-store"


async def test_the_page_says_what_it_refuses_and_writes_nothing_of_it_as_markup(client: httpx.AsyncClient) -> None:
    empty = await client.post("/check/?lang=en", files={"text": (None, "")})
    assert (empty.status_code, t("drafts.refused.empty", "en") in empty.text) == (422, True)
    large = await client.post("/check/?lang=en", files={"file": ("a.txt", b"a" * (MAX_BYTES + 70_000))})
    assert large.status_code == 413
    hostile = await client.post("/check/?lang=en", files={"text": (None, f"<script>x</script> {TEXT}")})
    assert "<script>" not in hostile.text
    assert (await client.get("/check")).status_code == 308
