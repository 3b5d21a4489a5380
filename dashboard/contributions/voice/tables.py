"""Tables of citizens' voice. ``store`` alone reads and writes them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from dashboard.evidence.database.columns import Moment


class VoiceBatch(SQLModel, table=True):
    """A file of opinions that one person sent; another lets it in before any of it is sorted, counted or released."""

    __tablename__ = "voice_batch"

    id: int | None = Field(default=None, primary_key=True)
    country: str = Field(max_length=3, index=True)
    sender: int = Field(description="Account that sent it.")
    office: str = Field(default="", description="Of the sender, as it was then.")
    sent_at: datetime = Field(sa_type=Moment)
    state: str = Field(default="waiting", description="waiting, approved or refused")
    decided_by: int | None = Field(default=None, description="Account that approved or refused it.")
    decided_at: datetime | None = Field(default=None, sa_type=Moment)


class VoiceOpinion(SQLModel, table=True):
    """One opinion, redacted. An integrity report has no words here, they are sealed; others lose theirs in time."""

    __tablename__ = "voice_opinion"
    __table_args__ = (Index("ix_voice_opinion_country", "country", "integrity", "received_at"),)

    id: str = Field(primary_key=True, max_length=64)
    country: str = Field(max_length=3)
    centre: str = Field(index=True)
    service: str = ""
    channel: str = ""
    said_on: date
    received_at: datetime = Field(sa_type=Moment, description="When it joined the opinions: of a batch, its approval.")
    language: str = Field(description="A code, or unknown.")
    language_by: str = Field(description="declared, found or unknown")
    kind: str = Field(default="", description="Declared or by lists; a person's is in voice_label.")
    rating: int | None = None
    attributes: dict[str, bool] = Field(default_factory=dict, sa_type=JSON)
    outcome: str = ""
    days_to_answer: int | None = None
    text: str = Field(default="", description="Redacted words; empty for an integrity report.")
    redactions: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    listed_theme: str = Field(default="", description="What word lists offer.")
    integrity: bool = Field(default=False, description="For named officers only, and in no count.")
    synthetic: bool = False
    emptied: str = Field(default="", description="Why its words are gone: deleted or expired. It stays in the counts.")
    rules: str = Field(default="", description="By which its words were redacted last, and looked through.")
    origin: str = Field(default="", description="form or file; empty for what came before this was kept.")
    batch: int | None = Field(default=None, description="The batch it came in; None where it came by the form.")


class VoiceSealed(SQLModel, table=True):
    """Sealed words: ``raw`` as typed, gone after 90 days; of a report ``words`` (redacted) and officers' notes."""

    __tablename__ = "voice_sealed"

    opinion: str = Field(primary_key=True, foreign_key="voice_opinion.id")
    part: str = Field(primary_key=True)
    key: str
    nonce: bytes
    data: bytes
    expires_at: datetime | None = Field(default=None, sa_type=Moment, index=True)


class VoiceLabel(SQLModel, table=True):
    """What a person said an opinion is. A correction is a new row; the last of a coder counts."""

    __tablename__ = "voice_label"

    id: int | None = Field(default=None, primary_key=True)
    opinion: str = Field(foreign_key="voice_opinion.id", index=True)
    coder: str
    kind: str
    theme: str
    others: list[str] = Field(default_factory=list, sa_type=JSON)
    at: datetime = Field(sa_type=Moment)


class VoiceAnswer(SQLModel, table=True):
    """What a classifier said of an opinion."""

    __tablename__ = "voice_answer"

    opinion: str = Field(primary_key=True, foreign_key="voice_opinion.id")
    model: str
    theme: str
    probability: float
    answered: bool


class VoiceModel(SQLModel, table=True):
    """A trained classifier: what it was made of and how well it does on labels it was not trained on."""

    __tablename__ = "voice_model"

    version: str = Field(primary_key=True)
    trained_at: datetime = Field(sa_type=Moment)
    labels: int
    labels_digest: str
    code_version: str
    report: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class VoiceCount(SQLModel, table=True):
    """A published count, with all it needs to be made again. ``n`` is None where it is hidden, else in steps of 5."""

    __tablename__ = "voice_count"

    id: int | None = Field(default=None, primary_key=True)
    release: str = Field(index=True)
    country: str
    centre: str
    month: date
    theme: str
    n: int | None = None
    exact: int | None = Field(default=None, description="How many there are: never told, for the next release to know.")
    transactions: int | None = None
    published_at: datetime = Field(sa_type=Moment)
    model: str = ""
    labels_digest: str = ""
    thresholds: dict[str, float | None] = Field(default_factory=dict, sa_type=JSON)
    code_version: str = ""
    agreement: float | None = Field(default=None, description="Krippendorff's alpha of the country's themes.")


class VoiceDecision(SQLModel, table=True):
    """What a moderator decided on an opinion; only added to, the last of an opinion counts."""

    __tablename__ = "voice_decision"

    id: int | None = Field(default=None, primary_key=True)
    opinion: str = Field(foreign_key="voice_opinion.id", index=True)
    what: str = Field(description="released, withdrawn (of a release), dismissed or restored")
    who: str
    at: datetime = Field(sa_type=Moment)


class VoiceCase(SQLModel, table=True):
    """A complaint with a number: who has it reads what came of it. The number is made by chance and says nothing."""

    __tablename__ = "voice_case"

    opinion: str = Field(primary_key=True, foreign_key="voice_opinion.id")
    number: str = Field(unique=True, index=True)
    received_at: datetime = Field(sa_type=Moment)
    read_at: datetime | None = Field(default=None, sa_type=Moment)
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
    office: str = Field(default="", description="Who answered.")
    language: str = Field(default="", description="Of the answer.")
    words: str = Field(default="", description="The answer, for whoever has the number.")


class VoiceReply(SQLModel, table=True):
    """“You said, we did” for a theme and period; only added to, the last counts, and without words it is withdrawn."""

    __tablename__ = "voice_reply"

    id: int | None = Field(default=None, primary_key=True)
    country: str = Field(max_length=3, index=True)
    theme: str
    period: str = Field(description="A month or quarter: 2026-10 or 2026-Q3.")
    language: str
    said: str
    did: str
    office: str
    who: str
    at: datetime = Field(sa_type=Moment)
