"""The calendar of expected releases as a program reads it."""

import re
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from dashboard.analysis.reports.icalendar import Event, write_icalendar
from dashboard.answers.base.context import open_context
from dashboard.answers.freshness.editions import list_editions
from dashboard.answers.wording.publishers import list_publishers
from dashboard.locales import LANGUAGES
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("handmade")


def events(text: str) -> list[dict[str, str]]:
    """The events, their lines unfolded: property → value."""
    whole = text.replace("\r\n ", "")
    return [
        dict(line.split(":", 1) for line in part.split("\r\n") if ":" in line)
        for part in re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", whole, re.DOTALL)
    ]


@pytest.mark.parametrize("sign", ["\n", "\r", "\r\n"])
def test_no_text_begins_a_line_of_its_own(sign: str) -> None:
    day = datetime(2026, 11, 26, tzinfo=UTC)
    file = write_icalendar("x", [Event("x", day.date(), day, f"due{sign}ATTACH:file", "a\\b; c, d")]).decode()
    assert r"SUMMARY:due\nATTACH:file" in file.split("\r\n")
    assert r"DESCRIPTION:a\\b\; c\, d" in file.split("\r\n")
    assert not set("\r\n") & set(file.replace("\r\n", ""))


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_every_database_with_an_expected_edition_has_its_day(client: httpx.AsyncClient, lang: str) -> None:
    reply = await client.get(f"/api/v1/calendar.ics?lang={lang}")
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"].startswith("text/calendar")
    text = reply.content.decode()
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert all_of(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    ctx = open_context(lang)
    windows = [one.expected for source in list_publishers() for one in list_editions(ctx, source)]
    due = [one.day for one in windows if one]
    assert len(due) == 3, "of the rest too few editions are known"
    found = events(text)
    due.append(date(2027, 4, 30))  # the claim of the statement that has a due date
    assert sorted(one["DTSTART;VALUE=DATE"] for one in found) == sorted(f"{day:%Y%m%d}" for day in due)
    assert found
    assert len({one["UID"] for one in found}) == len(found)
    for one in found:
        first, last = (date.fromisoformat(one[f"{name};VALUE=DATE"]) for name in ("DTSTART", "DTEND"))
        assert last - first == timedelta(days=1), "a day and no more"
        assert f"/{lang}/sources/#" in one["URL"] or one["URL"].endswith(f"/{lang}/statement/S-17/")
        assert not re.search(r"(?<!\\)[,;]", one["SUMMARY"] + one["DESCRIPTION"])
        assert not re.search(r"\b(\w+(?: \w+)?) \1\b", one["DESCRIPTION"]), "no word twice, as in “every every”"


async def test_ids_stay_from_one_asking_to_the_next_and_in_every_language(client: httpx.AsyncClient) -> None:
    asked = [(await client.get(f"/api/v1/calendar.ics?lang={lang}")).text for lang in ("en", "en", "ar")]
    ids = [[one["UID"] for one in events(text)] for text in asked]
    assert ids[0] == ids[1] == ids[2]
