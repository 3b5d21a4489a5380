"""What the global SDG structure holds of our figures, what it does not, and why: for programs and for its page."""

from typing import get_args

import polars as pl

from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.analysis.sdmx.mapping import Reason
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import isolate_written, name_country, name_metric
from dashboard.answers.sdmx.keys import SERIES, list_areas, list_global_keys, list_unmapped
from dashboard.answers.sdmx.standard import is_old, open_standard
from dashboard.answers.sdmx.structures import AGENCY, describe_standard, list_flows
from dashboard.answers.sdmx.views import (
    HeldRow,
    MappingLine,
    MappingReason,
    MappingReport,
    SdmxEntry,
    SdmxMappingView,
    UnmappedRow,
)
from dashboard.answers.wording.addresses import locate_series
from dashboard.locales import format_day, format_number, format_quantity, t

COLUMNS = tuple(UnmappedRow.__annotations__)


def report_mapping(ctx: Context) -> MappingReport:
    """Count figures in force by whether the global structure holds them, most first."""
    counted: dict[tuple[Reason, str, str, str, str], int] = {}
    for own, indicator, rows, found in list_unmapped(ctx.timeless):
        key = (found.reason, indicator, own.source, own.series, found.detail)
        counted[key] = counted.get(key, 0) + rows
    areas = list_areas(ctx.timeless)
    there = (
        ctx.dataset.scan()
        .join(list_global_keys(ctx.timeless).select(SERIES).lazy(), on=list(SERIES), how="semi")
        .join(areas.lazy(), on="country", how="left")
        .group_by("indicator", "source", "series", "country", pl.col("AREA").is_null().alias("none"))
        .len()
        .collect()
    )
    for row in there.filter(pl.col("none")).iter_rows(named=True):
        detail = f"{row['country']} {name_country(ctx, row['country'])}"
        counted["area", row["indicator"], row["source"], row["series"], detail] = row["len"]
    mapped = int(there.filter(~pl.col("none"))["len"].sum())
    unmapped = [
        UnmappedRow(
            reason=reason,
            text=t(f"sdmx.reason.{reason}", "en"),
            indicator=indicator,
            name=name_metric(ctx, indicator),
            source=source,
            series=series,
            detail=detail,
            rows=rows,
        )
        for (reason, indicator, source, series, detail), rows in sorted(
            counted.items(), key=lambda pair: (-pair[1], pair[0])
        )
        if rows
    ]
    return MappingReport(
        structure=str(open_standard().name),
        note=describe_standard(),
        dataset=ctx.dataset.name,
        rows=mapped + sum(row["rows"] for row in unmapped),
        mapped=mapped,
        unmapped=unmapped,
        held=[
            HeldRow(
                indicator=row["indicator"],
                name=name_metric(ctx, row["indicator"]),
                source=row["source"],
                series=row["series"],
                rows=row["rows"],
            )
            for row in there.filter(~pl.col("none"))
            .group_by("indicator", "source", "series")
            .agg(pl.col("len").sum().alias("rows"))
            .sort(-pl.col("rows").cast(pl.Int64), "indicator", "source", "series")
            .iter_rows(named=True)
        ],
    )


@cached
def view_mapping(ctx: Context) -> SdmxMappingView:
    """Return the report's page: the answer, reasons with series and figures, and every line."""
    report, structure, lang = report_mapping(ctx), open_standard(), ctx.lang
    share = format_quantity(100 * report["mapped"] / report["rows"] if report["rows"] else 0, "percent", lang, 1)
    of_reason = {name: [row for row in report["unmapped"] if row["reason"] == name] for name in get_args(Reason)}
    reasons = [
        MappingReason(
            id=name,
            text=t(f"sdmx.reason.{name}", lang),
            series=format_number(len({(row["source"], row["series"]) for row in rows}), lang),
            rows=sum(row["rows"] for row in rows),
            rows_text=format_number(sum(row["rows"] for row in rows), lang),
            count_text=t("sdmx.show", lang, count=len(rows)),
            lines=[
                _line(ctx, row["indicator"], row["source"], row["series"], row["rows"], row["detail"]) for row in rows
            ],
        )
        for name, rows in of_reason.items()
        if rows
    ]
    words = {
        "rows": format_number(report["rows"], lang),
        "mapped": format_number(report["mapped"], lang),
        "share": share,
    }
    which = "none" if not report["mapped"] else "all" if report["mapped"] == report["rows"] else "answer"
    return SdmxMappingView(
        text=t(f"sdmx.{which}", lang, **words) if which == "answer" else t(f"sdmx.{which}", lang),
        spoken=t(
            "sdmx.spoken",
            lang,
            structure=isolate_written(ctx, str(structure.name)),
            date=format_day(structure.prepared[:10], lang),
        ),
        old=t("sdmx.old", lang) if is_old(structure) else "",
        reasons=sorted(reasons, key=lambda reason: -reason["rows"]),
        held=[_line(ctx, row["indicator"], row["source"], row["series"], row["rows"]) for row in report["held"]],
    )


def _line(ctx: Context, indicator: str, source: str, series: str, rows: int, detail: str = "") -> MappingLine:
    has_page = indicator in ctx.book.metrics
    return MappingLine(
        name=name_metric(ctx, indicator),
        href=f"/{ctx.lang}/indicators/{indicator}/" if has_page else "",
        series=f"{source}/{series}",
        series_href=locate_series(ctx.lang, source, series) if has_page else "",
        rows=format_number(rows, ctx.lang),
        detail=detail,
    )


def write_mapping_csv(ctx: Context) -> bytes:
    """Write the lines that are left out as CSV."""
    return write_csv_file(report_mapping(ctx)["unmapped"], COLUMNS)


def describe_service(ctx: Context, base: str) -> SdmxEntry:
    """Return the entry points with an example of each, the dataflows, and the structure spoken."""
    two, rest_1, example = f"{base}/api/sdmx/v2", f"{base}/api/sdmx/v1", "A.wgi_cc.AZE"
    flows = list_flows(ctx)
    return SdmxEntry(
        rest_2=two,
        rest_1=rest_1,
        structure=describe_standard(),
        dataflows=[f"{flow.name}: {flow.names['en']}" for flow in flows.values()],
        mapping=f"{base}/api/sdmx/mapping.json",
        page=f"{base}/en/sdmx/",
        links=[
            f"{two}/data/dataflow/{AGENCY}/MONITOR/1.0/{example}?format=csv",
            f"{two}/structure/dataflow/{AGENCY}",
            f"{two}/metadata/metadataflow/{AGENCY}/MDF_INDICATOR",
            f"{rest_1}/data/MONITOR/A.wgi_cc.AZE.......",
            f"{rest_1}/datastructure/{AGENCY}/MONITOR/latest?references=children",
        ],
    )
