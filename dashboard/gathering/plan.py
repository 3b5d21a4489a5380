"""Which series a gathering asks for, and of whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.codebook.model import Codebook, Metric, SeriesLink
from dashboard.settings import Settings
from data_sources.contract import SeriesRef, Source
from data_sources.registry import sources


class NothingToGather(Exception):
    """The choice matches no series; the message says what there is."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to gather. Empty means all; ``secondary`` adds series that are only for comparison."""

    sources: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    secondary: bool = False


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


def publishers(settings: Settings) -> dict[str, Source]:
    """Publishers that can be asked: every API, at the address of the settings.

    Publishers of files are left out; their figures come with the embedded dataset.
    """
    addresses = {name: block["base_url"] for name, block in settings.sources.model_dump().items()}
    return {name: source for name, source in sources(addresses).items() if source.info.base_url}


def plan(book: Codebook, askable: dict[str, Source], choice: Choice) -> list[Planned]:
    """The series of a choice, by source and indicator.

    Raises:
        NothingToGather: an unknown source or indicator, or a choice that matches no series that can be asked for.
    """
    _known("source", choice.sources, sorted(askable), "publishes no API we ask; these can be gathered")
    _known("indicator", choice.indicators, sorted(book.metrics), "is not in the codebook; there are")
    matching = [
        Planned(metric, link, askable[link.source])
        for metric in book.metrics.values()
        for link in metric.series
        if link.source in askable
        and (not choice.sources or link.source in choice.sources)
        and (not choice.indicators or metric.id in choice.indicators)
    ]
    chosen = [planned for planned in matching if planned.link.role == "primary" or choice.secondary]
    if not chosen and matching:
        raise NothingToGather("Only series for comparison match: add --secondary to gather them.")
    if not chosen:
        raise NothingToGather(
            "No series matches. These indicators come from files, ministries or computation, not from an API: "
            + (", ".join(choice.indicators) or "all")
        )
    return sorted(chosen, key=lambda planned: (planned.link.source, planned.metric.id))


def _known(what: str, asked: Sequence[str], known: Sequence[str], words: str) -> None:
    strangers = [name for name in asked if name not in known]
    if strangers:
        raise NothingToGather(f"{what} {', '.join(strangers)} {words}: {', '.join(known)}")
