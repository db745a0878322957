"""The sentence at the top of the Overview: which goal is in trouble, how bad, why, what is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.models import Goal
from goals.queries import Standing
from goals.rules.status import Status
from tasks.queries.cards import GoalWork


@dataclass(frozen=True)
class Verdict:
    """A headline, and the goal that is worst off with its open and late cards, None if none is."""

    headline: str
    goal: Goal | None = None
    standing: Standing | None = None
    open: int = 0
    late: int = 0


def verdict_of(found: Sequence[tuple[Goal, Standing]], work: Mapping[int, GoalWork]) -> Verdict:
    """Say how the plan stands, and name the goal that is worst off."""
    counts = dict.fromkeys(Status, 0)
    for _goal, standing in found:
        counts[standing.status] += 1
    off, risk, idk = (counts[s] for s in (Status.OFF_TRACK, Status.AT_RISK, Status.UNKNOWN))
    troubled = [(g, s) for g, s in found if s.status in {Status.OFF_TRACK, Status.AT_RISK}]
    worst = min(troubled, key=_badness, default=None)
    if worst is None:
        return Verdict(_quiet(len(found), idk))
    cards = work.get(worst[0].pk)
    counts_of = (cards.open, cards.late) if cards else (0, 0)
    return Verdict(_trouble(off, risk), *worst, *counts_of)


def _badness(pair: tuple[Goal, Standing]) -> tuple[bool, float]:
    _goal, standing = pair
    pace = 0.0 if standing.pace is None else float(standing.pace)
    return standing.status is not Status.OFF_TRACK, pace


def _trouble(off: int, risk: int) -> str:
    """The headline when something is wrong."""
    at_risk = ngettext("%(n)s goal is at risk", "%(n)s goals are at risk", risk) % {"n": risk}
    if not off:
        return at_risk
    words = ngettext("%(n)s goal is off track", "%(n)s goals are off track", off) % {"n": off}
    if not risk:
        return words
    return _("%(off)s, %(risk)s at risk") % {"off": words, "risk": risk}


def _quiet(goals: int, unknown: int) -> str:
    """The headline when nothing is wrong, or nothing is known."""
    if not goals:
        return _("No goal is set yet")
    if unknown:
        return ngettext(
            "Nothing is off track, but %(n)s goal has no fresh data",
            "Nothing is off track, but %(n)s goals have no fresh data",
            unknown,
        ) % {"n": unknown}
    return _("Every goal is where it should be")
