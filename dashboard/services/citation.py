"""How to cite: author, title, edition, series, date of retrieval, and where it was read (UN editorial order)."""

from collections.abc import Sequence

from dashboard.codebook.model import Metric
from dashboard.locales import date, t
from dashboard.services.context import Context
from dashboard.services.publishers import national_of, publisher_of, title_of
from dashboard.services.reading import Row, latest_of, stats_of
from dashboard.services.words import country_name, listed, metric_name
from dashboard.settings import settings


def address(path: str) -> str:
    """The public address of a path, or the path where the operator names no public address."""
    base = settings().public_url
    return f"{base.rstrip('/')}{path}" if base else path


def issue_of(ctx: Context, row: Row, editions: tuple[str, ...]) -> str:
    """A publisher's work and its edition: ``Corruption Perceptions Index, CPI 2025``; an edition that repeats the title
    stands alone, and of many editions the first and the last are named.
    """
    if len(editions) > 2:
        named = t("answers.citation.editions", ctx.lang, first=editions[0], last=editions[-1])
    else:
        named = listed(ctx, editions)
    title = title_of(row["source"], row["series"])
    return named if named.startswith(title) else t("answers.citation.issue", ctx.lang, source=title, edition=named)


def citation_of_indicator(ctx: Context, metric: Metric) -> str:
    """The indicator as it stands in this dataset; "" where nothing was gathered."""
    row = next(iter(latest_of(ctx, metric.id).values()), None)
    if row is None:
        return ""
    issue = issue_of(ctx, row, stats_of(ctx, metric.id).editions)
    return _cite(ctx, row, metric_name(ctx, metric.id), issue, f"/{ctx.lang}/indicators/{metric.id}/")


def citation_of_row(ctx: Context, row: Row) -> str:
    """One figure, by its permanent id."""
    own = national_of(ctx.book.metrics[row["indicator"]], row)
    title = t(
        "answers.citation.national" if own else "answers.citation.figure",
        ctx.lang,
        indicator=metric_name(ctx, row["indicator"]),
        country=country_name(ctx, row["country"]),
        period=row["period"],
    )
    return _cite(ctx, row, title, issue_of(ctx, row, (row["edition"],)), f"/api/v1/provenance/{row['id']}")


def source_line(ctx: Context, metric: Metric) -> str:
    """Publisher, work, edition and licence, as printed inside images."""
    row = next(iter(latest_of(ctx, metric.id).values()), None)
    if row is None:
        return listed(ctx, dict.fromkeys(title_of(link.source, link.series) for link in metric.series))
    return _licensed(ctx, row, issue_of(ctx, row, stats_of(ctx, metric.id).editions))


def national_source_line(ctx: Context, rows: Sequence[Row]) -> str:
    """The same of a country's own series: the office, its work, and that the definition is its own; "" without rows."""
    if not rows:
        return ""
    issue = issue_of(ctx, rows[-1], tuple(sorted({row["edition"] for row in rows})))
    return t("national.chart.source", ctx.lang, source=_licensed(ctx, rows[-1], issue))


def _licensed(ctx: Context, row: Row, issue: str) -> str:
    info = publisher_of(row["source"], row["series"])
    if info is None:
        return issue
    return t("answers.image.source", ctx.lang, publisher=info.publisher, source=issue, licence=info.licence)


def _cite(ctx: Context, row: Row, title: str, issue: str, path: str) -> str:
    info = publisher_of(row["source"], row["series"])
    return t(
        "answers.citation.text",
        ctx.lang,
        publisher=info.publisher if info else row["source"],
        source=issue,
        title=title,
        series=row["series"],
        retrieved=date(row["retrieved_at"].date(), ctx.lang),
        version=ctx.dataset.version,
        as_of=date(ctx.today, ctx.lang),
        address=address(path),
    )
