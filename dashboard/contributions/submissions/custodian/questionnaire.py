"""A questionnaire as XLSForm: SDG 16.6.2 by service area and 16.7.2, with the groups of both, in any of our languages.

The official items of the survey were not found under a licence that lets us hand them out: the wording is ours, every
form says so, and a column beside each question names the official item whose words belong there. Names and codes are
those that the mapping of a survey's columns reads, so that what is collected comes back without another table.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from dashboard.analysis.measures.surveys.satisfaction import AREAS, NO_ANSWER
from dashboard.analysis.reports.workbook import SheetColumn, WorkbookSheet, write_workbook
from dashboard.contributions.submissions.microdata.model import GROUPS
from dashboard.locales import DESK_LANGUAGES, t

AREA_CODES = {"government_services": "gov", "healthcare": "hlth", "primary_education": "prm",
              "secondary_education": "sec"}  # fmt: skip

AGREE = ("3", "2", "1", "0")
"""Four points without a middle, as the custodian codes them; after them what is no answer."""

_BLANK = ""
Row = tuple[str, ...]


def write_form(langs: Sequence[str], now: datetime, title: str) -> bytes:
    """Return the form.

    Args:
        langs: its languages; the first is the one it opens in.
        now: when it is made: its version.
        title: what it is called.
    """
    shown = [f"{DESK_LANGUAGES[lang].endonym} ({lang})" for lang in langs]
    labels, hints = [f"label::{one}" for one in shown], [f"hint::{one}" for one in shown]
    heads = ("type", "name", *labels, *hints, "required", "relevant", "constraint", "appearance", "official_item")
    sheets = [
        WorkbookSheet("survey", [SheetColumn(one) for one in heads], list(_survey(langs))),
        WorkbookSheet("choices", [SheetColumn(one) for one in ("list_name", "name", *labels)], list(_choices(langs))),
        WorkbookSheet(
            "settings",
            [SheetColumn(one) for one in ("form_title", "form_id", "version", "default_language")],
            [(title, "sdg16_satisfaction", f"{now:%Y%m%d%H%M}", shown[0])],
        ),
    ]
    return write_workbook(sheets, "en", title, now, description=t("questionnaire.ours", "en"))


def _survey(langs: Sequence[str]) -> Iterator[Row]:
    yield _row(langs, "start", "started")
    yield _row(langs, "end", "ended")
    yield _row(langs, "note", "wording", "questionnaire.ours")
    for name in ("stratum", "psu", "weight"):
        yield _row(langs, "decimal" if name == "weight" else "text", name, f"questionnaire.design.{name}")
    yield _row(langs, "select_one yes_no", "consent", "questionnaire.consent", required=True)
    yield _row(langs, "begin_group", "interview", "questionnaire.group.interview", relevant="${consent} = '1'")
    yield _row(langs, "select_one sex", "sex", "questionnaire.ask.sex", required=True)
    yield _row(langs, "integer", "age", "questionnaire.ask.age", required=True, constraint=". >= 18 and . <= 120")
    yield _row(langs, "select_one location", "location", "questionnaire.ask.location", required=True)
    yield _row(langs, "text", "region", "questionnaire.ask.region")
    yield _row(langs, "select_one quintile", "income", "questionnaire.ask.income")
    yield _row(langs, "select_one disability", "disability", "questionnaire.ask.disability", required=True)
    for area, code in AREA_CODES.items():
        yield from _area(langs, area, code)
    yield _row(langs, "begin_group", "decision", "questionnaire.group.decision")
    for name in ("inclusive", "responsive"):
        place = f"SDG 16.7.2: {name} decision-making"
        yield _row(
            langs, "select_one five", f"decision_{name}", f"questionnaire.decision.{name}", required=True, place=place
        )
    yield _row(langs, "end_group", "")
    yield _row(langs, "end_group", "")


def _area(langs: Sequence[str], area: str, code: str) -> Iterator[Row]:
    used = f"${{{code}_used}} = '1'"
    yield _row(langs, "select_one yes_no", f"{code}_used", f"questionnaire.used.{area}", required=True,
               place=f"SDG 16.6.2, {area}: use of the service in the past 12 months")  # fmt: skip
    yield _row(langs, "begin_group", f"{code}_items", f"questionnaire.group.{area}", relevant=used)
    for at, attribute in enumerate(AREAS[area], start=1):
        yield _row(
            langs, "select_one agree", f"{area}_{attribute}", f"questionnaire.{area}.{attribute}", required=True,
            place=f"SDG 16.6.2, {area}: attribute {at} ({attribute})",
        )  # fmt: skip
    yield _row(
        langs, "select_one satisfied", f"{area}_overall", f"questionnaire.overall.{area}", required=True,
        place=f"SDG 16.6.2, {area}: overall satisfaction",
    )  # fmt: skip
    yield _row(langs, "end_group", "")


def _choices(langs: Sequence[str]) -> Iterator[Row]:
    none = [(str(code), f"questionnaire.none.{name}") for code, name in NO_ANSWER.items()]
    lists: dict[str, list[tuple[str, str]]] = {
        "yes_no": [("1", "questionnaire.yes"), ("2", "questionnaire.no")],
        "agree": [*((code, f"questionnaire.agree.{code}") for code in AGREE), *none],
        "satisfied": [*((code, f"questionnaire.satisfied.{code}") for code in AGREE), *none],
        "five": [*((str(code), f"questionnaire.five.{code}") for code in range(5, 0, -1)), *none[1:]],
        "sex": [(code, f"questionnaire.sex.{code}") for code in GROUPS["sex"][1]],
        "location": [(code, f"questionnaire.location.{code}") for code in GROUPS["location"][1]],
        "quintile": [*((code, f"questionnaire.income.{code}") for code in GROUPS["income"][1]), *none[1:]],
        "disability": [(code, f"questionnaire.disability.{code}") for code in GROUPS["disability"][1]],
    }
    for name, options in lists.items():
        for code, key in options:
            yield (name, code, *(t(key, lang) for lang in langs))


def _row(
    langs: Sequence[str], kind: str, name: str, key: str = "", *, required: bool = False, relevant: str = "",
    constraint: str = "", place: str = "",
) -> Row:  # fmt: skip
    labels = [t(key, lang) if key else _BLANK for lang in langs]
    hints = [t("questionnaire.place", lang, item=place) if place else _BLANK for lang in langs]
    return (kind, name, *labels, *hints, "yes" if required else "", relevant, constraint, "", place)
