"""/api/v1/: the chapters' endpoints under one door, with one way to say no.

Each chapter's `api.py` holds a `router`; here they are collected, a caller is found by the
bearer token, bodies are read strictly, and whatever is refused is told as problem+json.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation, PathView
from ninja.parser import Parser
from ninja.security import HttpBearer
from ninja.types import DictStrAny

from lipei.ch01_general.tokens import bearer_of
from lipei.kit.api import Caller
from lipei.kit.apps import Chapter
from lipei.kit.bodies import json_of
from lipei.kit.refusal import Refused
from lipei.manual import refusal
from lipei.site import openapi, problems

TOKEN_LIMIT = 200
SLUG_OF = {
    "missing": "text_missing",
    "enum": "choice_unknown",
    "literal_error": "choice_unknown",
}
KEY_HEADER = "Idempotency-Key"


class Bearer(HttpBearer):
    """Finds the caller by the token: one statement, person included."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The caller, or none for a token that is unknown, ended, or of somebody who left."""
        if not token or len(token) > TOKEN_LIMIT:
            return None
        found = bearer_of(token)
        if found is None:
            return None
        return Caller(found.reference, found.party_id, found.staff_id, found.scopes)


class StrictParser(Parser):
    """Reads JSON bodies as the outer door does: of that type only, and once."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """The body's value; refuses another content type by `content_type_wrong`."""
        return cast(DictStrAny, json_of(request))


class Api(NinjaAPI):
    """Lipei's API: the operations carry short names, the description tells every answer."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The endpoint's own name; unique in the whole API."""
        return operation.view_func.__name__

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: DictStrAny | None = None
    ) -> Any:  # noqa: ANN401  ninja's own type is private
        """The description with the problems that every operation may answer."""
        plain = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        return openapi.completed(plain)


def _refused(request: HttpRequest, exception: Refused) -> HttpResponse:
    return problems.as_json(request, problems.of_refusal(exception))


def _plain(request: HttpRequest, exception: HttpError) -> HttpResponse:
    if isinstance(exception.__cause__, Refused):
        return _refused(request, exception.__cause__)
    return problems.as_json(request, problems.of_status(exception.status_code))


def _without_token(request: HttpRequest, exception: AuthenticationError) -> HttpResponse:
    return problems.as_json(request, problems.of_status(401))


def _missing(request: HttpRequest, exception: Http404) -> HttpResponse:
    return problems.as_json(request, problems.of_status(404))


def _invalid(request: HttpRequest, exception: ValidationError) -> HttpResponse:
    """Every field that is wrong, each with its own words."""
    errors = tuple(_field_error(error) for error in exception.errors)
    named = Refused("input_wrong", fields="、".join(error["field"] for error in errors))
    problem = problems.of_refusal(named)
    return problems.as_json(request, problems.with_errors(problem, errors))


def _field_error(error: dict[str, Any]) -> dict[str, str]:
    """One field's path as a client knows it, and what is wrong with it in words."""
    source, *path = (str(part) for part in error["loc"])
    if source == "body" and len(path) > 1:
        path = path[1:]
    field = ".".join(path) or source
    slug = SLUG_OF.get(error["type"], error["type"])
    if field == KEY_HEADER and error["type"] == "missing":
        slug = "request_key_missing"
    refused = _known(slug, {**error.get("ctx", {}), "field": field})
    tongue = problems.language()
    return {
        "field": field,
        "slug": refused.slug,
        "detail": refused.words(tongue),
        "next": refused.next_step(tongue),
    }


def _known(slug: str, params: dict[str, Any]) -> Refused:
    try:
        refusal(slug)
    except KeyError:
        slug = "value_wrong"
    return Refused(slug, **params)


ANSWERS: dict[type[Exception], Any] = {
    Refused: _refused,
    AuthenticationError: _without_token,
    HttpError: _plain,
    ValidationError: _invalid,
    Http404: _missing,
}


def _collected() -> Router:
    """All chapters' operations in one router: two chapters may serve one path by two methods."""
    whole = Router()
    for chapter in apps.get_app_configs():
        name = f"{chapter.name}.api"
        if not isinstance(chapter, Chapter) or not find_spec(name):
            continue
        for path, view in import_module(name).router.path_operations.items():
            held = whole.path_operations.setdefault(path, PathView())
            for operation in view.operations:
                operation.tags = [chapter.label]
                held.operations.append(operation)
    return whole


def build() -> Api:
    """The whole API, collected once at start."""
    made = Api(
        title="理赔 Lipei", version="1", urls_namespace="api", docs_url=None, auth=Bearer(),
        parser=StrictParser(), description=openapi.ABOUT, openapi_extra=openapi.EXTRA,
    )  # fmt: skip
    for kind, told in ANSWERS.items():
        made.add_exception_handler(kind, told)
    made.add_router("", _collected())
    return made


api = build()
