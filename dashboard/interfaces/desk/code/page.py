"""``/code`` before the address of a table's CSV file: the code that reads it in somebody's own tool."""

from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from dashboard.answers.base.errors import Unknown
from dashboard.answers.files.tables import write_table_code
from dashboard.interfaces.api.answers import get_public_base
from dashboard.interfaces.desk.frame import absent, language_of, public
from dashboard.locales import LANGUAGES, t
from dashboard.settings import settings

router = APIRouter(include_in_schema=False)


@router.get("/code/{table:path}")
def show_code(request: Request, table: Annotated[str, Path(max_length=200)]) -> Response:
    """The code for every tool; an address of no table of ours has none."""
    lang, query = language_of(request, LANGUAGES), request.url.query
    try:
        code = write_table_code(f"/{table}", query, get_public_base(request, settings()))
    except Unknown:
        message, title = t("ui.errors.page", lang), t("ui.nav.indicators", lang)
        return absent(request, lang, message, title, f"/{lang}/indicators/")
    filters = [(name, value) for name, value in parse_qsl(query) if name != "lang"]
    file = f"/{table}" + (f"?{query}" if query else "")
    return public(request, "table_code.html", lang, code=code, file=file, kept=urlencode(filters), robots="noindex")
