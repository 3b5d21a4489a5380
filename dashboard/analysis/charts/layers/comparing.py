"""Comparisons of figures: whether two measure the same, and the sentences of the kinds that compare.

Words say what is drawn and how figures differ, never why (docs/method.md, words).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from dashboard.analysis.charts.chart import MAX_CHOSEN, ChartOptions, ChartWords
from dashboard.analysis.charts.words import sentence, wording
from dashboard.locales import format_number, format_unit, format_year, t

Row = Mapping[str, Any]

KEYS = ("dimensions", "source", "series", "unit", "edition", "nature")
"""Columns in which two figures of one line must agree."""

MAX_NAMED = 3  # countries that a caption names where more than six are compared; the others are counted


def is_unequal(earlier: Row, later: Row, breaks: Sequence[int]) -> bool:
    """Return True if two figures differ in series, edition or nature, or a method break lies between."""
    return any(earlier[key] != later[key] for key in KEYS) or any(
        earlier["year"] < when <= later["year"] for when in breaks
    )


def split_runs(rows: Sequence[Row], breaks: Sequence[int], line: bool) -> list[list[Row]]:
    """Return the runs of figures that a line may join; ``rows`` are sorted by country and year.

    A line stops where figures are unequal, missing or censored, and at a gap of more than twice the usual step between
    figures (at least two years). Without ``line`` no figures are joined.
    """
    reach = max(2, 2 * _find_usual_step(rows))
    runs: list[list[Row]] = []
    previous: Row | None = None
    for row in rows:
        if row["value"] is None:
            previous = None if row["year"] is not None else previous
            continue
        is_near = (
            previous is not None
            and previous["country"] == row["country"]
            and 0 < row["year"] - previous["year"] <= reach
        )
        if line and previous is not None and is_near and not is_unequal(previous, row, breaks):
            runs[-1].append(row)
        else:
            runs.append([row])
        previous = row
    return runs


def _find_usual_step(rows: Sequence[Row]) -> int:
    observed = [row for row in rows if row["value"] is not None]
    steps = Counter(
        later["year"] - earlier["year"]
        for earlier, later in pairwise(observed)
        if earlier["country"] == later["country"]
    )
    return max(steps, key=lambda gap: (steps[gap], -gap)) if steps else 1


def explain_dashes(options: ChartOptions) -> str:
    """Return the note that dashed lines join unequal figures at the reader's wish."""
    return _say("insisted", options)


def write_with_year(row: Row, options: ChartOptions) -> str:
    """Return a figure with its year: ``−0.95 (2023)``."""
    return _say(
        "of_year", options, figure=wording.format_figure(row, options), year=format_year(row["year"], options.lang)
    )


def describe_aligned(words: ChartWords | None, options: ChartOptions, left_out: Sequence[str]) -> ChartWords:
    """Return the words of a trend aligned by an event, without claiming an effect of it."""
    counted = _say("aligned", options, event=options.start_label)
    without = _say("aligned_without", options, names=wording.join_list(left_out, options)) if left_out else ""
    if words is None:
        return ChartWords((without,), (counted,), lead=f"{options.title}.")
    return words.add_reading(counted, without)


def describe_two_dates(
    ends: Sequence[tuple[Row | None, Row | None, bool]],
    names: Sequence[str],
    dates: tuple[int, int],
    options: ChartOptions,
) -> ChartWords:
    """Return the words of a slope or dumbbell: both figures of each country, gaps, unequal pairs.

    Args:
        ends: the figures of each country near either date, and whether they measure the same.
        names: the countries, in the same order.
        dates: the two years asked for.
    """
    pairs = [(name, *end) for name, end in zip(names, ends, strict=True)]
    first, last = (format_year(when, options.lang) for when in dates)
    figures = [
        _say("from_to", options, name=name, first=write_with_year(start, options), last=write_with_year(end, options))
        for name, start, end, _ in pairs
        if start and end
    ]
    missing = [
        _say("one_date", options, name=name, figure=write_with_year(start or end or {}, options))
        for name, start, end, _ in pairs
        if (start is None) != (end is None)
    ]
    missing.append(_say_silent([name for name, start, end, _ in pairs if not start and not end], options))
    apart = [name for name, start, end, same in pairs if start and end and not same]
    if apart and not options.insist:
        missing.append(_say("not_joined", options, names=wording.join_list(apart, options)))
    if first == last:
        sentences = [_say("one_year", options, first=first), wording.join_clauses([*figures, *missing], options)]
    else:
        sentences = [wording.join_clauses(clauses, options) for clauses in (figures, missing)]
    brief: tuple[str, ...] = ()
    counted = ""
    if len(pairs) > MAX_CHOSEN and first != last:
        widest, counted = _tell_widest(pairs, options)
        brief = tuple(wording.join_clauses([clause], options) for clause in (widest, counted))
    elif len(pairs) > MAX_CHOSEN:
        alone = [start or end or {} for _, start, end, _ in pairs if start or end]
        counted = sentence.write_coverage(len(alone), len(pairs), options)
        brief = (sentences[0], wording.join_clauses([sentence.write_range(alone, options), counted], options))
    off = any(row["year"] != when for end in ends for row, when in zip(end[:2], dates, strict=True) if row)
    reading = (
        wording.join_clauses([counted], options),
        _say("two_dates", options, first=first, last=last) if first != last else "",
        explain_dashes(options) if apart and options.insist else "",
        _say("near", options) if off else "",
    )
    return ChartWords(tuple(sentences), reading, _write_lead(options), brief)


def _tell_widest(pairs: Sequence[tuple[str, Row | None, Row | None, bool]], options: ChartOptions) -> tuple[str, str]:
    """Return the widest differences of comparable pairs, and how many pairs are comparable."""
    alike = [(name, start, end) for name, start, end, same in pairs if start and end and same]
    alike.sort(key=lambda pair: -abs(pair[2]["value"] - pair[1]["value"]))
    widest = [
        _say("pair", options, name=name, first=write_with_year(start, options), last=write_with_year(end, options))
        for name, start, end in alike[:MAX_NAMED]
        if start["value"] != end["value"]
    ]
    count = format_number(len(alike), options.lang)
    return (
        _say("widest", options, list=wording.join_list(widest, options)) if widest else "",
        _say("comparable", options, with_figure=count, of=format_number(len(pairs), options.lang)),
    )


def describe_scatter(
    texts: Sequence[str], count: int, left_out: Sequence[str], mixed: int, options: ChartOptions, *, differ: bool
) -> ChartWords:
    """Return the words of a scatter: the chosen on both indicators, and that nearness is no cause."""
    across = options.across
    assert across is not None
    across_unit = format_unit(across.unit, options.lang)
    lead = _say(
        "scatter",
        options,
        title=options.title,
        unit=_format_unit(options),
        across=across.title,
        across_unit=across_unit,
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
    """Return the words of small multiples: each latest figure, and the common scale."""
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
    if count > MAX_CHOSEN:
        ends = sentence.write_range(latest, options, "change.range") if len(latest) > MAX_NAMED else listed
        coverage = sentence.write_coverage(len(latest), count, options) if silent else ""
        brief = (wording.join_clauses([ends, coverage], options),)
    reading = (
        wording.join_clauses([coverage], options),
        _say("multiples", options, count=count),
        t(f"charts.trend.{wording.explain_stop(options)}", options.lang) if stops else "",
    )
    finding = wording.join_clauses([listed, _say_silent(silent, options)], options)
    return ChartWords((finding,), reading, _write_lead(options), brief)


def _say_silent(names: Sequence[str], options: ChartOptions) -> str:
    """Return who has no figure."""
    key = wording.choose_dated_key("silent", options)
    return _say(key, options, names=wording.join_list(names, options)) if names else ""


def _write_lead(options: ChartOptions) -> str:
    return _say("lead", options, title=options.title, unit=_format_unit(options))


def _format_unit(options: ChartOptions) -> str:
    return format_unit(options.unit, options.lang)


def _say(key: str, options: ChartOptions, **values: str | int) -> str:
    return t(f"compare.chart.{key}", options.lang, **values)
