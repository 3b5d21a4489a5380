"""An id is made of the figure's own content, as its documentation says, everywhere and always the same."""

import hashlib
import struct
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.evidence.dataset import identity
from dashboard.evidence.dataset.identity import CONTENT_COLUMNS, IdCollision, add_ids
from dashboard.evidence.dataset.schema import ROWS
from tests.evidence.database.figures import START, figure, figures

OTHER: dict[str, Any] = {
    "indicator": "bribery", "source": "wgi", "series": "IU_TRUST2", "country": "GEO", "period": "2021",
    "edition": "2027", "dimensions": '{"sex":"FEMALE"}', "nature": "E", "source_detail": "Census", "unit": "score",
    "status": "estimated",
    "value_text": "61.50", "value": 61.500000000000007, "lower": 60.0, "upper": 63.0, "interval_level": 95.0,
    "std_error": 0.5, "footnote": "Revised",
}  # fmt: skip


def by_hand(row: dict[str, Any]) -> str:
    """The id as the module's documentation says to make it, without Polars."""

    def written(value: Any, number: bool) -> str:
        if not number:
            return value or ""
        return "-" if value is None else str(struct.unpack("<q", struct.pack("<d", value or 0.0))[0])

    content = "\x1f".join(written(row[name], ROWS[name] == pl.Float64) for name in CONTENT_COLUMNS)
    return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()


def test_ids_of_known_figures_are_those_that_were_cited() -> None:
    assert figures(figure(61.5), figure(None, status="missing"))["id"].to_list() == [
        "59f79e3472411b89",
        "742935437b52cf1f",
    ]


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "value": st.none() | st.floats(allow_nan=False, allow_infinity=False),
                "lower": st.none() | st.floats(0, 1),
                "footnote": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1f")),
                "country": st.sampled_from(["AZE", "GEO", "XKX"]),
            }
        ),
        max_size=8,
    )
)
def test_anyone_can_make_the_id_by_hand(rows: list[dict[str, Any]]) -> None:
    frame = figures(*rows)
    assert frame["id"].to_list() == [by_hand(row) for row in frame.rows(named=True)]
    assert frame.reverse()["id"].to_list() == add_ids(frame.reverse())["id"].to_list()


@pytest.mark.parametrize("name", CONTENT_COLUMNS)
def test_another_content_is_another_figure(name: str) -> None:
    one, other = figures({}, {name: OTHER[name]})["id"]
    assert one != other


def test_when_and_in_which_reply_it_came_does_not_matter() -> None:
    ids = figures({}, {"retrieved_at": START + timedelta(days=9)}, {"raw_sha256": "aa" * 32}, {"primary": False})["id"]
    assert ids.n_unique() == 1


def test_zero_has_one_sign_and_is_not_absent() -> None:
    assert figures({"value": 0.0}, {"value": -0.0})["id"].n_unique() == 1
    assert figures({"value": 0.0}, {"value": None})["id"].n_unique() == 2


def test_two_figures_with_one_id_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "_hash_texts", lambda contents: pl.Series(["00" * 8] * len(contents)))
    with pytest.raises(IdCollision, match=r"AZE .* GEO .*same id 0000000000000000"):
        figures({"country": "AZE"}, {"country": "GEO"})
    assert figures({}, {}).height == 2, "the same figure twice is no collision"
