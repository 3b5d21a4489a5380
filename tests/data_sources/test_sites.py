"""Sites of a platform are declared, added and moved; a series finds its own."""

import re
from pathlib import Path
from typing import Any

import pytest

from data_sources.contract import SeriesRef
from data_sources.errors import Rejected
from data_sources.info import Address, load_info
from data_sources.registry import build_sources, list_hosts, list_infos
from data_sources.site_choice import choose
from data_sources.sites import read_sites

HERE = {"id": "ata", "country": "ATA", "base_url": "https://sdg.example.org/data/"}


def test_the_declared_sites_name_publisher_licence_and_country() -> None:
    for room in ("open_sdg", "sdmx"):
        info = list_infos()[room]
        assert info.sites
        assert info.askable
        for site in info.sites:
            assert site.title
            assert site.publisher
            assert site.licence
            assert site.licence_url.startswith("https://")
            assert site.attribution
            assert site.redistribution in ("yes", "unmodified", "no")
            assert site.base_url.removeprefix("https://").partition("/")[0] in info.hosts
    assert {site.id: site.country for site in list_infos()["open_sdg"].sites} == {
        "kaz": "KAZ", "kgz": "KGZ", "rwa": "RWA", "arm": "ARM", "mda": "MDA", "mne": "MNE", "sen": "SEN", "uga": "UGA",
    }  # fmt: skip


def test_a_setting_adds_a_site_and_its_host_may_be_asked() -> None:
    room = build_sources({"open_sdg": Address(sites=[HERE])})["open_sdg"]
    assert [site.id for site in room.info.sites] == [*(site.id for site in list_infos()["open_sdg"].sites), "ata"]
    assert "sdg.example.org" in list_hosts([room])
    (task,) = room.plan([SeriesRef("ata:16-6-2", "an_indicator")])
    assert task.requests[0].url == "https://sdg.example.org/data/data/16-6-2.csv"


def test_a_setting_moves_a_declared_site_and_keeps_the_rest() -> None:
    room = build_sources({"open_sdg": Address(sites=[{"id": "kaz", "base_url": "http://127.0.0.1:8123/kaz"}])})[
        "open_sdg"
    ]
    site, code = choose(room.info, SeriesRef("kaz:16-6-2", "an_indicator"))
    assert (site.base_url, site.country, site.language, code) == ("http://127.0.0.1:8123/kaz", "KAZ", "en", "16-6-2")
    assert site.stands_for_country("KZ")
    assert not site.stands_for_country("KZAKM")


@pytest.mark.parametrize(
    ("site", "words"),
    [
        ({"id": "Ata"}, "an id is lower-case"),
        ({"id": "ata", "adress": "x"}, "unknown keys adress; there are areas, attribution"),
        ({"id": "ata", "country": "AQ", "base_url": "https://example.org"}, "'AQ' is not an ISO3 code"),
        ({"id": "ata", "country": "ATA"}, "neither base_url nor repository_url"),
        ({"id": "ata", "base_url": "file:///etc"}, "is not an http"),
        (HERE | {"areas": "AQ"}, "areas is a list of texts, not 'AQ'"),
        (HERE | {"areas": ["AQ", 10]}, "areas is a list of texts"),
        (HERE | {"options": "years=end"}, "options is a set of texts, not 'years=end'"),
        (HERE | {"options": {"years": 2}}, "options is a set of texts"),
        (HERE | {"redistribution": "Yes"}, "redistribution is a word of yes, unmodified, no, not 'Yes'"),
        (HERE | {"publisher": None}, "publisher is a text, not None"),
        ({"id": "ata", "base_url": 5}, "base_url is a text, not 5"),
        ({"id": "ata", "base_url": "https://user:word@example.org"}, "comes with a user name"),
    ],
)
def test_a_faulty_site_is_said_with_its_owner(site: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words) as raised:
        build_sources({"open_sdg": Address(sites=[site])})
    assert "open_sdg: " in str(raised.value)
    assert "word@" not in str(raised.value)


def test_a_declaration_is_read_from_source_toml(tmp_path: Path) -> None:
    room = Path(__file__).parents[2] / "data_sources/open_sdg/source.toml"
    (tmp_path / "source.toml").write_text(room.read_text(encoding="utf-8") + '\ncolour = "red"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="unknown keys colour"):
        load_info(tmp_path)


def test_a_later_site_with_a_known_id_replaces_only_what_it_names() -> None:
    first = read_sites("x", [HERE | {"areas": ["AQ"], "licence": "CC BY 4.0"}])
    (site,) = read_sites("x", [{"id": "ata", "language": "ru"}], first)
    assert (site.country, site.areas, site.licence, site.language) == ("ATA", ("AQ",), "CC BY 4.0", "ru")


@pytest.mark.parametrize(
    ("code", "options", "error"),
    [
        ("nowhere:16-6-2", {}, "unknown_site"),
        ("16-6-2", {"site": "nowhere"}, "unknown_site"),
        ("16-6-2", {}, "no_site"),
    ],
)
def test_a_series_of_no_site_is_refused(code: str, options: dict[str, str], error: str) -> None:
    with pytest.raises(Rejected) as raised:
        build_sources({})["open_sdg"].plan([SeriesRef(code, "an_indicator", options=options)])
    assert raised.value.code == error


def test_the_site_may_stand_in_the_options() -> None:
    (task,) = build_sources({})["open_sdg"].plan([SeriesRef("16-6-2", "an_indicator", options={"site": "rwa"})])
    assert task.requests[0].url.endswith("/sdg-data-rwanda/en/data/16-6-2.csv")


@pytest.mark.parametrize("room", ["open_sdg", "sdmx"])
def test_every_finding_of_the_room_is_explained(room: str) -> None:
    library = Path(__file__).parents[2] / "data_sources"
    code = re.compile(r"(?:Retriable|Rejected|Changed|\.add|\.reject|_once)\(\s*\"([a-z0-9_]+)\"")
    shared = [library / name for name in ("components.py", "records.py", "sites.py", "site_choice.py")]
    raised = {
        found for path in (*shared, *(library / room).glob("*.py")) for found in code.findall(path.read_text("utf-8"))
    }
    words = (library / room / "README.md").read_text("utf-8") + (library.parent / "docs/faults.md").read_text("utf-8")
    assert {"column_missing", "no_total", "unknown_status"} <= raised
    assert {finding for finding in raised if f"`{finding}`" not in words} == set()
