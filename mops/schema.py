"""How the OpenAPI schema is told: signing in, roles, refusals; importing this registers it."""

import inspect
from typing import Any, ClassVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.views import APIView

from workspaces.rest import ProblemOut
from workspaces.rules.roles import LEAST_ROLE, scope_allows


class BearerScheme(OpenApiAuthenticationExtension):
    """`Authorization: Bearer mops_...`."""

    target_class = "workspaces.rest.TokenAuthentication"
    name: ClassVar[str] = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """A bearer token, opaque."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "mops_..."}


class SessionScheme(OpenApiAuthenticationExtension):
    """The browser's session cookie."""

    target_class = "workspaces.rest.SessionAuthentication"
    name: ClassVar[str] = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """The cookie's name is that of a plain HTTP installation."""
        return {"type": "apiKey", "in": "cookie", "name": "mops"}


class RefusalOut(serializers.Serializer):
    """RFC 9457 problem+json; `current` is there with 409: the thing as it stands."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    request_id = serializers.CharField()
    errors = ProblemOut(many=True)
    current = serializers.DictField(required=False)


class Schema(AutoSchema):
    """Operations say in words what they do, which role they need, and how they refuse."""

    view: APIView

    def get_summary(self) -> str:
        """The name of the operation as words: set_goal is "Set goal"."""
        return str(super().get_summary() or self.get_operation_id().replace("_", " ").capitalize())

    def get_description(self) -> str:
        """What the method says of itself, then the role and the scope that it asks for."""
        method = getattr(self.view, self.method.lower(), None)
        said = inspect.getdoc(method) or ""
        action = self._action()
        if not action:
            return said
        scope = "read" if scope_allows("read", action) else "write"
        role = LEAST_ROLE[action].word
        return f"{said}\n\nRole: {role} or higher. Scope of a token: {scope}.".strip()

    def get_override_parameters(self) -> list[Any]:
        """What the view asks for in the query of a GET, beside what the operation says itself."""
        asks = getattr(self.view, "asks", ()) if self.method == "GET" else ()
        return [*asks, *super().get_override_parameters()]

    def get_tags(self) -> list[str]:
        """The resource: what stands behind the workspace in the path."""
        resource = self.path.partition("{slug}/")[2].partition("/")[0]
        return [resource or "workspaces"]

    def _action(self) -> str:
        """The action of the table of roles that the method asks for; "" outside a workspace."""
        can = getattr(self.view, "can", {})
        return str(can.get(self.method, can.get("GET", "")))

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        """Add the refusals that every operation shares."""
        found = dict(super()._get_response_bodies(direction))
        for status, words in self._refusals().items():
            described = OpenApiResponse(RefusalOut, words)
            kinds = ["application/problem+json"]
            found.setdefault(status, self._get_response_for_code(described, status, kinds))
        return found

    def _refusals(self) -> dict[str, str]:
        found = {"400": "Malformed, or a field that there is not.", "401": "Not signed in."}
        if not self._action():
            return {"401": found["401"]}
        found |= {"403": "The role or the token's scope is too low.", "404": "There is no such."}
        if self.method == "GET":
            return found
        if self.method in {"PATCH", "DELETE"} or self._names_a_version():
            found["409"] = "Changed meanwhile; `current` is how it stands now."
        found["413"] = "Too large."
        found["422"] = "A rule refuses it; nothing was changed."
        return found

    def _names_a_version(self) -> bool:
        return "version" in getattr(self.get_request_serializer(), "_declared_fields", {})
