"""``/actions/``: a country's decisions for everybody, and forms for those who decide."""
