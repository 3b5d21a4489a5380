"""The words of charts: a function for each kind, for caption, alternative text, reader and print.

Words say what is drawn and how sure it is, never why (docs/method.md, words).
"""

from collections.abc import Collection, Sequence
from typing import Any

from dashboard.analysis.charts.chart import ChartOptions, ChartWords
from dashboard.analysis.charts.words import wording
from dashboard.analysis.measures.change import Change, measure_change, refuse_change
from dashboard.analysis.measures.ranks import MIN_RANKED, UNLIKE_REASONS
from dashboard.locales import format_edition, format_number, format_quantity, format_unit, format_year, t

Rows = Sequence[dict[str, Any]]

MAX_IN_FULL = 3  # countries whose first and latest figures are described one by one; of more only the latest

MAX_IN_CAPTION = 2  # sentences below a drawing; a longer finding is shortened there

MAX_NAMED = 8

WITHHELD = ("licence_unmodified_only", "claim_without_method")
"""Reasons for no change that lie outside the two figures."""


def describe_trend(rows: Rows, stops: bool, options: ChartOptions) -> ChartWords:
    """Return the words of a trend: first and latest figures and detectable differences.

    ``rows`` are sorted by country, then year, missing ones included; ``stops``: some line is drawn in pieces.
    """
    rows_by_country = {
        iso3: [row for row in rows if row["country"] == iso3 and _has_content(row)] for iso3 in options.highlighted
    }
    silent = [options.name(iso3) for iso3, history in rows_by_country.items() if not history]
    if len(silent) == len(rows_by_country):
        return say_none_for(silent, options)
    all_rows = [row for found in rows_by_country.values() for row in found]
    histories = [found for found in rows_by_country.values() if found]
    none = _say_none(silent, options) if silent else ""
    with_figure = format_number(len(histories), options.lang)
    coverage = _say("coverage", options, with_figure=with_figure, count=len(rows_by_country)) if silent else ""
    reading = (wording.join_clauses([coverage], options), *_explain_marks(all_rows, stops, options))
    lead = write_lead(all_rows, options)
    figures = wording.join_list([_write_figure(history[-1], options) for history in histories], options)
    brief = (
        wording.join_clauses([_say("change.latest", options, list=figures), none], options),
        _describe_changes(histories, options),
    )
    if len(histories) > MAX_IN_FULL:
        return ChartWords(brief, (options.as_published, *reading), lead)
    finding = (*(_describe_history(found, options) for found in histories), wording.join_clauses([none], options))
    longer = len(histories) + bool(silent) > MAX_IN_CAPTION
    return ChartWords(finding, reading, lead, brief if longer else ())


def describe_ranking(rows: Rows, shown: int, options: ChartOptions) -> ChartWords:
    """Return the words of a ranking: coverage, places of the chosen, and how reliable they are.

    ``rows`` have the columns of ``measures.ranks``, one per country, best first; ``shown`` figures are drawn.
    """
    rows_with_value = [row for row in rows if _has_content(row)]
    if not rows_with_value:
        return say_nothing_found(rows, options)
    ranked = [row for row in rows if row["rank_best"] is not None]
    chosen = [row for row in rows if row["country"] in options.highlighted]
    places = [_describe_place(row, len(ranked), options) for row in chosen]
    if not chosen:
        places = [_write_ends(rows_with_value, options, "ranking.ends")]
    coverage = wording.join_clauses([write_coverage(len(rows_with_value), len(rows), options)], options)
    reading = [
        _say_which(options),
        *_say_years_differ(rows_with_value, options),
        _explain_ranks(rows_with_value, ranked, options),
        *_list_left_out(rows_with_value, len(ranked), options),
    ]
    if shown < len(rows_with_value):
        reading.append(_say("ranking.rest", options, count=len(rows_with_value) - shown))
    sentences = wording.join_clauses(places, options)
    return ChartWords((sentences, coverage), tuple(reading), write_lead(rows_with_value, options))


def _explain_ranks(rows: Rows, ranked: Rows, options: ChartOptions) -> str:
    """Return how the ranks are made, or why there are none."""
    if ranked:
        has_errors = all(row["error_known"] for row in ranked)
        return _say(f"ranking.{'error_known' if has_errors else 'error_unknown'}", options)
    reasons = {row["rank_reason"] for row in rows}
    if options.as_published:
        return options.as_published
    if "no_direction_declared" in reasons:
        return _say("ranking.no_direction", options)
    if "error_unknown" in reasons:
        return _say("ranking.no_error", options, edition=_list_editions(rows, options))
    if not reasons & {*UNLIKE_REASONS, "below_minimum_n"}:
        return ""
    return _say("ranking.unlike" if len(rows) >= MIN_RANKED else "ranking.below_minimum", options, count=MIN_RANKED)


def _list_left_out(rows: Rows, n: int, options: ChartOptions) -> list[str]:
    """Return who has a figure and no place among ``n``, and why."""

    def names(*among: str) -> str:
        return _list_names([options.name(row["country"]) for row in rows if row["rank_reason"] in among], options)

    reasons = {row["rank_reason"] for row in rows}
    parts = [_say("ranking.claims", options, names=names("claim_without_method"))] * ("claim_without_method" in reasons)
    if n and reasons & UNLIKE_REASONS:
        parts.append(_say("ranking.apart", options, n=format_number(n, options.lang), names=names(*UNLIKE_REASONS)))
    if n and "censored_value" in reasons:
        parts.append(_say("ranking.bounds", options, names=names("censored_value")))
    return parts


def describe_tilemap(rows: Rows, options: ChartOptions) -> ChartWords:
    """Return the words of a tile map: the chosen, the range of figures, and coverage."""
    with_figure = [row for row in rows if _has_content(row)]
    if not with_figure:
        return say_nothing_found(rows, options)
    words = _describe_map(with_figure, rows, options)
    if len(with_figure) < len(rows):
        words = words.add_reading(_say("map.outlined", options))
    undrawn = sum(row["country"] not in options.tiles for row in with_figure)
    return words.add_reading(_say("map.no_square", options, count=undrawn)) if undrawn else words


def describe_worldmap(rows: Rows, options: ChartOptions) -> ChartWords:
    """Return the words of a map with boundaries: as the tile map, then how to read the boundaries."""
    with_figure = [row for row in rows if _has_content(row)]
    if not with_figure:
        return say_nothing_found(rows, options)
    words = _describe_map(with_figure, rows, options).add_reading(t("worldmap.grey", options.lang))
    undrawn = sum(not (options.atlas and options.atlas.can_draw(row["country"])) for row in with_figure)
    return words.add_reading(t("worldmap.not_drawn", options.lang, count=undrawn)) if undrawn else words


def _describe_map(with_figure: Rows, rows: Rows, options: ChartOptions) -> ChartWords:
    """Return the words that both maps share."""
    classes = f"map.{'fixed' if options.classes else 'equal'}_classes"
    return ChartWords(
        (
            wording.join_clauses(_describe_chosen(rows, options), options),
            wording.join_clauses(
                [write_range(with_figure, options), write_coverage(len(with_figure), len(rows), options)], options
            ),
        ),
        (
            _say_which(options),
            *_say_years_differ(with_figure, options),
            "" if options.unit == "yes_no" else _say(classes, options),
        ),
        write_lead(with_figure, options),
    )


def describe_distribution(
    rows: Rows, median: float | None, counted: Collection[str], options: ChartOptions
) -> ChartWords:
    """Return the words of a distribution: the median, and the side of it where each chosen country lies.

    ``counted`` are the countries of the median. Without a median (licence, answers yes or no, too few like figures) the
    figures of the chosen are listed.
    """
    with_figure = [row for row in rows if _has_content(row)]
    if all(row["value"] is None for row in rows):
        return say_nothing_found(rows, options)
    claims = [row for row in with_figure if _is_claim(row, options)]
    stated = [row for row in with_figure if row["value"] is not None and not _is_claim(row, options)]
    unlike_rows = [row for row in stated if row["country"] not in counted]
    coverage = wording.join_clauses([write_coverage(len(with_figure), len(rows), options)], options)
    apart = _say("distribution.claims", options) if claims else ""
    reading = (_say_which(options), *_say_years_differ(with_figure, options), apart, _say("distribution.dots", options))
    lead = write_lead(with_figure, options)
    if median is None:
        chosen = wording.join_clauses(_describe_chosen(rows, options), options)
        unlike = _say("distribution.unlike", options) if unlike_rows else ""
        why = options.as_published or (
            t("answers.medians.yes_no", options.lang) if options.unit == "yes_no" else unlike
        )
        return ChartWords((chosen, coverage), (why, *reading), lead)
    middle = wording.format_figure({"value": median, "status": "normal"}, options)
    if unlike_rows:
        n, count = (format_number(len(some), options.lang) for some in (counted, unlike_rows))
        half = _say("distribution.half_of", options, median=middle, n=n, count=count)
    else:
        half = _say("distribution.half", options, median=middle)
    excluded = {row["country"] for row in (*claims, *unlike_rows)}
    chosen_rows = [row for row in rows if row["country"] in options.highlighted and row["country"] not in excluded]
    bare = [row for row in chosen_rows if options.needs_error and row["value"] is not None and row["lower"] is None]
    no_error = _say("distribution.no_error", options, edition=_list_editions(bare, options)) if bare else ""
    where = _describe_sides([row for row in chosen_rows if row not in bare], median, options) + _describe_chosen(
        bare, options
    )
    finding = (half, wording.join_clauses([*where, *_describe_chosen([*claims, *unlike_rows], options)], options))
    return ChartWords(finding, (coverage, no_error, *reading), lead)


def _describe_sides(rows: Rows, median: float, options: ChartOptions) -> list[str]:
    """Return the side of the median of each chosen country, then those without an exact figure."""
    sides = [
        (_find_side(row, median, options), _write_figure(row, options)) for row in rows if row["value"] is not None
    ]
    clauses = []
    for side in ("above", "same", "below", "unclear"):
        named = [words for place, words in sides if place == side]
        if named:
            clauses.append(_say(f"distribution.{side}", options, list=wording.join_list(named, options)))
    return clauses + [
        _write_figure(row, options) if _has_content(row) else _say_reason(row, options)
        for row in rows
        if row["value"] is None
    ]


def say_nothing_found(rows: Rows, options: ChartOptions) -> ChartWords:
    """Return the words that no country of the group has a figure."""
    nothing = _say(wording.choose_dated_key("nothing", options), options, count=len(rows))
    return ChartWords((nothing,), lead=f"{options.title}.")


def say_none_for(names: Sequence[str], options: ChartOptions) -> ChartWords:
    """Return the words that these countries have no figure."""
    return ChartWords((wording.join_clauses([_say_none(names, options)], options),), lead=f"{options.title}.")


def write_lead(rows: Rows, options: ChartOptions) -> str:
    """Return title, unit and years."""
    unit = format_unit(options.unit, options.lang)
    return _say("lead", options, title=options.title, unit=unit, years=_format_span(rows, options))


def write_subtitle(rows: Rows, options: ChartOptions) -> str:
    """Return unit, years and group, as printed under the title."""
    with_figure = [row for row in rows if _has_content(row)]
    parts = [
        format_unit(options.unit, options.lang),
        _format_span(with_figure, options) if with_figure else "",
        options.group_label,
    ]
    return " · ".join(part for part in parts if part)


def _say(key: str, options: ChartOptions, **values: str | int) -> str:
    return t(f"charts.{key}", options.lang, **values)


def _has_content(row: dict[str, Any]) -> bool:
    return row["value"] is not None or row["status"] == "censored"


def _format_span(rows: Rows, options: ChartOptions) -> str:
    ends = [wording.find_ends(row) for row in rows]
    return wording.format_years(min(first for first, _ in ends), max(last for _, last in ends), options)


def _list_names(names: Sequence[str], options: ChartOptions) -> str:
    if len(names) <= MAX_NAMED:
        return wording.join_list(names, options)
    items = t("charts.comma", options.lang).join(names[:MAX_NAMED])
    return _say("and_others", options, items=items, count=len(names) - MAX_NAMED)


def _write_figure(row: wording.Row, options: ChartOptions) -> str:
    figure, when = wording.format_figure(row, options), wording.format_when(row, options)
    return _say("of_year", options, name=options.name(row["country"]), figure=figure, year=when)


def write_coverage(with_figure: int, of: int, options: ChartOptions) -> str:
    """Return how many of a group have a figure, and whether most have none."""
    key = "coverage_low" if 2 * with_figure < of else "coverage"
    return _say(key, options, with_figure=format_number(with_figure, options.lang), count=of)


def _say_none(names: Sequence[str], options: ChartOptions) -> str:
    return _say(wording.choose_dated_key("trend.none", options), options, names=_list_names(names, options))


def _list_editions(rows: Rows, options: ChartOptions) -> str:
    """Return the editions of the figures in rows, as readers know them."""
    editions = sorted({row["edition"] for row in rows if row["value"] is not None})
    return wording.join_list([format_edition(edition, options.lang) for edition in editions], options)


def _say_which(options: ChartOptions) -> str:
    """Return which figure of each country is shown."""
    if options.year is None:
        return _say("which_latest", options)
    return _say("which_near", options, year=format_year(options.year, options.lang))


def _say_years_differ(rows: Rows, options: ChartOptions) -> list[str]:
    parts = [_say("mixed_years", options)] if len({row["year"] for row in rows}) > 1 else []
    if spanned := [row for row in rows if row["year"] is None]:
        values = {"count": format_number(len(spanned), options.lang), "years": _format_span(spanned, options)}
        parts.append(t("period.mixed", options.lang, **values))
    return parts


def write_range(rows: Sequence[wording.Row], options: ChartOptions, key: str = "map.range") -> str:
    """Return the range of figures, one for each country, or how many answer yes and no."""
    valued = sorted((row for row in rows if row["value"] is not None), key=lambda row: row["value"])
    if options.unit == "yes_no":
        yes, no = (format_number(sum(row["value"] == answer for row in valued), options.lang) for answer in (1, 0))
        return _say("map.yes_no", options, yes=yes, no=no)
    return _write_ends(valued, options, key)


def _write_ends(rows: Sequence[wording.Row], options: ChartOptions, key: str) -> str:
    """Return the first and last of these figures, "" if fewer than two; doubtful ones are named apart."""
    sound = [row for row in rows if row["country"] not in options.apart]
    if len(sound) < 2:
        return ""
    first, last = (_write_figure(row, options) for row in (sound[0], sound[-1]))
    apart = [_write_figure(row, options) for row in rows if row["country"] in options.apart]
    apart_words = [_say("map.apart", options, list=wording.join_list(apart, options))] if apart else []
    return t("ui.list.semicolon", options.lang).join([_say(key, options, first=first, last=last), *apart_words])


def _say_reason(row: dict[str, Any], options: ChartOptions) -> str:
    return _say("reason", options, name=options.name(row["country"]), reason=wording.explain_missing(row, options))


def _describe_chosen(rows: Rows, options: ChartOptions) -> list[str]:
    picked = [row for row in rows if row["country"] in options.highlighted]
    texts = [_write_figure(row, options) for row in picked if _has_content(row)]
    key = "change.latest" if options.year is None else "chosen"  # near a year they are the nearest, not the latest
    parts = [_say(key, options, list=wording.join_list(texts, options))] if texts else []
    return parts + [_say_reason(row, options) for row in picked if not _has_content(row)]


def _format_between(row: dict[str, Any], options: ChartOptions) -> str:
    if row["lower"] is None or row["upper"] is None:
        return wording.format_interval(row, options)
    lower, upper = (format_number(row[end], options.lang, options.decimals) for end in ("lower", "upper"))
    return _say("between", options, lower=lower, upper=upper, level=wording.format_level(row, options))


def _format_difference(difference: Change, options: ChartOptions) -> str:
    unit = "percentage_points" if options.unit == "percent" else options.unit
    return format_quantity(difference.difference or 0.0, unit, options.lang, options.decimals, signed=True)


def _find_ends(rows: Rows) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the first and the latest exact figure; bounds only without two exact ones."""
    exact = [row for row in rows if row["value"] is not None]
    return (exact[0], exact[-1]) if len(exact) > 1 else (rows[0], rows[-1])


def _is_claim(row: dict[str, Any], options: ChartOptions) -> bool:
    """Return True if a figure is a claim without a method."""
    return (row["source"], row.get("series")) in options.claims


def _measure_step(first: dict[str, Any], last: dict[str, Any], options: ChartOptions) -> Change:
    """Return the change between two figures, refused by the licence or for a claim without a method."""
    if options.as_published:
        return refuse_change("licence_unmodified_only")
    if any(_is_claim(row, options) for row in (first, last)):
        return refuse_change("claim_without_method")
    return measure_change(first, last, breaks=options.breaks)


def _describe_history(rows: Rows, options: ChartOptions) -> str:
    first, last = _find_ends(rows)
    name = options.name(last["country"])
    if len(rows) == 1:
        when = format_year(last["year"], options.lang)
        return _say("change.only", options, name=name, figure=wording.format_figure(last, options), year=when)
    step = _measure_step(first, last, options)
    values = {
        "name": name,
        "first": wording.format_figure(first, options),
        "first_year": format_year(first["year"], options.lang),
        "last": wording.format_figure(last, options),
        "last_year": format_year(last["year"], options.lang),
    }
    if step.is_refused:
        key = "withheld" if step.reason in WITHHELD else "refused"
        editions = {
            name: format_edition(row["edition"] or "", options.lang)
            for name, row in (("before", first), ("after", last))
        }
        return _say(
            f"change.{key}", options, **values, reason=_say(f"not_comparable.{step.reason}", options, **editions)
        )
    if step.detectable is None:
        if options.needs_error:
            return _say("change.no_error", options, **values, edition=_list_editions([last], options))
        # an answer has no error
        return _say(f"change.{'answers' if options.unit == 'yes_no' else 'error_unknown'}", options, **values)
    values |= {"interval": _format_between(last, options)}
    if step.detectable:
        return _say("change.detected", options, **values, difference=_format_difference(step, options))
    return _say("change.within_error", options, **values)


def _describe_changes(histories: Sequence[Rows], options: ChartOptions) -> str:
    """Return which countries differ detectably from their first figure and which do not."""
    if options.as_published:
        return ""
    detected, within, apart, unsure = [], [], [], []
    for history in histories:
        if len(history) < 2:
            continue
        first, last = _find_ends(history)
        step = _measure_step(first, last, options)
        name = options.name(history[-1]["country"])
        if step.detectable:
            when = format_year(first["year"], options.lang)
            detected.append(
                _say("change.since", options, name=name, difference=_format_difference(step, options), year=when)
            )
        elif step.detectable is False:
            within.append(name)
        elif step.is_refused and step.reason not in WITHHELD:
            apart.append(name)
        elif not step.is_refused and options.unit != "yes_no":  # an answer has no error
            unsure.append(name)
    clauses = []
    if detected:
        clauses.append(_say("change.detected_list", options, list=wording.join_list(detected, options)))
    if within:
        key = "change.within_error_rest" if detected else "change.within_error_list"
        clauses.append(_say(key, options, list=wording.join_list(within, options)))
    for key, names in (("refused_list", apart), ("error_unknown_list", unsure)):
        if names:
            clauses.append(_say(f"change.{key}", options, list=wording.join_list(names, options)))
    return wording.join_clauses(clauses, options)


def _explain_marks(rows: Rows, stops: bool, options: ChartOptions) -> list[str]:
    """Return how to read the marks that occur."""
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


def _describe_place(row: dict[str, Any], n: int, options: ChartOptions) -> str:
    if not _has_content(row):
        return _say_reason(row, options)
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


def _find_side(row: dict[str, Any], median: float, options: ChartOptions) -> str:
    """Return the side of the median of a figure; two that print alike are the same."""
    if row["lower"] is not None and row["upper"] is not None and row["lower"] <= median <= row["upper"]:
        return "unclear"
    if wording.format_figure(row, options) == wording.format_figure({"value": median, "status": "normal"}, options):
        return "same"
    return "above" if row["value"] > median else "below"
