"""Response types of ``answers.method``: plain, JSON-safe values, every text in the reader's language."""

from typing import TypedDict

from dashboard.answers.freshness.views import DatasetStatus
from dashboard.answers.wording.views import MethodSection


class MethodView(TypedDict):
    dataset_status: DatasetStatus
    sections: list[MethodSection]
