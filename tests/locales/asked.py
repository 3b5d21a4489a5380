"""Which keys of the catalogues some code asks for: those that stand in it, and those it puts together."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path

import dashboard
from dashboard.locales.catalogue import list_areas

ROOT = Path(dashboard.__file__).parent
TEMPLATES = (".html", ".js", ".jsx", ".typ")
ANY = "\0"
"""Stands in a key for what the code puts in."""


@dataclass(frozen=True)
class Asked:
    """What these files ask the catalogues for."""

    files: tuple[Path, ...]

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name and word of the code."""
        return frozenset(name for path in self.files for name in re.findall(r"\w+", path.read_text(encoding="utf-8")))

    @cached_property
    def ways(self) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
        """The keys that stand in the code, and what the keys are like that it puts together."""
        area = "|".join(list_areas())
        whole: set[str] = set()
        together: set[str] = set()
        for key in {*self._in_python(), *self._in_templates()} - {f"accounts.{ANY}"}:  # so its templates ask
            if re.match(rf"({area})\.|{ANY}\.[a-z_]+\.", key) and not key.endswith("."):
                (together if ANY in key else whole).add(key)
                together.add(f"{key}.{ANY}")  # what stands below is put together elsewhere
        patterns = {re.escape(key).replace(re.escape(ANY), "(.+)") for key in together}
        return frozenset(whole), tuple(map(re.compile, sorted(patterns)))

    def _in_python(self) -> Iterator[str]:
        for path in self.files:
            if path.suffix != ".py":
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    yield from map("".join, product(*(_list_parts(part) for part in node.values)))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
                    yield re.sub(r"\{\w*\}", ANY, node.value)

    def _in_templates(self) -> Iterator[str]:
        """Keys of pages of accounts are below ``accounts``, unless a colon comes first."""
        for path in self.files:
            if path.suffix not in TEMPLATES:
                continue
            text = path.read_text(encoding="utf-8")
            for colon, key, more in re.findall(r"""["'](:?)(\w[\w.]*)["']( ?~)?""", text):
                key += ANY if more else ""
                yield key if colon else f"accounts.{key}"
            for key in re.findall(r"""\bt\("(\w[\w.]*)["']""", text):
                yield f"accounts.{key}"

    def _put_together(self, key: str) -> bool:
        """Whether the code puts keys like this one together. What of a key only the area says, and any of ``ui``,
        whose words no data name, is put together of names in the code."""
        found = [match for pattern in self.ways[1] if (match := pattern.fullmatch(key))]
        area, _, rest = key.partition(".")
        return any(
            (area != "ui" and match.groups() != (rest,)) or self.names.issuperset(".".join(match.groups()).split("."))
            for match in found
        )

    def list_unused(self, keys: Iterable[str]) -> list[str]:
        """The keys that nothing here asks for; of a chart without years it asks with ``_dated`` at the end."""
        return [key for key in keys if key not in self.ways[0] and not self._put_together(key.removesuffix("_dated"))]


def _list_parts(part: ast.expr) -> list[str]:
    """What a part of an f-string may say: of a choice between two texts either, of other values anything."""
    if isinstance(part, ast.Constant):
        return [str(part.value)]
    chosen = part.value if isinstance(part, ast.FormattedValue) else part
    if (
        isinstance(chosen, ast.IfExp)
        and isinstance(chosen.body, ast.Constant)
        and isinstance(chosen.orelse, ast.Constant)
    ):
        return [str(chosen.body.value), str(chosen.orelse.value)]
    return [ANY]


def list_files(*below: str, but: Iterable[str] = ()) -> tuple[Path, ...]:
    """Python and templates of these folders and files of the product; without those of ``but``."""
    left_out = [ROOT / one for one in but]
    starts = [ROOT / one for one in below] if below else [ROOT]
    found = [path for start in starts for path in ([start] if start.is_file() else sorted(start.rglob("*")))]
    return tuple(
        path
        for path in found
        if path.suffix in (".py", *TEMPLATES) and not any(path.is_relative_to(one) for one in left_out)
    )
