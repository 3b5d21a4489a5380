"""Choice of the form of an answer by the header ``Accept`` or the parameter ``format``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dashboard.analysis.sdmx.model import Generation, QueryRefused

Form = Literal["json", "xml", "csv"]
Kind = Literal["data", "structure", "metadata"]


@dataclass(frozen=True, slots=True)
class MediaForm:
    """A form, the media type it is answered with, and the versions that ask for it."""

    form: Form
    media: str
    versions: tuple[str, ...]

    @property
    def header(self) -> str:
        """The content type of an answer."""
        charset = ";charset=utf-8" if self.form == "csv" else ""
        return f"{self.media};version={self.versions[0]}{charset}"


FORMS: Mapping[Generation, Mapping[Kind, tuple[MediaForm, ...]]] = {
    "3.0": {
        "data": (
            MediaForm("json", "application/vnd.sdmx.data+json", ("2.0.0",)),
            MediaForm("xml", "application/vnd.sdmx.data+xml", ("3.0.0",)),
            MediaForm("csv", "application/vnd.sdmx.data+csv", ("2.0.0", "2.1.0")),
        ),
        "structure": (
            MediaForm("json", "application/vnd.sdmx.structure+json", ("2.0.0",)),
            MediaForm("xml", "application/vnd.sdmx.structure+xml", ("3.0.0",)),
        ),
        "metadata": (
            MediaForm("json", "application/vnd.sdmx.metadata+json", ("2.0.0",)),
            MediaForm("xml", "application/vnd.sdmx.metadata+xml", ("3.0.0",)),
        ),
    },
    "2.1": {
        "data": (
            MediaForm("xml", "application/vnd.sdmx.structurespecificdata+xml", ("2.1",)),
            MediaForm("csv", "application/vnd.sdmx.data+csv", ("1.0.0",)),
        ),
        "structure": (MediaForm("xml", "application/vnd.sdmx.structure+xml", ("2.1",)),),
        "metadata": (),
    },
}
"""Generation → kind of answer → its forms, the one of no particular wish first."""

_PLAIN_TYPES: Mapping[str, Form] = {
    "application/json": "json",
    "text/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/csv": "csv",
    "application/csv": "csv",
}
_ONLY_PARAMETERS = {"labels": "id", "timeformat": "original", "keys": "none"}


def choose_form(accepted: str, asked: str, generation: Generation, kind: Kind) -> MediaForm:
    """Return the form of an answer.

    Args:
        accepted: the header ``Accept``; empty means anything.
        asked: the parameter ``format`` (``csv``, ``json``, ``xml``), which prevails; empty if absent.
        generation: the version of SDMX at this address.

    Raises:
        QueryRefused: 406 with the forms that exist; 501 if there is none.
    """
    forms = FORMS[generation][kind]
    if not forms:
        raise QueryRefused(501, f"SDMX {generation} gives no {kind} here: ask /api/sdmx/v2.")
    available = ", ".join(form.header for form in forms)
    if asked:
        for form in forms:
            if form.form == asked:
                return form
        raise QueryRefused(406, f"There is no format {asked[:40]} here; there are {available}.")
    for media, parameters in _sort_accepted(accepted[:2000] or "*/*"):
        if found := _find_form(media, parameters, forms):
            return found
    raise QueryRefused(406, f"Nothing of “{accepted[:80]}” is given here; there are {available}.")


def _sort_accepted(accepted: str) -> list[tuple[str, dict[str, str]]]:
    """Return the accepted media types with their parameters, the most wanted first."""
    wishes = []
    for place, part in enumerate(accepted.split(",")):
        media, *pieces = (piece.strip() for piece in part.split(";"))
        pairs = (piece.partition("=") for piece in pieces)
        parameters = {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}
        try:
            weight = float(parameters.pop("q", "1") or 1)
        except ValueError:
            weight = 0.0
        if weight > 0:
            wishes.append((-weight, place, media.lower(), parameters))
    return [(media, parameters) for _, _, media, parameters in sorted(wishes, key=lambda wish: wish[:2])]


def _find_form(media: str, parameters: Mapping[str, str], forms: tuple[MediaForm, ...]) -> MediaForm | None:
    if media in ("*/*", "application/*"):
        return forms[0]
    if media == "text/*":
        return next((form for form in forms if form.form == "csv"), None)
    for form in forms:
        if _PLAIN_TYPES.get(media) == form.form:
            return form
        if media == form.media and _has_version(form, parameters.get("version", "")):
            for name, usual in _ONLY_PARAMETERS.items():
                if parameters.get(name, usual) != usual:
                    raise QueryRefused(406, f"{name}={parameters[name][:20]} is not given; {usual} is.")
            return form
    return None


def _has_version(form: MediaForm, version: str) -> bool:
    """Return True if a form has the version asked for: exact, shortened, or with ``+`` for any later."""
    if not version or version in form.versions:
        return True
    wanted = version.replace("+", "").rstrip(".")
    return any(
        offered == wanted
        or offered.startswith(f"{wanted}.")
        or ("+" in version and offered.split(".")[0] == wanted.split(".")[0])
        for offered in form.versions
    )
