"""What comparisons share: whether two figures measure the same, and the sentences of the kinds that compare.

Words say what is drawn and in what it differs, never why (docs/method.md, words).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from dashboard.charts.chart import MOST_CHOSEN, ChartOptions, ChartWords
from dashboard.charts.words import sentence, wording
from dashboard.locales import format_number, format_unit, format_year, t

Row = Mapping[str, Any]

KEYS = ("dimensions", "source", "series", "unit", "edition", "nature")
"""Columns in which two figures of one line must agree."""

MOST_NAMED = 3
"""Countries that a caption tells of where more than six are compared; the others it counts."""


def is_unequal(earlier: Row, later: Row, breaks: Sequence[int]) -> bool:
    """Whether two figures of a country are of different series, editions or natures, or a method break lies between."""
    return any(earlier[key] != later[key] for key in KEYS) or any(
        earlier["year"] < when <= later["year"] for when in breaks
    )


def split_runs(rows: Sequence[Row], breaks: Sequence[int], line: bool) -> list[list[Row]]:
    """The figures that one line may join, run by run; ``rows`` are of one country after another, by year.

    A line runs over consecutive figures of one country that are not ``is_unequal``. It stops at a figure that is
    missing or censored, and at a gap of more than twice the usual distance between figures (of at least two years):
    what lies between is not known. With ``line`` False no two figures are joined.
    """
    reach = max(2, 2 * _find_usual_step(rows))
    runs: list[list[Row]] = []
    previous: Row | None = None
    for row in rows:
        if row["value"] is None:
            previous = None if row["year"] is not None else previous
            continue
        if line and previous is not None and _is_joined(previous, row, breaks, reach):
            runs[-1].append(row)
        else:
            runs.append([row])
        previous = row
    return runs


def _is_joined(earlier: Row, later: Row, breaks: Sequence[int], reach: int) -> bool:
    near = earlier["country"] == later["country"] and 0 < later["year"] - earlier["year"] <= reach
    return near and not is_unequal(earlier, later, breaks)


def _find_usual_step(rows: Sequence[Row]) -> int:
    observed = [row for row in rows if row["value"] is not None]
    steps = Counter(
        later["year"] - earlier["year"]
        for earlier, later in pairwise(observed)
        if earlier["country"] == later["country"]
    )
    return max(steps, key=lambda gap: (steps[gap], -gap)) if steps else 1


def explain_dashes(options: ChartOptions) -> str:
    """That dashed lines join what does not measure the same, at the reader's wish."""
    return _say("insisted", options)


def write_with_year(row: Row, options: ChartOptions) -> str:
    """``−0.95 (2023)``: a figure with its year."""
    return _say(
        "of_year", options, figure=wording.format_figure(row, options), year=format_year(row["year"], options.lang)
    )


def describe_aligned(words: ChartWords | None, options: ChartOptions, left_out: Sequence[str]) -> ChartWords:
    """The words of a trend, if there is one, whose years are counted from an event; no effect of it is claimed."""
    counted = _say("aligned", options, event=options.start_label)
    without = _say("aligned_without", options, names=wording.join_list(left_out, options)) if left_out else ""
    if words is None:
        return ChartWords((without,), (counted,), lead=f"{options.title}.")
    return words.read_also(counted, without)


def describe_two_dates(
    ends: Sequence[tuple[Row | None, Row | None, bool]],
    names: Sequence[str],
    dates: tuple[int, int],
    options: ChartOptions,
) -> ChartWords:
    """What a slope or a dumbbell shows: both figures of each country, who lacks one, and which pairs do not compare.

    Args:
        ends: per country the figure near the first date, near the second, and whether the two measure the same.
        names: the countries, in the same order.
        dates: the two years asked for.
        options: of the chart.
    """
    pairs = [(name, *one) for name, one in zip(names, ends, strict=True)]
    first, last = (format_year(when, options.lang) for when in dates)
    figures = [
        _say("from_to", options, name=name, first=write_with_year(one, options), last=write_with_year(other, options))
        for name, one, other, _ in pairs
        if one and other
    ]
    missing = [
        _say("one_date", options, name=name, figure=write_with_year(one or other or {}, options))
        for name, one, other, _ in pairs
        if (one is None) != (other is None)
    ]
    missing.append(_silent([name for name, one, other, _ in pairs if not one and not other], options))
    apart = [name for name, one, other, same in pairs if one and other and not same]
    if apart and not options.insist:
        missing.append(_say("not_joined", options, names=wording.join_list(apart, options)))
    if first == last:
        told = [_say("one_year", options, first=first), wording.join_clauses([*figures, *missing], options)]
    else:
        told = [wording.join_clauses(clauses, options) for clauses in (figures, missing)]
    brief: tuple[str, ...] = ()
    counted = ""
    if len(pairs) > MOST_CHOSEN and first != last:
        widest, counted = _tell_widest(pairs, options)
        brief = tuple(wording.join_clauses([clause], options) for clause in (widest, counted))
    elif len(pairs) > MOST_CHOSEN:
        alone = [one or other or {} for _, one, other, _ in pairs if one or other]
        counted = sentence.write_coverage(len(alone), len(pairs), options)
        brief = (told[0], wording.join_clauses([sentence.write_range(alone, options), counted], options))
    off = any(row["year"] != when for one in ends for row, when in zip(one[:2], dates, strict=True) if row)
    reading = (
        wording.join_clauses([counted], options),
        _say("two_dates", options, first=first, last=last) if first != last else "",
        explain_dashes(options) if apart and options.insist else "",
        _say("near", options) if off else "",
    )
    return ChartWords(tuple(told), reading, _lead(options), brief)


def _tell_widest(pairs: Sequence[tuple[str, Row | None, Row | None, bool]], options: ChartOptions) -> tuple[str, str]:
    """The widest differences among two figures that compare, and how many countries have such."""
    alike = [(name, one, other) for name, one, other, same in pairs if one and other and same]
    alike.sort(key=lambda pair: -abs(pair[2]["value"] - pair[1]["value"]))
    widest = [
        _say("pair", options, name=name, first=write_with_year(one, options), last=write_with_year(other, options))
        for name, one, other in alike[:MOST_NAMED]
        if one["value"] != other["value"]
    ]
    known = format_number(len(alike), options.lang)
    return (
        _say("widest", options, list=wording.join_list(widest, options)) if widest else "",
        _say("comparable", options, with_figure=known, of=format_number(len(pairs), options.lang)),
    )


def describe_scatter(
    texts: Sequence[str], count: int, left_out: Sequence[str], mixed: int, options: ChartOptions, *, differ: bool
) -> ChartWords:
    """What a scatter shows: the chosen on both indicators, how many are drawn; that nearness is no cause."""
    across = options.across
    assert across is not None
    across_unit = format_unit(across.unit, options.lang)
    lead = _say(
        "scatter", options, title=options.title, unit=_unit(options), across=across.title, across_unit=across_unit
    )
    without = _say("scatter_without", options, names=wording.join_list(left_out, options)) if left_out else ""
    drawn = wording.join_clauses([_say("scatter_count", options, count=count), without], options)
    reading = (
        t("charts.mixed_years", options.lang) if differ else "",
        _say("scatter_mixed", options, count=mixed) if mixed else "",
        _say("scatter_reading", options) if count else "",
    )
    return ChartWords((wording.join_clauses(texts, options), drawn), reading, lead)


def describe_multiples(latest: Sequence[Row], silent: Sequence[str], stops: bool, options: ChartOptions) -> ChartWords:
    """What small multiples show: each latest figure; one panel per country on one scale."""
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
    listed = t("charts.change.latest", options.lang, list=wording.join_list(texts, options)) if texts else ""
    count, coverage = len(latest) + len(silent), ""
    brief: tuple[str, ...] = ()
    if count > MOST_CHOSEN:
        ends = sentence.write_range(latest, options, "change.range") if len(latest) > MOST_NAMED else listed
        coverage = sentence.write_coverage(len(latest), count, options) if silent else ""
        brief = (wording.join_clauses([ends, coverage], options),)
    reading = (
        wording.join_clauses([coverage], options),
        _say("multiples", options, count=count),
        t(f"charts.trend.{wording.explain_stop(options)}", options.lang) if stops else "",
    )
    finding = wording.join_clauses([listed, _silent(silent, options)], options)
    return ChartWords((finding,), reading, _lead(options), brief)


def choose_dates(given: tuple[int, int] | None, years: Sequence[int]) -> tuple[int, int]:
    """The two years asked for, or the first and last there are."""
    return given or (min(years), max(years))


def _silent(names: Sequence[str], options: ChartOptions) -> str:
    """Who has no figure."""
    key = wording.choose_dated_key("silent", options)
    return _say(key, options, names=wording.join_list(names, options)) if names else ""


def _lead(options: ChartOptions) -> str:
    return _say("lead", options, title=options.title, unit=_unit(options))


def _unit(options: ChartOptions) -> str:
    return format_unit(options.unit, options.lang)


def _say(key: str, options: ChartOptions, **values: str | int) -> str:
    return t(f"compare.chart.{key}", options.lang, **values)
