"""A year of opinions is told by default, and nothing in it that no month told."""

from datetime import date

from sqlalchemy import Engine

from dashboard.contributions.voice.publication import views
from dashboard.contributions.voice.publication.given import TOTAL
from dashboard.contributions.voice.publication.periods import pool_months
from dashboard.contributions.voice.publication.withholding import withhold
from dashboard.contributions.voice.tables import VoiceCount
from tests.contributions.voice.conftest import NOW, put_in_force


def told(month: date, theme: str, n: int | None, transactions: int | None = 1_000) -> VoiceCount:
    return VoiceCount(release="r", country="UGA", centre=TOTAL, month=month, theme=theme, n=n,
                      transactions=transactions, published_at=NOW)  # fmt: skip


def test_seven_in_november_do_not_hide_the_59_of_the_year(inbox: Engine) -> None:
    counts = {("hoima", date(2026, 3, 1), "waiting"): 40, ("hoima", date(2026, 9, 1), "waiting"): 12,
              ("hoima", date(2026, 11, 1), "staff"): 10, ("hoima", date(2025, 11, 1), "cost"): 90}  # fmt: skip
    put_in_force(inbox, withhold("UGA", counts, {}, None, NOW))
    year, newest, three = (views.voices(inbox, "UGA", {}, "en", months) for months in (12, 1, 36))
    assert [(row["name"][:5], row["n"]) for row in year["rows"]] == [("Waiti", "50"), ("Condu", "10")]
    assert [row["name"][:5] for row in newest["rows"]] == ["Condu"]
    assert [row["n"] for row in three["rows"]] == ["90", "50", "10"]
    assert "March 2026 – November 2026: 60" in year["month"]
    assert "November 2026: 10" in newest["month"]
    assert views.of_centre(inbox, "UGA", "hoima", "en")["rows"] == year["rows"]


def test_a_hidden_month_is_in_no_sum_and_its_transactions_neither() -> None:
    months = [date(2026, at, 1) for at in (8, 9, 10)]
    rows = [told(month, "waiting", n) for month, n in zip(months, (20, None, 10), strict=True)]
    rows += [told(month, "cost", None) for month in months]
    rows += [told(months[0], "staff", None), told(months[2], "staff", 15, None)]
    pooled = pool_months(rows)
    assert pooled is not None
    assert {row.theme: (row.n, row.transactions) for row in pooled.rows} == {
        "waiting": (30, 2_000), "cost": (None, 1_000), "staff": (15, None),
    }  # fmt: skip
    assert rows[0].n == 20, "what was told stays as it is"


def test_answers_of_a_question_add_up_to_its_total() -> None:
    first, second = date(2026, 9, 1), date(2026, 10, 1)
    given = ((first, (20, 10, 30)), (second, (40, None, 45)))
    names = ("access:yes", "access:no", "access:total")
    rows = [told(month, name, n) for month, counts in given for name, n in zip(names, counts, strict=True)]
    pooled = pool_months(rows)
    assert pooled is not None
    assert {row.theme: row.n for row in pooled.rows} == {"access:yes": 20, "access:no": 10, "access:total": 30}
    assert pool_months([]) is None
