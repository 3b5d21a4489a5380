"""A draft held against the published figures: what is read as a figure of ours, and that nothing else is."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.answers.base.context import open_context
from dashboard.answers.drafts import extraction
from dashboard.answers.drafts.blocks import DraftBlock, parse_text
from dashboard.answers.drafts.draft import CheckedNumber, check_draft
from dashboard.answers.drafts.extraction import DraftRefused, extract_blocks
from dashboard.answers.drafts.reading import read_value
from dashboard.answers.drafts.tokens import split_sentences
from tests.checks import all_of
from tests.open.drafts import find_differences, make_bombs, read_paragraphs

pytestmark = pytest.mark.usefixtures("embedded")


def _held(text: str) -> list[CheckedNumber]:
    return [one for one in check_draft(open_context(), parse_text(text))["numbers"] if one["ours"]]


def test_nobody_is_accused_in_a_hundred_paragraphs_of_public_reports() -> None:
    paragraphs = read_paragraphs()
    assert len(paragraphs) >= 100
    numbers = [one for text in paragraphs for one in check_draft(open_context(), parse_text(text))["numbers"]]
    assert len(numbers) > 200
    assert [text for text in paragraphs for difference in find_differences(text) if difference] == []


@pytest.mark.parametrize(
    ("text", "held"),
    [
        # Kazakhstan scored 37, 36, 39, 40 in 2021 to 2024; Georgia 53 in 2024.
        ("Kazakhstan scored 40 on the Corruption Perceptions Index in 2024. It scored 38 in 2023.",
         [("40", 0.0), ("38", -1.0)]),
        ("Uzbekistan’s score on the Corruption Perceptions Index rose to 31 in 2025.", [("31", 0.0)]),
        ("The CPI of Kazakhstan was 41 in 2024.", [("41", 1.0)]),
        ("Kazakhstan’s EGDI value was 0.9009 in the 2024 survey.", [("0.9009", 0.0)]),
        # Azerbaijan −0.8578 in 2024 and −0.7781 in 2025, Georgia 0.4049 in 2024 (WGI 2026 edition).
        ("Azerbaijan's control of corruption was -0.86 in 2024.", [("-0.86", 0.0)]),
        ("Azerbaijan's control of corruption was -0.78 in 2024.", [("-0.78", 0.08)]),
        ("Azerbaijan's control of corruption was -0.78 in 2025.", [("-0.78", 0.0)]),
        ("Government effectiveness in Uzbekistan reached 0.14 in 2024.", [("0.14", 0.28)]),
        ("In 2024 internet use in Kazakhstan was 93.4 per cent.", [("93.4 per cent", 0.0)]),
        ("GDP per capita in Kazakhstan was US$ 14,155 in 2024.", [("$ 14,155", 0.0)]),
        ("В 2024 г. Казахстан получил 44 балла в Индексе восприятия коррупции.", [("44 балла", 4.0)]),
        ("En 2025, l’Ouzbékistan obtient 31 points à l’indice de perception de la corruption.", [("31 points", 0.0)]),
        ("Control of Corruption in Georgia was +0.40 in 2024.", [("0.40", 0.0)]),
        ("Control of Corruption in Georgia was -0.14 in 2025.", [("-0.14", 0.0)]),
    ],
)  # fmt: skip
def test_a_figure_is_shown_beside_ours_where_all_is_explicit(text: str, held: list[tuple[str, float]]) -> None:
    assert [(one["written"], round(one["difference"] or 0, 2)) for one in _held(text)] == held


UNCHECKED = Path(__file__).with_name("unchecked_sentences.txt").read_text(encoding="utf-8").splitlines()
"""Sentences of which a number could mean something else."""


@pytest.mark.parametrize("text", UNCHECKED)
def test_what_could_mean_something_else_is_not_checked(text: str) -> None:
    assert _held(text) == []


def _write_sentences() -> Iterator[tuple[str, float]]:
    """Sentences of the published figures, as people write them, with the difference planted in them."""
    ctx = open_context()
    shapes = (
        ("ti_cpi", "{name} scored {value:.0f} on the Corruption Perceptions Index in {year}."),
        ("ti_cpi", "In {year} the CPI score of {name} stood at {value:.0f} points."),
        ("egdi", "The EGDI value of {name} was {value:.4f} in {year}."),
        ("internet_users", "In {year}, {value:.1f}% of the population of {name} used the Internet."),
        ("internet_users", "Internet use in {name} reached {value:.1f} per cent in {year}."),
        ("wgi_rl", "Rule of law in {name} was estimated at {value:.2f} in {year}."),
        ("women_parliament", "The share of women in parliament in {name} was {value:.1f} % in {year}."),
        ("gdp_per_capita", "GDP per capita in {name} was ${value:,.0f} in {year}."),
    )  # fmt: skip
    for metric, shape in shapes:
        rows = ctx.dataset.rows(metric).filter(pl.col("primary"), pl.col("dimensions") == "{}", pl.col("value") > 1e-9)
        for iso3 in ("AZE", "KAZ", "UZB", "GEO", "KGZ", "RWA", "UGA", "ETH", "MAR", "PAK"):
            last = rows.filter(pl.col("country") == iso3).sort("year").collect().rows(named=True)[-1:]
            for row in last:
                for planted in (0.0, -0.1 * row["value"]):
                    name = ctx.book.countries[iso3].name["en"]
                    yield shape.format(name=name, value=row["value"] + planted, year=row["year"]), planted


def test_figures_as_people_write_them_are_recognised_and_their_differences_shown() -> None:
    sentences = list(_write_sentences())
    assert len(sentences) >= 120
    found = [(planted, held[0]["difference"]) for text, planted in sentences if (held := _held(text))]
    assert len(found) >= 0.9 * len(sentences)
    assert [one for one in found if (one[0] == 0.0) != (one[1] == 0.0)] == []


def test_a_figure_opens_onto_its_provenance_and_a_table_is_not_read() -> None:
    (one,) = _held("Kazakhstan scored 44 on the CPI in 2024.")
    assert (one["difference"], one["href"]) == (4.0, "/indicators/ti_cpi/?country=KAZ")
    ours = one["ours"]
    assert ours is not None
    assert ours["provenance"].endswith(f"/api/v1/provenance/{ours['claim_id']}")
    assert all_of(ours[name] for name in ("source", "edition", "vintage", "citation"))  # type: ignore[literal-required]
    assert _held("| Country | CPI 2024 |\n|-|-|\n| Kazakhstan | 40 |") == []


def test_a_sentence_hands_on_to_the_next_one_of_its_paragraph_alone() -> None:
    said = "Kazakhstan scored 40 on the CPI in 2024."
    assert [one["written"] for one in _held(f"{said} Its score was 39 in 2023.")] == ["40", "39"]
    assert [one["written"] for one in _held(f"{said}\n\nIts score was 39 in 2023.")] == ["40"]
    assert [one["written"] for one in _held(f"{said} People cheered. Its score was 39 in 2023.")] == ["40"]


def test_a_sentence_of_a_thousand_numbers_decides_nothing() -> None:
    text = "On the CPI Kazakhstan scored " + ", ".join(f"{n % 90} in {1990 + n % 30}" for n in range(3_000))
    checked = check_draft(open_context(), parse_text(text))
    assert (checked["held"], checked["cut"]) == (0, True)


def _write_docx(body: str) -> bytes:
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        space = extraction.WORD.strip("{}")
        book.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    return packed.getvalue()


def test_what_was_moved_away_or_hidden_in_a_document_is_not_read() -> None:
    runs = ("<w:moveFrom><w:r><w:t>39 </w:t></w:r></w:moveFrom>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>38 </w:t></w:r><w:r><w:t>40</w:t></w:r>")  # fmt: skip
    (block,) = extract_blocks("a.docx", _write_docx(f"<w:p>{runs}</w:p>"))
    assert block.text == "40"


@pytest.mark.parametrize(("name", "body"), [one for one in make_bombs() if one[0] not in ("pages.pdf", "large.txt")])
def test_bombs_are_refused(name: str, body: bytes) -> None:
    with pytest.raises(DraftRefused):
        extract_blocks(name, body)


def test_more_pages_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    from pypdf import PdfWriter

    writer, body = PdfWriter(), io.BytesIO()
    for _ in range(4):
        writer.add_blank_page(100, 100)
    writer.write(body)
    monkeypatch.setattr(extraction, "MAX_PAGES", 4)
    assert extract_blocks("a.pdf", body.getvalue()) == []
    monkeypatch.setattr(extraction, "MAX_PAGES", 3)
    with pytest.raises(DraftRefused, match="too_costly"):
        extract_blocks("a.pdf", body.getvalue())


def test_text_is_split_as_a_reader_sees_it() -> None:
    blocks = parse_text("# Head\n\nA sen-\ntence.[^1]\n- one\n- two\n\na\tb\n1\t2\n")
    assert [(one.kind, one.text) for one in blocks] == [
        ("heading", "Head"), ("text", "A sentence."), ("item", "one"), ("item", "two"), ("table", ""),
    ]  # fmt: skip
    assert blocks[-1] == DraftBlock("table", rows=(("a", "b"), ("1", "2")))
    assert split_sentences("See p. 12, e.g. Art. 5. Then more! And 40.") == [
        "See p. 12, e.g. Art. 5.", "Then more!", "And 40.",
    ]  # fmt: skip


@given(st.integers(-(10**9), 10**9), st.integers(0, 4), st.booleans())
def test_a_number_is_read_as_it_was_written(whole: int, decimals: int, comma: bool) -> None:
    value = whole / 10**decimals
    text = f"{value:,.{decimals}f}"
    if comma:
        text = text.replace(",", "\u00a0").replace(".", ",")
    read = read_value(text.replace("-", "−"), comma)
    assert (read[1], read[0]) == (decimals, pytest.approx(value))


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    check_draft(open_context(), parse_text(text))
