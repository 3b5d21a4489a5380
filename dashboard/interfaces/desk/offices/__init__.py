"""``/offices/``: a country's offices, its indicators and deadlines among them, and figures that two of them send."""
