"""The languages of a sweep: English and Arabic in ``make test``, Azerbaijani and French in ``make long``."""

import pytest

from dashboard.locales import LANGUAGES

SWEPT = [lang if lang in ("en", "ar") else pytest.param(lang, marks=pytest.mark.long) for lang in LANGUAGES]
ARABIC = [lang if lang == "ar" else pytest.param(lang, marks=pytest.mark.long) for lang in LANGUAGES]
"""For sweeps over every page: one language in ``make test``, the one that runs the other way."""
