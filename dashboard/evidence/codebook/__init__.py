"""Indicators, countries and adoption events, read from CSV files, checked and frozen."""

from dashboard.evidence.codebook.faults import CodebookError
from dashboard.evidence.codebook.loader import load_codebook, read_codebook

__all__ = ["CodebookError", "load_codebook", "read_codebook"]
