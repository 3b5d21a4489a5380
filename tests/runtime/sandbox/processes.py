"""The processes of sandboxes, as a test finds and ends them."""

import time

import psutil

from dashboard.runtime.sandbox.pools import Sandbox


def fork_servers() -> list[psutil.Process]:
    """The process that ours are forked from; none before the first job."""
    children = [one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE]
    return [one for one in children if "multiprocessing.forkserver" in " ".join(one.cmdline())]


def end_all(*sandboxes: Sandbox) -> None:
    """End these sandboxes and the process that all are forked from, as a system without memory may."""
    for sandbox in sandboxes:
        sandbox.close()
    for one in fork_servers():
        one.kill()
        while one.status() != psutil.STATUS_ZOMBIE:  # whoever started it is the one to wait for it
            time.sleep(0.01)
