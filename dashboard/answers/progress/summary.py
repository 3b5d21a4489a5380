"""Verdicts counted: by the method chosen and by every other one, over the same lines; and a cell of the matrix opened.

Adopters and indicators are counted, never averaged: a share is one of indicators in countries.
"""

from collections.abc import Collection, Sequence

from dashboard.answers.adoption.counting import check_rule, list_adopters
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.lookup import find_country, find_goal
from dashboard.answers.base.rows import find_latest, has_figure
from dashboard.answers.progress.assessment import METHODS, Row, assess_lines
from dashboard.answers.progress.progress import check_method, choose_sign, list_direct_goals
from dashboard.answers.progress.results import REFUSED, ResultsQuery
from dashboard.answers.progress.statuses import (
    build_verdict,
    choose_tone,
    choose_word,
    list_tones,
    name_method,
    name_status,
)
from dashboard.answers.progress.views import (
    Bullet,
    GoalAnswer,
    MethodBar,
    ProgressVerdict,
    StatusBeside,
    Tone,
    VerdictShare,
    VerdictSummary,
)
from dashboard.answers.wording.figures import format_share
from dashboard.evidence.codebook.model import choose_text
from dashboard.locales import format_number, order, t

STALE = 5
"""Years after which the age of a figure is said beside it."""


def list_metrics(ctx: Context, theme: str = "", goal: int = 0) -> list[str]:
    """Return the indicators of a theme with a direct link to a goal; "" and 0 mean all."""
    return [
        metric.id
        for metric in ctx.book.metrics.values()
        if (not theme or metric.theme == theme) and (not goal or goal in list_direct_goals(ctx, metric))
    ]


@cached
def summarise_verdicts(ctx: Context, query: ResultsQuery) -> VerdictSummary:
    """Count the lines by status of the chosen method, and by sign of each method."""
    members = (query.iso3,) if query.iso3 else list_adopters(ctx, check_rule(query.rule))
    by_method: dict[str, list[Row]] = {method: [] for method in METHODS}
    for row in assess_lines(ctx, metrics=list_metrics(ctx, query.theme, query.goal), countries=members):
        by_method[row["method"]].append(row)
    chosen = by_method[query.method]
    refused = sum(1 for row in chosen if choose_tone(row) == "none")
    return VerdictSummary(
        text=t(
            "results.summary.country" if query.iso3 else "results.summary.programme",
            ctx.lang,
            lines=format_number(len(chosen), ctx.lang),
            assessed=format_number(len(chosen) - refused, ctx.lang),
        ),
        shares=_by_status(ctx, query.method, chosen),
        methods=[_bar(ctx, method, rows) for method, rows in by_method.items()],
    )


@cached
def answer_goals(ctx: Context, query: ResultsQuery) -> list[GoalAnswer]:
    """Say of each goal of a country how many direct indicators have which status.

    Indicators are counted, never averaged; a goal gets no grade. Empty of the programme.
    """
    if not query.iso3:
        return []
    metrics = list_metrics(ctx, query.theme, query.goal)
    by_goal: dict[int, list[Row]] = {}
    for row in assess_lines(ctx, metrics=metrics, countries=[query.iso3], methods=[query.method]):
        for goal in list_direct_goals(ctx, ctx.book.metrics[row["indicator"]]):
            by_goal.setdefault(goal, []).append(row)
    return [_answer_goal(ctx, query, goal, rows) for goal, rows in sorted(by_goal.items()) if query.goal in (0, goal)]


def _answer_goal(ctx: Context, query: ResultsQuery, goal: int, rows: Sequence[Row]) -> GoalAnswer:
    judged = [row for row in rows if choose_tone(row) != "none"]
    shares = [share for share in _by_status(ctx, query.method, rows) if share["status"] != REFUSED]
    key = "text" if judged else "none"
    return GoalAnswer(
        goal=goal,
        name=choose_text(ctx.book.goals[goal].short, ctx.lang),
        text=t(
            f"results.goal.{key}",
            ctx.lang,
            statuses=_counts(ctx, shares),
            assessed=format_number(len(judged), ctx.lang),
            lines=format_number(len(rows), ctx.lang),
        ),
    )


@cached
def list_statuses(ctx: Context, query: ResultsQuery) -> dict[str, StatusBeside]:
    """Map each indicator of a country to its status by the query's method, for comparison."""
    if not query.iso3:
        return {}
    rows = assess_lines(ctx, countries=[query.iso3], methods=[query.method])
    return {
        row["indicator"]: StatusBeside(
            status=row["status"] if (tone := choose_tone(row)) != "none" else "",
            status_text=name_status(ctx, row["status"], row["target"]) if tone != "none" else _refused(ctx),
            tone=tone,
            sign=choose_sign(query.method, choose_word(row["status"] or "", row["target"]), tone),
        )
        for row in rows
    }


@cached
def list_cell_verdicts(ctx: Context, iso3: str, goal: int, method: str, theme: str = "") -> list[ProgressVerdict]:
    """Return the verdicts behind a cell of goals × countries, refused ones last.

    Raises:
        Unknown: no such country or goal.
        Invalid: no such method; the country is named by an alpha-2 or M49 code.
    """
    country, by = find_country(ctx, iso3), check_method(method)
    find_goal(ctx, goal)
    rows = assess_lines(ctx, metrics=list_metrics(ctx, theme, goal), countries=[country.iso3], methods=[by])
    verdicts = [build_verdict(ctx, ctx.book.metrics[row["indicator"]], row) for row in rows]
    return sorted(verdicts, key=lambda verdict: (verdict["tone"] == "none", order(verdict["name"], ctx.lang)))


@cached
def build_bullets(ctx: Context, query: ResultsQuery, metrics: tuple[str, ...]) -> dict[str, Bullet]:
    """Map each indicator to baseline, latest figure and target on one scale.

    Of the programme, to its verdicts. The scale is that of the indicator where both its limits are known, else it spans
    the three with a margin.
    """
    members = (query.iso3,) if query.iso3 else list_adopters(ctx, check_rule(query.rule))
    by_metric: dict[str, list[Row]] = {}
    for row in assess_lines(ctx, metrics=metrics, countries=members, methods=[query.method]):
        by_metric.setdefault(row["indicator"], []).append(row)
    return {metric: _bullet(ctx, metric, rows, query) for metric, rows in by_metric.items()}


def _bullet(ctx: Context, indicator: str, rows: Sequence[Row], query: ResultsQuery) -> Bullet:
    age = _age(ctx, indicator, [row["country"] for row in rows], bool(query.iso3))
    if not query.iso3:
        shares = _by_tone(ctx, query.method, rows)
        return _undrawn(age, shares, _counts(ctx, shares))
    metric, row = ctx.book.metrics[indicator], rows[0]
    latest = find_latest(ctx, indicator).get(row["country"])
    value = latest["value"] if latest is not None and has_figure(latest) else None
    values = {"base": row["base_value"], "latest": value, "target": row["target"]}
    present = [number for number in values.values() if number is not None]
    if value is None or len(present) < 2 or not metric.quantity or metric.unit == "yes_no":
        return _undrawn(age)
    low, high = metric.limit_low, metric.limit_high
    if low is None or high is None:
        margin = 0.08 * ((max(present) - min(present)) or abs(max(present)) or 1.0)
        low, high = min(present) - margin, max(present) + margin
    at = {name: None if number is None else (number - low) / ((high - low) or 1.0) for name, number in values.items()}
    base, end = at["base"], at["latest"]
    moved = (0.0, 0.0) if base is None or end is None else (min(base, end), abs(end - base))
    return Bullet(
        base=_percent(base),
        latest=_percent(end),
        target=_percent(at["target"]),
        start=_percent(moved[0]),
        width=_percent(moved[1]),
        shares=[],
        text="",
        age=age,
    )


def _undrawn(age: str, shares: Sequence[VerdictShare] = (), words: str = "") -> Bullet:
    return Bullet(base="", latest="", target="", start="", width="", shares=list(shares), text=words, age=age)


def _age(ctx: Context, indicator: str, countries: Collection[str], of_one: bool) -> str:
    """Say that the latest figure, or how many adopters' figures, are over five years old; "" if not."""
    latest = find_latest(ctx, indicator)
    years = [year for iso3 in countries if iso3 in latest and (year := latest[iso3]["year"]) is not None]
    old = [year for year in years if ctx.today.year - year > STALE]
    if not old:
        return ""
    if of_one:
        return t("results.age.one", ctx.lang, years=format_number(ctx.today.year - old[0], ctx.lang))
    return t("results.age.many", ctx.lang, count=len(old), of=format_number(len(years), ctx.lang))


def _bar(ctx: Context, method: str, rows: Sequence[Row]) -> MethodBar:
    shares = _by_tone(ctx, method, rows)
    return MethodBar(
        id=method,
        name=name_method(ctx, method),
        asks=t(f"progress.method.{method}.asks", ctx.lang),
        text=_counts(ctx, shares),
        shares=shares,
    )


def _counts(ctx: Context, shares: Sequence[VerdictShare]) -> str:
    """Return the parts of a bar in words, for those who cannot see it."""
    counts = [t("progress.text.count", ctx.lang, status=share["text"], count=str(share["count"])) for share in shares]
    return t("ui.list.semicolon", ctx.lang).join(counts)


def _by_status(ctx: Context, method: str, rows: Sequence[Row]) -> list[VerdictShare]:
    """Return a part for every status that occurs, best first; refusals last.

    A status that says "on track" has a part of its own, under its own words, where no target is set.
    """
    codes = [choose_word(row["status"], row["target"]) if choose_tone(row) != "none" else REFUSED for row in rows]
    tones: dict[str, Tone] = {**list_tones(), REFUSED: "none"}
    names = {code: _refused(ctx) if code == REFUSED else name_status(ctx, code) for code in tones if code in codes}
    return [_share(ctx, method, code, names[code], tones[code], codes.count(code), len(codes)) for code in names]


def _by_tone(ctx: Context, method: str, rows: Sequence[Row]) -> list[VerdictShare]:
    """Return a part for every sign that occurs: signs are what all methods share."""
    row_tones = [choose_tone(row) for row in rows]
    tones: tuple[Tone, ...] = ("met", "good", "middle", "bad", "none")
    return [
        _share(
            ctx,
            method,
            tone,
            _refused(ctx) if tone == "none" else t(f"progress.sign.{tone}", ctx.lang),
            tone,
            row_tones.count(tone),
            len(row_tones),
        )
        for tone in tones
        if tone in row_tones
    ]


def _share(ctx: Context, method: str, code: str, words: str, tone: Tone, count: int, of: int) -> VerdictShare:
    return VerdictShare(
        status=code,
        text=words,
        tone=tone,
        sign=choose_sign(method, code, tone),
        count=count,
        share=format_share(100 * count / of, ctx.lang),
    )


def _refused(ctx: Context) -> str:
    return t("results.controls.refused", ctx.lang)


def _percent(part: float | None) -> str:
    """Return a part of the scale as a CSS length within the scale; "" for none."""
    return "" if part is None else f"{100 * min(max(part, 0.0), 1.0):.2f}%"
