"""A chart in an assistant's window (MCP Apps): its resource, and what it shows of an answer, with a browser as host."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from playwright.sync_api import Browser, Page

from dashboard.interfaces.api.assistants.server import CHART_APP

pytestmark = pytest.mark.browser

HOST = """<!doctype html><iframe sandbox="allow-scripts" style="width: 360px; height: 600px"></iframe><script>
window.heard = [];
const frame = document.querySelector("iframe");
const send = (message) => frame.contentWindow.postMessage({ jsonrpc: "2.0", ...message }, "*");
addEventListener("message", ({ source, data }) => {
  if (source !== frame.contentWindow) return;
  heard.push(data.method);
  if (data.method === "ui/initialize") send({ id: data.id, result: { protocolVersion: data.params.protocolVersion,
    hostInfo: { name: "host", version: "1" }, hostCapabilities: {}, hostContext: {} } });
  if (data.method === "ui/notifications/initialized") send({ method: "ui/notifications/tool-result", params: result });
});
</script>"""
"""What a host does: it waits for the frame's greeting, and gives it the answer of the tool."""


def ask_chart(address: str, arguments: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The app's document and an answer of the tool as it is on the wire, of the product at an address."""

    async def ask() -> tuple[str, dict[str, Any]]:
        async with Client(streamable_http_client(f"{address}/mcp")) as client:
            page = (await client.read_resource(CHART_APP)).contents[0]
            assert page.mime_type == "text/html;profile=mcp-app"
            answer = await client.call_tool("chart", arguments)
            told: dict[str, Any] = answer.model_dump(by_alias=True, exclude_none=True, mode="json")
            return page.text, told  # type: ignore[union-attr]

    with ThreadPoolExecutor(1) as apart:  # the browser's own loop runs in this thread
        return apart.submit(lambda: asyncio.run(ask())).result()


def open_app(page: Page, app: str, told: dict[str, Any]) -> None:
    """Show an answer in the app, as a host does."""
    page.set_content(HOST.replace("<script>", f"<script>const result = {json.dumps(told)};", 1))
    page.evaluate("(html) => { document.querySelector('iframe').srcdoc = html; }", app)


def test_a_host_shows_picture_and_figures(chromium: Browser, product: str) -> None:
    app, told = ask_chart(product, {"kind": "trend", "indicator": "wgi_cc", "countries": ["AZE", "GEO"], "first": 2020})
    shown = told["structuredContent"]
    assert len(shown["figures"]) > 4
    page = chromium.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    open_app(page, app, told)
    frame = page.frame_locator("iframe")
    frame.locator("h1").filter(has_text=shown["title"]).wait_for()
    assert frame.locator("img").evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 300
    assert frame.locator("tr").count() == len(shown["figures"]) + 1
    assert frame.locator("p", has_text=shown["citation"]).count() == 1
    for figure in (shown["figures"][0], shown["figures"][-1]):
        assert frame.locator("tr", has_text=figure["error"]).count() >= 1
    assert frame.locator("html").evaluate("(one) => one.scrollWidth <= one.clientWidth"), "the page scrolls sideways"
    heard = page.evaluate("heard")
    assert heard[:2] == ["ui/initialize", "ui/notifications/initialized"]
    assert "ui/notifications/size-changed" in heard
    assert faults == []
    page.close()


def test_words_of_others_stay_words(chromium: Browser, product: str) -> None:
    app, _ = ask_chart(product, {"kind": "trend", "indicator": "wgi_cc", "countries": ["AZE"]})
    evil = "<img src=x onerror=\"parent.postMessage({ jsonrpc: '2.0', method: 'evil' }, '*')\">"
    told = {"content": [], "structuredContent": {"title": evil, "figures": [{"country": evil, "text": evil}]}}
    page = chromium.new_page()
    open_app(page, app, told)
    frame = page.frame_locator("iframe")
    frame.locator("td").filter(has_text=evil).first.wait_for()
    assert frame.locator("img").count() == 0
    assert "evil" not in page.evaluate("heard")
    page.close()
