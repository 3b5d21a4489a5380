"""A file read in a sandbox, and forgotten: of a draft nothing is kept, not even in a temporary file."""

import logging

from dashboard.answers.drafts.blocks import DraftBlock, read_blocks
from dashboard.answers.drafts.extraction import DraftRefused
from dashboard.runtime.sandbox.pools import Crashed, JobLimits, Sandbox, TooCostly

MAX_BYTES = 10 * 2**20
"""Bytes of one draft."""

LIMITS = JobLimits(memory=1536 * 2**20, seconds=30, patience=45.0)
SANDBOX = Sandbox(workers=1, tasks=20, idle=60.0)

log = logging.getLogger(__name__)


def read_file(name: str, body: bytes) -> list[DraftBlock]:
    """Read the blocks of a file in the sandbox.

    Raises:
        DraftRefused: too large, of no kind that is read, broken, or too costly.
        OSError: there is no process that could read it.
    """
    if len(body) > MAX_BYTES:
        raise DraftRefused("too_large")
    try:
        answer = SANDBOX.call(
            "dashboard.answers.drafts.extraction:extract", {"name": name[-100:], "body": body}, LIMITS
        )
    except TooCostly as error:
        raise DraftRefused("too_costly") from error
    except Crashed:  # its words may hold what was read
        log.error("the sandbox did not read a draft")
        raise DraftRefused("unreadable") from None
    if "refused" in answer:
        raise DraftRefused(str(answer["refused"]))
    return read_blocks(answer["blocks"])
