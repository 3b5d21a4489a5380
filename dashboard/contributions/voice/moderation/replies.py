"""“You said, we did”: what a country answers to what its citizens said of a theme in a month or quarter."""

import re
from datetime import datetime

from dashboard.accounts import audit
from dashboard.accounts.model import Principal
from dashboard.contributions.voice import store
from dashboard.contributions.voice.model import INTEGRITY, THEMES, VoiceError, clean
from dashboard.contributions.voice.moderation.opinions import reviewer
from dashboard.contributions.voice.publication.views import heard
from dashboard.contributions.voice.review import NotAllowed
from dashboard.contributions.voice.tables import VoiceReply
from dashboard.evidence.database.engine import writing
from dashboard.locales import LANGUAGES

LONGEST = 1_000
PERIOD = re.compile(r"20\d\d-(?:Q[1-4]|0[1-9]|1[0-2])")


class Unfit(VoiceError):
    """An answer that cannot be published; ``code`` says why: theme, period, language, words, or nothing published."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def publish(
    engine: store.Engine, by: Principal, theme: str, period: str, language: str, said: str, did: str, now: datetime,
    address: str = "",
) -> None:  # fmt: skip
    """Publish an answer, or correct the one before; with both texts empty it is withdrawn.

    Raises:
        NotAllowed: the account moderates no country.
        Unfit: a field is wrong, or nothing is published of this theme in this period: there is nothing to answer.
    """
    who = reviewer(by)
    if by.country not in who.countries:
        raise NotAllowed("You moderate no country.")
    said, did = clean(said), clean(did)
    if theme not in THEMES or theme == INTEGRITY:
        raise Unfit("theme", f"theme: one of {', '.join(one for one in THEMES if one != INTEGRITY)}.")
    if not PERIOD.fullmatch(period):
        raise Unfit("period", "period: a month such as 2026-10 or a quarter such as 2026-Q3.")
    if language not in LANGUAGES:
        raise Unfit("language", f"language: one of {', '.join(LANGUAGES)}.")
    if bool(said) != bool(did) or max(len(said), len(did)) > LONGEST:
        raise Unfit("words", f"Write both what was said and what was done, each in at most {LONGEST:,} characters.")
    if did and heard(store.published(engine, by.country), theme, period) is None:
        raise Unfit("nothing", f"Nothing is published of {theme} in {period}: release counts first.")
    row = VoiceReply(
        country=by.country, theme=theme, period=period, language=language, said=said, did=did, office=by.office,
        who=who.id, at=now,
    )  # fmt: skip
    with writing(engine) as connection:
        store.keep(connection, row)
        audit.record(
            connection, action="voice.answered" if did else "voice.answer_withdrawn", by=by, address=address,
            subject=f"theme {by.country} {theme} {period} {language}", after={"said": said, "did": did},
        )  # fmt: skip
