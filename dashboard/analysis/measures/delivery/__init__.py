"""Measures of service delivery: rates from counts, opening hours, the promise of 99 per cent."""
