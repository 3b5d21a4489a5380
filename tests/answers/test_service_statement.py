"""The 21 claims: each answer derived again from the files and the dataset, and every border of a rule."""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboard.analysis.measures.delivery.hours import ChannelHours, ProbedHours
from dashboard.analysis.measures.delivery.target99 import is_beyond_chance
from dashboard.answers.adoption.counting import list_origins
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.base.words import name_country
from dashboard.answers.claims import counted, rules
from dashboard.answers.claims.finding import (
    ANSWERS,
    NOTHING_SENT,
    ClaimFinding,
    EffectsFound,
    ReceivedMonth,
    SentCounts,
)
from dashboard.answers.claims.rules import RULES, count_days_left, find_answer
from dashboard.answers.claims.statement import (
    find_claim,
    list_changed_answers,
    list_history,
    view_claim,
    view_statement,
)
from dashboard.answers.claims.views import ClaimView
from dashboard.answers.effects.estimates import list_default_results
from dashboard.answers.site.change import describe_origin, explain_no_verdict, find_pairs, group_by_verdict
from dashboard.answers.site.kpis import build_kpis
from dashboard.answers.surveys.figures import describe_experience
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.loader import DATA
from dashboard.evidence.codebook.register.tables import GROUPS
from dashboard.locales import LANGUAGES, t
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")

SIGNED = {"AFG", "COL", "ETH", "IDN", "KGZ", "MAR", "MNE", "PAK", "ROU", "RWA", "SEN", "SOM", "UGA", "UZB"}
"""Countries that have signed or gone further, counted by hand in the register."""


def rows(file: str) -> list[dict[str, str]]:
    with Path(DATA / file).open(encoding="utf-8", newline="") as held:
        return list(csv.DictReader(held))


def answers(ctx: Context, sent: SentCounts = NOTHING_SENT) -> dict[str, ClaimView]:
    return {it["id"]: it for group in view_statement(ctx, sent)["groups"] for it in group["claims"]}


def answer_of(name: str, sent: SentCounts = NOTHING_SENT) -> str:
    ctx = open_context()
    return find_answer(ctx, find_claim(ctx, name), sent).answer


def finding_of(name: str, sent: SentCounts = NOTHING_SENT) -> ClaimFinding:
    ctx = open_context()
    return find_answer(ctx, find_claim(ctx, name), sent)


def plain(texts: Iterable[str]) -> list[str]:
    return [text.replace("\u00a0", " ") for text in texts]


def test_every_claim_of_the_file_has_a_rule_and_every_rule_a_claim() -> None:
    ids = [claim.id for claim in load_codebook().claims]
    assert ids == [f"S-{number:02d}" for number in range(1, 22)] == sorted(RULES)


def test_the_page_shows_each_claim_once_in_its_group_and_its_counts_add_up() -> None:
    view = view_statement(open_context())
    assert [group["id"] for group in view["groups"]] == list(GROUPS)
    assert sorted(it["id"] for group in view["groups"] for it in group["claims"]) == sorted(RULES)
    assert [count["answer"] for count in view["counts"]] == list(ANSWERS)
    seen = Counter(it["answer"] for group in view["groups"] for it in group["claims"])
    assert {count["answer"]: count["count"] for count in view["counts"] if count["count"]} == seen
    told = [seen[answer] for answer in ("shown", "partly_shown", "said_not_shown")]
    assert [int(number) for number in re.findall(r"\d+", view["text"])] == [told[0], 21, *told[1:]]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_claims_are_told_in_every_language_and_their_answers_are_the_same(lang: str) -> None:
    told, english = answers(open_context(lang)), answers(open_context())
    assert {name: it["answer"] for name, it in told.items()} == {name: it["answer"] for name, it in english.items()}
    assert all_of(it["claim"] and it["test"] and it["text"] and it["answer_text"] for it in told.values())
    if lang != "en":
        assert all_of(told[name]["claim"] != english[name]["claim"] for name in told)
        assert all_of(told[name]["text"] != english[name]["text"] for name in told)


def test_the_signature_is_shown_by_a_release_and_its_day_is_the_releases() -> None:
    dated = [it for it in rows("agreement_records.csv") if it["kind"] == "milestone" and it["precision"] == "day"]
    assert [(it["date"], it["source_type"]) for it in dated] == [("2024-11-11", "azerbaijan_gov")]
    found = answers(open_context())["S-01"]
    assert (found["answer"], found["figure"]) == ("shown", "11 November 2024")


@pytest.mark.parametrize(
    ("name", "told", "words"),
    [
        pytest.param("S-02", {"answer": "partly_shown", "figure": "more than 100"}, ["no count of adopters"],
                     id="attendance at the ceremony"),
        pytest.param("S-06", {"answer": "said_not_shown", "figure": "2 of 14"},
                     ["in 2 it rose and in 0 it fell", "12 show no change"],
                     id="control of corruption is counted as on the first page"),
        pytest.param("S-07", {"answer": "partly_shown"},
                     ["4 at the end of April 2025, 6 today",
                      "14 have signed or gone further and 18 have any recorded contact"],
                     id="four of 25 stand beside the register and are not contradicted"),
        pytest.param("S-09", {"answer": "said_not_shown"},
                     ["names neither the model nor one-stop shops", "nothing seen shows", "were not seen"],
                     id="resolutions are never said to name the model"),
        pytest.param("S-10", {"answer": "said_not_shown", "figure": f"{len(SIGNED)} of 25"},
                     ["A contact is not an export: 18", "“would consider”"], id="contacts are no exports"),
        pytest.param("S-14", {"answer": "said_not_shown", "figure": "0 of 14"}, [],
                     id="nobody has a survey before and since"),
        pytest.param("S-17", {"answer": "due", "due_on": "2027-04", "due_text": "April 2027"}, [],
                     id="the innovations are due"),
    ],
)  # fmt: skip
def test_an_answer_has_its_figure_and_its_words(name: str, told: dict[str, str], words: list[str]) -> None:
    found = answers(open_context())[name]
    assert told.items() <= found.items()
    assert [one for one in words if one not in found["text"]] == []


def test_no_activity_is_taken_for_one_of_the_agreement_by_our_reading() -> None:
    under = [it for it in rows("agreement_activities.csv") if it["under_agreement"] == "yes"]
    assert {it["kind"] for it in under} == {"opening", "agreement"}
    assert answers(open_context())["S-03"]["answer"] == "said_not_shown"


def test_continents_and_income_groups_are_those_of_the_register() -> None:
    countries = {it["iso3"]: it for it in rows("countries.csv")}
    continents = Counter(countries[iso3]["continent"] for iso3 in SIGNED)
    assert continents == {"Africa": 6, "Asia": 5, "Europe": 2, "South America": 1}
    found = answers(open_context())
    assert "Africa: 6, Asia: 5, Europe: 2, South America: 1" in found["S-04"]["text"]
    incomes = Counter(countries[iso3]["income"] for iso3 in SIGNED)
    assert incomes["High income"] == 1
    assert all_of(f"{group}: {count}" in found["S-11"]["text"] for group, count in incomes.items())
    least = sum(countries[iso3]["ldc"] == "yes" for iso3 in SIGNED)
    assert f"Least developed countries among them: {least}." in found["S-11"]["text"]
    assert (found["S-04"]["answer"], found["S-11"]["answer"]) == ("partly_shown", "shown")


def test_awards_are_no_recommendation() -> None:
    awards = [it["date"] for it in rows("model_hooks.csv") if it["kind"] == "award" and it["body"] == "United Nations"]
    found = answers(open_context())["S-05"]
    assert awards == ["2015", "2019"]
    assert found["answer"] == "said_not_shown"
    assert "2015 and 2019" in found["text"]


def test_the_count_of_corruption_is_that_of_the_first_page_or_none_can_be_made() -> None:
    ctx, found = open_context(), finding_of("S-06")
    counts = {name: len(countries) for name, countries in group_by_verdict(find_pairs(ctx, "signed")).items()}
    if explain_no_verdict(ctx, "signed"):
        assert (found.answer, found.figure, found.evidence) == ("cannot_be_tested", "", "none")
    else:
        of = sum(counts.values())
        answer = "partly_shown" if 2 * counts["rose"] > of else "said_not_shown"
        assert (found.answer, found.evidence) == (answer, "independent")
        assert found.figure == f"{counts['rose']} of {of}"


def test_figures_of_targets_do_not_test_the_model_and_what_would_is_told() -> None:
    found = answers(open_context())["S-08"]
    assert (found["answer"], found["figure"], found["evidence"]) == ("cannot_be_tested", "", "none")
    assert "What would test it" in found["text"]
    assert found["suppliers"]


def test_contacts_make_no_export(monkeypatch: pytest.MonkeyPatch) -> None:
    def list_many(ctx: Context, rule: str = "signed") -> list[str]:
        return ["IDN"] * (signed if rule == "signed" else 60)

    monkeypatch.setattr(rules, "list_adopters", list_many)
    signed = 25
    assert answer_of("S-10") == "said_not_shown", "more than 25 is 26"
    assert answer_of("S-07") != "said_not_shown"
    signed = 26
    assert answer_of("S-10") == "shown"


def test_every_claim_is_quoted_in_few_words_and_reported_speech_is_marked() -> None:
    found = answers(open_context())
    longest = max(len(it["quote"].split()) for it in found.values())
    assert min(len(it["quote"]) for it in found.values()) > 0
    assert longest <= 25
    reported = {name for name, it in found.items() if it["reported"]}
    assert reported == {"S-01", "S-04", "S-07", "S-11", "S-12", "S-13", "S-15", "S-16", "S-17"}
    assert {(it["said_on"], bool(it["said_by"]), "New York" in it["place"]) for it in found.values()} == {
        ("April 2025", True, True)
    }


def test_evidence_of_the_speaker_s_own_agency_is_marked() -> None:
    marks = {name: it["evidence"] for name, it in answers(open_context()).items() if name != "S-06"}
    by_mark = {mark: {name for name, own in marks.items() if own == mark} for mark in set(marks.values())}
    assert by_mark == {
        "agency": {"S-01", "S-02"},
        "independent": {"S-09", "S-13"},
        "partly": {"S-04", "S-07", "S-10", "S-11"},
        "none": set(marks) - {"S-01", "S-02", "S-09", "S-13", "S-04", "S-07", "S-10", "S-11"},
    }


def test_a_record_of_the_united_nations_would_change_the_mark_and_not_the_answer() -> None:
    ctx = open_context()
    theirs = tuple(
        replace(it, source_type="un") if it.kind in ("milestone", "participation") else it for it in ctx.book.agreement
    )
    ctx = replace(ctx, book=replace(ctx.book, version="records of the UN", agreement=theirs))
    found = [find_answer(ctx, find_claim(ctx, name)) for name in ("S-01", "S-02")]
    assert [(it.answer, it.evidence) for it in found] == [("shown", "independent"), ("partly_shown", "independent")]


def test_gratitude_cannot_be_tested_and_says_why() -> None:
    found = answers(open_context())["S-12"]
    assert found["answer"] == "cannot_be_tested"
    assert "opinions" in found["untestable_why"]
    assert found["missing"] == ""


def test_only_acts_read_with_high_confidence_carry_an_answer() -> None:
    acts = {
        it["country"]
        for it in rows("legal_acts.csv")
        if it["confidence"] == "high"
        and it["kind"] in ("law", "decree", "resolution", "regulation", "government_order", "government_decision")
        and it["scope"] in ("one_stop_centres", "one_stop_agency", "general_services_law", "service_standards")
    }
    assert acts & SIGNED == {"IDN", "KGZ", "MAR", "UZB"}
    found = answers(open_context())["S-13"]
    assert (found["answer"], found["figure"]) == ("partly_shown", "4 of 14")


def test_a_national_strategy_is_not_the_agencys() -> None:
    assert any(it["country"] == "AZE" and "ai" in it["topic"] for it in rows("strategies.csv"))
    found = answers(open_context())["S-15"]
    assert (found["answer"], found["figure"]) == ("said_not_shown", "none recorded")


def test_a_law_on_data_is_no_strategy() -> None:
    laws = {it["country"] for it in rows("strategies.csv") if it["status"] == "law_in_force" and "data" in it["topic"]}
    sure = [it for it in rows("strategies.csv") if it["confidence"] == "high" and "data" in it["topic"].split("; ")]
    there = {it["country"] for it in sure if it["status"] in ("in_force", "launched", "approved", "published")}
    assert (laws - there) & SIGNED == {"ETH"}
    assert f"data {len(there & SIGNED)} of {len(SIGNED)}" in answers(open_context())["S-15"]["text"]


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2027, 4, 29), 1),
        (date(2027, 4, 30), 0),
        (date(2027, 5, 1), 0),
        (date(2026, 11, 26), 155),
        (date(2026, 12, 1), 150),
    ],
)
def test_days_are_counted_down_to_the_end_of_the_month(today: date, left: int) -> None:
    assert count_days_left(today, "2027-04") == left


def test_days_left_are_said_with_the_day_they_are_counted_from(ctx: Context) -> None:
    due, left = answers(ctx)["S-17"], (date(2027, 4, 30) - ctx.today).days
    assert due["text"].endswith(f"{left} days left on {ctx.today.day} {ctx.today:%B %Y}.")
    assert due["figure"] == ""


@pytest.mark.parametrize("name", ["S-16", "S-18", "S-19", "S-20", "S-21"])
def test_what_rests_on_sent_counts_is_said_and_not_shown_without_any(name: str) -> None:
    assert answer_of(name) == "said_not_shown"


def test_percentages_without_a_number_of_answers_test_nothing() -> None:
    found = answers(open_context())["S-16"]
    assert found["text"] == "No counts of answers were sent, so neither a month nor a year can be tested."
    told = plain(found["beside"])[-1]
    years = "2016: 98 %; 2019: 99.4 %; 2020: 99.4 %; 2021: 99.5 %; 2022: 99.8 %; 2025: more than 99 %."
    assert told.endswith(f"without a number of answers: {years}")


def months(satisfied: int, valid: int, count: int = 12) -> tuple[tuple[str, int, int], ...]:
    return tuple((f"2026-{month:02d}", satisfied, valid) for month in range(1, count + 1))


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (months(1000, 1000), "shown"),
        (months(1000, 1000, 11), "partly_shown"),
        (months(990, 1000), "said_not_shown"),
        (months(970, 1000), "contradicted"),
        ((*months(1000, 1000, 10), ("2026-11", 970, 1000), ("2026-12", 970, 1000)), "shown"),
        ((*months(1000, 1000, 9), *(("2026-10", 970, 1000),) * 3), "contradicted"),
    ],
)
def test_the_99_per_cent_are_judged_by_month_and_over_twelve(
    sent: tuple[tuple[str, int, int], ...], expected: str
) -> None:
    assert answer_of("S-16", SentCounts(months=sent)) == expected


def test_older_months_than_twelve_judge_nothing() -> None:
    assert answer_of("S-16", SentCounts(months=(("2025-12", 0, 1000), *months(1000, 1000)))) == "shown"


@pytest.mark.parametrize(("missed", "months_", "beyond"), [(0, 12, False), (2, 12, False), (3, 12, True), (1, 1, True)])
def test_as_many_missed_months_as_chance_gives_contradict_nothing(missed: int, months_: int, beyond: bool) -> None:
    assert is_beyond_chance(missed, months_) is beyond


def hours(*channels: tuple[str, int, int, float, float | None], probed: tuple[int, int] | None = None) -> SentCounts:
    asked = ProbedHours(30, probed[1], probed[0], 99.5) if probed else None
    return SentCounts(hours_month="2026-10", hours=tuple(ChannelHours(*one) for one in channels), probed=asked)


@pytest.mark.parametrize(
    ("name", "sent", "expected"),
    [
        ("S-18", SentCounts(in_time=(0, 0)), "said_not_shown"),
        ("S-18", SentCounts(in_time=(9, 10)), "partly_shown"),
        ("S-18", SentCounts(complaints=0), "partly_shown"),
        ("S-18", SentCounts(replies=1), "partly_shown"),
        ("S-18", SentCounts(received=(ReceivedMonth("2026-10"),)), "said_not_shown"),
        ("S-18", SentCounts(received=(ReceivedMonth("2026-10", opinions=10),)), "partly_shown"),
        (
            "S-18",
            SentCounts(in_time=(9, 10), replies=1, received=(ReceivedMonth("2026-10", opinions=10),)),
            "partly_shown",
        ),
        (
            "S-18",
            SentCounts(in_time=(9, 10), replies=1, received=(ReceivedMonth("2026-10", opinions=10, sorted=10),)),
            "shown",
        ),
        ("S-19", hours(("web", 1, 1, 100.0, 99.0)), "shown"),
        ("S-19", hours(("web", 1, 1, 100.0, 98.9)), "partly_shown"),
        ("S-19", hours(("web", 1, 1, 100.0, None)), "partly_shown"),
        ("S-19", hours(("web", 1, 1, 100.0, 100.0), ("counter", 9, 0, 30.0, 100.0)), "partly_shown"),
        ("S-19", hours(("web", 1, 0, 99.9, 100.0)), "contradicted"),
        ("S-19", hours(("web", 1, 1, 100.0, 99.0), probed=(2, 2)), "shown"),
        ("S-19", hours(("web", 1, 1, 100.0, 99.0), probed=(1, 2)), "partly_shown"),
        ("S-19", hours(probed=(1, 2)), "partly_shown"),
        ("S-19", hours(probed=(0, 2)), "said_not_shown"),
        ("S-20", SentCounts(decisions=1), "partly_shown"),
        ("S-20", SentCounts(decisions=1, measured=1), "shown"),
        ("S-21", SentCounts(upheld=(0, 10)), "partly_shown"),
        ("S-21", SentCounts(upheld=(1, 10)), "contradicted"),
        ("S-21", SentCounts(reissued=(0, 5_000)), "partly_shown"),
        ("S-21", SentCounts(reissued=(1, 5_000)), "contradicted"),
        ("S-21", SentCounts(reissued=(0, 5_000), overturned=(0, 40), upheld=(1, 10)), "contradicted"),
        ("S-21", SentCounts(reissued=(0, 5_000), overturned=(0, 40)), "partly_shown"),
        ("S-21", SentCounts(reissued=(0, 5_000), overturned=(0, 40), upheld=(0, 10)), "shown"),
        ("S-21", SentCounts(reissued=(0, 0)), "said_not_shown"),
    ],
)
def test_sent_counts_change_an_answer(name: str, sent: SentCounts, expected: str) -> None:
    found = finding_of(name, sent)
    outside = "independent" if not sent.hours else "partly"
    mark = outside if sent.probed else "agency" if expected != "said_not_shown" else "none"
    assert (found.answer, found.evidence) == (expected, mark)


def test_errors_are_told_with_what_they_were_counted_of() -> None:
    ctx, sent = open_context(), SentCounts(reissued=(30, 25_000), overturned=(6, 400), upheld=(1, 10))
    found = find_answer(ctx, find_claim(ctx, "S-21"), sent)
    text = found.text.replace("\u00a0", " ")
    for part in (
        "documents issued wrongly or re-issued: 12.0 per 10,000 (30 of 25,000)",
        "decisions overturned: 1.5 % (6 of 400)",
        "complaints upheld: 10.0 % (1 of 10)",
    ):
        assert part in text
    assert found.figure.replace("\u00a0", " ") == "12.0 per 10,000"
    assert "not sent" not in text
    some = find_answer(ctx, find_claim(ctx, "S-21"), replace(sent, overturned=None)).text
    assert "Not sent, or too few to be told: decisions overturned." in some


def test_channels_stand_apart_and_are_never_averaged() -> None:
    sent = hours(("web", 4, 3, 99.0, 99.8), ("counter", 120, 0, 30.0, None), probed=(1, 2))
    found = finding_of("S-19", sent)
    assert plain([found.text, found.figure, *found.beside]) == [
        "Promised round the clock in October 2026, by channel: Web: 3 of 4 services, 99.0 % of the time; "
        "Counter: 0 of 120 services, 30.0 % of the time.",
        "0 of 2 channels promised in full",
        "Open in the last twelve months, of the time promised: Web: 99.8 %.",
        "Asked from outside for 30 days: 1 of 2 web addresses answered in every hour of the day, "
        "and 99.50 % of all questions were answered.",
    ]


def test_where_hours_were_neither_sent_nor_probed_each_is_said() -> None:
    found = finding_of("S-19")
    assert found.text == "No hours of service were sent for any channel."
    assert found.beside == ("No web address was asked from outside in every hour of the day.",)
    kept = finding_of("S-19", hours(("web", 1, 1, 100.0, None))).beside
    assert kept[0] == "How much of the time promised was kept was not reported."


def test_surveys_stand_beside_the_months_and_change_no_verdict() -> None:
    import polars as pl

    whole = open_context().dataset.scan().filter(pl.col("primary"), pl.col("dimensions") == "{}").collect()
    of = whole.filter(country="AZE", indicator="sat_overall_gov").drop_nulls("value")
    assert [(row["period"], row["year"]) for row in of.rows(named=True)] == [("2015/2025", None)]
    without, sent = finding_of("S-16"), finding_of("S-16", SentCounts(months=months(990, 1000)))
    figure = f"{of['value'][0]:.1f} %"
    told = f"Overall satisfaction, government services (2015 to 2025, year not published): {figure}"
    assert plain(without.beside)[0].startswith(f"Surveys, by year and never joined to the months: {told}. ")
    assert plain(without.beside)[0].endswith("do not read a lead from it."), "the caution of the figure stands with it"
    assert sent.beside == without.beside
    assert (sent.answer, sent.figure.replace("\u00a0", " ")) == ("said_not_shown", "99.0 %")


def test_each_month_has_its_verdict_the_newest_first() -> None:
    found = finding_of("S-16", SentCounts(months=(("2026-09", 1000, 1000), ("2026-10", 970, 1000)))).months
    assert found is not None
    assert [[*plain(row)] for row in found["rows"]] == [
        ["October 2026", "970", "1,000", "97.0 %", "not met"],
        ["September 2026", "1,000", "1,000", "100.0 %", "met"],
    ]


def test_what_came_in_is_told_by_kind_and_month_and_what_is_withheld_is_told_so() -> None:
    received = (ReceivedMonth("2026-09", 60, (20, 40), 40, 30), ReceivedMonth("2026-10", None, None, 15, None))
    found = finding_of("S-18", SentCounts(complaints=60, in_time=(20, 40), received=received, replies=2))
    assert plain([found.text, *found.beside]) == [
        "Of 40 complaints due in the last twelve months, 50.0 % were answered in time, by the agency’s own counts.",
        "Complaints received in the last twelve months: 60.",
        "Opinions in writing released here for the last twelve months: 55, of which sorted by theme: 30; "
        "both in steps of five.",
        "“You said, we did”: 2 published answers.",
        "By kind nothing may be told yet: suggestions and praise are released apart from ten on.",
    ]
    assert found.months["rows"] == [
        ["October 2026", "not told", "15", "not told", "not told"],
        ["September 2026", "60", "40", "30", "20 of 40"],
    ]


def test_satisfaction_allows_no_estimate_and_cases_online_are_no_more_than_visits_that_may_be_saved() -> None:
    from dashboard.answers.effects.query import list_outcomes

    ctx = open_context()
    assert not {metric.id for metric in list_outcomes(ctx)} & {"sat_overall_gov", "sat_attributes_gov"}
    first, origin, last = finding_of("S-14").beside
    assert (first, last) == (
        "No series of satisfaction is long enough to estimate an effect of adoption on it.",
        "Hours and visits saved: no counts were sent.",
    )
    assert origin.startswith("Azerbaijan (country of origin, in no count)")
    none = finding_of("S-14", SentCounts(effects=EffectsFound(4, 1, 0.4))).beside[1]
    assert "cannot tell. Of 4 estimates 1 stand out" in none
    assert "chance alone would give about 0.4" in none
    found = EffectsFound(20, 3, 2.0, (("UZB", "wgi_cc", -0.31), ("AFG", "wgi_ge", 0.2)))
    told = finding_of("S-14", SentCounts(effects=found)).beside[1]
    assert "Uzbekistan, Control of corruption (WGI): −0.31; Afghanistan, Government effectiveness (WGI): +0.20" in told
    assert "chance alone would give about 2" in told
    online = finding_of("S-14", SentCounts(online=(("UGA", 1200), ("AZE", 10)))).beside[-1]
    assert "may have saved a visit: Uganda: 1,200; Azerbaijan: 10;" in online


def test_an_unknown_claim_is_refused_and_either_case_is_read(ctx: Context) -> None:
    assert find_claim(ctx, "s-16").id == "S-16"
    with pytest.raises(Unknown, match="S-22"):
        find_claim(ctx, "S-22")


def test_the_history_has_each_vintage_and_only_changes_are_news(ctx: Context) -> None:
    steps = list_history(ctx, find_claim(ctx, "S-08"))
    assert [it["vintage"] for it in steps] == [it["number"] for it in ctx.dataset.vintages()]
    assert steps[-1]["answer"] == view_claim(ctx, find_claim(ctx, "S-08"))["answer"]
    shown, refused = (t(f"statement.answer.{name}.name", "en") for name in ("said_not_shown", "cannot_be_tested"))
    news = {2: [["S-06", shown, refused]], 3: [["S-06", refused, shown]]}
    assert list_changed_answers(ctx) == news, "the 2025 edition had no errors, the 2026 edition has"


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_country_of_origin_is_told_beside_the_adopters_and_counted_nowhere(lang: str) -> None:
    ctx = open_context(lang)
    claims = {one.id: one for one in ctx.book.claims}
    (origin,) = list_origins(ctx)
    name = name_country(ctx, origin)
    words = describe_origin(ctx)
    assert words.startswith(name)
    assert "2012" in words
    beside = [words, describe_experience(ctx, origin)]
    assert list(view_claim(ctx, claims["S-06"], NOTHING_SENT)["beside"]) == beside
    assert [share for share in ("34", "27", "47", "38") if share not in beside[1]] == []
    assert words in next(one for one in build_kpis(ctx, "signed") if one["id"] == "corruption")["how"]
    assert origin not in {pair.last["country"] for pair in find_pairs(ctx, "any_contact")}
    (felt,) = [one for one in view_claim(ctx, claims["S-14"], NOTHING_SENT)["beside"] if name in one]
    verdicts = Counter(one["verdict"] for (iso3, _), one in list_default_results(ctx).items() if iso3 == origin)
    assert verdicts == {"not_robust": 2}
    assert felt.endswith(": 2.")
    assert t("effects.verdict.not_robust.name", lang) in felt
    assert lang != "en" or ("country of origin" in words and "country of origin" in felt)


def test_a_reply_to_a_claim_is_shown_from_its_day_on_and_changes_no_answer(ctx: Context) -> None:
    claim = find_claim(ctx, "S-05")
    days = [ctx.today - timedelta(days=1), ctx.today, ctx.today + timedelta(days=1)]
    rows = tuple(
        {"claim": name, "body": "UN DESA", "date": day.isoformat(), "reply": f"words of {day}", "source_ref": "letter"}
        for day in reversed(days)
        for name in ("S-05", "S-06")
    )
    replied = replace(ctx, book=replace(ctx.book, version="with replies", claim_replies=rows))
    before, after = view_claim(ctx, claim), view_claim(replied, claim)
    added = after["beside"][len(before["beside"]) :]
    assert [f"words of {day}" in sentence for sentence, day in zip(added, days, strict=False)] == [True, True]
    assert len(added) == 2, "a reply of tomorrow is not shown today, nor one to another claim"
    assert {**after, "beside": []} == {**before, "beside": []}


def test_an_estimate_of_the_origin_that_could_not_be_made_is_told_as_no_verdict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = {("AZE", "wgi_cc"): {"verdict": "cannot_tell"}, ("AZE", "wgi_ge"): {"verdict": "not_identifiable"}}
    monkeypatch.setattr(counted, "list_default_results", lambda ctx: made | {("UZB", "wgi_cc"): made["AZE", "wgi_cc"]})
    (felt,) = [one for one in finding_of("S-14").beside if one.startswith("Azerbaijan")]
    assert felt.endswith(f"{t('effects.verdict.cannot_tell.name', 'en')}: 1.")
    assert t("effects.verdict.not_identifiable.name", "en") not in felt
