"""The languages of a sweep: English and Arabic in ``make test``, Azerbaijani and French in ``make nightly``.

What is the same in all of them, the skeleton of each page, ``tests/e2e/test_skeleton.py`` asserts in ``make test``.
"""

import pytest

from dashboard.locales import LANGUAGES

SWEPT = [lang if lang in ("en", "ar") else pytest.param(lang, marks=pytest.mark.nightly) for lang in LANGUAGES]
ARABIC = [lang if lang == "ar" else pytest.param(lang, marks=pytest.mark.nightly) for lang in LANGUAGES]
"""For sweeps over every page: one language in ``make test``, the one that runs the other way."""
