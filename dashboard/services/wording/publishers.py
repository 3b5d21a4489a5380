"""The publishers as their own ``source.toml`` declares them."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from dashboard.codebook.model import Metric, NationalSeries
from dashboard.services.base.context import Context
from dashboard.services.base.errors import Unknown
from dashboard.services.base.rows import Row
from dashboard.services.base.words import term
from data_sources.info import SourceInfo


@lru_cache
def publishers() -> Mapping[str, SourceInfo]:
    """Source id → what is declared of it, by title."""
    from data_sources.registry import infos  # knows httpx: not needed to start

    return MappingProxyType(dict(sorted(infos().items(), key=lambda item: item[1].title.casefold())))


def titles() -> dict[str, str]:
    """Source id → its title."""
    return {source: info.title for source, info in publishers().items()}


def publisher_of(source: str, series: str) -> SourceInfo | None:
    """What is declared of the publisher as to one series: some keep several databases or sites."""
    info = publishers().get(source)
    return info.of(series).of_site(series) if info else None


def title_of(source: str, series: str = "") -> str:
    """The title of the publisher's database that the series is in, or the id where none is declared."""
    info = publisher_of(source, series)
    return info.title if info else source


def licence_text(ctx: Context, info: SourceInfo) -> str:
    """The licence in the reader's language; one that is a name (CC BY 4.0) stands as it is."""
    words = term(ctx, "licence", info.id, "")
    return info.licence if words == info.id else words


def national_of(metric: Metric, row: Row) -> NationalSeries | None:
    """The national series of the codebook that a figure comes from; ``None`` for every other figure."""
    here = (row["source"], row["series"])
    return next((own for own in metric.national if (own.source, own.series) == here), None)


def unmodified_only(source: str) -> bool:
    """Whether the licence forbids derived figures: then no median or rank of ours is made from it."""
    info = publishers().get(source)
    return info is not None and info.redistribution != "yes"


def checked_sources(names: tuple[str, ...]) -> tuple[str, ...]:
    """Sources that exist.

    Raises:
        Unknown: one does not.
    """
    for name in names:
        if name not in publishers():
            raise Unknown("source", name, tuple(sorted(publishers())))
    return names


def series_code(series: str) -> str:
    """The code by which a publisher knows its series: what we put before it, the site, is ours (``kaz:16-6-2``)."""
    site, _, code = series.partition(":")
    return code if code and site.isalpha() else series
