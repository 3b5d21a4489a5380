"""The Parquet of the dataset in force, downloaded as readers do."""

import asyncio
from pathlib import Path

import httpx
import pytest

from dashboard.interfaces.desk.site import api
from dashboard.settings import Settings
from tests.answers.published import use
from tests.verdicts.parquet import Published


async def fetch(address: str) -> bytes:
    """The bytes that the API answers."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://test") as client:
        answer = await client.get(address)
        assert answer.status_code == 200, answer.text[:300]
        return answer.content


def download(settings: Settings, path: Path, address: str = "/api/v1/dataset.parquet") -> Published:
    """The rows in force of a published dataset."""
    with use(settings.data_dir):
        path.write_bytes(asyncio.run(fetch(address)))
    return Published(path)


@pytest.fixture(scope="session")
def published(embedded_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The rows in force of the embedded dataset."""
    return download(embedded_settings, tmp_path_factory.mktemp("download") / "dataset.parquet")
