"""What this app tells the log."""

from django.utils.translation import gettext_noop

from workspaces.rules.notices import notice
from workspaces.rules.verbs import DAY, verb

GOAL_SET = verb("goal.set", gettext_noop("{who} set the goal “{title}”"))
GOAL_REVISED = verb("goal.revised", gettext_noop("{who} revised the goal “{title}”"))
GOAL_CLOSED = verb("goal.closed", gettext_noop("{who} closed the goal “{title}”: {reason}"))
GOAL_REOPENED = verb("goal.reopened", gettext_noop("{who} reopened the goal “{title}”"))
RACI_SET = verb(
    "goal.raci_set",
    gettext_noop("{who} said who does what for “{title}”: {accountable} answers for it"),
)
QUOTA_SET = verb("quota.set", gettext_noop("{who} measures “{deliverable}” by {metric}"))
QUOTA_CHANGED = verb(
    "quota.changed", gettext_noop("{who} changed what {metric} has to come to for “{deliverable}”")
)
QUOTA_REMOVED = verb(
    "quota.removed", gettext_noop("{who} measures “{deliverable}” by {metric} no more")
)
QUOTA_AT_RISK = verb(
    "quota.at_risk", gettext_noop("“{deliverable}” is at risk this month: {metric} is behind")
)
QUOTA_BROKEN = verb(
    "quota.broken",
    gettext_noop("“{deliverable}” fell short in the month of {month}: {metric} missed its amount"),
    shown={"month": DAY},
)
QUOTA_EXPLAINED = verb(
    "quota.explained",
    gettext_noop("{who} said why “{deliverable}” fell short in the month of {month}: {reason}"),
    shown={"month": DAY},
)
STATUS_CHANGED = verb(
    "goal.status_changed", gettext_noop("“{title}” went from {was_word} to {now_word}")
)
NOTICE_STATUS = notice(
    "goal",
    gettext_noop("A goal that I have a part in, or that serves me, changes its status"),
)
