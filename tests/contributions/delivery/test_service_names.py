"""Names of a service in several languages: sent with the list of centres, shown in the visitor's or named."""

from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from dashboard.contributions.delivery.centre import centre_services
from dashboard.contributions.delivery.model import Centre, CentreReport, RowRefused, choose_name, read_names
from dashboard.contributions.delivery.store import centres, save_centres, save_reports
from dashboard.contributions.delivery.wording import name_service
from dashboard.contributions.submissions.counts.rows import checked_centre
from dashboard.contributions.submissions.workbooks.counts import cells
from dashboard.evidence.database.engine import migrate, open_engine
from dashboard.interfaces.desk.centre_form import page
from dashboard.settings import Settings

NAMES = "tr:Kimlik kartı|en:Identity card|ar:بطاقة هوية"
SERVICES = (("id", NAMES), ("birth", "Doğum"))
CENTRE = Centre("ankara-1", "TUR", "Ankara 1", date(2020, 1, 1), services=SERVICES, form=True)
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = Settings(data_dir=tmp_path)
    migrate(made)
    return open_engine(made)


@pytest.mark.parametrize(
    ("names", "lang", "shown"),
    [
        (NAMES, "tr", "Kimlik kartı"), (NAMES, "ar", "بطاقة هوية"), (NAMES, "fr", "Identity card (English)"),
        ("az:Pasport|ru:Паспорт", "tr", "Pasport (azərbaycan)"), ("ru:Паспорт", "ru", "Паспорт"),
        ("Pasport", "ru", "Pasport"), ("Pasport|ru:Паспорт", "ru", "Паспорт"), ("Pasport|ru:Паспорт", "fr", "Pasport"),
        ("cnr:Pasoš", "en", "Pasoš (crnogorski)"), ("ID: renewal", "en", "ID: renewal"),
            ("xq:Abc", "en", "Abc (xq)"), ("", "en", ""), ("|", "en", "|"),
        ("en:  Card  | az: Vəsiqə ", "az", "Vəsiqə"), ("en:One|en:Two", "en", "One"),
    ],
)  # fmt: skip
def test_a_name_is_that_of_the_language_or_says_whose_it_is(names: str, lang: str, shown: str) -> None:
    assert name_service(names, lang) == shown


LETTERS = st.characters(codec="utf-8", exclude_characters="|;=:", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"))
WORDS = st.text(LETTERS, min_size=1, max_size=40)


@given(st.dictionaries(st.from_regex("[a-z]{2,3}", fullmatch=True), WORDS, min_size=1, max_size=6))
def test_every_language_finds_its_own_name_and_no_other(names: dict[str, str]) -> None:
    text = "|".join(f"{language}:{name}" for language, name in names.items())
    assert dict(read_names(text)) == names
    assert {language: choose_name(text, language) for language in names} == {it: (names[it], "") for it in names}
    name, other = choose_name(text, "zzzz")
    assert names[other] == name
    assert other == ("en" if "en" in names else next(iter(names)))


def test_names_go_with_the_list_through_the_template_the_record_and_back(engine: Engine) -> None:
    read = checked_centre(cells(CENTRE))
    assert read.services == CENTRE.services
    save_centres(engine, [read])
    (kept,) = centres(engine, "TUR")["ankara-1"]
    assert kept.services == CENTRE.services
    assert Centre.of(kept.as_json()) == kept


@pytest.mark.parametrize(
    "services",
    ["id=en:One|en:Two", "id=Plain|en:Two", "id=One|Two", f"id=en:{'x' * 121}", f"id={'x' * 121}"],
)
def test_names_that_nobody_could_choose_between_are_refused(services: str) -> None:
    with pytest.raises(RowRefused) as refused:
        checked_centre(cells(CENTRE) | {"services": services})
    assert [one.rule for one in refused.value.faults] == ["centre.services"]
    checked_centre(cells(CENTRE) | {"services": f"id=en:{'x' * 120}|az:{'x' * 120}"})


@pytest.mark.parametrize(("language", "first"), [("tr", "Kimlik kartı"), ("ky", "Identity card (English)")])
def test_the_form_calls_a_service_as_its_visitor_does(language: str, first: str) -> None:
    shown = unescape(page.services_page(language, CENTRE))
    assert f">{first}</a>" in shown
    assert ">Doğum</a>" in shown
    assert "tr:" not in shown.split("<script")[0].split("</style>")[1]


def test_the_page_of_a_centre_does_too(engine: Engine) -> None:
    month = date(NOW.year, NOW.month, 1)
    save_centres(engine, [CENTRE, replace(CENTRE, code="ankara-2")])
    save_reports(engine, "TUR", [
        CentreReport(centre, service, "counter", month, {"started": 90, "completed": 80})
        for centre in ("ankara-1", "ankara-2") for service in ("id", "birth")
    ], NOW)  # fmt: skip
    for lang, names in (("fr", ["Doğum", "Identity card (English)"]), ("ar", ["Doğum", "بطاقة هوية"])):
        view = centre_services(engine, "TUR", "ankara-1", lang)
        assert view is not None
        assert sorted(row["name"] for row in view["services"]) == sorted(names)
