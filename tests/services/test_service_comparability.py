"""Figures that do not measure the same are told apart, each difference by its name and values."""

import pytest

from dashboard.locales import LANGUAGES
from dashboard.measures.comparability import KEY, comparable
from dashboard.services.comparability import differences, key_of
from dashboard.services.context import Context, context
from dashboard.services.reading import Row, latest_of

pytestmark = pytest.mark.usefixtures("embedded")


def figure(ctx: Context, metric: str, iso3: str) -> Row:
    return latest_of(ctx, metric)[iso3]


def test_figures_of_one_edition_of_an_index_share_a_line() -> None:
    ctx = context()
    metric = ctx.book.metrics["wgi_cc"]
    figures = [(metric, figure(ctx, "wgi_cc", iso3)) for iso3 in ("AZE", "GEO", "ETH")]
    assert differences(ctx, figures) == []
    assert set(key_of(*figures[0])) <= set(KEY)


def test_another_nature_or_edition_is_named_with_its_words() -> None:
    ctx = context()
    metric, row = ctx.book.metrics["wgi_cc"], figure(ctx, "wgi_cc", "AZE")
    chips = differences(ctx, [(metric, row), (metric, row | {"edition": "1999", "nature": "M"})])
    assert [chip["id"] for chip in chips] == ["nature", "edition"]
    assert "modelled" in chips[0]["text"]
    assert "not stated" in chips[0]["text"] or "country data" in chips[0]["text"]
    assert "1999" in chips[1]["text"]


def test_two_indices_are_never_one() -> None:
    ctx = context()
    chips = differences(
        ctx, [(ctx.book.metrics[metric], figure(ctx, metric, "AZE")) for metric in ("wgi_cc", "ti_cpi")]
    )
    assert chips[0]["id"] == "instrument"
    assert "Corruption Perceptions Index" in chips[0]["text"]


def test_a_countrys_own_series_differs_from_the_indicator_whose_number_it_bears() -> None:
    ctx = context()
    for metric in ctx.book.metrics.values():
        for own in metric.national:
            row = {"source": own.source, "series": own.series, "unit": metric.unit, "nature": "N", "edition": "2026"}
            official = row | {"source": "un_sdg", "series": "SP_X"}
            assert not comparable(key_of(metric, row), key_of(metric, official))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_part_of_the_key_has_words(lang: str) -> None:
    from dashboard.locales import t

    assert all(t(f"comparison.part.{part}", lang) for part in KEY)
