"""Publishers' spellings of units, and the unit code of ours that each means."""

from typing import Literal

SPELLINGS: dict[str, str] = {
    # publisher's spelling, folded → our code
    "percent": "percent", "percentage": "percent", "%": "percent", "pt": "percent", "percentage (%)": "percent",
    "percent (%)": "percent", "per cent": "percent",
    "score": "score", "index": "index", "ix": "index", "points": "points", "point": "points",
    "ratio": "ratio", "ro": "ratio",
    "number": "count", "nu": "count", "count": "count", "num": "count",
    "bool": "yes_no", "boolean": "yes_no", "yes/no": "yes_no",
    "per_100_pop": "per_100", "per 100": "per_100", "per 100 people": "per_100", "per 100 inhabitants": "per_100",
    "per_10000_pop": "per_10000", "per 10,000": "per_10000",
    "minutes": "minutes", "days": "days", "day": "days",
    "us dollars": "usd", "usd": "usd", "cu_usd": "usd", "current us$": "usd", "us$": "usd",
    "con_usd": "constant_usd", "constant us$": "constant_usd",  # of some year: no unit of ours, so never taken for it
    "ppp dollars": "ppp_usd", "percentage points": "percentage_points",
    "people": "people", "persons": "people",
}  # fmt: skip

ALSO_WRITTEN: dict[str, frozenset[str]] = {
    "yes_no": frozenset({"count"}),  # the UN SDG database counts 1 where a country has the thing
    "score": frozenset({"index", "points"}),
    "index": frozenset({"score", "points"}),
    "points": frozenset({"score", "index", "count"}),
    "ratio": frozenset({"index", "score"}),
    "per_100": frozenset({"count"}),
    "people": frozenset({"count"}),
    "percent": frozenset({"per_100"}),  # Internet users were "per 100 inhabitants" until 2023
}
"""Our unit → other meanings a publisher may print for the same figures, all without a factor between them."""

SHARE_OF = ("percent of ", "percentage of ", "per cent of ", "% of ")
"""What a publisher's spelling of a share begins with, whatever it is a share of."""

SCALELESS = frozenset({"score", "index", "points", "ratio", "yes_no"})
"""Units without a factor to get wrong: an unknown spelling there is a label, not another scale."""

FACTOR = "×"
"""With it publishers' rooms write a multiplier into the unit: ``CU_USD × 10^6``."""

Reading = Literal["agrees", "unsaid", "label", "conflict", "unknown"]


def read_unit(published: str, ours: str) -> Reading:
    """Return what a publisher's unit says about figures that should be in ``ours``.

    Returns:
        ``agrees``; ``unsaid`` (no unit given: the codebook's holds); ``label`` (unknown words on a unit without scale);
        ``conflict`` (a known, different unit) or ``unknown``: the last two cannot be interpreted.
    """
    spelling = published.strip().casefold()
    if not spelling:
        return "unsaid"
    meaning = "percent" if spelling.startswith(SHARE_OF) and FACTOR not in spelling else SPELLINGS.get(spelling)
    if meaning is None:  # a multiplier is a factor to get wrong, whatever the unit
        return "label" if ours in SCALELESS and FACTOR not in spelling else "unknown"
    if meaning == ours or meaning in ALSO_WRITTEN.get(ours, frozenset()):
        return "agrees"
    return "conflict"
