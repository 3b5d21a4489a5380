"""The statement and one of its claims; what was sent is read anew with every answer."""

import reflex as rx

from dashboard.answers.base.context import Context
from dashboard.answers.base.references import ReferencePart, split_reference
from dashboard.answers.claims.statement import find_claim, list_history, view_claim, view_statement
from dashboard.answers.claims.views import ClaimHistory, ClaimView, StatementView
from dashboard.interfaces.api.contract.sent import count_sent_of_origin
from dashboard.interfaces.pages.shell.address import PageAddress, write_claims_url
from dashboard.interfaces.pages.shell.state import NOTHING, Shell

FILES = {
    "pdf": "reports/statement.pdf",
    "json": "claims",
    "csv": "claims.csv",
    "calendar": "claims/calendar.ics",
}
"""What the page links to."""


class StatementState(Shell):
    """All claims, or the one whose id ends the path."""

    view: StatementView = NOTHING
    files: dict[str, str] = {}  # addresses of ``FILES``, of the day that is looked back to
    claim: ClaimView = NOTHING
    history: list[ClaimHistory] = []
    source: list[ReferencePart] = []
    name: str = ""  # the id of the claim, "" before there is one

    @rx.event
    async def load(self) -> None:
        """All claims with today's answers."""
        view = await self._ask_services(lambda ctx, _: view_statement(ctx, count_sent_of_origin(ctx)))
        if view is not None:
            self.view = view
            address, lang = self._read_address(), self._get_lang()
            self.files = {name: write_claims_url(path, address, lang) for name, path in FILES.items()}

    @rx.event
    async def load_claim(self) -> None:
        """One claim, and the answer each version of the dataset gave it."""
        asked = self._get_entry()
        self.name = ""  # or the window would be called by the one before, where there is no answer

        def ask(ctx: Context, _: PageAddress) -> tuple[ClaimView, list[ClaimHistory]]:
            found, sent = find_claim(ctx, asked), count_sent_of_origin(ctx)
            return view_claim(ctx, found, sent), list_history(ctx, found, sent)

        answer = await self._ask_services(ask)
        if answer is not None:
            self.claim, self.history = answer
            self.name = self.claim["id"]
            self.source = split_reference(self.claim["source_ref"])
