"""A country's services page over 60 months × 200 centres × 40 services, one channel each: 480,000 reports.

Measured: the server's answer for the page (all figures, tables and addresses of charts; made anew, which is what counts
that have just come cost, and again), its two kinds of chart, and the whole page in a browser from navigation to the
first text and the first figures, in turns with the same page saved as static files.
``python -m tests.bench.services`` measures the server's part alone.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from playwright.sync_api import sync_playwright

from dashboard.analysis.charts.registry import select_kinds
from dashboard.contributions.delivery import drawings, pooling
from dashboard.contributions.delivery.model import BINS, Centre
from dashboard.contributions.delivery.store import save_centres
from dashboard.contributions.delivery.tables import ServiceReport
from dashboard.contributions.delivery.views import PAGE as PAGE_OF_CENTRES
from dashboard.contributions.delivery.views import country_services
from dashboard.evidence.database.engine import migrate, open_engine, writing
from dashboard.evidence.gathering.startup import ensure_ready
from dashboard.settings import Settings
from tests.bench.first_screen import compared
from tests.bench.measure import Figure, milliseconds, most_memory, quantile
from tests.bench.moments import Opened
from tests.bench.product import serve
from tests.chromium import launched

COUNTRY = "UGA"
MONTHS, CENTRES, SERVICES = 60, 200, 40
PAGE = Opened("services", f"/en/services/{COUNTRY}/", "main .counted-figures .row-figure")


def figures() -> Iterator[Figure]:
    """Milliseconds of the answer and of the page, and the ratio that is promised."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as saved:
        made = Settings(data_dir=Path(folder))
        yield from _answer(made)
        ensure_ready(made, say=lambda _: None)
        with serve(made.data_dir, web=".web-test") as server, sync_playwright() as playwright:
            browser = launched(playwright)
            yield from compared(browser, server.url, [PAGE], Path(saved))
            browser.close()


def _answer(made: Settings) -> Iterator[Figure]:
    migrate(made)
    filled(made)
    database, now = open_engine(made), datetime.now(UTC)
    size = f"{MONTHS} months × {CENTRES} centres × {SERVICES} services"

    def answer() -> None:
        view = country_services(database, COUNTRY, "en", now)
        assert (len(view["centres"]), view["pages"]) == (PAGE_OF_CENTRES, CENTRES // PAGE_OF_CENTRES)

    pooling.added(database, "AZE")  # what is loaded once is loaded
    (first,) = milliseconds(answer, 1)
    yield Figure(f"{size}: answer of the page when counts have just changed", first, "ms")
    yield Figure("the same again, median of 9", quantile(milliseconds(answer, 9), 0.5), "ms")
    for kind in select_kinds("services"):
        metric = drawings.metrics_of(kind)[0]
        draw = partial(drawings.draw, database, kind, COUNTRY, metric, "en", "light", "")
        (span,) = milliseconds(draw, 1)
        yield Figure(f"its {kind}, made anew", span, "ms")
    yield Figure("most memory of the process that filled and answered", most_memory(), "MiB")


def filled(made: Settings) -> None:
    """Put the reports in the database as they stand after years of sending."""
    codes = [f"c{at:03d}" for at in range(CENTRES)]
    save_centres(open_engine(made), [Centre(code, COUNTRY, f"Centre {code}", date(2020, 1, 1)) for code in codes])
    chance, now = random.Random(7), datetime.now(UTC)
    months = [date(2021 + at // 12, 1 + at % 12, 1) for at in range(MONTHS)]
    for code in codes:
        rows = [_row(chance, code, f"s{one:02d}", month, now) for one in range(SERVICES) for month in months]
        with writing(open_engine(made)) as connection:
            connection.execute(ServiceReport.__table__.insert(), rows)  # type: ignore[attr-defined]


def _row(chance: random.Random, centre: str, service: str, month: date, now: datetime) -> dict[str, object]:
    done = chance.randrange(20, 400)
    counts = {
        "started": done + chance.randrange(20), "completed": done, "standard_total": done,
        "standard_within": done - chance.randrange(20), "complaints_received": chance.randrange(3),
        "satisfied_1": 1, "satisfied_2": chance.randrange(4), "satisfied_3": 5, "satisfied_4": chance.randrange(9),
        "agreed_minutes": 14_400, "planned_down_minutes": 60, "unplanned_down_minutes": chance.randrange(90),
        "cost_transactions": done,
    }  # fmt: skip
    counts["answered"] = sum(counts[f"satisfied_{level}"] for level in range(1, 5))
    counts["invited"] = counts["answered"] + chance.randrange(40)
    return {
        "country": COUNTRY, "centre": centre, "service": service, "channel": "web" if service < "s08" else "counter",
        "month": month, "counts": counts, "histograms": {"waiting": [chance.randrange(40) for _ in BINS["waiting"]]},
        "cost": 3.0 * done, "currency": "UGX", "measured_by": "", "received_at": now, "superseded_at": None,
    }  # fmt: skip


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as alone:
        began = time.perf_counter()
        for figure in _answer(Settings(data_dir=Path(alone))):
            sys.stdout.write(f"{figure.value:9.2f} {figure.unit:4} {figure.name}\n")
            sys.stdout.flush()
        sys.stdout.write(f"{time.perf_counter() - began:9.2f} s    all of it, filling the database included\n")
