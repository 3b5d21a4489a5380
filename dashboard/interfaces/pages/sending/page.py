"""How countries send figures: the way from a ministry to this site, what is due, what has come, and the templates."""

import reflex as rx

from dashboard.contributions.submissions.model import AccountGiver, PeriodStanding
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.components.browser import link_file
from dashboard.interfaces.components.tables.standings import draw_standings, list_givers, list_standings
from dashboard.interfaces.pages.shell.frame import show_answer
from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.shell.state import Shell
from dashboard.locales import order, t
from dashboard.settings import settings

STEPS = ("template", "upload", "approve", "publish", "reader", "correct")


class SendingState(Shell):
    """What is due and what has come."""

    standings: list[PeriodStanding] = []
    givers: list[AccountGiver] = []
    takes: bool = False  # whether people can log in
    contact: str = ""  # where the operator is asked for an account

    @rx.event
    async def load(self) -> None:
        """Every year that is due, or of which something was submitted; and who gives accounts."""
        found = await self._ask_services(lambda ctx, _: (list_standings(ctx), list_givers(ctx)))
        if found is not None:
            self.standings, self.givers = found
            accounts = settings().accounts
            self.takes, self.contact = accounts.enabled, accounts.contact


def draw_page(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        rx.el.h1(t("submissions.public.title", lang)),
        rx.el.p(t("submissions.public.lede", lang), class_name="lede"),
        rx.el.section(
            rx.el.h2(t("submissions.public.steps_title", lang)),
            rx.el.ol(*(rx.el.li(t(f"submissions.public.step_{step}", lang)) for step in STEPS), class_name="steps"),
        ),
        rx.el.section(
            rx.el.h2(t("submissions.public.look", lang)),
            rx.el.ul(
                *(rx.el.li(*_link_templates(lang, iso3, name)) for iso3, name in _list_countries(lang)),
                class_name="columns",
            ),
        ),
        rx.el.section(
            rx.el.h2(t("submissions.accounts.title", lang)),
            rx.el.p(t("submissions.accounts.how", lang)),
            show_answer(lang, _explain_accounts, SendingState.load, level="h3"),
            id="accounts",
        ),
        rx.el.section(
            rx.el.h2(t("submissions.public.standing_title", lang)),
            show_answer(lang, _draw_standings, SendingState.load, level="h3"),
        ),
    )


def _draw_standings(lang: str) -> rx.Component:
    return draw_standings(lang, SendingState.standings)


def _explain_accounts(lang: str) -> rx.Component:
    """Who is asked for an account, and the way to the login; where nobody can log in, that it is so."""
    contact, has_givers = SendingState.contact, SendingState.givers.length() > 0
    operator = rx.cond(
        contact != "",
        rx.el.p(
            rx.cond(has_givers, t("submissions.accounts.elsewhere", lang), t("submissions.accounts.operator", lang)),
            " ",
            rx.el.a(rx.el.bdi(contact.replace("mailto:", "")), href=contact),
        ),
        rx.cond(has_givers, rx.fragment(), rx.el.p(t("submissions.accounts.unknown", lang))),
    )
    return rx.cond(
        SendingState.takes,
        rx.fragment(
            rx.el.ul(
                rx.foreach(
                    SendingState.givers,
                    lambda giver: rx.el.li(giver["country"], t("ui.list.colon", lang), rx.el.bdi(giver["words"])),
                )
            ),
            operator,
            rx.el.p(link_file(t("submissions.public.log_in", lang), href=f"/contribute/?lang={lang}")),
        ),
        rx.fragment(rx.el.p(t("submissions.accounts.closed", lang)), operator),
    )


def _list_countries(lang: str) -> list[tuple[str, str]]:
    """Countries of which the codebook holds an event of adoption, by name."""
    book = load_codebook()
    countries = {event.iso3 for event in book.events if event.iso3 in book.countries}
    return sorted(
        ((iso3, choose_text(book.countries[iso3].name, lang)) for iso3 in countries),
        key=lambda pair: order(pair[1], lang),
    )


def _link_templates(lang: str, iso3: str, name: str) -> tuple[rx.Component | str, ...]:
    """A country's templates: of figures, under its name, and of monthly counts of services."""
    services = t("submissions.sheet.services", lang)
    label = t("ui.list.colon", lang).join((name, services))
    return (
        link_file(name, href=f"/api/v1/templates/{iso3}.xlsx?lang={lang}"),
        " · ",
        link_file(services, href=f"/api/v1/templates/{iso3}/counts.xlsx?lang={lang}", aria_label=label),
    )


PAGE = Page(
    id="sending",
    route="/{lang}/sending/",
    body=draw_page,
    load=SendingState.load,
    title=lambda lang: t("submissions.public.title", lang),
    description=lambda lang: t("submissions.public.lede", lang),
    example="sending/",
)
