"""A draft held against the published figures: what each number is taken for, and that nobody is accused wrongly."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.services.base.context import open_context
from dashboard.services.drafts import extraction
from dashboard.services.drafts.blocks import DraftBlock, parse_text
from dashboard.services.drafts.draft import check_draft
from dashboard.services.drafts.extraction import DraftRefused, extract_blocks
from dashboard.services.drafts.numbers import read_numbers, read_value
from dashboard.services.drafts.tokens import split_sentences, split_tokens
from dashboard.settings import Settings
from tests.open.drafts import judge_marks, make_bombs
from tests.open.published import read_published
from tests.open.sentences import make_drafts

pytestmark = pytest.mark.usefixtures("embedded")


def _told(text: str) -> list[tuple[str, str]]:
    numbers = check_draft(open_context(), parse_text(text))["numbers"]
    return [(one["written"], one["why"] or one["verdict"]) for one in numbers]


def test_planted_errors_are_found_and_nobody_is_accused(embedded: Settings) -> None:
    facts = read_published(embedded.dataset_dir)
    ctx = open_context()
    tally = Counter(one for draft in make_drafts(facts, 2, seed=77) for one in judge_marks(ctx, draft))
    planted = sum(number for (kind, _), number in tally.items() if kind == "P")
    accused = sum(n for (kind, verdict), n in tally.items() if kind in "TF" and verdict in ("differs", "superseded"))
    assert tally["P", "differs"] >= 0.95 * planted > 40
    assert accused <= 0.02 * sum(number for (kind, _), number in tally.items() if kind in "TF")
    assert tally["O", "superseded"] > 0
    assert not [key for key in tally if key[1] == "absent"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # Kazakhstan scored 37, 36, 39, 40 in 2021 to 2024; Georgia 53 and Uzbekistan 32 in 2024.
        ("On the CPI, Kazakhstan went from 37 in 2021 to 40 in 2024.", [("37", "matches"), ("40", "matches")]),
        ("On the CPI, Kazakhstan went from 40 in 2021 to 37 in 2024.", [("40", "differs"), ("37", "differs")]),
        ("Kazakhstan's rank on the Corruption Perceptions Index in 2024 was 88.", [("88", "rank")]),
        ("In 2024 Kazakhstan came 88th on the CPI.", [("88", "rank")]),
        ("The CPI of Kazakhstan rose by 3 points in 2024.", [("3 points", "change")]),
        ("Kazakhstan aims to score 60 on the CPI in 2024.", [("60", "doubt")]),
        ("The average CPI score of countries around Kazakhstan was 31 in 2024.", [("31", "doubt")]),
        ("In 2021, 80 % of rural women in Kazakhstan used the Internet.", [("80 %", "doubt")]),
        ("Kazakhstan's score, 40, was published on 11 February 2025 in the Corruption Perceptions Index.",
         [("40", "year"), ("11", "label")]),
        ("Kazakhstan's CPI score for 2024 rose to 40.12 The government welcomed it.", [("40.12", "precision")]),
        ("Unlike Georgia, Kazakhstan scored 40 on the CPI in 2024.", [("40", "matches")]),
        ("Kazakhstan, unlike Georgia, scored 40 on the CPI in 2024.", [("40", "countries")]),
        ("Kazakhstan and Georgia scored 40 and 53 respectively on the CPI in 2024.",
         [("40", "matches"), ("53", "matches")]),
        ("The US state of Georgia and Atlanta, Georgia, scored 12 on the CPI in 2024.", [("12", "country")]),
        ("Around the Gulf of Mexico the CPI was 12 in 2024.", [("12", "country")]),
        ("Kazakhstan, Georgia, USA: on the CPI of 2024 Kazakhstan scored 40.", [("40", "matches")]),
        ("In Niger, state institutions scored 34 on the CPI in 2024.", [("34", "matches")]),
        ("Georgia, the US and Canada: Georgia scored 53 on the CPI in 2024.", [("53", "matches")]),
        ("In the State of Georgia (USA) and the Niger Delta the CPI of 2024 was 12.", [("12", "country")]),
        ("Georgian and Kazakh experts gave Kazakhstan 12 in the CPI of 2024.", [("12", "countries")]),
        ("Kazakhstan's CPI stood at 44 (Table 3, p. 12).", [("44", "year"), ("3", "label"), ("12", "label")]),
        ("GDP per capita (PPP) in Kazakhstan was $35,500 in 2022.", [("35,500", "doubt")]),
        ("In 2024, Kazakhstan scored 40 on the CPI and paid $5 million for 14 centres.",
         [("40", "matches"), ("5 million", "indicator"), ("14", "label")]),
        ("Two-thirds of the people in Kazakhstan used the Internet in 2021.", [("Two-thirds", "differs")]),
        ("In Kazakhstan more than 95 per cent of people used the Internet in 2021.", [("95 per cent", "differs")]),
        ("In Kazakhstan more than 90 per cent of people used the Internet in 2021.", [("90 per cent", "matches")]),
        ("В 2021 году более 90 % населения Казахстана пользовались интернетом.", [("90 %", "matches")]),
        ("In 2024 Kazakhstan scored at least 40 on the Corruption Perceptions Index.", [("40", "matches")]),
        ("In 2024 Kazakhstan scored no less than 40 on the Corruption Perceptions Index.", [("40", "matches")]),
        ("In 2024 Kazakhstan scored more than 40 on the Corruption Perceptions Index.", [("40", "differs")]),
        ("In 2024 Kazakhstan scored above 40 on the Corruption Perceptions Index.", [("40", "differs")]),
        ("In 2024 Kazakhstan scored at most 40 on the Corruption Perceptions Index.", [("40", "matches")]),
        ("In 2024 Kazakhstan scored no more than 40 on the Corruption Perceptions Index.", [("40", "matches")]),
        ("In 2024 Kazakhstan scored less than 40 on the Corruption Perceptions Index.", [("40", "differs")]),
        ("In 2024 Kazakhstan scored just over 40 on the Corruption Perceptions Index.", [("40", "matches")]),
        ("В 2024 году Казахстан набрал не менее 40 баллов по индексу восприятия коррупции.",
         [("40 баллов", "matches")]),
        ("В 2024 году Казахстан набрал более 40 баллов по индексу восприятия коррупции.", [("40 баллов", "differs")]),
        ("En 2024, le Kazakhstan a obtenu plus de 40 sur l’indice de perception de la corruption.",
         [("40", "differs")]),
        ("Près de 91 % des habitants du Kazakhstan utilisaient Internet en 2021.", [("91 %", "matches")]),
        ("По индексу восприятия коррупции Казахстан в 2024 году поднялся на 1 балл – до 40.",
         [("1 балл", "change"), ("40", "matches")]),
        ("On the CPI 2024:\n\n- Georgia: 53\n- Kazakhstan – 45\n- Narnia: 12",
         [("53", "matches"), ("45", "differs"), ("12", "indicator")]),
        ("Corruption Perceptions Index\n\n| | 2021 | 2024 | Rank |\n|-|-|-|-|\n| Kazakhstan | 37 | 44 | 88 |",
         [("37", "matches"), ("44", "differs"), ("88", "label")]),
        ("In 1995, Kazakhstan scored 40 on the CPI.", [("40", "no_figure")]),
        ("The CPI of Kazakhstan was 8.4 % in 2024.", [("8.4 %", "indicator")]),
        ("Kazakhstan adopted a plan in 2019. It scores 40 on the CPI.", [("40", "year")]),
        ("В 2024 г. Казахстан получил 44 балла в Индексе восприятия коррупции.", [("44 балла", "differs")]),
        ("The CPI of Kazakhstan was 41 in 2024.", [("41", "differs")]),  # a limit: a whole number allows a half
        ("In 2024, Kazakhstan scored 250 on the CPI.", [("250", "beyond")]),
        ("Between 2021 and 2024 Kazakhstan went from 37 to 40 on the CPI.", [("37", "matches"), ("40", "matches")]),
        ("Georgia's Control of Corruption was 0.95 in 2023.", [("0.95", "differs")]),  # 0.66, and 62 of 100
        ("In Kazakhstan Internet use rose from 45 in 2010 to 90.9 % in 2021.",
         [("45", "differs"), ("90.9 %", "matches")]),
    ],
)  # fmt: skip
def test_hard_sentences(text: str, told: list[tuple[str, str]]) -> None:
    assert _told(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Kazakhstan's CPI was 38-40 in 2024.", [("38", "range"), ("40", "label")]),
        ("Kazakhstan's CPI was 40 (37–43) in 2024.", [("40", "matches"), ("37", "range"), ("43", "range")]),
        ("Kazakhstan's CPI was 40 [37, 43] in 2024.", [("40", "matches"), ("37", "range"), ("43", "range")]),
        ("Internet use in Kazakhstan was 93% to 95% in 2024.", [("93%", "range"), ("95%", "range")]),
        ("Internet use in Kazakhstan was 93%–95% in 2024.", [("93%", "range"), ("–95%", "range")]),
        ("ИВК Казахстана составил от 37 до 43 в 2024 году.", [("37", "range"), ("43", "range")]),
        ("Kazakhstan's CPI: 2023 – 39, 2024 – 40.", [("39", "matches"), ("40", "matches")]),
        ("Kazakhstan's CPI (0–100) was 40 in 2024.", [("0", "range"), ("100", "range"), ("40", "matches")]),
        ("On a scale of 0 (corrupt) to 100 (clean), Kazakhstan's CPI in 2024 was 40.",
         [("0", "label"), ("100", "label"), ("40", "matches")]),
        ("The CPI (100 = clean) of Kazakhstan, 2024.", [("100", "label")]),
        ("Kazakhstan's CPI for 2024 was published at 11:40.", [("11", "label"), ("40", "label")]),
        ("Call 598 40 40 for Kazakhstan's CPI in 2024.", [("598", "label"), ("40", "label"), ("40", "label")]),
        ("Kazakhstan's CPI was 40 in 2023/24.", [("40", "year"), ("24", "label")]),
        ("Kazakhstan's CPI: 36, 39 and 40 in 2022, 2023 and 2024.",
         [("36", "years"), ("39", "years"), ("40", "years")]),
        ("The CPI published in 2025 gave Kazakhstan 40 points.", [("40 points", "year")]),
        ("Kazakhstan's CPI in 2024 is 40 (Azerbaijan 22, Georgia 53).",
         [("40", "matches"), ("22", "matches"), ("53", "matches")]),
        ("In 2024, Kazakhstan scored 40 on the CPI and 29 on the Gini index.",
         [("40", "matches"), ("29", "indicator")]),
        ("In 2024, the CPI of Kazakhstan was 40 and that of Narnia 53.", [("40", "matches"), ("53", "indicator")]),
        ("Kazakhstan's CPI in 2024 (40), press freedom index (55).", [("40", "matches"), ("55", "indicator")]),
        ("Kazakhstan's CPI in 2024 was 40; press freedom index: 55.", [("40", "matches"), ("55", "indicator")]),
        ("In 2024, 93% of people in Kazakhstan used the internet and 99% had electricity.",
         [("93%", "matches"), ("99%", "indicator")]),
        ("In 2024, internet use in Kazakhstan was 93% and unemployment 5%.", [("93%", "matches"), ("5%", "indicator")]),
        ("In 2024, 6.6% of people in Kazakhstan were without Internet use.", [("6.6%", "doubt")]),
        ("Kazakhstan's CPI in 2024 was 18 points above Azerbaijan's.", [("18 points", "change")]),
        ("Kazakhstan's CPI: 40 (2024), +1 on 2023.", [("40", "matches"), ("1", "change")]),
        ("Control of Corruption in Georgia was +0.38 in 2024.", [("0.38", "matches")]),
        ("Kazakhstan's CPI in 2024 was closer to 50 than to 30.", [("50", "doubt"), ("30", "doubt")]),
        ("Kazakhstan needs 10 more points on the CPI 2024 to reach 50.", [("10", "change"), ("50", "doubt")]),
        ("GDP per capita in Kazakhstan was €14,155 in 2024.", [("14,155", "indicator")]),
        ("GDP per capita in Kazakhstan was 14,155 tenge in 2024.", [("14,155 tenge", "indicator")]),
        ("GDP per capita in Kazakhstan was US$ 14,155 in 2024.", [("14,155", "matches")]),
        ("Control of Corruption in Kazakhstan in 2024: 46.5 of 100.", [("46.5", "matches"), ("100", "label")]),
        ("Kazakhstan's CPI in 2024 was 40 out of 100, 88 out of 180.",
         [("40", "matches"), ("100", "label"), ("88", "rank"), ("180", "label")]),
        ("Kazakhstan's CPI in 2024 was 40/100 (40/180).",
         [("40", "matches"), ("100", "label"), ("40", "rank"), ("180", "label")]),
        ("Kazakhstan's CPI in 2024 (40/100).", [("40", "matches"), ("100", "label")]),
        ("The consumer price index (CPI) of Kazakhstan was 40 in 2024.", [("40", "doubt")]),
        ("In 2024, Internet use in Kazakhstan rose by one third.", [("one third", "change")]),
        ("L’utilisation d’Internet au Kazakhstan a baissé de plus d’un quart en 2024.", [("un quart", "change")]),
        ("В 2024 году использование интернета в Казахстане выросло на треть.", [("треть", "change")]),
        ("In 2024 between one quarter and one third of people in Kazakhstan used the Internet.",
         [("one quarter", "range"), ("one third", "range")]),
        ("In 2024 one in three people in Kazakhstan used the Internet.", [("one in three", "differs")]),
        ("Daily Internet use in Kazakhstan was 80% in 2024.", [("80%", "doubt")]),
        ("Kazakhstan's CPI for 2024 was 40 (2023: 39; 2022: 36).",
         [("40", "matches"), ("39", "matches"), ("36", "matches")]),
        ("Kazakhstan's CPI was 40 (2023 – 39).", [("40", "year"), ("39", "matches")]),
        ("CPI of 2024: 40 in Kazakhstan, 53 in Georgia.", [("40", "matches"), ("53", "matches")]),
        ("GDP per capita of Kazakhstan was USD 14.155 in 2024.", [("14.155", "beyond")]),
        ("| | GDP per capita 2024, thousand US$ |\n|-|-|\n| Kazakhstan | 14.2 |", [("14.2", "beyond")]),
        ("| Country | CPI 2024 | CPI 2024 rank |\n|-|-|-|\n| Kazakhstan | 40 | 40 |",
         [("40", "matches"), ("40", "label")]),
        ("| | Kazakhstan |\n|-|-|\n| CPI 2024 | 40 |\n| CPI rank 2024 | 40 |", [("40", "matches"), ("40", "label")]),
    ],
)  # fmt: skip
def test_numbers_beside_a_figure_are_neither_said_to_match_nor_accused(text: str, told: list[tuple[str, str]]) -> None:
    assert _told(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# Corruption Perceptions Index\n\n| Country | 2024 | Gini 2024 |\n|-|-|-|\n| Kazakhstan | 40 | 29 |",
         [("40", "matches"), ("29", "indicator")]),
        ("# Kazakhstan, CPI, 2024\n\n| | Value |\n|-|-|\n| Gini index | 29 |", [("29", "indicator")]),
        ("| Country | CPI 2024 | |\n|-|-|-|\n| Kazakhstan | 40 | 29 |", [("40", "matches"), ("29", "label")]),
        ("| Country | CPI 2024 |\n|-|-|\n| Kazakhstan | 40 |\n| Country | Gini 2024 |\n| Kazakhstan | 29 |",
         [("40", "matches"), ("29", "indicator")]),
        ("| Country | Internet users 2024 |\n|-|-|\n| Kazakhstan | 0.934 |\n| Georgia | 83.8% |",
         [("0.934", "indicator"), ("83.8%", "matches")]),
        ("Индекс восприятия коррупции\n\n| Страна | 2023 год |\n|-|-|\n| Казахстан | 41 |", [("41", "differs")]),
        ("| Country | CPI | |\n| | 2023 | 2024 |\n|-|-|-|\n| Kazakhstan | 39 | 41 |",
         [("39", "matches"), ("41", "differs")]),
    ],
)  # fmt: skip
def test_figures_of_a_table_are_of_their_own_column(text: str, told: list[tuple[str, str]]) -> None:
    assert _told(text) == told


@pytest.mark.parametrize("rows", [((),), (("a",), ()), (("Country", "CPI"),) * 2_000, (("", ""),) * 2_000])
def test_a_table_of_heads_alone_has_no_figures(rows: tuple[tuple[str, ...], ...]) -> None:
    assert check_draft(open_context(), [DraftBlock("table", rows=rows)])["numbers"] == []


def _write_docx(body: str) -> bytes:
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        space = extraction.WORD.strip("{}")
        book.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    return packed.getvalue()


def _cell(text: str, kind: str = "") -> str:
    return f"<w:tc><w:tcPr>{kind}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def test_merged_cells_of_a_document_keep_their_columns() -> None:
    wide, down, on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = (
        (_cell("Country", down), _cell("CPI 2024", wide), _cell("Internet users 2024, %")),
        (_cell("", on), _cell("score"), _cell("rank"), _cell("")),
        (_cell("Kazakhstan"), _cell("40"), _cell("88"), _cell("93.4")),
    )
    body = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows)
    numbers = check_draft(open_context(), extract_blocks("a.docx", _write_docx(f"<w:tbl>{body}</w:tbl>")))["numbers"]
    assert [(one["written"], one["why"] or one["verdict"]) for one in numbers] == [
        ("40", "matches"), ("88", "label"), ("93.4", "matches"),
    ]  # fmt: skip


def test_what_was_moved_away_or_hidden_in_a_document_is_not_read() -> None:
    runs = ("<w:moveFrom><w:r><w:t>39 </w:t></w:r></w:moveFrom>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>38 </w:t></w:r><w:r><w:t>40</w:t></w:r>")  # fmt: skip
    (block,) = extract_blocks("a.docx", _write_docx(f"<w:p>{runs}</w:p>"))
    assert block.text == "40"


def test_two_tables_of_a_sheet_are_two() -> None:
    import io

    from openpyxl import Workbook

    book, packed = Workbook(), io.BytesIO()
    for row in (["Country", "CPI 2024"], ["Kazakhstan", 40], [], ["State", "Gini 2024"], ["Kazakhstan", 29]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(packed)
    numbers = check_draft(open_context(), extract_blocks("a.xlsx", packed.getvalue()))["numbers"]
    assert [one["why"] or one["verdict"] for one in numbers] == ["matches", "indicator"]


def test_a_verdict_opens_onto_its_provenance() -> None:
    (one,) = check_draft(open_context(), parse_text("Kazakhstan scored 44 on the CPI in 2024."))["numbers"]
    assert (one["verdict"], one["difference"], one["indicator"], one["country"]) == ("differs", 4.0, "ti_cpi", "KAZ")
    ours = one["ours"]
    assert ours is not None
    assert ours["provenance"].endswith(f"/api/v1/provenance/{ours['claim_id']}")
    assert ours["evidence_level"] in (1, 2, 3, 4)
    assert all(ours[name] for name in ("source", "edition", "vintage", "citation"))  # type: ignore[literal-required]


def test_a_superseded_figure_names_its_vintage(embedded: Settings) -> None:
    facts = read_published(embedded.dataset_dir)
    key = next(k for k, old in facts.before.items() if k[0] == "wgi_cc" and k[1] == "KAZ" and k in facts.now
               and abs(round(old[0].value or 0, 2) - (facts.now[k].value or 0)) > 0.02)  # fmt: skip
    old = facts.before[key][0].value
    (one,) = check_draft(
        open_context(), parse_text(f"In {key[2]}, Kazakhstan scored {old:.2f} on Control of Corruption.")
    )["numbers"]
    assert one["verdict"] == "superseded"
    assert one["earlier"] is not None
    assert one["earlier"]["superseded"].startswith("2,")
    assert one["earlier"]["claim_id"] == facts.before[key][0].id


def test_a_sentence_of_a_thousand_numbers_is_read_in_no_time_and_decides_nothing() -> None:
    text = "On the CPI Kazakhstan scored " + ", ".join(f"{n % 90} in {1990 + n % 30}" for n in range(3_000))
    checked = check_draft(open_context(), parse_text(text))
    assert {one["verdict"] for one in checked["numbers"]} <= {"not_ours"}
    assert checked["cut"]


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
    monkeypatch.setattr(extraction, "MOST_PAGES", 4)
    assert extract_blocks("a.pdf", body.getvalue()) == []
    monkeypatch.setattr(extraction, "MOST_PAGES", 3)
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
    assert read is not None
    assert read[1] == decimals
    assert read[0] == pytest.approx(value)


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    read_numbers(text, split_tokens(text))
    check_draft(open_context(), parse_text(text))
