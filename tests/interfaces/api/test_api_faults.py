"""Every error is a problem document that says what to do; nothing leaks, nothing is guessed."""

import logging

import httpx
import pytest

from dashboard.answers.base.errors import Busy, Gone, Invalid
from dashboard.evidence.dataset.wholeness import Damaged
from dashboard.interfaces.api.contract import catalogue
from dashboard.interfaces.api.drawn import PLACES_BY_FORM
from dashboard.interfaces.api.problems import TYPES
from dashboard.interfaces.protection.admission import WorkPlaces
from tests.given import raising

WRONG: list[tuple[str, int, str]] = [
    ("indicators/wgi_c", 404, "wgi_cc"),
    ("countries/Azerbaijan", 404, "AZE"),
    ("countries/AZ", 422, "AZE"),
    ("countries/031", 422, "AZE"),
    ("provenance/0000000000000000", 404, "0000000000000000"),
    ("provenance/%3Cscript%3E", 404, "<script>"),
    ("observations.json", 422, "indicator"),
    ("observations.json?indicator=nothing_like_it", 404, "nothing_like_it"),
    ("observations.json?indicator=wgi_cc&country=ZZZ", 404, "ZZZ"),
    ("observations.json?indicator=wgi_cc&country=AZ", 422, "AZE"),
    ("observations.json?indicator=wgi_cc&from=abc", 422, "from"),
    ("observations.json?indicator=wgi_cc&from=20151", 422, "from"),
    ("observations.json?indicator=wgi_cc&from=2015.5", 422, "from"),
    ("observations.json?indicator=wgi_cc&from=2020&to=2015", 422, "2020"),
    ("observations.json?indicator=wgi_cc&limit=0", 422, "limit"),
    ("observations.json?indicator=wgi_cc&limit=1000000", 422, "limit"),
    ("observations.json?indicator=wgi_cc&limit=ten", 422, "limit"),
    ("observations.json?indicator=wgi_cc&cursor=abc", 422, "cursor"),
    ("observations.json?indicator=wgi_cc&cursor=%FF", 422, "cursor"),
    ("observations.json?indicator=wgi_cc&as_of=1999-01-01", 422, "2026-11-24"),
    ("observations.json?indicator=wgi_cc&as_of=1700000000", 422, "as_of"),
    ("observations.json?indicator=wgi_cc&as_of=2026-02-30", 422, "as_of"),
    ("observations.json?indicator=wgi_cc&lang=xx", 422, "lang"),
    ("observations.json?indicator=wgi_cc&dimensions=some", 422, "dimensions"),
    ("observations.json?indicator=wgi_cc&contry=AZE", 422, "“country”"),
    ("observations.csv?indicator=wgi_cc&country=ZZZ", 404, "ZZZ"),
    ("charts/pie.json?indicator=wgi_cc", 404, "trend"),
    ("charts/trend.json", 422, "indicator"),
    ("charts/trend.json?indicator=wgi_c", 404, "wgi_cc"),
    ("charts/trend.json?indicator=wgi_cc&theme=blue", 422, "theme"),
    ("charts/trend.svg?indicator=wgi_cc&country=AZE,GEO,KAZ,UZB,IDN,ROU,UGA", 422, "6"),
    ("charts/trend.gif?indicator=wgi_cc", 404, "docs"),
    ("nothing", 404, "/api/v1/docs"),
]


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(("route", "status", "word"), WRONG)
async def test_what_is_wrong_is_said_with_what_to_do(
    client: httpx.AsyncClient, route: str, status: int, word: str
) -> None:
    reply = await client.get(f"/api/v1/{route}")
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["cache-control"] == "no-store"
    problem = reply.json()
    assert {"type", "title", "status", "detail", "instance"} <= set(problem)
    assert problem["status"] == status
    assert problem["instance"].startswith("/api/v1/")
    assert word in problem["detail"] + " ".join(problem.get("suggestions", []))


@pytest.mark.usefixtures("embedded")
async def test_unknown_names_come_with_suggestions_a_program_can_use(client: httpx.AsyncClient) -> None:
    problem = (await client.get("/api/v1/indicators/wgi_c")).json()
    assert problem["type"] == "urn:asan-sdg-monitor:problem:unknown-indicator"
    assert (problem["kind"], problem["name"]) == ("indicator", "wgi_c")
    assert "wgi_cc" in problem["suggestions"]


@pytest.mark.usefixtures("embedded")
async def test_several_faults_are_named_at_once(client: httpx.AsyncClient) -> None:
    problem = (await client.get("/api/v1/observations.json?indicator=wgi_cc&from=x&limit=y")).json()
    assert [fault["parameter"] for fault in problem["errors"]] == ["from", "limit"]


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("route", ["/api/v1/meta", "/api/v1/indicators/wgi_cc", "/api/v1/charts/trend.json"])
async def test_other_methods_are_refused_with_those_there_are(
    client: httpx.AsyncClient, method: str, route: str
) -> None:
    reply = await client.request(method, route)
    assert (reply.status_code, reply.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.usefixtures("embedded")
async def test_a_failure_of_ours_is_logged_and_tells_nothing(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(ctx: object) -> None:
        raise RuntimeError("postgresql://monitor:hunter2@db")

    monkeypatch.setattr(catalogue, "describe_dataset", broken)
    with caplog.at_level(logging.ERROR):
        reply = await client.get("/api/v1/meta?lang=ar&as_of=2026-11-24")
    assert (reply.status_code, reply.headers["content-type"]) == (500, "application/problem+json")
    assert "hunter2" not in reply.text
    assert "Traceback" not in reply.text
    assert "hunter2" in caplog.text


@pytest.mark.usefixtures("unpublished")
async def test_before_the_first_publication_the_api_says_when_to_come_back(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/v1/meta")
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "30")
    assert reply.json()["type"].endswith("not-ready")


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("form", ["vega", "svg", "png"])
async def test_a_chart_for_which_there_is_no_place_is_refused_and_its_figures_are_not(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    assert form in PLACES_BY_FORM
    full = WorkPlaces(1, waiting=0)
    full._take("10.0.0.1")
    monkeypatch.setitem(PLACES_BY_FORM, form, full)
    question = "indicator=wgi_cc&country=AZE,UGA,KAZ&from=2007"
    reply = await client.get(f"/api/v1/charts/trend.{form}?{question}")
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "5")
    assert (await client.get(f"/api/v1/charts/trend.csv?{question}")).status_code == 200


@pytest.mark.usefixtures("embedded")
async def test_a_cursor_of_another_question_is_refused(client: httpx.AsyncClient) -> None:
    first = await client.get("/api/v1/observations.json?indicator=wgi_cc&limit=5")
    reply = await client.get(f"/api/v1/observations.json?indicator=wgi_ge&limit=5&cursor={first.json()['next']}")
    assert reply.status_code == 422
    assert "another question" in reply.json()["detail"]


WORDS = [
    ("observations.json?indicator=wgi_cc&contry=AZE", "contry",
     "There is no parameter “contry”. Did you mean “country”?"),
    ("peers?country=ETH&zzz=1", "zzz",
     "There is no parameter “zzz”. This route knows lang, as_of, v, limit, cursor, country."),
    ("charts/trend.json", "indicator", "indicator: is required."),
    ("peers?country=ETH&limit=0", "limit", "limit: Input should be greater than or equal to 1 (given: '0')."),
    ("observations.json?indicator=wgi_cc&from=2020&to=2015", "", "From (2020) must not be after to (2015)."),
    ("observations.json?indicator=wgi_cc&from=abc", "from", "from: must be a whole number (given: 'abc')."),
    (f"observations.json?indicator=wgi_cc&from={'9' * 200}", "from",
     f"from: must be a whole number (given: '{'9' * 80}')."),
    ("changes?since=x", "since",
     "since: must be a date such as 2024-11-02 or the number of a vintage (given: 'x')."),
    ("meta?as_of=1700000000", "as_of", "as_of: must be a date such as 2024-11-02 (given: '1700000000')."),
    (f"meta?v={'x' * 100}", "v", f"v: String should have at most 64 characters (given: '{'x' * 80}')."),
]  # fmt: skip


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(("route", "parameter", "words"), WORDS)
async def test_a_parameter_that_cannot_be_used_is_named_with_what_was_given(
    client: httpx.AsyncClient, route: str, parameter: str, words: str
) -> None:
    problem = (await client.get(f"/api/v1/{route}")).json()
    assert (problem["detail"], problem["title"], problem["status"]) == (words, "Invalid parameter", 422)
    assert problem["instance"] == f"/api/v1/{route}"
    (fault,) = problem["errors"]
    assert (fault["parameter"], fault["detail"].rstrip(".")) == (parameter, words.rstrip("."))


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    "route",
    ["from=2015&to=2015", "from=1900", "to=2100", "from=&to=2010", "from=2010&to=", "as_of=", "limit=1", "limit=10000"],
)
async def test_bounds_themselves_and_what_is_left_empty_can_be_asked_for(client: httpx.AsyncClient, route: str) -> None:
    assert (await client.get(f"/api/v1/observations.json?indicator=wgi_cc&country=AZE&{route}")).status_code == 200


RAISED = [
    (Gone("It is not kept."), 410, "gone", None), (Busy("Come back.", 7), 429, "busy", "7"),
    (Damaged("secret path"), 503, "damaged", "30"),
    (OSError(28, "No space left", "secret path"), 503, "system", "60"),
    (Invalid("x", "It is not."), 422, "invalid-parameter", None),
]  # fmt: skip


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(("error", "status", "slug", "wait"), RAISED, ids=[slug for _, _, slug, _ in RAISED])
async def test_what_goes_wrong_has_its_own_type_and_the_time_to_wait(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, slug: str, wait: str
) -> None:
    def raising(ctx: object) -> None:
        raise error

    monkeypatch.setattr(catalogue, "describe_dataset", raising)
    reply = await client.get(
        "/api/v1/meta?lang=fr&as_of=2026-11-25"
    )  # asked for nowhere else, so nobody keeps the answer
    assert (reply.status_code, reply.headers.get("retry-after")) == (status, wait)
    assert reply.json()["type"] == TYPES + slug
    assert "secret" not in reply.text


async def test_what_there_is_not_and_methods_that_there_are_not(client: httpx.AsyncClient) -> None:
    problem = (await client.post("/api/v1/meta")).json()
    assert (problem["type"], problem["title"]) == ("about:blank", "Method Not Allowed")
    assert problem["detail"] == "POST is not possible here; GET, HEAD, OPTIONS is."
    for path in ("/api", "/api/v1/nothing"):
        problem = (await client.get(path)).json()
        assert (problem["status"], problem["instance"]) == (404, path)
    below = await client.get("/.well-known/security.txt")  # no address of the API
    assert (below.status_code, below.headers["content-type"]) == (404, "application/json")


async def test_a_failure_below_the_api_is_said_in_plain_words(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.interfaces.api.routes.health.settings", raising(RuntimeError("hunter2")))
    reply = await client.get("/.well-known/security.txt")
    assert (reply.status_code, reply.text) == (500, "Internal Server Error")
    assert reply.headers["content-type"].startswith("text/plain")
