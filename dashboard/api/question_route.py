"""A route that reads one question from the query string, quicker than FastAPI does it by itself."""

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, Literal, get_args, get_origin

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError


class QuestionRoute(APIRoute):
    """A route whose endpoint takes the request, words of the path and one question, in a third of FastAPI's time.

    FastAPI looks at the type of every parameter anew for every request. What is accepted, what is said of what is not,
    and the documentation are the same: the annotation remains ``Annotated[…, Query()]``.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request."""
        endpoint = self.endpoint
        _request, *parts, asked = inspect.signature(endpoint).parameters.values()
        if unread := [part.name for part in parts if not _is_word(part.annotation)]:
            raise TypeError(f"{endpoint.__name__}: {', '.join(unread)} would have to be read as more than a string")
        checked = {part.name: TypeAdapter(part.annotation) for part in parts if _is_bounded(part.annotation)}
        model: type[BaseModel] = get_args(asked.annotation)[0]
        lists = {
            field.alias or name for name, field in model.model_fields.items() if get_origin(field.annotation) is list
        }

        async def answered(request: Request) -> Response:
            query = request.query_params
            given = {name: query.getlist(name) if name in lists else query[name] for name in query}
            wrong: list[dict[str, Any]] = []
            for name, adapter in checked.items():
                try:
                    adapter.validate_python(request.path_params[name])
                except ValidationError as error:
                    wrong += [{**one, "loc": ("path", name)} for one in error.errors(include_url=False)]
            try:
                question = model.model_validate(given)
            except ValidationError as error:
                wrong += [{**one, "loc": ("query", *one["loc"])} for one in error.errors(include_url=False)]
            if wrong:
                raise RequestValidationError(wrong)
            path = (request.path_params[part.name] for part in parts)
            answer: Response = await endpoint(request, *path, question)
            return answer

        return answered


def _is_word(annotation: Any) -> bool:
    """Whether it says a string, or one of some strings."""
    kind = get_args(annotation)[0]
    return kind is str or (get_origin(kind) is Literal and all(isinstance(one, str) for one in get_args(kind)))


def _is_bounded(annotation: Any) -> bool:
    """Whether a word may be too long, or another than those there are."""
    kind, *about = get_args(annotation)
    return kind is not str or any(getattr(one, "metadata", ()) for one in about)
