"""What the page, the API, the report and the feed say of a claim, as plain values."""

from typing import TypedDict


class ClaimTable(TypedDict):
    """Figures behind an answer by month, the newest first; a row begins with its month, which no column names."""

    columns: list[str]
    rows: list[list[str]]


class ClaimView(TypedDict):
    """One claim of the statement with its answer of the day."""

    id: str
    group: str
    kind: str
    kind_text: str
    claim: str
    quote: str  # words of the original, at most 25
    reported: str  # that the article gives them as reported speech, in words; "" where it gives them as spoken
    said_by: str
    said_on: str  # in words
    place: str
    source: str
    source_ref: str
    due_on: str  # "2027-04"
    due_text: str
    test: str
    untestable_why: str
    answer: str  # a code of ``rules.ANSWERS``
    answer_text: str
    evidence: str  # a code of ``finding.Evidence``
    evidence_text: str  # whether somebody other than the speaker's agency gives the deciding figure
    text: str  # why that is the answer, with its figures
    beside: list[str]  # further findings, a sentence each
    months: ClaimTable  # without rows where none were sent
    figure: str  # the deciding figure alone
    to: str  # where it can be looked up, below the language
    to_text: str
    suppliers: str  # who could supply what is missing; "" where nothing is
    missing: str  # the same in a sentence
    indicators: list[str]


class AnswerCount(TypedDict):
    """How many claims have an answer."""

    answer: str
    text: str
    definition: str
    count: int


class ClaimGroup(TypedDict):
    """Claims of one subject."""

    id: str
    title: str
    claims: list[ClaimView]


class StatementView(TypedDict):
    """The page of the statement."""

    text: str  # "2 of 21 shown, 10 said and not shown"
    as_of: str
    counts: list[AnswerCount]
    groups: list[ClaimGroup]


class ClaimHistory(TypedDict):
    """The answer to a claim as each vintage of the dataset gave it."""

    vintage: int
    date: str
    date_text: str
    answer: str
    answer_text: str
