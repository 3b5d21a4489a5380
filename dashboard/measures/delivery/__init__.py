"""Service delivery: rates from counts, the promise of 99 per cent."""
