"""What is asked of a survey: blocks of questions, groups, and the mapping from a file's columns to them."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dashboard.analysis.measures.surveys.satisfaction import AREAS

Scale = Literal["four", "five", "yes_no"]

OVERALL = "overall"

MOST_REPLICATES = 1_000

THRESHOLD = 30
"""Fewest unweighted answers of an estimate that is kept. Ours, for figures of a household survey."""


@dataclass(frozen=True, slots=True)
class Block:
    """Questions that are answered on one scale and belong together: all of them are mapped, or none."""

    id: str
    scale: Scale
    items: tuple[str, ...]
    indicators: tuple[str, ...]


_CODES = {"government_services": "gov", "healthcare": "hlth", "primary_education": "prm", "secondary_education": "sec"}

BLOCKS: Mapping[str, Block] = {
    block.id: block
    for block in (
        *(
            Block(area, "four", (*AREAS[area], OVERALL), (f"sat_attributes_{code}", f"sat_overall_{code}"))
            for area, code in _CODES.items()
        ),
        Block("bribery", "yes_no", ("contact", "asked", "paid"), ("bribery_persons",)),
        Block(
            "decision", "five", ("inclusive", "responsive"),
            ("decision_inclusive", "decision_responsive", "decision_both"),
        ),
        Block("discrimination", "yes_no", ("any",), ("discrimination",)),
    )
}  # fmt: skip
"""SDG 16.6.2 by service area, 16.5.1, 16.7.2 and 10.3.1."""

DESIGN = ("weight", "stratum", "psu", "population")
"""Columns that say how the sample was drawn; only the weight is always needed."""

SINGLE_PSU = ("refuse", "center", "scale", "skip")
"""What to do with a stratum of one sampling unit, see ``measures.surveys.survey.SinglePsu``."""

REPLICATES = ("jk1", "jkn", "brr", "fay", "bootstrap")
"""How replicate weights were made, see ``measures.surveys.survey.ReplicateMethod``."""

_RANGE = re.compile(r"(.*?)([0-9]+)\s*-\s*(.*?)([0-9]+)", re.ASCII)

GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "sex": ("Sex", ("FEMALE", "MALE")),
    "age": ("Age", ("<25Y", "25-34", "35-44", "45-54", "55-64", "65+")),
    "location": ("Location", ("URBAN", "RURAL")),
    "income": ("Quantile", ("Q1", "Q2", "Q3", "Q4", "Q5")),
    "disability": ("Disability status", ("PD", "PWD")),
    "region": ("Region", ()),
}
"""Group → dimension of the record and its categories; a region has the names its file gives it."""

USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "weight": (
        "weight", "weights", "wt", "wgt", "pweight", "hhweight", "personweight", "sampleweight", "samplingweight",
        "finalweight", "weightfinal",
    ),
    "stratum": ("stratum", "strata", "strat"),
    "psu": ("psu", "psuid", "cluster", "clusterid", "ea", "eaid", "primarysamplingunit"),
    "population": ("fpc", "populationsize"),
    "group.sex": ("sex", "gender"),
    "group.age": ("age", "agegroup", "ageyears"),
    "group.location": ("location", "urbanrural", "urban", "residence"),
    "group.income": ("income", "quintile", "incomequintile", "wealthquintile"),
    "group.disability": ("disability", "disabled"),
    "group.region": ("region", "province", "oblast", "governorate", "admin1"),
}  # fmt: skip
"""Field of a mapping → what its column is called in most survey files, in small letters and nothing else."""

CODED = (*BLOCKS, "sex", "location", "disability")
"""Where codes may be stated by hand, most positive first: yes before no, women, urban, with disability first."""

METHOD = ("who", "population", "period_of_work", "question", "address")
"""Fields of *Method* that a survey states for itself; the rest follows from the file."""

LONGEST = 300


@dataclass(frozen=True, slots=True)
class SurveyColumn:
    """A column of a file as far as anybody needs to know: its names, never its values."""

    name: str
    label: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)  # code → words

    def as_json(self) -> dict[str, Any]:
        """Plain values, as stored."""
        return {"name": self.name, "label": self.label, "labels": dict(self.labels)}


def fields() -> tuple[str, ...]:
    """Return every field of a mapping, in the order of the form."""
    return (
        *DESIGN, "single_psu", "replicates", "replicate_method", "replicate_factors",
        *(f"item.{block.id}.{item}" for block in BLOCKS.values() for item in block.items),
        *(f"group.{group}" for group in GROUPS),
        *(f"codes.{name}" for name in (*CODED, "no_answer")),
        *(f"method.{name}" for name in METHOD),
    )  # fmt: skip


def proposed(columns: Iterable[str]) -> dict[str, str]:
    """A mapping that names alone suggest, for a person to confirm: a field has a column where exactly one is called so.

    Questions are not guessed: a name says too little of how one was asked.
    """
    plain: dict[str, list[str]] = {}
    for name in columns:
        plain.setdefault("".join(letter for letter in name.casefold() if letter.isalnum()), []).append(name)
    found = {field: [one for usual in names for one in plain.get(usual, ())] for field, names in USUAL_NAMES.items()}
    return {field: names[0] for field, names in found.items() if len(names) == 1}


def is_column(name: str) -> bool:
    """Return True if a field of a mapping names a column."""
    return name in DESIGN or name.startswith(("item.", "group."))


def find_replicates(stated: str, columns: Iterable[str]) -> tuple[str, ...]:
    """The columns of replicate weights that a mapping states: names, ``rep1-rep80`` or ``rep*``, separated by commas.

    In the order stated, and of numbers; what the file does not have is left out.
    """
    there = list(columns)
    found: dict[str, None] = {}
    for one in filter(None, (part.strip() for part in stated.replace(";", ",").split(","))):
        numbered = {name: int(name[len(one) - 1 :]) for name in there if _is_numbered(name, one)}
        if one in there:
            found[one] = None
        elif numbered:
            found |= dict.fromkeys(sorted(numbered, key=lambda name: (numbered[name], name)))
        elif (match := _RANGE.fullmatch(one)) and match[3] in ("", match[1]):
            stem, width = match[1], len(match[2])
            names = (f"{stem}{at:0{width}}" for at in range(int(match[2]), min(int(match[4]), MOST_REPLICATES) + 1))
            found |= dict.fromkeys(name for name in names if name in there)
    return tuple(found)


def _is_numbered(name: str, pattern: str) -> bool:
    stem, star, after = pattern.partition("*")
    return (
        bool(star)
        and not after
        and name.startswith(stem)
        and name[len(stem) :].isascii()
        and name[len(stem) :].isdigit()
    )


def read_factors(stated: str) -> tuple[float, ...] | None:
    """Return the factors of replicates that a mapping states: numbers separated by blanks, ``0.75*4`` for four of 0.75.

    None where it states something else.
    """
    factors: list[float] = []
    for one in stated.replace(";", " ").split():
        number, star, times = one.partition("*")
        try:
            value, count = float(number), int(times) if star else 1
        except ValueError:
            return None
        if not (math.isfinite(value) and 0 < count <= MOST_REPLICATES):
            return None
        factors += [value] * count
    return tuple(factors)


def stated_codes(mapping: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the codes stated by hand for a block or group, in their order."""
    return tuple(mapping.get(f"codes.{name}", "").replace(",", " ").replace(";", " ").split())


def mapped_blocks(mapping: Mapping[str, str]) -> list[Block]:
    """Return blocks of which every question has a column."""
    return [block for block in BLOCKS.values() if all(mapping.get(f"item.{block.id}.{item}") for item in block.items)]
