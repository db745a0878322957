"""Who may do what: one ladder of roles, one table of actions."""

from enum import IntEnum


class Role(IntEnum):
    """A member's place on the ladder; a higher role may do all that a lower one may."""

    VIEWER = 10
    EDITOR = 20
    MANAGER = 30
    OWNER = 40

    @property
    def word(self) -> str:
        """The role as commands and the API spell it."""
        return self.name.lower()


LEAST_ROLE = {
    "workspace.view": Role.VIEWER,
    "tokens.own": Role.VIEWER,
    "notifications.own": Role.VIEWER,
    "looks.own": Role.VIEWER,
    "requests.send": Role.VIEWER,
    "work.edit": Role.EDITOR,
    "work.comment": Role.VIEWER,
    "goals.edit": Role.EDITOR,
    "review.run": Role.EDITOR,
    "strategy.edit": Role.EDITOR,
    "strategy.publish": Role.MANAGER,
    "strategy.sign": Role.VIEWER,
    "feedback.give": Role.VIEWER,
    "pulse.answer": Role.VIEWER,
    "pulse.edit": Role.MANAGER,
    "observations.write": Role.EDITOR,
    "metrics.edit": Role.EDITOR,
    "metrics.delete": Role.MANAGER,
    "stakeholders.edit": Role.EDITOR,
    "sla.run": Role.EDITOR,
    "sla.edit": Role.MANAGER,
    "boards.edit": Role.MANAGER,
    "sources.edit": Role.MANAGER,
    "members.manage": Role.MANAGER,
    "webhooks.edit": Role.MANAGER,
    "log.view": Role.MANAGER,
    "workspace.edit": Role.OWNER,
}

READS = frozenset({"workspace.view", "log.view"})
SCOPES = ("read", "write")


def may(role: Role, action: str) -> bool:
    """Say whether the role is high enough; an unknown action is a bug and raises KeyError."""
    return role >= LEAST_ROLE[action]


def scope_allows(scope: str, action: str) -> bool:
    """Say whether a token of this scope may be used for the action; "write" includes "read"."""
    return scope == "write" or action in READS


def role_named(word: str) -> Role:
    """Return the role of that word (owner, manager, editor, viewer) or raise KeyError."""
    return Role[word.upper()]


def may_set_role(actor: Role, *, current: Role | None, wanted: Role | None) -> bool:
    """Say whether the actor may give `wanted` to somebody who is `current` (None: not a member).

    Nobody touches a role above their own, and nobody grants more than they have.
    """
    return all(role is None or role <= actor for role in (current, wanted))
