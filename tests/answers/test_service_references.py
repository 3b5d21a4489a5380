"""What the register cites with an address can be opened; where an article stands is not guessed."""

import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.base.references import split_reference
from dashboard.answers.countries.country import view_country


@pytest.mark.parametrize(
    ("part", "href"),
    [
        ("kknews.uz", "https://kknews.uz"), ("yeniavropa.az/article/az/41219", "https://yeniavropa.az/article/az/41219"),
        ("https://report.az/a", "https://report.az/a"), ("trend.az 3682067", ""), ("menafn", ""), ("Trend (2020)", ""),
        ("press.et/herald 116613", ""), ("javascript:alert(1)", ""),
    ],
)  # fmt: skip
def test_only_what_is_written_as_an_address_is_one(part: str, href: str) -> None:
    assert split_reference(part) == [{"text": part, "href": href}]


def test_sources_and_laws_of_a_country_are_links_where_they_have_an_address(embedded: object) -> None:
    view = view_country(open_context(), "AZE")
    (event,) = view["adoption"]["events"]
    address = "https://yeniavropa.az/article/az/41219"
    assert [part["href"] for part in event["source_parts"]] == [address, ""]
    assert address in [part["href"] for law in view["acts"] for part in law["source_parts"]]
