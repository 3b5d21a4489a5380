"""The chart of counts of countries by address: ours by each rule over time, and those that others published."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, cast

from dashboard.codebook.adoption import claims, count
from dashboard.codebook.adoption_history import first_day, history, last_day
from dashboard.codebook.model import CountingRule, ReportedCount, text
from dashboard.locales import date, t
from dashboard.services.context import Context
from dashboard.services.counting import DEFAULT_RULE, checked_rule
from dashboard.services.csv_text import header, line
from dashboard.services.errors import Invalid
from dashboard.services.register_page import claim_words, source_of, source_type_of, stated
from dashboard.services.words import term

if TYPE_CHECKING:
    from dashboard.charts.chart import Chart
    from dashboard.charts.claims import PublishedCount

Asked = tuple[Context, CountingRule, Literal["light", "dark"]]


def ask(ctx: Context, rule: str = "", theme: str = "light") -> Asked:
    """The question, checked.

    Raises:
        Invalid: no such counting rule or theme.
    """
    if theme not in ("light", "dark"):
        raise Invalid("theme", "There are the themes light and dark.")
    return ctx, checked_rule(rule or DEFAULT_RULE), cast(Literal["light", "dark"], theme)


def specification(asked: Asked) -> dict[str, Any]:
    """Vega-Lite with named datasets; ``usermeta`` holds the words around it."""
    chart = _chart(*asked)
    words = {"title": chart.title, "subtitle": chart.subtitle, "sentence": chart.sentence, "rows": len(chart.rows)}
    return {**chart.spec, "usermeta": {**words, "dataset": asked[0].dataset.version}}


def svg(asked: Asked) -> bytes:
    """The picture with title, sentence, source and date inside."""
    from dashboard.charts import render

    return render.svg(_chart(*asked)).encode()


def png(asked: Asked) -> bytes:
    """The same picture as PNG."""
    from dashboard.charts import render

    return render.png(_chart(*asked))


def csv(asked: Asked) -> bytes:
    """Every step of our counts and every published count, as drawn."""
    from dashboard.charts.claims import COLUMNS

    return (header(COLUMNS) + "".join(line(row, COLUMNS) for row in _chart(*asked).rows)).encode()


@lru_cache(maxsize=16)
def _chart(ctx: Context, rule: CountingRule, theme: Literal["light", "dark"]) -> "Chart":
    from dashboard.charts.chart import ChartOptions
    from dashboard.charts.claims import Counts, OurCount, build

    options = ChartOptions(
        lang=ctx.lang,
        theme=theme,
        title=t("register.chart.title", ctx.lang),
        source_line=t("register.chart.source", ctx.lang),
        as_of=t("answers.image.as_of", ctx.lang, date=date(ctx.today, ctx.lang), version=ctx.dataset.version),
    )
    ours, undated = [], 0
    for known, steps in history(ctx.book).items():
        name, now = term(ctx, "counting_rule", known), count(ctx.book, known).number
        ours += [OurCount(known, name, step.day, len(step.countries)) for step in steps]
        if steps and now != len(steps[-1].countries):
            ours.append(OurCount(known, name, ctx.today, now))
            undated = now - len(steps[-1].countries) if known == rule else undated
    published = [_published(ctx, it) for it in claims(ctx.book) if it.date]
    return build(Counts(rule, ours, published, ctx.today, undated), options)


def _published(ctx: Context, it: ReportedCount) -> "PublishedCount":
    from dashboard.charts.claims import PublishedCount

    first, last = first_day(it.date), last_day(it.date)
    if first is None or last is None:
        raise ValueError(f"{it.id} has no date and cannot be drawn over time")
    return PublishedCount(
        id=it.id,
        first=first,
        last=last,
        when=date(it.date, ctx.lang, it.precision),
        count=it.count,
        qualifier=it.qualifier,
        count_text=stated(it, ctx.lang),
        label=claim_words(it, "short", ctx.lang) or stated(it, ctx.lang),
        text=text(it.claim, ctx.lang),
        counts=text(it.what_is_counted, ctx.lang),
        source=source_of(ctx, it),
        source_type=source_type_of(ctx, it.source_type),
    )
