"""The page of the register: counts with their rule, claims with what they count, rows that say whether they count."""

from collections import Counter
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from dashboard.answers.adoption import claims_chart, register
from dashboard.answers.adoption.counting import list_adopters
from dashboard.answers.adoption.counting import register as the_register
from dashboard.answers.adoption.events import list_starts
from dashboard.answers.adoption.groups import list_groups, list_members
from dashboard.answers.adoption.pipeline import draw_pipeline, place_event, view_pipeline
from dashboard.answers.adoption.register import RegisterQuery, check_query
from dashboard.answers.adoption.register_page import describe_claim, view_register
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.base.references import split_reference
from dashboard.answers.base.words import name_country
from dashboard.answers.countries.country import view_country
from dashboard.answers.site.overview import view_overview
from dashboard.evidence.codebook.model import AdoptionEvent, CountingRule
from dashboard.evidence.codebook.register.adoption import LADDER, RUNGS, is_counted, list_reported_counts
from dashboard.evidence.codebook.register.history import read_first_day, read_last_day
from dashboard.locales import LANGUAGES, format_day, order, t
from tests.answers.shape import faults
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")


def test_the_answers_have_their_declared_shape() -> None:
    from dashboard.answers.adoption.views import RegisterTable, RegisterView

    ctx = open_context()
    assert faults(view_register(ctx), RegisterView) == []
    assert faults(register.view_table(ctx, check_query(ctx, RegisterQuery())), RegisterTable) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_published_count_says_why_it_differs_in_every_language(lang: str) -> None:
    ctx = open_context(lang)
    for it in list_reported_counts(ctx.book):
        assert describe_claim(it, "short", lang)
        assert describe_claim(it, "differs", lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_countries_of_the_register_stand_in_the_order_of_their_names(lang: str) -> None:
    ctx = open_context(lang)
    rows = register.list_rows(ctx, check_query(ctx, RegisterQuery(sort="country")))
    undated = view_pipeline(ctx)["undated"]
    for tiles in (view_overview(ctx)["tiles"], view_register(ctx)["tiles"]):
        _in_order([tile["name"] for tile in tiles], lang)
    _in_order([row["name"] for row in rows], lang)
    _in_order([step["country"] for step in undated], lang)
    assert list(dict.fromkeys(row["name"] for row in rows)) != [
        name_country(ctx, iso3) for iso3 in sorted({row["country"] for row in rows})
    ], "names and codes have another order"


DATED = {"en": "dated events", "fr": "événements datés, et", "ar": "أحداث مؤرخة", "az": "tarixli hadisə"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_status_is_said_to_rest_on_dated_events_where_one_does_not(lang: str) -> None:
    """Uzbekistan operates by an article that gives no date of an opening."""
    events = the_register(open_context())["UZB"].events
    deciding = [event for event in events if is_counted(event) and RUNGS.get(event.type) == "operating"]
    assert deciding
    assert not any(event.date for event in deciding)
    said = t("register.page.lede", lang), t("register.claims.lede", lang)
    assert not [words for words in said if DATED[lang] in words]


def _in_order(names: list[str], lang: str) -> None:
    assert len(names) > 1
    assert names == sorted(names, key=lambda name: order(name, lang))


def test_four_in_full_operation_is_explained_and_has_no_invented_list() -> None:
    told = next(it for it in view_register(open_context(), "operating")["claims"] if it["count_text"] == "4")
    assert "Neither the four nor the criterion" in told["differs"]
    assert told["source_type"] == t("terms.event_source.press", "en")
    assert told["ours"] == "4 countries with a working centre"  # ours of that day: another list, by another rule


def test_the_ladder_names_every_country_of_the_register_once(ctx: Context) -> None:
    *rungs, none = view_register(ctx)["ladder"]
    assert all_of(rung["number"] == len(rung["countries"]) for rung in rungs)
    assert sum(rung["number"] for rung in rungs) + len(none["countries"]) == len({it.iso3 for it in ctx.book.events})
    assert none["id"] == "no_record"
    assert none["number"] > 200
    assert none["countries"] == [], "every country of the register has an event that counts"
    contacts = next(rung for rung in rungs if any("Türkiye" in one for one in rung["countries"]))
    assert contacts["id"] == "interest", "named in the same document of June 2019 as the Emirates and Montenegro"
    assert len(list_adopters(ctx, "any_contact")) == 18


def test_a_row_that_does_not_count_says_why() -> None:
    rows = {row["id"]: row for row in register.list_rows(open_context(), RegisterQuery())}
    assert rows["AZE-01"]["counts"] is False
    assert "origin" in rows["AZE-01"]["counts_text"]
    assert "context" in rows["UZB-01"]["counts_text"]
    assert "contradicts" in rows["AFG-04"]["counts_text"]
    assert rows["PAK-02"]["counts"] is True
    assert all_of(row["counts_text"] for row in rows.values())


def test_filters_leave_what_they_name_and_years_leave_out_events_without_any_date(ctx: Context) -> None:
    whole = register.list_rows(ctx, RegisterQuery())
    asked = check_query(ctx, RegisterQuery(countries=("eth",), disputed="yes"))
    assert [row["id"] for row in register.list_rows(ctx, asked)] == ["ETH-03", "ETH-02"]
    official = register.list_rows(ctx, check_query(ctx, RegisterQuery(source="national_gov")))
    assert {row["source_type"] for row in official} == {"national_gov"}
    of_years = register.view_table(ctx, check_query(ctx, RegisterQuery(first=1990, last=2099)))
    assert of_years["shown"] == sum(bool(row["date"] or row["reported"]) for row in whole) < len(whole)
    assert "left out" in of_years["total_text"]
    found = register.list_rows(ctx, check_query(ctx, RegisterQuery(search="mesob")))
    assert {row["country"] for row in found} == {"ETH"}


def _event(id_: str, kind: str, known: str = "", reported: str = "", **more: object) -> AdoptionEvent:
    """A sourced, reviewed event of the country that its id begins with."""
    common = {
        "id": id_, "iso3": id_[:3], "type": kind, "date": known, "reported": reported, "stance": "supports",
        "review_state": "reviewed", "disputed": False, "source_ref": "https://example.org/", "evidence_level": "E1",
        "precision": ("year", "month", "day")[known.count("-")] if known else "unknown",
    }  # fmt: skip
    return replace(open_context().book.events[0], **(common | more))  # type: ignore[arg-type]


def _registered(*events: AdoptionEvent) -> Context:
    """A register of these events alone."""
    plain = open_context()
    return replace(plain, book=replace(plain.book, events=events, version=f"only {len(events)} events"))


def test_events_without_a_date_come_last_whichever_way_they_are_sorted_and_equals_by_id() -> None:
    ctx = _registered(
        _event("UZB-02", "pilot", "2019", evidence_level="E2"),
        _event("UZB-01", "mou", "2019", evidence_level="E2"),
        _event("ROU-01", "pilot", evidence_level="E1"),
        _event("GEO-01", "mou", "2012-03", evidence_level="E3"),
        _event("GEO-02", "mou", "", "2020-05-01", evidence_level="E3"),
    )
    orders = {
        sort: [row["id"] for row in register.list_rows(ctx, check_query(ctx, RegisterQuery(sort=sort)))]
        for sort in register.SORTS
    }
    assert orders == {
        "newest": ["GEO-02", "UZB-01", "UZB-02", "GEO-01", "ROU-01"],
        "oldest": ["GEO-01", "UZB-01", "UZB-02", "GEO-02", "ROU-01"],
        "country": ["GEO-01", "GEO-02", "ROU-01", "UZB-01", "UZB-02"],
        "type": ["GEO-02", "UZB-01", "GEO-01", "UZB-02", "ROU-01"],
        "evidence": ["ROU-01", "UZB-01", "UZB-02", "GEO-02", "GEO-01"],
    }
    for years, kept, left_out in (
        ((2012, 2019), ["UZB-01", "UZB-02", "GEO-01"], 1), ((2013, None), ["GEO-02", "UZB-01", "UZB-02"], 1),
        ((None, 2012), ["GEO-01"], 1), ((2020, 2020), ["GEO-02"], 1), ((None, None), orders["newest"], 0),
    ):  # fmt: skip
        told = register.view_table(ctx, check_query(ctx, RegisterQuery(first=years[0], last=years[1])))
        assert [row["id"] for row in told["rows"]] == kept, years
        assert (told["shown"], told["total"]) == (len(kept), 5)
        assert ("left out" in told["total_text"]) == bool(left_out)
    assert register.list_years(ctx) == [2012, 2019, 2020]


def test_the_addresses_of_a_question_ask_the_same_again() -> None:
    ctx = open_context("fr", "2026-11-24")
    asked = check_query(
        ctx, RegisterQuery(("ETH", "UZB"), 2010, 2020, "mou", "national_gov", "E1", "no", "a b", "oldest")
    )
    told = register.view_table(ctx, asked)
    assert dict(parse_qsl(urlsplit(told["csv"]).query)) == {
        "country": "ETH,UZB", "from": "2010", "to": "2020", "event": "mou", "source": "national_gov", "evidence": "E1",
        "disputed": "no", "q": "a b", "sort": "oldest", "as_of": "2026-11-24", "lang": "fr",
    }  # fmt: skip
    assert told["json"] == "/api/v1/adoption?lang=fr&as_of=2026-11-24"
    plain = register.view_table(open_context(), check_query(open_context(), RegisterQuery()))
    assert (plain["csv"], plain["json"]) == ("/api/v1/adoption.csv?lang=en", "/api/v1/adoption?lang=en")


@pytest.mark.parametrize(
    ("known", "at"),
    [
        ("2023", 2023 + 364 / 365), ("2024", 2024 + 365 / 366), ("2024-02", 2024 + 59 / 366),
        ("2023-02", 2023 + 58 / 365), ("2024-01-01", 2024.0), ("2023-07-02", 2023 + 182 / 365),
        ("2026", 2026 + 329 / 365), ("2031-01-01", 2026 + 329 / 365),
    ],
)  # fmt: skip
def test_a_step_stands_at_the_last_day_it_can_have_been_and_never_after_today(known: str, at: float) -> None:
    """Today is 26 November 2026, the 330th day of that year."""
    assert place_event(open_context(as_of="2026-11-26"), _event("UZB-01", "mou", known)) == pytest.approx(at, abs=1e-9)


def test_a_country_reaches_a_rung_with_its_first_event_at_or_above_it_and_leaves_it_where_all_centres_closed() -> None:
    ctx = _registered(
        _event("UZB-01", "centre_opened", "2018-05"), _event("UZB-02", "mou", "2016-01-01"),
        _event("UZB-03", "visit"), _event("UZB-04", "pilot", "2017", stance="contradicts"),
        _event("GEO-01", "pilot", "2012"), _event("GEO-02", "all_centres_closed", "2014"),
        _event("ROU-01", "mou", "", "2019-03"),
    )  # fmt: skip
    told = view_pipeline(ctx, "any_contact")
    assert [(step["iso3"], step["stage"], step["date_text"]) for step in told["steps"]] == [
        ("GEO", "interest", "2012"), ("GEO", "signed", "2012"), ("GEO", "pilot", "2012"), ("GEO", "pilot", "2014"),
        ("UZB", "interest", "1 January 2016"), ("UZB", "signed", "1 January 2016"),
        ("UZB", "pilot", "May 2018"), ("UZB", "operating", "May 2018"),
        ("ROU", "interest", "named as a fact in March 2019"), ("ROU", "signed", "named as a fact in March 2019"),
    ]  # fmt: skip
    assert [(step["iso3"], step["stage"], step["date_text"]) for step in told["undated"]] == [("UZB", "interest", "")]
    assert "1 event" in told["undated_text"]
    drawn = draw_pipeline(ctx, "any_contact", "light")
    pilots = [row for row in drawn.rows if row["stage"] == "pilot"]
    assert [(row["event"], row["stage"], row["precision"], row["count"]) for row in pilots] == [
        ("GEO-01", "pilot", "year", 1), ("GEO-02", "pilot", "year", 0), ("UZB-01", "pilot", "month", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["event", "source", "evidence", "disputed", "sort"])
def test_a_filter_that_there_is_not_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(Invalid, match="there are"):
        check_query(open_context(), RegisterQuery(**{name: "atlantis"}))


def test_the_agreement_is_told_with_sources_and_what_is_not_known() -> None:
    view = view_register(open_context())
    kinds = [fact["kind"] for fact in view["agreement"]]
    assert set(kinds) == {"milestone", "activity", "continents", "participation"}
    assert all_of(fact["source"] for fact in (*view["agreement"], *view["organisations"]))
    assert {it["id"] for it in view["organisations"]} == {"islamic_development_bank", "icesco"}
    assert [it["country"] for it in view["shared"]] == ["IDN"]
    assert [it["country"] for it in view["predate"]] == ["UZB"]
    assert "ETH" in [it["country"] for it in view["twice"]]


@pytest.mark.parametrize("rule", ["any_contact", "signed", "pilot_or_more", "operating"])
def test_the_chart_of_counts_ends_at_todays_and_has_every_dated_count_of_others(rule: CountingRule) -> None:
    ctx = open_context()
    drawn = claims_chart.draw_claims(ctx, rule, "light")
    ours = {row["id"]: row["count"] for row in drawn.rows if row["kind"] == "ours"}  # the last of each rule
    assert ours == {
        known: len(list_adopters(ctx, known)) for known in ("any_contact", "signed", "pilot_or_more", "operating")
    }
    published = {row["id"]: (row["count"], row["from"], row["to"]) for row in drawn.rows if row["kind"] == "published"}
    assert published == {
        it.id: (it.count, str(read_first_day(it.date)), str(read_last_day(it.date)))
        for it in list_reported_counts(ctx.book)
        if it.date
    }
    assert f"{ours[rule]} countries are counted on {format_day(ctx.today, 'en')}." in drawn.sentence


def test_beside_each_published_count_stands_ours_of_its_last_day(ctx: Context) -> None:
    for told, it in zip(view_register(ctx, "signed")["claims"], list_reported_counts(ctx.book), strict=True):
        day = read_last_day(it.date)
        dated = [
            event for event in ctx.book.events if is_counted(event) and event.iso3 != "AZE" and event.date_or_report
        ]
        ours = {event.iso3 for event in dated if day and (read_last_day(event.date_or_report) or day) <= day
                and LADDER.index(RUNGS.get(event.type, "no_record")) >= 2}  # fmt: skip
        assert told["ours"] == (f"{len(ours)} countries have signed or gone further" if len(ours) != 1
                                else "1 country has signed or gone further")  # fmt: skip


def test_rows_that_contradict_each_other_are_counted_and_named(ctx: Context) -> None:
    for told in view_register(ctx)["twice"]:
        rows = sorted(event.id for event in ctx.book.events if event.iso3 == told["country"] and event.disputed)
        assert told["event"] == rows[0]
        assert told["text"].startswith(f"{len(rows)} disputed row")
    disputed = {event.iso3 for event in ctx.book.events if event.disputed}
    assert [told["country"] for told in view_register(ctx)["twice"]] == sorted(disputed)


def test_squares_and_the_legend_count_the_same_countries(ctx: Context) -> None:
    view = view_register(ctx, "signed")
    tiles = view["tiles"]
    assert {tile["iso3"] for tile in tiles} == {it.iso3 for it in ctx.book.countries.values() if it.tile}
    assert {tile["iso3"] for tile in tiles if tile["counted"]} == set(list_adopters(ctx))
    status = Counter("origin" if tile["origin"] else tile["status"] for tile in tiles)
    assert {entry["id"]: entry["count"] for entry in view["legend"]} == status
    rungs = {rung["id"]: rung["number"] for rung in view["ladder"]}
    assert {name: number for name, number in rungs.items() if number} == status


def test_a_group_to_compare_has_its_own_countries_by_name() -> None:
    ctx, every = open_context(), open_context().book.countries.values()
    offered = [choice["id"] for choice in list_groups(ctx)]
    assert offered[:4] == ["adopters", "ldc", "lldc", "sids"]
    for group in offered:
        kind, _, name = group.partition(".")
        own = {
            "adopters": lambda it: it.iso3 in list_adopters(ctx),
            "income": lambda it, name=name: it.income.lower().replace(" ", "_") == name,
            "region": lambda it, name=name: (it.subregion or it.region).lower().replace(" ", "_") == name,
        }.get(kind, lambda it, group=group: getattr(it, group, False))
        members = list_members(ctx, group)
        assert set(members) == {it.iso3 for it in every if own(it)} != set()
        _in_order([name_country(ctx, iso3) for iso3 in members], "en")
    assert list_members(ctx, "atlantis") == list_members(ctx, "region.atlantis") == []
    labels = {choice["id"]: choice["label"] for choice in list_groups(ctx)}
    assert labels["lldc"] == "Landlocked developing countries"
    assert {name for name, label in labels.items() if label.casefold() == name} == set()
    incomes = [choice["label"] for choice in list_groups(ctx) if choice["id"].startswith("income.")]
    assert len(incomes) == len({it.income for it in every if it.income})


def test_every_country_of_the_register_begins_some_time_or_says_why_not() -> None:
    found = list_starts(open_context(), "centre_opened")
    assert [one.iso3 for one in found] == list(the_register(open_context()))
    assert all_of((one.year is None) == (one.reason in ("none", "undated")) for one in found)
    assert {"AZE"} <= {one.iso3 for one in found if one.year}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_said_in_april_2025_is_told_as_it_was_said(lang: str) -> None:
    """Four of the *countries that have benefited*; who came to a ceremony is no count of adopters."""
    view = view_register(open_context(lang), "operating")
    told = {claim["id"]: claim for claim in view["claims"]}
    assert "RC-11" not in told
    assert told["RC-06"]["source"] == told["RC-10"]["source"]
    assert (told["RC-06"]["count_text"], told["RC-06"]["note"]) == ("4", "")
    assert "25" in told["RC-06"]["claim"]
    assert [fact["kind"] for fact in view["agreement"]].count("milestone") == 2
    assert not [claim for claim in view["claims"] if "50" in claim["count_text"]]


@pytest.mark.parametrize(
    ("part", "href"),
    [
        ("kknews.uz", "https://kknews.uz"), ("yeniavropa.az/article/az/41219", "https://yeniavropa.az/article/az/41219"),
        ("https://report.az/a", "https://report.az/a"), ("trend.az 3682067", ""), ("menafn", ""), ("Trend (2020)", ""),
        ("press.et/herald 116613", ""), ("javascript:alert(1)", ""),
    ],
)  # fmt: skip
def test_only_what_is_written_as_an_address_is_one(part: str, href: str) -> None:
    assert split_reference(part) == [{"text": part, "href": href}]


def test_sources_and_laws_of_a_country_are_links_where_they_have_an_address(embedded: object) -> None:
    view = view_country(open_context(), "AZE")
    (event,) = view["adoption"]["events"]
    address = "https://yeniavropa.az/article/az/41219"
    assert [part["href"] for part in event["source_parts"]] == [address, ""]
    assert address in [part["href"] for law in view["acts"] for part in law["source_parts"]]
