"""``account``: people by invitation, and the audit trail; for the operator of an installation."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.accounts.model import AccountError, Role, State
from dashboard.operations.cli import given
from dashboard.operations.cli.output import count_words, fail
from dashboard.settings import Settings, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboard.accounts.people import Invitation
    from dashboard.accounts.tables import Account

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
    """Invite a person, or reset the password of one who has an account; without mail the link is printed."""
    from dashboard.accounts import people

    given.read_language(lang)
    configured = _require_settings()
    try:
        existing = people.find_by_email(configured, email)
        if existing and existing.state is State.ACTIVE:
            invitation = people.make_reset_link(configured, email)
        else:
            rights = people.Rights(role, country, office)
            invitation = people.invite(configured, email=email, rights=rights, name=name, language=lang)
    except AccountError as error:
        fail(str(error))
    if existing and existing.state is State.ACTIVE:
        typer.echo(f"{invitation.account.email} has an account already: this is a link for a new password.")
    if invitation.fault:
        typer.echo(invitation.fault, err=True)
    if invitation.mailed:
        typer.echo(f"Sent to {invitation.account.email}.")
    else:
        people.record_printed_link(configured, invitation)
        _print_link(invitation)


@app.command()
def link(email: Email) -> None:
    """Print a link for an invited person, or for a new password; the trail calls it break glass.

    Used for a new password, it keeps the account from approving and publishing for 72 hours, and reviewers are told.
    """
    from dashboard.accounts import people

    with _find_account(email) as (configured, account):
        invitation = people.make_link_at_server(configured, account)
    _print_link(invitation)


@app.command()
def confirm(email: Email) -> None:
    """Confirm a person's identity where no reviewer can; the trail calls it break glass."""
    from dashboard.accounts import standing

    with _find_account(email) as (configured, account):
        standing.confirm_at_server(configured, account.id)
    typer.echo(f"{account.email} is confirmed.")


@app.command()
def rotate() -> None:
    """Encrypt stored secrets with the present MONITOR_SECRET; former ones can then be removed."""
    from dashboard.accounts import login
    from dashboard.interfaces.subscriptions.sweep import rotate_secret

    configured = _require_settings()
    done, lost = login.rotate_codes(configured)
    addresses, closed = rotate_secret(configured)
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
    """Remove somebody's one-time codes; the account is held for 72 hours and reviewers are told."""
    from dashboard.accounts import login

    with _find_account(email) as (configured, account):
        login.reset_code(configured, account.id, None)
    typer.echo(f"{account.email} sets up one-time codes at the next login, where the role needs them.")


def _print_link(invitation: "Invitation") -> None:
    typer.echo(
        f"Give this link to {invitation.account.email}, and to nobody else; it can be used once:\n{invitation.link}"
    )


@app.command(name="list")
def list_people() -> None:
    """List people with role, country, state and second factor, and who waits or is held."""
    from dashboard.accounts import people, standing

    now = datetime.now(UTC)
    for account in people.list_accounts(_require_settings()):
        where = " ".join(part for part in (account.country, account.network, account.office) if part)
        second = "second factor" if account.second_factor else "password only"
        waits = "  waits for a reviewer" if account.waits else ""
        hold = f"  held until {account.held_until:%Y-%m-%d %H:%M} UTC" if standing.is_held(account, now) else ""
        text = f"{account.id:>4}  {account.email}  {account.role}  {where or '–'}  {account.state}  {second}"
        typer.echo(text + waits + hold)


@app.command()
def revoke(email: Email, reason: Annotated[str, typer.Option(help="Why; kept in the audit trail.")] = "") -> None:
    """End an account at once: sessions, tokens and links; what the person did stays in the audit trail."""
    from dashboard.accounts import people

    with _find_account(email) as (configured, account):
        people.revoke(configured, account.id, None, reason=reason)
    typer.echo(f"{account.email} is revoked.")


@audit.command()
def verify(
    head: Annotated[str, typer.Option(help="A digest noted earlier, which the trail must still hold.")] = "",
) -> None:
    """Compute the chain of the trail anew; exit code 1 when an entry was changed, or is missing."""
    from dashboard.accounts import audit as trail

    verdict = trail.verify(given.open_database(settings()), head)
    if verdict.broken:
        fail(f"The audit trail is broken: {verdict.fault}. Compare with an earlier export.")
    entries = count_words(verdict.entries, "entry", "entries")
    typer.echo(f"{entries}, all as they were written. Digest of the last: {verdict.head or '–'}")


@audit.command()
def export(file: Annotated[Path, typer.Argument(help="Where to write it, one JSON entry a line.")]) -> None:
    """Write the whole trail to a file."""
    from dashboard.accounts import audit as trail

    database, count = given.open_database(settings()), 0
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
def _find_account(email: str) -> "Iterator[tuple[Settings, Account]]":
    """Yield settings and account of an address; end with code 1 where there is none or it is refused."""
    from dashboard.accounts import people

    configured = _require_settings()
    try:
        account = people.find_by_email(configured, email)
        if account is None:
            fail(f"No account has the address {email}: python -m dashboard account list shows all")
        yield configured, account
    except AccountError as error:
        fail(str(error))


def _require_settings() -> Settings:
    from dashboard.accounts import tokens

    configured = settings()
    given.open_database(configured)
    try:
        tokens.require_configuration(configured)
    except AccountError as error:
        fail(str(error))
    return configured
