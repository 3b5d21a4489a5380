"""The product's own catalogues: complete in every language, and true to the house's words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import dashboard
from dashboard.evidence.codebook import model, tables
from dashboard.evidence.codebook.register import tables as register_tables
from dashboard.locales import LANGUAGES, catalogue, has, t
from dashboard.locales.catalogue import list_areas, load_messages
from dashboard.locales.status import compare
from data_sources.contract import STATUSES

OTHERS = [lang for lang in LANGUAGES if lang != "en"]
ARABIC = re.compile(r"[\u0621-\u064a]")
SAME_IN_ARABIC = re.compile(r"^terms\.(register_level\.E\d\.name|feed\.owid)$")
CAUSAL = re.compile(r"\b(thanks to|led to|leads to|due to|caused|impact of|resulted in|because of the model)\b", re.I)

CODES = {
    "terms.strength.{}.name": get_args(model.Strength),
    "terms.strength.{}.definition": get_args(model.Strength),
    "terms.direction.{}.name": get_args(model.Direction),
    "terms.event_type.{}": get_args(model.EventType),
    "terms.adoption_status.{}.name": get_args(model.AdoptionStatus),
    "terms.adoption_status.{}.definition": get_args(model.AdoptionStatus),
    "terms.support.{}.definition": get_args(model.Support),
    "terms.counting_rule.{}.definition": get_args(model.CountingRule),
    "terms.counting_rule.{}.counted": get_args(model.CountingRule),
    "terms.stance.{}": get_args(model.Stance),
    "terms.review_state.{}.definition": get_args(model.ReviewState),
    "terms.theme.{}.definition": tables.THEMES,
    "terms.cepa_group.{}.name": tables.GROUPS,
    "terms.event_source.{}": register_tables.WITNESSES,
    "terms.register_level.{}.definition": register_tables.LEVELS,
    "terms.feed.{}": tables.SOURCE_TYPES,
    "terms.value_status.{}.definition": STATUSES,
    "terms.no_data.{}.definition": (
        "missing", "censored", "not_applicable", "not_collected", "not_reported", "suppressed", "not_comparable",
    ),
    "terms.nature.{}.definition": ("C", "CA", "E", "M", "G", "N", "NA", "unstated"),
    "terms.evidence_level.{}.definition": ("1", "2", "3", "4"),
    "terms.redistribution.{}.definition": ("yes", "unmodified", "no"),
    "terms.target_kind.{}.name": ("outcome", "means"),
    "terms.series_role.{}.name": ("primary", "secondary"),
    **{f"comparison.value.{part}.{{}}": words for part, words in tables.COMPARED.items()},
}  # fmt: skip


@pytest.mark.parametrize("lang", OTHERS)
@pytest.mark.parametrize("area", list_areas())
def test_every_language_has_the_keys_placeholders_and_plurals_of_english(area: str, lang: str) -> None:
    status = compare(area, lang)
    assert (status.missing, status.extra, status.placeholders, status.plurals) == ((), (), (), ())


@pytest.mark.parametrize("area", list_areas())
def test_english_plurals_are_complete(area: str) -> None:
    assert compare(area, "en").plurals == ()


def test_no_language_has_an_area_that_english_lacks() -> None:
    assert {path.stem for path in catalogue.FOLDER.glob("*/*.toml")} == set(list_areas())


def test_the_readme_says_what_each_area_holds() -> None:
    readme = (catalogue.FOLDER / "README.md").read_text(encoding="utf-8")
    assert [area for area in list_areas() if f"| `{area}` |" not in readme] == []


def _texts(lang: str) -> Iterator[tuple[str, str]]:
    for area in list_areas():
        for key, message in load_messages(area, lang).items():
            for text in [message] if isinstance(message, str) else message.values():
                yield key, text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_are_clean(lang: str) -> None:
    bare = [(key, catalogue._PLACEHOLDER.sub("", text)) for key, text in _texts(lang)]
    assert [key for key, text in bare if re.search(r"[{}<]\w|[{}]", text.replace("<2.5", ""))] == [], (
        "stray braces or markup"
    )
    assert [
        key
        for key, text in _texts(lang)
        if not text or (text != text.strip() and not key.endswith(("comma", "semicolon", "colon")))
    ] == []


def test_arabic_is_written_in_arabic_with_latin_digits() -> None:
    words = [(key, catalogue._PLACEHOLDER.sub("", text)) for key, text in _texts("ar") if not SAME_IN_ARABIC.match(key)]
    assert [key for key, text in words if re.search("[A-Za-z]", text) and not ARABIC.search(text)] == []
    assert [key for key, text in words if re.search("[٠-٩۰-۹]", text)] == []
    stretched = "ـ(?!{)"  # a letter is joined to a figure by a stroke, and never stretched for looks
    assert [key for key, text in _texts("ar") if re.search(stretched, text)] == []


def test_english_makes_no_causal_claim() -> None:
    assert [(key, text) for key, text in _texts("en") if CAUSAL.search(text)] == []


@pytest.mark.parametrize("pattern", CODES)
def test_every_code_the_data_carry_has_its_words(pattern: str) -> None:
    assert [code for code in CODES[pattern] if not has(pattern.format(code))] == []


def test_official_groups_and_regions_of_the_codebook_have_their_words() -> None:
    from dashboard.evidence.codebook import load_codebook

    countries = load_codebook().countries.values()
    wanted = {f"terms.income.{c.income or 'unclassified'}" for c in countries}
    wanted |= {f"terms.region.{place}" for c in countries for place in (c.region, c.subregion, c.continent) if place}
    wanted |= {f"terms.wb_region.{c.wb_region}" for c in countries if c.wb_region}
    assert sorted(key for key in wanted if not has(key)) == []


def _keys_in_code() -> Iterator[tuple[str, str, bool]]:
    """Place, key or beginning of a key, and whether it is whole, of every ``t("…")`` in the product."""
    root = Path(dashboard.__file__).parent
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t" and node.args
            ):
                continue
            first, place = node.args[0], f"{path.relative_to(root)}:{node.lineno}"
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield place, first.value, True
            elif isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
                yield place, str(first.values[0].value), False


def test_every_key_named_in_the_code_is_in_the_catalogues() -> None:
    known = [key for area in list_areas() for key in load_messages(area, "en")]
    unknown = [
        f"{place} {key}" for place, key, whole in _keys_in_code()
        if (key not in known if whole else not any(k.startswith(key) for k in known))
    ]  # fmt: skip
    assert unknown == []


def test_texts_never_call_an_agency_figure_satisfaction_alone() -> None:
    assert t("terms.satisfaction_series.agency_reported.name", "en") == "agency-reported, method not published"
    assert t("terms.satisfaction_series.service_user.name", "en") == "service-user satisfaction, not SDG 16.6.2"
