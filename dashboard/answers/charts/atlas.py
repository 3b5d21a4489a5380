"""The shapes of the map with boundaries: read once, and addressed so that a browser may keep them."""

import hashlib
import json
from functools import lru_cache

from dashboard.analysis.charts.atlas import Atlas, read_atlas
from dashboard.runtime.release import SHAPES


@lru_cache(maxsize=1)
def load_atlas() -> Atlas:
    """Read the shapes once; a hash in their ``url`` gives a new file a new address."""
    content = SHAPES.read_bytes()
    return read_atlas(json.loads(content), f"/{SHAPES.name}?v={hashlib.sha256(content).hexdigest()[:12]}")
