"""From which year a country's years are counted: a dated event of the adoption register, or words why there is none."""

from dataclasses import dataclass
from typing import Any

from dashboard.answers.adoption.counting import register
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import join_sentences
from dashboard.evidence.codebook.model import choose_text
from dashboard.evidence.codebook.register.adoption import is_counted
from dashboard.evidence.codebook.register.model import AdoptionEvent


@dataclass(frozen=True, slots=True)
class Start:
    """The first counted event of a kind in a country.

    ``year`` is None where the register has none of it (``reason`` "none"), or where one of them has no date and might
    be the first ("undated").
    """

    iso3: str
    year: int | None
    reason: str
    event: AdoptionEvent | None


def list_starts(ctx: Context, kind: str) -> list[Start]:
    """Return the first event of a kind for each country of the register."""
    return [find_start(ctx, iso3, kind) for iso3 in register(ctx)]


def find_start(ctx: Context, iso3: str, kind: str) -> Start:
    """Return the first event of a kind in a country; mere reports that a centre is open hide no date."""
    adoption = register(ctx).get(iso3)
    events = [event for event in (adoption.events if adoption else ()) if is_counted(event) and event.type == kind]
    own = [event for event in events if not event.reported]
    if not events:
        return Start(iso3, None, "none", None)
    if not own or not all(event.date for event in own):
        return Start(iso3, None, "undated", next((event for event in own or events if not event.date), None))
    first = min(own, key=lambda event: event.date)
    return Start(iso3, int(first.date[:4]), "", first)


def describe_event(ctx: Context, event: AdoptionEvent) -> str:
    """Return the notes on an event as sentences."""
    notes = (
        choose_text(event.notes, ctx.lang) or event.note,
        choose_text(event.mapping_notes, ctx.lang) or event.mapping_note,
    )
    return join_sentences([_stop(note) for note in notes])


def write_event_path(id_: Any) -> str:
    """Return the path of an event in the register, below the language; ``id_`` may be a page's variable."""
    return f"adoption/?q={id_}&country=&from=&to=#{id_}"


def _stop(words: str) -> str:
    """Return a note as a sentence."""
    return f"{words[:1].upper()}{words[1:]}." if words and words[-1] not in ".؟!" else words
