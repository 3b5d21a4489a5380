"""Records of a national platform or an SDMX message, one observation each as cells by column, read into rows."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from data_sources.components import (
    OVERRIDE,
    WITHOUT_VALUE,
    Component,
    Components,
    Role,
    find_status,
    is_free,
    mark_figure,
    multiply_unit,
)
from data_sources.contract import AreaScheme, Parsed, SeriesRef
from data_sources.errors import Rejected
from data_sources.figures import ParsedFigure, read_figure, read_number
from data_sources.observations import Noticed, Row, canonicalise, drop_duplicates, finish_parsing
from data_sources.sites import Site

MARKS: Mapping[str, str] = dict.fromkeys(
    ("NaN", "nan", "NA", "N/A", "#N/A", "N", "NV", "..", "...", "…", "-", ":"), "missing"
)
"""Texts found where there is no figure. Nobody says which of them means "does not apply"."""

_NATURES = frozenset({"C", "CA", "E", "M", "G", "N", "NA"})
_UNSAID = frozenset({"", "_X", "_Z"})
_REPORTING, _NATIONAL, _PART_OF_COUNTRY = "Reporting Type", "N", "Reference area"
_TITLES: Mapping[Role, str] = {"unit": "Units", "series": "Series"}
"""Columns that make several series of one table, and how a breakdown by them is called."""

_NOT_COLUMNS = frozenset(
    {"site", "country", "areas", "language", "edition", "structure", "years", "unit", "placeholders"}
)

YEARS = ("start", "end", "period")
"""What the option ``years`` may say of a year printed as two, ``2017/18``: it counts as the first, as the last, or as
the span ``2017/2018``, which belongs to no year."""

_SPLIT = re.compile(r"([0-9]{4})\s*[/\u2013\u2014-]\s*([0-9]{4}|[0-9]{2})", re.ASCII)
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)  # or two years: 2011-12
_LABELS_SHOWN = 3
_LONGEST = 10  # years; what spans more is no year of anybody's


@dataclass(frozen=True, slots=True)
class Record:
    """One observation as published; ``where`` is its place, for messages."""

    where: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Origin:
    """What all records of a series share: where they are from and what was said of them.

    ``source`` and ``notes`` are words that hold for every row; ``sha256`` is the hash of the bytes they came in;
    ``unit`` is the unit said of the series elsewhere, for a table that prints none.
    """

    ref: SeriesRef
    site: Site
    sha256: str
    source: str = ""
    notes: Sequence[str] = ()
    unit: str = ""


def read_records(
    records: Sequence[Record], components: Components, origin: Origin, noticed: Noticed, edition: str = ""
) -> Parsed:
    """Return the rows of one series.

    * A figure is kept as printed. A multiplier is never applied: it stands in the unit, ``CU_USD × 10^6``, so that the
      figure cannot pass for another.
    * Blank, ``_T`` and ``_Z`` stand for the whole of a breakdown, or the code an option names (``{"Sex": "F"}``).
    * Figures of a country's own reporting carry ``{"Reporting Type": "N"}`` in their dimensions, unless the option
      ``Reporting Type=N`` says that the indicator is a national one.
    * In the site of a country an area code is that country (``country``, ``areas``) or a part of it, never another
      country: provinces are often numbered like M49.
    * Rows of one place are told apart by source, nature and unit.
    * A year printed as two (``2017/18``) is read by the rule of the series or its site, option ``years`` (``YEARS``),
      with the label kept in the footnote; without a rule it is refused. Months (``2011-10``, ``2011-11``, ``2011-12``)
      are no such years.
    * The option ``unit`` states the unit where the publisher prints none, or a wrong one, which the footnote keeps; a
      multiplier stays with it.
    * A figure marked confidential is withheld.

    An empty ``edition`` becomes a hash of the figures: platforms are rebuilt and services stamp the hour, and neither
    makes a new edition.

    Raises:
        Rejected: ``country_missing``, the figures are a country's own and nobody says which country.
    """
    reader = _Reader(records, components, origin, noticed)
    rows = [row for record in records if (row := reader.row(record)) is not None]
    reader.offer_rule_of_years(len(records))
    if rows and not any(row.dimensions in ("{}", canonicalise({_REPORTING: _NATIONAL})) for row in rows):
        words = f"{origin.ref.code} has breakdowns only: no figure stands for the whole"
        noticed.add("no_total", "info", words, records[0].where)
    apart: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        apart.setdefault((row.source_detail, row.nature, row.unit), []).append(row)
    unique = [row for same in apart.values() for row in drop_duplicates(same, noticed)]
    edition = edition or digest_content(unique)
    for row in unique:
        row.edition = edition
    return finish_parsing(unique, edition, noticed)


def digest_content(rows: Iterable[Row]) -> str:
    """``content 3f2a1b9c0d4e``: the same for the same figures, whatever the bytes they came in."""
    lines = sorted(repr((*row.place, row.value_text, row.unit, row.status, row.lower, row.upper)) for row in rows)
    return f"content {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:12]}"


class _Reader:
    def __init__(self, records: Sequence[Record], components: Components, origin: Origin, noticed: Noticed) -> None:
        self._of, self._origin, self._noticed = components, origin, noticed
        self._said: set[tuple[str, str]] = set()
        self._of_two_years: list[tuple[str, str]] = []  # where, and the label: no rule says which year counts
        self._options = {**origin.site.options, **origin.ref.options}
        self._years = self._options.get("years", "")
        if self._years not in ("", *YEARS):
            raise Rejected("unknown_rule", f"{origin.ref.code}: years={self._years}; there are {', '.join(YEARS)}")
        labels = {components.first_cell("year", record.cells) for record in records}
        pairs = [(int(match[1]), int(match[2])) for label in labels if (match := _MONTH.fullmatch(label))]
        self._by_month = len({_after(first, last) - first for first, last in pairs}) > 1
        self._wholes = {
            key.casefold(): code
            for key, code in origin.ref.options.items()
            if key not in _NOT_COLUMNS and not key.startswith(OVERRIDE)
        }
        self._used = {
            component.id: {record.cells.get(component.id, "").strip() for record in records}
            for component in components.all
        }
        self._prints_units = any(self._used[column.id] - {""} for column in components.of["unit"])
        self._spelled = {
            column.id: {code.casefold(): code for code in column.codes} for column in components.of["breakdown"]
        }
        where = records[0].where if records else ""
        self._several = [
            column for role in _TITLES for column in components.of[role] if len(self._used[column.id] - {""}) > 1
        ]
        for column in self._several:
            if not self._whole_of(column, _TITLES[column.role]):
                columns = ", ".join(sorted(self._used[column.id] - {""}))
                message = f"{column.id} is {columns}: name the one wanted in the option {_TITLES[column.role]}"
                noticed.add(f"several_{_TITLES[column.role].lower()}", "warning", message, where)
        for column in components.of["breakdown"]:
            self._note_strangers(column, where)

    def row(self, record: Record) -> Row | None:
        """Return the row of a record; None, and the record counted as rejected, when it cannot be read."""
        period, figure = self._period(record), self._figure(record)
        if period is None or figure is None:
            return None
        area, scheme, breakdown = self._area(record)
        if not area:
            self._noticed.reject("unreadable_area", f"{record.where}: the row names no area", record.where)
            return None
        secret = self._of.first_cell("confidentiality", record.cells)
        if not is_free(secret):
            words = f"{record.where}: the figure is marked confidential ({secret}) and withheld"
            self._noticed.add("confidential", "warning", words, record.where)
            figure = ParsedFigure("", "missing")
        status, mark = self._status(record, figure)
        lower, upper = figure.lower, figure.upper
        if figure.status == "normal":
            lower, upper = self._bound(record, "lower"), self._bound(record, "upper")
        detail, label = self._of.first_cell("time_detail", record.cells), self._of.first_cell("year", record.cells)
        unit, printed = self._unit(record)
        notes = [
            *self._texts(record, "note"),
            f"Period: {label}" if _SPLIT.fullmatch(label) and detail != label else "",
            f"Time detail: {detail}" if detail not in ("", period) else "",
            f"Unit printed: {printed}" if printed not in ("", unit) else "",
            mark,
            "" if is_free(secret) else f"Confidentiality: {secret}",
            *self._origin.notes,
        ]
        return Row(
            series=self._origin.ref.code,
            area=area,
            area_scheme=scheme,
            area_name="",
            period=period,
            dimensions=canonicalise(breakdown | self._breakdown(record)),
            value=None if status in WITHOUT_VALUE else figure.value,
            value_text=figure.text,
            lower=lower,
            upper=upper,
            unit=unit,
            status=status,
            nature=self._nature(record),
            source_detail="; ".join(filter(None, (self._origin.source, *self._texts(record, "source")))),
            footnote="; ".join(filter(None, notes)),
            raw_sha256=self._origin.sha256,
        )

    def offer_rule_of_years(self, among: int) -> None:
        """Reject the rows that print two years as one thing to decide, and offer the rule that keeps all they say."""
        if not self._of_two_years:
            return
        labels = list(dict.fromkeys(label for _, label in self._of_two_years))
        shown = ", ".join(labels[:_LABELS_SHOWN]) + (" …" if len(labels) > _LABELS_SHOWN else "")
        self._noticed.reject(
            "unreadable_period",
            f"{len(self._of_two_years)} of {among} rows print two years ({shown}) and are left out: say in the option "
            'years which counts. {"years": "period"} '
            f"of {f'site {self._origin.site.id}' if self._origin.site.id else 'the series'} reads them all, each as "
            'the span it is; "start" and "end" take them for one of their years',
            self._of_two_years[0][0],
            rows=len(self._of_two_years),
        )

    def _whole_of(self, column: Component, title: str) -> str:
        """Return the code of a column that an option names as the whole; empty when none does."""
        return self._wholes.get(title.casefold()) or self._wholes.get(column.id.casefold(), "")

    def _note_strangers(self, column: Component, where: str) -> None:
        """Say once which columns and codes nobody knows. Their figures are kept, as breakdowns."""
        used = self._used[column.id] - column.whole
        if not used:
            return
        if not column.known:
            message = f"column {column.id!r} is not known and is kept as a breakdown ({', '.join(sorted(used)[:5])})"
            self._noticed.add("unknown_column", "warning", message, where)
        elif column.codes and (strange := sorted(c for c in used if c.casefold() not in self._spelled[column.id])):
            message = f"{column.id}: {', '.join(strange)} not known; kept as published"
            self._noticed.add("unknown_code", "warning", message, where, count=len(strange))

    def _period(self, record: Record) -> str | None:
        text = self._only(record, "year", "unreadable_period")
        if text is None:
            return None
        year = read_number(text)
        if year is not None and year.is_integer() and 1000 <= year <= 9999:
            return f"{year:.0f}"
        words, split = f"{text!r} is not a year", _SPLIT.fullmatch(text)
        if self._by_month and _MONTH.fullmatch(text):
            words = f"{text!r} is a month, as those beside it show"
        elif split:
            first, last = int(split[1]), int(split[2]) if len(split[2]) == 4 else _after(int(split[1]), int(split[2]))
            if first < last <= first + _LONGEST:
                if self._years:
                    return {"start": f"{first}", "end": f"{last}", "period": f"{first}/{last}"}[self._years]
                self._of_two_years.append((record.where, text))
                return None
        self._noticed.reject("unreadable_period", f"{record.where}: {words}; the row is left out", record.where)
        return None

    def _figure(self, record: Record) -> ParsedFigure | None:
        text = self._only(record, "value", "unreadable_value")
        figure = None if text is None else read_figure(text, MARKS)
        if figure is None and text is not None:
            message = f"{record.where}: {text!r} is not a figure; the row is left out"
            self._noticed.reject("unreadable_value", message, record.where)
        return figure

    def _only(self, record: Record, role: Role, code: str) -> str | None:
        """The one text in the columns of a role; None, and the record counted as rejected, where they differ."""
        texts = {column.id: text for column in self._of.of[role] if (text := record.cells.get(column.id, "")).strip()}
        numbers = {text: read_number(text) for text in texts.values()}  # 7 and 7.0 are one
        if len({text.strip() if number is None else number for text, number in numbers.items()}) > 1:
            words = " and ".join(f"{column} {text!r}" for column, text in texts.items())
            message = f"{record.where} has {words}: of the one that does not count say {OVERRIDE}<column>=unread"
            self._noticed.reject(code, message, record.where)
            return None
        return next(iter(texts.values()), "")

    def _area(self, record: Record) -> tuple[str, AreaScheme, dict[str, str]]:
        """Area, its scheme, and the part of the country that an area code names."""
        code, site = self._of.first_cell("area", record.cells), self._origin.site
        if site.country:
            part = {} if not code or site.stands_for_country(code) else {_PART_OF_COUNTRY: code}
            return site.country, "iso3", part
        if self._reporting(record) == _NATIONAL or not self._of.of["area"]:
            raise Rejected(
                "country_missing",
                f"{record.where}: these are a country's own figures and nothing says of which country: name it in the "
                "option country, and the codes that stand for all of it in areas (country=RWA, areas=RW)",
            )
        if code.isascii() and code.isdigit() and len(code) <= 3:
            return code.zfill(3), "m49", {}
        if code.isascii() and code.isalpha() and code.isupper() and len(code) in (2, 3):
            return code, "iso3" if len(code) == 3 else "wb", {}
        return code, "name", {}

    def _reporting(self, record: Record) -> str:
        return next(
            (record.cells.get(column.id, "") for column in self._of.of["breakdown"] if column.title == _REPORTING), ""
        ).strip()

    def _breakdown(self, record: Record) -> dict[str, str]:
        dimensions: dict[str, str] = {}
        for column in self._of.of["breakdown"]:
            code, named = record.cells.get(column.id, "").strip(), self._whole_of(column, column.title)
            if named:
                if code not in (named, "_Z"):
                    dimensions[column.title] = code or "_T"
            elif code not in column.whole:
                dimensions[column.title] = self._spelled[column.id].get(code.casefold(), code)
        for column in self._several:
            title = _TITLES[column.role]
            code = record.cells.get(column.id, "").strip()
            if code and code != self._whole_of(column, title):
                dimensions[title] = code
        national = self._origin.site.country and not self._reporting(record)
        if national and self._wholes.get(_REPORTING.casefold()) != _NATIONAL:
            dimensions[_REPORTING] = _NATIONAL
        return dimensions

    def _status(self, record: Record, figure: ParsedFigure) -> tuple[str, str]:
        """Our status and the words for the publisher's."""
        code = self._of.first_cell("status", record.cells)
        if not code or code in _UNSAID:
            return figure.status, ""
        status = find_status(code)
        if status is None:
            self._once("unknown_status", code, f"status {code!r} is not known", record)
            return figure.status, f"Observation status: {code}"
        _, words = status
        suffix = "" if words in code.casefold() else f" ({words})"
        mark = f"Observation status: {code}{suffix}" if words else ""
        return mark_figure(figure, code, record.where, self._noticed).status, mark

    def _bound(self, record: Record, role: Role) -> float | None:
        text = self._of.first_cell(role, record.cells)
        figure = read_figure(text, MARKS)
        if figure is None:
            message = f"{record.where}: bound {text!r} is not a number"
            self._noticed.add("unreadable_companion", "warning", message, record.where)
        return figure.value if figure else None

    def _unit(self, record: Record) -> tuple[str, str]:
        """Return the unit of a figure, and the one printed."""
        unit, power = self._of.first_cell("unit", record.cells), self._of.first_cell("multiplier", record.cells)
        if not self._prints_units:
            unit = self._origin.unit
        words = multiply_unit(unit, power)
        if words != unit:
            self._once("unit_multiplier", words, f"figures are in {words}, and kept as printed", record)
        return multiply_unit(self._options.get("unit", "") or unit, power), words

    def _nature(self, record: Record) -> str:
        nature = self._of.first_cell("nature", record.cells)
        if nature in _UNSAID:
            return ""
        if nature not in _NATURES:
            self._once("unknown_nature", nature, f"nature {nature!r} is not known", record)
        return nature

    def _once(self, code: str, about: str, message: str, record: Record) -> None:
        """Warn of something that many records may have in common, at the first of them."""
        if (code, about) not in self._said:
            self._said.add((code, about))
            self._noticed.add(code, "warning", f"{record.where}: {message}", record.where)

    def _texts(self, record: Record, role: Role) -> list[str]:
        return [text for column in self._of.of[role] if (text := record.cells.get(column.id, "").strip())]


def _after(first: int, last: int) -> int:
    """Return the year that two digits mean behind another: 18 after 2017, 00 after 1999."""
    year = first - first % 100 + last
    return year if year > first else year + 100
