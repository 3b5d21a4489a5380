"""What is wrong with the words below a chart: ``find_caption_faults`` takes them as answers name them."""

import re
from collections.abc import Mapping

MOST = 2
SENTENCE_END = re.compile(r"[.!?؟][”»)]?(?=\s|$)")
FIGURE = re.compile(r"[<>]?[−+]?\d[\d.,]*\d|\d")


def count_sentences(text: str) -> int:
    """Full stops that end one."""
    return len(SENTENCE_END.findall(text))


def find_caption_faults(told: Mapping[str, str]) -> list[str]:
    """Faults of ``title``, ``caption``, ``reading`` and ``sentence``, the whole that both are of.

    A caption has at most two sentences, repeats no title and says no figure that the whole does not. With what is read
    below it nothing of the whole is lost but its head.
    """
    title, caption, reading, whole = (told[name] for name in ("title", "caption", "reading", "sentence"))
    faults = [] if 0 < count_sentences(caption) <= MOST else [f"{count_sentences(caption)} sentences: {caption}"]
    if title in caption:
        faults.append(f"its title: {caption}")
    strange = set(FIGURE.findall(caption)) - set(FIGURE.findall(whole))
    if strange:
        faults.append(f"{strange} of {caption} in no sentence of: {whole}")
    known = caption if caption in whole else reading
    head, said, rest = whole.partition(known) if known else ("", "", "")
    if not said or (caption in whole and rest.strip() != reading):
        faults.append(f"not the whole: {caption} | {reading} | {whole}")
    if head and not head.startswith(title):
        faults.append(f"before its title: {whole}")
    return faults
