"""What data catalogues read: DCAT-AP 3 in JSON-LD, and Croissant 1.1, which is schema.org's Dataset with its columns.

Sources: DCAT-AP 3.0.1 (SEMIC, CC BY 4.0); Croissant 1.1 (MLCommons, Apache-2.0). Identifiers are public addresses, so a
catalogue is worth giving only where the operator names one (``MONITOR_PUBLIC_URL``); otherwise they are paths.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_latest, find_stats, load_holdings
from dashboard.answers.base.words import name_metric
from dashboard.answers.bulk.about import describe_column, find_span, list_columns, list_licences, summarise
from dashboard.answers.bulk.files import MEDIA, BulkFile
from dashboard.answers.wording.addresses import locate_series, locate_vintage
from dashboard.answers.wording.publishers import find_publisher
from dashboard.evidence.codebook.model import choose_text
from dashboard.locales import t
from dashboard.settings import settings

_EU = "http://publications.europa.eu/resource/authority"
_FILE_TYPES = {"csv.zst": "CSV", "zip": "ZIP", "csv": "CSV", "json": "JSON"}
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
_EN = f"{_EU}/language/ENG"


def write_dcat(ctx: Context, files: Sequence[BulkFile], base: str) -> dict[str, Any]:
    """Return the catalogue: the whole dataset, one dataset per indicator, and the API as a service.

    Args:
        files: the whole dataset's files, which are told with size and checksum.
        base: scheme and host of the addresses.
    """
    publisher = {
        "@id": f"{base}/#publisher",
        "@type": "foaf:Agent",
        "foaf:name": _say(t("ui.product.name", "en")),
        "foaf:homepage": {"@id": f"{base}/", "@type": "foaf:Document"},
    }
    whole, parts = (
        _describe_whole(ctx, files, base),
        [_describe_indicator(ctx, name, base) for name in _list_measured(ctx)],
    )
    service = {
        "@id": f"{base}/api/v1#service",
        "@type": "dcat:DataService",
        "dct:title": _say(f"{t('ui.product.name', 'en')}: API"),
        "dcat:endpointURL": {"@id": f"{base}/api/v1"},
        "dcat:endpointDescription": {"@id": f"{base}/api/v1/openapi.json"},
        "dcat:servesDataset": [{"@id": dataset["@id"]} for dataset in (whole, *parts)],
    }
    catalogue = {
        "@id": f"{base}/api/v1/catalog.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": _say(t("ui.product.name", "en")),
        "dct:description": _say(t("ui.product.purpose", "en")),
        "dct:publisher": {"@id": publisher["@id"]},
        "dct:language": {"@id": _EN},
        "dct:modified": _format_moment(ctx),
        "foaf:homepage": {"@id": f"{base}/", "@type": "foaf:Document"},
        "dcat:dataset": [{"@id": dataset["@id"]} for dataset in (whole, *parts)],
        "dcat:service": [{"@id": service["@id"]}],
    }
    for dataset in (whole, *parts):
        dataset["dct:publisher"] = {"@id": publisher["@id"]}
    return {"@context": _CONTEXT, "@graph": [catalogue, publisher, service, whole, *parts]}


def write_croissant(ctx: Context, parquet: BulkFile, base: str) -> dict[str, Any]:
    """Describe the whole dataset for Croissant: its file with checksum, and a field per column."""
    span = find_span(ctx)
    about: dict[str, Any] = {
        "@context": _CROISSANT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": "asan-sdg-monitor",
        "description": summarise(ctx),
        "url": f"{base}/",
        "version": f"{ctx.dataset.vintage}.0.0",  # Croissant wants three numbers
        "license": sorted({row["licence_url"] or row["licence"] for row in list_licences(ctx)} - {""}),
        "creator": {"@type": "sc:Organization", "name": t("ui.product.name", "en"), "url": f"{base}/"},
        "publisher": {"@type": "sc:Organization", "name": t("ui.product.name", "en"), "url": f"{base}/"},
        "datePublished": ctx.dataset.created_at.date().isoformat(),
        "dateModified": ctx.dataset.created_at.date().isoformat(),
        "isAccessibleForFree": True,
        "inLanguage": "en",
        "keywords": sorted({metric.theme for metric in ctx.book.metrics.values()}),
        "citeAs": t(
            "bulk.cite", "en", dataset=ctx.dataset.name, url=f"{base}{locate_vintage('en', ctx.dataset.vintage)}"
        ),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": "observations.parquet",
                "name": "observations.parquet",
                "description": t("bulk.whole", "en"),
                "contentUrl": f"{base}/api/v1/dataset.parquet",
                "contentSize": f"{parquet.size} B",
                "encodingFormat": "application/x-parquet",  # by this name readers of Croissant know Parquet
                "sha256": parquet.sha256,
            }
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": "observations",
                "name": "observations",
                "description": t("bulk.whole", "en"),
                "key": {"@id": "observations/id"},
                "field": [_describe_field(name) for name in list_columns()],
            }
        ],
    }
    if span:
        about["temporalCoverage"] = f"{span[0]}/{span[1]}"
    return about


def _describe_whole(ctx: Context, files: Sequence[BulkFile], base: str) -> dict[str, Any]:
    ident = f"{base}/api/v1/dataset.json"
    return {
        "@id": ident,
        "@type": "dcat:Dataset",
        "dct:title": _say(t("ui.product.name", "en")),
        "dct:description": _say(summarise(ctx)),
        "dct:identifier": "asan-sdg-monitor",
        "dcat:version": ctx.dataset.name,
        "dcat:landingPage": {"@id": f"{base}/en/", "@type": "foaf:Document"},
        "foaf:page": {"@id": f"{base}{locate_vintage('en', ctx.dataset.vintage)}", "@type": "foaf:Document"},
        **_describe_common(ctx, find_span(ctx)),
        "dcat:distribution": [
            {
                **_describe_distribution(ctx, f"{base}/api/v1/dataset.{file.form}", file.form, MEDIA[file.form]),
                "dcat:byteSize": {"@value": str(file.size), "@type": "xsd:nonNegativeInteger"},
                "spdx:checksum": {
                    "@type": "spdx:Checksum",
                    "spdx:algorithm": {
                        "@id": "spdx:checksumAlgorithm_sha256",
                        "@type": "spdx:ChecksumAlgorithm",
                    },
                    "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
                },
            }
            for file in files
        ],
    }


def _describe_indicator(ctx: Context, metric: str, base: str) -> dict[str, Any]:
    it, stats = ctx.book.metrics[metric], find_stats(ctx, metric)
    row = next(iter(find_latest(ctx, metric).values()), None)
    info = find_publisher(row["source"], row["series"]) if row else None
    address = f"{base}/en/indicators/{metric}/"
    part: dict[str, Any] = {
        "@id": f"{address}#dataset",
        "@type": "dcat:Dataset",
        "dct:title": _say(name_metric(ctx, metric)),
        "dct:description": _say(choose_text(it.definition, "en")),
        "dct:identifier": metric,
        "dct:isPartOf": {"@id": f"{base}/api/v1/dataset.json"},
        "dcat:landingPage": {"@id": address, "@type": "foaf:Document"},
        **_describe_common(ctx, (stats.first_year, stats.last_year) if stats.years else None),
        "dcat:distribution": [
            _describe_distribution(ctx, f"{base}/api/v1/observations.{form}?indicator={metric}", form, media, info)
            for form, media in (("csv", "text/csv"), ("json", "application/json"))
        ],
    }
    series = [f"{base}{locate_series('en', link.source, link.series)}" for link in it.series]
    if info and info.homepage.startswith("http"):
        series.append(info.homepage)
    part["dct:relation"] = [{"@id": address} for address in series]
    return part


def _describe_common(ctx: Context, span: tuple[int | None, int | None] | None) -> dict[str, Any]:
    """Return what whole and part have in common; the period is in years, of which the last is whole."""
    description: dict[str, Any] = {
        "dct:modified": _format_moment(ctx),
        "dct:language": {"@id": _EN},
        "dct:accessRights": {"@id": f"{_EU}/access-right/PUBLIC"},
        "dct:accrualPeriodicity": {"@id": f"{_EU}/frequency/IRREG"},
        "dcat:theme": [{"@id": f"{_EU}/data-theme/{name}"} for name in ("GOVE", "SOCI")],
    }
    if span and span[0] is not None:
        description["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@value": f"{span[0]}", "@type": "xsd:gYear"},
            "dcat:endDate": {"@value": f"{span[1]}", "@type": "xsd:gYear"},
        }
    contact = settings().accounts.contact
    if contact:
        description["dcat:contactPoint"] = {
            "@type": "vcard:Organization",
            "vcard:fn": t("ui.product.name", "en"),
            ("vcard:hasEmail" if contact.startswith("mailto:") else "vcard:hasURL"): {"@id": contact},
        }
    return description


def _describe_distribution(ctx: Context, address: str, form: str, media: str, info: Any = None) -> dict[str, Any]:
    rights = info.licence if info else t("bulk.licence", "en")
    licence = info.licence_url if info else ""
    description: dict[str, Any] = {
        "@id": f"{address}#file",
        "@type": "dcat:Distribution",
        "dct:title": _say(form),
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {
            "@id": f"https://www.iana.org/assignments/media-types/{media}",
            "@type": "dct:MediaType",
        },
        "dct:rights": {"@type": "dct:RightsStatement", "skos:prefLabel": _say(rights)},
        "dct:modified": _format_moment(ctx),
    }
    if form in _FILE_TYPES:
        description["dct:format"] = {"@id": f"{_EU}/file-type/{_FILE_TYPES[form]}"}
    if licence.startswith("http"):
        description["dct:license"] = {"@id": licence, "@type": "dct:LicenseDocument"}
    return description


def _describe_field(name: str) -> Mapping[str, Any]:
    about = describe_column(name)
    kinds = {"string": "sc:Text", "integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean",
             "datetime": "sc:DateTime"}  # fmt: skip
    return {
        "@type": "cr:Field",
        "@id": f"observations/{name}",
        "name": name,
        "description": about["description"],
        "dataType": kinds[about["type"]],
        "source": {"fileObject": {"@id": "observations.parquet"}, "extract": {"column": name}},
    }


def _list_measured(ctx: Context) -> list[str]:
    """Return the indicators with figures."""
    return sorted(name for name, stats in load_holdings(ctx).stats.items() if stats.countries)


def _format_moment(ctx: Context) -> dict[str, str]:
    return {"@value": ctx.dataset.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"), "@type": "xsd:dateTime"}


def _say(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "en"}


_CROISSANT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
