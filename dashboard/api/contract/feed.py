"""What each vintage brought as an Atom feed (RFC 4287): one entry per vintage, newest first."""

from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from dashboard.locales import format_day, t
from dashboard.services.base.context import Context
from dashboard.services.base.words import join_sentences, name_country, name_metric
from dashboard.services.claims.statement import list_changed_answers
from dashboard.services.public import changes
from dashboard.services.revisions import news
from dashboard.services.revisions.revisions import format_apart
from dashboard.services.wording.citation import summarise_editions
from dashboard.services.wording.publishers import title_publisher

MOST = 20
"""Entries of a feed: its readers ask again and again."""

LARGEST = 5
ATOM = "http://www.w3.org/2005/Atom"
IDS = "urn:asan-sdg-monitor:changes"
"""Ids name the content, not the address: they stay when the product moves (RFC 4287, 4.2.6)."""


def atom(ctx: Context, selection: news.NewsSelection, base: str, here: str) -> bytes:
    """The feed as UTF-8.

    Args:
        ctx: for the dataset and the language of titles and sentences.
        selection: what the feed tells.
        base: the address of the product, without a slash at its end.
        here: the address of the feed itself.
    """
    what = _what(ctx, selection)
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": ctx.lang})
    vintages = [one for one in news.list_vintages(ctx, selection) if _matters(one, what)][:MOST]
    _text(feed, "id", ":".join([IDS, *_parts(selection)]))
    _text(feed, "title", t("changes.feed.title_of", ctx.lang, what=what) if what else t("changes.feed.title", ctx.lang))
    _text(feed, "subtitle", t("changes.feed.subtitle", ctx.lang))
    _text(feed, "updated", vintages[0]["created_at"] if vintages else f"{ctx.dataset.created_at:%Y-%m-%dT%H:%M:%SZ}")
    _text(SubElement(feed, "author"), "name", t("ui.product.name", ctx.lang))
    _link(feed, "self", here, "application/atom+xml")
    _link(feed, "alternate", base + _page(ctx, selection), "text/html")
    for vintage in vintages:
        _entry(ctx, selection, feed, vintage, base)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode").encode()


def _entry(
    ctx: Context, selection: news.NewsSelection, feed: Element, vintage: changes.VintageChanges, base: str
) -> None:
    moment, day = vintage["created_at"], vintage["created_at"][:10]
    entry = SubElement(feed, "entry")
    _text(entry, "id", ":".join([IDS, *_parts(selection), str(vintage["number"]), moment.replace(":", "")]))
    number_ = str(vintage["number"])
    _text(entry, "title", t("changes.feed.entry", ctx.lang, number=number_, date=format_day(day, ctx.lang)))
    _text(entry, "updated", moment)
    _link(entry, "alternate", f"{base}{_page(ctx, selection, day)}", "text/html")
    parameters = {
        "since": vintage["number"] - 1,
        "until": vintage["number"],
        "indicator": ",".join(selection.indicators),
        "country": ",".join(selection.countries),
        "source": ",".join(selection.sources),
    }
    query = urlencode({name: value for name, value in parameters.items() if value != ""}, safe=",")
    _link(entry, "related", f"{base}/api/v1/changes?{query}", "application/json")
    for source in vintage["sources"]:
        SubElement(entry, "category", {"term": source["source"], "label": source["title"]})
    content = SubElement(entry, "content", {"type": "text"})
    content.text = "\n".join(_lines(ctx, selection, vintage))


def _lines(ctx: Context, selection: news.NewsSelection, vintage: changes.VintageChanges) -> list[str]:
    lines = [t("changes.feed.total", ctx.lang, counts=counts_text(ctx, vintage["counts"]))]
    if vintage["number"] == ctx.dataset.vintages()[0]["number"]:
        lines.insert(0, t("changes.feed.first", ctx.lang))
    if not _parts(selection):  # a feed of some indicators, countries or sources tells of those alone
        lines += [
            t("statement.feed.changed", ctx.lang, claim=claim, before=before, after=after)
            for claim, before, after in list_changed_answers(ctx).get(vintage["number"], ())
        ]
    if ctx.lang == "en" and vintage["note"]:  # notes are English
        lines.append(vintage["note"])
    for source in vintage["sources"]:
        editions = summarise_editions(ctx, source["editions"])
        key = "changes.feed.source" if editions else "changes.feed.source_alone"
        values = {"source": source["title"], "counts": counts_text(ctx, source["counts"])}
        lines.append(t(key, ctx.lang, **values, **({"editions": editions} if editions else {})))
    step = news.NewsSelection(
        vintage["number"] - 1,
        vintage["number"],
        selection.indicators,
        selection.countries,
        selection.sources,
    )
    revised = [_revision(ctx, one) for one in news.find_largest(ctx, step, LARGEST)]
    if revised:
        lines += [t("changes.feed.largest", ctx.lang), *revised]
    return lines


def _revision(ctx: Context, change: changes.Change) -> str:
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


def counts_text(ctx: Context, counts: changes.ChangeCounts) -> str:
    """How many figures are new, revised, gone and reissued; kinds without any are left out."""
    texts = [
        t(f"changes.counts.{kind}", ctx.lang, count=counts[kind])
        for kind in ("new", "revised", "vanished", "reissued")
        if counts[kind]
    ]
    return t("ui.list.semicolon", ctx.lang).join(texts) or t("changes.counts.none", ctx.lang)


def _matters(vintage: changes.VintageChanges, what: str) -> bool:
    """A feed of everything tells every vintage; a filtered one those that changed something of it."""
    return not what or bool(vintage["sources"])


def _what(ctx: Context, selection: news.NewsSelection) -> str:
    names = [
        *(name_metric(ctx, one) for one in selection.indicators),
        *(name_country(ctx, one) for one in selection.countries),
        *(title_publisher(one) for one in selection.sources),
    ]
    return join_sentences([t("ui.list.comma", ctx.lang).join(names)])


def _parts(selection: news.NewsSelection) -> list[str]:
    """What makes a feed another feed: its filters, not its span."""
    return [*selection.indicators, *selection.countries, *selection.sources]


def _page(ctx: Context, selection: news.NewsSelection, day: str = "") -> str:
    """The page that shows the same: of the indicator, or the first one as of that day."""
    as_of = f"?as_of={day}" if day else ""
    if len(selection.indicators) == 1:
        more = f"&as_of={day}" if day else ""
        return f"/{ctx.lang}/indicators/{selection.indicators[0]}/?part=revisions{more}#revisions"
    return f"/{ctx.lang}/{as_of}"


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _link(parent: Element, rel: str, address: str, media: str) -> None:
    SubElement(parent, "link", {"rel": rel, "type": media, "href": address})
