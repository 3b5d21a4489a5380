"""Texts with planted personal data, written apart from the rules of redaction, to measure what is missed."""

from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers

from dashboard.contributions.voice.redaction.redact import REGIONS

SENTENCES = {
    "en": (
        "Nobody picked up, so ring me back: {}.",
        "They still have {} on my old form and it is wrong",
        "{} - that is all I can give you, thanks",
        "I left {} at window 4 on Monday and heard nothing.",
    ),
    "fr": (
        "Personne ne répond, rappelez-moi : {}.",
        "On a gardé {} sur mon ancien formulaire",
        "{} voilà tout ce que je peux dire, merci",
        "J'ai laissé {} au guichet 4 lundi et rien depuis.",
    ),
    "ar": (
        "لا أحد يجيب، عاودوا الاتصال {}",
        "ما زال عندهم {} في النموذج القديم",
        "{} هذا كل ما لدي وشكرا",
        "تركت {} في الشباك 4 يوم الاثنين",
    ),
    "az": (
        "Heç kim götürmür, mənə yığın: {}.",
        "Köhnə blankda hələ də {} qalıb",
        "{} vəssalam, sağ olun",
        "Bazar ertəsi 4-cü pəncərədə {} qoydum, xəbər yoxdur.",
    ),
    "ru": (
        "Никто не берёт трубку, перезвоните: {}.",
        "В старой анкете до сих пор {} и это неверно",
        "{} - больше ничего сказать не могу",
        "В понедельник оставила {} в окне 4, тишина.",
    ),
    "tr": (
        "Kimse açmıyor, beni arayın: {}.",
        "Eski formda hâlâ {} duruyor",
        "{} hepsi bu, teşekkürler",
        "Pazartesi 4 numaralı gişeye {} bıraktım, ses yok.",
    ),
    "uz": (
        "Hech kim ko'tarmayapti, menga telefon qiling: {}.",
        "Eski blankda haliyam {} turibdi",
        "{} shu xolos, rahmat",
        "Dushanba kuni 4-oynada {} qoldirdim.",
    ),
    "ky": (
        "Эч ким көтөрбөйт, мага чалгыла: {}.",
        "Эски бланкта дагы эле {} турат",
        "{} болгону ушул, рахмат",
        "Дүйшөмбүдө 4-терезеде {} калтырдым.",
    ),
    "id": (
        "Tidak ada yang angkat, hubungi saya: {}.",
        "Di formulir lama masih {} dan itu salah",
        "{} itu saja, makasih",
        "Senin saya tinggalkan {} di loket 4, belum ada kabar.",
    ),
    "es": (
        "Nadie contesta, llámenme: {}.",
        "En el formulario viejo sigue {} y está mal",
        "{} es todo, gracias",
        "El lunes dejé {} en la ventanilla 4 y nada.",
    ),
    "ro": (
        "Nu răspunde nimeni, sunați-mă: {}.",
        "Pe formularul vechi încă apare {}",
        "{} atât pot spune, mulțumesc",
        "Luni am lăsat {} la ghișeul 4 și nimic.",
    ),
}
COUNTRIES = {
    "en": ("UGA", "PAK", "BHS"),
    "fr": ("SEN", "MAR"),
    "ar": ("MAR", "ARE"),
    "az": ("AZE",),
    "ru": ("KAZ", "KGZ", "UZB", "AZE"),
    "tr": ("TUR",),
    "uz": ("UZB",),
    "ky": ("KGZ",),
    "id": ("IDN",),
    "es": ("COL",),
    "ro": ("ROU",),
}
EMAILS = (
    "leyla.h88@gmail.com",
    "IVAN_PETROV@mail.ru",
    "budi+desa@yahoo.co.id",
    "m-diop@poste.sn",
    "info.aigul(at)mail.kg",
)
CARDS = ("4111 1111 1111 1111", "5500-0000-0000-0004", "4169738012345670", "2200 1234 5678 9019", "3782 822463 10005")
NUMBERS = {
    "AZE": ("5ABC123", "AZE17654321", "AA0712345"),
    "UZB": ("AB1234567", "31205856020018"),
    "KGZ": ("ID1234567", "20101199012345"),
    "KAZ": ("910215300456", "N12345678"),
    "UGA": ("CF85012103XWZK", "B1234567"),
    "PAK": ("35202-1234567-1", "3520212345671"),
    "BHS": ("AB123456789", "100200300"),
    "SEN": ("1 751 1987 04512", "A01234567"),
    "MAR": ("BE123456", "JC54321"),
    "ARE": ("784-1985-1234567-1", "784198512345671"),
    "TUR": ("12345678950", "U12345678"),
    "IDN": ("3171234567890123", "A1234567"),
    "COL": ("1.020.345.678", "1020345678"),
    "ROU": ("1850512123456", "RX123456"),
}
PLATES = {
    "AZE": ("77-JB-504", "99 ZZ 018"),
    "UZB": ("01 A 777 BC", "40 123 QWE"),
    "KGZ": ("01KG777ABC", "08 KG 123 AAB"),
    "KAZ": ("123 ABC 02", "777AAA01"),
    "UGA": ("UBB 456K", "UAH123C"),
    "PAK": ("LEB-4521", "ABC-123"),
    "BHS": ("AB 1234",),
    "SEN": ("DK-1234-AB", "AA-345-CD"),
    "MAR": ("12345-A-6", "4567 ب 8"),
    "ARE": ("A 12345", "K 9911"),
    "TUR": ("34 VB 1234", "06ABC123"),
    "IDN": ("B 4321 KJL", "DK 1 AB"),
    "COL": ("BXR 482", "QWE123"),
    "ROU": ("CJ 12 WZA", "B-104-HTY"),
}
NAMES = {
    "en": (
        "Mr Okello Bosco shouted at my mother",
        "I spoke to Mrs. Nakato about it",
        "ask Dr Mwangi, he saw everything",
        "inspector Kamau wanted more papers",
        "my name is grace achieng and I am angry",
        "Officer Tariq Mehmood was helpful",
    ),
    "fr": (
        "Mme Ndiaye m'a très mal reçue",
        "j'ai vu monsieur Ibrahima Sow deux fois",
        "Le directeur Fall n'était pas là",
        "M. El Amrani a refusé",
        "je m'appelle Awa Ba et j'attends",
        "Mademoiselle Cissé au bureau 2 est gentille",
    ),
    "ar": (
        "السيدة فاطمة الزهراء كانت لطيفة",
        "قابلت الأستاذ كريم مرتين",
        "المدير يوسف لم يكن هناك",
        "اسمي خديجة العلوي وأنتظر",
        "الدكتور سامي رفض",
        "السيد عمر الإدريسي صرخ في وجهي",
    ),
    "az": (
        "Gülnarə xanım çox mehriban idi",
        "Elşən müəllim məni geri göndərdi",
        "cənab Quliyev yerində yox idi",
        "mənim adım Nigar Həsənova",
        "Tural bəy kobud danışdı",
        "müfəttiş Rəhimov sənəd istədi",
    ),
    "ru": (
        "госпожа Ахметова нагрубила мне",
        "Сидорова Мария Ивановна помогла быстро",
        "инспектор Нурланов ушёл на обед",
        "меня зовут айгуль, жду третий день",
        "начальник Ким не принял",
        "г-н Рахимов А.К. был вежлив",
    ),
    "tr": (
        "Ayşe hanım çok yardımcı oldu",
        "Mehmet bey bağırdı",
        "sayın Yılmaz odasında yoktu",
        "benim adım Elif Kaya",
        "müdür Demir imzalamadı",
        "Hasan abi sağ olsun",
    ),
    "uz": (
        "Dilnoza opa yordam berdi",
        "Akmal aka baqirdi",
        "janob Karimov joyida yo'q edi",
        "mening ismim Malika",
        "direktor Yusupov imzolamadi",
        "Rustamov Jasur Anvarovich rad etdi",
    ),
    "ky": (
        "Айнура эже жардам берди",
        "Бакыт байке кыйкырды",
        "мырза Осмонов жок экен",
        "менин атым Жылдыз",
        "директор Токтогулов кол койбоду",
        "Асанов Нурлан уулу келди",
    ),
    "id": (
        "Bu Siti di loket dua ramah",
        "Pak Joko Susilo membentak saya",
        "bapak Hartono tidak ada",
        "nama saya Dewi Lestari",
        "kepala Wijaya menolak",
        "Mbak Rina cepat sekali",
    ),
    "es": (
        "la señora Gómez fue muy amable",
        "el señor Carlos Ruiz me gritó",
        "don Hernán no estaba",
        "me llamo Lucía Pérez",
        "doctora Mejía se negó",
        "Sra. Torres resolvió todo",
    ),
    "ro": (
        "doamna Ionescu a fost amabilă",
        "domnul Popa a țipat",
        "dl Marin nu era acolo",
        "mă numesc Ana Dumitru",
        "inspectorul Stan a refuzat",
        "dna. Rusu m-a ajutat",
    ),
}
PLACED = {
    "en": ("okello bosco", "nakato", "mwangi", "kamau", "grace", "tariq"),
    "fr": ("ndiaye", "ibrahima sow", "fall", "amrani", "awa ba", "cissé"),
    "ar": ("فاطمة", "كريم", "يوسف", "خديجة", "سامي", "عمر"),
    "az": ("gülnarə", "elşən", "quliyev", "nigar", "tural", "rəhimov"),
    "ru": ("ахметова", "сидорова мария", "нурланов", "айгуль", "ким", "рахимов"),
    "tr": ("ayşe", "mehmet", "yılmaz", "elif", "demir", "hasan"),
    "uz": ("dilnoza", "akmal", "karimov", "malika", "yusupov", "rustamov"),
    "ky": ("айнура", "бакыт", "осмонов", "жылдыз", "токтогулов", "асанов"),
    "id": ("siti", "joko", "hartono", "dewi", "wijaya", "rina"),
    "es": ("gómez", "carlos ruiz", "hernán", "lucía", "mejía", "torres"),
    "ro": ("ionescu", "popa", "marin", "ana dumitru", "stan", "rusu"),
}


@dataclass(frozen=True)
class Planted:
    """A text, what was planted in it, and where it comes from."""

    category: str
    language: str
    country: str
    secret: str
    text: str


def planted() -> Iterator[Planted]:
    """Every e-mail, telephone, card, number and plate in every sentence of every language and country."""
    for language, sentences in SENTENCES.items():
        for country in COUNTRIES[language]:
            region = REGIONS[country]
            mobile = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
            fixed = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.FIXED_LINE)
            phones = {
                phonenumbers.format_number(number, form)
                for number in (mobile, fixed)
                if number is not None
                for form in (
                    phonenumbers.PhoneNumberFormat.E164,
                    phonenumbers.PhoneNumberFormat.NATIONAL,
                    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
                )
            }
            secrets = {
                "email": EMAILS,
                "card": CARDS,
                "phone": tuple(sorted(phones)),
                "number": NUMBERS[country],
                "plate": PLATES[country],
            }
            for category, given in secrets.items():
                for at, secret in enumerate(given):
                    for sentence in (sentences[at % 4], sentences[(at + 1) % 4]):
                        yield Planted(category, language, country, secret, sentence.format(secret))


def named() -> Iterator[Planted]:
    """Titled names of every language."""
    for language, texts in NAMES.items():
        for text, secret in zip(texts, PLACED[language], strict=True):
            yield Planted("name", language, COUNTRIES[language][0], secret, text)


LATER: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "en": (
        "UGA",
        [
            ("the lady at desk 5, mrs tumusiime, was great", "tumusiime"),
            ("Thank you Doctor Byaruhanga!", "byaruhanga"),
            ("a certain Mr. J. Ssempa took my file", "ssempa"),
            ("Director Nansubuga Rose promised a call", "nansubuga"),
            ("whose name is Opio, he smiled", "opio"),
            ("please thank Miss Auma", "auma"),
        ],
    ),
    "fr": (
        "SEN",
        [
            ("remerciez madame sarr pour moi", "sarr"),
            ("Bonjour Monsieur le directeur, Mme Gueye est absente", "gueye"),
            ("l'agent Mbaye a crié", "mbaye"),
            ("une certaine Mlle Faye", "faye"),
            ("Dr. Kane m'a aidé", "kane"),
            ("mon nom est Ousmane Ba", "ousmane"),
        ],
    ),
    "ar": (
        "MAR",
        [
            ("شكرا للسيدة نادية على المساعدة", "نادية"),
            ("تكلمت مع الموظف وسيد حميد رفض", "حميد"),
            ("المهندس بدر الدين تأخر", "بدر"),
            ("الحاج إبراهيم انتظر ساعتين", "إبراهيم"),
            ("يدعى رشيد وكان لطيفا", "رشيد"),
            ("الضابط منصور طلب وثيقة", "منصور"),
        ],
    ),
    "az": (
        "AZE",
        [
            ("təşəkkürlər Sevinc xanım", "sevinc"),
            ("sevda xanima cox sag olun", "sevda"),
            ("Vüqar müəllimə dedim", "vüqar"),
            ("operator Zaur cavab vermədi", "zaur"),
            ("adım Kamran Məmmədov", "kamran"),
            ("Əliyev İlqar Hüseyn oğlu gəldi", "hüseyn"),
        ],
    ),
    "ru": (
        "KAZ",
        [
            ("спасибо Ивану Петровичу", "петрович"),
            ("специалист Жанна ответила грубо", "жанна"),
            ("гр. Омаров ждал час", "омаров"),
            ("господину Ли отказали", "ли "),
            ("доктор сериков принял", "сериков"),
            ("Фамилия Тулегенова", "тулегенова"),
        ],
    ),
    "tr": (
        "TUR",
        [
            ("teşekkürler Zeynep Hanım", "zeynep"),
            ("memur Kemal bey gelmedi", "kemal"),
            ("fatma abla yardım etti", "fatma"),
            ("adım Murat", "murat"),
            ("Bay Öztürk imzaladı", "öztürk"),
            ("doktor Aksoy yoktu", "aksoy"),
        ],
    ),
    "uz": (
        "UZB",
        [
            ("rahmat Nigora opa", "nigora"),
            ("inspektor Tursunov kutdirdi", "tursunov"),
            ("Sherzod aka kelmadi", "sherzod"),
            ("ismim Bobur", "bobur"),
            ("operator Lola javob bermadi", "lola"),
            ("Olimova Zarina Baxtiyor qizi", "zarina"),
        ],
    ),
    "ky": (
        "KGZ",
        [
            ("рахмат Гүлнара эжеге", "гүлнара"),
            ("оператор Эрмек жооп берген жок", "эрмек"),
            ("Талант агай келбеди", "талант"),
            ("атым Нургуль", "нургуль"),
            ("айым Садыкова сурады", "садыкова"),
            ("Мамытова Асель Болотовна", "асель"),
        ],
    ),
    "id": (
        "IDN",
        [
            ("terima kasih ibu wati", "wati"),
            ("petugas Andi tidak sopan", "andi"),
            ("Pak Camat Ridwan lambat", "ridwan"),
            ("sdr. Fajar di loket 1", "fajar"),
            ("saya bernama Putri", "putri"),
            ("bapak H. Mulyono hadir", "mulyono"),
        ],
    ),
    "es": (
        "COL",
        [
            ("gracias señorita Paola", "paola"),
            ("el funcionario Mejía gritó", "mejía"),
            ("Sr. Andrés Vargas no atendió", "andrés"),
            ("me llamo juan", "juan"),
            ("doña Rosa esperó", "rosa"),
            ("la doctora Ana Gil ayudó", "ana gil"),
        ],
    ),
    "ro": (
        "ROU",
        [
            ("mulțumesc doamnei Enache", "enache"),
            ("domnule Radu, de ce?", "radu"),
            ("d-na Vasile a strigat", "vasile"),
            ("ma numesc ion", "ion"),
            ("directorul Matei lipsea", "matei"),
            ("inginer Dobre a semnat", "dobre"),
        ],
    ),
}
"""A second set of titled names, written when the rules stood: (text, what must not be in it)."""

HARMLESS = [
    ("AZE", "12 oktyabr 2026-cı ildə 3 saat gözlədim, 45 manat ödədim"),
    ("KAZ", "Ждал 2 часа 15 минут, 12.05.2026 в 14:30, заплатил 15 000 тенге, окно 12"),
    ("UGA", "I paid UGX 50000 on 2026-10-12 at 09:45, window 12, floor 3, room 104B"),
    ("SEN", "J'ai payé 12 500 FCFA le 03/11/2026, guichet 14, article 23"),
    ("IDN", "Biaya Rp 150.000 dan antri dari jam 08.00 sampai 11.30, nomor antrian A12"),
    ("TUR", "Saat 10:30'da geldim, 350 TL ödedim, 25 kişi vardı"),
    ("MAR", "دفعت 200 درهم وانتظرت 3 ساعات يوم 12/10/2026"),
    ("COL", "Pagué 85.000 pesos, esperé 4 horas, ventanilla 12"),
    ("UZB", "2026-yil 5-oktyabr kuni 120 000 so'm to'ladim"),
    ("ROU", "Am plătit 250 lei, am așteptat de la 9:00 la 12:30"),
    ("AZE", "Direktor yox idi. Xanım çox kobud idi, müəllim də"),
]
"""Texts that name nobody: dates, times, sums and counters stay."""
