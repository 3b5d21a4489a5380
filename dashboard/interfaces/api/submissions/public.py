"""Public parts of submissions: templates, receipts of what is published, deadlines."""

from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import AfterValidator

from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.contributions.delivery.metrics import shifted
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.api.answers import CSV, PDF, XLSX, get_public_base
from dashboard.interfaces.api.parameters import Configured, RowNumber, check_desk_language
from dashboard.interfaces.api.problems import refuse_unknown
from dashboard.interfaces.api.routes.read import check_country

router = APIRouter()

HEADERS = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}

Country = Annotated[str, Path(description="ISO 3166-1 alpha-3 code.", max_length=3)]
Form = Literal["xlsx", "csv"]
Lang = Annotated[str, Query(description="Language of the words."), AfterValidator(check_desk_language)]


@router.get("/templates/{country}.{form}", summary="Template to fill in", response_class=Response)
def download_template(
    request: Request,
    country: Country,
    form: Form,
    configured: Configured,
    lang: Lang = "en",
    period: Annotated[str, Query(description="The year; default: the last whole one.", max_length=4)] = "",
    indicator: Annotated[
        list[str], Query(description="Ids of the indicators it holds, again and again; default: all.", max_length=200)
    ] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """The workbook a country fills in: the indicators it sends, with the last published value."""
    from dashboard.contributions.submissions import publication  # Polars and workbooks: not needed to start
    from dashboard.contributions.submissions.rules.ground import list_accepted
    from dashboard.contributions.submissions.workbooks import template

    book, now, iso3 = load_codebook(), datetime.now(UTC), check_country(country)
    year = period or str(now.year - 1)
    if not (year.isascii() and year.isdigit() and 1990 <= int(year) <= now.year):
        raise Invalid("period", f"“{year}” is not a year from 1990 to {now.year}.")
    accepted = [metric.id for metric in list_accepted(book)]
    for metric in indicator:
        if metric not in accepted:
            raise Unknown("indicator", metric, get_close_matches(metric, accepted))
    rows = template.lines(book, publication.history(configured, book, iso3), indicator)
    if form == "csv":
        body, media = template.csv_text(iso3, year, lang, rows), CSV
    else:
        address = get_public_base(request, configured) + "/contribute/figures"
        body, media = template.workbook(book, iso3, year, lang, rows, now.date(), address), XLSX
    name = f"{choose_text(book.countries[iso3].name, 'en').replace(' ', '_')}_{year}_{lang}.{form}"
    plain = "".join(letter for letter in name if letter.isascii() and (letter.isalnum() or letter in "._-"))
    return Response(body, 200, {**HEADERS, "Content-Disposition": f'attachment; filename="{plain}"'}, media)


@router.get("/templates/{country}/counts.{form}", summary="Template of monthly counts", response_class=Response)
def download_counts_template(
    request: Request,
    country: Country,
    form: Form,
    configured: Configured,
    lang: Lang = "en",
    period: Annotated[str, Query(description="The month; default: the last whole one.", max_length=7)] = "",
) -> Response:
    """What a country's centres count in a month: a row for each centre, service and channel of its newest one."""
    from dashboard.contributions.submissions.kinds.base import parse_month
    from dashboard.contributions.submissions.model import MoveNotAllowed
    from dashboard.contributions.submissions.workbooks import counts

    book, now, iso3 = load_codebook(), datetime.now(UTC), check_country(country)
    try:
        month = parse_month(period or f"{shifted(now.date(), -1):%Y-%m}")
    except MoveNotAllowed as error:
        raise Invalid("period", str(error)) from error
    centres = counts.known(configured, iso3)
    if form == "csv":
        body, media = counts.csv_text(month, centres), CSV
    else:
        address = get_public_base(request, configured) + "/contribute/counts"
        body, media = counts.workbook(choose_text(book.countries[iso3].name, lang), month, lang, centres, address), XLSX
    name = f'attachment; filename="{iso3}_counts_{month}_{lang}.{form}"'
    return Response(body, 200, {**HEADERS, "Content-Disposition": name}, media)


@router.get("/templates/{sender}/activities.{form}", summary="Template of activities", response_class=Response)
def download_activities_template(
    request: Request,
    sender: Annotated[str, Path(description="AZE, or XUN for UN DESA.", max_length=3)],
    form: Form,
    configured: Configured,
    lang: Lang = "en",
    period: Annotated[str, Query(description="The year; default: this one.", max_length=4)] = "",
) -> Response:
    """What a party of the Contribution Agreement fills in, a row an activity; with those in force of the year."""
    from dashboard.contributions.delivery.wording import country_name
    from dashboard.contributions.submissions.kinds.activities import list_published
    from dashboard.contributions.submissions.kinds.base import parse_year
    from dashboard.contributions.submissions.kinds.registry import KINDS
    from dashboard.contributions.submissions.model import ACTIVITIES, MoveNotAllowed
    from dashboard.contributions.submissions.workbooks import activities

    code = sender.upper()
    if not KINDS[ACTIVITIES].may_send(code):
        raise Unknown("sender", sender, ())
    try:
        year = str(parse_year(period or str(datetime.now(UTC).year)))
    except MoveNotAllowed as error:
        raise Invalid("period", str(error)) from error
    rows = [
        activity
        for activity in list_published(configured)[::-1]
        if activity.sent_by == code and activity.date[:4] == year
    ]
    if form == "csv":
        body, media = activities.csv_text(rows), CSV
    else:
        address = get_public_base(request, configured) + "/contribute/activities"
        body, media = activities.workbook(country_name(code, lang), year, lang, rows, address), XLSX
    name = f'attachment; filename="{code}_activities_{year}_{lang}.{form}"'
    return Response(body, 200, {**HEADERS, "Content-Disposition": name}, media)


@router.get("/submissions/{number}/receipt.{form}", summary="Receipt of a published submission")
def download_receipt(
    number: RowNumber, form: Literal["json", "pdf"], configured: Configured, lang: Lang = "en"
) -> Response:
    """File hash, rows, vintage, dates and offices of a published submission."""
    from dashboard.contributions.submissions.model import SubmissionUnknown as NoSuch
    from dashboard.contributions.submissions.workbooks import receipt

    try:
        submission = receipt.published(configured, number)
    except NoSuch as error:
        raise Unknown("receipt", str(number), ()) from error
    contested = receipt.list_contested(configured, submission)
    apart = receipt.list_apart(configured, submission)
    if form == "json":
        return JSONResponse(receipt.facts(submission, contested, apart), headers=HEADERS)
    name = f'inline; filename="receipt_{number}.pdf"'
    return Response(
        receipt.document(submission, lang, contested, apart), 200, {**HEADERS, "Content-Disposition": name}, PDF
    )


@router.get(
    "/deadlines.ics",
    summary="Deadlines as a calendar",
    response_class=Response,
    dependencies=[Depends(refuse_unknown)],
)
def download_deadlines(
    configured: Configured,
    country: Annotated[str, Query(description="ISO 3166-1 alpha-3 code; default: all.", max_length=3)] = "",
    lang: Lang = "en",
) -> Response:
    """When figures are due, with a reminder a week before."""
    from dashboard.contributions.submissions import deadlines

    book, iso3 = load_codebook(), check_country(country) if country else ""
    dues = deadlines.listing(configured, datetime.now(UTC), iso3)
    names = deadlines.office_names(configured, iso3)
    name = {"Content-Disposition": 'attachment; filename="deadlines.ics"'}
    return Response(
        deadlines.calendar(dues, book, lang, names), 200, {**HEADERS, **name}, "text/calendar; charset=utf-8"
    )
