"""Third step: a person. The queue of what to look at, labels, how far coders agree, and sealed words opened.

Every call names the reviewer and looks at their rights: integrity reports are for the officers named for that country,
for nobody else, whatever other right they hold.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dashboard.analysis.measures.counts.coding import MIN_LABELS, compute_krippendorff_alpha
from dashboard.contributions.voice import store
from dashboard.contributions.voice.classifier import (
    Label,
    MachineAnswers,
    Sees,
    code_version,
    describe_file,
    labels_digest,
    list_known,
)
from dashboard.contributions.voice.inbox import Keyring
from dashboard.contributions.voice.model import KINDS, THEMES, VoiceError
from dashboard.contributions.voice.store import Engine
from dashboard.contributions.voice.tables import VoiceAnswer, VoiceLabel, VoiceModel, VoiceOpinion
from dashboard.contributions.voice.vectors import find_weights
from dashboard.runtime.sandbox.pools import JobLimits, Sandbox, SandboxError

log = logging.getLogger(__name__)

SANDBOX = Sandbox(1, 100, idle=60.0)
"""Where classifiers are trained and answer: what they load is given back a minute later."""

LIMITS = JobLimits(memory=4 * 2**30, seconds=3_600, patience=7_200.0)
"""Of one job: 100,000 labels are learnt from in it, ``AT_ONCE`` opinions answered for."""

AT_ONCE = 1_000
"""Opinions answered for in one job: what was answered is kept when the server is stopped."""

FRESH = 25
"""Fewest labels that came since for another training; of many labels a tenth. Ours."""


class NotAllowed(VoiceError):
    """The reviewer has no right to this; whether it exists is not said."""


class Unclear(VoiceError):
    """A label that is no kind or theme; the message lists them."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who reviews: the account's id, the countries whose opinions they read, those whose integrity officer they are."""

    id: str
    countries: frozenset[str] = frozenset()
    officer_of: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Waiting:
    """An opinion that waits for a person: what machine and lists offer, and how sure the machine is (0-1 or None)."""

    opinion: VoiceOpinion
    offered: str
    probability: float | None
    labels: int


def queue(engine: Engine, who: Reviewer, most: int = 50) -> list[Waiting]:
    """Return what this reviewer has not labelled yet: least certain first, and of those the newest."""
    said, given = store.answers(engine), store.labels(engine, who.countries)
    found = [
        Waiting(
            one,
            said[one.id].theme if one.id in said else one.listed_theme,
            said[one.id].probability if one.id in said else None,
            len(given.get(one.id, {})),
        )
        for one in store.opinions(engine, who.countries)
        if one.text and who.id not in given.get(one.id, {})
    ]
    # the listing is newest first and sorting keeps that order among equals
    return sorted(found, key=lambda one: -1.0 if one.probability is None else one.probability)[:most]


def integrity_queue(engine: Engine, who: Reviewer) -> list[VoiceOpinion]:
    """Integrity reports of the countries whose officer this is, newest first; their words are sealed."""
    return store.opinions(engine, who.officer_of, integrity=True)


def give_label(engine: Engine, who: Reviewer, id_: str, kind: str, theme: str, now: datetime) -> None:
    """Say what an opinion is. Labelling again corrects; earlier labels stay in the record.

    Raises:
        NotAllowed: not theirs to read.
        Unclear: no such kind or theme.
    """
    _readable(engine, who, id_)
    if kind not in KINDS or theme not in THEMES:
        raise Unclear(f"kind: one of {', '.join(KINDS)}; theme: one of {', '.join(THEMES)}.")
    store.keep_labels(engine, [VoiceLabel(opinion=id_, coder=who.id, kind=kind, theme=theme, at=now)])


def open_words(engine: Engine, keys: Keyring, who: Reviewer, id_: str, now: datetime, part: str = "raw") -> str | None:
    """Return the sealed words of an opinion; None where they have expired. The caller has written down who opens them.

    Raises:
        NotAllowed: not theirs to read.
    """
    one = _readable(engine, who, id_)
    store.expire(engine, now)  # nobody reads what is over: the server looks every hour only
    box = store.sealed(engine, id_, part)
    return keys.open(box, id_, one.country) if box is not None else None


def not_integrity(engine: Engine, keys: Keyring, who: Reviewer, id_: str, now: datetime) -> None:
    """An officer's finding that a report is an ordinary opinion; its redacted words join the others.

    Raises:
        NotAllowed: not their report.
    """
    one = _readable(engine, who, id_)
    if not one.integrity:
        return
    store.release(engine, id_, open_words(engine, keys, who, id_, now, part="words") or "")


def agreement(engine: Engine, countries: frozenset[str] | None = None) -> Mapping[str, float | None]:
    """Return Krippendorff's alpha of themes where two or more people labelled, by language; ``""`` is all together."""
    given = store.labels(engine, countries)
    languages: dict[str, str] = {}
    for one in store.opinions(engine, _all_countries(engine) if countries is None else countries):
        languages[one.id] = one.language
    units: dict[str, list[list[str]]] = {"": []}
    for id_, by_coder in given.items():
        themes = [label.theme for label in by_coder.values()]
        units[""].append(themes)
        units.setdefault(languages.get(id_, ""), []).append(themes)
    return {language: compute_krippendorff_alpha(found) for language, found in units.items()}


def training_labels(engine: Engine) -> list[Label]:
    """Return labels to train on: the theme most coders give an opinion; where they are split, none."""
    given = store.labels(engine)
    texts = {one.id: one for one in store.opinions(engine, _all_countries(engine)) if one.text}
    found = []
    for id_, by_coder in given.items():
        theme = settled(by_coder)
        if theme and id_ in texts:
            found.append(Label(texts[id_].text, texts[id_].language, theme))
    return found


def settled(by_coder: Mapping[str, VoiceLabel]) -> str:
    """Return the theme more coders give than any other; "" where they are split."""
    votes: dict[str, int] = {}
    for label in by_coder.values():
        votes[label.theme] = votes.get(label.theme, 0) + 1
    leading = sorted(votes.items(), key=lambda one: -one[1])
    if not leading or (len(leading) > 1 and leading[0][1] == leading[1][1]):
        return ""
    return leading[0][0]


def retrain(engine: Engine, folder: Path, now: datetime, *, vectors: bool = True) -> VoiceModel:
    """Train on all labels in the sandbox, keep the model and let it answer for every opinion that has words.

    Args:
        engine: of the database.
        folder: where classifiers are kept.
        now: the moment.
        vectors: whether it may see sentence vectors; where there are none, or no memory for them, it sees words.

    Raises:
        TooFewLabels: under 50 labels, or of one theme; nothing changes.
        SandboxError: it could not be trained; nothing changes.
    """
    labels = training_labels(engine)
    known = list_known(labels)
    body = train_file(known, "vectors" if vectors and find_weights() else "words")
    version, report = describe_file(body)
    path = folder / f"{version}.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".part").write_bytes(body)
    path.with_suffix(".part").replace(path)
    made = VoiceModel(
        version=version,
        trained_at=now,
        labels=len(labels),
        labels_digest=labels_digest(labels),
        code_version=code_version(),
        report=report,
    )
    store.keep_model(engine, made)
    sort_new(engine, folder)
    return made


def train_file(known: Sequence[tuple[str, str, str]], sees: Sees) -> bytes:
    """The file of a classifier of texts, languages and themes; it sees words where there is no memory for vectors.

    Raises:
        SandboxError: it could not be trained.
    """
    try:
        body: bytes = SANDBOX.call("dashboard.contributions.voice.classifier:train_job", (known, sees), LIMITS)
    except SandboxError as error:
        if sees == "words":
            raise
        log.error("opinions: no classifier by sentence vectors (%s); it sees words instead", error)
        return train_file(known, "words")
    return body


@dataclass(frozen=True, slots=True)
class TrainingState:
    """The classifier in force, None for none, and how many opinions people have sorted or corrected since."""

    model: VoiceModel | None
    fresh: int

    @property
    def due(self) -> bool:
        """Whether as many came as are worth another training."""
        if self.model is None:
            return self.fresh >= MIN_LABELS
        return self.fresh >= max(FRESH, self.model.labels // 10)


def read_training_state(engine: Engine) -> TrainingState:
    """Return the classifier trained last, and what was sorted since."""
    model = store.newest_model(engine)
    return TrainingState(model, store.count_labelled(engine, model.trained_at if model else None))


def sort_new(engine: Engine, folder: Path) -> str:
    """Let the newest classifier answer for every opinion with words that it has not answered for.

    Args:
        engine: of the database.
        folder: where classifiers are kept.

    Returns:
        Why it could not, "" where it could or none was ever trained. Then those opinions have no answer: word lists
        alone offer their themes, and they are counted as not classified until a person sorts them.
    """
    newest = store.newest_model(engine)
    new = store.unanswered(engine, newest.version) if newest is not None else []
    for at in range(0, len(new), AT_ONCE):
        said = ask_machine(engine, folder, newest, new[at : at + AT_ONCE])
        if said.themes is None:
            return said.trouble
    return ""


def ask_machine(
    engine: Engine, folder: Path, newest: VoiceModel | None, opinions: Sequence[VoiceOpinion], *, hints: bool = False
) -> MachineAnswers:
    """Let the sandbox answer for opinions, ``AT_ONCE`` at most, and keep what the classifier says of them.

    Args:
        engine: of the database.
        folder: where classifiers are kept.
        newest: the classifier in force, None for none.
        opinions: with words.
        hints: whether it says by sentence vectors, too, which hint at a bribe.
    """
    path = folder / f"{newest.version}.npz" if newest else None
    written = path.stat().st_mtime if path and path.exists() else 0.0
    texts, languages = [one.text for one in opinions], [one.language for one in opinions]
    job = (str(path or ""), written, texts, languages, hints)
    try:
        said = MachineAnswers(*SANDBOX.call("dashboard.contributions.voice.classifier:answer_job", job, LIMITS))
    except SandboxError as error:
        said = MachineAnswers(None, None, f"The machine did not answer ({type(error).__name__}).")
    if said.trouble:
        log.error("opinions: %s Until then word lists alone speak of what is new.", said.trouble)
    if newest is not None and said.themes is not None:
        rows = [
            VoiceAnswer(opinion=one.id, model=newest.version, theme=theme, probability=sure, answered=answered)
            for one, (theme, sure, answered) in zip(opinions, said.themes, strict=True)
        ]
        store.keep_answers(engine, rows)
    return said


def _readable(engine: Engine, who: Reviewer, id_: str) -> VoiceOpinion:
    one = store.opinion(engine, id_)
    if one is not None and one.country in (who.officer_of if one.integrity else who.countries):
        return one
    raise NotAllowed("There is no opinion of this number among those you may read.")


def _all_countries(engine: Engine) -> frozenset[str]:
    return frozenset(store.countries(engine))
