"""The links themselves, each with its nodes, its strength and reason, and what figures there are."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dashboard.answers.adoption.counting import list_adopters, list_origins
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_latest, find_stats, has_figure
from dashboard.answers.base.words import isolate_written, sort_by_name, translate_term
from dashboard.answers.holdings.coverage import RECENT, is_empty
from dashboard.answers.indicators.cards import choose_rationale
from dashboard.answers.mapping.query import NONE, UNCHECKED, UNLINKED, MappingQuery, Side
from dashboard.answers.progress.assessment import DEFAULT_METHOD, Row, assess_lines
from dashboard.answers.progress.statuses import TONES, name_status
from dashboard.answers.wording.figures import build_figure, count_years_old
from dashboard.evidence.codebook.model import Link, Metric, choose_text
from dashboard.locales import has, t

_ARTICLE = re.compile(r"\s+\d\S*$")


@dataclass(frozen=True, slots=True)
class MappedLink:
    """One link to one node of the last column. ``share`` of it goes there: a half where it names two references."""

    metric: str
    name: str
    theme: str
    target: str  # "" for none
    right: str  # id of the node of the last column; "" for none
    strength: str
    rationale: str
    share: float
    figures: bool  # the indicator has figures; of the country asked for, if one is
    countries: int  # with a figure
    checked: bool  # its human-rights reference is checked, or there is none
    reference: str  # as the codebook has it
    tone: str = ""  # of the country's status; "" where no country is asked for
    status: str = ""  # the same in words
    figure: str = ""  # the country's latest figure in words, with its year and age
    observation: str = ""  # its id
    year: int | None = None
    older: bool = False  # over five years


def split_instruments(references: str) -> list[str]:
    """Return the instruments of a field: ``ICCPR 2(3); CEDAW 7`` names ICCPR and CEDAW."""
    parts = (part.strip() for part in references.split(";"))
    return list(dict.fromkeys(_ARTICLE.sub("", part) for part in parts if part))


def name_instrument_key(instrument: str) -> str:
    """Return the catalogue key of an instrument's name."""
    return f"mapping.rights.{re.sub(r'[^A-Za-z]+', '_', instrument)}"


def name_right_node(ctx: Context, side: Side, code: str) -> str:
    """Return the full name of a node of the last column."""
    if side == "principles":
        name = choose_text(ctx.book.principles[code].name, ctx.lang)
        return name[:1].upper() + name[1:]
    if side == "goals":
        return choose_text(ctx.book.goals[int(code)].short, ctx.lang)
    key = name_instrument_key(code)
    return t(key, ctx.lang) if has(key) else isolate_written(ctx, code)


def list_right_nodes(ctx: Context, side: Side) -> list[str]:
    """Return all nodes of the last column, linked to or not, in the codebook's order."""
    if side == "principles":
        return [one.id for one in sorted(ctx.book.principles.values(), key=lambda principle: principle.order)]
    if side == "goals":
        linked = {
            ctx.book.targets[link.target].goal for m in ctx.book.metrics.values() for link in m.links if link.target
        }
        return [str(number) for number in sorted(linked)]
    names = (
        instrument
        for metric in ctx.book.metrics.values()
        if metric.links
        for instrument in split_instruments(metric.rights_hook)
    )
    return list(dict.fromkeys(names))


def _rights(ctx: Context, side: Side, metric: Metric, link: Link) -> list[str]:
    if side == "principles":
        return [link.principle] if link.principle else []
    if side == "goals":
        return [str(ctx.book.targets[link.target].goal)] if link.target else []
    return split_instruments(metric.rights_hook)


def list_links(query: MappingQuery) -> tuple[MappedLink, ...]:
    """Return every link as the question's column and country have it, unfiltered."""
    return _every_link(query.ctx, query.side, query.country)


def filter_links(query: MappingQuery) -> list[MappedLink]:
    """Return the links left by the question's strength and figures."""
    return [
        link
        for link in list_links(query)
        if (not query.strength or link.strength == query.strength) and (link.figures or not query.covered)
    ]


def merge_links(links: Iterable[MappedLink]) -> list[MappedLink]:
    """Return each link once, also where it names two references."""
    return list({(link.metric, link.target, link.strength, link.rationale): link for link in links}.values())


@kept(32)
def _every_link(ctx: Context, side: Side, country: str) -> tuple[MappedLink, ...]:
    return tuple(_links(ctx, side, country))


def _links(ctx: Context, side: Side, country: str) -> Iterator[MappedLink]:
    statuses = {}
    if country:
        statuses = {row["indicator"]: row for row in assess_lines(ctx, countries=[country], methods=[DEFAULT_METHOD])}
    for metric in ctx.book.metrics.values():
        common = {
            "metric": metric.id,
            "name": choose_text(metric.name, ctx.lang),
            "theme": metric.theme,
            "figures": not is_empty(ctx, metric.id),
            "countries": find_stats(ctx, metric.id).countries,
            "checked": metric.rights_hook_checked != "unverified",
            "reference": metric.rights_hook,
        }
        if country:
            common |= _of_country(ctx, metric, country, statuses.get(metric.id))
        for link in metric.links:
            rights = _rights(ctx, side, metric, link)
            own = common | {"target": link.target, "strength": link.strength, "rationale": choose_rationale(ctx, link)}
            for right in rights or [""]:
                yield MappedLink(**own, right=right, share=1 / max(1, len(rights)))  # type: ignore[arg-type]


def _of_country(ctx: Context, metric: Metric, country: str, verdict: Row | None) -> dict[str, object]:
    """Return the country's latest figure and status of an indicator."""
    row = find_latest(ctx, metric.id).get(country)
    if row is None or not has_figure(row):
        return {"figures": False, "tone": "absent"}
    age = count_years_old(ctx, row["year"]) or 0
    view = build_figure(ctx, metric, row)
    status, target = (verdict["status"] or "", verdict["target"]) if verdict else ("", None)
    tone = TONES.get(status, "none")
    return {
        "figures": True,
        "tone": tone,
        "status": name_status(ctx, status, target) if tone != "none" else t("mapping.tone.none", ctx.lang),
        "figure": t("mapping.pin.age", ctx.lang, text=view["quantity"], year=view["period"], age=view["age_text"]),
        "observation": row["id"],
        "year": row["year"],
        "older": age > RECENT,
    }


def lies_on_path(query: MappingQuery, link: MappedLink) -> bool:
    """Return True if a link lies on the pinned path."""
    theme, target, right = query.pin
    if right == UNCHECKED:
        return not link.checked
    return (
        (not theme or link.theme == theme)
        and (not target or link.target == ("" if target == NONE else target))
        and (not right or link.right == ("" if right == NONE else right))
    )


def list_unlinked(ctx: Context) -> list[Metric]:
    """Return the indicators without any link; each says why."""
    return [metric for metric in ctx.book.metrics.values() if not metric.links]


def title_pin(query: MappingQuery) -> str:
    """Return the pinned path in words."""
    ctx, (theme, target, right) = query.ctx, query.pin
    if right in (UNCHECKED, UNLINKED):
        return t(f"mapping.pin.{right}", ctx.lang)
    parts = []
    if theme:
        parts.append(translate_term(ctx, "theme", theme))
    if target:
        parts.append(t("mapping.pin.none_target", ctx.lang) if target == NONE else isolate_written(ctx, target))
    if right == NONE:
        parts.append(t(f"mapping.pin.none_right.{query.side}", ctx.lang))
    elif right in list_right_nodes(ctx, query.side):
        parts.append(name_right_node(ctx, query.side, right))
    elif right:
        parts.append(isolate_written(ctx, right))
    return _arrow(ctx).join(parts)


def _arrow(ctx: Context) -> str:
    pattern = t("mapping.table.open", ctx.lang, theme="", target="", right="")
    return f" {pattern.split()[0]} "


def describe_path(ctx: Context, theme: str, target: str, right: str) -> str:
    """Write ``Integrity → 16.5 → Transparency``; empty parts are left out."""
    return _arrow(ctx).join(part for part in (theme, target, right) if part)


def list_countries_offered(ctx: Context) -> list[str]:
    """Return the origin, everybody with any contact, and those they are compared with, by name."""
    compared = ctx.book.country_sets.get("comparison", ())
    return sort_by_name(ctx, {*list_origins(ctx), *list_adopters(ctx, "any_contact"), *compared})
