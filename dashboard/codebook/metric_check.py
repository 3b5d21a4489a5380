"""Rules of metrics, their links and their series: scales that hold together, every link with its reason."""

from collections import defaultdict
from collections.abc import Iterator

from dashboard.codebook.faults import Fault
from dashboard.codebook.reading import Row, Tables

WITHOUT_SERIES = frozenset({"national", "computed"})
"""Kinds of source that need no publisher's series: a submission, or our own arithmetic."""

Problem = tuple[str, str, str, str]
"""Column, rule, message and remedy."""


def check_metrics(tables: Tables) -> Iterator[Fault]:
    """Faults of metrics.csv, links.csv and series.csv."""
    yield from _metrics(tables)
    yield from _links(tables)
    yield from _series(tables)


def _metrics(tables: Tables) -> Iterator[Fault]:
    linked = {row["metric"] for row in tables["links.csv"]}
    fed = {row["metric"] for row in tables["series.csv"]}
    for row in tables["metrics.csv"]:
        for column, rule, message, remedy in (*_scale(row), *_reasons(row, linked, fed)):
            yield Fault("metrics.csv", row.line, column, rule, f"{row['id']}: {message}", remedy)


def _scale(row: Row) -> Iterator[Problem]:
    centre, target = row.number("centre"), row.number("target_value")
    lower, upper = row.number("lower_bound"), row.number("upper_bound")
    if (row["direction"] == "centre") != (centre is not None):
        yield (
            "centre",
            "metric.centre",
            "direction “centre” and a centre value go together.",
            "Fill in or clear centre.",
        )
    if lower is not None and upper is not None and lower >= upper:
        yield "upper_bound", "metric.bounds", f"bounds {lower:g} to {upper:g} hold nothing.", "Correct the bounds."
    for column, value in (("centre", centre), ("target_value", target)):
        if value is not None and ((lower is not None and value < lower) or (upper is not None and value > upper)):
            yield (
                column,
                "metric.out_of_bounds",
                f"{value:g} lies outside the bounds.",
                f"Correct {column} or the bounds.",
            )
    if target is not None and row["direction"] == "none":
        yield "target_value", "metric.target", "a target without a direction.", "Clear the target or give a direction."
    if target is not None and row["direction"] == "centre" and target != centre:
        yield "target_value", "metric.target", f"target {target:g} is not the centre.", "Make them equal."
    if (target is None) != (not row["target_source"]):
        yield "target_source", "metric.target", "a target and its source go together.", "Name the source of the target."
    if row["target_year"] and target is None:
        yield "target_year", "metric.target", "a target year without a target.", "Clear it or give the target."


def _reasons(row: Row, linked: set[str], fed: set[str]) -> Iterator[Problem]:
    if bool(row["rights_hook"]) != bool(row["rights_hook_checked"]):
        yield (
            "rights_hook_checked",
            "metric.hook",
            "a human-rights reference says whether it was found in a source.",
            "Write found or unverified.",
        )
    if (row["id"] in linked) == bool(row["no_link_reason"]):
        yield (
            "no_link_reason",
            "metric.link",
            "either a row in links.csv, or a reason why there is none.",
            "Add a link, or say why not in no_link_reason.",
        )
    if row["id"] not in fed and not WITHOUT_SERIES & set(row.many("source_type")):
        yield (
            "source_type",
            "metric.series",
            "no row in series.csv, though its source is a publisher.",
            "Add the series, or name its source national or computed.",
        )


def _links(tables: Tables) -> Iterator[Fault]:
    seen: set[tuple[str, str, str]] = set()
    for row in tables["links.csv"]:
        place = ("links.csv", row.line)
        parts = [(column, row[column]) for column in ("target", "sdg_indicator", "principle") if row[column]]
        if not parts:
            yield Fault(*place, "target", "link.empty", "The link leads nowhere.", "Name a target or a principle.")
        for column, value in parts:
            if (row["metric"], column, value) in seen:
                yield Fault(
                    *place,
                    column,
                    "link.twice",
                    f"{row['metric']} is linked to {value} in another row already.",
                    "Say it once: strength and reason belong to one row.",
                )
            seen.add((row["metric"], column, value))
        if row["sdg_indicator"] and row["sdg_indicator"].rsplit(".", 1)[0] != row["target"]:
            yield Fault(
                *place,
                "sdg_indicator",
                "link.indicator",
                f"{row['sdg_indicator']} does not belong to {row['target']}.",
                "Name the indicator's own target.",
            )
        if row["strength"] == "direct" and not row["sdg_indicator"]:
            yield Fault(
                *place,
                "strength",
                "link.direct",
                "Direct means that the metric is an SDG indicator; none is named.",
                "Name the indicator, or use proxy or enabling.",
            )


def _series(tables: Tables) -> Iterator[Fault]:
    primaries: defaultdict[str, list[Row]] = defaultdict(list)
    for row in tables["series.csv"]:
        primaries[row["metric"]] += [row] if row["role"] == "primary" else []
        if row["interval"] == "se_90" and "std_error" not in row.pairs("companions"):
            yield Fault(
                "series.csv",
                row.line,
                "interval",
                "series.interval",
                "An interval from standard errors needs their series.",
                "Add std_error=… to companions.",
            )
    for row in tables["series.csv"]:
        of_metric = primaries[row["metric"]]
        if len(of_metric) > 1 and row in of_metric[1:]:
            yield Fault(
                "series.csv",
                row.line,
                "role",
                "series.primary",
                f"{row['metric']} has its primary series in row {of_metric[0].line} already.",
                "Make one of them secondary.",
            )
        elif not of_metric:
            yield Fault(
                "series.csv",
                row.line,
                "role",
                "series.primary",
                f"{row['metric']} has no primary series.",
                "Make one of its series primary.",
            )
