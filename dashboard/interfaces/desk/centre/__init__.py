"""``/{lang}/services/<country>/<centre>/``: one centre over its months, for everybody."""
