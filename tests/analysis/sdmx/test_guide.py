"""What the guide for statisticians shows works as it stands, but for the name of the host."""

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from dashboard.interfaces.desk.site import api

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "statisticians.md"
TEXT = GUIDE.read_text(encoding="utf-8")
HOST = "http://localhost:3000"
pytestmark = pytest.mark.usefixtures("embedded")


def _addresses() -> list[str]:
    lines = re.findall(r"^(/api/sdmx/\S+)$", TEXT, re.MULTILINE)
    quoted = re.findall(rf'"{HOST}(/api/sdmx/[^"]+)"', TEXT)
    return [address for address in (*lines, *quoted) if address.count("/") > 3]


@pytest.fixture
async def client() -> httpx.AsyncClient:
    """A client of the whole site."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url=HOST)


async def test_every_address_of_the_guide_answers_with_figures(client: httpx.AsyncClient) -> None:
    assert len(_addresses()) >= 5
    for address in _addresses():
        answer = await client.get(address)
        assert answer.status_code == 200, (address, answer.text[:300])
        assert re.search("SG_REG_BRTH|internet_users|wgi_cc", address)[0] in answer.text, address


async def test_the_python_of_the_guide_runs(client: httpx.AsyncClient, tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    address = "/api/sdmx/v2/data/dataflow/ASAN_MONITOR/MONITOR/1.0/A.wgi_cc.AZE?format=xml"
    (tmp_path / "answer").write_bytes((await client.get(address)).content)
    served = f"""
import urllib.request
def served(url):
    assert url == {HOST + address!r}, url
    return open("answer", "rb")
urllib.request.urlopen = served
"""
    run = [sys.executable, "-W", "ignore", "-c", served + code]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=200)  # noqa: ASYNC221
    assert done.returncode == 0, done.stderr[-800:]
    assert re.search(r"AZE\s+2024\s+-0\.8578\s+WGI 2026 edition", done.stdout)


async def test_the_guide_names_the_version_that_is_spoken_and_every_component(client: httpx.AsyncClient) -> None:
    from dashboard.answers.base.context import open_context
    from dashboard.answers.sdmx.standard import open_standard
    from dashboard.answers.sdmx.structures import build_own

    assert f"**{open_standard().name.version}" in TEXT
    assert ".".join(build_own(open_context()).dimensions) in TEXT
