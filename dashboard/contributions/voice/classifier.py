"""Second step: a classifier trained on what staff labelled here, which abstains where it is not right often enough.

It sees a text as a sentence vector (``vectors``), alike in all languages, so that labels of one serve the others; where
there are none, as words and pieces of words weighted by TF-IDF. Then logistic regression (scikit-learn, loaded only
here). ``train(labels)`` holds out each label once (five folds, equal texts in one fold), finds the threshold of every
language on them and says precision, recall and F1 at it. Integrity is never answered: it goes to a person.

``train_job`` and ``answer_job`` are the same for a sandbox: both take memory that the server does not give back.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple

from dashboard.analysis.measures.counts.coding import MIN_LABELS, find_threshold
from dashboard.contributions.voice.hints import find_hints
from dashboard.contributions.voice.model import INTEGRITY, THEMES, VoiceError
from dashboard.contributions.voice.vectors import VectorsUnavailable, load_vectors
from dashboard.contributions.voice.wordlists import fold, listed, listed_languages

Embed = Callable[[Sequence[str]], Any]
"""Texts → their sentence vectors, a row a text."""

Sees = Literal["vectors", "words"]

FOLDS = 5
SEED = 17
BATCH = 2_000
_WORDS, _PIECES = 30_000, 60_000
_NAMES, _ARRAYS = ("classes",), ("coef", "intercept")
_WORDS_OF, _WEIGHTS_OF = ("words", "pieces"), ("word_idf", "piece_idf")  # of a classifier that sees words


class DamagedModel(VoiceError):
    """The file of a classifier is not what was written; it is trained again from the labels, which are all kept."""


class TooFewLabels(VoiceError):
    """Not enough labels to train on; nothing is classified, opinions are counted."""


@dataclass(frozen=True, slots=True)
class Label:
    """A redacted text, its language and the theme a person gave it."""

    text: str
    language: str
    theme: str


@dataclass(frozen=True, slots=True)
class ThemeAnswer:
    """The likeliest theme and its probability; ``answered`` only at or above the threshold of its language."""

    theme: str
    probability: float
    answered: bool


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """How well a theme of a language is found, on labels it was not trained on. Shares 0-1, None where undefined."""

    language: str
    theme: str
    labels: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class LanguageScore:
    """What a language's threshold holds. ``threshold`` None: it abstains, opinions are counted and not sorted."""

    language: str
    labels: int
    threshold: float | None
    coverage: float
    precision: float | None
    precision_lower: float | None


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """Error rates of one model: what a page shows beside every count that rests on it."""

    languages: tuple[LanguageScore, ...]
    themes: tuple[ThemeScore, ...]
    sees: Sees = "words"
    elsewhere: float | None = None
    """Threshold in a language that has too few labels to be measured: the strictest of those that have; None: it
    abstains, as it always does by words."""


class Model:
    """A trained classifier; ``version`` names it by labels, parameters and code, so that equal input gives it again."""

    def __init__(self, parts: dict[str, Any], version: str, report: ErrorRates, embed: Embed | None = None) -> None:
        self.version = version
        self.report = report
        self.thresholds = {one.language: one.threshold for one in report.languages if one.labels >= MIN_LABELS}
        self._parts = parts
        self._rows = embed or _vectorizer_from(parts)

    def answers(self, texts: Sequence[str], languages: Sequence[str], rows: Any = None) -> list[ThemeAnswer]:
        """Return an answer for each text, in order, in batches: memory does not grow with their number.

        Args:
            texts: redacted.
            languages: of each.
            rows: sentence vectors of the texts, where they are known already.
        """
        found: list[ThemeAnswer] = []
        for at in range(0, len(texts), BATCH):
            known = rows is not None and self.report.sees == "vectors"
            seen = rows[at : at + BATCH] if known else self._rows(texts[at : at + BATCH])
            probabilities = _weigh(seen, self._parts)
            best = probabilities.argmax(axis=1)
            for row, (place, language) in enumerate(zip(best, languages[at : at + BATCH], strict=True)):
                theme, probability = self._parts["classes"][place], float(probabilities[row, place])
                least = self.thresholds.get(language, self.report.elsewhere)
                sure = least is not None and probability >= least and theme != INTEGRITY
                found.append(ThemeAnswer(theme, probability, sure))
        return found

    def save(self, path: Path) -> None:
        """Write it as plain numbers and text (no pickle: opening a file never runs code)."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".part").open("wb") as file:
            self.write(file)
        path.with_suffix(".part").replace(path)

    def write(self, file: IO[bytes]) -> None:
        """The same into an open file."""
        import numpy as np

        about = {"version": self.version, "report": asdict(self.report)}
        about |= {name: self._parts[name] for name in (*_NAMES, *_WORDS_OF) if name in self._parts}
        arrays = {name: self._parts[name] for name in (*_ARRAYS, *_WEIGHTS_OF) if name in self._parts}
        text = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8)
        np.savez_compressed(file, about=text, **arrays)


def load(path: Path) -> Model:
    """Return the classifier in a file.

    Raises:
        DamagedModel: it is missing, cut, changed, or of another shape.
        VectorsUnavailable: it was trained on sentence vectors, and there are none on this machine.
    """
    import zipfile
    import zlib

    import numpy as np

    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as read:
            about = json.loads(bytes(read["about"]).decode())
            sees: Sees = about["report"].get("sees", "words")  # those of earlier releases see words
            words = sees == "words"
            parts = {name: read[name] for name in (*_ARRAYS, *(_WEIGHTS_OF if words else ()))}
        parts |= {name: about[name] for name in (*_NAMES, *(_WORDS_OF if words else ()))}
        report = ErrorRates(
            tuple(LanguageScore(**one) for one in about["report"]["languages"]),
            tuple(ThemeScore(**one) for one in about["report"]["themes"]),
            sees,
            about["report"].get("elsewhere"),
        )
        embed = None if words else load_vectors().embed
        width = len(parts["words"]) + len(parts["pieces"]) if words else load_vectors().width
        if parts["coef"].shape != (len(parts["classes"]), width):
            raise ValueError("coefficients and words differ in number")
        return Model(parts, str(about["version"]), report, embed)
    except (OSError, ValueError, KeyError, TypeError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise DamagedModel(
            f"{path.name} cannot be read ({type(error).__name__}). Delete it and train again: "
            "python -m dashboard voice train. All labels are in the database."
        ) from error


def list_known(labels: Iterable[Label]) -> list[tuple[str, str, str]]:
    """Return text, language and theme of the labels that can be learnt from, each once, in an order of their own.

    Raises:
        TooFewLabels: under 50 labels, or all of one theme.
    """
    known = sorted({(one.text, one.language, one.theme) for one in labels if one.theme in THEMES and one.text.strip()})
    themes = {theme for _, _, theme in known}
    if len(known) < MIN_LABELS or len(themes) < 2:
        raise TooFewLabels(
            f"{len(known)} labelled opinions of {len(themes)} themes; from {MIN_LABELS} of two themes on, "
            "a classifier can be trained. Until then opinions are counted and not sorted by machine."
        )
    return known


def train(labels: Iterable[Label], embed: Embed | None = None) -> Model:
    """Return a classifier of themes from labels; the same labels give the same model.

    Args:
        labels: what people said of opinions.
        embed: makes sentence vectors; without it the classifier sees words.

    Raises:
        TooFewLabels: under 50 labels, or all of one theme.
    """
    import numpy as np

    known = list_known(labels)
    themes = [theme for _, _, theme in known]
    texts = [text for text, _, _ in known]
    languages = [language for _, language, _ in known]
    rows = embed(texts) if embed else None
    held: list[tuple[str, float]] = [("", 0.0)] * len(known)
    for training, testing in _folds([fold(text) for text in texts]):
        learnt = [themes[at] for at in training]
        if len(set(learnt)) < 2:
            continue
        if rows is None:
            parts = _fitted([texts[at] for at in training], learnt)
            guess = _weigh(_vectorizer_from(parts)([texts[at] for at in testing]), parts)
        else:
            parts = fit_regression(rows[training], learnt)
            guess = _weigh(rows[testing], parts)
        for row, at in enumerate(testing):
            place = int(np.argmax(guess[row]))
            held[at] = (parts["classes"][place], float(guess[row, place]))
    report = _report(texts, languages, themes, held, "words" if rows is None else "vectors")
    version = _version(known, report.sees)
    return Model(_fitted(texts, themes) if rows is None else fit_regression(rows, themes), version, report, embed)


def train_job(job: tuple[Sequence[tuple[str, str, str]], Sees]) -> bytes:
    """Return the file of a classifier trained on texts, languages and themes."""
    labels, sees = job
    held = BytesIO()
    train([Label(*one) for one in labels], load_vectors().embed if sees == "vectors" else None).write(held)
    return held.getvalue()


def describe_file(body: bytes) -> tuple[str, dict[str, Any]]:
    """Version and error rates of the classifier in the bytes of a file."""
    import numpy as np

    with np.load(BytesIO(body), allow_pickle=False) as read:
        about = json.loads(bytes(read["about"]).decode())
    return str(about["version"]), about["report"]


class MachineAnswers(NamedTuple):
    """What a machine says of texts: of each theme, probability and whether that answers, and whether it hints at a
    bribe. None where it cannot say; ``trouble`` tells why it has no themes although there is a classifier."""

    themes: list[tuple[str, float, bool]] | None
    hints: list[bool] | None
    trouble: str


def answer_job(job: tuple[str, float, Sequence[str], Sequence[str], bool]) -> MachineAnswers:
    """What the classifier in a file, "" for none, says of texts in languages; and which hint at a bribe, if asked."""
    path, written, texts, languages, screened = job
    themes: list[tuple[str, float, bool]] | None = None
    hints: list[bool] | None = None
    rows, trouble = None, ""
    if screened:
        rows = load_vectors().embed(texts)
        hints = find_hints(rows)
    if path:
        try:
            said = _kept(path, written).answers(texts, languages, rows)
            themes = [(one.theme, one.probability, one.answered) for one in said]
        except (DamagedModel, VectorsUnavailable) as error:
            trouble = str(error)
    return MachineAnswers(themes, hints, trouble)


@lru_cache(1)
def _kept(path: str, _written: float) -> Model:
    return load(Path(path))


def labels_digest(labels: Iterable[Label]) -> str:
    """Return hash of a set of labels, whatever their order."""
    lines = sorted("\x1f".join((one.text, one.language, one.theme)) for one in labels)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@lru_cache
def code_version() -> str:
    """Return hash of the code and lists that sort opinions: stored with each published count."""
    folder = Path(__file__).parent
    found = hashlib.sha256()
    for path in sorted([*folder.glob("*.py"), *folder.glob("publication/*.py"), *folder.glob("lists/*.toml")]):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _version(known: Sequence[tuple[str, str, str]], sees: Sees) -> str:
    import sklearn

    digest = labels_digest(Label(*one) for one in known)
    return hashlib.sha256(f"{digest} {code_version()} {sklearn.__version__} {sees}".encode()).hexdigest()[:16]


def _report(
    texts: Sequence[str],
    languages: Sequence[str],
    themes: Sequence[str],
    held: Sequence[tuple[str, float]],
    sees: Sees,
) -> ErrorRates:
    by_language, by_theme = [], []
    for language in sorted(set(languages)):
        rows = [at for at, one in enumerate(languages) if one == language]
        kept = find_threshold([(held[at][1], held[at][0] == themes[at]) for at in rows if held[at][0] != INTEGRITY])
        share = kept.answered / len(rows)
        by_language.append(LanguageScore(language, len(rows), kept.threshold, share, kept.precision, kept.lower))
        if kept.threshold is None:
            continue
        said = {at: held[at][0] for at in rows if held[at][1] >= kept.threshold and held[at][0] != INTEGRITY}
        for theme in THEMES:
            true = sum(themes[at] == theme for at in rows)
            answered = sum(one == theme for one in said.values())
            right = sum(one == theme == themes[at] for at, one in said.items())
            precision = right / answered if answered else None
            recall = right / true if true else None
            both = (precision or 0) + (recall or 0)
            f1 = 2 * (precision or 0) * (recall or 0) / both if both else None
            by_theme.append(ThemeScore(language, theme, true, precision, recall, f1))
    measured = [one.threshold for one in by_language if one.labels >= MIN_LABELS]
    sure = [one for one in measured if one is not None]
    elsewhere = max(sure) if sees == "vectors" and sure and len(sure) == len(measured) else None
    return ErrorRates(tuple(by_language), tuple(by_theme), sees, elsewhere)


def _folds(groups: Sequence[str]) -> Iterable[tuple[list[int], list[int]]]:
    """Return places for training and testing; equal texts are never on both sides."""
    order = sorted(set(groups), key=lambda text: hashlib.sha256(f"{SEED} {text}".encode()).digest())
    fold_of = {text: at % FOLDS for at, text in enumerate(order)}
    for one in range(FOLDS):
        testing = [at for at, text in enumerate(groups) if fold_of[text] == one]
        yield [at for at, text in enumerate(groups) if fold_of[text] != one], testing


def _fitted(texts: Sequence[str], themes: Sequence[str]) -> dict[str, Any]:
    words, pieces = _vectorizers()
    rows = _union(words, pieces).fit_transform([_features(text) for text in texts])
    return fit_regression(rows, themes) | {
        "words": _in_order(words.vocabulary_),
        "pieces": _in_order(pieces.vocabulary_),
        "word_idf": words.idf_,
        "piece_idf": pieces.idf_,
    }


def fit_regression(rows: Any, themes: Sequence[str]) -> dict[str, Any]:
    """Return coefficients, intercepts and classes of a logistic regression of themes on rows."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    regression = LogisticRegression(C=10.0, max_iter=1000, class_weight="balanced", random_state=SEED)
    with threadpool_limits(1):  # rows are few or sparse: threads wait for each other longer than they compute
        regression.fit(rows, list(themes))
    coef, intercept = regression.coef_, regression.intercept_
    if coef.shape[0] == 1:  # two themes: one line of coefficients stands for the second against the first
        coef, intercept = np.vstack([-coef / 2, coef / 2]), np.concatenate([-intercept / 2, intercept / 2])
    return {"coef": coef, "intercept": intercept, "classes": [str(one) for one in regression.classes_]}


def _weigh(rows: Any, parts: dict[str, Any]) -> Any:
    """Return probabilities of the classes for each row."""
    import numpy as np

    scores = np.asarray(rows @ parts["coef"].T) + parts["intercept"]
    scores -= scores.max(axis=1, keepdims=True)
    weights = np.exp(scores)
    return weights / weights.sum(axis=1, keepdims=True)


def _vectorizers(words: Sequence[str] | None = None, pieces: Sequence[str] | None = None) -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    def made(vocabulary: Sequence[str] | None, most: int, **kind: Any) -> Any:
        chosen = None if vocabulary is None else {word: at for at, word in enumerate(vocabulary)}
        return TfidfVectorizer(
            lowercase=False, sublinear_tf=True, max_features=most if chosen is None else None, vocabulary=chosen, **kind
        )

    return (
        made(words, _WORDS, ngram_range=(1, 2), token_pattern=r"\S+"),  # noqa: S106
        made(pieces, _PIECES, analyzer="char_wb", ngram_range=(2, 4)),
    )


def _union(words: Any, pieces: Any) -> Any:
    from sklearn.pipeline import FeatureUnion

    return FeatureUnion([("words", words), ("pieces", pieces)])


def _vectorizer_from(parts: dict[str, Any]) -> Embed:
    words, pieces = _vectorizers(parts["words"], parts["pieces"])
    words.idf_, pieces.idf_ = parts["word_idf"], parts["piece_idf"]
    union = _union(words, pieces)
    return lambda texts: union.transform([_features(text) for text in texts])


def _features(text: str) -> str:
    """Folded words, and the themes that word lists find in the text as words of their own."""
    hints = " ".join(f"≡{theme}" for theme in sorted(listed(text, listed_languages()).hits))
    return f"{fold(text)} {hints}"


def _in_order(vocabulary: dict[str, int]) -> list[str]:
    return sorted(vocabulary, key=lambda word: vocabulary[word])
