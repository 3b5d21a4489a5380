"""``make bench``: every promise of speed and size, measured in one run on this machine.

Exit code 1 when a promise is broken; the figures go to ``bench-results/figures.json`` too.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dashboard.gathering.embedded import ensure_ready
from dashboard.settings import Settings
from tests.bench import beside_dash, browser, dataset, effects, gathering, panel, routes, start
from tests.bench.measure import Figure
from tests.bench.product import ROOT, serve


def measured() -> Iterator[Figure]:
    """All figures, as they become known."""
    yield from start.figures()
    yield from panel.figures()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        ensure_ready(settings, say=lambda _: None)
        with serve(settings.data_dir, web=".web-test") as server:
            yield Figure("memory of the server before the first visitor", server.memory(), "MiB")
            yield from browser.figures(server)
            yield from routes.figures(server, settings)
            yield from beside_dash.figures(server)
        yield from dataset.figures(settings)
        yield from effects.figures(settings)
    yield from gathering.figures()


def main() -> int:
    """Print the figures as they come; 0 when every promise is kept."""
    os.environ.pop("MONITOR_DATA_DIR", None)
    figures = []
    for figure in measured():
        figures.append(figure)
        promise = "" if figure.promise is None else f"  (promised: at most {figure.promise:g} {figure.unit})"
        mark = "      " if figure.promise is None else "kept  " if figure.kept else "BROKEN"
        sys.stdout.write(f"{mark} {figure.value:9.2f} {figure.unit:4} {figure.name}{promise}\n")
        sys.stdout.flush()
    results = ROOT / "bench-results"
    results.mkdir(exist_ok=True)
    (results / "figures.json").write_text(
        json.dumps([{f: getattr(x, f) for f in x.__slots__} for x in figures], indent=1)
    )
    return 0 if all(figure.kept for figure in figures) else 1


sys.exit(main())
