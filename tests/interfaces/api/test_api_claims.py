"""The claims by address, with counts that were sent, and pages that know them."""

import csv
import io

import httpx
import pytest
from typer.testing import CliRunner

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.claims.statement import view_statement
from dashboard.answers.search.query import search
from dashboard.interfaces.api.contract.sent import count_sent_of_origin
from dashboard.interfaces.pages.statement.claim import write_head
from dashboard.interfaces.pages.statement.state import StatementState
from dashboard.operations.cli import app
from tests.interfaces.states.arrival import arrived

pytestmark = pytest.mark.usefixtures("embedded")


async def test_claims_are_answered_as_the_page_shows_them(client: httpx.AsyncClient) -> None:
    told = (await client.get("/api/v1/claims?lang=fr")).json()
    assert told == view_statement(open_context("fr"), count_sent_of_origin(open_context("fr")))
    felt = next(it for group in told["groups"] for it in group["claims"] if it["id"] == "S-14")
    effects = "Sur 3 estimations, 0 se détachent dans tous les tirages des pays de comparaison"
    assert effects in felt["beside"][1], "estimates that come with the product"
    lines = list(csv.DictReader(io.StringIO((await client.get("/api/v1/claims.csv?lang=fr")).text)))
    assert [line["id"] for line in lines] == [it["id"] for group in told["groups"] for it in group["claims"]]


async def test_one_claim_has_its_history_and_an_unknown_one_is_not_found(client: httpx.AsyncClient) -> None:
    told = (await client.get("/api/v1/claims/S-17")).json()
    assert (told["claim"]["answer"], [step["vintage"] for step in told["history"]]) == ("due", [1, 2, 3])
    assert (await client.get("/api/v1/claims/S-99")).status_code == 404


async def test_what_is_due_is_in_a_calendar_and_documents_in_a_file(client: httpx.AsyncClient) -> None:
    assert "20270430" in (await client.get("/api/v1/claims/calendar.ics")).text
    assert "20270430" in (await client.get("/api/v1/calendar.ics")).text
    assert (await client.get("/api/v1/adoption/documents.csv")).text.startswith("what,id,country")
    assert (await client.get("/api/v1/reports/statement.pdf")).content.startswith(b"%PDF")


def test_the_page_has_all_claims() -> None:
    state = arrived(StatementState, "/fr/statement/")
    ctx = open_context("fr")
    assert (state.phase, state.view) == ("ready", view_statement(ctx, count_sent_of_origin(ctx)))


def test_a_claim_s_page_is_that_of_the_path() -> None:
    state = arrived(StatementState, "/en/statement/S-16/", "load_claim")
    assert (state.phase, state.name, state.claim["answer"]) == ("ready", "S-16", "said_not_shown")
    assert arrived(StatementState, "/en/statement/S-99/", "load_claim").phase == "unknown"
    head = write_head("en", "S-16", "")
    assert head.found
    assert head.description.startswith("Not verified: No counts of answers were sent")
    assert not write_head("en", "S-99", "").found


def test_claims_are_found_by_their_number_and_their_words(ctx: Context) -> None:
    for words in ("S-16", "continuously"):
        found = [hit for group in search(ctx, words)["groups"] for hit in group["hits"]]
        assert any(hit["href"].endswith("statement/S-16/") for hit in found)


def _list_claims(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith("  S-")]


def test_the_command_lists_every_claim_with_its_answer() -> None:
    done = CliRunner().invoke(app, ["claims", "check"])
    assert (done.exit_code, done.output.count("  S-")) == (0, 21)
    assert "S-17  Due April 2027: " in done.output
    view = view_statement(open_context(), count_sent_of_origin(open_context()))
    assert done.output.endswith(f"{view['text']}\n")
    claims = [it for group in view["groups"] for it in group["claims"]]
    marked = {it["id"]: it["evidence_text"] in line for it, line in zip(claims, _list_claims(done.output), strict=True)}
    assert marked == {it["id"]: it["evidence"] != "none" for it in claims}
    assert CliRunner().invoke(app, ["claims", "check", "--as-of", "1999-01-01"]).exit_code == 2
