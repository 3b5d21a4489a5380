"""The two publishers as the gathering suite sees them: the same scenes, each in its own shapes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.data_sources.server import Publisher, Scripted, json_reply
from tests.data_sources.shapes import un_body, un_releases, un_row, wb_body, wb_message, wb_row

Fact = tuple[str, str, str | None]
"""Country, year and the figure as printed; None is the publisher's own way of saying nothing."""

M49 = {"AZE": "31", "GEO": "268", "KAZ": "398", "KGZ": "417", "WLD": "1"}
NAMES = {"AZE": "Azerbaijan", "GEO": "Georgia", "KAZ": "Kazakhstan", "KGZ": "Kyrgyzstan", "WLD": "World"}


@dataclass
class WorldBank:
    """World Bank: figures are numbers or null, an edition is a ``lastupdated``."""

    served: Publisher
    id: str = "world_bank"
    series: dict[str, str] = field(
        default_factory=lambda: {"internet_users": "IT.NET.USER.ZS", "mobile_subscriptions": "IT.CEL.SETS.P2"}
    )
    unlike: str = "xml_instead_of_json"
    message_code: str = "message_{}"
    editions: tuple[str, str] = ("2026-07-01", "2026-10-01")

    @property
    def base_url(self) -> str:
        return f"{self.served.url}/v2"

    def on(self, indicator: str, *replies: Scripted, edition: str | None = None) -> None:
        self.served.on(f"/v2/country/all/indicator/{self.series[indicator]}", *replies)

    def body(self, indicator: str, facts: Sequence[Fact], *, edition: str | None = None, **head: Any) -> bytes:
        rows = [
            wb_row(iso3, year, _number(text), code=self.series[indicator], name=NAMES[iso3])
            for iso3, year, text in facts
        ]
        return wb_body(*rows, lastupdated=edition or self.editions[0], **head)

    def pages(self, indicator: str, *pages: Sequence[Fact], totals: Sequence[int]) -> list[Scripted]:
        return [
            json_reply(self.body(indicator, facts, page=n, pages=len(pages), total=total))
            for n, (facts, total) in enumerate(zip(pages, totals, strict=True), 1)
        ]

    def edition(self, stated: str) -> str:
        return f"lastupdated {stated}"


@dataclass
class UnSdg:
    """UN SDG: figures are texts with marks, an edition is a release."""

    served: Publisher
    id: str = "un_sdg"
    series: dict[str, str] = field(
        default_factory=lambda: {"bribery_persons": "IU_COR_BRIB", "bribery_firms": "IC_FRM_BRIB"}
    )
    message_code: str = "unexpected_shape"
    editions: tuple[str, str] = ("2026.Q2.G.02", "2026.Q3.G.01")

    @property
    def base_url(self) -> str:
        return f"{self.served.url}/sdg"

    def on(self, indicator: str, *replies: Scripted, edition: str | None = None) -> None:
        self.served.on("/sdg/Series/Data", *replies, seriesCode=self.series[indicator])
        self.served.on("/sdg/Indicator/List", json_reply(un_releases()))

    def body(self, indicator: str, facts: Sequence[Fact], *, edition: str | None = None, **head: Any) -> bytes:
        rows = [
            un_row(M49[iso3], float(year), text or "NaN", series=self.series[indicator], geoAreaName=NAMES[iso3])
            for iso3, year, text in facts
        ]
        return un_body(*rows, release=edition or self.editions[0], **head)

    def pages(self, indicator: str, *pages: Sequence[Fact], totals: Sequence[int]) -> list[Scripted]:
        return [
            json_reply(self.body(indicator, facts, pageNumber=n, totalPages=len(pages), totalElements=total))
            for n, (facts, total) in enumerate(zip(pages, totals, strict=True), 1)
        ]

    def edition(self, stated: str) -> str:
        return stated


House = WorldBank | UnSdg


def message(number: str) -> bytes:
    """An error of the World Bank, which comes with HTTP 200; the UN must refuse it too."""
    return wb_message(number, "The provided parameter value is not valid")


def _number(text: str | None) -> object:
    try:
        return None if text is None else float(text)
    except ValueError:
        return text
