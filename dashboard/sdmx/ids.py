"""Texts of publishers as SDMX ids, so that they can be turned back: ids know letters, digits, ``_ - @ $`` alone."""

from collections.abc import Mapping
from string import ascii_letters, digits

TOTAL = "_T"
_PLAIN = frozenset(ascii_letters + digits + "_-")
BREAKDOWNS: Mapping[str, str] = {
    "Reporting Type": "REPORTING_TYPE",
    "Sex": "SEX",
    "Age": "AGE",
    "Location": "LOCATION",
}
"""Breakdowns with a dimension of their own in our structure; all others share the dimension ``OTHERS``."""

OTHERS = "BREAKDOWN"


def write_id(text: str) -> str:
    """A text as an id: a dot becomes ``@``, what an id cannot hold ``$`` and the hexadecimal of each of its bytes."""
    if not text:
        return "$"
    return "".join(sign if sign in _PLAIN else "@" if sign == "." else _hex(sign) for sign in text)


def read_id(name: str) -> str:
    """The text an id of ``write_id`` stands for.

    Raises:
        ValueError: it is none.
    """
    if name == "$":
        return ""
    found, place = bytearray(), 0
    while place < len(name):
        if name[place] == "$":
            found += bytes.fromhex(name[place + 1 : place + 3])
            place += 3
        else:
            found += b"." if name[place] == "@" else name[place].encode()
            place += 1
    return found.decode()


def write_breakdown(dimensions: Mapping[str, str]) -> dict[str, str]:
    """A breakdown of the dataset as codes of our structure's dimensions; what it does not name is the total."""
    codes = dict.fromkeys((*BREAKDOWNS.values(), OTHERS), TOTAL)
    others = []
    for title, code in sorted(dimensions.items()):
        if title in BREAKDOWNS:
            codes[BREAKDOWNS[title]] = _code(code)
        else:
            others.append(f"{_part(title)}@{_part(code)}")
    if others:
        codes[OTHERS] = "@@".join(others)
    return codes


def read_breakdown(codes: Mapping[str, str]) -> dict[str, str]:
    """The breakdown of the dataset that codes of our dimensions stand for."""
    found = {
        title: TOTAL if codes[dimension] == "$5FT" else read_id(codes[dimension])
        for title, dimension in BREAKDOWNS.items()
        if codes[dimension] != TOTAL
    }
    if codes[OTHERS] != TOTAL:
        for pair in codes[OTHERS].split("@@"):
            title, code = pair.split("@")
            found[read_id(title)] = read_id(code)
    return found


def _code(code: str) -> str:
    return "$5FT" if code == TOTAL else write_id(code)


def _part(text: str) -> str:
    return "".join(sign if sign in _PLAIN else _hex(sign) for sign in text) or "$"


def _hex(sign: str) -> str:
    return "".join(f"${byte:02X}" for byte in sign.encode())
