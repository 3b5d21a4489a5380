"""The id of an observation: made of its own content, so that a citation stays valid while the figure stands.

``with_ids(frame) -> frame``: adds or replaces ``id``.

How an id is made, for whoever wants to check one: write the columns of ``CONTENT`` in their order, numbers as the
signed 64-bit integer of their IEEE 754 bits (a zero always as 0), absent numbers as ``-``, texts as they are (an absent
text is an empty one); join them by U+001F; take BLAKE2b (RFC 7693) with a digest of 8 bytes of its UTF-8 form, in
hexadecimal.
"""

from hashlib import blake2b

import polars as pl

CONTENT = (
    "indicator", "source", "series", "country", "period", "dimensions", "edition", "nature", "source_detail", "unit",
    "status", "value_text", "value", "lower", "upper", "interval_level", "std_error", "footnote",
)  # fmt: skip
"""What makes a figure the same figure. When and in which reply it was received, and whether pages show it, do not."""

SEPARATOR = "\x1f"


class IdCollision(Exception):
    """Two different figures would have the same id."""


def add_ids(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with ``id``: 16 hexadecimal digits of a hash over the columns of ``CONTENT``.

    Args:
        frame: rows with at least the columns of ``CONTENT``, typed as in ``ROWS``.

    Returns:
        The same rows, ``id`` first. Rows equal in all of ``CONTENT`` get the same id.

    Raises:
        IdCollision: two rows that differ would get the same id (expected once in billions of rows).
    """
    written = frame.select(
        pl.concat_str([_written(name, frame.schema[name]) for name in CONTENT], separator=SEPARATOR).alias("content")
    ).with_columns(
        pl.Series("id", [], dtype=pl.String)
        if frame.is_empty()
        else pl.col("content").map_batches(_hashes, return_dtype=pl.String).alias("id")
    )
    clashing = written.unique().filter(pl.col("id").is_duplicated()).sort("id", "content")
    if not clashing.is_empty():
        one, other = (content.replace(SEPARATOR, " | ") for content in clashing["content"].head(2))
        raise IdCollision(f"{one} and {other} have the same id {clashing.item(0, 'id')}")
    return frame.select(written["id"], pl.exclude("id"))


def _written(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype != pl.Float64:
        return column.cast(pl.String).fill_null("")
    bits = pl.when(column == 0).then(0.0).otherwise(column).reinterpret(dtype=pl.Int64)
    return bits.cast(pl.String).fill_null("-")


def _hashes(contents: pl.Series) -> pl.Series:
    return pl.Series([blake2b(content.encode(), digest_size=8).hexdigest() for content in contents.to_list()])
