"""Declare the codebook's files: their columns and the values of their cells."""

from collections.abc import Mapping
from typing import get_args

from dashboard.evidence.codebook.model import BoundsSetter, Certainty, Direction, Relation, Strength, TargetSetter
from dashboard.evidence.codebook.publishers import list_sources
from dashboard.evidence.codebook.register.tables import REGISTER
from dashboard.evidence.codebook.schema import SchemaColumn, SchemaTable, build_columns, declare_table
from dashboard.evidence.codebook.texts import OFFICIAL

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
ASKED = ("household_survey", "user_survey", "registers")
"""Ways of making a figure, one of which may be the only one for an indicator that countries send."""
FRAMEWORK_CHANGES = ("new", "revised", "unconfirmed")
"""What became of an indicator in the review of 2025; an unconfirmed change is listed and not entered."""
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
    "statement": ("claim", "test", "untestable_why"),
    "national": ("definition", "question", "population", "method", "compiled_by", "caution"),
    "figure": ("text",),
}
"""Texts of our own that have translations, by kind."""


def _build_title_columns(stem: str) -> tuple[SchemaColumn, ...]:
    return tuple(SchemaColumn(f"{stem}_{lang}", required=lang == "en") for lang in LANGUAGES)


TABLES: tuple[SchemaTable, ...] = (
    declare_table(
        "goals.csv",
        ("number",),
        SchemaColumn("number", True, pattern=r"[1-9]|1[0-7]"),
        SchemaColumn("colour", True, pattern=r"#[0-9a-f]{6}"),
        *_build_title_columns("title"),
        *_build_title_columns("short"),
    ),
    declare_table(
        "targets.csv",
        ("code",),
        SchemaColumn("code", True, pattern=r"[0-9]{1,2}\.([0-9]{1,2}|[a-d])"),
        SchemaColumn("goal", True, refers="goals.csv"),
        SchemaColumn("kind", True, words=("outcome", "means")),
        *_build_title_columns("title"),
    ),
    declare_table(
        "sdg_indicators.csv",
        ("code",),
        SchemaColumn("code", True, pattern=r"[0-9]{1,2}\.([0-9]{1,2}|[a-d])\.[0-9]"),
        SchemaColumn("target", True, refers="targets.csv"),
        SchemaColumn("goal", True, refers="goals.csv"),
        *build_columns("unsd_code", "tier", "custodian"),
        SchemaColumn("as_of", pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        SchemaColumn("translations", True, words=("current", "older", "english_only")),
        *_build_title_columns("title"),
    ),
    declare_table(
        "framework_changes.csv",
        ("code",),
        SchemaColumn("code", True, refers="sdg_indicators.csv"),
        SchemaColumn("kind", True, words=FRAMEWORK_CHANGES),
        SchemaColumn("title_before"),
        *build_columns("title_after", "evidence", required=True),
        SchemaColumn("proof"),
    ),
    declare_table(
        "principles.csv",
        ("id",),
        SchemaColumn("id", True, pattern=r"[a-z_]+"),
        SchemaColumn("order", True, "integer"),
        SchemaColumn("group", True, words=GROUPS),
        SchemaColumn("name", True),
        SchemaColumn("strategies", True, many=True),
        SchemaColumn("verified", True, "yes_no"),
        SchemaColumn("note"),
    ),
    declare_table(
        "metrics.csv",
        ("id",),
        SchemaColumn("id", True, pattern=r"[a-z][a-z0-9_]*"),
        *build_columns("name", "definition", required=True),
        SchemaColumn("unit", True, words=UNITS),
        SchemaColumn("decimals", True, pattern=r"[0-6]"),
        SchemaColumn("direction", True, words=get_args(Direction)),
        *build_columns("centre", "target_2030", kind="number"),
        SchemaColumn("target_set_by", words=get_args(TargetSetter)),
        SchemaColumn("target_source"),
        *build_columns("limit_low", "limit_high", "usual_low", "usual_high", *BOUNDS, kind="number"),
        SchemaColumn("sdsn_set_by", words=get_args(BoundsSetter)),
        SchemaColumn("sdsn_code", pattern=r"sdg[0-9]{1,2}_[a-z0-9]+"),
        SchemaColumn("evidence_level", True, pattern=r"[1-4]"),
        SchemaColumn("theme", True, words=THEMES),
        SchemaColumn("source_type", True, words=(*SOURCE_TYPES, *sorted(list_sources() - {*SOURCE_TYPES})), many=True),
        SchemaColumn("rights_hook"),
        SchemaColumn("rights_hook_checked", words=CHECKED),
        *build_columns("caveat1", "caveat2", "caveat3"),
        SchemaColumn("break_years", kind="integer", many=True),
        SchemaColumn("line", True, "yes_no"),
        SchemaColumn("quantity", True, "yes_no"),
        SchemaColumn("no_link_reason"),
        SchemaColumn("only_from", words=ASKED),
        SchemaColumn("instead", refers="metrics.csv"),
        SchemaColumn("checked", True, words=CHECKED),
    ),
    declare_table(
        "links.csv",
        ("metric", "target", "sdg_indicator", "principle"),
        SchemaColumn("metric", True, refers="metrics.csv"),
        SchemaColumn("target", refers="targets.csv"),
        SchemaColumn("sdg_indicator", refers="sdg_indicators.csv"),
        SchemaColumn("principle", refers="principles.csv"),
        SchemaColumn("strength", True, words=get_args(Strength)),
        SchemaColumn("rationale", True),
    ),
    declare_table(
        "series.csv",
        ("metric", "source"),
        SchemaColumn("metric", True, refers="metrics.csv"),
        *build_columns("source", "series", required=True),
        SchemaColumn("role", True, words=("primary", "secondary")),
        SchemaColumn("interval", words=("published", "se_90")),
        SchemaColumn("companions", kind="pairs", many=True),
        SchemaColumn("options", kind="pairs", many=True),
    ),
    declare_table(
        "series_aliases.csv",
        ("source", "alias"),
        *build_columns("source", "series", "alias", "last_release", "first_release", "source_ref", required=True),
        SchemaColumn("note"),
    ),
    declare_table(
        "releases.csv",
        ("source", "database", "edition"),
        SchemaColumn("source", True),
        SchemaColumn("database"),
        SchemaColumn("edition", True),
        SchemaColumn("data_to", pattern=r"20[0-9]{2}"),
        SchemaColumn("published", True, pattern=r"20[0-9]{2}(-[01][0-9](-[0-3][0-9])?)?"),
        SchemaColumn("certainty", True, words=get_args(Certainty)),
        SchemaColumn("proof", True, pattern=r"https?://.+"),
        SchemaColumn("note"),
    ),
    declare_table(
        "comparability.csv",
        ("metric",),
        SchemaColumn("metric", True, refers="metrics.csv"),
        *(SchemaColumn(part, words=words) for part, words in COMPARED.items()),
        SchemaColumn("source", True),
    ),
    declare_table(
        "national.csv",
        ("metric", "country"),
        SchemaColumn("metric", True, refers="metrics.csv"),
        SchemaColumn("country", True, refers="countries.csv"),
        SchemaColumn("source", True),
        SchemaColumn("series", True, pattern=r"[a-z][a-z0-9_]*:.+"),
        SchemaColumn("relation", True, words=get_args(Relation)),
        SchemaColumn("definition", True),
        *build_columns("question", "population", "method"),
        SchemaColumn("compiled_by", True),
        SchemaColumn("language", True, pattern=r"[a-z]{2,3}", many=True),
        SchemaColumn("caution"),
        SchemaColumn("evidence_level", True, pattern=r"[1-4]"),
        SchemaColumn("options", kind="pairs", many=True),
    ),
    declare_table(
        "figure_cautions.csv",
        ("metric", "country"),
        SchemaColumn("metric", True, refers="metrics.csv"),
        SchemaColumn("country", True, refers="countries.csv"),
        SchemaColumn("text", True),
    ),
    declare_table(
        "national_targets.csv",
        ("metric", "country", "series", "year"),
        SchemaColumn("metric", True, refers="metrics.csv"),
        SchemaColumn("country", True, refers="countries.csv"),
        SchemaColumn("series"),
        SchemaColumn("kind", True, words=("target", "milestone")),
        SchemaColumn("year", True, pattern=r"20[0-9]{2}"),
        SchemaColumn("value", True, "number"),
        SchemaColumn("comparison", words=("more_than",)),
        *build_columns("source_title", "source_ref", required=True),
        SchemaColumn("note"),
    ),
    declare_table(
        "countries.csv",
        ("iso3",),
        SchemaColumn("iso3", True, pattern=r"[A-Z]{3}"),
        SchemaColumn("iso2", True, pattern=r"[A-Z]{2}"),
        SchemaColumn("m49", pattern=r"[0-9]{3}"),
        *_build_title_columns("name"),
        *build_columns("region", "subregion", "continent", "wb_region", "income"),
        *build_columns("ldc", "lldc", "sids", required=True, kind="yes_no"),
        *build_columns("tile_column", "tile_row", pattern=r"[0-9]{1,2}"),
        SchemaColumn("m49_area", True, "yes_no"),
    ),
    declare_table(
        "area_aliases.csv",
        ("source", "value"),
        *build_columns("source", "value", required=True),
        SchemaColumn("iso3", refers="countries.csv"),
        SchemaColumn("note"),
    ),
    declare_table(
        "search_aliases.csv",
        ("kind", "id", "lang", "alias"),
        SchemaColumn("kind", True, words=tuple(ALIASED)),
        SchemaColumn("id", True),
        SchemaColumn("lang", True, pattern=r"[a-z]{2}"),
        SchemaColumn("alias", True),
    ),
    declare_table(
        "country_sets.csv",
        ("set", "iso3"),
        SchemaColumn("set", True, pattern=r"[a-z_]+"),
        SchemaColumn("iso3", True, refers="countries.csv"),
        SchemaColumn("note"),
    ),
    *REGISTER,
)
"""Every file of the folder besides the translations."""

TRANSLATION = declare_table(
    "translations",
    ("kind", "id", "field"),
    SchemaColumn("kind", True, words=tuple(TEXT_FIELDS)),
    *build_columns("id", "field", "text", required=True),
)

TITLES = declare_table(
    "titles",
    ("code",),
    *build_columns("code", "title", required=True),
    SchemaColumn("short"),
)
"""Titles of goals, targets and indicators in a language that is not one of the six: one file per language."""

NAMES = declare_table(
    "names",
    ("iso3",),
    *build_columns("iso3", "name", required=True),
)
"""Names of countries in a language that is not one of the six, from the Unicode CLDR: one file per language."""
