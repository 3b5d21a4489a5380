"""One module per kind of chart."""
