"""What is done to the build: pages begin with the answer of their address, and each kind of page has a shell."""

from pathlib import Path
from typing import Any

import pytest
from reflex_base.compiler.templates import context_template

from dashboard.interfaces.pages.shell import build
from dashboard.interfaces.pages.shell.build import BUILT_FOR, STATE_PATCHES, Pages, insert_answer, patch_state_store
from tests.interfaces.pages.documents import DOCUMENT, EmptyRenderer

PAGE = DOCUMENT.replace("<meta", '<link rel="modulepreload" href="/a.js"/><meta')


def test_the_store_of_this_reflex_begins_with_the_answer_of_the_page() -> None:
    written = context_template(is_dev_mode=False, default_color_mode="system", initial_state={"a": {}}, state_name="a")
    patched = patch_state_store(written)
    assert [text for text in STATE_PATCHES.values() if text not in patched] == []
    with pytest.raises(RuntimeError, match="no longer says"):
        patch_state_store(patched)


def test_pages_get_language_scripts_and_shells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(EmptyRenderer):
        def render(self, address: str, state: dict[str, Any], timeout_s: float = 0.0) -> str:
            return super().render(address, state).replace("rendered", address)

        def close(self) -> None:
            self.asked.append("closed")

    renderer = Closed()
    monkeypatch.setattr(build, "Renderer", lambda server: renderer)
    static = tmp_path / "build/client"
    (static / "assets").mkdir(parents=True)
    origin = static / "assets/reflex-env-1.js"
    origin.write_text(f"const said={{PING:`{BUILT_FOR}/ping`,EVENT:`ws://localhost:1/_event`}}", encoding="utf-8")
    routes = '{"a":{"path":"ar/goals/:goal"},"b":{"path":"ar/goals"},"c":{}}'
    (static / "assets/manifest-1.js").write_text(f'window.m={{"routes":{routes}}};', encoding="utf-8")
    for name in ("ar/goals/index.html", "ar.html"):
        (static / name).parent.mkdir(parents=True, exist_ok=True)
        (static / name).write_text(PAGE, encoding="utf-8")
    Pages().post_build(static_dir=static)
    asks = origin.read_text(encoding="utf-8")
    assert asks == "const said={PING:location.origin+`/ping`,EVENT:location.origin.replace(/^http/,`ws`)+`/_event`}"
    (start,) = (static / "assets").glob("start-*.js")
    assert start.read_text(encoding="utf-8") == 'import "/a.js"'
    for name in ("ar/goals/index.html", "ar.html"):
        written = (static / name).read_text(encoding="utf-8")
        assert '<html lang="ar" dir="rtl">' in written
        assert f'["/assets/{start.name}", "/a.js"]' in written
        assert '<link rel="modulepreload"' not in written
        assert "async" not in written
    assert renderer.asked == ["/en/-/", "/ar/-/", "/az/-/", "/fr/-/", "/ar/goals/-/", "closed"]
    assert "<main>/ar/goals/-/</main>" in (static / "ar/goals/shell.html").read_text(encoding="utf-8")
    assert '<html lang="fr" dir="ltr">' in (static / "fr/shell.html").read_text(encoding="utf-8")


def test_an_answer_cannot_end_its_element() -> None:
    document = build.finish_document(PAGE, "/en/x/")
    whole = insert_answer(document, '{"a": "</script><b>\u2028"}')
    assert whole.count("</script>") == document.count("</script>") + 1, "its own end alone"
    assert "\u2028" not in whole
