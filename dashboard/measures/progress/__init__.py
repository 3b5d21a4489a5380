"""Progress towards a target by the methods of UNSD, Eurostat, Statistics Canada, ESCAP, SDSN, OECD and Destatis.

They disagree by design: one asks what share of the change will have happened, another how fast against the needed rate,
others how far it still is. So every answer names its method and edition and carries its arithmetic.
"""

from dashboard.measures.progress.answers import ANSWERS, CLIPPED
from dashboard.measures.progress.constants import CONSTANTS, EDITIONS, METHODS, Constant, MethodId, Rules
from dashboard.measures.progress.declared import DECLARED, TARGETS, build_declarations
from dashboard.measures.progress.panel import RULES, assess_progress
from dashboard.measures.progress.ranges import project_ranges

__all__ = [
    "ANSWERS",
    "CLIPPED",
    "CONSTANTS",
    "DECLARED",
    "EDITIONS",
    "METHODS",
    "RULES",
    "TARGETS",
    "Constant",
    "MethodId",
    "Rules",
    "assess_progress",
    "build_declarations",
    "project_ranges",
]  # fmt: skip
