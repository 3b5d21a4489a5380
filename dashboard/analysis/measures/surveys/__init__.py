"""Estimates from survey answers, and what must be suppressed."""
