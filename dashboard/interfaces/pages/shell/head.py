"""What an address says before its script runs: to search engines, to readers without script, where a link is shared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from dashboard.answers.charts.url import change_form
from dashboard.answers.site.brief import write_linked_data
from dashboard.answers.wording.citation import build_public_address
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.pages.shell.address import MAX_COMPARED, PageAddress, parse_address
from dashboard.locales import LANGUAGES, format_day, t
from dashboard.runtime.templates import render

MAX_TITLE_CHARS = 200
"""Letters of a title; what shares links cuts longer ones."""


@dataclass(frozen=True)
class Head:
    """What the head of a document says of its page."""

    lang: str
    heading: str
    description: str
    found: bool
    data: Mapping[str, Any] = field(default_factory=dict)  # schema.org, without context, name and description
    figures: Sequence[Mapping[str, Any]] = ()  # schema.org observations that the page shows
    ready: bool = True  # False: what it says is damaged here and being restored

    @property
    def status(self) -> int:
        """The status of HTTP that says so."""
        return 503 if not self.ready else 200 if self.found else 404

    @property
    def title(self) -> str:
        """The title of the window."""
        return f"{self.heading} · {t('ui.product.name', self.lang)}"

    def linked_data(self) -> str:
        """The page and its figures as JSON-LD, safe inside a script element; "" where nothing describes it."""
        if not self.data:
            return ""
        page = {"name": self.heading, "description": self.description, **self.data}
        return write_linked_data({"@graph": [page, *self.figures]} if self.figures else page)


def describe_absent(lang: str, kind: str, **values: str) -> Head:
    """There is no such ``kind``: the words for it, and status 404."""
    return Head(lang, t(f"ui.errors.{kind}", lang, **values), t(f"ui.errors.{kind}_help", lang), found=False)


def list_alternates(below: str) -> list[tuple[str, str]]:
    """Where a page is in every language, and in the one for all others; ``below`` is its path below the language."""
    places = [(lang, f"/{lang}/{below}") for lang in LANGUAGES] + [("x-default", f"/en/{below}")]
    return [(lang, build_public_address(place)) for lang, place in places]


def write_preview(
    lang: str, address: str, heading: str, description: str, query: Mapping[str, str], origin: str, chart: str
) -> str:
    """Elements for the head of a page.

    Args:
        address: its path and query, as they were asked.
        heading: what the page is called, whatever view of it is shown.
        description: what it shows.
        query: the parameters of its query.
        origin: scheme and host that the reader asked.
        chart: the address of the chart that this view shows first; "" for none.
    """
    image = f"{origin}{change_form(chart, 'png')}&theme=light" if chart else ""
    drawn = dict(parse_qsl(chart.partition("?")[2])).get("indicator", "")
    title = title_view(lang, heading, {"indicator": drawn, **query})
    return render("preview.html", lang, url=origin + address, title=title, description=description, image=image)


def title_view(lang: str, heading: str, query: Mapping[str, str]) -> str:
    """The page and what of it is chosen: ``Compare countries · Control of Corruption · Azerbaijan, Georgia``."""
    book = load_codebook()
    view = parse_address(query, book.countries, MAX_COMPARED, book.metrics)
    parts = dict.fromkeys(part for part in (heading, *_list_choices(lang, view)) if part)
    return " · ".join(parts)[:MAX_TITLE_CHARS]


def _list_choices(lang: str, view: PageAddress) -> Iterator[str]:
    book, comma = load_codebook(), t("ui.list.comma", lang)
    metrics = [
        book.metrics[metric] for metric in (view.indicator, *view.metrics, view.across) if metric in book.metrics
    ]
    yield comma.join(choose_text(metric.name, lang) for metric in metrics)
    yield comma.join(choose_text(book.countries[iso3].name, lang) for iso3 in view.countries)
    if goal := book.goals.get(view.goal):
        yield t("ui.assistive.goal_badge", lang, number=goal.number, title=choose_text(goal.short, lang))
    years = [str(year) if year else "…" for year in (view.first, view.last)]
    yield "" if years == ["…", "…"] else "–".join(years)
    yield view.search
    yield format_day(view.as_of, lang) if view.as_of else ""
