"""What connectors tell the log."""

from django.utils.translation import gettext_noop

from workspaces.rules.verbs import verb

CONNECTOR_ADDED = verb("connector.added", gettext_noop("{who} connected the source {name}"))
CONNECTOR_CHANGED = verb("connector.changed", gettext_noop("{who} changed the source {name}"))
CONNECTOR_PAUSED = verb("connector.paused", gettext_noop("{who} paused the source {name}"))
CONNECTOR_STARTED = verb("connector.started", gettext_noop("{who} started the source {name}"))
CONNECTOR_ASKED = verb("connector.asked", gettext_noop("{who} had {name} fetched"))
CONNECTOR_REMOVED = verb("connector.removed", gettext_noop("{who} removed the source {name}"))
CONNECTOR_FETCHED = verb(
    "connector.fetched",
    gettext_noop("{name} fetched: {new} new, {changed} corrected, {withdrawn} withdrawn"),
    {"failed": gettext_noop("{name} could not be fetched")},
)
