"""Service delivery: rates from counts, integrity, the promise of 99 per cent."""
