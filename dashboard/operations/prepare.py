"""What is done before a server starts: database and dataset agree, are read by us alone, and are brought up to date."""

from collections.abc import Callable

from dashboard.database import file
from dashboard.dataset.agreement import require
from dashboard.gathering.startup import ensure_ready
from dashboard.operations.settling import settle
from dashboard.settings import Settings


def prepared(settings: Settings, say: Callable[[str], object] = print) -> None:
    """Bring the data to where pages can be served, and nothing back to where it was.

    Raises:
        GoesBack: the database is behind what is published.
        Unusable: it is damaged, or cannot be used.
        DamagedEmbedded: the figures that come with the product are not whole.
    """
    require(settings)
    ensure_ready(settings, say)
    settle(settings)
    path = settings.sqlite_path
    if path is not None:
        for ending in file.PARTS:
            part = path.with_name(f"{path.name}{ending}")
            if part.exists():
                part.chmod(0o600)
