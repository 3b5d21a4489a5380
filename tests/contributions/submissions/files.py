"""Files as people send them: bad ones with what is found in them, odd ones with what is read of them."""

import io
import zipfile
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.contributions.submissions.conftest import GOOD, HEADS, METHOD, YEAR, workbook
from tests.data_sources import sdmx_shapes as sdmx

Y = int(YEAR)


def csv(*lines: str, head: str = "Indicator code;Group;Year;Value;Reason if missing") -> str:
    return "\r\n".join((head, *lines))


def rows(*more: Any) -> bytes:
    return workbook([*GOOD[:3], *more])


def archive(parts: dict[str, bytes], base: bytes | None = None, level: int = 9) -> bytes:
    """A workbook with parts replaced or added."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base or workbook())) as old,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, body in parts.items():
            new.writestr(name, body)
    return held.getvalue()


def observation(**more: str | None) -> dict[str, str]:
    """One of an SDMX message, in the codes of the global SDG structure."""
    own = {"SERIES": "battery_1662_exit", "REF_AREA": "AZ", "TIME_PERIOD": YEAR, "AGE": "_T", "UNIT_MULT": "0"}
    return sdmx.total(**{**own, **more})


def sheet_xml(cells: str) -> bytes:
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{cells}</sheetData></worksheet>"
    ).encode()


def _formula(book: Any, page: Any) -> None:
    page.write_formula("D2", "=1+1", None, "")


def _merged(book: Any, page: Any) -> None:
    page.merge_range("C5:C6", int(YEAR))


def _merged_head(book: Any, page: Any) -> None:
    page.merge_range("D1:E1", "Value")


def _hidden(book: Any, page: Any) -> None:
    page.set_row(2, None, None, {"hidden": True})
    page.set_column("F:F", None, None, {"hidden": True})


def _hidden_sheet(book: Any, page: Any) -> None:
    other = book.add_worksheet("Old")
    other.write_row(0, 0, HEADS)
    other.write_row(1, 0, ("nps", "Total", Y, 41, None, None, 300))
    other.hide()


def _older(book: Any, page: Any) -> None:
    stamp = book.add_worksheet("_stamp")
    for line, pair in enumerate({"country": "AZE", "codebook": "2019"}.items()):
        stamp.write_row(line, 0, pair)
    stamp.very_hidden()


def _percent(book: Any, page: Any) -> None:
    page.write_number("D2", 0.615, book.add_format({"num_format": "0.0%"}))


class Bad(NamedTuple):
    """A file that is not well, with the rule that says so, and the cell where it does ("" where none)."""

    name: str
    make: Callable[[], bytes]
    rule: str
    cell: str
    file: str = "f.xlsx"


BAD = [
    Bad("formula_without_value", lambda: workbook(more=_formula), "formula_no_value", "D2"),
    Bad("formula_text", lambda: rows(("nps", "Total", Y, "=cmd|' /C calc'!A0")), "formula_text", "D5"),
    Bad("hidden_rows", lambda: workbook(more=_hidden), "hidden_rows", "3"),
    Bad("hidden_sheet", lambda: workbook(more=_hidden_sheet), "hidden_sheet", ""),
    Bad("merged_cells", lambda: workbook(GOOD[:3], more=_merged), "cells_merged", "C5"),
    Bad("merged_heads", lambda: workbook(GOOD[:3], more=_merged_head), "head_merged", "D1"),
    Bad("doubled_heads", lambda: workbook(heads=(*HEADS, "Value")), "column_twice", "K1"),
    Bad("unknown_column", lambda: workbook(heads=(*HEADS, "Colour")), "column_unknown", "K1"),
    Bad(
        "renamed_column",
        lambda: workbook(heads=("Indicator code", "Group", "Year", "Result of ours", *HEADS[4:])),
        "column_missing",
        "1",
    ),
    Bad(
        "wrong_country",
        lambda: workbook(
            [("nps", "Total", Y, 40, 900, "TUR")],
            ("Indicator code", "Group", "Year", "Value", "People who answered", "Country"),
        ),
        "country_wrong",
        "F2",
    ),
    Bad("future", lambda: rows(("nps", "Total", Y + 30, 40)), "period_future", "C5"),
    Bad("wrong_period", lambda: rows(("nps", "Total", Y + 1, 40)), "period_wrong", "C5"),
    Bad("month", lambda: rows(("nps", "Total", f"{YEAR}-03", 40)), "period_not_year", "C5"),
    Bad("no_period", lambda: rows(("nps", "Total", "last year", 40)), "period_unread", "C5"),
    Bad("unknown_indicator", lambda: rows(("npz", "Total", Y, 40)), "indicator_unknown", "A5"),
    Bad("custodian_s", lambda: rows(("wgi_cc", "Total", Y, 0.4)), "indicator_not_accepted", "A5"),
    Bad("sdmx_age", lambda: sdmx.specific(observation(), observation(AGE="Y_GE15")), "breakdown_unknown", "", "f.xml"),
    Bad("sdmx_thousands", lambda: sdmx.specific(observation(UNIT_MULT="3")), "multiplier", "", "f.xml"),
    Bad(
        "age_of_a_sheet",
        lambda: csv(f"nps;15-24;{YEAR};40", head="Indicator code;Age group;Year;Value").encode(),
        "breakdown_unknown",
        "B2",
        "f.csv",
    ),
    Bad("unknown_group", lambda: rows(("nps", "Martians", Y, 40)), "breakdown_unknown", "B5"),
    Bad("unit", lambda: rows(("waiting_median", "Total", Y, 12, None, None, None, "hours")), "unit_differs", "H5"),
    Bad("percent_of_minutes", lambda: rows(("waiting_median", "Total", Y, "12 %")), "percent_sign", "D5"),
    Bad("words_for_a_number", lambda: rows(("nps", "Total", Y, "about forty")), "number_unread", "D5"),
    Bad("earlier", lambda: rows(("nps", "Total", Y - 1, 40)), "period_earlier", "C5"),
    Bad("half_a_case", lambda: rows(("complaints_in_time", "Total", Y, 75, 7.5, 10)), "count_not_whole", "E5"),
    Bad("hidden_column", lambda: workbook(more=_hidden), "hidden_column", "F"),
    Bad(
        "unit_in_head",
        lambda: workbook(
            [("waiting_median", "Total", Y, 12)], ("Indicator code", "Group", "Year", "Value (hours)"), METHOD
        ),
        "unit_differs",
        "",
    ),
    Bad("older_template", lambda: workbook(more=_older), "template_version", ""),
    Bad("infinite", lambda: rows(("nps", "Total", Y, "inf")), "number_unread", "D5"),
    Bad("not_a_number", lambda: rows(("nps", "Total", Y, "nan")), "number_unread", "D5"),
    Bad("ambiguous", lambda: rows(("complaints_rate", "Total", Y, "1,234")), "number_ambiguous", "D5"),
    Bad("bounds", lambda: rows(("battery_1662_exit", "Urban", Y, 161.5)), "out_of_bounds", "D5"),
    Bad("numerator", lambda: rows(("complaints_in_time", "Total", Y, 75, 500, 400)), "numerator_too_large", "E5"),
    Bad("not_its_ratio", lambda: rows(("complaints_in_time", "Total", Y, 70, 300, 400)), "value_not_ratio", "D5"),
    Bad(
        "total_outside",
        lambda: workbook([("battery_1662_exit", "Total", Y, 71.5), *GOOD[1:3]]),
        "total_outside_parts",
        "D2",
    ),
    Bad(
        "parts_exceed",
        lambda: workbook(
            [
                ("battery_1662_exit", "Total", Y, 61.5, None, 500),
                ("battery_1662_exit", "Women", Y, 63.0, None, 400),
                ("battery_1662_exit", "Men", Y, 60.0, None, 400),
            ]
        ),
        "parts_exceed_total",
        "F2",
    ),
    Bad("duplicate", lambda: rows(GOOD[0]), "row_twice", "A5"),
    Bad("missing", lambda: rows(("nps", "Total", Y, "n/a")), "missing_no_reason", "I5"),
    Bad("dash", lambda: rows(("nps", "Total", Y, "–")), "missing_no_reason", "I5"),
    Bad(
        "unknown_reason",
        lambda: rows(("nps", "Total", Y, None, None, None, None, None, "the dog ate it")),
        "reason_unknown",
        "I5",
    ),
    Bad(
        "value_and_reason",
        lambda: rows(("nps", "Total", Y, 40, None, None, None, None, "Not collected")),
        "value_and_reason",
        "I5",
    ),
    Bad(
        "another_reason",
        lambda: rows(("nps", "Total", Y, None, None, None, None, None, "Another reason (see note)")),
        "reason_without_words",
        "J5",
    ),
    Bad(
        "outside_its_interval",
        lambda: workbook(
            [("nps", "Total", Y, 40, 41, 44, 900)],
            (*HEADS[:4], "Lower bound (95 %)", "Upper bound (95 %)", "People who answered"),
        ),
        "interval_wrong",
        "D2",
    ),
    Bad(
        "half_an_interval",
        lambda: workbook([("nps", "Total", Y, 40, 38)], (*HEADS[:4], "Lower bound (95 %)", "Upper bound (95 %)")),
        "interval_wrong",
        "D2",
    ),
    Bad("no_sample", lambda: workbook([("completion_rate", "Total", Y, 80)]), "sample_missing", "G2"),
    Bad(
        "no_question",
        lambda: workbook(method={key: said for key, said in METHOD.items() if key != "Exact question"}),
        "comparability_missing",
        "",
    ),
    Bad("small_cell", lambda: rows(("nps", "Total", Y, 40, None, None, 6)), "small_cell", "G5"),
    Bad("fractions", lambda: workbook([("completion_rate", "Total", Y, 0.8)]), "share_as_fraction", "D2"),
    Bad(
        "fractions_to_the_end",
        lambda: workbook([("completion_rate", "Total", Y, 0.8), ("completion_rate", "Women", Y, 1)]),
        "share_as_fraction",
        "D2",
    ),
    Bad("fraction_among_shares", lambda: rows(("completion_rate", "Total", Y, 0.87)), "share_as_fraction", "D5"),
    Bad(
        "comma_row_trimmed",
        lambda: csv(f"complaints_in_time,Total,{YEAR},81,4", head="Indicator code,Group,Year,Value,Note").encode(),
        "note_is_number",
        "E2",
        "f.csv",
    ),
    Bad(
        "comma_row_longer",
        lambda: csv(f"complaints_in_time,Total,{YEAR},81,4", head="Indicator code,Group,Year,Value").encode(),
        "cells_moved",
        "E2",
        "f.csv",
    ),
    Bad("note_of_a_workbook", lambda: rows(("nps", "Total", Y, 40, *[None] * 5, 4)), "note_is_number", "J5"),
    Bad("all_of_few", lambda: rows(("complaints_in_time", "Total", Y, 100, None, None, 20)), "small_unanimous", "G5"),
    Bad(
        "group_that_follows",
        lambda: workbook(
            [
                ("nps", "Total", Y, 40, None, None, 400),
                ("nps", "Women", Y, 41, None, None, 394),
                ("nps", "Men", Y, None, None, None, None, None, "Too few answers"),
            ]
        ),
        "small_rest",
        "G3",
    ),
    Bad("no_method", lambda: workbook(method=None), "method_missing", ""),
    Bad("note_below", lambda: rows((), ("Source: our own survey",)), "note_left_out", "A6"),
    Bad("error_value", lambda: rows(("nps", "Total", Y, "#DIV/0!")), "error_value", "D5"),
    Bad("no_figures", lambda: workbook([]), "rows_none", ""),
    Bad("no_table", lambda: workbook([("We have none", 5)], ("Dear Sir",), None), "no_table", ""),
    Bad("unknown_heads", lambda: workbook(heads=("a", "b", "c")), "column_missing", "1"),
    Bad("text_that_is_no_table", lambda: b"\x00\x01\x02garbage", "refused", ""),
    Bad("not_a_workbook", lambda: b"PK\x03\x04" + b"x" * 200, "refused", ""),
    Bad("macro", lambda: archive({"xl/vbaProject.bin": b"x"}), "refused", "", "f.xlsm"),
    Bad("external_link", lambda: archive({"xl/externalLinks/externalLink1.xml": b"<a/>"}), "refused", ""),
    Bad(
        "encrypted",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600,
        "refused",
        "",
    ),
    Bad(
        "bomb_by_ratio",
        lambda: archive({"xl/worksheets/sheet1.xml": sheet_xml("<row>" + " " * 40_000_000 + "</row>")}),
        "refused",
        "",
    ),
    Bad(
        "bomb_by_address",
        lambda: archive(
            {
                "xl/worksheets/sheet1.xml": sheet_xml(
                    '<row r="1"><c r="A1"><v>1</v></c></row><row r="500000"><c r="CV500000"><v>1</v></c></row>'
                )
            }
        ),
        "refused",
        "",
    ),
    Bad("sdmx_structure", lambda: sdmx.structure({"SEX": "SEX"}), "refused", "", "f.xml"),
    Bad("sdmx_cut", lambda: sdmx.generic(observation())[:-40], "refused", "", "f.xml"),
    Bad(
        "sdmx_entities",
        lambda: sdmx.generic(observation()).replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>', 1),
        "refused",
        "",
        "f.xml",
    ),
    Bad("web_page", lambda: b"<!doctype html><title>Log in</title>", "refused", "", "f.xml"),
    Bad(
        "open_quotation_mark",
        lambda: csv(f'nps;Total;{YEAR};40;"see annex', f"waiting_median;Total;{YEAR};12;").encode(),
        "refused",
        "",
        "f.csv",
    ),
    Bad(
        "quotation_mark_closed_by_the_next",
        lambda: csv(f'nps;Total;{YEAR};40;"see annex', f'waiting_median;Total;{YEAR};12;"an estimate"').encode(),
        "refused",
        "",
        "f.csv",
    ),
    Bad("million_rows", lambda: ("Indicator code;Value\n" + "nps;1\n" * 1_000_000).encode(), "refused", "", "f.csv"),
]


REFUSED = {
    "not_a_workbook": "is no workbook", "macro": "holds macros", "external_link": "refers to other files",
    "encrypted": "protected by a password", "bomb_by_ratio": "unpacks to more than", "million_rows": "250,000 rows",
    "bomb_by_address": "reaches from A1 to CV500000", "sdmx_structure": "is not a data message",
    "sdmx_cut": "breaks off", "sdmx_entities": "defines entities", "web_page": "web page",
    "open_quotation_mark": "from row 2 on", "quotation_mark_closed_by_the_next": "from row 2 on",
}  # fmt: skip
"""What is said of a file that is not read, by the name of its case."""


READ_RIGHT: list[tuple[str, bytes, str, list[float | None]]] = [
    ("comma_decimals", csv(f"nps;Total;{YEAR};40,5").encode(), "a.csv", [40.5]),
    ("per_cent", csv(f"completion_rate;Total;{YEAR};12,5 %").encode(), "a.csv", [12.5]),
    (
        "arabic_digits",
        csv(f"nps;Total;{YEAR};٤٠٫٥".replace(YEAR, YEAR.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")))).encode(),
        "a.csv",
        [40.5],
    ),
    ("persian_digits", csv(f"nps;Total;{YEAR};۴۰٫۵").encode(), "a.csv", [40.5]),
    ("no_break_space", csv(f"complaints_rate;Total;{YEAR};1\u00a0234,5").encode(), "a.csv", [1234.5]),
    (
        "settled_by_its_column",
        csv(f"complaints_rate;Total;{YEAR};1.234", f"waiting_median;Total;{YEAR};12,5").encode(),
        "a.csv",
        [1234.0, 12.5],
    ),
    ("utf_8_mark", csv(f"nps;Total;{YEAR};40").encode("utf-8-sig"), "a.csv", [40.0]),
    ("utf_16", csv(f"nps;Total;{YEAR};40").encode("utf-16"), "a.csv", [40.0]),
    ("utf_16_be", csv(f"nps;Total;{YEAR};40").encode("utf-16-be"), "a.csv", [40.0]),
    ("tab", csv(f"nps;Total;{YEAR};40").replace(";", "\t").encode(), "a.tsv", [40.0]),
    ("comma", csv(f"nps;Total;{YEAR};40.5").replace(";", ",").encode(), "a.csv", [40.5]),
    (
        "head_in_arabic",
        csv(f"nps;المجموع;{YEAR};40", head="رمز المؤشر;المجموعة;السنة;القيمة;السبب").encode("cp1256"),
        "a.csv",
        [40.0],
    ),
    ("shown_as_per_cent", workbook(GOOD[:3], more=_percent), "a.xlsx", [61.5, 63.0, 60.0]),
    ("not_at_a1", workbook(GOOD[:3], start=(3, 2)), "a.xlsx", [61.5, 63.0, 60.0]),
    ("sdmx_generic", sdmx.generic(observation(SEX="F", OBS_VALUE="63"), observation()), "a.xml", [63.0, 71.5]),
    ("sdmx_specific", sdmx.specific(observation(URBANISATION="U"), observation()), "a.xml", [71.5, 71.5]),
    ("sdmx_marked", b"\xef\xbb\xbf" + sdmx.specific(observation(), flat=True), "without ending", [71.5]),
    (
        "sdmx_csv",
        (
            "DATAFLOW,INDICATOR,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE,UNIT_MULT\r\n"
            f"A:B(1.0),battery_1662_exit,AZ,F,{YEAR},63\r\nA:B(1.0),battery_1662_exit,AZ,_T,{YEAR},61.5"
        ).encode(),
        "a.csv",
        [63.0, 61.5],
    ),
]
