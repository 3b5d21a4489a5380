"""Published datasets that questions are asked of: the real embedded one, and a small one written by hand.

``embedded`` and ``handmade`` make the product use one of them and give its settings. Both are published once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from dashboard import settings as settings_module
from dashboard.answers.base.context import Context, open_context
from dashboard.settings import Settings
from tests.evidence.database.figures import figure, figures, issue
from tests.kept import copy_kept

FAILED_AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
WGI = {
    "indicator": "wgi_cc", "source": "world_bank", "series": "GOV_WGI_CC.EST", "unit": "score", "nature": "",
    "edition": "2024", "interval_level": 90.0,
}  # fmt: skip
USERS = {"indicator": "internet_users", "period": "2023", "nature": ""}


def _estimate(country: str, year: int, value: float, error: float) -> dict[str, object]:
    margin = 1.645 * error
    return figure(
        value, country=country, period=str(year), std_error=error, lower=value - margin, upper=value + margin, **WGI
    )


FIRST = [
    _estimate("AZE", 2015, -0.95, 0.16),
    _estimate("AZE", 2023, -0.40, 0.15),
    _estimate("GEO", 2015, 0.70, 0.16),
    _estimate("GEO", 2023, 0.75, 0.15),
    _estimate("ROU", 2023, 0.01, 0.15),
    figure(None, indicator="bribery_persons", country="AFG", period="2012", series="IU_COR_BRIB", status="censored",
           upper=2.5) | {"value_text": "<2.5"},
    figure(50.1, indicator="bribery_persons", country="AFG", period="2014", series="IU_COR_BRIB"),
    figure(61.0, indicator="bribery_persons", country="AFG", period="2014", series="IU_COR_BRIB",
           dimensions='{"Sex":"MALE"}'),
    figure(None, indicator="birth_registration", country="AZE", period="2019", series="SG_REG_BRTH", status="missing"),
    figure(90.4, source="world_bank", series="IT.NET.USER.ZS", edition="=pull of July", **USERS),
    figure(89.9, source="un_sdg", series="IT_USE_ii99", primary=False, **USERS),
    figure(99.97, country="GEO", source="world_bank", series="IT.NET.USER.ZS", edition="=pull of July", **USERS),
]  # fmt: skip
SECOND = [figure(91.0, source="world_bank", series="IT.NET.USER.ZS", edition="=pull of July", **USERS)]


@pytest.fixture(scope="session")
def embedded_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Where the real embedded dataset is published."""
    folder = copy_kept("embedded", _publish_embedded, tmp_path_factory.mktemp("embedded") / "data")
    return Settings(data_dir=folder, database_url=None)


def _publish_embedded(folder: Path) -> None:
    """Start the product for the first time there."""
    from dashboard.evidence.database.engine import open_engine
    from dashboard.evidence.gathering.startup import ensure_ready

    settings = Settings(data_dir=folder, database_url=None)
    ensure_ready(settings, lambda _: None)
    open_engine(settings).dispose()


@pytest.fixture(scope="session")
def handmade_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Where the handmade dataset is published: two vintages, of 1 and 2 March 2026, and a series that failed."""
    from dashboard.evidence.codebook.loader import DATA, hash_folder
    from dashboard.evidence.database import runs
    from dashboard.evidence.database.engine import migrate, open_engine
    from dashboard.evidence.dataset.publish import publish

    settings = Settings(data_dir=tmp_path_factory.mktemp("handmade"), database_url=None)
    migrate(settings)
    record = open_engine(settings)
    first = figures(*FIRST)
    issue(record, first, note="by hand")
    old = first.filter(first["value"] == 90.4)["id"].to_list()
    run = runs.start_run(record, trigger="command", plan={})
    outcome = runs.SeriesOutcome(
        run=run, source="un_sdg", series="SP_PSR_OSATIS_GOV", indicator="sat_overall_gov", state="failed",
        code="read_timeout", message="no answer within 60 seconds", retrieved_at=FAILED_AT,
    )  # fmt: skip
    runs.record_outcome(record, outcome)
    runs.finish_run(record, run, "partly", {})
    issue(record, figures(*SECOND), old)
    publish(record, settings.dataset_dir, hash_folder(DATA))
    return settings


def ask_nothing_held(lang: str = "en") -> Context:
    """A context of a dataset of 2 March 2026 that holds nothing: for what depends on codebook and language."""
    from dashboard.evidence.codebook import load_codebook
    from dashboard.evidence.dataset.schema import ROWS

    moment = datetime(2026, 3, 2, tzinfo=UTC)
    empty = SimpleNamespace(version="", vintage=1, created_at=moment, ever=lambda: pl.LazyFrame(schema=ROWS))
    return Context(load_codebook(), cast(Any, empty), lang)


def publish_states(folder: Path, *states: pl.DataFrame) -> Settings:
    """Publish a vintage for each state there, a day apart: what a state holds no more is superseded."""
    from dashboard.evidence.codebook.loader import DATA, hash_folder
    from dashboard.evidence.database.engine import migrate, open_engine
    from dashboard.evidence.dataset.publish import publish

    settings = Settings(data_dir=folder, database_url=None)
    migrate(settings)
    record, held = open_engine(settings), list[str]()
    for rows in states:
        ids = rows["id"].to_list()
        issue(record, rows.filter(~rows["id"].is_in(held)), [one for one in held if one not in ids])
        held = ids
    publish(record, settings.dataset_dir, hash_folder(DATA))
    return settings


@contextmanager
def use(folder: Path) -> Iterator[None]:
    """The product uses the dataset of this folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MONITOR_DATA_DIR", str(folder))
        patch.delenv("MONITOR_DATABASE_URL", raising=False)
        patch.delenv("MONITOR_PUBLIC_URL", raising=False)
        settings_module.settings.cache_clear()
        yield
    settings_module.settings.cache_clear()


@pytest.fixture
def embedded(embedded_settings: Settings) -> Iterator[Settings]:
    """The product uses the embedded dataset."""
    with use(embedded_settings.data_dir):
        yield embedded_settings


@pytest.fixture
def handmade(handmade_settings: Settings) -> Iterator[Settings]:
    """The product uses the handmade dataset."""
    with use(handmade_settings.data_dir):
        yield handmade_settings


@pytest.fixture
def unpublished(tmp_path: Path) -> Iterator[Path]:
    """The product has no dataset yet."""
    with use(tmp_path):
        yield tmp_path


@pytest.fixture
def ctx() -> Context:
    """The context of a question in English to the dataset in use now."""
    return open_context()
