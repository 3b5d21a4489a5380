"""A page without figures of its own."""

import reflex as rx

from dashboard.pages.shell.state import Shell


class GalleryState(Shell):
    """Only the footer's dataset."""

    @rx.event
    async def load(self) -> None:
        """Where the dataset stands."""
        await self._answer(lambda ctx, _: None)
