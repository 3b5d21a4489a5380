"""From invitation to published figure through the API alone: three programs, each with the token of its person.

The real product is started. Each person takes their invitation and makes a token, by the forms of the server; from then
on there are requests with a token and nothing else, and readers get the figure from the public API.
"""

import contextlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest

from dashboard.accounts import audit, people
from dashboard.accounts.model import Role
from dashboard.accounts.people import Rights
from dashboard.evidence.database.engine import migrate, open_engine
from dashboard.settings import Settings
from tests.accounts.conftest import PASSWORD
from tests.e2e.product import running
from tests.journeys.forms import fill_in, send

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900), pytest.mark.xdist_group("programs")]

YEAR = str(datetime.now(UTC).year - 1)
INDICATOR = "complaints_in_time"
SCOPES = {Role.CONTRIBUTOR: "submit", Role.APPROVER: "approve", Role.REVIEWER: "publish"}
SENT = "/api/v1/submissions"
DONE = ("submitted", "approved", "published")
METHOD = {
    "method": "registers", "who": "State Agency", "population": "All complaints", "period_of_work": f"All of {YEAR}",
    "numerator_counts": "Answered in time", "denominator_counts": "Complaints received",
    "address": "https://stat.test/complaints",
}  # fmt: skip
TOKEN = re.compile(r'<code class="secret">(monitor_[^<]+)</code>')
KEY = re.compile(r"<code[^>]*>([A-Z2-7 ]{16,})</code>")


def take_invitation(url: str, link: str, role: Role) -> str:
    """From the link of an invitation to a personal token."""
    with httpx.Client(base_url=url, follow_redirects=True, timeout=60) as browser:
        send(browser, "/account/link", on=link, name="A Name", password=PASSWORD, again=PASSWORD)
        send(browser, "/account/login", email=f"{role}@office.test", password=PASSWORD)
        code = {}
        if role.needs_second_factor:
            page = browser.get("/account/codes").text  # each look at the page makes another key
            key = KEY.search(page)
            assert key, page
            app = pyotp.TOTP(key[1].replace(" ", ""))
            fill_in(browser, "/account/codes", page, code=app.now())
            code = {"code": app.at(datetime.now(UTC) + timedelta(seconds=30))}  # each is taken once
        page = browser.get("/account/").text
        form = {"form_token": re.findall(r'name="form_token" value="([^"]+)"', page)[0], "lang": "en"}
        made = browser.post("/account/tokens", data=form | {"name": "x", f"scope_{SCOPES[role]}": "1"} | code)
        token = TOKEN.search(made.text)
        assert token, made.text
        return token[1]


def test_from_invitation_to_published_figure_by_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data"
    for name, value in {
        "ACCOUNTS__ENABLED": "true", "SECRET": "s" * 40, "DATABASE_URL": "", "PUBLIC_URL": "http://localhost:3000",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"MONITOR_{name}", value)
    made = Settings(data_dir=folder)
    migrate(made)
    links = {}
    for role in SCOPES:
        rights = Rights(role, "AZE" if role.of_country else "", f"Office of {role}")
        links[role] = people.invite(made, email=f"{role}@office.test", rights=rights).link.partition(":3000")[2]
    with running(folder) as url, contextlib.ExitStack() as open_clients:
        tokens = {role: take_invitation(url, links[role], role) for role in SCOPES}
        program = {
            role: open_clients.enter_context(
                httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=120)
            )
            for role, token in tokens.items()
        }

        def move(role: Role, name: str) -> dict[str, Any]:
            answer = program[role].post(f"{here}/{name}")
            assert answer.status_code == 200, answer.text
            told: dict[str, Any] = answer.json()
            return told

        row = {"indicator": INDICATOR, "breakdown": "total", "value": 81.4, "numerator": 407, "denominator": 500}
        body = {"period": YEAR, "method": METHOD, "rows": [row]}
        sent = program[Role.CONTRIBUTOR].post(SENT, json=body, headers={"Idempotency-Key": "x"})
        assert sent.status_code == 201, sent.text
        assert sent.json()["counts"]["error"] == 0, sent.json()["findings"]
        here = sent.headers["location"]
        for role in (Role.APPROVER, Role.REVIEWER):  # out of turn, or with what another scope may
            assert program[role].post(f"{here}/submit").status_code == 403
        assert move(Role.CONTRIBUTOR, "submit")["state"] == "submitted"
        assert program[Role.REVIEWER].post(f"{here}/publish").status_code == 409
        for role in (Role.CONTRIBUTOR, Role.REVIEWER):
            assert program[role].post(f"{here}/approve").status_code == 403
        assert move(Role.APPROVER, "approve")["state"] == "approved"
        for role in (Role.CONTRIBUTOR, Role.APPROVER):
            assert program[role].post(f"{here}/publish").status_code == 403
        assert move(Role.REVIEWER, "publish")["state"] == "published"

        reader = open_clients.enter_context(httpx.Client(base_url=url, timeout=60))
        receipt = reader.get(f"{here}/receipt.json").json()
        assert (receipt["submitted_by"], receipt["approved_by"]) == ("Office of contributor", "Office of approver")
        figures = reader.get("/api/v1/observations.json", params={"indicator": INDICATOR, "country": "AZE"}).json()
        assert [(one["period"], one["value"]) for one in figures["rows"]] == [(YEAR, 81.4)], figures
    trail, _ = audit.list_entries(open_engine(made), subject=f"submission {here.rpartition('/')[2]}")
    by_token = [(one.action.partition(".")[2], one.actor, "by_token" in one.after) for one in reversed(trail)]
    actors = {role: people.find_by_email(made, f"{role}@office.test") for role in SCOPES}
    expected = zip(DONE, actors.values(), strict=True)
    assert [one for one in by_token if one[0] in DONE] == [(done, who.id, True) for done, who in expected if who]
    assert audit.verify(open_engine(made)).broken == 0
