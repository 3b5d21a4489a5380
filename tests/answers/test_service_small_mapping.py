"""The small mapping draws the links of the codebook, each as wide as the next, and no words over others."""

import re
from collections import Counter
from itertools import pairwise

import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.mapping.page import view_mapping
from dashboard.answers.mapping.small import LEAST_GOAL, LEAST_THEME, SmallMapping, SmallNode, view_small_mapping
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.tables import MEASURED
from dashboard.locales import LANGUAGES
from tests.answers.shape import faults
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")

BOOK = load_codebook()
LINKS = Counter(
    (metric.theme, BOOK.targets[link.target].goal)
    for metric in BOOK.metrics.values()
    for link in metric.links
    if link.target
)
RIBBON = re.compile(r"M0 (\S+)C50 \1 50 (\S+) 100 \2V(\S+)C50 \3 50 (\S+) 0 \4Z")


def tops(nodes: list[SmallNode]) -> list[float]:
    return [float(node["top"].removesuffix("%")) for node in nodes]


def test_every_link_with_a_target_is_counted_in_its_theme_and_in_its_goal() -> None:
    view = view_small_mapping(open_context())
    assert [node["id"] for node in view["themes"]] == list(MEASURED)
    assert [int(node["id"]) for node in view["goals"]] == sorted({goal for _, goal in LINKS})
    for node in view["themes"]:
        assert node["count"] == sum(n for (theme, _), n in LINKS.items() if theme == node["id"])
        assert node["links"] == f"{node['count']} links"
    for node in view["goals"]:
        assert node["count"] == sum(n for (_, goal), n in LINKS.items() if goal == int(node["id"]))


def test_a_ribbon_is_as_wide_as_it_has_links_and_ribbons_of_a_node_lie_beside_each_other() -> None:
    view = view_small_mapping(open_context())
    drawn = [tuple(map(float, RIBBON.fullmatch(ribbon).groups())) for ribbon in view["ribbons"]]  # type: ignore[union-attr]
    pairs = [(theme, int(goal["id"])) for theme in MEASURED for goal in view["goals"] if LINKS[theme, int(goal["id"])]]
    assert len(drawn) == len(pairs) == len(LINKS)
    wide = sum(low - top for top, _, _, low in drawn) / LINKS.total()
    for pair, (begin, end, end_low, begin_low) in zip(pairs, drawn, strict=True):
        assert begin_low - begin == pytest.approx(wide * LINKS[pair], abs=0.11)
        assert end_low - end == pytest.approx(wide * LINKS[pair], abs=0.11)
    for node in (*view["themes"], *view["goals"]):
        own = sorted(
            (band[0], band[3]) if node["id"] == theme else (band[1], band[2])
            for (theme, goal), band in zip(pairs, drawn, strict=True)
            if node["id"] in (theme, str(goal))
        )
        assert all(low == pytest.approx(top, abs=0.11) for (_, low), (top, _) in pairwise(own))
        assert (own[0][0] + own[-1][1]) / 2 == pytest.approx(float(node["top"].removesuffix("%")), abs=0.11)


def test_words_have_room_inside_the_picture() -> None:
    view = view_small_mapping(open_context())
    for nodes, least in ((view["themes"], LEAST_THEME), (view["goals"], LEAST_GOAL)):
        places = tops(nodes)
        assert all_of(later - earlier >= least for earlier, later in pairwise(places))
        assert places[0] >= least / 2 - 0.1
        assert places[-1] <= 100 - least / 2 + 0.1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_theme_opens_the_mapping_at_its_links(lang: str) -> None:
    view = view_small_mapping(open_context(lang))
    assert not faults(view, SmallMapping)
    for node in view["themes"]:
        path, _, query = node["to"].partition("?")
        assert path == f"/{lang}/mapping/"
        parameters = dict(part.split("=", 1) for part in query.split("&"))
        opened = view_mapping(open_context(lang), parameters)
        assert len(opened["pinned"]["links"]) >= node["count"]
        assert not opened["ignored"]
