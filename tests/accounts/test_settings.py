"""Starting with accounts: refused without what makes them safe, with the lines to write; and the commands."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from dashboard.accounts import people, tokens
from dashboard.accounts.model import Role, State, Unconfigured
from dashboard.evidence.database.engine import Unusable
from dashboard.interfaces.desk import routes
from dashboard.operations.cli import app
from dashboard.settings import Settings
from tests.accounts.conftest import PASSWORD

ROOT = Path(__file__).parents[2]
GOOD = {"public_url": "https://monitor.example.org", "secret": "x" * 32}


@pytest.mark.parametrize(
    ("changed", "lines"),
    [
        ({"public_url": None}, ["MONITOR_PUBLIC_URL="]), ({"secret": None}, ["MONITOR_SECRET="]),
        ({"public_url": None, "secret": None}, ["MONITOR_PUBLIC_URL=", "MONITOR_SECRET="]),
        ({"secret": "x" * 31}, ["MONITOR_SECRET="]),
    ],
)  # fmt: skip
def test_what_is_missing_is_refused_with_the_lines_to_write(changed: dict, lines: list[str]) -> None:
    settings = Settings(**(GOOD | changed), accounts={"enabled": True})
    for call in (lambda: tokens.require_configuration(settings), lambda: routes.install(FastAPI(), settings)):
        with pytest.raises(Unconfigured) as refused:
            call()
        written = str(refused.value).splitlines()[1:]
        assert [line.split("=")[0] + "=" for line in written] == lines


@pytest.mark.parametrize("url", ["https://monitor.example.org", "http://localhost:3000", "http://127.0.0.1:3000"])
def test_the_secret_that_is_proposed_is_taken(url: str) -> None:
    with pytest.raises(Unconfigured) as refused:
        tokens.require_configuration(Settings(public_url=url, accounts={"enabled": True}))
    (line,) = str(refused.value).splitlines()[1:]
    tokens.require_configuration(Settings(public_url=url, secret=line.partition("=")[2], accounts={"enabled": True}))


def started(*command: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")} | settings
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_serving_is_refused_and_says_so_in_words(tmp_path: Path) -> None:
    done = started(
        "-m", "dashboard", "serve", "--port", "39871", MONITOR_ACCOUNTS__ENABLED="true", MONITOR_DATA_DIR=str(tmp_path)
    )
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "MONITOR_PUBLIC_URL=" in done.stderr
    assert "MONITOR_SECRET=" in done.stderr


@pytest.mark.long
def test_readers_alone_pay_nothing_for_accounts() -> None:
    """Without accounts there are no such routes, and nothing of theirs is loaded."""
    code = (
        "import sys, dashboard.interfaces.desk.site as a\n"
        "print([r for r in ('argon2', 'jinja2.environment', 'joserfc', 'limits', 'dashboard.accounts.people') "
        "if r in sys.modules], [p for p in a.api.openapi()['paths'] if 'account' in p])"
    )
    done = started("-c", code)
    assert (done.stdout.strip().split("] ")[-1], done.stderr) == ("[]", "")
    assert "dashboard.accounts.people" not in done.stdout
    assert "argon2" not in done.stdout


@pytest.fixture
def run(place: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys.modules["dashboard.operations.cli.account"], "settings", lambda: place)
    return lambda *words: CliRunner().invoke(app, ["account", *words])


def test_the_operator_invites_lists_and_revokes(run, place: Settings) -> None:
    done = run("invite", "Aysel@stat.test", "--role", "contributor", "--country", "aze", "--office", "Statistics")
    assert done.exit_code == 0, done.output
    people.accept(place, done.output.split("\n")[1].split("token=")[1].split("&")[0], PASSWORD)
    again = run("invite", "aysel@stat.test", "--role", "contributor")
    assert "has an account already: this is a link for a new password" in again.output
    assert "aysel@stat.test  contributor  AZE Statistics  active  password only" in run("list").output
    assert run("revoke", "aysel@stat.test", "--reason", "left").output == "aysel@stat.test is revoked.\n"
    assert people.find_by_email(place, "aysel@stat.test").state is State.REVOKED  # type: ignore[union-attr]
    assert run("revoke", "nobody@stat.test").exit_code == 1


def test_mistakes_of_the_operator_are_said_in_words(run, place: Settings) -> None:
    for words, said in (
        (("invite", "x", "--role", "admin"), "is no e-mail address"),
        (("invite", "a@b.test", "--role", "approver", "--country", "XX"), "ISO 3166"),
        (("invite", "a@b.test", "--role", "boss"), "Invalid value"),
    ):
        done = run(*words)
        assert (done.exit_code != 0, said in done.output) == (True, True)
    assert people.list_accounts(place) == []


def test_a_trail_that_cannot_be_exported_whole_leaves_no_file(run, tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "audit.jsonl"

    def unusable(_: Settings) -> None:
        raise Unusable("The database cannot be reached.")

    def cut_short(_: object) -> Iterator[str]:
        yield "{}\n"
        raise OSError(28, "No space left on device")

    for module, name, fails, said in (
        ("dashboard.evidence.database.engine", "migrate", unusable, "cannot be reached"),
        ("dashboard.accounts.audit", "export", cut_short, "cannot be written: No space left"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(sys.modules[module], name, fails)
            done = run("audit", "export", str(file))
        assert (done.exit_code, said in done.output, file.exists()) == (1, True, False)


def test_the_trail_is_verified_and_exported_at_the_command_line(run, place: Settings, tmp_path: Path) -> None:
    from sqlalchemy import text

    from dashboard.evidence.database.engine import open_engine, writing

    for number in range(3):  # each is invited, and the operator gets the link
        run("invite", f"a{number}@b.test", "--role", Role.ADMIN.value)
    sound = run("audit", "verify")
    assert (sound.exit_code, sound.output.startswith("6 entries, all as they were written")) == (0, True)
    head = sound.output.split()[-1]
    file = tmp_path / "audit.jsonl"
    assert run("audit", "export", str(file)).output == f"6 entries in {file}\n"
    assert [json.loads(line)["number"] for line in file.read_text().splitlines()] == [1, 2, 3, 4, 5, 6]
    assert json.loads(file.read_text().splitlines()[-1])["digest"] == head
    assert "is there already" in run("audit", "export", str(file)).output
    with writing(open_engine(place)) as connection:
        if open_engine(place).dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        else:
            connection.execute(text("DROP TRIGGER audit_update"))
        connection.execute(text("UPDATE audit SET address = 'x' WHERE number = 2"))
    broken = run("audit", "verify", "--head", head)
    assert (broken.exit_code, "entry 2 is not what was written" in broken.output) == (1, True)
