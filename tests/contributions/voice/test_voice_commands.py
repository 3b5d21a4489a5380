"""The way of an operator: key, centres, a file of opinions, labels, training, release, expiry."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.accounts import audit
from dashboard.analysis.measures.counts.coding import MIN_ALPHA
from dashboard.contributions.voice import store
from dashboard.contributions.voice.inbox import keyring, new_key
from dashboard.contributions.voice.intake import take
from dashboard.contributions.voice.model import THEMES, Intake
from dashboard.evidence.database.engine import open_engine
from dashboard.operations.cli import app
from dashboard.settings import settings
from tests.checks import all_of

TEXTS = {
    "waiting": "the queue took {n} hours and we waited",
    "staff": "the clerk at window {n} was rude to us",
    "digital": "the website gave error {n} again",
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MONITOR_VOICE__KEYS", f'["{new_key("one")}"]')
    monkeypatch.delenv("MONITOR_DATABASE_URL", raising=False)
    settings.cache_clear()

    def command(*words: object, code: int = 0) -> str:
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exit_code == code, done.output
        assert "Traceback" not in done.output
        return done.output

    yield command
    settings.cache_clear()


def test_from_a_file_to_released_counts(  # type: ignore[no-untyped-def]
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    centres = tmp_path / "centres.csv"
    centres.write_text("code,country,name,since,form\nhoima,UGA,Hoima,2023-07-01,yes\n", encoding="utf-8")
    assert "1 centre kept" in run("delivery", "centres", centres)
    opinions = tmp_path / "opinions.csv"
    rows = [(TEXTS[theme].format(n=n), theme) for n in range(30) for theme in TEXTS]
    lines = [f"hoima,{text},2026-10-{1 + at % 28:02d},en" for at, (text, _) in enumerate(rows)]
    lines += ["hoima,they wanted a bribe,2026-10-03,en", "nowhere,hello,2026-10-03,en"]
    lines += ["hoima,well, in the end they came,2026-10-03,en", "hoima,well, they came,2026-10-03,"]
    opinions.write_text("centre,text,said_on,language\n" + "\n".join(lines) + "\n", encoding="utf-8")
    said = run("voice", "import", opinions, code=1)
    assert "91 new, 0 taken before, 3 not taken" in said
    assert "row 95, row (cells_moved)" in said, "an empty cell at its end changes nothing"
    assert "row 94, row (cells_moved): More cells than the head has" in said
    assert "row 93, centre (unknown_centre)" in said  # as a spreadsheet counts, and as counts and labels do
    assert "0 new, 91 taken before" in run("voice", "import", opinions, code=1)
    assert "from 50 of two themes on" in run("voice", "train", code=1)
    sheet = tmp_path / "queue.csv"
    run("voice", "queue", "UGA", sheet, "--coder", "ann")
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        waiting = list(csv.DictReader(file))
    assert len(waiting) == 90
    assert not any("bribe" in row["text"] for row in waiting)
    themes = dict(rows)
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, waiting[0])
        writer.writeheader()
        writer.writerows([{**row, "theme": themes[row["text"]]} for row in waiting])
    assert "is there already, perhaps with labels" in run("voice", "queue", "UGA", sheet, "--coder", "ann", code=2)
    assert "90 labels kept, 0 rows not taken" in run("voice", "label", "UGA", sheet, "--coder", "ann")
    assert "en: 90 labels, answers from" in run("voice", "train")
    assert f"{12 * 2 + 5 + 3 * 2} counts released" in run("voice", "release", "UGA")
    assert {row.agreement for row in store.published(open_engine(settings()), "UGA")} == {None}
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, waiting[0])
        writer.writeheader()
        writer.writerows([{**row, "theme": "cost"} for row in waiting])
    run("voice", "label", "UGA", sheet, "--coder", "bob")
    run("voice", "release", "UGA")
    assert all_of((row.agreement or 1) < MIN_ALPHA for row in store.published(open_engine(settings()), "UGA"))
    assert "0 sealed texts destroyed" in run("voice", "expire")
    assert "0 sealed anew; key one seals everything now" in run("voice", "rotate")
    assert len(THEMES) == 11

    now = datetime.now(UTC)
    later = Intake(id="later", centre="hoima", said_on=now.date(), text="they were kind")
    take(open_engine(settings()), keyring(settings()), "UGA", [later], now)
    old, new = settings().voice.keys[0].get_secret_value(), new_key("two")
    for keys, said in (
        ([new], "BAD   voice       Key one sealed 93 texts, and is not set"),
        ([new, old], "ok    voice       Key two seals; every sealed word has its key"),
    ):
        monkeypatch.setenv("MONITOR_VOICE__KEYS", json.dumps(keys))
        settings.cache_clear()
        assert said in CliRunner().invoke(app, ["doctor"]).output
    assert "93 sealed anew; key two seals everything now.\nMay leave MONITOR_VOICE__KEYS: one" in run("voice", "rotate")


def test_what_is_labelled_integrity_in_a_file_leaves_the_open(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    centres, opinions, sheet = (tmp_path / f"{name}.csv" for name in ("centres", "opinions", "queue"))
    centres.write_text("code,country,name,since\nhoima,UGA,Hoima,2023-07-01\n", encoding="utf-8")
    opinions.write_text("id,centre,text\nfirst-one,hoima,It went another way than the wall says\n", encoding="utf-8")
    run("delivery", "centres", centres)
    run("voice", "import", opinions)
    sheet.write_text("opinion,kind,theme\nfirst-one,complaint,integrity\n", encoding="utf-8")
    assert "1 label kept, 0 rows not taken" in run("voice", "label", "UGA", sheet, "--coder", "ann")
    database = open_engine(settings())
    (kept,) = store.opinions(database, ["UGA"], integrity=True)
    assert (kept.id, kept.text, store.opinions(database, ["UGA"])) == ("first-one", "", [])
    assert store.parts(database, [kept.id])[kept.id] == ["raw", "words"]
    assert [one.action for one in audit.list_entries(database, subject="opinion first-one")[0]] == ["voice.passed_on"]


def test_what_cannot_be_done_is_said_with_its_remedy(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    assert "Name a CSV file" in run("voice", "import", tmp_path / "none.csv", code=2)
    latin = tmp_path / "latin.csv"
    latin.write_bytes("centre,text\nx,\xe9t\xe9\n".encode("latin-1"))
    assert "save it as CSV in UTF-8" in run("delivery", "counts", latin, code=2)
    empty = tmp_path / "empty.csv"
    empty.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "no column 'centre'" in run("delivery", "counts", empty, code=2)
    told = ("--country", "AZE", "--name", "x", "--expects", "Welcome")
    assert "no public address" in run("delivery", "address", "localhost", *told, code=2)
    assert "3 to 200" in run("delivery", "address", "https://x.example.org", *told[:-1], " a ", code=2)
    by_post = run("delivery", "address", "https://x.example.org", *told, "--channel", "counter", code=2)
    assert "use web or app" in by_post
    nigeria = run("delivery", "address", "https://x.example.org", "--country", "Nigeria", *told[2:], code=2)
    assert "There is no country Nigeria" in nigeria  # not NIG, which is none, nor NER
    assert "No address is on the list" in run("probe")
    assert "is on the list of AZE" in run("delivery", "address", "https://x.example.org", *told)
    assert "is asked no more" in run("delivery", "forget", "https://x.example.org")
    assert "is not on the list" in run("delivery", "forget", "https://x.example.org", code=2)
    assert "no column 'centre'" in run("voice", "import", empty, code=2)
    saved = tmp_path / "saved.csv"
    saved.write_text("opinion;language;theme\nfirst;en;staff\n", encoding="utf-8")
    assert "no column 'opinion'" in run("voice", "label", "UGA", saved, "--coder", "ann", code=2)
    for head, command in (("centre,text", ("import",)), ("opinion,theme", ("label", "UGA"))):
        saved.write_text(f'{head}\nx,"{"y" * 200_000}\n', encoding="utf-8")
        coder = ("--coder", "ann") if command[0] == "label" else ()
        assert "is no CSV after line 1" in run("voice", *command, saved, *coder, code=2)
    empty.write_text("centre,text\nx,y\n", encoding="utf-8")
    monkeypatch.setenv("MONITOR_VOICE__KEYS", "[]")
    settings.cache_clear()
    assert "voice key" in run("voice", "import", empty, code=2)
    assert run("voice", "key", "--name", "x").startswith("x:")
    assert "x:y has one" in run("voice", "key", "--name", "x:y", code=2)
