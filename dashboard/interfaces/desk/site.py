"""Everything the server answers by itself: the API, and the desks around it."""

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.interfaces.api import app
from dashboard.interfaces.desk.routes import install
from dashboard.settings import settings


def build() -> FastAPI:
    """API and desks without the front end, which is mounted below them."""
    made = app.build_api()
    install(made, settings())
    return made


def above(front: ASGIApp) -> ASGIApp:
    """``front`` below API and desks: it has every address that no route of ours answers, and all websockets.

    These are handed on at once, or each would be held against a hundred routes that take none.
    """
    api.mount("", front)

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        await (front if scope["type"] == "websocket" else api)(scope, receive, send)

    return wrapped


api = build()
