"""The same picture in fewer bytes: an image needs neither what cannot be seen nor what only a script would read.

Vega writes for a page in a browser: transparent marks that catch the pointer, roles, classes, sixteen digits, and every
property on every mark. An image has one title and one description, and a tenth of a pixel is finer than the eye.
"""

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

SVG = "http://www.w3.org/2000/svg"

SAID = frozenset(("class", "role", "pointer-events", "version"))
"""Attributes for scripts and pointers, as are all that begin with ``aria-``."""

INHERITED = (
    "fill", "fill-opacity", "font-family", "font-size", "font-style", "font-weight", "stroke", "stroke-dasharray",
    "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "text-anchor",
)  # fmt: skip
"""Properties a mark takes from its group: said there once, where all marks of the group say the same."""

DECIMALS = {"transform": 1, "x": 1, "y": 1, "x2": 1, "y2": 1, "d": 2, "font-size": 2}
"""Digits of pixels kept; two in paths, whose parts are added up."""

TEXT = f"{{{SVG}}}text"
MARKS = frozenset((f"{{{SVG}}}path", f"{{{SVG}}}line", TEXT))

LONG = 160
"""Letters from which a path of straight lines is written from point to point instead of from the corner."""

_STRAIGHT = re.compile(r"(?:M|L|Z|,|\s|-?\d+(?:\.\d+)?)+")
_STEP = re.compile(r"([ML])(-?[\d.]+)[,\s](-?[\d.]+)|Z")
_NUMBER = re.compile(r"-?(?:\d*\.\d+(?:e[-+]?\d+)?|\d+e[-+]?\d+)")
_PLACE = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")


def slim(document: str, font: str) -> str:
    """The SVG ``document`` without what does not show. ``font``: the family that the surroundings set already.

    Raises:
        xml.etree.ElementTree.ParseError: the document is not well-formed.
    """
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(document)  # noqa: S314  written by vl-convert from our own specification
    _without_the_unseen(root)
    for element in root.iter():
        for name, value in list(element.attrib.items()):
            if name in SAID or name.startswith("aria-") or (name, value) in (("opacity", "1"), ("font-family", font)):
                del element.attrib[name]
            elif name in DECIMALS:
                long = name == "d" and len(value) > LONG and _STRAIGHT.fullmatch(value)
                element.set(name, _by_steps(value) if long else _rounded(value, DECIMALS[name]))
        if element.tag in MARKS:
            _shorter(element)
    for group in root.iter(f"{{{SVG}}}g"):
        _say_once(group)
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")  # in text, > is always &gt;


def _without_the_unseen(parent: Element) -> None:
    for child in list(parent):
        _without_the_unseen(child)
        if _unseen(child):
            parent.remove(child)


def _unseen(element: Element) -> bool:
    said = element.attrib
    if said.get("opacity") == "0" or said.get("display") == "none":
        return True
    kind = element.tag.rpartition("}")[2]
    if kind == "g":
        return len(element) == 0
    # The ground of a group has neither fill nor stroke of its own: Vega relies on the root's fill="none".
    return kind == "path" and said.get("class") == "background" and "fill" not in said and "stroke" not in said


def _shorter(mark: Element) -> None:
    """Shorter words for the same mark.

    A place is enough for a line of text; what has no stroke needs no width of it; and the opacity of what is only
    filled or only stroked can be said as a property that a group can take over.
    """
    said = mark.attrib
    place = _PLACE.fullmatch(said.get("transform", ""))
    if place and mark.tag == TEXT and len(mark) == 0:
        del said["transform"]
        said["x"], said["y"] = place.groups()
    if said.get("transform") == "translate(0,0)":
        del said["transform"]
    if "stroke" not in said:
        for name in [name for name in said if name.startswith("stroke")]:
            del said[name]
    if "opacity" in said and ("fill" in said) != ("stroke" in said):
        name = "fill-opacity" if "fill" in said else "stroke-opacity"
        if name not in said:
            said[name] = said.pop("opacity")


def _say_once(group: Element) -> None:
    """Let the group say what most of its marks say, where all of them say something."""
    if len(group) < 2 or any(child.tag not in MARKS for child in group):
        return
    for name in INHERITED:
        said = [child.get(name) for child in group]
        if None in said:
            continue
        common = max(said, key=said.count)
        group.set(name, str(common))
        for child in group:
            if child.get(name) == common:
                del child.attrib[name]


def _by_steps(path: str) -> str:
    """Straight lines from point to point, in tenths of a pixel; each point is rounded, so that errors do not add up."""
    parts: list[str] = []
    x = y = 0
    for found in _STEP.finditer(path):
        if found.group() == "Z":
            parts.append("Z")
            continue
        to_x, to_y = round(float(found[2]) * 10), round(float(found[3]) * 10)
        if found[1] == "M":
            parts.append(f"M{to_x / 10:g},{to_y / 10:g}")
        elif (to_x, to_y) != (x, y):
            parts.append(_joined("l", (to_x - x) / 10, (to_y - y) / 10))
        x, y = to_x, to_y
    return "".join(parts)


def _joined(letter: str, right: float, down: float) -> str:
    """A step; a minus parts numbers as well as a comma does, and a tenth needs no nought before its point."""
    text = f"{letter}{right:g}" + ("" if down < 0 else ",") + f"{down:g}"
    return text.replace("0.", ".") if "0." in text and not re.search(r"\d0\.", text) else text


def _rounded(text: str, digits: int) -> str:
    return _NUMBER.sub(lambda found: f"{round(float(found.group()), digits) + 0:g}", text)
