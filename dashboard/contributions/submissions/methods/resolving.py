"""What holds for each indicator of what a file, and whoever sends it, say of how its figures were made."""

import re
from collections.abc import Iterable, Mapping

from dashboard.contributions.submissions.model import METHOD_CHOICES, METHOD_FIELDS, SAME
from dashboard.evidence.codebook import load_codebook

Method = Mapping[str, str]
"""Field (``model.METHOD_FIELDS``) → what was said."""

APART = re.compile(r"([a-z][a-z0-9_]*)\.([a-z_]+)")
"""How a field of one indicator is called beside those of all: ``nps.who``."""


def resolve(
    file: Method, apart: Mapping[str, Method], stated: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return how all figures were made, and indicator → how its own were, whole, where something is said of it apart.

    What is said beside a file comes before what the file says, of all and of each indicator.

    Args:
        file: what the file says of all.
        apart: … of single indicators.
        stated: said beside it (``who``, ``nps.who``; ``nps.same``: as all, whatever the file says).
    """
    whole = {**file, **{name: words for name, words in stated.items() if "." not in name}}
    said = split_apart(stated)
    own = {}
    for indicator in (*apart, *(it for it in said if it not in apart)):
        given = said.get(indicator) or apart.get(indicator, {})
        if given := {name: words for name, words in given.items() if words.strip() and name != SAME}:
            own[indicator] = complete(whole, given)
    return whole, own


def split_apart(stated: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Of what is said beside a file, indicator → field → words."""
    said: dict[str, dict[str, str]] = {}
    for name, words in stated.items():
        if match := APART.fullmatch(name):
            said.setdefault(match[1], {})[match[2]] = words
    return said


def is_apart(name: str) -> bool:
    """Return True if a field is one of a single indicator that the codebook knows."""
    match = APART.fullmatch(name)
    return match is not None and match[1] in load_codebook().metrics and match[2] in (*METHOD_FIELDS, SAME)


def complete(whole: Method, given: Method) -> dict[str, str]:
    """Return what is said of one indicator, with what it leaves out as for all.

    Figures made in another way than all are of another survey or register: then nothing is taken over.
    """
    if given.get("method", whole.get("method", "")) != whole.get("method", ""):
        return dict(given)
    together = {**whole, **given}
    if given.get("definition_used") == "official" and "own_definition" not in given:
        together.pop("own_definition", None)
    return together


def find_faults(stated: Mapping[str, str]) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Return fields whose words are none of their list, with the list."""
    for name, words in stated.items():
        choices = METHOD_CHOICES.get(name.rpartition(".")[2], ())
        if choices and words not in ("", *choices):
            yield name, choices


def evidence_level(method: Mapping[str, str]) -> int:
    """Return the evidence level, 1 to 3, by what *Method* states.

    3: a survey of households with its question, sample and published methodology. 2: registers or a survey of users of
    which is said who was asked and when. 1: anything else.
    """
    filled = {name for name, words in method.items() if words.strip()}
    kind = method.get("method", "")
    if kind == "household_survey" and {"who", "population", "question", "sample_size", "address"} <= filled:
        return 3
    if kind in ("household_survey", "user_survey", "registers") and {"who", "population", "period_of_work"} <= filled:
        return 2
    return 1
