"""What metrics tell the log."""

from django.utils.translation import gettext_noop

from workspaces.rules.verbs import verb

METRIC_DEFINED = verb("metric.defined", gettext_noop("{who} defined the metric {name}"))
METRIC_REDEFINED = verb("metric.redefined", gettext_noop("{who} changed the definition of {name}"))
METRIC_RETIRED = verb("metric.retired", gettext_noop("{who} retired the metric {name}"))
METRIC_DELETED = verb("metric.deleted", gettext_noop("{who} deleted the metric {name}"))
OBSERVATIONS_RECORDED = verb(
    "observations.recorded",
    gettext_noop("{who} brought in observations from {source}: {new} new, {changed} corrected"),
)
OBSERVATIONS_WITHDRAWN = verb(
    "observations.withdrawn", gettext_noop("{who} withdrew {withdrawn} observations of {source}")
)
IMPORT_UPLOADED = verb("import.uploaded", gettext_noop("{who} uploaded {file}"))
IMPORT_MAPPED = verb("import.mapped", gettext_noop("{who} said how {file} is read"))
IMPORT_CANCELLED = verb("import.cancelled", gettext_noop("{who} cancelled the import of {file}"))
IMPORT_TAKEN_BACK = verb("import.taken_back", gettext_noop("{who} had the import of {file} undone"))
IMPORT_ENDED = verb(
    "import.ended",
    gettext_noop("{file} imported: {new} new, {changed} corrected"),
    {
        "refused": gettext_noop("{file} was not imported: {rejected} of its rows were rejected"),
        "failed": gettext_noop("The import of {file} failed, nothing was stored"),
        "cancelled": gettext_noop("The import of {file} was cancelled, nothing was stored"),
        "undone": gettext_noop("The import of {file} was undone, what it stored is taken back"),
    },
)
VIEW_SAVED = verb(
    "view.saved",
    gettext_noop("{who} saved the view {name}"),
    {"private": gettext_noop("{who} saved a view of their own")},
)
VIEW_CHANGED = verb(
    "view.changed",
    gettext_noop("{who} changed the view {name}"),
    {"private": gettext_noop("{who} changed a view of their own")},
)
VIEW_REMOVED = verb(
    "view.removed",
    gettext_noop("{who} removed the view {name}"),
    {"private": gettext_noop("{who} removed a view of their own")},
)
