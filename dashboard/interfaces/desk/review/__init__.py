"""``/review/``: what waits for a reviewer, and when figures are due."""
