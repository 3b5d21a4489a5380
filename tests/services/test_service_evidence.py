"""Evidence levels: one rule in the drawer, on the page of progress and in the words of the method page."""

import pytest

from dashboard.locales import LANGUAGES, number, t
from dashboard.services.base.context import context
from dashboard.services.base.rows import has_figure, latest_of
from dashboard.services.method.method import method
from dashboard.services.progress.results import evidence_of
from dashboard.services.revisions.provenance import provenance
from dashboard.services.wording.evidence import LEVELS, SELF_REPORTED, STRENGTHS, level_of, level_text
from dashboard.services.wording.publishers import publisher_of, publishers

pytestmark = pytest.mark.usefixtures("embedded")


def test_a_value_is_worth_the_lower_of_publisher_and_indicator_wherever_it_is_said() -> None:
    ctx = context("en")
    for metric in ctx.book.metrics.values():
        row = latest_of(ctx, metric.id).get("KAZ")
        if row is None or not has_figure(row):
            continue
        info = publisher_of(row["source"], row["series"])
        assert info is not None
        expected = min(metric.evidence_level, info.evidence_level)
        assert level_of(ctx, row) == evidence_of(ctx, metric, "KAZ") == expected
        said = {step["id"]: step["text"] for step in provenance(ctx, row["id"])["steps"]}
        assert said["evidence"] == level_text(ctx, expected)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_method_page_says_the_rules_with_the_numbers_they_have_here(lang: str) -> None:
    ctx = context(lang)
    sections = {section["id"]: section for section in method(ctx)["sections"]}
    links = [link.strength for metric in ctx.book.metrics.values() for link in metric.links]
    for strength in STRENGTHS:
        counted = (
            t(f"terms.strength.{strength}.name", lang) + t("ui.list.colon", lang) + number(links.count(strength), lang)
        )
        assert counted in sections["strength"]["text"]
        assert t(f"terms.strength.{strength}.name", lang) in sections["evidence_strength"]["text"]
    told = sections["evidence_level"]["text"]
    assert all(info.title in told for info in publishers().values())
    for level in LEVELS:
        metrics = sum(metric.evidence_level == level for metric in ctx.book.metrics.values())
        name = t(f"terms.evidence_level.{level}.name", lang)
        assert ((name + t("ui.list.colon", lang) + number(metrics, lang)) in told) == (metrics > 0)
        assert told.count(name) >= (level in SELF_REPORTED)
