"""Names, lists and dates as sentences need them, in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from dashboard.codebook.model import Metric, text
from dashboard.locales import LANGUAGES, date, has, ltr, number, order, t, unit_label
from dashboard.services.base.cache import kept
from dashboard.services.base.context import Context


def country_name(ctx: Context, iso3: str) -> str:
    """The country's name by United Nations usage; the code where the codebook has none."""
    country = ctx.book.countries.get(iso3)
    return text(country.name, ctx.lang) if country else iso3


def metric_name(ctx: Context, metric: str) -> str:
    """The indicator's name."""
    entry = ctx.book.metrics.get(metric)
    return text(entry.name, ctx.lang) if entry else metric


def unit_words(ctx: Context, metric: Metric) -> str:
    """The unit as it stands in a header."""
    return unit_label(metric.unit, ctx.lang)


def as_written(ctx: Context, code: str) -> str:
    """A code, an address, or words of a publisher: in a language written from right to left their order is kept."""
    return ltr(code) if code and LANGUAGES[ctx.lang].dir == "rtl" else code


def listed(ctx: Context, parts: Iterable[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``; "" when there are none."""
    names = list(parts)
    if len(names) < 2:
        return "".join(names)
    first = t("ui.list.comma", ctx.lang).join(names[:-1])
    return t("ui.list.and", ctx.lang, first=first, last=names[-1])


def by_name(ctx: Context, codes: Iterable[str]) -> list[str]:
    """ISO3 codes in the order of their names, as the alphabet of the language has them."""
    return sorted(codes, key=lambda iso3: order(country_name(ctx, iso3), ctx.lang))


def term(ctx: Context, area: str, code: str, part: str = "name", **values: str) -> str:
    """A word of the vocabulary: ``term(ctx, "strength", "direct")``; the code itself where it has no word."""
    key = f"terms.{area}.{code}.{part}" if part else f"terms.{area}.{code}"
    return t(key, ctx.lang, **values) if has(key) else code


def rows_words(ctx: Context, rows: int) -> dict[str, str]:
    """What files of this many rows are called: ``csv_text`` and ``xlsx_text``."""
    return dict(_rows_words(ctx.lang, rows))


@lru_cache(1_000)
def _rows_words(lang: str, rows: int) -> dict[str, str]:
    return {f"{form}_text": t(f"ui.buttons.download_{form}", lang, count=rows) for form in ("csv", "xlsx")}


def as_of_text(ctx: Context) -> str:
    """The day and the dataset that a picture's figures are of, as it prints them."""
    return t("answers.image.as_of", ctx.lang, date=date(ctx.today, ctx.lang), version=ctx.dataset.name)


def years(first: int | None, last: int | None, lang: str) -> str:
    """``2012``, ``2012 to 2023`` or ""."""
    if first is None or last is None:
        return ""
    return str(first) if first == last else t("ui.coverage.years", lang, first=str(first), last=str(last))


def undated_text(count: int, lang: str) -> str:
    """``year not published: 3``, of figures."""
    return t("period.no_year", lang) + t("ui.list.colon", lang) + number(count, lang)


def sentence(parts: Sequence[str]) -> str:
    """Sentences one after another, blanks left out."""
    return " ".join(part for part in parts if part)


def dimension_words(ctx: Context, name: str, value: str = "") -> str:
    """A breakdown's name, or one of its categories, in words; the publisher's code where there are none."""
    key = name.lower().replace(" ", "_")
    path = f"answers.breakdown.{key}.{'name' if not value else _slug(value)}"
    return t(path, ctx.lang) if has(path) else value or name


def _slug(code: str) -> str:
    """A publisher's code as a key of the catalogue: ``<1Y`` is ``under_1y``."""
    return code.lower().replace("<", "under_").replace("+", "_or_more").replace(" ", "_")


@kept(16)
def _names_of(lang: str, ctx: Context) -> Mapping[str, str]:
    return MappingProxyType({iso3: text(country.name, lang) for iso3, country in ctx.book.countries.items()})


def names(ctx: Context) -> Mapping[str, str]:
    """ISO3 → name of every country and area."""
    return _names_of(ctx.lang, ctx.timeless)


def slug(name: str) -> str:
    """A region or another group as addresses write it."""
    return name.lower().replace(" ", "_")


def coded(ctx: Context, code: str) -> str:
    """What a reason is called in files and in the API."""
    return t("progress.constant.code", ctx.lang, code=ltr(code))
