"""Is the goal SMART? Findings with evidence; advice only, none of them keeps a goal from standing.

Shares are 0.1 for ten percent. `needed` and `past` are growths turned so that more is harder: a
goal to sink by a tenth needs 0.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from goals.rules.vague import vague_words

LEAST_PERIODS = 8
LEAST_WINDOWS = 3
NOISE = 2
HEAVY_LOAD = 5
STRETCH_FROM, IMPLAUSIBLE_FROM = 1, 2


class Letter(StrEnum):
    """Specific, measurable, achievable, realistic, time-bound."""

    SPECIFIC = "specific"
    MEASURABLE = "measurable"
    ACHIEVABLE = "achievable"
    REALISTIC = "realistic"
    TIME_BOUND = "time_bound"


class Code(StrEnum):
    """What can be found."""

    NO_OWNER = "no_owner"
    VAGUE_WORDS = "vague_words"
    NO_NUMBER = "no_number"
    DATA_LATE = "data_late"
    SHORT_HISTORY = "short_history"
    WITHIN_NOISE = "within_noise"
    HARDER_THAN_EVER = "harder_than_ever"
    EASIER_THAN_USUAL = "easier_than_usual"
    LANDS_ANYWAY = "lands_anyway"
    STRETCH = "stretch"
    IMPLAUSIBLE = "implausible"
    NO_RESOURCES = "no_resources"
    RIVALS = "rivals"
    SERVES_NOBODY = "serves_nobody"
    OWNER_BUSY = "owner_busy"
    END_GONE = "end_gone"
    NO_CHECKS = "no_checks"
    OTHER_SEASON = "other_season"


LETTER_OF = {
    Code.NO_OWNER: Letter.SPECIFIC,
    Code.VAGUE_WORDS: Letter.SPECIFIC,
    Code.NO_NUMBER: Letter.MEASURABLE,
    Code.DATA_LATE: Letter.MEASURABLE,
    Code.SHORT_HISTORY: Letter.MEASURABLE,
    Code.WITHIN_NOISE: Letter.MEASURABLE,
    Code.HARDER_THAN_EVER: Letter.ACHIEVABLE,
    Code.EASIER_THAN_USUAL: Letter.ACHIEVABLE,
    Code.LANDS_ANYWAY: Letter.ACHIEVABLE,
    Code.STRETCH: Letter.ACHIEVABLE,
    Code.IMPLAUSIBLE: Letter.ACHIEVABLE,
    Code.NO_RESOURCES: Letter.REALISTIC,
    Code.RIVALS: Letter.REALISTIC,
    Code.SERVES_NOBODY: Letter.REALISTIC,
    Code.OWNER_BUSY: Letter.REALISTIC,
    Code.END_GONE: Letter.TIME_BOUND,
    Code.NO_CHECKS: Letter.TIME_BOUND,
    Code.OTHER_SEASON: Letter.TIME_BOUND,
}


@dataclass(frozen=True)
class Evidence:
    """What is known of a goal and its metric; None where a check does not apply.

    `periods` are those with data before the goal; `gap` is target less baseline and `error` the
    standard error of what the goal measures, both in the metric's unit; `rivals` are other open
    goals on the metric in the same days; `landing` is the target, where it lands if all goes on as
    before (p50), and how far that goes in one future of ten (p90; p10 where less is wanted); `load`
    counts the owner's other open goals; `checks` are checkpoints and steps that end before it.
    """

    texts: tuple[str, ...] = ()
    has_owner: bool = True
    has_number: bool = True
    late: bool = False
    periods: int | None = None
    gap: Decimal | None = None
    error: Decimal | None = None
    needed: Decimal | None = None
    past: Sequence[Decimal] = ()
    landing: tuple[Decimal, Decimal, Decimal] | None = None
    resources: str = ""
    rivals: int = 0
    serves: bool = True
    load: int = 0
    end_gone: bool = False
    checks: int = 0
    other_season: bool = False


@dataclass(frozen=True)
class Fault:
    """One thing found: amounts, shares and counts as decimals, words as text."""

    code: Code
    facts: dict[str, Decimal | str] = field(default_factory=dict)

    @property
    def letter(self) -> Letter:
        """Which of the five it concerns."""
        return LETTER_OF[self.code]


def lint(evidence: Evidence) -> list[Fault]:
    """Everything found, letter by letter."""
    return [
        *_specific(evidence),
        *_measurable(evidence),
        *_achievable(evidence),
        *_stretched(evidence),
        *_realistic(evidence),
        *_time_bound(evidence),
    ]


def _specific(evidence: Evidence) -> list[Fault]:
    found = [] if evidence.has_owner else [Fault(Code.NO_OWNER)]
    words = vague_words(evidence.texts)
    return [*found, Fault(Code.VAGUE_WORDS, {"words": ", ".join(words)})] if words else found


def _measurable(evidence: Evidence) -> list[Fault]:
    if not evidence.has_number:
        return [Fault(Code.NO_NUMBER)]
    found = [Fault(Code.DATA_LATE)] if evidence.late else []
    if evidence.periods is not None and evidence.periods < LEAST_PERIODS:
        found.append(Fault(Code.SHORT_HISTORY, {"periods": Decimal(evidence.periods)}))
    gap, error = evidence.gap, evidence.error
    if gap is not None and error is not None and abs(gap) <= NOISE * error:
        found.append(Fault(Code.WITHIN_NOISE, {"gap": abs(gap), "noise": NOISE * error}))
    return found


def _achievable(evidence: Evidence) -> list[Fault]:
    """Against every past window of the same length; fewer than three say nothing."""
    needed, past = evidence.needed, sorted(evidence.past)
    if needed is None or len(past) < LEAST_WINDOWS:
        return []
    middle = past[(len(past) - 1) // 2]
    facts: dict[str, Decimal | str] = {
        "needed": needed,
        "best": past[-1],
        "usual": middle,
        "windows": Decimal(len(past)),
    }
    if needed > past[-1]:
        return [Fault(Code.HARDER_THAN_EVER, facts)]
    return [Fault(Code.EASIER_THAN_USUAL, facts)] if needed < middle else []


def stretch_of(landing: tuple[Decimal, Decimal, Decimal]) -> Decimal | None:
    """How far a target lies beyond where it lands anyway: 0 is there, 1 what one in ten reach."""
    target, middle, far = landing
    return None if far == middle else (target - middle) / (far - middle)


def _stretched(evidence: Evidence) -> list[Fault]:
    """Against where it would land if all went on as before, as forecast when it was set."""
    stretch = None if evidence.landing is None else stretch_of(evidence.landing)
    if stretch is None or evidence.landing is None or 0 < stretch <= STRETCH_FROM:
        return []
    _target, middle, far = evidence.landing
    code = Code.IMPLAUSIBLE if stretch > IMPLAUSIBLE_FROM else Code.STRETCH
    if stretch <= 0:
        code = Code.LANDS_ANYWAY
    return [Fault(code, {"middle": middle, "far": far, "stretch": stretch})]


def _realistic(evidence: Evidence) -> list[Fault]:
    found = [] if evidence.resources.strip() else [Fault(Code.NO_RESOURCES)]
    if evidence.rivals:
        found.append(Fault(Code.RIVALS, {"goals": Decimal(evidence.rivals)}))
    if not evidence.serves:
        found.append(Fault(Code.SERVES_NOBODY))
    if evidence.load > HEAVY_LOAD:
        found.append(Fault(Code.OWNER_BUSY, {"goals": Decimal(evidence.load)}))
    return found


def _time_bound(evidence: Evidence) -> list[Fault]:
    found = [Fault(Code.END_GONE)] if evidence.end_gone else []
    if not evidence.checks:
        found.append(Fault(Code.NO_CHECKS))
    return [*found, Fault(Code.OTHER_SEASON)] if evidence.other_season else found


def noise_of(values: Sequence[Decimal], parts: int) -> Decimal | None:
    """The standard error of a sum of so many periods, by what each differs from the one before.

    Differences, so that a trend is no noise. None for fewer than eight periods.
    """
    if len(values) < LEAST_PERIODS:
        return None
    steps = [after - before for before, after in pairwise(values)]
    variance = sum((step * step for step in steps), Decimal(0)) / (2 * len(steps))
    return (variance * parts).sqrt()
