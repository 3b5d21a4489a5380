"""Which series a gathering asks for, and of whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboard.evidence.codebook.model import Codebook, Metric, SeriesLink
from dashboard.settings import Settings
from data_sources.contract import SeriesRef, Source
from data_sources.info import Address
from data_sources.registry import build_sources


class NothingToGather(Exception):
    """The choice matches no series; the message says what there is."""


@dataclass(frozen=True, slots=True)
class GatheringChoice:
    """What to gather. Empty means all; ``secondary`` adds series that are only for comparison; a country's own is not.

    ``countries`` and ``since`` (a year) limit what may change, and which national platforms are asked. ``due`` leaves
    out series whose source has nothing new to expect yet.
    """

    sources: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    secondary: bool = False
    countries: tuple[str, ...] = ()
    since: int | None = None
    due: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """One series to gather for one indicator."""

    metric: Metric
    link: SeriesLink
    source: Source

    @property
    def ref(self) -> SeriesRef:
        """The series as the publisher's room wants it named."""
        return SeriesRef(self.link.series, self.metric.id, self.link.companions, self.link.options)

    @property
    def key(self) -> tuple[str, str, str]:
        """Source, series and indicator: what an outcome is about."""
        return self.link.source, self.link.series, self.metric.id


def list_publishers(settings: Settings) -> dict[str, Source]:
    """Return every publisher, to be asked at the address of the settings or of its ``source.toml``.

    Raises:
        ValueError: a setting names no source of ours, or no address.
    """
    return build_sources(
        {
            name: Address(address.base_url, address.mirrors, address.files, address.sites)
            for name, address in settings.sources.items()
        }
    )


def plan(book: Codebook, known: dict[str, Source], choice: GatheringChoice) -> list[Planned]:
    """The series of a choice, by source and indicator; also those of publishers of whom no address is known.

    ``askable`` of the source's info tells the two apart.

    Raises:
        NothingToGather: an unknown source, indicator or country, or a choice that matches no series.
    """
    _known("source", choice.sources, sorted(known), "is no publisher we know; there are")
    _known("indicator", choice.indicators, sorted(book.metrics), "is not in the codebook; there are")
    _known("country", choice.countries, sorted(book.countries), "is not an ISO3 code of a country; there are")
    matching = list(_matching(book, known, choice))
    chosen = [planned for planned in matching if planned.link.role != "secondary" or choice.secondary]
    if not chosen and matching:
        raise NothingToGather("Only series for comparison match: add --secondary to gather them.")
    if not chosen:
        raise NothingToGather(
            "No series matches. These indicators come from ministries or computation, or from another publisher: "
            + (", ".join(choice.indicators) or "all")
        )
    return sorted(chosen, key=lambda planned: (planned.link.source, planned.metric.id, planned.link.series))


def _matching(book: Codebook, known: dict[str, Source], choice: GatheringChoice) -> Iterator[Planned]:
    for metric in book.metrics.values():
        if choice.indicators and metric.id not in choice.indicators:
            continue
        for link in (*metric.series, *(own.link for own in metric.national)):
            if link.source not in known or (choice.sources and link.source not in choice.sources):
                continue
            planned = Planned(metric, link, known[link.source])
            own = find_own_country(planned)
            if not own or not choice.countries or own in choice.countries:
                yield planned


def find_own_country(planned: Planned) -> str:
    """Return the country a national platform speaks of, ISO3; "" for figures of many countries."""
    site = find_site(planned)
    return next((known.country for known in planned.source.info.sites if known.id == site), "")


def find_site(planned: Planned) -> str:
    """Return the site of a platform that a series is asked of; "" where it names none."""
    return planned.link.series.rpartition(":")[0] or planned.link.options.get("site", "")


def name_series(planned: Planned) -> str:
    """Name a series for messages: indicator, source, site and series, and the country whose own it is."""
    link, country = planned.link, find_own_country(planned)
    return f"{link.metric} ({link.source} {link.series}{f', {country}' if country else ''})"


def _known(what: str, names: Sequence[str], known: Sequence[str], words: str) -> None:
    strangers = [name for name in names if name not in known]
    if strangers:
        raise NothingToGather(f"{what} {', '.join(strangers)} {words}: {', '.join(known)}")
