"""The documentation names everything a user can set, type, open or read."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from pydantic import BaseModel

from dashboard.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def _read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def _settings(model: type[BaseModel], prefix: str) -> Iterator[str]:
    return (name for name, _ in _kinds(model, prefix))


def _kinds(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str]]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _kinds(kind, f"{prefix}{name.upper()}__")
        else:
            yield f"{prefix}{name.upper()}", str(kind)


def _commands(command: Any, path: str = "python -m dashboard") -> Iterator[tuple[str, set[str]]]:
    """Every command with its options; typer brings classes of its own, so a group is what has commands."""
    inner = getattr(command, "commands", {})
    for name, one in inner.items():
        yield from _commands(one, f"{path} {name}")
    if not inner:
        yield path, {name for one in command.params for name in one.opts if name.startswith("--")}


def _all_commands() -> dict[str, set[str]]:
    from dashboard.operations.cli import app

    return dict(_commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", list(_settings(Settings, "MONITOR_")))
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in _read("operator.md")


def test_every_documented_setting_exists() -> None:
    named = set(re.findall(r"`(MONITOR_[A-Z0-9_]+)`", _read("operator.md")))
    assert named - set(_settings(Settings, "MONITOR_")) == set()


def test_every_secret_is_named_where_secrets_are_explained() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    secret = [name for name, kind in _kinds(Settings, "MONITOR_") if "Secret" in kind]
    assert "MONITOR_DATABASE_URL" in secret
    assert [name for name in secret if f"`{name}`" not in text] == []


def test_every_command_is_documented() -> None:
    text = _read("operator.md")
    commands = _all_commands()
    assert len(commands) > 30
    assert [command for command in commands if f"`{command}" not in text] == []


def test_every_documented_command_exists_with_the_options_it_is_said_to_have() -> None:
    commands = _all_commands()
    wrong = []
    for line in re.findall(r"^\| `python -m dashboard .*", _read("operator.md"), re.MULTILINE):
        said = line.split("`")[1]
        command = max((one for one in commands if f"{said} ".startswith(f"{one} ")), key=len, default="")
        options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", line))
        wrong += [f"{said}: no such command"] if not command else [f"{said}: {o}" for o in options - commands[command]]
    assert wrong == []


def test_every_api_route_is_documented() -> None:
    from dashboard.interfaces.desk.site import api

    text = _read("api.md")
    paths = api.openapi()["paths"]
    assert paths
    assert [p for p in paths if f"`{p}`" not in text] == []


def test_the_choices_of_the_register_are_documented() -> None:
    from dashboard.answers.adoption.register import ANSWERS, SORTS
    from dashboard.evidence.codebook.register.tables import LEVELS

    (line,) = [line for line in _read("api.md").splitlines() if line.startswith("| `/api/v1/adoption.csv`")]
    assert [one for one in (*ANSWERS, *SORTS, LEVELS[0], LEVELS[-1]) if f"`{one}`" not in line] == []


def test_every_page_is_documented() -> None:
    from dashboard.interfaces.pages.registry import PAGES

    text = _read("user-guide.md")
    assert [page.route for page in PAGES if f"`{page.route}`" not in text] == []


def test_every_source_is_documented() -> None:
    from data_sources.registry import build_sources

    listed, rooms = _read("sources.md"), ROOT / "data_sources"
    for source in build_sources({}).values():
        text = listed if f"`{source.info.id}`" in listed else (rooms / source.info.id / "README.md").read_text("utf-8")
        assert source.info.licence in text, source.info.id


def test_every_source_is_documented_with_how_often_it_is_asked() -> None:
    rows = {line.split("`")[1]: line for line in _read("sources.md").splitlines() if line.startswith("| `")}
    wrong = []
    for file in (ROOT / "data_sources").glob("*/source.toml"):
        declared = tomllib.loads(file.read_text(encoding="utf-8"))
        databases = declared.get("databases", {}).values()
        days = {one["asked_every_days"] for one in (declared, *databases) if "asked_every_days" in one}
        row = rows.get(declared["id"])  # a publisher added by its folder alone has no row yet
        wrong += [(declared["id"], count) for count in days if row is not None and f"{count} days" not in row]
    assert wrong == []


def test_every_chart_is_documented() -> None:
    from dashboard.analysis.charts.registry import KINDS

    assert [kind for kind in KINDS if f"`{kind}`" not in _read("charts.md")] == []


def test_the_order_of_imports_is_drawn_as_the_contracts_have_it() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    proved = {
        one["containers"][0]: [set(layer.split(" | ")) for layer in one["layers"]]
        for one in contracts
        if one.get("containers", ["dashboard.answers"]) != ["dashboard.answers"]
    }
    table = _read("architecture.md").partition("## Floors")[2].partition("###")[0]
    rows = re.findall(r"^\| (`.+?`) \| (.*?) ?\|", table, re.MULTILINE)
    drawn = {"dashboard": [set(re.findall(r"(\w+)(?:/|\.py)", floor)) for floor, _ in rows]} | {
        f"dashboard.{floor.strip('`/')}": [set(re.findall(r"\w+", step)) for step in inside.split(" → ")]
        for floor, inside in rows
        if "→" in inside
    }
    assert drawn == proved


def test_relative_links_lead_somewhere() -> None:
    broken = []
    rooms = [page for room in (DOCS, ROOT / "dashboard", ROOT / "data_sources") for page in room.rglob("*.md")]
    for page in [*ROOT.glob("*.md"), *rooms]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} → {target}")
    assert broken == []


def test_the_readme_counts_countries_as_the_register_does() -> None:
    from dashboard.evidence.codebook import load_codebook
    from dashboard.evidence.codebook.register.adoption import count_countries

    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    said = re.search(
        r"register (\d+) .* signed an agreement on it or gone further, and (\d+) run it .* on (\d+) of", text
    )
    assert said is not None
    signed, operating = (count_countries(load_codebook(), rule) for rule in ("signed", "operating"))
    counted = [signed.number, operating.number, len(operating.disputed)]
    assert [int(number) for number in said.groups()] == counted
