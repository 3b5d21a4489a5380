"""An address that somebody stored leads to a page of ours, or of the web: never to a script, never elsewhere unseen."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reflex.istate.data import RouterData

from dashboard.answers.base.references import keep_web_address, split_reference
from dashboard.interfaces.pages.compare.recent import MAX_REMEMBERED, RecentState
from dashboard.locales import LANGUAGES

NEITHER = (
    "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
    "vbscript:x", "//evil.example", "//evil.example/en/compare/", "/\\evil.example/en/compare/", "", " ", "x", "#",
    "/\t/evil.example/en/compare/", "\\\\evil.example/en/compare/", "/en//evil.example/compare/x", "https:evil.example",
    "https:///evil.example", "http://", "https://user:word@evil.example/", "https://evil.example\\@ours.example/",
    "https://evil.example/a b", "https://evil.example/\n", "ftp://evil.example/", "file:///etc/passwd", "?a",
    "mailto:a@b.example", "https://[evil/", "https://evil.example:0/", "https://evil.example:x/",
)  # fmt: skip
"""What must become no link, wherever it is kept."""


@pytest.mark.parametrize("address", NEITHER)
def test_what_is_no_page_of_the_web_becomes_no_link(address: str) -> None:
    assert keep_web_address(address) == ""
    for part in split_reference(address):
        assert part["href"] in ("", f"https://{address}")
        assert not part["href"] or re.fullmatch(r"https://[a-z0-9.-]+(/\S*)?", part["href"])


@pytest.mark.parametrize(
    "address", ["https://stat.gov.az/a?b=c&d=%20#e", "http://x.example:8080/", "https://az.example/Bakı"]
)
def test_pages_of_the_web_become_links(address: str) -> None:
    assert keep_web_address(address) == address


def remembered(*addresses: Any) -> list[str]:
    """The links shown of comparisons that a browser says it remembers."""
    state = RecentState()
    state.remembered = json.dumps([{"name": str(address), "to": address} for address in addresses])
    place = {"pathname": "/en/compare/", "asPath": "/en/compare/", "query": {}, "headers": {}}
    state.router = RouterData.from_router_data(place)
    RecentState.keep.fn(state)  # type: ignore[attr-defined]
    return [one["to"] for one in state.others]


@pytest.mark.parametrize(
    "address", [*NEITHER, "https://evil.example/en/compare/", "/en/compare", "/xx/compare/", "/en/"]
)
def test_what_a_browser_remembers_leads_to_a_comparison_of_ours(address: str) -> None:
    kept = "/fr/compare/?countries=AZE,GEO"
    assert remembered(kept, address) == [kept]


def test_comparisons_of_ours_are_remembered_in_every_language() -> None:
    ours = [f"/{lang}/compare/?countries=AZE%2CGEO&from=2010" for lang in LANGUAGES]
    assert remembered(*ours) == ours
    assert len(ours) <= MAX_REMEMBERED


@given(st.text(alphabet="/\\en?=:@.compar\t\n jvscipt", max_size=30))
def test_no_link_leaves_unseen(address: str) -> None:
    assert keep_web_address(address) == ""
    assert remembered(address) in ([], [address])
    assert not remembered(address) or re.match(r"/[a-z]{2}/compare/", address)
