"""The shape that every API view shares: who asks, may they, errors, pages, unknown fields."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from drf_spectacular.utils import OpenApiParameter
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework import exceptions, permissions, serializers, status
from rest_framework.authentication import SessionAuthentication as DrfSessionAuthentication
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from workspaces.models import ApiToken, Membership, Workspace
from workspaces.operations.receipts import answer_once, replay_of
from workspaces.queries.people import membership_of
from workspaces.rest.problems import as_json, problem
from workspaces.rules.errors import Invalid, Problem, at_field
from workspaces.rules.letters import seen
from workspaces.rules.receipts import LONGEST_KEY, Answered, Asked, is_key
from workspaces.rules.roles import may, scope_allows

__all__ = ["as_json", "problem"]  # told here too, where views look for them
KEY_HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"


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


class NotByToken(exceptions.APIException):
    """403: only somebody who is signed in may, whatever the role of a token's owner."""

    status_code = status.HTTP_403_FORBIDDEN
    default_code = "not_by_token"
    default_detail = _lazy("A token cannot do this; sign in.")


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
    """One endpoint inside a workspace: `can` names the action of each method.

    A POST with an Idempotency-Key is done once, unless its answer is a secret that is told only
    once (`keeps_receipts`).
    """

    can: ClassVar[Mapping[str, str]] = {"GET": "workspace.view"}
    asks: ClassVar[Sequence[OpenApiParameter]] = ()  # query parameters of GET
    permission_classes: ClassVar = [MayDo]
    pagination_class: ClassVar[type[LimitOffsetPagination] | None] = None
    keeps_receipts: ClassVar[bool] = True
    member: Membership
    workspace: Workspace

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Refuse query parameters that would be ignored, so that a typing error is told."""
        super().initial(request, *args, **kwargs)
        if request.method == "POST" and KEY_HEADER in request.headers:
            vars(self)["post"] = partial(self._once, self._key_of(request))
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

    def digest(self, request: Request) -> str:
        """A hash of what was sent, before any transaction; views that read the body say their own.

        Two spellings of the same JSON are the same, and so are two multipart bodies that differ
        in their boundary.
        """
        hashed = sha256()
        for part in _parts_of(request.data):
            hashed.update(part)
        return hashed.hexdigest()

    def prepare(self, request: Request) -> None:
        """Do what `post` needs before the transaction of its receipt begins."""

    def _key_of(self, request: Request) -> str:
        """The key that was sent, if it can be one."""
        key = request.headers[KEY_HEADER]
        if not self.keeps_receipts:
            message = _("This answer is told only once: it takes no Idempotency-Key.")
            raise Invalid([Problem(message, "no_idempotency_key", "", None, KEY_HEADER)])
        if not is_key(key):
            message = _("A key has 1 to %(most)s visible ASCII characters and no comma.")
            told = message % {"most": LONGEST_KEY}
            raise Invalid([Problem(told, "bad_idempotency_key", "", None, KEY_HEADER)])
        return key

    def _once(self, key: str, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the class's `post` does, once for the key; the second time tell it again."""
        query = request.META.get("QUERY_STRING", "")
        hashed = sha256(f"{self.digest(request)}?{query}".encode()).hexdigest()
        asked = Asked(f"POST {request.path}", key, hashed)
        answered = replay_of(self.member, asked)
        if answered is None:
            self.prepare(request)
            post = partial(type(self).post, self, request, *args, **kwargs)  # type: ignore[attr-defined]
            work = partial(_answer_of, post)
            answered = answer_once(self.member, asked, answer=work, at=now())
        headers = {**answered.headers, **({REPLAYED: "true"} if answered.replayed else {})}
        return HttpResponse(
            answered.body, "application/json", status=answered.status, headers=headers
        )

    def shape(
        self, serializer: type[serializers.Serializer], data: object, **options: Any
    ) -> dict[str, Any]:
        """Check the shape of what was sent; raise 400 naming each field at fault."""
        parsed = serializer(data=data, context={"view": self}, **options)
        parsed.is_valid(raise_exception=True)
        return dict(parsed.validated_data)


def _answer_of(post: Callable[[], Response]) -> Answered:
    """What a handler answers, as it will be sent and kept."""
    response = post()
    data = response.data
    body = "" if data is None else JSONRenderer().render(data).decode()
    headers = {name: value for name, value in response.items() if name != "Content-Type"}
    return Answered(response.status_code, headers, body)


def _parts_of(data: Any) -> Iterator[bytes]:
    """The bytes that stand for parsed JSON, or for the fields and files of a form."""
    if not hasattr(data, "lists"):
        yield json.dumps(data, sort_keys=True, default=str).encode()
        return
    for name, values in sorted(data.lists()):
        for value in values:
            yield f"\0{name}\0".encode("utf-8", "surrogatepass")
            yield from _bytes_of(value)


def _bytes_of(value: Any) -> Iterable[bytes]:
    """A text or a file of a form; the file is read again by who comes next."""
    if not hasattr(value, "chunks"):
        return [str(value).encode("utf-8", "surrogatepass")]
    return _rewound(value)


def _rewound(file: Any) -> Iterator[bytes]:
    yield from file.chunks()
    file.seek(0)


def is_number(value: object) -> bool:
    """Whether JSON says a number; a form's values are texts."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, str)


def _is_unseen(field: serializers.CharField, value: object) -> bool:
    """Whether a text that has to be there has no letter that can be seen."""
    is_asked = field.trim_whitespace and not field.allow_blank
    return is_asked and isinstance(value, str) and bool(value) and not seen(value)


class StrictSerializer(serializers.Serializer):
    """Shape of an input; a field that it does not know is an error, never dropped in silence."""

    def to_internal_value(self, data: object) -> Any:
        """Refuse unknown fields by name, together with whatever else is wrong."""
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)
        wrong = {name: [fault] for name, fault in self._faults(data)}
        if not wrong:
            return super().to_internal_value(data)
        faults: dict[str, Any] = {}
        try:
            super().to_internal_value(data)
        except serializers.ValidationError as error:
            faults = dict(error.detail) if isinstance(error.detail, Mapping) else {}
        raise serializers.ValidationError(faults | wrong)

    def _faults(self, data: Mapping[Any, Any]) -> Iterator[tuple[str, exceptions.ErrorDetail]]:
        """Fields that it does not know, and numbers where a text belongs: 5 is no title."""
        for key in sorted(map(str, data)):
            field = self.fields.get(key)
            if field is None:
                yield key, exceptions.ErrorDetail(_("There is no such field."), "unknown_field")
            elif isinstance(field, serializers.CharField) and is_number(data[key]):
                yield key, exceptions.ErrorDetail(_("Write a text, in quotes."), "not_a_text")
            elif isinstance(field, serializers.CharField) and _is_unseen(field, data[key]):
                yield key, exceptions.ErrorDetail(field.error_messages["blank"], "blank")


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
