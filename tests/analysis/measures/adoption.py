"""Panels of the reference results of adoption effects."""

import csv
import json
import math
from pathlib import Path
from statistics import fmean
from typing import Any

BASQUE = "Basque Country (Pais Vasco)"
AGGREGATE = "Spain (Espana)"


def exact_donors() -> dict[str, dict[int, float]]:
    """The noise-free panel of a synthetic control, T included: 0.6 A + 0.4 B, minus 2 from 2012 on."""
    shapes = {
        "A": lambda i: 10 + 0.5 * i + math.sin(i),
        "B": lambda i: 20 - 0.3 * i + math.cos(1.7 * i),
        "C": lambda i: 5 + 0.1 * i + math.sin(2.3 * i),
        "D": lambda i: 14 + 0.2 * i + math.cos(0.9 * i),
    }
    panel = {name: {year: shape(year - 2000) for year in range(2000, 2021)} for name, shape in shapes.items()}
    panel["T"] = {
        year: 0.6 * panel["A"][year] + 0.4 * panel["B"][year] - (2 if year >= 2012 else 0) for year in range(2000, 2021)
    }
    return panel


def exact_adopters() -> tuple[dict[str, dict[int, float]], dict[str, int]]:
    """The noise-free panel of staggered adoption, and who adopts when."""
    adopted = {"0": 2019, "1": 2019, "2": 2021}

    def effect(uid: int, year: int) -> float:
        if uid in (0, 1):
            return 2 + 0.5 * (year - 2019) if year >= 2019 else 0.0
        return 1.0 if uid == 2 and year >= 2021 else 0.0

    panel = {
        str(uid): {
            year: 10 + 0.7 * uid + 0.3 * (year - 2015) + 0.4 * (year >= 2020) + effect(uid, year)
            for year in range(2015, 2025)
        }
        for uid in range(15)
    }
    return panel, adopted


def basque() -> tuple[dict[str, dict[int, float]], dict[str, list[float]]]:
    """Income per head 1955-1997 of 17 regions of Spain and of Spain, and the predictors of the reference run.

    ``basque.csv`` holds figures of Abadie and Gardeazabal 2003 as the repository of pysyncon (MIT licence) has them in
    ``data/basque.csv``, rounded to four decimals: one row a region and series, values ``step`` years apart.
    """
    told: dict[str, dict[str, dict[int, float]]] = {}
    with (Path(__file__).parent / "basque.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            first, step = int(row["first"]), int(row["step"])
            values = enumerate(row["values"].split())
            told.setdefault(row["region"], {})[row["series"]] = {first + at * step: float(it) for at, it in values}

    def predictors(series: dict[str, dict[int, float]]) -> list[Any]:
        fitted = range(1960, 1970)
        means = [fmean(line.values()) for name, line in series.items() if name != "gdpcap"]
        return [fmean(series["gdpcap"][year] for year in fitted), *means]

    return {name: it["gdpcap"] for name, it in told.items()}, {name: predictors(it) for name, it in told.items()}


def minimum_wage() -> tuple[dict[str, dict[int, float]], dict[str, int]]:
    """A panel with numbers, means and covariances of teen employment by year of adoption in 500 counties (``mpdta``).

    Effects and their standard errors depend on nothing else, so the counties' own figures are not needed: only these
    moments of the data of Callaway and Sant'Anna 2021 are kept, in ``mpdta_moments.json``.
    """
    import numpy as np

    told = json.loads((Path(__file__).parent / "mpdta_moments.json").read_text(encoding="utf-8"))
    panel: dict[str, dict[int, float]] = {}
    adopted: dict[str, int] = {}
    for group, it in told.items():
        lots = np.random.default_rng(int(group)).normal(size=(it["counties"], len(it["means"])))
        lots -= lots.mean(axis=0)
        white = lots @ np.linalg.inv(np.linalg.cholesky(lots.T @ lots / len(lots))).T
        made = white @ np.linalg.cholesky(np.array(it["covariance"])).T + np.array(it["means"])
        for at, row in enumerate(made):
            unit = f"{group}-{at:03}"
            panel[unit] = dict(zip(range(2003, 2008), map(float, row), strict=True))
            if int(group):
                adopted[unit] = int(group)
    return panel, adopted
