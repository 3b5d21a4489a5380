"""``python -m dashboard``."""

from dashboard.cli import app
from dashboard.runtime import collect_rarely

collect_rarely()
app(prog_name="python -m dashboard")
