"""The figures of elsewhere as page, JSON and CSV tell them: beside our definition, what differs and the licence."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any, TypedDict

from dashboard.delivery.elsewhere.figures import ElsewhereFigure, find_publishers, is_shown, read_figures
from dashboard.delivery.metrics import metrics
from dashboard.delivery.wording import country_name, metric_name
from dashboard.locales import format_day, format_number, format_quantity, has, t
from data_sources.info import SourceInfo

FILE_COLUMNS = (
    "country", "country_text", "id", "part", "name", "metric", "metric_text", "differs", "since", "until", "value",
    "unit", "numerator", "denominator", "records", "left_out", "promise", "how", "nature", "evidence_level",
    "publisher", "title", "source", "series", "edition", "licence", "licence_url", "attribution", "retrieved",
    "obtained", "sha256",
)  # fmt: skip
"""Columns of the file."""

NATURE = "C"
"""A government's own figure, as it is or computed from its own counts: country data."""


WHOLE = "applications"
"""The standard whose parts are shares of one whole: those that no metric of ours is like stand in one line."""


class ElsewhereRow(TypedDict):
    """The newest figure of a standard; earlier ones in one line."""

    place: str
    name: str
    value: str
    width: str  # of its bar; "" for what is no share
    promise: str
    promise_at: str  # where the promise lies along the bar; "" for none
    period: str
    cases: str
    earlier: str
    others: str  # the other parts of the same whole, such as channels; "" for none
    metric: str
    differs: str
    how: str
    source: str
    source_url: str


class ElsewhereSource(TypedDict):
    """A publisher and the terms under which its figures stand here, or why they do not."""

    id: str
    title: str
    url: str
    publisher: str
    edition: str
    licence: str
    licence_url: str
    attribution: str
    copy: str  # when and whence it was read
    withheld: str  # why nothing of it is shown; "" where it is


class ElsewhereView(TypedDict):
    rows: list[ElsewhereRow]
    sources: list[ElsewhereSource]


def view_elsewhere(lang: str, confirmed: Collection[str]) -> ElsewhereView:
    """What may be shown, a row a standard, and every publisher with its terms.

    Args:
        lang: of the words.
        confirmed: publishers whose licence an operator has confirmed.
    """
    figures = read_figures()
    publishers = find_publishers(figures)
    series: dict[tuple[str, str], list[ElsewhereFigure]] = {}
    for one in figures:
        if is_shown(publishers[one.source], confirmed):
            series.setdefault((one.id, one.part), []).append(one)
    beside = {key: of_one[-1] for key, of_one in series.items() if key[0] == WHOLE and not of_one[-1].metric}
    return {
        "rows": [
            _row(of_one, list(beside.values()) if key[0] == WHOLE else (), publishers[of_one[-1].source], lang)
            for key, of_one in series.items()
            if key not in beside
        ],
        "sources": [_source(info, figures, lang, confirmed) for info in publishers.values()],
    }


def list_file_rows(lang: str, confirmed: Collection[str]) -> list[dict[str, Any]]:
    """Every figure that may be shown, earlier ones too, with its words, its evidence and its licence."""
    figures = read_figures()
    publishers = find_publishers(figures)
    rows = []
    for one in figures:
        info = publishers[one.source]
        if not is_shown(info, confirmed):
            continue
        rows.append(
            asdict(one)
            | {
                "country_text": _place(one, lang),
                "name": _name(one, lang),
                "metric_text": _metric(one, lang),
                "differs": _differs(one, lang),
                "nature": NATURE,
                "evidence_level": info.evidence_level,
                "publisher": info.publisher,
                "title": info.title,
                "licence": _licence(info, lang),
                "licence_url": info.licence_url,
                "attribution": info.attribution,
            }
        )
    return rows


def answer_elsewhere(lang: str, confirmed: Collection[str]) -> dict[str, Any]:
    """The same as JSON: ``figures`` with their columns, ``sources`` with their terms, shown or ``withheld``."""
    return {"figures": list_file_rows(lang, confirmed), "sources": view_elsewhere(lang, confirmed)["sources"]}


def _row(
    of_one: Sequence[ElsewhereFigure], beside: Sequence[ElsewhereFigure], info: SourceInfo, lang: str
) -> ElsewhereRow:
    newest = of_one[-1]
    share = newest.unit == "percent"
    promised = newest.promise is not None
    promise = _value(newest.promise or 0, newest, lang, 0)
    return {
        "place": _place(newest, lang),
        "name": _name(newest, lang),
        "value": _value(newest.value, newest, lang),
        "width": f"{newest.value:.1f}%" if share else "",
        "promise": t("elsewhere.promised", lang, value=promise) if promised else "",
        "promise_at": f"{newest.promise:.1f}%" if share and promised else "",
        "period": _period(newest, lang),
        "cases": _cases(newest, lang),
        "earlier": _earlier(of_one[:-1], lang),
        "others": _others(beside, lang),
        "metric": _metric(newest, lang),
        "differs": _differs(newest, lang),
        "how": t(f"elsewhere.how.{newest.how}", lang),
        "source": info.title,
        "source_url": info.homepage,
    }


def _source(
    info: SourceInfo, figures: Sequence[ElsewhereFigure], lang: str, confirmed: Collection[str]
) -> ElsewhereSource:
    held = [one for one in figures if one.source == info.id]
    return {
        "id": info.id,
        "title": info.title,
        "url": info.homepage,
        "publisher": info.publisher,
        "edition": held[0].edition,
        "licence": _licence(info, lang),
        "licence_url": info.licence_url,
        "attribution": info.attribution,
        "copy": t("elsewhere.copy", lang, day=format_day(held[0].retrieved, lang)),
        "withheld": "" if is_shown(info, confirmed) else t("elsewhere.withheld", lang, count=len(held)),
    }


def _place(one: ElsewhereFigure, lang: str) -> str:
    """The country, or the part of it that a figure is of."""
    own = f"elsewhere.place.{one.id}"
    return t(own, lang) if has(own) else country_name(one.country, lang)


def _name(one: ElsewhereFigure, lang: str) -> str:
    name = t(f"elsewhere.row.{one.id}.name", lang)
    return t("elsewhere.part_of", lang, name=name, part=t(f"elsewhere.part.{one.part}", lang)) if one.part else name


def _metric(one: ElsewhereFigure, lang: str) -> str:
    return metric_name(metrics()[one.metric], lang) if one.metric else t("elsewhere.no_metric", lang)


def _differs(one: ElsewhereFigure, lang: str) -> str:
    """In what it differs from our metric; "" where there is none to differ from."""
    return t(f"elsewhere.row.{one.id}.differs", lang) if one.metric else ""


def _licence(info: SourceInfo, lang: str) -> str:
    own = f"terms.licence.{info.id}"
    return t(own, lang) if has(own) else info.licence


def _value(value: float, one: ElsewhereFigure, lang: str, decimals: int = 1) -> str:
    if one.unit == "percent":
        return format_quantity(value, "percent", lang, 2 if 0 < value < 0.1 else decimals)
    return t("elsewhere.months", lang, value=format_number(value, lang, decimals))


def _period(one: ElsewhereFigure, lang: str) -> str:
    until = format_day(one.until, lang, "year" if one.how == "survey" else "month")
    if not one.since:
        return until
    return t("delivery.page.since", lang, first=format_day(one.since, lang, "month"), last=until)


def _cases(one: ElsewhereFigure, lang: str) -> str:
    if one.denominator is None:
        return ""
    counted = one.id if has(f"elsewhere.of.{one.id}") else "volume"
    return t(f"elsewhere.of.{counted}", lang, n=format_number(one.denominator, lang, 0))


def _earlier(of_one: Sequence[ElsewhereFigure], lang: str) -> str:
    """``2016: 89.1%; 2017: 88.3%``: each under the year it begins or lies in."""
    told = [
        t("elsewhere.year", lang, year=(one.since or one.until)[:4], value=_value(one.value, one, lang))
        for one in of_one
    ]
    return t("ui.list.semicolon", lang).join(told)


def _others(parts: Sequence[ElsewhereFigure], lang: str) -> str:
    """``in person 25.1 %; by mail 5.2 %``."""
    named = [(t(f"elsewhere.part.{one.part}", lang), _value(one.value, one, lang)) for one in parts]
    return t("ui.list.semicolon", lang).join(f"{name} {value}" for name, value in named)
