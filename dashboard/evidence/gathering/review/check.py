"""What must hold before a series is published: errors keep it out and what was published stays, warnings are said.

Pure: rows in, findings out.
"""

from collections.abc import Sequence
from math import log10
from statistics import median

import polars as pl

from dashboard.evidence.codebook.model import Metric, SeriesLink
from dashboard.evidence.gathering.harmonise.harmonise import FACT
from data_sources.contract import Parsed, SourceFinding
from data_sources.info import Assertions

HARD_UNITS = frozenset({"percent", "index", "yes_no"})
"""Units whose codebook bounds are bounds by definition; elsewhere (WGI scores) they are only the usual range."""

MISREAD_SHARE = 0.05
"""More than this share of figures beyond hard bounds, and the scale is not the one we think. Ours."""

COMPARED_LEAST = 30
"""Fewest common figures for a comparison of scale with what is published. Ours."""

LEFT_OUT = ("unreadable_area", "unreadable_period", "unreadable_value", "conflicting_rows")
"""Findings of the publishers' rooms that say of a row that it could not be read."""

UNREAD_SHARE = 0.01
"""More than this share of rows that cannot be read, and the series is not published without them. Ours."""

ACCEPTABLE = frozenset(
    {
        "assert.rows", "assert.areas", "assert.years", "value.misread", "rows.unread",
        "series.emptied", "series.shrunk", "series.rescaled",
    }
)  # fmt: skip
"""Objections of plausibility, which a person who has looked may overrule; all others are contradictions."""

RESCALED = 8.0
"""A median ratio to the published figures beyond this, either way, is a change of unit, not of the world. Ours."""

SAME_FACTOR = 0.05
"""All ratios this near to a hundred, a thousand … or its inverse are a change of unit, however few there are. Ours."""


def check(
    rows: pl.DataFrame, link: SeriesLink, metric: Metric, asserted: Assertions, current: pl.DataFrame | None = None
) -> list[SourceFinding]:
    """Return every reason why a harmonised series should not be published, or should be looked at.

    Args:
        rows: the series in the columns of ``HARMONISED``.
        link: the series' link, for the words.
        metric: the indicator, for its bounds.
        asserted: least and most of rows, areas and years, from the publisher's ``source.toml``.
        current: the published rows of the same indicator and source, if any.
    """
    if rows.is_empty():
        published = current is not None and not current.is_empty()
        return [
            SourceFinding(
                "series.emptied" if published else "series.empty",
                "error" if published else "info",
                "the publisher answers without any country row"
                + (", although figures are published." if published else ": nothing to publish."),
                link.series,
                link.source,
            )
        ]
    findings = [
        *_assertions(rows, link, asserted),
        *_shown_once(rows, link),
        *_censored(rows, link),
        *_missing(rows, link),
        *_interval(rows, link),
        *_bounds(rows, link, metric),
    ]
    if current is not None and not current.is_empty():
        findings += _against(rows, current, link)
    return findings


def check_unread(parsed: Parsed, link: SeriesLink) -> list[SourceFinding]:
    """Rows that could not be read: a few are left out with a warning of their own, many stop the series."""
    if parsed.rejected <= UNREAD_SHARE * (parsed.rejected + parsed.observations.height):
        return []
    first = next((finding for finding in parsed.findings if finding.code in LEFT_OUT), None)
    example = f", first: {first.message} ({first.code})" if first else ""
    total = parsed.rejected + parsed.observations.height
    return [_error("rows.unread", f"{parsed.rejected} of {total} rows cannot be read{example}", link, parsed.rejected)]


def select_errors(findings: Sequence[SourceFinding]) -> list[SourceFinding]:
    """Return the findings that keep a series from being published."""
    return [finding for finding in findings if finding.severity == "error"]


def _assertions(rows: pl.DataFrame, link: SeriesLink, asserted: Assertions) -> list[SourceFinding]:
    areas = rows["country"].n_unique()
    findings = []
    for code, what, value, least, most in (
        ("assert.rows", "rows", rows.height, asserted.min_rows, asserted.max_rows),
        ("assert.areas", "countries", areas, asserted.min_areas, asserted.max_areas),
    ):
        if not least <= value <= most:
            findings.append(_error(code, f"{value} {what}, source.toml expects {least} to {most}.", link))
    years = _years(rows)
    if years and (years[0] < asserted.first_year or years[1] > asserted.last_year):
        findings.append(
            _error(
                "assert.years",
                f"years {years[0]} to {years[1]}, source.toml expects {asserted.first_year} to {asserted.last_year}.",
                link,
            )
        )
    return findings


def _shown_once(rows: pl.DataFrame, link: SeriesLink) -> list[SourceFinding]:
    twice = rows.filter(pl.col("primary")).group_by(FACT).len().filter(pl.col("len") > 1).sort(FACT)
    if twice.is_empty():
        return []
    country, period, _, _ = twice.row(0)
    return [_error("rows.shown_twice", f"two rows would be shown for {country} {period}.", link, twice.height)]


def _censored(rows: pl.DataFrame, link: SeriesLink) -> list[SourceFinding]:
    numbers = rows.filter((pl.col("status") == "censored") & pl.col("value").is_not_null())
    boundless = rows.filter((pl.col("status") == "censored") & pl.col("lower").is_null() & pl.col("upper").is_null())
    findings = []
    if numbers.height:
        findings.append(
            _error("censored.number", f"a bound was read as a number: {_figures(numbers)}.", link, numbers.height)
        )
    if boundless.height:
        findings.append(
            _error("censored.no_bound", f"a bound was lost: {_figures(boundless)}.", link, boundless.height)
        )
    return findings


def _missing(rows: pl.DataFrame, link: SeriesLink) -> list[SourceFinding]:
    silent = pl.col("status").is_in(["missing", "not_applicable"])
    wrong = rows.filter(silent == pl.col("value").is_not_null()).filter(pl.col("status") != "censored")
    finite = rows.filter(pl.col("value").is_infinite() | pl.col("value").is_nan())
    findings = []
    if wrong.height:
        findings.append(_error("missing.number", f"status and value disagree: {_figures(wrong)}.", link, wrong.height))
    if finite.height:
        findings.append(_error("value.not_finite", f"not a number: {_figures(finite)}.", link, finite.height))
    return findings


def _interval(rows: pl.DataFrame, link: SeriesLink) -> list[SourceFinding]:
    crossed = rows.filter(
        (pl.col("lower") > pl.col("upper"))
        | (pl.col("interval_level").is_not_null() & ~pl.col("value").is_between(pl.col("lower"), pl.col("upper")))
    )
    if crossed.is_empty():
        return []
    return [
        SourceFinding(
            "interval.outside",
            "warning",
            f"the figure lies outside its own interval: {_figures(crossed)}; kept as published.",
            link.series,
            link.source,
            crossed.height,
        )
    ]


def _bounds(rows: pl.DataFrame, link: SeriesLink, metric: Metric) -> list[SourceFinding]:
    outside = pl.lit(False)
    low, high = metric.expected
    if low is not None:
        outside |= pl.col("value") < low
    if high is not None:
        outside |= pl.col("value") > high
    beyond = rows.filter(outside)
    if beyond.is_empty():
        return []
    hard = metric.unit in HARD_UNITS or (metric.limit_low, metric.limit_high) == (0, 100)
    misread = hard and beyond.height > MISREAD_SHARE * rows["value"].count()
    least = "…" if low is None else f"{low:g}"
    most = "…" if high is None else f"{high:g}"
    return [
        SourceFinding(
            "value.misread" if misread else "value.out_of_bounds",
            "error" if misread else "warning",
            f"{beyond.height} of {rows['value'].count()} figures lie outside {least} to {most}: {_figures(beyond)}"
            + ("; too many for a slip: the scale is another one." if misread else "; kept as published."),
            link.series,
            link.source,
            beyond.height,
        )
    ]


def _against(rows: pl.DataFrame, current: pl.DataFrame, link: SeriesLink) -> list[SourceFinding]:
    before, after = current["country"].n_unique(), rows["country"].n_unique()
    same_edition = set(rows["edition"]) == set(current["edition"])
    findings = []
    if after * 2 < before:
        findings.append(
            SourceFinding(
                "series.shrunk",
                "error" if same_edition else "warning",
                f"{after} countries, {before} are published"
                + (
                    " from the very same edition: the reply is not whole."
                    if same_edition
                    else " from the edition before."
                ),
                link.series,
                link.source,
                before - after,
            )
        )
    shown = rows.filter(pl.col("primary") | ~pl.col("primary").any())
    both = shown.join(current, on=FACT, suffix="_before").filter((pl.col("value") != 0) & (pl.col("value_before") != 0))
    ratios = both.select((pl.col("value") / pl.col("value_before")).abs()).to_series()
    ratio = median(ratios) if len(ratios) else 1.0
    beyond = len(ratios) >= COMPARED_LEAST and not 1 / RESCALED < ratio < RESCALED
    if beyond or _is_factor(ratios):
        message = f"figures are {ratio:.4g} times those published (median of {len(ratios)}): the unit has changed."
        findings.append(_error("series.rescaled", message, link, len(ratios)))
    return findings


def _is_factor(ratios: pl.Series) -> bool:
    """Return True if figures differ from the published ones by one power of ten, at least a hundred."""
    powers = {round(log10(ratio)) for ratio in ratios}
    if len(powers) != 1 or abs(power := powers.pop()) < 2:
        return False
    return all(abs(ratio / 10.0**power - 1) <= SAME_FACTOR for ratio in ratios)


def _years(rows: pl.DataFrame) -> tuple[int, int] | None:
    """Return the first and last year of the rows' periods; None without rows."""
    ends = pl.col("period").str.extract_all(r"\d{4}").list.eval(pl.element().cast(pl.Int32))
    first, last = rows.select(ends.list.min().min().alias("first"), ends.list.max().max().alias("last")).row(0)
    return None if first is None else (int(first), int(last))


def _error(code: str, message: str, link: SeriesLink, count: int = 1) -> SourceFinding:
    return SourceFinding(code, "error", message, link.series, link.source, count)


def _figures(rows: pl.DataFrame, most: int = 3) -> str:
    shown = rows.sort(*FACT, "value").head(most).select("country", "period", "value_text", "value").rows()
    words = ", ".join(f"{country} {period} “{text or value}”" for country, period, text, value in shown)
    return words + (f" and {rows.height - most} more" if rows.height > most else "")
