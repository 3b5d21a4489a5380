"""Whether somebody hints at a bribe, a gift, a favour or pressure, told from the sentence vector of what they wrote.

``find_hints(rows) -> [bool]``: a logistic regression on 384 numbers, alike in all languages. It was fitted to
invented hints and ordinary visits (``tests/contributions/voice/bribes``, whose command writes ``hints.toml`` and
measures it). Nearest examples find fewer at as many false alarms; words of lists (``wordlists``) fewer still. Decision
0089.
"""

import hashlib
import tomllib
from functools import cache
from pathlib import Path

import numpy as np

from dashboard.contributions.voice.vectors import Floats

FITTED = Path(__file__).with_name("hints.toml")


def find_hints(rows: Floats) -> list[bool]:
    """For each sentence vector whether it lies where hints do; what an officer then reads is an offer, no verdict."""
    weights, least = _load_fitted()
    return [bool(score >= least) for score in rows @ weights]


@cache
def find_hints_version() -> str:
    """Return a name of what was fitted: with other examples it is another."""
    return hashlib.sha256(FITTED.read_bytes()).hexdigest()[:8]


@cache
def _load_fitted() -> tuple[Floats, float]:
    fitted = tomllib.loads(FITTED.read_text(encoding="utf-8"))
    return np.asarray(fitted["weights"], np.float32), float(fitted["least"])
