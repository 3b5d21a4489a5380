"""Which edition gives the latest figure and which the line: by hand-made figures of two editions."""

import polars as pl
import pytest

from dashboard.analysis.measures.latest import ShownEditions, find_editions, is_in_line


def rows(*figures: tuple[int, str], country: str = "AZE") -> list[dict[str, object]]:
    like = {"indicator": "wgi_ge", "country": country, "source": "world_bank", "series": "GE", "unit": "score"}
    return [like | {"year": year, "edition": edition} for year, edition in figures]


OLD = [(2022, "2025 edition"), (2023, "2025 edition"), (2024, "2025 edition")]
NEW = [(2022, "2026 edition"), (2023, "2026 edition"), (2024, "2026 edition"), (2025, "2026 edition")]


@pytest.mark.parametrize(
    ("figures", "latest", "line"),
    [
        ([*OLD, (2025, "2026 edition")], "2026 edition", "2025 edition"),
        (NEW, "2026 edition", "2026 edition"),
        (OLD, "2025 edition", "2025 edition"),
        ([(2024, "2025 edition"), (2025, "2026 edition")], "2026 edition", "2026 edition"),  # one of each: the newest
        ([(2025, "2026 edition")], "2026 edition", "2026 edition"),
    ],
)
def test_the_latest_figure_is_the_newest_and_the_line_that_of_the_edition_with_most(
    figures: list[tuple[int, str]], latest: str, line: str
) -> None:
    assert find_editions(rows(*figures)) == ShownEditions(latest, line)


def test_each_country_has_its_own_line() -> None:
    both = pl.DataFrame(rows(*OLD, (2025, "2026 edition")) + rows(*NEW, country="UZB"))
    line = both.filter(is_in_line()).sort("country", "year")
    assert line.select("country", "year").rows() == [
        *(("AZE", year) for year in (2022, 2023, 2024)), *(("UZB", year) for year in (2022, 2023, 2024, 2025)),
    ]  # fmt: skip
