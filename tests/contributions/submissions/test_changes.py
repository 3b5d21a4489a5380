"""What a submission would change, as its page tells it: the largest revisions first, groups in words."""

from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from dashboard.contributions.submissions import publication
from dashboard.contributions.submissions.comparison import PublicationComparison
from dashboard.contributions.submissions.model import FigureChange, Submission
from dashboard.contributions.submissions.workbooks.changes import SHOWN_CHANGES, changes_of
from dashboard.settings import Settings

NPS = "nps"


def _told(
    monkeypatch: pytest.MonkeyPatch,
    *made: FigureChange,
    state: str = "checked",
    dataset: str = "figures",
    rows: int = 1,
) -> tuple[list[dict[str, str]], list[dict[str, str]], dict[str, int]]:
    monkeypatch.setattr(publication, "preview", lambda *_: PublicationComparison(pl.DataFrame(), (), made))
    submission = cast(Submission, cast(Any, SimpleNamespace(state=state, rows=rows, dataset=dataset)))
    return changes_of(Settings(), submission, "en")


def test_revisions_come_first_the_largest_on_top_then_what_goes_and_what_is_new(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told, folded, counts = _told(
        monkeypatch,
        FigureChange(NPS, "2020", "{}", "unchanged", 5, 5), FigureChange(NPS, "2021", "{}", "new", None, 7),
        FigureChange(NPS, "2022", "{}", "vanished", 3, None), FigureChange(NPS, "2023", "{}", "revised", 100, 101),
        FigureChange(NPS, "2024", "{}", "revised", 100, 50), FigureChange(NPS, "2025", "{}", "revised", 0, 4),
        FigureChange(NPS, "2019", "{}", "new", None, None),
    )  # fmt: skip
    assert [row["period"] for row in told] == ["2024", "2023", "2025", "2022", "2021"]
    assert [row["period"] for row in folded] == ["2019", "2020"], "what changes no figure"
    assert [row["percent"] for row in told] == ["−50.0\u00a0%", "+1.0\u00a0%", "", "", ""]
    assert [(row["before"], row["after"]) for row in told[3:5]] == [("3", "–"), ("–", "7")]
    assert counts == {"revised": 3, "withdrawn": 0, "vanished": 1, "new": 2, "unchanged": 1, "folded": 2}


def test_groups_are_words_where_there_are_words_and_as_the_file_calls_them_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    groups = (
        "{}",
        '{"Sex": "FEMALE"}',
        '{"Wealth": "Q5", "Place": "rural"}',
        '{"Region": "Şəki.x y"}',
        '{"Region": "a_b.c"}',
    )
    told, _, _ = _told(monkeypatch, *(FigureChange(NPS, "2024", one, "new", None, 1) for one in groups))
    assert [row["group"] for row in told] == ["Total", "Women", "Richest fifth, Rural", "Şəki.x y", "a_b.c"]


def test_so_many_are_shown_and_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [FigureChange(NPS, "2024", "{}", "new", None, 1)] * (SHOWN_CHANGES + 20)
    told, _, counts = _told(monkeypatch, *many)
    assert (len(told), counts["new"]) == (300, 320)


@pytest.mark.parametrize(
    ("state", "dataset", "rows", "shown"),
    [
        ("checked", "figures", 1, True), ("submitted", "figures", 1, True), ("approved", "survey", 1, True),
        ("draft", "figures", 1, False), ("published", "figures", 1, False), ("checked", "counts", 1, False),
        ("checked", "figures", 0, False),
    ],
)  # fmt: skip
def test_the_difference_is_shown_while_somebody_decides_on_figures(
    monkeypatch: pytest.MonkeyPatch, state: str, dataset: str, rows: int, shown: bool
) -> None:
    change = FigureChange(NPS, "2024", "{}", "new", None, 1)
    assert (_told(monkeypatch, change, state=state, dataset=dataset, rows=rows) != ([], [], {})) == shown


def test_a_figure_is_told_as_precisely_as_it_was_sent_with_its_interval_and_who_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    change = FigureChange(
        "battery_1662_exit", "2024", "{}", "revised", 61.5, 61.497, "submission 7", "", (60.0, 63.125), (59.5, 63),
        "n = 800", "n = 810; Two centres more",
    )  # fmt: skip
    one = _told(monkeypatch, change)[0][0]
    assert (one["before"], one["after"], one["number"]) == ("61.5", "61.497", "7")
    assert one["beside_before"] == "60.0 – 63.125 (95\u00a0%) · n = 800"
    assert one["beside_after"] == "59.5 – 63.0 (95\u00a0%) · n = 810; Two centres more"


@pytest.mark.parametrize(("value", "shown"), [
    (0.1 + 0.2, "0.3"), (1e-9, "0.0"), (12.0, "12.0"), (99.123456789, "99.123457"),
    (1e22, "10,000,000,000,000,000,000,000.0"),
])  # fmt: skip
def test_decimals_that_say_nothing_are_not_shown(monkeypatch: pytest.MonkeyPatch, value: float, shown: str) -> None:
    change = FigureChange("battery_1662_exit", "2024", "{}", "new", None, value)
    assert _told(monkeypatch, change)[0][0]["after"] == shown
