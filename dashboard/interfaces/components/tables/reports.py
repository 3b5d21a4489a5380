"""Links to reports as files: of a country, or of the programme, as of the day the page shows."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_file, list_actions
from dashboard.locales import t

FORMS = ("pdf", "xlsx")


def link_country_reports(lang: str, iso3: Any, day: Any, method: Any = "") -> rx.Component:
    """The brief of a country and the annex to its national review; ``method`` judges the brief, "" is the default."""
    chosen = rx.cond(method != "", rx.Var.create("&method=") + method, "")
    return _draw_section(
        lang,
        *_link_files(lang, "country", rx.Var.create("country/") + iso3, day, chosen),
        *_link_files(lang, "vnr", rx.Var.create("vnr/") + iso3, day, ""),
    )


def link_programme_report(lang: str, day: Any, method: Any, rule: Any) -> rx.Component:
    """The report of the programme by the method and the counting rule chosen."""
    chosen = rx.Var.create("&method=") + method + "&rule=" + rule
    return _draw_section(lang, *_link_files(lang, "programme", "programme", day, chosen))


def _draw_section(lang: str, *links: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("reports.links.title", lang)),
        list_actions(*links),
        rx.el.p(t("reports.links.note", lang), class_name="note after-text"),
        id="reports",
    )


def _link_files(lang: str, kind: str, place: Any, day: Any, chosen: Any) -> list[rx.Component]:
    """One report with its files."""

    def link(form: str) -> rx.Component:
        address = rx.Var.create("/api/v1/reports/") + place + f".{form}?lang={lang}&as_of=" + day + chosen
        name = t("reports.links.file", lang, kind=t(f"reports.{kind}.kind", lang), form=form.upper())
        return link_file(name, href=address, class_name="button")

    return [link(form) for form in FORMS]
