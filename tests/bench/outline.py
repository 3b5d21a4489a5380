"""What a page of ours says, element by element, so that another page can say the same."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

READ = """() => {
  const PARTS = { ".chart-stage": "chart", ".tiles": "chart", ".figures nav.tabs": "tabs", ".picker": "countries" };
  const UNREAD = "script, style, noscript, svg, input, dialog, img, [aria-hidden=true], [hidden], .print-only";
  const BLOCKS = "h1, h2, h3, h4, p, ul, ol, li, dl, dt, dd, table, thead, tbody, tr, th, td, details, summary, label, "
    + "button, select, option, legend, figcaption";
  const part = (node) => Object.entries(PARTS).find(([names]) => node.matches(names))?.[1];
  const pieces = (node) => [...node.childNodes].flatMap((child) => {
    if (child.nodeType === 3) return child.data.trim() ? [child.data.replace(/\\s+/g, " ")] : [];
    if (child.nodeType !== 1) return [];
    if (part(child)) return [{ tag: part(child) }];
    if (child.matches(UNREAD)) return [];
    const inside = pieces(child);
    if (child.matches("a[href]")) return [{ tag: "a", href: child.getAttribute("href"), inside: merged(inside) }];
    if (child.matches(BLOCKS)) return [{ tag: child.localName, inside: merged(inside) }];
    return inside;
  });
  const merged = (list) => list.reduce((all, one) => {
    if (typeof one === "string" && typeof all.at(-1) === "string") all.push(`${all.pop()} ${one}`);
    else all.push(one);
    return all;
  }, []);
  return merged(pieces(document.body));
}"""
"""Words and links in their headings, paragraphs, lists and tables. Boxes that only arrange are left out, and the words
of one element are one string; a drawing, the tabs of an indicator and the choice of countries are named, not read."""


def read(page: Page) -> list[Any]:
    """The outline of the page shown: strings, and ``{tag, inside, href}``."""
    outline: list[Any] = page.evaluate(READ)
    return outline


def words(outline: list[Any]) -> int:
    """Characters in an outline: how much it says."""
    return sum(len(one) if isinstance(one, str) else words(one.get("inside", [])) for one in outline)


def write(outlines: Mapping[str, list[Any]], folder: Path) -> Path:
    """Keep outlines of pages by name, for the process that serves the other ones."""
    file = folder / "outlines.json"
    file.write_text(json.dumps(outlines), encoding="utf-8")
    return file
