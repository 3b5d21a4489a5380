"""Publishers are found by their folders, and their addresses can be set."""

from pathlib import Path

import pytest

from data_sources.errors import Rejected
from data_sources.info import load_info
from data_sources.registry import build_sources, find_file_parser, list_hosts, list_infos


def test_the_publishers_are_there() -> None:
    assert {"cpi", "egdi", "gtmi", "open_sdg", "owid", "sdmx", "spi", "un_sdg", "undata", "world_bank"} <= set(
        list_infos()
    )
    assert list(list_infos()) == sorted(list_infos())
    assert list_infos()["cpi"].redistribution == "unmodified"


def test_the_world_bank_names_the_database_that_a_series_is_in() -> None:
    bank = list_infos()["world_bank"]
    assert bank.of("GOV_WGI_CC.EST").title == "Worldwide Governance Indicators"
    assert bank.of("IT.NET.USER.ZS").title == "World Development Indicators"
    assert "Governance" not in bank.of("IT.NET.USER.ZS").attribution
    assert bank.of("").title == bank.title


def test_an_address_replaces_the_declared_one_and_joins_the_hosts() -> None:
    room = build_sources({"world_bank": "http://127.0.0.1:8123/v2/"})["world_bank"]
    assert room.info.base_url == "http://127.0.0.1:8123/v2"
    assert room.info.hosts == ("api.worldbank.org", "127.0.0.1:8123")
    assert list_hosts([room]) == {"api.worldbank.org": 4, "127.0.0.1:8123": 4}
    assert build_sources({})["world_bank"].info.base_url == "https://api.worldbank.org/v2"


@pytest.mark.parametrize("address", ["ftp://example.org", "example.org", "http://user:sesame@example.org/"])
def test_a_wrong_address_is_said_without_its_secrets(address: str) -> None:
    with pytest.raises(ValueError, match=r"un_sdg: .* is not an http") as raised:
        build_sources({"un_sdg": address})
    assert "sesame" not in str(raised.value)


def test_an_unknown_publisher_is_said() -> None:
    with pytest.raises(ValueError, match=r"no such source: wb; there are .*cpi, egdi"):
        build_sources({"wb": "http://127.0.0.1"})
    with pytest.raises(ValueError, match="no source 'wb' that reads files"):
        find_file_parser("wb")


def test_files_without_an_address_are_not_asked_for() -> None:
    with pytest.raises(Rejected) as raised:
        build_sources({})["cpi"].plan([])
    assert raised.value.code == "no_address"


@pytest.mark.parametrize(("line", "words"), [('surprise = "1"', "surprise"), ("", "missing")])
def test_a_faulty_declaration_names_file_and_key(tmp_path: Path, line: str, words: str) -> None:
    (tmp_path / "source.toml").write_text(f'id = "x"\n{line}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=words) as raised:
        load_info(tmp_path)
    assert "source.toml" in str(raised.value)
