"""Every word of the catalogues can be shown: its key stands in the code, or is like keys put together there."""

from dashboard.locales.catalogue import list_areas, load_messages
from tests.locales.asked import Asked, list_files

WHOLE = Asked(list_files())


def test_every_word_of_the_catalogues_is_asked_for_somewhere() -> None:
    keys = [key for area in list_areas() for key in load_messages(area, "en")]
    assert len(keys) > 3000
    assert WHOLE.list_unused(keys) == []


def test_a_word_that_nobody_asks_for_is_found() -> None:
    dead = ["ui.chart.no_script", "ui.buttons.nobody_presses", "pages.overview.doors", "accounts.nobody.at_all"]
    live = [
        "ui.nav.label",
        "country.tab.gaps",
        "survey.rule.survey_few.todo",
        "accounts.roles.admin",
        "accounts.nav.label",
    ]
    assert WHOLE.list_unused([*dead, *live]) == dead
