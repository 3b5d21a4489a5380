"""Build the codebook from its files, once per process."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from dashboard.evidence.codebook.check import build_link_id, build_national_series_id, read_valid_tables
from dashboard.evidence.codebook.model import (
    AdoptionEvent,
    AgreementRecord,
    Bounds,
    Codebook,
    Country,
    Goal,
    Link,
    Metric,
    NationalSeries,
    NationalTarget,
    Principle,
    PublishedEdition,
    ReportedCount,
    SdgIndicator,
    SearchAlias,
    SeriesAlias,
    SeriesLink,
    StatementClaim,
    Target,
    Texts,
)
from dashboard.evidence.codebook.reading import CodebookRow, Tables
from dashboard.evidence.codebook.tables import BOUNDS, COMPARED, LANGUAGES, TEXT_FIELDS
from dashboard.locales import keep_signs_together
from dashboard.settings import settings

DATA = Path(__file__).with_name("data")
"""The codebook that comes with the product."""


@lru_cache(maxsize=1)
def load_codebook() -> Codebook:
    """Return the codebook in effect, or raise CodebookError if its files have errors."""
    return read_codebook(find_folder())


def find_folder() -> Path:
    """Return the codebook's folder: the product's own, or that of a training workspace."""
    return settings().codebook_dir or DATA


def read_codebook(folder: Path) -> Codebook:
    """Read the codebook in ``folder``, or raise CodebookError if its files have errors."""
    tables = read_valid_tables(folder)
    ours, titles = _OwnTexts(tables), _TitleReader(tables)
    links, series, national = _read_links(tables, ours), _read_series(tables), _read_national_series(tables, ours)
    compared = {
        row["metric"]: MappingProxyType({part: row[part] for part in COMPARED if row[part]})
        for row in tables["comparability.csv"]
    }
    own_targets = sorted(
        (row.build(NationalTarget) for row in tables["national_targets.csv"]),
        key=attrgetter("metric", "country", "year"),
    )
    sets: defaultdict[str, list[str]] = defaultdict(list)
    for row in tables["country_sets.csv"]:
        sets[row["set"]].append(row["iso3"])
    return Codebook(
        goals=MappingProxyType(
            {
                int(row["number"]): row.build(
                    Goal, title=titles(row, row["number"]), short=titles(row, row["number"], "short")
                )
                for row in tables["goals.csv"]
            }
        ),
        targets=MappingProxyType(
            {row["code"]: row.build(Target, title=titles(row, row["code"])) for row in tables["targets.csv"]}
        ),
        sdg_indicators=MappingProxyType(
            {row["code"]: _read_sdg_indicator(row, titles) for row in tables["sdg_indicators.csv"]}
        ),
        principles=MappingProxyType(
            {row["id"]: row.build(Principle, **ours("principle", row["id"], row)) for row in tables["principles.csv"]}
        ),
        metrics=MappingProxyType(
            {row["id"]: _read_metric(row, ours, links, series, national, compared) for row in tables["metrics.csv"]}
        ),
        countries=MappingProxyType({row["iso3"]: _read_country(row, titles) for row in tables["countries.csv"]}),
        events=tuple(_read_event(row, ours) for row in tables["adoption_events.csv"]),
        reported_counts=tuple(
            row.build(ReportedCount, **ours("claim", row["id"], row)) for row in tables["reported_counts.csv"]
        ),
        agreement=tuple(
            row.build(AgreementRecord, **ours("agreement", row["id"], row)) for row in tables["agreement_records.csv"]
        ),
        model_hooks=_freeze_rows(tables, "model_hooks.csv"),
        country_sets=MappingProxyType({name: tuple(members) for name, members in sets.items()}),
        area_aliases=MappingProxyType(
            {(row["source"], row["value"]): row["iso3"] for row in tables["area_aliases.csv"]}
        ),
        version=hash_folder(folder),
        claim_replies=_freeze_rows(tables, "claim_replies.csv"),
        organisation_events=_freeze_rows(tables, "organisation_events.csv"),
        national_targets=tuple(target for target in own_targets if not target.series),
        series_targets=tuple(target for target in own_targets if target.series),
        cautions=MappingProxyType(
            {
                (row["metric"], row["country"]): ours("figure", build_national_series_id(row), row)["text"]
                for row in tables["figure_cautions.csv"]
            }
        ),
        search_aliases=tuple(row.build(SearchAlias) for row in tables["search_aliases.csv"]),
        claims=tuple(
            row.build(StatementClaim, suppliers=row.read_list("supplier"), **ours("statement", row["id"], row))
            for row in tables["claims.csv"]
        ),
        legal_acts=_freeze_rows(tables, "legal_acts.csv"),
        complaint_rules=_freeze_rows(tables, "complaint_rules.csv"),
        strategies=_freeze_rows(tables, "strategies.csv"),
        targets_apart=_freeze_rows(tables, "targets_apart.csv"),
        activities=_freeze_rows(tables, "agreement_activities.csv"),
        sought=_freeze_rows(tables, "sought.csv"),
        framework_changes=_freeze_rows(tables, "framework_changes.csv"),
        releases=tuple(
            sorted((row.build(PublishedEdition) for row in tables["releases.csv"]), key=attrgetter("published"))
        ),
    )


def hash_folder(folder: Path) -> str:
    """Return twelve hex digits of a hash over the names and bytes of all CSV files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.csv"), key=lambda path: path.relative_to(folder).as_posix()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


class _OwnTexts:
    """Our own texts in every available language."""

    def __init__(self, tables: Tables) -> None:
        self._translated: defaultdict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
        for lang, rows in tables.translations.items():
            for row in rows:
                self._translated[row["kind"], row["id"], row["field"]][lang] = keep_signs_together(row["text"], lang)

    def __call__(self, kind: str, identity: str, row: CodebookRow) -> dict[str, Texts]:
        """Return the texts of a row by field."""
        return {
            field: MappingProxyType(
                {"en": keep_signs_together(row[field], "en")} | self._translated.get((kind, identity, field), {})
            )
            for field in TEXT_FIELDS[kind]
        }


def _read_titles(row: CodebookRow, stem: str) -> dict[str, str]:
    return {lang: title for lang in LANGUAGES if (title := row[f"{stem}_{lang}"])}


class _TitleReader:
    """Titles of the framework: the six official languages of a row, plus translations by others."""

    def __init__(self, tables: Tables) -> None:
        self._translated = {lang: {row["code"]: row for row in rows} for lang, rows in tables.titles.items()}
        self._names = {lang: {row["iso3"]: row["name"] for row in rows} for lang, rows in tables.names.items()}

    def country(self, row: CodebookRow) -> Texts:
        """Return a country's name: UN usage in the six languages, the CLDR's in others."""
        translated = {lang: names[row["iso3"]] for lang, names in self._names.items() if row["iso3"] in names}
        return MappingProxyType(translated | _read_titles(row, "name"))

    def __call__(self, row: CodebookRow, code: str, stem: str = "title") -> Texts:
        translated = {lang: rows[code][stem] for lang, rows in self._translated.items() if code in rows}
        return MappingProxyType({lang: title for lang, title in translated.items() if title} | _read_titles(row, stem))


def _read_sdg_indicator(row: CodebookRow, titles: _TitleReader) -> SdgIndicator:
    return row.build(
        SdgIndicator,
        custodian=", ".join(name.strip() for name in row["custodian"].split(",")),
        title=titles(row, row["code"]),
        titles_follow_older_text=row["translations"] == "older",
    )


def _read_event(row: CodebookRow, ours: _OwnTexts) -> AdoptionEvent:
    return row.build(AdoptionEvent, **{f"{name}s": texts for name, texts in ours("event", row["id"], row).items()})


def _read_links(tables: Tables, ours: _OwnTexts) -> Mapping[str, list[Link]]:
    links: defaultdict[str, list[Link]] = defaultdict(list)
    for row in tables["links.csv"]:
        links[row["metric"]].append(row.build(Link, rationales=ours("link", build_link_id(row), row)["rationale"]))
    return links


def _read_series(tables: Tables) -> Mapping[str, list[SeriesLink]]:
    aliases: defaultdict[tuple[str, str], list[SeriesAlias]] = defaultdict(list)
    for row in tables["series_aliases.csv"]:
        aliases[row["source"], row["series"]].append(row.build(SeriesAlias, code=row["alias"]))
    series: defaultdict[str, list[SeriesLink]] = defaultdict(list)
    for row in tables["series.csv"]:
        own = row.build(SeriesLink, aliases=tuple(aliases[row["source"], row["series"]]))
        series[row["metric"]].append(own)
    return series


def _read_national_series(tables: Tables, ours: _OwnTexts) -> Mapping[str, list[NationalSeries]]:
    national: defaultdict[str, list[NationalSeries]] = defaultdict(list)
    for row in tables["national.csv"]:
        own = row.build(NationalSeries, **ours("national", build_national_series_id(row), row))
        national[row["metric"]].append(own)
    return national


def _read_metric(
    row: CodebookRow,
    ours: _OwnTexts,
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
        sdsn=_read_bounds(row),
        links=tuple(links.get(identity, ())),
        series=tuple(sorted(series.get(identity, ()), key=lambda link: link.role != "primary")),
        national=tuple(national.get(identity, ())),
        compared=compared.get(identity, MappingProxyType({})),
    )


def _read_bounds(row: CodebookRow) -> Bounds | None:
    if not row["sdsn_set_by"]:
        return None
    lower, red, green, optimum = (float(row[column]) for column in BOUNDS)
    return Bounds(lower, red, green, optimum, cast(Any, row["sdsn_set_by"]), row["sdsn_code"])


def _read_country(row: CodebookRow, titles: _TitleReader) -> Country:
    tile = (int(row["tile_column"]), int(row["tile_row"])) if row["tile_column"] else None
    return row.build(Country, name=titles.country(row), tile=tile)


def _freeze_rows(tables: Tables, file: str) -> tuple[Mapping[str, str], ...]:
    return tuple(MappingProxyType(dict(row.cells)) for row in tables[file])
