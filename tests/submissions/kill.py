"""One person after another until a submission is published, for ``test_kills`` to kill in the middle.

``python tests/submissions/kill.py URL DATA_DIR``: goes on from wherever it stands, as people do after a crash.
"""

import sys
from pathlib import Path

from dashboard.accounts.model import Principal, Role
from dashboard.codebook import codebook
from dashboard.database.engine import engine, migrate, reading
from dashboard.settings import Settings
from dashboard.submissions import inbox, intake, publication, store, workflow
from tests.submissions.conftest import YEAR, workbook


def main(url: str, folder: str) -> None:
    """From nothing, or from where the last process was killed, to published."""
    settings, book = Settings(data_dir=Path(folder), database_url=url), codebook()
    migrate(settings)
    contributor = Principal(1, Role.CONTRIBUTOR, "AZE", "", "State Agency", "One", "en")
    approver = Principal(2, Role.APPROVER, "AZE", "", "Ministry", "Two", "en")
    reviewer = Principal(3, Role.REVIEWER, "", "", "Programme", "Three", "en")
    say("ready")
    with reading(engine(settings)) as connection:
        found = store.by_key(connection, contributor.id, "one")
    if found is None:
        part = inbox.begin(settings)
        part.write(workbook())
        stored = part.finish()
        say("stored")
        found = intake.receive(settings, contributor, stored, filename="f.xlsx", period=YEAR, lang="en", key="one")
    if found.state == "draft":
        say("received")
        found = intake.check(settings, book, contributor, found.id)
    if found.state == "checked":
        say("checked")
        found = workflow.make(settings, contributor, found.id, "submit")
    if found.state == "submitted":
        say("submitted")
        found = workflow.make(settings, approver, found.id, "approve")
    if found.state == "approved":
        say("approved")
        found = publication.publish(settings, book, reviewer, found.id)
    publication.finish(settings, book)
    say("published")


def say(step: str) -> None:
    """Tell the parent what comes next."""
    print(step, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
