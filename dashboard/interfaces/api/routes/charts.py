"""Charts by address, whatever they are drawn from: specification, image and rows of the same picture.

A function answers all of them; where charts of an origin stand is a call of ``_add_route``.
"""

import inspect
import re
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from dashboard.analysis.charts.registry import PLAIN, Format, Origin, select_kinds
from dashboard.answers.files import reuse
from dashboard.answers.public import shapes
from dashboard.interfaces.api.answers import JSON, PNG, SVG, XLSX, answer
from dashboard.interfaces.api.drawn import MEDIA, PLACES_BY_FORM, SAVED, write_chart
from dashboard.interfaces.api.origins import ASK
from dashboard.interfaces.api.parameters import (
    CentresQuestion,
    ChartFileQuestion,
    ChartQuestion,
    CountsQuestion,
    EffectChartQuestion,
    EffectPanelQuestion,
    MappingQuestion,
)
from dashboard.interfaces.api.question_route import QuestionRoute
from dashboard.interfaces.api.routes.read import FAULTS, INVALID, describe_content

router = APIRouter(route_class=QuestionRoute)
services = APIRouter(route_class=QuestionRoute)

*_FIRST, _LAST = (f"`{kind}`" for kind in select_kinds("series"))
Kind = Annotated[str, Path(description=f"{', '.join(_FIRST)} or {_LAST}.", examples=["trend"])]
PlainForm = Annotated[Literal[PLAIN], Path()]  # type: ignore[valid-type]
PATHS: dict[Origin, dict[str, Any]] = {
    "series": {"kind": Kind},
    "plan": {"form": PlainForm},
    "effect": {
        "kind": Annotated[str, Path(description="`synthetic`, `gap` or `event_study`.")],
        "form": PlainForm,
    },
    "services": {
        "iso3": Annotated[str, Path(description="ISO 3166-1 alpha-3 code.", max_length=3)],
        "kind": Annotated[Literal[tuple(select_kinds("services"))], Path()],
        "form": PlainForm,
    },
}
"""The path parameters of each origin."""


async def answer_chart(
    request: Request, origin: Origin, kind: str, form: Format, question: Any, **place: str
) -> Response:
    """Answer a chart of a kind in a form."""
    requested, bom = await ASK[origin](kind, question, **place), getattr(question, "bom", False)
    return await answer(
        request,
        requested.mark,
        ("chart", form, bom, *requested.key),
        lambda: write_chart(requested, form, bom=bom),
        MEDIA[form],
        f"{requested.name}.{form}",
        save=form in SAVED,
        admission=PLACES_BY_FORM.get(form),
    )


def _add_route(
    origin: Origin, path: str, question: type, summary: str, description: str, responses: dict[int | str, Any],
    *, name: str, kind: str = "", form: str = "", model: Any = None, to: APIRouter = router,
) -> None:  # fmt: skip
    """Add a route for charts of an origin; ``kind`` and ``form`` where the path does not contain them."""

    async def handle(request: Request, *parts: Any) -> Response:
        *words, question_value = parts
        place = {"kind": kind, "form": form} | dict(zip(path_names, words, strict=True))
        return await answer_chart(request, origin, place.pop("kind"), place.pop("form"), question_value, **place)  # type: ignore[arg-type]

    path_names = re.findall(r"{(\w+)}", path)
    parameters = {"request": Request} | {word: PATHS[origin][word] for word in path_names}
    parameters["question"] = Annotated[question, Query()]
    handle.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=annotation)
            for name, annotation in parameters.items()
        ]
    )
    to.add_api_route(
        path, handle, name=name, summary=summary, description=description, responses=responses,
        response_model=model, response_class=Response if model is None else JSONResponse,
    )  # fmt: skip


_GONE: dict[int | str, dict[str, Any]] = {
    410: {"model": shapes.Problem, "description": "The dataset version is no longer kept."}
}
_STANDALONE = "The picture, with title, sentence, source and date inside."
SERIES: dict[Format, tuple[str, str, str, str]] = {
    "metadata.json": (
        "What a chart's files are",
        "Title, sentence, unit, columns, sources with licences and hashes, citations, caveats, filters and addresses.",
        "",
        "",
    ),
    "json": (
        "A chart's specification",
        "The chart as Vega-Lite. Only ``datasets`` and ``usermeta`` change with the countries.",
        JSON,
        "Vega-Lite with named datasets; `usermeta` holds title, caption, reading, sentence, note, rows and dataset.",
    ),
    "vega": (
        "A chart as the pages draw it",
        "The chart as Vega, which the pages draw without a compiler; the rows of its ``data`` are in ``datasets``.",
        JSON,
        "The same chart compiled to Vega, with the same `datasets` and `usermeta`.",
    ),
    "svg": ("A chart as SVG", "The chart as a scalable image that can stand alone.", SVG, _STANDALONE),
    "png": ("A chart as PNG", "The chart as an image for documents.", PNG, _STANDALONE),
    "csv": (
        "A chart's rows",
        "The rows the chart draws, as CSV.",
        "text/csv",
        "The rows drawn, no more and no fewer.",
    ),
    "xlsx": (
        "A chart's rows as a workbook",
        "The rows the chart draws as a workbook (XLSX), with dictionary, citations, caveats and the view's address.",
        XLSX,
        "Sheets: data, dictionary, citations, caveats, about.",
    ),
}
"""Summary, description, content type and contents of each form."""

_WORDS: dict[Format, str] = {
    "json": "Vega-Lite with named datasets; `usermeta` holds title, caption, reading, sentence and row count.",
    "vega": "The same chart compiled to Vega, as the pages draw it.",
    "svg": _STANDALONE,
    "png": _STANDALONE,
    "csv": "Every row drawn, no more and no fewer.",
}

_QUESTIONS: dict[Origin, type] = {"adoption": CountsQuestion, "mapping": MappingQuestion}
for _origin, _question in _QUESTIONS.items():
    for _kind in select_kinds(_origin).values():
        for _form in PLAIN:
            _media = MEDIA[_form].partition(";")[0]
            _add_route(
                _origin, f"/charts/{_kind.id}.{_form}", _question,
                _kind.summary if _form == "json" else f"{_kind.summary} as {_form.upper()}", _kind.description,
                {**INVALID, 200: {"content": {_media: {}}, "description": _WORDS[_form]}},
                name=f"{_kind.id}_{_form}", kind=_kind.id, form=_form,
            )  # fmt: skip
for _form, (_summary, _description, _media, _said) in SERIES.items():  # after those whose kinds are in the path
    _add_route(
        "series", f"/charts/{{kind}}.{_form}", ChartFileQuestion if _form == "csv" else ChartQuestion,
        _summary, _description, (describe_content(_media, _said) if _media else FAULTS) | _GONE,
        name=f"chart_{_form.partition('.')[0]}", form=_form, model=None if _media else reuse.ViewMetadata,
    )  # fmt: skip
_add_route(
    "plan", "/effects/panel.{form}", EffectPanelQuestion, "What an estimate would have to work with",
    "The countries that could be studied and the years they have figures of, before and since adoption; no figure.\n\n"
    "`admitted` of a row says whether an estimate can be tried, `reasons` what stands against it.",
    FAULTS, name="panel_of", kind="panel",
)  # fmt: skip
_add_route(
    "effect", "/effects/{kind}.{form}", EffectChartQuestion, "A chart of a result",
    "Specification, picture or rows of a chart: `synthetic`, `gap` with the placebos, `event_study`.",
    FAULTS, name="chart",
)  # fmt: skip
_add_route(
    "services", "/services/{iso3}/{kind}.{form}", CentresQuestion, "Centres of a country, drawn",
    "Funnel: share against cases, exact binomial limits. Calendar: a tile a centre and month. CSV: what is drawn.\n\n"
    "JSON is Vega-Lite with named datasets, vega the same compiled, as the pages draw it; ``usermeta`` holds its "
    "words.",
    {}, name="chart", to=services,
)  # fmt: skip
