"""Two worked examples of progress, computed by the measure itself each time the method page is made."""

from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from dashboard.analysis.measures.progress.declared import build_declarations
from dashboard.analysis.measures.progress.panel import assess_progress
from dashboard.answers.base.context import Context
from dashboard.answers.progress.statuses import build_verdict, name_method
from dashboard.answers.wording.views import MethodSection, Term
from dashboard.evidence.codebook.model import Metric
from dashboard.locales import t


@dataclass(frozen=True, slots=True)
class MethodExample:
    """A made-up line: first and last figure, target, and SDSN's bounds (lower, red, green, optimum)."""

    id: str
    direction: Literal["higher", "lower"]
    first: tuple[int, float]
    last: tuple[int, float]
    target: float
    bounds: tuple[float, float, float, float]


EXAMPLES = (
    MethodExample("a", "higher", (2015, 60.0), (2023, 72.0), 80.0, (20.0, 50.0, 80.0, 95.0)),
    MethodExample("b", "lower", (2015, 40.0), (2023, 30.0), 10.0, (60.0, 30.0, 15.0, 10.0)),
)

SPREAD = 8.0
"""Standard deviation of all countries, made up as the bounds are."""


def explain_examples(ctx: Context) -> MethodSection:
    """Explain both examples by every method, each with its arithmetic."""
    return MethodSection(
        id="progress_examples",
        title=t("results.examples.title", ctx.lang),
        text=t("results.examples.note", ctx.lang),
        terms=[term for example in EXAMPLES for term in _worked(ctx, example)],
    )


def _worked(ctx: Context, example: MethodExample) -> list[Term]:
    points = pl.DataFrame(
        [
            {"indicator": example.id, "country": example.id, "year": year, "value": value}
            for year, value in (example.first, example.last)
        ]
    )
    bounds = dict(zip(("sdsn_lower", "sdsn_red", "sdsn_green", "sdsn_optimum"), example.bounds, strict=True))
    declaration = {"indicator": example.id, "direction": example.direction, "target": example.target, "spread": SPREAD}
    result = assess_progress(points, build_declarations([{**declaration, **bounds, "low": 0.0, "high": 100.0}]))
    metric = _metric(ctx, example)
    return [
        Term(
            id=f"example_{example.id}_{row['method']}",
            label=t(f"results.examples.{example.id}", ctx.lang, method=name_method(ctx, row["method"])),
            definition=" ".join(build_verdict(ctx, metric, row)["why"]),
        )
        for row in result.to_dicts()
    ]


def _metric(ctx: Context, example: MethodExample) -> Metric:
    """Return a percentage with the example's direction and target; its words need no more."""
    share = next(metric for metric in ctx.book.metrics.values() if metric.unit == "percent")
    return replace(share, direction=example.direction, target_2030=example.target, decimals=1, centre=None)
