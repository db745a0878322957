"""How the OpenAPI schema describes signing in; importing this module registers it."""

from typing import ClassVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension


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
