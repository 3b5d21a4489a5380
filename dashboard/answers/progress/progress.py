"""Progress towards targets: of an indicator, of a country, of the programme, by a method that is always named."""

from collections import Counter
from collections.abc import Iterable, Sequence

from dashboard.analysis.measures.progress.constants import EDITIONS
from dashboard.analysis.measures.progress.panel import RULES
from dashboard.analysis.measures.progress.ranges import LEVEL
from dashboard.answers.adoption.counting import (
    DEFAULT_RULE,
    check_rule,
    choose_default_countries,
    describe_count,
    list_adopters,
    list_origins,
)
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import NoOption, quote_given
from dashboard.answers.base.lookup import find_countries, find_country, find_metric
from dashboard.answers.base.views import make_choice
from dashboard.answers.base.words import join_countries, name_country, sort_by_name
from dashboard.answers.freshness.dataset_status import describe_dataset
from dashboard.answers.progress.assessment import (
    DEFAULT_METHOD,
    METHODS,
    Row,
    assess_lines,
    project_ranges_of_indicator,
)
from dashboard.answers.progress.statuses import build_verdict, choose_tone, count_statuses, explain_reason, name_method
from dashboard.answers.progress.views import (
    CountryProgress,
    GoalCell,
    IndicatorProgress,
    Matrix,
    MethodChoice,
    ProgrammeProgress,
    ProgrammeRow,
    Range,
    SideBySide,
    Tone,
)
from dashboard.answers.wording.figures import format_value
from dashboard.evidence.codebook.model import Metric, choose_text
from dashboard.locales import format_number, order, t

SIGNS: dict[Tone, str] = {"met": "●", "good": "↗", "middle": "→", "bad": "↘"}
"""Letters of the matrix, the best first; the order is also that of a cell's text."""

STATES = ("sdsn", "oecd")
"""Methods whose status is a state and no movement: their letters are drawn without arrows."""

STATE_SIGNS: dict[Tone, str] = {"met": "●", "good": "◕", "middle": "◑", "bad": "○"}


STATUS_SIGNS = {
    "target_met": "✓", "no_target": "△", "on_track_not_met": "◉", "significant_progress": "⇗",
    "substantial_progress": "⇗", "stagnation": "=", "moderate_movement_away": "↓", "significant_movement_away": "⇘",
}  # fmt: skip
"""Signs of statuses that share their tone with another of the same method; each has a colour of its own too."""


def check_method(method: str) -> str:
    """Return the method if it exists.

    Raises:
        Invalid: there is none; the message lists them.
    """
    if method not in METHODS:
        words = f"There is no method {quote_given(method)}: there are {', '.join(METHODS)}."
        raise NoOption("method", method, METHODS, words)
    return method


def list_methods(ctx: Context, chosen: str = DEFAULT_METHOD) -> list[MethodChoice]:
    """Return the methods to choose from, the default first."""
    return [
        MethodChoice(
            id=method,
            name=name_method(ctx, method),
            edition=edition,
            asks=t(f"progress.method.{method}.asks", ctx.lang),
            chosen=method == chosen,
        )
        for method, edition in EDITIONS.items()
    ]


@cached
def assess_indicator(
    ctx: Context, indicator: str, countries: tuple[str, ...] = (), method: str = DEFAULT_METHOD
) -> IndicatorProgress:
    """Assess an indicator and project its lines to 2030; without countries, the default selection.

    Raises:
        Unknown: no such indicator or country.
        Invalid: no such method; a country is named by an alpha-2 or M49 code.
    """
    metric, by = find_metric(ctx, indicator), check_method(method)
    requested = find_countries(ctx, countries) or choose_default_countries(ctx, metric.id)
    rows = {row["country"]: row for row in assess_lines(ctx, metrics=[metric.id], countries=requested, methods=[by])}
    without = sort_by_name(ctx, (iso3 for iso3 in requested if iso3 not in rows))
    return IndicatorProgress(
        dataset_status=describe_dataset(ctx),
        indicator=metric.id,
        name=choose_text(metric.name, ctx.lang),
        methods=list_methods(ctx, by),
        verdicts=[build_verdict(ctx, metric, rows[iso3]) for iso3 in requested if iso3 in rows],
        ranges=_ranges(ctx, metric, requested),
        range_method=t(
            "progress.range.method",
            ctx.lang,
            level=format_number(LEVEL, ctx.lang),
            fewest=format_number(int(RULES("all", "range_fewest_points")), ctx.lang),
        ),
        without=_named(ctx, without) and t("progress.text.without", ctx.lang, countries=_named(ctx, without)),
    )


@cached
def assess_country(ctx: Context, iso3: str, method: str = DEFAULT_METHOD) -> CountryProgress:
    """Assess all indicators of a country, by name; those without a status come last.

    Raises:
        Unknown: no such country.
        Invalid: no such method; the country is named by an alpha-2 or M49 code.
    """
    country, by = find_country(ctx, iso3), check_method(method)
    rows = assess_lines(ctx, countries=[country.iso3], methods=[by])
    verdicts = [build_verdict(ctx, ctx.book.metrics[row["indicator"]], row) for row in rows]
    refused = sum(1 for verdict in verdicts if verdict["tone"] == "none")
    return CountryProgress(
        dataset_status=describe_dataset(ctx),
        iso3=country.iso3,
        name=choose_text(country.name, ctx.lang),
        methods=list_methods(ctx, by),
        verdicts=sorted(verdicts, key=lambda verdict: (verdict["tone"] == "none", order(verdict["name"], ctx.lang))),
        text=t(
            "progress.text.country",
            ctx.lang,
            method=name_method(ctx, by),
            assessed=str(len(verdicts) - refused),
            refused=str(refused),
        ),
    )


@cached
def compare_methods(ctx: Context, indicator: str, iso3: str) -> SideBySide:
    """Return the arithmetic of all methods on one line.

    Raises:
        Unknown: no such indicator or country.
        Invalid: the country is named by an alpha-2 or M49 code.
    """
    metric, country = find_metric(ctx, indicator), find_country(ctx, iso3)
    rows = assess_lines(ctx, metrics=[metric.id], countries=[country.iso3])
    return SideBySide(
        dataset_status=describe_dataset(ctx),
        indicator=metric.id,
        name=choose_text(metric.name, ctx.lang),
        iso3=country.iso3,
        country=choose_text(country.name, ctx.lang),
        verdicts=[build_verdict(ctx, metric, row) for row in rows],
        text=t("progress.text.side_by_side", ctx.lang),
    )


@cached
def assess_programme(ctx: Context, method: str = DEFAULT_METHOD, rule: str = DEFAULT_RULE) -> ProgrammeProgress:
    """Count the adopters by status on each indicator; nothing is averaged.

    Raises:
        Invalid: no such method or counting rule.
    """
    by, checked = check_method(method), check_rule(rule)
    members = list_adopters(ctx, checked)
    rows: dict[str, list[Row]] = {}
    for row in assess_lines(ctx, countries=members, methods=[by]):
        rows.setdefault(row["indicator"], []).append(row)
    programme_rows = [
        _programme_row(ctx, ctx.book.metrics[metric], rows_of_metric, len(members))
        for metric, rows_of_metric in rows.items()
    ]
    return ProgrammeProgress(
        dataset_status=describe_dataset(ctx),
        rule=checked,
        rule_text=describe_count(ctx, checked, len(members)),
        methods=list_methods(ctx, by),
        rows=sorted(programme_rows, key=lambda row: (not row["counts"], order(row["name"], ctx.lang))),
    )


@cached
def build_matrix(
    ctx: Context, method: str = DEFAULT_METHOD, countries: tuple[str, ...] = (), theme: str = "", goal: int = 0
) -> Matrix:
    """Build goals × countries: how many indicators have which sign; by default origin and adopters.

    ``theme``: of its indicators only; ``goal``: that goal only.

    Raises:
        Unknown: no such country.
        Invalid: no such method; a country is named by an alpha-2 or M49 code.
    """
    by = check_method(method)
    requested = find_countries(ctx, countries) or (*list_origins(ctx), *sort_by_name(ctx, list_adopters(ctx)))
    goals_of = {metric.id: list_direct_goals(ctx, metric) for metric in ctx.book.metrics.values()}
    cells: dict[tuple[int, str], list[Row]] = {}
    for row in assess_lines(ctx, countries=requested, methods=[by]):
        if theme in ("", ctx.book.metrics[row["indicator"]].theme):
            for goal_number in goals_of[row["indicator"]]:
                cells.setdefault((goal_number, row["country"]), []).append(row)
    goals = sorted({number for number, _ in cells if goal in (0, number)})
    signs = list_signs(by)
    return Matrix(
        dataset_status=describe_dataset(ctx),
        methods=list_methods(ctx, by),
        goals=[make_choice(str(number), choose_text(ctx.book.goals[number].short, ctx.lang)) for number in goals],
        countries=[make_choice(iso3, name_country(ctx, iso3)) for iso3 in requested],
        cells=[_cell(ctx, number, iso3, cells.get((number, iso3), []), by) for number in goals for iso3 in requested],
        legend=[
            t("progress.text.legend", ctx.lang, sign=sign, meaning=t(f"progress.sign.{tone}", ctx.lang))
            for tone, sign in signs.items()
        ],
    )


def list_signs(method: str) -> dict[Tone, str]:
    """Return the sign of each tone, best first; without arrows for a method that tells a state."""
    return STATE_SIGNS if method in STATES else SIGNS


def choose_sign(method: str, status: str, tone: Tone) -> str:
    """Return a sign that tells a status from the others of its method; "–" without a status."""
    return STATUS_SIGNS.get(status) or list_signs(method).get(tone, "–")


def list_direct_goals(ctx: Context, metric: Metric) -> list[int]:
    """Return the goals an indicator is directly linked to; proxies and enablers count for none."""
    return sorted(
        {ctx.book.targets[link.target].goal for link in metric.links if link.target and link.strength == "direct"}
    )


def _named(ctx: Context, codes: Iterable[str]) -> str:
    return join_countries(ctx, codes)


def _ranges(ctx: Context, metric: Metric, countries: Sequence[str]) -> list[Range]:
    ranges, texts = project_ranges_of_indicator(ctx, metric, countries), []
    for iso3 in countries:
        if (row := ranges.get(iso3)) is None:
            continue
        words = t(
            "progress.range.text",
            ctx.lang,
            country=name_country(ctx, iso3),
            low=format_value(ctx, metric, row["low"], unit=_leads(ctx, metric, row["high"])),
            high=format_value(ctx, metric, row["high"], unit=True),
            level=format_number(LEVEL, ctx.lang),
        )
        texts.append(
            Range(
                iso3=iso3,
                country=name_country(ctx, iso3),
                year=2030,
                middle=row["middle"],
                low=row["low"],
                high=row["high"],
                text=words,
            )
        )
    return texts


def _leads(ctx: Context, metric: Metric, value: float) -> bool:
    """Return True if the unit precedes the number, so that both ends of a range need it (US$)."""
    bare, whole = (format_value(ctx, metric, value, unit=unit) for unit in (False, True))
    return whole != bare and whole.endswith(bare)


def _programme_row(ctx: Context, metric: Metric, rows: Sequence[Row], of: int) -> ProgrammeRow:
    counts = count_statuses(ctx, rows)
    count = sum(entry["count"] for entry in counts)
    return ProgrammeRow(
        indicator=metric.id,
        name=choose_text(metric.name, ctx.lang),
        counts=counts,
        refused=len(rows) - count,
        of=of,
        text=t("progress.text.programme_row", ctx.lang, assessed=str(count), of=str(of)),
    )


def _cell(ctx: Context, goal: int, iso3: str, rows: Sequence[Row], method: str) -> GoalCell:
    counts = Counter(choose_tone(row) for row in rows)
    refused = counts.pop("none", 0)
    signs = list_signs(method)
    present = [tone for tone in signs if counts[tone]]
    names = {"goal": choose_text(ctx.book.goals[goal].short, ctx.lang), "country": name_country(ctx, iso3)}
    texts = [
        t("progress.text.count", ctx.lang, status=entry["text"], count=str(entry["count"]))
        for entry in count_statuses(ctx, rows)
    ]
    words = (
        t("progress.text.cell", ctx.lang, counts=t("ui.list.semicolon", ctx.lang).join(texts), **names)
        if texts
        else t("progress.text.cell_none", ctx.lang, refused=str(refused), **names)
        if rows
        else t("progress.text.cell_empty", ctx.lang, **names)
    )
    reasons = Counter(row["reason"] for row in rows if choose_tone(row) == "none" and row["reason"])
    why = [explain_reason(ctx, reason) for reason, _ in reasons.most_common()]
    if why:
        words = t("results.matrix.with_reasons", ctx.lang, text=words, reasons=" ".join(why))
    return GoalCell(
        goal=goal,
        iso3=iso3,
        letters=" ".join(f"{counts[tone]}{signs[tone]}" for tone in present),
        tone=present[-1] if present else "none",
        assessed=sum(counts.values()),
        refused=refused,
        text=words,
    )
