"""The files of the adoption register and of other dated facts as they are declared: see ``tables``."""

from typing import get_args

from dashboard.evidence.codebook.register.model import AgreementPart, EventType, Precision, ReviewState, Stance
from dashboard.evidence.codebook.schema import SchemaColumn, SchemaTable, build_columns, declare_table

PRECISIONS: tuple[str, ...] = get_args(Precision)
WITNESSES = ("national_gov", "azerbaijan_gov", "un", "independent", "press")
LEVELS = ("E1", "E2", "E3", "E4")
QUALIFIERS = ("exact", "about", "more_than", "at_least", "nearly")
_DATED = (SchemaColumn("date"), SchemaColumn("precision", True, words=PRECISIONS))
GROUPS = ("agreement", "adoption", "rights", "satisfaction", "technology")
"""Groups of the claims of a public statement, in the order they are shown."""
CLAIM_KINDS = ("fact", "count", "goal", "plan", "opinion", "claim")
SUPPLIERS = ("agency", "un_desa", "adopters", "hrc")
"""Who could supply what is missing to answer a claim."""
CONFIDENCE = ("high", "medium", "low")
"""How sure a fact read in an excerpt is: ``high`` may carry a status, ``medium`` a mention, ``low`` nothing."""
READ = ("excerpt_cut", "excerpt_whole")
ACT_KINDS = (
    "law", "decree", "resolution", "regulation", "government_order", "government_decision", "memorandum", "policy",
    "strategy", "draft_law", "preparatory_documents", "administrative_establishment",
)  # fmt: skip
ACT_SCOPES = (
    "one_stop_centres", "one_stop_agency", "general_services_law", "general_services_policy", "service_standards",
    "city_services_policy", "digital_services", "agency_law", "monitoring_of_services", "memorandum_on_model",
    "memorandum_not_on_model",
)  # fmt: skip
STRATEGY_STATES = (
    "in_force", "law_in_force", "organisation", "launched", "approved", "published", "presented", "draft",
    "in_preparation", "announced", "ended",
)  # fmt: skip
SOUGHT = ("legal_acts", "strategies", "national_targets", "agreement_activities", "un_texts")
COMPARISONS = ("exact", "more_than", "at_least", "at_most", "increase_of")
ACTIVITY_KINDS = (
    "project", "training", "material", "event", "mission", "opening", "agreement", "visit", "study_visit",
)  # fmt: skip
REPORTED_LANES = ("centres", "kinds", "served", "served_total", "online", "complaints", "days", "satisfaction", "other")
"""Headings of reported figures, in the order they are shown."""
REPORTED_UNITS = (
    "percent", "services", "persons", "centres", "complaints", "institutions", "applications", "days", "documents",
    "persons_per_day", "persons_per_month", "branches", "AFN", "USD", "bodies", "districts", "districts_and_cities",
    "points", "points_1_5", "points_1_10", "points_0_100", "points_25_100", "years", "agents", "payments", "files",
    "requests", "interactions", "procedures", "visits", "exchanges", "logins", "buses", "parameters",
)  # fmt: skip
SURVEY_TOPICS = (
    "bribe_centre", "bribe_documents", "bribe_any", "bribe_none",
    "difficulty", "satisfaction", "behaviour", "integrity",
)  # fmt: skip
"""What surveys of others ask, in the order they are shown: the nearer to a service counter, the earlier."""
_DAY = r"[12][0-9]{3}(-[01][0-9](-[0-3][0-9])?)?"
_READ = (
    *build_columns("source_title", "publisher", required=True),
    SchemaColumn("source_date"),
    SchemaColumn("source_ref", True),
    SchemaColumn("how_read", True, words=READ),
    SchemaColumn("read_on", True, pattern=r"20[0-9]{2}-[0-9]{2}-[0-9]{2}"),
    SchemaColumn("confidence", True, words=CONFIDENCE),
    SchemaColumn("evidence", True),
    SchemaColumn("note"),
)
"""Where a fact was read and how: in an excerpt of a page, never in the whole document."""

REGISTER: tuple[SchemaTable, ...] = (
    declare_table(
        "adoption_events.csv",
        ("id",),
        SchemaColumn("id", True, pattern=r"[A-Z]{3}-[0-9]{2}"),
        SchemaColumn("iso3", True, refers="countries.csv"),
        SchemaColumn("type", True, words=get_args(EventType)),
        SchemaColumn("filed_type", True),
        *build_columns("mapping_note", "reported"),
        *_DATED,
        SchemaColumn("local_name"),
        SchemaColumn("scope", True),
        *build_columns("source_title", "source_ref"),
        SchemaColumn("source_type", words=WITNESSES),
        SchemaColumn("evidence_level", True, words=LEVELS),
        SchemaColumn("stance", True, words=get_args(Stance)),
        SchemaColumn("disputed", True, "yes_no"),
        SchemaColumn("review_state", True, words=get_args(ReviewState)),
        SchemaColumn("centres_predate_agreement", True, "yes_no"),
        SchemaColumn("credited_to", refers="countries.csv"),
        SchemaColumn("note"),
    ),
    declare_table(
        "organisation_events.csv",
        ("organisation", "type", "date"),
        SchemaColumn("organisation", True),
        SchemaColumn("type", True, words=get_args(EventType)),
        *_DATED,
        SchemaColumn("source_ref", True),
        SchemaColumn("source_type", True, words=WITNESSES),
        SchemaColumn("note"),
    ),
    declare_table(
        "reported_counts.csv",
        ("id",),
        SchemaColumn("id", True, pattern=r"RC-[0-9]{2}"),
        *_DATED,
        SchemaColumn("claim", True),
        SchemaColumn("count", True, "integer"),
        SchemaColumn("qualifier", True, words=QUALIFIERS),
        *build_columns("what_is_counted", "source_ref", required=True),
        SchemaColumn("source_type", True, words=WITNESSES),
        SchemaColumn("note"),
    ),
    declare_table(
        "agreement_records.csv",
        ("id",),
        SchemaColumn("id", True, pattern=r"CA-[0-9]{2}"),
        SchemaColumn("kind", True, words=get_args(AgreementPart)),
        SchemaColumn("text", True),
        SchemaColumn("number", kind="integer"),
        SchemaColumn("qualifier", words=QUALIFIERS),
        *_DATED,
        *build_columns("source_title", "source_ref", required=True),
        SchemaColumn("source_type", True, words=WITNESSES),
        SchemaColumn("review_state", True, words=get_args(ReviewState)),
        SchemaColumn("note"),
    ),
    declare_table(
        "reported_figures.csv",
        ("id",),
        SchemaColumn("id", True, pattern=r"[A-Z]{3}-F[0-9]{3}"),
        SchemaColumn("country", True, refers="countries.csv"),
        SchemaColumn("body", True),
        SchemaColumn("lane", True, words=REPORTED_LANES),
        SchemaColumn("measure", True, pattern=r"[a-z0-9_]+"),
        SchemaColumn("counted", True),
        SchemaColumn("value", True, "number"),
        SchemaColumn("value_high", kind="number"),
        SchemaColumn("qualifier", True, words=(*QUALIFIERS, "range")),
        SchemaColumn("unit", True, words=REPORTED_UNITS),
        SchemaColumn("since", pattern=_DAY),
        SchemaColumn("until", True, pattern=_DAY),
        SchemaColumn("counting", True, words=("cumulative", "period", "point", "survey", "inspection")),
        SchemaColumn("scope", True),
        SchemaColumn("speaker"),
        SchemaColumn("source_kind", True, words=("agency", "government", "un", "press", "academic", "ngo")),
        SchemaColumn("independent", True, "yes_no"),
        SchemaColumn("metric", refers="metrics.csv"),
        SchemaColumn("fit", words=("same", "near")),
        SchemaColumn("publisher", True),
        SchemaColumn("published", pattern=_DAY),
        SchemaColumn("day_basis", True, words=("printed", "inferred", "not_seen")),
        SchemaColumn("quote", True),
        SchemaColumn("address", True, pattern=r"https?://[^ ]+"),
        SchemaColumn("contradicts", many=True),
        SchemaColumn("note"),
    ),
    declare_table(
        "survey_series.csv",
        ("id",),
        SchemaColumn("id", True, pattern=r"[a-z]{3}_[a-z0-9_]+"),
        SchemaColumn("country", True, refers="countries.csv"),
        SchemaColumn("topic", True, words=SURVEY_TOPICS),
        *build_columns("survey", "organisation", required=True),
        SchemaColumn("independence", True, words=("independent", "state")),
        *build_columns("question", "population", required=True),
        SchemaColumn("base", True, words=("users", "adults", "households", "businesses", "staff")),
        SchemaColumn("unit", True, words=("percent", "index_0_5", "index_0_100")),
        SchemaColumn("line", True, "yes_no"),
        SchemaColumn("compare"),
        SchemaColumn("licence", True),
    ),
    declare_table(
        "survey_figures.csv",
        ("id",),
        SchemaColumn("id", True, pattern=r"[A-Z]{3}-IS[0-9]{3}"),
        SchemaColumn("series", True, refers="survey_series.csv"),
        SchemaColumn("year", True, "integer"),
        SchemaColumn("value", True, "number"),
        SchemaColumn("n", kind="integer"),
        SchemaColumn("n_is", words=("population", "whole_sample")),
        SchemaColumn("fieldwork_start", pattern=_DAY),
        SchemaColumn("fieldwork_end", pattern=_DAY),
        SchemaColumn("url", True, pattern=r"https?://[^ ]+"),
        SchemaColumn("quote", True),
    ),
    declare_table(
        "model_hooks.csv",
        ("id",),
        SchemaColumn("id", True, pattern=r"[a-z0-9_]+"),
        SchemaColumn("kind", True),
        SchemaColumn("country", refers="countries.csv"),
        SchemaColumn("title", True),
        SchemaColumn("symbol"),
        *_DATED,
        *build_columns("body", "content"),
        SchemaColumn("source_ref", True),
        SchemaColumn("verified", True, "yes_no"),
        SchemaColumn("note"),
    ),
    declare_table(
        "claims.csv",
        ("id",),
        SchemaColumn("id", True, pattern=r"S-[0-9]{2}"),
        SchemaColumn("group", True, words=GROUPS),
        SchemaColumn("kind", True, words=CLAIM_KINDS),
        *build_columns("claim", "quote", required=True),
        SchemaColumn("reported", True, "yes_no"),
        *build_columns("said_by", "said_on", required=True),
        SchemaColumn("precision", True, words=PRECISIONS),
        SchemaColumn("due_on", pattern=r"20[0-9]{2}-[0-9]{2}"),
        SchemaColumn("test", True),
        SchemaColumn("indicators", many=True, refers="metrics.csv"),
        SchemaColumn("supplier", words=SUPPLIERS, many=True),
        SchemaColumn("untestable_why"),
        *build_columns("source_title", "source_ref", required=True),
    ),
    declare_table(
        "claim_replies.csv",
        ("claim", "body", "date"),
        SchemaColumn("claim", True, refers="claims.csv"),
        SchemaColumn("body", True),
        SchemaColumn("date", True, pattern=r"20[0-9]{2}-[0-9]{2}-[0-9]{2}"),
        *build_columns("reply", "source_ref", required=True),
    ),
    declare_table(
        "legal_acts.csv",
        ("id",),
        SchemaColumn("id", True, pattern=r"[A-Z]{3}-L[0-9]{2}"),
        SchemaColumn("country", True, refers="countries.csv"),
        SchemaColumn("kind", True, words=ACT_KINDS),
        SchemaColumn("title", True),
        *build_columns("title_original", "number"),
        *_DATED,
        SchemaColumn("body", True),
        SchemaColumn("scope", True, words=ACT_SCOPES),
        SchemaColumn("establishes", True),
        SchemaColumn("standard_or_target"),
        SchemaColumn("names_model", True, words=("yes", "local_name", "no", "older", "not_seen")),
        *_READ,
    ),
    declare_table(
        "complaint_rules.csv",
        ("id",),
        SchemaColumn("id", True, pattern=r"[A-Z]{3}-C[0-9]{2}"),
        SchemaColumn("country", True, refers="countries.csv"),
        SchemaColumn("kind", True, words=("deadline", "channel")),
        SchemaColumn("title", True),
        *build_columns("title_original", "number"),
        *_DATED,
        SchemaColumn("count", pattern=r"[1-9][0-9]{0,2}"),
        SchemaColumn("unit", words=("days", "working_days")),
        *build_columns("longer", "channel"),
        *_READ,
    ),
    declare_table(
        "strategies.csv",
        ("id",),
        SchemaColumn("id", True, pattern=r"[A-Z]{3}-P[0-9]{2}"),
        SchemaColumn("country", True, refers="countries.csv"),
        SchemaColumn("topic", True, words=("ai", "data", "digital"), many=True),
        SchemaColumn("title", True),
        *build_columns("title_original", "number"),
        *_DATED,
        SchemaColumn("body", True),
        SchemaColumn("period"),
        SchemaColumn("status", True, words=STRATEGY_STATES),
        SchemaColumn("status_text", True),
        SchemaColumn("public_service_target"),
        *_READ,
    ),
    declare_table(
        "targets_apart.csv",
        ("id",),
        SchemaColumn("id", True, pattern=r"[A-Z]{3}-T[0-9]{2}"),
        SchemaColumn("country", True, refers="countries.csv"),
        SchemaColumn("kind", True, words=("target", "milestone")),
        SchemaColumn("counts", True),
        SchemaColumn("year", pattern=r"20[0-9]{2}"),
        SchemaColumn("value", True, "number"),
        SchemaColumn("unit", True),
        SchemaColumn("comparison", True, words=COMPARISONS),
        SchemaColumn("baseline"),
        SchemaColumn("nearest", refers="metrics.csv"),
        SchemaColumn("nearest_why"),
        SchemaColumn("body", True),
        *_READ,
    ),
    declare_table(
        "agreement_activities.csv",
        ("id",),
        SchemaColumn("id", True, pattern=r"AA-[0-9]{2}"),
        SchemaColumn("kind", True, words=ACTIVITY_KINDS),
        SchemaColumn("title", True),
        *_DATED,
        SchemaColumn("date_end"),
        SchemaColumn("countries", many=True, refers="countries.csv"),
        *build_columns("participants", "women"),
        SchemaColumn("under_agreement", True, words=("yes", "our_reading", "no")),
        SchemaColumn("carried_out", True, words=("done", "running", "announced")),
        *_READ,
    ),
    declare_table(
        "sought.csv",
        ("country", "question", "what_was_looked_for"),
        SchemaColumn("country", refers="countries.csv"),
        SchemaColumn("question", True, words=SOUGHT),
        *build_columns("what_was_looked_for", "nearest_found", required=True),
        SchemaColumn("owner", True, words=("government", "agency", "hrc")),
    ),
)
"""Facts with a date and a source, which nothing may count or show without."""
