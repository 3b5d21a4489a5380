"""A kind of chart is a builder, an entry and an example: an invented one has addresses; files of rows draw nothing."""

import httpx
import pytest

from dashboard.analysis.charts import KINDS, Chart, ChartKind, ChartOptions
from dashboard.analysis.charts.chart import ChartWords
from dashboard.analysis.charts.gallery import EXAMPLES, Example
from dashboard.analysis.charts.layers import shape
from dashboard.analysis.charts.registry import select_kinds
from dashboard.answers.base.cache import forget_older
from dashboard.answers.base.context import open_context
from dashboard.answers.charts import build
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.charts.url import parse_url, write_permanent_url
from dashboard.answers.files import extract, reuse
from tests.analysis.charts.made_figures import draw, figures


def invented(rows, options: ChartOptions) -> Chart:
    """Says how many figures there are."""
    shown = [{"country": row["country"], "value": row["value"]} for row in rows.sort("country", "year").to_dicts()]
    words = ChartWords((f"{len(shown)} figures.",))
    return shape.make_chart(dict, None, shown, words, "", options)


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Example:
    """The builder above, its entry and its example."""
    entry = ChartKind("invented", invented, ("country", "value"), countries="chosen")
    monkeypatch.setitem(KINDS, entry.id, entry)
    return Example("invented_one", entry.id, "wgi_cc", ("AZE",))


def test_an_invented_kind_is_drawn_from_its_example(kind: Example) -> None:
    chart = draw(kind)
    assert len(chart.rows) == figures(kind.indicator, kind.countries).height == 25
    assert chart.spec["datasets"]["words"] == [{"text": "25 figures."}]


@pytest.mark.usefixtures("embedded")
async def test_an_invented_kind_has_addresses(kind: Example, client: httpx.AsyncClient) -> None:
    asked = f"indicator={kind.indicator}&country=AZE&from=2015"
    picture = await client.get(f"/api/v1/charts/{kind.kind}.svg?{asked}")
    assert (picture.status_code, picture.text[:4]) == (200, "<svg")
    lines = (await client.get(f"/api/v1/charts/{kind.kind}.csv?{asked}")).text.splitlines()
    assert lines[0] == "country,value"
    assert len(lines) > 2
    assert {line.split(",")[0] for line in lines[1:]} == {"AZE"}
    for other in ("other", "funnel", "gap"):  # no kind, and kinds of another origin
        assert (await client.get(f"/api/v1/charts/{other}.csv?{asked}")).status_code == 404


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("name", select_kinds("series"))
def test_files_of_rows_draw_nothing_and_an_address_is_read_back(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    example = next(one for one in EXAMPLES if one.kind == name)
    asked = ask_chart(
        open_context("en"), name, example.indicator, example.countries,
        dimension=example.dimension.lower(), second=example.across, unequal=True,
    )  # fmt: skip
    assert parse_url(open_context("en"), write_permanent_url(asked, "json")) == asked
    drawn = []

    def counted(*_: object) -> dict[str, object]:
        drawn.append(name)
        return {}

    forget_older("")
    monkeypatch.setattr(shape, "attach", counted)
    monkeypatch.setattr(shape, "write_instead", counted)
    assert len(build.build_chart(asked).rows) > 0
    assert reuse.write_xlsx(extract.extract_chart(asked))
    assert drawn == []
    assert build.build_specification(asked)["usermeta"]["rows"]
    assert drawn == [name]
    forget_older("another")
