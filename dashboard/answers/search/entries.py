"""Everything that can be found: its codes, its names in every language, its aliases, and where it is shown."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from babel import Locale

from dashboard.answers.adoption.events import write_event_path
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import name_country, translate_term
from dashboard.answers.method.method import view_method
from dashboard.answers.wording.publishers import list_publishers
from dashboard.evidence.codebook.model import AdoptionEvent, Codebook, Metric, Texts, choose_text
from dashboard.evidence.codebook.tables import THEMES
from dashboard.evidence.codebook.texts import OFFICIAL
from dashboard.locales import LANGUAGES, t

Form = Literal["code", "name", "alias", "text"]
"""``text``: what is said of an entry, or the code of what it is linked to (then without language)."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "country": ("country",),
    "indicator": ("metric",),
    "goal": ("goal", "target", "sdg_indicator"),
    "principle": ("principle", "theme"),
    "source": ("source",),
    "adoption": ("event", "claim"),
    "help": ("page", "term"),
}
"""Group of answers → the kinds of entry in it, in the order they are shown when nothing else decides."""

GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}

PAGES: Mapping[str, str] = {
    "overview": "", "mapping": "mapping/",
    "goals": "goals/", "principles": "principles/", "themes": "themes/",
    "indicators": "indicators/", "countries": "countries/", "adoption": "adoption/",
    "statement": "statement/", "compare": "compare/",
    "progress": "progress/",
    "reports": "progress/?tab=reports",
    "effects": "progress/effects/",
    "sources": "sources/", "availability": "availability/", "sending": "sending/",
    "changes": "changes/", "disagreements": "disagreements/",
    "services": "services/", "method": "method/", "glossary": "glossary/",
    "gallery": "gallery/",
}  # fmt: skip
"""Pages by their key of ``ui.nav``, with their path below the language."""

SERVED: Mapping[str, tuple[str, str]] = {
    "brief": ("/brief/", "brief.page.title"),
    "follow": ("/follow/", "follow.page.title"),
    "check": ("/check/", "drafts.page.heading"),
    "sdmx": ("/sdmx/", "sdmx.heading"),
    "api": ("/api/v1/docs", "ui.nav.api"),
}
"""Pages that the server writes: their address, and the key of their title."""

ADDED: dict[str, tuple[str, Texts]] = {}
"""Further pages: key → path below the language, and the title in each language (``add_page``)."""

CLDR = tuple(lang for lang in LANGUAGES if lang not in OFFICIAL)
"""Languages whose names of countries come from the Unicode CLDR, because the UN's lists do not have them."""


def add_page(key: str, path: str, title: Texts) -> None:
    """Let a page be found that is not of ``PAGES``: whoever puts the product together knows all of them."""
    if key not in PAGES:
        ADDED[key] = (path, title)


@dataclass(frozen=True, slots=True)
class Name:
    """One way to say what an entry is. ``lang`` is "" where it belongs to no language."""

    form: Form
    shown: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """One thing that can be found. ``path`` is its address below the language, or from "/"."""

    kind: str
    id: str
    path: str
    title: Texts
    names: tuple[Name, ...]

    @property
    def group(self) -> str:
        """The group of answers it is shown in."""
        return GROUP_OF[self.kind]


def list_entries(ctx: Context) -> list[SearchEntry]:
    """Return every entry: codebook, publishers, register, pages and method page."""
    book = ctx.book
    aliases: defaultdict[tuple[str, str], list[Name]] = defaultdict(list)
    for (_, name), iso3 in book.area_aliases.items():
        if iso3 and len(name) > 3:  # shorter ones are publishers' codes
            aliases["country", iso3].append(Name("alias", name, "en"))
    for alias in book.search_aliases:
        aliases[alias.kind, alias.id].append(Name("alias", alias.alias, alias.lang))
    listed = [
        *_countries(book),
        *_metrics(book),
        *_framework(book),
        *_principles_and_themes(ctx),
        *_publishers(),
        *_events(ctx),
        *_claims(ctx),
    ]
    listed += [*_pages(), *_terms(ctx)]
    return [_with(entry, aliases[entry.kind, entry.id]) for entry in listed]


def _with(entry: SearchEntry, aliases: list[Name]) -> SearchEntry:
    names = {(name.shown, name.lang) for name in entry.names}
    more = dict.fromkeys(name for name in aliases if (name.shown, name.lang) not in names)
    return replace(entry, names=(*entry.names, *more))


def _names(texts: Texts, form: Form = "name") -> list[Name]:
    return [Name(form, words, lang) for lang, words in texts.items() if words]


def _each(key: str, **values: str) -> dict[str, str]:
    return {lang: t(key, lang, **values) for lang in LANGUAGES}


def _countries(book: Codebook) -> Iterator[SearchEntry]:
    cldr = {lang: Locale.parse(lang).territories for lang in CLDR}
    for country in book.countries.values():
        other = {
            lang: name
            for lang, of in cldr.items()
            if lang not in country.name and (name := of.get(country.iso2)) is not None
        }
        codes = [Name("code", code) for code in (country.iso3, country.iso2, country.m49) if code]
        names = [*codes, *_names(country.name), *_names(other, "alias")]
        yield SearchEntry("country", country.iso3, f"countries/{country.iso3}/", country.name, tuple(names))


def _metrics(book: Codebook) -> Iterator[SearchEntry]:
    for metric in book.metrics.values():
        codes = [Name("code", metric.id), *(Name("code", series.series) for series in metric.series)]
        names = [*codes, *_names(metric.name), *_names(metric.definition, "text"), *_linked(metric)]
        yield SearchEntry("metric", metric.id, f"indicators/{metric.id}/", metric.name, tuple(names))


def _linked(metric: Metric) -> Iterator[Name]:
    for code in dict.fromkeys(code for link in metric.links for code in (link.sdg_indicator, link.target) if code):
        yield Name("text", code)


def _framework(book: Codebook) -> Iterator[SearchEntry]:
    for goal in book.goals.values():
        number = str(goal.number)
        names = [*_coded(number, "goal"), *_names(goal.short), *_names(goal.title)]
        title = {lang: f"{number} {short}" for lang, short in goal.short.items()}
        yield SearchEntry("goal", number, f"goals/{number}/", title, tuple(names))
    for target in book.targets.values():
        names = [*_coded(target.code, "target"), *_names(target.title)]
        title = {lang: f"{target.code} {words}" for lang, words in target.title.items()}
        yield SearchEntry("target", target.code, f"targets/{target.code}/", title, tuple(names))
    for official in book.sdg_indicators.values():
        unsd = [Name("code", official.unsd_code)] if official.unsd_code else []
        names = [*_coded(official.code, "indicator"), *unsd, *_names(official.title)]
        title = {lang: f"{official.code} {words}" for lang, words in official.title.items()}
        path = f"targets/{official.target}/#sdg-{official.code}"
        yield SearchEntry("sdg_indicator", official.code, path, title, tuple(names))


def _coded(code: str, key: str) -> list[Name]:
    """Return ``16.6``, ``SDG 16.6`` (French ODD, Azerbaijani DİM), and ``Target 16.6`` in each language."""
    names = [Name("code", code), *(Name("code", f"{short} {code}") for short in ("SDG", "ODD", "DİM"))]
    return names + [Name("code", f"{t(f'ui.nav.{key}', lang)} {code}", lang) for lang in LANGUAGES]


def _principles_and_themes(ctx: Context) -> Iterator[SearchEntry]:
    for one in sorted(ctx.book.principles.values(), key=lambda principle: principle.order):
        group = [
            Name("text", translate_term(replace(ctx, lang=lang), "cepa_group", one.group, "definition"), lang)
            for lang in LANGUAGES
        ]
        strategies = [Name("text", strategy, "en") for strategy in one.strategies]
        path = f"principles/{one.id}/"
        yield SearchEntry("principle", one.id, path, one.name, (*_names(one.name), *group, *strategies))
    for theme in THEMES:
        title = _each(f"terms.theme.{theme}.name")
        names = (*_names(title), *_names(_each(f"terms.theme.{theme}.definition"), "text"))
        yield SearchEntry("theme", theme, f"themes/{theme}/", title, names)


def _publishers() -> Iterator[SearchEntry]:
    for publisher in list_publishers().values():
        names = (
            Name("alias", publisher.id),
            Name("name", publisher.title, "en"),
            Name("text", publisher.publisher, "en"),
        )
        yield SearchEntry("source", publisher.id, f"sources/#{publisher.id}", {"en": publisher.title}, names)


def _events(ctx: Context) -> Iterator[SearchEntry]:
    for event in ctx.book.events:
        title = {lang: _event_title(replace(ctx, lang=lang), event) for lang in LANGUAGES}
        local = [Name("name", event.local_name)] if event.local_name else []
        names = (Name("code", event.id), *_names(title), *local, *_names(event.scopes, "text"))
        yield SearchEntry("event", event.id, write_event_path(event.id), title, names)


def _claims(ctx: Context) -> Iterator[SearchEntry]:
    """Yield the claims of the statement, by their number and in their words."""
    for claim in ctx.book.claims:
        title = {lang: f"{claim.id}{t('ui.list.colon', lang)}{words}" for lang, words in claim.claim.items()}
        names = (Name("code", claim.id), *_names(claim.claim), *_names(claim.test, "text"))
        yield SearchEntry("claim", claim.id, f"statement/{claim.id}/", title, names)


def _event_title(ctx: Context, event: AdoptionEvent) -> str:
    values = {"country": name_country(ctx, event.iso3), "event": translate_term(ctx, "event_type", event.type, "")}
    year = event.date[:4]
    return (
        t("search.event.dated", ctx.lang, year=year, **values)
        if year
        else t("search.event.undated", ctx.lang, **values)
    )


def _pages() -> Iterator[SearchEntry]:
    for key, path in PAGES.items():
        title = _each("search.page.adoption" if key == "adoption" else f"ui.nav.{key}")
        short = _names(_each("ui.nav.adoption"), "alias") if key == "adoption" else ()
        yield SearchEntry("page", key, path, title, (*_names(title), *short))
    served = {key: (path, _each(title)) for key, (path, title) in SERVED.items()}
    for key, (path, titles) in (served | ADDED).items():
        yield SearchEntry("page", key, path, titles, tuple(_names(titles)))


def _terms(ctx: Context) -> Iterator[SearchEntry]:
    """Yield the words and rules of the method page."""
    by_lang = {lang: view_method(replace(ctx, lang=lang))["sections"] for lang in LANGUAGES}
    for at, section in enumerate(by_lang["en"]):
        sections = {lang: parts[at] for lang, parts in by_lang.items()}
        path = f"method/{section['id']}/"
        titles = {lang: part["title"] for lang, part in sections.items()}
        yield SearchEntry("term", section["id"], path, titles, tuple(_names(titles)))
        if section["id"] == "theme":  # themes are found as ways in
            continue
        for number, entry in enumerate(section["terms"]):
            terms = {lang: part["terms"][number] for lang, part in sections.items()}
            title = {
                lang: t("search.term", lang, term=term["label"], section=titles[lang]) for lang, term in terms.items()
            }
            names = [Name("name", words["label"], lang) for lang, words in terms.items()]
            names += [Name("text", words["definition"], lang) for lang, words in terms.items() if words["definition"]]
            yield SearchEntry("term", f"{section['id']}.{entry['id']}", f"method/{entry['id']}/", title, tuple(names))


def write_href(entry: SearchEntry, lang: str, countries: Sequence[str] = (), metrics: Sequence[str] = ()) -> str:
    """Write the address of an entry; pages take the countries, a comparison also the indicators."""
    path = entry.path if entry.path.startswith("/") else f"/{lang}/{entry.path}"
    asked = [f"lang={lang}"] if entry.path.startswith("/") else []
    if entry.kind == "page" and countries and "#" not in path:
        if entry.id == "services" and len(countries) == 1:
            return f"{path}{countries[0]}/"
        asked.append(f"country={','.join(countries)}")
        asked += [f"indicator={','.join(metrics)}"] if entry.id == "compare" and metrics else []
    return path + ("&" if "?" in path else "?") * bool(asked) + "&".join(asked)


def title_entry(entry: SearchEntry, lang: str) -> str:
    """Return the title of an entry in a language, beginning with a capital."""
    title = choose_text(entry.title, lang)
    return title[:1].upper() + title[1:]
