"""The dataset as whole files: Parquet, Arrow, compressed CSV, a data package, and what catalogues are told of it."""
