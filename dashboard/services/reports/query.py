"""A report asked for, checked once: equal questions are equal, and give equal bytes."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode

from dashboard.services.adoption.counting import DEFAULT_RULE, check_rule
from dashboard.services.base.context import Context
from dashboard.services.base.lookup import find_country
from dashboard.services.claims.finding import NOTHING_SENT, SentCounts
from dashboard.services.progress.assessment import DEFAULT_METHOD
from dashboard.services.progress.progress import check_method
from dashboard.settings import settings

Kind = Literal["country", "programme", "vnr", "statement"]


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """Which report. What a kind does not depend on is always at its default."""

    kind: Kind
    iso3: str  # "" for the programme
    method: str
    rule: str
    base: str  # where visitors find the site: addresses in a printed report must lead there
    ctx: Context = field(repr=False)
    sent: SentCounts = NOTHING_SENT  # counts that the claims of the statement are held against

    @property
    def _chosen(self) -> dict[str, str]:
        """What is not at its default."""
        usual = {"method": (self.method, DEFAULT_METHOD), "rule": (self.rule, DEFAULT_RULE)}
        return {name: own for name, (own, default) in usual.items() if own != default}

    @property
    def path(self) -> str:
        """The view the report is of, as of the same day."""
        place = f"countries/{self.iso3}/" if self.iso3 else "statement/" if self.kind == "statement" else "progress/"
        return f"/{self.ctx.lang}/{place}?{urlencode(self._chosen | {'as_of': self.ctx.today.isoformat()})}"

    def file(self, form: str) -> str:
        """The path of the report as a file, as of the same day."""
        asked = {"lang": self.ctx.lang, **self._chosen, "as_of": self.ctx.today.isoformat()}
        place = f"{self.kind}/{self.iso3}" if self.iso3 else self.kind
        return f"/api/v1/reports/{place}.{form}?{urlencode(asked)}"

    def filename(self, form: str) -> str:
        """A name that still says what it is when it lies in a folder of downloads."""
        parts = [self.kind, self.iso3, self.ctx.lang, *self._chosen.values(), self.ctx.today.isoformat()]
        return "_".join(filter(None, parts)) + f".{form}"


def ask_country(ctx: Context, iso3: str, method: str = DEFAULT_METHOD, base: str = "") -> ReportQuery:
    """The brief of a country.

    Raises:
        Unknown: no such country, with suggestions.
        Invalid: no such method; the country is named by an alpha-2 or M49 code.
    """
    return ReportQuery("country", find_country(ctx, iso3).iso3, check_method(method), DEFAULT_RULE, _base(base), ctx)


def ask_programme(ctx: Context, method: str = DEFAULT_METHOD, rule: str = DEFAULT_RULE, base: str = "") -> ReportQuery:
    """The report of the programme.

    Raises:
        Invalid: no such method or counting rule.
    """
    return ReportQuery("programme", "", check_method(method), check_rule(rule), _base(base), ctx)


def ask_annex(ctx: Context, iso3: str, base: str = "") -> ReportQuery:
    """The statistical annex to a country's voluntary national review; its trends are by the custodian's method.

    Raises:
        Unknown: no such country, with suggestions.
        Invalid: the country is named by an alpha-2 or M49 code.
    """
    return ReportQuery("vnr", find_country(ctx, iso3).iso3, DEFAULT_METHOD, DEFAULT_RULE, _base(base), ctx)


def ask_statement(ctx: Context, sent: SentCounts = NOTHING_SENT, base: str = "") -> ReportQuery:
    """The report of the statement, with what was sent."""
    return ReportQuery("statement", "", DEFAULT_METHOD, DEFAULT_RULE, _base(base), ctx, sent)


def _base(base: str) -> str:
    return (settings().public_url or base).rstrip("/")
