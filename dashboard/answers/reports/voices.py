"""Satisfaction in a brief: what the agency says of itself, service users, SDG 16.6.2; each apart, also when empty."""

from collections.abc import Sequence

from dashboard.analysis.reports.content import Cell, Facts, Grid, Part, Section, Words
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import join_sentences
from dashboard.answers.countries.views import Reported, Voice, VoiceFigure
from dashboard.answers.reports.frame import build_columns, translate_word
from dashboard.locales import t


def write_satisfaction(ctx: Context, voices: Sequence[Voice]) -> Section:
    """Write the three voices with definitions and gaps, then what was reported and published."""
    facts = Facts([(voice["label"], join_sentences([voice["definition"], voice["empty"]])) for voice in voices])
    parts = [Part(voice["label"], "", _rows(voice)) for voice in voices if voice["reports"] or voice["figures"]]
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
    return [*(_reported(report) for report in voice["reports"]), *(_published(figure) for figure in voice["figures"])]


def _reported(report: Reported) -> Sequence[Cell]:
    """Return a quotation as the source has it: no number to compute with."""
    return (
        Cell(report["metric_text"]),
        Cell(report["value_text"], strong=True),
        Cell(report["date_text"]),
        Cell(report["source"], report["note"]),
    )


def _published(entry: VoiceFigure) -> Sequence[Cell]:
    figure = entry["figure"]
    return (
        Cell(entry["name"]),
        Cell(figure["quantity"], figure["interval"], strong=True),
        Cell(figure["period"]),
        Cell(figure["source_text"], figure["edition"]),
    )
