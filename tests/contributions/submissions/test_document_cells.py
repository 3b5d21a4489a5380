"""A wide JSON document is refused by its cells before it is parsed."""

import json
import time

import pytest

from dashboard.contributions.submissions.model import UploadRefused
from dashboard.contributions.submissions.reading import documents
from dashboard.contributions.submissions.reading.documents import MOST_COLUMNS, read_document


def body(rows: int, columns: int) -> bytes:
    return json.dumps([{f"c{at}": at for at in range(columns)}] * rows).encode()


def test_exactly_as_many_cells_as_are_allowed_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_CELLS", 12)
    sheet, _ = read_document("rows.json", body(4, 3))
    assert sheet.texts.height == 5
    for rows, columns in ((13, 1), (1, 13)):
        with pytest.raises(UploadRefused) as refused:
            read_document("rows.json", body(rows, columns))
        assert refused.value.code == "too_many_cells"


def test_sixteen_megabytes_of_cells_are_refused_at_once() -> None:
    wide = body(15_000, MOST_COLUMNS)
    assert len(wide) > 15 * 10**6
    began = time.process_time()
    with pytest.raises(UploadRefused):
        read_document("wide.json", wide)
    assert time.process_time() - began < 1
