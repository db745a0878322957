"""The sentence beside a goal's status, built from the facts that decided it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.models import Goal
from goals.queries.wording import amount, day, figure, rate, share
from goals.rules.aims import Aim, Keeping
from goals.rules.growth import Base
from goals.rules.pace import first_verdict_on
from goals.rules.progress import Basis
from goals.rules.status import Facts, Status


@dataclass(frozen=True)
class Told:
    """What a note may mention; days are workspace-local."""

    goal: Goal
    facts: Facts
    status: Status
    until: date
    now: date
    data_until: date | None
    value: Decimal | None
    expected_value: Decimal | None
    needed_per_day: Decimal | None
    grown: Decimal | None
    reached_on: date | None
    target: Decimal | None = None
    base: Base | None = None


def note_of(told: Told) -> str:
    """One or two sentences, in the reader's language."""
    goal = told.goal
    if goal.closed_at is not None:
        return _("Closed: %(reason)s") % {"reason": goal.close_reason}
    if not told.facts.begun:
        return _before(told)
    if told.facts.keeping is not None and told.status is not Status.UNKNOWN:
        return _keeping(told, told.facts.keeping)
    written = WRITERS.get(told.status)
    return written(told) if written else _by_basis(told)


def _before(told: Told) -> str:
    """When it starts, and how much is known of what growth is to be compared with."""
    said = _("Starts on %(day)s.") % {"day": day(told.goal.start)}
    if told.base is None or not told.base.is_open:
        return said
    text = _("The year before is known by %(known)s of its %(days)s days.")
    named = (figure(Decimal(count), 0) for count in (told.base.known, told.base.days))
    return f"{said} " + text % dict(zip(("known", "days"), named, strict=True))


def _unknown(told: Told) -> str:
    if told.data_until is None:
        return _("No data yet, so no verdict.")
    silent = (told.now - told.data_until).days
    if not told.facts.late:
        return _("No value can be computed for these days, so no verdict.")
    return ngettext(
        "Data until %(day)s: nothing for %(days)s day, so no verdict.",
        "Data until %(day)s: nothing for %(days)s days, so no verdict.",
        silent,
    ) % {"day": day(told.data_until), "days": figure(Decimal(silent), 0)}


def _early(told: Told) -> str:
    window = told.goal.window
    gone = (told.until - window.first).days + 1
    return _("Too early: %(gone)s of %(days)s days. First verdict on %(day)s.") % {
        "gone": figure(Decimal(gone), 0),
        "days": figure(Decimal(window.days), 0),
        "day": day(first_verdict_on(window)),
    }


def _achieved(told: Told) -> str:
    left = (told.goal.end - told.reached_on).days if told.reached_on else 0
    if told.reached_on is not None and left > 0:
        return ngettext(
            "Reached by %(day)s, %(days)s day early.",
            "Reached by %(day)s, %(days)s days early.",
            left,
        ) % {"day": day(told.reached_on), "days": figure(Decimal(left), 0)}
    return _("Reached: %(value)s against a target of %(target)s.") % _pair(told)


def _missed(told: Told) -> str:
    return _("Missed: %(value)s against a target of %(target)s.") % _pair(told)


def _keeping(told: Told, kept: Keeping) -> str:
    """How a line is kept: too early, the share of days, and the present margin."""
    metric = told.goal.metric
    if kept.share is None:
        return _("Too early: no whole period of the goal is over yet.")
    named = {"share": share(kept.share, 0), "line": amount(told.goal.target, metric)}
    said = _on_the_right_side(told.goal) % named
    if kept.margin is None:
        return said
    gap = {"gap": amount(abs(kept.margin), metric)}
    if kept.is_broken:
        return f"{said} " + _("The last period is on the wrong side by %(gap)s.") % gap
    return f"{said} " + _("The last period has a margin of %(gap)s.") % gap


def _on_the_right_side(goal: Goal) -> str:
    if Aim(goal.aim) is Aim.BELOW:
        return _("At or below %(line)s on %(share)s of the days.")
    return _("At or above %(line)s on %(share)s of the days.")


def _by_basis(told: Told) -> str:
    """Why the pace is what it is."""
    if told.value is None:
        return _("No value can be computed for these days, so no verdict.")
    basis = Basis(told.goal.basis)
    if basis is Basis.CUMULATIVE:
        return _ceiling(told) if told.facts.ceiling else _sum(told)
    return _growth(told) if basis is Basis.YOY else _distance(told, basis)


def _distance(told: Told, basis: Basis) -> str:
    """Where a level or an average stands between baseline and target."""
    if told.facts.met:
        return _met(told)
    if basis is Basis.LEVEL:
        text = _("%(value)s, where %(expected)s is expected by now; the target is %(target)s.")
        return text % _pair(told)
    return _("%(value)s on average against a target of %(target)s.") % _pair(told)


def _met(told: Told) -> str:
    """Met by today's numbers, which may be far from certain at the end."""
    chance = told.facts.chance
    if told.status is Status.ON_TRACK or chance is None:
        return _("Met for now: %(value)s against a target of %(target)s.") % _pair(told)
    text = _("Met for now: %(value)s against %(target)s, yet only %(chance)s likely at the end.")
    return text % {**_pair(told), "chance": share(chance, 0)}


def _sum(told: Told) -> str:
    gap = (told.value or Decimal(0)) - (told.expected_value or Decimal(0))
    named = {**_pair(told), "gap": amount(abs(gap), told.goal.metric)}
    if gap >= 0:
        return _("%(gap)s ahead of the %(expected)s expected by now.") % named
    named["needed"] = rate(told.needed_per_day or Decimal(0))
    text = _("%(gap)s behind the %(expected)s expected by now: needs %(needed)s a day from here.")
    return text % named


def _ceiling(told: Told) -> str:
    if not told.facts.met:
        over = (told.value or Decimal(0)) - told.goal.target
        named = {"target": amount(told.goal.target, told.goal.metric)}
        named["gap"] = amount(over, told.goal.metric)
        return _("The limit of %(target)s is passed by %(gap)s.") % named
    text = _("%(value)s of %(target)s used, where %(expected)s is planned by now.")
    return text % _pair(told)


def _growth(told: Told) -> str:
    goal, base = told.goal, told.base
    said = _("%(grown)s on the year before, where %(promised)s is promised.") % {
        "grown": share(told.grown or Decimal(0)),
        "promised": share(goal.target / (goal.baseline or Decimal(1)) - 1),
    }
    if base is None or base.value is None or base.when_set is None or not base.has_moved:
        return said
    text = _("The year before came to %(now)s; %(then)s was known when the goal was set.")
    named = {"now": amount(base.value, goal.metric), "then": amount(base.when_set, goal.metric)}
    return f"{said} " + text % named


def _pair(told: Told) -> dict[str, str]:
    metric = told.goal.metric
    zero = Decimal(0)
    return {
        "value": amount(told.value if told.value is not None else zero, metric),
        "target": amount(told.goal.target if told.target is None else told.target, metric),
        "expected": amount(told.expected_value or zero, metric),
    }


WRITERS: dict[Status, Callable[[Told], str]] = {
    Status.UNKNOWN: _unknown,
    Status.NEW: _early,
    Status.ACHIEVED: _achieved,
    Status.MISSED: _missed,
}
