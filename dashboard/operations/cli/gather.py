"""``gather``: fetch publishers' series, write a vintage, publish it, and report on each series."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from dashboard.operations.cli import given
from dashboard.operations.cli.output import fail

if TYPE_CHECKING:
    from dashboard.evidence.gathering.run import Summary
    from dashboard.evidence.gathering.series import SeriesVerdict

log = logging.getLogger(__name__)

SOME_FAILED, NONE_SUCCEEDED, BUSY, STOPPED = 1, 2, 75, 130
"""Exit codes; 0 when every series was had. 75 is the system's own word for "try again later"."""

Names = Annotated[list[str] | None, typer.Option(help="Only this source, e.g. world_bank; may be given again.")]


def gather(
    source: Names = None,
    indicator: Annotated[list[str] | None, typer.Option(help="Only this indicator; may be given again.")] = None,
    country: Annotated[
        list[str] | None, typer.Option(help="Change only this country (ISO3), ask only its platforms; may be repeated.")
    ] = None,
    since: Annotated[
        int | None, typer.Option(min=1900, max=2100, help="Change only figures from this year on.")
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Only series whose publisher may have something new by now.")
    ] = False,
    secondary: Annotated[bool, typer.Option("--secondary", help="Also series that are only for comparison.")] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(help="Publish this indicator although a check of plausibility objects: you looked."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Fetch and compare, write and publish nothing.")] = False,
) -> None:
    """Fetch publishers' series, write what changed as one vintage, and publish it.

    What looks suspicious waits for `dataset approve`.

    Exit code 0: all series were had, or nothing is due; 1: some failed; 2: none succeeded; 75: another gathering is
    under way.
    """
    from dashboard.evidence.codebook import CodebookError, load_codebook
    from dashboard.evidence.database.engine import Unusable, migrate
    from dashboard.evidence.dataset.agreement import require_agreement
    from dashboard.evidence.dataset.wholeness import RecordBehind
    from dashboard.evidence.gathering.embedded import DamagedEmbedded
    from dashboard.evidence.gathering.plan import GatheringChoice, NothingToGather
    from dashboard.evidence.gathering.run import DiskFull
    from dashboard.evidence.gathering.run import gather as run
    from dashboard.evidence.gathering.schedule.lease import GatheringBusy, Lost
    from dashboard.evidence.gathering.startup import ensure_embedded, ensure_ready
    from dashboard.operations.trouble import explain_error
    from dashboard.settings import settings

    for name in accept or ():
        given.read_choice(name, "indicator", load_codebook().metrics)
    screen = Screen()
    choice = GatheringChoice(
        tuple(source or ()),
        tuple(indicator or ()),
        secondary,
        tuple(code.upper() for code in country or ()),
        since,
        due,
    )
    try:
        _configure_log(settings().data_dir / "gather.log", settings().log_level)
        require_agreement(settings())
        if dry_run:  # it compares with the record, and publishes nothing
            migrate(settings())
            ensure_embedded(settings(), screen.say)
        else:
            ensure_ready(settings(), say=screen.say)
        with screen:
            summary = asyncio.run(
                run(
                    settings(),
                    load_codebook(),
                    choice,
                    accept=tuple(accept or ()),
                    dry_run=dry_run,
                    trigger="schedule" if due else "command",
                    planned=screen.planned,
                    done=screen.done,
                )
            )
    except GatheringBusy as busy:
        fail(str(busy), BUSY)
    except (
        NothingToGather,
        Lost,
        DamagedEmbedded,
        CodebookError,
        DiskFull,
        RecordBehind,
        Unusable,
        ValueError,
    ) as reason:
        fail(str(reason), NONE_SUCCEEDED)
    except OSError as error:
        fail(explain_error(error) or str(error), NONE_SUCCEEDED)
    except KeyboardInterrupt:
        fail("Stopped. Nothing was written; the next gathering goes on from the replies kept.", STOPPED)
    except Exception as error:
        if words := explain_error(error):
            fail(words, NONE_SUCCEEDED)
        log.exception("Gathering stopped")
        words = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        fail(f"Gathering stopped: {words}. {settings().data_dir / 'gather.log'} has the detail.")
    screen.tell(summary, dry_run=dry_run)
    if summary.failed:
        raise typer.Exit(NONE_SUCCEEDED if summary.state == "failed" else SOME_FAILED)


class Screen:
    """Progress and summary: a bar and a table on a terminal, plain lines elsewhere."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._progress = Progress(
            TextColumn("Gathering"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task = self._progress.add_task("", total=None)

    def __enter__(self) -> "Screen":
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def say(self, line: str) -> None:
        """Print a plain line."""
        self._console.print(escape(line), soft_wrap=True)

    def planned(self, count: int) -> None:
        """Show how many series there are."""
        self._progress.update(self._task, total=count)
        if not self._console.is_terminal:
            self.say(f"Gathering {count} series…")

    def done(self, verdict: "SeriesVerdict") -> None:
        """Show that a series has been judged."""
        from dashboard.evidence.gathering.plan import name_series

        link = verdict.planned.link
        self._progress.update(self._task, advance=1, description=link.metric)
        if not self._console.is_terminal:
            why = f" {verdict.code}" if verdict.code else ""
            self.say(f"  {name_series(verdict.planned)}: {verdict.state}{why}")

    def tell(self, summary: "Summary", *, dry_run: bool) -> None:
        """Print the summary of a gathering."""
        from dashboard.evidence.gathering.plan import name_series

        if summary.next_due is not None:
            self.say(f"Nothing is due; the first series is on {summary.next_due:%Y-%m-%d %H:%M} UTC.")
            return
        if summary.resumed:
            self.say("A gathering was cut short before; replies it had received were used.")
        if summary.verdicts:
            self._console.print(
                _make_table(summary) if self._console.is_terminal else _make_lines(summary), soft_wrap=True
            )
        self._revisions(summary, dry_run)
        self._warnings(summary)
        for verdict in summary.failed:
            self.say(f"FAILED {name_series(verdict.planned)}: {verdict.code}: {verdict.message}")
        if summary.failed:
            of = f"{len(summary.failed)} of {len(summary.verdicts)}"
            self.say(f"{of} series failed; what is published of them is unchanged.")
        for words in summary.disagreements:
            self.say(f"disagreement {words}")
        for number, reason in summary.waiting:
            self.say(f"WAITS {reason}. {_describe_decision(number)}")
        for planned in summary.unaddressed:
            self.say(f"no address configured: {name_series(planned)}; it comes with the product")
        self.say(_describe_outcome(summary, dry_run))

    def _revisions(self, summary: "Summary", dry_run: bool) -> None:
        from dashboard.evidence.gathering.plan import name_series

        for verdict in summary.verdicts:
            if verdict.difference is None or verdict.state not in ("changed", "waiting"):
                continue
            before, after = verdict.difference.edition_before, verdict.difference.edition_after
            if before != after:
                becomes = "would supersede" if verdict.state == "waiting" or dry_run else "supersedes"
                self.say(f"{name_series(verdict.planned)}: edition “{after}” {becomes} “{before}”")
            for line in _describe_verdict(verdict):
                self.say(f"{name_series(verdict.planned)}: {line}")

    def _warnings(self, summary: "Summary") -> None:
        from dashboard.evidence.gathering.plan import name_series

        for verdict in summary.verdicts:
            for finding in verdict.findings:
                if finding.severity == "warning":
                    self.say(f"warning {name_series(verdict.planned)}: {finding.code}: {finding.message}")


COLUMNS = ("new", "changed", "unchanged", "vanished", "missing", "rejected")


def _make_table(summary: "Summary") -> Table:
    table = Table("indicator", "source", "series", "outcome", title="Series gathered")
    for name in COLUMNS:
        table.add_column(name, justify="right")
    for verdict in summary.verdicts:
        link, counts = verdict.planned.link, verdict.counts
        colour = "red" if verdict.state == "failed" else "green"
        table.add_row(
            link.metric,
            link.source,
            link.series,
            f"[{colour}]{verdict.state}[/]",
            *(str(counts[name]) for name in COLUMNS),
        )
    return table


def _make_lines(summary: "Summary") -> str:
    rows: list[tuple[str, ...]] = [("indicator", "source", "series", "outcome", *COLUMNS)]
    for verdict in summary.verdicts:
        link, counts = verdict.planned.link, verdict.counts
        rows.append((link.metric, link.source, link.series, verdict.state, *(str(counts[name]) for name in COLUMNS)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return escape(
        "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
        )
    )


def _describe_outcome(summary: "Summary", dry_run: bool) -> str:
    from dashboard.evidence.gathering.review.review import REJECTED

    changed = [verdict for verdict in summary.verdicts if verdict.state in ("new", "changed")]
    if dry_run:
        return f"Dry run: nothing gathered was written. {len(changed)} series would enter a new vintage."
    if summary.state == "failed":
        return "No series could be had: no new vintage, the published dataset stays."
    if not summary.verdicts:
        return "No series could be asked for: set MONITOR_SOURCES__<SOURCE>__FILES__<EDITION> (docs/operator.md)."
    if summary.vintage is None and summary.waiting:
        return "No new vintage, the published dataset stays: what changed waits for you."
    rejected = [verdict for verdict in summary.verdicts if verdict.code == REJECTED]
    if summary.vintage is None and rejected:
        return (
            f"No new vintage, the published dataset stays: what changed in {len(rejected)} series was rejected before. "
            "`python -m dashboard gather --accept INDICATOR` publishes it all the same."
        )
    if summary.vintage is None:
        return "Nothing has changed: no new vintage, the published dataset stays."
    return f"Vintage {summary.vintage} is published as dataset {summary.version}: {len(changed)} series changed."


def _describe_decision(number: int) -> str:
    if not number:
        return "Gathered without --dry-run it would wait for a person."
    command = "python -m dashboard dataset"
    return f"What is published stays. `{command} approve {number}` publishes it, `{command} reject {number}` does not."


def _describe_verdict(verdict: "SeriesVerdict") -> Iterator[str]:
    """Yield what is new, revised and gone in a series, naming the largest cases."""
    difference = verdict.difference
    if difference is None:
        return
    if difference.changed and difference.median is not None and difference.largest:
        yield f"{difference.changed} revised, median {difference.median:.4g}, largest {difference.largest[0].size:.4g}"
    for revision in difference.largest[:3]:
        before, after = _format_figure(revision.before), _format_figure(revision.after)
        yield f"{revision.country} {revision.period} revised from {before} to {after}"
    if difference.gone:
        names = ", ".join(f"{country} {period}" for country, period in difference.gone[:3])
        more = difference.vanished - len(difference.gone[:3])
        yield f"vanished: {names}" + (f" and {more} more" if more > 0 else "")
    for jump in difference.jumps[:3]:
        yield (
            f"look at {jump.country} {jump.period}: {jump.value:.6g} after {jump.before:.6g} in {jump.after}, "
            f"{jump.times:.0f} times the usual step"
        )


def _format_figure(value: float | None) -> str:
    return "no figure" if value is None else f"{value:.6g}"


def _configure_log(path: Path, level: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(level=level, filename=path, format="%(asctime)s %(levelname)s %(name)s %(message)s")
