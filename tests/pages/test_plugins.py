"""What is done to the build: shared code in few files, and every page asks for its answer."""

import json
import re
from pathlib import Path

import pytest

from dashboard.plugins import Pages


def test_the_groups_of_code_come_before_those_of_reflex() -> None:
    tasks = {}
    Pages().pre_compile(add_modify_task=tasks.__setitem__)
    config = "output: {\n        codeSplitting: {\n          groups: [\n            { name: 'theirs' },"
    changed = tasks["vite.config.js"](config)
    assert changed.index('"react"') < changed.index('"frame"') < changed.index("'theirs'")
    with pytest.raises(ValueError, match="no groups"):
        tasks["vite.config.js"]("output: {}")


def test_every_page_gets_its_language_and_asks_for_its_answer(tmp_path: Path) -> None:
    page = '<html lang="en"><head><script>theme()</script><link rel="stylesheet"></head><body></body></html>'
    for name in ("__spa-fallback.html", "ar/goals/index.html", "ar.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(page, encoding="utf-8")
    Pages().post_build(static_dir=tmp_path)
    for name in ("ar/goals/index.html", "ar.html"):
        written = (tmp_path / name).read_text(encoding="utf-8")
        assert '<html lang="ar" dir="rtl">' in written
        assert written.index("theme()") < written.index('fetch("/first"') < written.index("stylesheet")
    assert "/first" not in (tmp_path / "__spa-fallback.html").read_text(encoding="utf-8")


def test_the_largest_files_are_asked_for_first_and_what_draws_runs_at_once(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "__spa-fallback.html").write_text(
        "<html><head><script>theme()</script></head></html>", encoding="utf-8"
    )
    (tmp_path / "assets/vega_runtime-1.js").touch()
    imports = [f"/assets/{name}-1.js" for name in ("small", "drawing", "frame", "react")]
    routes = {"one": {"path": "en/indicators/:indicator", "module": "/assets/page-1.js", "imports": imports}}
    (tmp_path / "assets/manifest-1.js").write_text(f"m={json.dumps({'routes': routes})};", encoding="utf-8")
    Pages().post_build(static_dir=tmp_path)
    shell = (tmp_path / "en/indicators/shell.html").read_text(encoding="utf-8")
    asked = re.findall(r'modulepreload" href="/assets/(\w+)-1.js', shell)
    assert set(asked[:2]) == {"frame", "react"}
    assert set(asked[2:]) == {"page", "small", "drawing"}, "the server sends a picture: Vega can wait"
    assert shell.index("theme()") < shell.index('<script type="module" async src="/assets/drawing-1.js">')
