"""One run of an endpoint: what it is asked, how right it is on labels, and which of its proposals count.

``ask(engine, endpoint, most, now) -> VoiceEndpoint``; ``counting(engine, opinions) -> (themes, run)``. A proposal
counts only in a language where the gate of the classifier holds for it too, on labels that the classifier is silent on
and that were given before the endpoint was asked: whoever labels sees proposals, and would agree too easily.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from dashboard.measures.counts.coding import threshold
from dashboard.voice import store
from dashboard.voice.classifier import code_version, mark
from dashboard.voice.model import INTEGRITY
from dashboard.voice.moderation.opinions import dismissed
from dashboard.voice.proposals.endpoint import OUTAGES, Endpoint
from dashboard.voice.review import settled
from dashboard.voice.tables import VoiceEndpoint, VoiceLabel, VoiceOpinion, VoiceProposal

if TYPE_CHECKING:
    from dashboard.voice.store import Engine

PATIENCE = 3
"""Outages in a row after which a run ends: what a dead endpoint costs, in waits."""

MEASURED = 200
"""Labels of a language on which it is measured, at most."""


def ask(
    engine: "Engine", endpoint: Endpoint, most: int, now: datetime, told: Callable[[int], None] = lambda _: None
) -> VoiceEndpoint:
    """Ask for labels to measure it on first, then for what waits, newest first; keep every answer as it comes.

    Sent are redacted words alone; never an integrity report, nor what a person or the classifier takes for one.

    Args:
        engine: of the database.
        endpoint: who is asked.
        most: opinions at most; the rest is asked for in the next run.
        now: when the run began.
        told: called with the number asked for so far.

    Returns:
        The run, as it is kept. Its report says what went wrong; nothing here is raised for it.
    """
    given = store.labels(engine)
    labelled, waiting = _asked_for(engine, given)
    known = store.proposals(engine, endpoint.version)
    troubles: Counter[str] = Counter()
    in_a_row = asked = 0
    for one in [one for one in (*labelled, *waiting) if one.id not in known][:most]:
        reply = endpoint.theme(one.text)
        asked += 1
        troubles.update([reply.trouble] if reply.trouble else [])
        in_a_row = in_a_row + 1 if reply.trouble in OUTAGES else 0
        if not in_a_row:
            store.propose(
                engine, VoiceProposal(opinion=one.id, version=endpoint.version, theme=reply.theme, at=now)
            )  # fmt: skip
        told(asked)
        if in_a_row == PATIENCE:
            break
    known = store.proposals(engine, endpoint.version)
    model = store.newest_model(engine)
    row = VoiceEndpoint(
        id=uuid.uuid4().hex,
        version=endpoint.version,
        model=endpoint.model,
        at=now,
        classifier=model.version if model else "",
        code_version=code_version(),
        report={
            "languages": _measured(labelled, given, known),
            "asked": asked,
            "proposed": sum(bool(known[one.id].theme) for one in waiting if one.id in known),
            "left": sum(one.id not in known for one in waiting),
            "troubles": dict(troubles),
            "stopped": in_a_row == PATIENCE,
        },
    )
    store.keep_run(engine, row)
    return row


def counting(engine: "Engine", opinions: Iterable[VoiceOpinion]) -> tuple[dict[str, str], str]:
    """The proposed themes of opinions that may be counted, by id, and the run that measured them.

    None where the classifier was trained anew since: the endpoint was measured where the earlier one was silent.
    """
    run, model = store.run(engine), store.newest_model(engine)
    if run is None or run.classifier != (model.version if model else ""):
        return {}, ""
    counts = {one["language"] for one in run.report["languages"] if one["counts"]}
    said = store.proposals(engine, run.version) if counts else {}
    themes = {
        one.id: said[one.id].theme for one in opinions if one.language in counts and one.id in said
    }  # fmt: skip
    return {id_: theme for id_, theme in themes.items() if theme not in ("", INTEGRITY)}, run.id if counts else ""


def _asked_for(
    engine: "Engine", given: Mapping[str, Mapping[str, VoiceLabel]]
) -> tuple[list[VoiceOpinion], list[VoiceOpinion]]:
    """Labelled opinions to be measured on, and those that wait for somebody to say their theme."""
    countries = store.countries(engine)
    gone = frozenset(chain.from_iterable(dismissed(engine, country) for country in countries))
    said, model = store.answers(engine), store.newest_model(engine)
    silent = None if model is None else frozenset(model.report.get("silent", ()))
    labelled: dict[str, list[VoiceOpinion]] = {}
    waiting = []
    for one in store.opinions(engine, countries):
        by_coder, answer = given.get(one.id, {}), said.get(one.id)
        if not one.text or one.id in gone or any(label.theme == INTEGRITY for label in by_coder.values()):
            continue
        if by_coder:
            if settled(by_coder) and (silent is None or mark(one.text, one.language) in silent):
                labelled.setdefault(one.language, []).append(one)
        elif answer is None or not (answer.answered or answer.theme == INTEGRITY):
            waiting.append(one)
    spoken = {one.language for one in waiting}
    chosen = [
        # by a hash: the same ones in every run, whatever was said first
        sorted(rows, key=lambda one: mark(one.text, one.language))[:MEASURED]
        for language, rows in sorted(labelled.items())
        if language in spoken
    ]
    return list(chain.from_iterable(chosen)), waiting


def _measured(
    labelled: Sequence[VoiceOpinion],
    given: Mapping[str, Mapping[str, VoiceLabel]],
    said: Mapping[str, VoiceProposal],
) -> list[dict[str, Any]]:
    """How right it is in each language, and whether its proposals count there: all or none, by the same gate."""
    found: dict[str, list[bool | None]] = {}
    for one in labelled:
        proposal = said.get(one.id)
        if proposal is None or any(label.at >= proposal.at for label in given[one.id].values()):
            continue
        answered = proposal.theme not in ("", INTEGRITY)
        right = proposal.theme == settled(given[one.id]) if answered else None
        found.setdefault(one.language, []).append(right)
    rows = []
    for language, rights in sorted(found.items()):
        answers = [right for right in rights if right is not None]
        gate = threshold([(1.0, right) for right in answers])
        rows.append(
            {
                "language": language,
                "labels": len(rights),
                "answered": len(answers),
                "precision": sum(answers) / len(answers) if answers else None,
                "counts": gate.threshold is not None,
            }
        )
    return rows
