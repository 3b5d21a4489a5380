"""Four invented countries, with codes that ISO 3166 leaves to users, and the codebook that holds them.

What is measured, and to which goal it belongs, is the product's own codebook; countries and adopters are invented.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboard.codebook.loader import DATA

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Invented:
    """An invented country: its codes, its name in the languages of the codebook, the office that sends its figures."""

    iso3: str
    iso2: str
    names: Mapping[str, str]
    office: str  # of the contributor
    ministry: str  # of the approver
    opened: str  # year of the invented first centre


COUNTRIES: Sequence[Invented] = (
    Invented(
        "XAA", "XA",
        {"en": "Arvenia (invented)", "fr": "Arvénie (inventée)", "es": "Arvenia (inventada)", "ar": "أرفينيا (مختلَقة)",
         "ru": "Арвения (вымышленная)", "zh": "阿尔维尼亚（虚构）", "az": "Arveniya (uydurma)"},
        "Arvenian Service Agency", "Arvenian Ministry of Service", "2016",
    ),
    Invented(
        "XAB", "XB",
        {"en": "Belmora (invented)", "fr": "Belmora (inventé)", "es": "Belmora (inventada)", "ar": "بلمورا (مختلَقة)",
         "ru": "Бельмора (вымышленная)", "zh": "贝尔莫拉（虚构）", "az": "Belmora (uydurma)"},
        "Belmoran Office of Public Centres", "Belmoran Ministry of Reform", "2018",
    ),
    Invented(
        "XAC", "XC",
        {"en": "Coravia (invented)", "fr": "Coravie (inventée)", "es": "Coravia (inventada)", "ar": "كورافيا (مختلَقة)",
         "ru": "Коравия (вымышленная)", "zh": "科拉维亚（虚构）", "az": "Koraviya (uydurma)"},
        "Coravian Bureau of Statistics", "Coravian Cabinet Office", "2020",
    ),
    Invented(
        "XAD", "XD",
        {"en": "Dalmeria (invented)", "fr": "Dalmérie (inventée)", "es": "Dalmeria (inventada)",
         "ar": "دالميريا (مختلَقة)", "ru": "Далмерия (вымышленная)",
         "zh": "达尔梅里亚（虚构）", "az": "Dalmeriya (uydurma)"},
        "Dalmerian Centre of Citizens", "Dalmerian Ministry of the Interior", "2022",
    ),
)  # fmt: skip

SEA = "17"
"""Row of the map of squares where the invented countries lie: in the open sea, left below."""

_OF_COUNTRIES = (
    "agency_reports.csv", "national.csv", "national_targets.csv", "model_hooks.csv", "legal_acts.csv", "strategies.csv",
    "targets_apart.csv", "agreement_activities.csv", "sought.csv", "complaint_rules.csv",
)  # fmt: skip
"""Files that state something of real countries: they begin empty here."""


def write_codebook(folder: Path) -> None:
    """Write the codebook of a training workspace: the product's own, with the invented countries as its adopters."""
    for path in sorted(DATA.rglob("*.csv")):
        target = folder / path.relative_to(DATA)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    _change(folder / "countries.csv", lambda rows: [*rows, *map(_country, COUNTRIES)])
    _change(folder / "names" / "az.csv", lambda rows: [*rows, *({"iso3": it.iso3, "name": it.names["az"]}
                                                               for it in COUNTRIES)])  # fmt: skip
    _change(folder / "adoption_events.csv", lambda rows: [
        *(row for row in rows if row["iso3"] == "AZE"), *map(_event, COUNTRIES)
    ])  # fmt: skip
    _change(folder / "country_sets.csv", lambda rows: [
        *(row for row in rows if row["set"] != "adoption_evidence"),
        *({"set": "adoption_evidence", "iso3": it.iso3, "note": "E1"} for it in COUNTRIES),
    ])  # fmt: skip
    for name in _OF_COUNTRIES:
        _change(folder / name, lambda rows: [])


def _change(path: Path, change: Callable[[list[Row]], list[Row]]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))


def _country(it: Invented) -> Row:
    square = str("ABCD".index(it.iso3[-1]))
    names = {f"name_{lang}": name for lang, name in it.names.items() if lang != "az"}
    return {"iso3": it.iso3, "iso2": it.iso2, **names, "ldc": "no", "lldc": "no", "sids": "no",
            "tile_column": square, "tile_row": SEA, "m49_area": "no"}  # fmt: skip


def _event(it: Invented) -> Row:
    return {
        "id": f"{it.iso3}-01", "iso3": it.iso3, "type": "centre_opened", "filed_type": "centre_opened",
        "mapping_note": "invented", "date": it.opened, "precision": "year", "scope": "first centre (invented)",
        "source_title": "Training workspace: invented", "source_ref": "invented", "source_type": "press",
        "evidence_level": "E1", "stance": "supports", "disputed": "no", "review_state": "reviewed",
        "centres_predate_agreement": "no", "note": "invented for training",
    }  # fmt: skip
