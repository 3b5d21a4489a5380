"""Decisions in the reader's language: what raised each, the figure then and again, who acts by when, how it ended."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

from dashboard.contributions.actions import store, workflow
from dashboard.contributions.actions.judging import AGAINST, Judgement, judge
from dashboard.contributions.actions.model import ENDED, KINDS, FigureReading, Signal
from dashboard.contributions.actions.signals import SPANS, SignalContext, known, measure
from dashboard.contributions.actions.tables import Decision
from dashboard.contributions.delivery.metrics import PooledFigure, metrics
from dashboard.contributions.delivery.wording import country_name, figure_view, metric_name
from dashboard.contributions.submissions import deadlines
from dashboard.contributions.voice.publication.given import TOTAL
from dashboard.evidence.database.engine import open_engine
from dashboard.locales import format_day, format_number, order, t
from dashboard.settings import Settings


class ReadingView(TypedDict):
    """A figure as a line of text and, where it is a number, as a mark: places in per cent of a scale they share."""

    name: str  # in ``actions``: figure, before, judged or again
    text: str
    at: str  # "" for none
    start: str
    width: str


class SignalView(TypedDict):
    key: str
    what: str
    why: str
    figure: str
    before: str
    readings: list[ReadingView]
    source: str


class VerdictView(TypedDict):
    verdict: str  # worked, no_change, worse or cannot_tell; "" of one that was declined
    verdict_text: str
    verdict_why: str
    against: str  # what is said where it was closed although the figure does not show that it worked


class DecisionView(VerdictView):
    number: int
    what: str
    why: str
    figure: str
    before: str
    again: str  # the figure at the newest month, where that is a later one
    judged: str  # the figure in the month it should show, where that is known
    readings: list[ReadingView]
    source: str
    owner: str
    due: str
    due_day: str
    state: str
    state_text: str
    measure: str
    shows: str
    shows_month: str
    months: list[tuple[str, str]]  # that may be named as the one it should show in, with their names
    words: str
    language: str
    office: str
    opened: str
    dataset: str
    late: bool
    ended: bool


class DecisionsView(TypedDict):
    """A country's decisions, those that are not ended first and the next due first; and what waits for one."""

    iso3: str
    name: str
    decisions: list[DecisionView]
    waiting: list[SignalView]


class ActionsCountry(TypedDict):
    iso3: str
    name: str
    count: str


def countries(settings: Settings, lang: str) -> list[ActionsCountry]:
    """Return countries with decisions, by name."""
    rows: list[ActionsCountry] = [
        {"iso3": iso3, "name": country_name(iso3, lang), "count": t("actions.count", lang, count=count)}
        for iso3, count in store.countries(open_engine(settings)).items()
    ]
    return sorted(rows, key=lambda one: order(one["name"], lang))


def decisions(settings: Settings, iso3: str, lang: str, now: datetime) -> DecisionsView:
    """Return all of a country."""
    database = open_engine(settings)
    of = known(database, iso3, now.date())
    names = {code: rows[-1].name for code, rows in of.centres.items()}
    dues = sorted(deadlines.listing(settings, now, iso3), key=lambda one: one.standing == "overdue")
    standings = {one.period: one.standing for one in dues}  # of several offices the one that is late counts
    rows = sorted(store.listing(database, iso3), key=lambda row: (row.state in ENDED, row.due, row.id))
    waiting = sorted(workflow.waiting(settings, iso3, now), key=lambda one: KINDS.index(one.kind))
    return {
        "iso3": iso3,
        "name": country_name(iso3, lang),
        "decisions": [_decision(row, of, names, standings, lang, now) for row in rows],
        "waiting": [_signal(one, names, lang) for one in waiting],
    }


def _readings(*given: tuple[str, FigureReading | None, str]) -> list[ReadingView]:
    """Return readings in the order of time, those there are; each (name, reading, its words)."""
    known = [(name, one, words) for name, one, words in given if one is not None and words]
    ends = [end for _, one, _ in known for end in (one.value, one.lower, one.upper) if end is not None]
    drawn = sum(one.value is not None for _, one, _ in known) > 1  # one mark alone is beside nothing
    room = 0.06 * (max(ends) - min(ends)) or 1.0 if ends else 1.0

    def place(value: float) -> float:
        low, high = min(ends) - room, max(ends) + room
        return 100 * (value - low) / (high - low)

    shown: list[ReadingView] = []
    for name, one, words in known:
        view = ReadingView(name=name, text=words, at="", start="", width="")
        if drawn and one.value is not None:
            view["at"] = f"{place(one.value):.1f}%"
        if drawn and one.lower is not None and one.upper is not None:
            view["start"], view["width"] = f"{place(one.lower):.1f}%", f"{place(one.upper) - place(one.lower):.1f}%"
        shown.append(view)
    return shown


def _decision(
    row: Decision, of: SignalContext, names: Mapping[str, str], standings: Mapping[str, str], lang: str, now: datetime
) -> DecisionView:
    what = _what(row.kind, row.place, row.metric, row.month, names, lang)
    again = measure(of, row.kind, row.place, row.metric)
    if row.kind == "overdue":
        again = FigureReading(row.month, standings.get(row.month, "overdue"))
        later = again.state != "overdue"
    else:
        later = again is not None and again.month > row.month
    raised = shown_reading(FigureReading(**row.figure), row.metric)
    before = shown_reading(FigureReading(**row.before), row.metric) if row.before else None
    again = again if later else None
    judgement = judge(of, row, standings.get(row.month, "")) if row.state != "declined" else None
    shown = judgement.reading if judgement is not None else None
    if again is not None and shown is not None and again.month == shown.month:
        again = None  # one figure is told once
    figure, then, judged, later_figure = (
        _figure(one, row.kind, row.metric, lang) if one is not None else "" for one in (raised, before, shown, again)
    )
    return {
        "number": row.id or 0,
        "what": what,
        "why": _why(row.kind, row.place, lang),
        "figure": figure,
        "before": then,
        "again": later_figure,
        "judged": judged,
        "readings": _readings(
            ("before", before, then),
            ("figure", raised, figure),
            ("judged", shown, judged),
            ("again", again, later_figure),
        ),
        "source": t(f"actions.source.{_source(row.kind)}", lang),
        "owner": row.owner,
        "due": format_day(row.due, lang),
        "due_day": row.due.isoformat(),
        "state": row.state,
        "state_text": t(f"actions.state.{row.state}", lang),
        "measure": row.measure,
        "shows": format_day(row.shows, lang) if row.shows else "",
        "shows_month": row.shows,
        "months": [(month, format_day(month, lang)) for month in workflow.months_to_show(row, now)],
        **_verdict(judgement, row, lang),
        "words": row.words,
        "language": row.language,
        "office": row.office,
        "opened": format_day(row.opened_at.date(), lang),
        "dataset": row.dataset,
        "late": row.state not in ENDED and row.due < deadlines.find_last_day(now),
        "ended": row.state in ENDED,
    }


def _verdict(judgement: Judgement | None, row: Decision, lang: str) -> VerdictView:
    """Return whether it worked in words, why nobody can tell, and whether it was closed against the figure."""
    if judgement is None:
        return {"verdict": "", "verdict_text": "", "verdict_why": "", "against": ""}
    against = row.state == "done" and judgement.verdict in AGAINST
    month = format_day(judgement.month, lang)
    return {
        "verdict": judgement.verdict,
        "verdict_text": t(f"actions.verdict.{judgement.verdict}", lang),
        "verdict_why": t(f"actions.verdict_why.{judgement.reason or judgement.verdict}", lang, month=month),
        "against": t("actions.against", lang) if against else "",
    }


def _signal(one: Signal, names: Mapping[str, str], lang: str) -> SignalView:
    figure = _figure(one.now, one.kind, one.metric, lang)
    before = _figure(one.before, one.kind, one.metric, lang) if one.before else ""
    return {
        "key": one.key,
        "what": _what(one.kind, one.place, one.metric, one.now.month, names, lang),
        "why": _why(one.kind, one.place, lang),
        "figure": figure,
        "before": before,
        "readings": _readings(("before", one.before, before), ("figure", one.now, figure)),
        "source": t(f"actions.source.{_source(one.kind)}", lang),
    }


def _what(kind: str, place: str, metric: str, month: str, names: Mapping[str, str], lang: str) -> str:
    """Return what a decision is about: the centre, and what of it."""
    where = t("delivery.country.all_centres", lang) if place in ("", TOTAL) else names.get(place, place)
    if kind == "rose":
        of = t(f"delivery.themes.{metric}", lang)
    else:
        of = metric_name(metrics()[metric], lang) if metric in metrics() else metric
    return t(f"actions.what.{kind}", lang, where=where, of=of, month=format_day(month, lang))


def _why(kind: str, place: str, lang: str) -> str:
    """By which rule it was found."""
    return t(f"actions.why.{'everywhere' if kind in ('slower', 'fell') and not place else kind}", lang)


def _figure(one: FigureReading, kind: str, metric: str, lang: str) -> str:
    """Return the figure with its limits and the months it rests on."""
    if kind == "overdue":
        key = one.state if one.state in ("overdue", "published", "not_reported") else "in_review"
        return t(f"actions.standing.{key}", lang)
    when = format_day(one.month, lang)
    span = one.span or SPANS.get(kind, 1)
    if one.years:
        when = t("actions.same_months", lang, count=one.years)
    elif span > 1:
        when = t("actions.months", lang, n=format_number(span, lang), last=when)
    if kind == "silent":
        return t(f"actions.standing.{one.state}", lang, month=when)
    if kind == "rose":
        text = t("delivery.country.hidden", lang) if one.state == "hidden" else ""
        if one.value is not None and one.lower is not None and one.upper is not None:
            value, lower, upper = (format_number(part, lang, 1) for part in (one.value, one.lower, one.upper))
            text = t("actions.rate", lang, value=value, lower=lower, upper=upper, n=format_number(one.n, lang))
        return f"{when}{t('ui.list.colon', lang)}{text}"
    pooled: dict[str, Any] = {"value": one.value, "lower": one.lower, "upper": one.upper}
    stood = "value" if one.state in ("met", "not_met", "cannot_tell") and one.value is not None else one.state
    if stood in ("met", "not_met", "cannot_tell"):
        stood = "too_few" if one.n else "not_reported"
    if metric not in metrics():  # a later version has it no more: its unit is not known
        value = t("delivery.kind.not_reported", lang) if one.value is None else format_number(one.value, lang, 1)
        return f"{when}{t('ui.list.colon', lang)}{value}"
    shown = figure_view(metrics()[metric], PooledFigure(metric, stood, **pooled, numerator=0, n=one.n, centres=1), lang)  # type: ignore[arg-type]
    parts = [shown["text"], shown["range"]]
    if kind == "target" and one.state in ("met", "not_met", "cannot_tell"):
        parts.append(t(f"delivery.country.target_{one.state}", lang))
    return f"{when}{t('ui.list.colon', lang)}" + t("ui.list.semicolon", lang).join(filter(None, parts))


def shown_reading(one: FigureReading, metric: str) -> FigureReading:
    """Return a reading that was kept, unless it speaks of people by another rule than today's: both would subtract."""
    of = metrics().get(metric)
    if of is None or not of.people or one.batched:
        return one
    return FigureReading(one.month, "withheld")


def _source(kind: str) -> str:
    """Where a figure of this kind comes from."""
    return {"overdue": "submissions", "rose": "voices"}.get(kind, "counts")
