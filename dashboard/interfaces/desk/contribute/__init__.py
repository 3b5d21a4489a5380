"""``/contribute/``: what a ministry sends, from what is due to what came of it."""
