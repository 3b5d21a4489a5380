"""The answer of the Mapping page: controls, the pinned path, evidence per principle, what is missing, and the table."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from dashboard.answers.base.context import Context
from dashboard.answers.base.words import isolate_written, name_country, translate_term
from dashboard.answers.goals.framework import describe_change, view_framework
from dashboard.answers.mapping.links import (
    MappedLink,
    describe_path,
    filter_links,
    lies_on_path,
    list_countries_offered,
    list_links,
    list_right_nodes,
    list_unlinked,
    merge_links,
    name_right_node,
    title_pin,
)
from dashboard.answers.mapping.query import (
    NONE,
    SIDES,
    UNCHECKED,
    UNLINKED,
    UNPINNED,
    VIEWS,
    MappingQuery,
    ask,
    write_address,
    write_picture_url,
    write_pin_address,
)
from dashboard.answers.mapping.views import Bar, MappingView, PathRow, Pinned, PinnedLink, TargetCell, TargetRow, Way
from dashboard.answers.wording.evidence import STRENGTHS, build_evidence_bar
from dashboard.evidence.codebook.model import choose_text
from dashboard.evidence.codebook.tables import MEASURED
from dashboard.locales import t

SIZES = (1, 3, 8)
"""Most links of a dot of each size; above the last it is the largest."""


def view_mapping(ctx: Context, parameters: Mapping[str, str]) -> MappingView:
    """Return what the page shows at an address; what of it cannot be used is in ``ignored``."""
    query, ignored = ask(ctx, parameters)
    links = filter_links(query)
    framework = view_framework(ctx)
    return MappingView(
        chart=write_picture_url(query),
        view=query.view,
        country=name_country(ctx, query.country) if query.country else "",
        sides=_choices(query, "side", ((side, t(f"mapping.side.{side}", ctx.lang)) for side in SIDES)),
        strengths=_choices(
            query,
            "strength",
            (
                ("", t("mapping.strength.all", ctx.lang)),
                *((strength, _initial(translate_term(ctx, "strength", strength))) for strength in STRENGTHS),
            ),
        ),
        figures=_choices(
            query, "covered", ((False, t("mapping.figures.all", ctx.lang)), (True, t("mapping.figures.only", ctx.lang)))
        ),
        views=_choices(query, "view", ((view, t(f"mapping.view.{view}", ctx.lang)) for view in VIEWS)),
        countries=_countries(query),
        pinned=_pinned(query, links),
        bars=_bars(query),
        bars_note=_bars_note(query),
        missing=_missing(query),
        framework=framework["text"],
        changes=[describe_change(ctx, change) for change in framework["changes"]],
        matrix=_matrix(query, links),
        ends=_ends(query, links),
        paths=_paths(query, links) if query.view == "table" else [],
        ignored=ignored,
    )


def _initial(word: str) -> str:
    return word[:1].upper() + word[1:]


def _choices(query: MappingQuery, part: str, choices: Iterable[tuple[object, str]]) -> list[Way]:
    now = getattr(query, part)
    return [
        Way(id=str(value), label=label, to=_changed(query, part, value), chosen=value == now)
        for value, label in choices
    ]


def _changed(query: MappingQuery, part: str, value: object) -> str:
    """Write the address with one control changed; another last column unpins nodes of this one."""
    change = {part: value}
    if part == "side" and value != query.side:
        change["pin"] = (*query.pin[:2], query.pin[2] if query.pin[2] in (NONE, UNCHECKED, UNLINKED) else "")
    return write_address(query, **change)


def _countries(query: MappingQuery) -> list[Way]:
    codes = list_countries_offered(query.ctx)
    if query.country and query.country not in codes:
        codes.append(query.country)
    named = (("", t("mapping.country.all", query.ctx.lang)), *((code, name_country(query.ctx, code)) for code in codes))
    return _choices(query, "country", named)


def _pinned(query: MappingQuery, links: list[MappedLink]) -> Pinned:
    ctx = query.ctx
    nothing = Pinned(title="", count="", links=[], close="", table="")
    if query.pin == UNPINNED:
        return nothing
    if query.pin[2] == UNLINKED:
        facts = [
            PinnedLink(
                metric=metric.id, name=choose_text(metric.name, ctx.lang), strength="", strength_text="", target="",
                goal=0, target_title="", right="", reason=choose_text(metric.no_link_reason, ctx.lang), held="",
                tone="", status="", observation="", old=False,
            )
            for metric in list_unlinked(ctx)
        ]  # fmt: skip
        count = t("mapping.indicators", ctx.lang, count=len(facts))
    else:
        pinned = merge_links(link for link in links if lies_on_path(query, link))
        order = {strength: place for place, strength in enumerate(STRENGTHS)}
        pinned.sort(key=lambda link: (order[link.strength], not link.figures, link.name.casefold()))
        facts = [_pinned_link(query, link) for link in pinned]
        count = t("mapping.links", ctx.lang, count=len(facts)) if facts else t("mapping.pin.empty", ctx.lang)
    return Pinned(
        title=title_pin(query),
        count=count,
        links=facts,
        close=write_address(query, pin=UNPINNED),
        table=write_address(query, view="table"),
    )


def _pinned_link(query: MappingQuery, link: MappedLink) -> PinnedLink:
    ctx, lang = query.ctx, query.ctx.lang
    target = ctx.book.targets.get(link.target)
    if not link.figures:
        figures = t("mapping.pin.no_figures", lang)
    elif query.country:
        figures = link.figure
    else:
        figures = t("mapping.pin.countries", lang, count=link.countries)
    right = name_right_node(ctx, query.side, link.right) if link.right and query.side != "rights" else link.reference
    return PinnedLink(
        metric=link.metric,
        name=link.name,
        strength=link.strength,
        strength_text=translate_term(ctx, "strength", link.strength),
        target=link.target,
        goal=target.goal if target else 0,
        target_title=choose_text(target.title, lang) if target else "",
        right=isolate_written(ctx, right) if query.side == "rights" else right,
        reason=link.rationale,
        held=figures,
        tone=link.tone,
        status=link.status,
        observation=link.observation,
        old=link.older,
    )


def _bars(query: MappingQuery) -> list[Bar]:
    """Return evidence per principle, weakest first: by strongest link with figures, then their number."""
    ctx = query.ctx
    strongest: dict[str, dict[str, MappedLink]] = defaultdict(dict)
    for mapped in list_links(replace(query, side="principles")):
        strongest_link = strongest[mapped.right].get(mapped.metric)
        if strongest_link is None or STRENGTHS.index(mapped.strength) < STRENGTHS.index(strongest_link.strength):
            strongest[mapped.right][mapped.metric] = mapped
    longest = max((len(own) for right, own in strongest.items() if right), default=1)
    bars = []
    for principle in ctx.book.principles.values():
        own = list(strongest[principle.id].values())
        parts = [sum(link.figures and link.strength == strength for link in own) for strength in STRENGTHS]
        best = next((len(STRENGTHS) - place for place, number in enumerate(parts) if number), 0)
        bar = Bar(
            id=principle.id,
            name=name_right_node(ctx, "principles", principle.id),
            to=write_pin_address(replace(query, side="principles"), "", "", principle.id),
            bar=build_evidence_bar(ctx, (*parts, 0, sum(not link.figures for link in own)), longest),
        )
        bars.append(((best, sum(parts), principle.order), bar))
    return [bar for _, bar in sorted(bars, key=lambda pair: pair[0])]


def _bars_note(query: MappingQuery) -> str:
    if not query.country:
        return t("ways.evidence.bars", query.ctx.lang)
    return t("mapping.evidence.note_country", query.ctx.lang, country=name_country(query.ctx, query.country))


def _missing(query: MappingQuery) -> list[Way]:
    """Return what the picture cannot show, with its list: counted over all links, unfiltered."""
    ctx, links = query.ctx, list_links(query)
    without = len(merge_links(link for link in links if not link.right))
    unchecked = sum(metric.rights_hook_checked == "unverified" for metric in ctx.book.metrics.values())
    texts = (
        ((("", "", NONE)), t(f"mapping.honesty.right.{query.side}", ctx.lang, count=without), without),
        (("", NONE, ""), *_counted(ctx, "target", len(merge_links(link for link in links if not link.target)))),
        (("", "", UNCHECKED), *_counted(ctx, "unchecked", unchecked)),
        (("", "", UNLINKED), *_counted(ctx, "unlinked", len(list_unlinked(ctx)))),
    )
    everything = replace(query, strength="", covered=False)
    return [
        Way(id=",".join(pin), label=label, to=write_pin_address(everything, *pin), chosen=query.pin == pin)
        for pin, label, count in texts
        if count
    ]


def _counted(ctx: Context, key: str, count: int) -> tuple[str, int]:
    return t(f"mapping.honesty.{key}", ctx.lang, count=count), count


def _matrix(query: MappingQuery, links: list[MappedLink]) -> list[TargetRow]:
    ctx = query.ctx
    cells: dict[tuple[str, str], list[MappedLink]] = defaultdict(list)
    for link in links:
        cells[link.target, link.theme].append(link)
    return [
        TargetRow(
            target=code,
            goal=target.goal,
            title=choose_text(target.title, ctx.lang),
            to=write_pin_address(query, "", code, ""),
            cells=[_cell(query, code, theme, cells[code, theme]) for theme in MEASURED],
        )
        for code, target in ctx.book.targets.items()
        if any(cells[code, theme] for theme in MEASURED)
    ]


def _ends(query: MappingQuery, links: list[MappedLink]) -> list[Way]:
    """Return the nodes of the last column that are linked to, each with its number of links."""
    own = {
        code: merge_links(link for link in links if link.right == code)
        for code in list_right_nodes(query.ctx, query.side)
    }
    return [
        Way(
            id=code,
            label=t("ui.list.colon", query.ctx.lang).join(
                (name_right_node(query.ctx, query.side, code), t("mapping.links", query.ctx.lang, count=len(linked)))
            ),
            to=write_pin_address(query, "", "", code),
            chosen=query.pin == ("", "", code),
        )
        for code, linked in own.items()
        if linked
    ]


def _cell(query: MappingQuery, target: str, theme: str, own: list[MappedLink]) -> TargetCell:
    ctx = query.ctx
    if not own:
        return TargetCell(
            to="", text=t("mapping.matrix.cell_empty", ctx.lang), size=0, shade="", ring=False, chosen=False
        )
    strength = min((link.strength for link in own), key=STRENGTHS.index)
    count = len(merge_links(own))
    return TargetCell(
        to=write_pin_address(query, theme, target, ""),
        text=t(
            "mapping.matrix.cell",
            ctx.lang,
            theme=translate_term(ctx, "theme", theme),
            target=isolate_written(ctx, target),
            links=t("mapping.links", ctx.lang, count=count),
            strength=translate_term(ctx, "strength", strength),
        ),
        size=1 + sum(count > most for most in SIZES),
        shade=strength,
        ring=not any(link.figures for link in own),
        chosen=query.pin == (theme, target, ""),
    )


def _paths(query: MappingQuery, links: list[MappedLink]) -> list[PathRow]:
    ctx = query.ctx
    groups: dict[tuple[str, str, str], list[MappedLink]] = defaultdict(list)
    for link in links:
        groups[link.theme, link.target, link.right].append(link)
    targets = {code: place for place, code in enumerate(ctx.book.targets)}
    ordered = sorted(
        groups.items(), key=lambda group: (MEASURED.index(group[0][0]), targets.get(group[0][1], 999), group[0][2])
    )
    return [_path(query, *nodes, own) for nodes, own in ordered]


def _path(query: MappingQuery, theme: str, target: str, right: str, own: list[MappedLink]) -> PathRow:
    ctx = query.ctx
    counts = {strength: sum(link.strength == strength for link in own) for strength in STRENGTHS}
    goal = ctx.book.targets[target].goal if target else 0
    theme_text = translate_term(ctx, "theme", theme)
    right_text = name_right_node(ctx, query.side, right) if right else t("mapping.table.ends", ctx.lang)
    target_text = isolate_written(ctx, target) if target else t("mapping.pin.none_target", ctx.lang)
    return PathRow(
        id=f"{theme}-{target or NONE}-{right or NONE}".replace(" ", "-"),
        theme=theme_text,
        target=target_text,
        goal=goal,
        right=right_text,
        to=write_pin_address(query, theme, target or NONE, right or NONE),
        label=describe_path(ctx, theme_text, target_text, right_text),
        direct=counts["direct"],
        proxy=counts["proxy"],
        enabling=counts["enabling"],
        figures=t("ways.of", ctx.lang, part=str(sum(link.figures for link in own)), all=str(len(own))),
        chosen=query.pin in ((theme, target or NONE, right or NONE), (theme, target, right)),
    )
