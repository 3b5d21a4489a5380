"""The picture of the mapping."""

from collections import defaultdict
from textwrap import shorten
from typing import Any

from dashboard.analysis.charts.chart import Chart, ChartOptions, ChartWords
from dashboard.analysis.charts.kinds.mapping import (
    IMAGE_HEIGHT,
    Flow,
    Node,
    Shade,
    Strand,
    break_node_name,
    build,
    order_by_flow,
)
from dashboard.answers.base.cache import kept_chart
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import (
    count_undated,
    describe_as_of,
    isolate_written,
    join_list,
    name_country,
    translate_term,
)
from dashboard.answers.mapping.links import (
    MappedLink,
    describe_path,
    filter_links,
    lies_on_path,
    list_right_nodes,
    merge_links,
    name_instrument_key,
    name_right_node,
    split_instruments,
)
from dashboard.answers.mapping.query import UNPINNED, MappingQuery, write_pin_address
from dashboard.answers.progress.assessment import DEFAULT_METHOD
from dashboard.answers.progress.statuses import name_method
from dashboard.answers.wording.evidence import STRENGTHS
from dashboard.evidence.codebook.model import choose_text
from dashboard.evidence.codebook.tables import MEASURED
from dashboard.locales import capitalise, has, t
from dashboard.locales.notice import notice

NAMED = 3
"""Indicators that a tooltip names."""

TITLE = 64
"""Letters of a target's title in a tooltip: the whole line has room beside a list of links that is held."""

TONES = ("met", "good", "middle", "bad", "none")


@kept_chart
def draw_mapping(query: MappingQuery) -> Chart:
    """Draw the chart; it is kept for the next form asked for."""
    ctx = query.ctx
    options = ChartOptions(
        lang=ctx.lang,
        notice=notice(ctx.lang),
        theme=query.theme,
        title=title_picture(query),
        source_line=t("mapping.chart.source", ctx.lang),
        as_of=describe_as_of(ctx),
        height=IMAGE_HEIGHT,
    )
    return build(build_flow(query, options), options)


def title_picture(query: MappingQuery) -> str:
    """Return the title of the picture, with the country it is of."""
    if query.country:
        return t("mapping.chart.title_country", query.ctx.lang, country=name_country(query.ctx, query.country))
    return t("mapping.chart.title", query.ctx.lang)


def build_flow(query: MappingQuery, options: Any) -> Flow:
    """Build the nodes, strands and words of the picture."""
    ctx = query.ctx
    links = [link for link in filter_links(query) if link.target]
    heads = tuple(t(f"mapping.chart.head.{side}", ctx.lang) for side in ("themes", "targets", query.side))
    return Flow(
        heads=heads,  # type: ignore[arg-type]
        nodes=_nodes(query, links, options),
        strands=_strands(query, links),
        shades=list_shades(query, links),
        rows=[row for link in merge_links(links) for row in [_row(query, link)]],
        words=describe_picture(query, links),
        subtitle=_subtitle(query, links, heads[2]),
    )


def _nodes(query: MappingQuery, mapped_links: list[MappedLink], options: Any) -> list[Node]:
    ctx, lang = query.ctx, query.ctx.lang

    def links(own: list[MappedLink]) -> str:
        return t("mapping.links", lang, count=len(merge_links(own)))

    nodes = []
    for theme in MEASURED:
        own = [link for link in mapped_links if link.theme == theme]
        if own:
            name = translate_term(ctx, "theme", theme)
            label = (
                f"{break_node_name(name, options)}\n{links(own)}" if len(own) > 8 else break_node_name(name, options)
            )
            nodes.append(Node(theme, 0, label, name, links(own), write_pin_address(query, theme, "", "")))
    targets = [code for code in ctx.book.targets if any(link.target == code for link in mapped_links)]
    for code in targets:
        target = ctx.book.targets[code]
        goal = ctx.book.goals[target.goal]
        own = [link for link in mapped_links if link.target == code]
        name = f"{isolate_written(ctx, code)} {choose_text(target.title, lang)}"
        nodes.append(
            Node(
                code,
                1,
                "",
                name,
                links(own),
                write_pin_address(query, "", code, ""),
                code,
                goal.colour,
                choose_ink(goal.colour),
            )
        )
    order = {code: place for place, code in enumerate(targets)}
    rights = list_right_nodes(ctx, query.side)
    if query.side != "goals":
        flows = [(link.target, link.right, link.share) for link in mapped_links if link.right]
        rights = order_by_flow(rights, flows, order)
    for code in rights:
        own = [link for link in mapped_links if link.right == code]
        name = name_right_node(ctx, query.side, code)
        key = f"mapping.rights_short.{name_instrument_key(code).rpartition('.')[2]}"
        short = t(key, lang) if query.side == "rights" and has(key) else name
        label = break_node_name(f"{short}\u00a0\u00a0{len(merge_links(own))}", options)
        tile = {}
        if query.side == "goals":
            colour = ctx.book.goals[int(code)].colour
            tile = {"code": code, "colour": colour, "ink": choose_ink(colour)}
        nodes.append(Node(f"to:{code}", 2, label, name, links(own), write_pin_address(query, "", "", code), **tile))
    return nodes


def choose_ink(colour: str) -> str:
    """Return black or white, whichever has more contrast with a colour (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (light + 0.05) / 0.05 > 1.05 / (light + 0.05) else "#ffffff"


def choose_shade(query: MappingQuery, link: MappedLink) -> str:
    """Return the shade of a link: its strength, or its country's status."""
    return link.tone if query.country else link.strength


def list_shades(query: MappingQuery, links: list[MappedLink]) -> list[Shade]:
    """Return the key of the picture: only what is drawn."""
    ctx, there = query.ctx, {choose_shade(query, link) for link in links}
    if query.country:
        result = [Shade(tone, t(f"mapping.tone.{tone}", ctx.lang)) for tone in TONES if tone in there]
        absent = t("mapping.chart.key.absent_country", ctx.lang, country=name_country(ctx, query.country))
    else:
        result = [
            Shade(strength, translate_term(ctx, "strength", strength)) for strength in STRENGTHS if strength in there
        ]
        absent = t("mapping.chart.key.absent", ctx.lang)
    if any(link.older for link in links):
        result.append(Shade("older", t("mapping.chart.key.older", ctx.lang)))
    if any(not link.figures for link in links):
        result.append(Shade("absent", absent))
    return result


def _strands(query: MappingQuery, links: list[MappedLink]) -> list[Strand]:
    groups: dict[tuple[str, str, str, str, bool, bool], list[MappedLink]] = defaultdict(list)
    for mapped in links:
        groups[
            mapped.theme, mapped.target, mapped.right, choose_shade(query, mapped), mapped.figures, mapped.older
        ].append(mapped)
    ctx = query.ctx
    titles = {code: choose_text(target.title, ctx.lang) for code, target in ctx.book.targets.items()}
    return [
        Strand(
            left=theme,
            middle=target,
            right=f"to:{right}" if right else "",
            shade=shade,
            figures=figures,
            older=older,
            links=sum(link.share for link in own),
            path=describe_path(
                ctx,
                translate_term(ctx, "theme", theme),
                f"{isolate_written(ctx, target)} {shorten(titles[target], TITLE, placeholder='…')}",
                name_right_node(ctx, query.side, right) if right else "",
            ),
            count=t("mapping.links", ctx.lang, count=len(own)),
            strength=join_list(
                ctx,
                (
                    translate_term(ctx, "strength", strength)
                    for strength in STRENGTHS
                    if any(o.strength == strength for o in own)
                ),
            ),
            held=_held(query, own),
            named=_named(ctx, own),
            to=write_pin_address(query, theme, target, right or ""),
            pinned=query.pin != UNPINNED and any(lies_on_path(query, link) for link in own),
        )
        for (theme, target, right, shade, figures, older), own in groups.items()
    ]


def _held(query: MappingQuery, own: list[MappedLink]) -> str:
    lang = query.ctx.lang
    if not own[0].figures:
        return t("mapping.chart.held.none", lang)
    if not query.country:
        return t("mapping.chart.held.all", lang)
    recent, older, undated = _ages(own)
    text = t("mapping.chart.held.country", lang, recent=str(recent), older=str(older))
    return " · ".join([own[0].status, text, *([count_undated(undated, lang)] if undated else [])])


def _ages(links: list[MappedLink]) -> tuple[int, int, int]:
    """Count the country's figures that are recent, older, and without a published year."""
    with_figures = [link for link in links if link.figures]
    older, undated = sum(link.older for link in with_figures), sum(link.year is None for link in with_figures)
    return len(with_figures) - older - undated, older, undated


def _named(ctx: Context, own: list[MappedLink]) -> str:
    names = list(dict.fromkeys(link.name for link in own))
    text = t("ui.list.semicolon", ctx.lang).join(names[:NAMED])
    return f"{text} {t('mapping.more', ctx.lang, count=len(names) - NAMED)}" if len(names) > NAMED else text


def describe_picture(query: MappingQuery, links: list[MappedLink]) -> ChartWords:
    """Describe the picture: links, their strength, those without figures, and where most of them end."""
    lang, once = query.ctx.lang, merge_links(links)
    if not once:
        return ChartWords((t("mapping.chart.nothing", lang),))
    by_target: dict[str, int] = defaultdict(int)
    for mapped in once:
        by_target[mapped.target] += 1
    most = max(by_target, key=lambda code: by_target[code])
    values = {
        "links": t("mapping.links", lang, count=len(once)),
        "without": str(sum(not link.figures for link in once)),
    }
    where = t("mapping.chart.most", lang, target=isolate_written(query.ctx, most), count=str(by_target[most]))
    if query.country:
        recent, older, undated = _ages(once)
        values |= {"country": name_country(query.ctx, query.country), "older": str(older), "recent": str(recent)}
        dated = t("mapping.chart.sentence_country", lang, **values)
        return ChartWords((dated, where), (f"{capitalise(count_undated(undated, lang), lang)}." if undated else "",))
    values |= {strength: str(sum(link.strength == strength for link in once)) for strength in STRENGTHS}
    return ChartWords((t("mapping.chart.sentence", lang, **values), where))


def _subtitle(query: MappingQuery, links: list[MappedLink], side: str) -> str:
    values = {"links": t("mapping.links", query.ctx.lang, count=len(merge_links(links))), "side": side}
    if query.country:
        return t(
            "mapping.chart.subtitle_country", query.ctx.lang, **values, method=name_method(query.ctx, DEFAULT_METHOD)
        )
    return t("mapping.chart.subtitle", query.ctx.lang, **values)


def _row(query: MappingQuery, link: MappedLink) -> dict[str, Any]:
    links = split_instruments(link.reference) if query.side == "rights" else [link.right]
    return {
        "indicator": link.metric,
        "name": link.name,
        "theme": link.theme,
        "target": link.target,
        "goal": query.ctx.book.targets[link.target].goal,
        "link": "; ".join(links),
        "strength": link.strength,
        "reason": link.rationale,
        "rights_reference": link.reference,
        "reference_checked": link.checked if link.reference else None,
        "countries_with_figures": link.countries,
        "country": query.country,
        "figure": link.figure,
        "year": link.year,
        "status": link.status,
        "method": DEFAULT_METHOD if link.status else "",
    }
