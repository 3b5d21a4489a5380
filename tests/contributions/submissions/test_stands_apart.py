"""A figure that pages do not show: its sender is told before sending and in the receipt, where it stands and why."""

import polars as pl
import pytest
from sqlalchemy import Engine

from dashboard.contributions.submissions import workflow
from dashboard.contributions.submissions.model import Finding
from dashboard.contributions.submissions.workbooks import receipt
from dashboard.contributions.submissions.workbooks.words import finding_text
from dashboard.evidence.dataset.store import Dataset
from dashboard.locales import DESK_LANGUAGES
from tests.contributions.submissions.conftest import HEADS, METHOD, YEAR, Desk, workbook
from tests.contributions.submissions.test_life import publish
from tests.evidence.database.figures import figures, issue

HOUSEHOLDS = METHOD | {"How the figures were made": "household_survey"}
FACTS = ("indicator", "shown", "address")


def told(desk: Desk, number: int) -> list[Finding]:
    return [one for one in workflow.detail(desk.settings, desk.by, number)[1] if one.rule == "stands_apart"]


def row(indicator: str, value: float) -> tuple[object, ...]:
    return indicator, "Total", int(YEAR), value, None, None, 800


def test_a_national_figure_beside_a_publisher_s_is_told_before_sending_and_in_the_receipt(
    desk: Desk, record: Engine
) -> None:
    years = [{"period": year, "value": 3.1} for year in ("2014", "2016", "2015")]
    issue(record, figures(*years, indicator="bribery_persons", series="IU_COR_BRIB"))
    body = workbook([row("bribery_persons", 5.0), row("sat_overall_gov", 61.5)], HEADS, HOUSEHOLDS)
    expected = {
        "indicator": "bribery_persons", "shown": "2016",
        "address": "/api/v1/observations?indicator=bribery_persons&country=AZE&series=all",
    }  # fmt: skip
    (before,) = told(desk, desk.send(body).id)
    assert {name: before.values[name] for name in FACTS} == expected
    assert before.severity == "warning"
    number = publish(desk, body)
    dataset = Dataset.current(desk.settings.dataset_dir)
    mine = dataset.rows("bribery_persons").filter(pl.col("source") == "national_submission").collect()
    assert mine["primary"].to_list() == [False], "pages show the publisher's"
    of = receipt.published(desk.settings, number)
    (apart,) = receipt.facts(of, (), receipt.list_apart(desk.settings, of))["stands_apart"]
    assert {name: apart[name] for name in FACTS} == expected
    assert receipt.document(of, "ar", (), receipt.list_apart(desk.settings, of))[:4] == b"%PDF"


def test_nothing_is_told_where_pages_show_the_figure(desk: Desk, record: Engine) -> None:
    issue(record, figures({"period": "2016"}, indicator="bribery_persons", country="UZB"))
    issue(record, figures({"period": "2016", "primary": False}, indicator="bribery_persons"))
    number = publish(desk, workbook([row("bribery_persons", 5.0)], HEADS, HOUSEHOLDS))
    assert told(desk, number) == []
    assert receipt.facts(receipt.published(desk.settings, number))["stands_apart"] == []
    mine = Dataset.current(desk.settings.dataset_dir).rows("bribery_persons").collect()
    assert mine.filter(pl.col("source") == "national_submission")["primary"].to_list() == [True]


@pytest.mark.parametrize("lang", DESK_LANGUAGES)
def test_it_is_told_with_its_address_in_every_language(lang: str) -> None:
    values = {"indicator": "bribery_persons", "publisher": "UN", "shown": "2016", "address": "/api/v1/observations"}
    words = finding_text(Finding("stands_apart", "warning", values=values), lang)
    assert "/api/v1/observations" in words.expected
    assert "2016" in words.expected
