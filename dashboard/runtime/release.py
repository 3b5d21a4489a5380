"""Which code this is: what answers are made by, as one short digest."""

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

SHAPES = Path(__file__).parents[2] / "assets" / "world.json"
"""The shapes of the map with boundaries."""

_ROOMS = (
    "analysis", "answers", "contributions/delivery", "evidence/codebook", "evidence/dataset", "interfaces/api",
    "locales",
)  # fmt: skip
_DRAWING = ("altair", "vl-convert-python", "babel", "xlsxwriter", "typst")


@lru_cache
def code_version() -> str:
    """Twelve hex digits: of the text answers are made by and of what publishers are called and allow, of the map's
    shapes, of the packages that draw and write."""
    root = Path(__file__).parents[1]
    digest = hashlib.sha256(" ".join(version(name) for name in _DRAWING).encode())
    for room in (*(root / name for name in _ROOMS), root.parent / "data_sources"):
        for path in sorted(room.rglob("*")):
            if path.suffix in (".py", ".toml", ".typ"):
                digest.update(path.read_bytes())
    digest.update(SHAPES.read_bytes())
    return digest.hexdigest()[:12]
