"""Workbooks from outside (XLSX), looked through before any library opens them and read in a process of its own.

A workbook is a ZIP archive of XML that whoever made it chose: 5 kB can stand for fifty million cells. ``guard``
streams the archive without building anything and refuses what nobody should open; ``read_sheet`` guards, then lets a
process with limits of memory and time read one sheet.
"""

from data_sources.workbook.inspection import LIMITS, Inspection, SheetFacts, WorkbookLimits, guard
from data_sources.workbook.reading import ReadSheet, read_sheet

__all__ = ["LIMITS", "Inspection", "ReadSheet", "SheetFacts", "WorkbookLimits", "guard", "read_sheet"]
