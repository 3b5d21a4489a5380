"""Centres like with like, in the words of the pages: a country's centres, and a centre's services."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from dashboard.contributions.delivery.comparison.by_service import COMPARED, compare_centres, list_services
from dashboard.contributions.delivery.metrics import metrics
from dashboard.contributions.delivery.store import Engine
from dashboard.contributions.delivery.wording import metric_name
from dashboard.locales import format_number, format_quantity, t

NAMED = 3
"""Centres named in a sentence; of the others their number."""


class LikenedRow(TypedDict):
    name: str
    counted: str
    expected: str
    difference: str
    cases: str
    outside: bool  # beyond the outer limits
    word: str  # that it is better, service by service, than centres shown above it; "" for none


class LikenedTable(TypedDict):
    name: str  # of the metric
    note: str
    rows: list[LikenedRow]


class ServiceFigure(TypedDict):
    name: str
    here: str
    everywhere: str
    cases: str


class ServiceRow(TypedDict):
    name: str
    figures: list[ServiceFigure]  # of ``COMPARED``


def liken_centres(engine: Engine, iso3: str, names: Mapping[str, str], lang: str) -> list[LikenedTable]:
    """Return a table for each share of work of which there is something to compare.

    Args:
        engine: of the database.
        iso3: the country.
        names: code → name of the centres to show, in their order.
        lang: of the words.
    """
    tables = []
    for metric in COMPARED:
        found = compare_centres(engine, iso3, metric)
        if found is None:
            continue
        placed = {one.code: one for one in found.centres}
        spread = format_quantity(100 * found.spread, "percentage_points", lang, 1)
        note = t(f"delivery.alike.{'spread' if found.spread else 'chance'}", lang, spread=spread)
        rows = []
        for code, name in names.items():
            if (one := placed.get(code)) is None:
                continue
            left = t("delivery.alike.left_out", lang, n=format_number(one.alone, lang, 0)) if one.alone else ""
            counted, expected = (format_quantity(100 * it, "percent", lang, 1) for it in (one.observed, one.expected))
            rows.append(LikenedRow(
                name=name, counted=counted, expected=expected,
                difference=format_number(100 * one.difference, lang, 1, signed=True),
                cases=" · ".join(filter(None, (format_number(one.n, lang, 0), left))),
                outside=one.outside == "outer", word=_hidden(found.likened[code], names, lang),
            ))  # fmt: skip
        if rows:
            tables.append(LikenedTable(name=metric_name(metrics()[metric], lang), note=note, rows=rows))
    return tables


def find_hidden_words(engine: Engine, iso3: str, names: Mapping[str, str], lang: str) -> dict[str, str]:
    """Code → that a centre is better, service by service, than others whose pooled share is higher; of which share."""
    words: dict[str, list[str]] = {}
    for metric in COMPARED:
        found = compare_centres(engine, iso3, metric)
        for code, others in (found.raw if found else {}).items():
            if others:
                said = metric_name(metrics()[metric], lang) + t("ui.list.colon", lang) + _hidden(others, names, lang)
                words.setdefault(code, []).append(said)
    return {code: " ".join(some) for code, some in words.items()}


def list_service_rows(engine: Engine, iso3: str, code: str, names: Mapping[str, str], lang: str) -> list[ServiceRow]:
    """A centre's services beside the same of all centres; none where it has one alone: then its figures say it all.

    Args:
        engine: of the database.
        iso3: the country.
        code: the centre.
        names: service → what people call it.
        lang: of the words.
    """
    few, rows = t("delivery.kind.too_few", lang), dict[str, dict[str, ServiceFigure]]()
    for row in list_services(engine, iso3, code):
        here, everywhere = (
            few if row[side] is None else format_quantity(float(str(row[side])), "percent", lang, 1)
            for side in ("share", "network_share")
        )
        metric = metrics()[str(row["metric"])]
        cases = t(f"delivery.of.{metric.cases}", lang, count=round(float(str(row["n"]))))
        figure = ServiceFigure(name=metric_name(metric, lang), here=here, everywhere=everywhere, cases=cases)
        rows.setdefault(str(row["service"]), {})[metric.id] = figure
    absent = t("delivery.kind.not_reported", lang)
    if len(rows) < 2:
        return []
    return [
        ServiceRow(
            name=names.get(service, service),
            figures=[
                held.get(
                    one, ServiceFigure(name=metric_name(metrics()[one], lang), here=absent, everywhere="", cases="")
                )
                for one in COMPARED
            ],
        )
        for service, held in rows.items()
    ]


def _hidden(others: Sequence[str], names: Mapping[str, str], lang: str) -> str:
    if not others:
        return ""
    named = t("ui.list.comma", lang).join(names.get(one, one) for one in others[:NAMED])
    if len(others) > NAMED:
        named = t("delivery.alike.and_more", lang, names=named, n=format_number(len(others) - NAMED, lang))
    return t("delivery.alike.better", lang, names=named)
