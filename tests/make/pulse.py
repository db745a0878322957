"""The pulse for tests, set up, answered and closed by the real operations."""

from datetime import UTC, datetime

from goals.models import Pulse, PulseRound, PulseTurn
from goals.operations.pulse import (
    TOKENS,
    PulseDraft,
    answer_by_link,
    answer_pulse,
    make_links,
    set_pulse,
)
from tests.make.workspaces import make_member, make_stakeholder, owner_of
from workspaces.rules.roles import Role

QUESTION = "How satisfied are you?"
OPEN = datetime(2026, 2, 25, 12, tzinfo=UTC)
OVER = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make_pulse(workspace, *, at=OPEN, version=0, **draft) -> Pulse:
    """A pulse whose round of this month is open."""
    wanted = PulseDraft(**{"question": QUESTION, **draft})
    return set_pulse(workspace, draft=wanted, version=version, by=owner_of(workspace), at=at)


def open_now(workspace) -> PulseRound:
    return PulseRound.objects.get(workspace=workspace, closed_at=None)


def team_says(workspace, *scores, at=OPEN) -> None:
    """New members, each of whom answers."""
    known = workspace.memberships.count()
    for number, score in enumerate(scores, known):
        member = make_member(workspace, f"member-{number}@{workspace.slug}.example", Role.VIEWER)
        answer_pulse(member, score=score, at=at)


def link_for(stakeholder, *, at=OPEN) -> str:
    """The token of a stakeholder's link."""
    workspace = stakeholder.workspace
    by = owner_of(workspace)
    ((_who, token),) = make_links(workspace, stakeholders=[stakeholder], by=by, at=at)
    return token


def turn_of(token: str) -> PulseTurn:
    return PulseTurn.objects.get(secret_hash=TOKENS.digest_of(token))


def stakeholders_say(workspace, *scores, at=OPEN) -> None:
    """New stakeholders, each of whom answers by a link."""
    for number, score in enumerate(scores):
        who = make_stakeholder(workspace, f"Partner {number} of {at:%b}")
        answer_by_link(turn_of(link_for(who, at=at)), score=score, at=at)
