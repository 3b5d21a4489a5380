"""A new publisher's folder that works: declaration, a room that reads a plain JSON list, and its README."""

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

import data_sources

TEMPLATES = Path(__file__).with_name("scaffold")
ROOMS = Path(data_sources.__file__).parent

_ID = re.compile(r"[a-z][a-z0-9_]*")
_PLAIN = re.compile(r"[^\"\\\n\r\t{}]+")


class Refused(ValueError):
    """The folder cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """What a new folder says of its publisher."""

    id: str
    title: str
    publisher: str
    homepage: str
    licence: str
    licence_url: str
    base_url: str


def scaffold(publisher: Publisher, rooms: Path = ROOMS) -> tuple[Path, str]:
    """Make the folder of a publisher.

    Returns:
        The folder, and the line for ``CASES`` in ``tests/data_sources/test_source_contract.py``.

    Raises:
        Refused: the id is taken or none, or an address is not https.
    """
    folder = rooms / publisher.id
    if not _ID.fullmatch(publisher.id):
        raise Refused(f"{publisher.id!r} is no id: lower-case letters, digits and _, beginning with a letter")
    if folder.exists():
        raise Refused(f"{folder} exists already")
    for key, words in asdict(publisher).items():
        if not _PLAIN.fullmatch(words) or words != words.strip():
            raise Refused(f"{key} {words!r}: say it in plain words on one line")
        if key in ("homepage", "licence_url", "base_url") and not _https(words):
            raise Refused(f"{key} {words!r} is not an https address")
    name = "".join(part.capitalize() for part in publisher.id.split("_"))
    values = asdict(publisher) | {"name": name, "host": urlsplit(publisher.base_url).netloc}
    values["base_url"] = publisher.base_url.rstrip("/")
    folder.mkdir()
    for file in ("source.toml", "source.py", "README.md", "__init__.py"):
        template = TEMPLATES / f"{file.replace('__init__', 'init')}.txt"
        text = Template(template.read_text(encoding="utf-8")).substitute(values)
        (folder / file).write_text(text, encoding="utf-8")
    body = """b'[{"area": "ATA", "year": 2020, "value": 12.5}, {"area": "BVT", "year": 2020, "value": null}]'"""
    return folder, f'    Case("{publisher.id}", "A_SERIES", {{"/A_SERIES": {body}}}, 2),'


def _https(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
