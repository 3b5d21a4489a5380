"""``database``: move the installation's database to PostgreSQL."""

from typing import Annotated

import typer

from dashboard.operations.cli.output import count_words, fail

app = typer.Typer(help="The database: move it to PostgreSQL.", no_args_is_help=True)


@app.command()
def move(
    address: Annotated[str, typer.Argument(help="An empty database: postgresql://user:password@host/name.")],
) -> None:
    """Copy everything of the SQLite database into an empty PostgreSQL one, proven equal table by table, or nothing.

    No server may run meanwhile. The SQLite file stays as it is.
    """
    from pydantic import SecretStr

    from dashboard.evidence.database.engine import Unusable
    from dashboard.evidence.database.move.store import NotMoved, move_database
    from dashboard.operations.supervision import Occupied, hold_folder
    from dashboard.settings import settings

    source = settings()
    target = source.model_copy(update={"database_url": SecretStr(address)})
    folder = source.data_dir.resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with hold_folder(folder, source.port):
            moved = move_database(source, target)
    except Occupied as error:
        fail(f"{error} The database is moved while no server runs.")
    except (NotMoved, Unusable) as error:
        fail(f"{str(error).rstrip('.')}.")
    for table, rows in moved.items():
        typer.echo(f"{table}: {count_words(rows, 'row')}")
    typer.echo(
        f"{count_words(len(moved), 'table')} moved, each with equal rows and contents. "
        "Now set MONITOR_DATABASE_URL to that address and start the server again."
    )
