"""What was received is kept whole, found again, and holds no secrets."""

import gzip
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data_sources.contract import Reply, Request
from data_sources.fetching.raw import RawStore
from tests.given import raising

NOW = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)


def a_reply(body: bytes = b'{"a": 1}', url: str = "http://127.0.0.1/data", **params: str) -> Reply:
    headers = {"etag": '"v1"', "last-modified": "Mon, 02 Nov 2026 08:00:00 GMT", "content-type": "application/json"}
    headers["set-cookie"] = "session=hidden"
    request = Request(url, params, {"Authorization": "Bearer hidden"})
    return Reply(request, url, 200, headers, body, hashlib.sha256(body).hexdigest(), NOW)


def test_bytes_and_their_story_are_kept(tmp_path: Path) -> None:
    reply, store = a_reply(area="31"), RawStore(tmp_path / "raw")
    path = store.put(reply)
    assert path == tmp_path / "raw" / reply.sha256[:2] / f"{reply.sha256}.gz"
    assert gzip.decompress(path.read_bytes()) == store.get(reply.sha256) == reply.body
    assert json.loads(path.with_suffix(".json").read_text()) == {
        "method": "GET", "url": "http://127.0.0.1/data", "params": {"area": "31"}, "sha256": reply.sha256, "bytes": 8,
        "etag": '"v1"',
        "last_modified": "Mon, 02 Nov 2026 08:00:00 GMT", "retrieved_at": "2026-11-02T08:30:00+00:00", "status": 200,
        "media_type": "application/json",
    }  # fmt: skip


def test_a_reply_is_found_until_it_is_forgotten(tmp_path: Path) -> None:
    reply, store = a_reply(page="1"), RawStore(tmp_path)
    assert store.find(reply.request) is None
    store.put(reply)
    found = store.find(reply.request)
    assert (found.body, found.sha256, found.retrieved_at, found.headers["etag"]) == (
        reply.body, reply.sha256, NOW, '"v1"',
    )  # fmt: skip
    assert store.find(a_reply(page="2").request) is None
    store.forget(reply.request)
    assert store.find(reply.request) is None
    assert store.get(reply.sha256) == reply.body


def test_the_first_story_of_the_same_bytes_stays(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    path = store.put(a_reply(page="1"))
    store.put(a_reply(page="2"))
    assert json.loads(path.with_suffix(".json").read_text())["params"] == {"page": "1"}
    assert store.find(a_reply(page="2").request) is not None


def test_no_secret_is_written(tmp_path: Path) -> None:
    reply = a_reply(url="http://user:hidden@127.0.0.1/data?token=hidden&x=1", api_key="hidden")
    store = RawStore(tmp_path)
    store.put(reply)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*.json"))
    assert b"hidden" not in written
    assert b"x=1" in written
    assert store.find(reply.request) is not None


def test_damage_is_noticed(tmp_path: Path) -> None:
    reply, store = a_reply(), RawStore(tmp_path)
    path = store.put(reply)
    path.write_bytes(path.read_bytes()[:-6])
    with pytest.raises(FileNotFoundError, match="no whole raw record"):
        store.get(reply.sha256)
    assert store.find(reply.request) is None
    path.write_bytes(gzip.compress(b"other"))
    with pytest.raises(FileNotFoundError, match="damaged"):
        store.get(reply.sha256)


def test_a_hash_is_not_a_path(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="not a SHA-256"):
        RawStore(tmp_path).get("../../etc/passwd")


def test_a_crash_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_sources.fetching.raw.os.fsync", raising(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        RawStore(tmp_path).put(a_reply())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
