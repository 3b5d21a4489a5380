"""What ``source.toml`` says about a publisher."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Assertions:
    """The least and most a series of this publisher may hold; outside, the series is not used."""

    min_rows: int = 1
    max_rows: int = 2_000_000
    min_areas: int = 1
    max_areas: int = 1_000
    first_year: int = 1900
    last_year: int = 2100


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A publisher as its ``source.toml`` declares it."""

    id: str
    title: str
    publisher: str
    homepage: str
    licence: str
    licence_url: str
    attribution: str
    redistribution: str  # "yes", "unmodified" (no derivatives) or "no"
    cadence_days: int
    evidence_level: int  # 1-4, see docs/method.md
    hosts: tuple[str, ...] = ()  # publisher hosts requests may go to
    access: str = "api"  # "api" or "file"
    base_url: str = ""  # where an API answers, unless a setting says otherwise; empty for files
    per_host: int = 4
    assertions: Assertions = field(default_factory=Assertions)


def load_info(folder: Path) -> SourceInfo:
    """Read ``folder/source.toml``.

    Raises:
        ValueError: a key is missing, unknown or of the wrong type; the message names file and key.
    """
    path = folder / "source.toml"
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        raw["assertions"] = Assertions(**raw.get("assertions", {}))
        raw["hosts"] = tuple(raw.get("hosts", ()))
        return SourceInfo(**raw)
    except TypeError as error:
        raise ValueError(f"{path}: {error}") from error
