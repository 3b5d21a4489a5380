"""The language of an opinion: declared, told apart among the country's, or unknown."""

import csv
import tomllib
from pathlib import Path

import pytest

from dashboard.contributions.voice.language import identify

DATA = Path(__file__).parents[3] / "dashboard" / "evidence" / "codebook" / "data"

SHORT = {
    "en": (
        "UGA",
        [
            "thank you all",
            "very long queue",
            "the toilet was dirty",
            "website not working",
            "where is my passport",
            "they were kind to me",
            "I waited three hours",
            "too expensive for us",
            "nobody answers the phone",
            "excellent service today",
        ],
    ),
    "fr": (
        "SEN",
        [
            "merci beaucoup",
            "file trop longue",
            "les toilettes étaient sales",
            "le site ne marche pas",
            "où est mon passeport",
            "très bon accueil",
            "j'ai attendu trois heures",
            "c'est trop cher",
            "personne ne répond",
            "service excellent",
        ],
    ),
    "ar": (
        "MAR",
        [
            "شكرا جزيلا",
            "الطابور طويل",
            "الحمام غير نظيف",
            "الموقع لا يعمل",
            "أين جواز سفري",
            "خدمة ممتازة",
            "انتظرت ثلاث ساعات",
            "غالي جدا",
            "لا أحد يرد",
            "موظف لطيف",
        ],
    ),
    "az": (
        "AZE",
        [
            "çox sağ olun",
            "növbə çox uzundur",
            "tualet təmiz deyildi",
            "sayt işləmir",
            "pasportum haradadır",
            "əla xidmət",
            "üç saat gözlədim",
            "bizim üçün bahadır",
            "heç kim cavab vermir",
            "işçilər mehribandır",
            "cox gozledim bu gun",
            "hec kim komek etmedi",
        ],
    ),
    "ru": (
        "KAZ",
        [
            "большое спасибо",
            "очередь очень длинная",
            "туалет был грязный",
            "сайт не работает",
            "где мой паспорт",
            "отличное обслуживание",
            "ждала три часа",
            "слишком дорого",
            "никто не берёт трубку",
            "вежливые сотрудники",
        ],
    ),
    "uz": (
        "UZB",
        [
            "katta rahmat",
            "navbat juda uzun",
            "hojatxona iflos edi",
            "sayt ishlamayapti",
            "pasportim qayerda",
            "a'lo xizmat",
            "uch soat kutdim",
            "biz uchun qimmat",
            "hech kim javob bermaydi",
            "xodimlar xushmuomala",
        ],
    ),
    "ky": (
        "KGZ",
        [
            "чоң рахмат",
            "кезек өтө узун",
            "даараткана кир экен",
            "сайт иштебей жатат",
            "паспортум кайда",
            "эң сонун кызмат",
            "үч саат күттүм",
            "биз үчүн кымбат",
            "эч ким жооп бербейт",
            "кызматкерлер сылык экен",
        ],
    ),
    "tr": (
        "TUR",
        [
            "çok teşekkürler",
            "kuyruk çok uzun",
            "tuvalet kirliydi",
            "site çalışmıyor",
            "pasaportum nerede",
            "harika hizmet",
            "üç saat bekledim",
            "bizim için pahalı",
            "kimse cevap vermiyor",
            "personel nazikti",
        ],
    ),
    "id": (
        "IDN",
        [
            "terima kasih banyak",
            "antriannya panjang",
            "toiletnya kotor",
            "situsnya tidak bisa dibuka",
            "di mana paspor saya",
            "pelayanan bagus",
            "saya menunggu tiga jam",
            "terlalu mahal",
            "tidak ada yang menjawab",
            "petugasnya ramah",
        ],
    ),
    "ro": (
        "ROU",
        [
            "mulțumesc frumos",
            "coada era prea lungă",
            "toaleta era murdară",
            "site-ul nu merge",
            "unde este pașaportul meu",
            "servicii excelente",
            "am așteptat trei ore",
            "prea scump pentru noi",
            "nimeni nu răspunde",
            "personal amabil",
        ],
    ),
    "es": (
        "COL",
        [
            "muchas gracias",
            "la cola era muy larga",
            "el baño estaba sucio",
            "la página no funciona",
            "dónde está mi pasaporte",
            "excelente servicio",
            "esperé tres horas",
            "muy caro para nosotros",
            "nadie contesta",
            "empleados amables",
        ],
    ),
}


def titles(language: str) -> list[str]:
    """Public text: titles of goals and targets as countries print them, whole and their starts."""
    path = DATA / "titles" / f"{language}.csv"
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        whole = [row[column] for column in ("title", "short") for row in rows]
    else:
        with (DATA / "translations" / f"{language}.csv").open(encoding="utf-8", newline="") as file:
            whole = [row["text"] for row in csv.DictReader(file) if row["field"] in ("name", "definition", "title")]
    return whole[:60] + [" ".join(text.split()[:5]) for text in whole[:60]]


@pytest.mark.parametrize("language", SHORT)
def test_short_opinions_are_told_right_or_unknown(language: str) -> None:
    country, texts = SHORT[language]
    wrong = [
        (text, found) for text in texts if (found := identify(text, "", country).code) not in (language, "unknown")
    ]
    right = sum(identify(text, "", country).code == language for text in texts)
    assert wrong == []
    assert right >= 0.7 * len(texts)


WRITTEN = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))
FEWEST = 40


def sentences(language: str) -> list[str]:
    """Short opinions and longer ones, or titles where they are kept."""
    short = SHORT[language][1] if language in SHORT else []
    return [*short, *(WRITTEN.get(language) or [text for text in titles(language) if len(text) > 8])]


@pytest.mark.parametrize("language", [*SHORT, "kk"])
def test_forty_sentences_of_each_language_are_told_right(language: str) -> None:
    country = SHORT[language][0] if language in SHORT else "KAZ"
    texts = sentences(language)
    found = [(text, identify(text, "", country).code) for text in texts]
    wrong = [(text, code) for text, code in found if code not in (language, "unknown")]
    known = sum(code == language for _, code in found)
    assert len(texts) >= FEWEST
    assert len(wrong) <= 0.1 * len(texts), wrong
    assert known >= 0.9 * len(texts)


OF_THE_FORM = {
    "ur": (
        "PAK",
        [
            "بہت شکریہ آپ سب کا",
            "قطار بہت لمبی تھی",
            "بیت الخلا گندا تھا",
            "ویب سائٹ کام نہیں کرتی",
            "میرا پاسپورٹ کہاں ہے",
            "وہ میرے ساتھ مہربان تھے",
            "میں نے تین گھنٹے انتظار کیا",
            "ہمارے لیے بہت مہنگا ہے",
            "کوئی فون نہیں اٹھاتا",
            "آج کی خدمت بہترین تھی",
        ],
    ),
    "ps": (
        "AFG",
        [
            "ډېره مننه له تاسو",
            "کتار ډېر اوږد و",
            "تشناب ډېر ناپاک و",
            "وېبپاڼه ښه کار نه کوي",
            "زما پاسپورټ چېرته دی",
            "دوی له موږ سره ښه وو",
            "ما درې ساعته انتظار وکړ ډېر",
            "زموږ لپاره ډېر ګران دی",
            "هیڅوک ټلیفون نه پورته کوي",
            "نن خدمت ډېر ښه و",
        ],
    ),
    "fa": (
        "AFG",
        [
            "تشکر از همه شما",
            "صف بسیار طولانی بود",
            "تشناب کثیف بود چرا",
            "وبسایت کار نمی‌کند چرا",
            "پاسپورت من کجاست لطفا بگویید",
            "با من مهربان بودند همگی",
            "سه ساعت منتظر ماندم پیش در",
            "برای ما گران است خیلی",
            "هیچ کس گوشی را جواب نمی‌دهد",
            "خدمات امروز عالی بود چه خوب",
        ],
    ),
    "am": (
        "ETH",
        [
            "በጣም አመሰግናለሁ",
            "ሰልፉ በጣም ረጅም ነበር",
            "መጸዳጃ ቤቱ ቆሻሻ ነበር",
            "ድረ ገጹ አይሰራም",
            "ፓስፖርቴ የት ነው",
            "በደግነት ተቀበሉኝ",
            "ሦስት ሰዓት ጠበቅሁ",
            "ለእኛ በጣም ውድ ነው",
            "ስልክ የሚያነሳ የለም",
            "የዛሬው አገልግሎት ጥሩ ነው",
        ],
    ),
    "rw": (
        "RWA",
        [
            "murakoze cyane mwese",
            "umurongo wari muremure cyane",
            "ubwiherero bwari bwanduye",
            "urubuga ntirukora neza",
            "pasiporo yanjye iri he",
            "banyakiriye neza cyane",
            "nategereje amasaha atatu",
            "birahenze cyane kuri twe",
            "nta muntu witaba telefoni",
            "serivisi yanyu ni nziza",
        ],
    ),
    "so": (
        "SOM",
        [
            "mahadsanid dhammaantiin",
            "safku aad buu u dheeraa",
            "musqusha way wasakh ahayd",
            "bogga internetku ma shaqeeyo",
            "waa halkee baasaboorkaygu",
            "si wanaagsan ayay ii soo dhoweeyeen",
            "saddex saacadood ayaan sugay",
            "aad bay noogu qaali tahay",
            "cidna telefoonka kama jawaabto",
            "adeegga maanta waa fiican yahay",
        ],
    ),
    "cnr": (
        "MNE",
        [
            "hvala vam svima",
            "red je bio veoma dugačak",
            "toalet je bio prljav",
            "sajt ne radi",
            "gdje je moj pasoš",
            "bili su ljubazni prema meni",
            "čekala sam tri sata",
            "preskupo je za nas",
            "niko se ne javlja na telefon",
            "usluga je danas bila odlična",
        ],
    ),
}
"""Languages that the form speaks and our codebook does not, each in a country where people write in it."""


@pytest.mark.parametrize("language", OF_THE_FORM)
def test_short_texts_in_a_language_of_the_form_are_not_taken_for_another(language: str) -> None:
    from dashboard.contributions.voice.form.words import find_language

    country, texts = OF_THE_FORM[language]
    found = [identify(text, "", country).code for text in texts]
    told = [find_language(code) or code for code in found]  # what is told as Serbian is answered in Montenegrin
    assert sum(one not in (language, "unknown") for one in told) <= 1, told
    assert told.count(language) >= 7, told


def test_every_language_of_the_form_and_of_the_pages_is_among_them() -> None:
    from dashboard.contributions.voice.form.words import languages
    from dashboard.locales import LANGUAGES

    assert {*LANGUAGES, *languages()} <= {*SHORT, *OF_THE_FORM, "kk"}


def test_what_is_declared_is_believed_and_signs_are_nobodys_language() -> None:
    assert identify("thank you", "ky", "KGZ").code == "ky"
    assert identify("👍👍👍", "", "AZE").code == "unknown"
    assert identify("ok", "", "AZE").code == "unknown"
    assert identify("Ég beið í þrjá tíma og enginn svaraði", "", "UGA").how in ("unknown", "found")
