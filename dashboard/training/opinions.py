"""Invented opinions in six languages, written from templates with slips of the keys, telephone numbers and names.

Planted: in the last three whole months complaints about waiting grow in ``GROWING``, at the one centre heard there. All
but the newest are sorted, so that their themes are counted and the newest wait for whoever practises. Telephone numbers
are those that regulators keep free for fiction; names belong to nobody. All are marked as synthetic when taken in.
"""

import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from dashboard.database.engine import open_engine
from dashboard.delivery import store as delivery
from dashboard.settings import Settings
from dashboard.training.countries import COUNTRIES
from dashboard.training.services import code_of, months
from dashboard.voice import store
from dashboard.voice.inbox import Keyring
from dashboard.voice.intake import take_rows
from dashboard.voice.publication.release import publish
from dashboard.voice.tables import VoiceLabel

COUNT = 2_400
HEARD = (1, 3)
"""Centres of each country whose visitors speak: few, so that counts are large enough to be told."""

MONTHS, GROWN = 6, 3
"""Whole months of opinions, from the first day of the first one on, and those of them in which a theme has grown."""

GROWING = "XAB"
"""The country where complaints about waiting grow."""

UNSORTED_DAYS = 14
"""Opinions of so many days wait for a moderator."""

THEMES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "waiting": {
        "en": ("I waited two hours in the queue", "The waiting time was far too long"),
        "fr": ("J’ai attendu deux heures dans la file d’attente", "L’attente était beaucoup trop longue"),
        "ar": ("انتظرت ساعتين في الطابور", "كان وقت الانتظار طويلا جدا"),
        "az": ("İki saat növbədə gözlədim", "Gözləmə vaxtı çox uzun idi"),
        "ru": ("Я ждал два часа в очереди", "Ожидание было слишком долгим"),
        "tr": ("Kuyrukta iki saat bekledim", "Bekleme süresi çok uzundu"),
    },
    "staff": {
        "en": ("The staff were polite and helped me", "The clerk was rude to me"),
        "fr": ("Le personnel était poli et m’a aidé", "L’agent a été impoli avec moi"),
        "ar": ("كان الموظفون مهذبين وساعدوني", "كان الموظف فظا معي"),
        "az": ("İşçilər nəzakətli idi və kömək etdilər", "Əməkdaş mənimlə kobud danışdı"),
        "ru": ("Сотрудники были вежливы и помогли мне", "Сотрудник был груб со мной"),
        "tr": ("Personel kibardı ve yardım etti", "Memur bana kaba davrandı"),
    },
    "digital": {
        "en": ("The website did not work and the app crashed", "I could not log in to the website"),
        "fr": ("Le site web ne marchait pas et l’application a planté", "Impossible de me connecter au site web"),
        "ar": ("الموقع الإلكتروني لا يعمل والتطبيق توقف", "لم أستطع الدخول إلى الموقع الإلكتروني"),
        "az": ("Veb sayt işləmirdi, tətbiq dayandı", "Sayta daxil ola bilmədim"),
        "ru": ("Сайт не работал, приложение зависло", "Я не смог войти на сайт"),
        "tr": ("Web sitesi çalışmadı, uygulama çöktü", "Siteye giriş yapamadım"),
    },
    "premises": {
        "en": ("The hall was clean and bright", "There were no seats in the hall"),
        "fr": ("La salle était propre et claire", "Il n’y avait pas de sièges dans la salle"),
        "ar": ("كانت القاعة نظيفة ومضيئة", "لم تكن هناك مقاعد في القاعة"),
        "az": ("Zal təmiz və işıqlı idi", "Zalda oturmağa yer yox idi"),
        "ru": ("Зал был чистый и светлый", "В зале не было мест"),
        "tr": ("Salon temiz ve aydınlıktı", "Salonda oturacak yer yoktu"),
    },
}  # fmt: skip
"""Theme → language → sentences, as people write them."""

LANGUAGES = ("en", "fr", "ar", "az", "ru", "tr")
_CALL = {"en": "call me on", "fr": "appelez-moi au", "ar": "اتصلوا بي على", "az": "mənə zəng edin",
         "ru": "позвоните мне", "tr": "beni arayın"}  # fmt: skip
_NAMED = {"en": "Mr Tobias Quillon served me", "fr": "M. Tobias Quillon m’a reçu", "ar": "السيد توبياس كويلون استقبلني",
          "az": "Cənab Tobias Quillon qəbul etdi", "ru": "меня принял господин Тобиас Квиллон",
          "tr": "Sayın Tobias Quillon ilgilendi"}  # fmt: skip


def fill(settings: Settings, now: datetime) -> int:
    """Take the opinions in as a file is taken in, and release what may be told; gives the number kept.

    Raises:
        ValueError: an invented opinion is refused: the rules have changed, and this room has to follow.
    """
    database = open_engine(settings)
    keys = Keyring([one.get_secret_value() for one in settings.voice.keys])
    centres = {code: rows[-1].country for code, rows in delivery.centres(database).items()}
    rows = list(written(now.date()))
    receipts, faults = take_rows(database, keys, centres, rows, now)
    if faults:
        raise ValueError(f"invented opinions, row {faults[0].row}: {faults[0].fault.message}")
    before = (now - timedelta(days=UNSORTED_DAYS)).date().isoformat()
    store.keep_labels(database, [_sorted(row, now) for row in rows if str(row["said_on"]) < before])
    for it in COUNTRIES:
        publish(settings, it.iso3, now)
    return receipts.fresh


def written(today: date) -> Iterator[dict[str, object]]:
    """The opinions as rows of a file, each with the theme it speaks of; the same at every making on the same day."""
    chance = random.Random(2030)  # noqa: S311 - invented text, nothing to guard
    first, grown = months(today)[-MONTHS], months(today)[-GROWN]
    for at in range(COUNT):
        it, lang = COUNTRIES[at % len(COUNTRIES)], LANGUAGES[at // len(COUNTRIES) % len(LANGUAGES)]
        day = first + timedelta(days=chance.randrange((today - first).days + 1))
        theme = chance.choice(tuple(THEMES))
        if it.iso3 == GROWING and day >= grown and chance.random() < 0.6:
            theme = "waiting"
        place = chance.randrange(len(THEMES[theme][lang]))
        words = THEMES[theme][lang][place]
        if chance.random() < 0.3:
            words = _slip(words, chance)
        if chance.random() < 0.1:
            words += f", {_CALL[lang]} +44 20 7946 0{chance.randrange(1000):03}"
        if chance.random() < 0.1:
            words += f". {_NAMED[lang]}"
        yield {
            "id": f"invented-{at:05}", "text": f"{words}. ({at})",
            "centre": code_of(it.iso3, HEARD[0 if it.iso3 == GROWING else at // 24 % len(HEARD)]),
            "said_on": day.isoformat(), "channel": "form", "language": lang,
            "rating": 4 if theme in ("staff", "premises") and place == 0 else 2, "synthetic": True, "theme": theme,
        }  # fmt: skip


def _sorted(row: Mapping[str, object], now: datetime) -> VoiceLabel:
    """What a coder says of an invented opinion: the theme it was written for."""
    kind = "praise" if row["rating"] == 4 else "complaint"
    return VoiceLabel(opinion=str(row["id"]), coder="invented", kind=kind, theme=str(row["theme"]), at=now)


def _slip(words: str, chance: random.Random) -> str:
    """Two neighbouring letters changed, as fingers do."""
    at = chance.randrange(1, len(words) - 2)
    return words[:at] + words[at + 1] + words[at] + words[at + 2 :]
