"""Publishers' texts as SDMX ids (letters, digits and ``_ - @ $`` alone) and back."""

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
    """Return a text as an SDMX id.

    A dot becomes ``@``; each byte of a character that ids cannot hold becomes ``$`` with its hexadecimal.
    """
    if not text:
        return "$"
    return "".join(sign if sign in _PLAIN else "@" if sign == "." else _escape_sign(sign) for sign in text)


def read_id(name: str) -> str:
    """Return the text that an id stands for."""
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
    """Return the codes of our dimensions for a breakdown; dimensions that it lacks are totals."""
    codes = dict.fromkeys((*BREAKDOWNS.values(), OTHERS), TOTAL)
    pairs = []
    for title, code in sorted(dimensions.items()):
        if title in BREAKDOWNS:
            codes[BREAKDOWNS[title]] = "$5FT" if code == TOTAL else write_id(code)
        else:
            pairs.append(f"{_escape_part(title)}@{_escape_part(code)}")
    if pairs:
        codes[OTHERS] = "@@".join(pairs)
    return codes


def read_breakdown(codes: Mapping[str, str]) -> dict[str, str]:
    """Return the breakdown that codes of our dimensions stand for."""
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


def _escape_part(text: str) -> str:
    return "".join(sign if sign in _PLAIN else _escape_sign(sign) for sign in text) or "$"


def _escape_sign(sign: str) -> str:
    return "".join(f"${byte:02X}" for byte in sign.encode())
