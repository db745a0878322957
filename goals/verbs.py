"""What this app tells the log."""

from django.utils.translation import gettext_noop

from goals.rules.decomposition import Mode
from metrics.rules.periods import Grain
from workspaces.rules.notices import notice
from workspaces.rules.verbs import DAY, MEASURE, MEASURES, PERIOD, verb, verb_group

GOAL_SET = verb("goal.set", gettext_noop("{who} set the goal “{title}”"))
GOAL_REVISED = verb("goal.revised", gettext_noop("{who} revised the goal “{title}”"))
GOAL_CLOSED = verb("goal.closed", gettext_noop("{who} closed the goal “{title}”: {reason}"))
GOAL_REOPENED = verb("goal.reopened", gettext_noop("{who} reopened the goal “{title}”"))
RACI_SET = verb(
    "goal.raci_set",
    gettext_noop("{who} said who does what for “{title}”: {accountable} answers for it"),
)
INTO_WORDS = {Grain.QUARTER: "Quarters", Grain.MONTH: "Months", Grain.WEEK: "Weeks"}
MODE_WORDS = {  # as goals.forms.splits translates them
    Mode.COMPOUND: "Compounding",
    Mode.LINEAR: "Equal steps",
    Mode.SEASONAL: "By the season",
    Mode.MANUAL: "By hand",
    Mode.EACH: "The same in each",
}
GOAL_SPLIT = verb(
    "goal.split",
    gettext_noop("{who} split the goal “{title}”"),
    endings={
        "steps": gettext_noop(
            "{who} split the goal “{title}” into steps ({into_word}, {mode_word}): {parts}"
        ),
        "checkpoints": gettext_noop(
            "{who} split the goal “{title}” into checkpoints ({into_word}, {mode_word}): {parts}"
        ),
        "anew": gettext_noop(
            "{who} spread anew what is left of “{title}” ({into_word}, {mode_word}): {parts}"
        ),
    },
    shown={"parts": MEASURES},
)
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
CHECKIN_DUE = verb(
    "goal.checkin_due",
    gettext_noop("Your check-in on “{title}” is due since {day}"),
    shown={"day": DAY},
)
CHECKIN_WAITS = verb(
    "goal.checkin_waits",
    gettext_noop("{name} checked in on “{title}” on {day} and waits for you to read it"),
    shown={"day": DAY},
)
GUARDRAIL_SET = verb(
    "goal.guardrail_set", gettext_noop("{who} put a guardrail on {metric} beside “{title}”")
)
GUARDRAIL_REMOVED = verb(
    "goal.guardrail_removed", gettext_noop("{who} took the guardrail on {metric} from “{title}”")
)
GUARDRAIL_BROKEN = verb(
    "goal.guardrail_broken",
    gettext_noop("A guardrail of “{title}” broke: {metric} is {value}, the line is {bound}"),
    shown={"value": MEASURE, "bound": MEASURE},
)
GUARDRAIL_MENDED = verb(
    "goal.guardrail_mended",
    gettext_noop("A guardrail of “{title}” holds again: {metric} is {value}, the line {bound}"),
    shown={"value": MEASURE, "bound": MEASURE},
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
STRATEGY_BEGUN = verb("strategy.begun", gettext_noop("{who} began the strategy “{title}”"))
STRATEGY_CHANGED = verb(
    "strategy.changed", gettext_noop("{who} changed the strategy “{title}”: {step_word}")
)
STRATEGY_PUBLISHED = verb(
    "strategy.published", gettext_noop("{who} published version {number} of “{title}”: {note}")
)
STRATEGY_SHARED = verb("strategy.shared", gettext_noop("{who} shared “{title}” by a link: {label}"))
SHARE_REVOKED = verb(
    "strategy.share_revoked", gettext_noop("{who} took back the link of “{title}”: {label}")
)
STRATEGY_SIGNED = verb(
    "strategy.signed",
    gettext_noop("{name} signed version {number} of “{title}”"),
    endings={
        "objected": gettext_noop("{name} did not sign version {number} of “{title}”"),
        "withdrawn": gettext_noop(
            "{name} took the signature of version {number} of “{title}” back"
        ),
    },
)
STRATEGY_STARTED = verb("strategy.started", gettext_noop("{who} started the strategy “{title}”"))
STRATEGY_CLOSED = verb("strategy.closed", gettext_noop("{who} put the strategy “{title}” away"))
STRATEGY_REOPENED = verb(
    "strategy.reopened", gettext_noop("{who} took the strategy “{title}” up again")
)
FEEDBACK_GIVEN = verb(
    "feedback.given", gettext_noop("Version {number} of “{title}” was given feedback")
)
FEEDBACK_DECIDED = verb(
    "feedback.decided",
    gettext_noop("{who} opened a suggestion on “{title}” again"),
    endings={
        "accepted": gettext_noop("{who} accepted a suggestion on “{title}”"),
        "declined": gettext_noop("{who} declined a suggestion on “{title}”"),
        "deferred": gettext_noop("{who} deferred a suggestion on “{title}”"),
    },
)
DECISION_LOGGED = verb(
    "decision.logged", gettext_noop("{who} wrote down the decision “{decision}”")
)
DECISION_CLOSED = verb(
    "decision.closed", gettext_noop("{who} wrote down what came of “{decision}”")
)
PULSE_SET = verb("pulse.set", gettext_noop("{who} set up the satisfaction pulse: {question}"))
PULSE_OPENED = verb(
    "pulse.opened", gettext_noop("The pulse of {month} is open"), shown={"month": PERIOD}
)
PULSE_LINKED = verb(
    "pulse.linked", gettext_noop("{who} made links to the pulse for stakeholders: {count}")
)
PULSE_CLOSED = verb(
    "pulse.closed",
    gettext_noop("The pulse of {month} is closed; answers: {answers}"),
    endings={"too_few": gettext_noop("The pulse of {month} is closed without enough answers")},
    shown={"month": PERIOD},
)
DECISION_DUE = verb(
    "decision.due",
    gettext_noop("You wanted to look at the decision “{title}” again on {day}"),
    shown={"day": DAY},
)
NOTICE_REMINDER = notice(
    "reminder",
    gettext_noop("My check-in is due, one waits for me to read it, or a decision to be looked at"),
)
NOTICE_STRATEGY = notice(
    "strategy", gettext_noop("A strategy is published, or my suggestion is answered")
)
NOTICE_STATUS = notice(
    "goal",
    gettext_noop(
        "A goal that I have a part in, or that serves me, changes its status, or a guardrail of it "
        "breaks or mends"
    ),
)
verb_group("goals", gettext_noop("Goals and strategy"), "goal decision feedback pulse strategy")
