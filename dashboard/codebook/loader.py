"""From the files to the codebook's values: checked first, then frozen, once per process."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from dashboard.codebook.check import examine, link_id, name_national_series
from dashboard.codebook.faults import CodebookError
from dashboard.codebook.model import (
    Bounds,
    Codebook,
    Country,
    Goal,
    Link,
    Metric,
    NationalSeries,
    NationalTarget,
    Principle,
    SdgIndicator,
    SearchAlias,
    SeriesAlias,
    SeriesLink,
    Target,
    Texts,
)
from dashboard.codebook.reading import CodebookRow, Tables
from dashboard.codebook.register.loader import read_agreement_record, read_claim, read_event, read_reported_count
from dashboard.codebook.tables import BOUNDS, COMPARED, LANGUAGES, TEXT_FIELDS
from dashboard.locales import keep_signs_together
from dashboard.settings import settings

DATA = Path(__file__).with_name("data")
"""The codebook that comes with the product."""


@lru_cache(maxsize=1)
def load_codebook() -> Codebook:
    """The codebook of the product, read once.

    Raises:
        CodebookError: the files have faults; it lists them.
    """
    return read_codebook(find_folder())


def find_folder() -> Path:
    """Where the codebook in effect lies: with the product, or in the folder of a training workspace."""
    return settings().codebook_dir or DATA


def read_codebook(folder: Path) -> Codebook:
    """The codebook in ``folder``.

    Raises:
        CodebookError: the files have faults; it lists them. Warnings do not stop it.
    """
    tables, faults = examine(folder)
    if errors := [fault for fault in faults if fault.severity == "error"]:
        raise CodebookError(errors)
    ours, titles = _Texts(tables), _Titles(tables)
    links, series, national = _links(tables, ours), _series(tables), _national(tables, ours)
    compared = {row["metric"]: _compared(row) for row in tables["comparability.csv"]}
    sets: defaultdict[str, list[str]] = defaultdict(list)
    for row in tables["country_sets.csv"]:
        sets[row["set"]].append(row["iso3"])
    return Codebook(
        goals=MappingProxyType({int(row["number"]): _goal(row, titles) for row in tables["goals.csv"]}),
        targets=MappingProxyType(
            {row["code"]: row.build(Target, title=titles(row, row["code"])) for row in tables["targets.csv"]}
        ),
        sdg_indicators=MappingProxyType(
            {row["code"]: _sdg_indicator(row, titles) for row in tables["sdg_indicators.csv"]}
        ),
        principles=MappingProxyType(
            {row["id"]: row.build(Principle, **ours("principle", row["id"], row)) for row in tables["principles.csv"]}
        ),
        metrics=MappingProxyType(
            {row["id"]: _metric(row, ours, links, series, national, compared) for row in tables["metrics.csv"]}
        ),
        countries=MappingProxyType({row["iso3"]: _country(row, titles) for row in tables["countries.csv"]}),
        events=tuple(read_event(row, ours) for row in tables["adoption_events.csv"]),
        reported_counts=tuple(read_reported_count(row, ours) for row in tables["reported_counts.csv"]),
        agreement=tuple(read_agreement_record(row, ours) for row in tables["agreement_records.csv"]),
        agency_reports=_records(tables, "agency_reports.csv"),
        model_hooks=_records(tables, "model_hooks.csv"),
        country_sets=MappingProxyType({name: tuple(members) for name, members in sets.items()}),
        area_aliases=MappingProxyType(
            {(row["source"], row["value"]): row["iso3"] for row in tables["area_aliases.csv"]}
        ),
        version=digest_folder(folder),
        organisation_events=_records(tables, "organisation_events.csv"),
        national_targets=tuple(
            sorted(
                (row.build(NationalTarget) for row in tables["national_targets.csv"]),
                key=attrgetter("metric", "country", "year"),
            )
        ),
        cautions=MappingProxyType(
            {
                (row["metric"], row["country"]): ours("figure", name_national_series(row), row)["text"]
                for row in tables["figure_cautions.csv"]
            }
        ),
        search_aliases=tuple(row.build(SearchAlias) for row in tables["search_aliases.csv"]),
        claims=tuple(read_claim(row, ours) for row in tables["claims.csv"]),
        legal_acts=_records(tables, "legal_acts.csv"),
        complaint_rules=_records(tables, "complaint_rules.csv"),
        strategies=_records(tables, "strategies.csv"),
        targets_apart=_records(tables, "targets_apart.csv"),
        activities=_records(tables, "agreement_activities.csv"),
        sought=_records(tables, "sought.csv"),
    )


def digest_folder(folder: Path) -> str:
    """Twelve hex digits made of the names and bytes of every CSV file: the same files, the same version."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.csv"), key=lambda path: path.relative_to(folder).as_posix()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


class _Texts:
    """Our own texts in every language there is."""

    def __init__(self, tables: Tables) -> None:
        self._translated: defaultdict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
        for lang, rows in tables.translations.items():
            for row in rows:
                self._translated[row["kind"], row["id"], row["field"]][lang] = keep_signs_together(row["text"], lang)

    def __call__(self, kind: str, identity: str, row: CodebookRow) -> dict[str, Texts]:
        """The texts of a row of this kind and id, by field."""
        return {
            field: MappingProxyType(
                {"en": keep_signs_together(row[field], "en")} | self._translated.get((kind, identity, field), {})
            )
            for field in TEXT_FIELDS[kind]
        }


def _titles(row: CodebookRow, stem: str) -> dict[str, str]:
    return {lang: title for lang in LANGUAGES if (title := row[f"{stem}_{lang}"])}


class _Titles:
    """Titles of the framework: the six official languages of a row, then the translations others have made."""

    def __init__(self, tables: Tables) -> None:
        self._others = {lang: {row["code"]: row for row in rows} for lang, rows in tables.titles.items()}

        self._names = {lang: {row["iso3"]: row["name"] for row in rows} for lang, rows in tables.names.items()}

    def country(self, row: CodebookRow) -> Texts:
        """The country's name by UN usage in the six languages, and as the CLDR has it in others."""
        others = {lang: names[row["iso3"]] for lang, names in self._names.items() if row["iso3"] in names}
        return MappingProxyType(others | _titles(row, "name"))

    def __call__(self, row: CodebookRow, code: str, stem: str = "title") -> Texts:
        others = {lang: rows[code][stem] for lang, rows in self._others.items() if code in rows}
        return MappingProxyType({lang: title for lang, title in others.items() if title} | _titles(row, stem))


def _goal(row: CodebookRow, titles: _Titles) -> Goal:
    code = row["number"]
    return Goal(int(code), titles(row, code), titles(row, code, "short"), row["colour"])


def _sdg_indicator(row: CodebookRow, titles: _Titles) -> SdgIndicator:
    return row.build(
        SdgIndicator,
        custodian=", ".join(name.strip() for name in row["custodian"].split(",")),
        title=titles(row, row["code"]),
        titles_follow_older_text=row["translations"] == "older",
    )


def _links(tables: Tables, ours: _Texts) -> Mapping[str, list[Link]]:
    links: defaultdict[str, list[Link]] = defaultdict(list)
    for row in tables["links.csv"]:
        links[row["metric"]].append(row.build(Link, rationales=ours("link", link_id(row), row)["rationale"]))
    return links


def _series(tables: Tables) -> Mapping[str, list[SeriesLink]]:
    aliases: defaultdict[tuple[str, str], list[SeriesAlias]] = defaultdict(list)
    for row in tables["series_aliases.csv"]:
        aliases[row["source"], row["series"]].append(row.build(SeriesAlias, code=row["alias"]))
    series: defaultdict[str, list[SeriesLink]] = defaultdict(list)
    for row in tables["series.csv"]:
        own = row.build(SeriesLink, aliases=tuple(aliases[row["source"], row["series"]]))
        series[row["metric"]].append(own)
    return series


def _national(tables: Tables, ours: _Texts) -> Mapping[str, list[NationalSeries]]:
    national: defaultdict[str, list[NationalSeries]] = defaultdict(list)
    for row in tables["national.csv"]:
        own = row.build(NationalSeries, **ours("national", name_national_series(row), row))
        national[row["metric"]].append(own)
    return national


def _metric(
    row: CodebookRow,
    ours: _Texts,
    links: Mapping[str, list[Link]],
    series: Mapping[str, list[SeriesLink]],
    national: Mapping[str, list[NationalSeries]],
    compared: Mapping[str, Mapping[str, str]],
) -> Metric:
    identity = row["id"]
    texts = ours("metric", identity, row)
    caveats = tuple(texts.pop(field) for field in ("caveat1", "caveat2", "caveat3"))
    return row.build(
        Metric,
        **texts,
        caveats=tuple(caveat for caveat in caveats if caveat["en"]),
        target_set_by=row["target_set_by"] or None,
        sdsn=_bounds(row),
        links=tuple(links.get(identity, ())),
        series=tuple(sorted(series.get(identity, ()), key=lambda link: link.role != "primary")),
        national=tuple(national.get(identity, ())),
        compared=compared.get(identity, MappingProxyType({})),
    )


def _compared(row: CodebookRow) -> Mapping[str, str]:
    """What is stated of the comparability key; a part that nobody states is not in it."""
    return MappingProxyType({part: row[part] for part in COMPARED if row[part]})


def _bounds(row: CodebookRow) -> Bounds | None:
    if not row["sdsn_set_by"]:
        return None
    lower, red, green, optimum = (float(row[column]) for column in BOUNDS)
    return Bounds(lower, red, green, optimum, cast(Any, row["sdsn_set_by"]), row["sdsn_code"])


def _country(row: CodebookRow, titles: _Titles) -> Country:
    tile = (int(row["tile_column"]), int(row["tile_row"])) if row["tile_column"] else None
    return row.build(Country, name=titles.country(row), tile=tile)


def _records(tables: Tables, file: str) -> tuple[Mapping[str, str], ...]:
    return tuple(MappingProxyType(dict(row.cells)) for row in tables[file])
