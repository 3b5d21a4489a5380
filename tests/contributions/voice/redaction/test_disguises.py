"""What is disguised is found, and what only looks so is left."""

import pytest

from dashboard.contributions.voice.redaction import disguises
from dashboard.contributions.voice.redaction.redact import redact
from dashboard.contributions.voice.wordlists import languages_of, listed_languages


@pytest.mark.parametrize(
    ("country", "text", "left"),
    [
        # numbers in words, alone and beside digits
        ("AZE", "Nömrəm: sıfır əlli, iki yüz on üç, qırx beş, altmış yeddi, zəng edin", "Nömrəm: [number], zəng edin"),
        ("KAZ", "номер восемь семьсот один двести тридцать четыре 56 78.", "номер [number]."),
        ("TUR", "Tel: sıfır beş yüz otuz iki yüz yirmi üç kırk beş altmış yedi", "Tel: [number]"),
        ("UZB", "menga to'qson bir yuz yigirma uch qirq besh oltmish yetti", "menga [number]"),
        ("SEN", "C'est le soixante-dix-sept cinq cent douze quatre-vingt-dix-neuf zéro quatre", "C'est le [number]"),
        ("UGA", "Call 077 two 41 eight 036", "Call [number]"),
        ("UGA", "my number is zero seven double seven two four one eight zero three", "my number is [number]"),
        ("MAR", "رقمي صفر ستة واحد وستون ثلاثة وعشرون خمسة وأربعون سبعة وستون", "رقمي [number]"),
        # a count behind a number is none of it
        ("AZE", "zəng edin 050 123 45 67, üç saat növbə gözlədim", "zəng edin [number], üç saat növbə gözlədim"),
        ("UGA", "Call 0772418036 two times", "Call [number] two times"),
        # letters between digits
        ("UGA", "Call O772 418 O36", "Call [number]"),
        ("KAZ", "Номер 8-7о1-2З4-56-78", "Номер [number]"),
        # letters that stand apart
        ("UGA", "M🙂a🙂r🙂y N🙂akato was rude", "[name] was rude"),
        ("UGA", "B*r*e*n*d*a was rude", "[name] was rude"),
        ("AZE", "A y g ü n xanım", "[name] xanım"),
        ("KAZ", "С е р и к нагрубил", "[name] нагрубил"),
        ("AZE", "N_ə_r_m_i_n kobuddur", "[name] kobuddur"),
        # vowel signs and strokes
        ("MAR", "مُحَمَّد العَلَوِي صرخ", "[name] صرخ"),
        ("AZE", "N̶ə̶r̶m̶i̶n̶ kobuddur", "[name] kobuddur"),
        ("KAZ", "Нурлан\nАбдрахманов отказал", "[name]\n[name] отказал"),
        ("AZE", "İnstagram: @leyla.aliyeva88", "İnstagram: [link]"),
        ("UZB", "Chilonzor tumani, 7-mavze, 12-uy, 45", "[address]"),
        ("AZE", "Yasamal r-nu, Şərifzadə küç. 12, m. 7", "[address]"),
    ],
)
def test_disguises_are_seen_through(country: str, text: str, left: str) -> None:
    assert redact(text, country, languages_of(country)).text.replace("[phone]", "[number]") == left


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("KAZ", "Пошлина двести пятьдесят тысяч триста сорок тенге"),
        ("AZE", "Rüsum iki yüz əlli min manat idi, əlli manat qaytardılar"),
        ("KAZ", "один два три четыре пять шесть семь восемь окон"),
        ("UGA", "one two three windows were open, four five six seven were closed"),
        ("SEN", "Cent vingt personnes, deux cents chaises, quatre-vingt-dix minutes"),
        ("MAR", "انتظرت ثلاث ساعات وخمسة وعشرين دقيقة أمام أربعة شبابيك"),
        ("UGA", "U.R.A. was closed, e.g. on Monday, i.e. no I.D. cards"),
        ("UGA", "Great❤service👍thanks🙏all"),
        ("KAZ", "и т.д. и т.п., т.е. ждать до 18.30"),
        ("MAR", "خِدْمَةٌ جَمِيلَةٌ وَشُكْرًا لَكُمْ"),
        # letters of an authority with the ending of a case
        ("KAZ", "В ЦОНе и в МФЦе закрыто, у ЦОНа очередь, ИИНа нет"),
        ("TUR", "SGK'da, PTTde ve NVİ'de bekledik"),
        ("UGA", "I went to URSB's office"),
        ("AZE", "Gəldim ASANa, göndərdilər DOST-a, SMKda növbə yoxdur"),
        ("KAZ", "Спасибо\nГотов прийти снова"),
    ],
)
def test_what_only_looks_disguised_is_left(country: str, text: str) -> None:
    assert redact(text, country, languages_of(country)).text == text


def test_a_text_without_disguises_is_read_once() -> None:
    bare = disguises.read_bare("Brenda came at 9.30 with two of us")
    assert bare.places is None
    assert disguises.undo(bare, ("en",)) is None


def test_numbers_are_spelled_in_every_language_that_has_lists() -> None:
    for code in listed_languages():
        values, factors, _ = disguises.load_numerals((code,))
        assert set(range(10)) <= set(values.values()), code
        assert {100, 1000} <= {*factors.values(), *values.values()}, code
