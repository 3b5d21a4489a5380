"""What cannot be asked is refused with what was given, of something long only its beginning, and with what there is."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.answers.adoption import register
from dashboard.answers.adoption.counting import check_rule
from dashboard.answers.base import lookup
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.answers.charts.query import ask_chart as ask_chart
from dashboard.answers.compare.compare import compare
from dashboard.answers.countries.index import search_countries
from dashboard.answers.effects.query import ask_plan as ask_effect
from dashboard.answers.mapping.query import ask as ask_mapping
from dashboard.answers.progress.progress import check_method
from dashboard.answers.progress.results import ask as ask_results
from dashboard.answers.search.query import search
from dashboard.answers.site.availability import ask as ask_availability

pytestmark = pytest.mark.usefixtures("handmade")

LONG = "x" * 400
REFUSED: dict[str, tuple[Callable[[Context], Any], str]] = {
    "method of effects": (lambda ctx: ask_effect(ctx, LONG, "wgi_cc", "AZE"), "synthetic_control"),
    "method of progress": (lambda _: check_method(LONG), "unsd_2026"),
    "status": (lambda ctx: ask_results(ctx, status=LONG), ""),
    "order": (lambda ctx: ask_results(ctx, sort=LONG), "status"),
    "counting rule": (lambda _: check_rule(LONG), "operating"),
    "event of a chart": (lambda ctx: ask_chart(ctx, "aligned", "wgi_cc", event=LONG), "centre_opened"),
    "event of a comparison": (lambda ctx: compare(ctx, "wgi_cc", event=LONG), "centre_opened"),
    "kind of what is sought": (lambda ctx: search(ctx, "water", LONG), "country"),
    "order of countries": (lambda ctx: search_countries(ctx, sort=LONG), "name"),
    "order of what is available": (lambda ctx: ask_availability(ctx, sort=LONG), "theme"),
    "indicator": (lambda ctx: lookup.find_metric(ctx, LONG), ""),
    "country": (lambda ctx: lookup.find_country(ctx, LONG), ""),
    "kind of adoption event": (lambda ctx: register.check_query(ctx, register.RegisterQuery(event=LONG)), "mou"),
    "day": (lambda _: open_context(as_of=LONG), "2024-11-02"),
    "language": (lambda _: open_context(LONG), "en"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_of_something_long_the_beginning_is_repeated_and_what_there_is_is_named(what: str) -> None:
    question, there = REFUSED[what]
    with pytest.raises((Invalid, Unknown)) as refused:
        question(open_context())
    said = str(refused.value)
    assert f"“{'x' * 40}”" in said
    assert there in said


def test_what_the_mapping_does_not_know_is_told_and_left_out(ctx: Context) -> None:
    query, ignored = ask_mapping(
        ctx, {"side": LONG, "pin": LONG, "view": "picture", "figures": "1", "country": "aze,GEO"}
    )
    assert sorted(ignored) == [f"pin={'x' * 40}", f"side={'x' * 40}"]
    assert (query.side, query.covered, query.country) == ("principles", True, "AZE")
