"""What an answer depends on besides the question: dataset, codebook, code and settings, as one short stamp."""

import hashlib
from functools import lru_cache

from dashboard.answers.base.context import Context
from dashboard.runtime.release import code_version
from dashboard.settings import settings


@lru_cache(maxsize=64)
def _stamp(dataset: str, codebook: str, sources: str) -> str:
    return hashlib.sha256(f"{dataset} {codebook} {code_version()} {sources}".encode()).hexdigest()[:12]


def write_stamp(ctx: Context) -> str:
    """Return the hash of dataset, codebook, code and sites that addresses carry as ``v``."""
    return _stamp(ctx.dataset.version, ctx.book.version, repr(settings().sources))
