"""How far a figure carries, and what strength a link has: the rules of levels and links for the method page."""

from collections import Counter
from collections.abc import Iterable, Mapping

from dashboard.answers.base.context import Context
from dashboard.answers.base.words import join_list, join_sentences, translate_term
from dashboard.answers.goals.principles import explain_order
from dashboard.answers.wording.evidence import LEVELS, SELF_REPORTED, STRENGTHS
from dashboard.answers.wording.publishers import list_publishers
from dashboard.answers.wording.views import MethodSection, Term
from dashboard.locales import format_number, t


def explain_evidence(ctx: Context) -> list[MethodSection]:
    """Explain strength of links, level of values, and the order of principles and themes."""
    links = Counter[str](link.strength for metric in ctx.book.metrics.values() for link in metric.links)
    counted = _joined(
        ctx,
        {translate_term(ctx, "strength", strength): format_number(links[strength], ctx.lang) for strength in STRENGTHS},
    )
    return [
        _section(ctx, "strength", STRENGTHS, t("terms.strength.rule", ctx.lang, counts=counted)),
        _section(ctx, "evidence_level", map(str, LEVELS), _levels(ctx)),
        MethodSection(
            id="evidence_strength", title=t("ways.table.evidence", ctx.lang), text=explain_order(ctx.lang), terms=[]
        ),
    ]


def _levels(ctx: Context) -> str:
    infos = list_publishers().values()
    worth = {level: join_list(ctx, (info.title for info in infos if info.evidence_level == level)) for level in LEVELS}
    metrics = Counter(metric.evidence_level for metric in ctx.book.metrics.values())
    most = {level: format_number(metrics[level], ctx.lang) if metrics[level] else "" for level in LEVELS}
    return t(
        "terms.evidence_level.rule",
        ctx.lang,
        publishers=_by_level(ctx, worth),
        indicators=_by_level(ctx, most),
        self_reported=join_list(ctx, (translate_term(ctx, "evidence_level", str(level)) for level in SELF_REPORTED)),
    )


def _by_level(ctx: Context, texts: Mapping[int, str]) -> str:
    return _joined(
        ctx, {translate_term(ctx, "evidence_level", str(level)): words for level, words in texts.items() if words}
    )


def _joined(ctx: Context, texts: Mapping[str, str]) -> str:
    colon = t("ui.list.colon", ctx.lang)
    return t("ui.list.semicolon", ctx.lang).join(f"{name}{colon}{words}" for name, words in texts.items())


def _section(ctx: Context, area: str, codes: Iterable[str], rule: str) -> MethodSection:
    return MethodSection(
        id=area,
        title=t(f"answers.method.{area}_title", ctx.lang),
        text=join_sentences([rule, t(f"terms.{area}.note", ctx.lang)]),
        terms=[
            Term(
                id=code, label=translate_term(ctx, area, code), definition=translate_term(ctx, area, code, "definition")
            )
            for code in codes
        ],
    )
