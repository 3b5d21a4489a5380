"""The method page, made of the same constants and catalogue as the computations."""

from collections.abc import Sequence
from typing import get_args

from dashboard.analysis.measures.comparability import KEY, MIN_FIGURES
from dashboard.analysis.measures.intervals import Z_90
from dashboard.analysis.measures.latest import WINDOW_YEARS
from dashboard.analysis.measures.peers import EGDI_GROUPS, GDP_RATIO, MAX_PEERS, MAX_YEARS_APART, POPULATION_RATIO
from dashboard.analysis.measures.ranks import MIN_RANKED
from dashboard.analysis.measures.rounding import WIDE_ERROR
from dashboard.analysis.measures.standing import MARGIN_SHARE
from dashboard.answers.adoption.counting import DEFAULT_RULE
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import join_list, translate_term
from dashboard.answers.countries.peers import REASONS, explain_peers
from dashboard.answers.countries.weakest import MIN_COMPARABLE
from dashboard.answers.effects.method import describe_method as effect_sections
from dashboard.answers.freshness.dataset_status import describe_dataset
from dashboard.answers.freshness.sources import STATUSES as SOURCE_STATUSES
from dashboard.answers.holdings.coverage import RECENT
from dashboard.answers.method.evidence import explain_evidence as evidence_sections
from dashboard.answers.method.views import MethodView
from dashboard.answers.progress.method import explain_methods as progress_sections
from dashboard.answers.site.change import SINCE
from dashboard.answers.wording.changes import BASE_YEAR
from dashboard.answers.wording.views import MethodSection, Term
from dashboard.evidence.codebook.model import Relation
from dashboard.evidence.codebook.register.adoption import LADDER, RULES, RUNGS
from dashboard.evidence.codebook.register.tables import LEVELS
from dashboard.evidence.codebook.tables import THEMES
from dashboard.locales import format_number, t
from data_sources.contract import STATUSES

NO_DATA = (
    "not_collected", "not_reported", "not_applicable", "suppressed", "not_comparable", "missing", "censored",
)  # fmt: skip
NATURES = ("C", "CN", "CA", "E", "M", "G", "N", "NA", "unstated")
GLOSSARY = (
    "adoption_event", "cepa", "custodian", "edition", "interval", "one_stop_centre", "percentage_point", "series",
    "vintage",
)  # fmt: skip

ALARMS = {"centres": 200, "chance": 5, "scatter": 4, "season": 1, "waiting": 5, "months": 2}
"""New alarms of unchanged centres a year and months until a fall is found (``tests.contributions.actions.alarms``)."""


@cached
def view_method(ctx: Context) -> MethodView:
    """Return all definitions: statuses, strengths, levels, gaps, rounding, intervals, counting rules."""
    return MethodView(dataset_status=describe_dataset(ctx), sections=_apart(_sections(ctx)))


def _sections(ctx: Context) -> list[MethodSection]:
    lang, z_90 = ctx.lang, format_number(Z_90, ctx.lang)
    rule = translate_term(ctx, "counting_rule", DEFAULT_RULE)
    not_gathered = Term(
        id="not_gathered",
        label=t("answers.not_gathered.name", lang),
        definition=t("answers.not_gathered.definition", lang),
    )
    return [
        _section(ctx, "adoption_status", ("origin", *LADDER[::-1], "closed", "disputed"), text=_ladder(ctx)),
        _section(ctx, "counting_rule", RULES, text=t("terms.counting_rule.note", lang)),
        _section(ctx, "support", ("confirmed", "agency_reported", "signed_only", "interest_only")),
        _section(ctx, "register_level", LEVELS),
        _section(ctx, "review_state", ("reviewed", "draft", "disputed")),
        *evidence_sections(ctx),
        _section(ctx, "satisfaction_series", ("household", "service_user", "agency_reported")),
        _section(ctx, "no_data", NO_DATA, extra=[not_gathered], text=t("terms.no_data.note", lang)),
        _section(ctx, "value_status", STATUSES),
        _section(ctx, "nature", NATURES),
        _section(ctx, "interval", ("published", "se_90", "none"), text=t("answers.method.interval", lang, z=z_90)),
        _words(ctx, "change", base=str(BASE_YEAR), z=z_90),
        _words(ctx, "pairs", z=z_90),
        _words(
            ctx,
            "standing",
            peers=format_number(MAX_PEERS, lang),
            fewest=format_number(MIN_FIGURES, lang),
            share=format_number(MARGIN_SHARE, lang),
        ),
        _words(ctx, "ranks", fewest=format_number(MIN_RANKED, lang)),
        _words(ctx, "latest", window=str(WINDOW_YEARS), recent=str(RECENT)),
        _words(ctx, "medians", fewest=str(MIN_FIGURES), window=str(WINDOW_YEARS), rule=rule),
        _words(ctx, "weakest", few=format_number(MIN_COMPARABLE, lang)),
        _words(ctx, "alarms", **{name: format_number(value, lang) for name, value in ALARMS.items()}),
        _words(ctx, "likeness"),
        _words(ctx, "rounding", wide=format_number(WIDE_ERROR, lang)),
        _words(ctx, "headline", since=str(SINCE)),
        _words(ctx, "vintages"),
        _words(ctx, "reported"),
        _surveys(ctx),
        *progress_sections(ctx),
        *effect_sections(ctx),
        _section(ctx, "theme", THEMES),
        _section(ctx, "direction", ("higher", "lower", "none")),
        _national(ctx),
        _peers(ctx),
        _comparability(ctx),
        _standing(ctx),
        _section(ctx, "redistribution", ("yes", "unmodified", "no")),
        _section(ctx, "glossary", GLOSSARY),
    ]


def _apart(sections: list[MethodSection]) -> list[MethodSection]:
    """Make the ids of terms unique: a taken id gets its section's name, ``value_status_missing``.

    Links know the id alone, so the first to have it keeps it.
    """
    taken = {section["id"] for section in sections}

    def apart(section: MethodSection, term: Term) -> Term:
        name = f"{section['id']}_{term['id']}" if term["id"] in taken else term["id"]
        taken.add(name)
        return {**term, "id": name}

    return [{**section, "terms": [apart(section, term) for term in section["terms"]]} for section in sections]


def _section(
    ctx: Context, area: str, codes: Sequence[str], *, text: str = "", extra: Sequence[Term] = ()
) -> MethodSection:
    terms = [
        Term(id=code, label=translate_term(ctx, area, code), definition=translate_term(ctx, area, code, "definition"))
        for code in codes
    ]
    return MethodSection(id=area, title=t(f"answers.method.{area}_title", ctx.lang), text=text, terms=[*terms, *extra])


def _surveys(ctx: Context) -> MethodSection:
    """Explain survey microdata: how estimates are made, what is hidden, when files are deleted."""
    return MethodSection(
        id="surveys",
        title=t("survey.handbook.title", ctx.lang),
        text=t("survey.handbook.text", ctx.lang),
        terms=[
            Term(
                id=f"survey_{part}",
                label=t(f"survey.handbook.{part}.label", ctx.lang),
                definition=t(f"survey.handbook.{part}.definition", ctx.lang),
            )
            for part in ("estimate", "hidden", "file")
        ],
    )


def _peers(ctx: Context) -> MethodSection:
    """Explain why a country is proposed for comparison."""
    values = {
        "egdi_group": {group: format_number(least, ctx.lang) for least, group in EGDI_GROUPS if least},
        "gdp_per_head": {"ratio": format_number(GDP_RATIO, ctx.lang)},
        "population": {"ratio": format_number(POPULATION_RATIO, ctx.lang)},
        "years_since_opening": {"years": format_number(MAX_YEARS_APART, ctx.lang)},
    }
    return MethodSection(
        id="peers",
        title=t("comparison.method.peers", ctx.lang),
        text=explain_peers(ctx),
        terms=[
            Term(
                id=f"peers_{reason}",
                label=t(f"comparison.reason.{reason}.label", ctx.lang),
                definition=t(f"comparison.reason.{reason}.definition", ctx.lang, **values.get(reason, {})),
            )
            for reason in REASONS
        ],
    )


def _comparability(ctx: Context) -> MethodSection:
    """Explain the parts of the comparability key."""
    return MethodSection(
        id="comparability",
        title=t("comparison.method.comparability", ctx.lang),
        text=t("comparison.method.key", ctx.lang),
        terms=[
            Term(
                id=f"key_{part}",
                label=t(f"comparison.part.{part}", ctx.lang),
                definition=t(f"comparison.part_definition.{part}", ctx.lang),
            )
            for part in KEY
        ],
    )


def _national(ctx: Context) -> MethodSection:
    """Explain countries' own series and how they stand to the official indicator."""
    relations = get_args(Relation)
    return MethodSection(
        id="national",
        title=t("national.countries.title", ctx.lang),
        text=t("national.method", ctx.lang),
        terms=[
            Term(
                id=relation,
                label=t(f"national.relation.{relation}.name", ctx.lang),
                definition=t(f"national.relation.{relation}.definition", ctx.lang),
            )
            for relation in relations
        ],
    )


def _standing(ctx: Context) -> MethodSection:
    """Define the statuses of a publisher."""
    return MethodSection(
        id="source_status",
        title=t("sources.status.title", ctx.lang),
        text="",
        terms=[
            Term(
                id=f"source_{status}",
                label=t(f"sources.status.{status}.name", ctx.lang),
                definition=t(f"sources.status.{status}.definition", ctx.lang),
            )
            for status in SOURCE_STATUSES
        ],
    )


def _words(ctx: Context, name: str, **values: str) -> MethodSection:
    return MethodSection(
        id=name,
        title=t(f"answers.method.{name}_title", ctx.lang),
        text=t(f"answers.method.{name}", ctx.lang, **values),
        terms=[],
    )


def _ladder(ctx: Context) -> str:
    """Say which events carry a country to which rung."""
    rungs = []
    for rung in LADDER[1:]:
        events = join_list(
            ctx, (translate_term(ctx, "event_type", kind, "") for kind, reached in RUNGS.items() if reached == rung)
        )
        rungs.append(
            t("answers.method.rung", ctx.lang, status=translate_term(ctx, "adoption_status", rung), events=events)
        )
    return " ".join([t("terms.adoption_status.note", ctx.lang), *rungs])
