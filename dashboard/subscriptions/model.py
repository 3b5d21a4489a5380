"""What is followed, how it is told, and what is kept of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

from dashboard.accounts import mail, tokens
from dashboard.codebook.model import choose_text
from dashboard.locales import t
from dashboard.services.base.context import Context
from dashboard.services.base.errors import Invalid
from dashboard.services.base.lookup import find_countries, find_metric
from dashboard.services.base.words import name_country, name_metric
from dashboard.services.charts.compared import MOST_METRICS
from dashboard.services.claims.statement import find_claim
from dashboard.services.reports.query import MOST_COUNTRIES, MOST_INDICATORS
from dashboard.settings import Settings

Channel = Literal["mail", "webhook"]

DAYS = (1, 7, 30)
"""How often a letter may come: daily, weekly, monthly. A webhook is told of each publication."""

HOUR = 6
"""Of the day, UTC, from which letters are sent: before offices of the adopters open, none at night."""

SEAL = "subscription"
"""Purpose of the keys that its address is encrypted with."""


@dataclass(frozen=True, slots=True)
class FollowedSubject:
    """A country, an indicator, a view of several of both, or a claim of the statement."""

    countries: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    claim: str = ""

    def __bool__(self) -> bool:
        return bool(self.countries or self.indicators or self.claim)

    @property
    def has_brief(self) -> bool:
        """Whether there is a brief of it: a country's, or one of chosen countries and indicators."""
        return len(self.countries) == 1 or bool(self.countries and self.indicators)

    @property
    def query(self) -> str:
        """As an address says it."""
        parts = {"country": ",".join(self.countries), "indicator": ",".join(self.indicators), "claim": self.claim}
        return urlencode({name: value for name, value in parts.items() if value}, safe=",")

    def find_kept(self, ctx: Context) -> "FollowedSubject":
        """What of it the codebook still has; nothing where all its countries, or all its indicators, have gone."""
        countries = tuple(one for one in self.countries if one in ctx.book.countries)
        indicators = tuple(one for one in self.indicators if one in ctx.book.metrics)
        if bool(countries) != bool(self.countries) or bool(indicators) != bool(self.indicators):
            return FollowedSubject()
        return FollowedSubject(countries, indicators, self.claim)

    def name(self, ctx: Context) -> str:
        """What it is called: "Uganda", "Control of corruption: Uganda, Kenya", a claim by its number and words."""
        lang, comma = ctx.lang, t("ui.list.comma", ctx.lang)
        if self.claim:
            claim = find_claim(ctx, self.claim)
            return f"{claim.id}{t('ui.list.colon', lang)}{choose_text(claim.claim, lang)}"
        countries = comma.join(name_country(ctx, one) for one in self.countries)
        indicators = comma.join(name_metric(ctx, one) for one in self.indicators)
        return t("ui.list.colon", lang).join(part for part in (indicators, countries) if part)

    def page(self, lang: str) -> str:
        """The page that shows it."""
        if self.claim:
            return f"/{lang}/statement/{self.claim}/"
        if self.indicators and not self.countries and len(self.indicators) == 1:
            return f"/{lang}/indicators/{self.indicators[0]}/"
        if len(self.countries) == 1 and not self.indicators:
            return f"/{lang}/countries/{self.countries[0]}/"
        if len(self.indicators) > MOST_METRICS or not self.indicators:
            return f"/brief/?{self.query}&lang={lang}"
        return f"/{lang}/compare/?{self.query}"


def read_subject(ctx: Context, countries: tuple[str, ...], indicators: tuple[str, ...], claim: str) -> FollowedSubject:
    """What an address names.

    Raises:
        Unknown: a country, an indicator or a claim that there is not.
        Invalid: more than a subscription tells of, or a claim beside others.
    """
    if len(countries) > MOST_COUNTRIES:
        raise Invalid("country", f"At most {MOST_COUNTRIES} countries; {len(countries)} were asked for.")
    if len(indicators) > MOST_INDICATORS:
        raise Invalid("indicator", f"At most {MOST_INDICATORS} indicators; {len(indicators)} were asked for.")
    if claim and (countries or indicators):
        raise Invalid("claim", "A claim is followed by itself: leave countries and indicators out.")
    return FollowedSubject(
        find_countries(ctx, countries),
        tuple(dict.fromkeys(find_metric(ctx, name).id for name in indicators)),
        find_claim(ctx, claim).id if claim else "",
    )


@dataclass(frozen=True, slots=True)
class SealedContent:
    """What nobody reads without our secret: where it goes, and what its links and signatures are made of."""

    to: str
    stop: str
    confirm: str
    secret: str = ""  # of a webhook

    def seal(self, settings: Settings) -> str:
        """Encrypted, for the database."""
        whole = {"to": self.to, "stop": self.stop, "confirm": self.confirm, "secret": self.secret}
        return tokens.encrypted(settings, json.dumps(whole), SEAL)


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription as it is kept."""

    id: int
    channel: Channel
    countries: str
    indicators: str
    claim: str
    lang: str
    days: int
    brief: bool
    sealed: str
    sealed_with: str
    address_mark: str
    bound_mark: str
    confirm_hash: str
    stop_hash: str
    made_at: datetime
    confirmed_at: datetime | None
    expires_at: datetime | None
    due_at: datetime
    told: int
    pending: int
    failures: int

    @property
    def subject(self) -> FollowedSubject:
        """What is followed."""
        return FollowedSubject(_split(self.countries), _split(self.indicators), self.claim)

    def open(self, settings: Settings) -> SealedContent:
        """What was sealed.

        Raises:
            Unconfigured: it was sealed with a secret that is not set any more.
        """
        given: Mapping[str, str] = json.loads(tokens.decrypted(settings, self.sealed, SEAL))
        return SealedContent(**given)


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def next_due(days: int, now: datetime) -> datetime:
    """When a letter is due next: tomorrow, on Monday, or on the first of the month; a webhook at once."""
    if not days:
        return now
    day = now.astimezone(UTC).replace(hour=HOUR, minute=0, second=0, microsecond=0) + timedelta(days=1)
    while (days == 7 and day.weekday()) or (days == 30 and day.day != 1):
        day += timedelta(days=1)
    return day


def can_post(settings: Settings) -> bool:
    """Whether addresses can be kept: encrypted, with the installation's own secret."""
    return settings.secret is not None and len(settings.secret.get_secret_value()) >= tokens.LEAST_SECRET


def can_mail(settings: Settings) -> bool:
    """Whether letters can be sent to them."""
    return can_post(settings) and mail.configured(settings)
