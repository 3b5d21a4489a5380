"""Prepare the data before a server starts."""

from collections.abc import Callable

from dashboard.evidence.database import file
from dashboard.evidence.dataset.agreement import require_agreement
from dashboard.evidence.gathering.startup import ensure_ready
from dashboard.operations.settling import settle
from dashboard.settings import Settings


def prepare_data(settings: Settings, say: Callable[[str], object] = print) -> None:
    """Bring database and dataset to where pages can be served, readable by us alone.

    Raises:
        RecordBehind: the database is behind what is published.
        Unusable: it is damaged, or cannot be used.
        DamagedEmbedded: the figures that come with the product are damaged.
    """
    require_agreement(settings)
    ensure_ready(settings, say)
    settle(settings)
    path = settings.sqlite_path
    if path is not None:
        for ending in file.FILE_SUFFIXES:
            part = path.with_name(f"{path.name}{ending}")
            if part.exists():
                part.chmod(0o600)
