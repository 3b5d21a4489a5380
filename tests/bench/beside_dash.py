"""Ours beside a plain Dash page of the same content, in one run: cold load, interaction, transfer."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.bench import outline
from tests.bench.browser import launched
from tests.bench.measure import Figure, quantile
from tests.bench.product import ROOT, Server, free_port

LOADS = 5
ROUNDS = 5
ACTS = 4
"""Of each kind in a round: twenty of each, so that the 95th percentile is not the slowest."""

UNDISTURBED = 1000
"""Milliseconds of a load in which nobody looks into the page: what looks is a script in it, and takes its time."""

HAND = 150
"""Milliseconds between a hand's arrival on a tab and its press; the least of what is measured of people pointing."""

WATCH = """(() => {
  const { drawing, hint } = WATCHED;
  window.began = 0; window.drawn = 0; window.hinted = 0;
  const shown = (name) => requestAnimationFrame(() => setTimeout(() => { window[name] = performance.now(); }));
  const within = (node, names) => (node.nodeType === 1 ? node : node.parentElement)?.closest(names);
  const brings = (nodes, names) =>
    [...nodes].some((node) => node.nodeType === 1 && (node.matches(names) || node.querySelector(names)));
  const unseen = /^(aria-.*|role|href|name|id|for|tabindex)$/;
  new MutationObserver((changes) => {
    for (const { target, addedNodes, attributeName } of changes) {
      if (unseen.test(attributeName ?? "") || (target.hidden && attributeName !== "hidden")) continue;
      if (within(target, hint) || brings(addedNodes, hint)) { shown("hinted"); }
      else if (within(target, drawing) || brings(addedNodes, drawing)) { shown("drawn"); }
    }
  }).observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
  for (const kind of ["click", "mousemove"])
    document.addEventListener(kind, () => { window.began = performance.now(); }, true);
})()"""
"""When the last frame with a change of the drawing, or of the hint beside the pointer, was shown. What no frame can
show (where a link leads, roles and names of elements, anything in an element that is hidden) is no change."""


@dataclass(frozen=True)
class Side:
    """One of the two: where its pages are, and how its drawing, its hint and its controls are found."""

    name: str
    url: str
    paths: dict[str, str]
    drawing: str  # what a load brings
    whole: str  # there is one as soon as the main drawing stands
    chart: str  # what tabs and controls change: the page beside may say more of the choice, the plain one does not
    hint: str
    marks: str  # marks of the trend that have a hint
    tab: Callable[[Page, int], Locator]  # of this place
    control: Callable[[Page, int], None]  # change the countries, for the nth time

    def opened(self, browser: Browser, drawing: str) -> Page:
        """A page of a visitor who comes for the first time, watching ``drawing``."""
        page = browser.new_context(viewport={"width": 1280, "height": 1600}).new_page()
        watched = f"{{ drawing: {drawing!r}, hint: {self.hint!r} }}"
        page.add_init_script(WATCH.replace("WATCHED", watched))
        return page


def figures(server: Server) -> Iterator[Figure]:
    """Loads and interactions of both, alternating, and the ratios that are promised."""
    with sync_playwright() as playwright, contextlib.ExitStack() as stack:
        browser = launched(playwright)
        ours_ = _ours(server.url)
        said = {name: _outline(ours_, browser, name) for name in ours_.paths}
        sides = (ours_, _theirs(stack.enter_context(_plain(server, said))))
        told = {side.name: sum(outline.words(_outline(side, browser, name)) for name in side.paths) for side in sides}
        yield Figure("words of the three pages, relative to plain Dash", told["ours"] / told["Dash"], "×")
        loads: dict[str, dict[str, list[float]]] = {side.name: {name: [] for name in side.paths} for side in sides}
        bytes_: dict[str, float] = {}
        for _ in range(LOADS):
            for side in sides:
                for name in side.paths:
                    spent, size = _load(side, browser, name)
                    loads[side.name][name].append(spent)
                    bytes_[side.name] = bytes_.get(side.name, 0) + size / LOADS
        for name in sides[0].paths:
            ours, plain = (median(loads[side.name][name]) for side in sides)
            yield Figure(f"cold load of {name} to last paint, ours", ours, "ms")
            yield Figure(f"cold load of {name} to last paint, relative to plain Dash", ours / plain, "×", 0.6)
        yield Figure("transfer of the three pages, relative to plain Dash", bytes_["ours"] / bytes_["Dash"], "×")
        spans = {side.name: _interactions(side, browser) for side in sides}
        for kind in spans["ours"]:
            ours, plain = (quantile(sorted(spans[side.name][kind]), 0.95) for side in sides)
            yield Figure(f"{kind}, p95 of {len(spans['ours'][kind])}, ours", ours, "ms")
            yield Figure(f"{kind}, p95, relative to plain Dash", ours / plain, "×", 0.35)
        browser.close()


def _arrive(side: Side, page: Page, name: str) -> None:
    """Open a page and wait until it stands whole."""
    page.goto(side.url + side.paths[name])
    page.wait_for_timeout(UNDISTURBED)
    page.wait_for_selector(side.whole)
    _quiet(page, "drawn")


def _outline(side: Side, browser: Browser, name: str) -> list[Any]:
    """What a page says."""
    page = side.opened(browser, side.drawing)
    _arrive(side, page, name)
    said = outline.read(page)
    page.context.close()
    return said


def _load(side: Side, browser: Browser, name: str) -> tuple[float, float]:
    """(milliseconds to the last paint of the drawing, bytes over the wire) of a first visit."""
    page = side.opened(browser, side.drawing)
    sizes: list[float] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    _arrive(side, page, name)
    spent = page.evaluate("drawn")
    page.context.close()
    return float(spent), sum(sizes)


def _interactions(side: Side, browser: Browser) -> dict[str, list[float]]:
    """Milliseconds from the reader's act to the last frame of what it changed: tabs, countries, pointer."""
    page = side.opened(browser, side.chart)
    _arrive(side, page, "indicator")
    spans: dict[str, list[float]] = {"tab": [], "tab pressed by a hand": [], "control": [], "hover": []}
    marks = page.locator(side.marks)
    for place in range(marks.count() - 1, 4, -(marks.count() // (ROUNDS * ACTS))):
        page.mouse.move(5, 5)
        page.wait_for_timeout(250)
        box = marks.nth(place).bounding_box()
        if box:
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            spans["hover"].append(_spent(page, lambda x=x, y=y: page.mouse.move(x, y), "hinted"))
    for _ in range(ROUNDS):
        for kind, pause in (("tab", 0), ("tab pressed by a hand", HAND)):
            for place in (1, 2, 3, 0):
                tab = side.tab(page, place)
                if pause:
                    tab.hover()
                    page.wait_for_timeout(pause)
                spans[kind].append(_spent(page, tab.click, "drawn"))
        for act in range(ACTS):
            spans["control"].append(_spent(page, lambda act=act: side.control(page, act), "drawn"))
    page.context.close()
    return spans


def _spent(page: Page, act: Callable[[], None], what: str) -> float:
    page.evaluate("drawn = 0; hinted = 0;")
    act()
    _quiet(page, what)
    return float(page.evaluate(f"{what} - began"))


def _quiet(page: Page, what: str) -> None:
    """Wait until the last change is half a second old.

    Raises:
        TimeoutError: nothing changed within ten seconds.
    """
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if page.evaluate(f"{what} > 0 && performance.now() - {what} > 500"):
            return
        page.wait_for_timeout(100)
    raise TimeoutError(f"nothing changed: {what}")


def _ours(url: str) -> Side:
    def control(page: Page, act: int) -> None:
        if act % 2:
            page.get_by_role("button", name="Remove Rwanda").click()
        else:
            page.get_by_role("combobox", name="Add a country").fill("Rwanda")
            page.get_by_role("option", name="Rwanda").first.click()

    return Side(
        "ours", url,
        {
            "overview": "/en/",
            "indicator": "/en/indicators/wgi_cc/?country=AZE,GEO,UZB",
            "country": "/en/countries/AZE/",
        },
        "figure.chart, .tiles, main table", "figure.chart svg, .tiles .tile", "figure.chart",
        "#vg-tooltip-element", "figure.chart .mark-symbol path[opacity='0']",
        lambda page, place: page.locator("nav.tabs a").nth(place), control,
    )  # fmt: skip


def _theirs(url: str) -> Side:
    def control(page: Page, _: int) -> None:
        page.locator("#countries[data-state=closed]").click()
        page.get_by_role("searchbox").fill("Rwanda")
        page.get_by_role("option", name="Rwanda").click()
        page.keyboard.press("Escape")

    return Side(
        "Dash", url, {"overview": "/", "indicator": "/indicator", "country": "/country"},
        "#main, #said, table", "#main .plot-container .point", "#main, #said",
        ".hoverlayer", "#main .scatterlayer .points path",
        lambda page, place: page.locator(".tab").nth(place), control,
    )  # fmt: skip


@contextlib.contextmanager
def _plain(server: Server, said: Mapping[str, list[Any]]) -> Iterator[str]:
    """The Dash page on the dataset of the running product, saying what its pages say."""
    port = free_port()
    environment = os.environ | {"MONITOR_DATA_DIR": str(server.data_dir)}
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(
        [sys.executable, "-m", "tests.bench.dash_page", str(port), str(outline.write(said, Path(folder)))],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as child:  # fmt: skip
        url = f"http://127.0.0.1:{port}"
        try:
            for _ in range(300):
                with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
                    break
                time.sleep(0.1)
            yield url
        finally:
            child.kill()
