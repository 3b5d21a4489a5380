"""What changed between two days, by name: rounding, editions, a country that is gone, statuses, targets, claims."""

import csv
import io
import statistics
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.answers.changes import between, verdicts
from dashboard.answers.changes import figures as figures_changed
from dashboard.answers.changes.query import KINDS, BetweenQuery, ask_changes, end_of_last_month, end_of_last_quarter
from dashboard.answers.changes.views import ChangesBetween
from dashboard.answers.claims.finding import ClaimFinding
from dashboard.evidence.dataset.store import Dataset
from dashboard.locales import LANGUAGES
from dashboard.settings import Settings
from tests.answers.published import publish_states, use
from tests.evidence.database.figures import figure, figures

FIRST, SECOND, THIRD = "2026-03-01", "2026-03-02", "2026-03-03"
USERS = {"indicator": "internet_users", "source": "world_bank", "series": "IT.NET.USER.ZS", "nature": ""}
BIRTHS = {"indicator": "birth_registration", "series": "SG_REG_BRTH"}


def users(country: str, year: int, value: float, edition: str = "2023", **more: Any) -> dict[str, Any]:
    return figure(value, country=country, period=str(year), edition=edition, **USERS | more)


def births(country: str, value: float, edition: str = "2023") -> dict[str, Any]:
    return figure(value, country=country, period="2023", edition=edition, **BIRTHS)


APART = ("AUS", "BRA", "CAN", "CHN", "ESP", "FRA", "IND", "ITA", "JPN", "POL")
"""Countries whose figures never change, so that an indicator has a spread."""


def unmoved(edition: str) -> list[dict[str, Any]]:
    return [
        row
        for at, iso3 in enumerate(APART)
        for row in (users(iso3, 2023, 10.0 * (at + 1), edition), births(iso3, 98 + at / 10, edition))
    ]


def states() -> list[list[dict[str, Any]]]:
    """Three states: the last two differ in Kyrgyzstan alone."""
    first = [
        *unmoved("2023"),
        users("AZE", 2023, 61.4),
        users("KGZ", 2023, 70.0),
        *(users("SEN", year, 50.0) for year in (2021, 2022, 2023)),
        users("UZB", 2015, 50.0), users("UZB", 2023, 53.7),
        users("UGA", 2023, 61.0) | {"value_text": "61"},
        births("AZE", 99.5), births("KGZ", 100.0), births("UGA", 80.0),
        users("DEU", 2023, 90.0),
        users("AZE", 2023, 40.0, dimensions='{"Sex":"FEMALE"}'),
        users("AZE", 2023, 88.0, source="un_sdg", series="IT_USE_ii99", primary=False),
    ]  # fmt: skip
    second = [
        *unmoved("2024"),
        users("AZE", 2023, 61.44, "2024"),  # one more digit: shown alike
        users("KGZ", 2023, 73.5, "2024"),
        users("UZB", 2015, 50.0, "2024"), users("UZB", 2023, 54.6, "2024"),
        users("UGA", 2023, 61.4, "2024"),  # the earlier edition had whole numbers
        users("ROU", 2020, 84.0, "2024"), users("ROU", 2021, 85.0, "2024"),
        births("AZE", 100.0, "2024"), births("KGZ", 99.9, "2024"), births("UGA", 81.0, "2024"),
        users("DEU", 2023, 95.0, "2024"),
        users("AZE", 2023, 45.0, "2024", dimensions='{"Sex":"FEMALE"}'),
        users("AZE", 2023, 89.0, "2024", source="un_sdg", series="IT_USE_ii99", primary=False),
    ]  # fmt: skip
    third = [*(row for row in second if row["country"] != "KGZ"), users("KGZ", 2023, 70.0, "2025"), births("KGZ", 99.9)]
    return [first, second, third]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return publish_states(tmp_path_factory.mktemp("changes"), *(figures(*rows) for rows in states()))


@pytest.fixture
def ctx(published: Settings) -> Iterator[Context]:
    with use(published.data_dir):
        yield open_context(as_of=SECOND)


def view(ctx: Context, since: str = FIRST, page: int = 1, **asked: Any) -> ChangesBetween:
    return between.view_changes(ctx, ask_changes(ctx, since, **asked), page)


def counts(found: ChangesBetween) -> dict[str, int]:
    return {one["kind"]: one["count"] for one in found["counts"]}


def test_every_kind_is_counted_and_told_in_a_sentence(ctx: Context) -> None:
    found = view(ctx)
    assert counts(found) == dict.fromkeys(KINDS, 0) | {"revised": 5, "new": 2, "withdrawn": 3, "status": 2, "target": 2}
    assert found["text"] == (
        "Between 1 March 2026 and 2 March 2026, for Azerbaijan and 14 countries that have signed or gone further: "
        "5 figures revised beyond rounding, 2 new figures, 3 withdrawn, 2 statuses changed and 2 targets crossed."
    )
    assert found["beside"] == (
        "One release lies between: what changed is what it brought. "
        "2 rounding changes ignored. National totals as pages show them; statuses by "
        "UN Statistics Division, five levels (2026)."
    )


def test_more_digits_are_no_revision(ctx: Context) -> None:
    """61.4 → 61.44 and 61 → 61.4: neither is told; what another publisher or a breakdown says is not either."""
    rows = view(ctx, kind="revised")["rows"]
    assert {(row["iso3"], row["indicator"]) for row in rows} == {
        ("KGZ", "internet_users"), ("UZB", "internet_users"), ("AZE", "birth_registration"),
        ("UGA", "birth_registration"), ("KGZ", "birth_registration"),
    }  # fmt: skip


def test_a_country_withdrawn_is_one_line_with_all_its_years(ctx: Context) -> None:
    (row,) = view(ctx, kind="withdrawn")["rows"]
    assert (row["country"], row["period"], row["before"], row["after"]) == (
        "Senegal", "2021 to 2023", "50.0\xa0% (2023)", "",
    )  # fmt: skip
    assert row["note"].startswith("3 figures")
    assert row["id_before"]
    assert not row["id_after"]


def test_new_figures_are_one_line_with_all_their_years(ctx: Context) -> None:
    (row,) = view(ctx, kind="new")["rows"]
    assert (row["country"], row["period"], row["before"], row["after"]) == (
        "Romania", "2020 to 2021", "", "85.0\xa0% (2021)",
    )  # fmt: skip


def test_a_status_can_change_by_one_method_alone(ctx: Context) -> None:
    default, eurostat = (view(ctx, kind="status", method=name)["rows"] for name in ("unsd_2026", "eurostat"))
    told = [(row["country"], row["before"], row["after"]) for row in default]
    assert told == [
        ("Romania", "no figure", "marginal progress, significant acceleration needed"),
        ("Senegal", "stagnation", "no figure"),
    ]
    row = eurostat[0]  # that had and has a status: before those that have one of the two
    assert (row["country"], row["indicator"], len(eurostat)) == ("Uzbekistan", "internet_users", 3)
    assert row["before"] != row["after"]
    assert row["note"] == "53.7\xa0% (2023) → 54.6\xa0% (2023)"


def test_targets_lost_come_before_targets_reached(ctx: Context) -> None:
    rows = view(ctx, kind="target")["rows"]
    assert [(row["iso3"], row["before"], row["after"]) for row in rows] == [
        ("KGZ", "100.0\xa0% (2023)", "99.9\xa0% (2023)"), ("AZE", "99.5\xa0% (2023)", "100.0\xa0% (2023)"),
    ]  # fmt: skip
    assert {row["note"] for row in rows} == {"target 100.0\xa0%"}


def test_a_claim_answered_otherwise_is_told_unless_a_country_is_asked_for(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answered(then: Context, claim: Any, sent: Any) -> ClaimFinding:
        shown = claim.id == ctx.book.claims[0].id and then.dataset.vintage > 1
        return ClaimFinding("shown" if shown else "said_not_shown", "")

    monkeypatch.setattr(verdicts, "find_answer", answered)
    (row,) = verdicts.list_changed_claims(open_context(as_of=FIRST), ctx, between.NOTHING_SENT)
    assert row["name"].startswith(ctx.book.claims[0].id)
    assert row["to"] == f"/en/statement/{ctx.book.claims[0].id}/"
    assert row["before"] != row["after"]
    assert counts(view(ctx, countries=("UGA",)))["claim"] == 0


def test_a_figure_that_went_and_came_back_has_not_changed(ctx: Context) -> None:
    """70.0 → 73.5 → 70.0: two steps tell of it twice, the whole way not at all."""
    now = open_context()
    assert ("KGZ", "internet_users") in {(it["iso3"], it["indicator"]) for it in view(now, SECOND)["rows"]}
    told = view(now, FIRST, kind="revised")["rows"]
    assert ("KGZ", "internet_users") not in {(it["iso3"], it["indicator"]) for it in told}


def test_nothing_changed_since_the_same_day(ctx: Context) -> None:
    found = view(ctx, SECOND)
    assert counts(found) == dict.fromkeys(KINDS, 0)
    assert (found["rows"], found["largest"], found["total"], found["pages"]) == ([], [], 0, 1)
    assert found["text"].startswith("Nothing changed between 2 March 2026 and 2 March 2026")


def test_a_day_before_the_first_dataset_is_compared_with_the_first(ctx: Context) -> None:
    found = view(ctx, "2025-12-31")
    assert (found["since"], found["asked"]) == (FIRST, "2025-12-31")
    assert found["beside"].startswith("First release: 1 March 2026; earlier dates use it.")
    assert counts(found) == counts(view(ctx))
    assert view(ctx)["asked"] == ""


def test_filters_narrow_and_the_world_widens(ctx: Context) -> None:
    assert counts(view(ctx, countries=("KGZ",)))["revised"] == 2
    assert counts(view(ctx, indicator="birth_registration"))["revised"] == 3
    assert counts(view(ctx, goal=16))["revised"] == 3
    assert counts(view(ctx, goal=17))["revised"] == 2
    assert counts(view(ctx, group="world"))["revised"] == 6
    assert "all countries and areas" in view(ctx, group="world")["text"]
    assert "Kyrgyzstan" in view(ctx, countries=("KGZ",))["text"]
    assert view(ctx, indicator="birth_registration")["text"].startswith("Birth registration: Between ")
    assert view(ctx, indicator="ti_cpi")["text"].startswith("Corruption Perceptions Index: Nothing changed between ")
    assert view(ctx, goal=16)["text"].startswith("Goal 16: Between ")


def test_the_picture_has_the_largest_moves_by_the_spread_of_their_indicator(ctx: Context) -> None:
    """A point of registered births, which are all near 98, is more than five of internet users, from 10 to 100."""
    bars = view(ctx, group="world")["largest"]
    assert [(bar["iso3"], bar["indicator"]) for bar in bars] == [
        ("UGA", "birth_registration"), ("DEU", "internet_users"), ("KGZ", "internet_users"),
        ("AZE", "birth_registration"),
    ]  # fmt: skip
    assert (bars[1]["rose"], bars[1]["text"], bars[0]["length"]) == (True, "90.0 → 95.0", "100.0%")
    held = ctx.dataset.scan().filter(pl.col("primary"), pl.col("dimensions") == "{}", pl.col("year") > 2019)
    latest = held.filter(pl.col("indicator") == "internet_users").sort("year").collect().unique("country", keep="last")
    spreads = {"internet_users": statistics.stdev(latest["value"].to_list())}
    assert 5.0 / spreads["internet_users"] > 3.5 / spreads["internet_users"] > figures_changed.MIN_MOVE
    assert 0.9 / spreads["internet_users"] < figures_changed.MIN_MOVE, "Uzbekistan's 0.9 is no large move"
    back = view(open_context(), SECOND)["largest"]
    assert [(bar["iso3"], bar["rose"]) for bar in back] == [("KGZ", False)]


def test_a_later_year_is_a_new_period_and_an_earlier_one_is_not(tmp_path: Path) -> None:
    before = [users("AZE", 2020, 60.0), users("UZB", 2020, 50.0)]
    after = [*before, users("AZE", 2021, 61.0), users("UZB", 2019, 49.0), users("KGZ", 2021, 70.0)]
    settings = publish_states(tmp_path / "periods", figures(*before), figures(*after))
    with use(settings.data_dir):
        found = view(open_context(as_of=SECOND))
        told = {kind: [row["iso3"] for row in view(open_context(as_of=SECOND), kind=kind)["rows"]] for kind in KINDS}
    assert (counts(found)["period"], counts(found)["new"]) == (1, 2)
    assert (told["period"], sorted(told["new"])) == (["AZE"], ["KGZ", "UZB"])


def test_what_was_loaded_is_no_news_and_what_follows_from_it_alone_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second state is loaded, the third is a release: of both, only what the third brought is told."""
    settings = publish_states(tmp_path / "loaded", *(figures(*rows) for rows in states()))
    monkeypatch.setattr(Dataset, "loaded_vintages", lambda self: frozenset({1, 2}))
    with use(settings.data_dir):
        loaded, both = view(open_context(as_of=SECOND)), view(open_context(), FIRST)
        rows = view(open_context(as_of=SECOND), kind="loaded", page=1)["rows"]
        line = between.tell_since(open_context(as_of=SECOND), FIRST)
        news = view(open_context(), FIRST, countries=("KGZ",))
    assert counts(loaded) == dict.fromkeys(KINDS, 0) | {"loaded": 14}
    quiet = "no news from publishers and 14 differences from editions loaded with the product"
    assert loaded["text"].endswith(f": {quiet}.")
    assert line == f"{quiet} since 1 March 2026."
    assert loaded["beside"].startswith("No release of a publisher was gathered between these days. 2 rounding")
    assert [(row["name"], row["after"], row["to"]) for row in rows] == [
        ("Birth registration", "3 figures and 2 targets crossed",
         "/en/indicators/birth_registration/?as_of=2026-03-02"),
        ("Internet users", "7 figures and 2 statuses changed",
         "/en/indicators/internet_users/?as_of=2026-03-02"),
    ]  # fmt: skip
    assert loaded["largest"] == []
    assert both["beside"].startswith("One release lies between")
    assert counts(both)["loaded"] > counts(both)["revised"]
    assert "no news" not in both["text"]
    assert both["text"].endswith("differences from editions loaded with the product.")
    assert counts(news)["loaded"] == 0


@pytest.mark.usefixtures("embedded")
def test_editions_that_come_with_the_product_are_told_to_be_that() -> None:
    found = view(open_context(), "2026-11-24")
    assert {kind for kind, count in counts(found).items() if count} == {"loaded"}
    assert "No release of a publisher was gathered" in found["beside"]
    assert found["largest"] == []


def test_file_and_answer_have_the_same_rows(ctx: Context) -> None:
    query = ask_changes(ctx, FIRST)
    answer = between.answer_changes(ctx, query)
    rows = list(csv.DictReader(io.StringIO(between.write_changes_csv(ctx, query).decode())))
    assert len(rows) == len(answer["rows"]) == answer["total"] == sum(counts(view(ctx)).values())
    assert [row["id_after"] for row in rows] == [row["id_after"] for row in answer["rows"]]
    assert [row["kind"] for row in rows] == sorted((row["kind"] for row in rows), key=KINDS.index)
    assert answer["counts"] == counts(view(ctx)) | {"rounded": 2}
    row = next(row for row in answer["rows"] if row["id_before"] and row["before"] == 70.0)
    assert (row["before"], row["after"], row["difference"]) == (70.0, 73.5, 3.5)
    one = between.answer_changes(ctx, ask_changes(ctx, FIRST, kind="new"))
    assert {row["kind"] for row in one["rows"]} == {"new"}
    assert one["total"] == 2


def test_pages_of_lines(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(between, "ROWS", 3)
    plain = between.view_changes.__wrapped__  # type: ignore[attr-defined]  # past the answers kept
    query = ask_changes(ctx, FIRST, kind="revised")
    pages = [plain(ctx, query, number) for number in (1, 2, 3)]
    assert [len(page["rows"]) for page in pages] == [3, 2, 2]
    assert [page["page"] for page in pages] == [1, 2, 2]
    assert pages[0]["pages"] == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_tells_it(ctx: Context, lang: str) -> None:
    there = open_context(lang, SECOND)
    found = between.view_changes(there, ask_changes(there, FIRST))
    assert "4" in found["text"]
    assert "{" not in repr(found).replace("{'", "")


def test_quarters_and_months_end_where_they_end() -> None:
    assert [end_of_last_quarter(date(2026, month, 1)) for month in (1, 3, 4, 12)] == [
        date(2025, 12, 31), date(2025, 12, 31), date(2026, 3, 31), date(2026, 9, 30),
    ]  # fmt: skip
    assert end_of_last_month(date(2024, 3, 31)) == date(2024, 2, 29)
    assert end_of_last_month(date(2026, 1, 1)) == date(2025, 12, 31)


def test_a_question_that_cannot_be_asked_says_why(ctx: Context) -> None:
    assert ask_changes(ctx) == BetweenQuery(date(2025, 12, 31))
    for bad in ("yesterday", "2026-03-03"):  # no date; after the day looked at
        with pytest.raises(Invalid):
            ask_changes(ctx, bad)
    assert ask_changes(ctx, SECOND).since == date(2026, 3, 2)
    for wrong in ({"method": "mine"}, {"group": "moon"}, {"kind": "rounded"}):
        with pytest.raises(Invalid):
            ask_changes(ctx, FIRST, **wrong)
    for unknown in ({"countries": ("XXX",)}, {"indicator": "luck"}, {"goal": 18}):
        with pytest.raises(Unknown):
            ask_changes(ctx, FIRST, **unknown)
