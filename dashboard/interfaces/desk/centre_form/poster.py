"""The poster of a centre: its QR code and what it is for, in every language people of the country read. PDF, A4."""

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale

from dashboard.contributions.voice.form.words import languages_for, texts

TEMPLATE = Path(__file__).with_name("poster.typ")
FONTS = Path(__file__).parents[4] / "assets" / "fonts"


WITHOUT_LETTERS = ("am", "ps")
"""Languages whose letters the fonts of the product do not all have: the poster names them and the form speaks them."""


def qr_svg(address: str) -> str:
    """The address as a QR code that still reads when a quarter of it is torn off."""
    import segno

    buffer = io.BytesIO()
    segno.make(address, error="q", micro=False).save(buffer, kind="svg", scale=8, border=4)
    return buffer.getvalue().decode()


def poster(address: str, name: str, country: str) -> bytes:
    """The poster as PDF.

    Args:
        address: what the code opens, printed below it too.
        name: of the centre.
        country: ISO3, for its languages.
    """
    import typst

    lines = [
        {"lang": code, "dir": texts(code)["dir"], "title": texts(code)["title"], "text": texts(code)["poster_text"]}
        for code in languages_for(country)
        if code not in WITHOUT_LETTERS
    ]
    left_out = [Locale.parse(code).get_display_name("en") for code in languages_for(country) if code in WITHOUT_LETTERS]
    inputs = json.dumps(
        {
            "address": address,
            "name": name,
            "lines": lines,
            "qr": qr_svg(address),
            "also": ", ".join(map(str, left_out)),
        },
        ensure_ascii=False,
    )
    return bytes(typst.compile(TEMPLATE, root=TEMPLATE.parent, font_paths=_fonts(), sys_inputs={"poster": inputs}))


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
