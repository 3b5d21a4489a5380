"""Stable addresses: the page of everything that has an identifier of its own. They never change what they name."""

from urllib.parse import quote


def locate_series(lang: str, source: str, series: str) -> str:
    """Return the page of a publisher's series, by the publisher's id here and its own code."""
    return f"/{lang}/series/{quote(source, safe='')}/{quote(series, safe=':')}/"


def locate_vintage(lang: str, number: int) -> str:
    """Return the page of a vintage of the dataset."""
    return f"/{lang}/vintages/{number}/"


def locate_figure(lang: str, observation: str) -> str:
    """Return the page of a figure, by the id of its observation, in force or superseded."""
    return f"/{lang}/figures/{observation}/"
