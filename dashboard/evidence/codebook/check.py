"""Check the codebook's files against each other; ``reading`` checks single files and cells."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from dashboard.evidence.codebook.faults import CodebookError, Fault
from dashboard.evidence.codebook.metric_check import check_metrics
from dashboard.evidence.codebook.publishers import list_databases, list_sources, read_site_countries
from dashboard.evidence.codebook.reading import CodebookRow, Tables, read_tables
from dashboard.evidence.codebook.register.check import check_register
from dashboard.evidence.codebook.schema import SchemaTable
from dashboard.evidence.codebook.tables import (
    ALIASED,
    LANGUAGES,
    NAMES,
    TABLES,
    TEXT_FIELDS,
    THEMES,
    TITLES,
    TRANSLATION,
)
from dashboard.evidence.codebook.texts import is_official
from dashboard.locales import DESK_LANGUAGES
from dashboard.locales import LANGUAGES as PUBLIC_LANGUAGES

DESK_ONLY_LANGUAGES = set(DESK_LANGUAGES) - set(PUBLIC_LANGUAGES)
"""Languages that translate only the indicators that countries submit."""


def read_valid_tables(folder: Path) -> Tables:
    """Read the tables of ``folder`` and raise CodebookError if they have errors; warnings are ignored."""
    tables, faults = check_folder(folder)
    if errors := [fault for fault in faults if fault.severity == "error"]:
        raise CodebookError(errors)
    return tables


def check_folder(folder: Path) -> tuple[Tables, list[Fault]]:
    """Return the rows of ``folder`` and all their faults, ordered by file and row.

    The rows may be used only when no fault is an error. Rules that read numbers or follow references are skipped
    while cells, codes or references are wrong.
    """
    tables, faults = read_tables(folder)
    unread = {fault.file for fault in faults if fault.rule.startswith(("file.", "column."))}
    keys = {table.file: {row[table.key[0]] for row in tables[table.file]} for table in TABLES}
    for table in TABLES:
        faults += _find_duplicates(tables[table.file], table)
        faults += _find_dangling_references(tables[table.file], table, keys, unread)
    has_errors = any(fault.severity == "error" for fault in faults)
    faults += _check_sources(tables)
    faults += _check_titles(tables)
    faults += _check_countries(tables)
    faults += _check_search_aliases(tables, keys, unread)
    if not has_errors:
        faults += _check_codes(tables)
        faults += check_metrics(tables)
        faults += check_register(tables)
        faults += _check_sites(tables)
        faults += _check_releases(tables)
        faults += _check_translations(tables)
        faults += _check_title_files(tables)
        faults += _check_name_files(tables)
    order = {table.file: number for number, table in enumerate(TABLES)}
    faults.sort(key=lambda fault: (order.get(fault.file, len(order)), fault.file, fault.row or 0))
    return tables, faults


def _find_duplicates(rows: list[CodebookRow], table: SchemaTable) -> Iterator[Fault]:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row[column] for column in table.key)
        if key in seen:
            yield row.make_fault(
                table.key[0],
                "row.duplicate",
                f"“{' '.join(filter(None, key))}” stands in row {seen[key]} already.",
                "Remove or rename one of the two.",
            )
        seen.setdefault(key, row.line)


def _find_dangling_references(
    rows: list[CodebookRow], table: SchemaTable, keys: dict[str, set[str]], unread: set[str]
) -> Iterator[Fault]:
    for column in table.columns:
        if not column.refers or column.refers in unread:
            continue
        remedy = f"Correct it or add it to {column.refers}."
        for row in rows:
            for value in row.read_list(column.name) if column.many else (row[column.name],):
                if value and value not in keys[column.refers]:
                    message = f"“{value}” does not stand in {column.refers}."
                    yield row.make_fault(column.name, "reference.dangling", message, remedy)


def _check_sources(tables: Tables) -> Iterator[Fault]:
    for file in ("series.csv", "series_aliases.csv", "national.csv", "area_aliases.csv", "releases.csv"):
        for row in tables[file]:
            if row["source"] and row["source"] not in list_sources():
                yield row.make_fault(
                    "source",
                    "reference.source",
                    f"No publisher “{row['source']}” in data_sources/.",
                    f"Use one of: {', '.join(sorted(list_sources()))}.",
                )


def _check_sites(tables: Tables) -> Iterator[Fault]:
    """Report national series whose site is not declared, or is declared for another country."""
    for row in tables["national.csv"]:
        if row["source"] not in list_sources():
            continue
        site = row["series"].partition(":")[0]
        if read_site_countries(row["source"]).get(site) != row["country"]:
            yield row.make_fault(
                "series",
                "national.site",
                f"“{site}” is no site of {row['source']} for {row['country']}.",
                "Name a site of that country before the colon, or declare it with its country in the source.toml or in "
                f"MONITOR_SOURCES__{row['source'].upper()}__SITES.",
            )


def _check_releases(tables: Tables) -> Iterator[Fault]:
    """Report releases of a database the publisher does not declare, or on a date that does not exist."""
    for row in tables["releases.csv"]:
        databases = list_databases(row["source"]) if row["source"] in list_sources() else ()
        if row["database"] not in (databases or ("",)):
            yield row.make_fault(
                "database",
                "release.database",
                f"“{row['database']}” is no database of {row['source']}.",
                f"Write one as the source.toml names it: {', '.join(databases) or 'it names none, so leave it empty'}.",
            )
        try:
            date.fromisoformat(f"{row['published']}-01-01"[:10])
        except ValueError:
            yield row.make_fault(
                "published", "date.real", f"There is no day “{row['published']}”.", "Look the date up in the proof."
            )


def _check_search_aliases(tables: Tables, keys: dict[str, set[str]], unread: set[str]) -> Iterator[Fault]:
    """Report aliases of something that does not exist; a test of search checks those of pages."""
    ids = {kind: keys[file] for kind, file in ALIASED.items() if file and file not in unread}
    ids |= {"theme": set(THEMES), "source": set(list_sources())}
    for row in tables["search_aliases.csv"]:
        if row["kind"] in ids and row["id"] not in ids[row["kind"]]:
            yield row.make_fault(
                "id",
                "reference.dangling",
                f"There is no {row['kind']} “{row['id']}”.",
                "Correct kind or id, or remove the row.",
            )


def _check_titles(tables: Tables) -> Iterator[Fault]:
    for file, stems in (
        ("goals.csv", ("title", "short")),
        ("targets.csv", ("title",)),
        ("sdg_indicators.csv", ("title",)),
        ("countries.csv", ("name",)),
    ):
        for row in tables[file]:
            english_only = row.cells.get("translations") == "english_only"
            message = "A title, though the row says English only." if english_only else "No title in this language."
            for column in (f"{stem}_{lang}" for stem in stems for lang in LANGUAGES[1:]):
                if bool(row[column]) == english_only:
                    remedy = "Add the official title, or correct column translations where there is one."
                    yield row.make_fault(column, "title.language", message, remedy, "warning")


def _check_countries(tables: Tables) -> Iterator[Fault]:
    taken: dict[tuple[str, str], str] = {}
    for row in tables["countries.csv"]:
        for column in ("iso2", "m49"):
            if row[column] and (owner := taken.setdefault((column, row[column]), row["iso3"])) != row["iso3"]:
                yield row.make_fault(
                    column,
                    "country.code_taken",
                    f"“{row[column]}” is the code of {owner} already.",
                    "Correct one of the two.",
                )
        if bool(row["m49"]) != row.read_yes_no("m49_area"):
            yield row.make_fault(
                "m49", "country.m49", "An M49 area has an M49 code, another area has none.", "Correct m49 or m49_area."
            )
        column, line = row["tile_column"], row["tile_row"]
        if bool(column) != bool(line):
            yield row.make_fault(
                "tile_column", "tile.half", "A tile has a column and a row, or neither.", "Fill in both or none."
            )
        elif column and (owner := taken.setdefault((column, f"tile {line}"), row["iso3"])) != row["iso3"]:
            yield row.make_fault(
                "tile_column",
                "tile.taken",
                f"Square {column}, {line} belongs to {owner} already.",
                "Give one of the two a free square.",
            )


def _check_codes(tables: Tables) -> Iterator[Fault]:
    """Report targets whose code does not begin with their goal, and indicators likewise with their target."""
    for file, parent in (("targets.csv", "goal"), ("sdg_indicators.csv", "target")):
        for row in tables[file]:
            if row["code"].rsplit(".", 1)[0] != row[parent]:
                yield row.make_fault(
                    parent, "code.parent", f"{row['code']} does not belong to {row[parent]}.", "Correct one of the two."
                )
            elif row["code"].split(".")[0] != row["goal"]:
                yield row.make_fault(
                    "goal",
                    "code.parent",
                    f"{row['code']} does not belong to goal {row['goal']}.",
                    "Correct one of the two.",
                )


def _check_title_files(tables: Tables) -> Iterator[Fault]:
    codes = {row["number"] for row in tables["goals.csv"]}
    codes |= {row["code"] for file in ("targets.csv", "sdg_indicators.csv") for row in tables[file]}
    untranslated = {row["code"] for row in tables["sdg_indicators.csv"] if row["translations"] == "english_only"}
    for lang, rows in tables.titles.items():
        file = f"titles/{lang}.csv"
        if is_official(lang):
            remedy = "The six languages of the UN stand in goals.csv, targets.csv and sdg_indicators.csv."
            yield Fault(file, None, "", "title.official", f"“{lang}” is an official language.", remedy)
        yield from _find_duplicates(rows, TITLES)
        for row in rows:
            if row["code"] not in codes:
                message = f"No goal, target or indicator {row['code']}."
                yield row.make_fault("code", "title.unknown", message, "Correct it.")
        if missing := sorted(codes - untranslated - {row["code"] for row in rows}):
            message = f"{len(missing)} titles are missing, first {missing[0]}: shown in English."
            yield Fault(file, None, "", "title.missing", message, "Add them where there are any.", "warning")


def _check_name_files(tables: Tables) -> Iterator[Fault]:
    countries = {row["iso3"] for row in tables["countries.csv"]}
    for rows in tables.names.values():
        yield from _find_duplicates(rows, NAMES)
        for row in rows:
            if row["iso3"] not in countries:
                yield row.make_fault("iso3", "name.unknown", f"No country {row['iso3']}.", "Correct it.")


def _check_translations(tables: Tables) -> Iterator[Fault]:
    texts = collect_english_texts(tables)
    if not tables.translations:
        yield Fault(
            "translations", None, "", "file.missing", "No file of it is there: our own texts are shown in English.",
            "Put the files of the languages back.", "warning",
        )  # fmt: skip
    for lang, rows in tables.translations.items():
        file = f"translations/{lang}.csv"
        yield from _find_duplicates(rows, TRANSLATION)
        translated = set()
        for row in rows:
            key = (row["kind"], row["id"], row["field"])
            translated.add(key)
            if key not in texts:
                yield row.make_fault(
                    "id",
                    "translation.unknown",
                    f"No text {' '.join(key)} in English.",
                    "Correct kind, id or field, or remove the row.",
                    "warning",
                )
        for kind in TEXT_FIELDS if lang not in DESK_ONLY_LANGUAGES else ():
            missing = sorted(key for key in texts if key[0] == kind and key not in translated)
            if missing:
                yield Fault(
                    file,
                    None,
                    "",
                    "translation.missing",
                    f"{len(missing)} texts of kind {kind}, first {missing[0][1]} {missing[0][2]}: shown in English.",
                    "Translate them.",
                    "warning",
                )


def collect_english_texts(tables: Tables) -> dict[tuple[str, str, str], str]:
    """Return our English texts that can be translated, by kind, id and field."""
    texts = {}
    names = {"link": build_link_id, "national": build_national_series_id, "figure": build_national_series_id}
    for kind, file in (
        ("metric", "metrics.csv"),
        ("principle", "principles.csv"),
        ("link", "links.csv"),
        ("event", "adoption_events.csv"),
        ("claim", "reported_counts.csv"),
        ("agreement", "agreement_records.csv"),
        ("national", "national.csv"),
        ("figure", "figure_cautions.csv"),
        ("statement", "claims.csv"),
    ):
        for row in tables[file]:
            identity = names[kind](row) if kind in names else row["id"]
            texts.update({(kind, identity, name): row[name] for name in TEXT_FIELDS[kind] if row[name]})
    return texts


def build_link_id(row: CodebookRow) -> str:
    """Return the id of a link in the translations: ``metric|target|sdg_indicator|principle``."""
    return "|".join(row[column] for column in ("metric", "target", "sdg_indicator", "principle"))


def build_national_series_id(row: CodebookRow) -> str:
    """Return the id of a national series or a figure's caution in the translations: ``metric|country``."""
    return f"{row['metric']}|{row['country']}"
