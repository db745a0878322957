"""What metrics tell the log."""

from django.utils.translation import gettext_noop

from workspaces.rules.notices import notice
from workspaces.rules.verbs import DAY, MEASURE, PERIOD, verb, verb_group

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
SOURCE_EXPECTED = verb(
    "source.expected",
    gettext_noop("{who} said how often {name} sends: every {cadence} days, {lag} days late"),
    {
        "learned": gettext_noop("{who} lets the rhythm of {name} be learned"),
        "ended": gettext_noop("{who} said that {name} is not expected to send any more"),
    },
)
FEED_EXPECTED = verb(
    "source.feed_expected",
    gettext_noop("{who} said that {name} is expected to send {metric} again"),
    {"ended": gettext_noop("{who} said that {name} is not expected to send {metric} any more")},
)
FINDING_DISMISSED = verb("finding.dismissed", gettext_noop("{who} dismissed “{about}”: {reason}"))
FINDING_REOPENED = verb("finding.reopened", gettext_noop("{who} took back: “{about}” is dismissed"))
FACTS_EXCLUDED = verb(
    "observations.excluded", gettext_noop("{who} excluded observations of {name}: {reason}")
)
FACTS_RESTORED = verb(
    "observations.restored", gettext_noop("{who} put {restored} observations of {name} back")
)
BENCHMARK_ADDED = verb("benchmark.added", gettext_noop("{who} added a benchmark to {name}"))
BENCHMARK_CHANGED = verb("benchmark.changed", gettext_noop("{who} changed a benchmark of {name}"))
BENCHMARK_REMOVED = verb("benchmark.removed", gettext_noop("{who} removed a benchmark of {name}"))
ANNOTATION_ADDED = verb(
    "annotation.added", gettext_noop("{who} annotated {day}: {text}"), shown={"day": DAY}
)
ANNOTATION_CHANGED = verb(
    "annotation.changed",
    gettext_noop("{who} changed the note of {day}: {text}"),
    shown={"day": DAY},
)
ANNOTATION_REMOVED = verb(
    "annotation.removed", gettext_noop("{who} removed the note of {day}"), shown={"day": DAY}
)
TARGET_SET = verb(
    "target.set", gettext_noop("{who} set a target for {name}: {value}"), shown={"value": MEASURE}
)
TARGET_CHANGED = verb(
    "target.changed",
    gettext_noop("{who} changed a target of {name}: {value}"),
    shown={"value": MEASURE},
)
TARGET_REMOVED = verb("target.removed", gettext_noop("{who} removed a target of {name}"))
ALERT_RULE_ADDED = verb("alert_rule.added", gettext_noop("{who} set the alert {name}"))
ALERT_RULE_CHANGED = verb("alert_rule.changed", gettext_noop("{who} changed the alert {name}"))
ALERT_RULE_SNOOZED = verb("alert_rule.snoozed", gettext_noop("{who} snoozed the alert {name}"))
ALERT_RULE_RETIRED = verb("alert_rule.retired", gettext_noop("{who} removed the alert {name}"))
OF_ALERT = {"value": MEASURE, "period": PERIOD}
ALERT_OPENED = verb(
    "alert.opened", gettext_noop("{name}: {metric} was {value} ({period})"), shown=OF_ALERT
)
ALERT_CLOSED = verb(
    "alert.closed", gettext_noop("{name}: {metric} is back, {value} ({period})"), shown=OF_ALERT
)
NOTICE_ALERT = notice("alert", gettext_noop("An alert that I watch opens or closes"))
DATA_LATE = verb(
    "data.late",
    gettext_noop("No data of {metrics} from {source} since {until}"),
    shown={"until": DAY},
)
DATA_BACK = verb(
    "data.back",
    gettext_noop("{source} sends {metrics} again, until {until}"),
    shown={"until": DAY},
)
NOTICE_LATE = notice("late", gettext_noop("Data of my metrics come late, or come again"))
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
verb_group(
    "metrics", gettext_noop("Metrics, targets, notes"), "metric target benchmark annotation view"
)
verb_group("alerts", gettext_noop("Alerts"), "alert alert_rule")
verb_group(
    "data", gettext_noop("Data and sources"), "data finding import observations source connector"
)
