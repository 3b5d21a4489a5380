"""What publishing a submission would change, in the words of its page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dashboard.contributions.delivery.wording import count_name, country_name
from dashboard.contributions.submissions import publication, removal
from dashboard.contributions.submissions.kinds.activities import ActivitiesKind, list_sent
from dashboard.contributions.submissions.kinds.counts import CentreChange, CountsKind, preview
from dashboard.contributions.submissions.kinds.registry import kind_of
from dashboard.contributions.submissions.model import (
    LEVEL,
    METHOD_FIELDS,
    REPLACED,
    FigureChange,
    Removed,
    Submission,
    Withdrawal,
)
from dashboard.contributions.submissions.workbooks.counts import cells
from dashboard.contributions.submissions.workbooks.words import answer_text, group_text, reason_text, subject_text
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.locales import format_number, t
from dashboard.settings import Settings

SHOWN_CHANGES = 300
COMPARED = ("checked", "submitted", "approved")
"""States in which the difference to what is published is shown."""


def changes_of(
    settings: Settings, submission: Submission, lang: str
) -> tuple[list[dict[str, str]], list[dict[str, str]], dict[str, int]]:
    """The difference in words, largest revisions first, and apart what changes no figure; nothing where there is none.

    What changes no figure is unchanged, or says only why there is none, where there was none before.
    """
    if submission.state not in COMPARED or not submission.rows or not kind_of(submission).writes_vintage:
        return [], [], {}
    comparison = publication.preview(settings, load_codebook(), submission)
    order = ("withdrawn", "revised", "vanished", "new", "unchanged")
    rows = sorted(comparison.changes, key=lambda it: (order.index(it.fate), -abs(it.percent or 0)))

    def changes_nothing(one: FigureChange) -> bool:
        return one.fate == "unchanged" or (one.before is None and one.after is None)

    quiet = [one for one in rows if changes_nothing(one)]
    loud = [one for one in rows if not changes_nothing(one)]
    told = [[change_words(one, lang) for one in some[:SHOWN_CHANGES]] for some in (loud, quiet)]
    return told[0], told[1], dict(comparison.counts) | {"folded": len(quiet)}


def counted(settings: Settings, submission: Submission, lang: str) -> dict[str, Any] | None:
    """Of counts: reports that are new, revised or as before, what changes of centres, and the sums of both months."""
    if not isinstance(kind_of(submission), CountsKind) or submission.state not in COMPARED:
        return None
    found = preview(settings, submission)
    kinds = {"new": found.new, "revised": found.revised, "unchanged": found.unchanged}
    return {
        "kinds": [(t(f"submissions.fate.{kind}", lang), format_number(count, lang)) for kind, count in kinds.items()],
        "centres": [_centre(one, lang) for one in found.centres[:SHOWN_CHANGES]],
        "changed_centres": format_number(len(found.centres), lang),
        "totals": [
            {
                "name": count_name(one.name, lang),
                "before": "–" if one.before is None else format_number(one.before, lang),
                "after": format_number(one.after, lang),
                "percent": "" if one.percent is None else format_number(one.percent, lang, 1, signed=True) + "\u00a0%",
            }
            for one in found.totals
        ],
    }


def acted(settings: Settings, submission: Submission, lang: str) -> list[dict[str, str]]:
    """Of activities: each as it was read, for who approves and publishes it."""
    if not isinstance(kind_of(submission), ActivitiesKind):
        return []
    return [
        {
            "kind": t(f"documents.activity.{one.kind}", lang),
            "title": one.title,
            "date": one.date,
            "countries": t("ui.list.comma", lang).join(country_name(iso3, lang) for iso3 in one.countries),
            "participants": "–" if one.participants is None else format_number(one.participants, lang),
            "women": "–" if one.women is None else format_number(one.women, lang),
            "link": one.link,
        }
        for one in list_sent(settings, submission)[:SHOWN_CHANGES]
    ]


def removal_of(settings: Settings, submission: Submission, lang: str) -> dict[str, Any] | None:
    """Published figures that would go, every one of them, and whether somebody has answered for them; None without."""
    figures = removed_of(settings, submission)
    if not figures:
        return None
    released = submission.released if removal.is_released(figures, submission.released) else {}
    return {
        "count": len(figures),
        "rows": [removed_words(one, lang) for one in figures],
        "office": released.get("office", ""),
        "moment": datetime.fromisoformat(released["at"]) if released else None,
    }


def removed_of(settings: Settings, submission: Submission) -> list[Removed]:
    """Return published figures that would go; nothing where nobody decides on it."""
    if submission.state not in COMPARED or not submission.rows:
        return []
    return removal.removed(settings, load_codebook(), submission)


def withdrawal_of(settings: Settings, submission: Submission, lang: str) -> list[dict[str, str]]:
    """Return published figures that are taken back, each with its reason, as people read it."""
    return [
        removed_words(one.figure, lang) | {"reason": reason_text(one.reason, lang)}
        for one in withdrawals_of(settings, submission)
    ]


def withdrawals_of(settings: Settings, submission: Submission) -> list[Withdrawal]:
    """Published figures that it would take back by name, or once it is published has; nothing where that was undone."""
    if submission.state == "rolled_back":
        return []
    if submission.withdrawn:
        return [Withdrawal.of(one) for one in submission.withdrawn]
    if submission.state not in COMPARED or not submission.rows:
        return []
    with reading(open_engine(settings)) as connection:
        return kind_of(submission).withdrawals_on(connection, load_codebook(), submission)


def taken_of(settings: Settings, submission: Submission) -> list[Withdrawal]:
    """Published figures that would be published no more: by name, or with the year; nothing once it is decided."""
    if submission.state not in COMPARED or not submission.rows:
        return []
    if not kind_of(submission).writes_vintage:
        gone = [Withdrawal(one, REPLACED) for one in removal.removed(settings, load_codebook(), submission)]
        return [*withdrawals_of(settings, submission), *gone]
    return publication.preview(settings, load_codebook(), submission).taken


def removed_words(figure: Removed, lang: str) -> dict[str, str]:
    """Return a figure that would go, as people read it."""
    metric = load_codebook().metrics.get(figure.indicator)
    return {
        "indicator": subject_text(figure.indicator, lang),
        "period": figure.period,
        "group": group_text(figure.group, lang),
        "value": format_number(figure.value, lang, metric.decimals if metric else None),
    }


def _centre(change: CentreChange, lang: str) -> dict[str, str]:
    """Return what a row of *Centres* changes, by the columns it changes."""
    after = cells(change.after)
    before = cells(change.before) if change.before else dict.fromkeys(after, "")
    changed = [name for name in after if name not in ("code", "country") and after[name] != before[name]]

    def shown(row: Mapping[str, str]) -> str:
        return " · ".join(f"{name}: {row[name] or '–'}" for name in changed)

    return {
        "name": f"{change.after.name} ({change.after.code})",
        "fate": t(f"submissions.fate.{'revised' if change.before else 'new'}", lang),
        "before": shown(before) if change.before else "–",
        "after": shown(after),
    }


def change_words(change: FigureChange, lang: str) -> dict[str, str]:
    """Return a figure against what is published, as people read it: as precise as it was sent."""
    metric = load_codebook().metrics[change.indicator]

    def shown(value: float | None) -> str:
        return "–" if value is None else format_number(value, lang, max(metric.decimals, _decimals(value)))

    def beside(bounds: tuple[float, float] | None, note: str, at: float | None, made: str) -> str:
        level = format_number(at or LEVEL, lang, 0)
        pair = {name: shown(value) for name, value in zip(("lower", "upper"), bounds or (), strict=False)}
        interval = t("submissions.detail.interval", lang, level=level, **pair) if bounds else ""
        return " · ".join(part for part in (interval, note, made) if part)

    return {
        "indicator": choose_text(metric.name, lang),
        "period": change.period,
        "group": group_text(change.dimensions, lang),
        "fate": t(f"submissions.fate.{change.fate}", lang),
        "before": shown(change.before),
        "after": shown(change.after),
        "beside_before": beside(
            change.bounds_before, change.note_before, change.levels[0], made_text(change.made_before, {}, lang)
        ),
        "beside_after": beside(
            change.bounds_after,
            change.note_after,
            change.levels[1],
            made_text(change.made_after, change.made_before, lang) if change.after is not None else "",
        ),
        "number": change.edition.removeprefix("submission ") if change.edition.startswith("submission ") else "",
        "percent": "" if change.percent is None else format_number(change.percent, lang, 1, signed=True) + "\u00a0%",
    }


def made_text(made: Mapping[str, str], before: Mapping[str, str], lang: str) -> str:
    """Return how a figure was made, and what else of it is told otherwise than before."""
    told = [answer_text("method", made.get("method", ""), lang)]
    if made.get("definition_used") == "own":
        told.append(answer_text("definition_used", "own", lang))
    if made and before:
        told += [
            t("ui.list.colon", lang).join(
                (t(f"submissions.method.{name}", lang), answer_text(name, made.get(name, "–"), lang))
            )
            for name in METHOD_FIELDS[1:]
            if name != "definition_used" and made.get(name, "") != before.get(name, "")
        ]
    return " · ".join(filter(None, told))


def _decimals(value: float) -> int:
    """Return decimals that a number has been written with, as far as they say anything: six at most."""
    return min(len(f"{value:.10g}".partition(".")[2].partition("e")[0]), 6)
