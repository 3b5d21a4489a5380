"""How a publisher stands, in one word that the method page defines."""

import pytest

from dashboard.services.context import context
from dashboard.services.method import method
from dashboard.services.sources import STATUSES, sources


@pytest.mark.usefixtures("handmade")
def test_each_source_stands_in_a_word_that_the_method_page_defines() -> None:
    seen = {one["id"]: one for one in sources(context())["sources"]}
    assert seen["un_sdg"]["status"] == "failing"
    assert seen["un_sdg"]["failures"]
    assert seen["cpi"]["status"] == "never"
    assert seen["world_bank"]["status"] in ("current", "overdue")
    assert all(one["status_text"] and one["status_meaning"] for one in seen.values())
    (section,) = [one for one in method(context())["sections"] if one["id"] == "source_status"]
    assert [one["id"] for one in section["terms"]] == [f"source_{status}" for status in STATUSES]


@pytest.mark.usefixtures("handmade")
def test_a_later_failure_was_not_known_on_an_earlier_day() -> None:
    seen = {one["id"]: one for one in sources(context(as_of="2026-03-01"))["sources"]}
    assert seen["un_sdg"]["failures"] == []
    assert seen["un_sdg"]["last_success"] == "2026-03-01"
