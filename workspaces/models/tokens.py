"""Keys for programs."""

from django.db import models
from knox.models import AbstractAuthToken

from workspaces.models.workspaces import Workspace
from workspaces.rules.roles import SCOPES


class ApiToken(AbstractAuthToken):  # type: ignore[misc]
    """A bearer token of one member in one workspace; only its hash is stored."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80, blank=True)
    scope = models.CharField(max_length=10, choices=[(s, s) for s in SCOPES], default="write")

    def __str__(self) -> str:
        return self.name or self.token_key
