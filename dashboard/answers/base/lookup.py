"""From what was asked to what exists. Nothing is guessed: an unknown name is an error with suggestions."""

import difflib
from collections.abc import Iterable, Sequence

from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import QUOTED, Invalid, Unknown, quote_given
from dashboard.evidence.codebook.model import Country, Goal, Metric, NationalSeries, Target, choose_text


def _list_near(name: str, names: Iterable[str], most: int = 3) -> list[str]:
    return difflib.get_close_matches(name, list(names), n=most, cutoff=0.6)


def _list_near_codes(name: str, codes: Iterable[str]) -> list[str]:
    """Return codes that differ by a slip: another last letter, one too many, or two letters swapped.

    One wrong letter anywhere would bring near what has nothing to do with it: two thirds of XXX are those of XKX.
    """
    if not 3 <= len(name) <= 4:
        return []
    return sorted(code for code in codes if code[:2] == name[:2] or sorted(code) == sorted(name))


def _match_words(name: str, words: dict[str, str]) -> list[str]:
    """Return ids whose words resemble ``name`` or contain it; ``words`` is lower-case text → id."""
    folded = name.strip().lower()
    if folded in words:
        return [words[folded]]
    holding = [name_of for label, name_of in words.items() if len(folded) > 2 and folded in label]
    close = [words[label] for label in difflib.get_close_matches(folded, words, n=3, cutoff=0.6)]
    return list(dict.fromkeys([*close, *sorted(holding)]))


def find_metric(ctx: Context, name: str) -> Metric:
    """Return the indicator of this id.

    Raises:
        Unknown: there is none; ids close in spelling or name are suggested.
    """
    metric = ctx.book.metrics.get(name)
    if metric is not None:
        return metric
    words = {
        choose_text(metric.name, lang).lower(): metric.id
        for metric in ctx.book.metrics.values()
        for lang in ("en", ctx.lang)
    }
    near = [*_list_near(name.lower(), ctx.book.metrics), *_match_words(name.replace("_", " "), words)]
    raise Unknown("indicator", name, tuple(dict.fromkeys(near))[:3])


def find_national(metric: Metric, series: str) -> NationalSeries:
    """Return the country's own series of this code (``kaz:16-6-2``) under an indicator.

    Raises:
        Invalid: the codebook has no such series of the indicator; the message names those there are.
    """
    national = next((own for own in metric.national if own.series == series), None)
    if national is None:
        there = ", ".join(own.series for own in metric.national) or "none"
        raise Invalid("series", f"{metric.id} has no national series {quote_given(series)}; there are: {there}.")
    return national


def find_country(ctx: Context, code: str) -> Country:
    """Return the country or area of this ISO 3166-1 alpha-3 code, in any case.

    Raises:
        Invalid: the code is an alpha-2 or M49 code; the message names the alpha-3 code.
        Unknown: no such country; codes close in spelling or name are suggested.
    """
    wanted = code.strip().upper()
    country = ctx.book.countries.get(wanted)
    if country is not None:
        return country
    for other in ctx.book.countries.values():
        kind = ""
        if other.iso2 and wanted == other.iso2:
            kind, use = "alpha-2", "alpha-3"
        elif other.m49 and wanted.isdigit() and wanted.zfill(3) == other.m49:
            kind, use = "M49", "ISO alpha-3"
        if kind:
            message = f"{quote_given(code)} is an {kind} code; use the {use} code {other.iso3}."
            raise Invalid("country", message, "country", (other.iso3,), code=code[:QUOTED])
    words = {
        choose_text(country.name, lang).lower(): country.iso3
        for country in ctx.book.countries.values()
        for lang in ("en", ctx.lang)
    }
    near = _match_words(code, words) or _list_near_codes(wanted, ctx.book.countries)
    raise Unknown("country", code, tuple(dict.fromkeys(near))[:3])


def find_countries(ctx: Context, codes: Sequence[str]) -> tuple[str, ...]:
    """Return the ISO3 codes of all countries asked for, each once, in the order asked.

    Raises:
        Invalid, Unknown: as ``find_country``.
    """
    return tuple(dict.fromkeys(find_country(ctx, code).iso3 for code in codes))


def find_goal(ctx: Context, number: int) -> Goal:
    """Return the goal of this number.

    Raises:
        Unknown: there are seventeen.
    """
    goal = ctx.book.goals.get(number)
    if goal is None:
        raise Unknown("goal", str(number), [f"1–{len(ctx.book.goals)}"])
    return goal


def find_target(ctx: Context, code: str) -> Target:
    """Return the target of this code (``16.6``, ``16.b``).

    Raises:
        Unknown: no such target.
    """
    target = ctx.book.targets.get(code.strip().lower())
    if target is None:
        raise Unknown("target", code, _list_near(code.lower(), ctx.book.targets))
    return target
