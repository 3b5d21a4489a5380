"""``python -m dashboard``."""

import sys

from dashboard.operations.cli import app
from dashboard.runtime.process import end_with_parent, prepare


def main() -> None:
    """Run a command; what stands in its way is said in a sentence."""
    try:
        app(prog_name="python -m dashboard")
    except Exception as error:
        from dashboard.operations.trouble import explain_error

        words = explain_error(error)
        if words is None:
            raise
        sys.stderr.write(f"{words}\n")
        sys.exit(2)


prepare()
end_with_parent()
if __name__ == "__main__":
    main()
