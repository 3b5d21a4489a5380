"""A chart to be shown elsewhere: addresses of its embedded page, live or pinned, and how to cite it."""

from html import escape
from typing import Any, TypedDict

from dashboard.services.base.context import Context
from dashboard.services.charts import build
from dashboard.services.charts.query import parse
from dashboard.services.charts.url import embed_url, read


class Shared(TypedDict):
    """What can be taken of one chart."""

    title: str
    citation: str
    date: str
    version: str
    frames: dict[str, str]  # live, pinned, version → address of the embedded page; no version of an earlier day
    height: int


def view_shared(ctx: Context, url: str) -> Shared:
    """What can be taken of the chart at this address.

    Raises:
        Invalid: it is the address of no chart of an indicator.
        Unknown: no such kind, indicator or country.
    """
    query = parse(ctx, *read(url))
    words: dict[str, Any] = build.words_around(query, build.chart_of(query))
    frames = {"live": embed_url(query), "pinned": embed_url(query, as_of=words["as_of"])}
    if ctx.as_of is None:
        frames["version"] = embed_url(query, dataset=words["dataset"])
    return Shared(
        title=words["title"],
        citation=words["citation"],
        date=words["as_of_text"],
        version=words["dataset"],
        frames=frames,
        height=query.shape.tall,
    )


def write_frame(view: Shared, which: str, theme: str, origin: str) -> str:
    """The code of a frame for other pages; ``theme`` is auto, light or dark."""
    address = origin + view["frames"][which] + ("" if theme == "auto" else f"&theme={theme}")
    return (
        f'<iframe src="{escape(address)}" title="{escape(view["title"])}" width="100%" height="{view["height"]}"'
        ' loading="lazy" style="border:0"></iframe>'
    )
