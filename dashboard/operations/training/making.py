"""Make a training workspace: codebook, accounts, figures and submissions, through the product's own functions."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from dashboard.operations.training import place
from dashboard.operations.training.countries import write_codebook
from dashboard.operations.training.place import Workspace
from dashboard.settings import Settings

CODEBOOK = "codebook"
"""Folder of the workspace with its codebook (``Settings.codebook_dir``)."""


def make_environment(folder: Path, port: int, workspace: Workspace) -> dict[str, str]:
    """Return a workspace's settings as environment variables, which override ``.env``."""
    return {
        "MONITOR_TRAINING": "true",
        "MONITOR_DATA_DIR": str(folder.resolve()),
        "MONITOR_DATABASE_URL": "",  # a database of its own, in its folder
        "MONITOR_KEYS_DIR": str(folder.resolve() / "keys"),  # a server destroys keys that its database does not know
        "MONITOR_REDIS_URL": "",
        "MONITOR_PUBLIC_URL": f"http://localhost:{port}",
        "MONITOR_SECRET": workspace.secret,
        "MONITOR_VOICE__KEYS": json.dumps([workspace.voice_key]),
        "MONITOR_ACCOUNTS__ENABLED": "true",
        "MONITOR_ACCOUNTS__OIDC__ISSUER": "",
        "MONITOR_MAIL__HOST": "",  # nothing is mailed to people who do not exist
        "MONITOR_SCHEDULE__ENABLED": "false",  # no publisher is asked
    }


def begin_workspace(folder: Path) -> Workspace:
    """Mark the folder as a workspace and write its codebook, which its settings need first."""
    from dashboard.contributions.voice.inbox import new_key

    fresh = place.begin(folder, new_key("training"))
    write_codebook(folder / CODEBOOK)
    return fresh


def fill_workspace(settings: Settings, begun: Workspace, now: datetime, say: Callable[[str], object]) -> Workspace:
    """Make accounts, figures and submissions, and return the finished workspace.

    Args:
        settings: of the workspace (``make_environment``).
        begun: what ``begin_workspace`` returned.
        now: the moment it is made.
        say: receives progress messages.
    """
    from dashboard.evidence.database.engine import migrate
    from dashboard.operations.training import decisions, desk, opinions, people, services

    migrate(settings)
    say("Inviting people of every role…")
    printed, principals = people.invite_all(settings)
    say("Sending invented figures of four invented countries…")
    desk.make_submissions(settings, principals, now.date())
    say("Sending invented counts of services and opinions…")
    services.make_counts(settings, now)
    opinions.make_opinions(settings, now)
    decisions.make_decisions(settings, principals["approver", decisions.COUNTRY], now)
    done = replace(begun, people=printed)
    place.finish(settings.data_dir, done)
    return done
