"""Every fault of the codebook's files, by file, row and column, with what to do about it.

Cells and columns are checked in ``reading``; here, what files say about each other; the rules of metrics
and of the adoption register are in ``metric_check`` and ``register_check``.
"""

from collections.abc import Iterator
from pathlib import Path

from dashboard.codebook.faults import Fault
from dashboard.codebook.metric_check import check_metrics
from dashboard.codebook.publishers import list_sources, read_site_countries
from dashboard.codebook.reading import CodebookRow, Tables, read
from dashboard.codebook.register.check import check_register
from dashboard.codebook.schema import SchemaColumn, SchemaTable
from dashboard.codebook.tables import ALIASED, LANGUAGES, NAMES, TABLES, TEXT_FIELDS, THEMES, TITLES, TRANSLATION
from dashboard.codebook.texts import is_official
from dashboard.locales import DESK_LANGUAGES
from dashboard.locales import LANGUAGES as PUBLIC_LANGUAGES

ONLY_OF_DESKS = set(DESK_LANGUAGES) - set(PUBLIC_LANGUAGES)
"""Their texts of the codebook are those of indicators that countries send, and no others."""


def examine(folder: Path) -> tuple[Tables, list[Fault]]:
    """The rows of ``folder`` and every fault of them, in the order of files and rows.

    Rows may be used only when no fault is an error. While cells, codes or references are wrong, the rules that build
    on them wait.
    """
    tables, faults = read(folder)
    unread = {fault.file for fault in faults if fault.rule.startswith(("file.", "column."))}
    keys = {table.file: {row[table.key[0]] for row in tables[table.file]} for table in TABLES}
    for table in TABLES:
        faults += _duplicates(tables[table.file], table)
        faults += _references(tables[table.file], table, keys, unread)
    broken = any(fault.severity == "error" for fault in faults)
    faults += _sources(tables)
    faults += _titles(tables)
    faults += _countries(tables)
    faults += _aliases(tables, keys, unread)
    if not broken:  # rules below read numbers and follow references
        faults += _codes(tables)
        faults += check_metrics(tables)
        faults += check_register(tables)
        faults += _sites(tables)
        faults += _translations(tables)
        faults += _title_files(tables)
        faults += _name_files(tables)
    order = {table.file: number for number, table in enumerate(TABLES)}
    faults.sort(key=lambda fault: (order.get(fault.file, len(order)), fault.file, fault.row or 0))
    return tables, faults


def _duplicates(rows: list[CodebookRow], table: SchemaTable) -> Iterator[Fault]:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row[column] for column in table.key)
        if key in seen:
            yield row.fault(
                table.key[0],
                "row.duplicate",
                f"“{' '.join(filter(None, key))}” stands in row {seen[key]} already.",
                "Remove or rename one of the two.",
            )
        seen.setdefault(key, row.line)


def _references(
    rows: list[CodebookRow], table: SchemaTable, keys: dict[str, set[str]], unread: set[str]
) -> Iterator[Fault]:
    for column in table.columns:
        if not column.refers or column.refers in unread:
            continue
        for row, value in _referring(rows, column):
            if value and value not in keys[column.refers]:
                yield row.fault(
                    column.name,
                    "reference.dangling",
                    f"“{value}” does not stand in {column.refers}.",
                    f"Correct it or add it to {column.refers}.",
                )


def _referring(rows: list[CodebookRow], column: SchemaColumn) -> Iterator[tuple[CodebookRow, str]]:
    """Every row with each value of a column that refers to another file."""
    for row in rows:
        for value in row.many(column.name) if column.many else (row[column.name],):
            yield row, value


def _sources(tables: Tables) -> Iterator[Fault]:
    for file in ("series.csv", "series_aliases.csv", "national.csv", "area_aliases.csv"):
        for row in tables[file]:
            if row["source"] and row["source"] not in list_sources():
                yield row.fault(
                    "source",
                    "reference.source",
                    f"No publisher “{row['source']}” in data_sources/.",
                    f"Use one of: {', '.join(sorted(list_sources()))}.",
                )


def _sites(tables: Tables) -> Iterator[Fault]:
    """A national series is of a site its publisher's room or a setting declares, and of that site's country."""
    for row in tables["national.csv"]:
        if row["source"] not in list_sources():
            continue
        site = row["series"].partition(":")[0]
        if read_site_countries(row["source"]).get(site) != row["country"]:
            yield row.fault(
                "series",
                "national.site",
                f"“{site}” is no site of {row['source']} for {row['country']}.",
                "Name a site of that country before the colon, or declare it with its country in the source.toml or in "
                f"MONITOR_SOURCES__{row['source'].upper()}__SITES.",
            )


def _aliases(tables: Tables, keys: dict[str, set[str]], unread: set[str]) -> Iterator[Fault]:
    """An alias is of something that exists. Pages are known further on: a test of search holds them."""
    known = {kind: keys[file] for kind, file in ALIASED.items() if file and file not in unread}
    known |= {"theme": set(THEMES), "source": set(list_sources())}
    for row in tables["search_aliases.csv"]:
        if row["kind"] in known and row["id"] not in known[row["kind"]]:
            yield row.fault(
                "id",
                "reference.dangling",
                f"There is no {row['kind']} “{row['id']}”.",
                "Correct kind or id, or remove the row.",
            )


def _titles(tables: Tables) -> Iterator[Fault]:
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
                    yield row.fault(column, "title.language", message, remedy, "warning")


def _countries(tables: Tables) -> Iterator[Fault]:
    taken: dict[tuple[str, str], str] = {}
    for row in tables["countries.csv"]:
        for column in ("iso2", "m49"):
            if row[column] and (other := taken.setdefault((column, row[column]), row["iso3"])) != row["iso3"]:
                yield row.fault(
                    column,
                    "country.code_taken",
                    f"“{row[column]}” is the code of {other} already.",
                    "Correct one of the two.",
                )
        if bool(row["m49"]) != row.yes("m49_area"):
            yield row.fault(
                "m49", "country.m49", "An M49 area has an M49 code, another area has none.", "Correct m49 or m49_area."
            )
        column, line = row["tile_column"], row["tile_row"]
        if bool(column) != bool(line):
            yield row.fault(
                "tile_column", "tile.half", "A tile has a column and a row, or neither.", "Fill in both or none."
            )
        elif column and (other := taken.setdefault((column, f"tile {line}"), row["iso3"])) != row["iso3"]:
            yield row.fault(
                "tile_column",
                "tile.taken",
                f"Square {column}, {line} belongs to {other} already.",
                "Give one of the two a free square.",
            )


def _codes(tables: Tables) -> Iterator[Fault]:
    """A target's code begins with its goal, an indicator's with its target."""
    for file, parent in (("targets.csv", "goal"), ("sdg_indicators.csv", "target")):
        for row in tables[file]:
            if row["code"].rsplit(".", 1)[0] != row[parent]:
                yield row.fault(
                    parent, "code.parent", f"{row['code']} does not belong to {row[parent]}.", "Correct one of the two."
                )
            elif row["code"].split(".")[0] != row["goal"]:
                yield row.fault(
                    "goal",
                    "code.parent",
                    f"{row['code']} does not belong to goal {row['goal']}.",
                    "Correct one of the two.",
                )


def _title_files(tables: Tables) -> Iterator[Fault]:
    codes = {row["number"] for row in tables["goals.csv"]}
    codes |= {row["code"] for file in ("targets.csv", "sdg_indicators.csv") for row in tables[file]}
    untranslated = {row["code"] for row in tables["sdg_indicators.csv"] if row["translations"] == "english_only"}
    for lang, rows in tables.titles.items():
        file = f"titles/{lang}.csv"
        if is_official(lang):
            remedy = "The six languages of the UN stand in goals.csv, targets.csv and sdg_indicators.csv."
            yield Fault(file, None, "", "title.official", f"“{lang}” is an official language.", remedy)
        yield from _duplicates(rows, TITLES)
        for row in rows:
            if row["code"] not in codes:
                message = f"No goal, target or indicator {row['code']}."
                yield row.fault("code", "title.unknown", message, "Correct it.")
        if missing := sorted(codes - untranslated - {row["code"] for row in rows}):
            message = f"{len(missing)} titles are missing, first {missing[0]}: shown in English."
            yield Fault(file, None, "", "title.missing", message, "Add them where there are any.", "warning")


def _name_files(tables: Tables) -> Iterator[Fault]:
    known = {row["iso3"] for row in tables["countries.csv"]}
    for rows in tables.names.values():
        yield from _duplicates(rows, NAMES)
        for row in rows:
            if row["iso3"] not in known:
                yield row.fault("iso3", "name.unknown", f"No country {row['iso3']}.", "Correct it.")


def _translations(tables: Tables) -> Iterator[Fault]:
    texts = collect_english_texts(tables)
    if not tables.translations:
        yield Fault(
            "translations", None, "", "file.missing", "No file of it is there: our own texts are shown in English.",
            "Put the files of the languages back.", "warning",
        )  # fmt: skip
    for lang, rows in tables.translations.items():
        file = f"translations/{lang}.csv"
        yield from _duplicates(rows, TRANSLATION)
        there = set()
        for row in rows:
            key = (row["kind"], row["id"], row["field"])
            there.add(key)
            if key not in texts:
                yield row.fault(
                    "id",
                    "translation.unknown",
                    f"No text {' '.join(key)} in English.",
                    "Correct kind, id or field, or remove the row.",
                    "warning",
                )
        for kind in TEXT_FIELDS if lang not in ONLY_OF_DESKS else ():
            missing = sorted(key for key in texts if key[0] == kind and key not in there)
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
    """Our own English texts that can be translated, by kind, id and field."""
    texts = {}
    names = {"link": link_id, "national": name_national_series, "figure": name_national_series}
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


def link_id(row: CodebookRow) -> str:
    """The name of a link in the translations: ``metric|target|sdg_indicator|principle``."""
    return "|".join(row[column] for column in ("metric", "target", "sdg_indicator", "principle"))


def name_national_series(row: CodebookRow) -> str:
    """The name of a national series, or of a caution on a figure, in the translations: ``metric|country``."""
    return f"{row['metric']}|{row['country']}"
