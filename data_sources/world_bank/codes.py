"""The World Bank's series codes, and what belongs to a governance series.

The WGI were given new codes; the old ones answer with message 175. Each of the six dimensions has an estimate (units of
a standard normal distribution) with its standard error, and a score from 0 to 100 with its own bounds. They are two
series: bounds of one scale never stand beside figures of the other.
"""

from collections.abc import Iterable, Iterator, Mapping

WGI_DATABASE = "3"
"""``source=3``: the database of the Worldwide Governance Indicators in the Indicators API."""

DIMENSIONS = ("VA", "PV", "GE", "RQ", "RL", "CC")
"""Voice and accountability, political stability, government effectiveness, regulatory quality, rule of law, control of
corruption."""

RENAMED = {
    f"{old}.{part}": f"GOV_WGI_{old}.{new_part}"
    for old in DIMENSIONS
    for part, new_part in {"EST": "EST", "STD.ERR": "SE", "NO.SRC": "SR"}.items()
}
"""Archived code → code in use, for the WGI. Percentile ranks (``CC.PER.RNK``) have no successor: the score of 0 to 100
is another measure."""

PERCENTILE_RANK = "PER.RNK"
"""Part of a code that only the bulk workbook answers to: ``CC.PER.RNK``."""

_BELONGING: Mapping[str, Mapping[str, str]] = {
    "EST": {"std_error": "SE", "sources": "SR"},
    "SC": {"lower": "SC_LB", "upper": "SC_UB", "sources": "SR"},
}
_MOST_CODES = 60
_LONGEST_LIST = 1500


def find_current_code(code: str) -> str:
    """Return the code in use for a series that may be named by an archived code."""
    return RENAMED.get(code, code)


def split_governance_code(code: str) -> tuple[str, str] | None:
    """Dimension and part of a governance series, ``("CC", "EST")`` for ``GOV_WGI_CC.EST`` or ``CC.EST``, else None."""
    dimension, _, part = find_current_code(code).removeprefix("GOV_WGI_").partition(".")
    return (dimension, part) if dimension in DIMENSIONS and part else None


def list_companions(code: str) -> dict[str, str]:
    """Return what the World Bank publishes beside a governance series, by role; nothing for other series."""
    named = split_governance_code(code)
    if named is None:
        return {}
    dimension, part = named
    return {role: f"GOV_WGI_{dimension}.{other}" for role, other in _BELONGING.get(part, {}).items()}


def split_batches(codes: Iterable[str]) -> Iterator[list[str]]:
    """Codes in groups that one request may ask for: at most sixty, at most 1,500 characters between two slashes.

    Source: World Bank, "API Basic Call Structures", on multiple indicators.
    """
    batch: list[str] = []
    for code in codes:
        if batch and (len(batch) == _MOST_CODES or len(";".join([*batch, code])) > _LONGEST_LIST):
            yield batch
            batch = []
        batch.append(code)
    if batch:
        yield batch
