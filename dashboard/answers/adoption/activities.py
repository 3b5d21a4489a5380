"""Activities that the parties of the agreement sent: as a timeline, and counted by kind and continent."""

from collections.abc import Sequence
from typing import TypedDict

from dashboard.answers.base.context import Context
from dashboard.answers.base.references import ReferencePart, split_reference
from dashboard.answers.base.words import join_countries, name_country, sort_by_name, translate_term
from dashboard.evidence.codebook.register.sent import ACTIVITY_KINDS, MIN_PEOPLE, AgreementActivity
from dashboard.locales import format_day, format_number, has, t

NOWHERE = ""
"""The continent of an activity of which no country is named."""


class SentActivityView(TypedDict):
    """One activity in words."""

    kind: str
    kind_text: str
    title: str
    date: str
    date_text: str
    countries: list[str]
    places: str
    people: str  # participants, and the women among them where that may be told
    participants: int | None
    women: int | None  # None too where they, or the others, are fewer than ten
    link: str
    link_parts: list[ReferencePart]
    sent_by: str
    sent_text: str
    receipt: str  # address of the receipt


class ActivityCount(TypedDict):
    """A kind of activity: how many by continent, in the order of the columns."""

    label: str
    cells: list[str]


class SentActivities(TypedDict):
    """Activities that were sent and are in force, the newest first."""

    text: str
    columns: list[str]
    rows: list[ActivityCount]
    sent: list[SentActivityView]


def view_sent_activities(ctx: Context, sent: Sequence[AgreementActivity]) -> SentActivities:
    """Return what the agreement's tab shows; an activity in two continents counts in both."""
    lang = ctx.lang
    of = [(activity.kind, continent) for activity in sent for continent in _list_continents(ctx, activity)]
    continents = sorted({continent for _, continent in of}, key=lambda name: (name == NOWHERE, name))
    kinds = [kind for kind in ACTIVITY_KINDS if any(activity.kind == kind for activity in sent)]
    return SentActivities(
        text=t("documents.sent.text", lang, count=len(sent)) if sent else t("documents.sent.none", lang),
        columns=[
            translate_term(ctx, "continent", name, "") if name else t("documents.sent.nowhere", lang)
            for name in continents
        ],
        rows=[
            ActivityCount(
                label=t(f"documents.activity.{kind}", lang),
                cells=[format_number(of.count((kind, name)), lang) for name in continents],
            )
            for kind in kinds
        ],
        sent=[_view(ctx, activity) for activity in sent],
    )


def _list_continents(ctx: Context, activity: AgreementActivity) -> set[str]:
    continents = {ctx.book.countries[iso3].continent for iso3 in activity.countries if iso3 in ctx.book.countries}
    return continents or {NOWHERE}


def _view(ctx: Context, activity: AgreementActivity) -> SentActivityView:
    lang, organisation = ctx.lang, f"accounts.organisation.{activity.sent_by}"
    sender = t(organisation, lang) if has(organisation) else name_country(ctx, activity.sent_by)
    return SentActivityView(
        kind=activity.kind,
        kind_text=t(f"documents.activity.{activity.kind}", lang),
        title=activity.title,
        date=activity.date,
        date_text=format_day(activity.date, lang),
        countries=list(activity.countries),
        places=join_countries(ctx, sort_by_name(ctx, activity.countries)),
        people=_describe_people(activity, lang),
        participants=activity.participants,
        women=activity.publishable_women,
        link=activity.link,
        link_parts=split_reference(activity.link),
        sent_by=activity.sent_by,
        sent_text=t("documents.sent.by", lang, sender=sender),
        receipt=f"/api/v1/submissions/{activity.submission}/receipt.json",
    )


def _describe_people(activity: AgreementActivity, lang: str) -> str:
    if activity.participants is None:
        return ""
    parts = [t("documents.sent.participants", lang, count=activity.participants)]
    if activity.publishable_women is not None:
        parts.append(t("documents.sent.women", lang, count=activity.publishable_women))
    elif activity.women is not None:
        parts.append(t("documents.sent.few_women", lang, least=format_number(MIN_PEOPLE, lang)))
    return t("ui.list.comma", lang).join(parts)
