"""How many countries, and by which rule: no count of countries leaves this room without its rule."""

from dashboard.codebook.model import Adoption, CountingRule, ReportedCount, text
from dashboard.codebook.register.adoption import RULES, adoption, claims, count, counted_by, no_record
from dashboard.locales import date, number, opening, t
from dashboard.services.adoption.views import Claim, Counting, RuleChoice
from dashboard.services.base.cache import kept
from dashboard.services.base.context import Context
from dashboard.services.base.errors import NoOption, quoted
from dashboard.services.base.rows import has_figure, latest_of
from dashboard.services.base.words import by_name, country_name, listed, term

DEFAULT_RULE: CountingRule = "signed"
"""The rule behind the word "adopters" where the reader chooses none: something was signed (domain rule 7 of the
register: a visit, a letter or a membership is interest, not adoption)."""

STATUSES = ("operating", "pilot", "signed", "interest", "closed", "no_record")
"""Statuses of countries in the order they are told, the furthest first."""


def checked_rule(rule: str) -> CountingRule:
    """The rule of this name.

    Raises:
        Invalid: there is none; the message lists them.
    """
    for known in RULES:
        if rule == known:
            return known
    raise NoOption("rule", rule, RULES, f"There is no counting rule {quoted(rule)}: there are {', '.join(RULES)}.")


@kept(4)
def _register(ctx: Context) -> dict[str, Adoption]:
    return adoption(ctx.book)


def register(ctx: Context) -> dict[str, Adoption]:
    """What the register says of every country it names, by ISO3."""
    return _register(ctx.timeless)


def adoption_status(ctx: Context, iso3: str) -> Adoption:
    """What the register says of a country; status ``no_record`` where it says nothing."""
    return register(ctx).get(iso3) or no_record(iso3)


def rules_of(ctx: Context, iso3: str) -> list[str]:
    """The counting rules that count a country."""
    return list(counted_by(adoption_status(ctx, iso3)))


def adopters(ctx: Context, rule: CountingRule = DEFAULT_RULE) -> tuple[str, ...]:
    """ISO3 codes of the countries a rule counts; never the country of origin."""
    return tuple(iso3 for iso3, it in register(ctx).items() if rule in counted_by(it))


def origins(ctx: Context) -> tuple[str, ...]:
    """The country the model comes from."""
    return tuple(iso3 for iso3, it in register(ctx).items() if it.origin)


def counted_text(ctx: Context, rule: CountingRule, number_of: int) -> str:
    """``14 countries with a signed instrument or more``."""
    return t(f"terms.counting_rule.{rule}.counted", ctx.lang, count=number_of)


def stated(it: ReportedCount, lang: str) -> str:
    """A published number of countries with its qualifier: ``more than 20``."""
    return t(f"answers.claim.{it.qualifier}", lang, number=number(it.count, lang))


def _claim(ctx: Context, it: ReportedCount) -> Claim:
    return Claim(
        when=date(it.date, ctx.lang, it.precision),
        claim=text(it.claim, ctx.lang),
        count_text=stated(it, ctx.lang),
        counts=text(it.what_is_counted, ctx.lang),
        source=it.source_ref,
        note=text(it.note, ctx.lang),
    )


def counting(ctx: Context, rule: str = DEFAULT_RULE) -> Counting:
    """The count by a rule, the counts by the other rules, and those published by others.

    Raises:
        Invalid: no such rule.
    """
    chosen = checked_rule(rule)
    tallies = {known: count(ctx.book, known) for known in RULES}
    tally = tallies[chosen]
    named = listed(ctx, (country_name(ctx, iso3) for iso3 in by_name(ctx, tally.disputed)))
    rules = [
        RuleChoice(
            id=known,
            label=term(ctx, "counting_rule", known),
            definition=term(ctx, "counting_rule", known, "definition"),
            count=it.number,
            disputed=len(it.disputed),
            chosen=known == chosen,
        )
        for known, it in tallies.items()
    ]
    return Counting(
        rule=chosen,
        count=tally.number,
        text=opening(counted_text(ctx, chosen, tally.number), ctx.lang),
        disputed=len(tally.disputed),
        disputed_text=t("answers.counting.disputed", ctx.lang, count=len(tally.disputed), countries=named)
        if named
        else "",
        rules=rules,
        claims=[_claim(ctx, it) for it in claims(ctx.book)],
        note=t(
            "answers.counting.note", ctx.lang, origin=listed(ctx, (country_name(ctx, iso3) for iso3 in origins(ctx)))
        ),
    )


def default_countries(ctx: Context, indicator: str = "", most: int = 6) -> tuple[str, ...]:
    """Azerbaijan first, then adopters (furthest status first, then by code) that have figures of the indicator.

    Without an indicator, or where nobody has a figure: by status alone. The same in every language, so that a page and
    its translations show the same countries.
    """
    rows = latest_of(ctx, indicator) if indicator else {}

    def furthest(iso3: str) -> tuple[int, str]:
        return STATUSES.index(adoption_status(ctx, iso3).status), iso3

    order = [*origins(ctx), *sorted(adopters(ctx), key=furthest)]
    having = [iso3 for iso3 in order if has_figure(rows.get(iso3))]
    return tuple((having or order)[:most])
