"""Did adoption change anything? An opt-in question: a plan first, then an estimate or the reasons why there is none.

* ``Plan``, ``plan_hash``: what is asked, and its name
* ``admission``: whether it can be answered, with reason codes
* ``foreseen``: the same of a plan before it is carried out
* ``run``: the result of a plan, by synthetic control (``synthetic``) or group-time effects (``staggered``)
* ``verdict``: the four words there are
"""

from dashboard.measures.effects.admission import METHODS, NEEDS, REASONS, AdmissionFacts, decide_admission
from dashboard.measures.effects.plan import EDITION, Plan, Treated, plan_hash
from dashboard.measures.effects.result import Outcome, Result
from dashboard.measures.effects.study import foresee_admission, run
from dashboard.measures.effects.verdict import ALPHA, DOUBTS, WORDS, judge_effect

__all__ = [
    "ALPHA",
    "DOUBTS",
    "EDITION",
    "METHODS",
    "NEEDS",
    "REASONS",
    "WORDS",
    "AdmissionFacts",
    "Outcome",
    "Plan",
    "Result",
    "Treated",
    "decide_admission",
    "foresee_admission",
    "judge_effect",
    "plan_hash",
    "run",
]
