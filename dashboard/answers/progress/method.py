"""The method page's part on progress: methods, words, refusals, and the table of constants the computations read."""

from typing import get_args

from dashboard.analysis.measures.progress.answers import Reason
from dashboard.analysis.measures.progress.constants import CONSTANTS, OWN, Constant
from dashboard.analysis.measures.progress.methods.sdsn import TRENDS
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import encode_reason
from dashboard.answers.progress.assessment import METHODS
from dashboard.answers.progress.examples import explain_examples
from dashboard.answers.progress.statuses import explain_reason, list_tones, name_method, name_status
from dashboard.answers.wording.views import MethodSection, Term
from dashboard.locales import format_number, isolate_ltr, t


def explain_methods(ctx: Context) -> list[MethodSection]:
    """Return five sections built from the measure's own constants, vocabulary and examples."""
    return [
        _section(ctx, "methods", [_method(ctx, method) for method in METHODS]),
        explain_examples(ctx),
        _section(
            ctx,
            "statuses",
            [_word(ctx, "status", tone) for tone in list_tones()] + [_word(ctx, "trend", trend) for trend in TRENDS],
        ),
        _section(ctx, "reasons", [_reason(ctx, reason) for reason in get_args(Reason)]),
        _section(ctx, "constants", _constants(ctx)),
    ]


def _section(ctx: Context, name: str, terms: list[Term]) -> MethodSection:
    return MethodSection(
        id=f"progress_{name}",
        title=t(f"progress.title.{name}", ctx.lang),
        text=t(f"progress.note.{name}", ctx.lang),
        terms=terms,
    )


def _method(ctx: Context, method: str) -> Term:
    return Term(id=method, label=name_method(ctx, method), definition=t(f"progress.method.{method}.asks", ctx.lang))


def _word(ctx: Context, kind: str, word: str) -> Term:
    label = name_status(ctx, word) if kind == "status" else t(f"progress.trend.{word}.name", ctx.lang)
    return Term(id=f"{kind}_{word}", label=label, definition=t(f"progress.{kind}.{word}.definition", ctx.lang))


def _reason(ctx: Context, reason: str) -> Term:
    return Term(id=reason, label=explain_reason(ctx, reason), definition=encode_reason(ctx, reason))


def _constants(ctx: Context) -> list[Term]:
    return [
        Term(
            id=f"{constant.method}_{constant.constant}",
            label=t(
                "progress.constant.label",
                ctx.lang,
                method=t("progress.constant.all", ctx.lang)
                if constant.method == "all"
                else name_method(ctx, constant.method),
                constant=t(f"progress.constant.{_of_what(constant)}.{constant.constant}", ctx.lang),
            ),
            definition=t(
                "progress.constant.own" if constant.source == OWN else "progress.constant.text",
                ctx.lang,
                value=str(int(constant.value))
                if constant.constant.endswith(("_year", "_after"))
                else format_number(constant.value, ctx.lang),
                mark=t(f"progress.mark.{constant.mark}", ctx.lang),
                source=isolate_ltr(constant.source),
            ),
        )
        for constant in CONSTANTS
    ]


def _of_what(constant: Constant) -> str:
    """Return the name of a constant's key: the custodian's ratio is a share of the way done."""
    return "way" if constant.method.startswith("unsd") and constant.constant.startswith("ratio_") else "name"
