"""What the dataset holds of an indicator: observations, series, breakdowns, coverage and gaps."""
