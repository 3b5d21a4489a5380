"""The form as HTML: three taps (service, face, send), one request a step, no script, no cookie, right on 360 px.

Its only style is inline and named by its hash in ``POLICY``, so that nothing else can be loaded or run.
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from dashboard.delivery.model import Centre
from dashboard.templates import render
from dashboard.voice.form.words import OTHER, languages_for, texts
from dashboard.voice.model import ATTRIBUTES, LONGEST

FACES = (
    ("1", "M9 23q7-8 14 0M8 9l5 3M24 9l-5 3", "face1"),
    ("2", "M10 22q6-4 12 0", "face2"),
    ("3", "M10 20q6 4 12 0", "face3"),
    ("4", "M8 18q8 11 16 0z", "face4"),
)
"""Level, the mouth (and brows) as a path, and the key of its word: drawn, since not every telephone has every emoji."""

TRAP = "website"
"""A field people do not see; who fills it in is a programme."""

STYLE = Path(__file__).with_name("form.css").read_text(encoding="utf-8")
POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


Service = tuple[str, str]
"""Code and name."""


def services_page(language: str, centre: Centre) -> str:
    """First tap: which service."""
    services = (*centre.services, (OTHER, texts(language)["other"]))
    return _document("form_services.html", language, centre.code, centre, services=services)


def form_page(
    language: str, centre: Centre, service: Service, fresh: Mapping[str, str], trouble: str = "", *, officer: bool
) -> str:
    """Second and third tap: face, optional answers and words, send.

    Args:
        language: of the words.
        centre: whose form it is; its country says which languages are offered.
        service: what is spoken of.
        fresh: what the fields hold: ``id`` and ``day``, and after a fault what was typed.
        trouble: key of the words of a fault; "" where there is none.
        officer: whether somebody is named to read integrity reports; without, none is asked for.
    """
    return _document(
        "form_ask.html", language, centre.code, centre, service=service, fresh=fresh, trouble=trouble, officer=officer,
        faces=FACES, attributes=ATTRIBUTES, longest=LONGEST, trap=TRAP,
    )  # fmt: skip


def thanks_page(language: str, code: str) -> str:
    """After the third tap, at the centre of this code."""
    return _document("form_thanks.html", language, code, title="thanks")


def trouble_page(language: str, key: str) -> str:
    """A page that says why there is no form."""
    return _document("form_trouble.html", language, "", trouble=key)


def _document(template: str, language: str, code: str, centre: Centre | None = None, **values: Any) -> str:
    """A whole page; one of a ``centre`` offers the languages of its country."""
    words = texts(language)
    offered = [(one, texts(one)["name"]) for one in languages_for(centre.country)] if centre else []
    said = {
        "dir": words["dir"], "words": words, "style": STYLE, "title": "title", "centre": centre, "offered": offered,
        "address": partial(_address, code), "service": ("", ""),
    }  # fmt: skip
    return render(template, language, **(said | values))


def _address(code: str, **query: str) -> str:
    kept = {name: value for name, value in query.items() if value}
    return f"/voice/{quote(code)}/" + (f"?{urlencode(kept)}" if kept else "")
