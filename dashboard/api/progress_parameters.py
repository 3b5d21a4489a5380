"""The query parameters of the page on progress as files."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from dashboard.api.parameters import Question, whole_number

METHOD = "How progress is judged: a method of `/api/v1/progress`. Default: `unsd_2026`, the custodian's newest."
RULE = "Which countries count as adopters: a counting rule of `/api/v1/meta`. Default: `signed`."


class MatrixQuestion(Question):
    """Which method and which countries of goals × countries."""

    method: str = Field("unsd_2026", description=METHOD, max_length=60)
    rule: str = Field("signed", description=RULE, max_length=60)


class ResultsQuestion(Question):
    """Which results frame."""

    country: str = Field("", description="ISO 3166-1 alpha-3 code. Default: the programme.", max_length=80)
    method: str = Field("", description=METHOD, max_length=60)
    rule: str = Field("", description=RULE, max_length=60)
    theme: str = Field("", description="Indicators of a theme, for instance `integrity`.", max_length=60)
    goal: Annotated[int, BeforeValidator(lambda given: whole_number(given) or 0), Field(ge=0, le=17)] = Field(
        0, description="Indicators with a direct link to a target of this goal."
    )
    status: str = Field("", description="Rows with this status of the method; `refused`: without any.", max_length=60)
    sort: str = Field("", description="`name` (default), `status`, `theme` or `evidence`.", max_length=60)
