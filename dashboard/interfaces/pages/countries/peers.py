"""A country's figure beside the medians: each written with how many countries it is of, all on one line of marks."""

from typing import TypedDict

from dashboard.answers.base.views import Choice
from dashboard.answers.countries.views import CountryRow, CountryView, Median
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.pages.shell.address import PageAddress, write_chart_url
from dashboard.locales import format_number, isolate_ltr, t

GROUPS = ("adopters", "region", "income", "world")
COUNT = "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}"


class PeerCell(TypedDict):
    """A median in a table: the number, and of whom and when it is; of too few figures only how many they are."""

    value: str
    note: str


class Mark(TypedDict):
    """A mark on the line: whose it is, and where in per cent."""

    group: str
    at: str


class Beside(TypedDict):
    """One indicator's medians. The line of each row has the natural limits of its scale, or its own ends, said."""

    adopters: PeerCell
    region: PeerCell
    income: PeerCell
    world: PeerCell
    marks: list[Mark]  # empty when there is nothing to stand beside
    start: str  # of the interval; "" when none is published
    width: str
    scale: str  # the ends of the line in words; "" without marks
    text: str


def compare_rows(view: CountryView, lang: str) -> dict[str, Beside]:
    """By indicator id, for every row of the country's page."""
    return {
        row["indicator"]: _compare_row(row, view["name"], lang) for theme in view["themes"] for row in theme["rows"]
    }


def list_charted(view: CountryView, others: dict[str, Beside]) -> list[Choice]:
    """The country's indicators that can be drawn beside the medians of others, as ``beside`` has them."""
    rows = [row for theme in view["themes"] for row in theme["rows"] if others[row["indicator"]]["marks"]]
    return [Choice(id=row["indicator"], label=row["name"], note="", chosen=False) for row in rows]


def choose_indicator(choices: list[Choice], address: PageAddress) -> str:
    """The indicator of the address, else the first that can be drawn; "" for none."""
    ids = [choice["id"] for choice in choices]
    return address.indicator if address.indicator in ids else next(iter(ids), "")


def write_chart_beside_url(view: CountryView, indicator: str, address: PageAddress, lang: str) -> str:
    """The chart of an indicator of the country beside others; "" for no indicator."""
    chart_address = PageAddress(countries=(view["iso3"],), as_of=address.as_of)
    return write_chart_url("beside", indicator, chart_address, lang) if indicator else ""


def _compare_row(row: CountryRow, name: str, lang: str) -> Beside:
    every = {median["group"]: median for median in row["medians"]}
    by_group = {group: median for group, median in every.items() if median["value"] is not None}
    decimals = load_codebook().metrics[row["indicator"]].decimals
    ends = _find_ends(row, by_group)
    marks, start, width = _place_marks(row, by_group, ends) if ends else ([], "", "")
    texts = {name: row["figure"]["text"]} | {median["label"]: median["text"] for median in by_group.values()}
    words = [t("ui.list.colon", lang).join(pair) for pair in texts.items()]
    return {
        "adopters": _write_cell(every.get("adopters"), decimals, lang),
        "region": _write_cell(every.get("region"), decimals, lang),
        "income": _write_cell(every.get("income"), decimals, lang),
        "world": _write_cell(every.get("world"), decimals, lang),
        "marks": marks,
        "start": start,
        "width": width,
        "scale": _describe_scale(row, ends, decimals, lang) if ends else "",
        "text": t("ui.list.semicolon", lang).join(words),
    }


def _write_cell(median: Median | None, decimals: int, lang: str) -> PeerCell:
    if median is None:
        return {"value": "", "note": ""}
    count = isolate_ltr(f"{COUNT}{median['n']}/{median['of']}")
    if median["value"] is None:
        return {"value": "", "note": count}
    first, last = median["first_year"], median["last_year"]
    when = str(last) if first == last else isolate_ltr(f"{first}–{last}")
    return {
        "value": format_number(median["value"], lang, decimals),
        "note": t("country.beside.of", lang, years=when, count=count),
    }


def _find_ends(row: CountryRow, medians: dict[str, Median]) -> tuple[float, float] | None:
    """Where the line begins and ends; None when there is nothing to stand beside."""
    own, low, high = row["figure"]["value"], row["figure"]["lower"], row["figure"]["upper"]
    others = [median["value"] for median in medians.values() if median["value"] is not None]
    if own is None or not others:
        return None
    marks = [own, *others, *(end for end in (low, high) if end is not None)]
    if row["limit_low"] is not None and row["limit_high"] is not None:
        return min(row["limit_low"], *marks), max(row["limit_high"], *marks)
    return min(marks), max(marks)


def _describe_scale(row: CountryRow, ends: tuple[float, float], decimals: int, lang: str) -> str:
    natural = row["limit_low"] is not None and row["limit_high"] is not None
    if not natural:
        return t("country.beside.own_scale", lang)
    low, high = (format_number(end, lang, 0 if end == int(end) else decimals) for end in ends)
    return t("country.beside.scale", lang, low=low, high=high)


def _place_marks(row: CountryRow, medians: dict[str, Median], ends: tuple[float, float]) -> tuple[list[Mark], str, str]:
    own, low, high = row["figure"]["value"], row["figure"]["lower"], row["figure"]["upper"]
    places = {group: median["value"] for group, median in medians.items() if median["value"] is not None}
    least, span = ends[0], (ends[1] - ends[0]) or 1.0

    def at(value: float) -> float:
        return round(4 + 92 * (value - least) / span, 2)

    marks: list[Mark] = [{"group": group, "at": f"{at(value)}%"} for group, value in places.items()]
    if own is not None:
        marks.append({"group": "own", "at": f"{at(own)}%"})
    if low is None or high is None:
        return marks, "", ""
    return marks, f"{at(low)}%", f"{round(at(high) - at(low), 2)}%"
