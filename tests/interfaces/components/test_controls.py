"""Countries to choose from stand in the alphabet of the reader's language."""

import pytest

from dashboard.interfaces.components.controls import list_country_options


@pytest.mark.parametrize(
    ("lang", "before", "after"),
    [("fr", "ETH", "OMN"), ("fr", "EGY", "FRA"), ("az", "AFG", "FRA"), ("az", "ETH", "AFG"), ("en", "ALA", "ALB")],
)
def test_a_letter_with_a_mark_stands_where_its_language_has_it(lang: str, before: str, after: str) -> None:
    codes = [option["id"] for option in list_country_options(lang)]
    assert codes.index(before) < codes.index(after)
