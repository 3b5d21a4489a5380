"""A client of the API without a network."""

from collections.abc import AsyncIterator

import httpx
import pytest

from dashboard.interfaces.desk.site import api


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A client of the API that sees errors as answers, as a stranger would."""
    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as one:
        yield one
