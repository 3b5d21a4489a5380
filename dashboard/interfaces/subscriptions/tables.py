"""The table of subscriptions, which reveals their addresses only with the installation's secret."""

import json
from datetime import datetime

from sqlmodel import Field, SQLModel

from dashboard.accounts import tokens
from dashboard.evidence.database.columns import Moment
from dashboard.interfaces.subscriptions.model import KEY_PURPOSE, FollowedSubject, SealedContent
from dashboard.settings import Settings


class Subscription(SQLModel, table=True):
    """What somebody follows, where it is sent, and the last vintage sent; the address is encrypted."""

    __tablename__ = "subscription"

    id: int | None = Field(default=None, primary_key=True)
    channel: str = Field(description="mail or webhook.")
    countries: str = Field(default="", description="ISO3 codes, with commas between.")
    indicators: str = ""
    claim: str = ""
    lang: str
    days: int = Field(description="From one letter to the next; 0: told of each publication.")
    brief: bool = Field(default=False, description="Whether the brief is attached.")
    sealed: str = Field(description="Address, links' tokens and secret, encrypted.")
    sealed_with: str = Field(index=True, description="Which secret it was encrypted with, not the secret.")
    address_mark: str = Field(index=True, description="Stands for the address: a keyed hash.")
    bound_mark: str = Field(index=True, description="Stands for what is bounded: the address, or a webhook's host.")
    confirm_hash: str = Field(index=True)
    stop_hash: str = Field(index=True)
    made_at: datetime = Field(sa_type=Moment)
    confirmed_at: datetime | None = Field(default=None, sa_type=Moment)
    expires_at: datetime | None = Field(default=None, sa_type=Moment, description="Of one that nobody confirmed.")
    due_at: datetime = Field(sa_type=Moment, index=True)
    told: int = Field(default=0, description="Vintage that was told last.")
    pending: int = Field(default=0, description="Vintage of the message under way; 0: none is.")
    failures: int = Field(default=0, description="In a row.")

    @property
    def subject(self) -> FollowedSubject:
        """Return the followed subject."""
        return FollowedSubject(_split(self.countries), _split(self.indicators), self.claim)

    def open(self, settings: Settings) -> SealedContent:
        """Return the decrypted content.

        Raises:
            Unconfigured: it was encrypted with a secret that is no longer set.
        """
        return SealedContent(**json.loads(tokens.decrypt(settings, self.sealed, KEY_PURPOSE)))


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
