"""The statement as its page, the API, the report, search and the feed tell it: claims by group, answers counted."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.base.words import describe_as_of, join_list, join_sentences
from dashboard.answers.claims.finding import ANSWERS, NOTHING_SENT, SentCounts
from dashboard.answers.claims.rules import find_answer
from dashboard.answers.claims.views import AnswerCount, ClaimGroup, ClaimHistory, ClaimTable, ClaimView, StatementView
from dashboard.evidence.codebook.model import StatementClaim, choose_text
from dashboard.evidence.codebook.register.tables import GROUPS
from dashboard.locales import format_day, t

COLUMNS = (
    "id", "group", "kind", "claim", "quote", "reported", "said_by", "said_on", "place", "due_on", "test", "answer",
    "answer_text", "evidence", "figure", "text", "missing", "untestable_why", "source", "source_ref",
)  # fmt: skip
"""Columns of the file of claims."""


@cached
def view_statement(ctx: Context, sent: SentCounts = NOTHING_SENT) -> StatementView:
    """Return all claims with today's answers by group, and how many have which answer."""
    views = [view_claim(ctx, claim, sent) for claim in ctx.book.claims]
    tally: dict[str, int] = {answer: sum(view["answer"] == answer for view in views) for answer in ANSWERS}
    return StatementView(
        text=summarise_answers(ctx, tally, len(views)),
        as_of=describe_as_of(ctx),
        counts=[
            AnswerCount(
                answer=answer,
                text=t(f"statement.answer.{answer}.name", ctx.lang),
                definition=t(f"statement.answer.{answer}.definition", ctx.lang),
                count=count,
            )
            for answer, count in tally.items()
        ],
        groups=[
            ClaimGroup(
                id=group,
                title=t(f"statement.group.{group}", ctx.lang),
                claims=[view for view in views if view["group"] == group],
            )
            for group in GROUPS
        ],
    )


def summarise_answers(ctx: Context, tally: Mapping[str, int], of: int) -> str:
    """Return ``2 of 21 claims shown, 4 in part, 12 not verified``, for other pages."""
    return t(
        "statement.page.summary",
        ctx.lang,
        of=str(of),
        shown=str(tally["shown"]),
        partly=str(tally["partly_shown"]),
        unshown=str(tally["said_not_shown"]),
    )


def find_claim(ctx: Context, name: str) -> StatementClaim:
    """Return the claim of this id, in either case.

    Raises:
        Unknown: there is none.
    """
    for claim in ctx.book.claims:
        if claim.id == name.upper():
            return claim
    raise Unknown("claim", name, [claim.id for claim in ctx.book.claims][:3])


def view_claim(ctx: Context, claim: StatementClaim, sent: SentCounts = NOTHING_SENT) -> ClaimView:
    """Return a claim with its answer of the day."""
    lang, finding = ctx.lang, find_answer(ctx, claim, sent)
    suppliers = (
        join_list(ctx, (t(f"statement.supplier.{name}", lang) for name in claim.suppliers)) if finding.open else ""
    )
    return ClaimView(
        id=claim.id,
        group=claim.group,
        kind=claim.kind,
        kind_text=t(f"statement.kind.{claim.kind}", lang),
        claim=choose_text(claim.claim, lang),
        quote=claim.quote,
        reported=t("statement.column.reported", lang) if claim.reported else "",
        said_by=t("statement.page.said_by", lang),
        said_on=format_day(claim.said_on, lang, claim.precision),
        place=t("statement.page.place", lang),
        source=claim.source_title,
        source_ref=claim.source_ref,
        due_on=claim.due_on,
        due_text=format_day(claim.due_on, lang, "month") if claim.due_on else "",
        test=choose_text(claim.test, lang),
        untestable_why=choose_text(claim.untestable_why, lang),
        answer=finding.answer,
        answer_text=t(f"statement.answer.{finding.answer}.name", lang),
        evidence=finding.evidence,
        evidence_text=t(f"statement.evidence.{finding.evidence}", lang),
        text=finding.text,
        beside=[*finding.beside, *_list_replies(ctx, claim)],
        months=finding.months or ClaimTable(columns=[], rows=[]),
        figure=finding.figure,
        to=finding.to,
        to_text=t("statement.page.look_up", lang) if finding.to else "",
        suppliers=suppliers,
        missing=t("statement.page.missing", lang, who=suppliers) if suppliers else "",
        indicators=list(claim.indicators),
    )


def _list_replies(ctx: Context, claim: StatementClaim) -> list[str]:
    """Return what those whom the claim is about replied up to the day of the context, oldest first."""
    replies = sorted(
        (row for row in ctx.book.claim_replies if row["claim"] == claim.id and row["date"] <= ctx.today.isoformat()),
        key=lambda row: row["date"],
    )
    return [
        t(
            "statement.page.reply",
            ctx.lang,
            body=row["body"],
            day=format_day(row["date"], ctx.lang),
            reply=row["reply"],
            source=row["source_ref"],
        )
        for row in replies
    ]


def list_history(ctx: Context, claim: StatementClaim, sent: SentCounts = NOTHING_SENT) -> list[ClaimHistory]:
    """Return the answer in each vintage, oldest first; register and sent counts are today's."""
    steps = []
    for vintage in ctx.dataset.vintages():
        then = replace(ctx, dataset=ctx.dataset.as_of(int(vintage["number"])), pinned="")
        answer = find_answer(then, claim, sent).answer
        day = vintage["created_at"].date()
        steps.append(
            ClaimHistory(
                vintage=vintage["number"],
                date=day.isoformat(),
                date_text=format_day(day, ctx.lang),
                answer=answer,
                answer_text=t(f"statement.answer.{answer}.name", ctx.lang),
            )
        )
    return steps


@cached
def list_changed_answers(ctx: Context, sent: SentCounts = NOTHING_SENT) -> dict[int, list[list[str]]]:
    """Return vintage → claim, answer before and since, of the answers it changed."""
    changes: dict[int, list[list[str]]] = {}
    for claim in ctx.book.claims:
        steps = list_history(ctx, claim, sent)
        for before, after in pairwise(steps):
            if before["answer"] != after["answer"]:
                changes.setdefault(after["vintage"], []).append([claim.id, before["answer_text"], after["answer_text"]])
    return changes


def write_claims_csv(ctx: Context, sent: SentCounts = NOTHING_SENT) -> bytes:
    """Write the claims as lines in their order; all their findings are in the text."""
    claims = [claim for group in view_statement(ctx, sent)["groups"] for claim in group["claims"]]
    return write_csv_file(
        [{**claim, "text": join_sentences([claim["text"], *claim["beside"]])} for claim in claims], COLUMNS
    )
