"""The kinds of submission by the names of their datasets."""

from collections.abc import Mapping

from dashboard.contributions.submissions.kinds.activities import ActivitiesKind
from dashboard.contributions.submissions.kinds.base import Kind
from dashboard.contributions.submissions.kinds.counts import CountsKind
from dashboard.contributions.submissions.kinds.figures import FiguresKind
from dashboard.contributions.submissions.kinds.survey import SurveyKind
from dashboard.contributions.submissions.model import Submission

KINDS: Mapping[str, Kind] = {
    kind.dataset: kind for kind in (FiguresKind(), SurveyKind(), CountsKind(), ActivitiesKind())
}


def kind_of(submission: Submission) -> Kind:
    """Return the kind of a submission."""
    return KINDS[submission.dataset]
