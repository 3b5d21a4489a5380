"""The form as HTML: three taps (service, face, send), one request a step, no cookie, right on 360 px.

It works without script; with it words that cannot be sent stay on the telephone (``form.js``). Style and script are
inline and named by their hashes in ``POLICY``, so that nothing else can be loaded or run.
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from dashboard.contributions.delivery.model import Centre
from dashboard.contributions.delivery.wording import name_service
from dashboard.contributions.voice.form.channels import LawOnComplaints
from dashboard.contributions.voice.form.words import OTHER, languages_for, texts
from dashboard.contributions.voice.model import ATTRIBUTES, LONGEST
from dashboard.contributions.voice.moderation.complaints import Complaint
from dashboard.runtime.templates import render

FACES = (
    ("1", "M9 23q7-8 14 0M8 9l5 3M24 9l-5 3", "face1"),
    ("2", "M10 22q6-4 12 0", "face2"),
    ("3", "M10 20q6 4 12 0", "face3"),
    ("4", "M8 18q8 11 16 0z", "face4"),
)
"""Level, the mouth (and brows) as a path, and the key of its word: drawn, since not every telephone has every emoji."""

KINDS_ASKED = ("opinion", "complaint", "suggestion", "praise")
"""Kinds a visitor may choose; who chooses none is left to the word lists and to a person."""

TRAP = "website"
"""A field people do not see; who fills it in is a programme."""

STYLE = Path(__file__).with_name("form.css").read_text(encoding="utf-8")
SCRIPT = Path(__file__).with_name("form.js").read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src {_hash(STYLE)}",
        f"script-src {_hash(SCRIPT)}",
        "connect-src 'self'",
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
    named = [(code, name_service(names, language)) for code, names in centre.services]
    services = (*named, (OTHER, texts(language)["other"]))
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
        faces=FACES, kinds=KINDS_ASKED, attributes=ATTRIBUTES, longest=LONGEST, trap=TRAP,
    )  # fmt: skip


def thanks_page(language: str, code: str) -> str:
    """After the third tap, at the centre of this code."""
    return _document("form_thanks.html", language, code, title="thanks")


def number_page(language: str, complaint: Complaint, centre: str, law: LawOnComplaints) -> str:
    """What became of a complaint, for whoever has its number: nothing of what it said.

    Args:
        language: of the words.
        complaint: the number and what came of it.
        centre: its name.
        law: what is known of the country's law on complaints.
    """
    case = complaint.case
    steps = [("received", case.received_at), ("read", case.read_at), ("answered", case.answered_at)]
    return _document(
        "form_number.html", language, complaint.opinion.centre, title="number", case=case, where=centre, law=law,
        steps=[(name, at.date().isoformat() if at else "") for name, at in steps],
        languages=_offer(language, complaint.opinion.country),
    )  # fmt: skip


def trouble_page(language: str, key: str) -> str:
    """A page that says why there is no form."""
    return _document("form_trouble.html", language, "", trouble=key)


def _document(template: str, language: str, code: str, centre: Centre | None = None, **values: Any) -> str:
    """A whole page; one of a ``centre`` offers the languages of its country."""
    words = texts(language)
    offered = _offer(language, centre.country) if centre else []
    shared = {
        "dir": words["dir"], "words": words, "style": STYLE, "script": SCRIPT, "title": "title", "centre": centre,
        "offered": offered, "address": partial(_address, code), "service": ("", ""),
    }  # fmt: skip
    return render(template, language, **(shared | values))


def _offer(language: str, country: str) -> list[tuple[str, str]]:
    """Languages of a country with their own names, and the one that is read."""
    return [(code, texts(code)["name"]) for code in dict.fromkeys((*languages_for(country), language))]


def _address(code: str, **query: str) -> str:
    present = {name: value for name, value in query.items() if value}
    return f"/voice/{quote(code)}/" + (f"?{urlencode(present)}" if present else "")
