"""Names beside marks: whole where there is room, on lines, cut only where they must be."""

from dashboard.analysis.charts.words.wording import fold_name
from tests.analysis.charts.made_figures import PLAIN

KINGDOM = "United Kingdom of Great Britain and Northern Ireland"


def test_a_name_is_folded_between_words_and_cut_only_where_its_lines_are_full():
    assert fold_name("Georgia", 20, PLAIN) == "Georgia"
    assert fold_name(KINGDOM, 34, PLAIN) == "United Kingdom of Great Britain\nand Northern Ireland"
    assert fold_name(KINGDOM, 20, PLAIN) == "United Kingdom of\nGreat Britain and…"
