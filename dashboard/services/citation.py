"""How to cite: author, title, edition, series, date of retrieval, and where it was read (UN editorial order)."""

from dashboard.codebook.model import Metric
from dashboard.locales import date, t
from dashboard.services.context import Context
from dashboard.services.publishers import publishers
from dashboard.services.reading import Row, latest_of, stats_of
from dashboard.services.words import country_name, listed, metric_name
from dashboard.settings import settings


def address(path: str) -> str:
    """The public address of a path, or the path where the operator names no public address."""
    base = settings().public_url
    return f"{base.rstrip('/')}{path}" if base else path


def citation_of_indicator(ctx: Context, metric: Metric) -> str:
    """The indicator as it stands in this dataset; "" where nothing was gathered."""
    stats = stats_of(ctx, metric.id)
    row = next(iter(latest_of(ctx, metric.id).values()), None)
    if row is None or stats.retrieved_at is None:
        return ""
    editions = stats.editions if len(stats.editions) <= 2 else (stats.editions[0], stats.editions[-1])
    edition = (
        listed(ctx, editions)
        if len(stats.editions) <= 2
        else t("answers.citation.editions", ctx.lang, first=editions[0], last=editions[-1])
    )
    return _cite(ctx, row, metric_name(ctx, metric.id), edition, f"/{ctx.lang}/indicators/{metric.id}/")


def citation_of_row(ctx: Context, row: Row) -> str:
    """One figure, by its permanent id."""
    title = t(
        "answers.citation.figure",
        ctx.lang,
        indicator=metric_name(ctx, row["indicator"]),
        country=country_name(ctx, row["country"]),
        period=row["period"],
    )
    return _cite(ctx, row, title, row["edition"], f"/api/v1/provenance/{row['id']}")


def _cite(ctx: Context, row: Row, title: str, edition: str, path: str) -> str:
    info = publishers().get(row["source"])
    return t(
        "answers.citation.text",
        ctx.lang,
        publisher=info.publisher if info else row["source"],
        source=info.title if info else row["source"],
        edition=edition,
        title=title,
        series=row["series"],
        retrieved=date(row["retrieved_at"].date(), ctx.lang),
        version=ctx.dataset.version,
        as_of=date(ctx.today, ctx.lang),
        address=address(path),
    )
