"""The satisfaction pulse: which days it is open, and what of its answers may be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

LOWEST, HIGHEST = 0, 10
SCORES = range(LOWEST, HIGHEST + 1)
FEWEST, MOST_FEWEST = 3, 50  # what may be chosen as the fewest answers of a result
LAST_OPENING = 28  # the last day that every month has

Tally = Mapping[str, Sequence[int]]  # how often each score was given, by group


class Group(StrEnum):
    """Who is asked: they are told apart in the result where enough of each have answered."""

    TEAM = "team"
    STAKEHOLDERS = "stakeholders"


@dataclass(frozen=True)
class Result:
    """What so many answers come to together; without a group they are everybody's."""

    group: str
    points: int
    answers: int

    @property
    def mean(self) -> Decimal | None:
        """The sum of the scores over their number; None without answers."""
        return Decimal(self.points) / self.answers if self.answers else None

    @property
    def plotted(self) -> str:
        """The mean as charts read it."""
        return "" if self.mean is None else f"{self.mean:.4f}"


def month_of(day: date) -> date:
    """The first day of the day's month."""
    return day.replace(day=1)


def last_day(month: date) -> date:
    """The last day of the month that begins on this day."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def opening_day(month: date, opens_on: int) -> date:
    """The day of the month on which its round opens; it is open until the month is over."""
    return month.replace(day=opens_on)


def no_answers() -> dict[str, list[int]]:
    """A tally in which nobody has answered yet."""
    return {group.value: [0] * len(SCORES) for group in Group}


def counted(tally: Tally, group: Group, score: int) -> dict[str, list[int]]:
    """The tally with one answer more; it holds no order, so that none can be read from it."""
    more = {name: list(counts) for name, counts in tally.items()}
    more[group.value][score - LOWEST] += 1
    return more


def answers_in(tally: Tally) -> dict[str, int]:
    """How many answers each group has given."""
    return {group: sum(counts) for group, counts in tally.items()}


def publishable(tally: Tally, fewest: int) -> list[Result]:
    """What may be told: groups apart where each that answered has enough answers, else together.

    One group beside the sum of both would tell the other by subtraction, so a group that is too
    small takes the other one along; too few in all are nothing.
    """
    each = [_result(group, counts) for group, counts in tally.items() if sum(counts)]
    if all(result.answers >= fewest for result in each):
        return each
    whole = together(each)
    return [whole] if whole.answers >= fewest else []


def together(results: Sequence[Result]) -> Result:
    """Several results as one: sums of scores and of answers."""
    points = sum(result.points for result in results)
    return Result("", points, sum(result.answers for result in results))


def _result(group: str, counts: Sequence[int]) -> Result:
    points = sum(score * count for score, count in zip(SCORES, counts, strict=True))
    return Result(group, points, sum(counts))
