"""A report asked for, checked once: equal questions are equal, and give equal bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode

from dashboard.answers.adoption.counting import DEFAULT_RULE, check_rule
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Invalid, require_among
from dashboard.answers.base.lookup import find_countries, find_country, find_metric
from dashboard.answers.claims.finding import NOTHING_SENT, SentCounts
from dashboard.answers.progress.assessment import DEFAULT_METHOD
from dashboard.answers.progress.progress import check_method
from dashboard.settings import settings

Kind = Literal["country", "brief", "programme", "vnr", "statement", "own"]

PARTS = ("figures", "charts", "adoption", "gaps", "sources")
"""What a brief of one's own may hold, in its order."""

MAX_COUNTRIES, MAX_INDICATORS = 12, 20
"""Of a brief of one's own."""


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
    countries: tuple[str, ...] = ()  # of a brief of one's own, with
    indicators: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def _chosen(self) -> dict[str, str]:
        """The parameters that are not at their default."""
        usual = {
            "method": (self.method, DEFAULT_METHOD), "rule": (self.rule, DEFAULT_RULE),
            "country": (",".join(self.countries), ""), "indicator": (",".join(self.indicators), ""),
            "part": (",".join(self.parts), ",".join(PARTS) if self.kind == "own" else ""),
        }  # fmt: skip
        return {name: own for name, (own, default) in usual.items() if own != default}

    @property
    def path(self) -> str:
        """The address of the page the report is of, as of the same day."""
        day = {"as_of": self.ctx.today.isoformat()}
        if self.kind == "own":
            return f"/brief/?{urlencode({'lang': self.ctx.lang} | self._chosen | day, safe=',')}"
        place = f"countries/{self.iso3}/" if self.iso3 else "statement/" if self.kind == "statement" else "progress/"
        return f"/{self.ctx.lang}/{place}?{urlencode(self._chosen | day)}"

    def file(self, form: str) -> str:
        """Return the path of the report as a file, as of the same day."""
        asked = {"lang": self.ctx.lang, **self._chosen, "as_of": self.ctx.today.isoformat()}
        place = f"{self.kind}/{self.iso3}" if self.iso3 else self.kind
        path = "brief" if self.kind == "own" else f"reports/{place}"
        return f"/api/v1/{path}.{form}?{urlencode(asked, safe=',')}"

    def filename(self, form: str) -> str:
        """Return a file name that still explains itself in a folder of downloads."""
        if self.kind == "own":
            named = "-".join(self.countries) if len(self.countries) < 4 else f"{len(self.countries)}-countries"
            parts = ["brief", named, self.ctx.lang, self.ctx.today.isoformat()]
            return "_".join(parts) + f".{form}"
        parts = [self.kind, self.iso3, self.ctx.lang, *self._chosen.values(), self.ctx.today.isoformat()]
        return "_".join(filter(None, parts)) + f".{form}"


def ask_country(ctx: Context, iso3: str, method: str = DEFAULT_METHOD, base: str = "") -> ReportQuery:
    """Ask for the brief of a country.

    Raises:
        Unknown: no such country, with suggestions.
        Invalid: no such method; the country is named by an alpha-2 or M49 code.
    """
    return ReportQuery("country", find_country(ctx, iso3).iso3, check_method(method), DEFAULT_RULE, _base(base), ctx)


def ask_brief(ctx: Context, iso3: str, method: str = DEFAULT_METHOD, base: str = "") -> ReportQuery:
    """Ask for the two-page brief of a country; raises as ``ask_country``."""
    return ReportQuery("brief", find_country(ctx, iso3).iso3, check_method(method), DEFAULT_RULE, _base(base), ctx)


def ask_programme(ctx: Context, method: str = DEFAULT_METHOD, rule: str = DEFAULT_RULE, base: str = "") -> ReportQuery:
    """Ask for the report of the programme.

    Raises:
        Invalid: no such method or counting rule.
    """
    return ReportQuery("programme", "", check_method(method), check_rule(rule), _base(base), ctx)


def ask_annex(ctx: Context, iso3: str, base: str = "") -> ReportQuery:
    """Ask for the annex to a voluntary national review; its trends are by the custodian's method.

    Raises:
        Unknown: no such country, with suggestions.
        Invalid: the country is named by an alpha-2 or M49 code.
    """
    return ReportQuery("vnr", find_country(ctx, iso3).iso3, DEFAULT_METHOD, DEFAULT_RULE, _base(base), ctx)


def ask_statement(ctx: Context, sent: SentCounts = NOTHING_SENT, base: str = "") -> ReportQuery:
    """Ask for the report of the statement, with the counts that were sent."""
    return ReportQuery("statement", "", DEFAULT_METHOD, DEFAULT_RULE, _base(base), ctx, sent)


def ask_own(
    ctx: Context, countries: Sequence[str], indicators: Sequence[str], parts: Sequence[str] = (), base: str = ""
) -> ReportQuery:
    """Ask for a brief of these countries, indicators and parts; all parts where none is named.

    Raises:
        Unknown: no such country or indicator, with suggestions.
        Invalid: none or too many of them, or no such part.
    """
    chosen = find_countries(ctx, countries)
    metrics = tuple(dict.fromkeys(find_metric(ctx, name).id for name in indicators))
    if not 1 <= len(chosen) <= MAX_COUNTRIES:
        raise Invalid("country", f"A brief is of 1 to {MAX_COUNTRIES} countries; {len(chosen)} were asked for.")
    if not 1 <= len(metrics) <= MAX_INDICATORS:
        raise Invalid("indicator", f"A brief is of 1 to {MAX_INDICATORS} indicators; {len(metrics)} were asked for.")
    for part in parts:
        require_among("part", part, PARTS)
    wanted = tuple(part for part in PARTS if part in parts) or PARTS
    return ReportQuery(
        "own", "", DEFAULT_METHOD, DEFAULT_RULE, _base(base), ctx, countries=chosen, indicators=metrics, parts=wanted
    )


def _base(base: str) -> str:
    return (settings().public_url or base).rstrip("/")
