"""Adoption status: the rules' vectors, their algebra, and what the shipped register comes to."""

from dataclasses import replace
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.evidence.codebook.loader import load_codebook
from dashboard.evidence.codebook.model import AdoptionEvent, EventType
from dashboard.evidence.codebook.register import adoption as register
from tests.checks import all_of
from tests.reference import Vector, agree, reproduces


def event(
    kind: str,
    date: str = "",
    review: str = "reviewed",
    source: bool = True,
    stance: str = "supports",
    level: str = "E3",
    iso3: str = "ATA",
) -> AdoptionEvent:
    """A made-up row of Antarctica."""
    precision = {0: "unknown", 4: "year", 7: "month", 10: "day"}[len(date)]
    reference = "a paper" if source else ""
    return AdoptionEvent(
        "ATA-01", iso3, kind, kind, date, precision, "", "scope", reference, reference, "press", level, stance,
        review == "disputed", review, False, "",
    )  # type: ignore[arg-type]  # fmt: skip


@reproduces("register")
def test_vectors_of_the_method(vector: Vector) -> None:
    events = [
        event(it["event_type"], it["date"], it["review_state"], it["has_source"]) for it in vector["inputs"]["events"]
    ]
    flags = {
        "disputed": register.is_disputed(events),
        "centres_predate_agreement": register.has_centre_before_agreement(events),
    }
    agree(vector, {"status": register.find_status(events), "flags": [flag for flag, raised in flags.items() if raised]})


@pytest.mark.parametrize(
    ("opened", "closed", "status"),
    [
        ("2023", "2022", "operating"),
        ("2022-05", "2022", "closed"),  # nobody can tell which came first
        ("", "2022", "closed"),
        ("2022-06-02", "2022-06-01", "operating"),
    ],
)
def test_reopened_only_when_certainly_later(opened: str, closed: str, status: str) -> None:
    assert register.find_status([event("centre_opened", opened), event("all_centres_closed", closed)]) == status


def test_listed_without_opening_operates_without_date() -> None:
    events = [event("mou", "2019-10"), replace(event("centre_opened", level="E2"), reported="2026-01")]
    assert register.find_status(events) == "operating"
    assert register.grade_support(events) == "agency_reported"
    assert register.find_first_opening(events) == ""
    assert register.find_first_opening([*events, event("centre_opened", "2023-07")]) == "2023-07"


def test_first_opening_is_unknown_when_one_has_no_date() -> None:
    dated = [event("centre_opened", "2025-06"), event("centre_opened", "2025-04")]
    assert register.find_first_opening(dated) == "2025-04"
    assert register.find_first_opening([*dated, event("centre_opened")]) == ""
    assert register.find_first_opening([*dated, event("centre_opened", stance="context")]) == "", (
        "of no model, but older?"
    )
    assert register.find_first_opening([*dated, event("centre_opened", "2020", stance="context")]) == "2025-04"
    assert register.find_first_opening([*dated, event("centre_opened", review="draft")]) == "2025-04"
    assert register.find_first_opening([*dated, event("centre_opened", stance="contradicts")]) == "2025-04"


DATES = st.sampled_from(["", "2017", "2017-12", "2019-06-02", "2022", "2022-05", "2025-01-14"])
EVENTS = st.builds(
    event,
    st.sampled_from(get_args(EventType)),
    DATES,
    st.sampled_from(["draft", "reviewed", "disputed"]),
    st.booleans(),
    st.sampled_from(["supports", "contradicts", "context"]),
    st.sampled_from(["E1", "E2", "E3", "E4"]),
)
REGISTERS = st.lists(EVENTS, max_size=8)
RANK = {name: number for number, name in enumerate(register.LADDER)}


@given(REGISTERS, EVENTS)
def test_rows_that_do_not_count_change_no_status(events: list[AdoptionEvent], extra: AdoptionEvent) -> None:
    silent = [
        replace(extra, stance="context"),
        replace(extra, stance="contradicts"),
        replace(extra, review_state="draft"),
        replace(extra, source_title="", source_ref=""),
    ]
    for row in silent:
        assert register.find_status([*events, row]) == register.find_status(events)
        assert register.grade_support([*events, row]) == register.grade_support(events)
        assert register.find_first_opening([*events, row]) == register.find_first_opening(events)


@given(REGISTERS, EVENTS)
def test_supporting_event_never_lowers_a_status(events: list[AdoptionEvent], extra: AdoptionEvent) -> None:
    if extra.type == "all_centres_closed":
        extra = replace(extra, type="centre_opened")
    before, after = register.find_status(events), register.find_status([*events, replace(extra, stance="supports")])
    if before == "closed":
        assert after in ("closed", "operating")
    else:
        assert RANK[after] >= RANK[before]


@given(REGISTERS, st.randoms())
def test_order_of_rows_does_not_matter(events: list[AdoptionEvent], random: Random) -> None:
    shuffled = random.sample(events, len(events))
    for derive in (register.find_status, register.is_disputed, register.grade_support, register.find_first_opening):
        assert derive(shuffled) == derive(events)


@given(REGISTERS)
def test_contradiction_flags_and_moves_nothing(events: list[AdoptionEvent]) -> None:
    contradicted = [*events, event("interest", "2025", review="disputed", stance="contradicts")]
    assert register.is_disputed(contradicted)
    assert register.find_status(contradicted) == register.find_status(events)


# ---- the shipped register ----

EVIDENCE = {
    # what the compilers of the register hold of each country as a whole; the origin and a third-country letter aside
    "AFG": "E1", "IDN": "E1", "UGA": "E2", "UZB": "E2", "ETH": "E1", "PAK": "E1", "RWA": "E3", "SEN": "E3", "SOM": "E3",
    "ROU": "E3", "COL": "E3", "KGZ": "E3", "MNE": "E3", "MAR": "E3", "ARE": "E4", "MYS": "E4", "BHS": "E4",
}  # fmt: skip
GRADES = {"E1": "confirmed", "E2": "agency_reported", "E3": "signed_only", "E4": "interest_only"}


def test_support_equals_the_evidence_of_each_country() -> None:
    countries = register.read_adoption(load_codebook())
    assert countries.keys() == EVIDENCE.keys() | {"AZE", "TUR"}
    assert {iso3: countries[iso3].support for iso3 in EVIDENCE} == {iso3: GRADES[e] for iso3, e in EVIDENCE.items()}
    assert (countries["TUR"].status, countries["TUR"].support) == ("interest", "interest_only")


def test_counts_name_their_rule_countries_and_disputes() -> None:
    counts = {rule: register.count_countries(load_codebook(), rule) for rule in register.RULES}
    assert {rule: count.number for rule, count in counts.items()} == {
        "any_contact": 18, "signed": 14, "pilot_or_more": 7, "operating": 6,
    }  # fmt: skip
    assert counts["operating"].countries == ("AFG", "ETH", "IDN", "PAK", "UGA", "UZB")
    assert counts["operating"].disputed == ("AFG", "ETH", "UGA", "UZB")
    assert counts["operating"].support == {
        "confirmed": ("AFG", "ETH", "IDN", "PAK"), "agency_reported": ("UGA", "UZB"),
    }  # fmt: skip
    for wider, narrower in zip(register.RULES, register.RULES[1:], strict=False):
        assert set(counts[narrower].countries) <= set(counts[wider].countries)


def test_origin_is_shown_and_never_counted() -> None:
    origin = register.read_adoption(load_codebook())["AZE"]
    assert (origin.origin, origin.status, origin.opened) == (True, "operating", "2012-12")
    assert register.list_counting_rules(origin) == ()
    assert all_of("AZE" not in register.count_countries(load_codebook(), rule).countries for rule in register.RULES)


def test_particulars_a_reader_would_ask_about() -> None:
    countries = register.read_adoption(load_codebook())
    assert (countries["ETH"].opened, countries["ETH"].disputed) == ("2025-04", True)  # two sources, two months
    assert countries["IDN"].opened == ""  # no source dates the first centre
    assert countries["UGA"].opened == ""  # four centres of 2018 to 2021 have no dates of their own
    assert countries["UZB"].centres_predate_agreement
    assert not countries["UGA"].centres_predate_agreement
    assert countries["MYS"].disputed
    assert countries["MAR"].status == "pilot"
    assert [row.date for row in countries["SOM"].events] == ["2025-02", "2025-07-07"]


def test_closed_country_keeps_its_signature_and_leaves_the_operating() -> None:
    book = replace(
        load_codebook(),
        events=tuple(event(kind, date) for kind, date in (("mou", "2016"), ("all_centres_closed", "2022"))),
        country_sets={},
    )
    assert register.list_counting_rules(register.read_adoption(book)["ATA"]) == ("any_contact", "signed")


def test_organisations_are_in_no_count() -> None:
    assert load_codebook().organisation_events
    everything = {iso3 for rule in register.RULES for iso3 in register.count_countries(load_codebook(), rule).countries}
    assert everything <= load_codebook().countries.keys()


def test_claims_of_others_come_oldest_first_with_what_they_count() -> None:
    claims = register.list_reported_counts(load_codebook())
    assert [claim.count for claim in claims] == [8, 13, 20, 20, 25, 4, 25, 2, 30, 6]
    assert all_of(claim.what_is_counted["en"] and claim.source_ref for claim in claims)
    assert all_of("ar" in words for claim in claims for words in (claim.claim, claim.what_is_counted))


def test_facts_of_the_agreement_have_a_source_and_count_for_no_country() -> None:
    facts = load_codebook().agreement
    assert {fact.kind for fact in facts} == {"milestone", "activity", "continents", "participation"}
    assert all_of(fact.source_ref and fact.source_title and fact.source_type for fact in facts)
    signed = next(fact for fact in facts if fact.kind == "milestone")
    assert (signed.date, signed.precision) == ("2024-11-11", "day")
    assert [(fact.number, fact.qualifier) for fact in facts if fact.number] == [(4, "exact"), (100, "more_than")]
    assert all_of(fact.note["en"] for fact in facts if fact.kind == "activity"), "planned is not carried out"


def test_country_without_rows_has_no_record() -> None:
    assert "KEN" not in register.read_adoption(load_codebook())
    assert register.build_unrecorded_adoption("KEN").status == "no_record"
