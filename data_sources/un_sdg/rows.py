"""What the UN's rows have in common, whether they come from a file or from the API."""

from collections.abc import Iterable, Mapping

from data_sources.observations import Noticed, Row, read_figure
from data_sources.un_sdg.codes import rank_nature

MARKS: Mapping[str, str] = {"N": "missing", "NA": "missing", "NV": "missing", "NaN": "missing", "#N/A": "missing"}
"""Texts the database prints where there is no figure. It does not say which of them means "does not apply"."""


def read_area_code(text: str) -> str | None:
    """The M49 code of an area, three digits; None when the text is not a number of at most three digits."""
    code = text.strip()
    return code.zfill(3) if code.isascii() and code.isdigit() and len(code) <= 3 else None


def drop_repeated_rows(rows: Iterable[Row], noticed: Noticed) -> list[Row]:
    """Rows without exact repetitions, those of one fact together, country data before estimates.

    The UN may hold several figures of one country, year and breakdown, from different sources or of different
    natures: all are kept, the preferred first. Two different figures that nothing tells apart are rejected; 7 and 7.0
    are one.
    """
    facts: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        told_by = (*row.place, row.nature, row.source_detail, row.unit, row.footnote)
        facts.setdefault(told_by, []).append(row)
    unique: list[Row] = []
    for same in facts.values():
        first, where = same[0], f"M49 {same[0].area} {same[0].period} {same[0].dimensions}"
        if len({read_figure(row) for row in same}) > 1:
            texts = " and ".join(sorted(repr(row.value_text) for row in same))
            noticed.reject("conflicting_rows", f"{where} has {texts}: none is used", where, rows=len(same))
            continue
        if len(same) > 1:
            noticed.add("duplicate_row", "info", f"{where} came {len(same)} times: kept once", where)
        unique.append(first)
    several = len(unique) - len({row.place for row in unique})
    if several:
        message = f"{several} figures stand beside another of the same area, year and breakdown"
        noticed.add("several_figures", "info", message, count=several)
    order = {place: n for n, place in enumerate(dict.fromkeys(row.place for row in unique))}
    return sorted(unique, key=lambda row: (order[row.place], rank_nature(row.nature)))
