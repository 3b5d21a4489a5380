"""Rules of how figures were made, by indicator: its lane, the definition, and the error or interval that is stated."""

from collections.abc import Iterator

import polars as pl

from dashboard.contributions.submissions.model import DEFINITIONS, LEVEL, LEVELS, METHODS, MOST_PLACES, QUANTILES
from dashboard.contributions.submissions.rules.check import FindingPlace
from dashboard.contributions.submissions.rules.ground import Ground, check, some

AGREES = 0.1
"""Part by which a standard error and half an interval over its quantile may differ, besides rounding. Ours: an interval
by Student's t of twenty degrees of freedom is 6 % wider, one of 90 % taken for one of 95 % makes it 16 % too small."""


def _otherwise(ground: Ground, *, somewhere: bool) -> Iterator[FindingPlace]:
    """Figures made in another way than their indicator's only one, where another indicator takes them, or none does."""
    for method, indicators, _ in ground.made():
        kind = method.get("method", "")
        for metric in map(ground.metric, indicators):
            if kind in METHODS and metric.only_from not in ("", kind) and bool(metric.instead) == somewhere:
                row = next(some(ground.read.filter(pl.col("indicator") == metric.id, pl.col("value").is_not_null())))
                told = {"indicator": metric.id, "kind": kind, "only": metric.only_from}
                if somewhere:
                    told |= {"instead": metric.instead, "code": metric.instead}
                yield ground.place(row, "indicator", row["indicator_text"], **told)


@check("made_otherwise", "error")
def made_otherwise(ground: Ground) -> Iterator[FindingPlace]:
    """An indicator of household surveys with figures of something else: they belong to another indicator."""
    yield from _otherwise(ground, somewhere=True)


@check("made_otherwise_nowhere", "error")
def made_otherwise_nowhere(ground: Ground) -> Iterator[FindingPlace]:
    """The same, where no indicator takes such figures."""
    yield from _otherwise(ground, somewhere=False)


@check("definition_unsaid", "error")
def definition_unsaid(ground: Ground) -> Iterator[FindingPlace]:
    """A definition of the country's own that is not told."""
    for method, _, of in ground.made():
        if method.get("definition_used") == "own" and not method.get("own_definition", "").strip():
            yield FindingPlace(values={"field": "own_definition", **of})


@check("definition_unclear", "error")
def definition_unclear(ground: Ground) -> Iterator[FindingPlace]:
    """Words of a definition, and no word on whose it is; or a word that is none of the list."""
    for method, _, of in ground.made():
        used, words = method.get("definition_used", ""), method.get("own_definition", "").strip()
        if used not in ("", *DEFINITIONS) or (words and used != "own"):
            yield FindingPlace(read=(words or used)[:200], values={"field": "definition_used", **of})


@check("definition_national", "warning")
def definition_national(ground: Ground) -> Iterator[FindingPlace]:
    """Figures by a definition of the country's own stand apart, and in no comparison."""
    for method, indicators, of in ground.made():
        if method.get("definition_used") == "own":
            yield FindingPlace(read=", ".join(indicators), values={"count": str(len(indicators)), **of})


@check("level_unknown", "error")
def level_unknown(ground: Ground) -> Iterator[FindingPlace]:
    """An interval at a level that is not kept."""
    for method, _, of in ground.made():
        said = method.get("interval_level", "")
        if said not in ("", *LEVELS):
            yield FindingPlace(read=said, values={"levels": ", ".join(LEVELS), **of})
    for row in _once(ground, ~pl.col("level_head").is_in(["", *LEVELS])):
        yield ground.place(row, "lower", row["level_head"], levels=", ".join(LEVELS))


@check("level_contradicts", "error")
def level_contradicts(ground: Ground) -> Iterator[FindingPlace]:
    """The head of a bound names another level than the method does."""
    for row in _once(ground, pl.col("level_head").is_in(LEVELS)):
        said = ground.method_of(str(row["indicator"])).get("interval_level", "")
        if said in LEVELS and said != row["level_head"]:
            yield ground.place(row, "lower", row["level_head"], level=said, head=str(row["level_head"]))


def _once(ground: Ground, which: pl.Expr) -> Iterator[dict[str, object]]:
    """The first row with an interval of each sheet, level and indicator."""
    both = pl.col("lower").is_not_null() & pl.col("upper").is_not_null()
    yield from some(ground.read.filter(which, both).unique(["sheet", "level_head", "indicator"], keep="first",
                                                          maintain_order=True))  # fmt: skip


@check("std_error_negative", "error")
def std_error_negative(ground: Ground) -> Iterator[FindingPlace]:
    """A standard error is no less than 0."""
    for row in some(ground.read.filter(pl.col("std_error") < 0)):
        yield ground.place(row, "std_error", row["std_error_text"])


@check("error_and_interval", "error")
def error_and_interval(ground: Ground) -> Iterator[FindingPlace]:
    """A standard error and an interval of one figure that cannot both be true."""
    both = ground.read.filter(pl.all_horizontal(pl.col("std_error", "lower", "upper").is_not_null()),
                              pl.col("std_error") >= 0)  # fmt: skip
    wrong = []
    for at, row in enumerate(both.iter_rows(named=True)):
        level = row["level_head"] or ground.method_of(row["indicator"]).get("interval_level", "") or f"{LEVEL:g}"
        if level not in LEVELS:
            continue
        half = (row["upper"] - row["lower"]) / 2
        expected = half / QUANTILES[level]
        rounding = 0.5 * 10.0 ** -max(_decimals(row[f"{name}_text"]) for name in ("std_error", "lower", "upper"))
        if abs(expected - row["std_error"]) > AGREES * max(expected, row["std_error"]) + rounding:
            wrong.append((at, level, f"{expected:.3g}"))
    for at, level, expected in wrong[:MOST_PLACES]:
        row = both.row(at, named=True)
        yield ground.place(row, "std_error", row["std_error_text"], level=level, expected=expected,
                           low=str(row["lower_text"]), high=str(row["upper_text"]))  # fmt: skip


def _decimals(text: str) -> int:
    """Decimals that a number is written with."""
    return sum(letter.isdecimal() for letter in text.replace(",", ".").partition(".")[2])
