"""Check metrics, their links to the SDGs and their series."""

from collections import defaultdict
from collections.abc import Iterator

from dashboard.evidence.codebook.faults import Fault
from dashboard.evidence.codebook.reading import CodebookRow, Tables
from dashboard.evidence.codebook.tables import BOUNDS, COMPARED

MISSING_SERIES_RULE = "metric.series"
"""Rule of an indicator that no series feeds yet: allowed, and said."""

SOURCES_WITHOUT_SERIES = frozenset({"national", "computed"})
"""Kinds of source that need no publisher's series: a submission, or our own arithmetic."""

Problem = tuple[str, str, str, str]
"""Column, rule, message and remedy."""

SCALE_LIMITS = {"zero_to_one": (0.0, 1.0), "zero_to_hundred": (0.0, 100.0)}
"""Scales whose ends are the natural limits of the metric."""


def check_metrics(tables: Tables) -> Iterator[Fault]:
    """Return faults of metrics and of the files that refer to them."""
    yield from _check_metric_rows(tables)
    yield from _check_links(tables)
    yield from _check_series(tables)
    yield from _check_series_aliases(tables)
    yield from _check_comparability(tables)
    yield from _check_national_targets(tables)


def _check_metric_rows(tables: Tables) -> Iterator[Fault]:
    linked = {row["metric"] for row in tables["links.csv"]}
    fed = {row["metric"] for row in tables["series.csv"]}
    for row in tables["metrics.csv"]:
        problems = (
            *_check_scale(row),
            *_check_target(row),
            *_check_sdsn_bounds(row),
            *_check_reasons(row, linked, fed),
            *_check_alternative(row),
        )
        for column, rule, message, remedy in problems:
            text = f"{row['id']}: {message}"
            yield row.make_fault(column, rule, text, remedy, "warning" if rule == MISSING_SERIES_RULE else "error")


def _check_scale(row: CodebookRow) -> Iterator[Problem]:
    centre = row.read_number("centre")
    low, high = row.read_number("limit_low"), row.read_number("limit_high")
    if (row["direction"] == "centre") != (centre is not None):
        yield (
            "centre",
            "metric.centre",
            "direction “centre” and a centre value go together.",
            "Fill in or clear centre.",
        )
    for name in ("limit", "usual"):
        least, most = row.read_number(f"{name}_low"), row.read_number(f"{name}_high")
        if least is not None and most is not None and least >= most:
            yield f"{name}_high", "metric.bounds", f"{least:g} to {most:g} hold nothing.", "Correct one of the two."
    for side in ("low", "high"):
        if row[f"limit_{side}"] and row[f"usual_{side}"]:
            yield (
                f"usual_{side}",
                "metric.bounds",
                "beyond a limit there is nothing, so nothing is usual there.",
                f"Clear limit_{side} if values beyond occur, else usual_{side}.",
            )
    for column in ("centre", "target_2030", *BOUNDS):
        value = row.read_number(column)
        if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
            yield (
                column,
                "metric.out_of_bounds",
                f"{value:g} lies beyond the limits.",
                f"Correct {column} or the limits.",
            )


def _check_target(row: CodebookRow) -> Iterator[Problem]:
    centre, target = row.read_number("centre"), row.read_number("target_2030")
    if target is not None and row["direction"] == "none":
        yield "target_2030", "metric.target", "a target without a direction.", "Clear the target or give a direction."
    if target is not None and row["direction"] == "centre" and target != centre:
        yield "target_2030", "metric.target", f"target {target:g} is not the centre.", "Make them equal."
    for column, remedy in (("target_source", "Name the source of the target."), ("target_set_by", "Say who sets it.")):
        if (target is None) != (not row[column]):
            yield column, "metric.target", f"a target and its {column[7:].replace('_', ' ')} go together.", remedy


def _check_sdsn_bounds(row: CodebookRow) -> Iterator[Problem]:
    filled = [column for column in BOUNDS if row[column]]
    if len(filled) not in (0, len(BOUNDS)) or bool(filled) != bool(row["sdsn_set_by"]):
        yield (
            "sdsn_set_by",
            "metric.sdsn",
            "the four bounds and who sets them go together.",
            f"Fill in or clear {', '.join(BOUNDS)} and sdsn_set_by.",
        )
        return
    if (row["sdsn_set_by"] == "sdsn") != bool(row["sdsn_code"]):
        yield (
            "sdsn_code",
            "metric.sdsn",
            "bounds of the SDSN have its name of the indicator, others have none.",
            "Fill in or clear sdsn_code.",
        )
    values = [float(row[column]) for column in filled]
    if values and values != sorted(set(values), reverse=row["direction"] == "lower"):
        yield (
            "sdsn_lower",
            "metric.sdsn",
            f"{' '.join(f'{value:g}' for value in values)} do not lead from worst to best by the direction.",
            "Put them in the order lower, red, green, optimum, or correct direction.",
        )


def _check_reasons(row: CodebookRow, linked: set[str], fed: set[str]) -> Iterator[Problem]:
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
    if row["id"] not in fed and not SOURCES_WITHOUT_SERIES & set(row.read_list("source_type")):
        yield (
            "source_type",
            MISSING_SERIES_RULE,
            "no row in series.csv, though its source is a publisher: it has no figures yet.",
            "Add the series, or name its source national or computed.",
        )


def _check_alternative(row: CodebookRow) -> Iterator[Problem]:
    if row["instead"] and (not row["only_from"] or row["instead"] == row["id"]):
        yield (
            "instead",
            "metric.lane",
            "another indicator takes figures made otherwise, where this one is made in one way alone.",
            "Say in only_from which way that is, name another indicator, or clear instead.",
        )


def _check_links(tables: Tables) -> Iterator[Fault]:
    seen: set[tuple[str, str, str]] = set()
    for row in tables["links.csv"]:
        parts = [(column, row[column]) for column in ("target", "sdg_indicator", "principle") if row[column]]
        if not parts:
            yield row.make_fault("target", "link.empty", "The link leads nowhere.", "Name a target or a principle.")
        for column, value in parts:
            if (row["metric"], column, value) in seen:
                yield row.make_fault(
                    column,
                    "link.twice",
                    f"{row['metric']} is linked to {value} in another row already.",
                    "Say it once: strength and reason belong to one row.",
                )
            seen.add((row["metric"], column, value))
        if row["sdg_indicator"] and row["sdg_indicator"].rsplit(".", 1)[0] != row["target"]:
            yield row.make_fault(
                "sdg_indicator",
                "link.indicator",
                f"{row['sdg_indicator']} does not belong to {row['target']}.",
                "Name the indicator's own target.",
            )
        if row["strength"] == "direct" and not row["sdg_indicator"]:
            yield row.make_fault(
                "strength",
                "link.direct",
                "Direct means that the metric is an SDG indicator; none is named.",
                "Name the indicator, or use proxy or enabling.",
            )


def _check_series(tables: Tables) -> Iterator[Fault]:
    primaries: defaultdict[str, list[CodebookRow]] = defaultdict(list)
    for row in tables["series.csv"]:
        primaries[row["metric"]] += [row] if row["role"] == "primary" else []
        if row["interval"] == "se_90" and "std_error" not in row.read_pairs("companions"):
            yield row.make_fault(
                "interval",
                "series.interval",
                "An interval from standard errors needs their series.",
                "Add std_error=… to companions.",
            )
    for row in tables["series.csv"]:
        of_metric = primaries[row["metric"]]
        if len(of_metric) > 1 and row in of_metric[1:]:
            yield row.make_fault(
                "role",
                "series.primary",
                f"{row['metric']} has its primary series in row {of_metric[0].line} already.",
                "Make one of them secondary.",
            )
        elif not of_metric:
            yield row.make_fault(
                "role", "series.primary", f"{row['metric']} has no primary series.", "Make one of its series primary."
            )


def _check_series_aliases(tables: Tables) -> Iterator[Fault]:
    in_use = {(row["source"], row["series"]) for row in tables["series.csv"]}
    for row in tables["series_aliases.csv"]:
        if (row["source"], row["series"]) not in in_use:
            yield row.make_fault(
                "series",
                "alias.unused",
                f"{row['series']} of {row['source']} feeds no metric.",
                "Write the series as in series.csv, or remove the row.",
            )
        if (row["source"], row["alias"]) in in_use:
            yield row.make_fault(
                "alias",
                "alias.in_use",
                f"{row['alias']} of {row['source']} feeds a metric under that very code.",
                "A code is either in use or a former one: correct series.csv or this row.",
            )


def _check_comparability(tables: Tables) -> Iterator[Fault]:
    metrics = {row["id"]: row for row in tables["metrics.csv"]}
    for row in tables["comparability.csv"]:
        metric = metrics[row["metric"]]
        if not any(row[part] for part in COMPARED):
            yield row.make_fault(
                "metric",
                "comparability.empty",
                f"The row states nothing of {row['metric']}.",
                "State a part, or remove the row: what has no row is unstated.",
            )
        ends = SCALE_LIMITS.get(row["scale"])
        if ends and ends != (metric.read_number("limit_low"), metric.read_number("limit_high")):
            yield row.make_fault(
                "scale",
                "comparability.scale",
                f"The limits of {row['metric']} are not {ends[0]:g} and {ends[1]:g}.",
                "Correct the scale, or the limits in metrics.csv.",
            )
        if row["method"] and metric["break_years"]:
            yield row.make_fault(
                "method",
                "comparability.method",
                f"The method of {row['metric']} broke ({metric['break_years']}): no one method is that of all figures.",
                "Clear the method, or break_years in metrics.csv.",
            )


def _check_national_targets(tables: Tables) -> Iterator[Fault]:
    metrics = {row["id"]: row for row in tables["metrics.csv"]}
    own = {(row["metric"], row["country"], row["series"]) for row in tables["national.csv"]}
    for row in tables["national_targets.csv"]:
        if row["series"] and (row["metric"], row["country"], row["series"]) not in own:
            yield row.make_fault(
                "series",
                "national_target.series",
                f"“{row['series']}” is no series of {row['country']} for {row['metric']} in national.csv.",
                "Write the series as national.csv has it, or leave it empty for the indicator's own definition.",
            )
        metric, value = metrics[row["metric"]], float(row["value"])
        if metric["direction"] == "none":
            yield row.make_fault(
                "metric",
                "national_target.direction",
                f"{row['metric']} has no direction, so a value of it cannot be aimed at.",
                "Remove the row or give the metric a direction.",
            )
        low, high = metric.read_number("limit_low"), metric.read_number("limit_high")
        if (low is not None and value < low) or (high is not None and value > high):
            yield row.make_fault(
                "value",
                "national_target.out_of_bounds",
                f"{value:g} lies beyond the limits of {row['metric']}.",
                "Look the value up in the document, and its unit.",
            )
