"""Checks, differences and what waits for a person."""
