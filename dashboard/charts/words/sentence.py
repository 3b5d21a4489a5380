"""The words of a chart: one function per kind, the same for caption, alternative text, reader and print.

Words say what is drawn and how sure it is, never why (docs/method.md, words).
"""

from collections.abc import Collection, Sequence
from typing import Any

import polars as pl

from dashboard.charts.chart import ChartOptions, ChartWords
from dashboard.charts.words import wording
from dashboard.locales import format_number, format_quantity, format_unit, format_year, t
from dashboard.measures.change import Change, change, refuse_change
from dashboard.measures.ranks import MIN_RANKED

Rows = Sequence[dict[str, Any]]

MOST_IN_FULL = 3
"""Countries whose first and latest figures are told one by one; of more only the latest."""

MOST_IN_CAPTION = 2
"""Sentences below a drawing: a finding that takes more is told in brief there."""

MOST_NAMED = 8

WITHHELD = ("licence_unmodified_only", "claim_without_method")
"""Reasons for no change that lie not in the two figures, which may well compare."""


def describe_trend(rows: Rows, stops: bool, options: ChartOptions) -> ChartWords:
    """What a trend shows: first and latest figure of each country and whether the difference is detectable.

    ``rows`` are sorted by country, then year, missing ones included; ``stops``: some line is drawn in pieces.
    """
    rows_by_country = {
        iso3: [row for row in rows if row["country"] == iso3 and _says(row)] for iso3 in options.highlighted
    }
    silent = [options.name(iso3) for iso3, history in rows_by_country.items() if not history]
    if len(silent) == len(rows_by_country):
        return say_none_for(silent, options)
    known = [row for found in rows_by_country.values() for row in found]
    histories = [found for found in rows_by_country.values() if found]
    none = _none_for(silent, options) if silent else ""
    with_figure = format_number(len(histories), options.lang)
    coverage = _say("coverage", options, with_figure=with_figure, count=len(rows_by_country)) if silent else ""
    reading = (wording.join_clauses([coverage], options), *_reading(known, stops, options))
    lead = write_lead(known, options)
    brief = (wording.join_clauses([_latest(histories, options), none], options), _changes(histories, options))
    if len(histories) > MOST_IN_FULL:
        return ChartWords(brief, (options.as_published, *reading), lead)
    finding = (*(_history(found, options) for found in histories), wording.join_clauses([none], options))
    longer = len(histories) + bool(silent) > MOST_IN_CAPTION
    return ChartWords(finding, reading, lead, brief if longer else ())


def describe_ranking(rows: Rows, shown: int, options: ChartOptions, judged: Rows = ()) -> ChartWords:
    """What a ranking shows: who has a figure, the ranges of places of the chosen, and how far they can be trusted.

    ``rows`` have the columns of ``measures.ranks``, one per country, best first; ``shown`` of those with a figure are
    drawn. ``judged`` are those of the edition that places are told of, where it is not the one drawn.
    """
    rows_with_value = [row for row in rows if _says(row)]
    if not rows_with_value:
        return say_nothing_found(rows, options)
    ranked = [row for row in rows if row["rank_best"] is not None]
    chosen = [row for row in rows if row["country"] in options.highlighted]
    places = [_place(row, len(ranked), options) for row in chosen]
    if not chosen:
        first, last = (_of_year(row, options) for row in (rows_with_value[0], rows_with_value[-1]))
        places = [_say("ranking.ends", options, first=first, last=last)]
    coverage = wording.join_clauses([write_coverage(len(rows_with_value), len(rows), options)], options)
    placed = [row for row in judged if row["rank_best"] is not None]
    elsewhere = [_place(row, len(placed), options) for row in placed if row["country"] in options.highlighted]
    second = coverage
    if options.judged and elsewhere:
        listed = wording.join_clauses(elsewhere, options)
        second = _say("ranking.judged", options, judged=options.judged.text, list=listed)
    reading = [
        _which(options),
        coverage if second is not coverage else "",
        *_years_differ(rows_with_value, options, ranked=bool(ranked)),
        _explain_ranks(rows_with_value, ranked, options),
        *_left_out(rows_with_value, len(ranked), options),
        _say("ranking.unjudged", options) if options.judged else "",
        _say("ranking.error_known", options) if options.judged and placed else "",
    ]
    if shown < len(rows_with_value):
        reading.append(_say("ranking.rest", options, count=len(rows_with_value) - shown))
    told = wording.join_clauses(places, options)
    if second is not coverage and len(chosen) > MOST_IN_FULL:  # the figures stand in the drawing
        return ChartWords((second,), (told, *reading), write_lead(rows_with_value, options))
    return ChartWords((told, second), tuple(reading), write_lead(rows_with_value, options))


def _explain_ranks(rows: Rows, ranked: Rows, options: ChartOptions) -> str:
    """How the ranks are made, or why there are none; "" where that is said of another edition."""
    if ranked:
        known = all(row["error_known"] for row in ranked)
        return _say(f"ranking.{'error_known' if known else 'error_unknown'}", options)
    reasons = {row["rank_reason"] for row in rows}
    if options.as_published:
        return options.as_published
    if "no_direction_declared" in reasons:
        return _say("ranking.no_direction", options)
    if "judged_in_other_edition" in reasons:
        return ""
    if "other_series_or_edition" in reasons:
        return _say("ranking.unlike", options)
    return _say("ranking.below_minimum", options, count=MIN_RANKED) if "below_minimum_n" in reasons else ""


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


def describe_tilemap(rows: Rows, options: ChartOptions) -> ChartWords:
    """What a map shows: the chosen, from where to where figures run, and who has one. ``rows``: one per country."""
    known = [row for row in rows if _says(row)]
    if not known:
        return say_nothing_found(rows, options)
    words = _describe_map(known, rows, options)
    if len(known) < len(rows):
        words = words.read_also(_say("map.outlined", options))
    beside = sum(row["country"] not in options.tiles for row in known)
    return words.read_also(_say("map.no_square", options, count=beside)) if beside else words


def describe_worldmap(rows: Rows, options: ChartOptions) -> ChartWords:
    """What a map with boundaries shows: as the tile map, then how to read its boundaries."""
    known = [row for row in rows if _says(row)]
    if not known:
        return say_nothing_found(rows, options)
    words = _describe_map(known, rows, options).read_also(t("worldmap.grey", options.lang))
    beside = sum(not (options.atlas and options.atlas.draws(row["country"])) for row in known)
    return words.read_also(t("worldmap.not_drawn", options.lang, count=beside)) if beside else words


def _describe_map(known: Rows, rows: Rows, options: ChartOptions) -> ChartWords:
    """What both maps say."""
    classes = f"map.{'fixed' if options.classes else 'equal'}_classes"
    return ChartWords(
        (
            wording.join_clauses(_chosen(rows, options), options),
            wording.join_clauses(
                [write_range(known, options), write_coverage(len(known), len(rows), options)], options
            ),
        ),
        (
            _which(options),
            *_years_differ(known, options),
            "" if options.unit == "yes_no" else _say(classes, options),
        ),
        write_lead(known, options),
    )


def describe_distribution(
    rows: Rows, median: float | None, counted: Collection[str], options: ChartOptions
) -> ChartWords:
    """What a distribution shows: the median and on which side of it the chosen lie. ``rows``: one per country.

    ``counted``: the countries that the median is of. Without a median, because the licence allows none, the answers are
    yes or no, or too few figures are alike, what the chosen have.
    """
    known = [row for row in rows if _says(row)]
    if all(row["value"] is None for row in rows):
        return say_nothing_found(rows, options)
    claims = [row for row in known if _claimed(row, options)]
    stated = [row for row in known if row["value"] is not None and not _claimed(row, options)]
    others = [row for row in stated if row["country"] not in counted]
    coverage = wording.join_clauses([write_coverage(len(known), len(rows), options)], options)
    apart = _say("distribution.claims", options) if claims else ""
    reading = (_which(options), *_years_differ(known, options), apart, _say("distribution.dots", options))
    lead = write_lead(known, options)
    if median is None:
        chosen = wording.join_clauses(_chosen(rows, options), options)
        unlike = _say("distribution.unlike", options) if others else ""
        why = options.as_published or (
            t("answers.medians.yes_no", options.lang) if options.unit == "yes_no" else unlike
        )
        return ChartWords((chosen, coverage), (why, *reading), lead)
    middle = wording.format_figure({"value": median, "status": "normal"}, options)
    if others:
        n, count = (format_number(len(some), options.lang) for some in (counted, others))
        half = _say("distribution.half_of", options, median=middle, n=n, count=count)
    else:
        half = _say("distribution.half", options, median=middle)
    beside = {row["country"] for row in (*claims, *others)}
    chosen_rows = [row for row in rows if row["country"] in options.highlighted and row["country"] not in beside]
    judged = (
        _say("distribution.judged", options)
        if options.judged and any(row["value"] is not None for row in chosen_rows)
        else ""
    )
    where = _chosen(chosen_rows, options) if options.judged else _sides(chosen_rows, median, options)
    finding = (half, wording.join_clauses([*where, *_chosen([*claims, *others], options)], options))
    return ChartWords(finding, (coverage, judged, *reading), lead)


def _sides(rows: Rows, median: float, options: ChartOptions) -> list[str]:
    """On which side of the median the chosen lie; then those that have no exact figure."""
    sides = [(_side(row, median, options), _of_year(row, options)) for row in rows if row["value"] is not None]
    clauses = []
    for side in ("above", "same", "below", "unclear"):
        named = [words for place, words in sides if place == side]
        if named:
            clauses.append(_say(f"distribution.{side}", options, list=wording.join_list(named, options)))
    return clauses + [
        _of_year(row, options) if _says(row) else _reason(row, options) for row in rows if row["value"] is None
    ]


def say_nothing_found(rows: Rows, options: ChartOptions) -> ChartWords:
    """That no country of the group has a figure."""
    nothing = _say(wording.choose_dated_key("nothing", options), options, count=len(rows))
    return ChartWords((nothing,), lead=f"{options.title}.")


def say_none_for(names: Sequence[str], options: ChartOptions) -> ChartWords:
    """That these countries have no figure."""
    return ChartWords((wording.join_clauses([_none_for(names, options)], options),), lead=f"{options.title}.")


def write_lead(rows: Rows, options: ChartOptions) -> str:
    """Title, unit and years."""
    unit = format_unit(options.unit, options.lang)
    return _say("lead", options, title=options.title, unit=unit, years=_span(rows, options))


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


def _of_year(row: wording.Row, options: ChartOptions) -> str:
    figure, when = wording.format_figure(row, options), wording.format_when(row, options)
    return _say("of_year", options, name=options.name(row["country"]), figure=figure, year=when)


def write_coverage(with_figure: int, of: int, options: ChartOptions) -> str:
    """How many of a group have a figure, and that most have none where it is so."""
    key = "coverage_low" if 2 * with_figure < of else "coverage"
    return _say(key, options, with_figure=format_number(with_figure, options.lang), count=of)


def _none_for(names: Sequence[str], options: ChartOptions) -> str:
    return _say(wording.choose_dated_key("trend.none", options), options, names=_names(names, options))


def _which(options: ChartOptions) -> str:
    """Which figure of each country is shown."""
    if options.year is None:
        return _say("which_latest", options)
    return _say("which_near", options, year=format_year(options.year, options.lang))


def _years_differ(rows: Rows, options: ChartOptions, *, ranked: bool = False) -> list[str]:
    parts = [_say("mixed_years", options)] if len({row["year"] for row in rows}) > 1 else []
    if spanned := [row for row in rows if row["year"] is None]:
        values = {"count": format_number(len(spanned), options.lang), "years": _span(spanned, options)}
        parts.append(t("period.ranked" if ranked else "period.mixed", options.lang, **values))
    return parts


def write_range(rows: Sequence[wording.Row], options: ChartOptions, key: str = "map.range") -> str:
    """From where to where figures run, one a country, or how many say yes and no."""
    valued = sorted((row for row in rows if row["value"] is not None), key=lambda row: row["value"])
    if options.unit == "yes_no":
        yes, no = (format_number(sum(row["value"] == answer for row in valued), options.lang) for answer in (1, 0))
        return _say("map.yes_no", options, yes=yes, no=no)
    if len(valued) < 2:  # one figure runs nowhere
        return ""
    low, high = (_of_year(row, options) for row in (valued[0], valued[-1]))
    return _say(key, options, low=low, high=high)


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


def _latest(histories: Sequence[Rows], options: ChartOptions) -> str:
    latest = [_of_year(history[-1], options) for history in histories]
    return _say("change.latest", options, list=wording.join_list(latest, options))


def _changes(histories: Sequence[Rows], options: ChartOptions) -> str:
    """Which differ from their first figure by more than the errors and which do not, as far as it is known."""
    if options.as_published:
        return ""
    detected, within, apart, unsure = [], [], [], []
    for history in (one for one in histories if len(one) > 1):
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
        elif step.refused and step.reason not in WITHHELD:
            apart.append(name)
        elif not step.refused and options.unit != "yes_no":  # an answer has no error
            unsure.append(name)
    clauses = []
    if detected:
        clauses.append(_say("change.detected_list", options, list=wording.join_list(detected, options)))
    if within:
        key = "change.within_error_rest" if detected else "change.within_error_list"
        clauses.append(_say(key, options, list=wording.join_list(within, options)))
    if options.judged and clauses:
        clauses.append(options.judged.text)
    for key, names in (("refused_list", apart), ("error_unknown_list", unsure)):
        if names:
            clauses.append(_say(f"change.{key}", options, list=wording.join_list(names, options)))
    return wording.join_clauses(clauses, options)


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
