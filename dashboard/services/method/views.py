"""What the answers of ``services.method`` hold: plain, JSON-safe values, every text in the reader's language."""

from typing import TypedDict

from dashboard.services.freshness.views import DatasetStatus
from dashboard.services.wording.views import MethodSection


class MethodView(TypedDict):
    dataset_status: DatasetStatus
    sections: list[MethodSection]
