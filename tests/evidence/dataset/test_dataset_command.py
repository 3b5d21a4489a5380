"""``python -m dashboard dataset …`` as an operator uses it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine
from typer.testing import CliRunner

from dashboard.evidence.database import runs
from dashboard.evidence.database.engine import migrate, open_engine
from dashboard.operations.cli.dataset import app
from dashboard.settings import settings
from tests.evidence.database.figures import START, figure, figures, issue

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run a command on an empty data directory."""
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("MONITOR_DATABASE_URL", raising=False)
    settings.cache_clear()
    yield lambda *arguments: CliRunner().invoke(app, list(arguments))
    open_engine(settings()).dispose()
    settings.cache_clear()


@pytest.fixture
def stored(run: Run) -> Engine:
    """The record of that directory: two vintages, not yet published."""
    migrate(settings())
    record = open_engine(settings())
    first = figures(figure(60.0), figure(70.0, country="GEO"), figure(5.0, indicator="bribery"))
    issue(record, first, note="First issue")
    issue(record, figures(figure(61.5)), first.filter(indicator="trust")["id"], note="Revised, Georgia withdrawn")
    return record


def test_before_anything_is_published_it_says_what_to_do(run: Run) -> None:
    for command in (["status"], ["vintages"], ["diff", "1", "2"]):
        said = run(*command)
        assert said.exit_code == 1
        assert "run `python -m dashboard gather`" in said.output
    said = run("publish")
    assert said.exit_code == 1
    assert "The record holds no vintage yet" in said.output


def test_publishing_again_does_nothing(run: Run, stored: Engine) -> None:
    first, second = run("publish"), run("publish")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.output.startswith("Published 2-2026-03-02-")
    assert "vintage 2, 2 rows" in first.output
    assert second.output.startswith("Already published: 2-2026-03-02-")


def test_status_tells_version_rows_and_failures(run: Run, stored: Engine) -> None:
    number = runs.start_run(stored, trigger="command", plan={})
    runs.record_outcome(
        stored,
        runs.SeriesOutcome(
            run=number, source="wgi", series="CC", indicator="control", state="failed", code="http.502",
            message="The publisher is down", retrieved_at=START,
        ),
    )  # fmt: skip
    run("publish")
    said = run("status")
    assert said.exit_code == 0
    assert "Vintage     2 of 2026-03-02 12:00 UTC" in said.output
    assert "2 in force, 4 with history" in said.output
    assert "Failed      wgi CC: The publisher is down (http.502)" in said.output


def test_status_names_damaged_files_and_the_way_out(run: Run, stored: Engine) -> None:
    run("publish")
    next(settings().dataset_dir.rglob("trust.parquet")).unlink()
    said = run("status")
    assert said.exit_code == 1
    assert "observations/trust.parquet is gone" in said.output
    assert "python -m dashboard dataset publish" in said.output
    run("publish")
    assert run("status").exit_code == 0


def test_vintages_are_listed(run: Run, stored: Engine) -> None:
    run("publish")
    lines = [line.rstrip() for line in run("vintages").output.splitlines()]
    assert [line.split(maxsplit=6) for line in lines[1:]] == [
        ["1", "2026-03-01", "12:00", "3", "3", "0", "First issue"],
        ["2", "2026-03-02", "12:00", "2", "1", "2", "Revised, Georgia withdrawn"],
    ]


def test_diff_sums_up_per_indicator(run: Run, stored: Engine) -> None:
    run("publish")
    said = run("diff", "1", "2")
    assert said.output.splitlines()[1].split() == ["trust", "0", "1", "0", "1", "1.5", "1.5"]
    assert "Nothing changed from vintage 2 to vintage 2." in run("diff", "2", "2").output


def test_diff_of_an_unknown_vintage_names_the_known_ones(run: Run, stored: Engine) -> None:
    run("publish")
    said = run("diff", "1", "7")
    assert said.exit_code == 2
    assert "There is no vintage 7: known are 1 to 2" in said.output


def test_a_copy_is_compared_with_what_is_published(run: Run, tmp_path: Path) -> None:
    migrate(settings())
    shown = {"indicator": "internet_users", "source": "world_bank"}
    rows = figures(figure(60.25, **shown), figure(70.0, country="GEO", **shown))
    issue(open_engine(settings()), rows, note="First issue")
    assert run("publish").exit_code == 0
    year = rows.item(0, "year")
    copy = tmp_path / "copy.csv"
    mapped = ("compare", "--with", str(copy), "--indicator", "internet_users", "--country", "land", "--year", "jahr",
              "--value", "wert", "--delimiter", ";", "--where", "art=alle")  # fmt: skip
    copy.write_text(f"land;jahr;wert;art\nAZE;{year};60.3;alle\nAZE;{year};1;frauen\nGEO;{year};70.0;alle\n", "utf-8")
    same = run(*mapped)
    assert (same.exit_code, "2 equal, 0 differ" in same.output) == (0, True), same.output
    copy.write_text(f"land;jahr;wert;art\nAZE;{year};61.0;alle\nKAZ;{year};1;alle\n", "utf-8")
    other = run(*mapped)
    assert other.exit_code == 1
    assert f"AZE {year}: published 60.25, copy 61.0 (to 1 decimals)" in other.output
    assert "0 equal, 1 differ, 1 only published, 1 only in copy.csv" in other.output
    assert run(*mapped[:-1], "art").exit_code == 2
    unnamed = run("compare", "--with", str(copy), "--indicator", "internet_users")
    assert unnamed.exit_code == 2
    assert "missing: iso3, year, value; the nearest line reads: land;jahr;wert;art. Name its columns" in unnamed.output
    assert "with --delimiter what separates cells" in unnamed.output


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--indicator", "internet_user"), 2, "There is no indicator internet_user. Did you mean internet_users"),
        (("--delimiter", ";;"), 2, "--delimiter is one character"),
        (("--delimiter", ""), 2, "--delimiter is one character"),
        (("--where", "sex=BOTH"), 1, "Nothing was compared: no row fits --where"),
        (("--value", "sex"), 1, "Nothing was compared: no row has a country, a year and a figure"),
        (("--where", "sex=F"), 1, "Nothing was compared: the figures of both are of different countries or years"),
        ((), 0, "internet_users (world_bank, 2024): 1 equal, 0 differ"),
    ],
)
def test_a_comparison_says_what_it_is_of_or_why_there_is_none(
    run: Run, tmp_path: Path, options: tuple[str, ...], code: int, words: str
) -> None:
    migrate(settings())
    rows = figures(figure(60.25, indicator="internet_users", source="world_bank", edition="2024"))
    issue(open_engine(settings()), rows, note="First issue")
    assert run("publish").exit_code == 0
    copy = tmp_path / "copy.csv"
    copy.write_text(f"iso3\tyear\tvalue\tsex\nAZE\t{rows.item(0, 'year')}\t60.25\tT\nKAZ\t1999\t1\tF\n", "utf-8")
    asked = ("compare", "--with", str(copy), "--indicator", "internet_users", "--delimiter", r"\t", *options)
    said = run(*asked)
    assert (said.exit_code, words in said.output) == (code, True), said.output


def test_a_rollback_is_a_vintage_of_its_own(run: Run, stored: Engine) -> None:
    assert run("publish").exit_code == 0
    said = run("rollback", "1")
    assert (said.exit_code, "vintage 3 holds what vintage 1 held" in said.output) == (0, True), said.output
    assert run("diff", "1", "3").output == "Nothing changed from vintage 1 to vintage 3.\n"
    assert "There is no older vintage 7" in run("rollback", "7").output


def test_a_database_that_cannot_be_reached_is_what_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    settings.cache_clear()
    said = run("status")
    assert said.exit_code == 1
    assert "cannot be used" in said.output
    assert "Nothing is published" not in said.output
