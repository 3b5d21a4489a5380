"""Which edition of the SDG indicator framework the monitor has, and what of its last review is not known."""

from typing import cast

from dashboard.answers.base.context import Context
from dashboard.answers.public.shapes import Framework, FrameworkChange
from dashboard.locales import format_number, t

ANNOUNCED_CHANGES = 11
"""Changes proposed by the review of 2025 (E/CN.3/2025/6): two replacements, six revisions, three additions."""


def view_framework(ctx: Context) -> Framework:
    """Return the edition of the framework, its changes in the codebook, and those only announced."""
    changes = [cast(FrameworkChange, dict(change)) for change in ctx.book.framework_changes]
    entered = sum(1 for change in changes if change["kind"] != "unconfirmed")
    edition = t("mapping.framework.edition", ctx.lang)
    return Framework(
        edition=edition,
        announced=ANNOUNCED_CHANGES,
        entered=entered,
        text=t(
            "mapping.framework.text",
            ctx.lang,
            edition=edition,
            entered=format_number(entered, ctx.lang),
            announced=format_number(ANNOUNCED_CHANGES, ctx.lang),
            unknown=format_number(ANNOUNCED_CHANGES - len(changes), ctx.lang),
        ),
        changes=changes,
    )


def describe_change(ctx: Context, change: FrameworkChange) -> str:
    """Describe a change in a line: code, what became of it, and the title."""
    kind = t(f"mapping.framework.{change['kind']}", ctx.lang)
    return t("mapping.framework.line", ctx.lang, code=change["code"], kind=kind, title=change["title_after"])
