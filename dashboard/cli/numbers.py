"""Numbers of things in the words of commands."""


def number(count: int, word: str) -> str:
    """``1 row``, ``1,200 rows``."""
    return f"{count:,} {word}" + ("" if count == 1 else "s")
