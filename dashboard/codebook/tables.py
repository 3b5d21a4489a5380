"""The codebook's files as they are declared: which columns each has, and what a cell may hold."""

from collections.abc import Mapping
from typing import get_args

from dashboard.codebook.model import BoundsSetter, Direction, Relation, Strength, TargetSetter
from dashboard.codebook.publishers import list_sources
from dashboard.codebook.register.tables import REGISTER
from dashboard.codebook.schema import Column, Table
from dashboard.codebook.texts import OFFICIAL

LANGUAGES = OFFICIAL
"""The six languages of the United Nations, in which official titles and country names stand; others: ``titles/``."""

UNITS = (
    "percent", "score", "index", "ratio", "count", "yes_no", "points", "per_100", "per_10000", "minutes", "days", "usd",
    "ppp_usd", "percentage_points", "people",
)  # fmt: skip
MEASURED = ("satisfaction", "integrity", "service", "inclusion", "digital", "statistics")
"""Themes that the model is measured by."""
THEMES = (*MEASURED, "context")
"""With what only helps to choose peers: linked to no target, counted in the coverage of no theme of the model."""
SOURCE_TYPES = ("un_sdg", "world_bank", "file", "owid", "national", "computed")
"""Who has the figures of an indicator; the id of any other publisher says it too."""
GROUPS = ("effectiveness", "accountability", "inclusiveness")
CHECKED = ("found", "unverified")
BOUNDS = ("sdsn_lower", "sdsn_red", "sdsn_green", "sdsn_optimum")
"""Columns of a metric's bounds by the SDSN's method, from the worst to the best."""
COMPARED: Mapping[str, tuple[str, ...]] = {
    "instrument": ("wgi", "cpi", "gcb", "egov_survey", "gtmi", "spi", "enterprise_surveys"),
    "wording_id": ("sdg_16_6_2", "sdg_16_5_1"),
    "scale": (
        "four_points", "five_points", "one_to_seven", "zero_to_ten", "zero_to_one", "zero_to_hundred",
        "standard_normal",
    ),
    "population": (
        "adults", "adult_users", "users", "digital_users", "visitors", "people_with_contact", "victims", "people_asked",
        "individuals", "everyone", "children_under_five", "prisoners", "managers", "senior_managers", "lower_chamber",
        "local_seats", "formal_firms", "governments",
    ),
    "mode": ("at_provider", "official_questionnaire"),
    "recall": ("months_3", "months_12"),
    "source_type": (
        "household_survey", "population_survey", "user_survey", "firm_survey", "government_survey", "perception_index",
        "expert_index", "model", "accounts",
    ),
    "method": ("metadata_16_6_2",),
}  # fmt: skip
"""Parts of the comparability key that can be said of an indicator as a whole, and what may be said of each."""
ALIASED: Mapping[str, str] = {
    "country": "countries.csv", "metric": "metrics.csv", "sdg_indicator": "sdg_indicators.csv",
    "target": "targets.csv", "goal": "goals.csv", "principle": "principles.csv", "theme": "", "source": "", "page": "",
}  # fmt: skip
"""What has names to be found by besides its own, and the file that lists it, where one does."""
TEXT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "metric": ("name", "definition", "target_source", "caveat1", "caveat2", "caveat3", "no_link_reason"),
    "principle": ("name",),
    "link": ("rationale",),
    "event": ("scope", "note", "mapping_note"),
    "claim": ("claim", "what_is_counted", "note"),
    "agreement": ("text", "note"),
    "national": ("definition", "question", "population", "method", "compiled_by", "caution"),
    "figure": ("text",),
}
"""Texts of our own that have translations, by kind."""


def _titles(stem: str) -> tuple[Column, ...]:
    return tuple(Column(f"{stem}_{lang}", required=lang == "en") for lang in LANGUAGES)


TABLES: tuple[Table, ...] = (
    Table(
        "goals.csv",
        (
            Column("number", True, pattern=r"[1-9]|1[0-7]"),
            Column("colour", True, pattern=r"#[0-9a-f]{6}"),
            *_titles("title"),
            *_titles("short"),
        ),
        ("number",),
    ),
    Table(
        "targets.csv",
        (
            Column("code", True, pattern=r"[0-9]{1,2}\.([0-9]{1,2}|[a-d])"),
            Column("goal", True, refers="goals.csv"),
            Column("kind", True, words=("outcome", "means")),
            *_titles("title"),
        ),
        ("code",),
    ),
    Table(
        "sdg_indicators.csv",
        (
            Column("code", True, pattern=r"[0-9]{1,2}\.([0-9]{1,2}|[a-d])\.[0-9]"),
            Column("target", True, refers="targets.csv"),
            Column("goal", True, refers="goals.csv"),
            Column("unsd_code", True),
            Column("tier", True),
            Column("custodian"),
            Column("as_of", True, pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
            Column("translations", True, words=("current", "older", "english_only")),
            *_titles("title"),
        ),
        ("code",),
    ),
    Table(
        "principles.csv",
        (
            Column("id", True, pattern=r"[a-z_]+"),
            Column("order", True, "integer"),
            Column("group", True, words=GROUPS),
            Column("name", True),
            Column("strategies", True, many=True),
            Column("verified", True, "yes_no"),
            Column("note"),
        ),
        ("id",),
    ),
    Table(
        "metrics.csv",
        (
            Column("id", True, pattern=r"[a-z][a-z0-9_]*"),
            Column("name", True),
            Column("definition", True),
            Column("unit", True, words=UNITS),
            Column("decimals", True, pattern=r"[0-6]"),
            Column("direction", True, words=get_args(Direction)),
            *(Column(name, kind="number") for name in ("centre", "target_2030")),
            Column("target_set_by", words=get_args(TargetSetter)),
            Column("target_source"),
            *(Column(name, kind="number") for name in ("limit_low", "limit_high", "usual_low", "usual_high", *BOUNDS)),
            Column("sdsn_set_by", words=get_args(BoundsSetter)),
            Column("sdsn_code", pattern=r"sdg[0-9]{1,2}_[a-z0-9]+"),
            Column("evidence_level", True, pattern=r"[1-4]"),
            Column("theme", True, words=THEMES),
            Column("source_type", True, words=(*SOURCE_TYPES, *sorted(list_sources() - {*SOURCE_TYPES})), many=True),
            Column("rights_hook"),
            Column("rights_hook_checked", words=CHECKED),
            *(Column(f"caveat{number}") for number in (1, 2, 3)),
            Column("break_years", kind="integer", many=True),
            Column("line", True, "yes_no"),
            Column("quantity", True, "yes_no"),
            Column("no_link_reason"),
            Column("checked", True, words=CHECKED),
        ),
        ("id",),
    ),
    Table(
        "links.csv",
        (
            Column("metric", True, refers="metrics.csv"),
            Column("target", refers="targets.csv"),
            Column("sdg_indicator", refers="sdg_indicators.csv"),
            Column("principle", refers="principles.csv"),
            Column("strength", True, words=get_args(Strength)),
            Column("rationale", True),
        ),
        ("metric", "target", "sdg_indicator", "principle"),
    ),
    Table(
        "series.csv",
        (
            Column("metric", True, refers="metrics.csv"),
            Column("source", True),
            Column("series", True),
            Column("role", True, words=("primary", "secondary")),
            Column("interval", words=("published", "se_90")),
            Column("companions", kind="pairs", many=True),
            Column("options", kind="pairs", many=True),
        ),
        ("metric", "source"),
    ),
    Table(
        "series_aliases.csv",
        (
            *(Column(name, True) for name in ("source", "series", "alias", "last_release", "first_release")),
            Column("source_ref", True),
            Column("note"),
        ),
        ("source", "alias"),
    ),
    Table(
        "comparability.csv",
        (
            Column("metric", True, refers="metrics.csv"),
            *(Column(part, words=words) for part, words in COMPARED.items()),
            Column("source", True),
        ),
        ("metric",),
    ),
    Table(
        "national.csv",
        (
            Column("metric", True, refers="metrics.csv"),
            Column("country", True, refers="countries.csv"),
            Column("source", True),
            Column("series", True, pattern=r"[a-z][a-z0-9_]*:.+"),
            Column("relation", True, words=get_args(Relation)),
            Column("definition", True),
            *(Column(name) for name in ("question", "population", "method")),
            Column("compiled_by", True),
            Column("language", True, pattern=r"[a-z]{2,3}", many=True),
            Column("caution"),
            Column("evidence_level", True, pattern=r"[1-4]"),
            Column("options", kind="pairs", many=True),
        ),
        ("metric", "country"),
    ),
    Table(
        "figure_cautions.csv",
        (
            Column("metric", True, refers="metrics.csv"),
            Column("country", True, refers="countries.csv"),
            Column("text", True),
        ),
        ("metric", "country"),
    ),
    Table(
        "national_targets.csv",
        (
            Column("metric", True, refers="metrics.csv"),
            Column("country", True, refers="countries.csv"),
            Column("kind", True, words=("target", "milestone")),
            Column("year", True, pattern=r"20[0-9]{2}"),
            Column("value", True, "number"),
            Column("source_title", True),
            Column("source_ref", True),
            Column("note"),
        ),
        ("metric", "country", "year"),
    ),
    Table(
        "countries.csv",
        (
            Column("iso3", True, pattern=r"[A-Z]{3}"),
            Column("iso2", True, pattern=r"[A-Z]{2}"),
            Column("m49", pattern=r"[0-9]{3}"),
            *_titles("name"),
            *(Column(name) for name in ("region", "subregion", "continent", "wb_region", "income")),
            *(Column(name, True, "yes_no") for name in ("ldc", "lldc", "sids")),
            *(Column(name, pattern=r"[0-9]{1,2}") for name in ("tile_column", "tile_row")),
            Column("m49_area", True, "yes_no"),
        ),
        ("iso3",),
    ),
    Table(
        "area_aliases.csv",
        (Column("source", True), Column("value", True), Column("iso3", refers="countries.csv"), Column("note")),
        ("source", "value"),
    ),
    Table(
        "search_aliases.csv",
        (
            Column("kind", True, words=tuple(ALIASED)),
            Column("id", True),
            Column("lang", True, pattern=r"[a-z]{2}"),
            Column("alias", True),
        ),
        ("kind", "id", "lang", "alias"),
    ),
    Table(
        "country_sets.csv",
        (Column("set", True, pattern=r"[a-z_]+"), Column("iso3", True, refers="countries.csv"), Column("note")),
        ("set", "iso3"),
    ),
    *REGISTER,
)
"""Every file of the folder besides the translations."""

TRANSLATION = Table(
    "translations",
    (
        Column("kind", True, words=tuple(TEXT_FIELDS)),
        Column("id", True),
        Column("field", True),
        Column("text", True),
    ),
    ("kind", "id", "field"),
)

TITLES = Table("titles", (Column("code", True), Column("title", True), Column("short")), ("code",))
"""Titles of goals, targets and indicators in a language that is not one of the six: one file per language."""

NAMES = Table("names", (Column("iso3", True), Column("name", True)), ("iso3",))
"""Names of countries in a language that is not one of the six, from the Unicode CLDR: one file per language."""
