"""Ids of observations, made of their content so that a citation stays valid while the figure stands.

To check an id: write the columns of ``CONTENT_COLUMNS`` in order, numbers as the signed 64-bit integer of their IEEE
754 bits (zero always as 0), absent numbers as ``-``, absent texts as empty; join them by U+001F; take BLAKE2b (RFC
7693) with a digest of 8 bytes of the UTF-8 form, in hexadecimal.
"""

from hashlib import blake2b

import polars as pl

CONTENT_COLUMNS = (
    "indicator", "source", "series", "country", "period", "dimensions", "edition", "nature", "source_detail", "unit",
    "status", "value_text", "value", "lower", "upper", "interval_level", "std_error", "footnote",
)  # fmt: skip
"""What makes a figure the same figure. When and in which reply it was received, and whether pages show it, do not."""

SEPARATOR = "\x1f"


class IdCollision(Exception):
    """Two different figures would have the same id."""


def add_ids(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with ``id`` as first column: 16 hexadecimal digits of a hash of its content.

    Raises:
        IdCollision: two different rows would get the same id (expected once in billions of rows).
    """
    contents = frame.select(
        pl.concat_str(
            [_format_column(name, frame.schema[name]) for name in CONTENT_COLUMNS], separator=SEPARATOR
        ).alias("content")
    ).with_columns(
        pl.Series("id", [], dtype=pl.String)
        if frame.is_empty()
        else pl.col("content").map_batches(_hash_texts, return_dtype=pl.String).alias("id")
    )
    clashing = contents.unique().filter(pl.col("id").is_duplicated()).sort("id", "content")
    if not clashing.is_empty():
        first, second = (content.replace(SEPARATOR, " | ") for content in clashing["content"].head(2))
        raise IdCollision(f"{first} and {second} have the same id {clashing.item(0, 'id')}")
    return frame.select(contents["id"], pl.exclude("id"))


def _format_column(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype != pl.Float64:
        return column.cast(pl.String).fill_null("")
    bits = pl.when(column == 0).then(0.0).otherwise(column).reinterpret(dtype=pl.Int64)
    return bits.cast(pl.String).fill_null("-")


def _hash_texts(contents: pl.Series) -> pl.Series:
    return pl.Series([blake2b(content.encode(), digest_size=8).hexdigest() for content in contents.to_list()])
