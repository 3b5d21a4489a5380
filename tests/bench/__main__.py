"""``make bench``: every promise of speed and size, measured in one run on this machine.

``python -m tests.bench NAME …`` measures only those parts. Exit code 1 when a promise is broken; the figures go to
``bench-results/figures.json`` too.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Set
from pathlib import Path

from dashboard.evidence.gathering.startup import ensure_ready
from dashboard.settings import Settings
from tests.bench import (
    browser,
    clicks,
    crosshair,
    dataset,
    desk,
    documents,
    effects,
    first_screen,
    gathering,
    memory,
    panel,
    public_text,
    readers,
    routes,
    services,
    slow_link,
    start,
    submissions,
    survey,
    voice,
)
from tests.bench.measure import Figure, pace
from tests.bench.product import Server, serve
from tests.serving import ROOT

ALONE: Mapping[str, Callable[[], Iterator[Figure]]] = {
    "start": start.figures,
    "panel": panel.figures,
    "gathering": gathering.figures,
    "submissions": submissions.figures,
    "desk": desk.figures,
    "survey": survey.figures,
    "voice": voice.figures,
    "public_text": public_text.figures,
    "services": services.figures,
}
"""Parts that bring what they need."""

SERVED: Mapping[str, Callable[[Server], Iterator[Figure]]] = {
    "bytes": browser.figures,
    "first_screen": first_screen.figures,
    "clicks": clicks.figures,
    "crosshair": crosshair.figures,
    "slow_link": slow_link.figures,
    "routes": routes.figures,
    "documents": documents.figures,
    "memory": memory.figures,
    "readers": readers.figures,
}
"""Parts that visit one running product, in this order: its memory is that after all before it."""

PUBLISHED: Mapping[str, Callable[[Settings], Iterator[Figure]]] = {
    "dataset": dataset.figures,
    "effects": effects.figures,
}
"""Parts that read a published dataset."""

PARTS = (*ALONE, *SERVED, *PUBLISHED)


def measured(parts: Set[str]) -> Iterator[Figure]:
    """The figures of these parts, as they become known, between two of the machine's own pace."""
    yield pace("before")
    yield from _asked(ALONE, parts)
    if parts - ALONE.keys():
        yield from _served(parts)
    yield pace("after")


def _served(parts: Set[str]) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        ensure_ready(settings, say=lambda _: None)
        if parts & SERVED.keys():
            with serve(settings.data_dir, web=".web-test") as server:
                yield from _asked(SERVED, parts, server)
        yield from _asked(PUBLISHED, parts, settings)


def _asked(room: Mapping[str, Callable[..., Iterator[Figure]]], parts: Set[str], *given: object) -> Iterator[Figure]:
    for name, figures in room.items():
        if name in parts:
            yield from figures(*given)


def main(arguments: list[str]) -> int:
    """Print the figures as they come; 0 when every promise is kept."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Measure every promise of speed and size."
    )
    parser.add_argument("parts", nargs="*", metavar="NAME", help=f"only these: {', '.join(PARTS)}")
    parts = parser.parse_args(arguments).parts
    if unknown := sorted(set(parts) - set(PARTS)):
        parser.error(f"no part named {', '.join(unknown)}; there are {', '.join(PARTS)}")
    os.environ.pop("MONITOR_DATA_DIR", None)
    figures = []
    for figure in measured(set(parts) or set(PARTS)):
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
