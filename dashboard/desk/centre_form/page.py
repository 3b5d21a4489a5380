"""The form as HTML: three taps (service, face, send), one request a step, no script, no cookie, right on 360 px.

``services_page``, ``form_page``, ``thanks_page``, ``trouble_page``: text in, one whole document out. Its only style is
inline and named by its hash in ``POLICY``, so that nothing else can be loaded or run.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote, urlencode

from dashboard.voice.form.words import OTHER, languages_for, texts
from dashboard.voice.model import ATTRIBUTES, LONGEST

FACES = (
    (1, "M9 23q7-8 14 0M8 9l5 3M24 9l-5 3", "face1"),
    (2, "M10 22q6-4 12 0", "face2"),
    (3, "M10 20q6 4 12 0", "face3"),
    (4, "M8 18q8 11 16 0z", "face4"),
)
"""Level, the mouth (and brows) as a path, and the key of its word: drawn, since not every telephone has every emoji."""

_HEAD = '<circle cx="16" cy="16" r="14"/><path d="M11 13v1M21 13v1"/>'
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


def services_page(language: str, centre: str, name: str, country: str, services: Sequence[tuple[str, str]]) -> str:
    """First tap: which service."""
    words = texts(language)
    items = "".join(
        f'<li><a class="big" href="{_address(centre, lang=language, service=code)}">{escape(shown)}</a></li>'
        for code, shown in (*services, (OTHER, words["other"]))
    )
    body = f"<h1>{_t(words, 'title')}</h1><p>{escape(name)}</p><h2>{_t(words, 'which')}</h2><ul>{items}</ul>"
    return document(language, words["title"], _languages(language, centre, country) + body)


def form_page(
    language: str,
    centre: str,
    name: str,
    country: str,
    service: tuple[str, str],
    fresh: Mapping[str, str],
    trouble: str = "",
    *,
    officer: bool,
) -> str:
    """Second and third tap: face, optional answers and words, send.

    Args:
        language: of the words.
        centre: its code; ``name`` and ``country`` as shown.
        name: of the centre.
        country: ISO3, for the languages offered.
        service: code and name.
        fresh: what the fields hold: ``id`` and ``day``, and after a fault what was typed.
        trouble: key of the words of a fault; "" where there is none.
        officer: whether somebody is named to read integrity reports; without, none is asked for.
    """
    words = texts(language)
    hidden = {"id": fresh["id"], "day": fresh["day"], "lang": language, "service": service[0]}
    parts = [
        _languages(language, centre, country, service[0]),
        f"<h1>{_t(words, 'title')}</h1><p>{escape(name)} · {escape(service[1])}</p>",
        _alert(words, trouble),
        f'<form method="post" action="/voice/{quote(centre)}/" accept-charset="utf-8" autocomplete="off">',
        *(f'<input type="hidden" name="{key}" value="{escape(value, quote=True)}">' for key, value in hidden.items()),
        f'<fieldset><legend>{_t(words, "overall")}</legend><div class="faces">',
        *(
            f'<label><svg viewBox="0 0 32 32" aria-hidden="true">{_HEAD}<path d="{face}"/></svg>'
            f'<input type="radio" name="rating" value="{value}"{_checked(fresh, "rating", str(value))}>'
            f"{_t(words, key)}</label>"
            for value, face, key in FACES
        ),
        f"</div></fieldset><details><summary>{_t(words, 'more')}</summary>",
        *(_question(words, fresh, attribute) for attribute in ATTRIBUTES),
        "</details>",
        f'<label for="text"><strong>{_t(words, "words")}</strong></label>',
        f'<p class="note" id="hint">{_t(words, "words_hint")}</p>',
        f'<textarea id="text" name="text" maxlength="{LONGEST}" dir="auto" aria-describedby="hint">'
        f"{escape(fresh.get('text', ''))}</textarea>",
        _integrity(words, fresh) if officer else f'<p class="note">{_t(words, "integrity_closed")}</p>',
        f'<p class="trap" aria-hidden="true"><label>{_t(words, "leave_empty")} '
        f'<input name="{TRAP}" tabindex="-1" value=""></label></p>',
        f'<button class="big" type="submit">{_t(words, "send")}</button></form>',
        f'<p class="note">{_t(words, "becomes")}</p>',
        f'<p><a href="{_address(centre, lang=language)}">{_t(words, "back")}</a></p>',
    ]
    return document(language, words["title"], "".join(parts))


def thanks_page(language: str, centre: str) -> str:
    """After the third tap."""
    words = texts(language)
    return document(
        language,
        words["thanks"],
        f'<h1>{_t(words, "thanks")}</h1><p>{_t(words, "thanks_text")}</p><p class="note">{_t(words, "becomes")}</p>'
        f'<p><a class="big" href="{_address(centre, lang=language)}">{_t(words, "again")}</a></p>',
    )


def trouble_page(language: str, key: str) -> str:
    """A page that says why there is no form."""
    words = texts(language)
    return document(language, words["title"], f'<h1>{_t(words, "title")}</h1><p class="trouble">{_t(words, key)}</p>')


def document(language: str, title: str, body: str) -> str:
    """A whole page around a body of finished HTML."""
    return (
        f'<!doctype html><html lang="{language}" dir="{texts(language)["dir"]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )


def _alert(words: Mapping[str, str], trouble: str) -> str:
    if not trouble:
        return ""
    title = _t(words, "error_title")
    return f'<p class="trouble" role="alert"><strong>{title}.</strong> {_t(words, trouble)}</p>'


def _integrity(words: Mapping[str, str], fresh: Mapping[str, str]) -> str:
    return (
        f'<p><label><input type="checkbox" name="integrity" value="1"{_checked(fresh, "integrity", "1")}> '
        f'{_t(words, "integrity")}</label></p><p class="note">{_t(words, "integrity_note")}</p>'
    )


def _languages(language: str, centre: str, country: str, service: str = "") -> str:
    offered = languages_for(country)
    if len(offered) == 1:
        return ""  # nothing to choose
    current = ' aria-current="true"'
    links = "".join(
        f'<a lang="{code}" hreflang="{code}" href="{_address(centre, lang=code, service=service)}"'
        f"{current if code == language else ''}>{_t(texts(code), 'name')}</a>"
        for code in offered
    )
    return f"<nav>{links}</nav>"


def _question(words: Mapping[str, str], fresh: Mapping[str, str], attribute: str) -> str:
    answers = "".join(
        f'<label><input type="radio" name="{attribute}" value="{value}"{_checked(fresh, attribute, value)}> '
        f"{_t(words, key)}</label>"
        for value, key in (("1", "yes"), ("0", "no"))
    )
    return f'<fieldset class="ask"><legend>{_t(words, attribute)}</legend>{answers}</fieldset>'


def _checked(fresh: Mapping[str, str], name: str, value: str) -> str:
    return " checked" if fresh.get(name) == value else ""


def _address(centre: str, **query: str) -> str:
    kept = {name: value for name, value in query.items() if value}
    return escape(f"/voice/{quote(centre)}/?{urlencode(kept)}", quote=True)


def _t(words: Mapping[str, str], key: str) -> str:
    return escape(words[key])
