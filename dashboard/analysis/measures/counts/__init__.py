"""Measures of counted events: histograms, shares of many centres, rates per transaction, agreement of coders."""
