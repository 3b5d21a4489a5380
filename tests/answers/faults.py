"""What is looked for in everything that readers are told: figures without an edition, verdicts without a margin of the
same edition, and equal words about one thing with unequal numbers."""

import re
from collections.abc import Iterator
from typing import Any

from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_latest
from dashboard.locales import t

JUDGED_KINDS = ("rise", "fall", "unclear")
N_OF_M = re.compile(r"\b\d+ (?:of|/) \d+\b")

Path = tuple[str, ...]


def walk(answer: Any, at: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every mapping of an answer with the names that lead to it."""
    if isinstance(answer, dict):
        yield at, answer
        for name, value in answer.items():
            yield from walk(value, (*at, str(name)))
    elif isinstance(answer, list | tuple):
        for value in answer:
            yield from walk(value, at)


def find_figures_without_edition(page: str, answer: Any) -> list[str]:
    """Figures with a number that name no edition or no publisher."""
    return [
        f"{page} {'.'.join(at)}: {one['text']}"
        for at, one in walk(answer)
        if {"value", "edition", "source", "kind"} <= one.keys()
        and one["value"] is not None
        and not (one["edition"] and one["source"])
    ]


def find_verdicts_without_margin(ctx: Context, page: str, answer: Any) -> list[str]:
    """Changes that are marked as judged where the figures shown have no errors, and marks beside no margin."""
    unknown = t("answers.change.error_unknown", ctx.lang, difference="", first="", last="").rpartition(";")[2].strip()
    found = []
    for at, one in walk(answer):
        words, kind = one.get("change_text", ""), one.get("change", "")
        metric = one.get("indicator") or one.get("metric") or page.partition("indicator=")[2]
        if one.get("arrow") and unknown in words:
            found.append(f"{page} {'.'.join(at)}: {one['arrow']} beside {words}")
        if kind not in JUDGED_KINDS or metric not in ctx.book.metrics or ctx.book.metrics[metric].unit == "yes_no":
            continue
        if not any(row["std_error"] or row["lower"] for row in find_latest(ctx, metric).values()):
            found.append(f"{page} {'.'.join(at)}: {words}, of figures without errors")
    return found


def collect_counts(page: str, answer: Any, of: str = "") -> Iterator[tuple[tuple[str, str], str, str]]:
    """Each “N of M”: of what and in which words, the numbers, and where.

    On the page of a country it is of that country, on the page of effects of the plan asked for. Where the numbers
    stand alone, the words are those of their column.
    """
    if isinstance(answer, list | tuple):
        for value in answer:
            yield from collect_counts(page, value, of)
    if not isinstance(answer, dict):
        return
    country = page.split("/")[2] if page.startswith("/countries/") else page if "/effects/" in page else ""
    own = next((answer[name] for name in ("name", "label", "title") if isinstance(answer.get(name), str)), "")
    of = f"{country} {own}" if own else of
    for field, value in answer.items():
        if isinstance(value, str) and of and N_OF_M.search(value):
            words = re.sub(r"\d+", "#", value)
            key = (of, f"{field}: {words}" if N_OF_M.fullmatch(value) else words)
            yield key, " ".join(re.findall(r"\d+", value)), f"{page} {field}"
        else:
            yield from collect_counts(page, value, of)


def find_unequal_counts(answers: list[tuple[str, Any]]) -> list[str]:
    """Equal words about the same thing with unequal numbers on two pages."""
    seen: dict[tuple[str, str], dict[str, str]] = {}
    for page, answer in answers:
        for key, numbers, at in collect_counts(page, answer):
            seen.setdefault(key, {}).setdefault(numbers, at)
    return [f"{key}: {there}" for key, there in seen.items() if len({at.split(" ")[0] for at in there.values()}) > 1]
