"""Charts by address, whatever they are drawn from: specification, image and rows of the same picture.

One function answers all of them. Where charts of an origin stand, and what is said of it, is one line of ``_add``.
"""

import inspect
import re
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from dashboard.api.answers import JSON, PNG, SVG, XLSX, answer_from
from dashboard.api.drawn import ADMITTED, MEDIA, SAVED, written
from dashboard.api.origins import ASK
from dashboard.api.parameters import (
    CentresQuestion,
    ChartFileQuestion,
    ChartQuestion,
    CountsQuestion,
    EffectChartQuestion,
    EffectPanelQuestion,
    MappingQuestion,
)
from dashboard.api.question_route import QuestionRoute
from dashboard.api.routes.read import FAULTS, INVALID, content
from dashboard.charts.registry import PLAIN, Format, Origin, drawn_from
from dashboard.services.files import reuse
from dashboard.services.public import shapes

router = APIRouter(route_class=QuestionRoute)
services = APIRouter(route_class=QuestionRoute)

*_FIRST, _LAST = (f"`{kind}`" for kind in drawn_from("series"))
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
        "kind": Annotated[Literal[tuple(drawn_from("services"))], Path()],
        "form": PlainForm,
    },
}
"""Origin → the words of its addresses' path."""


async def chart(request: Request, origin: Origin, kind: str, form: Format, question: Any, **place: str) -> Response:
    """The chart of a kind in a form: 304 before any work, from memory when it was asked before, else made anew."""
    asked, bom = await ASK[origin](kind, question, **place), getattr(question, "bom", False)
    return await answer_from(
        request,
        asked.mark,
        ("chart", form, bom, *asked.key),
        lambda: written(asked, form, bom=bom),
        MEDIA[form],
        f"{asked.name}.{form}",
        save=form in SAVED,
        admission=ADMITTED.get(form),
    )


def _add(
    origin: Origin, path: str, question: type, summary: str, description: str, responses: dict[int | str, Any],
    *, name: str, kind: str = "", form: str = "", model: Any = None, to: APIRouter = router,
) -> None:  # fmt: skip
    """Have charts of an origin answered at a path; ``kind`` and ``form`` where the path does not say them."""

    async def answered(request: Request, *parts: Any) -> Response:
        *words, asked = parts
        place = {"kind": kind, "form": form} | dict(zip(named, words, strict=True))
        return await chart(request, origin, place.pop("kind"), place.pop("form"), asked, **place)  # type: ignore[arg-type]

    named = re.findall(r"{(\w+)}", path)
    given = {"request": Request} | {word: PATHS[origin][word] for word in named}
    given["question"] = Annotated[question, Query()]
    answered.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(it, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=of) for it, of in given.items()]
    )
    to.add_api_route(
        path, answered, name=name, summary=summary, description=description, responses=responses,
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
"""Form → summary, description, content type and what the answer is."""

_WORDS: dict[Format, str] = {
    "json": "Vega-Lite with named datasets; `usermeta` holds title, caption, reading, sentence and row count.",
    "vega": "The same chart compiled to Vega, as the pages draw it.",
    "svg": _STANDALONE,
    "png": _STANDALONE,
    "csv": "Every row drawn, no more and no fewer.",
}

_QUESTIONS: dict[Origin, type] = {"adoption": CountsQuestion, "mapping": MappingQuestion}
for _origin, _question in _QUESTIONS.items():
    for _kind in drawn_from(_origin).values():
        for _form in PLAIN:
            _media = MEDIA[_form].partition(";")[0]
            _add(
                _origin, f"/charts/{_kind.id}.{_form}", _question,
                _kind.summary if _form == "json" else f"{_kind.summary} as {_form.upper()}", _kind.description,
                {**INVALID, 200: {"content": {_media: {}}, "description": _WORDS[_form]}},
                name=f"{_kind.id}_{_form}", kind=_kind.id, form=_form,
            )  # fmt: skip
for _form, (_summary, _description, _media, _said) in SERIES.items():  # after those whose kinds are in the path
    _add(
        "series", f"/charts/{{kind}}.{_form}", ChartFileQuestion if _form == "csv" else ChartQuestion,
        _summary, _description, (content(_media, _said) if _media else FAULTS) | _GONE,
        name=f"chart_{_form.partition('.')[0]}", form=_form, model=None if _media else reuse.ViewMetadata,
    )  # fmt: skip
_add(
    "plan", "/effects/panel.{form}", EffectPanelQuestion, "What an estimate would have to work with",
    "The countries that could be studied and the years they have figures of, before and since adoption; no figure.\n\n"
    "`admitted` of a row says whether an estimate can be tried, `reasons` what stands against it.",
    FAULTS, name="panel_of", kind="panel",
)  # fmt: skip
_add(
    "effect", "/effects/{kind}.{form}", EffectChartQuestion, "A chart of a result",
    "Specification, picture or rows of a chart: `synthetic`, `gap` with the placebos, `event_study`.",
    FAULTS, name="chart",
)  # fmt: skip
_add(
    "services", "/services/{iso3}/{kind}.{form}", CentresQuestion, "Centres of a country, drawn",
    "Funnel: share against cases, exact binomial limits. Calendar: a tile a centre and month. CSV: what is drawn.\n\n"
    "JSON is Vega-Lite with named datasets, vega the same compiled, as the pages draw it; ``usermeta`` holds its "
    "words.",
    {}, name="chart", to=services,
)  # fmt: skip
