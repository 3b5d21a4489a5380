"""The question itself: hits in the order a reader expects, near names apart, words for both."""

from collections.abc import Mapping
from threading import Lock

from babel import Locale

from dashboard.locales import t
from dashboard.services.base.cache import cached, kept
from dashboard.services.base.context import Context
from dashboard.services.base.errors import require_among
from dashboard.services.base.spelling import split_words
from dashboard.services.search.entries import GROUPS, SearchEntry, list_entries, title_entry
from dashboard.services.search.facts import describe_figures
from dashboard.services.search.index import EXACT, MENTIONS, WORDS, Index, SearchLabel
from dashboard.services.search.views import SearchGroup, SearchHit, SearchView

MATCHES = ("exact", "begins", "words", "holds", "mentions")
"""Names of the ways to match, in the order of ``index``."""

FORMS = {True: ("code", "name", "alias", "text"), False: ("name", "alias", "code", "text")}
"""Kinds of name, the likeliest to be meant first: of what was typed in full, and of what it only begins."""

MOST_LETTERS = 80
MOST_NEAR = 3
"""Most near names offered."""

_making = Lock()


def warm(ctx: Context) -> None:
    """Make the index and the words about figures, so that the first reader does not wait for them."""
    for entry in index_of(ctx).entries:
        describe_figures(ctx, entry.kind, entry.id)


@cached
def search(ctx: Context, query: str, kind: str = "", limit: int = 5) -> SearchView:
    """What is called, coded or described like ``query``, in any language; near names apart when nothing is exactly it.

    Args:
        ctx: where to look, and the language of the answer.
        query: as typed; what lies beyond ``MOST_LETTERS`` is not read.
        kind: one of ``GROUPS``; "" searches all.
        limit: most hits per group.

    Raises:
        Invalid: there is no such kind.
    """
    require_among("kind", kind, GROUPS)
    query_words = split_words(query[:MOST_LETTERS])
    index = index_of(ctx)
    ranked = _ranked(ctx, index, index.matches(query_words), kind) if query_words else []
    certain = any(how == EXACT for _, how in ranked)
    near = (
        [] if certain or not query_words else _near(ctx, index, query_words, kind, {label.entry for label, _ in ranked})
    )
    groups = _groups(ctx, index, ranked, limit)
    return SearchView(
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        query=query[:MOST_LETTERS],
        total=len(ranked),
        text=_text(ctx, query[:MOST_LETTERS], query_words, len(ranked)),
        groups=groups,
        near_label=t("search.near", ctx.lang) if near else "",
        near=near,
    )


def index_of(ctx: Context) -> Index:
    """The index, made once per codebook and dataset."""
    with _making:
        return _index(ctx.timeless)


@kept(2)
def _index(ctx: Context) -> Index:
    return Index(list_entries(ctx))


def _ranked(ctx: Context, index: Index, matches: Mapping[int, int], kind: str) -> list[tuple[SearchLabel, int]]:
    """Each entry once, by its best name: how it matches, kind of name, the reader's language first, figures first."""
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
    """Numbers of the entries that should have figures and have none."""
    listed = enumerate(index_of(ctx).entries)
    return frozenset(at for at, entry in listed if describe_figures(ctx, entry.kind, entry.id)[1] is False)


def _distance(ctx: Context, lang: str) -> int:
    """The reader's language first, then what belongs to none, English, the others."""
    return 0 if lang in (ctx.lang, "") else 1 if lang == "en" else 2


def _near(ctx: Context, index: Index, query_words: tuple[str, ...], kind: str, taken: set[int]) -> list[SearchHit]:
    """What may have been meant and is no hit; where nothing was found, also what is above a code, or is each word."""
    nearest = _nearest(ctx, index, query_words, kind, taken)
    if not nearest and not taken:
        nearest = (
            _above(index, query_words[0], kind) if len(query_words) == 1 else _apart(ctx, index, query_words, kind)
        )
    return [_hit(ctx, index.entries[label.entry], label, "near") for label in nearest]


def _nearest(ctx: Context, index: Index, query_words: tuple[str, ...], kind: str, taken: set[int]) -> list[SearchLabel]:
    """Names a few slips away, the nearest first."""
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
    return [label for _, label in sorted(best.values(), key=lambda item: item[0])[:MOST_NEAR]]


def _above(index: Index, code: str, kind: str) -> list[SearchLabel]:
    """Of ``16.6.9``, which does not exist: target 16.6; of ``16.44`` goal 16."""
    while "." in code:
        code = code.rpartition(".")[0]
        labels = [index.labels[number] for number, how in index.matches((code,)).items() if how == EXACT]
        labels = [label for label in labels if not kind or index.entries[label.entry].group == kind]
        if labels:
            return labels[:MOST_NEAR]
    return []


def _apart(ctx: Context, index: Index, query_words: tuple[str, ...], kind: str) -> list[SearchLabel]:
    """Of ``Kazakhstan bribery``, which is no one thing: the best of each word."""
    labels: dict[int, SearchLabel] = {}
    for word in query_words:
        ranked = [label for label, how in _ranked(ctx, index, index.matches((word,)), kind) if how <= WORDS]
        for label in ranked[:1] or _nearest(ctx, index, (word,), kind, set())[:1]:
            labels.setdefault(label.entry, label)
    return list(labels.values())[:MOST_NEAR]


def _groups(ctx: Context, index: Index, matches: list[tuple[SearchLabel, int]], limit: int) -> list[SearchGroup]:
    """The group of the best hit first."""
    by_group: dict[str, list[tuple[SearchLabel, int]]] = {}
    for label, how in matches:
        by_group.setdefault(index.entries[label.entry].group, []).append((label, how))
    return [
        SearchGroup(
            id=group,
            label=t(f"search.group.{group}", ctx.lang),
            total=len(hits),
            hits=[_hit(ctx, index.entries[label.entry], label, MATCHES[how]) for label, how in hits[:limit]],
        )
        for group, hits in by_group.items()
    ]


def _hit(ctx: Context, entry: SearchEntry, label: SearchLabel, match: str) -> SearchHit:
    words_, has = describe_figures(ctx, entry.kind, entry.id)
    return SearchHit(
        kind=entry.kind,
        kind_text=t(f"search.kind.{entry.kind}", ctx.lang),
        id=entry.id,
        title=title_entry(entry, ctx.lang),
        href=f"/{ctx.lang}/{entry.path}",
        match=match,  # type: ignore[typeddict-item]
        found_by=_matched_name(ctx, entry, label),
        figures=words_,
        has_figures=has,
    )


def _matched_name(ctx: Context, entry: SearchEntry, label: SearchLabel) -> str:
    """The name that was found, with its language where it is another one; "" where the title shows it."""
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
