"""``python -m dashboard mcp`` as an assistant starts it: a process of its own, spoken to by the SDK's client."""

import asyncio
import json
import os
import sys
from typing import Any

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from dashboard.settings import Settings


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_an_assistant_lists_the_tools_and_calls_them_over_standard_input(embedded: Settings, mode: Any) -> None:
    started = StdioServerParameters(
        command=sys.executable,
        args=["-m", "dashboard", "mcp"],
        env={**os.environ, "MONITOR_DATA_DIR": str(embedded.data_dir)},
    )

    async def talk() -> tuple[set[str], dict[str, Any]]:
        async with Client(stdio_client(started), mode=mode) as client:
            names = {one.name for one in (await client.list_tools()).tools}
            asked = {
                "search": {"query": "Corruption Perceptions Index"},
                "observations": {"indicator": "ti_cpi", "countries": ["KAZ"], "first": 2024, "last": 2024},
                "indicator": {"indicator": "ti_cp"},
            }
            return names, {name: await client.call_tool(name, given) for name, given in asked.items()}

    names, answers = asyncio.run(asyncio.wait_for(talk(), 120))
    assert {"search", "observations", "verify", "chart"} <= names
    assert answers["search"].structured_content["hits"][0]["id"] == "ti_cpi"
    (figure,) = answers["observations"].structured_content["figures"]
    assert (figure["country"], figure["period"], figure["value"]) == ("KAZ", "2024", 40.0)
    assert json.loads(answers["observations"].content[0].text)["figures"] == [figure]
    assert answers["indicator"].is_error
    assert answers["indicator"].structured_content["suggestions"] == ["ti_cpi"]
