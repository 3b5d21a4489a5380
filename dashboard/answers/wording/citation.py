"""How to cite: author, title, edition, series, date of retrieval, and where it was read.

Three forms of one reference: the order of the United Nations' editors, that of the American Psychological Association
(7th edition, data sets), and an entry for BibTeX. An edition that names no year has none in any form: none is guessed.
"""

import re
from collections.abc import Sequence

from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row, find_latest, find_received, find_stats
from dashboard.answers.base.words import isolate_written, join_list, name_country, name_metric
from dashboard.answers.wording.addresses import locate_figure, locate_vintage
from dashboard.answers.wording.publishers import (
    describe_licence,
    find_national_series,
    find_publisher,
    strip_site,
    title_publisher,
)
from dashboard.answers.wording.views import Citation
from dashboard.evidence.codebook.model import Metric
from dashboard.locales import format_day, format_edition, t
from dashboard.settings import settings


def build_public_address(path: str) -> str:
    """Return the public address of a path, or the path where the operator names none."""
    base = settings().public_url
    return f"{base.rstrip('/')}{path}" if base else path


def name_issue(ctx: Context, row: Row, editions: tuple[str, ...]) -> str:
    """Name a work and its edition: ``Corruption Perceptions Index, CPI 2025``.

    An edition that repeats the title stands alone.
    """
    named = summarise_editions(ctx, editions)
    title = title_publisher(row["source"], row["series"])
    return named if named.startswith(title) else t("answers.citation.issue", ctx.lang, source=title, edition=named)


def summarise_editions(ctx: Context, editions: Sequence[str]) -> str:
    """List editions by the year they name; of many only the oldest and the newest, unless of one year.

    By their names alone 2026.Q2 would stand before October 2020.
    """
    ordered = sorted(editions, key=lambda edition: (_year([edition]), edition))
    if len(ordered) > 2 and _year(ordered[:1]) != _year(ordered):
        return t(
            "answers.citation.editions",
            ctx.lang,
            first=format_edition(ordered[0], ctx.lang),
            last=format_edition(ordered[-1], ctx.lang),
        )
    return join_list(ctx, [format_edition(edition, ctx.lang) for edition in ordered])


def cite_indicator(ctx: Context, metric: Metric) -> str:
    """Cite the indicator as it stands in this dataset; "" where nothing was gathered."""
    row = next(iter(find_latest(ctx, metric.id).values()), None)
    if row is None:
        return ""
    issue = name_issue(ctx, row, find_stats(ctx, metric.id).editions)
    return _cite(ctx, row, name_metric(ctx, metric.id), issue, f"/{ctx.lang}/indicators/{metric.id}/")


def cite_indicator_in_styles(ctx: Context, metric: Metric) -> list[Citation]:
    """Cite it in three forms: United Nations style, APA, BibTeX; none where nothing was gathered."""
    row = next(iter(find_latest(ctx, metric.id).values()), None)
    if row is None:
        return []
    editions = find_stats(ctx, metric.id).editions
    texts = {
        "un": cite_indicator(ctx, metric),
        "apa": _apa(ctx, metric, row, editions),
        "bibtex": _bibtex(ctx, metric, row, editions),
    }
    return [
        Citation(
            id=form,
            label=(label := t(f"citation.form.{form}", ctx.lang)),
            text=words,
            copy_text=t("citation.copy.label", ctx.lang, form=label),
            copied_text=t("citation.copy.done", ctx.lang, form=label),
        )
        for form, words in texts.items()
    ]


def _apa(ctx: Context, metric: Metric, row: Row, editions: tuple[str, ...]) -> str:
    parts = _parts(ctx, row, metric.id, editions)
    return t(
        "citation.apa.text",
        ctx.lang,
        **parts | {name: isolate_written(ctx, parts[name]) for name in ("series", "version", "address")},
        year=_year(editions) or t("citation.apa.undated", ctx.lang),
    )


def _bibtex(ctx: Context, metric: Metric, row: Row, editions: tuple[str, ...]) -> str:
    """Return the BibTeX entry: field names are BibTeX's own, texts those of the language."""
    parts = _parts(ctx, row, metric.id, editions)
    note = t("citation.bibtex.note", ctx.lang, **parts)
    fields = {
        "author": f"{{{_escaped(parts['publisher'])}}}",
        "title": f"{{{_escaped(parts['title'])}}}",
        "year": _year(editions),
        "howpublished": _escaped(t("ui.product.name", ctx.lang)),
        "note": _escaped(note),
        "url": parts["address"],
        "urldate": ctx.today.isoformat(),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{asan_{metric.id}_{ctx.today:%Y%m%d},\n{lines}\n}}"


def _parts(ctx: Context, row: Row, metric: str, editions: tuple[str, ...]) -> dict[str, str]:
    info = find_publisher(row["source"], row["series"])
    return {
        "publisher": info.publisher if info else row["source"],
        "source": name_issue(ctx, row, editions),
        "title": name_metric(ctx, metric),
        "series": strip_site(row["series"]),
        "retrieved": format_day(find_received(ctx, row), ctx.lang),
        "version": ctx.dataset.name,
        "as_of": format_day(ctx.today, ctx.lang),
        "address": build_public_address(f"/{ctx.lang}/indicators/{metric}/"),
    }


def _year(editions: Sequence[str]) -> str:
    """Return the newest year that an edition names; "" where none names one."""
    named = (re.findall(r"(?:19|20)[0-9]{2}", edition)[-1:] for edition in editions)
    return max((year for years in named for year in years), default="")


def _escaped(text: str) -> str:
    """Escape the letters that TeX would read as commands."""
    return re.sub(r"([#$%&_{}])", r"\\\1", text)


def cite_row(ctx: Context, row: Row) -> str:
    """Cite one figure, by its permanent id."""
    own = find_national_series(ctx.book.metrics[row["indicator"]], row)
    title = t(
        "answers.citation.national" if own else "answers.citation.figure",
        ctx.lang,
        indicator=name_metric(ctx, row["indicator"]),
        country=name_country(ctx, row["country"]),
        period=row["period"],
    )
    issue = name_issue(ctx, row, (row["edition"],))
    return _cite(ctx, row, title, issue, locate_figure(ctx.lang, row["id"]))


def cite_series(ctx: Context, row: Row, name: str, editions: tuple[str, ...], path: str) -> str:
    """Cite a publisher's series, of which ``row`` is one, by its page."""
    return _cite(ctx, row, name, name_issue(ctx, row, editions), path)


def cite_vintage(ctx: Context, dataset: str, number: int) -> str:
    """Cite a whole vintage of the dataset, by its page."""
    address = isolate_written(ctx, build_public_address(locate_vintage(ctx.lang, number)))
    return t("bulk.cite", ctx.lang, dataset=isolate_written(ctx, dataset), url=address)


def name_source(ctx: Context, metric: Metric) -> str:
    """Name publisher, work, edition and licence, as printed inside images."""
    row = next(iter(find_latest(ctx, metric.id).values()), None)
    if row is None:
        return join_list(ctx, dict.fromkeys(title_publisher(link.source, link.series) for link in metric.series))
    return _licensed(ctx, row, name_issue(ctx, row, find_stats(ctx, metric.id).editions))


def name_source_of_edition(ctx: Context, source: str, series: str, named: str) -> str:
    """Name the source of one edition of a series, in this dataset or not; "" without a publisher."""
    row: Row = {"source": source, "series": series}
    return _licensed(ctx, row, name_issue(ctx, row, (named,))) if source else ""


def name_national_source(ctx: Context, rows: Sequence[Row]) -> str:
    """Name the source of a country's own series and say that its definition is its own."""
    if not rows:
        return ""
    issue = name_issue(ctx, rows[-1], tuple(sorted({row["edition"] for row in rows})))
    return t("national.chart.source", ctx.lang, source=_licensed(ctx, rows[-1], issue))


def _licensed(ctx: Context, row: Row, issue: str) -> str:
    info = find_publisher(row["source"], row["series"])
    if info is None:
        return issue
    return t(
        "answers.image.source", ctx.lang, publisher=info.publisher, source=issue, licence=describe_licence(ctx, info)
    )


def _cite(ctx: Context, row: Row, title: str, issue: str, path: str) -> str:
    info = find_publisher(row["source"], row["series"])
    return t(
        "answers.citation.text",
        ctx.lang,
        publisher=info.publisher if info else row["source"],
        source=issue,
        title=title,
        series=isolate_written(ctx, strip_site(row["series"])),
        retrieved=format_day(find_received(ctx, row), ctx.lang),
        version=isolate_written(ctx, ctx.dataset.name),
        as_of=format_day(ctx.today, ctx.lang),
        address=isolate_written(ctx, build_public_address(path)),
    )
