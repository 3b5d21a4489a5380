"""Four invented countries, with ISO 3166 user codes, and the codebook that contains them."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboard.evidence.codebook.loader import DATA

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class InventedCountry:
    """An invented country: its codes, its names by language, and its offices."""

    iso3: str
    iso2: str
    names: Mapping[str, str]
    office: str  # of the contributor
    ministry: str  # of the approver
    opened: str  # year of the invented first centre


COUNTRIES: Sequence[InventedCountry] = (
    InventedCountry(
        "XAA", "XA",
        {"en": "Arvenia (invented)", "fr": "Arvénie (inventée)", "es": "Arvenia (inventada)", "ar": "أرفينيا (مختلَقة)",
         "ru": "Арвения (вымышленная)", "zh": "阿尔维尼亚（虚构）", "az": "Arveniya (uydurma)"},
        "Arvenian Service Agency", "Arvenian Ministry of Service", "2016",
    ),
    InventedCountry(
        "XAB", "XB",
        {"en": "Belmora (invented)", "fr": "Belmora (inventé)", "es": "Belmora (inventada)", "ar": "بلمورا (مختلَقة)",
         "ru": "Бельмора (вымышленная)", "zh": "贝尔莫拉（虚构）", "az": "Belmora (uydurma)"},
        "Belmoran Office of Public Centres", "Belmoran Ministry of Reform", "2018",
    ),
    InventedCountry(
        "XAC", "XC",
        {"en": "Coravia (invented)", "fr": "Coravie (inventée)", "es": "Coravia (inventada)", "ar": "كورافيا (مختلَقة)",
         "ru": "Коравия (вымышленная)", "zh": "科拉维亚（虚构）", "az": "Koraviya (uydurma)"},
        "Coravian Bureau of Statistics", "Coravian Cabinet Office", "2020",
    ),
    InventedCountry(
        "XAD", "XD",
        {"en": "Dalmeria (invented)", "fr": "Dalmérie (inventée)", "es": "Dalmeria (inventada)",
         "ar": "دالميريا (مختلَقة)", "ru": "Далмерия (вымышленная)",
         "zh": "达尔梅里亚（虚构）", "az": "Dalmeriya (uydurma)"},
        "Dalmerian Centre of Citizens", "Dalmerian Ministry of the Interior", "2022",
    ),
)  # fmt: skip

TILE_ROW = "17"
"""Row of the tile map in the open sea where the invented countries lie."""

_EMPTIED_FILES = (
    "national.csv", "national_targets.csv", "model_hooks.csv", "legal_acts.csv", "strategies.csv",
    "targets_apart.csv", "agreement_activities.csv", "sought.csv", "complaint_rules.csv",
    "reported_figures.csv", "survey_series.csv", "survey_figures.csv", "claim_replies.csv",
)  # fmt: skip
"""Files with facts about real countries, emptied here."""


def write_codebook(folder: Path) -> None:
    """Write the product's codebook with the invented countries as its adopters."""
    for path in sorted(DATA.rglob("*.csv")):
        target = folder / path.relative_to(DATA)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    _rewrite(folder / "countries.csv", lambda rows: [*rows, *map(_make_country, COUNTRIES)])
    _rewrite(folder / "names" / "az.csv", lambda rows: [*rows, *({"iso3": country.iso3, "name": country.names["az"]}
                                                               for country in COUNTRIES)])  # fmt: skip
    _rewrite(folder / "adoption_events.csv", lambda rows: [
        *(row for row in rows if row["iso3"] == "AZE"), *map(_make_event, COUNTRIES)
    ])  # fmt: skip
    _rewrite(folder / "country_sets.csv", lambda rows: [
        *(row for row in rows if row["set"] != "adoption_evidence"),
        *({"set": "adoption_evidence", "iso3": country.iso3, "note": "E1"} for country in COUNTRIES),
    ])  # fmt: skip
    for name in _EMPTIED_FILES:
        _rewrite(folder / name, lambda rows: [])


def _rewrite(path: Path, change: Callable[[list[Row]], list[Row]]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))


def _make_country(country: InventedCountry) -> Row:
    square = str("ABCD".index(country.iso3[-1]))
    names = {f"name_{lang}": name for lang, name in country.names.items() if lang != "az"}
    return {"iso3": country.iso3, "iso2": country.iso2, **names, "ldc": "no", "lldc": "no", "sids": "no",
            "tile_column": square, "tile_row": TILE_ROW, "m49_area": "no"}  # fmt: skip


def _make_event(country: InventedCountry) -> Row:
    return {
        "id": f"{country.iso3}-01", "iso3": country.iso3, "type": "centre_opened", "filed_type": "centre_opened",
        "mapping_note": "invented", "date": country.opened, "precision": "year", "scope": "first centre (invented)",
        "source_title": "Training workspace: invented", "source_ref": "invented", "source_type": "press",
        "evidence_level": "E1", "stance": "supports", "disputed": "no", "review_state": "reviewed",
        "centres_predate_agreement": "no", "note": "invented for training",
    }  # fmt: skip
