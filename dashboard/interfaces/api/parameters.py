"""Query parameters, read and normalised once: equal questions become equal values.

An unknown parameter is an error: ``contry=AZE`` must not silently answer for all countries.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self, get_origin

from fastapi import Depends, Path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from dashboard.analysis.charts.registry import KINDS
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.charts.query import ChartQuery, ask_chart
from dashboard.answers.search import MAX_LETTERS
from dashboard.locales import DESK_LANGUAGES, LANGUAGES
from dashboard.settings import Settings, settings

Configured = Annotated[Settings, Depends(settings)]

FIRST_YEAR, LAST_YEAR = 1900, 2100
MAX_ROWS = 10_000
MAX_PEERS = 50
MAX_HITS = 100

RowNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""A row's number in a path, within the range of the databases' columns."""


def _split_values(values: object) -> object:
    """Return repeated and comma-separated values as a list without duplicates or blanks."""
    if not isinstance(values, list | tuple):
        values = [values]
    parts = [part.strip() for text in values for part in str(text).split(",")]
    return list(dict.fromkeys(part for part in parts if part))


def _uppercase(codes: list[str]) -> list[str]:
    return list(dict.fromkeys(code.upper() for code in codes))


def check_language(lang: str) -> str:
    """Return a language of the product, or raise an error that names them."""
    if lang not in LANGUAGES:
        raise ValueError(f"must be one of {', '.join(LANGUAGES)}")
    return lang


def check_desk_language(lang: str) -> str:
    """Return a language of templates and desks, or raise an error that names them."""
    if lang not in DESK_LANGUAGES:
        raise ValueError(f"must be one of {', '.join(DESK_LANGUAGES)}")
    return lang


def _parse_date(value: object) -> object:
    """Parse an ISO date only; pydantic alone would read a bare number as seconds since 1970."""
    if value in ("", None):
        return None
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("must be a date such as 2024-11-02")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"must be a date such as 2024-11-02 ({error})") from error


def parse_whole_number(value: object) -> object:
    """Parse a whole number in an address; None where it is empty."""
    if value in ("", None):
        return None
    if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,9}", value):
        raise ValueError("must be a whole number")
    return int(value)


def _drop_blank(value: object) -> object:
    return None if value == "" else value


def _parse_moment(value: object) -> object:
    """Parse a day, or the number of a vintage."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,6}", value):
        return int(value)
    try:
        return _parse_date(value)
    except ValueError as error:
        raise ValueError("must be a date such as 2024-11-02 or the number of a vintage") from error


Codes = Annotated[list[str], BeforeValidator(_split_values)]
Countries = Annotated[list[str], BeforeValidator(_split_values), AfterValidator(_uppercase)]
Year = Annotated[
    Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)] | None, BeforeValidator(parse_whole_number)
]  # ``from=`` is no year
Flag = Annotated[bool, BeforeValidator(lambda value: value == "1" if value in ("", "0", "1") else value)]
GoalNumber = Annotated[int, BeforeValidator(lambda value: parse_whole_number(value) or 0), Field(ge=0, le=17)]
RowLimit = Annotated[Annotated[int, Field(ge=1, le=MAX_ROWS)] | None, BeforeValidator(parse_whole_number)]
Cursor = Annotated[str | None, BeforeValidator(_drop_blank)]
Theme = Literal["light", "dark"]
AsOf = Annotated[date | None, BeforeValidator(_parse_date)]
Moment = Annotated[date | int | None, BeforeValidator(_parse_moment)]
Kind = Literal["new", "revised", "reissued", "vanished"]

INDICATOR = "Indicator id, for instance `wgi_cc`; see `/api/v1/indicators`."
COUNTRY = "ISO 3166-1 alpha-3 codes, comma-separated or repeated: `AZE,GEO`. Any case."
FROM = "First year."
TO = "Last year."
DATASET = (
    "Name of a dataset version, `dataset` of `/api/v1/meta`: its figures, whatever was published later. Not together "
    "with `as_of`."
)
AS_OF = "The dataset as it stood at the end of this day (ISO date). Default: the newest."
NATIONAL = (
    "A country's own series under the number of the indicator, in its own definition, for instance `kaz:16-6-2`; see "
    "`national` in `/api/v1/countries/{iso3}`. Drawn alone, as a trend."
)
DIMENSION = "What the chart `breakdown` breaks down by: `sex`, `location` and so on. Default: the first there is."
LANG = "Language of names and sentences."
MARK = "`true` begins the file with the UTF-8 byte order mark, by which Excel knows that it is UTF-8."
VERSION = "The `stamp` of `/api/v1/meta`: an address with the current stamp may be cached for ever."


class Question(BaseModel):
    """The parameters of every read route."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lang: Annotated[str, AfterValidator(check_language)] = Field("en", description=LANG)
    as_of: AsOf = Field(None, description=AS_OF)
    v: str = Field("", description=VERSION, max_length=64)


class Paged(BaseModel):
    """The part of a list to return."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    limit: RowLimit = Field(
        None, description=f"Most rows, at most {MAX_ROWS}. Default: all, or 1000 in JSON where there can be many more."
    )
    cursor: Cursor = Field(
        None,
        description="Where to go on: the `next` of the JSON before; CSV leads there by the header `Link`.",
        max_length=200,
    )


class ListQuestion(Paged, Question):
    """A question that a list answers."""


class Years(Question):
    """A question about a span of years."""

    first: Year = Field(None, alias="from", description=FROM)
    last: Year = Field(None, alias="to", description=TO)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first is not None and self.last is not None and self.first > self.last:
            raise ValueError(f"from ({self.first}) must not be after to ({self.last})")
        return self


class ChartQuestion(Years):
    """The contents of a chart."""

    dataset: str = Field("", description=DATASET, pattern=r"^(\d{1,6}-\d{4}-\d\d-\d\d-[0-9a-f]{8})?$")
    indicator: str = Field(description=INDICATOR, min_length=1, max_length=80)
    country: Countries = Field(default_factory=list, description=COUNTRY + " Default: Azerbaijan and adopters.")
    series: str = Field("", description=NATIONAL, max_length=80)
    dimension: str = Field("", description=DIMENSION, max_length=80)
    sort: Literal["", "gap", "name"] = Field("", description="Order of the countries of a breakdown. Default: by gap.")
    other: str = Field("", alias="with", description="`scatter`: the indicator on the horizontal axis.", max_length=80)
    event: str = Field(
        "",
        description="`aligned`: the kind of event that years are counted from. Default: `centre_opened`.",
        max_length=40,
    )
    unequal: Flag = Field(
        False,
        description="`1`: join figures that do not measure the same, dashed and said (`trend`, `aligned`, `slope`, "
        "`dumbbell`).",
    )
    theme: Theme = Field("light", description="Colours.")

    def make_query(self, ctx: Context, kind: str, theme: str = "") -> ChartQuery:
        """Return the checked query of a chart of ``kind``; ``theme`` where the address has none.

        Raises:
            Invalid, Unknown: as ``query.ask``; or the kind does not take a parameter.
        """
        shape = KINDS.get(kind)
        if shape and shape.origin == "series":
            takes = {"with": shape.needs_second, "event": shape.from_event, "unequal": shape.joined}
            values = {"with": self.other, "event": self.event, "unequal": self.unequal}
            if unused := [name for name, value in values.items() if value and not takes[name]]:
                raise Invalid(unused[0], f"A chart of the kind {kind} takes no “{unused[0]}”: leave it out.")
        return ask_chart(
            ctx,
            kind,
            self.indicator,
            tuple(self.country),
            self.first,
            self.last,
            theme or self.theme,
            self.series,
            self.dimension,
            self.sort,
            self.other,
            self.event,
            unequal=self.unequal,
        )


class ChartFileQuestion(ChartQuestion):
    """A chart's rows as a file."""

    bom: bool = Field(False, description=MARK)


class EmbedQuestion(ChartQuestion):
    """An embedded chart; its language is in the path."""

    theme: Literal["auto", "light", "dark"] = Field("auto", description="Colours; `auto` is the reader's own wish.")  # type: ignore[assignment]


class PlotQuestion(ChartQuestion):
    """The drawing of an embedded chart."""

    width: Literal["400", "800"] = Field("800", description="Pixels.")


class SearchQuestion(Question):
    """The words to search for."""

    q: Annotated[str, AfterValidator(str.strip), Field(min_length=1, max_length=MAX_LETTERS)] = Field(
        description="What is looked for: a name in any language, a code, another name; at most 80 letters.",
        examples=["16.6.2"],
    )
    kind: Literal["", "country", "indicator", "goal", "principle", "source", "adoption", "help"] = Field(
        "", description="One group of answers only. Default: all."
    )
    limit: Annotated[Annotated[int, Field(ge=1, le=MAX_HITS)] | None, BeforeValidator(parse_whole_number)] = Field(
        None, description=f"Most hits per group, at most {MAX_HITS}. Default: 5."
    )


class PeersQuestion(ListQuestion):
    """The country whose peers are proposed."""

    country: str = Field(description="ISO 3166-1 alpha-3 code.", min_length=1, max_length=80, examples=["ETH"])
    limit: Annotated[Annotated[int, Field(ge=1, le=MAX_PEERS)] | None, BeforeValidator(parse_whole_number)] = Field(
        None, description=f"Most countries, at most {MAX_PEERS}. Default: 12."
    )


class SelectionQuestion(Years):
    """A selection of observations."""

    indicator: Codes = Field(default_factory=list, description=INDICATOR + " Several are possible.")
    country: Countries = Field(default_factory=list, description=COUNTRY + " Default: all.")
    dimensions: Literal["all", "total"] = Field(
        "all", description="`total`: national totals only, without breakdowns by sex, age and so on."
    )
    series: str = Field(
        "primary",
        description="`primary`: what pages show; `all`: also secondary series, which say the same thing by another "
        "publisher, and countries' own; or the code of one national series of the indicator, `kaz:16-6-2`.",
        max_length=80,
    )


class DatasetQuestion(SelectionQuestion):
    """A part of the dataset; without a filter all of it."""

    series: str = Field(
        "all", description="`all`, `primary` (what pages show), or the code of one national series.", max_length=80
    )


class RowsQuestion(Paged, SelectionQuestion):
    """A selection of observations and of their columns."""

    fields: Codes = Field(
        default_factory=list, description="Columns to give, for instance `country,period,value`. Default: all."
    )

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        if not self.indicator and not self.country:
            raise ValueError("name an indicator or a country, for instance indicator=wgi_cc")
        return self


class RowsFileQuestion(RowsQuestion):
    """A selection of observations as a file."""

    bom: bool = Field(False, description=MARK)


class FeedQuestion(Question):
    """A selection of changes."""

    indicator: Codes = Field(default_factory=list, description=INDICATOR + " Several are possible.")
    country: Countries = Field(default_factory=list, description=COUNTRY + " Default: all.")
    source: Codes = Field(default_factory=list, description="Ids of publishers, for instance `world_bank`.")
    since: Moment = Field(
        None, description="Only vintages after this day (ISO date) or number. Default: the first is told too."
    )
    until: Moment = Field(None, description="Up to the vintage of this day or number. Default: the newest.")


class ChangesQuestion(Paged, FeedQuestion):
    """A selection of changes, with their kind, steps and number."""

    kind: Annotated[list[Kind], BeforeValidator(_split_values)] = Field(
        ["new", "revised", "vanished"],
        description="`new`, `revised`, `reissued` (the same figure in another edition), `vanished`. Default: all but "
        "`reissued`.",
    )
    steps: Literal["each", "net"] = Field(
        "each", description="`each`: vintage by vintage. `net`: `until` compared with `since`, whatever lay between."
    )


class BetweenQuestion(ListQuestion):
    """Changes between two days; ``as_of`` is the later one."""

    since: AsOf = Field(
        None,
        description="The earlier day (ISO date). Default: the end of the last quarter.",
    )
    method: str = Field("", description="Method of the statuses, see `/api/v1/progress`.", max_length=60)
    country: Countries = Field(
        default_factory=list, description=COUNTRY + " Default: the origin and the adopters, or all with `group=world`."
    )
    indicator: str = Field("", description=INDICATOR + " Default: all.", max_length=80)
    goal: GoalNumber = Field(0, description="Indicators linked to a target of this goal.")
    group: Literal["", "world"] = Field("", description="`world`: all countries and areas.")
    kind: Literal["", "revised", "new", "withdrawn", "status", "target", "claim"] = Field(
        "", description="Changes of one kind. Default: all. Claims are of no country, indicator or goal."
    )


class DisagreementQuestion(ListQuestion):
    """A selection of disagreements."""

    country: Countries = Field(
        default_factory=list, description=COUNTRY + " Default: the origin and the adopters, or all with `group=world`."
    )
    indicator: str = Field("", description=INDICATOR + " Default: all.", max_length=80)
    group: Literal["", "world"] = Field("", description="`world`: all countries and areas.")
    kind: Literal["", "publisher", "national", "edition"] = Field(
        "",
        description="`publisher`: another publisher; `national`: the country's own series, in its own definition; "
        "`edition`: an earlier edition of the same series. Default: all.",
    )


class AvailabilityQuestion(ListQuestion):
    """A part of the matrix of adopters and indicators."""

    theme: str = Field("", description="A theme, for instance `integrity`.", max_length=60)
    goal: GoalNumber = Field(0, description="Indicators linked to a target of this goal.")
    source: str = Field("", description="Indicators that this publisher has a series for.", max_length=60)
    rule: str = Field("", description="Which countries: a counting rule of `/api/v1/meta`. Default: `signed`.")
    group: str = Field(
        "",
        description="Of them only a region, an income group, `ldc`, `lldc` or `sids`: `asia`, `low_income`.",
        max_length=60,
    )
    gap: str = Field("", description="Only cells with this kind of gap, for instance `not_reported`.", max_length=60)
    sort: str = Field("", description="`theme` (default), `name`, `most`, `least` or `newest`.", max_length=60)


class RegisterQuestion(Paged, Years):
    """A selection of events of the adoption register."""

    country: Countries = Field(default_factory=list, description=COUNTRY + " Default: all.")
    event: str = Field("", description="A kind of event, for instance `mou` or `centre_opened`.", max_length=60)
    source: str = Field(
        "",
        description="A kind of source: `national_gov`, `azerbaijan_gov`, `un`, `independent` or `press`.",
        max_length=60,
    )
    evidence: str = Field("", description="`E1` (best) to `E4`.", max_length=60)
    disputed: str = Field("", description="`yes` or `no`. Default: both.", max_length=60)
    q: str = Field("", description="Words to look for in country, local name, scope, source and note.", max_length=80)
    sort: str = Field("", description="`newest` (default), `oldest`, `country`, `type` or `evidence`.", max_length=60)


class MappingQuestion(Question):
    """The part of the mapping to draw."""

    side: Literal["", "principles", "rights", "goals"] = Field("", description="The last column. Default: principles.")
    strength: Literal["", "direct", "proxy", "enabling"] = Field("", description="Links of this strength only.")
    figures: Flag = Field(False, description="`1`: only links whose indicator has figures.")
    country: str = Field("", description="ISO 3166-1 alpha-3 code: its figures and statuses.", max_length=80)
    pin: str = Field(
        "", description="The path looked at: theme, target and last node, `integrity,16.5,`.", max_length=190
    )
    theme: Theme = Field("light", description="Colours.")


class CentresQuestion(BaseModel):
    """A chart of a country's service centres; ``v`` is the mark of its counts."""

    model_config = ConfigDict(frozen=True)

    metric: str = Field("", description="Default: the usual one of the kind.", max_length=40)
    lang: Annotated[str, AfterValidator(check_language)] = Field("en", description="Language of the words.")
    theme: Theme = "light"
    width: Annotated[int, Field(ge=320, le=1600)] = 1100


class CountsQuestion(Question):
    """Counts of countries over time."""

    rule: str = Field("", description="The rule drawn in colour: one of `/api/v1/meta`. Default: `signed`.")
    theme: Theme = Field("light", description="Colours.")


class ProgressQuestion(ListQuestion):
    """The lines and methods of verdicts."""

    indicator: Codes = Field(default_factory=list, description=INDICATOR + " Several are possible.")
    country: Countries = Field(default_factory=list, description=COUNTRY + " Default: all.")
    method: Codes = Field(
        default_factory=list,
        description="Methods, comma-separated or repeated, or `all`. Default: `unsd_2026`, the custodian's newest.",
    )

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        if not self.indicator and not self.country:
            raise ValueError("name an indicator or a country, for instance indicator=internet_users")
        return self


class EffectChoices(Years):
    """The studied outcome, country and donors; what is left out is proposed."""

    method: Literal["synthetic_control", "callaway_santanna"] = Field(
        "synthetic_control", description="One country beside a synthetic one, or group-time effects of all adopters."
    )
    indicator: str = Field(description="The outcome. " + INDICATOR, min_length=1, max_length=80)
    country: str = Field("", description="The treated country of a synthetic control, ISO alpha-3.", max_length=3)
    event: str = Field(
        "",
        description="The opening that begins the treatment, by its id in `/api/v1/adoption` (`centre_opened` for "
        "group-time effects); every other event is refused.",
        max_length=40,
    )
    without: Countries = Field(default_factory=list, description="Proposed donors that are taken out. " + COUNTRY)


class EffectPanelQuestion(EffectChoices):
    """The figures an estimate would use, and how they look."""

    theme: Theme = Field("light", description="Colours.")


class EffectQuestion(EffectChoices):
    """A plan of an adoption effect."""

    own: Countries = Field(
        default_factory=list,
        description="Donors with a one-stop model of their own: the estimate is made with and without them.",
    )

    @model_validator(mode="after")
    def _about_a_country(self) -> Self:
        if self.method == "synthetic_control" and not self.country:
            raise ValueError("a synthetic control is of one country: name it, for instance country=AFG")
        return self


class EffectChartQuestion(EffectQuestion):
    """A plan, and how a chart of its result looks."""

    theme: Theme = Field("light", description="Colours.")


def read_lists(model: type[BaseModel], query: Mapping[str, list[str]]) -> dict[str, object]:
    """Return a query string as a question takes it: lists where it asks for several, else the last value."""
    lists = {field.alias or name for name, field in model.model_fields.items() if get_origin(field.annotation) is list}
    return {name: values if name in lists else values[-1] for name, values in query.items()}
