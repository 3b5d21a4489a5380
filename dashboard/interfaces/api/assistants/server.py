"""The server of the Model Context Protocol with its tools, at ``/mcp`` and on standard input."""

import inspect
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from mcp.server import MCPServer
from mcp.server.apps import Apps
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, ImageContent, TextContent, ToolAnnotations
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp

from dashboard.analysis import charts
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Busy, Gone, Invalid, NotReady, Unknown
from dashboard.interfaces.api.assistants import answers, pictures
from dashboard.interfaces.api.assistants.answers import Countries, First, Indicator, Lang, Last, make_text_field
from dashboard.interfaces.api.routes.drafts import PLACES
from dashboard.settings import LOOPBACK, settings

CHART_APP = "ui://asan-sdg-monitor/chart.html"
"""The page with picture and figures for hosts that know MCP Apps; others show the picture alone."""

MAX_BODY_BYTES = 2**20
"""Largest message."""

INSTRUCTIONS = """Published figures of satisfaction, integrity and public service in countries that adopt the ASAN
service model. Quote a number only from `figures`, with its claim_id, its error (or that none is published) and caution,
and the citation of the answer. "Better", "worse" or "changed" only as `pairs` and `changes` say it. Where an answer has
`nothing`, say that there is no figure and which kind of nothing it is: never estimate it, recall it, or take another
year, country or source. A status is never told without its method. No figure says what caused a change."""


READS = ToolAnnotations(read_only_hint=True, open_world_hint=False, idempotent_hint=True)


def build_server() -> MCPServer:
    """Build a server with all tools; its session manager can be run once."""
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
        description = " ".join((tool.__doc__ or "").split())
        meta = {"ui": {"resourceUri": CHART_APP}} if tool is draw_chart else None
        server.add_tool(tool, name=name, description=description, annotations=READS, meta=meta)
    return server


async def verify_text(text: Annotated[str, make_text_field("The text.", 50_000)], lang: Lang = "en") -> CallToolResult:
    """Which figures of a text we hold, with ours and the difference; everything else is not checked."""

    def make() -> bytes:
        return _call(lang, "", lambda ctx: answers.verify(ctx, text)).model_dump_json().encode()

    try:
        return CallToolResult.model_validate_json(await PLACES.run(pictures.make_request(), lambda: None, make))
    except Busy as error:
        return _refuse(str(error))


async def draw_chart(
    kind: Annotated[str, make_text_field("trend, ranking, slope, scatter and others.")], indicator: Indicator,
    countries: Countries, first: First = None, last: Last = None,
    second: Annotated[str, make_text_field("Another indicator, of a scatter.")] = "", lang: Lang = "en",
) -> CallToolResult:  # fmt: skip
    """A chart as picture and rows."""
    try:
        ctx = await run_in_threadpool(open_context, lang)
        picture, described = await pictures.draw(ctx, kind, indicator, countries, first, last, second)
    except (Unknown, Invalid) as refused:
        why = refused
        return _call(lang, "", lambda ctx: answers.refuse(ctx, why), error=True)
    except (Busy, Gone, NotReady) as error:
        return _refuse(str(error))
    import base64

    image = ImageContent(type="image", data=base64.b64encode(picture).decode(), mime_type="image/png")
    return CallToolResult(content=[_write_text(described), image], structured_content=described)


def _make_tool(function: Callable[..., dict[str, Any]], *, is_dated: bool) -> Callable[..., CallToolResult]:
    """Return a tool that runs a function on the dataset in a language, optionally as of a day."""

    def tool(lang: str, as_of: str = "", **arguments: Any) -> CallToolResult:
        return _call(lang, as_of, lambda ctx: function(ctx, **arguments))

    _, *parameters = inspect.signature(function).parameters.values()
    shared = [("lang", "en", answers.Lang)] + ([("as_of", "", answers.Day)] if is_dated else [])
    parameters += [
        inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=annotation)
        for name, default, annotation in shared
    ]
    tool.__name__, tool.__doc__ = function.__name__, function.__doc__
    tool.__signature__ = inspect.Signature(parameters, return_annotation=CallToolResult)  # type: ignore[attr-defined]
    return tool


_ANSWERS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "search": answers.find_by_name,
    "indicator": answers.tell_indicator,
    "observations": answers.list_observations,
    "compare": answers.compare_figures,
    "pairs": answers.judge_pairs,
    "changes": answers.judge_changes,
    "peers": answers.list_peers,
    "effects": answers.tell_effect,
    "disagreements": answers.list_disagreements,
    "progress": answers.assess_progress,
    "adoption": answers.tell_adoption,
    "claims": answers.tell_claims,
    "provenance": answers.trace_provenance,
    "method": answers.explain_method,
}
_DATED = ("observations", "compare", "pairs", "changes")
TOOLS: Mapping[str, Callable[..., Any]] = {
    **{name: _make_tool(function, is_dated=name in _DATED) for name, function in _ANSWERS.items()},
    "verify": verify_text,
    "chart": draw_chart,
}
"""The functions by tool name."""


def _call(lang: str, as_of: str, make: Callable[[Context], dict[str, Any]], *, error: bool = False) -> CallToolResult:
    """Run a tool and wrap its answer; an unknown name becomes a refusal with suggestions."""
    try:
        ctx = open_context(lang)
        try:
            answer = make(open_context(lang, as_of) if as_of else ctx)
        except (Unknown, Invalid) as refused:
            answer, error = answers.refuse(ctx, refused), True
    except (Unknown, Invalid, Busy, Gone, NotReady) as refused:
        return _refuse(str(refused))
    text = _write_text(answer)
    return CallToolResult(content=[text], structured_content=json.loads(text.text), is_error=error)


def _write_text(answer: dict[str, Any]) -> TextContent:
    """Return an answer as JSON text that can be sent."""
    return TextContent(
        type="text", text=_replace_surrogates(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))
    )


def _refuse(words: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=_replace_surrogates(words))], is_error=True)


def _replace_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


@asynccontextmanager
async def open_endpoint(path: str) -> AsyncIterator[ASGIApp]:
    """Run a server and yield what answers over HTTP at this path.

    A session manager runs once, so the server is built anew each time.
    """
    server = build_server()
    app = server.streamable_http_app(
        streamable_http_path=path,
        stateless_http=True,  # any of several servers answers any message
        json_response=True,
        max_request_body_size=MAX_BODY_BYTES,
        transport_security=_guard_origins(),
    )
    async with server.session_manager.run():
        yield app


def _guard_origins() -> TransportSecuritySettings:
    """Return our hosts and origins; without them only localhost would be answered."""
    names = [urlsplit(settings().origin).hostname or "localhost", *settings().hosts, *LOOPBACK, "[::1]"]
    hosts = [form for name in dict.fromkeys(names) for form in (name, f"{name}:*")]
    return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=[settings().origin])
