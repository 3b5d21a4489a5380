"""Documents of pages where no Node runs: a renderer that leaves the page empty, and what a document holds."""

import json
import re
from html import escape
from typing import Any

import httpx

from dashboard.interfaces.pages.shell.build import ANSWER
from dashboard.runtime.renderer import RenderError

DOCUMENT = (
    '<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/><script>theme()</script></head>'
    '<body><main>rendered</main><script type="module" async="">import "/a.js"</script></body></html>'
)


class EmptyRenderer:
    """Answers each page with ``DOCUMENT`` and the picture of its chart; with no page at all while ``dead``."""

    def __init__(self) -> None:
        self.dead = False
        self.asked: list[str] = []

    def render(self, address: str, state: dict[str, Any]) -> str:
        """Return the document of a state."""
        self.asked.append(address)
        if self.dead:
            raise RenderError("dead")
        charts = [held["chart_rx_state_"] for held in state.values() if held.get("chart_rx_state_")]
        addresses = [escape(chart.replace(".json?", ".svg?") + "&theme=light") for chart in charts]
        pictures = [f'<img class="chart-image" src="{address}"/>' for address in addresses]
        return DOCUMENT.replace("</main>", "".join(pictures) + "</main>")


def read_answer(reply: httpx.Response) -> dict[str, Any] | None:
    """Return the first answer that a document holds: variables by state; None where there is none."""
    found = re.search(f'<script id="{ANSWER}" type="application/json">(.*?)</script>', reply.text, re.S)
    return json.loads(found[1]) if found else None


def read_variable(reply: httpx.Response, name: str) -> Any:
    """Return what the states of a document hold under a name."""
    answer = read_answer(reply)
    assert answer is not None, "the document holds no answer"
    return next(held[key] for held in answer.values() for key in held if key.startswith(f"{name}_rx_state"))
