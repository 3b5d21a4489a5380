"""Satisfaction in a brief: what the agency says of itself, service users, SDG 16.6.2; each apart, also when empty."""

from collections.abc import Sequence

from dashboard.analysis.reports.content import Cell, Facts, Grid, Part, Section, Words
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import join_sentences
from dashboard.answers.countries.views import Reported, Voice, VoiceFigure
from dashboard.answers.reports.frame import build_columns, translate_word
from dashboard.locales import t


def write_satisfaction(ctx: Context, voices: Sequence[Voice]) -> Section:
    """The three, each with what it is and why it is empty; then what was reported and published, one part for each."""
    facts = Facts([(one["label"], join_sentences([one["definition"], one["empty"]])) for one in voices])
    parts = [Part(one["label"], "", _rows(one)) for one in voices if one["reports"] or one["figures"]]
    columns = build_columns(ctx, {"what": 2.4, "value": 1.7, "date": 1.5, "source": 5.5})
    kind = translate_word(ctx, "voices.kind")
    grids = (
        [Grid(translate_word(ctx, "voices.sheet"), translate_word(ctx, "voices.note"), kind, columns, parts)]
        if parts
        else []
    )
    return Section(
        t("country.voice.title", ctx.lang), [Words(t("country.voice.note", ctx.lang), "note"), facts, *grids]
    )


def _rows(voice: Voice) -> list[Sequence[Cell]]:
    return [*(_reported(it) for it in voice["reports"]), *(_published(it) for it in voice["figures"])]


def _reported(it: Reported) -> Sequence[Cell]:
    """A quotation: as the source has it, never a number to compute with."""
    return (
        Cell(it["metric_text"]),
        Cell(it["value_text"], strong=True),
        Cell(it["date_text"]),
        Cell(it["source"], it["note"]),
    )


def _published(it: VoiceFigure) -> Sequence[Cell]:
    figure = it["figure"]
    return (
        Cell(it["name"]),
        Cell(figure["quantity"], figure["interval"], strong=True),
        Cell(figure["period"]),
        Cell(figure["source_text"], figure["edition"]),
    )
