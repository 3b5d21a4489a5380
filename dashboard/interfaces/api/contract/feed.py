"""The changes of each vintage as an Atom feed (RFC 4287), newest first."""

from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from dashboard.answers.base.context import Context
from dashboard.answers.base.words import join_sentences, name_country, name_metric
from dashboard.answers.claims.statement import list_changed_answers
from dashboard.answers.public import changes
from dashboard.answers.revisions import news
from dashboard.answers.revisions.revisions import format_apart
from dashboard.answers.wording.citation import summarise_editions
from dashboard.answers.wording.publishers import title_publisher
from dashboard.locales import format_day, t

MAX_ENTRIES = 20
"""Few entries, since readers poll the feed."""

MAX_REVISIONS = 5
ATOM = "http://www.w3.org/2005/Atom"
IDS = "urn:asan-sdg-monitor:changes"
"""Ids name the content, not the address: they stay when the product moves (RFC 4287, 4.2.6)."""


def write_atom(ctx: Context, selection: news.NewsSelection, base: str, own_address: str) -> bytes:
    """Return the feed of a selection as UTF-8.

    ``base`` is the address of the product without a trailing slash, ``own_address`` that of the feed.
    """
    name = _name_selection(ctx, selection)
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": ctx.lang})
    vintages = [vintage for vintage in news.list_vintages(ctx, selection) if _is_relevant(vintage, name)][:MAX_ENTRIES]
    _add_text(feed, "id", ":".join([IDS, *_list_filters(selection)]))
    _add_text(
        feed, "title", t("changes.feed.title_of", ctx.lang, what=name) if name else t("changes.feed.title", ctx.lang)
    )
    _add_text(feed, "subtitle", t("changes.feed.subtitle", ctx.lang))
    _add_text(
        feed, "updated", vintages[0]["created_at"] if vintages else f"{ctx.dataset.created_at:%Y-%m-%dT%H:%M:%SZ}"
    )
    _add_text(SubElement(feed, "author"), "name", t("ui.product.name", ctx.lang))
    _add_link(feed, "self", own_address, "application/atom+xml")
    _add_link(feed, "alternate", base + _locate_page(ctx, selection), "text/html")
    for vintage in vintages:
        _add_entry(ctx, selection, feed, vintage, base)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode").encode()


def _add_entry(
    ctx: Context, selection: news.NewsSelection, feed: Element, vintage: changes.VintageChanges, base: str
) -> None:
    moment, day = vintage["created_at"], vintage["created_at"][:10]
    entry = SubElement(feed, "entry")
    _add_text(entry, "id", ":".join([IDS, *_list_filters(selection), str(vintage["number"]), moment.replace(":", "")]))
    number_ = str(vintage["number"])
    _add_text(entry, "title", t("changes.feed.entry", ctx.lang, number=number_, date=format_day(day, ctx.lang)))
    _add_text(entry, "updated", moment)
    _add_link(entry, "alternate", f"{base}{_locate_page(ctx, selection, day)}", "text/html")
    parameters = {
        "since": vintage["number"] - 1,
        "until": vintage["number"],
        "indicator": ",".join(selection.indicators),
        "country": ",".join(selection.countries),
        "source": ",".join(selection.sources),
    }
    query = urlencode({name: value for name, value in parameters.items() if value != ""}, safe=",")
    _add_link(entry, "related", f"{base}/api/v1/changes?{query}", "application/json")
    for source in vintage["sources"]:
        SubElement(entry, "category", {"term": source["source"], "label": source["title"]})
    content = SubElement(entry, "content", {"type": "text"})
    content.text = "\n".join(_write_lines(ctx, selection, vintage))


def _write_lines(ctx: Context, selection: news.NewsSelection, vintage: changes.VintageChanges) -> list[str]:
    lines = [t("changes.feed.total", ctx.lang, counts=describe_counts(ctx, vintage["counts"]))]
    if vintage["number"] == ctx.dataset.vintages()[0]["number"]:
        lines.insert(0, t("changes.feed.first", ctx.lang))
    if not _list_filters(selection):  # a feed of some indicators, countries or sources tells of those alone
        lines += [
            t("statement.feed.changed", ctx.lang, claim=claim, before=before, after=after)
            for claim, before, after in list_changed_answers(ctx).get(vintage["number"], ())
        ]
    if ctx.lang == "en" and vintage["note"]:  # notes are English
        lines.append(vintage["note"])
    for source in vintage["sources"]:
        editions = summarise_editions(ctx, source["editions"])
        key = "changes.feed.source" if editions else "changes.feed.source_alone"
        values = {"source": source["title"], "counts": describe_counts(ctx, source["counts"])}
        lines.append(t(key, ctx.lang, **values, **({"editions": editions} if editions else {})))
    step = news.NewsSelection(
        vintage["number"] - 1,
        vintage["number"],
        selection.indicators,
        selection.countries,
        selection.sources,
    )
    revised = [_describe_revision(ctx, change) for change in news.find_largest(ctx, step, MAX_REVISIONS)]
    if revised:
        lines += [t("changes.feed.largest", ctx.lang), *revised]
    return lines


def _describe_revision(ctx: Context, change: changes.Change) -> str:
    metric = ctx.book.metrics[change["indicator"]]
    before, after = format_apart(ctx, metric, change["before"], change["after"], unit=True)
    return t(
        "changes.feed.revision",
        ctx.lang,
        indicator=name_metric(ctx, change["indicator"]),
        country=name_country(ctx, change["country"]),
        period=change["period"],
        before=before,
        after=after,
    )


def describe_counts(ctx: Context, counts: changes.ChangeCounts) -> str:
    """Return in words how many figures are new, revised, gone and reissued."""
    texts = [
        t(f"changes.counts.{kind}", ctx.lang, count=counts[kind])
        for kind in ("new", "revised", "vanished", "reissued")
        if counts[kind]
    ]
    return t("ui.list.semicolon", ctx.lang).join(texts) or t("changes.counts.none", ctx.lang)


def _is_relevant(vintage: changes.VintageChanges, name: str) -> bool:
    """Return True if a feed shows a vintage: a filtered one only those that changed something of it."""
    return not name or bool(vintage["sources"])


def _name_selection(ctx: Context, selection: news.NewsSelection) -> str:
    names = [
        *(name_metric(ctx, item) for item in selection.indicators),
        *(name_country(ctx, item) for item in selection.countries),
        *(title_publisher(item) for item in selection.sources),
    ]
    return join_sentences([t("ui.list.comma", ctx.lang).join(names)])


def _list_filters(selection: news.NewsSelection) -> list[str]:
    """Return the filters that make a feed a different one."""
    return [*selection.indicators, *selection.countries, *selection.sources]


def _locate_page(ctx: Context, selection: news.NewsSelection, day: str = "") -> str:
    """Return the page that shows the same, optionally as of a day."""
    as_of = f"?as_of={day}" if day else ""
    if len(selection.indicators) == 1:
        more = f"&as_of={day}" if day else ""
        return f"/{ctx.lang}/indicators/{selection.indicators[0]}/?part=revisions{more}#revisions"
    return f"/{ctx.lang}/{as_of}"


def _add_text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _add_link(parent: Element, rel: str, address: str, media: str) -> None:
    SubElement(parent, "link", {"rel": rel, "type": media, "href": address})
