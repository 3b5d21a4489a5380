"""The dataset as SDMX: our dataflows and their structures, data by query, what occurs, reference metadata."""
