"""How many countries, and by which rule: no count of countries leaves this room without its rule."""

from dashboard.answers.adoption.views import Claim, Counting, RuleChoice
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import NoOption, quote_given
from dashboard.answers.base.rows import find_latest, has_figure
from dashboard.answers.base.words import join_countries, sort_by_name, translate_term
from dashboard.evidence.codebook.model import Adoption, CountingRule, ReportedCount, choose_text
from dashboard.evidence.codebook.register.adoption import (
    RULES,
    build_unrecorded_adoption,
    count_countries,
    list_counting_rules,
    list_reported_counts,
    read_adoption,
)
from dashboard.locales import capitalise, format_day, format_number, t

DEFAULT_RULE: CountingRule = "signed"
"""The rule behind the word "adopters" where the reader chooses none: something was signed (domain rule 7 of the
register: a visit, a letter or a membership is interest, not adoption)."""

STATUSES = ("operating", "pilot", "signed", "interest", "closed", "no_record")
"""Statuses of countries in the order they are told, the furthest first."""


def check_rule(rule: str) -> CountingRule:
    """Return the rule of this name.

    Raises:
        Invalid: there is none; the message lists them.
    """
    for name in RULES:
        if rule == name:
            return name
    raise NoOption("rule", rule, RULES, f"There is no counting rule {quote_given(rule)}: there are {', '.join(RULES)}.")


@kept(4)
def _register(ctx: Context) -> dict[str, Adoption]:
    return read_adoption(ctx.book)


def register(ctx: Context) -> dict[str, Adoption]:
    """Return what the register says of every country it names, by ISO3."""
    return _register(ctx.timeless)


def find_adoption(ctx: Context, iso3: str) -> Adoption:
    """Return what the register says of a country; ``no_record`` where it says nothing."""
    return register(ctx).get(iso3) or build_unrecorded_adoption(iso3)


def list_rules(ctx: Context, iso3: str) -> list[str]:
    """Return the counting rules that count a country."""
    return list(list_counting_rules(find_adoption(ctx, iso3)))


def list_adopters(ctx: Context, rule: CountingRule = DEFAULT_RULE) -> tuple[str, ...]:
    """Return the ISO3 codes of the countries a rule counts; never the country of origin."""
    return tuple(iso3 for iso3, adoption in register(ctx).items() if rule in list_counting_rules(adoption))


def list_origins(ctx: Context) -> tuple[str, ...]:
    """Return the country the model comes from."""
    return tuple(iso3 for iso3, adoption in register(ctx).items() if adoption.origin)


def describe_count(ctx: Context, rule: CountingRule, number_of: int) -> str:
    """Return ``14 countries with a signed instrument or more``."""
    return t(f"terms.counting_rule.{rule}.counted", ctx.lang, count=number_of)


def describe_published_count(count: ReportedCount, lang: str) -> str:
    """Return a published number of countries with its qualifier: ``more than 20``."""
    return t(f"answers.claim.{count.qualifier}", lang, number=format_number(count.count, lang))


def _view_claim(ctx: Context, count: ReportedCount) -> Claim:
    return Claim(
        when=format_day(count.date, ctx.lang, count.precision),
        claim=choose_text(count.claim, ctx.lang),
        count_text=describe_published_count(count, ctx.lang),
        counts=choose_text(count.what_is_counted, ctx.lang),
        source=count.source_ref,
        note=choose_text(count.note, ctx.lang),
    )


def count_adopters(ctx: Context, rule: str = DEFAULT_RULE) -> Counting:
    """Return the count by a rule, the counts by the others, and those published by others.

    Raises:
        Invalid: no such rule.
    """
    chosen = check_rule(rule)
    tallies = {name: count_countries(ctx.book, name) for name in RULES}
    tally = tallies[chosen]
    named = join_countries(ctx, sort_by_name(ctx, tally.disputed))
    rules = [
        RuleChoice(
            id=name,
            label=translate_term(ctx, "counting_rule", name),
            definition=translate_term(ctx, "counting_rule", name, "definition"),
            count=counted.number,
            disputed=len(counted.disputed),
            chosen=name == chosen,
        )
        for name, counted in tallies.items()
    ]
    return Counting(
        rule=chosen,
        count=tally.number,
        text=capitalise(describe_count(ctx, chosen, tally.number), ctx.lang),
        disputed=len(tally.disputed),
        disputed_text=t("answers.counting.disputed", ctx.lang, count=len(tally.disputed), countries=named)
        if named
        else "",
        rules=rules,
        claims=[_view_claim(ctx, count) for count in list_reported_counts(ctx.book)],
        note=t(
            "answers.counting.note",
            ctx.lang,
            origin=join_countries(ctx, list_origins(ctx)),
        ),
    )


def choose_default_countries(ctx: Context, indicator: str = "", most: int = 6) -> tuple[str, ...]:
    """Return the origin, then adopters with figures of the indicator, furthest status first.

    If nobody has a figure, the status alone decides. Names play no part, so that all languages show the same countries.
    """
    rows = find_latest(ctx, indicator) if indicator else {}

    def furthest(iso3: str) -> tuple[int, str]:
        return STATUSES.index(find_adoption(ctx, iso3).status), iso3

    order = [*list_origins(ctx), *sorted(list_adopters(ctx), key=furthest)]
    having = [iso3 for iso3 in order if has_figure(rows.get(iso3))]
    return tuple((having or order)[:most])
