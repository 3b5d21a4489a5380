"""The publishers as their own ``source.toml`` declares them."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.base.rows import Row
from dashboard.answers.base.words import translate_term
from dashboard.evidence.codebook.model import Metric, NationalSeries
from data_sources.info import SourceInfo
from data_sources.national_submission.made import NATIONAL, SUBMITTED, read_made
from data_sources.registry import list_infos


@lru_cache
def list_publishers() -> Mapping[str, SourceInfo]:
    """Map each source id to what the publisher's folder declares, by title."""
    return MappingProxyType(dict(sorted(list_infos().items(), key=lambda item: item[1].title.casefold())))


def list_titles() -> dict[str, str]:
    """Map each source id to its title."""
    return {source: info.title for source, info in list_publishers().items()}


def find_publisher(source: str, series: str) -> SourceInfo | None:
    """Return the declaration of the publisher for one series: some have several databases or sites."""
    info = list_publishers().get(source)
    return info.of(series).of_site(series) if info else None


def title_publisher(source: str, series: str = "") -> str:
    """Return the title of the database of a series, or the id where none is declared."""
    info = find_publisher(source, series)
    return info.title if info else source


def describe_licence(ctx: Context, info: SourceInfo) -> str:
    """Return the licence in the reader's language; a name such as CC BY 4.0 stays as it is."""
    words = translate_term(ctx, "licence", info.id, "")
    return info.licence if words == info.id else words


def find_national_series(metric: Metric, row: Row) -> NationalSeries | None:
    """Return the national series of a figure, of the codebook or as a country sent it, or None."""
    here = (row["source"], row["series"])
    codebook_series = next((own for own in metric.national if (own.source, own.series) == here), None)
    return codebook_series or _read_submitted_series(metric, row)


def _read_submitted_series(metric: Metric, row: Row) -> NationalSeries | None:
    """Return the series that a country sent in its own definition, as the sender describes it."""
    if row["source"] != SUBMITTED or not row["series"].endswith(NATIONAL):
        return None
    made = read_made(row["source_detail"])[1]
    text = {name: {"en": made.get(name, "")} for name in ("own_definition", "question", "population", "mode", "who")}
    return NationalSeries(
        metric.id, row["country"], SUBMITTED, row["series"], "own_definition", text["own_definition"], text["question"],
        text["population"], text["mode"], text["who"], (), {"en": ""}, int(row["series"][len("level")]),
    )  # fmt: skip


def is_unmodified_only(source: str) -> bool:
    """Return True if the licence forbids derived figures, such as our medians and ranks."""
    info = list_publishers().get(source)
    return info is not None and info.redistribution != "yes"


def check_sources(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sources if all of them exist.

    Raises:
        Unknown: one does not.
    """
    for name in names:
        if name not in list_publishers():
            raise Unknown("source", name, tuple(sorted(list_publishers())))
    return names


def strip_site(series: str) -> str:
    """Return the publisher's own code of a series, without the site that we prefix (``kaz:16-6-2``)."""
    site, _, code = series.partition(":")
    return code if code and site.isalpha() else series
