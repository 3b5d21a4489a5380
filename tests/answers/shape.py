"""Does an answer have exactly the shape its TypedDict promises?"""

from typing import Any, Literal, get_args, get_origin, get_type_hints, is_typeddict


def faults(value: Any, hint: Any, where: str = "answer") -> list[str]:
    """Where a value differs from its type; empty when it conforms."""
    if is_typeddict(hint) or hasattr(hint, "__total__"):
        if not isinstance(value, dict):
            return [f"{where} is no object"]
        hints = get_type_hints(hint)
        unlike = (set(value) - set(hints)) | (hint.__required_keys__ - set(value))
        wrong = [f"{where} has {sorted(unlike)} too many or too few"] if unlike else []
        return wrong + [
            f for name in hints if name in value for f in faults(value[name], hints[name], f"{where}.{name}")
        ]
    origin = get_origin(hint)
    if origin is list:
        if not isinstance(value, list):
            return [f"{where} is no list"]
        return [f for i, one in enumerate(value) for f in faults(one, get_args(hint)[0], f"{where}[{i}]")]
    if origin is dict:
        return [f for key, one in value.items() for f in faults(one, get_args(hint)[1], f"{where}[{key}]")]
    if origin is Literal:
        return [] if value in get_args(hint) else [f"{where} is {value!r}"]
    if origin is not None:  # a union
        return [] if any(not faults(value, one, where) for one in get_args(hint)) else [f"{where} is {value!r}"]
    if hint is float:
        return [] if isinstance(value, float | int) and not isinstance(value, bool) else [f"{where} is {value!r}"]
    if hint is type(None):
        return [] if value is None else [f"{where} is {value!r}"]
    return [] if type(value) is hint else [f"{where} is {value!r}, no {hint.__name__}"]


def texts(value: Any, where: str = "answer") -> list[tuple[str, str]]:
    """Every text of an answer, with its place."""
    if isinstance(value, str):
        return [(where, value)]
    if isinstance(value, dict):
        return [pair for name, one in value.items() for pair in texts(one, f"{where}.{name}")]
    if isinstance(value, list):
        return [pair for one in value for pair in texts(one, f"{where}[]")]
    return []
