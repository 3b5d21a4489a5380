"""The global SDG structure this product speaks: the newest of what comes with it and what an operator loaded."""

from functools import lru_cache
from pathlib import Path

import dashboard.analysis.sdmx
from dashboard.analysis.sdmx.mapping import Admitted, Codes, read_admitted, read_codes
from dashboard.analysis.sdmx.model import DataStructure
from dashboard.analysis.sdmx.reading import parse_structure, read_structure_message, read_version, serialise_structure
from dashboard.settings import settings

DATA = Path(dashboard.analysis.sdmx.__file__).parent / "data"
NEWEST_SEEN = "1.22"
"""The newest version named in public when this was written (November 2025); we have no complete copy of it."""


def locate_folder() -> Path:
    """Return the folder of the structures that the operator has loaded."""
    return settings().data_dir / "sdmx"


def _list_files() -> list[Path]:
    """Return the files of structures, those that come with the product first."""
    loaded = sorted(locate_folder().glob("IAEG-SDGs_SDG_*.json")) if locate_folder().is_dir() else []
    return [*sorted(DATA.glob("IAEG-SDGs_SDG_*.json")), *loaded]


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> DataStructure:
    return parse_structure(path.read_text(encoding="utf-8"))


def open_standard() -> DataStructure:
    """Return the structure spoken: the newest version there is."""
    newest = max(_list_files(), key=lambda path: read_version(path.stem.rpartition("_")[2]))
    return _read(newest, newest.stat().st_mtime_ns)


def is_old(structure: DataStructure) -> bool:
    """Return True if a newer version than the structure's is known to exist."""
    return read_version(structure.name.version) < read_version(NEWEST_SEEN)


@lru_cache(maxsize=1)
def read_code_table() -> Codes:
    """Read the breakdowns of the UN SDG database as codes of the structure."""
    return read_codes((DATA / "sdg_codes.csv").read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def read_admitted_table(version: str) -> Admitted:
    """Read what a version's global dataflow admits; empty where we do not know it."""
    path = DATA / f"IAEG-SDGs_SDG_{version}_admitted.csv"
    return read_admitted(path.read_text(encoding="utf-8")) if path.exists() else {}


def load_standard(path: Path) -> DataStructure:
    """Keep the structure of a file, which is spoken from now on.

    Raises:
        OSError: the file cannot be read, or the copy not written.
        StructureUnreadable: it is not the global structure, or no newer one than the one spoken.
    """
    structure = read_structure_message(path.read_bytes())
    spoken = open_standard()
    if read_version(structure.name.version) <= read_version(spoken.name.version):
        raise StructureNotNewer(f"{structure.name} is not newer than {spoken.name}, which is spoken already.")
    folder = locate_folder()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"IAEG-SDGs_SDG_{structure.name.version}.json"
    part = target.with_suffix(".part")
    part.write_text(serialise_structure(structure), encoding="utf-8")
    part.replace(target)
    return structure


class StructureNotNewer(Exception):
    """The structure of a file is not newer than the one spoken."""
