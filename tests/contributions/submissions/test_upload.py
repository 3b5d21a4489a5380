"""Files over the real upload: every bad one is named, none is accepted wrongly, and nothing is left half."""

import io
import random
import re
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from html import unescape
from pathlib import Path

import fastexcel
import httpx
import pytest
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from dashboard.accounts import audit, people, sessions
from dashboard.accounts.model import Role
from dashboard.accounts.people import Rights
from dashboard.accounts.tables import Account
from dashboard.contributions.submissions import store
from dashboard.contributions.submissions.model import MAX_BYTES, Finding
from dashboard.contributions.submissions.workbooks.words import finding_text
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.interfaces.api.submissions import public
from dashboard.locales import DESK_LANGUAGES, t
from dashboard.settings import Settings
from tests.accounts.conftest import SITE, place, serving
from tests.accounts.smtp import Post, mail_server
from tests.contributions.submissions.conftest import GOOD, YEAR, workbook
from tests.contributions.submissions.files import BAD, READ_RIGHT, REFUSED, Bad, csv, observation, rows
from tests.data_sources import sdmx_shapes as sdmx

__all__ = ["SITE", "place"]

Y = int(YEAR)


@pytest.fixture
def api(place: Settings) -> FastAPI:
    made = serving(place)
    made.include_router(public.router, prefix="/api/v1")
    return made


class Person:
    """A browser in which somebody is logged in."""

    def __init__(self, api: FastAPI, place: Settings, account: Account) -> None:
        self.account, self.place = account, place
        cookie = sessions.begin_session(
            place, account, stage="full", cookie_header=None, address="192.0.2.1", agent="test"
        )
        transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(
            transport=transport, base_url=SITE, cookies={cookie.name: cookie.value}, timeout=120
        )

    async def token(self, path: str = "/contribute/") -> str:
        found = re.search(r'name="form_token" value="([0-9a-f]{64})"', (await self.client.get(path)).text)
        assert found, (await self.client.get(path)).text[:500]
        return found[1]

    async def upload(self, body: bytes, name: str = "figures.xlsx", **fields: str) -> httpx.Response:
        form = {"form_token": await self.token(), "period": YEAR, **fields}
        return await self.client.post("/contribute/upload", data=form, files={"file": (name, body)})

    async def post(self, path: str, on: str, **fields: str) -> httpx.Response:
        return await self.client.post(path, data={"form_token": await self.token(on), **fields})


COMMON = {
    "comma_decimals",
    "arabic_digits",
    "utf_16",
    "head_in_arabic",
    "sdmx_csv",
    "sdmx_generic",
    "not_at_a1",
}
"""Files of each kind, read over the upload in ``make test``; the others in ``make long``."""

Make = Callable[..., Person]


@pytest.fixture
def person(api: FastAPI, place: Settings) -> Make:
    def made(role: Role = Role.CONTRIBUTOR, country: str = "AZE", email: str = "") -> Person:
        email = email or f"{role}{random.random()}@stat.test".lower()
        rights = Rights(role, country if role.of_country else "", f"Office of {role}")
        invitation = people.invite(place, email=email, rights=rights)
        people.accept(place, invitation.link.split("token=")[1].split("&")[0], "lantern orchid gravel 71", "A Name")
        account = people.find_account(place, invitation.account.id)
        assert account is not None
        return Person(api, place, account)

    return made


@pytest.fixture
async def sender(person: Make) -> AsyncIterator[Person]:
    made = person()
    yield made
    await made.client.aclose()


async def findings(sender: Person, body: bytes, name: str = "figures.xlsx") -> dict[str, list[tuple[str, str]]]:
    """Rule → (cell, what was read) of everything found in a file that was uploaded."""
    sent = await sender.upload(body, name)
    assert sent.status_code == 303, sent.text[:400]
    number = sent.headers["location"].split("/contribute/")[1].split("?")[0]
    told = (await sender.client.get(f"/api/v1/submissions/{number}")).json()
    found: dict[str, list[tuple[str, str]]] = {}
    for one in told["findings"]:
        assert one["expected"]
        assert one["todo"]
        found.setdefault(one["rule"], []).append((f"{one['column']}{one['row'] or ''}", one["read"]))
    return found


async def test_a_good_file_has_nothing_to_object_to(sender: Person) -> None:
    assert set(await findings(sender, workbook())) == {"target_missing"}


@pytest.mark.parametrize("lang", DESK_LANGUAGES)
def test_indicators_without_a_national_target_are_called_by_their_names(lang: str) -> None:
    said = finding_text(
        Finding("target_missing", "suggestion", read="wgi_cc, egdi, of_old", values={"count": "2"}), lang
    )
    names = [choose_text(load_codebook().metrics[one].name, lang) for one in ("wgi_cc", "egdi")]
    assert said.read == t("ui.list.comma", lang).join([*names, "of_old"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is read of a file is the same on any engine
@pytest.mark.parametrize("bad", BAD, ids=[bad.name for bad in BAD])
@pytest.mark.long
async def test_every_bad_file_is_named_and_one_that_is_not_read_says_why(sender: Person, bad: Bad) -> None:
    told = await findings(sender, bad.make(), bad.file)
    assert bad.rule in told, told
    if bad.cell:
        assert bad.cell in [place for place, _ in told[bad.rule]], told[bad.rule]
    if bad.rule == "refused":
        (finding,) = (await sender.client.get("/api/v1/submissions/1")).json()["findings"]
        assert REFUSED.get(bad.name, "") in finding["expected"]
        back = await sender.client.get("/contribute/1/marked.xlsx")
        with zipfile.ZipFile(io.BytesIO(back.content)) as book:  # the findings alone: the file is not opened again
            assert sum(entry.file_size for entry in book.infolist()) < 100_000


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is read of a file is the same on any engine
@pytest.mark.parametrize(
    ("name", "body", "filename", "values"),
    [pytest.param(*case, id=case[0], marks=[] if case[0] in COMMON else [pytest.mark.long]) for case in READ_RIGHT],
)
async def test_what_people_write_is_read_right(
    sender: Person, place: Settings, name: str, body: bytes, filename: str, values: list[float]
) -> None:
    told = await findings(sender, body, filename)
    assert not {
        rule for rule in told if rule.startswith(("number", "period_", "breakdown", "column_missing", "refused"))
    }, told
    with reading(open_engine(place)) as connection:
        figures = store.figures_of(connection, 1)
    assert figures["value"].to_list() == values
    assert set(figures["period"]) == {YEAR}


async def test_the_findings_of_a_message_come_back_by_its_observations(sender: Person) -> None:
    told = await findings(sender, sdmx.specific(observation(), observation(AGE="Y_GE15")), "f.xml")
    assert [read for _, read in told["breakdown_unknown"]] == ["AGE=Y_GE15"]
    back = fastexcel.read_excel((await sender.client.get("/contribute/1/marked.xlsx")).content)
    assert back.sheet_names == ["Findings"]
    assert "AGE=Y_GE15" in back.load_sheet(0).to_polars()["What was read"].to_list()


HOW = {
    "method.method": "registers", "method.who": "Statistics office", "method.population": "All visits",
    "method.period_of_work": "January to December",
}  # fmt: skip


@pytest.mark.parametrize("lang", DESK_LANGUAGES)
async def test_how_figures_of_a_file_without_method_were_made_is_said_on_the_page(sender: Person, lang: str) -> None:
    assert "method_missing" in await findings(sender, csv(f"nps;Total;{YEAR};40").encode(), "a.csv")
    assert "/contribute/1/method" in (await sender.client.get(f"/contribute/1?lang={lang}")).text
    form = (await sender.client.get(f"/contribute/1/method?lang={lang}")).text
    assert t("making.page.lede", lang) in form
    assert (await sender.post("/contribute/1/method", "/contribute/1/method", **HOW)).status_code == 303
    page = (await sender.client.get(f"/contribute/1?lang={lang}&done=method")).text
    for words in ("Statistics office", t("submissions.kind.registers", lang), t("submissions.done.method", lang)):
        assert words in page
    one = (await sender.client.get("/api/v1/submissions/1")).json()
    assert not {it["rule"] for it in one["findings"]} & {"method_missing", "method_field"}
    assert (await sender.post("/contribute/1/move", "/contribute/1", move="submit")).status_code == 303
    assert (await sender.post("/contribute/1/method", "/contribute/1", **HOW)).status_code == 409


async def test_how_figures_were_made_comes_with_the_file_or_not_at_all(sender: Person, person: Make) -> None:
    body = csv(f"nps;Total;{YEAR};40").encode()
    sent = await sender.upload(body, "a.csv", **HOW)
    rules = {one["rule"] for one in (await sender.client.get("/api/v1/submissions/1")).json()["findings"]}
    assert (sent.status_code, "method_missing" in rules) == (303, False)
    for wrong in ({"method.method": "hearsay"}, {"method.who": "a" * 1_001}):
        assert (await sender.upload(body, "a.csv", **wrong)).status_code == 422
        assert (await sender.post("/contribute/1/method", "/contribute/1", **wrong)).status_code == 422
    for other in (person(Role.APPROVER), person(country="TUR"), person(Role.REVIEWER, "")):
        path = "/contribute/" if other.account.country else "/review/"
        assert (await other.post("/contribute/1/method", path, **HOW)).status_code in (403, 404)


async def test_what_is_said_on_the_page_comes_before_the_file(sender: Person) -> None:
    await findings(sender, workbook())
    await sender.post("/contribute/1/method", "/contribute/1", **{"method.who": "Another office"})
    page = (await sender.client.get("/contribute/1")).text
    assert "Another office" in page
    assert t("submissions.kind.user_survey", "en") in page


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1251", "Отчёт о качестве обслуживания населения"),
        ("cp1254", "Müşteri memnuniyeti düzeyi, çağrı"),
        ("cp1256", "نسبة رضا المتعاملين عن الخدمات الحكومية"),
    ],
)
async def test_encodings_without_a_mark_are_found_and_said(
    sender: Person, place: Settings, encoding: str, words: str
) -> None:
    body = csv(f"nps;Total;{YEAR};40;;{words}", head="Indicator code;Group;Year;Value;Reason if missing;Note").encode(
        encoding
    )
    assert (await findings(sender, body, "a.csv"))["encoding"] == [("", encoding)]
    with reading(open_engine(place)) as connection:
        figures = store.figures_of(connection, 1)
    assert figures["note"].to_list() == [words]


async def test_too_large_and_empty_files_leave_nothing(sender: Person, place: Settings) -> None:
    large = await sender.upload(b"x" * (MAX_BYTES + 200_000), "large.csv")
    assert (large.status_code, (await sender.upload(b"", "empty.csv")).status_code) == (413, 422)
    assert [path for path in (place.data_dir / "submissions").rglob("*") if path.is_file()] == []
    with reading(open_engine(place)) as connection:
        assert store.listing(connection) == []


async def test_a_file_of_51_mb_without_its_length_is_cut_off(sender: Person, place: Settings) -> None:
    token = await sender.token()

    async def body() -> AsyncIterator[bytes]:
        for name, value in (("form_token", token), ("period", YEAR)):
            yield f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        for _ in range(51 * 16):
            yield b"x" * 65_536
        yield b"\r\n--b--\r\n"

    sent = await sender.client.post(
        "/contribute/upload", content=body(), headers={"content-type": "multipart/form-data; boundary=b"}
    )
    assert sent.status_code == 413
    assert [path for path in (place.data_dir / "submissions").rglob("*") if path.is_file()] == []


async def test_a_connection_that_is_lost_leaves_nothing(sender: Person, place: Settings) -> None:
    fields = {"form_token": await sender.token(), "period": YEAR}
    disposition = "--b\r\nContent-Disposition: form-data; name="
    head = "".join(f'{disposition}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    cut = f'{head}{disposition}"file"; filename="a.csv"\r\n\r\nIndicator code;Val'.encode()
    sent = await sender.client.post(
        "/contribute/upload", content=cut, headers={"content-type": "multipart/form-data; boundary=b"}
    )
    assert sent.status_code == 422
    assert [path for path in (place.data_dir / "submissions").rglob("*") if path.is_file()] == []


async def test_the_inbox_is_private(sender: Person, place: Settings) -> None:
    await sender.upload(workbook(), "../../etc/passwd")
    folder = place.data_dir / "submissions"
    assert {oct(path.stat().st_mode & 0o777) for path in (folder, *folder.rglob("*")) if path.is_dir()} == {"0o700"}
    assert {oct(path.stat().st_mode & 0o777) for path in folder.rglob("*") if path.is_file()} == {"0o600"}
    with reading(open_engine(place)) as connection:
        assert store.listing(connection)[0].filename == "passwd"


async def test_a_form_of_another_site_is_not_taken(sender: Person, person: Make, place: Settings) -> None:
    token, files = await sender.token(), {"file": ("a.xlsx", workbook())}
    without = await sender.client.post("/contribute/upload", data={"period": YEAR}, files=files)
    foreign = await sender.client.post(
        "/contribute/upload",
        data={"form_token": token, "period": YEAR},
        files=files,
        headers={"origin": "https://evil.test"},
    )
    other = person()
    theirs = await other.client.post("/contribute/upload", data={"form_token": token, "period": YEAR}, files=files)
    assert [it.status_code for it in (without, foreign, theirs)] == [422, 422, 422]
    with reading(open_engine(place)) as connection:
        assert store.listing(connection) == []


async def test_nobody_and_others_are_turned_away(sender: Person, person: Make, api: FastAPI) -> None:
    number = (await sender.upload(workbook())).headers["location"].split("/contribute/")[1].split("?")[0]
    stranger = httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url=SITE)
    assert (await stranger.get("/contribute/")).headers["location"].startswith("/account/login?next=/contribute/")
    assert (await stranger.get(f"/api/v1/submissions/{number}")).status_code == 401
    turkish = person(country="TUR")
    for path in (f"/contribute/{number}", f"/api/v1/submissions/{number}", f"/contribute/{number}/marked.xlsx"):
        assert (await turkish.client.get(path)).status_code == 404
    people.revoke(sender.place, sender.account.id, None, "", "left")
    assert (await sender.client.get(f"/contribute/{number}")).headers["location"].startswith("/account/login")


async def test_three_people_through_the_pages(sender: Person, person: Make, api: FastAPI, place: Settings) -> None:
    approver, reviewer = person(Role.APPROVER), person(Role.REVIEWER)
    wrong = (await sender.upload(rows(("nps", "Total", Y, 140)))).headers["location"].split("?")[0]
    page = (await sender.client.get(wrong)).text
    assert "D5" in page
    assert "A value from -100 to 100." in page
    assert (await sender.post(f"{wrong}/move", wrong, move="submit")).status_code == 422
    back = await sender.client.get(f"{wrong}/marked.xlsx")
    with zipfile.ZipFile(io.BytesIO(back.content)) as book:
        assert "A value from -100 to 100." in book.read("xl/findings_1.xml").decode()
    right = (await sender.upload(workbook())).headers["location"].split("?")[0]
    assert (await sender.post(f"{right}/move", right, move="submit")).status_code == 303
    assert (await sender.post(f"{right}/move", right, move="approve")).status_code == 403
    assert (await approver.post(f"{right}/move", right, move="approve")).status_code == 303
    assert "Azerbaijan" in (await reviewer.client.get("/review/")).text
    assert (await reviewer.post(f"{right}/move", right, move="publish")).status_code == 303
    number = right.split("/")[-1]
    reader = httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url=SITE)
    receipt = (await reader.get(f"/api/v1/submissions/{number}/receipt.json")).json()
    assert (receipt["submitted_by"], receipt["approved_by"], receipt["rows"]) == (
        "Office of contributor",
        "Office of approver",
        4,
    )
    assert "A Name" not in str(receipt)
    assert (await reader.get(f"/api/v1/submissions/{number}/receipt.pdf")).content.startswith(b"%PDF")
    assert (await reader.get(f"/api/v1/submissions/{wrong.split('/')[-1]}/receipt.json")).status_code == 404
    assert audit.verify(open_engine(place)).broken == 0


async def test_a_jump_of_ten_times_against_what_is_published_is_named(sender: Person, person: Make) -> None:
    approver, reviewer = person(Role.APPROVER), person(Role.REVIEWER)
    first = workbook([*GOOD, ("handling_time", "Total", Y, 4)])
    page = (await sender.upload(first)).headers["location"].split("?")[0]
    for one, move in ((sender, "submit"), (approver, "approve"), (reviewer, "publish")):
        assert (await one.post(f"{page}/move", page, move=move)).status_code == 303
    sent = await sender.upload(workbook([("handling_time", "Total", Y - 1, 44)]), period=str(Y - 1))
    number = sent.headers["location"].split("/contribute/")[1].split("?")[0]
    told = (await sender.client.get(f"/api/v1/submissions/{number}")).json()["findings"]
    assert [(one["column"], one["row"], one["read"]) for one in told if one["rule"] == "jump"] == [("D", 2, "44")]


async def test_own_column_names_are_mapped_once_and_shown_each_time(sender: Person) -> None:
    body = csv(f"nps;{YEAR};40;1", head="Kod;Ilimiz;Neticemiz;Kecen il").encode()
    page = (await sender.upload(body, "a.csv")).headers["location"].split("?")[0]
    asked = (await sender.client.get(page)).text
    assert 'id="seen2"><bdi dir="auto">40</bdi>' in asked, "what stands below a head is shown beside it"
    assert 'id="mapped"' not in asked
    acts = [unescape(it) for it in re.findall(r'class="primary"[^>]*>(.*?)<', asked)]
    assert acts == [t("submissions.detail.columns_button", "en")], "the one thing to do first"
    chosen = {"column0": "indicator", "column1": "period", "column2": "value", "column3": "none"}
    assert (await sender.post(f"{page}/columns", page, **chosen)).status_code == 303
    again = (await sender.upload(body, "b.csv")).headers["location"].split("?")[0]
    told = (await sender.client.get(f"/api/v1/submissions/{again.split('/')[-1]}")).json()
    assert told["unknown_columns"] == []
    assert {"column_unknown", "column_missing"}.isdisjoint(one["rule"] for one in told["findings"])
    shown = (await sender.client.get(again)).text
    assert 'id="columns"' not in shown
    said = re.findall(r"<dt><bdi>(.*?)</bdi></dt><dd>(.*?)</dd>", shown.split('id="mapped"')[1].split("</dl>")[0])
    assert dict(said) == {
        "Kod": t("submissions.column.indicator", "en"), "Ilimiz": t("submissions.column.period", "en"),
        "Neticemiz": t("submissions.column.value", "en"), "Kecen il": t("submissions.detail.not_read", "en"),
    }  # fmt: skip
    assert (await sender.post(f"{again}/columns", again, column2="numerator")).status_code == 303
    told = (await sender.client.get(f"/api/v1/submissions/{again.split('/')[-1]}")).json()
    assert "column_missing" in {one["rule"] for one in told["findings"]}, "what was said can be said otherwise"


@pytest.mark.long
async def test_templates_are_read_back_as_they_were_made(sender: Person) -> None:
    for lang in DESK_LANGUAGES:
        made = await sender.client.get(f"/api/v1/templates/AZE.xlsx?lang={lang}&period={YEAR}")
        assert made.status_code == 200
        told = await findings(sender, made.content)
        assert set(told) == {"rows_none", "left_empty"}, (lang, set(told))
        made = await sender.client.get(f"/api/v1/templates/AZE.csv?lang={lang}&period={YEAR}")
        assert set(await findings(sender, made.content, "t.csv")) == {"rows_none", "left_empty"}
    assert (await sender.client.get("/api/v1/templates/ZZZ.xlsx")).status_code == 404
    other = await sender.client.get(f"/api/v1/templates/TUR.xlsx?period={YEAR}")
    assert "template_country" in await findings(sender, other.content)


@pytest.mark.long
async def test_damaged_files_are_never_accepted_as_something_else(sender: Person) -> None:
    seeds = random.Random(16)
    good = workbook()
    for _ in range(6):
        body = bytearray(good)
        for _ in range(seeds.randrange(1, 40)):
            body[seeds.randrange(len(body))] = seeds.randrange(256)
        sent = await sender.upload(bytes(body))
        assert sent.status_code in (303, 422)
        assert "Traceback" not in sent.text


@pytest.fixture
def letters(tmp_path: Path) -> Iterator[Post]:
    """A real mail server."""
    with mail_server(tmp_path / "mail") as made:
        yield made


async def test_whoever_acts_next_is_told_by_mail(sender: Person, person: Make, place: Settings, letters: Post) -> None:
    from dashboard.contributions.submissions import notices, workflow
    from tests.contributions.submissions.conftest import person as principal_of

    approver = person(Role.APPROVER)
    person(Role.APPROVER, country="TUR")
    mail = place.mail.model_copy(update={"host": "127.0.0.1", "port": letters.port, "encryption": "none"})
    number = int((await sender.upload(workbook())).headers["location"].split("?")[0].rsplit("/", 1)[1])
    found = workflow.make(place, principal_of(sender.account.id, Role.CONTRIBUTOR), number, "submit")
    assert notices.tell(place, found) == 0  # no server is set
    assert await run_in_threadpool(notices.tell, place.model_copy(update={"mail": mail}), found) == 1
    (message,) = letters.messages()
    assert message["To"] == approver.account.email
    assert f"{SITE}/contribute/{number}?lang=en" in message.get_content()
