"""Nothing unreachable, functions included: what tests alone keep alive is neither maintained nor true."""

from pathlib import Path

from tests.architecture.reachability import Product, called_in_sandboxes

ROOT = Path(__file__).parents[2]

BY_NAME = {"source", "parse_file"}
"""What a publisher's folder must define: the registry asks for it by this name."""

BEGINNINGS = {
    ("dashboard.interfaces.pages.shell.build", "Pages"),  # rxconfig.py
    ("dashboard.contributions.delivery.drawings", "calendar"),  # the address names it
    ("dashboard.contributions.delivery.drawings", "funnel"),
    ("data_sources.workbook.reading", "serve"),  # the process that reads workbooks
}  # fmt: skip

NOT_YET: dict[str, set[str]] = {}
"""What tests alone reach today, to be connected or deleted: this list may only become shorter."""


def product() -> Product:
    modules = {}
    for room in ("dashboard", "data_sources"):
        for path in (ROOT / room).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts:
                modules[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return Product(modules)


def test_every_definition_is_reached() -> None:
    found = product()
    named = {
        (module, name) for module, name in found.definitions if module.startswith("data_sources.") and name in BY_NAME
    }
    assert len(found.definitions) > 3000
    left = found.unreached(named | BEGINNINGS | called_in_sandboxes(ROOT / "dashboard"))
    assert [it for it in left if it[1] not in NOT_YET.get(it[0], ())] == []
    assert len(left) == sum(map(len, NOT_YET.values())), "something is reached now: take it off the list"


def test_what_nothing_leads_to_is_named(tmp_path: Path) -> None:
    """Reached by a call, an import under another name, an attribute of a module; not by itself or by what is dead."""
    (tmp_path / "one.py").write_text(
        "import room.two as other\nfrom room.two import used as renamed\n\nrenamed()\nother.held()\n"
    )
    (tmp_path / "two.py").write_text(
        "def used():\n    return Kind().asked()\n\ndef held(): ...\n\ndef dead():\n    dead()\n    below()\n\n"
        "def below(): ...\n\n@app.get('/x')\ndef route(): ...\n\n@cache\ndef kept_by_nobody(): ...\n\n"
        "class Kind:\n    def asked(self): ...\n    def never(self): ...\n"
    )
    found = Product({"room.one": tmp_path / "one.py", "room.two": tmp_path / "two.py"}).unreached()
    assert found == [("room.two", name) for name in ("Kind.never", "below", "dead", "kept_by_nobody")]
