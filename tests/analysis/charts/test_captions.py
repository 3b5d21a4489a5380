"""Below a drawing stand two sentences at most, without the title above it; what they leave out is folded below them."""

from dataclasses import replace

import pytest

from dashboard.analysis.charts import KINDS
from dashboard.analysis.charts.chart import ChartWords
from dashboard.analysis.charts.gallery import CENTRES, EXAMPLES, Example
from dashboard.analysis.charts.layers.comparing import MAX_NAMED
from dashboard.locales import LANGUAGES
from tests.analysis.charts.made_figures import PLAIN, centres, draw, frame, row
from tests.captions import count_sentences, find_caption_faults
from tests.checks import all_of

TWELVE = tuple(letter * 3 for letter in "ABCDEFGHIJKL")


@pytest.mark.parametrize("example", [*EXAMPLES, *CENTRES], ids=lambda example: example.id)
def test_an_example_says_its_finding_in_two_sentences_and_the_rest_below(example: Example) -> None:
    for lang in LANGUAGES:
        spoken = replace(example, lang=lang)
        chart = centres(spoken) if example in CENTRES else draw(spoken)
        assert find_caption_faults({"title": chart.title, **chart.words.list_forms()}) == [], lang


def test_a_finding_of_more_sentences_is_told_in_brief_and_in_full_below() -> None:
    full = ChartWords(("A fell.", "B rose.", "C rose."), ("Bars are intervals.",), "Trust, 2020.")
    assert full.caption == "A fell. B rose. C rose."
    words = replace(full, brief=("Two rose.", ""))
    assert words.caption == "Two rose."
    assert words.rest == "A fell. B rose. C rose. Bars are intervals."
    assert words.sentence == full.sentence == "Trust, 2020. A fell. B rose. C rose. Bars are intervals."
    assert words.add_reading("", "One is left out.").rest.endswith("Bars are intervals. One is left out.")


def caption_of_twelve(kind: str, *rows: dict[str, object], **given: object) -> str:
    """The caption of twelve countries, after it was held against all the words in every language."""
    options = replace(PLAIN, highlighted=TWELVE, **given)
    for lang in LANGUAGES:
        words = KINDS[kind].build(frame(*rows), replace(options, lang=lang)).words
        assert find_caption_faults({"title": options.title, **words.list_forms()}) == [], lang
        assert sum(iso3 in words.caption for iso3 in TWELVE) <= MAX_NAMED, (lang, words.caption)
        assert all_of(iso3 in words.rest for iso3 in TWELVE), lang
    return KINDS[kind].build(frame(*rows), options).words.caption


def test_of_twelve_countries_a_caption_names_the_few_that_matter_and_counts_the_others() -> None:
    latest = [row(iso3, 2020, float(at)) for at, iso3 in enumerate(TWELVE)]
    assert caption_of_twelve("multiples", *latest) == "The latest figures run from AAA 0.00 (2020) to LLL 11.00 (2020)."
    few = [row("AAA", 2020, 1.0), row("BBB", 2019, 2.0)]
    assert caption_of_twelve("multiples", *few) == (
        "Latest figures: AAA 1.00 (2020) and BBB 2.00 (2019); countries with a figure: 2 of 12, fewer than half."
    )
    earlier = [row(iso3, 2015, 5.0) for iso3 in TWELVE]
    dates = {"years": (2015, 2020)}
    assert caption_of_twelve("dumbbell", *earlier, *latest, **dates) == (
        "Largest differences: LLL from 5.00 (2015) to 11.00 (2020), AAA from 5.00 (2015) to 0.00 (2020) "
        "and KKK from 5.00 (2015) to 10.00 (2020). Countries with two comparable figures: 12 of 12."
    )
    unlike = [one | {"edition": "2"} for one in latest[2:]]
    assert caption_of_twelve("dumbbell", *earlier, latest[0], *unlike, **dates) == (
        "Largest differences: AAA from 5.00 (2015) to 0.00 (2020). Countries with two comparable figures: 1 of 12."
    )
    assert caption_of_twelve("dumbbell", *latest) == (
        "One year only, 2020, so there is nothing to compare. "
        "Figures run from AAA 0.00 (2020) to LLL 11.00 (2020); countries with a figure: 12 of 12."
    )


def test_a_caption_with_a_fault_is_found() -> None:
    told = {"title": "Trust", "caption": "A 5 (2020).", "reading": "Dots.", "sentence": "Trust. A 5 (2020). Dots."}
    assert find_caption_faults(told) == []
    assert count_sentences("It rose by 5.5 %. Is it so? “Yes.”") == 3
    for wrong in ({"caption": "Trust 5."}, {"caption": "A 6 (2020)."}, {"reading": ""}, {"caption": ""},
                  {"caption": "A. B. C."}, {"sentence": "A 5 (2020). Trust. Dots."}):  # fmt: skip
        assert find_caption_faults(told | wrong), wrong
