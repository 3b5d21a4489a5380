"""Names, lists and dates as sentences need them, in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from dashboard.analysis.charts.chart import ChartOptions, Theme
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.evidence.codebook.model import Metric, choose_text
from dashboard.locales import LANGUAGES, format_day, format_number, format_unit, has, isolate_ltr, order, t
from dashboard.locales.notice import notice


def name_country(ctx: Context, iso3: str) -> str:
    """Return the country's name by United Nations usage; its code where the codebook has none."""
    country = ctx.book.countries.get(iso3)
    return choose_text(country.name, ctx.lang) if country else iso3


def name_metric(ctx: Context, metric: str) -> str:
    """Return the indicator's name."""
    entry = ctx.book.metrics.get(metric)
    return choose_text(entry.name, ctx.lang) if entry else metric


def name_unit(ctx: Context, metric: Metric) -> str:
    """Return the unit as it stands in a header."""
    return format_unit(metric.unit, ctx.lang)


def isolate_written(ctx: Context, code: str) -> str:
    """Isolate a code or an address so that it keeps its order in a right-to-left language."""
    return isolate_ltr(code) if code and LANGUAGES[ctx.lang].dir == "rtl" else code


def join_list(ctx: Context, parts: Iterable[str]) -> str:
    """Join parts as ``A``, ``A and B`` or ``A, B and C``; "" when there are none."""
    names = list(parts)
    if len(names) < 2:
        return "".join(names)
    first = t("ui.list.comma", ctx.lang).join(names[:-1])
    return t("ui.list.and", ctx.lang, first=first, last=names[-1])


def join_countries(ctx: Context, codes: Iterable[str]) -> str:
    """Join the names of countries, in the order of their codes here."""
    return join_list(ctx, (name_country(ctx, iso3) for iso3 in codes))


def sort_by_name(ctx: Context, codes: Iterable[str]) -> list[str]:
    """Sort ISO3 codes by their names, in the alphabet of the language."""
    return sorted(codes, key=lambda iso3: order(name_country(ctx, iso3), ctx.lang))


def translate_term(ctx: Context, area: str, code: str, part: str = "name", **values: str) -> str:
    """Return a word of the vocabulary, such as ``("strength", "direct")``; the code where there is none."""
    key = f"terms.{area}.{code}.{part}" if part else f"terms.{area}.{code}"
    return t(key, ctx.lang, **values) if has(key) else code


def describe_row_count(ctx: Context, rows: int) -> dict[str, str]:
    """Return the labels of downloads with this many rows, ``csv_text`` and ``xlsx_text``."""
    return dict(_label_downloads(ctx.lang, rows))


@lru_cache(1_000)
def _label_downloads(lang: str, rows: int) -> dict[str, str]:
    return {f"{form}_text": t(f"ui.buttons.download_{form}", lang, count=rows) for form in ("csv", "xlsx")}


def describe_as_of(ctx: Context) -> str:
    """Return the day and the dataset that a picture's figures are of."""
    return t("answers.image.as_of", ctx.lang, date=format_day(ctx.today, ctx.lang), version=ctx.dataset.name)


def label_chart(ctx: Context, theme: Theme, title: str, source_line: str, **options: Any) -> ChartOptions:
    """Return options of a chart with the language, the notice and the day that its picture prints."""
    return ChartOptions(
        lang=ctx.lang,
        notice=notice(ctx.lang),
        theme=theme,
        title=title,
        source_line=source_line,
        as_of=describe_as_of(ctx),
        **options,
    )


def format_years(first: int | None, last: int | None, lang: str) -> str:
    """Format a span as ``2012``, ``2012 to 2023`` or ""."""
    if first is None or last is None:
        return ""
    return str(first) if first == last else t("ui.coverage.years", lang, first=str(first), last=str(last))


def count_undated(count: int, lang: str) -> str:
    """Return ``year not published: 3``."""
    return t("period.no_year", lang) + t("ui.list.colon", lang) + format_number(count, lang)


def join_sentences(parts: Sequence[str]) -> str:
    """Join sentences with blanks; empty ones are left out."""
    return " ".join(part for part in parts if part)


def name_dimension(ctx: Context, name: str, value: str = "") -> str:
    """Return the name of a breakdown or of its category; the publisher's code where there is none."""
    key = name.lower().replace(" ", "_")
    path = f"answers.breakdown.{key}.{'name' if not value else _make_key(value)}"
    return t(path, ctx.lang) if has(path) else value or name


def _make_key(code: str) -> str:
    """Return a publisher's code as a key of the catalogue: ``<1Y`` is ``under_1y``."""
    return code.lower().replace("<", "under_").replace("+", "_or_more").replace(" ", "_")


@kept(16)
def _name_all(lang: str, ctx: Context) -> Mapping[str, str]:
    return MappingProxyType({iso3: choose_text(country.name, lang) for iso3, country in ctx.book.countries.items()})


def list_country_names(ctx: Context) -> Mapping[str, str]:
    """Return ISO3 → name of every country and area."""
    return _name_all(ctx.lang, ctx.timeless)


def make_slug(name: str) -> str:
    """Return the name of a region or another group as addresses write it."""
    return name.lower().replace(" ", "_")


def encode_reason(ctx: Context, code: str) -> str:
    """Return a sentence with the code that files and the API use for a reason."""
    return t("progress.constant.code", ctx.lang, code=isolate_ltr(code))
