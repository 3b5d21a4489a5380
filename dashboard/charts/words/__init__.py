"""Charts in sentences."""
