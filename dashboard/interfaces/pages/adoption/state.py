"""The adoption register: counting rule and filters of its table, all in the address."""

from dataclasses import replace

import reflex as rx

from dashboard.answers.adoption.activities import SentActivities, view_sent_activities
from dashboard.answers.adoption.counting import DEFAULT_RULE
from dashboard.answers.adoption.documents import select_documents
from dashboard.answers.adoption.register import (
    ANSWERS,
    SORTS,
    TYPES,
    RegisterQuery,
    check_query,
    list_years,
    view_table,
)
from dashboard.answers.adoption.register_page import view_register
from dashboard.answers.adoption.views import (
    DocumentCount,
    DocumentNote,
    GroupTable,
    RegisterDocuments,
    RegisterTable,
    RegisterView,
)
from dashboard.answers.base.context import Context
from dashboard.answers.base.views import cut_page
from dashboard.answers.claims.statement import view_statement
from dashboard.evidence.codebook.register.tables import LEVELS, WITNESSES
from dashboard.interfaces.api.contract.sent import count_sent_of_origin, list_sent_activities
from dashboard.interfaces.pages.shell.address import ADOPTION_TABS, ChoiceLink, PageAddress, write_counted_url
from dashboard.interfaces.pages.shell.state import NOTHING, RuleLink, Shell

CHOICES: dict[str, tuple[str, ...]] = {
    "event": TYPES,
    "source": WITNESSES,
    "evidence": LEVELS,
    "disputed": ANSWERS,
    "sort": SORTS,
}
"""The lists beside the table, with what can be chosen in them."""


ROWS = 12


class RegisterState(Shell):
    """What the page says by the rule of the address, and the events its filters leave."""

    view: RegisterView = NOTHING
    table: RegisterTable = NOTHING
    years: list[int] = []
    event: str = ""
    source: str = ""
    evidence: str = ""
    disputed: str = ""
    sort: str = SORTS[0]
    rules: list[RuleLink] = []
    tabs: list[ChoiceLink] = []
    open: str = ADOPTION_TABS[0]  # the tab that is shown
    activities: list[DocumentNote] = []  # these and what follows: of the open tab
    sent: SentActivities = NOTHING
    texts: list[DocumentNote] = []
    documents: list[DocumentCount] = []
    groups: list[GroupTable] = []
    around: list[str] = ["", ""]  # pages of the table before and after this one
    number: int = 1
    pages: int = 1
    claimed: str = ""  # how many claims of the statement are shown today
    cleared: str = ""  # without the filters of the table; the counting rule stays

    @rx.event
    async def load(self) -> None:
        """Answer the address; countries without a record are not sent."""

        def answer(
            ctx: Context, address: PageAddress
        ) -> tuple[RegisterView, RegisterTable, list[int], str, RegisterDocuments, SentActivities]:
            asked = check_query(
                ctx,
                RegisterQuery(
                    address.countries,
                    address.first,
                    address.last,
                    address.event,
                    address.source,
                    address.evidence,
                    address.disputed,
                    address.search,
                    address.sort,
                ),
            )
            view = view_register(ctx, address.rule or DEFAULT_RULE)
            claimed = view_statement(ctx, count_sent_of_origin(ctx))["text"]
            sent = view_sent_activities(ctx, list_sent_activities() if address.tab == "agreement" else ())
            return view, view_table(ctx, asked), list_years(ctx), claimed, select_documents(ctx, address.tab), sent

        found = await self._ask_services(answer)
        if found is not None:
            view, listed, self.years, self.claimed, documents, self.sent = found
            self._update(**documents)
            rows, self.number, self.pages = cut_page(len(listed["rows"]), self._read_address().page, ROWS)
            self.table = {**listed, "rows": listed["rows"][rows]}
            self.around = self._link_neighbours(self.number, self.pages)
            recorded = [tile for tile in view["tiles"] if tile["status"] != "no_record" or tile["origin"]]
            self.view = {**view, "tiles": recorded}
            address = self._read_address()
            self.rule = address.rule or DEFAULT_RULE
            lang, counted = self._get_lang(), replace(address, rule=self.rule)
            first = ADOPTION_TABS[self._is_filtered(address)]
            self.open = address.tab if address.tab in ADOPTION_TABS else first
            self.chart = write_counted_url("claims" if self.open == "claims" else "lanes", counted, lang)
            plain = ADOPTION_TABS[0] if first == ADOPTION_TABS[0] else ""
            self.tabs = self._list_choices("register.tab", ADOPTION_TABS, self.open, address, "tab", plain)
            self.rules = self._list_rules(view["counting"]["rules"])
            self.event, self.source, self.evidence = address.event, address.source, address.evidence
            self.disputed, self.sort = address.disputed, address.sort or SORTS[0]
            self.cleared = self._write_address(PageAddress(rule=address.rule, as_of=address.as_of, tab="events"))

    @staticmethod
    def _is_filtered(address: PageAddress) -> bool:
        """Whether the address asks for some of the events: then their table opens."""
        asked = (address.event, address.source, address.evidence, address.disputed, address.search, address.sort)
        return any(asked) or address.page > 1
