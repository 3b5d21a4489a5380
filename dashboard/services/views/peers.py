"""Countries proposed for comparison. Also an answer of the API: ``typing_extensions`` as in ``public``."""

from typing import Literal

from typing_extensions import TypedDict

ReasonId = Literal["region", "income", "egdi_group", "gdp_per_head", "population", "years_since_opening"]


class PeerReason(TypedDict):
    """Why a country is proposed, with the values of both."""

    id: ReasonId
    label: str
    text: str


class PeerEntry(TypedDict):
    """A proposed country; ``unknown`` names what could not be looked at, since a value of one of the two is missing."""

    iso3: str
    name: str
    reasons: list[PeerReason]
    unknown: list[ReasonId]
    unknown_text: str
    adoption_status: str
    adoption_text: str


class PeersView(TypedDict):
    """Peers of a country: most reasons first, then the nearest in GDP per head and population."""

    dataset: str
    as_of: str
    country: str
    name: str
    text: str  # how peers are chosen, and by what never
    missing: list[ReasonId]  # what is not known of the country itself, so is nobody's reason
    missing_text: str
    sources: list[str]  # publishers of the figures that stand in reasons
    total: int  # countries with a reason; ``peers`` holds the first of them
    peers: list[PeerEntry]
