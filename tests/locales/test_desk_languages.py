"""The languages of the desks: all that an office meets is there, and nothing of the public pages changes with them."""

import re

import pytest
from starlette.requests import Request

from dashboard.contributions.delivery.metrics import metrics
from dashboard.contributions.delivery.wording import metric_name
from dashboard.contributions.submissions.rules.ground import list_accepted
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.desk.frame import language_of
from dashboard.locales import DESK_LANGUAGES, LANGUAGES, choose_public, format_day, format_number, t
from dashboard.locales.catalogue import list_areas, load_messages
from dashboard.locales.status import compare
from tests.locales.asked import Asked, list_files

DESK_ONLY = [lang for lang in DESK_LANGUAGES if lang not in LANGUAGES]

NOT_OF_OFFICES = (
    "interfaces/desk/brief", "interfaces/desk/centre", "interfaces/desk/centre_form", "interfaces/desk/check",
    "interfaces/desk/code", "interfaces/desk/decisions/public.py",
    "interfaces/desk/embed", "interfaces/desk/follow", "interfaces/desk/named", "interfaces/desk/sdmx",
)  # fmt: skip
"""Pages of everybody, which speak the languages of the public pages."""

DESKS = Asked(
    list_files(
        "interfaces/desk", "contributions/submissions", "accounts", "interfaces/api/submissions",
        "contributions/delivery/wording.py", "locales", "analysis/reports",
        "runtime/templates.py", "contributions/actions", "contributions/voice/moderation",
        "contributions/voice/publication/release.py",
        but=NOT_OF_OFFICES,
    )
)  # fmt: skip
"""What the code of these rooms asks for."""


def find_missing(lang: str) -> list[str]:
    """Keys that an office meets and this language lacks."""
    missing = [key for area in list_areas() for key in compare(area, lang).missing]
    unasked = set(DESKS.list_unused(missing))
    return [key for key in missing if key not in unasked]


@pytest.mark.parametrize("lang", DESK_ONLY)
def test_an_office_reads_everything_in_its_language(lang: str) -> None:
    assert find_missing(lang) == []


@pytest.mark.parametrize("lang", DESK_ONLY)
@pytest.mark.parametrize("area", list_areas())
def test_a_language_of_the_desks_says_what_english_says(area: str, lang: str) -> None:
    status = compare(area, lang)
    assert (status.extra, status.placeholders, status.plurals) == ((), (), ())


def test_a_word_of_the_desks_that_is_not_translated_is_found() -> None:
    """French lacks nothing; what the desks ask for is far more than what only public pages say."""
    asked = {key for area in list_areas() for key in load_messages(area, "en")}
    asked -= set(DESKS.list_unused(asked))
    for key in (
        "submissions.rule.out_of_bounds.todo", "submissions.mail.due_text", "accounts.mail.reset_subject",
        "survey.rule.survey_few.todo", "offices.conflicts", "units.minutes.label", "ui.nav.skip",
        "delivery.count.waiting_open", "reports.foot.page", "submissions.kind.registers", "officers.review.lede",
        "officers.mail.released_text", "officers.integrity.audited", "actions.why.everywhere", "delivery.themes.staff",
    ):  # fmt: skip
        assert key in asked
    for key in ("pages.goals.heading", "charts.image.source", "progress.methods.title", "statement.heading"):
        assert key not in asked


@pytest.mark.parametrize("lang", DESK_ONLY)
def test_what_calls_for_a_decision_is_named(lang: str) -> None:
    """The names of what centres count come from the codebook or the catalogues; none of them may fall back."""
    names = {id_: (metric_name(one, lang), metric_name(one, "en")) for id_, one in metrics().items()}
    assert len(names) > 30
    assert [id_ for id_, (own, english) in names.items() if own == english] == []


@pytest.mark.parametrize("lang", DESK_ONLY)
def test_indicators_that_countries_send_and_countries_have_names(lang: str) -> None:
    book = load_codebook()
    accepted = list_accepted(book)
    assert [one.id for one in accepted if lang not in one.name or lang not in one.definition] == []
    assert [iso3 for iso3, country in book.countries.items() if country.m49_area and lang not in country.name] == []
    names = [one.name[lang].casefold() for one in accepted]
    assert len(set(names)) == len(names), "a name tells of one indicator"


def _texts(lang: str) -> list[str]:
    messages = [message for area in list_areas() for message in load_messages(area, lang).values()]
    shown = [text for one in messages for text in ([one] if isinstance(one, str) else one.values())]
    book = load_codebook()
    own = [one.name[lang] for one in list_accepted(book)] + [one.definition[lang] for one in list_accepted(book)]
    return shown + own + [country.name[lang] for country in book.countries.values() if lang in country.name]


@pytest.mark.parametrize("lang", DESK_ONLY)
def test_texts_of_the_desks_are_clean(lang: str) -> None:
    texts = _texts(lang)
    assert [text for text in texts if not text or re.search(r"  |\{ | \}| [,.;:!?](?: |$)", text)] == []
    assert [text for text in texts if text.count("{") != text.count("}") or text.count("(") != text.count(")")] == []


@pytest.mark.parametrize("lang", [lang for lang in DESK_ONLY if lang == "uz"])
def test_uzbek_is_written_in_latin_with_its_own_apostrophes(lang: str) -> None:
    texts = _texts(lang)
    assert [text for text in texts if re.search(r"[А-Яа-яЁё]", text)] == []
    assert [text for text in texts if re.search(r"['’‘`]|[«»]", text)] == []
    assert [text for text in texts if re.search(r"[oOgG]ʼ|(?<![oOgG])ʻ", text)] == []
    assert [text for text in texts if text.count("“") != text.count("”")] == []


def test_russian_is_written_in_cyrillic_and_quotes_as_russian_does() -> None:
    texts = _texts("ru")
    assert [text for text in texts if re.search('[“”„"’]', text)] == []
    assert [text for text in texts if text.count("«") != text.count("»")] == []
    mixed = re.compile(r"[а-яё][a-z]|[a-z][а-яё]", re.I)  # a Latin letter that looks like a Russian one
    assert [text for text in texts if mixed.search(re.sub(r"\{\w+\}", "", text))] == []


def test_numbers_days_and_plurals_are_russian() -> None:
    assert format_number(1234.5, "ru", 1) == "1\u00a0234,5"
    assert format_day("2026-11-02", "ru") == "2 ноября 2026"
    told = [t("submissions.finding.errors", "ru", count=count) for count in (1, 2, 5, 11, 21, 22, 25, 101)]
    assert [one.split()[-1] for one in told] == [
        "ошибка", "ошибки", "ошибок", "ошибок", "ошибка", "ошибки", "ошибок", "ошибка",
    ]  # fmt: skip


def test_numbers_and_days_are_uzbek() -> None:
    assert format_number(1234.5, "uz", 1) == "1\u00a0234,5"
    assert format_day("2026-11-02", "uz") == "2-noyabr, 2026"
    assert t("submissions.finding.errors", "uz", count=21) == "21 ta xato"


def test_public_pages_stay_in_their_languages() -> None:
    assert set(LANGUAGES) == {"en", "fr", "ar", "az"}
    assert {choose_public(lang) for lang in DESK_ONLY} == {"en"}
    assert choose_public("az") == "az"


@pytest.mark.parametrize(
    ("wanted", "liked", "desk", "public"),
    [
        ("ru", "", "ru", "en"), ("", "ru-KG,ru;q=0.9,en;q=0.5", "ru", "en"), ("", "fr", "fr", "fr"),
        ("xx", "ru", "ru", "en"), ("ru", "az", "ru", "az"),
    ],
)  # fmt: skip
def test_a_desk_answers_in_more_languages_than_a_public_page(wanted: str, liked: str, desk: str, public: str) -> None:
    headers = [(b"accept-language", liked.encode())]
    request = Request({"type": "http", "query_string": f"lang={wanted}".encode(), "headers": headers})
    assert (language_of(request), language_of(request, LANGUAGES)) == (desk, public)
