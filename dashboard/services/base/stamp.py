"""What an answer depends on besides the question: dataset, codebook and code, as one short stamp."""

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from dashboard.services.base.context import Context

FILE = Path(__file__).parents[3] / "assets" / "world.json"
"""The shapes of the map with boundaries."""

_ROOMS = ("api", "charts", "codebook", "dataset", "locales", "measures", "reports", "services")
_DRAWING = ("altair", "vl-convert-python", "babel", "xlsxwriter", "typst")


@lru_cache
def code_version() -> str:
    """Twelve hex digits: of the text answers are made by, of the map's shapes, of the packages that draw and write."""
    root = Path(__file__).parents[2]
    digest = hashlib.sha256(" ".join(version(name) for name in _DRAWING).encode())
    for room in _ROOMS:
        for path in sorted(root.joinpath(room).rglob("*")):
            if path.suffix in (".py", ".toml", ".typ"):
                digest.update(path.read_bytes())
    digest.update(FILE.read_bytes())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=64)
def _stamp(dataset: str, codebook: str) -> str:
    return hashlib.sha256(f"{dataset} {codebook} {code_version()}".encode()).hexdigest()[:12]


def stamp(ctx: Context) -> str:
    """The value of ``v`` in an address that never changes: dataset, codebook and code in twelve hex digits."""
    return _stamp(ctx.dataset.version, ctx.book.version)
