"""A gap as work: whose figure it is, what it comes from, when it is due, and a form that asks for it alone."""

import csv
import io
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.countries.worklist import (
    STATED,
    WorkRow,
    find_origin,
    list_work,
    set_deadline,
    write_missing_csv,
)
from dashboard.answers.freshness.editions import describe_expected, find_editions
from dashboard.answers.holdings.missing import list_missing
from dashboard.contributions.submissions.rules.ground import list_accepted
from dashboard.locales import LANGUAGES
from tests.answers.shape import faults
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")


@pytest.fixture
def ctx() -> Context:
    return open_context()


def test_every_gap_has_an_owner_and_an_origin_in_every_language() -> None:
    for lang in LANGUAGES:
        there = open_context(lang)
        rows = list_work(there, "UGA")
        assert [row["indicator"] for row in rows] == [row["indicator"] for row in list_missing(there, "UGA")]
        assert all_of(row["office"] and row["origin_text"] for row in rows)
        assert not any("{" in row["office"] + row["origin_text"] + row["next_text"] for row in rows)
        assert [fault for row in rows for fault in faults(row, WorkRow)] == []


@pytest.mark.parametrize(
    ("indicator", "origin"),
    [
        ("sat_overall_gov", "household_survey"), ("bribery_persons", "household_survey"),
        ("csat_exit_poll", "user_survey"), ("item_timeliness", "user_survey"), ("bribe_service_point", "user_survey"),
        ("waiting_median", "records"), ("complaints_rate", "records"), ("needed_not_tried", "household_survey"),
        ("bribery_firms", "firm_survey"), ("gtmi_overall", "questionnaire"), ("budget_reliability", "accounts"),
        ("policy_coherence", "official"), ("wgi_cc", "publisher"), ("ti_cpi", "publisher"), ("equity_gap", "computed"),
        ("gdp_per_capita", "publisher"),
    ],
)  # fmt: skip
def test_what_figures_come_from(ctx: Context, indicator: str, origin: str) -> None:
    assert find_origin(ctx.book.metrics[indicator]) == origin


def test_all_that_publishers_state_is_known(ctx: Context) -> None:
    stated = {it.compared["source_type"] for it in ctx.book.metrics.values() if "source_type" in it.compared}
    assert stated <= STATED.keys()
    assert find_origin(replace(ctx.book.metrics["waiting_median"], only_from="registers")) == "records"


def test_an_office_is_named_where_its_platform_is_known(ctx: Context) -> None:
    offices = {iso3: {row["indicator"]: row["office"] for row in list_work(ctx, iso3)} for iso3 in ("UGA", "ETH")}
    assert offices["UGA"]["decision_inclusive"] == "Uganda Bureau of Statistics"
    assert offices["UGA"]["policy_coherence"] == "Uganda Bureau of Statistics, to UNEP"
    assert offices["ETH"]["decision_inclusive"] == "National statistical office"
    assert offices["UGA"]["waiting_median"] == "Agency that runs the service centres"
    assert offices["UGA"]["equity_gap"] == "None: this monitor"


def test_a_form_asks_for_one_indicator_and_stands_where_countries_send_it(ctx: Context) -> None:
    accepted = {one.id for one in list_accepted(ctx.book)}
    for row in list_work(ctx, "UGA"):
        assert row["sent"] == (row["indicator"] in accepted) == bool(row["template"])
        if row["template"]:
            asked = urlsplit(row["template"])
            assert asked.path == "/api/v1/templates/UGA.xlsx"
            assert parse_qs(asked.query) == {"indicator": [row["indicator"]], "lang": ["en"]}


def test_what_a_publisher_brings_is_expected_when_its_next_edition_is(ctx: Context) -> None:
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for row in list_work(ctx, "UGA"):
        if row["sent"] or not (series := ctx.book.metrics[row["indicator"]].series):
            continue
        editions = find_editions(ctx, series[0].source, series[0].series)
        assert editions is not None
        assert row["next_due"] == (editions.expected.day.isoformat() if editions.expected else "")
        assert row["next_text"] == f"next edition: {describe_expected(ctx, editions)}"
        found[bool(editions.expected)].add(row["indicator"])
    assert "policy_coherence" in found[False]
    rows = {row["indicator"]: row for row in list_work(ctx, "UGA")}
    assert (rows["waiting_median"]["next_due"], rows["equity_gap"]["next_due"]) == ("", "")


def test_what_a_country_sends_is_due_on_the_day_set_for_it_and_the_file_says_so(ctx: Context) -> None:
    plain = list_work(ctx, "UGA")
    assert {row["next_text"] for row in plain if row["sent"]} == {"no date set"}
    assert set_deadline("en", plain, None) == plain
    due = date(2027, 3, 31), "2026"
    rows = set_deadline("en", plain, due)
    told = {(row["next_due"], row["next_text"]) for row in rows if row["sent"]}
    assert told == {("2027-03-31", "31 March 2027, figures of 2026")}
    assert [row for row in rows if not row["sent"]] == [row for row in plain if not row["sent"]]
    file = list(csv.DictReader(io.StringIO(write_missing_csv(ctx, "UGA", due).decode())))
    same = ("indicator", "office", "next_due", "next_text")
    assert [[line[name] for name in same] for line in file] == [[row[name] for name in same] for row in rows]  # type: ignore[literal-required]
