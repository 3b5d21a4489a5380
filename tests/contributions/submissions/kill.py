"""One person after another until a submission is published, for ``test_kills`` to kill in the middle.

``python -m tests.contributions.submissions.kill URL DATA_DIR DATASET``: goes on from wherever it stands, as people do
after a crash. The dataset is ``figures``, of a year, or ``counts``, of two centres in a month, one of which is new.
``pull`` fetches figures from an office's own address (``pull``). With ``grid`` a contributor types one number after
another into the table of a year, sends it now and then, and never comes to an end.
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from dashboard.accounts import store as accounts
from dashboard.accounts.model import Principal, Role
from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.delivery.metrics import shifted
from dashboard.contributions.delivery.model import Centre
from dashboard.contributions.submissions import inbox, intake, publication, store, workflow
from dashboard.contributions.submissions.grid.draft import open_grid, save
from dashboard.contributions.submissions.grid.sending import send
from dashboard.contributions.submissions.offices import choice
from dashboard.contributions.submissions.pulling import directory, sweep
from dashboard.contributions.submissions.pulling.fetching import PulledBody
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database.engine import migrate, open_engine, reading, writing
from dashboard.operations.settling import settle
from dashboard.settings import Settings
from tests.contributions.submissions.conftest import YEAR, workbook

TYPED, EACH = "nps", 5
"""The indicator whose value is typed, and how many numbers are typed for one that is sent."""

MONTH = shifted(datetime.now(UTC).date(), -1)

COUNTS = f"""centre,service,channel,month,started,completed
baku-1,id,counter,{MONTH:%Y-%m},120,90
baku-1,id,web,{MONTH:%Y-%m},60,55
""".encode()


def main(url: str, folder: str, dataset: str = "figures") -> None:
    """From nothing, or from where the last process was killed, to published."""
    settings, book = Settings(data_dir=Path(folder), database_url=url), load_codebook()
    migrate(settings)
    if dataset == "pull":
        pull(settings)
        return
    if dataset == "counts":
        delivery.save_centres(open_engine(settings), [Centre("baku-1", "AZE", "Baku 1", date(2020, 1, 1))])
    body, name, period = (COUNTS, "f.csv", f"{MONTH:%Y-%m}") if dataset == "counts" else (workbook(), "f.xlsx", YEAR)
    contributor = Principal(1, Role.CONTRIBUTOR, "AZE", "", "State Agency", "One", "en")
    approver = Principal(2, Role.APPROVER, "AZE", "", "Ministry", "Two", "en")
    reviewer = Principal(3, Role.REVIEWER, "", "", "Programme", "Three", "en")
    if dataset == "grid":
        write_on(settings, book, contributor)
    say("ready")
    with reading(open_engine(settings)) as connection:
        found = store.by_key(connection, contributor.id, "one")
    if found is None:
        part = inbox.begin(settings)
        part.write(body)
        stored = part.finish()
        say("stored")
        found = intake.receive(
            settings, contributor, stored, filename=name, period=period, lang="en", dataset=dataset, key="one"
        )
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
    if dataset != "counts":
        settle(settings)  # as a start does: the process before was killed, perhaps as it published
    say("published")


def write_on(settings: Settings, book: Codebook, contributor: Principal) -> None:
    """Go on from what the table holds; what is said has been answered as kept, or as sent."""
    settings = settings.model_copy(
        update={"submissions": settings.submissions.model_copy(update={"account_files": 10**6, "country_files": 10**6})}
    )
    choice.choose(settings, book, contributor, [TYPED])
    grid = open_grid(settings, book, contributor, YEAR)
    at = int(grid.cells.get(TYPED, {}).get("value", "0"))
    while True:
        if at and at % EACH == 0:
            send(settings, book, contributor, YEAR, grid.version, "en")
            say(f"sent {at}")
        at += 1
        grid = save(settings, book, contributor, YEAR, {TYPED: {"value": str(at)}}, grid.version, "one")
        say(f"kept {at}")


PULLED = f"indicator,breakdown,period,value,sample\nbattery_1662_exit,total,{YEAR},61.5,800\n".encode()


def pull(settings: Settings) -> None:
    """Fetch what is due until nothing is: the same bytes each time, as an address gives them."""
    settings = Settings(
        data_dir=settings.data_dir, database_url=settings.database_url, public_url="https://monitor.test",
        submissions={"pull": {"hosts": ["stats.example.org"]}},
    )  # fmt: skip
    with writing(open_engine(settings)) as connection:
        if (found := accounts.find_by_email(connection, "one@stat.test")) is None:
            account = accounts.add_account(
                connection, email="one@stat.test", role="contributor", country="AZE", state="active",
                office="State Agency", created_at=datetime.now(UTC),
            )  # fmt: skip
        else:
            account = found.account
        by = accounts.make_principal(account)
    given = {"address": "https://stats.example.org/sdg.csv", "form": "csv", "days": "30"}
    if not directory.list_pulls(settings, by):
        directory.set_pull(settings, load_codebook(), by, 0, given)
    say("ready")

    def ask(_settings: Settings, _address: str, _form: str, _etag: str = "") -> PulledBody:
        say("fetched")
        return PulledBody(PULLED)

    while (one := directory.list_pulls(settings, by)[0]).due_at <= datetime.now(UTC):
        assert one.failures == 0, one.trouble
        sweep.sweep(settings, ask=ask, held=0.0)
    say("published")


def say(step: str) -> None:
    """Tell the parent what comes next."""
    print(step, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
