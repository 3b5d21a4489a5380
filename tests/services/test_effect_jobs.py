"""Jobs of adoption effects: plans first, results kept, two at once, cancelled, found again after a restart."""

import itertools
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from dashboard.measures.effects import METHODS as MEASURED
from dashboard.services.base.context import open_context
from dashboard.services.base.errors import Busy, Invalid, NotYours, Unknown
from dashboard.services.effects import charts, jobs, query, wording, worker
from dashboard.services.effects.job_store import JobStore
from dashboard.services.effects.query import ask, figures_of, outcomes
from dashboard.settings import settings

pytestmark = pytest.mark.usefixtures("embedded")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[jobs.Jobs]:
    one = jobs.Jobs(tmp_path)
    yield one
    one.close()


def plan(country="AFG", outcome="wgi_ge", **choices):
    return ask(open_context(), "synthetic_control", outcome, country, **choices)


def finished(made: jobs.Jobs, name: str, within: float = 60.0) -> jobs.Job:
    until = time.monotonic() + within
    while (job := made.status(name))["state"] not in jobs.OVER:
        assert time.monotonic() < until, job
        time.sleep(0.05)
    return job


def test_methods_are_those_that_are_measured():
    assert query.METHODS == MEASURED


def test_a_plan_is_on_disk_before_its_result_and_is_carried_out_once(made: jobs.Jobs, tmp_path: Path):
    first = made.submit(plan())
    told = json.loads((tmp_path / first["job"] / "plan.json").read_text())
    assert told["hash"] == first["plan"]
    assert made.result(first["job"]) is None
    assert finished(made, first["job"])["state"] == "done"
    stamp = (tmp_path / first["job"] / "result.json").stat().st_mtime_ns
    assert made.submit(plan())["state"] == "done"
    assert (tmp_path / first["job"] / "result.json").stat().st_mtime_ns == stamp
    result = made.result(first["job"])
    assert result["plan"] == first["plan"]
    assert result["verdict"] == "no_detectable_effect"
    assert result["error_interval"] is None  # the edition of 2025 publishes no errors


def test_a_worker_notes_now_and_then_how_far_it_is_and_at_the_end_that_it_is_done(
    made: jobs.Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    name = made.submit(plan())["job"]
    finished(made, name)
    own = tmp_path / "own"
    own.mkdir()
    shutil.copy(tmp_path / name / "plan.json", own)
    clock, noted = itertools.count(0, 0.15), []
    monkeypatch.setattr(worker, "time", SimpleNamespace(monotonic=lambda: next(clock)))

    def write(path: Path, value: dict[str, object]) -> None:
        noted.append((path.name, value))

    monkeypatch.setattr(worker, "write", write)
    worker.main(own)
    steps = [value["done"] for name, value in noted if name == "progress.json"]
    of = {value["of"] for name, value in noted if name == "progress.json"}
    assert of == {steps[-1]}, "the last note says that all is done"
    assert steps[:3] == [3, 5, 7], "a note 0.3 s after the start or the last note, none 0.15 s after"
    result = noted[-1][1]
    assert (noted[-1][0], result["verdict"]) == ("result.json", made.result(name)["verdict"])
    assert result["estimate"] == pytest.approx(made.result(name)["estimate"], abs=1e-6)


def test_a_refusal_is_a_result(made: jobs.Jobs):
    job = finished(made, made.submit(plan("UGA"))["job"])
    result = made.result(job["job"])
    assert (job["state"], result["verdict"], result["estimate"]) == ("done", "not_identifiable", None)
    assert result["reasons"] == ["too_few_post_points"]


@pytest.mark.long
def test_two_run_at_once_and_the_others_wait_their_turn(made: jobs.Jobs):
    names = [made.submit(plan(first=year), "me")["job"] for year in (2002, 2003, 2004)]
    assert len(set(names)) == 3
    assert [made.status(name)["state"] for name in names] == ["running", "running", "waiting"]
    assert [finished(made, name)["state"] for name in names] == ["done"] * 3


@pytest.mark.long
def test_a_job_can_be_cancelled_and_asked_for_again(made: jobs.Jobs):
    names = [made.submit(plan(first=year), "me")["job"] for year in (2002, 2003, 2004)]
    for name in (names[0], names[2]):  # one that runs, one that waits
        with pytest.raises(NotYours):
            made.cancel(name, "you")
        with pytest.raises(NotYours):
            made.cancel(name)
        assert made.cancel(name, "me")["state"] == "cancelled"
        assert made.result(name) is None
    again = made.submit(plan(first=2002), "me")
    assert again["job"] == names[0]
    assert finished(made, names[0])["state"] == "done"
    assert made.cancel(names[0], "me")["state"] == "done"


@pytest.mark.long
def test_a_result_outlives_the_server_and_an_interrupted_job_says_so(made: jobs.Jobs, tmp_path: Path):
    name = made.submit(plan("UGA"))["job"]
    finished(made, name)
    running = made.submit(plan())["job"]
    made.close()
    other = jobs.Jobs(tmp_path)
    assert other.status(name)["state"] == "done"
    assert other.status(running)["state"] in ("interrupted", "failed")
    assert other.submit(plan())["job"] == running
    assert finished(other, running)["state"] == "done"
    other.close()


@pytest.fixture
def two(tmp_path: Path, redis_url: str) -> Iterator[tuple[jobs.Jobs, jobs.Jobs]]:
    """Two servers, each with its own folder, that share a Redis."""
    shelves = [JobStore(redis_url), JobStore(redis_url)]
    servers = jobs.Jobs(tmp_path / "one", shelves[0]), jobs.Jobs(tmp_path / "other", shelves[1])
    yield servers
    for end in (*servers, *shelves):
        end.close()


@pytest.mark.long
def test_any_server_can_be_asked_about_a_job(two: tuple[jobs.Jobs, jobs.Jobs]):
    one, other = two
    name = one.submit(plan(), "me")["job"]
    assert other.status(name)["state"] in ("running", "done")
    assert other.submit(plan())["job"] == name
    assert name not in other._running  # carried out once
    with pytest.raises(NotYours):
        other.cancel(name, "you")
    finished(other, name)
    assert other.result(name) == one.result(name)
    assert other.plan(name) == one.plan(name)
    assert other.result(name)["verdict"] == "no_detectable_effect"


@pytest.mark.long
def test_a_job_is_cancelled_by_way_of_another_server_and_asked_for_again(two: tuple[jobs.Jobs, jobs.Jobs]):
    one, other = two
    names = [one.submit(plan(first=year), "me")["job"] for year in (2002, 2003, 2004)]
    for name in (names[0], names[2]):  # one that runs, one that waits
        assert other.cancel(name, "me")["state"] == "cancelled"
        assert finished(one, name)["state"] == "cancelled"
        assert one.result(name) is None
    assert other.submit(plan(first=2002), "you")["job"] == names[0]
    assert finished(one, names[0])["state"] == "done"


def test_a_job_of_a_server_that_died_is_interrupted(two: tuple[jobs.Jobs, jobs.Jobs], monkeypatch: pytest.MonkeyPatch):
    one, other = two
    monkeypatch.setattr(jobs, "PATIENCE", -1.0)  # it said that it would be over by now
    monkeypatch.setattr(jobs.Jobs, "_await", lambda *_: None)
    name = one.submit(plan(), "me")["job"]
    assert other.status(name)["state"] == "interrupted"
    assert other.submit(plan())["state"] == "running"


def test_without_redis_each_server_knows_its_own(tmp_path: Path):
    made = jobs.Jobs(tmp_path, JobStore("redis://127.0.0.1:1"))
    assert finished(made, made.submit(plan("UGA"))["job"])["state"] == "done"
    with pytest.raises(Unknown):
        made.status("0123456789abcdef-01234567")
    made.close()


def test_too_many_at_once_are_refused(made: jobs.Jobs, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "MOST_WAITING", 1)
    for year in (2002, 2003, 2004):
        made.submit(plan(first=year))
    with pytest.raises(Busy, match="try again in a minute"):
        made.submit(plan(first=2005))
    monkeypatch.setattr(jobs, "MOST_WAITING", 9)
    monkeypatch.setattr(jobs, "MOST_A_MINUTE", 3)
    with pytest.raises(Busy):
        made.submit(plan(first=2005))
    assert made.submit(plan(first=2002))["job"]  # what is asked again is no new job


@pytest.fixture
def still(made: jobs.Jobs, monkeypatch: pytest.MonkeyPatch) -> jobs.Jobs:
    """A server that begins no job, so that all that are asked for wait."""
    monkeypatch.setattr(jobs, "MOST_RUNNING", 0)
    return made


def test_one_address_has_half_of_the_waiting_jobs_and_all_together_eight(still: jobs.Jobs):
    for year in range(2002, 2006):
        assert still.submit(plan(first=year), address="192.0.2.1")["state"] == "waiting"
    with pytest.raises(Busy, match="Your address"):
        still.submit(plan(first=2006), address="192.0.2.1")
    for year in range(2006, 2010):
        still.submit(plan(first=year), address="" if year % 2 else "192.0.2.2")
    with pytest.raises(Busy, match="Too many"):
        still.submit(plan(first=2010), address="192.0.2.3")
    assert still.submit(plan(first=2002), address="192.0.2.1")["state"] == "waiting"  # it waits already


def test_thirty_jobs_are_begun_in_a_minute(still: jobs.Jobs, monkeypatch: pytest.MonkeyPatch):
    clock = [1000.0]
    monkeypatch.setattr(jobs, "MOST_WAITING", 99)
    monkeypatch.setattr(jobs, "time", SimpleNamespace(monotonic=lambda: clock[0], time=time.time))
    donors = plan().plan.donors
    asked = [plan(without=donors[place : place + 1]) for place in range(len(donors))] + [plan(first=2005)]
    for one in asked[:30]:
        still.submit(one)
    clock[0] = 1060.0
    with pytest.raises(Busy):
        still.submit(asked[30])
    clock[0] = 1060.1
    assert still.submit(asked[30])["state"] == "waiting"


def test_a_waiting_job_is_cancelled_by_whoever_began_it_and_leaves_its_place(still: jobs.Jobs, tmp_path: Path):
    job = still.submit(plan(), "me", "192.0.2.1")
    assert (job["state"], job["done"], job["of"]) == ("waiting", 0, 0)
    with pytest.raises(NotYours):
        still.cancel(job["job"], "you")
    assert still.cancel(job["job"], "me")["state"] == "cancelled"
    assert still.result(job["job"]) is None
    assert still.submit(plan(), "you")["state"] == "waiting"
    (tmp_path / job["job"] / "progress.json").write_text('{"done": 3, "of": 7}')
    job = still.status(job["job"])
    assert (job["done"], job["of"]) == (3, 7)
    nobodys = still.submit(plan(first=2003))["job"]
    with pytest.raises(NotYours):
        still.cancel(nobodys)
    still.close()
    assert still.status(nobodys)["state"] == "interrupted"


def test_the_oldest_results_make_room_and_what_waits_stays(still: jobs.Jobs, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_KEPT", 3)
    for age in range(1, 5):
        old = tmp_path / f"{age:016x}-00000000"
        old.mkdir()
        os.utime(old, (1e9 - age, 1e9 - age))
    job = still.submit(plan())["job"]
    assert {one.name[:16] for one in tmp_path.iterdir()} == {job[:16], f"{1:016x}", f"{2:016x}"}
    os.utime(tmp_path / job, (1, 1))
    other = still.submit(plan(first=2003))["job"]
    assert {one.name for one in tmp_path.iterdir()} >= {job, other}


def test_old_results_make_room(made: jobs.Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "MOST_KEPT", 1)
    first = made.submit(plan("UGA"))["job"]
    finished(made, first)
    finished(made, made.submit(plan("UGA", first=2010))["job"])
    assert not (tmp_path / first).exists()
    with pytest.raises(Unknown):
        made.status(first)


@pytest.mark.parametrize("name", ["../../etc", "0123456789abcdef-01234567", ""])
def test_names_that_are_no_jobs(made: jobs.Jobs, name: str):
    for ask_for in (made.status, made.result, made.plan, made.cancel):
        with pytest.raises(Unknown):
            ask_for(name)


def test_outcomes_are_independent_yearly_quantities():
    ctx = open_context()
    found = outcomes(ctx)
    assert "wgi_ge" in {metric.id for metric in found}
    assert not {metric.id for metric in found} & {"egdi", "census_10y", "csat_exit_poll", "sat_overall_gov"}
    assert all(not {"national", "computed"} & set(metric.source_type) for metric in found)


def test_donors_are_countries_without_a_record_and_with_every_year():
    ctx = open_context()
    asked = plan()
    figures = figures_of(ctx, asked.metric)
    years = [year for year in range(asked.plan.first, asked.plan.last + 1) if year in figures.values["AFG"]]
    for code in asked.plan.donors:
        assert ctx.book.countries[code].m49_area
        assert query.find_adoption(ctx, code).status == "no_record"
        assert set(years) <= set(figures.values[code])
    assert len(asked.plan.donors) == query.MOST_DONORS
    assert not {"AFG", "AZE", "UGA", "UZB"} & set(asked.plan.donors)
    fewer = plan(without=asked.plan.donors[:3], own=asked.plan.donors[5:6])
    assert set(asked.plan.donors) - set(fewer.plan.donors) == set(asked.plan.donors[:3])
    assert fewer.plan.other_models == asked.plan.donors[5:6]


@pytest.mark.parametrize(
    ("choices", "words_"),
    [
        ({"event": "UGA-03"}, "AFG-02"),
        ({"first": 2030}, "cannot begin"),
        ({"own": ("UGA",)}, "no proposed donor"),
    ],
)
def test_choices_that_are_none(choices, words_):
    with pytest.raises(Invalid, match=words_):
        plan(**choices)


def test_with_todays_register_group_time_effects_are_not_identifiable(made: jobs.Jobs):
    asked = ask(open_context(), "callaway_santanna", "wgi_ge")
    result = made.result(finished(made, made.submit(asked)["job"])["job"])
    assert result["verdict"] == "not_identifiable"
    assert "too_few_treated" in result["reasons"]


@pytest.mark.parametrize("lang", ["en", "ar", "fr", "az"])
def test_plan_and_result_in_words(lang: str):
    ctx = open_context(lang)
    view = wording.plan_view(ask(ctx, "synthetic_control", "wgi_ge", "AFG", own=("BGD",)), own=("BGD",))
    assert "2002" in view["text"]
    assert view["events"][0]["id"] == "AFG-02"
    assert [one["iso3"] for one in view["donors"] if one["own"]] == ["BGD"]
    made = jobs.jobs()
    job = made.submit(ask(ctx, "synthetic_control", "wgi_ge", "AFG", own=("BGD",)))["job"]
    finished(made, job)
    result = wording.result_view(ctx, job)
    assert result is not None
    assert result["definition"]
    assert len(result["sets"]) == 2
    assert {chart["url"].split("?")[0].rsplit("/", 1)[-1] for chart in result["charts"]} == {
        "synthetic.json",
        "gap.json",
    }
    assert abs(sum(made.result(job)["weights"].values()) - 1) < 1e-9
    for shown in (result["lead"], *(fact["text"] for fact in result["facts"])):
        assert "{" not in shown
    made.close()


def test_the_figures_of_an_earlier_day_are_another_job(made: jobs.Jobs, handmade: object):
    names = {
        made.submit(ask(open_context("en", day), "synthetic_control", "wgi_cc", "AZE"))["job"]
        for day in (None, "2026-03-01")
    }
    assert len(names) == 2
    assert len({name.split("-")[0] for name in names}) == 1


def test_pictures_name_the_edition_and_the_day_of_the_figures_of_their_plan():
    """Whoever reads them may read another edition by then; a plan of an earlier release names no edition at all."""
    then, now = open_context(as_of="2026-11-24"), open_context()
    made = jobs.jobs()
    name = made.submit(ask(then, "synthetic_control", "wgi_rq", "AFG", last=2022))["job"]
    finished(made, name)
    options = charts.chart_of(now, name, "synthetic", "light").options
    assert "2024 edition" in options.source_line
    assert "2025" not in options.source_line
    assert options.as_of == "As of 24 November 2026 · dataset 1-2026-11-24 · ASAN SDG Monitor"
    path = settings().effects_dir / name / "plan.json"
    document = json.loads(path.read_text())
    del document["figures"]
    path.write_text(json.dumps(document))
    older = charts.chart_of(open_context("fr"), name, "synthetic", "light").options
    assert "202" not in older.source_line
    assert older.source_line
    assert older.as_of == "Jeu de données 1-2026-11-24 · Observatoire ASAN des ODD"
    made.close()
