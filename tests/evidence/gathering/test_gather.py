"""A gathering against both publishers over real HTTP: what is new comes in, what is faulty changes nothing."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic import SecretStr

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database import runs, vintages
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.evidence.dataset.store import Dataset
from dashboard.evidence.gathering import series
from dashboard.evidence.gathering.plan import GatheringChoice
from dashboard.evidence.gathering.run import DiskFull, Summary, gather
from dashboard.evidence.gathering.schedule.lease import Lost
from dashboard.evidence.gathering.series import SeriesVerdict
from dashboard.settings import Settings
from tests.checks import all_of
from tests.data_sources.server import Publisher, Scripted, bad_gateway, json_reply, status
from tests.data_sources.shapes import un_body, un_row, wb_body, wb_row
from tests.evidence.gathering.publishers import Fact, House, UnSdg, WorldBank, message
from tests.given import some

FIRST: list[Fact] = [("AZE", "2019", "81.1"), ("AZE", "2020", "84.6"), ("GEO", "2020", "72.5"), ("GEO", "2019", None)]
OTHER: list[Fact] = [("AZE", "2020", "55.5"), ("KAZ", "2020", "61")]

Run = Callable[..., Awaitable[Summary]]


@pytest.fixture(params=[WorldBank, UnSdg], ids=["world_bank", "un_sdg"])
def house(request: pytest.FixtureRequest, publisher: Publisher) -> House:
    made: House = request.param(publisher)
    return made


@pytest.fixture
def settings(tmp_path: Path, database_url: str, publisher: Publisher, request: pytest.FixtureRequest) -> Settings:
    slow = getattr(request.node, "callspec", None) and request.node.callspec.params.get("fault") in ("slow", "stalls")
    return Settings(
        data_dir=tmp_path / "data",
        database_url=SecretStr(database_url),
        http={"attempts": 2, "backoff": 0.01, "read_timeout": 0.4 if slow else 20, "max_retry_after": 0.5},
        sources={
            "world_bank": {"base_url": f"{publisher.url}/v2"},
            "un_sdg": {"base_url": f"{publisher.url}/sdg"},
        },
    )


@pytest.fixture
def run(house: House, settings: Settings) -> Run:
    async def once(**how: Any) -> Summary:
        return await gather(settings, load_codebook(), GatheringChoice((house.id,), tuple(house.series)), **how)

    return once


@pytest.fixture
async def before(house: House, run: Run) -> Summary:
    """A first gathering that went well: two series published."""
    one, two = house.series
    house.on(one, json_reply(house.body(one, FIRST)))
    house.on(two, json_reply(house.body(two, OTHER)))
    return await run()


def verdict(summary: Summary, indicator: str) -> SeriesVerdict:
    (found,) = [one for one in summary.verdicts if one.planned.metric.id == indicator]
    return found


def published(settings: Settings, indicator: str) -> dict[tuple[str, str], float | None]:
    shown = Dataset.current(settings.dataset_dir).rows(indicator).filter("primary", pl.col("dimensions") == "{}")
    return {
        (country, period): value
        for country, period, value in shown.select("country", "period", "value").collect().rows()
    }


def figures(facts: list[Fact]) -> dict[tuple[str, str], float | None]:
    return {(iso3, year): None if text is None else float(text) for iso3, year, text in facts}


async def test_a_first_gathering_publishes_what_the_publisher_has(
    before: Summary, house: House, settings: Settings
) -> None:
    one, two = house.series
    assert (before.state, before.vintage, [v.state for v in before.verdicts]) == ("succeeded", 1, ["new", "new"])
    assert published(settings, one) == figures(FIRST)
    assert published(settings, two) == figures(OTHER)
    assert verdict(before, one).counts == {
        "new": 4, "changed": 0, "unchanged": 0, "vanished": 0, "missing": 1, "rejected": 0,
    }  # fmt: skip
    dataset = Dataset.current(settings.dataset_dir)
    row = dataset.rows(one).filter(pl.col("value").is_not_null()).head(1).collect().row(0, named=True)
    assert row["edition"] == house.edition(house.editions[0])
    record = some(dataset.record(row["raw_sha256"]))
    assert record["url"].startswith(house.base_url)
    assert record["publisher"] == verdict(before, one).planned.source.info.publisher


async def test_a_second_gathering_of_the_same_makes_no_vintage(before: Summary, run: Run, settings: Settings) -> None:
    again = await run()
    assert [one.state for one in again.verdicts] == ["unchanged", "unchanged"]
    assert (again.vintage, again.version) == (None, "")
    assert Dataset.current(settings.dataset_dir).version == before.version
    assert len(vintages.list_vintages(open_engine(settings))) == 1


async def test_a_revised_figure_supersedes_and_the_old_one_stays_readable(
    before: Summary, house: House, run: Run, settings: Settings
) -> None:
    one, two = house.series
    revised = [("AZE", "2019", "81.1"), ("AZE", "2020", "85"), ("GEO", "2020", "72.5"), ("KAZ", "2020", "90")]
    house.on(one, json_reply(house.body(one, revised)))
    summary = await run()
    assert (summary.vintage, verdict(summary, one).state, verdict(summary, two).state) == (2, "changed", "unchanged")
    assert verdict(summary, one).counts == {
        "new": 1, "changed": 1, "unchanged": 2, "vanished": 1, "missing": 0, "rejected": 0,
    }  # fmt: skip
    difference = some(verdict(summary, one).difference)
    assert [(r.country, r.period, r.before, r.after) for r in difference.largest] == [("AZE", "2020", 84.6, 85.0)]
    assert published(settings, one) == figures(revised)
    then = Dataset.current(settings.dataset_dir).as_of(1).rows(one).filter("primary").collect()
    assert dict(zip(zip(then["country"], then["period"]), then["value"])) == figures(FIRST)  # noqa: B905
    assert published(settings, two) == figures(OTHER)


async def test_a_new_edition_supersedes_the_whole_series(
    before: Summary, house: House, run: Run, settings: Settings
) -> None:
    one, _ = house.series
    house.on(one, json_reply(house.body(one, FIRST, edition=house.editions[1])))
    summary = await run()
    assert (summary.vintage, verdict(summary, one).state) == (2, "changed")
    assert verdict(summary, one).counts["unchanged"] == len(FIRST)
    rows = Dataset.current(settings.dataset_dir).rows(one).collect()
    assert rows["edition"].unique().to_list() == [house.edition(house.editions[1])]


def conflicting(house: House, indicator: str) -> bytes:
    return house.body(indicator, [*FIRST, ("AZE", "2020", "11")])


FAULTS: dict[str, tuple[Callable[[House, str], list[Scripted]], str]] = {
    "down": (lambda h, i: [Scripted(drop=True)], "connection_lost"),
    "slow": (lambda h, i: [Scripted(h.body(i, FIRST), delay=5.0)], "read_timeout"),
    "stalls": (lambda h, i: [json_reply(h.body(i, FIRST), stall=True)], "read_timeout"),
    "429 for an hour": (lambda h, i: [status(429, b"{}", Retry_After="3600")], "http_429"),
    "502 page": (lambda h, i: [bad_gateway()], "http_502"),
    "page with 200": (lambda h, i: [Scripted(bad_gateway().body)], "html_instead_of_json"),
    "XML with 200": (lambda h, i: [Scripted(b"<?xml version='1.0'?><error/>")], "xml_instead_of_json"),
    "truncated": (lambda h, i: [json_reply(h.body(i, FIRST)[:-30])], "truncated_json"),
    "message 120": (lambda h, i: [json_reply(message("120"))], "{message}120"),
    "message 175": (lambda h, i: [json_reply(message("175"))], "{message}175"),
    "totals change": (lambda h, i: h.pages(i, FIRST[:2], FIRST[2:], totals=(4, 5)) * 5, "totals_changed"),
    "unreadable": (lambda h, i: [json_reply(h.body(i, [*FIRST, ("KAZ", "2020", "about 12")]))], "rows.unread"),
    "contradicts itself": (lambda h, i: [json_reply(conflicting(h, i))], "rows.unread"),
    "nothing any more": (lambda h, i: [json_reply(h.body(i, []))], "series.emptied"),
    "shares for per cent": (
        lambda h, i: [json_reply(h.body(i, [(a, y, "8110") for a, y, _ in FIRST]))],
        "value.misread",
    ),
    "year 3000": (lambda h, i: [json_reply(h.body(i, [("AZE", "3000", "1")]))], "assert.years"),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # a fault of a publisher is one on any engine
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_named_and_what_is_published_stays(
    fault: str, before: Summary, house: House, run: Run, settings: Settings
) -> None:
    one, two = house.series
    replies, code = FAULTS[fault]
    if "{message}" in code:
        code = house.message_code.format(code[-3:])
    house.on(one, *replies(house, one))
    summary = await run()
    failed, other = verdict(summary, one), verdict(summary, two)
    assert (failed.state, failed.code) == ("failed", code)
    assert failed.message
    assert other.state == "unchanged"
    assert (summary.state, summary.vintage) == ("partly", None)
    assert Dataset.current(settings.dataset_dir).version == before.version
    assert published(settings, one) == figures(FIRST)
    assert published(settings, two) == figures(OTHER)
    outcomes = runs.read_last_outcomes(open_engine(settings)).filter(indicator=one)
    assert outcomes.select("run", "state", "code", "message").rows() == [(summary.run, "failed", code, failed.message)]
    assert some(runs.find_latest(open_engine(settings))).state == "partly"


async def test_a_fault_of_one_series_does_not_keep_back_another(
    before: Summary, house: House, run: Run, settings: Settings
) -> None:
    one, two = house.series
    house.on(one, bad_gateway())
    house.on(two, json_reply(house.body(two, [*OTHER, ("GEO", "2020", "44")])))
    summary = await run()
    assert (summary.state, summary.vintage) == ("partly", 2)
    assert published(settings, one) == figures(FIRST)
    assert published(settings, two) == figures([*OTHER, ("GEO", "2020", "44")])
    assert summary.findings == {"http_502": 1}
    house.on(two, bad_gateway())
    assert (await run()).findings == {"http_502": 2}


async def test_a_publisher_that_recovers_in_time_is_believed(house: House, run: Run, settings: Settings) -> None:
    one, two = house.series
    house.on(one, status(429, b"{}", Retry_After="0"), json_reply(house.body(one, FIRST)))
    house.on(two, bad_gateway(), json_reply(house.body(two, OTHER)))
    assert (await run()).state == "succeeded"
    assert published(settings, one) == figures(FIRST)


async def test_pages_of_one_state_are_put_together(house: House, run: Run, settings: Settings) -> None:
    one, two = house.series
    stale, fresh = (house.pages(one, FIRST[:2], FIRST[2:], totals=totals) for totals in ((4, 5), (4, 4)))
    house.on(one, stale[0], stale[1], *fresh)
    house.on(two, json_reply(house.body(two, OTHER)))
    assert (await run()).state == "succeeded"
    assert published(settings, one) == figures(FIRST)


async def test_a_bound_never_becomes_a_number(house: House, run: Run, settings: Settings) -> None:
    one, two = house.series
    house.on(one, json_reply(house.body(one, [("AZE", "2020", "<2.5"), ("GEO", "2020", ">95"), ("KAZ", "2020", "0")])))
    house.on(two, json_reply(house.body(two, OTHER)))
    summary = await run()
    rows = Dataset.current(settings.dataset_dir).rows(one).sort("country").collect()
    assert summary.state == "succeeded"
    assert rows.select("country", "value", "lower", "upper", "status").rows() == [
        ("AZE", None, None, 2.5, "censored"),
        ("GEO", None, 95.0, None, "censored"),
        ("KAZ", 0.0, None, None, "normal"),
    ]
    assert rows["value_text"].to_list()[:2] == ["<2.5", ">95"]


async def test_regions_are_counted_and_left_out(house: House, run: Run, settings: Settings) -> None:
    one, two = house.series
    house.on(one, json_reply(house.body(one, [*FIRST, ("WLD", "2020", "60")])))
    house.on(two, json_reply(house.body(two, OTHER)))
    assert verdict(await run(), one).regions == 1
    assert {country for country, _ in published(settings, one)} == {"AZE", "GEO"}


async def test_a_row_given_twice_counts_once(house: House, run: Run, settings: Settings) -> None:
    one, two = house.series
    house.on(one, json_reply(house.body(one, [*FIRST, FIRST[1]])))
    house.on(two, json_reply(house.body(two, OTHER)))
    assert (await run()).state == "succeeded"
    assert published(settings, one) == figures(FIRST)


async def test_an_accepted_objection_is_published(before: Summary, house: House, run: Run, settings: Settings) -> None:
    one, _ = house.series
    odd = [(iso3, year, "8110") for iso3, year, _ in FIRST]
    house.on(one, json_reply(house.body(one, odd)))
    assert (await run(accept=(one,))).vintage == 2
    assert published(settings, one) == figures(odd)


async def test_a_contradiction_cannot_be_accepted(before: Summary, settings: Settings, publisher: Publisher) -> None:
    """See ``ACCEPTABLE``: only plausibility may be overruled."""
    house = UnSdg(publisher)
    rows = [un_row("31", 2020.0, "5", attributes={"Units": "NUMBER"})]
    house.on("bribery_persons", json_reply(un_body(*rows, release="2026.Q2.G.02")))
    summary = await gather(
        settings, load_codebook(), GatheringChoice(("un_sdg",), ("bribery_persons",)), accept=("bribery_persons",)
    )
    assert summary.verdicts[0].code == "unit.conflict"


async def test_a_dry_run_writes_nothing(before: Summary, house: House, run: Run, settings: Settings) -> None:
    one, _ = house.series
    house.on(one, json_reply(house.body(one, [("AZE", "2020", "99")])))
    summary = await run(dry_run=True)
    assert (verdict(summary, one).state, summary.run, summary.vintage) == ("changed", None, None)
    assert Dataset.current(settings.dataset_dir).version == before.version
    assert some(runs.find_latest(open_engine(settings))).id == before.run


async def test_what_cannot_be_published_is_not_written_and_the_next_run_has_it(
    before: Summary, house: House, run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = house.series
    house.on(one, json_reply(house.body(one, OTHER)))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("dashboard.evidence.dataset.publication.prepare_version", full)
        with pytest.raises(DiskFull, match="disk_full: there is no room"):
            await run()
    assert len(vintages.list_vintages(open_engine(settings))) == 1
    assert Dataset.current(settings.dataset_dir).version == before.version
    assert (await run()).vintage == 2
    assert published(settings, one) == figures(OTHER)


async def test_a_lease_that_ran_out_writes_nothing(
    before: Summary, house: House, run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = house.series
    house.on(one, json_reply(house.body(one, OTHER)))
    steal = "UPDATE lease SET holder = 'another machine'"
    assessed = series.judge

    def slow(*arguments: Any, **more: Any) -> SeriesVerdict:
        with writing(open_engine(settings)) as connection:
            connection.exec_driver_sql(steal)
        return assessed(*arguments, **more)

    monkeypatch.setattr(series, "judge", slow)
    with pytest.raises(Lost):
        await run()
    assert len(vintages.list_vintages(open_engine(settings))) == 1
    assert some(runs.find_latest(open_engine(settings))).state == "interrupted"


async def test_a_clock_that_is_behind_does_not_stop_a_gathering(
    before: Summary, house: House, run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Vintages only go forward; a machine whose clock was put back still gathers."""

    class Behind(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Behind":
            return cls(2001, 1, 1, tzinfo=tz)

    one, _ = house.series
    house.on(one, json_reply(house.body(one, OTHER)))
    for module in ("run", "review.review"):
        monkeypatch.setattr(f"dashboard.evidence.gathering.{module}.datetime", Behind)
    assert (await run()).vintage == 2
    first, second = vintages.list_vintages(open_engine(settings))
    assert first.created_at < second.created_at


async def test_two_sources_of_one_fact_are_compared_not_averaged(settings: Settings, publisher: Publisher) -> None:
    bank, un = WorldBank(publisher), UnSdg(publisher, series={"internet_users": "IT_USE_ii99"})
    bank.on("internet_users", json_reply(bank.body("internet_users", FIRST)))
    un.on("internet_users", json_reply(un.body("internet_users", [("AZE", "2020", "80.1"), ("GEO", "2020", "72.5")])))
    summary = await gather(settings, load_codebook(), GatheringChoice(indicators=("internet_users",), secondary=True))
    assert summary.disagreements == (
        "internet_users: 1 of 2 figures differ between world_bank (shown) and un_sdg, most in AZE 2020: 84.6 and 80.1",
    )
    assert published(settings, "internet_users") == figures(FIRST)


async def test_un_breakdowns_and_natures_keep_one_shown_total(settings: Settings, publisher: Publisher) -> None:
    house = UnSdg(publisher)
    sexes = [un_row("31", 2016.0, text, dimensions={"Sex": sex}) for sex, text in
             (("BOTHSEX", "10.5"), ("FEMALE", "9.5"), ("MALE", "11.5"))]  # fmt: skip
    second = un_row("31", 2016.0, "12.1", nature="E", source="another", dimensions={"Sex": "BOTHSEX"})
    house.on("bribery_persons", json_reply(un_body(second, *sexes, release="2026.Q2.G.02")))
    summary = await gather(settings, load_codebook(), GatheringChoice(("un_sdg",), ("bribery_persons",)))
    assert summary.state == "succeeded"
    rows = Dataset.current(settings.dataset_dir).rows("bribery_persons").collect()
    assert rows.height == 4
    assert rows.filter("primary", pl.col("dimensions") == "{}")["value"].to_list() == [10.5]
    assert rows.filter("primary").height == 3


async def test_governance_comes_with_its_standard_error(settings: Settings, publisher: Publisher) -> None:
    for part, value in (("EST", -0.95), ("SE", 0.2)):
        code = f"GOV_WGI_CC.{part}"
        body = wb_body(wb_row("AZE", "2015", value, code=code, name="Azerbaijan"))
        publisher.on(f"/v2/country/all/indicator/{code}", json_reply(body))
    await gather(settings, load_codebook(), GatheringChoice(("world_bank",), ("wgi_cc",)))
    row = Dataset.current(settings.dataset_dir).rows("wgi_cc").collect().row(0, named=True)
    assert (row["value"], row["std_error"], row["interval_level"]) == (-0.95, 0.2, 90.0)
    assert (row["lower"], row["upper"]) == pytest.approx((-0.95 - 0.329, -0.95 + 0.329))
    assert {query["source"][0] for _, query in publisher.asked} == {"3"}


@pytest.mark.parametrize(("hours", "resumed"), [(5.9, True), (6.1, False)])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_replies_of_a_gathering_cut_short_are_used_for_six_hours(
    before: Summary, run: Run, settings: Settings, publisher: Publisher, hours: float, resumed: bool
) -> None:
    since = datetime.now(UTC) - timedelta(hours=hours)
    cut_short = runs.start_run(open_engine(settings), trigger="command", plan={"fresh_since": since.isoformat()})
    publisher.asked.clear()
    again = await run()
    assert (again.resumed, again.interrupted, bool(publisher.asked)) == (resumed, (cut_short,), not resumed)
    since_then = datetime.fromisoformat(some(runs.find_latest(open_engine(settings))).plan["fresh_since"])
    assert (since_then == since) == resumed  # what is cut short again goes on from the same replies
    assert (await run()).interrupted == ()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_became_of_a_gathering_is_kept_in_numbers(
    before: Summary, house: House, run: Run, settings: Settings
) -> None:
    one, two = house.series
    house.on(one, bad_gateway())
    house.on(two, bad_gateway())
    summary = await run()
    assert (summary.state, len(summary.failed), summary.findings) == ("failed", 2, {"http_502": 2})
    told = {"series": {"failed": 2}, "resumed": False, "vintage": None, "waiting": [], "findings": {"http_502": 2}}
    last = some(runs.find_latest(open_engine(settings)))
    assert (last.state, last.summary, last.trigger, last.plan["series"]) == ("failed", told, "command", 2)
    assert before.as_record()["series"] == {"new": 2}
    house.on(one, json_reply(house.body(one, [*FIRST, FIRST[1], FIRST[2]])))
    house.on(two, json_reply(house.body(two, [*OTHER, OTHER[0]])))
    counted = (await run()).findings
    assert all_of(count == 3 for count in counted.values()), counted


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_only_what_is_due_is_asked_and_when_nothing_is_the_next_moment_is_told(
    before: Summary, house: House, settings: Settings, publisher: Publisher
) -> None:
    publisher.asked.clear()
    choice = GatheringChoice((house.id,), tuple(house.series), due=True)
    summary = await gather(settings, load_codebook(), choice)
    days = before.verdicts[0].planned.source.info.asked_every_days
    received = min(one.retrieved_at for one in before.verdicts)
    assert (summary.verdicts, summary.run, publisher.asked) == ((), None, [])
    assert summary.next_due == received + timedelta(days=days)
