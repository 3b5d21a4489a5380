"""The dataset as a Frictionless Data Package (version 2): the rows, the codebook and the licences, and what they are.

Source of the form: the Data Package standard 2.0 (datapackage.org). Tables refer to each other by foreign keys.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import name_country, name_metric, name_unit
from dashboard.answers.bulk.about import Amount, describe_column, list_columns, list_licences, summarise
from dashboard.answers.wording.citation import build_public_address
from dashboard.evidence.codebook.model import choose_text
from dashboard.locales import t

ROWS = "observations.csv"
_SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"
_HEADS: Mapping[str, tuple[str, ...]] = {
    "indicators.csv": ("id", "name", "definition", "unit", "decimals", "direction", "evidence_level", "theme",
                       "targets"),
    "countries.csv": ("iso3", "iso2", "m49", "name", "region", "income"),
    "sources.csv": ("source", "series", "title", "publisher", "homepage", "licence", "licence_url", "redistribution",
                    "attribution"),
    "vintages.csv": ("number", "created_at", "note", "rows", "added", "superseded"),
}  # fmt: skip


def write_tables(ctx: Context) -> dict[str, bytes]:
    """Write the tables beside the rows as CSV: indicators, countries, sources, vintages."""
    rows: dict[str, Iterable[Mapping[str, Any]]] = {
        "indicators.csv": (
            {
                "id": metric.id,
                "name": name_metric(ctx, metric.id),
                "definition": choose_text(metric.definition, ctx.lang),
                "unit": name_unit(ctx, metric),
                "decimals": metric.decimals,
                "direction": metric.direction,
                "evidence_level": metric.evidence_level,
                "theme": metric.theme,
                "targets": " ".join(sorted({link.target for link in metric.links if link.target})),
            }
            for _, metric in sorted(ctx.book.metrics.items())
        ),
        "countries.csv": (
            {name: getattr(country, name) for name in _HEADS["countries.csv"]}
            | {"name": name_country(ctx, country.iso3)}
            for _, country in sorted(ctx.book.countries.items())
        ),
        "sources.csv": list_licences(ctx),
        "vintages.csv": ctx.dataset.vintages(),
    }
    return {name: write_csv_file(rows[name], heads) for name, heads in _HEADS.items()}


def describe_package(
    ctx: Context, size: int, sha256: str, tables: Mapping[str, bytes], withheld: Sequence[str], amount: Amount
) -> dict[str, bytes]:
    """Return ``datapackage.json`` and ``README.md``.

    Args:
        size: bytes of the rows.
        sha256: of the rows.
        withheld: series that are left out because their publisher forbids to pass them on.
    """
    rows = {
        "name": "observations",
        "path": ROWS,
        **_form("csv", size, sha256),
        "schema": {
            "fields": [describe_column(name) for name in list_columns()],
            "primaryKey": ["id"],
            "foreignKeys": [
                _refer("indicator", "indicators", "id"),
                _refer("country", "countries", "iso3"),
                {
                    "fields": ["source", "series"],
                    "reference": {"resource": "sources", "fields": ["source", "series"]},
                },
            ],
            "missingValues": [""],
        },
    }
    others = [
        {
            "name": name.removesuffix(".csv"),
            "path": name,
            **_form("csv", len(text), hashlib.sha256(text).hexdigest()),
            "schema": {"fields": [{"name": head, "type": _TYPES.get(head, "string")} for head in _HEADS[name]]},
        }
        for name, text in tables.items()
    ]
    about = {
        "$schema": _SCHEMA,
        "name": "asan-sdg-monitor",
        "id": build_public_address("/api/v1/dataset.zip"),
        "title": t("ui.product.name", ctx.lang),
        "description": summarise(ctx, withheld, amount),
        "version": ctx.dataset.name,
        "created": ctx.dataset.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "homepage": build_public_address(f"/{ctx.lang}/"),
        "licenses": [
            {"name": "publishers", "title": t("bulk.licence", ctx.lang), "path": "sources.csv"},
        ],
        "sources": [
            {"title": title, "path": homepage} if homepage else {"title": title}
            for title, homepage in dict.fromkeys((row["title"], row["homepage"]) for row in list_licences(ctx))
        ],
        "resources": [rows, *others],
    }
    return {
        "datapackage.json": json.dumps(about, ensure_ascii=False, indent=1).encode(),
        "README.md": _read_me(ctx, withheld, amount).encode(),
    }


def _form(kind: str, size: int, sha256: str) -> dict[str, Any]:
    return {
        "type": "table",
        "format": kind,
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{sha256}",
    }


def _refer(field: str, resource: str, target: str) -> dict[str, Any]:
    return {"fields": [field], "reference": {"resource": resource, "fields": [target]}}


_TYPES = dict.fromkeys(("decimals", "evidence_level", "number", "rows", "added", "superseded"), "integer") | {
    "created_at": "datetime"
}


def _read_me(ctx: Context, withheld: Sequence[str], amount: Amount) -> str:
    lines = [f"# {t('ui.product.name', ctx.lang)}", "", summarise(ctx, withheld, amount), "", f"`{ROWS}`:", ""]
    for name in list_columns():
        about = describe_column(name)
        lines.append(f"- `{name}` ({about['type']}): {about['description']}")
    return "\n".join([*lines, ""])
