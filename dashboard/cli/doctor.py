"""``doctor``: what stands in the way, and what to do."""

import typer

SIGNS = {"ok": "ok  ", "look": "look", "bad": "BAD "}


def doctor() -> None:
    """Look at folder, disk, clock, port, database, record, dataset, backups, mail, reading, charts …; exit 1 if bad."""
    from dashboard.operations.doctor import examine
    from dashboard.settings import settings

    findings = examine(settings(), tried=True)
    for finding in findings:
        do = f"  → {finding.do}" if finding.do else ""
        typer.echo(f"{SIGNS[finding.mark]}  {finding.part:10}  {finding.words}{do}")
    if any(finding.mark == "bad" for finding in findings):
        raise typer.Exit(1)
