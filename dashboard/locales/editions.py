"""Editions as each language writes them; the English name of one is its identity, in files and in the database."""

import re
from functools import lru_cache

from dashboard.locales.catalogue import DESK_LANGUAGES, t
from dashboard.locales.figures import format_day, isolate_ltr

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_OF_YEAR = re.compile(r"(?P<work>.+) (?P<year>\d{4}) edition")
_OF_QUARTER = re.compile(r"(?P<year>\d{4})\.Q(?P<quarter>\d)\.(?P<part>[A-Z]\.\d\d)")
_LATE = re.compile(r"(?P<work>.+), late (?P<year>\d{4})")
_DATED = re.compile(
    rf"(?:(?P<work>.+), (?P<pull>pull of )?)?(?:(?P<day>\d\d?) )?(?P<month>{'|'.join(_MONTHS)}) (?P<year>\d{{4}})"
)


@lru_cache(maxsize=1024)
def format_edition(name: str, lang: str) -> str:
    """``WGI 2024 edition`` as ``lang`` says it; a name that says nothing but what it is called stays as it is.

    One that begins with a number would be read from its end inside Arabic: it is isolated.
    """
    if found := _OF_YEAR.fullmatch(name):
        return t("answers.edition.of_year", lang, **found.groupdict())
    if found := _OF_QUARTER.fullmatch(name):
        return t("answers.edition.of_quarter", lang, **found.groupdict())
    if found := _LATE.fullmatch(name):
        return t("answers.edition.late", lang, **found.groupdict())
    if found := _DATED.fullmatch(name):
        iso = f"{found['year']}-{_MONTHS.index(found['month']) + 1:02}"
        when = format_day(f"{iso}-{int(found['day']):02}" if found["day"] else iso, lang)
        kind = "pull" if found["pull"] else "dated"
        return t(f"answers.edition.{kind}", lang, work=found["work"], date=when) if found["work"] else when
    return isolate_ltr(name) if name[:1].isdigit() and DESK_LANGUAGES[lang].dir == "rtl" else name
