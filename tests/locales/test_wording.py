"""Sentences that read like a translation stay out, in the language they were written in and in the others."""

import re

import pytest

from dashboard.locales.catalogue import areas, messages

REPLACED = {
    "en": (
        "any contact”",
        "What the figures say",
        "By more than the published errors",
        "told from none",
        "half of the latest",
        "word of one method",
        "stands lowest",
        "by more than the errors of both\\.",
        "never one line",
        "who did not come",
        "Own scale",
        "survey of its own",
        "larger than the published",
        "Beside others",
        "not measure the same",
        "measure the same",
        "Count years from",
        "could not be had",
        "speaks? to it",
        "called exactly",
        "enters no count",
        "Made when asked",
        "[Cc]arried on",
        "shares? a place",
        "marks say",
        "highest rung",
    ),
    "fr": (
        "signé ou plus",
        "« tout contact »",
        "Ce que disent les chiffres",
        "distinguées de zéro",
        "la moitié des derniers",
        "erreurs des deux\\.",
        "jamais une seule ligne",
        "mesur\\w+ (pas )?la même chose",
        "partagent une place",
        "[Pp]rolongée? jusqu",
        "dépasse les erreurs publiées",
    ),
    "ar": (
        "توقيع فما فوق",
        "«أي اتصال»",
        "ماذا تقول الأرقام",
        "انعدام الفرق",
        "ونصف أحدث",
        "يجمعها خط واحد",
        "الشيء نفسه",
        "قائم بذاته",
        "إذا استمر الاتجاه حتى",
    ),
    "az": (
        "imzalanıb və ya daha",
        "«hər hansı təmas»",
        "Rəqəmlər nə deyir",
        "sıfırdan fərqləndirilə",
        "rəqəmlərin yarısı",
        "heç vaxt bir xətt",
        "eyni şeyi ölç",
        "yeri bölüşür",
        "davam etdirildikdə",
    ),
}
"""Language → what stood in sentences that were replaced, or in those they were translated to."""


@pytest.mark.parametrize("lang", REPLACED)
def test_a_sentence_that_was_replaced_is_replaced_everywhere(lang: str) -> None:
    texts = [
        text
        for area in areas()
        for message in messages(area, lang).values()
        for text in ([message] if isinstance(message, str) else message.values())
    ]
    assert len(texts) > 1000
    found = [text for text in texts if re.search("|".join(REPLACED[lang]), text)]
    assert found == []
