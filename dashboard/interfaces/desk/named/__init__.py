"""``/{lang}/series/…``, ``/{lang}/vintages/…``, ``/{lang}/figures/…``: a page for every identifier that is printed."""
