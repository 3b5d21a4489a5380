"""Numbers of things in the words of commands."""


def number(count: int, word: str, plural: str = "") -> str:
    """``1 row``, ``1,200 rows``; ``plural`` is the word for several where it is not with an s."""
    return f"{count:,} {word if count == 1 else plural or word + 's'}"
