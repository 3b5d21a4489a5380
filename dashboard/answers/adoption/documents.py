"""Laws, strategies, targets of their own, activities and texts: read in excerpts, each with how and how surely.

Nothing here moves a status of the register. What was read with low confidence is in the codebook and on no page.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.answers.adoption.counting import STATUSES, find_adoption, register
from dashboard.answers.adoption.views import (
    DocumentCount,
    DocumentNote,
    GroupCountry,
    GroupRow,
    GroupTable,
    RegisterDocuments,
    Sought,
    TargetNote,
)
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.references import split_reference
from dashboard.answers.base.words import (
    join_countries,
    join_list,
    join_sentences,
    name_country,
    name_metric,
    sort_by_name,
    translate_term,
)
from dashboard.locales import format_day, format_number, format_quantity, has, t

SHOWN = ("high", "medium")
COLUMNS = (
    "what", "id", "country", "name", "kind_text", "title", "original", "symbol", "date", "body", "content", "detail",
    "confidence", "read_text", "quote", "note", "source", "source_ref",
)  # fmt: skip
"""Columns of the file of documents."""
Record = Mapping[str, str]


def select_read(records: Iterable[Record], iso3: str = "") -> list[Record]:
    """Return the records read surely enough to be shown, of one country or of all."""
    return [record for record in records if record["confidence"] in SHOWN and iso3 in ("", record.get("country", ""))]


def describe_reading(ctx: Context, row: Record) -> str:
    """Return how a fact is known: ``Read in an excerpt on 29 November 2026; confidence: high``."""
    return t(
        "documents.read.text",
        ctx.lang,
        how=t(f"documents.read.{row['how_read']}", ctx.lang),
        date=format_day(row["read_on"], ctx.lang),
        confidence=t(f"documents.confidence.{row['confidence']}", ctx.lang),
    )


def list_founding_acts(ctx: Context, iso3: str = "") -> list[DocumentNote]:
    """Return the acts of a country, or of all, that the model is founded on."""
    own = (row for row in ctx.book.model_hooks if row["country"] and iso3 in ("", row["country"]))
    return _sort_notes(ctx, [_view_text(ctx, row) for row in own])


def list_legal_acts(ctx: Context, iso3: str = "") -> list[DocumentNote]:
    """Return acts and memoranda that bear on public services, oldest first within a country."""
    read = (_view_act(ctx, row) for row in select_read(ctx.book.legal_acts, iso3))
    return _sort_notes(ctx, [*list_founding_acts(ctx, iso3), *read])


def list_strategies(ctx: Context, iso3: str = "") -> list[DocumentNote]:
    """Return strategies and laws on artificial intelligence, data and digital government."""
    return _sort_notes(ctx, [_view_strategy(ctx, row) for row in select_read(ctx.book.strategies, iso3)])


def list_activities(ctx: Context) -> list[DocumentNote]:
    """Return activities under the agreement or with other countries, newest first."""
    notes = [_view_activity(ctx, row) for row in select_read(ctx.book.activities)]
    return sorted(notes, key=lambda note: note["date"], reverse=True)


def list_texts(ctx: Context) -> list[DocumentNote]:
    """Return resolutions, awards and agreements on the model, each with whether it was verified."""
    return [_view_text(ctx, row) for row in ctx.book.model_hooks if not row["country"]]


def list_targets_apart(ctx: Context, iso3: str = "") -> list[TargetNote]:
    """Return countries' own targets that count what no indicator here counts."""
    notes = [_view_target(ctx, row) for row in select_read(ctx.book.targets_apart, iso3)]
    order = sort_by_name(ctx, {note["country"] for note in notes})
    return sorted(notes, key=lambda note: (order.index(note["country"]), note["id"]))


def count_documents(ctx: Context) -> list[DocumentCount]:
    """Count the acts, strategies and own targets that each country of the register has."""
    book = ctx.book
    acts = Counter(note["country"] for note in list_legal_acts(ctx))
    strategies, targets = (
        Counter(row["country"] for row in select_read(rows)) for rows in (book.strategies, book.targets_apart)
    )
    return [
        DocumentCount(
            iso3=iso3,
            name=name_country(ctx, iso3),
            acts=acts[iso3],
            strategies=strategies[iso3],
            targets=targets[iso3],
        )
        for iso3 in sort_by_name(ctx, {*register(ctx), *acts, *strategies, *targets})
    ]


def list_sought(ctx: Context, iso3: str) -> list[Sought]:
    """Return what was looked for of a country and not found, and who could supply it."""
    return [
        Sought(
            question=t(f"documents.sought.{row['question']}", ctx.lang),
            what=row["what_was_looked_for"],
            nearest=row["nearest_found"],
            owner=t(f"documents.owner.{row['owner']}", ctx.lang),
        )
        for row in ctx.book.sought
        if row["country"] == iso3
    ]


def list_groups(ctx: Context) -> list[GroupTable]:
    """Return the register's countries by continent, income group and UN group, by status."""
    countries = {iso3: ctx.book.countries[iso3] for iso3, adoption in register(ctx).items() if not adoption.origin}
    parts = {
        "continent": {iso3: [country.continent] for iso3, country in countries.items()},
        "income": {iso3: [country.income] for iso3, country in countries.items()},
        "un": {
            iso3: [name for name in ("ldc", "lldc", "sids") if getattr(country, name)]
            for iso3, country in countries.items()
        },
    }
    return [
        GroupTable(
            id=part,
            title=t(f"documents.groups.{part}", ctx.lang),
            rows=[_view_group(ctx, part, name, of) for name in _list_groups_by_size(of)],
        )
        for part, of in parts.items()
    ]


@cached
def select_documents(ctx: Context, tab: str) -> RegisterDocuments:
    """Return the documents that a tab of the register's page shows."""
    agreement = tab == "agreement"
    return RegisterDocuments(
        activities=list_activities(ctx) if agreement else [],
        texts=list_texts(ctx) if agreement else [],
        documents=count_documents(ctx) if tab == "laws" else [],
        groups=list_groups(ctx) if tab in ("", "timeline") else [],
    )


def write_documents_csv(ctx: Context) -> bytes:
    """Write every document as a line of CSV."""
    kinds = {
        "legal_act": list_legal_acts(ctx), "strategy": list_strategies(ctx), "activity": list_activities(ctx),
        "text": list_texts(ctx),
    }  # fmt: skip
    lines = [{"what": what, **note} for what, notes in kinds.items() for note in notes]
    lines += [
        {
            "what": "target_apart", **note, "title": note["counts"], "original": "",
            "symbol": "", "date": note["year"], "content": note["nearest"], "detail": note["value_text"],
        }
        for note in list_targets_apart(ctx)
    ]  # fmt: skip
    return write_csv_file(lines, COLUMNS)


def _sort_notes(ctx: Context, notes: list[DocumentNote]) -> list[DocumentNote]:
    order = sort_by_name(ctx, {note["country"] for note in notes})
    return sorted(notes, key=lambda note: (order.index(note["country"]), not note["date"], note["date"]))


def _view_note(ctx: Context, row: Record, kind_text: str, detail: str, content: str = "") -> DocumentNote:
    country = row.get("country", "")
    precision = row["precision"]
    return DocumentNote(
        id=row["id"],
        country=country,
        name=name_country(ctx, country) if country else "",
        kind_text=kind_text,
        title=row["title"],
        original=row.get("title_original", ""),
        symbol=row.get("number", row.get("symbol", "")),
        date=row["date"],
        date_text=format_day(row["date"], ctx.lang, precision) if row["date"] else t("country.undated", ctx.lang),
        body=row.get("body", ""),
        content=content,
        detail=detail,
        confidence=row.get("confidence", ""),
        read_text=describe_reading(ctx, row) if "how_read" in row else "",
        quote=row.get("evidence", ""),
        note=row["note"],
        source=join_sentences([row.get("source_title", ""), f"({row['publisher']})" if row.get("publisher") else ""]),
        source_ref=row["source_ref"],
        source_parts=split_reference(row["source_ref"]),
    )


def _view_act(ctx: Context, row: Record) -> DocumentNote:
    named = t(f"documents.names_model.{row['names_model']}", ctx.lang)
    content = "; ".join(filter(None, (row["establishes"], row["standard_or_target"])))
    return _view_note(ctx, row, t(f"documents.act.{row['kind']}", ctx.lang), named, content)


def _view_strategy(ctx: Context, row: Record) -> DocumentNote:
    topics = join_list(ctx, (t(f"documents.topic.{topic}", ctx.lang) for topic in row["topic"].split("; ")))
    state = t(f"documents.state.{row['status']}", ctx.lang)
    content = "; ".join(filter(None, (row["period"], row["public_service_target"])))
    return _view_note(ctx, row, topics, state, content)


def _view_activity(ctx: Context, row: Record) -> DocumentNote:
    places = join_countries(ctx, (iso3 for iso3 in row["countries"].split("; ") if iso3))
    under = t(f"documents.under.{row['under_agreement']}", ctx.lang)
    state = t(f"documents.carried_out.{row['carried_out']}", ctx.lang)
    detail = t("ui.list.semicolon", ctx.lang).join(filter(None, (places, state, under)))
    return _view_note(ctx, row, t(f"documents.activity.{row['kind']}", ctx.lang), detail, row["participants"])


def _view_text(ctx: Context, row: Record) -> DocumentNote:
    key = f"documents.hook.{row['kind']}"
    kind = t(key, ctx.lang) if has(key) else row["kind"]
    verified = t(f"documents.verified.{row['verified']}", ctx.lang)
    return _view_note(ctx, row, kind, verified, row["content"])


def _view_target(ctx: Context, row: Record) -> TargetNote:
    unit, value = row["unit"], float(row["value"])
    amount = (
        t(f"documents.unit.{unit}", ctx.lang, value=format_number(value, ctx.lang))
        if has(f"documents.unit.{unit}")
        else format_quantity(value, unit, ctx.lang)
    )
    return TargetNote(
        id=row["id"],
        country=row["country"],
        name=name_country(ctx, row["country"]),
        kind_text=t(f"documents.target.{row['kind']}", ctx.lang),
        counts=row["counts"],
        value_text=t(f"documents.comparison.{row['comparison']}", ctx.lang, value=amount),
        year=row["year"] or t("documents.target.no_year", ctx.lang),
        baseline=row["baseline"],
        nearest=t("documents.target.nearest", ctx.lang, indicator=name_metric(ctx, row["nearest"]))
        if row["nearest"]
        else "",
        body=row["body"],
        confidence=row["confidence"],
        read_text=describe_reading(ctx, row),
        quote=row["evidence"],
        note=row["note"],
        source=f"{row['source_title']} ({row['publisher']})",
        source_ref=row["source_ref"],
        source_parts=split_reference(row["source_ref"]),
    )


def _list_groups_by_size(of: Mapping[str, list[str]]) -> list[str]:
    """Return the groups that have a country, the largest first."""
    sizes: dict[str, int] = {}
    for names in of.values():
        for name in names:
            sizes[name] = sizes.get(name, 0) + 1
    return sorted(sizes, key=lambda name: (-sizes[name], name))


def _view_group(ctx: Context, part: str, name: str, of: Mapping[str, list[str]]) -> GroupRow:
    members = [iso3 for iso3 in sort_by_name(ctx, of) if name in of[iso3]]
    members.sort(key=lambda iso3: STATUSES.index(find_adoption(ctx, iso3).status))
    area = "country_group" if part == "un" else part
    statuses = {iso3: find_adoption(ctx, iso3).status for iso3 in members}
    words = {status: translate_term(ctx, "adoption_status", status) for status in statuses.values()}
    return GroupRow(
        label=translate_term(ctx, area, name, ""),
        count=len(members),
        signed=sum(STATUSES.index(status) <= STATUSES.index("signed") for status in statuses.values()),
        operating=sum(status == "operating" for status in statuses.values()),
        countries=[
            GroupCountry(iso3=iso3, name=name_country(ctx, iso3), status=status, text=words[status])
            for iso3, status in statuses.items()
        ],
    )
