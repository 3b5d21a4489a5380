"""The sentence of a chart: one function per kind, the same words for caption, alternative text, reader and print.

Words say what is drawn and how sure it is, never why (docs/method.md, words).
"""

from collections.abc import Collection, Sequence
from typing import Any

import polars as pl

from dashboard.charts.chart import ChartOptions
from dashboard.charts.words import wording
from dashboard.locales import format_number, format_quantity, format_unit, format_year, t
from dashboard.measures.change import Change, change, refuse_change
from dashboard.measures.ranks import MIN_RANKED

Rows = Sequence[dict[str, Any]]

MOST_IN_FULL = 3
"""Countries whose first and latest figures are told one by one; of more only the latest."""

MOST_NAMED = 8

WITHHELD = ("licence_unmodified_only", "claim_without_method")
"""Reasons for no change that lie not in the two figures, which may well compare."""


def describe_trend(rows: Rows, stops: bool, options: ChartOptions) -> str:
    """What a trend shows: first and latest figure of each country and whether the difference is detectable.

    ``rows`` are sorted by country, then year, missing ones included; ``stops``: some line is drawn in pieces.
    """
    rows_by_country = {
        iso3: [row for row in rows if row["country"] == iso3 and _says(row)] for iso3 in options.highlighted
    }
    silent = [options.name(iso3) for iso3, history in rows_by_country.items() if not history]
    if len(silent) == len(rows_by_country):
        return _say(
            wording.choose_dated_key("nothing_for", options),
            options,
            title=options.title,
            names=_names(silent, options),
        )
    known = [row for found in rows_by_country.values() for row in found]
    parts = [
        _say(
            "lead",
            options,
            title=options.title,
            unit=format_unit(options.unit, options.lang),
            years=_span(known, options),
        )
    ]
    histories = [found for found in rows_by_country.values() if found]
    if len(histories) <= MOST_IN_FULL:
        parts += [_history(found, options) for found in histories]
    else:
        parts += _histories(histories, options)
    if silent:
        parts.append(_say(wording.choose_dated_key("trend.none", options), options, names=_names(silent, options)))
    parts.append(_coverage(len(histories), len(rows_by_country), options))
    return " ".join(parts + _reading(known, stops, options))


def describe_ranking(rows: Rows, shown: int, options: ChartOptions, judged: Rows = ()) -> str:
    """What a ranking shows: who has a figure, the ranges of places of the chosen, and how far they can be trusted.

    ``rows`` have the columns of ``measures.ranks``, one per country, best first; ``shown`` of those with a figure are
    drawn. ``judged`` are those of the edition that places are told of, where it is not the one drawn.
    """
    rows_with_value = [row for row in rows if _says(row)]
    if not rows_with_value:
        return say_nothing_found(rows, options)
    ranked = [row for row in rows if row["rank_best"] is not None]
    parts = [*_lead(rows_with_value, rows, options), *_years_differ(rows_with_value, options, ranked=bool(ranked))]
    chosen = [row for row in rows if row["country"] in options.highlighted]
    parts += [_place(row, len(ranked), options) for row in chosen]
    if not chosen:
        first, last = (_of_year(row, options) for row in (rows_with_value[0], rows_with_value[-1]))
        parts.append(_say("ranking.ends", options, first=first, last=last))
    reasons = {row["rank_reason"] for row in rows_with_value}
    if ranked:
        known = all(row["error_known"] for row in ranked)
        parts.append(_say(f"ranking.{'error_known' if known else 'error_unknown'}", options))
    elif options.as_published:
        parts.append(options.as_published)
    elif "no_direction_declared" in reasons:
        parts.append(_say("ranking.no_direction", options))
    elif "judged_in_other_edition" in reasons:
        pass
    elif "other_series_or_edition" in reasons:
        parts.append(_say("ranking.unlike", options))
    elif "below_minimum_n" in reasons:
        parts.append(_say("ranking.below_minimum", options, count=MIN_RANKED))
    parts += _left_out(rows_with_value, len(ranked), options)
    if options.judged:
        parts.append(_say("ranking.judged", options, judged=options.judged.text))
        placed = [row for row in judged if row["rank_best"] is not None]
        parts += [_place(row, len(placed), options) for row in placed if row["country"] in options.highlighted]
        parts += [_say("ranking.error_known", options)] if placed else []
    if shown < len(rows_with_value):
        parts.append(_say("ranking.rest", options, count=len(rows_with_value) - shown))
    return " ".join(parts)


def _left_out(rows: Rows, n: int, options: ChartOptions) -> list[str]:
    """Who has a figure and no place among ``n``, by name, and why."""

    def names(reason: str) -> str:
        return _names([options.name(row["country"]) for row in rows if row["rank_reason"] == reason], options)

    reasons = {row["rank_reason"] for row in rows}
    parts = [_say("ranking.claims", options, names=names("claim_without_method"))] * ("claim_without_method" in reasons)
    if n and "other_series_or_edition" in reasons:
        apart = names("other_series_or_edition")
        parts.append(_say("ranking.apart", options, n=format_number(n, options.lang), names=apart))
    if n and "censored_value" in reasons:
        parts.append(_say("ranking.bounds", options, names=names("censored_value")))
    return parts


def describe_tilemap(rows: Rows, options: ChartOptions) -> str:
    """What a map shows: who has a figure, from where to where they run, and the chosen. ``rows``: one per country."""
    known = [row for row in rows if _says(row)]
    if not known:
        return say_nothing_found(rows, options)
    parts = [*_lead(known, rows, options), *_years_differ(known, options)]
    parts += [*_range(known, options), *_chosen(rows, options)]
    if options.unit != "yes_no":
        parts.append(_say(f"map.{'fixed' if options.classes else 'equal'}_classes", options))
    if len(known) < len(rows):
        parts.append(_say("map.outlined", options))
    beside = sum(row["country"] not in options.tiles for row in known)
    if beside:
        parts.append(_say("map.no_square", options, count=beside))
    return " ".join(parts)


def describe_worldmap(rows: Rows, options: ChartOptions) -> str:
    """What a map with boundaries shows: as the tile map, then how to read its boundaries."""
    known = [row for row in rows if _says(row)]
    if not known:
        return say_nothing_found(rows, options)
    parts = [*_lead(known, rows, options), *_years_differ(known, options), *_range(known, options)]
    parts += _chosen(rows, options)
    if options.unit != "yes_no":
        parts.append(_say(f"map.{'fixed' if options.classes else 'equal'}_classes", options))
    parts.append(t("worldmap.grey", options.lang))
    beside = sum(not (options.atlas and options.atlas.draws(row["country"])) for row in known)
    if beside:
        parts.append(t("worldmap.not_drawn", options.lang, count=beside))
    return " ".join(parts)


def describe_distribution(rows: Rows, median: float | None, counted: Collection[str], options: ChartOptions) -> str:
    """What a distribution shows: the median and on which side of it the chosen lie. ``rows``: one per country.

    ``counted``: the countries that the median is of. Without a median, because the licence allows none, the answers are
    yes or no, or too few figures are alike, what the chosen have.
    """
    known = [row for row in rows if _says(row)]
    if all(row["value"] is None for row in rows):
        return say_nothing_found(rows, options)
    parts = [*_lead(known, rows, options), *_years_differ(known, options)]
    claims = [row for row in known if _claimed(row, options)]
    apart = [_say("distribution.claims", options)] if claims else []
    stated = [row for row in known if row["value"] is not None and not _claimed(row, options)]
    others = [row for row in stated if row["country"] not in counted]
    if median is None:
        unlike = _say("distribution.unlike", options) if others else ""
        why = options.as_published or (
            t("answers.medians.yes_no", options.lang) if options.unit == "yes_no" else unlike
        )
        said = [*_chosen(rows, options), why, *apart, _say("distribution.dots", options)]
        return " ".join(filter(None, [*parts, *said]))
    middle = wording.format_figure({"value": median, "status": "normal"}, options)
    if others:
        n, count = (format_number(len(some), options.lang) for some in (counted, others))
        parts.append(_say("distribution.half_of", options, median=middle, n=n, count=count))
    else:
        parts.append(_say("distribution.half", options, median=middle))
    parts += [*_chosen([*claims, *others], options), *apart]
    beside = {row["country"] for row in (*claims, *others)}
    chosen = [row for row in rows if row["country"] in options.highlighted and row["country"] not in beside]
    sides = [(_side(row, median, options), _of_year(row, options)) for row in chosen if row["value"] is not None]
    if options.judged and sides:
        parts += [*_chosen(chosen, options), _say("distribution.judged", options)]
        sides = []
    for side in ("above", "same", "below", "unclear"):
        named = [words for place, words in sides if place == side]
        if named:
            parts.append(_say(f"distribution.{side}", options, list=wording.join_list(named, options)))
    parts += [
        _of_year(row, options) + "." if _says(row) else _reason(row, options) for row in chosen if row["value"] is None
    ]
    parts.append(_say("distribution.dots", options))
    return " ".join(parts)


def say_nothing_found(rows: Rows, options: ChartOptions) -> str:
    """That no country of the group has a figure."""
    return _say(wording.choose_dated_key("nothing", options), options, title=options.title, count=len(rows))


def write_subtitle(rows: Rows, options: ChartOptions) -> str:
    """Unit, years and group, as printed under the title."""
    known = [row for row in rows if _says(row)]
    parts = [format_unit(options.unit, options.lang), _span(known, options) if known else "", options.group_label]
    return " · ".join(part for part in parts if part)


def _say(key: str, options: ChartOptions, **values: str | int) -> str:
    return t(f"charts.{key}", options.lang, **values)


def _says(row: dict[str, Any]) -> bool:
    return row["value"] is not None or row["status"] == "censored"


def _span(rows: Rows, options: ChartOptions) -> str:
    ends = [wording.find_ends(row) for row in rows]
    return wording.format_years(min(first for first, _ in ends), max(last for _, last in ends), options)


def _names(names: Sequence[str], options: ChartOptions) -> str:
    if len(names) <= MOST_NAMED:
        return wording.join_list(names, options)
    items = t("charts.comma", options.lang).join(names[:MOST_NAMED])
    return _say("and_others", options, items=items, count=len(names) - MOST_NAMED)


def _of_year(row: dict[str, Any], options: ChartOptions) -> str:
    figure, when = wording.format_figure(row, options), wording.format_when(row, options)
    return _say("of_year", options, name=options.name(row["country"]), figure=figure, year=when)


def _coverage(with_figure: int, of: int, options: ChartOptions) -> str:
    return _say("coverage", options, with_figure=format_number(with_figure, options.lang), count=of)


def _lead(known: Rows, rows: Rows, options: ChartOptions) -> list[str]:
    unit = format_unit(options.unit, options.lang)
    if options.year is None:
        lead = _say("lead_latest", options, title=options.title, unit=unit, years=_span(known, options))
    else:
        lead = _say("lead_near", options, title=options.title, unit=unit, year=format_year(options.year, options.lang))
    parts = [lead, _coverage(len(known), len(rows), options)]
    if 2 * len(known) < len(rows):
        parts.append(_say("mostly_missing", options))
    return parts


def _years_differ(rows: Rows, options: ChartOptions, *, ranked: bool = False) -> list[str]:
    parts = [_say("mixed_years", options)] if len({row["year"] for row in rows}) > 1 else []
    if spanned := [row for row in rows if row["year"] is None]:
        values = {"count": format_number(len(spanned), options.lang), "years": _span(spanned, options)}
        parts.append(t("period.ranked" if ranked else "period.mixed", options.lang, **values))
    return parts


def _range(rows: Rows, options: ChartOptions) -> list[str]:
    """From where to where the figures of a map run, or how many say yes and no."""
    valued = sorted((row for row in rows if row["value"] is not None), key=lambda row: row["value"])
    if options.unit == "yes_no":
        yes, no = (format_number(sum(row["value"] == answer for row in valued), options.lang) for answer in (1, 0))
        return [_say("map.yes_no", options, yes=yes, no=no)]
    if len(valued) < 2:  # one figure runs nowhere
        return []
    low, high = (_of_year(row, options) for row in (valued[0], valued[-1]))
    return [_say("map.range", options, low=low, high=high)]


def _reason(row: dict[str, Any], options: ChartOptions) -> str:
    return _say("reason", options, name=options.name(row["country"]), reason=wording.explain_missing(row, options))


def _chosen(rows: Rows, options: ChartOptions) -> list[str]:
    picked = [row for row in rows if row["country"] in options.highlighted]
    texts = [_of_year(row, options) for row in picked if _says(row)]
    key = "change.latest" if options.year is None else "chosen"  # near a year they are the nearest, not the latest
    parts = [_say(key, options, list=wording.join_list(texts, options))] if texts else []
    return parts + [_reason(row, options) for row in picked if not _says(row)]


def _between(row: dict[str, Any], options: ChartOptions) -> str:
    if row["lower"] is None or row["upper"] is None:
        return wording.format_interval(row, options)
    lower, upper = (format_number(row[end], options.lang, options.decimals) for end in ("lower", "upper"))
    return _say("between", options, lower=lower, upper=upper, level=wording.format_level(row, options))


def _difference(difference: Change, options: ChartOptions) -> str:
    unit = "percentage_points" if options.unit == "percent" else options.unit
    return format_quantity(difference.difference or 0.0, unit, options.lang, options.decimals, signed=True)


def _ends(rows: Rows) -> tuple[dict[str, Any], dict[str, Any]]:
    """The first and the latest exact figure; bounds only where there are not two exact ones."""
    exact = [row for row in rows if row["value"] is not None]
    return (exact[0], exact[-1]) if len(exact) > 1 else (rows[0], rows[-1])


def _claimed(row: dict[str, Any], options: ChartOptions) -> bool:
    """Whether a figure is a claim without a method."""
    return (row["source"], row.get("series")) in options.claims


def _step(first: dict[str, Any], last: dict[str, Any], options: ChartOptions) -> Change:
    """The change between two figures, none where the licence allows none or where one is a claim without a method."""
    if options.as_published:
        return refuse_change("licence_unmodified_only")
    if any(_claimed(row, options) for row in (first, last)):
        return refuse_change("claim_without_method")
    return change(first, last, breaks=options.breaks)


def _judge(rows: Rows, options: ChartOptions) -> tuple[dict[str, Any], Change] | None:
    """The first figure and the change between the same years in the edition that is judged in, as far as it goes; None
    where that is the one drawn, or has no two figures of them."""
    if options.judged is None:
        return None
    first, last = _ends(rows)
    years = pl.col("year").is_between(first["year"], last["year"])
    own = options.judged.rows.filter(pl.col("country") == last["country"], years)
    if own.height < 2:
        return None
    ends = own.row(0, named=True), own.row(-1, named=True)
    step = _step(*ends, options)
    return None if step.detectable is None else (ends[0], step)


def _history(rows: Rows, options: ChartOptions) -> str:
    first, last = _ends(rows)
    name = options.name(last["country"])
    if len(rows) == 1:
        when = format_year(last["year"], options.lang)
        return _say("change.only", options, name=name, figure=wording.format_figure(last, options), year=when)
    step = _step(first, last, options)
    values = {
        "name": name,
        "first": wording.format_figure(first, options),
        "first_year": format_year(first["year"], options.lang),
        "last": wording.format_figure(last, options),
        "last_year": format_year(last["year"], options.lang),
    }
    if step.refused:
        key = "withheld" if step.reason in WITHHELD else "refused"
        return _say(f"change.{key}", options, **values, reason=_say(f"not_comparable.{step.reason}", options))
    if step.detectable is None and options.judged and (found := _judge(rows, options)):
        base, tested = found
        values |= {"since": format_year(base["year"], options.lang), "judged": options.judged.text}
        if tested.detectable:
            return _say("change.judged_detected", options, **values, difference=_difference(tested, options))
        return _say("change.judged_within", options, **values)
    if step.detectable is None:  # an answer has no error
        return _say(f"change.{'answers' if options.unit == 'yes_no' else 'error_unknown'}", options, **values)
    values |= {"interval": _between(last, options)}
    if step.detectable:
        return _say("change.detected", options, **values, difference=_difference(step, options))
    return _say("change.within_error", options, **values)


def _histories(histories: Sequence[Rows], options: ChartOptions) -> list[str]:
    latest = [_of_year(history[-1], options) for history in histories]
    detected, within = [], []
    for history in histories:
        first, last = _ends(history)
        step = _step(first, last, options)
        if step.detectable is None and (found := _judge(history, options)):
            first, step = found
        name = options.name(history[-1]["country"])
        if step.detectable:
            when = format_year(first["year"], options.lang)
            detected.append(_say("change.since", options, name=name, difference=_difference(step, options), year=when))
        elif step.detectable is False:
            within.append(name)
    parts = [_say("change.latest", options, list=wording.join_list(latest, options))]
    if detected:
        parts.append(_say("change.detected_list", options, list=wording.join_list(detected, options)))
    if within:
        parts.append(_say("change.within_error_list", options, list=wording.join_list(within, options)))
    if options.judged and (detected or within):
        parts.append(_say("change.judged", options, judged=options.judged.text))
    if options.as_published:
        parts.append(options.as_published)
    return parts


def _reading(rows: Rows, stops: bool, options: ChartOptions) -> list[str]:
    """How to read the marks that occur."""
    parts = []
    ranged = [row for row in rows if row["value"] is not None and row["lower"] is not None and row["upper"] is not None]
    if ranged:
        levels = {wording.format_level(row, options) for row in ranged}
        stated = levels.pop() if len(levels) == 1 else t("charts.level_unstated", options.lang)
        parts.append(_say("trend.intervals", options, level=stated))
    if any(row["status"] == "estimated" or row["nature"] in ("E", "M") for row in rows):
        parts.append(_say("trend.hollow", options))
    if any(row["status"] == "provisional" for row in rows):
        parts.append(_say("trend.provisional", options))
    if any(row["status"] == "censored" for row in rows):
        parts.append(_say("trend.bounds", options))
    inside = [
        when for when in sorted(options.breaks) if min(r["year"] for r in rows) < when <= max(r["year"] for r in rows)
    ]
    if inside:
        listed = wording.join_list([format_year(when, options.lang) for when in inside], options)
        parts.append(_say("trend.breaks", options, years=listed))
    if stops and not options.insist:  # then they are joined, and marked
        parts.append(_say(f"trend.{wording.explain_stop(options)}", options))
    return parts


def _place(row: dict[str, Any], n: int, options: ChartOptions) -> str:
    if not _says(row):
        return _reason(row, options)
    values: dict[str, str] = {
        "name": options.name(row["country"]),
        "figure": wording.format_figure(row, options),
        "year": wording.format_when(row, options),
    }
    if row["rank_best"] is None:
        return _say("ranking.unranked", options, **values)
    best, worst = (format_number(row[end], options.lang) for end in ("rank_best", "rank_worst"))
    if best == worst:
        return _say("ranking.place", options, **values, best=best, count=n)
    return _say("ranking.places", options, **values, best=best, worst=worst, count=n)


def _side(row: dict[str, Any], median: float, options: ChartOptions) -> str:
    """On which side of the median a figure lies; two that print alike are the same."""
    if row["lower"] is not None and row["upper"] is not None and row["lower"] <= median <= row["upper"]:
        return "unclear"
    if wording.format_figure(row, options) == wording.format_figure({"value": median, "status": "normal"}, options):
        return "same"
    return "above" if row["value"] > median else "below"
