"""``python -m dashboard.operations.cli.builder``: build the pages of the stamp in the environment; called by
``serve``."""

import os
import sys

from dashboard.operations.cli.frontend import ROOT, STAMP_VARIABLE, is_built, keep_build, lock_builds, tidy_lockfile
from dashboard.runtime.process import end_with_parent, prepare


def _build(wanted: str) -> None:
    from reflex.reflex import cli
    from reflex.utils.prerequisites import needs_reinit

    if needs_reinit():
        cli(["init", "--no-agents"], standalone_mode=False)

    cli(["export", "--frontend-only", "--no-zip", "--env", "prod"], standalone_mode=False)
    tidy_lockfile(ROOT)
    keep_build(ROOT, wanted)
    sys.stdout.flush()
    os._exit(0)  # to take the components of all pages apart would take a second


if __name__ == "__main__":
    prepare()  # before Reflex is imported
    end_with_parent()
    with lock_builds(ROOT):
        if not is_built(ROOT, os.environ[STAMP_VARIABLE]):  # by another server, while this one waited
            _build(os.environ[STAMP_VARIABLE])
