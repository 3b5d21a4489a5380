"""A change too large to believe waits for a person, source by source; what is published stays."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database import proposals, runs, vintages
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.evidence.dataset.store import Dataset
from dashboard.evidence.gathering.plan import GatheringChoice
from dashboard.evidence.gathering.review import review
from dashboard.evidence.gathering.run import Summary, gather
from dashboard.settings import Settings
from tests.data_sources.server import Publisher, json_reply
from tests.evidence.database.figures import figure, figures, issue, raw_record
from tests.evidence.gathering.publishers import Fact, UnSdg, WorldBank
from tests.given import some

YEARS = [str(year) for year in range(2010, 2022)]
OLD: list[Fact] = [("AZE", year, "50.5") for year in YEARS]
ODD: list[Fact] = [("AZE", year, "60.5" if year < "2016" else "50.5") for year in YEARS[:-1]]
"""Six of twelve revised, one vanished."""

Run = Callable[..., Awaitable[Summary]]


@pytest.fixture
def settings(tmp_path: Path, database_url: str, publisher: Publisher) -> Settings:
    return Settings(
        data_dir=tmp_path / "data",
        database_url=SecretStr(database_url),
        review={"share": 0.5, "least": 10},
        sources={"world_bank": {"base_url": f"{publisher.url}/v2"}, "un_sdg": {"base_url": f"{publisher.url}/sdg"}},
    )


@pytest.fixture
def bank(publisher: Publisher) -> WorldBank:
    return WorldBank(publisher)


@pytest.fixture
def run(settings: Settings, publisher: Publisher, bank: WorldBank) -> Run:
    un = UnSdg(publisher)

    async def once(facts: list[Fact], un_value: str = "10.5", **how: Any) -> Summary:
        bank.on("internet_users", json_reply(bank.body("internet_users", facts)))
        un.on("bribery_persons", json_reply(un.body("bribery_persons", [("AZE", "2020", un_value)])))
        choice = how.pop("choice", GatheringChoice(("world_bank", "un_sdg"), ("internet_users", "bribery_persons")))
        return await gather(settings, load_codebook(), choice, **how)

    return once


def shown(settings: Settings, indicator: str = "internet_users", **where: str) -> list[float]:
    return Dataset.current(settings.dataset_dir).rows(indicator).filter(**where).collect()["value"].to_list()


async def test_it_waits_with_a_reason_and_keeps_back_no_other_source(run: Run, settings: Settings) -> None:
    assert (await run(OLD)).waiting == ()
    summary = await run(ODD, "11.5")
    ((number, reason),) = summary.waiting
    assert "world_bank: 7 of 12 published figures (58%) would vanish (1) or be revised (6), more than 50%" in reason
    assert {v.planned.link.source: v.state for v in summary.verdicts} == {"un_sdg": "changed", "world_bank": "waiting"}
    assert (summary.state, summary.vintage, shown(settings)) == ("succeeded", 2, [50.5] * 12)
    assert shown(settings, "bribery_persons") == [11.5]
    outcomes = runs.read_last_outcomes(open_engine(settings)).filter(indicator="internet_users", source="world_bank")
    ((run_id, state, code, message),) = outcomes.select("run", "state", "code", "message").rows()
    assert (run_id, state, code) == (summary.run, "waiting", review.CODE)
    assert "reason" not in message
    assert reason.removeprefix("world_bank: ") in message
    version = review.approve(settings, load_codebook(), number)
    assert (version.vintage, shown(settings)) == (3, [60.5] * 6 + [50.5] * 5)
    assert Dataset.current(settings.dataset_dir).as_of(2).rows("internet_users").collect().height == 12
    assert (await run(ODD, "11.5")).vintage is None


async def test_what_was_rejected_is_not_proposed_again(run: Run, settings: Settings) -> None:
    await run(OLD)
    ((number, _),) = (await run(ODD)).waiting
    assert [n for n, _ in (await run(ODD)).waiting] == [number]
    review.reject(settings, number)
    again = await run(ODD)
    assert again.waiting == ()
    (verdict,) = [v for v in again.verdicts if v.planned.link.source == "world_bank"]
    assert (verdict.state, verdict.code, shown(settings)) == ("unchanged", review.REJECTED, [50.5] * 12)


async def test_a_publisher_that_takes_it_back_withdraws_the_proposal(run: Run, settings: Settings) -> None:
    await run(OLD)
    ((number, _),) = (await run(ODD)).waiting
    await run(OLD)
    assert proposals.list_waiting(open_engine(settings)) == []
    with pytest.raises(LookupError, match="withdrawn"):
        review.approve(settings, load_codebook(), number)


async def test_an_accepted_indicator_does_not_wait(run: Run, settings: Settings) -> None:
    await run(OLD)
    assert (await run(ODD, accept=("internet_users",))).waiting == ()
    assert shown(settings) == [60.5] * 6 + [50.5] * 5


async def test_few_figures_say_nothing_of_a_share(run: Run, settings: Settings) -> None:
    await run(OLD[:9])
    assert (await run([(iso3, year, "70") for iso3, year, _ in OLD[:9]])).waiting == ()
    assert shown(settings) == [70.0] * 9


HALF = ("AZE", "GEO", "KAZ", "KGZ")
WHERE: list[Fact] = [(iso3, year, "50.5") for iso3 in HALF for year in ("2020", "2021")]


async def test_a_series_that_half_its_countries_leave_with_a_new_edition_waits_alone(
    run: Run, settings: Settings, bank: WorldBank
) -> None:
    await run(WHERE)
    bank.editions = ("2026-10-01", "2026-10-01")
    summary = await run([(iso3, year, "51.5") for iso3, year, _ in WHERE if iso3 in ("AZE", "GEO")], "11.5")
    ((number, reason),) = summary.waiting
    assert reason == "world_bank: 2 of 4 countries (50%) would vanish from internet_users, 50% or more: KAZ, KGZ"
    assert {v.planned.link.source: v.state for v in summary.verdicts} == {"un_sdg": "changed", "world_bank": "waiting"}
    assert (shown(settings), shown(settings, "bribery_persons")) == ([50.5] * 8, [11.5])
    review.approve(settings, load_codebook(), number)
    assert shown(settings) == [51.5] * 4


@pytest.mark.parametrize(
    ("left", "share"),
    [(HALF[:3], 0.5), (HALF[:2], 0.6), (HALF[:2], 1)],
    ids=["fewer leave", "more is allowed", "never"],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_fewer_countries_leave_does_not_wait(
    run: Run, settings: Settings, bank: WorldBank, left: tuple[str, ...], share: float
) -> None:
    await run(WHERE)
    bank.editions = ("2026-10-01", "2026-10-01")
    settings.review.countries = share
    assert (await run([fact for fact in WHERE if fact[0] in left])).waiting == ()
    assert len(shown(settings)) == 2 * len(left)


async def test_a_series_held_back_replaces_the_change_that_held_back_more(
    run: Run, settings: Settings, bank: WorldBank
) -> None:
    others: list[Fact] = [(iso3, "2020", "50.5") for iso3 in HALF[1:]]
    await run([*OLD, *others])
    ((whole, _),) = (await run([*((iso3, year, "60.5") for iso3, year, _ in OLD), *others])).waiting
    bank.editions = ("2026-10-01", "2026-10-01")
    ((part, _),) = (await run([*OLD, *others[:1]])).waiting
    assert [one.number for one in proposals.list_waiting(open_engine(settings))] == [part]
    assert part != whole


async def test_a_dry_run_says_that_it_would_wait(run: Run, settings: Settings) -> None:
    await run(OLD)
    ((number, _),) = (await run(ODD, dry_run=True)).waiting
    assert number == 0
    assert proposals.list_waiting(open_engine(settings)) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestScope:
    async def test_only_the_country_and_the_years_asked_for_change(self, run: Run, settings: Settings) -> None:
        before: list[Fact] = [("AZE", "2019", "10"), ("AZE", "2020", "11"), ("GEO", "2020", "12")]
        after: list[Fact] = [("AZE", "2019", "20"), ("AZE", "2020", "21"), ("GEO", "2020", "22"), ("GEO", "2021", "23")]
        await run(before)
        narrow = GatheringChoice(indicators=("internet_users",), countries=("AZE",), since=2020)
        assert (await run(after, choice=narrow)).verdicts[0].counts["changed"] == 1
        assert shown(settings, country="AZE") == [10.0, 21.0]
        assert shown(settings, country="GEO") == [12.0]
        await run(after)
        assert shown(settings, country="GEO") == [22.0, 23.0]

    async def test_a_new_edition_is_taken_whole_or_not_at_all(
        self, run: Run, settings: Settings, bank: WorldBank
    ) -> None:
        await run(OLD)
        bank.editions = ("2026-10-01", "2026-10-01")
        summary = await run(OLD, choice=GatheringChoice(indicators=("internet_users",), countries=("AZE",)))
        assert (summary.verdicts[0].code, summary.vintage) == ("scope.edition", None)
        assert "without --country" in summary.verdicts[0].message

    async def test_a_publisher_without_an_address_is_named_and_fails_nothing(
        self, run: Run, settings: Settings
    ) -> None:
        summary = await run(OLD, choice=GatheringChoice(("world_bank", "cpi"), ("internet_users", "ti_cpi")))
        assert [planned.metric.id for planned in summary.unaddressed] == ["ti_cpi"]
        assert summary.state == "succeeded"
        assert len(vintages.list_vintages(open_engine(settings))) == 1


async def test_a_mistaken_approval_is_taken_back_as_a_new_vintage(run: Run, settings: Settings) -> None:
    await run(OLD)
    await run(OLD, "11.5")
    before = shown(settings)
    ((number, _),) = (await run(ODD, "11.5")).waiting
    review.approve(settings, load_codebook(), number)
    assert shown(settings) != before
    assert (review.rollback(settings, load_codebook(), 2).vintage, shown(settings)) == (4, before)
    current = Dataset.current(settings.dataset_dir)
    assert current.as_of(3).rows("internet_users").collect().height == len(ODD)  # nothing is deleted
    assert some(vintages.find_latest(open_engine(settings))).note.startswith("Back to vintage 2 of ")
    audited = some(runs.find_latest(open_engine(settings)))
    assert (audited.trigger, audited.plan, audited.state) == ("rollback", {"to": 2, "from": 3}, "succeeded")
    with pytest.raises(LookupError, match="is what vintage 2 held"):
        review.rollback(settings, load_codebook(), 2)
    for unknown in (0, 4, 9):
        with pytest.raises(LookupError, match=f"no older vintage {unknown} to go back to; there are 1 to 3"):
            review.rollback(settings, load_codebook(), unknown)
    ((again, _),) = (await run(ODD, "11.5")).waiting  # the same change waits again for a person
    assert again > number


async def test_what_nobody_had_approved_waits_when_it_comes_again_after_going_back(
    run: Run, settings: Settings
) -> None:
    await run(OLD)
    with pytest.raises(LookupError, match=r"no older vintage 1 to go back to; there is none$"):
        review.rollback(settings, load_codebook(), 1)
    assert not (await run(OLD, "11.5")).waiting
    assert not (await run(OLD[:8], "11.5")).waiting
    review.rollback(settings, load_codebook(), 1)
    dry = await run(OLD[:8], "11.5", dry_run=True)
    both = await run(OLD[:8], "11.5")
    assert [words for _, words in both.waiting] == [words for _, words in dry.waiting]
    assert {words for _, words in both.waiting} == {
        "world_bank: internet_users would change 4 figures of which a vintage was taken back",
        "un_sdg: bribery_persons would change a figure of which a vintage was taken back",
    }
    assert (len(shown(settings)), shown(settings, "bribery_persons")) == (len(OLD), [10.5])
    for number, _ in both.waiting:
        review.approve(settings, load_codebook(), number)
    assert not (await run(OLD[:8], "12.5")).waiting  # a person has looked since
    assert shown(settings, "bribery_persons") == [12.5]


async def test_one_vintage_to_go_back_to_is_one(run: Run, settings: Settings) -> None:
    await run(OLD)
    await run(OLD, "11.5")
    with pytest.raises(LookupError, match=r"no older vintage 2 to go back to; there is 1$"):
        review.rollback(settings, load_codebook(), 2)


async def test_what_only_came_or_only_went_is_taken_back_too_and_other_indicators_stay(
    run: Run, settings: Settings
) -> None:
    await run(OLD[:6])
    await run(OLD[:8])
    await run(OLD[:8], "11.5")
    held: dict[int, list[int | float]] = {1: [6, 10.5], 2: [8, 10.5], 3: [8, 11.5]}
    for number, to in enumerate((1, 2, 3, 1, 3, 2), 4):
        assert review.rollback(settings, load_codebook(), to).vintage == number
        assert [len(shown(settings)), *shown(settings, "bribery_persons")] == held[to]
    rows = Dataset.current(settings.dataset_dir).rows("internet_users").collect()
    assert rows["id"].n_unique() == rows.height == 8


SENT = {"indicator": "bribery_persons", "source": "national_submission", "series": "level3:AZE", "country": "AZE"}


def standing(settings: Settings) -> list[tuple[str, str, float, bool]]:
    """Source, year and value of each figure in force on bribery, and whether pages show it."""
    rows = Dataset.current(settings.dataset_dir).rows("bribery_persons").select("source", "period", "value", "primary")
    return sorted(rows.collect().rows())


async def test_what_a_country_sent_is_not_shown_beside_a_publisher_that_comes_later(
    run: Run, settings: Settings
) -> None:
    record = open_engine(settings)
    issue(record, figures(figure(12.0, period="2020", **SENT), figure(13.0, period="2021", **SENT)))
    await run(OLD)
    behind = [("national_submission", "2020", 12.0, False), ("national_submission", "2021", 13.0, False)]
    assert standing(settings) == [*behind, ("un_sdg", "2020", 10.5, True)]
    await run(OLD, "11.5")
    assert standing(settings) == [*behind, ("un_sdg", "2020", 11.5, True)]
    review.rollback(settings, load_codebook(), 1)
    assert standing(settings) == [(*one[:3], True) for one in behind]


async def test_nor_beside_a_change_that_a_person_has_approved(run: Run, settings: Settings) -> None:
    await run(OLD)
    record = open_engine(settings)
    last = some(vintages.find_latest(record))
    sent = figures(figure(12.0, **SENT | {"indicator": "internet_users"}))
    moment = last.created_at + timedelta(seconds=1)
    vintages.write_vintage(
        record, created_at=moment, note="", run_id=None, added=sent, superseded=(), records=[raw_record()]
    )
    ((number, _),) = (await run(ODD)).waiting
    review.approve(settings, load_codebook(), number)
    assert vintages.read_current_rows(record, "internet_users", SENT["source"])["primary"].to_list() == [False]


async def test_what_a_country_sent_is_shown_once_its_publisher_has_it_no_more(run: Run, settings: Settings) -> None:
    """But nothing by a definition of the country's own, and of what a survey alone can tell nothing else."""
    record = open_engine(settings)
    await run(OLD[:6])
    ways = {"2018": "household_survey", "2019": "user_survey"}
    sent = figures(
        *(
            figure(12.0, **SENT, period=year, primary=False, source_detail=f"Submitted by A | method: {way} | who: A")
            for year, way in ways.items()
        ),
        *(
            figure(13.0, **SENT | {"indicator": "internet_users"}, nature=nature, primary=False)
            for nature in ("C", "CN")
        ),
    )
    moment = some(vintages.find_latest(record)).created_at + timedelta(seconds=1)
    vintages.write_vintage(
        record, created_at=moment, note="", run_id=None, added=sent, superseded=(), records=[raw_record()]
    )
    await run(OLD[:5])
    own = ("C", False), ("CN", False)
    assert natures(settings) == [*own]
    await run([("GEO", "2020", "50.5")])  # no longer in its newest edition
    assert natures(settings) == [("C", True), ("CN", False)]
    assert [one[3] for one in standing(settings)] == [False, False, True], "what has its publisher still"
    gone = vintages.read_current_rows(record, "bribery_persons", "un_sdg")["id"]
    with reading(record) as connection:
        (shown,), ids = vintages.adjust_primary_on(connection, [], gone)
    assert shown.select("period", "primary").rows() == [("2018", True)]
    assert ids == [*gone, *shown["id"]]
    await run(OLD[:6])
    assert natures(settings) == [*own], "it has come back"


def natures(settings: Settings) -> list[tuple[str, bool]]:
    """By whose definition the figures of a country on internet users are, and whether pages show them."""
    rows = Dataset.current(settings.dataset_dir).rows("internet_users").filter(source=SENT["source"])
    return sorted(rows.select("nature", "primary").collect().rows())


async def test_going_back_leaves_what_offices_have_published_since(run: Run, settings: Settings) -> None:
    record = open_engine(settings)
    await run(OLD[:6])
    await run(OLD[:8])
    last = some(vintages.find_latest(record))
    added = figures(figure(12.0, period="2021", primary=False, **SENT))
    moment = last.created_at + timedelta(seconds=1)
    vintages.write_vintage(
        record, created_at=moment, note="", run_id=None, added=added, superseded=(), records=[raw_record()]
    )
    review.rollback(settings, load_codebook(), 1)
    assert len(shown(settings)) == 6
    assert standing(settings) == [("national_submission", "2021", 12.0, False), ("un_sdg", "2020", 10.5, True)]
    with pytest.raises(LookupError, match="nothing to go back to"):
        review.rollback(settings, load_codebook(), 1)
