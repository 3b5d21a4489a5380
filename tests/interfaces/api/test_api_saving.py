"""Under which name an answer is saved, whether it is saved or shown, and how many rows one asks for at most."""

import httpx
import pytest

pytestmark = pytest.mark.usefixtures("embedded")

OBSERVATIONS = "indicator=egdi,wgi_cc,wgi_ge,wgi_rl&country=AZE,GEO,KAZ,KGZ,TJK,TKM,UZB&from=2020"
NAMED = "egdi_wgi_cc_wgi_ge_AZE_GEO_KAZ_KGZ_TJK_TKM_2020-"
"""Three indicators and six countries name a file; further ones would make names nobody reads."""


@pytest.mark.parametrize(
    ("address", "saved", "name"),
    [
        (f"observations.csv?{OBSERVATIONS}", True, f"{NAMED}.csv"),
        (f"observations.json?{OBSERVATIONS}&limit=1", False, f"{NAMED}.json"),
        (f"observations.xlsx?{OBSERVATIONS}&limit=1", True, f"{NAMED}.xlsx"),
        (f"observations.metadata.json?{OBSERVATIONS}", False, f"{NAMED}.metadata.json"),
        ("observations.csv?indicator=wgi_cc&country=AZE&to=2020", True, "wgi_cc_AZE_-2020.csv"),
        ("observations.csv?indicator=wgi_cc&country=AZE&from=2019&to=2020", True, "wgi_cc_AZE_2019-2020.csv"),
        ("observations.csv?indicator=wgi_cc&country=AZE", True, "wgi_cc_AZE.csv"),
        (
            "progress.csv?indicator=egdi,wgi_cc,wgi_ge,wgi_rl&country=AZE,GEO,KAZ,KGZ,TJK,TKM,UZB", True,
            "progress_egdi_wgi_cc_wgi_ge_AZE_GEO_KAZ_KGZ_TJK_TKM.csv",
        ),
        ("compare.csv?indicator=wgi_cc&country=AZE,GEO", True, "compare.csv"),
        ("compare.xlsx?indicator=wgi_cc&country=AZE,GEO", True, "compare.xlsx"),
        ("countries/aze/missing.csv", True, "missing_AZE.csv"),
        ("adoption.csv", True, "adoption_events.csv"),
    ],
)  # fmt: skip
async def test_a_file_is_saved_by_a_name_that_says_what_it_holds(
    client: httpx.AsyncClient, address: str, saved: bool, name: str
) -> None:
    reply = await client.get(f"/api/v1/{address}")
    assert reply.status_code == 200, reply.text
    way = "attachment" if saved else "inline"
    assert reply.headers["content-disposition"] == f'{way}; filename="{name}"'


@pytest.mark.parametrize(
    ("address", "most", "status"),
    [
        ("observations.json?indicator=stat_law", 10_000, 422), ("changes?indicator=stat_law", 10_000, 422),
        ("peers?country=AZE", 50, 422), ("search?q=gov", 100, 422),
    ],
)  # fmt: skip
async def test_so_many_are_asked_for_at_once_and_not_one_more(
    client: httpx.AsyncClient, address: str, most: int, status: int
) -> None:
    joined = f"/api/v1/{address}{'&' if '?' in address else '?'}limit="
    assert (await client.get(f"{joined}{most}")).status_code == 200
    for limit in (most + 1, 0):
        refused = await client.get(f"{joined}{limit}")
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (status, "limit")


async def test_who_names_no_limit_gets_the_number_that_is_documented(client: httpx.AsyncClient) -> None:
    rows = (await client.get("/api/v1/observations.json?indicator=internet_users")).json()
    assert (len(rows["rows"]), bool(rows["next"])) == (1000, True)
    groups = (await client.get("/api/v1/search?q=government")).json()["groups"]
    assert max(len(group["hits"]) for group in groups) == 5
    changes = (await client.get("/api/v1/changes?since=0&indicator=internet_users,wgi_cc")).json()
    assert (len(changes["rows"]), bool(changes["next"])) == (1000, True)


async def test_text_is_sent_as_it_is_written_and_without_spaces_between(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/v1/countries?lang=ar", headers={"Accept-Encoding": "identity"})
    assert "أذربيجان" in reply.text
    assert '", "' not in reply.text.replace("\\", "")[:2000]
    assert "Özbəkistan" in (await client.get("/api/v1/countries/Özbəkistan")).text
