"""``/contribute/indicators``: an office ticks once what it sends, and its templates hold these rows."""

from itertools import groupby
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from dashboard.accounts.model import Principal, Right
from dashboard.contributions.submissions import deadlines, publication
from dashboard.contributions.submissions.model import SOURCE
from dashboard.contributions.submissions.offices import choice
from dashboard.contributions.submissions.rules.ground import list_accepted
from dashboard.contributions.submissions.workbooks.template import lines
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.desk.guard import BrowserRequest
from dashboard.interfaces.desk.page import page, went
from dashboard.interfaces.desk.submissions import PageRequest, Posted
from dashboard.locales import t

router = APIRouter(include_in_schema=False)


@router.get("/contribute/indicators")
def indicators(by: PageRequest) -> Response:
    """Every indicator that countries send, by theme, with a tick at those this office sends."""
    ask, principal = by
    if not (principal.country and principal.may(Right.SUBMIT)):
        return went(ask, "/contribute/")
    book = load_codebook()
    chosen = choice.list_chosen(ask.settings, book, principal)
    history = publication.history(ask.settings, book, principal.country)
    published = {row.metric.id: row.last_period for row in lines(book, history) if not row.category}
    several = deadlines.office_names(ask.settings, principal.country)  # what is published may be another office's
    themes = groupby(choice.list_offered(ask.settings, book, principal), key=lambda metric: metric.theme)
    return page(
        ask,
        "indicators.html",
        chosen=chosen or ([] if several else set(history.filter(source=SOURCE)["indicator"])),
        themes=[
            (
                t(f"terms.theme.{theme}.name", ask.lang),
                [
                    {"id": metric.id, "name": choose_text(metric.name, ask.lang), "period": published[metric.id]}
                    for metric in metrics
                ],
            )
            for theme, metrics in themes
        ],
    )


@router.post("/contribute/indicators")
def choose(by: Posted) -> Response:
    """Keep which indicators this office sends."""
    ask, principal = by
    ticked = [name.removeprefix("indicator:") for name in ask.fields if name.startswith("indicator:")]
    choice.choose(ask.settings, load_codebook(), principal, ticked, ask.browser.address)
    return went(ask, "/contribute/figures", done="choice")


def templates_for(ask: BrowserRequest, principal: Principal) -> list[tuple[str, str]]:
    """Templates to fetch: words, and what their addresses end in; the office's own first."""
    book = load_codebook()
    chosen = choice.list_chosen(ask.settings, book, principal)
    whole = (t("submissions.choice.every", ask.lang, count=len(list_accepted(book))), "")
    own = (
        t("submissions.choice.own", ask.lang, count=len(chosen)),
        "&" + urlencode({"indicator": chosen}, doseq=True),
    )
    return [own, whole] if chosen else [whole]
