"""The server of the Model Context Protocol: its tools, at ``/mcp`` (``endpoint``) and on standard input.

Both eras of the protocol are answered by the SDK.
"""

import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from mcp.server import MCPServer
from mcp.server.apps import Apps
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, ImageContent, TextContent, ToolAnnotations
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp

from dashboard import charts
from dashboard.api.assistants import answers, pictures
from dashboard.api.routes.drafts import PLACES
from dashboard.services.base.context import Context, open_context
from dashboard.services.base.errors import Busy, Gone, Invalid, NotReady, Unknown
from dashboard.settings import LOOPBACK, settings

log = logging.getLogger(__name__)

CHART_APP = "ui://asan-sdg-monitor/chart.html"
"""What a host that knows MCP Apps shows a chart with: picture and figures; others show the picture alone."""

MOST_BODY = 2**20
"""Bytes of one message."""

INSTRUCTIONS = """Published figures of satisfaction, integrity and public service in countries that adopt the ASAN
service model. Quote a number only from `figures`, with its claim_id and citation, and say its caution. Where an answer
has `nothing`, say that there is no figure and which kind of nothing it is: never estimate it, recall it, or take
another year, country or source. A status is never told without its method. No figure says what caused a change."""

Indicator = Annotated[str, Field(max_length=60, description="Id, from search.")]
Country = Annotated[str, Field(max_length=60, description="ISO3 code.")]
Countries = Annotated[list[str], Field(max_length=12)]
Year = Annotated[int | None, Field(ge=1900, le=2100)]
Lang = Literal["en", "fr", "ar", "az"]
Day = Annotated[str, Field(max_length=10, description="The dataset of that day, YYYY-MM-DD.")]
READS = ToolAnnotations(read_only_hint=True, open_world_hint=False, idempotent_hint=True)


def build_server() -> MCPServer:
    """A new server with all tools; its session manager can be run once."""
    apps = Apps()
    apps.add_html_resource(
        CHART_APP, Path(charts.__file__).with_name("assistant.html").read_text(encoding="utf-8"), name="chart"
    )
    server = MCPServer(
        "asan-sdg-monitor",
        title="ASAN SDG Monitor",
        instructions=INSTRUCTIONS,
        log_level="WARNING",
        extensions=[apps],
    )
    for name, tool in TOOLS.items():
        about = " ".join((tool.__doc__ or "").split())
        meta = {"ui": {"resourceUri": CHART_APP}} if tool is draw_chart else None
        server.add_tool(tool, name=name, description=about, annotations=READS, meta=meta)
    return server


def find_by_name(query: Annotated[str, Field(max_length=200)], kind: str = "", lang: Lang = "en") -> CallToolResult:
    """Ids of indicators, countries, goals and words by any name. Begin here. kind: country, indicator, goal, principle,
    source, adoption or help."""
    return _answer(lang, "", lambda ctx: answers.find(ctx, query, kind))


def tell_indicator(indicator: Indicator, lang: Lang = "en") -> CallToolResult:
    """What an indicator measures, its unit, caveats, SDG links, coverage and citation."""
    return _answer(lang, "", lambda ctx: answers.describe_indicator(ctx, indicator))


def list_observations(
    indicator: Indicator, countries: Countries, first: Year = None, last: Year = None, breakdowns: bool = False,
    lang: Lang = "en", as_of: Day = "",
) -> CallToolResult:  # fmt: skip
    """Figures by country and year, each with claim id, source, edition, vintage, evidence level, caution and citation;
    `missing` says which kind of nothing there is otherwise."""
    return _answer(
        lang, as_of, lambda ctx: answers.list_observations(ctx, indicator, countries, first, last, breakdowns)
    )


def compare_figures(
    indicators: Annotated[list[str], Field(max_length=4)], countries: Countries, first: Year = None, last: Year = None,
    lang: Lang = "en", as_of: Day = "",
) -> CallToolResult:  # fmt: skip
    """The latest figure of each country and indicator in a period, and whether they measure the same."""
    return _answer(lang, as_of, lambda ctx: answers.compare_countries(ctx, indicators, countries, first, last))


def assess_progress(indicator: Indicator, country: Country, method: str = "", lang: Lang = "en") -> CallToolResult:
    """Status of progress by a named method (default unsd_2026; all for nine), with its figures and what speaks against
    it."""
    return _answer(lang, "", lambda ctx: answers.assess_progress(ctx, indicator, country, method))


def tell_adoption(country: str = "", lang: Lang = "en") -> CallToolResult:
    """Adoption of the ASAN model: counts by counting rule, or one country's status and events with their sources."""
    return _answer(lang, "", lambda ctx: answers.tell_adoption(ctx, country))


def tell_claims(claim: str = "", lang: Lang = "en") -> CallToolResult:
    """Claims of the statement of April 2025 with what can be shown of each today."""
    return _answer(lang, "", lambda ctx: answers.tell_claims(ctx, claim))


def trace_provenance(claim_id: Annotated[str, Field(max_length=40)], lang: Lang = "en") -> CallToolResult:
    """How a figure is known: publisher, received file and hash, vintage, earlier values."""
    return _answer(lang, "", lambda ctx: answers.trace(ctx, claim_id))


def explain_method(topic: str = "", lang: Lang = "en") -> CallToolResult:
    """Definitions and rules: statuses, evidence levels, kinds of no data, counting rules. Without topic: the list."""
    return _answer(lang, "", lambda ctx: answers.explain(ctx, topic))


async def verify_text(text: Annotated[str, Field(max_length=50_000)], lang: Lang = "en") -> CallToolResult:
    """Check a text before it is published: each number matches, is superseded, differs, or is not ours to say."""

    def make() -> bytes:
        return _answer(lang, "", lambda ctx: answers.verify(ctx, text)).model_dump_json().encode()

    try:
        return CallToolResult.model_validate_json(await PLACES.made(pictures.caller(), lambda: None, make))
    except Busy as error:
        return _refuse(str(error))


async def draw_chart(
    kind: str, indicator: Indicator, countries: Countries, first: Year = None, last: Year = None, second: str = "",
    lang: Lang = "en",
) -> CallToolResult:  # fmt: skip
    """A chart as picture and rows. kind: trend, ranking, slope, scatter (second: another indicator) and others."""
    try:
        ctx = await run_in_threadpool(open_context, lang)
        picture, told = await pictures.draw(ctx, kind, indicator, countries, first, last, second)
    except (Unknown, Invalid) as refused:
        why = refused
        return _answer(lang, "", lambda ctx: answers.refuse(ctx, why), error=True)
    except (Busy, Gone, NotReady) as error:
        return _refuse(str(error))
    import base64

    image = ImageContent(type="image", data=base64.b64encode(picture).decode(), mime_type="image/png")
    return CallToolResult(content=[_text(told), image], structured_content=told)


TOOLS: Mapping[str, Callable[..., Any]] = {
    "search": find_by_name,
    "indicator": tell_indicator,
    "observations": list_observations,
    "compare": compare_figures,
    "progress": assess_progress,
    "adoption": tell_adoption,
    "claims": tell_claims,
    "provenance": trace_provenance,
    "method": explain_method,
    "verify": verify_text,
    "chart": draw_chart,
}
"""What a client calls it → what answers."""


def _answer(lang: str, as_of: str, make: Callable[[Context], dict[str, Any]], *, error: bool = False) -> CallToolResult:
    """What a service answers, as the protocol gives it; a word that nobody knows is a refusal with suggestions."""
    try:
        ctx = open_context(lang)
        try:
            told = make(open_context(lang, as_of) if as_of else ctx)
        except (Unknown, Invalid) as refused:
            told, error = answers.refuse(ctx, refused), True
    except (Unknown, Invalid, Busy, Gone, NotReady) as refused:
        return _refuse(str(refused))
    text = _text(told)
    return CallToolResult(content=[text], structured_content=json.loads(text.text), is_error=error)


def _text(told: dict[str, Any]) -> TextContent:
    """An answer as JSON; half a letter that was asked for (``\\ud800``) cannot be sent back."""
    return TextContent(type="text", text=_make_whole(json.dumps(told, ensure_ascii=False, separators=(",", ":"))))


def _refuse(words: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=_make_whole(words))], is_error=True)


def _make_whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


@asynccontextmanager
async def answering(path: str) -> AsyncIterator[ASGIApp]:
    """What answers over HTTP at this path, as long as the block lasts.

    A session manager runs once, so that it is made anew each time.
    """
    server = build_server()
    answered = server.streamable_http_app(
        streamable_http_path=path,
        stateless_http=True,  # any of several servers answers any message
        json_response=True,
        max_request_body_size=MOST_BODY,
        transport_security=_guard(),
    )
    async with server.session_manager.run():
        yield answered


def _guard() -> TransportSecuritySettings:
    """Which names and origins are answered: ours; without this, localhost alone would be."""
    names = [urlsplit(settings().origin).hostname or "localhost", *settings().hosts, *LOOPBACK, "[::1]"]
    hosts = [form for name in dict.fromkeys(names) for form in (name, f"{name}:*")]
    return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=[settings().origin])
