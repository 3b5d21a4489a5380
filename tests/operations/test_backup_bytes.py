"""A backup is verified by its bytes: not by names, not by sizes, not by how many files there are."""

import io
import json
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.evidence.database.engine import migrate, open_engine
from dashboard.evidence.dataset.publish import publish
from dashboard.operations import backup
from dashboard.operations.archive import BadArchive, is_encrypted, open_for_reading, open_for_writing
from dashboard.operations.backup import MANIFEST, SQLITE, NotRestored
from dashboard.settings import Settings
from tests.checks import all_of
from tests.evidence.database.figures import figure, figures, issue
from tests.operations.keys import KEY

NOW = datetime(2026, 11, 26, 12, 30, tzinfo=UTC)
RAW = ("raw/ab/one.gz", "raw/ab/two.gz")

Members = dict[str, bytes]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A published record and two raw replies of one length."""
    made = Settings(_env_file=None, data_dir=tmp_path_factory.mktemp("data"), database_url=None)
    migrate(made)
    issue(open_engine(made), figures(figure(60.0)))
    publish(open_engine(made), made.dataset_dir)
    open_engine(made).dispose()
    for name, body in zip(RAW, (b"reply one", b"reply two"), strict=True):
        file = made.data_dir / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    return made


@pytest.fixture(scope="module")
def whole(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, backup.Contents]:
    return backup.create(settings, tmp_path_factory.mktemp("safe"), NOW)


@pytest.fixture
def members(whole: tuple[Path, backup.Contents]) -> Members:
    with open_for_reading(whole[0]) as stream, tarfile.open(fileobj=stream, mode="r|gz") as archive:
        return {one.name: archive.extractfile(one).read() for one in archive}  # type: ignore[union-attr]


def packed(path: Path, members: Members, key: str = "", kind: bytes = tarfile.REGTYPE) -> Path:
    """An archive that is whole as an archive, whatever is in it; ``kind`` of its first member."""
    with open_for_writing(path, key) as stream, tarfile.open(fileobj=stream, mode="w|gz") as archive:
        for place, (name, body) in enumerate(members.items()):
            head = tarfile.TarInfo(name)
            head.size, head.type = len(body), kind if place == 0 else tarfile.REGTYPE
            head.linkname = "elsewhere" if head.type != tarfile.REGTYPE else ""
            archive.addfile(head, io.BytesIO(body))
    return path


def test_a_backup_says_what_it_holds(settings: Settings, whole: tuple[Path, backup.Contents]) -> None:
    path, contents = whole
    assert path.name == f"20261126T123000Z{backup.SUFFIX}"
    assert contents == backup.verify(path)
    assert (contents.created_at, contents.engine, contents.version) == (
        NOW, "sqlite", (settings.dataset_dir / "CURRENT").read_text().split()[0],
    )  # fmt: skip
    assert [number for number, _ in contents.vintages] == [1]
    assert {*RAW, SQLITE, "dataset/CURRENT"} <= contents.files.keys()
    assert all_of(len(digest) == 64 for digest in contents.files.values())


@pytest.mark.parametrize("key", ["", KEY])
def test_what_is_packed_again_unchanged_is_whole(
    members: Members, whole: tuple[Path, backup.Contents], tmp_path: Path, key: str
) -> None:
    again = packed(tmp_path / "again", members, key)
    assert is_encrypted(again) is bool(key)
    assert backup.verify(again, key) == whole[1]


def altered(members: Members) -> Members:
    return members | {RAW[1]: b"reply 2wo"}


def exchanged(members: Members) -> Members:
    """The same hashes, at each other's name."""
    return members | {RAW[0]: members[RAW[1]], RAW[1]: members[RAW[0]]}


def one_byte_of_the_database(members: Members) -> Members:
    body = bytearray(members[SQLITE])
    body[-1] ^= 1
    return members | {SQLITE: bytes(body)}


def emptied(members: Members) -> Members:
    return members | {RAW[1]: b""}


def longer(members: Members) -> Members:
    return members | {RAW[1]: members[RAW[1]] + b"\0"}


def left_out(members: Members) -> Members:
    return {name: body for name, body in members.items() if name != RAW[1]}


def one_more(members: Members) -> Members:
    return {"raw/ab/three.gz": b"reply three"} | members


def renamed(members: Members) -> Members:
    return {name.replace("two", "too"): body for name, body in members.items()}


@pytest.mark.parametrize("key", ["", KEY])
@pytest.mark.parametrize(
    ("change", "named"),
    [
        (altered, RAW[1]), (exchanged, RAW[0]), (one_byte_of_the_database, SQLITE), (emptied, RAW[1]),
        (longer, RAW[1]), (left_out, RAW[1]), (one_more, "raw/ab/three.gz"), (renamed, "raw/ab/too.gz"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_as_it_was_is_named_and_nothing_is_put_back(
    members: Members, tmp_path: Path, change: Callable[[Members], Members], named: str, key: str
) -> None:
    file = packed(tmp_path / "changed", change(members), key)
    with pytest.raises(BadArchive, match=f"{named} is not as it was backed up"):
        backup.verify(file, key)
    if not key:
        place = Settings(_env_file=None, data_dir=tmp_path / "again", database_url=None)
        with pytest.raises(BadArchive, match="is not as it was backed up"):
            backup.restore(place, file)
        assert {path.name for path in place.data_dir.iterdir()} <= {".serve.lock"}


@pytest.mark.parametrize(
    "manifest", [None, {}, {"format": backup.FORMAT + 1}, {"format": backup.FORMAT - 1}, {"format": None}]
)
def test_without_a_manifest_of_this_format_it_is_no_backup(
    members: Members, tmp_path: Path, manifest: dict[str, object] | None
) -> None:
    said = json.loads(members.pop(MANIFEST))
    if manifest is not None:
        said = {**said, **manifest} if manifest else {}
        members[MANIFEST] = json.dumps(said).encode()
    with pytest.raises(BadArchive, match=r"backup\.json is missing or of another format"):
        backup.verify(packed(tmp_path / "other", members))


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../outside", "raw/../../outside", "raw", "dataset", "elsewhere/x", "database.sqlite3/x", "notes"],
)
def test_what_no_backup_holds_is_refused_before_it_is_unpacked(members: Members, tmp_path: Path, name: str) -> None:
    file = packed(tmp_path / "hostile", {name: b"x"} | members)
    place = Settings(_env_file=None, data_dir=tmp_path / "deep" / "again", database_url=None)
    with pytest.raises(BadArchive, match="which no backup does"):
        backup.restore(place, file)
    assert not (tmp_path / "outside").exists()
    assert not (tmp_path / "deep" / "outside").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_only_files_are_unpacked(members: Members, tmp_path: Path, kind: bytes) -> None:
    file = packed(tmp_path / "hostile", {"raw/ab/zero.gz": b""} | members, kind=kind)
    with pytest.raises(BadArchive, match=r"holds “raw/ab/zero\.gz”, which no backup does"):
        backup.verify(file)


def test_a_backup_of_another_kind_of_database_is_not_put_back(members: Members, tmp_path: Path) -> None:
    said = json.loads(members[MANIFEST]) | {"engine": "postgresql"}
    file = packed(tmp_path / "other", members | {MANIFEST: json.dumps(said).encode()})
    place = Settings(_env_file=None, data_dir=tmp_path / "again", database_url=None)
    with pytest.raises(NotRestored, match="The backup is of postgresql, MONITOR_DATABASE_URL is of sqlite"):
        backup.restore(place, file)


@pytest.mark.parametrize("there", ["database", "dataset"])
def test_a_database_or_a_dataset_alone_is_in_the_way(
    whole: tuple[Path, backup.Contents], tmp_path: Path, there: str
) -> None:
    place = Settings(_env_file=None, data_dir=tmp_path / "again", database_url=None)
    assert place.sqlite_path is not None
    held = place.sqlite_path if there == "database" else place.dataset_dir / "CURRENT"
    held.parent.mkdir(parents=True)
    held.write_text("held")
    with pytest.raises(NotRestored, match="add --replace"):
        backup.restore(place, whole[0])
    assert held.read_text() == "held"
    assert backup.restore(place, whole[0], replace=True) == whole[1]
    (aside,) = place.data_dir.glob("aside-*")
    moved = aside / (place.sqlite_path.name if there == "database" else "dataset/CURRENT")
    assert moved.read_text() == "held"
    assert [(place.data_dir / name).read_bytes() for name in RAW] == [b"reply one", b"reply two"]


def test_a_dataset_that_was_damaged_when_it_was_backed_up_is_not_put_back(members: Members, tmp_path: Path) -> None:
    name = next(name for name in members if name.endswith("trust.parquet"))
    damaged = members | {name: members[name][:-1] + b"?"}
    said = json.loads(damaged[MANIFEST])
    said["files"][name] = backup.hashlib.sha256(damaged[name]).hexdigest()
    file = packed(tmp_path / "damaged", damaged | {MANIFEST: json.dumps(said).encode()})
    place = Settings(_env_file=None, data_dir=tmp_path / "again", database_url=None)
    assert backup.verify(file).files[name] == said["files"][name]
    with pytest.raises(NotRestored, match="The dataset in the backup was damaged when it was made"):
        backup.restore(place, file)


def test_the_database_in_it_is_one_file_that_needs_no_log(members: Members) -> None:
    assert members[SQLITE][18:20] == b"\x01\x01", (
        "written without a log ahead, so that a disc that takes no writes holds it"
    )
