"""The words below charts of indicators: two sentences at most, the rest folded (``tests/captions.py``)."""

import pytest

from dashboard.analysis.charts.registry import select_kinds
from dashboard.answers.base.context import open_context
from dashboard.answers.charts.build import build_chart, describe_words
from dashboard.answers.charts.query import ask_chart, list_kinds
from tests.captions import find_caption_faults
from tests.languages import SWEPT

pytestmark = pytest.mark.usefixtures("embedded")

METRICS = ("wgi_cc", "ti_cpi", "egdi", "internet_users", "bribery_firms", "stat_law", "sat_overall_hlth", "basic_water")
MORE = ("multiples", "slope", "dumbbell", "scatter", "aligned", "beside", "projection")
CHOSEN = ((), ("UZB",), ("AZE", "GEO", "UZB"), ("AZE", "UGA", "COL", "IDN", "UZB", "COD"))


@pytest.mark.parametrize("lang", SWEPT)
@pytest.mark.parametrize("metric", METRICS)
def test_an_indicator_is_told_in_two_sentences_by_every_kind(metric: str, lang: str) -> None:
    ctx, faults = open_context(lang), {}
    kinds = {*list_kinds(ctx, ctx.book.metrics[metric]), *MORE}
    for kind in sorted(kinds):
        shape = select_kinds("series")[kind]
        if ctx.book.metrics[metric].unit == "yes_no" and not shape.yes_no:
            continue
        for chosen in CHOSEN:
            countries = chosen[:1] or ("AZE",) if shape.of_one else chosen
            query = ask_chart(ctx, kind, metric, countries, second="wgi_ge" if kind == "scatter" else "")
            if found := find_caption_faults(describe_words(query, build_chart(query))):
                faults[kind, chosen] = found
    assert faults == {}
