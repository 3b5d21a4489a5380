"""The World Bank's series codes: the WGI were given new ones, the old ones answer with message 175."""

WGI_DATABASE = "3"
"""``source=3``: the database of the Worldwide Governance Indicators in the Indicators API."""

RENAMED = {
    f"{old}.{part}": f"GOV_WGI_{old}.{new_part}"
    for old in ("VA", "PV", "GE", "RQ", "RL", "CC")
    for part, new_part in {"EST": "EST", "STD.ERR": "SE", "NO.SRC": "SR"}.items()
}
"""Archived code → code in use, for the WGI."""


def current(code: str) -> str:
    """The code in use for a series that may be named by an archived code."""
    return RENAMED.get(code, code)


def wgi_dimension(code: str) -> str:
    """``"cc"`` for ``GOV_WGI_CC.EST`` or ``CC.EST``; empty when the code is not a WGI estimate."""
    name, _, part = current(code).partition(".")
    return name.removeprefix("GOV_WGI_").lower() if name.startswith("GOV_WGI_") and part == "EST" else ""
