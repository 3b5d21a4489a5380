"""``account``: people by invitation, and the audit trail; for the operator of an installation."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.accounts.model import AccountError, Role, State
from dashboard.cli import given
from dashboard.cli.output import count_words, fail
from dashboard.database.engine import Unusable, migrate, open_engine
from dashboard.settings import Settings, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboard.accounts.model import Account
    from dashboard.accounts.people import Invitation

app = typer.Typer(no_args_is_help=True, help="People who contribute, approve, review and administer.")
audit = typer.Typer(no_args_is_help=True, help="The record of what people did.")
app.add_typer(audit, name="audit")

Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]


@app.command()
def invite(
    email: Email,
    role: Annotated[Role, typer.Option(help="What the person may do.")],
    country: Annotated[str, typer.Option(help="ISO 3166 code, for every role but reviewer and admin.")] = "",
    office: Annotated[str, typer.Option(help="What readers see in the person's place.")] = "",
    name: Annotated[str, typer.Option(help="The person's name, for colleagues.")] = "",
    lang: Annotated[str, typer.Option(help="Language of the invitation: en, fr, ar, az.")] = "en",
) -> None:
    """Invite a person; without a mail server the link is printed. A person who has an account gets a new password."""
    from dashboard.accounts import people

    given.read_language(lang)
    configured = _ready()
    try:
        known = people.find(configured, email)
        if known and known.state is State.ACTIVE:
            made = people.new_link(configured, email)
        else:
            rights = people.Rights(role, country, office)
            made = people.invite(configured, email=email, rights=rights, name=name, language=lang)
    except AccountError as error:
        fail(str(error))
    if known and known.state is State.ACTIVE:
        typer.echo(f"{made.account.email} has an account already: this is a link for a new password.")
    if made.fault:
        typer.echo(made.fault, err=True)
    if made.mailed:
        typer.echo(f"Sent to {made.account.email}.")
    else:
        people.printed(configured, made)
        _show(made)


@app.command()
def link(email: Email) -> None:
    """Print a link for a person who was invited, or a new password; the trail calls it break glass.

    Used for a new password, it keeps the account from approving and publishing for 72 hours, and reviewers are told.
    """
    from dashboard.accounts import people

    with _known(email) as (configured, known):
        made = people.link_at_server(configured, known)
    _show(made)


@app.command()
def confirm(email: Email) -> None:
    """Say that an account is the person it is said to be, where no reviewer can; the trail calls it break glass."""
    from dashboard.accounts import standing

    with _known(email) as (configured, known):
        standing.confirm_at_server(configured, known.id)
    typer.echo(f"{known.email} is confirmed.")


@app.command()
def rotate() -> None:
    """Encrypt the secrets of one-time codes and subscribers' addresses with the present MONITOR_SECRET; those of before
    can then be taken out."""
    from dashboard.accounts import login
    from dashboard.subscriptions.sweep import reseal

    configured = _ready()
    done, lost = login.rotate(configured)
    addresses, closed = reseal(configured)
    typer.echo(f"{count_words(done, 'secret', 'secrets')} of one-time codes encrypted anew.")
    typer.echo(f"{count_words(addresses, 'address', 'addresses')} of subscribers encrypted anew.")
    if closed:
        fail(
            f"{count_words(closed, 'address', 'addresses')} of subscribers open with no secret that is set: write the "
            "one of before into MONITOR_FORMER_SECRETS"
        )
    if lost:
        fail(
            f"{count_words(lost, 'secret', 'secrets')} open with no secret that is set: write the one of before into "
            "MONITOR_FORMER_SECRETS, or take these codes away with account codes"
        )
    typer.echo("MONITOR_FORMER_SECRETS can be taken out when logins begun before are over: in half an hour.")


@app.command()
def codes(email: Email) -> None:
    """Take away somebody's one-time codes, where no administrator can; held for 72 hours, reviewers are told."""
    from dashboard.accounts import login

    with _known(email) as (configured, known):
        login.reset_code(configured, known.id, None)
    typer.echo(f"{known.email} sets up one-time codes at the next login, where the role needs them.")


def _show(made: "Invitation") -> None:
    typer.echo(f"Give this link to {made.account.email}, and to nobody else; it can be used once:\n{made.link}")


@app.command(name="list")
def listing() -> None:
    """Everybody with role, country, state and second factor; who waits for a reviewer, and who is held."""
    from dashboard.accounts import people, standing

    now = datetime.now(UTC)
    for account in people.everybody(_ready()):
        where = " ".join(part for part in (account.country, account.network, account.office) if part)
        second = "second factor" if account.second_factor else "password only"
        waits = "  waits for a reviewer" if account.waits else ""
        held = f"  held until {account.held_until:%Y-%m-%d %H:%M} UTC" if standing.is_held(account, now) else ""
        told = f"{account.id:>4}  {account.email}  {account.role}  {where or '–'}  {account.state}  {second}"
        typer.echo(told + waits + held)


@app.command()
def revoke(email: Email, reason: Annotated[str, typer.Option(help="Why; kept in the audit trail.")] = "") -> None:
    """End an account at once: sessions, tokens and links; what the person did stays in the audit trail."""
    from dashboard.accounts import people

    with _known(email) as (configured, known):
        people.revoke(configured, known.id, None, reason=reason)
    typer.echo(f"{known.email} is revoked.")


@audit.command()
def verify(
    head: Annotated[str, typer.Option(help="A digest noted earlier, which the trail must still hold.")] = "",
) -> None:
    """Compute the chain of the trail anew; exit code 1 when an entry was changed, or is missing."""
    from dashboard.accounts import audit as trail

    verdict = trail.verify(open_engine(_migrated()), head)
    if verdict.broken:
        fail(f"The audit trail is broken: {verdict.fault}. Compare with an earlier export.")
    entries = count_words(verdict.entries, "entry", "entries")
    typer.echo(f"{entries}, all as they were written. Digest of the last: {verdict.head or '–'}")


@audit.command()
def export(file: Annotated[Path, typer.Argument(help="Where to write it, one JSON entry a line.")]) -> None:
    """Write the whole trail to a file."""
    from dashboard.accounts import audit as trail

    database, count = open_engine(_migrated()), 0
    try:
        with file.open("x", encoding="utf-8") as out:
            for line in trail.export(database):
                out.write(line)
                count += 1
    except FileExistsError:
        fail(f"{file} is there already: give another name")
    except OSError as error:
        with contextlib.suppress(OSError):
            file.unlink()  # a part would pass for the whole
        fail(f"{file} cannot be written: {error.strerror}")
    typer.echo(f"{count_words(count, 'entry', 'entries')} in {file}")


@contextlib.contextmanager
def _known(email: str) -> "Iterator[tuple[Settings, Account]]":
    """The account of that address, for what is done to it; ends with code 1 where there is none, or it is refused."""
    from dashboard.accounts import people

    configured = _ready()
    try:
        known = people.find(configured, email)
        if known is None:
            fail(f"No account has the address {email}: python -m dashboard account list shows all")
        yield configured, known
    except AccountError as error:
        fail(str(error))


def _ready() -> Settings:
    from dashboard.accounts import tokens

    configured = _migrated()
    try:
        tokens.ready(configured)
    except AccountError as error:
        fail(str(error))
    return configured


def _migrated() -> Settings:
    configured = settings()
    try:
        migrate(configured)
    except Unusable as error:
        fail(str(error))
    return configured
