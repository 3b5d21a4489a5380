"""A brief of one's own: what was chosen and nothing else, with editions and reasons, in three forms."""

import io
import re
import zipfile

import pytest
from lxml import etree
from pptx import Presentation
from pypdf import PdfReader

from dashboard.analysis.reports.content import Grid, Pictures
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.answers.reports.files import write_file
from dashboard.answers.reports.own import write_own
from dashboard.answers.reports.query import MOST_COUNTRIES, MOST_INDICATORS, PARTS, ask_own
from dashboard.evidence.codebook.model import choose_text
from dashboard.settings import Settings

COUNTRIES, INDICATORS = ("AZE", "GEO"), ("wgi_cc", "internet_users", "birth_registration")


def test_it_says_what_is_there_and_why_the_rest_is_not(handmade: Settings) -> None:
    report = write_own(ask_own(open_context(), COUNTRIES, INDICATORS))
    assert [one.title for one in report.sections][:2] == ["In short", "Figures"]
    (figures,) = report.sections[1].blocks
    assert isinstance(figures, Grid)
    names = {name: choose_text(open_context().book.metrics[name].name, "en") for name in INDICATORS}
    assert [part.label for part in figures.parts] == list(names.values())
    cells = {(part.label, row[0].text): row for part in figures.parts for row in part.rows if row[0] is not None}
    first = figures.parts[0].label
    value, source = cells[first, "Azerbaijan"][1], cells[first, "Azerbaijan"][8]
    assert (value.value, source.note) == (-0.4, "2024")
    gap = cells[figures.parts[2].label, "Georgia"][1]
    assert gap.value is None
    assert gap.text
    assert gap.note, "with its reason"
    assert "4 of 6" in str(report.sections[0].blocks[0])


def test_only_the_parts_that_were_chosen_in_their_own_order(handmade: Settings) -> None:
    query = ask_own(open_context(), COUNTRIES, INDICATORS, ("sources", "figures"))
    assert query.parts == ("figures", "sources")
    assert len(write_own(query).sections) == 3
    assert "part=figures,sources" in query.path
    assert "part" not in ask_own(open_context(), COUNTRIES, INDICATORS, PARTS).path
    assert ask_own(open_context(), COUNTRIES, INDICATORS) == ask_own(open_context(), COUNTRIES, INDICATORS, PARTS)


def test_charts_are_of_indicators_with_years(handmade: Settings) -> None:
    report = write_own(ask_own(open_context(), COUNTRIES, INDICATORS, ("charts",)))
    pictures, note = report.sections[1].blocks
    assert isinstance(pictures, Pictures)
    assert len(pictures.pictures) == 1
    assert "2024" in pictures.pictures[0].subtitle, "the edition is on the picture's slide"
    assert pictures.pictures[0].source
    assert "Without a chart" in str(note)


@pytest.mark.parametrize(
    ("countries", "indicators", "parts", "kind"),
    [
        ((), INDICATORS, (), Invalid), (COUNTRIES, (), (), Invalid), (("XXX",), INDICATORS, (), Unknown),
        (COUNTRIES, ("nothing",), (), Unknown), (COUNTRIES, INDICATORS, ("all",), Invalid),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(
    handmade: Settings, countries: tuple[str, ...], indicators: tuple[str, ...], parts: tuple[str, ...], kind: type
) -> None:
    with pytest.raises(kind):
        ask_own(open_context(), countries, indicators, parts)


def test_its_bounds_are_met_exactly(handmade: Settings, ctx: Context) -> None:
    countries, metrics = sorted(ctx.book.countries), sorted(ctx.book.metrics)
    assert ask_own(ctx, countries[:MOST_COUNTRIES], metrics[:MOST_INDICATORS]).countries
    with pytest.raises(Invalid):
        ask_own(ctx, countries[: MOST_COUNTRIES + 1], metrics[:1])
    with pytest.raises(Invalid):
        ask_own(ctx, countries[:1], metrics[: MOST_INDICATORS + 1])


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_three_files_hold_the_same_figures(handmade: Settings, lang: str) -> None:
    query = ask_own(open_context(lang), COUNTRIES, INDICATORS, base="https://monitor.test")
    slides = Presentation(io.BytesIO(write_file(query, "pptx")))
    cells = [
        c.text for s in slides.slides for one in s.shapes if one.has_table for r in one.table.rows for c in r.cells
    ]
    assert any("0.40" in cell for cell in cells)
    assert any("2024" in cell for cell in cells)
    pictures = [one for s in slides.slides for one in s.shapes if one.shape_type == 13]
    assert len(pictures) == 1
    (alternative,) = re.findall(r'descr="([^"]*)"', etree.tostring(pictures[0].element, encoding="unicode"))
    assert len(alternative) > 30
    pdf = PdfReader(io.BytesIO(write_file(query, "pdf")))
    assert "0.40" in "".join(page.extract_text() for page in pdf.pages)
    with zipfile.ZipFile(io.BytesIO(write_file(query, "xlsx"))) as book:
        assert "-0.4" in book.read("xl/worksheets/sheet2.xml").decode()
