"""The pages of the lessons: all of them with their minutes and accounts, and each; for everybody in the workspace."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from dashboard.interfaces.desk.guard import BrowserRequest, browser_request
from dashboard.interfaces.desk.lessons.course import LESSONS, tell
from dashboard.interfaces.desk.page import page, refuse
from dashboard.locales import DESK_LANGUAGES, t

router = APIRouter(prefix="/training/lessons", include_in_schema=False)

Asked = Annotated[BrowserRequest, Depends(browser_request)]


@router.get("/")
def lessons(ask: Asked) -> Response:
    """All lessons: whose they are, how long they take, by which account."""
    return page(ask, "lessons.html", lessons=LESSONS, total=sum(lesson.minutes for lesson in LESSONS), own=_own(ask))


@router.get("/{lesson}/")
def one_lesson(ask: Asked, lesson: str) -> Response:
    """A lesson: what you see, and each step with how you know that it worked."""
    at = next((at for at, entry in enumerate(LESSONS) if entry.id == lesson), None)
    if at is None:
        title = t("training.lessons.title", ask.lang)
        return refuse(ask, 404, t("training.lessons.unknown", ask.lang), title, ("/training/lessons/", title))
    told_lesson = tell(LESSONS[at], ask.lang, datetime.now(UTC).year - 1)
    return page(
        ask, "lesson.html", lesson=LESSONS[at], told=told_lesson, written_dir=DESK_LANGUAGES[told_lesson.lang].dir,
        onward=LESSONS[at + 1] if at + 1 < len(LESSONS) else None,
    )  # fmt: skip


def _own(ask: BrowserRequest) -> tuple[str, ...]:
    """The lessons of who is logged in."""
    role = str(ask.principal.role) if ask.principal else ""
    return (role, "decision") if role == "approver" else (role,)
