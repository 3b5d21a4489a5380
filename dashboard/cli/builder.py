"""``python -m dashboard.cli.builder``: build the pages that the environment names; ``serve`` calls it.

The packages of the front end are unpacked from the first moment on, beside the reading and compiling of the pages.
"""

import os
import sys

from dashboard.cli.frontend import ROOT, WANTED, forget, remember
from dashboard.runtime import prepare

if __name__ == "__main__":
    prepare()  # before Reflex is imported
    forget(ROOT)

    from reflex.config import get_config
    from reflex.reflex import cli
    from reflex.utils.prerequisites import needs_reinit

    if needs_reinit():
        cli(["init", "--no-agents"], standalone_mode=False)

    from dashboard.plugins import EarlyPackages

    for plugin in get_config().plugins:
        if isinstance(plugin, EarlyPackages):
            plugin.begin()
    cli(["export", "--frontend-only", "--no-zip", "--env", "prod"], standalone_mode=False)
    remember(ROOT, os.environ[WANTED])
    sys.stdout.flush()
    os._exit(0)  # to take the components of all pages apart would take a second
