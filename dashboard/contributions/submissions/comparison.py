"""A submission against what is published: what is new, revised, withdrawn, vanished or unchanged.

``compare`` is pure: frames in, changes out; ``preview`` and its kin read what is in force of the country.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from dashboard.analysis.measures.surveys.suppression import RELIABLE, WIDE_CV
from dashboard.contributions.submissions import store
from dashboard.contributions.submissions.methods.resolving import evidence_level
from dashboard.contributions.submissions.model import (
    LEVEL,
    LEVELS,
    QUANTILES,
    REPLACED,
    SOURCE,
    WITHDRAWN,
    ContestedFigure,
    FigureChange,
    Removed,
    Submission,
    Withdrawal,
)
from dashboard.contributions.submissions.offices import store as offices
from dashboard.contributions.submissions.reading.child import HISTORY
from dashboard.contributions.submissions.reading.figures import FIGURES
from dashboard.contributions.submissions.rules.ground import list_accepted
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.evidence.dataset.identity import add_ids
from dashboard.settings import Settings
from data_sources.national_submission.made import BETWEEN, read_made, write_made
from data_sources.national_submission.made import NATIONAL as NATIONAL_SERIES

FACT = ["indicator", "period", "dimensions"]
COUNTRY, NATIONAL = "C", "CN"
"""Natures of what a country sends: by the indicator's definition, or by one of its own."""

_SAME = (
    "value", "lower", "upper", "interval_level", "std_error", "status", "unit", "footnote", "series", "nature",
)  # fmt: skip
"""What makes a figure the same one, where there is none its reason; who sent it again and how it is written do not."""

_Z = {float(level): quantile for level, quantile in QUANTILES.items()}

_TOLD = ("value", "value_text", "lower", "upper", "interval_level", "edition", "footnote", "source_detail")
"""What people are told of a figure, beside what is published of it."""

STATUS = {"not_applicable": "not_applicable"}
"""Status of a missing figure by its reason; all others are ``missing``."""


@dataclass(frozen=True, slots=True)
class SeriesShown:
    """Whose figures pages show of an indicator instead of the country's own, and of which year the newest is."""

    indicator: str
    source: str
    period: str


@dataclass(frozen=True)
class PublicationComparison:
    """What a publication would do: rows that come into force, ids that go, and each fact for people.

    ``contested`` are rows about figures that another office holds, and that change nothing. ``apart``: indicators whose
    new or revised figures pages do not show, since an international publisher has figures of the country.
    """

    added: pl.DataFrame
    superseded: tuple[str, ...]
    changes: tuple[FigureChange, ...]
    contested: tuple[ContestedFigure, ...] = ()
    apart: tuple[SeriesShown, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many facts are new, revised, withdrawn, vanished and unchanged."""
        fates = [change.fate for change in self.changes]
        return {fate: fates.count(fate) for fate in ("new", "revised", "withdrawn", "vanished", "unchanged")}

    @property
    def removed(self) -> list[Removed]:
        """The figures that would go with their year, unnamed."""
        return [one.figure for one in self._taken("vanished")]

    @property
    def withdrawals(self) -> list[Withdrawal]:
        """The figures that are taken back by name, each with its reason."""
        return self._taken("withdrawn")

    @property
    def taken(self) -> list[Withdrawal]:
        """All that would be published no more: by name, or with the year."""
        return self._taken("withdrawn", "vanished")

    def _taken(self, *fates: str) -> list[Withdrawal]:
        return [
            Withdrawal(Removed(it.indicator, it.period, it.dimensions, it.before), it.reason)
            for it in self.changes
            if it.fate in fates and it.before is not None
        ]


def rows_of(
    submission: Submission, figures: pl.DataFrame, units: Mapping[str, str], shown: Mapping[str, bool]
) -> pl.DataFrame:
    """The figures of a submission as rows of the record, without ids' neighbours: columns of ``dataset.schema.ROWS``.

    Args:
        submission: whose figures they are.
        figures: ``reading.figures.FIGURES``, without errors.
        units: unit of each indicator.
        shown: whether pages show this source's rows of an indicator (no custodian has figures of the country).
    """
    value = pl.col("value")
    stated = figures.filter(value.is_not_null() | (pl.col("reason") != "")).with_columns(
        pl.col("period").replace("", submission.period)
    )
    of = _methods_of(submission, stated["indicator"].unique().to_list())
    # how many answered is told of a figure alone: where there is none because they were too few, it would be a few
    sample = pl.when(value.is_not_null(), pl.col("sample").is_not_null()).then(
        pl.format("n = {}", pl.col("sample").cast(pl.Int64))
    )
    note = pl.concat_str(
        [sample, pl.when(pl.col("note") != "").then(pl.col("note"))], separator="; ", ignore_nulls=True
    )
    own, in_lane = pl.col("own"), pl.col("in_lane")
    series = pl.format("level{}:{}", "evidence", pl.lit(submission.country))
    series = pl.when(own).then(pl.concat_str(series, pl.lit(NATIONAL_SERIES))).otherwise(series)
    bounded = value.is_not_null() & pl.col("lower").is_not_null() & pl.col("upper").is_not_null()
    made = stated.join(of, on="indicator", how="left", maintain_order="left").select(
        "indicator",
        pl.lit(submission.country).alias("country"),
        "period",
        pl.col("period").str.head(4).cast(pl.Int32).alias("year"),
        "dimensions",
        "value",
        pl.when(bounded).then("lower").alias("lower"),
        pl.when(bounded).then("upper").alias("upper"),
        pl.col("indicator").replace_strict(units, default="").alias("unit"),
        pl.when(value.is_not_null())
        .then(pl.when(_unreliable(units)).then(pl.lit("unreliable")).otherwise(pl.lit("normal")))
        .otherwise(pl.col("reason").replace_strict(STATUS, default="missing"))
        .alias("status"),
        pl.when(own).then(pl.lit(NATIONAL)).otherwise(pl.lit(COUNTRY)).alias("nature"),
        pl.lit(SOURCE).alias("source"),
        pl.lit(submission.edition).alias("edition"),
        pl.lit(submission.created_at).cast(pl.Datetime("us", "UTC")).alias("retrieved_at"),
        series.alias("series"),
        pl.when(value.is_not_null()).then("value_text").otherwise("reason").alias("value_text"),
        pl.when(bounded).then(_level()).alias("interval_level"),
        pl.when(value.is_not_null()).then("std_error").alias("std_error"),
        pl.when(value.is_not_null()).then("made").otherwise(pl.lit(offices_of(submission))).alias("source_detail"),
        note.fill_null("").alias("footnote"),
        pl.lit(submission.sha256).alias("raw_sha256"),
        (pl.col("indicator").replace_strict(shown, default=False, return_dtype=pl.Boolean) & ~own & in_lane).alias(
            "primary"
        ),
    )
    return add_ids(made)


def offices_of(submission: Submission) -> str:
    """Return who stands behind its figures, as each of them tells it."""
    return f"Submitted by {submission.submitted_office}, approved by {submission.approved_office}"


def _methods_of(submission: Submission, indicators: Sequence[str]) -> pl.DataFrame:
    """Of each indicator the account of how its figures were made: text, evidence, whose definition, level, lane."""
    offices, metrics, rows = offices_of(submission), load_codebook().metrics, []
    for one in indicators:
        method = submission.method_of(one)
        only = metrics[one].only_from if one in metrics else ""
        rows.append({
            "indicator": one, "made": write_made(offices, method), "evidence": evidence_level(method),
            "own": method.get("definition_used") == "own", "said_level": method.get("interval_level", ""),
            "in_lane": only in ("", method.get("method", "")),
        })  # fmt: skip
    schema = {"indicator": pl.String, "made": pl.String, "evidence": pl.Int64, "own": pl.Boolean,
              "said_level": pl.String, "in_lane": pl.Boolean}  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def _level() -> pl.Expr:
    """Return the level of an interval: as its head names it, else its method, else ``LEVEL``."""
    named = [pl.when(pl.col(it).is_in(LEVELS)).then(pl.col(it).cast(pl.Float64)) for it in ("level_head", "said_level")]
    return pl.coalesce(*named, pl.lit(LEVEL))


def _unreliable(units: Mapping[str, str]) -> pl.Expr:
    """Return whether a figure rests on fewer than 30 people, or its standard error is over 30 per cent of a share."""
    of_interval = (pl.col("upper") - pl.col("lower")) / 2 / _level().replace_strict(_Z)
    people, error = pl.coalesce("sample", "denominator"), pl.coalesce("std_error", of_interval)
    shares = [name for name, unit in units.items() if unit == "percent"]
    wide = pl.col("indicator").is_in(shares) & (error > WIDE_CV * pl.col("value"))
    return ((people > 0) & (people < RELIABLE)).fill_null(value=False) | wide.fill_null(value=False)


def compare(rows: pl.DataFrame, current: pl.DataFrame, replaced: Collection[str]) -> PublicationComparison:
    """Return rows of a submission against the country's rows in force of this source.

    A row whose figure is unchanged, and made as before, stays as it is, with its id and its own edition. Of those that
    were published before methods were told with each figure, nobody knows: the figure alone counts.

    Args:
        rows: ``rows_of``.
        current: rows in force of this source and country.
        replaced: editions whose figures vanish where ``rows`` do not name them; of others nothing vanishes, and a
            reason why there is no figure stays until something takes its place.
    """
    rows, current = _with_made(rows), _with_made(current)
    both = rows.join(current, on=FACT, how="full", coalesce=True, suffix="_before")
    equal = {name: pl.col(name).eq_missing(pl.col(f"{name}_before")) for name in (*_SAME, "value_text")}
    same = pl.all_horizontal(equal[name] for name in _SAME) & pl.when(pl.col("value").is_null()).then(
        equal["value_text"]
    ).otherwise(pl.col("made").eq_missing(pl.col("made_before")) | (pl.col("made_before") == ""))
    fate = (
        pl.when(pl.col("id").is_null())
        .then(
            pl.when(pl.col("edition_before").is_in(list(replaced)), pl.col("value_before").is_not_null())
            .then(pl.lit("vanished"))
            .otherwise(pl.lit("kept"))
        )
        .when(pl.col("id_before").is_null())
        .then(pl.lit("new"))
        .when(same)
        .then(pl.lit("unchanged"))
        .when(pl.col("value").is_null(), pl.col("value_before").is_not_null())
        .then(pl.lit("withdrawn"))
        .otherwise(pl.lit("revised"))
    )
    changed = both.with_columns(fate.alias("fate")).filter(pl.col("fate") != "kept").sort(FACT)
    changes = tuple(
        FigureChange(
            it["indicator"], it["period"], it["dimensions"], it["fate"], it["value_before"], it["value"],
            it["edition_before"] or "", _reason(it["value_text"], it["footnote"]) if it["fate"] == "withdrawn" else "",
            _bounds(it["lower_before"], it["upper_before"]), _bounds(it["lower"], it["upper"]),
            it["footnote_before"] or "", it["footnote"] or "", (it["interval_level_before"], it["interval_level"]),
            *(read_made(it[name] or "")[1] for name in ("source_detail_before", "source_detail")),
        )
        for it in changed.select(*FACT, "fate", *_TOLD, *(f"{name}_before" for name in _TOLD)).iter_rows(named=True)
    )  # fmt: skip
    coming, going = ["new", "revised", "withdrawn"], ["revised", "withdrawn", "vanished"]
    added = rows.drop("made").join(changed.filter(pl.col("fate").is_in(coming)).select("id"), on="id", how="semi")
    gone = changed.filter(pl.col("fate").is_in(going))["id_before"].to_list()
    return PublicationComparison(added, tuple(gone), changes)


def _with_made(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with ``made``, what their ``source_detail`` tells of how they were made: without the offices."""
    return rows.with_columns(
        pl.col("source_detail").str.splitn(BETWEEN, 2).struct.field("field_1").fill_null("").alias("made")
    )


def _bounds(lower: float | None, upper: float | None) -> tuple[float, float] | None:
    return None if lower is None or upper is None else (lower, upper)


def _reason(code: str, words: str) -> str:
    """Return why a figure is taken back, as it is kept: the words alone where they are all there is to say."""
    return words if words and code == WITHDRAWN else ": ".join(part for part in (code, words) if part)


def leave_word(rows: pl.DataFrame, why: str) -> pl.DataFrame:
    """Return published rows of figures as rows that say why there is no figure any more, with ids of their own."""
    nothing = pl.lit(None, dtype=pl.Float64)
    return add_ids(
        rows.with_columns(
            *(nothing.alias(name) for name in ("value", "lower", "upper", "interval_level", "std_error")),
            pl.lit("missing").alias("status"),
            pl.lit(WITHDRAWN).alias("value_text"),
            pl.lit(why).alias("footnote"),
        )
    )


def history(settings: Settings, book: Codebook, country: str, indicators: list[str] | None = None) -> pl.DataFrame:
    """What is in force of a country, of any source, as rules look at it; of all that it sends, also its population."""
    names = indicators if indicators is not None else [*_accepted(book), "population"]
    with reading(open_engine(settings)) as connection:
        rows = _in_force(connection, names, country)
    return rows.filter(pl.col("status") != "missing").select(*HISTORY)


def published_figures_on(connection: store.Connection, indicators: list[str], country: str) -> pl.DataFrame:
    """Return what is in force of what a country's offices have sent, as rows of the record."""
    return _in_force(connection, indicators, country).filter(pl.col("source") == SOURCE)


def preview(settings: Settings, book: Codebook, submission: Submission) -> PublicationComparison:
    """Return what publishing a submission would change, as approver and reviewer see it."""
    with reading(open_engine(settings)) as connection:
        return comparison_on(connection, book, submission)


def comparison_on(connection: store.Connection, book: Codebook, submission: Submission) -> PublicationComparison:
    """``preview`` within a transaction under way."""
    figures = store.figures_of(connection, submission.id)
    if figures is None:
        raise ValueError(f"submission {submission.id} holds no figures")
    return compared_on(connection, book, submission, figures)


def compared_on(
    connection: store.Connection, book: Codebook, submission: Submission, figures: pl.DataFrame
) -> PublicationComparison:
    """Return what publishing these figures would change, within a transaction under way.

    What vanishes with its year leaves a row that says so: nothing that was published once is without a word. What
    another office holds stays as it is.
    """
    figures = figures.filter(pl.col("indicator").is_not_null(), pl.col("dimensions").is_not_null())
    replaced = _replaced(connection, submission) if submission.intent == "replaces" else []
    names = sorted(set(figures["indicator"].to_list()) | set(_accepted(book) if replaced else ()))
    current = _in_force(connection, names, submission.country)
    units, shown = _shown(book, current, names)
    rows = rows_of(submission, figures, units, shown)
    others, current = _shown_of_others(current), current.filter(pl.col("source") == SOURCE)
    rows, contested = _set_apart(connection, submission, rows, current)
    found = compare(rows, current, replaced)
    sent = {it.indicator for it in found.changes if it.fate in ("new", "revised")}
    found = replace(found, contested=contested, apart=tuple(it for it in others if it.indicator in sent))
    why = f"Submission {submission.id} replaces the whole year and does not have it"
    left = [
        {"indicator": it.indicator, "period": it.period, "dimensions": it.group, "reason": WITHDRAWN, "note": why}
        for it in found.removed
    ]
    if not left:
        return found
    said = rows_of(submission, pl.DataFrame(left, schema=FIGURES), units, shown)
    changes = tuple(replace(it, reason=REPLACED) if it.fate == "vanished" else it for it in found.changes)
    return replace(found, added=pl.concat([found.added, said]), changes=changes)


def chosen_on(
    connection: store.Connection, book: Codebook, submission: Submission, indicator: str, period: str, dimensions: str
) -> tuple[pl.DataFrame, list[str]]:
    """Return the row of one figure of a submission, and the ids in force whose place it takes."""
    figures = store.figures_of(connection, submission.id)
    assert figures is not None
    here = pl.all_horizontal(pl.col(name) == it for name, it in zip(FACT, (indicator, period, dimensions), strict=True))
    current = _in_force(connection, [indicator], submission.country)
    rows = rows_of(submission, figures.filter(pl.col("indicator") == indicator), *_shown(book, current, [indicator]))
    return rows.filter(here), current.filter(here, pl.col("source") == SOURCE)["id"].to_list()


def _shown(book: Codebook, current: pl.DataFrame, names: list[str]) -> tuple[dict[str, str], dict[str, bool]]:
    """Unit of each indicator, and whether pages show a country's own rows of it."""
    units = {metric.id: metric.unit for metric in book.metrics.values()}
    others = {it.indicator for it in _shown_of_others(current)}
    return units, {name: name not in others for name in names}


def _shown_of_others(current: pl.DataFrame) -> list[SeriesShown]:
    """Return the indicators of which pages show another publisher's figures of the country, by their newest one."""
    shown = current.filter(pl.col("primary"), pl.col("source") != SOURCE).sort("period", maintain_order=True)
    newest = shown.unique("indicator", keep="last", maintain_order=True).sort("indicator")
    return [SeriesShown(*row) for row in newest.select("indicator", "source", "period").rows()]


def _set_apart(
    connection: store.Connection, submission: Submission, rows: pl.DataFrame, current: pl.DataFrame
) -> tuple[pl.DataFrame, tuple[ContestedFigure, ...]]:
    """Return the rows that are an office's to publish, and those about figures that another one holds.

    Another office's word that there is none gives way to a figure, unless a conflict about it is open: then nobody but
    its holder changes anything before the coordinator has decided.
    """
    mine, office_of = submission.office_number, store.numbers_of_offices(connection, submission.country)
    if set(office_of.values()) <= {mine}:
        return rows, ()
    waiting = {
        (it.indicator, it.period, it.dimensions): it.holder
        for it in offices.conflicts(connection, submission.country)
        if it.state == "open"
    }
    both = rows.join(current.select(*FACT, "value", "edition"), on=FACT, how="left", suffix="_before")
    apart = []
    for it in both.select(*FACT, "value", "value_text", "value_before", "edition_before").iter_rows(named=True):
        fact = (it["indicator"], it["period"], it["dimensions"])
        edition = it["edition_before"]
        holder = int(edition.rpartition(" ")[2]) if edition else waiting.get(fact)
        if holder is None or office_of.get(holder, mine) == mine:
            continue
        if it["value_before"] is None and it["value"] is not None and fact not in waiting:
            continue
        reason = it["value_text"] if it["value"] is None else ""
        apart.append(ContestedFigure(*fact, it["value"], reason, holder, office_of[holder], it["value_before"]))
    if not apart:
        return rows, ()
    others = pl.DataFrame([(it.indicator, it.period, it.dimensions) for it in apart], schema=FACT, orient="row")
    return rows.join(others, on=FACT, how="anti"), tuple(apart)


def closed_revised_on(
    connection: store.Connection, submission: Submission, comparison: PublicationComparison
) -> list[tuple[FigureChange, Submission]]:
    """Revised figures whose edition is of a closed year of a dataset, with the submission in force of that year.

    Figures of one year may be published in a file of another year, or by a survey. What is withdrawn is revised too.
    """
    office = submission.office_number
    closed = {(it.dataset, it.period) for it in store.periods(connection, submission.country, office) if it.closed}
    mine = (submission.dataset, submission.period)
    listed = {it.edition: it for it in store.listing(connection, country=submission.country, office=office)}
    in_force = {(it.dataset, it.period): it for it in listed.values() if it.state == "published"}
    found = []
    for change in comparison.changes:
        of = listed.get(change.edition)
        if change.fate in ("revised", "withdrawn") and of and (of.dataset, of.period) in closed - {mine}:
            found.append((change, in_force.get((of.dataset, of.period), of)))
    return found


def published_on(connection: store.Connection, submission: Submission) -> Submission | None:
    """Return the office's submission of the same year that is in force."""
    published = store.list_same(connection, submission, "published")
    return next((one for one in published if one.id != submission.id), None)


def _replaced(connection: store.Connection, submission: Submission) -> list[str]:
    """Editions of the submission of the same year that is in force, and of those it has superseded in its turn."""
    editions, one = [], published_on(connection, submission)
    while one is not None:
        editions.append(one.edition)
        one = store.get(connection, one.supersedes) if one.supersedes else None
    return editions


def _in_force(connection: store.Connection, indicators: list[str], country: str) -> pl.DataFrame:
    rows = vintages.read_rows_on(connection, indicators)
    return rows.filter(pl.col("superseded").is_null(), pl.col("country") == country).collect()


def _accepted(book: Codebook) -> list[str]:
    return [metric.id for metric in list_accepted(book)]
