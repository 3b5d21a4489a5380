"""Makes a training workspace: codebook, accounts, figures and submissions, by the product's own ways."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from dashboard.settings import Settings
from dashboard.training import place
from dashboard.training.countries import write_codebook
from dashboard.training.place import Made

CODEBOOK = "codebook"
"""Folder of the workspace that holds its codebook (``Settings.codebook_dir``)."""


def settings_for(folder: Path, port: int, held: Made) -> dict[str, str]:
    """The settings of a workspace as environment variables; they stand before what ``.env`` says."""
    return {
        "MONITOR_TRAINING": "true",
        "MONITOR_DATA_DIR": str(folder.resolve()),
        "MONITOR_DATABASE_URL": "",  # a database of its own, in its folder
        "MONITOR_KEYS_DIR": str(folder.resolve() / "keys"),  # a server destroys keys that its database does not know
        "MONITOR_REDIS_URL": "",
        "MONITOR_PUBLIC_URL": f"http://localhost:{port}",
        "MONITOR_SECRET": held.secret,
        "MONITOR_VOICE__KEYS": json.dumps([held.voice_key]),
        "MONITOR_ACCOUNTS__ENABLED": "true",
        "MONITOR_ACCOUNTS__OIDC__ISSUER": "",
        "MONITOR_MAIL__HOST": "",  # nothing is mailed to people who do not exist
        "MONITOR_SCHEDULE__ENABLED": "false",  # no publisher is asked
    }


def begin(folder: Path) -> Made:
    """The workspace's mark and codebook, which its settings need before anything else is made."""
    from dashboard.voice.inbox import new_key

    fresh = place.begin(folder, new_key("training"))
    write_codebook(folder / CODEBOOK)
    return fresh


def fill(settings: Settings, begun: Made, now: datetime, say: Callable[[str], object]) -> Made:
    """Accounts, figures and submissions; gives what the terminal prints.

    Args:
        settings: those of the workspace (``settings_for``).
        begun: what ``begin`` gave.
        now: the moment it is made.
        say: told what is done.
    """
    from dashboard.database.engine import migrate
    from dashboard.training import decisions, desk, opinions, people, services

    migrate(settings)
    say("Inviting people of every role…")
    printed, principals = people.invite_all(settings)
    say("Sending invented figures of four invented countries…")
    desk.fill(settings, principals, now.date())
    say("Sending invented counts of services and opinions…")
    services.fill(settings, now)
    opinions.fill(settings, now)
    decisions.fill(settings, principals["approver", decisions.COUNTRY], now)
    done = replace(begun, people=printed)
    place.finish(settings.data_dir, done)
    return done
