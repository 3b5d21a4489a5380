"""The lessons: in four languages, each step's page opens for its account, and has what the step names."""

import html
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from dashboard.accounts import people, sessions
from dashboard.contributions.actions.views import decisions
from dashboard.contributions.submissions.offices.views import conflict_views
from dashboard.contributions.voice import store as voice
from dashboard.evidence.database.engine import open_engine
from dashboard.interfaces.desk import routes
from dashboard.interfaces.desk.lessons.course import (
    LESSONS,
    WRITTEN,
    Lesson,
    LessonStep,
    name_on_page,
    read_words,
    tell,
)
from dashboard.locales import DESK_LANGUAGES, has
from dashboard.operations.training import place
from dashboard.settings import Settings
from tests.accounts.conftest import routes_of
from tests.operations.training.kept import copied, in_effect

YEAR = datetime.now(UTC).year - 1
_NAME = re.compile(r"\{(\w+)\}")


def test_lessons_are_equal_in_four_languages_and_take_an_hour() -> None:
    assert set(WRITTEN) == {"en", "fr", "ru", "ar"}
    for lang in WRITTEN:
        words = read_words(lang)
        assert list(words) == [lesson.id for lesson in LESSONS], lang
        for lesson in LESSONS:
            assert len(words[lesson.id]["steps"]) == len(lesson.steps), (lang, lesson.id)
            for step, said in zip(lesson.steps, words[lesson.id]["steps"], strict=True):
                assert set(said) == {"do", "know", "otherwise"}
                assert set(_NAME.findall(" ".join(said.values()))) == set(step.names), (lang, lesson.id, said)
    assert 55 <= sum(lesson.minutes for lesson in LESSONS) <= 65
    assert all(1 <= step.minutes <= 5 for lesson in LESSONS for step in lesson.steps)


def test_every_role_has_a_lesson_and_every_language_of_the_desks_is_told() -> None:
    assert {"contributor", "approver", "reviewer", "moderator", "integrity_officer", "coordinator", "decision"} == {
        lesson.id for lesson in LESSONS
    }
    for lesson in LESSONS:
        assert has(lesson.title)
        for lang in DESK_LANGUAGES:
            told = tell(lesson, lang, YEAR)
            assert told.lang == (lang if lang in WRITTEN else {"uz": "ru"}.get(lang, "en"))
            assert not [part for step in told.steps for part in (*step.do, *step.know, *step.otherwise)
                        if "{" in part.text]  # fmt: skip


def test_no_lesson_stands_outside_of_training(tmp_path: Path) -> None:
    for training, status in ((False, 404), (True, 200)):
        made = FastAPI()
        given = Settings(
            data_dir=tmp_path, training=training, secret="s" * 40, public_url="http://localhost",
            accounts={"enabled": True},
        )  # fmt: skip
        routes.install(made, given)
        assert ("/training/lessons/{lesson}/" in {one.path for one in routes_of(made)}) is (status == 200)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, place.Workspace]]:
    """A workspace made as the command makes it, or the one of ``LESSONS_IN`` that stands already."""
    stands = os.environ.get("LESSONS_IN")
    folder = Path(stands) if stands else copied(tmp_path_factory.mktemp("lessons") / "workspace")
    with in_effect(folder) as made:
        yield made


@pytest.mark.long
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
async def test_each_step_finds_its_page_and_what_it_names(
    workspace: tuple[Settings, place.Workspace], lesson: Lesson
) -> None:
    held, done = workspace
    api = FastAPI()
    routes.install(api, held)
    for lang in ("en", "ar"):
        for step in lesson.steps:
            assert step.account in {one.email for one in done.people}
            async with _browser(api, held, step.account) as browser:
                told = await browser.get(f"/training/lessons/{lesson.id}/?lang={lang}")
                assert told.status_code == 200
                assert 'class="training"' in told.text
                assert f'href="{step.address}' in told.text
                shown = await _pages(browser, step, lang)
                for name, key in step.names.items():
                    named = name_on_page(key, lang, YEAR)
                    assert named in shown or name in step.made, (lesson.id, step.address, lang, named)


def _browser(api: FastAPI, held: Settings, email: str) -> httpx.AsyncClient:
    """Somebody who is logged in."""
    (account,) = [one for one in people.list_accounts(held) if one.email == email]
    cookie = sessions.begin_session(held, account, stage="full", cookie_header=None, address="192.0.2.1", agent="test")
    transport = httpx.ASGITransport(app=api, client=("192.0.2.1", 5000))
    return httpx.AsyncClient(
        transport=transport, base_url="http://localhost", cookies={cookie.name: cookie.value}, follow_redirects=True
    )


async def _pages(browser: httpx.AsyncClient, step: LessonStep, lang: str) -> str:
    """What the step's page says, and those pages it leads to."""
    mark = "&" if "?" in step.address else "?"
    page = await browser.get(f"{step.address}{mark}lang={lang}")
    assert page.status_code == 200, step.address
    assert page.url.path == step.address.partition("?")[0] or step.made, "their own page, without a way round"
    shown = page.text
    if step.leads:
        links = sorted(set(re.findall(rf'href="({step.leads})[?"]', shown)))
        assert links, (step.address, step.leads)
        for link in links[:8]:
            further = await browser.get(f"{link}?lang={lang}")
            assert further.status_code == 200, link
            shown += further.text
    return html.unescape(shown)


@pytest.mark.long
def test_each_lesson_has_its_material(workspace: tuple[Settings, place.Workspace]) -> None:
    database = open_engine(workspace[0])
    waiting = [one for one in voice.opinions(database, ["XAA"]) if one.id not in voice.labels(database)]
    assert len({one.language for one in waiting}) == 6
    assert len(waiting) >= 30
    assert len(voice.opinions(database, ["XAA"], integrity=True)) >= 3
    assert len(voice.cases(database, "XAA")) == 3
    (contested,) = conflict_views(workspace[0], "XAC", "en")
    assert contested["open"]
    decided = decisions(workspace[0], "XAC", "en", datetime.now(UTC))
    assert decided["waiting"]
    assert sorted(one["state"] for one in decided["decisions"]) == ["open", "taken_up"]
    (judged,) = [one for one in decided["decisions"] if one["state"] == "taken_up"]
    assert judged["verdict"] == "worked"
