"""What the services say again for lack of Polars at import is what the computations use."""

from typing import get_args

from dashboard.charts import KINDS
from dashboard.charts.chart import MOST_CHOSEN
from dashboard.codebook.model import CountingRule, Strength
from dashboard.dataset.schema import PUBLIC
from dashboard.measures.intervals import Z_90
from dashboard.measures.ranks import MIN_RANKED
from dashboard.services import charting, charting_compared, dimensions, observations, series
from dashboard.services.cards import ORDER
from dashboard.services.counting import DEFAULT_RULE
from data_sources.contract import STATUSES


def test_constants_agree() -> None:
    assert set(charting.KINDS) == set(KINDS)
    assert charting_compared.MOST == dimensions.MOST_GROUPS == MOST_CHOSEN
    assert charting.FEWEST_RANKED == MIN_RANKED
    assert series.Z == Z_90
    assert observations.PUBLIC == PUBLIC
    assert set(ORDER) == set(get_args(Strength))
    assert DEFAULT_RULE in get_args(CountingRule)


def test_every_status_of_a_value_is_defined_on_the_method_page() -> None:
    from dashboard.services import method

    assert set(method.STATUSES) == set(STATUSES)


def test_services_load_no_polars_and_no_altair_until_asked() -> None:
    import subprocess
    import sys

    code = (
        "import sys, dashboard.services.indicator, dashboard.services.catalogue, dashboard.api.app; "
        "print([name for name in ('polars', 'altair', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
