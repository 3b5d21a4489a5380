"""The method page's part on adoption effects: the rules, the five words, the refusals, the doubts."""

from dashboard.analysis.measures.effects.admission import REASONS
from dashboard.analysis.measures.effects.verdict import DOUBTS, WORDS
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import encode_reason
from dashboard.answers.wording.views import MethodSection, Term
from dashboard.locales import t


def describe_method(ctx: Context) -> list[MethodSection]:
    """Return the three sections on effects: rules with verdicts, refusals, doubts."""
    lang = ctx.lang
    words = [
        Term(
            id=f"effect_{word}",
            label=t(f"effects.verdict.{word}.name", lang),
            definition=t(f"effects.verdict.{word}.definition", lang),
        )
        for word in WORDS
    ]
    refusals = [
        Term(id=f"effect_{reason}", label=t(f"effects.refused.{reason}", lang), definition=encode_reason(ctx, reason))
        for reason in REASONS
    ]
    doubts = [
        Term(id=f"effect_{doubt}", label=t(f"effects.doubt.{doubt}", lang), definition=encode_reason(ctx, doubt))
        for doubt in DOUBTS
    ]
    return [
        MethodSection(
            id="effect", title=t("effects.page.heading", lang), text=t("effects.method.rules", lang), terms=words
        ),
        MethodSection(id="effect_refused", title=t("effects.page.why", lang), text="", terms=refusals),
        MethodSection(id="effect_doubt", title=t("effects.page.doubts", lang), text="", terms=doubts),
    ]
