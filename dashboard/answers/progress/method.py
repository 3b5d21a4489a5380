"""The method page's part on progress: methods, words, refusals, and the table of constants the computations read."""

from typing import get_args

from dashboard.analysis.measures.progress.answers import Reason
from dashboard.analysis.measures.progress.constants import CONSTANTS, OWN, Constant
from dashboard.analysis.measures.progress.methods.sdsn import TRENDS
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import encode_reason
from dashboard.answers.progress.assessment import METHODS
from dashboard.answers.progress.examples import explain_examples as examples
from dashboard.answers.progress.statuses import explain_reason, list_tones, name_method, name_status
from dashboard.answers.wording.views import MethodSection, Term
from dashboard.locales import format_number, isolate_ltr, t


def explain_methods(ctx: Context) -> list[MethodSection]:
    """Five sections, made of the measure's own constants and vocabulary, and of examples it computes."""
    return [
        _section(ctx, "methods", [_method(ctx, one) for one in METHODS]),
        examples(ctx),
        _section(
            ctx,
            "statuses",
            [_word(ctx, "status", one) for one in list_tones()] + [_word(ctx, "trend", one) for one in TRENDS],
        ),
        _section(ctx, "reasons", [_reason(ctx, one) for one in get_args(Reason)]),
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
            id=f"{one.method}_{one.constant}",
            label=t(
                "progress.constant.label",
                ctx.lang,
                method=t("progress.constant.all", ctx.lang) if one.method == "all" else name_method(ctx, one.method),
                constant=t(f"progress.constant.{_of_what(one)}.{one.constant}", ctx.lang),
            ),
            definition=t(
                "progress.constant.own" if one.source == OWN else "progress.constant.text",
                ctx.lang,
                value=str(int(one.value))
                if one.constant.endswith(("_year", "_after"))
                else format_number(one.value, ctx.lang),
                mark=t(f"progress.mark.{one.mark}", ctx.lang),
                source=isolate_ltr(one.source),
            ),
        )
        for one in CONSTANTS
    ]


def _of_what(one: Constant) -> str:
    """The custodian's ratio is a share of the way done, that of the other methods one of growths."""
    return "way" if one.method.startswith("unsd") and one.constant.startswith("ratio_") else "name"
