"""``doctor``: what stands in the way, and what to do."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from dashboard.operations.cli import given

SIGNS = {"ok": "ok  ", "look": "look", "bad": "BAD "}


def examine_installation(
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="Believe a clock that has leapt: what is due is destroyed again.")
    ] = False,
) -> None:
    """Look at folder, disk, clock, port, database, record, dataset, backups, mail, reading, charts …; exit 1 if bad."""
    from dashboard.operations.doctor import examine
    from dashboard.settings import settings

    if clock_is_right:
        from dashboard.evidence.database import clock

        clock.trust_clock(given.open_database(settings()), datetime.now(UTC))
        typer.echo(f"The clock is believed: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.")
    findings = examine(settings(), tried=True)
    for finding in findings:
        do = f"  → {finding.do}" if finding.do else ""
        typer.echo(f"{SIGNS[finding.mark]}  {finding.part:10}  {finding.words}{do}")
    if any(finding.mark == "bad" for finding in findings):
        raise typer.Exit(1)
