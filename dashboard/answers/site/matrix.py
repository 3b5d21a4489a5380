"""One page of the matrix of adopters and indicators, as small as a page of the product can hold it."""

from typing import TypedDict

from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.views import Choice, cut_page, make_choice
from dashboard.answers.public.availability import Availability, AvailableIndicator
from dashboard.answers.site.availability import SORTS, AvailabilityQuery, view_availability
from dashboard.locales import t

ROWS = 25
"""Indicators of a page."""

MARKS = {
    "not_reported": "–", "not_collected": "×", "not_gathered": "?", "not_applicable": "∅", "suppressed": "*",
    "not_comparable": "≠", "missing": "·",
}  # fmt: skip
"""How a kind of gap is written in a cell: never by colour alone."""
UNDATED = "○"
"""How a figure is written whose year is not published: hollow, as in a ranking."""


class MatrixCell(TypedDict):
    """A cell; all "" where it was not asked for."""

    state: str  # recent, older, undated, or the kind of gap
    mark: str  # the latest year, or the mark of the gap
    points: str  # years with figures; "" in a gap


class MatrixRow(TypedDict):
    """An indicator across the countries, and the same in words."""

    id: str
    name: str
    theme: str  # the heading above it; "" where it goes on
    covered: str
    cells: list[MatrixCell]
    points: int
    span: str  # "2019 to 2023"
    gaps: list[str]  # "not reported: 3"


class MatrixKey(TypedDict):
    """What a colour or a mark means."""

    state: str
    mark: str
    words: str
    note: str


class MatrixPage(TypedDict):
    """A page of the matrix with its key and its sentence."""

    text: str
    countries: list[Choice]
    rows: list[MatrixRow]
    key: list[MatrixKey]
    gap_names: dict[str, str]
    page: int
    pages: int


@cached
def view_matrix_page(ctx: Context, query: AvailabilityQuery, page: int = 1) -> MatrixPage:
    """Return a page of the matrix, from 1; a page beyond the last is the last."""
    view = view_availability(ctx, query)
    cut = cut_page(len(view["indicators"]), page, ROWS)
    shown = view["indicators"][cut.rows]
    names: dict[str, str] = {entry["id"]: entry["name"] for entry in view["gaps"]}
    by_theme = query.sort == SORTS[0]
    themes_above = ["", *(indicator["theme"] for indicator in shown)]
    return MatrixPage(
        text=view["text"],
        countries=[make_choice(country["iso3"], country["name"]) for country in view["countries"]],
        rows=[
            _row(
                ctx,
                view,
                indicator,
                names,
                indicator["theme_name"] if by_theme and indicator["theme"] != before else "",
            )
            for indicator, before in zip(shown, themes_above, strict=False)
        ],
        key=_key(ctx, view),
        gap_names={str(gap): name for gap, name in names.items()},
        page=cut.number,
        pages=cut.pages,
    )


def _row(
    ctx: Context, view: Availability, indicator: AvailableIndicator, names: dict[str, str], theme: str
) -> MatrixRow:
    cells: list[MatrixCell] = []
    for latest, gap, points in zip(indicator["latest"], indicator["gap"], indicator["points"], strict=True):
        if gap is not None:
            cells.append({"state": gap, "mark": MARKS[gap], "points": ""})
        elif latest is not None:
            state = "recent" if latest >= view["recent"] else "older"
            cells.append({"state": state, "mark": str(latest), "points": str(points)})
        elif points is not None:
            cells.append({"state": "undated", "mark": UNDATED, "points": str(points)})
        else:
            cells.append({"state": "", "mark": "", "points": ""})
    years = sorted(year for year in indicator["latest"] if year is not None)
    span = ""
    if years:
        first, last = str(years[0]), str(years[-1])
        span = first if first == last else t("availability.matrix.span", ctx.lang, first=first, last=last)
    counts = {gap: indicator["gap"].count(gap) for gap in names}  # type: ignore[arg-type]
    of = {"covered": str(indicator["covered"]), "of": str(len(view["countries"]))}
    return MatrixRow(
        id=indicator["id"],
        name=indicator["name"],
        theme=theme,
        covered=t("availability.matrix.of", ctx.lang, **of),
        cells=cells,
        points=sum(points or 0 for points in indicator["points"]),
        span=span,
        gaps=[
            t("availability.matrix.gap", ctx.lang, name=names[gap], count=str(count))
            for gap, count in counts.items()
            if count
        ],
    )


def _key(ctx: Context, view: Availability) -> list[MatrixKey]:
    ages = [
        MatrixKey(
            state=age, mark="", words=t(f"availability.matrix.{age}", ctx.lang, year=str(view["recent"])), note=""
        )
        for age in ("recent", "older")
    ]
    gaps = [
        MatrixKey(
            state=entry["id"],
            mark=MARKS[entry["id"]],
            words=f"{entry['name']} {entry['cells']}",
            note=entry["definition"],
        )
        for entry in view["gaps"]
    ]
    undated = any(
        (latest, gap) == (None, None) and points is not None
        for indicator in view["indicators"]
        for latest, gap, points in zip(indicator["latest"], indicator["gap"], indicator["points"], strict=True)
    )
    if undated:
        ages.append(MatrixKey(state="undated", mark=UNDATED, words=t("period.no_year", ctx.lang), note=""))
    return [*(ages if view["with_figure"] else []), *gaps]
