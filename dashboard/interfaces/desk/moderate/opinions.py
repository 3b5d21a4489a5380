"""``/voice/review/``: a moderator sorts opinions, hides or deletes words, releases them, answers themes."""

import logging
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from starlette.background import BackgroundTask

from dashboard.accounts.model import Principal, Right
from dashboard.analysis.measures.counts.coding import MIN_LABELS
from dashboard.contributions.delivery.store import centres
from dashboard.contributions.delivery.wording import country_name
from dashboard.contributions.voice import store
from dashboard.contributions.voice.inbox import keyring
from dashboard.contributions.voice.model import INTEGRITY, KINDS, THEMES, VoiceError
from dashboard.contributions.voice.moderation import batches, complaints, opinions, replies
from dashboard.contributions.voice.publication.release import describe, publish
from dashboard.contributions.voice.review import TrainingState, read_training_state, retrain
from dashboard.contributions.voice.tables import VoiceOpinion
from dashboard.evidence.database.engine import open_engine
from dashboard.evidence.dataset.publication import Unpublished
from dashboard.interfaces.api.parameters import RowNumber
from dashboard.interfaces.desk.guard import By, pages_for
from dashboard.interfaces.desk.page import page, went
from dashboard.interfaces.desk.voices import not_yours, refused
from dashboard.locales import format_day as date_in_words
from dashboard.locales import format_number, format_quantity, has, t
from dashboard.runtime.sandbox.pools import SandboxError
from dashboard.settings import Settings

log = logging.getLogger(__name__)

_TRAINING = threading.Lock()
"""One training at a time in a server."""

router = APIRouter(include_in_schema=False)
_asked, _sent = pages_for(not_yours, Right.MODERATE)
Asked = Annotated[By, Depends(_asked)]
Posted = Annotated[By, Depends(_sent)]


@router.get("/voice/review/")
def review(by: Asked) -> Response:
    """What waits, least certain and newest first, and what was sorted already."""
    return _page_of(by)


def _page_of(by: By, **said: Any) -> Response:
    ask, principal = by
    database = open_engine(ask.settings)
    waiting, total = opinions.waiting(database, principal)
    sorted_ = opinions.done(database, principal)
    names = {code: rows[-1].name for code, rows in centres(database, principal.country).items()}
    return page(
        ask,
        "voice_review.html",
        country=country_name(principal.country, ask.lang),
        unanswered=t(
            "officers.complaints.waiting",
            ask.lang,
            count=sum(complaint.case.answered_at is None for complaint in complaints.listing(database, principal)),
        ),
        waiting=[
            _line(waiting_opinion.opinion, names, ask.lang)
            | {
                "offered": waiting_opinion.offered,
                "sure": t(
                    "officers.review.sure",
                    ask.lang,
                    share=format_quantity(100 * waiting_opinion.probability, "percent", ask.lang, 0),
                )
                if waiting_opinion.probability is not None
                else "",
            }
            for waiting_opinion in waiting
        ],
        total=t("officers.review.total", ask.lang, count=format_number(total, ask.lang)),
        batches=_batches(principal, database, names, ask.lang),
        sorted=[
            _line(sorted_opinion.opinion, names, ask.lang)
            | {
                "theme": sorted_opinion.theme,
                "theme_text": _theme(sorted_opinion.theme, ask.lang) if sorted_opinion.theme else "",
                "decision": sorted_opinion.decision,
                "decision_text": t(f"officers.decisions.{sorted_opinion.decision}", ask.lang)
                if sorted_opinion.decision
                else "",
            }
            for sorted_opinion in sorted_
        ],
        classifier=_classifier(read_training_state(database), ask.lang),
        kinds=[(kind, t(f"officers.kinds.{kind}", ask.lang)) for kind in KINDS],
        themes=[(theme, _theme(theme, ask.lang)) for theme in THEMES],
        **said,
    )


def _batches(by: Principal, database: store.Engine, names: Mapping[str, str], lang: str) -> list[dict[str, Any]]:
    """Files that wait for this moderator, in words."""
    return [
        {
            "id": waiting.batch.id,
            "words": waiting.words,
            "told": t(
                "officers.batches.told",
                lang,
                office=waiting.batch.office or "–",
                count=format_number(waiting.opinions, lang),
                day=date_in_words(waiting.batch.sent_at.date(), lang),
                first=date_in_words(waiting.first, lang),
                last=date_in_words(waiting.last, lang),
                centres=", ".join(names.get(code, code) for code in waiting.centres),
            ),
        }
        for waiting in batches.list_waiting(database, by)
    ]


@router.post("/voice/review/batches/{number}")
def decide_batch(by: Posted, number: RowNumber) -> Response:
    """Let a file of opinions in, or not."""
    ask, principal = by
    what = ask.field("what")
    batches.decide(open_engine(ask.settings), principal, number, what, _now(), ask.browser.address)
    return went(ask, "/voice/review/", done=f"batch_{batches.DECISIONS[what]}")


@router.post("/voice/review/release")
def release(by: Posted) -> Response:
    """Release the country's counts now, and show what was released."""
    ask, principal = by
    try:
        done = publish(ask.settings, principal.country, _now(), principal, ask.browser.address)
    except Unpublished:
        return refused(ask, "full", 503)
    return _page_of(by, done=describe(done, ask.lang))


@router.post("/voice/review/train")
def train(by: Posted) -> Response:
    """Train the classifier on the labels of today; it goes on behind the answer, and nothing stands still meanwhile."""
    ask, _ = by
    if not read_training_state(open_engine(ask.settings)).fresh:
        return refused(ask, "nothing_to_learn", 422)
    answer = went(ask, "/voice/review/", done="training")
    answer.background = BackgroundTask(_train, ask.settings)
    return answer


def _train(configured: Settings) -> None:
    if not _TRAINING.acquire(blocking=False):
        return  # it is under way, with all labels that there are
    try:
        retrain(open_engine(configured), configured.voice_dir, _now(), vectors=configured.voice.vectors)
    except (VoiceError, SandboxError) as error:
        log.error("the classifier of opinions was not trained: %s", error)
    finally:
        _TRAINING.release()


def _classifier(state: TrainingState, lang: str) -> dict[str, Any]:
    """How the classifier was trained, in words, and whether there is something new to learn."""
    fresh = t("officers.classifier.fresh", lang, count=state.fresh)
    if state.model is None:
        message = t("officers.classifier.none", lang, count=state.fresh, least=str(MIN_LABELS))
        return {"told": message, "fresh": "", "ready": state.due}
    day = date_in_words(state.model.trained_at.date(), lang)
    message = t("officers.classifier.trained", lang, day=day, count=state.model.labels)
    return {"told": message, "fresh": fresh, "ready": state.fresh > 0}


@router.post("/voice/review/{id_}/sort")
def sort(by: Posted, id_: str) -> Response:
    """Say what an opinion is."""
    ask, principal = by
    choice = ask.field("kind"), ask.field("theme")
    opinions.sort(
        open_engine(ask.settings), keyring(ask.settings), principal, id_, *choice, _now(), ask.browser.address
    )
    return went(ask, "/voice/review/", done="passed_on" if choice[1] == INTEGRITY else "sorted")


@router.post("/voice/review/{id_}/decide")
def decide(by: Posted, id_: str) -> Response:
    """Release its words, withdraw them, dismiss it, restore it."""
    ask, principal = by
    what = ask.field("what")
    opinions.decide(open_engine(ask.settings), principal, id_, what, _now(), ask.browser.address)
    return went(ask, "/voice/review/", done=what)


@router.get("/voice/review/{id_}/words")
def words(by: Asked, id_: str) -> Response:
    """The words of one opinion, each to be marked."""
    ask, principal = by
    database = open_engine(ask.settings)
    opinion = opinions.readable(database, principal, id_)
    names = {code: rows[-1].name for code, rows in centres(database, principal.country).items()}
    return page(
        ask,
        "voice_words.html",
        it=_line(opinion, names, ask.lang),
        words=opinions.split_words(opinion.text),
        seen=opinions.find_seen(opinion.text),
    )


@router.post("/voice/review/{id_}/hide")
def hide(by: Posted, id_: str) -> Response:
    """Take out the words that were marked."""
    ask, principal = by
    marked = {int(name[1:]) for name in ask.fields if re.fullmatch(r"w[0-9]{1,4}", name)}
    opinions.hide_words(
        open_engine(ask.settings), principal, id_, marked, ask.field("seen"), ask.browser.address
    )  # fmt: skip
    return went(ask, "/voice/review/", done="words_hidden")


@router.post("/voice/review/{id_}/delete")
def delete(by: Posted, id_: str) -> Response:
    """Delete the words of an opinion; its count stays."""
    ask, principal = by
    if not ask.field("sure"):
        raise opinions.UnfitMarks("Say that you are sure.")
    opinions.delete_words(open_engine(ask.settings), principal, id_, ask.browser.address)
    return went(ask, "/voice/review/", done="words_deleted")


@router.get("/voice/review/answers")
def answers(by: Asked) -> Response:
    """The answers in force, and the form for another."""
    ask, principal = by
    rows = store.replies(open_engine(ask.settings), principal.country)
    return page(
        ask,
        "voice_answers.html",
        country=country_name(principal.country, ask.lang),
        iso3=principal.country,
        rows=[(row, _theme(row.theme, ask.lang)) for row in rows],
        themes=[(theme, _theme(theme, ask.lang)) for theme in THEMES if theme != INTEGRITY],
        longest=replies.LONGEST,
    )


@router.post("/voice/review/answers")
def answer(by: Posted) -> Response:
    """Publish an answer, correct it, or withdraw it."""
    ask, principal = by
    did = ask.whole("did")
    replies.publish(
        open_engine(ask.settings), principal, ask.field("theme"), ask.field("period"), ask.field("language"),
        ask.whole("said"), did, _now(), ask.browser.address,
    )  # fmt: skip
    return went(ask, "/voice/review/answers", done="answered" if did.strip() else "answer_withdrawn")


def _line(opinion: VoiceOpinion, names: Mapping[str, str], lang: str) -> dict[str, Any]:
    where = names.get(opinion.centre, opinion.centre)
    return {
        "id": opinion.id,
        "text": opinion.text,
        "emptied": t(f"officers.words.{opinion.emptied}", lang) if opinion.emptied else "",
        "language": opinion.language if opinion.language != "unknown" else "",
        "kind": opinion.kind,
        "where": " · ".join(part for part in (where, opinion.said_on.isoformat(), opinion.language) if part),
    }


def _theme(theme: str, lang: str) -> str:
    key = f"delivery.themes.{theme}"
    return t(key if has(key) else f"officers.themes.{theme}", lang)


def _now() -> datetime:
    return datetime.now(UTC)
