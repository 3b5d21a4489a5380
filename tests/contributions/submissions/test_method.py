"""How figures were made, by indicator: read from file and page, refused where it is not the indicator's, published."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from dashboard.accounts import audit
from dashboard.answers.base import context
from dashboard.answers.base.rows import find_latest
from dashboard.answers.indicators.national import list_series_of_country
from dashboard.answers.revisions.provenance import trace_observation
from dashboard.contributions.submissions import intake, publication, workflow
from dashboard.contributions.submissions.comparison import rows_of
from dashboard.contributions.submissions.methods.earlier import find_earlier
from dashboard.contributions.submissions.methods.resolving import evidence_level, resolve
from dashboard.contributions.submissions.model import (
    METHOD_CHOICES,
    METHOD_FIELDS,
    METHODS,
    SOURCE,
    MoveNotAllowed,
    Submission,
)
from dashboard.contributions.submissions.reading.extract import extract
from dashboard.contributions.submissions.reading.figures import FIGURES
from dashboard.contributions.submissions.rules import check
from dashboard.contributions.submissions.rules.ground import Ground
from dashboard.contributions.submissions.workbooks import receipt
from dashboard.contributions.submissions.workbooks.template import lines
from dashboard.contributions.submissions.workbooks.template import workbook as template
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.dataset.store import Dataset
from dashboard.interfaces.api.contract.catalogue import view_provenance
from dashboard.locales import DESK_LANGUAGES, t
from data_sources.national_submission.made import LONGEST, read_made, write_made
from tests.contributions.submissions.conftest import GOOD, HEADS, METHOD, NO_HISTORY, YEAR, Desk, workbook
from tests.contributions.submissions.test_closed import publish
from tests.contributions.submissions.test_upload import HOW, Make, Person, api, person, place, sender

__all__ = ["api", "person", "place", "sender"]

Y = int(YEAR)
LABELS = {name: t(f"submissions.method.{name}", "en") for name in METHOD_FIELDS}
USERS = {
    "method": "Survey of users", "who": "Agency", "population": "Visitors", "period_of_work": f"May {Y}",
    "question": "How satisfied were you?", "scale": "Four points", "mode": "Face to face",
}  # fmt: skip
HOMES = {
    "method": "Household survey", "who": "Statistics office", "population": "Adults at home", "sample_size": "3,000",
    "period_of_work": f"October {Y}", "question": "The official one", "address": "https://stat.test/method",
}  # fmt: skip
BOUNDS = (*HEADS[:4], "People who answered", "Lower bound", "Upper bound", "Standard error")


def sheet(*rows: tuple[str, Mapping[str, str]]) -> Any:
    """A sheet *Method* with a row for each indicator, as the template has it."""

    def add(book: Any, page: Any) -> None:
        other = book.add_worksheet("Method")
        other.write_row(0, 0, ["Indicator code", *LABELS.values()])
        for at, (of, said) in enumerate(rows, start=1):
            other.write_row(at, 0, [of, *(said.get(name, "") for name in METHOD_FIELDS)])

    return add


class Look:
    """A file read and checked in this process: nothing is kept of it."""

    def __init__(self, path: Path, book: Codebook) -> None:
        self.path, self.book = path, book

    def __call__(self, body: bytes, **stated: str) -> "Look":
        self.path.write_bytes(body)
        read = extract(self.path, "file", {}, self.book)
        self.method, self.methods = resolve(read.method, read.methods, stated)
        self.figures = read.figures
        ground = Ground(read.figures, read.columns, self.book, "AZE", YEAR, date(Y + 1, 3, 1), NO_HISTORY,
                        self.method, self.methods)  # fmt: skip
        self.findings = check(ground, read.findings)
        return self

    def found(self, *rules: str) -> list[dict[str, str]]:
        return [dict(it.values) for it in self.findings if it.rule in rules]

    @property
    def errors(self) -> list[str]:
        return [it.rule for it in self.findings if it.severity == "error"]

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        """What would be published of each indicator's total."""
        sent = Submission(
            7, "AZE", "figures", YEAR, "approved", "en", "f", "0" * 64, 1, 1, "A", datetime(Y, 5, 1, tzinfo=UTC),
            method=self.method, methods=self.methods, submitted_office="State Agency", approved_office="Ministry",
        )  # fmt: skip
        units = {one.id: one.unit for one in self.book.metrics.values()}
        made = rows_of(sent, self.figures, units, dict.fromkeys(units, True)).filter(pl.col("dimensions") == "{}")
        return {row["indicator"]: row for row in made.to_dicts()}


@pytest.fixture
def look(tmp_path: Path, book: Codebook) -> Look:
    return Look(tmp_path / "file", book)


def found(desk: Desk, sent: Submission, *rules: str) -> list[dict[str, str]]:
    return [dict(it.values) for it in workflow.detail(desk.settings, desk.by, sent.id)[1] if it.rule in rules]


def published(desk: Desk, indicator: str) -> list[dict[str, Any]]:
    rows = Dataset.current(desk.settings.dataset_dir).rows(indicator).filter(pl.col("source") == SOURCE)
    return rows.filter(pl.col("value").is_not_null()).sort("dimensions").collect().to_dicts()


MIXED = (
    ("sat_overall_gov", "Total", Y, 71.5, None, None, 3000),
    ("battery_1662_exit", "Total", Y, 61.5, None, None, 800),
    ("complaints_in_time", "Total", Y, 75, 300, 400),
)


def test_each_figure_has_the_method_level_and_series_of_its_own_indicator(desk: Desk) -> None:
    registers = {"method": "Administrative registers", "who": "Complaints office"}
    rows = sheet(("All indicators", USERS), ("sat_overall_gov", HOMES), ("complaints_in_time", registers))
    sent = publish(desk, desk.send(workbook(MIXED, method=None, more=rows)))
    assert sent.method["method"] == "user_survey"
    assert set(sent.methods) == {"sat_overall_gov", "complaints_in_time"}
    kinds = {
        "sat_overall_gov": "household_survey",
        "battery_1662_exit": "user_survey",
        "complaints_in_time": "registers",
    }
    levels = {"sat_overall_gov": 3, "battery_1662_exit": 2, "complaints_in_time": 1}
    for indicator, kind in kinds.items():
        (row,) = published(desk, indicator)
        offices, made = read_made(row["source_detail"])
        assert (offices, made["method"]) == ("Submitted by State Agency, approved by Ministry", kind)
        assert (row["series"], row["nature"], row["primary"]) == (f"level{levels[indicator]}:AZE", "C", True)
        assert made == {name: words for name, words in sent.method_of(indicator).items() if words}
    assert "question" not in read_made(published(desk, "complaints_in_time")[0]["source_detail"])[1]


@pytest.mark.parametrize("kind", ["Survey of users", "Administrative registers", "Estimate"])
def test_a_household_indicator_of_something_else_is_refused_and_told_where_it_belongs(look: Look, kind: str) -> None:
    rows = [*MIXED[:2], ("sat_overall_hlth", "Total", Y, 70, None, None, 900)]
    read = look(workbook(rows, method=None, more=sheet(("all", {**USERS, "method": kind}))))
    (told,) = read.found("made_otherwise")
    code = next(code for code in METHODS if t(f"submissions.kind.{code}", "en") == kind)
    assert (told["indicator"], told["kind"], told["only"]) == ("sat_overall_gov", code, "household_survey")
    assert (told["instead"], told["code"]) == ("csat_exit_poll", "csat_exit_poll")
    (nowhere,) = read.found("made_otherwise_nowhere")
    assert (nowhere["indicator"], "instead" in nowhere) == ("sat_overall_hlth", False)
    assert read.errors == ["made_otherwise", "made_otherwise_nowhere"]
    assert not read.rows["sat_overall_gov"]["primary"]  # nor if it had been approved before this was a rule


def test_the_lanes_of_household_indicators_are_the_codebook_s(book: Codebook) -> None:
    only = {one.id: one.instead for one in book.metrics.values() if one.only_from == "household_survey"}
    surveyed = {one.id for one in book.metrics.values() if one.compared.get("source_type") == "household_survey"}
    assert surveyed | {"bribery_persons", "decision_both", "sat_overall_hlth"} <= set(only)
    assert only["bribery_persons"] == "bribe_service_point"
    assert not {one for one in only.values() if one and book.metrics[one].only_from}


def test_a_row_of_its_own_takes_over_what_it_leaves_out_unless_it_is_made_in_another_way() -> None:
    whole = {"method": "user_survey", "who": "Agency", "question": "Q", "definition_used": "own", "own_definition": "D"}
    apart = {
        "nps": {"question": "How likely?"},
        "complaints_in_time": {"method": "registers", "who": "Office"},
        "servqual": {"definition_used": "official"},
        "item_timeliness": {"method": "user_survey", "who": "Other"},
    }
    _, own = resolve(whole, apart, {"item_timeliness.same": "yes", "customer_effort.who": "Third"})
    assert own == {
        "nps": {**whole, "question": "How likely?"},
        "complaints_in_time": {"method": "registers", "who": "Office"},
        "servqual": {"method": "user_survey", "who": "Agency", "question": "Q", "definition_used": "official"},
        "customer_effort": {**whole, "who": "Third"},
    }
    assert resolve({}, {}, {"who": "Agency", "nps.who": "Other"}) == ({"who": "Agency"}, {"nps": {"who": "Other"}})
    assert resolve({"who": "File"}, {}, {"who": "Page"})[0] == {"who": "Page"}


def test_rows_of_no_indicator_and_of_one_twice_are_found(look: Look) -> None:
    rows = (("all", USERS), ("battery_1662", HOMES), ("nps", HOMES), ("nps", USERS), ("servqual", {}), ("no", {}))
    read = look(workbook(method=None, more=sheet(*rows)))
    told = [(it.rule, it.sheet, it.cell, it.read) for it in read.findings if it.rule.startswith("method_")]
    assert told == [("method_of_unknown", "Method", "A3", "battery_1662"), ("method_twice", "Method", "A5", "nps")]
    assert read.methods["nps"]["who"] == "Statistics office"


def test_an_older_sheet_is_read_as_of_all(look: Look) -> None:
    read = look(workbook())
    assert (read.method["method"], read.method["question"], read.methods) == (
        "user_survey", METHOD["Exact question"], {},
    )  # fmt: skip


def test_an_indicator_that_nobody_says_anything_of_is_named(look: Look) -> None:
    read = look(workbook(method=None, more=sheet(("battery_1662_exit", USERS), ("complaints_in_time", {"who": "x"}))))
    assert [it.get("of") for it in read.found("method_missing")] == ["complaints_in_time"]
    read = look(workbook(method=None, more=sheet(("battery_1662_exit", USERS))))
    assert [it.get("of") for it in read.found("method_missing")] == [None]


def test_a_definition_of_the_country_s_own_makes_a_figure_national(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "settings", lambda: desk.settings)
    own = {"definition_used": "The country’s own", "own_definition": "Share of visitors who smiled"}
    rows = sheet(("all", USERS), ("battery_1662_exit", own))
    sent = publish(desk, desk.send(workbook(method=None, more=rows)))
    for row in published(desk, "battery_1662_exit"):
        assert (row["nature"], row["primary"], row["series"]) == ("CN", False, "level2:AZE:own")
        assert read_made(row["source_detail"])[1]["own_definition"] == "Share of visitors who smiled"
    (other,) = published(desk, "complaints_in_time")
    assert (other["nature"], other["primary"], other["series"]) == ("C", True, "level2:AZE")
    assert [it["of"] for it in found(desk, sent, "definition_national")] == ["battery_1662_exit"]
    ctx = context.open_context()
    (series,) = (it for it in list_series_of_country(ctx, "AZE") if it["indicator"] == "battery_1662_exit")
    assert (series["definition"], series["compiled_by"], series["figure"]["value"]) == (
        "Share of visitors who smiled", USERS["who"], 61.5,
    )  # fmt: skip
    assert find_latest(ctx, "battery_1662_exit").get("AZE") is None
    assert find_latest(ctx, "complaints_in_time")["AZE"]["value"] == 75
    total = next(row for row in published(desk, "battery_1662_exit") if row["dimensions"] == "{}")
    answer = view_provenance(ctx, total["id"])
    assert (answer["made"]["method"], answer["publisher"]["evidence_level"]) == ("user_survey", 2)
    steps = {step["id"]: step["text"] for step in trace_observation(context.open_context("fr"), total["id"])["steps"]}
    assert steps["made_method"] == t("submissions.kind.user_survey", "fr")
    assert steps["made_question"] == USERS["question"]
    assert steps["definition"] == "Share of visitors who smiled"
    assert receipt.facts(sent, ())["methods"]["battery_1662_exit"]["definition_used"] == "own"
    assert receipt.document(sent, "en", ()).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"definition_used": "own"}, "definition_unsaid"),
        ({"own_definition": "Who smiled"}, "definition_unclear"),
        ({"definition_used": "official", "own_definition": "Who smiled"}, "definition_unclear"),
        ({"definition_used": "ours"}, "definition_unclear"),
        ({"interval_level": "80 %"}, "level_unknown"),
    ],
)
def test_a_method_that_is_not_clear_is_an_error_of_its_indicator(look: Look, said: dict[str, str], rule: str) -> None:
    read = look(workbook(method=None, more=sheet(("all", USERS), ("complaints_in_time", said))))
    assert [it["of"] for it in read.found(rule)] == ["complaints_in_time"]
    assert read.errors == [rule]


def bounded(*cells: Any, heads: Sequence[str] = BOUNDS, **said: str) -> bytes:
    row = ("battery_1662_exit", "Total", Y, 61.5, 800, *cells)
    return workbook([row], heads, None, more=sheet(("all", {**USERS, **said})))


@pytest.mark.parametrize(
    ("level", "head", "error"),
    [
        ("", "", 95.0),
        ("95", "", 95.0),
        ("90 %", "", 90.0),
        ("99", "", 99.0),
        ("", " (90 %)", 90.0),
        ("90", " (90%)", 90.0),
    ],
)
def test_an_interval_is_kept_at_its_level_with_its_standard_error(
    look: Look, level: str, head: str, error: float
) -> None:
    heads = [f"{one}{head}" if "bound" in one else one for one in BOUNDS]
    quantile = {95.0: 1.96, 90.0: 1.645, 99.0: 2.576}[error]
    read = look(bounded(61.5 - 2 * quantile, 61.5 + 2 * quantile, 2.0, heads=heads, interval_level=level))
    assert read.errors == []
    row = read.rows["battery_1662_exit"]
    assert (row["interval_level"], row["std_error"], row["status"]) == (error, 2.0, "normal")


@pytest.mark.parametrize(
    ("cells", "heads", "said", "rule"),
    [
        ((57.6, 65.4, 3.5), BOUNDS, {}, "error_and_interval"),
        ((58.2, 64.8, 2.0), BOUNDS, {}, "error_and_interval"),  # of 90 per cent, not said
        ((57.6, 65.4, -2), BOUNDS, {}, "std_error_negative"),
        ((57.6, 65.4), [*BOUNDS[:5], "Lower bound (80 %)", "Upper bound (80 %)"], {}, "level_unknown"),
        ((57.6, 65.4), [*BOUNDS[:5], "Lower bound (90 %)", "Upper bound (95 %)"], {}, "level_unknown"),
        ((57.6, 65.4), [*BOUNDS[:5], "Lower bound (95 %)", "Upper bound (95 %)"], {"interval_level": "90"},
         "level_contradicts"),
    ],
)  # fmt: skip
def test_an_error_and_an_interval_that_contradict_are_found(
    look: Look, cells: tuple[float, ...], heads: Sequence[str], said: dict[str, str], rule: str
) -> None:
    assert look(bounded(*cells, heads=heads, **said)).errors == [rule]


def test_a_standard_error_alone_is_kept_and_draws_no_interval(look: Look) -> None:
    row = look(bounded(None, None, 1.2)).rows["battery_1662_exit"]
    assert (row["std_error"], row["lower"], row["interval_level"]) == (1.2, None, None)


@pytest.mark.parametrize("together", [False, True])
def test_samples_and_intervals_of_each_year_are_taken_in_a_table_of_years(look: Look, together: bool) -> None:
    first, of_first = ("Value", "People who answered", "Standard error"), (40, 900, 1.5)
    second, of_second = ("Value", "People who answered", "Lower bound (90 %)"), (44, 950, 41)
    heads = (None if together else "Indicator code", Y - 1, None, None, Y, None, None)
    below = ("Indicator code" if together else None, *first, *second)
    read = look(workbook([below, ("nps", *of_first, *of_second)], heads, None))
    assert read.figures.select("period", "value", "sample", "std_error", "lower", "level_head").rows() == [
        (str(Y - 1), 40.0, 900.0, 1.5, None, ""), (YEAR, 44.0, 950.0, None, 41.0, "90"),
    ]  # fmt: skip


def test_what_stands_beside_several_groups_of_a_year_is_refused_by_name(tmp_path: Path, book: Codebook) -> None:
    heads = ("Indicator code", Y, None, None)
    path = tmp_path / "file"
    path.write_bytes(workbook([(None, "Women", "Men", "People who answered"), ("nps", 40, 41, 900)], heads, None))
    read = extract(path, "file", {}, book)
    assert [(it.rule, it.cell, it.read) for it in read.findings] == [
        ("column_of_which_year", "D2", "People who answered")
    ]
    assert read.figures["sample"].to_list() == [None, None]


@pytest.mark.parametrize("lang", DESK_LANGUAGES)
def test_the_template_says_nothing_and_its_rows_are_read_back(tmp_path: Path, book: Codebook, lang: str) -> None:
    chosen = ("battery_1662_exit", "nps")
    made = template(
        book, "AZE", YEAR, lang, lines(book, NO_HISTORY, chosen), date(Y, 1, 1), "https://m.test/contribute/"
    )
    path = tmp_path / "file"
    path.write_bytes(made)
    read = extract(path, "file", {}, book)
    assert (read.method, read.methods) == ({}, {})
    filled = openpyxl.load_workbook(io.BytesIO(made))
    page = filled[t("submissions.sheet.method", lang)[:31]]
    names = [cell.value for cell in page[2]][2:]
    assert names == [t(f"submissions.method.{name}", lang) for name in METHOD_FIELDS]
    assert [page.cell(line, 1).value for line in (3, 4, 5)] == ["all", *sorted(chosen)]
    page.cell(3, 3).value, page.cell(3, 4).value = t("submissions.kind.user_survey", lang), "Agency"
    page.cell(5, 3).value = t("submissions.kind.household_survey", lang)
    at = 3 + METHOD_FIELDS.index("definition_used")
    page.cell(5, at).value = t("making.definition_used.own", lang)
    filled.save(path)
    read = extract(path, "file", {}, book)
    assert read.method == {"method": "user_survey", "who": "Agency"}
    assert read.methods == {"nps": {"method": "household_survey", "definition_used": "own"}}


SAYING = st.dictionaries(
    st.sampled_from(METHOD_FIELDS), st.sampled_from(["", "a | b: c", "x" * 400, "two\nlines", "plain"]), max_size=5
).map(lambda said: {k: v for k, v in said.items() if k not in METHOD_CHOICES})
KINDS = st.sampled_from([{}, *({"method": kind} for kind in METHODS)])
OWN = st.sampled_from([{}, {"definition_used": "own"}, {"definition_used": "official"}])
METHODS_SAID = st.builds(lambda *parts: {k: v for part in parts for k, v in part.items()}, SAYING, KINDS, OWN)


@settings(max_examples=60, deadline=None)
@given(METHODS_SAID, st.dictionaries(st.sampled_from(["nps", "sat_overall_gov", "servqual"]), METHODS_SAID))
def test_every_row_carries_the_method_of_its_own_indicator(
    whole: dict[str, str], apart: dict[str, dict[str, str]]
) -> None:
    method, methods = resolve(whole, apart, {})
    sent = Submission(
        7, "AZE", "figures", YEAR, "approved", "en", "f", "0" * 64, 1, 1, "A", datetime(Y, 5, 1, tzinfo=UTC),
        method=method, methods=methods, submitted_office="A | B", approved_office="C",
    )  # fmt: skip
    names = ("nps", "sat_overall_gov", "servqual", "completion_rate")
    frame = pl.DataFrame(
        [
            {"indicator": one, "period": YEAR, "dimensions": "{}", "value": 1.0, "reason": "", "note": ""}
            for one in names
        ],
        schema=FIGURES,
    )
    rows = {row["indicator"]: row for row in rows_of(sent, frame, {}, dict.fromkeys(names, True)).to_dicts()}
    metrics = load_codebook().metrics
    for one in names:
        said = sent.method_of(one)
        offices, made = read_made(rows[one]["source_detail"])
        assert offices == "Submitted by A / B, approved by C"
        expected = {name: " ".join(words.replace("|", "/").split()) for name, words in said.items() if words.strip()}
        assert set(made) == set(expected)
        assert all(made[name] == it or made[name] == it[: LONGEST - 1] + "…" for name, it in expected.items())
        own = said.get("definition_used") == "own"
        assert rows[one]["series"] == f"level{evidence_level(said)}:AZE" + (":own" if own else "")
        assert (rows[one]["nature"] == "CN") == own
        assert rows[one]["primary"] == (not own and metrics[one].only_from in ("", said.get("method", "")))


def test_what_is_told_of_a_method_is_read_back() -> None:
    assert read_made("Submitted by A, approved by B; collected by C") == (
        "Submitted by A, approved by B; collected by C", {},
    )  # fmt: skip
    assert read_made(write_made("A", {"who": "b: c | d", "mode": "  ", "scale": "1\n2"})) == (
        "A", {"who": "b: c / d", "scale": "1 2"},
    )  # fmt: skip


def test_a_correction_of_the_method_alone_publishes_the_figures_anew_and_the_review_sees_it(desk: Desk) -> None:
    first = publish(desk, desk.send(workbook(method=None, more=sheet(("all", USERS)))))
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "figures", YEAR, "The question was another")
    other = {"question": "Were you pleased?"}
    sent = desk.send(workbook(method=None, more=sheet(("all", USERS), ("complaints_in_time", other))))
    changes = {(it.indicator, it.fate) for it in publication.preview(desk.settings, desk.book, sent).changes}
    assert changes == {("battery_1662_exit", "unchanged"), ("complaints_in_time", "revised")}
    (one,) = (it for it in publication.preview(desk.settings, desk.book, sent).changes if it.fate == "revised")
    assert (one.made_before["question"], one.made_after["question"]) == (USERS["question"], other["question"])
    second = publish(desk, sent)
    assert {row["edition"] for row in published(desk, "battery_1662_exit")} == {first.edition}
    (row,) = published(desk, "complaints_in_time")
    assert (row["edition"], read_made(row["source_detail"])[1]["question"]) == (second.edition, other["question"])


def test_last_year_s_method_is_proposed_and_holds_once_it_is_confirmed(desk: Desk, record: Engine) -> None:
    last = desk.send(workbook([("nps", "Total", Y - 1, 40, None, None, 900), ("completion_rate", "Total", Y - 1, 80)],
                              method=None, more=sheet(("all", USERS), ("completion_rate", {"who": "Web team"}))),
                     period=str(Y - 1))  # fmt: skip
    sent = desk.send(workbook([("completion_rate", "Total", Y, 81)], method=None))
    assert (sent.method, len(found(desk, sent, "method_missing"))) == ({}, 1)
    assert find_earlier(desk.settings, sent).id == last.id
    with pytest.raises(MoveNotAllowed) as refused:
        intake.confirm_method(desk.settings, desk.book, desk.by, sent.id, {"sample_size": "900"})
    assert refused.value.code == "method_time"
    made = intake.confirm_method(desk.settings, desk.book, desk.by, sent.id, {"period_of_work": f"June {Y}"})
    assert (made.method["question"], made.method["period_of_work"]) == (USERS["question"], f"June {Y}")
    assert made.methods["completion_rate"]["who"] == "Web team"
    assert made.methods["completion_rate"]["period_of_work"] == f"June {Y}"
    assert "nps" not in made.methods
    entry = audit.list_entries(record)[0]
    assert [it.after["confirmed"] for it in entry if it.after and "confirmed" in it.after] == [
        f"submission {last.id} ({Y - 1})"
    ]
    moves = [it for it in workflow.detail(desk.settings, desk.by, sent.id)[2] if it.move == "confirm_method"]
    assert [it.reason for it in moves] == [f"submission {last.id} ({Y - 1})"]


def test_a_sheet_that_is_last_year_s_word_for_word_is_told(desk: Desk) -> None:
    earlier = [(*GOOD[0][:2], Y - 1, *GOOD[0][3:])]
    last = desk.send(workbook(earlier, method=None, more=sheet(("all", USERS))), period=str(Y - 1))
    again = desk.send(workbook(method=None, more=sheet(("all", USERS))))
    assert found(desk, again, "method_as_before") == [{"number": str(last.id), "period": str(Y - 1)}]
    other = desk.send(workbook(method=None, more=sheet(("all", {**USERS, "period_of_work": f"June {Y}"}))))
    assert found(desk, other, "method_as_before") == []


async def told(sender: Person, number: int = 1) -> dict[str, Any]:
    answer: dict[str, Any] = (await sender.client.get(f"/api/v1/submissions/{number}")).json()
    return answer


async def test_the_page_takes_one_indicator_apart_and_puts_it_back_without_script(sender: Person) -> None:
    await sender.upload(workbook(method=None))
    page, path = "/contribute/1/method", "/contribute/1/method"
    form = (await sender.client.get(page)).text
    assert (form.count('type="checkbox" name="same.'), form.count("checked")) == (2, 2)
    assert "<script" not in form.split("<main")[1].split("</main>")[0]
    apart = {"same.battery_1662_exit": "1", "method.complaints_in_time.method": "estimate",
             "method.complaints_in_time.who": "Office"}  # fmt: skip
    assert (await sender.post(path, page, **HOW, **apart)).status_code == 303
    one = await told(sender)
    assert one["method"]["method"] == "registers"
    assert one["methods"] == {"complaints_in_time": {"method": "estimate", "who": "Office"}}
    assert "checked" in (await sender.client.get(page)).text.split("same.battery_1662_exit")[1][:30]
    back = {"same.battery_1662_exit": "1", "same.complaints_in_time": "1", "method.complaints_in_time.who": "Office"}
    assert (await sender.post(path, page, **HOW, **back)).status_code == 303
    assert (await told(sender))["methods"] == {}
    assert (await sender.post(path, page, **{"same.battery_1662_exit": "1"})).status_code == 422
    wrong = {"method.complaints_in_time.interval_level": "80"}
    assert (await sender.post(path, page, **HOW, **wrong)).status_code == 422


async def test_the_page_proposes_last_year_s_method_and_takes_its_confirmation(sender: Person) -> None:
    await sender.upload(workbook([("nps", "Total", Y - 1, 40)], method=None), period=str(Y - 1), **HOW)
    await sender.upload(workbook([("nps", "Total", Y, 41)], method=None))
    page = "/contribute/2/method"
    form = (await sender.client.get(page)).text
    assert 'value="Statistics office"' not in form
    assert "Statistics office" in form
    assert (await sender.post(page, page, confirm="1")).status_code == 422
    sent = await sender.post(page, page, confirm="1", **{"method.period_of_work": "All year"})
    assert sent.status_code == 303
    assert (await told(sender, 2))["method"] == {name[7:]: it for name, it in HOW.items()} | {
        "period_of_work": "All year"
    }


async def test_a_method_is_sent_beside_a_file_by_indicator(sender: Person) -> None:
    own = {"method.nps.method": "user_survey", "method.nps.who": "Agency", "method.nps.definition_used": "official"}
    head = "Indicator code;Group;Year;Value"
    body = f"{head}\r\nnps;Total;{YEAR};40\r\nwaiting_median;Total;{YEAR};12".encode()
    assert (await sender.upload(body, "a.csv", **HOW, **own)).status_code == 303
    one = await told(sender)
    assert one["methods"]["nps"] == {"method": "user_survey", "who": "Agency", "definition_used": "official"}
    for wrong in ({"method.npz.who": "x"}, {"method.nps.colour": "x"}, {"method.nps.method": "hearsay"}):
        refused: httpx.Response = await sender.upload(body, "a.csv", **HOW, **wrong)
        assert refused.status_code == 422


async def test_nobody_says_it_for_another_s_file_or_after_it_was_submitted(sender: Person, person: Make) -> None:
    await sender.upload(workbook(GOOD))
    stranger = person(country="TUR")
    assert (await stranger.client.get("/contribute/1/method")).status_code == 404
    assert (await stranger.post("/contribute/1/method", "/contribute/", **HOW)).status_code == 404
    await sender.post("/contribute/1/move", "/contribute/1", move="submit")
    form = (await sender.client.get("/contribute/1/method")).text
    assert "<select" not in form.split("<main")[1].split("</main>")[0]
