"""Activities that the parties of the agreement sent: as a timeline, and counted by kind and continent."""

from collections.abc import Sequence
from typing import TypedDict

from dashboard.answers.base.context import Context
from dashboard.answers.base.references import ReferencePart, split_reference
from dashboard.answers.base.words import join_list, name_country, sort_by_name, translate_term
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
    """What the tab of the agreement shows of them; an activity in two continents counts in both."""
    lang = ctx.lang
    of = [(one.kind, continent) for one in sent for continent in _list_continents(ctx, one)]
    continents = sorted({continent for _, continent in of}, key=lambda name: (name == NOWHERE, name))
    kinds = [kind for kind in ACTIVITY_KINDS if any(one.kind == kind for one in sent)]
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
        sent=[_view(ctx, one) for one in sent],
    )


def _list_continents(ctx: Context, one: AgreementActivity) -> set[str]:
    known = {ctx.book.countries[iso3].continent for iso3 in one.countries if iso3 in ctx.book.countries}
    return known or {NOWHERE}


def _view(ctx: Context, one: AgreementActivity) -> SentActivityView:
    lang, organisation = ctx.lang, f"accounts.organisation.{one.sent_by}"
    sender = t(organisation, lang) if has(organisation) else name_country(ctx, one.sent_by)
    return SentActivityView(
        kind=one.kind,
        kind_text=t(f"documents.activity.{one.kind}", lang),
        title=one.title,
        date=one.date,
        date_text=format_day(one.date, lang),
        countries=list(one.countries),
        places=join_list(ctx, (name_country(ctx, iso3) for iso3 in sort_by_name(ctx, one.countries))),
        people=_describe_people(one, lang),
        participants=one.participants,
        women=one.publishable_women,
        link=one.link,
        link_parts=split_reference(one.link),
        sent_by=one.sent_by,
        sent_text=t("documents.sent.by", lang, sender=sender),
        receipt=f"/api/v1/submissions/{one.submission}/receipt.json",
    )


def _describe_people(one: AgreementActivity, lang: str) -> str:
    if one.participants is None:
        return ""
    parts = [t("documents.sent.participants", lang, count=one.participants)]
    if one.publishable_women is not None:
        parts.append(t("documents.sent.women", lang, count=one.publishable_women))
    elif one.women is not None:
        parts.append(t("documents.sent.few_women", lang, least=format_number(MIN_PEOPLE, lang)))
    return t("ui.list.comma", lang).join(parts)
