"""What is measured and why: ``codebook()`` gives it, checked and frozen; ``adoption`` derives statuses and counts."""

from dashboard.codebook.faults import CodebookError
from dashboard.codebook.loader import load_codebook, read_codebook

__all__ = ["CodebookError", "load_codebook", "read_codebook"]
