"""What people answered besides their words: a face of four, and yes or no to the five questions of the form.

``count_answers(opinions) -> Counter`` by centre, month and answer, for ``withholding.withhold``;
``of_place(rows, period, lang) -> Given``: months of one centre, or of all, as a page shows them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import TypedDict

from dashboard.contributions.voice.form.words import texts
from dashboard.contributions.voice.model import ATTRIBUTES, RATINGS
from dashboard.contributions.voice.tables import VoiceCount, VoiceOpinion
from dashboard.locales import format_number, t

TOTAL = "total"
QUESTIONS: dict[str, tuple[str, ...]] = {
    "rating": tuple(f"rating:{level}" for level in RATINGS),
    **{name: (f"{name}:yes", f"{name}:no") for name in ATTRIBUTES},
}
"""Question → its answers, as they stand in the column of themes; no theme has a colon."""

ORIGIN = "origin"
TABLES: dict[str, tuple[str, ...]] = {**QUESTIONS, ORIGIN: (f"{ORIGIN}:form", f"{ORIGIN}:file")}
"""What is counted besides themes: the answers to each question, and whether opinions came by the form or in a file."""


class GivenAnswer(TypedDict):
    name: str  # the face or the question, in the words of the form
    n: str
    width: str  # of its bar: its share of those who answered


class Given(TypedDict):
    month: str
    rows: list[GivenAnswer]


def is_answer(theme: str) -> bool:
    """Return True if a published count is of an answer, not of a theme."""
    return ":" in theme


def find_question(theme: str) -> str:
    """Return the question of a published count of an answer; "" of a theme."""
    return theme.partition(":")[0] if is_answer(theme) else ""


def counted_in(one: VoiceOpinion, told: Mapping[date, datetime], table: Mapping[date, datetime] | None = None) -> date:
    """The month an opinion is counted in: of which it speaks, or the first after that was not told before it came.

    One of a month that was never told was added to the next that was told after it came (``batches.batched``): it stays
    there, or every further month would count it again.

    Args:
        one: the opinion.
        told: when each month was first told.
        table: the same of the table that it is counted in, where that may be told later; None: it is the same.
    """
    table = told if table is None else table
    month = one.said_on.replace(day=1)
    while month in told and one.received_at > told[month]:
        month = (month + timedelta(days=31)).replace(day=1)
    if month in table:
        return month
    return min((at for at, moment in table.items() if at > month and one.received_at <= moment), default=month)


def count_answers(
    opinions: Iterable[VoiceOpinion], told: Mapping[str, Mapping[date, datetime]] = MappingProxyType({})
) -> "Counter[tuple[str, date, str]]":
    """Return answers and origins by centre, first day of the month and answer, those of integrity reports left out.

    ``told`` says when each month was first released, by question: what came later is counted in a later one.
    """
    found: Counter[tuple[str, date, str]] = Counter()
    for one in opinions:
        if one.integrity:
            continue
        said = [f"{name}:{'yes' if yes else 'no'}" for name, yes in one.attributes.items()]
        if one.rating:
            said.append(f"rating:{one.rating}")
        if one.origin:
            said.append(f"{ORIGIN}:{one.origin}")
        for answer in said:
            found[one.centre, counted_in(one, told.get(find_question(answer), {})), answer] += 1
    return found


def of_place(rows: Iterable[VoiceCount], period: str, lang: str) -> Given:
    """Return the answers among the pooled counts of one place; no rows where there are none.

    Args:
        rows: each answer once, as ``periods.pool_months`` gives them.
        period: the months they are of, in words.
        lang: of the words.
    """
    held = {row.theme: row.n for row in rows if is_answer(row.theme)}
    if not held:
        return {"month": "", "rows": []}
    words, shown = texts(lang), list[GivenAnswer]()
    for question, answers in TABLES.items():
        total = held.get(f"{question}:{TOTAL}", 0)
        if total == 0:  # nobody answered it; None is hidden
            continue
        for answer in answers if question == "rating" else answers[:1]:
            n = held.get(answer)
            if question == ORIGIN:
                name = t("delivery.country.by_form", lang)
            else:
                name = words[question] if question != "rating" else words[f"face{answer.partition(':')[2]}"]
            told = t("delivery.country.hidden_mark", lang)
            if n is not None and total is not None:
                told = format_number(n, lang)
                if question != "rating":
                    key = "n_of" if question == ORIGIN else "yes_of"
                    told = t(f"delivery.country.{key}", lang, n=told, all=format_number(total, lang))
            shown.append({"name": name, "n": told, "width": f"{100 * (n or 0) / total:.1f}%" if total else "0.0%"})
    return {"month": t("delivery.country.given_month", lang, month=period), "rows": shown}
