"""What is done to the build: shared code in few files, and every page asks for its answer."""

from pathlib import Path

from dashboard.interfaces.pages.shell.build import BUILT_FOR, Pages


def test_every_page_gets_its_language_and_asks_for_its_answer(tmp_path: Path) -> None:
    head = '<script>theme()</script><link rel="modulepreload" href="/a.js"/><link rel="stylesheet">'
    body = '<script type="module" async="">import "/a.js"</script>'
    page = f'<html lang="en"><head>{head}</head><body>{body}</body></html>'
    (tmp_path / "assets").mkdir()
    origin = tmp_path / "assets/reflex-env-1.js"
    origin.write_text(f"const said={{PING:`{BUILT_FOR}/ping`,EVENT:`ws://localhost:1/_event`}}", encoding="utf-8")
    for name in ("__spa-fallback.html", "ar/goals/index.html", "ar.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(page, encoding="utf-8")
    Pages().post_build(static_dir=tmp_path)
    asks = origin.read_text(encoding="utf-8")
    assert asks == "const said={PING:location.origin+`/ping`,EVENT:location.origin.replace(/^http/,`ws`)+`/_event`}"
    origin.unlink()
    for name in ("ar/goals/index.html", "ar.html"):
        written = (tmp_path / name).read_text(encoding="utf-8")
        assert '<html lang="ar" dir="rtl">' in written
        (start,) = (tmp_path / "assets").iterdir()
        assert start.read_text(encoding="utf-8") == 'import "/a.js"'
        assert f'["/assets/{start.name}", "/a.js"]' in written
        assert '<link rel="modulepreload"' not in written
        assert "async" not in written
        assert written.index("theme()") < written.index('fetch("/first"') < written.index("stylesheet")
    assert "/first" not in (tmp_path / "__spa-fallback.html").read_text(encoding="utf-8")


def test_pages_answered_at_run_time_get_shells_in_their_language(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/reflex-env-1.js").write_text("const said={}", encoding="utf-8")
    (tmp_path / "assets/manifest-1.js").write_text(
        'window.m={"routes":{"a":{"path":"ar/goals/:goal","module":"/goal.js","imports":["/b.js"]},'
        '"b":{"path":"ar/goals","module":"/goals.js","imports":[]}}};',
        encoding="utf-8",
    )
    (tmp_path / "__spa-fallback.html").write_text(
        '<html lang="en"><head><script>theme()</script><link rel="modulepreload" href="/root.js"/></head>'
        '<body><!--shell--><script type="module" async="">import "/root.js"</script></body></html>',
        encoding="utf-8",
    )
    Pages().post_build(static_dir=tmp_path)
    shell = (tmp_path / "ar/goals/shell.html").read_text(encoding="utf-8")
    assert shell.startswith('<html lang="ar" dir="rtl"><head>')
    assert '"/goal.js", "/b.js", "/root.js"]' in shell
    assert 'fetch("/first"' in shell
    for lang, direction in (("en", "ltr"), ("ar", "rtl")):
        nothing = (tmp_path / lang / "shell.html").read_text(encoding="utf-8")
        assert nothing.startswith(f'<html lang="{lang}" dir="{direction}"><head>')
        assert "/first" not in nothing
        assert '<link rel="modulepreload" href="/root.js"/>' in nothing
