"""What `check --deploy` says about our own settings."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.core.checks import Warning as Warn

NO_REDIS = Warn(
    "REDIS_URL is not set: messages to the worker would never leave the web process.",
    hint="Set REDIS_URL; docs/settings.md says how.",
    id="mops.W001",
)
NO_POSTGRES = Warn(
    "DATABASE_URL is not set: several processes would write one SQLite file.",
    hint="Set DATABASE_URL to PostgreSQL 15 or newer, or run the embedded mode.",
    id="mops.W002",
)


def check_services(**_options: Any) -> list[CheckMessage]:
    """An installation of several processes needs both servers."""
    if settings.EMBEDDED:
        return []
    return [
        *([] if settings.REDIS_URL else [NO_REDIS]),
        *([NO_POSTGRES] if settings.SQLITE else []),
    ]
