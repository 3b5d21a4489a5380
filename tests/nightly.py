"""``make nightly``: every command of ``.ci/nightly``, one after the other, also after one that failed.

``python -m tests.nightly WORD …`` runs those that hold one of the words. Beside what each says, the last lines tell
which went wrong and how long each took; the exit code is 1 where one did.
"""

import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIST = ROOT / ".ci/nightly"


def commands(text: str, words: list[str]) -> list[str]:
    """The lines of the list that are commands, and hold one of the words where there are any."""
    lines = [line.strip() for line in text.splitlines()]
    wanted = [line for line in lines if line and not line.startswith("#")]
    return [line for line in wanted if not words or any(word in line for word in words)]


def main(words: list[str]) -> int:
    """Run them and say what became of each; 1 where one failed or none was chosen."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    outcomes = []
    for command in commands(LIST.read_text(encoding="utf-8"), words):
        _say(f"\n=== {command}")
        began = time.monotonic()
        code = subprocess.run(shlex.split(command), cwd=ROOT, env=environment, check=False).returncode
        outcomes.append((code, time.monotonic() - began, command))
    _say("\n=== nightly")
    for code, seconds, command in outcomes:
        _say(f"{'kept  ' if code == 0 else 'FAILED'} {seconds:7.0f} s  {command}")
    return 0 if outcomes and not any(code for code, _, _ in outcomes) else 1


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
