"""Search: what is typed against every name, code and alias in every language. It offers, and never chooses."""

from dashboard.answers.search.query import MOST_LETTERS, search, warm

__all__ = ["MOST_LETTERS", "search", "warm"]
