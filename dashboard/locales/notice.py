"""What a training workspace says of its figures wherever they go."""

from dashboard.locales.catalogue import t
from dashboard.settings import settings


def notice(lang: str) -> str:
    """*Training: invented figures* in that language; "" where the figures are publishers'."""
    return t("training.notice", lang) if settings().training else ""
