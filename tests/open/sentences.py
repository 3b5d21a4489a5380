# ruff: noqa: E501 - a sentence stands on one line, as it is written
"""Sentences as report writers write them, made of the published figures, with errors planted in half of them.

A template marks each number: ``<T…>`` is true as the file has it, ``<P…>`` is planted, ``<O…>`` was true in the vintage
before, ``<F…>`` is none of our figures (money, ranks, pages, other people's). ``make_drafts`` gives texts with the marks
taken out, and the marks.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.open.published import Fact, Published, read_names

MARK = re.compile(r"<([TPOF]):([^>]*)>")

RUSSIAN = {
    "KAZ": ("Казахстан", "Казахстана", "Казахстане"), "UZB": ("Узбекистан", "Узбекистана", "Узбекистане"),
    "GEO": ("Грузия", "Грузии", "Грузии"), "AZE": ("Азербайджан", "Азербайджана", "Азербайджане"),
    "KGZ": ("Кыргызстан", "Кыргызстана", "Кыргызстане"), "ROU": ("Румыния", "Румынии", "Румынии"),
    "TUR": ("Турция", "Турции", "Турции"), "MAR": ("Марокко", "Марокко", "Марокко"),
    "MDA": ("Молдова", "Молдовы", "Молдове"), "KEN": ("Кения", "Кении", "Кении"),
    "PAK": ("Пакистан", "Пакистана", "Пакистане"), "MNG": ("Монголия", "Монголии", "Монголии"),
}  # fmt: skip
"""Nominative, genitive, and what stands behind “в”."""

FRENCH = {
    "KAZ": ("le Kazakhstan", "du Kazakhstan", "au Kazakhstan"), "UZB": ("l’Ouzbékistan", "de l’Ouzbékistan", "en Ouzbékistan"),
    "GEO": ("la Géorgie", "de la Géorgie", "en Géorgie"), "AZE": ("l’Azerbaïdjan", "de l’Azerbaïdjan", "en Azerbaïdjan"),
    "KGZ": ("le Kirghizistan", "du Kirghizistan", "au Kirghizistan"), "ROU": ("la Roumanie", "de la Roumanie", "en Roumanie"),
    "MAR": ("le Maroc", "du Maroc", "au Maroc"), "KEN": ("le Kenya", "du Kenya", "au Kenya"),
    "PAK": ("le Pakistan", "du Pakistan", "au Pakistan"), "MNG": ("la Mongolie", "de la Mongolie", "en Mongolie"),
}  # fmt: skip
ENGLISH = {"MDA": "Moldova", "TUR": "Türkiye"}
COUNTRIES = tuple(RUSSIAN)

SHARES = {
    "internet_users": (
        "of the population used the Internet",
        "de la population utilisait Internet",
        "населения пользовались интернетом",
    ),
    "basic_water": ("of people had access to basic drinking water services", "", ""),
    "women_parliament": ("of seats in parliament were held by women", "des sièges étaient occupés par des femmes", ""),
    "coverage_4g": ("of the population was covered by 4G", "", ""),
}
SCORES = {
    "ti_cpi": (
        "Corruption Perceptions Index",
        "l’indice de perception de la corruption",
        "Индекс восприятия коррупции",
        0,
    ),
    "egdi": (
        "E-Government Development Index",
        "l’indice de développement de l’administration en ligne",
        "Индекс развития электронного правительства",
        4,
    ),
    "spi_overall": ("Statistical Performance Index", "l’indice de performance statistique", "", 1),
    "wgi_cc": ("Control of Corruption", "la maîtrise de la corruption", "контроль коррупции", 2),
    "wgi_ge": ("Government Effectiveness", "l’efficacité des pouvoirs publics", "эффективность правительства", 2),
    "wgi_rl": ("Rule of Law", "l’état de droit", "верховенство закона", 2),
    "egov_osi": ("Online Service Index", "l’indice des services en ligne", "Индекс онлайн-услуг", 4),
}


@dataclass(frozen=True)
class MarkedDraft:
    """A text, and its marked numbers in their order: (kind, as written)."""

    name: str
    text: str
    marks: tuple[tuple[str, str], ...]


class Writer:
    """Writes numbers true or wrong, in a language."""

    def __init__(self, facts: Published, seed: int) -> None:
        self.facts, self.random = facts, random.Random(seed)
        self.english = read_names("en") | ENGLISH

    def pick(self, indicator: str, among: tuple[str, ...] = COUNTRIES, apart: int = 1) -> tuple[Fact, Fact]:
        """Two years of a country, the earlier first."""
        for _ in range(500):
            country = self.random.choice(among)
            years = [year for year in self.facts.years(indicator, country) if year >= 2010]
            if len(years) > apart:
                early, late = sorted(self.random.sample(years, 2))
                a, b = self.facts.now[indicator, country, early], self.facts.now[indicator, country, late]
                if abs(a.value - b.value) > 1e-9:
                    return a, b
        raise AssertionError(indicator)

    def several(self, indicator: str, number: int, among: tuple[str, ...] = COUNTRIES) -> list[Fact]:
        """Figures of some countries for one year."""
        for _ in range(500):
            countries = self.random.sample(among, number)
            shared = set.intersection(*(set(self.facts.years(indicator, one)) for one in countries))
            shared = {year for year in shared if year >= 2012}
            if shared:
                year = self.random.choice(sorted(shared))
                return [self.facts.now[indicator, one, year] for one in countries]
        raise AssertionError(indicator)

    def true(self, fact: Fact, decimals: int, lang: str = "en", unit: str = "", kind: str = "T") -> str:
        """A figure as it is, rounded."""
        return f"<{kind}:{_write(fact.value, decimals, lang)}>{unit}"

    def wrong(self, fact: Fact, decimals: int, lang: str = "en", unit: str = "", least: float = 0.0) -> str:
        """The figure as somebody gets it wrong: digits swapped, another year's, a few points off; never one we hold."""
        key = (fact.indicator, fact.country, fact.year)
        held = [
            fact.value,
            *(o.value for o in self.facts.before.get(key, ())),
            *(o.value for o in self.facts.others.get(key, ())),
        ]
        sibling = {"wgi_cc": "wgi_cc_score", "wgi_ge": "wgi_ge_score", "wgi_rl": "wgi_rl_score"}.get(fact.indicator, "")
        if sibling and (sibling, *key[1:]) in self.facts.now:
            held.append(self.facts.now[(sibling, *key[1:])].value)
        scale = {
            "egdi": 0.05,
            "egov_osi": 0.06,
            "wgi_cc": 0.2,
            "wgi_ge": 0.2,
            "wgi_rl": 0.2,
            "gdp_per_capita": 900.0,
            "population": 2.5e6,
        }
        step = scale.get(fact.indicator, 4.0)
        ceiling = {"egdi": 1.0, "egov_osi": 1.0, "wgi_cc": 2.4, "wgi_ge": 2.3, "wgi_rl": 2.1}.get(
            fact.indicator, 1e12 if fact.unit in ("usd", "people") else 100.0
        )
        floor = -2.0 if fact.indicator.startswith("wgi") else 0.0
        years = [year for year in self.facts.years(fact.indicator, fact.country) if year != fact.year]
        for attempt in range(400):
            way = self.random.choice(("off", "off", "year", "swap")) if attempt < 200 else "off"
            said = fact.value + self.random.choice((-1, 1)) * step * self.random.uniform(0.6, 2.2)
            if way == "year" and years:
                said = self.facts.now[fact.indicator, fact.country, self.random.choice(years)].value
            elif way == "swap":
                digits = _write(fact.value, decimals, "en").lstrip("−-")
                if len(digits) >= 2 and digits[0].isdigit() and digits[1].isdigit():
                    said = float((digits[1] + digits[0] + digits[2:]).replace(",", "")) * (1 if fact.value >= 0 else -1)
            said = round(said, decimals)
            unit_of = max(10.0**-decimals, least)
            if floor <= said <= ceiling and all(one is None or abs(said - one) > unit_of * 1.01 for one in held):
                return f"<P:{_write(said, decimals, lang)}>{unit}"
        return self.true(fact, decimals, lang, unit)

    def either(self, fact: Fact, decimals: int, lang: str = "en", unit: str = "") -> str:
        """True or wrong, as it comes."""
        return (self.true if self.random.random() < 0.5 else self.wrong)(fact, decimals, lang, unit)


def _raise(text: str) -> str:
    return text[0].upper() + text[1:]


def _write(value: float | None, decimals: int, lang: str) -> str:
    assert value is not None
    text = f"{value:,.{decimals}f}"
    if text.lstrip("-0.,") == "":
        text = text.lstrip("-")
    if lang != "en":
        text = text.replace(",", "\u00a0").replace(".", ",")
    return text.replace("-", "−")


Template = Callable[[Writer], str]


def _english() -> Iterator[tuple[str, Template]]:
    def rose(w: Writer) -> str:
        a, b = w.pick("ti_cpi")
        name = w.english[a.country]
        return f"Corruption Perceptions Index\n\n{name}'s score moved from {w.either(a, 0)} in {a.year} to {w.either(b, 0)} in {b.year}."

    yield "heading_from_to", rose

    def inside(w: Writer) -> str:
        indicator = w.random.choice(list(SCORES))
        a, b = w.pick(indicator)
        title, _, _, d = SCORES[indicator]
        return f"On the {title}, {w.english[a.country]} went from {w.either(a, d)} in {a.year} to {w.either(b, d)} in {b.year}."

    yield "from_to", inside
    yield "from_to_2", inside

    def between(w: Writer) -> str:
        indicator = w.random.choice(list(SCORES))
        a, b = w.pick(indicator)
        title, _, _, d = SCORES[indicator]
        return f"Between {a.year} and {b.year}, {w.english[a.country]}'s {title} score changed from {w.either(a, d)} to {w.either(b, d)}, despite a difficult fiscal position."

    yield "between", between

    def up_from(w: Writer) -> str:
        a, b = w.pick("ti_cpi")
        return f"With {w.either(b, 0)} points in {b.year} (against {w.either(a, 0)} in {a.year}), {w.english[a.country]} has changed its standing in Transparency International's Corruption Perceptions Index."

    yield "against", up_from

    def share(w: Writer) -> str:
        indicator = w.random.choice(list(SHARES))
        a, b = w.pick(indicator)
        return f"In {b.year}, {w.either(b, 1)}% {SHARES[indicator][0]} in {w.english[b.country]}, up from {w.either(a, 1)}% in {a.year}.".replace(
            "up from", "compared with"
        )

    yield "share", share

    def share_late(w: Writer) -> str:
        indicator = w.random.choice(["internet_users", "basic_water", "coverage_4g"])
        _, b = w.pick(indicator)
        return (
            f"{w.english[b.country]} has invested heavily in connectivity. About {w.either(b, 0)} per cent {SHARES[indicator][0]} there in {b.year}."
            if False
            else f"In {w.english[b.country]}, {w.either(b, 0)} per cent {SHARES[indicator][0]} in {b.year}, according to international statistics.".replace(
                ", according to international statistics", ""
            )
        )

    yield "share_late", share_late

    def listing(w: Writer) -> str:
        indicator = w.random.choice(["ti_cpi", "egdi", "wgi_cc"])
        title, _, _, d = SCORES[indicator]
        facts = w.several(indicator, 3)
        parts = [f"{w.english[f.country]} ({w.either(f, d)})" for f in facts]
        return f"Three countries stand out on the {title} in {facts[0].year}: {parts[0]}, {parts[1]} and {parts[2]}."

    yield "listing", listing

    def comma_list(w: Writer) -> str:
        facts = w.several("ti_cpi", 3)
        a, b, c = facts
        return f"In the {a.year} Corruption Perceptions Index, {w.english[a.country]} scored {w.either(a, 0)}, {w.english[b.country]} {w.either(b, 0)} and {w.english[c.country]} {w.either(c, 0)}."

    yield "comma_list", comma_list

    def respectively(w: Writer) -> str:
        a, b = w.several("internet_users", 2)
        return f"In {a.year}, Internet users accounted for {w.either(a, 1)} and {w.either(b, 1)} per cent of the population in {w.english[a.country]} and {w.english[b.country]}, respectively."

    yield "respectively", respectively

    def bullets(w: Writer) -> str:
        indicator = w.random.choice(["egdi", "ti_cpi", "spi_overall"])
        title, _, _, d = SCORES[indicator]
        facts = w.several(indicator, 4)
        lines = "\n".join(f"- {w.english[f.country]}: {w.either(f, d)}" for f in facts)
        return f"{title}, {facts[0].year}:\n\n{lines}"

    yield "bullets", bullets

    def table(w: Writer) -> str:
        indicator = w.random.choice(["ti_cpi", "wgi_rl", "egdi"])
        title, _, _, d = SCORES[indicator]
        countries = w.random.sample(COUNTRIES, 3)
        years = sorted(set.intersection(*(set(w.facts.years(indicator, c)) for c in countries)))[-3:]
        head = f"| Country | {' | '.join(map(str, years))} |\n|---|{'---|' * len(years)}"
        rows = "\n".join(
            f"| {w.english[c]} | {' | '.join(w.either(w.facts.now[indicator, c, y], d) for y in years)} |"
            for c in countries
        )
        return f"Table <F:3>. {title}, selected countries\n\n{head}\n{rows}\n\nSource: compiled by the authors."

    yield "table_years", table

    def table_wide(w: Writer) -> str:
        a, b = w.several("ti_cpi", 2)
        u, v = (w.facts.now.get(("internet_users", f.country, f.year)) for f in (a, b))
        cells = [w.either(f, 1) if f and f.value is not None else "–" for f in (u, v)]
        return (f"Key facts, {a.year}\n\n| Country | Rank | CPI score | Internet users (%) |\n|---|---|---|---|\n"
                f"| {w.english[a.country]} | <F:88> | {w.either(a, 0)} | {cells[0]} |\n"
                f"| {w.english[b.country]} | <F:41> | {w.either(b, 0)} | {cells[1]} |")  # fmt: skip

    yield "table_wide", table_wide

    def two_indicators(w: Writer) -> str:
        a, _ = w.pick("ti_cpi")
        b = w.facts.now.get(("wgi_cc", a.country, a.year))
        if b is None or b.value is None:
            return rose(w)
        return f"In {a.year} {w.english[a.country]} scored {w.either(a, 0)} on the Corruption Perceptions Index and {w.either(b, 2)} on the World Bank's Control of Corruption."

    yield "two_indicators", two_indicators

    def noise(w: Writer) -> str:
        a, _ = w.pick("ti_cpi")
        return (f"{w.english[a.country]} ranked <F:88>th out of <F:180> countries in the Corruption Perceptions Index {a.year}, with a score of {w.either(a, 0)} out of <F:100>. "
                f"The country opened <F:14> service centres, spent US$ <F:12.5> million on them, and plans <F:20> more by 2030 (see page <F:47> and Table <F:6>).")  # fmt: skip

    yield "noise", noise
    yield "noise_2", noise

    def footnote(w: Writer) -> str:
        a, _ = w.pick("egdi")
        return f"{w.english[a.country]}'s E-Government Development Index stood at {w.either(a, 3)} in {a.year}.[<F:12>] It lies below the average of <F:0.71> for the group."

    yield "footnote", footnote

    def approximate(w: Writer) -> str:
        _, b = w.pick("internet_users")
        true = f"<T:{b.value:.0f}>" if w.random.random() < 0.5 else w.wrong(b, 0, least=3.2)
        return f"{w.random.choice(['Around', 'Roughly', 'Nearly', 'About', 'Some'])} {true}% of the population of {w.english[b.country]} used the Internet in {b.year}."

    yield "approximate", approximate

    def thirds(w: Writer) -> str:
        for _ in range(400):
            _, b = w.pick("internet_users")
            if abs(b.value - 66.67) < 2.5:
                return f"By then the change was visible everywhere: <T:two-thirds> of the population of {w.english[b.country]} used the Internet in {b.year}."
            if abs(b.value - 66.67) > 10 and w.random.random() < 0.1:
                return f"The change was visible everywhere: <P:two-thirds> of the population of {w.english[b.country]} used the Internet in {b.year}."
        return approximate(w)

    yield "two_thirds", thirds

    def more_than(w: Writer) -> str:
        _, b = w.pick("internet_users")
        true = w.random.random() < 0.5
        said = int(b.value) - (1 if b.value == int(b.value) else 0) if true else int(b.value) + w.random.randint(3, 12)
        return (
            f"Today more than <{'T' if true else 'P'}:{said}> per cent of people in {w.english[b.country]} use the Internet ({b.year})."
            if said <= 99
            else approximate(w)
        )

    yield "more_than", more_than

    def money(w: Writer) -> str:
        a, _ = w.pick("gdp_per_capita")
        return f"GDP per capita in {w.english[a.country]} was US$ {w.either(a, 0)} in {a.year}, while the programme cost US$ <F:3> million and employed <F:1,200> staff."

    yield "gdp", money

    def people(w: Writer) -> str:
        a, b = w.pick("internet_users")
        return f"Internet use in {w.english[a.country]} grew by <F:14> percentage points, from {w.either(a, 1)}% in {a.year} to {w.either(b, 1)}% in {b.year}."

    yield "growth_by", people

    def paragraph(w: Writer) -> str:
        a, b = w.pick("wgi_ge")
        return (f"{w.english[a.country]} has made digital government a priority since 2012. Government Effectiveness, as measured by the World Bank, was {w.either(a, 2)} in {a.year}. "
                f"It reached {w.either(b, 2)} in {b.year}. Inflation was <F:8.3> per cent in {b.year}, and the unemployment rate <F:4.9> per cent.")  # fmt: skip

    yield "paragraph", paragraph

    def regions(w: Writer) -> str:
        a, _ = w.pick("internet_users")
        return f"In {a.year}, <F:57>% of rural women in {w.english[a.country]} used the Internet; the regional average was <F:63>%. For the whole population, {w.either(a, 1)}% used the Internet in {w.english[a.country]} in {a.year}."

    yield "groups", regions

    def target(w: Writer) -> str:
        a, _ = w.pick("ti_cpi")
        return f"The government of {w.english[a.country]} aims to reach <F:60> on the Corruption Perceptions Index by 2030. Its score on the Corruption Perceptions Index was {w.either(a, 0)} in {a.year}."

    yield "target", target

    def superseded(w: Writer) -> str:
        keys = [k for k in sorted(w.facts.before) if k[0] in ("wgi_cc", "wgi_ge", "wgi_rl") and k[1] in COUNTRIES and k in w.facts.now
                and all(abs(round(o.value, 2) - w.facts.now[k].value) > 0.02 for o in w.facts.before[k] if o.value is not None)]  # fmt: skip
        old = w.random.choice(w.facts.before[w.random.choice(keys)])
        title = SCORES[old.indicator][0]
        return f"In {old.year}, {w.english[old.country]} scored <O:{_write(old.value, 2, 'en')}> on {title}."

    yield "superseded", superseded
    yield "superseded_2", superseded

    def foreign(w: Writer) -> str:
        country = w.english[w.random.choice(COUNTRIES)]
        return w.random.choice([
            f"In 2021, the literacy rate in {country} was <F:99.8> per cent and life expectancy <F:71.3> years.",
            f"Resolution <F:1325> was adopted in 2000; {country} adopted a second plan in 2021 with <F:43> actions and a budget of <F:2.4> million dollars.",
            f"The satisfaction of visitors of the {country} centres reached <F:98> per cent in 2023, the agency says.",
            f"In {country}, <F:7> of <F:10> applicants waited less than <F:15> minutes in 2022 (<F:1,204> interviews, margin of error ±<F:3>%).",
            f"{country} scored <F:61> in the Open Budget Survey 2021 and <F:68> in the Global Innovation Index 2022.",
            f"Law No. <F:88> of <F:12> March 2019 gives the agency of {country} <F:30> days to answer, or <F:45> in complex cases.",
        ])  # fmt: skip

    for number in range(6):
        yield f"foreign_{number}", foreign


def _french() -> Iterator[tuple[str, Template]]:
    among = tuple(FRENCH)

    def passed(w: Writer) -> str:
        a, b = w.pick("ti_cpi", among)
        de = FRENCH[a.country][1]
        return f"Le score {de} à l’indice de perception de la corruption est passé de {w.either(a, 0, 'fr')} en {a.year} à {w.either(b, 0, 'fr')} en {b.year}."

    yield "fr_passed", passed

    def near(w: Writer) -> str:
        _, b = w.pick("internet_users", among)
        said = f"<T:{b.value:.0f}>" if w.random.random() < 0.5 else w.wrong(b, 0, "fr", least=3.2)
        return f"Près de {said} % de la population {FRENCH[b.country][1]} utilisait Internet en {b.year}, contre <F:12> % au début du siècle."

    yield "fr_near", near

    def exact(w: Writer) -> str:
        _, b = w.pick("internet_users", among)
        return f"En {b.year}, {w.either(b, 1, 'fr')} % des habitants utilisaient Internet {FRENCH[b.country][2]}."

    yield "fr_exact", exact

    def index(w: Writer) -> str:
        indicator = w.random.choice(["egdi", "wgi_cc", "wgi_rl"])
        a, b = w.pick(indicator, among)
        d = SCORES[indicator][3]
        return f"Pour {SCORES[indicator][1]}, {FRENCH[a.country][0]} obtient {w.either(b, d, 'fr')} en {b.year} (contre {w.either(a, d, 'fr')} en {a.year})."

    yield "fr_index", index

    def listing(w: Writer) -> str:
        a, b, c = w.several("ti_cpi", 3, among)
        names = [FRENCH[f.country][0] for f in (a, b, c)]
        return f"Indice de perception de la corruption {a.year} : {names[0]} ({w.either(a, 0, 'fr')}), {names[1]} ({w.either(b, 0, 'fr')}) et {names[2]} ({w.either(c, 0, 'fr')})."

    yield "fr_list", listing

    def table(w: Writer) -> str:
        countries = w.random.sample(among, 3)
        names = read_names("fr")
        years = sorted(set.intersection(*(set(w.facts.years("egdi", c)) for c in countries)))[-2:]
        rows = "\n".join(
            f"{names[c]}\t" + "\t".join(w.either(w.facts.now["egdi", c, y], 4, "fr") for y in years) for c in countries
        )
        return f"Indice de développement de l’administration en ligne\n\nPays\t{years[0]}\t{years[1]}\n{rows}"

    yield "fr_table", table

    def women(w: Writer) -> str:
        _, b = w.pick("women_parliament", among)
        return f"{_raise(FRENCH[b.country][2])}, {w.either(b, 1, 'fr')} % des sièges étaient occupés par des femmes en {b.year}, au <F:88>e rang mondial."

    yield "fr_women", women

    def foreign(w: Writer) -> str:
        au = FRENCH[w.random.choice(among)][2]
        return f"{_raise(au)}, le taux de chômage a reculé de <F:2> points depuis 2015 et s’établit à <F:4,9> % en 2022 ; l’agence compte <F:17> centres (p. <F:33>)."

    yield "fr_foreign", foreign
    yield "fr_passed_2", passed
    yield "fr_exact_2", exact


def _russian() -> Iterator[tuple[str, Template]]:
    def used(w: Writer) -> str:
        _, b = w.pick("internet_users")
        return f"В {b.year} году {w.either(b, 1, 'ru')} % населения {RUSSIAN[b.country][1]} пользовались интернетом."

    yield "ru_used", used

    def moved(w: Writer) -> str:
        a, b = w.pick("ti_cpi")
        return f"Индекс восприятия коррупции: показатель {RUSSIAN[a.country][1]} изменился с {w.either(a, 0, 'ru')} баллов в {a.year} году до {w.either(b, 0, 'ru')} баллов в {b.year} году."

    yield "ru_moved", moved

    def gained(w: Writer) -> str:
        _, b = w.pick("ti_cpi")
        return f"В {b.year} г. {RUSSIAN[b.country][0]} получил {w.either(b, 0, 'ru')} баллов из <F:100> в Индексе восприятия коррупции и занял <F:88>-е место среди <F:180> стран."

    yield "ru_gained", gained

    def about(w: Writer) -> str:
        _, b = w.pick("internet_users")
        said = f"<T:{b.value:.0f}>" if w.random.random() < 0.5 else w.wrong(b, 0, "ru", least=3.2)
        return f"В {RUSSIAN[b.country][2]} интернетом пользовались около {said} процентов жителей ({b.year} год); доля пользователей интернета растет."

    yield "ru_about", about

    def index(w: Writer) -> str:
        indicator = w.random.choice(["egdi", "egov_osi"])
        a, b = w.pick(indicator)
        return f"{SCORES[indicator][2]} {RUSSIAN[a.country][1]} составил {w.either(a, 4, 'ru')} в {a.year} году и {w.either(b, 4, 'ru')} в {b.year} году."

    yield "ru_index", index

    def listing(w: Writer) -> str:
        a, b, c = w.several("ti_cpi", 3)
        names = [RUSSIAN[f.country][0] for f in (a, b, c)]
        return f"Индекс восприятия коррупции за {a.year} год: {names[0]} – {w.either(a, 0, 'ru')}, {names[1]} – {w.either(b, 0, 'ru')}, {names[2]} – {w.either(c, 0, 'ru')}."

    yield "ru_list", listing

    def table(w: Writer) -> str:
        countries = w.random.sample(COUNTRIES, 3)
        years = sorted(set.intersection(*(set(w.facts.years("ti_cpi", c)) for c in countries)))[-2:]
        rows = "\n".join(
            f"| {RUSSIAN[c][0]} | " + " | ".join(w.either(w.facts.now["ti_cpi", c, y], 0, "ru") for y in years) + " |"
            for c in countries
        )
        return (
            f"Таблица <F:2>. Индекс восприятия коррупции\n\n| Страна | {years[0]} | {years[1]} |\n|---|---|---|\n{rows}"
        )

    yield "ru_table", table

    def foreign(w: Writer) -> str:
        where = RUSSIAN[w.random.choice(COUNTRIES)][2]
        return f"В {where} уровень безработицы в 2022 году составил <F:4,9> %, а инфляция – <F:14,3> %. Бюджет программы – <F:2,5> млрд тенге, открыто <F:17> центров (стр. <F:33>)."

    yield "ru_foreign", foreign
    yield "ru_used_2", used
    yield "ru_moved_2", moved


TEMPLATES = (*_english(), *_french(), *_russian())


def make_drafts(facts: Published, rounds: int = 8, seed: int = 20261130) -> list[MarkedDraft]:
    """Every template so many times, each time of other countries, years and errors."""
    drafts = []
    for turn in range(rounds):
        for at, (name, template) in enumerate(TEMPLATES):
            marked = template(Writer(facts, seed + 1_000 * turn + at))
            marks = tuple((match[1], match[2]) for match in MARK.finditer(marked))
            drafts.append(MarkedDraft(name, MARK.sub(r"\2", marked), marks))
    return drafts
