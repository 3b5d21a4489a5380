"""Units as ministries write them, in heads and rows: which are an indicator's own, and which are a unit at all."""

import re
from functools import lru_cache

from dashboard.evidence.codebook.tables import UNITS
from dashboard.locales import DESK_LANGUAGES, format_unit

WRITTEN = {
    "percent": (
        "percent", "%", "per cent", "pt", "pct", "pourcent", "pour cent", "faiz", "faizlə",
        "في المئة", "بالمئة", "نسبة مئوية", "процент", "проценты", "процентов", "в процентах", "foiz", "foizda",
    ),
    "minutes": ("minutes", "minute", "min", "mins", "mn", "dəqiqə", "dəqiqə ilə", "دقيقة", "دقائق", "بالدقائق",
        "минут", "минута", "мин", "мин.", "в минутах", "daqiqada"),
    "days": ("days", "day", "jours", "jour", "d", "gün", "günlə", "يوم", "أيام", "بالأيام",
        "день", "дней", "дн.", "в днях", "kunda"),
    "count": ("count", "number", "nombre", "sayı", "عدد", "число", "кол-во", "единиц", "ед.", "dona", "ta"),
}  # fmt: skip
"""How a unit is written beside its code; other units by their code and their label alone."""

OTHERS = frozenset({
    "hours", "hour", "hrs", "hr", "h", "heures", "heure", "saat", "saatla", "saat ilə", "ساعة", "ساعات", "بالساعات",
    "seconds", "second", "sec", "s", "secondes", "seconde", "saniyə", "saniyə ilə", "ثانية", "ثواني", "بالثواني",
    "weeks", "week", "semaines", "semaine", "həftə", "həftə ilə", "أسبوع", "أسابيع", "بالأسابيع",
    "months", "mois", "ayla", "أشهر", "بالأشهر", "years", "années", "illə", "سنوات", "بالسنوات",
    "‰", "per mille", "pour mille", "promille", "thousands", "milliers", "آلاف", "بالآلاف",
    "millions", "milyon", "ملايين", "بالملايين",
    "час", "часы", "часов", "ч", "ч.", "в часах", "soat", "soatda", "секунда", "секунды", "секунд", "сек", "сек.",
    "soniya", "неделя", "недели", "недель", "hafta", "месяцы", "месяцев", "лет", "промилле", "тысяч", "тыс", "тыс.",
    "ming", "миллионов", "млн", "млн.", "million", "mln",
})  # fmt: skip
"""What no indicator is in, and ministries write all the same. A single year or month is none: it may say of when."""

_IN = re.compile(r"^(?:in|en)\s+")


def is_of(text: str, unit: str) -> bool:
    """Return True if a text names this unit."""
    return _plain(text) in _names(unit)


def is_unit(text: str) -> bool:
    """Return True if a text names a unit at all, also one that no indicator is in."""
    return _plain(text) in OTHERS or any(is_of(text, unit) for unit in UNITS)


def _plain(text: str) -> str:
    return _IN.sub("", text.strip().casefold(), count=1)


@lru_cache
def _names(unit: str) -> frozenset[str]:
    labels = {format_unit(unit, lang).casefold() for lang in DESK_LANGUAGES}
    return frozenset({unit, unit.replace("_", " "), *WRITTEN.get(unit, ()), *labels})
