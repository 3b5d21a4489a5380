"""The largest revisions of the embedded dataset, as the feed tells them."""

import pytest

from dashboard.answers.base.context import Context
from dashboard.answers.revisions import news
from dashboard.answers.revisions.revisions import format_apart


@pytest.mark.usefixtures("embedded")
def test_the_largest_revisions_are_no_scores_beside_zero(ctx: Context) -> None:
    scores = list(news.find_largest(ctx, news.NewsSelection(1, 2, indicators=("wgi_cc",)), 5))
    sizes = [row["size"] or 0.0 for row in scores]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 0.5
    money = next(news.find_largest(ctx, news.NewsSelection(1, 2, indicators=("stat_capacity_funds",)), 1))
    assert (money["country"], money["period"]) == ("MNE", "2017"), "a share of the old figure, where zero is the least"
    texts = format_apart(ctx, ctx.book.metrics["stat_capacity_funds"], money["before"], money["after"], unit=True)
    assert texts == ("US$\u00a01,132", "US$\u00a01,199,583")
    assert format_apart(ctx, ctx.book.metrics["wgi_cc"], 0.001, 0.002, unit=True) == ("0.001", "0.002")
