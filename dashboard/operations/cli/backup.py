"""``backup``: everything that cannot be made again, in one file, and back again."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard.operations.cli import given
from dashboard.operations.cli.output import fail

app = typer.Typer(help="Backups: create, verify, restore, prune, key.", no_args_is_help=True)

Folder = Annotated[Path | None, typer.Option(help="Folder of backups; `backups` in the data folder if left out.")]
File = Annotated[Path, typer.Argument(help="A backup.")]


@app.command()
def create(folder: Folder = None) -> None:
    """Write a backup of database, datasets, replies and files sent, while pages are served; encrypted with a key."""
    from dashboard.operations import archive, backup
    from dashboard.settings import settings

    with _explain_errors():
        path, contents = backup.create(settings(), folder or settings().data_dir / "backups")
    sealed = "encrypted" if archive.is_encrypted(path) else "not encrypted"
    typer.echo(f"{path}: {len(contents.files)} files, {path.stat().st_size / 1e6:.1f} MB, {sealed}, verified")


@app.command()
def key() -> None:
    """Make a key for backups (age): write it into MONITOR_BACKUP_KEY, and keep a copy elsewhere."""
    from dashboard.operations import archive

    typer.echo(archive.make_key())


@app.command()
def verify(file: File) -> None:
    """Read a backup to its end, compare every file with its hash, and say what it holds."""
    from dashboard.operations import backup
    from dashboard.settings import settings

    with _explain_errors():
        contents = backup.verify(file, settings().backup_identity)
    typer.echo(f"Whole: {len(contents.files)} files of {contents.created_at:%Y-%m-%d %H:%M} UTC")
    typer.echo(f"Dataset {contents.version or 'none'}, {len(contents.vintages)} vintages, {contents.engine}")
    typer.echo(f"Codebook {contents.codebook}, code {contents.code}")


@app.command()
def restore(
    file: File,
    replace: Annotated[bool, typer.Option("--replace", help="Move aside what is there.")] = False,
) -> None:
    """Put a backup in the place of what is there; proven by equal digests. No server may run meanwhile."""
    from dashboard.operations import backup
    from dashboard.settings import settings

    with _explain_errors():
        contents = backup.restore(settings(), file, replace=replace)
    typer.echo(
        f"Restored {len(contents.vintages)} vintages and dataset {contents.version or 'none'} "
        f"of {contents.created_at:%Y-%m-%d %H:%M} UTC; every digest is as it was."
    )


@app.command()
def prune(
    folder: Folder = None,
    days: Annotated[int, typer.Option(min=0, help="Days that keep their newest backup.")] = 7,
    weeks: Annotated[int, typer.Option(min=0, help="Weeks that keep theirs.")] = 5,
    months: Annotated[int, typer.Option(min=0, help="Months that keep theirs.")] = 12,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be deleted, and delete nothing.")] = False,
) -> None:
    """Delete backups that no rule keeps; the newest always stays."""
    from dashboard.operations import retention
    from dashboard.settings import settings

    backup_folder = given.read_folder(folder) if folder else settings().data_dir / "backups"
    files = retention.list_backups(backup_folder)
    pruned = retention.prune(backup_folder, retention.RetentionRule(days, weeks, months), dry_run=dry_run)
    for path in pruned if dry_run else ():
        typer.echo(f"would be deleted: {path.name}")
    typer.echo(
        f"{len(pruned)} {'would be ' if dry_run else ''}deleted, {len(files) - len(pruned)} kept in {backup_folder}"
    )


class _explain_errors:  # noqa: N801 - used as a statement
    """Report errors in a sentence, with exit code 1."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        from dashboard.operations.archive import BadArchive
        from dashboard.operations.backup import NotRestored

        if isinstance(error, BadArchive | NotRestored):
            fail(f"{str(error).rstrip('.')}.")
