"""``python -m dashboard.cli.builder``: build the pages that the environment names; ``serve`` calls it."""

import os
import sys

from dashboard.cli.frontend import ROOT, WANTED, is_built, keep, lock_builds, tidy
from dashboard.runtime import end_with_parent, prepare


def _build(wanted: str) -> None:
    from reflex.reflex import cli
    from reflex.utils.prerequisites import needs_reinit

    if needs_reinit():
        cli(["init", "--no-agents"], standalone_mode=False)

    cli(["export", "--frontend-only", "--no-zip", "--env", "prod"], standalone_mode=False)
    tidy(ROOT)
    keep(ROOT, wanted)
    sys.stdout.flush()
    os._exit(0)  # to take the components of all pages apart would take a second


if __name__ == "__main__":
    prepare()  # before Reflex is imported
    end_with_parent()
    with lock_builds(ROOT):
        if not is_built(ROOT, os.environ[WANTED]):  # by another server, while this one waited
            _build(os.environ[WANTED])
