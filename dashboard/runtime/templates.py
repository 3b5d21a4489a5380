"""The one Jinja environment: every page the server writes, at a desk or as the first answer of a page, is a template.

A template stands in ``templates`` of its desk or page, and has a name of its own; ``skeleton.html`` is what every whole
document stands in. Values are escaped, and one that a template names and nobody has given is an error.
"""

from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboard.locales import DESK_LANGUAGES, choose_public, isolate_ltr, t

PLACES = ("desk/templates", "desk/*/templates", "pages/*/templates")
"""Folders of templates, below ``dashboard/interfaces``."""


def render(template: str, lang: str, **values: Any) -> str:
    """Return a template with its values.

    Args:
        template: the name of its file.
        lang: its language; the direction follows from it where ``dir`` does not say.
        values: what it says.
    """
    direction = DESK_LANGUAGES[lang].dir if lang in DESK_LANGUAGES else "ltr"
    values_of_page = {
        "lang": lang,
        "public_lang": choose_public(lang),
        "dir": direction,
        "robots": "noindex",
        "theme": "",
        "t": partial(_text, lang),
    }
    return _environment().get_template(template).render(**(values_of_page | values))


def moment(value: datetime | None) -> str:
    """Return a moment as it is shown: to the minute, in UTC, in one piece also inside Arabic."""
    return isolate_ltr(value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")) if value else ""


def _text(lang: str, key: str, **values: Any) -> str:
    """A sentence of the accounts' catalogue, or of another by its whole key after a colon: ``:ui.product.name``."""
    return t(key[1:] if key.startswith(":") else f"accounts.{key}", lang, **values)


@lru_cache
def _environment() -> Environment:
    root = Path(__file__).parents[1] / "interfaces"
    made = Environment(
        loader=FileSystemLoader([folder for place in PLACES for folder in sorted(root.glob(place))]),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters |= {"moment": moment, "ltr": isolate_ltr}
    return made
