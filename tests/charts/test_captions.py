"""Below a drawing stand two sentences at most, without the title above it; what they leave out is folded below them."""

from dataclasses import replace

import pytest

from dashboard.charts.chart import ChartWords
from dashboard.charts.gallery import CENTRES, EXAMPLES, Example
from dashboard.locales import LANGUAGES
from tests.captions import count_sentences, find_caption_faults
from tests.charts.made_figures import centres, draw


@pytest.mark.parametrize("example", [*EXAMPLES, *CENTRES], ids=lambda example: example.id)
def test_an_example_says_its_finding_in_two_sentences_and_the_rest_below(example: Example) -> None:
    for lang in LANGUAGES:
        spoken = replace(example, lang=lang)
        chart = centres(spoken) if example in CENTRES else draw(spoken)
        assert find_caption_faults({"title": chart.title, **chart.words.by_name()}) == [], lang


def test_a_finding_of_more_sentences_is_told_in_brief_and_in_full_below() -> None:
    full = ChartWords(("A fell.", "B rose.", "C rose."), ("Bars are intervals.",), "Trust, 2020.")
    assert full.caption == "A fell. B rose. C rose."
    words = replace(full, brief=("Two rose.", ""))
    assert words.caption == "Two rose."
    assert words.rest == "A fell. B rose. C rose. Bars are intervals."
    assert words.sentence == full.sentence == "Trust, 2020. A fell. B rose. C rose. Bars are intervals."
    assert words.read_also("", "One is left out.").rest.endswith("Bars are intervals. One is left out.")


def test_a_caption_with_a_fault_is_found() -> None:
    told = {"title": "Trust", "caption": "A 5 (2020).", "reading": "Dots.", "sentence": "Trust. A 5 (2020). Dots."}
    assert find_caption_faults(told) == []
    assert count_sentences("It rose by 5.5 %. Is it so? “Yes.”") == 3
    for wrong in ({"caption": "Trust 5."}, {"caption": "A 6 (2020)."}, {"reading": ""}, {"caption": ""},
                  {"caption": "A. B. C."}, {"sentence": "A 5 (2020). Trust. Dots."}):  # fmt: skip
        assert find_caption_faults(told | wrong), wrong
