"""The address of assistants, ``/mcp``: no redirect, no session.

What answers there is brought in by the first message: the protocol's library takes a second to import and 20 MiB, which
a start should not wait for.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/mcp"


class AssistantEndpoint:
    """Hands messages on to the server of assistants, and says so where none runs."""

    def __init__(self) -> None:
        self._asked: asyncio.Event | None = None
        self._server: asyncio.Future[ASGIApp]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._asked is None:
            words = {"jsonrpc": "2.0", "id": None, "error": {"code": -32603, "message": "Not started yet; try again."}}
            await JSONResponse(words, 503, {"Retry-After": "5"})(scope, receive, send)
            return
        self._asked.set()
        server = await asyncio.shield(self._server)  # one who does not wait ends it for nobody else
        await server(scope, receive, send)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Answer as long as the block lasts."""
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
            async with await run_in_threadpool(_bring) as server:
                self._server.set_result(server)
                await asyncio.Event().wait()  # until it is cancelled
        except Exception as error:
            if self._server.done():  # it ran, and broke off: those who ask see it in their own answer
                raise
            self._server.set_exception(error)


def _bring() -> AbstractAsyncContextManager[ASGIApp]:
    from dashboard.api.assistants.server import answering

    return answering(PATH)


ENDPOINT = AssistantEndpoint()
