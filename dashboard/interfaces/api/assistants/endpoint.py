"""The address of assistants, ``/mcp``: stateless, messages are posted.

The protocol's library takes a second and 20 MiB to import, so the first message loads it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/mcp"


class AssistantEndpoint:
    """Passes messages on to the server of assistants, or reports that none runs."""

    def __init__(self) -> None:
        self._asked: asyncio.Event | None = None
        self._server: asyncio.Future[ASGIApp]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":  # the protocol allows this where there is no stream to open and no session to end
            words = {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "Post a message."}}
            await JSONResponse(words, 405, {"Allow": "POST"})(scope, receive, send)
            return
        if self._asked is None:
            words = {"jsonrpc": "2.0", "id": None, "error": {"code": -32603, "message": "Not started yet; try again."}}
            await JSONResponse(words, 503, {"Retry-After": "5"})(scope, receive, send)
            return
        self._asked.set()
        server = await asyncio.shield(self._server)  # one who does not wait ends it for nobody else
        await server(scope, receive, send)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Answer while the block runs."""
        self._asked, self._server = asyncio.Event(), asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(self._serve(self._asked))
        try:
            yield
        finally:
            self._asked = None
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving
            self._server.cancel()

    async def _serve(self, asked: asyncio.Event) -> None:
        await asked.wait()
        try:
            async with await run_in_threadpool(_load_server) as server:
                self._server.set_result(server)
                await asyncio.Event().wait()  # until it is cancelled
        except Exception as error:
            if self._server.done():  # it ran, and broke off: those who ask see it in their own answer
                raise
            self._server.set_exception(error)


def _load_server() -> AbstractAsyncContextManager[ASGIApp]:
    from dashboard.interfaces.api.assistants.server import open_endpoint

    return open_endpoint(PATH)


ENDPOINT = AssistantEndpoint()
