"""The shape that every API view shares: who asks, may they, errors, pages, unknown fields."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from drf_spectacular.utils import OpenApiParameter
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework import exceptions, permissions, serializers, status
from rest_framework.authentication import SessionAuthentication as DrfSessionAuthentication
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback

from workspaces.models import ApiToken, Membership, Workspace
from workspaces.queries.people import membership_of
from workspaces.rules.errors import Invalid, Problem, Refused, Stale, TooLarge, at_field
from workspaces.rules.roles import may, scope_allows

PROBLEM_JSON = "application/problem+json"


class TokenAuthentication(KnoxAuthentication):
    """Reads `Authorization: Bearer mops_...`."""

    def authenticate_header(self, _request: HttpRequest) -> str:
        """Name the scheme in WWW-Authenticate."""
        return "Bearer"

    def authenticate_credentials(self, token: bytes) -> tuple[object, ApiToken]:
        """Refuse bytes that are no text instead of failing on them."""
        try:
            token.decode("ascii")
        except UnicodeDecodeError as error:
            raise exceptions.AuthenticationFailed(_("Invalid token.")) from error
        return super().authenticate_credentials(token)  # type: ignore[no-any-return]


class SessionAuthentication(DrfSessionAuthentication):
    """The browser's own session, with the CSRF check."""

    def enforce_csrf(self, request: HttpRequest) -> None:
        """Say in our words what is missing."""
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            raise BadCsrf from error


class NarrowScope(exceptions.APIException):
    """403: the member may, but not by this token."""

    status_code = status.HTTP_403_FORBIDDEN
    default_code = "scope_too_narrow"
    default_detail = _lazy("This token may only read.")


class BadCsrf(exceptions.APIException):
    """403: a session's change without the token of its forms."""

    status_code = status.HTTP_403_FORBIDDEN
    default_code = "csrf_failed"
    default_detail = _lazy("The form's token is missing or old.")


class MayDo(permissions.BasePermission):
    """Ask the one table of roles; the view names its actions in `can` by method."""

    def has_permission(self, request: Request, view: "WorkspaceView") -> bool:
        """Signed in, a member (else 404), of a high enough role, with a token that may."""
        if not request.user.is_authenticated:
            raise exceptions.NotAuthenticated
        member = membership_of(request.user, str(view.kwargs.get("slug", "")))
        token = request.auth
        if member is None or (
            isinstance(token, ApiToken) and token.workspace_id != member.workspace_id
        ):
            raise Http404
        view.member, view.workspace = member, member.workspace
        action = view.can.get(str(request.method), view.can.get("GET", "workspace.view"))
        if isinstance(token, ApiToken) and not scope_allows(token.scope, action):
            raise NarrowScope
        return may(member.rank, action)


class SignedInView(APIView):
    """An endpoint for whoever is signed in, by token or by session."""

    authentication_classes: ClassVar = [TokenAuthentication, SessionAuthentication]
    permission_classes: ClassVar = [permissions.IsAuthenticated]


class WorkspaceView(SignedInView):
    """One endpoint inside a workspace: `can` names the action of each method."""

    can: ClassVar[Mapping[str, str]] = {"GET": "workspace.view"}
    asks: ClassVar[Sequence[OpenApiParameter]] = ()  # query parameters of GET
    permission_classes: ClassVar = [MayDo]
    pagination_class: ClassVar[type[LimitOffsetPagination] | None] = None
    member: Membership
    workspace: Workspace

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Refuse query parameters that would be ignored, so that a typing error is told."""
        super().initial(request, *args, **kwargs)
        if request.method not in {"GET", "HEAD"}:
            return
        known = {parameter.name for parameter in self.asks}
        known |= {"limit", "offset"} if self.pagination_class else set()
        message = _("There is no such parameter.")
        problems = [
            at_field(name, "unknown_parameter", message)
            for name in request.query_params
            if name not in known
        ]
        if problems:
            raise Invalid(problems)

    def shape(
        self, serializer: type[serializers.Serializer], data: object, **options: Any
    ) -> dict[str, Any]:
        """Check the shape of what was sent; raise 400 naming each field at fault."""
        parsed = serializer(data=data, context={"view": self}, **options)
        parsed.is_valid(raise_exception=True)
        return dict(parsed.validated_data)


class StrictSerializer(serializers.Serializer):
    """Shape of an input; a field that it does not know is an error, never dropped in silence."""

    def to_internal_value(self, data: object) -> Any:
        """Refuse unknown fields by name."""
        if isinstance(data, Mapping):
            unknown = sorted(str(key) for key in data if key not in self.fields)
            if unknown:
                raise serializers.ValidationError(
                    {name: [_("There is no such field.")] for name in unknown}, code="unknown_field"
                )
        return super().to_internal_value(data)


class ProblemOut(serializers.Serializer):
    """One thing that was wrong and where it stands."""

    pointer = serializers.CharField(help_text="JSON pointer into what was sent.")
    row = serializers.IntegerField(allow_null=True, help_text="Row of the file or the batch.")
    column = serializers.CharField(help_text="Column or field.")
    code = serializers.CharField()
    message = serializers.CharField()


class Pages(LimitOffsetPagination):
    """?limit= (at most 1,000) and ?offset=, answered as {"count","next","previous","results"}."""

    default_limit = 100
    max_limit = 1000

    def get_limit(self, request: Request) -> int:
        """How many rows, from 1 to 1,000; anything else is a 400."""
        return min(self._number(request, "limit", self.default_limit, least=1), self.max_limit)

    def get_offset(self, request: Request) -> int:
        """How many rows are left out before the first; anything but 0 and more is a 400."""
        return self._number(request, "offset", 0, least=0)

    def _number(self, request: Request, name: str, default: int, *, least: int) -> int:
        text = request.query_params.get(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and least <= int(text[:20]) < 2**63):
            message = _("Write a whole number, %(least)s or more.") % {"least": least}
            raise Invalid([at_field(name, "not_a_number", message)])
        return int(text)


def truth(name: str, word: str) -> bool:
    """A query parameter that is true or false; anything else is a 400."""
    if word not in {"true", "false"}:
        raise Invalid([at_field(name, "invalid_choice", _("Write true or false."))])
    return word == "true"


def find_or_404(model: type, pk: object, view: WorkspaceView) -> Any:
    """Fetch a row of the view's workspace by id; another workspace's row does not exist."""
    text = str(pk)
    row = None
    if text.isascii() and text.isdigit() and int(text) < 2**63:
        row = model._default_manager.filter(workspace=view.workspace, pk=int(text)).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return row


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
