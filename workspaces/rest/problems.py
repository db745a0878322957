"""How a refusal is told: RFC 9457 problem+json for what operations and the framework raise."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from workspaces.rules.errors import Busy, Invalid, Problem, Refused, Stale, TooLarge

PROBLEM_JSON = "application/problem+json"


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what was raised into RFC 9457 problem+json; anything unforeseen stays a 500."""
    found = _describe(error, context)
    if found is None:
        return None
    set_rollback()
    request = context.get("request")
    body = {
        "type": "about:blank",
        "title": found.title,
        "status": found.status,
        "detail": found.detail,
        "code": found.code,
        "request_id": getattr(getattr(request, "_request", request), "id", ""),
        "errors": found.errors,
        **found.extra,
    }
    return Response(body, status=found.status, headers=found.headers, content_type=PROBLEM_JSON)


@dataclass(frozen=True)
class Answer:
    """What an error is told as."""

    status: int
    code: str
    title: str
    detail: str
    errors: list[dict[str, Any]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


def _describe(error: Exception, context: dict[str, Any]) -> Answer | None:
    """Find the words for an error of ours or of the framework; None: unforeseen."""
    for kind, words in WORDS.items():
        if isinstance(error, kind):
            return words(error, context)
    return _describe_drf(error)


def _invalid(error: Any, _context: object) -> Answer:
    rows = [as_json(found) for found in error.problems]
    return Answer(400, "invalid", _("Bad request"), str(error), rows)


def _refused(error: Any, _context: object) -> Answer:
    where = Problem(error.message, error.code, f"/{error.field}", None, error.field)
    rows = [as_json(where)] if error.field else []
    return Answer(422, error.code, _("Refused"), error.message, rows)


def _stale(error: Any, context: dict[str, Any]) -> Answer:
    render = getattr(context.get("view"), "render_current", None)
    extra = {"current": render(error.current)} if render else {}
    return Answer(409, "stale", _("Changed meanwhile"), error.message, extra=extra)


def _busy(error: Any, _context: object) -> Answer:
    headers = {"Retry-After": str(error.retry_after)}
    return Answer(409, "still_running", _("Still running"), error.message, headers=headers)


def _too_large(error: Exception, _context: object) -> Answer:
    return Answer(413, "too_large", _("Too large"), str(error))


def _body_too_large(_error: Exception, _context: object) -> Answer:
    limit = {"limit": f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE:,}"}
    detail = _("The body is larger than %(limit)s bytes.") % limit
    return Answer(413, "too_large", _("Too large"), detail)


def _not_found(_error: object, _context: object) -> Answer:
    return Answer(404, "not_found", _("Not found"), _("There is nothing here."))


def _denied(_error: object, _context: object) -> Answer:
    return Answer(403, "permission_denied", _("Not allowed"), _("Your role does not allow this."))


WORDS: dict[type[Exception], Callable[[Any, dict[str, Any]], Answer]] = {
    Invalid: _invalid,
    Refused: _refused,
    Stale: _stale,
    Busy: _busy,
    TooLarge: _too_large,
    RequestDataTooBig: _body_too_large,
    Http404: _not_found,
    PermissionDenied: _denied,
    exceptions.PermissionDenied: _denied,
}


def _describe_drf(error: Exception) -> Answer | None:
    """The framework's own errors in our shape."""
    if isinstance(error, exceptions.ValidationError):
        rows = [as_json(found) for found in _flatten(error.detail, "")]
        detail = rows[0]["message"] if rows else _("Bad request")
        return Answer(400, "invalid", _("Bad request"), detail, rows)
    if not isinstance(error, exceptions.APIException):
        return None
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))  # type: ignore[attr-defined]
    code = str(error.default_code)
    titles = {
        status.HTTP_401_UNAUTHORIZED: _("Not signed in"),
        status.HTTP_403_FORBIDDEN: _("Not allowed"),
        status.HTTP_405_METHOD_NOT_ALLOWED: _("Method not allowed"),
        status.HTTP_415_UNSUPPORTED_MEDIA_TYPE: _("Unsupported media type"),
        status.HTTP_429_TOO_MANY_REQUESTS: _("Too many requests"),
    }
    title = titles.get(error.status_code, _("Bad request"))
    return Answer(error.status_code, code, title, str(error.detail), headers=headers)


def _flatten(detail: Any, pointer: str) -> Iterator[Problem]:
    """Walk DRF's nested errors and say for each where it stands."""
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            yield from _flatten(value, pointer if key == "non_field_errors" else f"{pointer}/{key}")
    elif isinstance(detail, list) and detail and not isinstance(detail[0], exceptions.ErrorDetail):
        for index, value in enumerate(detail):
            yield from _flatten(value, f"{pointer}/{index}")
    else:
        for item in detail if isinstance(detail, list) else [detail]:
            column = pointer.rpartition("/")[2]
            yield Problem(str(item), getattr(item, "code", "invalid"), pointer, None, column)


def as_json(found: Problem) -> dict[str, Any]:
    """One problem as the API tells it."""
    return {
        "pointer": _sendable(found.pointer),
        "row": found.row,
        "column": _sendable(found.column),
        "code": found.code,
        "message": str(found.message),
    }


def _sendable(text: str) -> str:
    """A name as an answer can repeat it: half a surrogate pair has no bytes."""
    return text.encode("utf-8", "replace").decode()
