"""What is asked of the mapping, and the addresses that ask it: of the page and of the picture."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast
from urllib.parse import quote, urlencode

from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Invalid, NoOption
from dashboard.answers.base.lookup import find_countries
from dashboard.answers.base.stamp import write_stamp
from dashboard.answers.charts.url import write_url
from dashboard.answers.wording.evidence import STRENGTHS

Side = Literal["principles", "rights", "goals"]
View = Literal["picture", "table"]
SIDES: tuple[Side, ...] = ("principles", "rights", "goals")
VIEWS: tuple[View, ...] = ("picture", "table")
PARAMETERS_KEPT = ("from", "to", "rule", "as_of")
"""Parameters of other pages that go with the reader."""

NONE, UNCHECKED, UNLINKED = "none", "unchecked", "unlinked"
"""Words of a pin: links without a target or without a last node; references nobody has checked; no link at all."""

_PIN = re.compile(r"[^,\x00-\x1f]{0,60},[^,\x00-\x1f]{0,60},[^,\x00-\x1f]{0,60}")

Pin = tuple[str, str, str]
UNPINNED: Pin = ("", "", "")


@dataclass(frozen=True, slots=True)
class MappingQuery:
    """What the mapping shows, normalised: equal questions are equal."""

    ctx: Context = field(repr=False)
    side: Side = "principles"
    strength: str = ""  # "" for all
    covered: bool = False  # only links with figures
    country: str = ""  # ISO3: figures and statuses of this country; "" for all countries
    pin: Pin = UNPINNED  # theme, target and last node of the path looked at; "" for any
    view: View = "picture"
    theme: Literal["light", "dark"] = "light"
    kept: tuple[tuple[str, str], ...] = ()


def ask(ctx: Context, parameters: Mapping[str, str]) -> tuple[MappingQuery, list[str]]:
    """Return the question of an address, and what of it could not be used, as ``name=value``."""
    ignored: list[str] = []

    def among(name: str, options: tuple[str, ...], default: str) -> str:
        value = parameters.get(name, "")
        if value and value not in options:
            ignored.append(f"{name}={value[:40]}")
        return value if value in options else default

    pin = parameters.get("pin", "")
    if pin and not _PIN.fullmatch(pin):
        ignored.append(f"pin={pin[:40]}")
        pin = ""
    country = parameters.get("country", "").split(",")[0].strip().upper()
    query = MappingQuery(
        ctx,
        side=cast(Side, among("side", SIDES, "principles")),
        strength=among("strength", STRENGTHS, ""),
        covered=among("figures", ("1",), "") == "1",
        country=country if country in ctx.book.countries else "",
        pin=cast(Pin, tuple(pin.split(","))) if pin else UNPINNED,
        view=cast(View, among("view", VIEWS, "picture")),
        kept=tuple((name, parameters[name][:40]) for name in PARAMETERS_KEPT if parameters.get(name)),
    )
    return query, ignored


def check_query(
    ctx: Context, side: str, strength: str, covered: bool, country: str, pin: str, theme: str
) -> MappingQuery:
    """Return the question of the picture's address.

    Raises:
        Invalid: no such column, strength, path or theme.
        Unknown: no such country.
    """
    if side and side not in SIDES:
        raise NoOption("side", side, SIDES, f"The last column is one of {', '.join(SIDES)}.")
    if strength and strength not in STRENGTHS:
        raise NoOption("strength", strength, STRENGTHS, f"A link is {', '.join(STRENGTHS)}.")
    if theme not in ("light", "dark"):
        raise Invalid("theme", "There are the themes light and dark.")
    if pin and not _PIN.fullmatch(pin):
        raise Invalid("pin", "A path is theme, target and last node, with commas between; each may be left out.")
    iso3 = find_countries(ctx, (country,))[0] if country else ""
    return MappingQuery(
        ctx,
        side or "principles",
        strength,
        covered,
        iso3,
        cast(Pin, tuple(pin.split(","))) if pin else UNPINNED,
        theme=cast(Literal["light", "dark"], theme),
    )


def write_address(query: MappingQuery, **change: Any) -> str:
    """Write the address of the page that asks ``query``, with some of it changed."""
    changed = replace(query, **change)
    parameters = {
        **_parameters(changed),
        "view": changed.view if changed.view != "picture" else "",
        **dict(changed.kept),
    }
    text = urlencode({name: value for name, value in parameters.items() if value}, safe=",", quote_via=quote)
    return f"/{changed.ctx.lang}/mapping/" + (f"?{text}" if text else "")


def write_pin_address(query: MappingQuery, *pin: str) -> str:
    """Write the address that pins a path, or unpins it where it is pinned already."""
    wanted = cast(Pin, pin)
    return write_address(query, pin=UNPINNED if query.pin == wanted else wanted)


def write_picture_url(query: MappingQuery, form: str = "json") -> str:
    """Write the picture's immutable address, which names dataset, codebook and code by their stamp."""
    ctx = query.ctx
    return write_url("mapping", _parameters(query) | {"as_of": ctx.day, "lang": ctx.lang, "v": write_stamp(ctx)}, form)


def _parameters(query: MappingQuery) -> dict[str, str]:
    return {
        "side": query.side if query.side != "principles" else "",
        "strength": query.strength,
        "figures": "1" if query.covered else "",
        "country": query.country,
        "pin": ",".join(query.pin) if query.pin != UNPINNED else "",
    }
