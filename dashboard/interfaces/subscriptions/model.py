"""What is followed, where it is sent and how often."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

from dashboard.accounts import mail, tokens
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.base.lookup import find_countries, find_metric
from dashboard.answers.base.words import name_country, name_metric
from dashboard.answers.charts.query import MAX_METRICS
from dashboard.answers.claims.statement import find_claim
from dashboard.answers.reports.query import MAX_COUNTRIES, MAX_INDICATORS
from dashboard.evidence.codebook.model import choose_text
from dashboard.locales import t
from dashboard.settings import Settings

Channel = Literal["mail", "webhook"]

DAYS = (1, 7, 30)
"""Days between letters: daily, weekly, monthly. A webhook is told of each publication."""

SENDING_HOUR = 6
"""Hour of the day, UTC, from which letters are sent: before the adopters' offices open."""

KEY_PURPOSE = "subscription"
"""Purpose of the keys that addresses are encrypted with."""


@dataclass(frozen=True, slots=True)
class FollowedSubject:
    """A country, an indicator, a selection of both, or a claim of the statement."""

    countries: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    claim: str = ""

    def __bool__(self) -> bool:
        return bool(self.countries or self.indicators or self.claim)

    @property
    def has_brief(self) -> bool:
        """Return True if a brief exists: of a country, or of chosen countries and indicators."""
        return len(self.countries) == 1 or bool(self.countries and self.indicators)

    @property
    def query(self) -> str:
        """Return the subject as query parameters."""
        parts = {"country": ",".join(self.countries), "indicator": ",".join(self.indicators), "claim": self.claim}
        return urlencode({name: value for name, value in parts.items() if value}, safe=",")

    def find_kept(self, ctx: Context) -> "FollowedSubject":
        """Return what the codebook still contains; empty if all countries or indicators have gone."""
        countries = tuple(code for code in self.countries if code in ctx.book.countries)
        indicators = tuple(code for code in self.indicators if code in ctx.book.metrics)
        if bool(countries) != bool(self.countries) or bool(indicators) != bool(self.indicators):
            return FollowedSubject()
        return FollowedSubject(countries, indicators, self.claim)

    def name(self, ctx: Context) -> str:
        """Return the subject's name, such as "Control of corruption: Uganda, Kenya"."""
        lang, comma = ctx.lang, t("ui.list.comma", ctx.lang)
        if self.claim:
            claim = find_claim(ctx, self.claim)
            return f"{claim.id}{t('ui.list.colon', lang)}{choose_text(claim.claim, lang)}"
        countries = comma.join(name_country(ctx, code) for code in self.countries)
        indicators = comma.join(name_metric(ctx, code) for code in self.indicators)
        return t("ui.list.colon", lang).join(part for part in (indicators, countries) if part)

    def page(self, lang: str) -> str:
        """Return the address of the page that shows it."""
        if self.claim:
            return f"/{lang}/statement/{self.claim}/"
        if self.indicators and not self.countries and len(self.indicators) == 1:
            return f"/{lang}/indicators/{self.indicators[0]}/"
        if len(self.countries) == 1 and not self.indicators:
            return f"/{lang}/countries/{self.countries[0]}/"
        if len(self.indicators) > MAX_METRICS or not self.indicators:
            return f"/brief/?{self.query}&lang={lang}"
        return f"/{lang}/compare/?{self.query}"


def read_subject(ctx: Context, countries: tuple[str, ...], indicators: tuple[str, ...], claim: str) -> FollowedSubject:
    """Return the subject that an address names.

    Raises:
        Unknown: a country, an indicator or a claim does not exist.
        Invalid: too many of them, or a claim together with others.
    """
    if len(countries) > MAX_COUNTRIES:
        raise Invalid("country", f"At most {MAX_COUNTRIES} countries; {len(countries)} were asked for.")
    if len(indicators) > MAX_INDICATORS:
        raise Invalid("indicator", f"At most {MAX_INDICATORS} indicators; {len(indicators)} were asked for.")
    if claim and (countries or indicators):
        raise Invalid("claim", "A claim is followed by itself: leave countries and indicators out.")
    return FollowedSubject(
        find_countries(ctx, countries),
        tuple(dict.fromkeys(find_metric(ctx, name).id for name in indicators)),
        find_claim(ctx, claim).id if claim else "",
    )


@dataclass(frozen=True, slots=True)
class SealedContent:
    """The encrypted part of a subscription: its address, and the secrets of its links and signatures."""

    to: str
    stop: str
    confirm: str
    secret: str = ""  # of a webhook

    def seal(self, settings: Settings) -> str:
        """Return the content encrypted for the database."""
        return tokens.encrypt(settings, json.dumps(asdict(self)), KEY_PURPOSE)


def compute_next_due(days: int, now: datetime) -> datetime:
    """Return when a letter is due next: tomorrow, on Monday, or on the first; a webhook at once."""
    if not days:
        return now
    day = now.astimezone(UTC).replace(hour=SENDING_HOUR, minute=0, second=0, microsecond=0) + timedelta(days=1)
    while (days == 7 and day.weekday()) or (days == 30 and day.day != 1):
        day += timedelta(days=1)
    return day


def can_post(settings: Settings) -> bool:
    """Return True if addresses can be stored, encrypted with the installation's own secret."""
    return settings.secret is not None and len(settings.secret.get_secret_value()) >= tokens.MIN_SECRET_CHARS


def can_mail(settings: Settings) -> bool:
    """Return True if letters can be sent."""
    return can_post(settings) and mail.is_configured(settings)
