"""What comparisons share: whether two figures measure the same, and the sentences of the kinds that compare.

Words say what is drawn and in what it differs, never why (docs/method.md, words).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.charts.chart import ChartOptions
from dashboard.charts.words import wording
from dashboard.locales import format_unit, format_year, t

Row = Mapping[str, Any]

KEYS = ("dimensions", "source", "series", "unit", "edition", "nature")
"""Columns in which two figures of one line must agree."""


def is_unequal(earlier: Row, later: Row, breaks: Sequence[int]) -> bool:
    """Whether two figures of a country are of different series, editions or natures, or a method break lies between."""
    return any(earlier[key] != later[key] for key in KEYS) or any(
        earlier["year"] < when <= later["year"] for when in breaks
    )


def explain_dashes(options: ChartOptions) -> str:
    """That dashed lines join what does not measure the same, at the reader's wish."""
    return _say("insisted", options)


def write_with_year(row: Row, options: ChartOptions) -> str:
    """``−0.95 (2023)``: a figure with its year."""
    return _say(
        "of_year", options, figure=wording.format_figure(row, options), year=format_year(row["year"], options.lang)
    )


def describe_aligned(words: str, options: ChartOptions, left_out: Sequence[str]) -> str:
    """The sentence of a trend whose years are counted from an event; no effect of the event is claimed."""
    parts = [words, _say("aligned", options, event=options.start_label)]
    if left_out:
        parts.append(_say("aligned_without", options, names=wording.join_list(left_out, options)))
    return " ".join(parts)


def describe_two_dates(
    ends: Sequence[tuple[Row | None, Row | None, bool]],
    names: Sequence[str],
    dates: tuple[int, int],
    options: ChartOptions,
) -> str:
    """What a slope or a dumbbell shows: both figures of each country, who lacks one, and which pairs do not compare.

    Args:
        found: per country the figure near the first date, near the second, and whether the two measure the same.
        names: the countries, in the same order.
        dates: the two years asked for.
        options: of the chart.
    """
    pairs = [(name, *one) for name, one in zip(names, ends, strict=True)]
    first, last = (format_year(when, options.lang) for when in dates)
    key = "two_dates" if first != last else "one_year"
    lead = _say(key, options, title=options.title, unit=_unit(options), first=first, last=last)
    texts = [
        _say("from_to", options, name=name, first=write_with_year(one, options), last=write_with_year(other, options))
        for name, one, other, _ in pairs
        if one and other
    ]
    parts = [lead, *texts]
    parts += [
        _say("one_date", options, name=name, figure=write_with_year(one or other or {}, options))
        for name, one, other, _ in pairs
        if (one is None) != (other is None)
    ]
    silent = [name for name, one, other, _ in pairs if not one and not other]
    if silent:
        parts.append(
            _say(wording.choose_dated_key("silent", options), options, names=wording.join_list(silent, options))
        )
    apart = [name for name, one, other, same in pairs if one and other and not same]
    if apart and options.insist:
        parts.append(explain_dashes(options))
    elif apart:
        parts.append(_say("not_joined", options, names=wording.join_list(apart, options)))
    if any(row["year"] != when for one in ends for row, when in zip(one[:2], dates, strict=True) if row):
        parts.append(_say("near", options))
    return " ".join(parts)


def describe_scatter(
    texts: Sequence[str], count: int, left_out: Sequence[str], mixed: int, options: ChartOptions, *, differ: bool
) -> str:
    """What a scatter shows: both indicators, the chosen, how many are drawn; that nearness is no cause."""
    across = options.across
    assert across is not None
    lead = _say(
        "scatter",
        options,
        title=options.title,
        unit=_unit(options),
        across=across.title,
        across_unit=format_unit(across.unit, options.lang),
        count=count,
    )
    parts = [lead, *([t("charts.mixed_years", options.lang)] if differ else []), *texts]
    if left_out:
        parts.append(_say("scatter_without", options, names=wording.join_list(left_out, options)))
    if mixed:
        parts.append(_say("scatter_mixed", options, count=mixed))
    return " ".join([*parts, _say("scatter_reading", options)] if count else parts)


def describe_multiples(latest: Sequence[Row], silent: Sequence[str], stops: bool, options: ChartOptions) -> str:
    """What small multiples show: one panel per country on one scale, with each latest figure."""
    lead = _say("multiples", options, title=options.title, unit=_unit(options), count=len(latest) + len(silent))
    texts = [
        t(
            "charts.of_year",
            options.lang,
            name=options.name(row["country"]),
            figure=wording.format_figure(row, options),
            year=format_year(row["year"], options.lang),
        )
        for row in latest
    ]
    parts = [lead]
    if texts:
        parts.append(t("charts.change.latest", options.lang, list=wording.join_list(texts, options)))
    if silent:
        parts.append(
            _say(wording.choose_dated_key("silent", options), options, names=wording.join_list(silent, options))
        )
    if stops:
        parts.append(t(f"charts.trend.{wording.explain_stop(options)}", options.lang))
    return " ".join(parts)


def choose_dates(given: tuple[int, int] | None, years: Sequence[int]) -> tuple[int, int]:
    """The two years asked for, or the first and last there are."""
    return given or (min(years), max(years))


def _unit(options: ChartOptions) -> str:
    return format_unit(options.unit, options.lang)


def _say(key: str, options: ChartOptions, **values: str | int) -> str:
    return t(f"compare.chart.{key}", options.lang, **values)
