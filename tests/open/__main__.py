"""``python -m tests.open [NAME …]``: every way out to people's own tools, each figure beside its limit.

Each module runs in a process of its own: readers of one format leave marks that spoil another.
"""

import pkgutil
import subprocess
import sys
import time

import tests.open


def list_modules() -> list[str]:
    """Names of the modules of the folder that can be run."""
    found = sorted(module.name for module in pkgutil.iter_modules(tests.open.__path__))
    return [name for name in found if not name.startswith(("_", "test_")) and _defines_run(name)]


def _defines_run(name: str) -> bool:
    return callable(getattr(pkgutil.resolve_name(f"tests.open.{name}"), "run", None))


def main(names: list[str]) -> int:
    """Run the modules named, or all; gives how many failed."""
    known = list_modules()
    if unknown := sorted(set(names) - set(known)):
        sys.stdout.write(f"There is no {', '.join(unknown)}; there are {', '.join(known)}.\n")
        return 2
    failed = []
    for name in names or known:
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()
        began = time.monotonic()
        if subprocess.run([sys.executable, "-m", f"tests.open.{name}"]).returncode:
            failed.append(name)
        sys.stdout.write(f"       {name} took {time.monotonic() - began:.0f} s\n")
    sys.stdout.write(f"failed: {', '.join(failed)}\n" if failed else "all limits held\n")
    return len(failed)


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
