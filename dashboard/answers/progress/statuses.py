"""One verdict in words: the status with its method, why, and what can be said where there is none."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_latest, select_lean_totals
from dashboard.answers.base.words import name_country, sort_by_name
from dashboard.answers.progress.assessment import Row, list_earlier_symbols
from dashboard.answers.progress.views import End, ProgressVerdict, StatusCount, Tone
from dashboard.answers.wording.changes import change_text, format_difference
from dashboard.answers.wording.figures import build_figure, format_share, format_value
from dashboard.evidence.codebook.model import Metric, choose_text
from dashboard.locales import format_number, format_period, format_quantity, has, t

TONES: dict[str, Tone] = {
    "on_track": "met", "on_track_or_met": "met", "on_track_not_met": "met", "met": "met", "target_met": "met",
    "green": "met", "sun": "met",
    "significant_progress": "good", "substantial_progress": "good", "maintain": "good", "moderate_progress": "good",
    "moderate": "good", "fair_progress_acceleration_needed": "good", "small_distance": "good", "yellow": "good",
    "sun_cloud": "good",
    "marginal": "middle", "stagnation": "middle", "insufficient_progress": "middle", "limited_progress": "middle",
    "accelerate": "middle", "medium_distance": "middle", "orange": "middle", "cloud": "middle",
    "stagnation_or_regression": "bad", "regression": "bad", "movement_away": "bad", "moderate_movement_away": "bad",
    "significant_movement_away": "bad", "deterioration": "bad", "reverse": "bad", "red": "bad",
    "large_distance": "bad", "thunderstorm": "bad", "no_assessment": "none", "no_data": "none",
    "not_applicable": "none",
}  # fmt: skip
"""Colours of statuses. ``stagnation_or_regression`` cannot be told apart by its method, so it takes the worse one."""

INCOMPARABLE = ("series_break", "censored_value", "too_few_points", "licence_unmodified_only", "claim_without_method")
"""Reasons for no status that forbid a difference too."""

DECIMALS = 2


def build_verdict(ctx: Context, metric: Metric, row: Row) -> ProgressVerdict:
    """Put a row of ``assess_lines`` into words, its arithmetic as sentences."""
    status, reason, tone = row["status"] or "", row["reason"] or "", choose_tone(row)
    return ProgressVerdict(
        indicator=metric.id,
        name=choose_text(metric.name, ctx.lang),
        iso3=row["country"],
        country=name_country(ctx, row["country"]),
        method=row["method"],
        method_name=name_method(ctx, row["method"]),
        edition=row["edition"],
        status=status,
        status_text=name_status(ctx, status, row["target"]),
        definition=t(f"progress.status.{choose_word(status, row['target'])}.definition", ctx.lang) if status else "",
        tone=tone,
        trend=row["trend"] or "",
        trend_text=t(f"progress.trend.{row['trend']}.name", ctx.lang) if row["trend"] else "",
        reason=reason,
        reason_text=explain_reason(ctx, reason),
        instead=_instead(ctx, metric, row) if tone == "none" else "",
        score=row["score"],
        ratio=row["ratio"],
        base=_end(ctx, metric, row, "base"),
        latest=_latest(ctx, metric, row),
        points=row["points"],
        target=row["target"],
        target_text="" if row["target"] is None else format_value(ctx, metric, row["target"], unit=True),
        projection=row["projection_drawn"],
        warnings=[t(f"progress.warning.{warning}", ctx.lang) for warning in row["warnings"]],
        why=_why(ctx, metric, row),
    )


def choose_tone(row: Row) -> Tone:
    """Return the colour of a row's status; "none" without one."""
    return TONES.get(row["status"] or "", "none")


def count_statuses(ctx: Context, rows: Sequence[Row]) -> list[StatusCount]:
    """Count the rows of each status, best first, with their countries; refused rows are left out.

    A status that says "on track" is counted apart, under its own words, where no target is set.
    """
    by_words: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if choose_tone(row) != "none":
            words = name_status(ctx, row["status"], row["target"])
            by_words.setdefault((row["status"], words), []).append(row["country"])
    order = list(TONES)
    return [
        StatusCount(
            status=status,
            text=words,
            tone=TONES[status],
            count=len(by_words[status, words]),
            countries=sort_by_name(ctx, by_words[status, words]),
        )
        for status, words in sorted(
            by_words, key=lambda pair: (order.index(pair[0]), pair[1] != name_status(ctx, pair[0]))
        )
    ]


def name_method(ctx: Context, method: str) -> str:
    """Return the method's name with its edition."""
    return t(f"progress.method.{method}.name", ctx.lang)


ANY_TARGET = 0.0
"""Stands for a target where a status is named apart from any row, as in a key or a count."""


def name_status(ctx: Context, status: str, target: float | None = ANY_TARGET) -> str:
    """Return the status in words; "" without one. Show it with its method's name only.

    ``target``: of the row it was given; without one, "on track or target met" would claim a target that nobody set.
    """
    return t(f"progress.status.{choose_word(status, target)}.name", ctx.lang) if status else ""


def define_status(ctx: Context, status: str, words: str) -> str:
    """Define the status that is called ``words``: without a target it means something else."""
    target = None if words == name_status(ctx, status, None) else ANY_TARGET
    return t(f"progress.status.{choose_word(status, target)}.definition", ctx.lang)


def choose_word(status: str, target: float | None) -> str:
    """Return the status that words are looked up by: "on track" needs a target."""
    return "no_target" if target is None and status.startswith("on_track") else status


def list_tones() -> dict[str, Tone]:
    """Return every code a status has words for, best first, with its colour."""
    return {word: tone for status, tone in TONES.items() for word in (status, choose_word(status, None))}


def explain_reason(ctx: Context, reason: str) -> str:
    """Return the reason in a sentence; "" without one."""
    return t(f"progress.reason.{reason}", ctx.lang) if reason else ""


def _value(ctx: Context, metric: Metric, value: float) -> str:
    return format_quantity(value, metric.unit, ctx.lang, metric.decimals)


def _end(ctx: Context, metric: Metric, row: Row, end: str) -> End:
    year, value = row[f"{end}_year"], row[f"{end}_value"]
    words = "" if value is None else f"{format_value(ctx, metric, value, unit=True)} ({year})"
    return End(year=year, value=value, text=words)


def _latest(ctx: Context, metric: Metric, row: Row) -> End:
    """Return the latest figure of any year as the country's page has it, bounds included."""
    latest = find_latest(ctx, metric.id).get(row["country"])
    if latest is None:  # an example of the method page
        return _end(ctx, metric, row, "latest")
    words = f"{build_figure(ctx, metric, latest)['quantity']} ({format_period(latest['period'], ctx.lang)})"
    return End(year=latest["year"], value=latest["value"], text=words)


def _line_row(ctx: Context, metric: Metric, row: Row, end: str) -> dict[str, Any]:
    """Return an end of a line as ``change_text`` reads it."""
    of_year = pl.col("country") == row["country"], pl.col("year") == row[f"{end}_year"]
    editions = select_lean_totals(ctx, [metric.id]).filter(*of_year).select("edition").collect()["edition"]
    return {
        "edition": editions[0] if len(editions) else "",  # an example of the method page has none
        "indicator": metric.id, "country": row["country"], "year": row[f"{end}_year"], "value": row[f"{end}_value"],
        "std_error": row[f"{end}_error"], "status": "normal", "unit": metric.unit,
    }  # fmt: skip


def _instead(ctx: Context, metric: Metric, row: Row) -> str:
    """Say what can be said without a status: the tested difference, or the latest figure."""
    latest = _latest(ctx, metric, row)["text"]
    comparable = metric.quantity and row["reason"] not in INCOMPARABLE
    if comparable and row["points"] > 1 and row["base_value"] is not None and row["latest_value"] is not None:
        if row["reason"] == "change_within_error":
            ends = {"first": str(row["base_year"]), "last": str(row["latest_year"])}
            return t("progress.instead.within_error", ctx.lang, **ends)
        tested = change_text(
            ctx, metric, _line_row(ctx, metric, row, "base"), _line_row(ctx, metric, row, "latest")
        ).text
        if tested:
            return f"{tested[:1].upper()}{tested[1:]}."
        difference = row["latest_value"] - row["base_value"]
        return t(
            "progress.instead.points",
            ctx.lang,
            first=str(row["base_year"]),
            last=str(row["latest_year"]),
            difference=format_difference(ctx, metric, difference),
        )
    return t("progress.instead.latest", ctx.lang, latest=latest) if latest else ""


def _why(ctx: Context, metric: Metric, row: Row) -> list[str]:
    """Return the arithmetic step by step, ending in the verdict with its method's name."""
    lang, steps = ctx.lang, []

    def step(name: str, **values: Any) -> None:
        steps.append(t(f"progress.why.{name}", lang, **values))

    for end in ("base", "latest"):
        if shown := _end(ctx, metric, row, end)["text"]:
            step(end, value=shown)
    step("points", count=row["points"])
    if row["method"] == "sdsn":
        if row["target"] is not None:
            step("threshold", value=format_value(ctx, metric, row["target"], unit=True))
    elif row["target"] is None:
        step("no_target")
    else:
        own = row["target"] != (metric.centre if metric.direction == "centre" else metric.target_2030)
        step("own_target" if own else "target", value=format_value(ctx, metric, row["target"], unit=True))
    for name in ("observed", "required"):
        if row[name] is not None and row["rate_unit"]:
            step(f"{name}_{row['rate_unit']}", rate=_rate(ctx, metric, row[name], row["rate_unit"]))
    if row["projection"] is not None:
        name = "projection_distance" if metric.direction == "centre" else "projection"
        step(name, value=_value(ctx, metric, row["projection_drawn"]))
    if row["flag"]:
        steps.append(t(f"progress.flag.{row['flag']}", lang, raw=_value(ctx, metric, row["projection"])))
    if row["ratio"] is not None:
        if row["method"].startswith("unsd"):
            step("share", share=format_share(100 * row["ratio"], lang))
        else:
            step("against", ratio=format_number(row["ratio"], lang, DECIMALS))
    if row["gap"] is not None:
        missing = row["gap"] if row["method"] == "escap" else 100 * row["gap"]
        step("gap", share=format_share(missing, lang))
    if row["factor"] is not None:
        step("factor", factor=format_number(row["factor"], lang, DECIMALS))
    if row["spread"] is not None:
        step("spread", value=_difference(ctx, metric, row["spread"]))
    if row["score"] is not None and has(f"progress.scale.{row['method']}"):
        scale = t(f"progress.scale.{row['method']}", lang)
        step("score", score=format_number(row["score"], lang, DECIMALS), scale=scale)
    named = name_method(ctx, row["method"])
    if row["status"]:
        words = name_status(ctx, row["status"], row["target"])
        if row["trend"]:
            words = t("ui.list.comma", lang).join((words, t(f"progress.trend.{row['trend']}.name", lang)))
        step("verdict", method=named, status=words)
        if row["method"] == "weather" and (symbols := list_earlier_symbols(ctx, row)):
            colon = t("ui.list.colon", lang)
            listed = [f"{year}{colon}{name_status(ctx, status, row['target'])}" for year, status in symbols]
            step("earlier", symbols=t("ui.list.semicolon", lang).join(listed))
        if row["reason"]:
            steps.append(explain_reason(ctx, row["reason"]))
    else:
        step("refused", method=named, reason=explain_reason(ctx, row["reason"]))
    return steps


def _difference(ctx: Context, metric: Metric, value: float) -> str:
    unit = "percentage_points" if metric.unit == "percent" else metric.unit
    return format_quantity(value, unit, ctx.lang, max(metric.decimals, 1))


def _rate(ctx: Context, metric: Metric, rate: float, unit: str) -> str:
    if unit == "growth":
        return format_quantity(100 * rate, "percent", ctx.lang, DECIMALS, signed=True)
    if unit == "score":
        return format_number(rate, ctx.lang, DECIMALS, signed=True)
    shown = "percentage_points" if metric.unit == "percent" else metric.unit
    return format_quantity(rate, shown, ctx.lang, max(metric.decimals, DECIMALS), signed=True)
