"""Search: what is typed against every name, code and alias in every language. It offers, and never chooses."""

from dashboard.answers.search.query import MAX_LETTERS, search, warm

__all__ = ["MAX_LETTERS", "search", "warm"]
