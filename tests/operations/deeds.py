"""Every kind of publication and of thanks, done by processes that are killed; what must hold after each, and a restart.

``World`` is a data folder with its record, in which each kind can be done again and again. ``Forge`` starts a process
that forks for every deed and never publishes itself: a forked child has no threads of Polars to miss. What a step is:
``die_at``. ``tests.operations.test_kills`` kills once at each step, ``tests.operations.kills`` at random moments.
"""

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Self

import polars as pl
from sqlalchemy import Engine, event, func, select
from sqlmodel import col

from dashboard.accounts import audit
from dashboard.accounts.model import Principal, Role
from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.delivery.metrics import shifted
from dashboard.contributions.delivery.model import Centre, CentreReport
from dashboard.contributions.submissions import inbox, intake, publication, store
from dashboard.contributions.submissions.model import SOURCE
from dashboard.contributions.submissions.reading.figures import FIGURES
from dashboard.contributions.voice import store as voices
from dashboard.contributions.voice.inbox import Keyring, new_key
from dashboard.contributions.voice.intake import take
from dashboard.contributions.voice.model import Intake
from dashboard.contributions.voice.moderation import complaints
from dashboard.contributions.voice.tables import VoiceCount
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database import proposals, vintages
from dashboard.evidence.database.engine import migrate, open_engine, reading, writing
from dashboard.evidence.dataset import layout
from dashboard.evidence.dataset.store import Dataset
from dashboard.evidence.gathering.plan import GatheringChoice
from dashboard.evidence.gathering.review import review
from dashboard.evidence.gathering.run import gather
from dashboard.operations.backup import create
from dashboard.operations.upkeep import UpkeepStatus, verify_published
from dashboard.settings import Settings
from tests.checks import all_of
from tests.data_sources.server import Publisher, json_reply
from tests.evidence.database.figures import figure, figures, raw_record
from tests.evidence.gathering.publishers import WorldBank

MOST = 100_000
"""Things sent by a process that nobody kills."""
VOICE_KEY = new_key("one")
ROOT = Path(__file__).parents[2]
Kind = Literal[
    "gather", "approve", "rollback", "submission", "counts", "voices", "opinions", "drafts", "complaints", "answers",
    "backup",
]  # fmt: skip
KINDS: tuple[Kind, ...] = ("gather", "approve", "rollback", "submission", "counts", "voices")
OF_RECORD: tuple[Kind, ...] = ("counts", "voices")
"""Kinds that are in no dataset."""
STEPS = ("before the marker", "before the name", "before the commit", "after the commit", "after the switch")
"""Where a publication is killed; those of a dataset's files are none of counts and voices."""
IN_THE_RECORD = ("before the commit", "after the commit")
CELLS = 6
"""Rows of a release of voices."""
THANKED: tuple[Kind, ...] = ("opinions", "drafts")
"""What people send and are thanked for; sent one after the other until the process is killed."""
ANSWERED: tuple[Kind, ...] = ("complaints", "answers")
"""The same of complaints: each has the number that its visitor was told, and the answer that a moderator gave."""
CONTRIBUTOR = Principal(1, Role.CONTRIBUTOR, "AZE", "", "Agency", "One", "en")
MODERATOR = Principal(5, Role.MODERATOR, "AZE", "", "Office", "Five", "en")
REVIEWER = Principal(3, Role.REVIEWER, "", "", "Programme", "Three", "en")


def steps_of(kind: Kind) -> tuple[str, ...]:
    """The steps at which a kind can be killed."""
    return IN_THE_RECORD if kind in OF_RECORD else STEPS


class World:
    """A data folder with its record; what is to be published next, and what must hold."""

    def __init__(self, settings: Settings, publisher: Publisher) -> None:
        self.settings, self.publisher, self.round = settings, publisher, 0
        self.record = open_engine(settings)
        self.months = iter(range(1, 400))
        migrate(settings)
        delivery.save_centres(self.record, [Centre("baku-1", "AZE", "Baku 1", date(1990, 1, 1))])
        self.next_figure()
        asyncio.run(gather(settings, load_codebook(), CHOICE))
        self.next_figure()
        asyncio.run(gather(settings, load_codebook(), CHOICE))

    @staticmethod
    def at(url: str, folder: Path, publisher: Publisher) -> "World":
        """A new one."""
        return World(settings_of(url, folder, publisher.url), publisher)

    def next_figure(self) -> None:
        """The publisher has another figure from now on."""
        self.round += 1
        bank = WorldBank(self.publisher)
        body = bank.body("internet_users", [("AZE", "2020", str(self.round / 8))])
        bank.on("internet_users", json_reply(body))

    def prepare(self, kind: Kind) -> None:
        """See to it that there is something of this kind to publish."""
        if kind == "gather":
            self._accept_figure()
            self.next_figure()
        elif kind == "rollback":
            self._accept_figure()
        elif kind == "approve":
            self.round += 1
            proposals.withdraw(self.record, "un_sdg", ["trust"])  # a rollback may have taken away what it speaks of
            old = vintages.read_current_rows(self.record, "trust", "un_sdg")["id"].to_list()
            proposals.propose(
                self.record, source="un_sdg", indicators=["trust"], run_id=None, note="As a person has seen",
                reason="for a person", added=figures(figure(self.round / 8)), superseded=old, records=[raw_record()],
            )  # fmt: skip
        elif kind in ("submission", "counts") and approved(self.record, kind) is None:
            self._send(kind)

    def _accept_figure(self) -> None:
        """Publish another figure of the publisher, which waits for a person after a rollback.

        A rollback takes back nothing that an office has published, so something of a publisher has to come before it.
        """
        self.next_figure()
        asyncio.run(gather(self.settings, load_codebook(), CHOICE))
        for one in proposals.list_waiting(self.record):
            review.approve(self.settings, load_codebook(), one.number)

    def _send(self, kind: Kind) -> None:
        """A submission that two people have passed; the reading of files has tests of its own."""
        month = shifted(datetime.now(UTC).date(), -next(self.months))
        now = datetime.now(UTC)
        if kind == "counts":
            report = CentreReport("baku-1", "id", "counter", month, {"started": 60, "completed": 55})
            frame = pl.DataFrame([("report", json.dumps(report.as_json()))], schema=["kind", "json"], orient="row")
            dataset, period = "counts", f"{month:%Y-%m}"
        else:
            dataset, period = "figures", str(1990 + self.round % 35)
            with reading(self.record) as connection:
                taken = {one.period for one in store.listing(connection, country="AZE", dataset="figures")}
            period = next(str(year) for year in range(1990, 2026) if str(year) not in taken)
            plain = {"indicator": "battery_1662_exit", "country": "AZE", "period": period, "dimensions": "{}",
                     "value": 61.5, "value_text": "61.5", "reason": "", "note": ""}  # fmt: skip
            frame = pl.DataFrame([plain], schema={name: FIGURES[name] for name in plain})
            frame = frame.with_columns(
                pl.lit(None, dtype=kind_).alias(name) for name, kind_ in FIGURES.items() if name not in plain
            ).select(FIGURES.names())
        held = io.BytesIO()
        frame.write_parquet(held)
        with writing(self.record) as connection:
            number = store.add(
                connection,
                {"country": "AZE", "dataset": dataset, "period": period, "state": "checked", "lang": "en",
                 "filename": "f.csv", "sha256": f"{self.round:064x}"[-63:] + ("c" if kind == "counts" else "f"),
                 "size": 1, "created_by": 1, "created_office": "Agency", "created_at": now, "submitted_by": 1,
                 "submitted_office": "Agency", "submitted_at": now, "approved_by": 2, "approved_office": "Ministry",
                 "approved_at": now},
            )  # fmt: skip
            store.checked(connection, number, findings=(), figures=held.getvalue(), values={"rows": frame.height})
            store.move(connection, number, ("checked",), "approved")

    def restart(self) -> None:
        """What the server does when it is started again, and every few seconds while it runs."""
        verify_published(self.settings, UpkeepStatus())

    def faults(self) -> list[str]:
        """What does not hold although it must after every restart."""
        dataset, issued = Dataset.current(self.settings.dataset_dir), vintages.list_vintages(self.record)
        last, found = issued[-1], [*dataset.verify()]
        if (dataset.vintage, dataset.manifest["digest"]) != (last.number, last.digest):
            found.append(f"the record says {last.number}, readers are served {dataset.vintage}")
        if any(vintage.state != "sealed" for vintage in issued):
            found.append("a vintage is not sealed")
        found += [*self._submissions(dataset), *self._releases(), *self._trail()]
        return found

    def left_over(self) -> list[str]:
        """What publishers left that nobody needs; none after one that came to its end."""
        folder = self.settings.dataset_dir
        return [it.name for it in folder.rglob("*") if it.name.startswith(layout.UNFINISHED) or it.name == layout.NEXT]

    def _submissions(self, dataset: Dataset) -> Iterator[str]:
        with reading(self.record) as connection:
            sent = store.listing(connection)
        ever = dataset.ever(["battery_1662_exit"]).filter(source=SOURCE).collect()  # a rollback may have put them back
        served = set(ever["edition"].unique())
        published = {one.edition for one in sent if one.dataset == "figures" and one.state == "published"}
        if served != published:
            yield f"submissions {sorted(published)} are published, readers see {sorted(served)}"
        reports = Counter(f"{one.month:%Y-%m}" for one in delivery.reports(self.record, "AZE"))
        wanted = Counter(one.period for one in sent if one.dataset == "counts" and one.state == "published")
        if reports != wanted:
            yield f"counts of {sorted(wanted)} are published, readers see {sorted(reports)}"

    def _releases(self) -> Iterator[str]:
        query = select(col(VoiceCount.release), func.count()).group_by(col(VoiceCount.release))
        with reading(self.record) as connection:
            for release, cells in connection.execute(query):
                if cells != CELLS:
                    yield f"release {release} of voices has {cells} of {CELLS} cells"

    def _trail(self) -> Iterator[str]:
        if fault := audit.verify(self.record).fault:
            yield f"audit: {fault}"
        entries = [json.loads(line) for line in audit.export(self.record)]
        told = Counter(f"{it['action']} of {it['subject']}" for it in entries)
        yield from (f"{what} stands {n} times in the audit" for what, n in told.items() if n > 1)


CHOICE = GatheringChoice(("world_bank",), ("internet_users",))


def settings_of(url: str, folder: Path, publisher: str) -> Settings:
    """Of a world: nothing waits for a person unless it is meant to."""
    sources = {"world_bank": {"base_url": f"{publisher}/v2"}}
    return Settings(
        data_dir=folder, database_url=url, sources=sources, http={"attempts": 1}, review={"share": 1, "countries": 1},
        submissions={"account_files": 100_000, "country_files": 100_000},  # one desk sends more than a country in a day
    )  # fmt: skip


def approved(record: Engine, kind: str) -> int | None:
    """A submission of this kind that waits for its publication."""
    dataset = "counts" if kind == "counts" else "figures"
    with reading(record) as connection:
        return next((it.id for it in store.listing(connection, dataset=dataset, states=("approved",))), None)


def do(kind: Kind, settings: Settings) -> None:
    """Publish, as the command or the page of this kind does."""
    record, book = open_engine(settings), load_codebook()
    if kind == "gather":
        asyncio.run(gather(settings, book, CHOICE))
    elif kind == "approve":
        review.approve(settings, book, proposals.list_waiting(record)[0].number)
    elif kind == "rollback":
        review.rollback(settings, book, vintages.list_vintages(record)[-2].number)
    elif kind in (*THANKED, *ANSWERED):
        for at in range(MOST):
            send(kind, settings, f"{os.getpid()}-{time.time_ns()}-{at}")
    elif kind == "backup":
        create(settings, settings.data_dir / "backups", datetime.now(UTC) + timedelta(seconds=os.getpid()))
    elif kind == "voices":
        now = datetime.now(UTC)
        before = next((cell.release for cell in voices.published(record, "AZE")), "")
        with writing(record) as connection:
            assert voices.publish(connection, "AZE", before, [_cell(at, now) for at in range(CELLS)])
    else:
        number = approved(record, kind)
        assert number is not None
        publication.publish(settings, book, REVIEWER, number)


def send(kind: Kind, settings: Settings, key: str, *, again: bool = False) -> None:
    """Send one thing; written down before it is sent, and once its sender is thanked for it."""
    log = settings.data_dir / f"{kind}.txt"
    if not again:
        _note(log, f"sent {key}")
    if kind == "opinions":
        said = Intake(key.ljust(32, "x"), "baku-1", date(2026, 10, 1), text=f"The queue took two hours {key}")
        take(open_engine(settings), Keyring([VOICE_KEY]), "AZE", [said], datetime.now(UTC))
    elif kind == "complaints":
        _note(settings.data_dir / "numbers.txt", f"{key} {complain(settings, key)}")
    elif kind == "answers":
        complain(settings, key)
        if not again or not _is_answered(settings, key):  # whoever opens it again sees whether it was answered
            complaints.answer(open_engine(settings), MODERATOR, _id(key), "en", _words(key), datetime.now(UTC))
    else:
        part = inbox.begin(settings)
        part.write(f"indicator,value\n{key},1\n".encode())
        intake.receive(settings, CONTRIBUTOR, part.finish(), filename="f.csv", period="2020", lang="en", key=key)
    _note(log, f"thanked {key}")


def complain(settings: Settings, key: str) -> str:
    """Send a complaint as the form does, and gives the number that its visitor is told."""
    record, now = open_engine(settings), datetime.now(UTC)
    said = Intake(_id(key), "baku-1", date(2026, 10, 1), text=f"The lift is broken {key}", kind="complaint")
    take(record, Keyring([VOICE_KEY]), "AZE", [said], now)
    return complaints.give_numbers(record, [said.id], now)[said.id]


def _id(key: str) -> str:
    return key.ljust(32, "x")


def _words(key: str) -> str:
    return f"The lift works again: {key}"


def _is_answered(settings: Settings, key: str) -> bool:
    found = voices.case_of(open_engine(settings), opinion=_id(key))
    return found is not None and found[0].words == _words(key)


def _held_numbers(settings: Settings) -> "Counter[str]":
    """How often each complaint has the number it was told: once, or 0 where it has none or another."""
    log = settings.data_dir / "numbers.txt"
    told = [line.split() for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []
    owners = Counter(number for _, number in {(key, number) for key, number in told})
    assert all_of(n == 1 for n in owners.values()), "a number was told to two people"
    found = {key: voices.case_of(open_engine(settings), opinion=_id(key)) for key in sent("complaints", settings)[0]}
    wrong = {key for key, number in told if (it := found.get(key)) is None or it[0].number != number}
    return Counter({key: 1 for key, it in found.items() if it is not None and key not in wrong})


def _note(log: Path, line: str) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def sent(kind: Kind, settings: Settings) -> tuple[list[str], list[str]]:
    """What was sent, and what its senders were thanked for."""
    log = settings.data_dir / f"{kind}.txt"
    lines = [line.split() for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []
    return [key for word, key in lines if word == "sent"], [key for word, key in lines if word == "thanked"]


def held(kind: Kind, settings: Settings) -> "Counter[str]":
    """How often each of what was sent is there."""
    record = open_engine(settings)
    if kind == "complaints":
        return _held_numbers(settings)
    if kind == "answers":
        return Counter({key: 1 for key in sent(kind, settings)[0] if _is_answered(settings, key)})
    if kind == "opinions":
        return Counter(one.id.rstrip("x") for one in voices.opinions(record, ["AZE"]))
    with reading(record) as connection:
        found = store.listing(connection, country="AZE", states=("draft",))
        keys = {key: store.by_key(connection, CONTRIBUTOR.id, key) for key in sent(kind, settings)[0]}
    numbers = Counter(one.id for one in keys.values() if one is not None)
    whole = {one.id: inbox.path_of(settings, one.sha256).stat().st_size == one.size for one in found}
    lost = sum(not is_whole for is_whole in whole.values())
    assert not lost, f"{lost} files of drafts are not whole"
    assert len(found) == len(numbers), "a draft is there that nobody sent"
    return Counter({key: numbers[one.id] for key, one in keys.items() if one is not None})


def _cell(at: int, now: datetime) -> VoiceCount:
    return VoiceCount(
        release=f"{now:%H%M%S%f}", country="AZE", centre=f"baku-{at}", month=date(2026, 10, 1), theme="waiting", n=20,
        published_at=now, model="", labels_digest="", thresholds={}, code_version="",
    )  # fmt: skip


def die_at(step: str, record: Engine) -> None:
    """Have this process killed by SIGKILL at a step of the publication it does next: from outside, by what it does."""

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    publishes, pointed = False, False
    words = ("INSERT INTO vintage", "INSERT INTO voice_count", "UPDATE submission SET state")

    @event.listens_for(record, "before_cursor_execute")
    def _watch(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal publishes
        publishes = publishes or statement.startswith(words)

    commit = record.dialect.do_commit

    def do_commit(connection: Any) -> None:
        if publishes and step == "before the commit":
            die()
        commit(connection)
        if publishes and step == "after the commit":
            die()

    record.dialect.do_commit = do_commit  # type: ignore[method-assign]

    def look_on(name: str, arguments: tuple[Any, ...]) -> None:
        nonlocal pointed
        if pointed and step == "after the switch" and name != "os.kill":
            die()
        if name != "os.rename":
            return
        to = Path(os.fsdecode(arguments[1]))
        named = to.parent.name == layout.VERSIONS and not to.name.startswith(layout.UNFINISHED)
        if (to.name == "NEXT" and step == "before the marker") or (named and step == "before the name"):
            die()
        pointed = pointed or to.name == layout.CURRENT

    sys.addaudithook(look_on)


class Forge:
    """A process that forks for each deed, so that none has to be started anew."""

    def __init__(self, world: World) -> None:
        settings = world.settings
        command = [sys.executable, "-m", "tests.operations.deeds", settings.sqlalchemy_url, str(settings.data_dir)]
        self.process = subprocess.Popen(
            [*command, world.publisher.url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        """Itself; it ends with the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()

    def begin(self, kind: Kind, step: str = "") -> int:
        """Begin a deed; gives its process, which dies at the step, or when somebody kills it."""
        self._say(f"{kind}|{step}")
        return int(self._said())

    def ended(self) -> str:
        """Wait for its end: ``killed``, ``done``, or ``failed``."""
        return self._said()

    def _say(self, line: str) -> None:
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def _said(self) -> str:
        line = self.process.stdout.readline().strip()
        if not line:
            raise AssertionError("the process that does the deeds has ended")
        return line


def serve(url: str, folder: str, publisher: str) -> None:
    """Fork for every line that comes."""
    settings = settings_of(url, Path(folder), publisher)
    load_codebook()
    for line in sys.stdin:
        kind, _, step = line.strip().partition("|")
        child = os.fork()
        if child == 0:
            code = 1
            try:
                if step:
                    die_at(step, open_engine(settings))
                do(kind, settings)  # type: ignore[arg-type]
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        _, status = os.waitpid(child, 0)
        sys.stdout.write("killed\n" if os.WIFSIGNALED(status) else "done\n" if status == 0 else "failed\n")
        sys.stdout.flush()


@contextmanager
def publishing_server() -> Iterator[Publisher]:
    """A publisher to gather from."""
    publisher = Publisher()
    publisher.start()
    try:
        yield publisher
    finally:
        publisher.stop()


if __name__ == "__main__":
    serve(*sys.argv[1:])
