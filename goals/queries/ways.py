"""The ways to split a goal: its parts by each, and what that means against the baseline."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from goals.models import Goal
from goals.queries.parts import Known
from goals.queries.wording import amount, figure
from goals.rules.decomposition import (
    Makes,
    Mode,
    Reading,
    Split,
    SplitFlaw,
    come_to,
    growth_of,
    mean_of,
    readings,
    split_by_hand,
    split_level,
    split_mean,
    split_total,
)
from goals.rules.growth import Base
from goals.rules.progress import Basis
from goals.rules.targets import HUNDRED, percent_of

ONE = Decimal(1)
EVERY_MOMENT = (Mode.EACH, Mode.COMPOUND, Mode.LINEAR, Mode.SEASONAL, Mode.MANUAL)
MODES = {
    Basis.CUMULATIVE: (Mode.COMPOUND, Mode.LINEAR, Mode.SEASONAL, Mode.MANUAL),
    Basis.LEVEL: (Mode.COMPOUND, Mode.LINEAR, Mode.MANUAL),
    Basis.AVERAGE: EVERY_MOMENT,
    Basis.YOY: EVERY_MOMENT,
}
BEGINS = {Basis.CUMULATIVE: Mode.SEASONAL, Basis.LEVEL: Mode.LINEAR}  # by hand, before a word
SAID = {
    SplitFlaw.NO_BASE: _("Growth needs a baseline above zero: choose another way."),
    SplitFlaw.NEGATIVE: _("A part would be less than nothing: choose another way."),
    SplitFlaw.MANUAL_COUNT: _("Give exactly %(count)s parts."),
    SplitFlaw.MANUAL_SUM: _("The parts come to %(made)s, the goal is %(target)s."),
    SplitFlaw.MANUAL_END: _("The last part is %(made)s, the goal is %(target)s."),
    SplitFlaw.MANUAL_MEAN: _(
        "The parts, each by its days, average %(made)s; the goal is %(target)s."
    ),
    SplitFlaw.REACHED: _("The parts that are over have reached the target already."),
    SplitFlaw.MISSING: _("A closed part has no data, so what is left is not known."),
    SplitFlaw.NO_YEAR_BEFORE: _(
        "A part has nothing to grow on: there are no data of the same days a year before."
    ),
}


@dataclass(frozen=True)
class Way:
    """One mode for this goal: shares, None where unknown.

    `total` and `exit` are growth on the baseline; of growth, `exit` is on the last part's own year
    before.
    """

    mode: Mode
    rate: Decimal | None
    total: Decimal | None
    exit: Decimal | None
    refusal: str = ""


def makes_of(goal: Goal) -> Makes:
    """How parts make such a goal."""
    basis = Basis(goal.basis)
    if basis is Basis.LEVEL:
        return Makes.END
    adds = basis is Basis.CUMULATIVE or (basis is Basis.YOY and goal.metric.kind == "additive")
    return Makes.TOTAL if adds else Makes.MEAN


def split_by(goal: Goal, mode: Mode, known: Known, by_hand: Sequence[Decimal] = ()) -> Split:
    """The goal's amounts by one mode."""
    basis = Basis(goal.basis)
    if mode is Mode.MANUAL and by_hand:
        found = _by_hand(goal, known, by_hand)
    else:
        mode = BEGINS.get(basis, Mode.EACH) if mode is Mode.MANUAL else mode
        found = _worked_out(goal, mode, known)
    if found.flaw is None and basis is Basis.YOY and not _grows(known):
        return replace(found, flaw=SplitFlaw.NO_YEAR_BEFORE)
    return found


def _grows(known: Known) -> bool:
    """Whether each part has something of the year before to grow on."""
    return all(value is not None and value > 0 for value in known.year_ago)


def _by_hand(goal: Goal, known: Known, parts: Sequence[Decimal]) -> Split:
    makes, digits, target = makes_of(goal), goal.metric.decimals, wanted_of(goal, known)
    if target is None:
        return Split(tuple(parts), flaw=SplitFlaw.NO_YEAR_BEFORE)
    weights = known.days if makes is Makes.MEAN else known.sizes
    return split_by_hand(parts, target, weights, makes=makes, digits=digits)


def _worked_out(goal: Goal, mode: Mode, known: Known) -> Split:
    makes, digits = makes_of(goal), goal.metric.decimals
    if mode is Mode.EACH and goal.basis == Basis.YOY:
        return _same_growth(goal, known)
    if makes is Makes.END:
        base, count = goal.baseline or Decimal(0), len(known.spans)
        return split_level(base, goal.target, mode, count, digits=digits)
    target = wanted_of(goal, known)
    if target is None:
        return Split(flaw=SplitFlaw.NO_YEAR_BEFORE)
    if makes is Makes.TOTAL:
        return split_total(
            target, mode, known.sizes, base=known.base, shares=known.shares, digits=digits
        )
    before = _mean_before(goal, known)
    return split_mean(target, mode, known.days, base=before, year_ago=known.year_ago, digits=digits)


def _same_growth(goal: Goal, known: Known) -> Split:
    """Each part grows on its own year before as the whole goal does."""
    if not goal.baseline or None in known.year_ago:
        return Split(flaw=SplitFlaw.NO_YEAR_BEFORE)
    factor = goal.target / goal.baseline
    parts = tuple((value or Decimal(0)) * factor for value in known.year_ago)
    return Split(parts, factor - 1, exact=parts)


def _mean_before(goal: Goal, known: Known) -> Decimal | None:
    """What the parts averaged before: the baseline; of growth, the same parts a year before."""
    if goal.basis != Basis.YOY:
        return goal.baseline
    values = [value for value in known.year_ago if value is not None]
    return mean_of(values, known.days) if len(values) == len(known.spans) else None


def wanted_of(goal: Goal, known: Known) -> Decimal | None:
    """What the parts have to come to; of growth, as the year before is known now.

    None where growth has nothing to stand on.
    """
    if goal.basis != Basis.YOY:
        return goal.target
    total = makes_of(goal) is Makes.TOTAL
    before = known.total_before if total else _mean_before(goal, known)
    if not before or not goal.baseline:
        return None
    days = goal.window.days
    return Base(before, known=days, days=days, when_set=goal.baseline).asked(goal.target)


def way_of(goal: Goal, mode: Mode, split: Split, known: Known) -> Way:
    """What one mode means: the rate of each part, and total and exit against the baseline."""
    if split.flaw is not None:
        return Way(mode, None, None, None, said(goal, split, known))
    makes = makes_of(goal)
    base = known.base if makes is Makes.TOTAL else goal.baseline
    levels, weights = list(split.exact), [ONE] * len(split.exact)
    if makes is Makes.TOTAL:
        weights = list(known.sizes)
        levels = [part / size for part, size in zip(levels, weights, strict=True)]
    elif makes is Makes.MEAN:
        base, weights = _mean_before(goal, known), known.days
    if base is None or base <= 0:
        return Way(mode, split.rate, None, None)
    found = growth_of(levels, weights, base)
    last = known.year_ago[-1]
    on_year = goal.basis == Basis.YOY and last
    return Way(
        mode,
        split.rate,
        found.total,
        split.exact[-1] / last - 1 if on_year and last else found.exit,
    )


def readings_of(goal: Goal, count: int) -> list[Reading]:
    """What the goal's percent can mean in so many parts; nothing where it promises no percent."""
    percent = percent_of(goal.target, goal.baseline) if goal.baseline else None
    if percent is None or percent <= -HUNDRED or Basis(goal.basis) is Basis.AVERAGE:
        return []
    return readings(percent / HUNDRED, count)


def said(goal: Goal, split: Split, known: Known) -> str:
    """Why there are no parts, in the reader's language; empty where there are."""
    if split.flaw is None:
        return ""
    makes, count = makes_of(goal), len(known.spans)
    whole = makes is not Makes.MEAN or len(split.parts) == count
    made = come_to(split.parts, known.days, makes) if split.parts and whole else Decimal(0)
    target = wanted_of(goal, known)
    return str(SAID[split.flaw]) % {
        "count": figure(Decimal(count), 0),
        "target": amount(target or goal.target, goal.metric),
        "made": amount(made, goal.metric),
    }
