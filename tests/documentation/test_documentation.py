"""The documentation names everything a user can set, type, open or read."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
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


def _commands(command: click.Command, path: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from _commands(inner, f"{path} {name}")
    else:
        yield path


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
    from dashboard.cli import app

    text = _read("operator.md")
    commands = _commands(typer.main.get_command(app), "python -m dashboard")
    assert [command for command in commands if f"`{command}" not in text] == []


def test_every_api_route_is_documented() -> None:
    from dashboard.api.app import api

    text = _read("api.md")
    paths = api.openapi()["paths"]
    assert paths
    assert [p for p in paths if f"`{p}`" not in text] == []


def test_every_page_is_documented() -> None:
    from dashboard.pages.registry import PAGES

    text = _read("user-guide.md")
    assert [page.route for page in PAGES if f"`{page.route}`" not in text] == []


def test_every_source_is_documented() -> None:
    from data_sources.registry import sources

    listed, rooms = _read("sources.md"), ROOT / "data_sources"
    for source in sources({}).values():
        text = listed if f"`{source.info.id}`" in listed else (rooms / source.info.id / "README.md").read_text("utf-8")
        assert source.info.licence in text, source.info.id


def test_every_chart_is_documented() -> None:
    from dashboard.charts.registry import KINDS

    assert [kind for kind in KINDS if f"`{kind}`" not in _read("charts.md")] == []


def test_relative_links_lead_somewhere() -> None:
    broken = []
    rooms = [page for room in (DOCS, ROOT / "dashboard", ROOT / "data_sources") for page in room.rglob("*.md")]
    for page in [*ROOT.glob("*.md"), *rooms]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} → {target}")
    assert broken == []
