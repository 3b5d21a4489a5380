"""The question itself: hits in the order a reader expects, near names apart, words for both."""

from collections.abc import Mapping

from babel import Locale

from dashboard.answers.base.cache import cached, kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import require_among
from dashboard.answers.base.spelling import split_words
from dashboard.answers.search.crossed import Subject, find_subject, list_figures, list_metrics
from dashboard.answers.search.entries import GROUPS, SearchEntry, title_entry, write_href
from dashboard.answers.search.facts import describe_figures
from dashboard.answers.search.index import EXACT, MENTIONS, WORDS, Index, SearchLabel, open_index
from dashboard.answers.search.stop_words import drop_grammar, shorten
from dashboard.answers.search.views import CrossedFigure, Match, SearchGroup, SearchHit, SearchView
from dashboard.locales import t

MATCHES = ("exact", "begins", "words", "holds", "mentions")
"""Names of the ways to match, in the order of ``index``."""

FORMS = {True: ("code", "name", "alias", "text"), False: ("name", "alias", "code", "text")}
"""Kinds of name, the likeliest to be meant first: of what was typed in full, and of what it only begins."""

MAX_LETTERS = 80
MAX_NEAR = 3
"""Most near names offered."""


def warm(ctx: Context) -> None:
    """Make the index and the words about figures, so that the first reader does not wait for them."""
    for entry in open_index(ctx).entries:
        describe_figures(ctx, entry.kind, entry.id)


@cached
def search(ctx: Context, query: str, kind: str = "", limit: int = 5) -> SearchView:
    """Search what is called, coded or described like ``query`` in any language, with its figures.

    A question is read as typed, then without the words that carry no subject. What has all words that do is a hit;
    what has some of them, or words a slip away, stands apart as near.

    Args:
        query: as typed; what lies beyond ``MAX_LETTERS`` is not read.
        kind: one of ``GROUPS``; "" searches all.
        limit: most hits per group.

    Raises:
        Invalid: there is no such kind.
    """
    require_among("kind", kind, GROUPS)
    query_words = split_words(query[:MAX_LETTERS])
    index = open_index(ctx)
    subject = find_subject(index, query_words) if query_words else None
    asked = query_words if subject is None else subject.rest if drop_grammar(subject.rest) else ()
    found = _find(ctx, index, asked, kind) if asked else []
    metrics = list_metrics(ctx, index, asked) if subject and not kind else []
    figures = [_figure_hit(ctx, figure) for figure in list_figures(ctx, subject, metrics)] if subject else []
    if subject:
        whole = _ranked(ctx, index, index.matches(query_words), kind)
        exact = [hit for hit in whole if hit[1] == EXACT]
        found = [*exact, *(found if _is_named(found) else []), *whole]
    taken = {label.entry for label, _ in found}
    near: list[SearchHit] = []
    if asked and not figures and not _is_named(found):
        near = [*_near_figures(ctx, index, query_words, kind), *_near(ctx, index, query_words, asked, kind, taken)]
    ranked = [*(found if subject is None else _add_countries(ctx, index, subject, found, kind))]
    total = len(ranked) + len(figures)
    return SearchView(
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        query=query[:MAX_LETTERS],
        total=total,
        text=_text(ctx, query[:MAX_LETTERS], query_words, total),
        groups=_groups(ctx, index, ranked, figures, limit, subject, metrics),
        near_label=t("search.near", ctx.lang) if near else "",
        near=near,
    )


def _find(ctx: Context, index: Index, query_words: tuple[str, ...], kind: str) -> list[tuple[SearchLabel, int]]:
    """Find entries called like the words, else like those that carry a subject, in any form."""
    mentioned: list[tuple[SearchLabel, int]] = []
    for words in shorten(query_words):
        alike = [number for number in index.list_subjects(words) if words != query_words]
        subjects = {number: EXACT for number in alike if index.entries[index.labels[number].entry].kind != "term"}
        ranked = _ranked(ctx, index, index.matches(words) | subjects, kind)
        if _is_named(ranked):
            return ranked
        mentioned = mentioned or ranked
        if drop_grammar(words) != words:
            continue
        covers = sorted(index.cover(words, slips=False).items(), key=lambda item: (-item[1].score, item[0]))
        sure = [index.labels[cover.label] for at, cover in covers if cover.sure and _is_of(index, at, kind)]
        if sure:
            return [(label, WORDS) for label in sure]
    return mentioned


def _is_named(ranked: list[tuple[SearchLabel, int]]) -> bool:
    return bool(ranked) and min(how for _, how in ranked) <= WORDS


def _is_of(index: Index, entry: int, kind: str) -> bool:
    return kind in ("", index.entries[entry].group)


def _add_countries(
    ctx: Context, index: Index, subject: Subject, found: list[tuple[SearchLabel, int]], kind: str
) -> list[tuple[SearchLabel, int]]:
    """Put the comparison of two countries first and the countries themselves last."""

    def name(kind_: str, id_: str) -> SearchLabel:
        entry = next(at for at, item in enumerate(index.entries) if (item.kind, item.id) == (kind_, id_))
        own = (label for label in index.labels if label.entry == entry)
        return min(own, key=lambda label: (FORMS[False].index(label.form), _distance(ctx, label.lang)))

    compared = [(name("page", "compare"), EXACT)] if len(subject.countries) > 1 else []
    countries = [(name("country", iso3), EXACT) for iso3 in subject.countries]
    wanted: dict[int, tuple[SearchLabel, int]] = {}
    for hit in (*compared, *found, *countries):
        wanted.setdefault(hit[0].entry, hit)
    return [hit for hit in wanted.values() if _is_of(index, hit[0].entry, kind)]


def _ranked(ctx: Context, index: Index, matches: Mapping[int, int], kind: str) -> list[tuple[SearchLabel, int]]:
    """Rank each entry by its best name: match, kind of name, reader's language, whether it has figures."""
    best: dict[int, tuple[tuple[int, ...], SearchLabel, int]] = {}
    for number, how in matches.items():
        label = index.labels[number]
        if kind and index.entries[label.entry].group != kind:
            continue
        rank = (how, FORMS[how == EXACT].index(label.form), _distance(ctx, label.lang))
        if label.entry not in best or rank < best[label.entry][0]:
            best[label.entry] = (rank, label, how)
    order, without = list(GROUPS), _without(ctx.timeless)

    def key(item: tuple[tuple[int, ...], SearchLabel, int]) -> tuple[object, ...]:
        rank, label, how = item
        entry = index.entries[label.entry]
        length = len(label.compact) if how < MENTIONS else 0
        return (
            *rank,
            label.entry in without,
            order.index(entry.group),
            length,
            title_entry(entry, ctx.lang).casefold(),
            entry.id,
        )

    return [(label, how) for _, label, how in sorted(best.values(), key=key)]


@kept(2)
def _without(ctx: Context) -> frozenset[int]:
    """Return the numbers of the entries that should have figures and have none."""
    listed = enumerate(open_index(ctx).entries)
    return frozenset(at for at, entry in listed if describe_figures(ctx, entry.kind, entry.id)[1] is False)


def _distance(ctx: Context, lang: str) -> int:
    """Rank languages: the reader's or none, English, the others."""
    return 0 if lang in (ctx.lang, "") else 1 if lang == "en" else 2


def _near(
    ctx: Context, index: Index, query_words: tuple[str, ...], asked: tuple[str, ...], kind: str, taken: set[int]
) -> list[SearchHit]:
    """Return what may have been meant; if nothing was found, also a code's parent, or each word.

    A name may hold that of a country: all the words are looked at before those asked of a country.
    """
    ways = dict.fromkeys((query_words, asked))
    nearest = next(filter(None, (_nearest(ctx, index, words, kind, taken) for words in ways)), [])
    if not nearest and not taken:
        nearest = _above(index, asked[0], kind) if len(asked) == 1 else _parts(index, asked, kind)
    return [_hit(ctx, index.entries[label.entry], label, "near") for label in nearest]


def _near_figures(ctx: Context, index: Index, query_words: tuple[str, ...], kind: str) -> list[SearchHit]:
    """Return the figures a question would ask for if one of its words were a slip."""
    subject = find_subject(index, query_words, slips=True)
    if kind or subject is None:
        return []
    figures = list_figures(ctx, subject, list_metrics(ctx, index, subject.rest, slips=True))
    return [_figure_hit(ctx, figure, "near") for figure in figures if figure["found"]][:MAX_NEAR]


def _nearest(ctx: Context, index: Index, query_words: tuple[str, ...], kind: str, taken: set[int]) -> list[SearchLabel]:
    """Return names a few slips away, the nearest first."""
    length = len("".join(query_words))
    best: dict[int, tuple[tuple[int, ...], SearchLabel]] = {}
    for number, slips in index.near(query_words).items():
        label = index.labels[number]
        if label.entry in taken or (kind and index.entries[label.entry].group != kind):
            continue
        form = FORMS[False].index(label.form)
        rank = (slips, abs(len(label.compact) - length), _distance(ctx, label.lang), form, number)
        if label.entry not in best or rank < best[label.entry][0]:
            best[label.entry] = (rank, label)
    return [label for _, label in sorted(best.values(), key=lambda item: item[0])[:MAX_NEAR]]


def _above(index: Index, code: str, kind: str) -> list[SearchLabel]:
    """Return the parent of an unknown code: of ``16.6.9`` target 16.6, of ``16.44`` goal 16."""
    while "." in code:
        code = code.rpartition(".")[0]
        labels = [index.labels[number] for number, how in index.matches((code,)).items() if how == EXACT]
        labels = [label for label in labels if not kind or index.entries[label.entry].group == kind]
        if labels:
            return labels[:MAX_NEAR]
    return []


def _parts(index: Index, query_words: tuple[str, ...], kind: str) -> list[SearchLabel]:
    """Return what has most words of a question that names no one thing: ``Kazakstan bribery``."""
    words = drop_grammar(query_words) or query_words
    covers = sorted(index.cover(words).items(), key=lambda item: (-item[1].score, item[0]))
    return [index.labels[cover.label] for at, cover in covers if _is_of(index, at, kind)][:MAX_NEAR]


def _groups(
    ctx: Context,
    index: Index,
    matches: list[tuple[SearchLabel, int]],
    figures: list[SearchHit],
    limit: int,
    subject: Subject | None,
    metrics: list[str],
) -> list[SearchGroup]:
    """Group the hits, best group first; figures precede all but a page of exactly that name."""
    countries = subject.countries if subject else ()
    by_group: dict[str, list[tuple[SearchLabel, int]]] = {}
    for label, how in matches:
        by_group.setdefault(index.entries[label.entry].group, []).append((label, how))
    groups = [
        SearchGroup(
            id=group,
            label=t(f"search.group.{group}", ctx.lang),
            total=len(hits),
            hits=[
                {**hit, "href": write_href(index.entries[label.entry], ctx.lang, countries, metrics[:1])}
                for label, how in hits[:limit]
                for hit in (_hit(ctx, index.entries[label.entry], label, MATCHES[how]),)
            ],
        )
        for group, hits in by_group.items()
    ]
    if not figures:
        return groups
    found = SearchGroup(id="figure", label=t("search.crossed.heading", ctx.lang), total=len(figures), hits=figures)
    place = 1 if groups and groups[0]["id"] == "help" and groups[0]["hits"][0]["match"] == "exact" else 0
    return [*groups[:place], found, *groups[place:]]


def _figure_hit(ctx: Context, figure: CrossedFigure, match: Match = "exact") -> SearchHit:
    """Return a figure as a hit whose title is its value."""
    _, _, _, metric, asked = figure["figure_href"].split("/")
    return SearchHit(
        kind="figure",
        kind_text=t("search.kind.figure", ctx.lang),
        id=f"{metric}.{asked.rpartition('=')[2]}",
        title=t("ui.list.colon", ctx.lang).join((f"{figure['country']} · {figure['indicator']}", figure["value"])),
        href=figure["figure_href"],
        match=match,
        found_by=t("ui.list.comma", ctx.lang).join(part for part in (figure["year"], figure["age"]) if part),
        figures=figure["source"],
        has_figures=figure["found"],
    )


def _hit(ctx: Context, entry: SearchEntry, label: SearchLabel, match: str) -> SearchHit:
    words_, has = describe_figures(ctx, entry.kind, entry.id)
    return SearchHit(
        kind=entry.kind,
        kind_text=t(f"search.kind.{entry.kind}", ctx.lang),
        id=entry.id,
        title=title_entry(entry, ctx.lang),
        href=write_href(entry, ctx.lang),
        match=match,  # type: ignore[typeddict-item]
        found_by=_matched_name(ctx, entry, label),
        figures=words_,
        has_figures=has,
    )


def _matched_name(ctx: Context, entry: SearchEntry, label: SearchLabel) -> str:
    """Return the name that was found, with its language if foreign; "" where the title shows it."""
    if label.form == "text" and not label.lang:
        return t("search.found.linked", ctx.lang, code=label.shown)
    if label.form == "text":
        return t("search.found.text", ctx.lang)
    title = title_entry(entry, ctx.lang)
    if label.compact in "".join(split_words(title)):
        return ""
    if label.lang in ("", ctx.lang) or label.form == "code":
        return t("search.found.also", ctx.lang, name=label.shown)
    language = Locale.parse(label.lang).get_display_name(ctx.lang) or label.lang
    return t("search.found.language", ctx.lang, name=label.shown, language=language)


def _text(ctx: Context, query: str, query_words: tuple[str, ...], total: int) -> str:
    if not query_words:
        return t("search.searched", ctx.lang)
    if total:
        return t("ui.search.results", ctx.lang, count=total)
    return t("search.nothing", ctx.lang, query=query) + " " + t("search.searched", ctx.lang)
