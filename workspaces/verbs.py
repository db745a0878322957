"""What the ground tells the log."""

from django.utils.translation import gettext_noop as _

from workspaces.rules.notices import notice
from workspaces.rules.verbs import verb, verb_group

WORKSPACE_OPENED = verb("workspace.opened", _("{who} opened the workspace"))
WORKSPACE_CHANGED = verb("workspace.changed", _("{who} changed the settings: {fields}"))
MEMBER_ADDED = verb("member.added", _("{who} added {name} as {role}"))
MEMBER_INVITED = verb("member.invited", _("{who} invited {email} as {role}"))
MEMBER_JOINED = verb("member.joined", _("{name} joined as {role}"))
MEMBER_ROLE_CHANGED = verb("member.role_changed", _("{who} made {name} {role} (was {was})"))
MEMBER_REMOVED = verb("member.removed", _("{who} removed {name}"))
MEMBER_LEFT = verb("member.left", _("{name} left"))
MEMBER_LINE_SET = verb(
    "member.line_set",
    _("{who}: {name} reports to {boss}"),
    {"nobody": _("{who}: {name} reports to nobody")},
)
INVITATION_REVOKED = verb("invitation.revoked", _("{who} took back the invitation of {email}"))
STAKEHOLDER_ADDED = verb("stakeholder.added", _("{who} added the stakeholder {name}"))
STAKEHOLDER_CHANGED = verb("stakeholder.changed", _("{who} changed the stakeholder {name}"))
STAKEHOLDER_RETIRED = verb("stakeholder.retired", _("{who} retired the stakeholder {name}"))
STAKEHOLDER_RESTORED = verb("stakeholder.restored", _("{who} brought back the stakeholder {name}"))
TOKEN_ISSUED = verb("token.issued", _("{who} made the API token {name} ({scope})"))
TOKEN_REVOKED = verb("token.revoked", _("{who} revoked the API token {name}"))
CALENDAR_ADDED = verb("calendar.added", _("{who} added the working calendar {name}"))
CALENDAR_CHANGED = verb("calendar.changed", _("{who} changed the working calendar {name}"))
CALENDAR_REMOVED = verb("calendar.removed", _("{who} removed the working calendar {name}"))
SLA_AGREED = verb("sla.agreed", _("{who} wrote down what {provider} and {receiver} agreed: {name}"))
SLA_CHANGED = verb("sla.changed", _("{who} changed the agreement {name}"))
SLA_ENDED = verb("sla.ended", _("{who} ended the agreement {name}"))
PROMISE_GIVEN = verb(
    "sla_promise.given", _("{who}: {promiser} promises {promisee} “{deliverable}”")
)
PROMISE_CHANGED = verb(
    "sla_promise.changed", _("{who} changed what {promiser} promises {promisee}: “{deliverable}”")
)
PROMISE_WITHDRAWN = verb(
    "sla_promise.withdrawn", _("{who}: {promiser} promises “{deliverable}” no more")
)
ASSURANCE_SET = verb(
    "sla_assurance.set",
    _("{who} assured: {text}"),
    {"open": _("{who} took back: {text} is assured")},
)
CLOCK_STARTED = verb("sla_clock.started", _("{who} waits for “{what}” ({deliverable})"))
CLOCK_PAUSED = verb("sla_clock.paused", _("{who} paused the clock of “{what}”: {reason}"))
CLOCK_RESUMED = verb("sla_clock.resumed", _("{who} let the clock of “{what}” run on"))
CLOCK_STOPPED = verb(
    "sla_clock.stopped",
    _("{who} stopped the clock of “{what}” in time"),
    {"broken": _("{who} stopped the clock of “{what}” too late")},
)
CLOCK_AT_RISK = verb("sla_clock.at_risk", _("“{what}” is at risk of being late ({deliverable})"))
CLOCK_BROKEN = verb("sla_clock.broken", _("“{what}” is late ({deliverable})"))
BREACH_EXPLAINED = verb("sla_clock.explained", _("{who} said why “{what}” was late: {reason}"))
BUNDLED = verb("notice.bundled", _("Several things at once: {count}"))
SLA_NOTICE = notice("sla", _("A promise that I gave, got or asked about is at risk or broken"))

WEBHOOK_ADDED = verb("webhook.added", _("{who} added the webhook {name} to {host}"))
WEBHOOK_CHANGED = verb("webhook.changed", _("{who} changed the webhook {name}"))
WEBHOOK_REMOVED = verb("webhook.removed", _("{who} removed the webhook {name}"))
WEBHOOK_STARTED = verb("webhook.started", _("{who} switched the webhook {name} on"))
WEBHOOK_STOPPED = verb(
    "webhook.stopped",
    _("{who} switched the webhook {name} off"),
    {
        "gone": _("The webhook {name} is switched off: {host} does not want it any more"),
        "gave_up": _("The webhook {name} is switched off: {host} has not taken it for a day"),
    },
)
NOTICE_WEBHOOK = notice("webhook", _("A webhook that I made is switched off because it fails"))
verb_group(
    "workspace", _("Members and settings"), "workspace member invitation token webhook notice"
)
verb_group(
    "agreements",
    _("Stakeholders and agreements"),
    "stakeholder calendar sla sla_assurance sla_clock sla_promise quota",
)
