"""What the ground tells the log."""

from django.utils.translation import gettext_noop as _

from workspaces.rules.verbs import verb

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
