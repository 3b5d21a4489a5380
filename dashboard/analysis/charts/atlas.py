"""The shapes of a map with boundaries, which a browser fetches by address (docs/world_map/README.md).

Shapes are in a plane already (Equal Earth, central meridian 11° E), ``width`` units wide.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Atlas:
    """The countries and areas that a document draws.

    ``undetermined`` areas have no settled status for the United Nations, or are not in its list (M49): they get no
    figure.
    """

    url: str  # where a browser finds the document; changes with its content
    width: float
    height: float
    areas: frozenset[str]  # ISO3 codes with a shape that can be seen
    points: Mapping[str, tuple[float, float]]  # ISO3 codes too small to be seen: where their mark stands
    undetermined: frozenset[str]
    document: Document = field(repr=False)  # the TopoJSON itself, for images

    def can_draw(self, iso3: str) -> bool:
        """Return True if the map can show a figure of this country or area."""
        return iso3 not in self.undetermined and (iso3 in self.areas or iso3 in self.points)


def read_atlas(document: Document, url: str) -> Atlas:
    """Read TopoJSON with the objects ``areas`` and ``lines``, and with ``atlas`` beside them."""
    about = document["atlas"]
    return Atlas(
        url=url,
        width=about["width"],
        height=about["height"],
        areas=frozenset(shape["id"] for shape in document["objects"]["areas"]["geometries"]),
        points={point["id"]: (point["x"], point["y"]) for point in about["points"]},
        undetermined=frozenset(about["undetermined"]),
        document={name: part for name, part in document.items() if name != "atlas"},
    )


def embed_shapes(spec: Any, atlas: Atlas) -> Any:
    """Return a specification with the shapes inside instead of by address, for an image."""
    if isinstance(spec, dict):
        if spec.get("url") == atlas.url:
            return {"values": atlas.document, "format": spec["format"]}
        return {name: embed_shapes(part, atlas) for name, part in spec.items()}
    if isinstance(spec, list):
        return [embed_shapes(part, atlas) for part in spec]
    return spec
