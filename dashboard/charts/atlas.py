"""The shapes of a map with boundaries: what a document of shapes holds, and where a browser finds it.

Shapes are in a plane already (Equal Earth, central meridian 11° E), ``width`` units wide, and are fetched by address:
no specification carries them. Provenance, licence and treatment of boundaries: docs/world_map/README.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Atlas:
    """Which countries and areas a document draws, and how.

    ``undetermined`` are drawn without a figure, whatever is published of them: areas whose status the United Nations
    does not regard as settled, or that its list of countries and areas (M49) does not have.
    """

    url: str  # where a browser finds the document; changes with its content
    width: float
    height: float
    areas: frozenset[str]  # ISO3 codes with a shape that can be seen
    points: Mapping[str, tuple[float, float]]  # ISO3 codes too small to be seen: where their mark stands
    undetermined: frozenset[str]
    document: Document = field(repr=False)  # the TopoJSON itself, for images

    def draws(self, iso3: str) -> bool:
        """Whether a figure of this country or area can be seen on the map."""
        return iso3 not in self.undetermined and (iso3 in self.areas or iso3 in self.points)


def read_atlas(document: Document, url: str) -> Atlas:
    """The atlas of a parsed document: TopoJSON with the objects ``areas`` and ``lines``, and ``atlas`` beside them.

    Raises:
        KeyError: the document lacks one of these.
    """
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
    """The specification with the shapes inside instead of by address, for an image."""
    if isinstance(spec, dict):
        if spec.get("url") == atlas.url:
            return {"values": atlas.document, "format": spec["format"]}
        return {name: embed_shapes(part, atlas) for name, part in spec.items()}
    if isinstance(spec, list):
        return [embed_shapes(part, atlas) for part in spec]
    return spec
