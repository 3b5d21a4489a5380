"""What a question can get wrong. The API turns these into problem+json, pages into a helpful sentence."""

from collections.abc import Collection, Iterable, Sequence

from dashboard.evidence.dataset.layout import NotPublished

QUOTED = 40
"""Letters of what was given that a message repeats: addresses can be long."""


def quote_given(value: str) -> str:
    """Return the beginning of a value in quotation marks, as messages repeat it."""
    return f"“{value[:QUOTED]}”"


class Unknown(LookupError):
    """Something was asked for that does not exist; nothing is guessed in its place."""

    def __init__(self, kind: str, name: str, suggestions: Sequence[str] = (), message: str = "") -> None:
        did_you_mean = f" Did you mean {', '.join(suggestions)}?" if suggestions else ""
        super().__init__(message or f"There is no {kind} {quote_given(name)}.{did_you_mean}")
        self.kind = kind
        self.name = name
        self.suggestions = tuple(suggestions)


class Gone(LookupError):
    """What was asked for is no longer kept; the message says what can be had instead."""


class Invalid(ValueError):
    """A parameter has a value that cannot be used; the message says which values can.

    The message is the API's, in English. Pages say it in the reader's language: ``key`` is that of the sentence below
    ``ui.errors``, ``values`` what fills it, ``options`` what can be taken instead.
    """

    def __init__(
        self, parameter: str, message: str, key: str = "value", options: Iterable[str] = (), **values: str
    ) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.key = key
        self.options = tuple(options)
        self.values = values


class NoOption(Invalid):
    """What was given is none of the options that a parameter has."""

    def __init__(self, parameter: str, value: str, options: Iterable[str], message: str) -> None:
        super().__init__(parameter, message, "option", options, value=value[:QUOTED])


def require_among(parameter: str, value: str, options: Collection[str]) -> None:
    """Refuse what is none of the options of a parameter; nothing given is no fault.

    Raises:
        NoOption: with all options in its message.
    """
    if value and value not in options:
        words = f"There is no {parameter} {quote_given(value)}: there are {', '.join(options)}."
        raise NoOption(parameter, value, options, words)


class NoSuchDay(Invalid):
    """There is no dataset of the day asked for: it lies before the first (``first``), or ahead (``first`` is "")."""

    def __init__(self, day: str, first: str = "") -> None:
        reason = (
            f"There was no dataset on {day}; the first is of {first}."
            if first
            else (f"{day} lies ahead; nobody knows the dataset of that day.")
        )
        super().__init__("as_of", reason)
        self.day = day
        self.first = first


NotReady = NotPublished
"""Nothing has been published yet, or what is asked for is damaged and is being restored."""


class Busy(RuntimeError):
    """Too much has been asked for at once; the message says when to try again, ``seconds`` how long to wait."""

    def __init__(self, message: str, seconds: int = 60) -> None:
        super().__init__(message)
        self.seconds = seconds
