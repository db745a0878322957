"""What this app tells the log."""

from django.utils.translation import gettext_noop

from workspaces.rules.verbs import verb

GOAL_SET = verb("goal.set", gettext_noop("{who} set the goal “{title}”"))
GOAL_REVISED = verb("goal.revised", gettext_noop("{who} revised the goal “{title}”"))
GOAL_CLOSED = verb("goal.closed", gettext_noop("{who} closed the goal “{title}”: {reason}"))
GOAL_REOPENED = verb("goal.reopened", gettext_noop("{who} reopened the goal “{title}”"))
GOAL_SPLIT = verb("goal.split", gettext_noop("{who} split the goal “{title}”"))
FINDING_WAIVED = verb(
    "goal.finding_waived", gettext_noop("{who} let a finding about “{title}” stand: {reason}")
)
FINDING_TAKEN_UP = verb(
    "goal.finding_taken_up", gettext_noop("{who} took up a finding about “{title}” again")
)
CHECKED_IN = verb("goal.checked_in", gettext_noop("{who} checked in on “{title}”"))
CHECKIN_ACKNOWLEDGED = verb(
    "goal.checkin_acknowledged", gettext_noop("{who} acknowledged a check-in on “{title}”")
)
GUARDRAIL_SET = verb(
    "goal.guardrail_set", gettext_noop("{who} put a guardrail on {metric} beside “{title}”")
)
GUARDRAIL_REMOVED = verb(
    "goal.guardrail_removed", gettext_noop("{who} took the guardrail on {metric} from “{title}”")
)
STATUS_CHANGED = verb(
    "goal.status_changed", gettext_noop("“{title}” went from {was_word} to {now_word}")
)
