"""A chart to be shown elsewhere: addresses of its embedded page, live or pinned, and how to cite it."""

from html import escape
from typing import Any, TypedDict

from dashboard.answers.base.context import Context
from dashboard.answers.charts import build
from dashboard.answers.charts.url import list_choices, parse_url, write_embed_url, write_url
from dashboard.answers.files.reuse import NUMBERS
from dashboard.answers.files.snippets import Program, write_snippet


class Shared(TypedDict):
    """What can be taken of one chart."""

    title: str
    citation: str
    date: str
    version: str
    frames: dict[str, str]  # live, pinned, version → address of the embedded page; no version of an earlier day
    rows: dict[str, str]  # the same → address of the rows as CSV
    numbers: list[str]  # columns of the rows that hold numbers
    height: int


def view_shared(ctx: Context, address: str) -> Shared:
    """Return what can be taken of the chart at this address.

    Raises:
        Invalid: it is the address of no chart of an indicator.
        Unknown: no such kind, indicator or country.
    """
    query = parse_url(ctx, address)
    chart = build.build_chart(query)
    words: dict[str, Any] = build.describe_words(query, chart)
    pins: dict[str, dict[str, str]] = {"live": {}, "pinned": {"as_of": words["as_of"]}}
    if ctx.as_of is None:
        pins["version"] = {"dataset": words["dataset"]}
    columns, _ = build.build_table(query, chart)
    return Shared(
        title=words["title"],
        citation=words["citation"],
        date=words["as_of_text"],
        version=words["dataset"],
        frames={name: write_embed_url(query, **pin) for name, pin in pins.items()},
        rows={
            name: write_url(query.kind, list_choices(query) | {"lang": ctx.lang} | pin, "csv")
            for name, pin in pins.items()
        },
        numbers=[name for name in columns if name in NUMBERS],
        height=query.shape.tall,
    )


def write_frame(view: Shared, which: str, theme: str, origin: str) -> str:
    """Return HTML of a frame for other pages; ``theme`` is auto, light or dark."""
    address = origin + view["frames"][which] + ("" if theme == "auto" else f"&theme={theme}")
    return write_frame_of(address, view["title"], "100%", view["height"])


def write_frame_of(address: str, title: str, width: str, height: int) -> str:
    """Return HTML of a frame of this address and size."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{width}" height="{height}"'
        ' loading="lazy" style="border:0"></iframe>'
    )


def write_program(view: Shared, which: str, program: Program, origin: str) -> str:
    """Return code that reads the rows in a tool; ``which`` is live, pinned or version."""
    return write_snippet(program, origin + view["rows"][which], tuple(view["numbers"]))
