"""Pictures of the guides, made from the running product: ``python -m tests.e2e.pictures [NAME …]``.

Writes ``docs/guides/pictures/<name>.png``, none larger than 120 kB.
"""

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.chromium import launched
from tests.e2e.conftest import load
from tests.e2e.product import running
from tests.e2e.test_chart_app import ask_chart, open_app
from tests.serving import ROOT

FOLDER = ROOT / "docs" / "guides" / "pictures"
MOST = 120_000
COLOURS = 96
DRAFT = (
    "Kazakhstan scored 40 on the Corruption Perceptions Index in 2024. Georgia scored 11 on the Corruption Perceptions "
    "Index in 2024."
)


def _plain(address: str) -> Callable[[Page], None]:
    def show(page: Page) -> None:
        page.goto(address)

    return show


def show_compare(page: Page) -> None:
    """Four countries on one indicator."""
    load(page, "/en/compare/?country=AZE,GEO,KAZ,UZB&indicator=wgi_cc")


def show_progress(page: Page) -> None:
    """The results frame of a country."""
    load(page, "/en/progress/?country=UZB")
    page.locator("#frame").scroll_into_view_if_needed()


def show_figure(page: Page) -> None:
    """The page of a figure."""
    rows = page.request.get("/api/v1/observations.json?indicator=wgi_cc&country=AZE&from=2023&to=2023").json()["rows"]
    page.goto(f"/en/figures/{rows[0]['id']}/")


def show_check(page: Page) -> None:
    """A draft of which one number matches and one differs."""
    page.goto("/check/?lang=en")
    page.get_by_label("Text of the draft").fill(DRAFT)
    page.get_by_role("button", name="Check").click()
    page.locator("tbody summary").last.click()


def show_assistant(page: Page) -> None:
    """A chart as a host that knows MCP Apps shows it."""
    page.goto("/api/v1/meta")
    chart = {"kind": "trend", "indicator": "wgi_cc", "countries": ["AZE", "GEO"], "first": 2018}
    app, told = ask_chart(page.evaluate("location.origin"), chart)
    page.goto("about:blank")
    open_app(page, app, told)
    page.evaluate("document.querySelector('iframe').style = 'width: 860px; height: 860px; border: 0'")
    page.frame_locator("iframe").locator("td").first.wait_for()


PICTURES: dict[str, Callable[[Page], None]] = {
    "figure": show_figure,
    "compare": show_compare,
    "progress": show_progress,
    "sdmx": _plain("/en/sdmx/"),
    "code": _plain("/code/api/v1/observations.csv?indicator=wgi_cc&country=AZE,GEO&lang=en"),
    "check": show_check,
    "vintage": _plain("/en/vintages/2/"),
    "assistant": show_assistant,
}


def write_small(shot: bytes, target: Path) -> int:
    """The picture with few colours; gives its size in bytes.

    Raises:
        ValueError: it is larger than a picture of the guides may be.
    """
    image = Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    image.save(target, optimize=True)
    if target.stat().st_size > MOST:
        raise ValueError(f"{target.name} has {target.stat().st_size} bytes, {MOST} are the most")
    return target.stat().st_size


def main(names: list[str]) -> None:
    """Start the product on its own data and photograph what the guides show."""
    with tempfile.TemporaryDirectory() as data, running(Path(data)) as url, sync_playwright() as playwright:
        browser = launched(playwright)
        for name in names or PICTURES:
            context = browser.new_context(base_url=url, viewport={"width": 900, "height": 900})
            page = context.new_page()
            PICTURES[name](page)
            size = write_small(page.screenshot(), FOLDER / f"{name}.png")
            sys.stdout.write(f"{name}: {size // 1000} kB\n")
            context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
