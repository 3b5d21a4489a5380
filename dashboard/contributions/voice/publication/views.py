"""What pages show of released counts: of a country and a centre a year or other months, changes, answers, words."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from dashboard.analysis.measures.counts.coding import MIN_ALPHA
from dashboard.analysis.measures.surveys.suppression import THRESHOLD
from dashboard.contributions.voice import store
from dashboard.contributions.voice.model import INTEGRITY, KINDS
from dashboard.contributions.voice.publication.given import ORIGIN, QUESTIONS, TOTAL, Given, is_answer, of_place
from dashboard.contributions.voice.publication.periods import YEAR, PooledMonths, pool_months
from dashboard.contributions.voice.publication.withholding import KIND, UNSORTED, changes, rates
from dashboard.contributions.voice.review import settled
from dashboard.contributions.voice.tables import VoiceCount, VoiceReply
from dashboard.locales import format_day as date_text
from dashboard.locales import format_number, format_quantity, t


class ThemeRow(TypedDict):
    name: str
    n: str  # opinions, and how many that is per 10,000 transactions
    width: str  # of its bar, as a share of the longest


class ScoreRow(TypedDict):
    language: str
    labels: str
    coverage: str
    precision: str


class VoicesView(TypedDict):
    """What a page shows of a country's voices: some months, what changed, how well the classifier does."""

    how: str
    month: str
    rows: list[ThemeRow]
    caution: str  # that the themes rest on people who agree too little
    changes: list[str]
    scores: list[ScoreRow]
    given: Given  # faces, and answers to the questions of the form
    kinds: list[ThemeRow]  # complaints, suggestions, thanks and others, each with its themes


def voices(engine: store.Engine, country: str, names: Mapping[str, str], lang: str, months: int = YEAR) -> VoicesView:
    """Return the newest release of a country, in the reader's language; nothing where none was released.

    Args:
        engine: of the database.
        country: ISO3.
        names: of its centres, by code.
        lang: of the words.
        months: how many are shown, back from the newest.
    """
    every = store.published(engine, country)
    rows = [row for row in every if not is_answer(row.theme)]
    given = _given([row for row in every if row.centre == TOTAL], months, lang)
    together = pool_months([row for row in rows if row.centre == TOTAL], months)
    if together is None:
        return {"how": "", "month": "", "rows": [], "caution": "", "changes": [], "scores": [], "given": given,
                "kinds": []}  # fmt: skip
    centre = {TOTAL: t("delivery.country.all_centres", lang), **names}

    def theme(row_theme: str) -> str:
        return t(f"delivery.themes.{row_theme}", lang)

    told = changes(rows)
    lines = [
        t(
            "delivery.country.rose" if one.ratio.lower > 1 else "delivery.country.fell",
            lang,
            centre=centre.get(one.centre, one.centre),
            theme=theme(one.theme),
            ratio=format_number(one.ratio.value, lang, 2) if one.ratio.value is not None else "∞",
            lower=format_number(one.ratio.lower, lang, 2),
            upper=format_number(one.ratio.upper, lang, 2) if one.ratio.upper is not None else "∞",
            month=date_text(one.month, lang, "month"),
        )
        for one in told
    ]
    model = store.model(engine, rows[0].model)  # whose answers are counted, whatever was trained since
    report = model.report.get("languages", []) if model is not None else []
    return {
        "how": t("delivery.country.voices_how", lang, date=date_text(rows[0].published_at.date(), lang)),
        "month": _describe_months(together, lang),
        "rows": themes(together.rows, lang),
        "caution": caution_of(rows[0].agreement, lang),
        "changes": lines,
        "scores": [_score(one, lang, one["threshold"] is not None) for one in report],
        "given": given,
        "kinds": _list_kinds([row for row in every if row.centre == TOTAL and is_answer(row.theme)], months, lang),
    }


def _list_kinds(rows: Sequence[VoiceCount], months: int, lang: str) -> list[ThemeRow]:
    """Return how many of each kind some months brought, and of which themes, the most frequent first."""
    together = pool_months(rows, months)
    told = {row.theme: row.n for row in together.rows} if together else {}
    most = max((told.get(f"{KIND}:{kind}") or 0 for kind in KINDS), default=0)
    shown: list[ThemeRow] = []
    for kind in KINDS:
        total = told.get(f"{KIND}:{kind}", 0)
        if total == 0:
            continue
        found = [(n, name.partition(":")[0]) for name, n in told.items() if n and name.endswith(f":{kind}")]
        themes_ = [
            f"{t(f'delivery.themes.{theme}', lang)} {format_number(n, lang)}"
            for n, theme in sorted(found, key=lambda it: (-it[0], it[1]))
            if theme != KIND
        ]
        n = t("delivery.country.hidden_mark", lang) if total is None else format_number(total, lang)
        name, width = t(f"officers.kinds.{kind}", lang), f"{100 * (total or 0) / (most or 1):.1f}%"
        shown.append({"name": name, "n": " · ".join((n, *themes_)), "width": width})
    return shown


class CentreThemes(TypedDict):
    month: str
    rows: list[ThemeRow]
    caution: str
    given: Given


def of_centre(engine: store.Engine, country: str, centre: str, lang: str) -> CentreThemes:
    """Return what people said of one centre in the last twelve months released; no rows where nothing was."""
    every = [row for row in store.published(engine, country) if row.centre == centre]
    rows, given = [row for row in every if not is_answer(row.theme)], _given(every, YEAR, lang)
    together = pool_months(rows)
    if together is None:
        return {"month": "", "rows": [], "caution": "", "given": given}
    return {
        "month": _describe_months(together, lang),
        "rows": themes(together.rows, lang),
        "caution": caution_of(rows[0].agreement, lang),
        "given": given,
    }


def caution_of(alpha: float | None, lang: str) -> str:
    """That those who sorted the opinions agree too little; "" where they agree, or no two sorted the same."""
    if alpha is None or alpha >= MIN_ALPHA:
        return ""
    return t(
        "delivery.country.disagree", lang, alpha=format_number(alpha, lang, 2), least=format_number(MIN_ALPHA, lang, 2)
    )


def _given(rows: Sequence[VoiceCount], months: int, lang: str) -> Given:
    """Return the faces and answers of some months of one place."""
    together = pool_months([row for row in rows if is_answer(row.theme)], months)
    return of_place(together.rows, _name_months(together, lang), lang) if together else of_place((), "", lang)


def _describe_months(together: PooledMonths, lang: str) -> str:
    """Return how many opinions some months brought to one place."""
    total = next((row.n for row in together.rows if row.theme == TOTAL), None)
    n = t("delivery.country.hidden", lang) if total is None else format_number(total, lang)
    key = "voices_month" if together.first == together.last else "voices_months"
    return t(f"delivery.country.{key}", lang, month=_name_months(together, lang), n=n)


def _name_months(together: PooledMonths, lang: str) -> str:
    first, last = (date_text(month, lang, "month") for month in (together.first, together.last))
    return last if first == last else f"{first} – {last}"


def themes(rows: Sequence[VoiceCount], lang: str) -> list[ThemeRow]:
    """Return the themes of one centre and month (or of all centres), the most frequent first, what nobody sorted last.

    Nothing of a theme nobody spoke of, and nothing of the total.
    """
    known = [one for one in rates(rows) if one.theme != TOTAL and one.n != 0]
    known.sort(key=lambda one: (one.theme == UNSORTED, -(one.n or 0), one.theme))
    most = max((one.n for one in known if one.n), default=1)
    shown: list[ThemeRow] = []
    for one in known:
        said = t("delivery.country.hidden_mark", lang) if one.n is None else format_number(one.n, lang)
        if one.rate is not None:
            low, value, high = (format_number(it, lang, 1) for it in (one.rate.lower, one.rate.value, one.rate.upper))
            said = t("delivery.country.theme_rate", lang, n=said, rate=value, lower=low, upper=high)
        name = t(f"delivery.themes.{one.theme}", lang)
        shown.append({"name": name, "n": said, "width": f"{100 * (one.n or 0) / most:.1f}%"})
    return shown


COUNT_COLUMNS = ("month", "centre", "theme", "kind", "answer", "origin", "count", "transactions")


def list_counts(engine: store.Engine, country: str) -> list[dict[str, str | int | None]]:
    """The newest release as rows of a file: themes, kinds, answers and origins; ``count`` is None where hidden."""
    found: list[dict[str, str | int | None]] = []
    for row in store.published(engine, country):
        first, _, second = row.theme.partition(":")
        answer = row.theme if first in QUESTIONS else ""
        found.append(
            {
                "month": f"{row.month:%Y-%m}",
                "centre": "" if row.centre == TOTAL else row.centre,
                "theme": "" if answer or first in (KIND, ORIGIN) else first,
                "kind": "" if answer or first == ORIGIN else second,
                "answer": answer,
                "origin": second if first == ORIGIN else "",
                "count": row.n,
                "transactions": row.transactions,
            }
        )
    return found


class AnswerRow(TypedDict):
    theme: str
    period: str
    said: str
    did: str
    office: str
    language: str


class QuoteRow(TypedDict):
    theme: str
    text: str
    language: str


class AnsweredView(TypedDict):
    """What a country answered to its citizens, and the words of theirs that a person released."""

    answers: list[AnswerRow]
    quotes: list[QuoteRow]


MOST_QUOTES = 30


def answered(engine: store.Engine, country: str, lang: str) -> AnsweredView:
    """“You said, we did” and released words, with themes in the reader's language and texts in their own.

    Words are shown only under a theme of which counts are published, without centre and day.
    """
    rows = [row for row in store.published(engine, country) if row.centre == TOTAL]
    shown: Counter[str] = Counter()
    for row in rows:
        shown[row.theme] += row.n or 0
    answers: list[AnswerRow] = []
    for one in _in_language(store.replies(engine, country), lang):
        n = heard(rows, one.theme, one.period)
        key = "officers.public.period" if n is not None else "officers.public.period_only"
        answers.append(
            {
                "theme": t(f"delivery.themes.{one.theme}", lang),
                "period": t(key, lang, period=one.period, n=format_number(n or 0, lang)),
                "said": one.said,
                "did": one.did,
                "office": one.office,
                "language": one.language,
            }
        )
    chosen = {id_ for id_, one in store.decisions(engine, country).items() if one.what == "released"}
    given = store.labels(engine, [country]) if chosen else {}
    quotes: list[QuoteRow] = []
    for said in store.opinions(engine, [country]) if chosen else ():
        theme = settled(given.get(said.id, {}))
        if said.id in chosen and said.text and theme and theme != INTEGRITY and shown[theme] >= THRESHOLD:
            language = said.language if said.language != "unknown" else ""
            quotes.append({"theme": t(f"delivery.themes.{theme}", lang), "text": said.text, "language": language})
    return {"answers": answers, "quotes": quotes[:MOST_QUOTES]}


def heard(rows: Iterable[VoiceCount], theme: str, period: str) -> int | None:
    """Return how many opinions of a theme are published for a period over all centres.

    Args:
        rows: a release.
        theme: one of ``THEMES``.
        period: a month or quarter, ``2026-10`` or ``2026-Q3``.

    Returns:
        The number; None where there is none, any month of it is hidden, or it is below ten.
    """
    held = [row for row in rows if row.centre == TOTAL and row.theme == theme]
    found = [
        row.n for row in held if period in (f"{row.month:%Y-%m}", f"{row.month.year}-Q{(row.month.month + 2) // 3}")
    ]
    shown = [n for n in found if n is not None]
    return sum(shown) if len(shown) == len(found) and sum(shown) >= THRESHOLD else None


def _in_language(rows: Iterable[VoiceReply], lang: str) -> list[VoiceReply]:
    """Of each theme and period the answer in this language, else the ones there are."""
    places: dict[tuple[str, str], list[VoiceReply]] = {}
    for row in rows:
        places.setdefault((row.theme, row.period), []).append(row)
    return [row for alike in places.values() for row in ([one for one in alike if one.language == lang] or alike)]


def _score(one: Mapping[str, Any], lang: str, answers: bool) -> ScoreRow:
    coverage, precision = t("delivery.country.abstains", lang), ""
    if answers:
        coverage = format_quantity(100 * one["coverage"], "percent", lang, 0)
        precision = format_quantity(100 * one["precision"], "percent", lang, 1)
    return {
        "language": one["language"],
        "labels": format_number(one["labels"], lang),
        "coverage": coverage,
        "precision": precision,
    }
