"""How much work people have in each week: hours of cards over the days on which they work."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

DAY = timedelta(days=1)
CENT = 100  # parts of an hour
WEEK = 7
FARTHEST = 60  # days in which somebody works again
Works = Callable[[date], bool]


@dataclass(frozen=True)
class Job:
    """A card that is to be done: whose it is (None: nobody's), how long it takes and when."""

    id: int
    person: int | None
    hours: Decimal | None
    start: date | None
    due: date | None


@dataclass(frozen=True)
class Cell:
    """A week of a person: hours of work, hours that there are, and the hours of each card."""

    week: date
    hours: Decimal
    capacity: Decimal
    jobs: dict[int, Decimal] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether there is more work than time."""
        return self.hours > self.capacity

    @property
    def share(self) -> Decimal:
        """How much of the time is taken, as a share."""
        return self.hours / self.capacity if self.capacity else Decimal(0)


@dataclass(frozen=True)
class Load:
    """The work of a person: by week, what comes later, and the cards that say too little.

    `unplanned` have hours and no day, `unknown` have no estimate: no hours is not 0 hours.
    """

    person: int | None
    cells: list[Cell]
    later: Decimal
    unplanned: dict[int, Decimal]
    unknown: list[int]

    @property
    def hours(self) -> Decimal:
        """All hours that are known."""
        weeks = sum((cell.hours for cell in self.cells), Decimal(0))
        return weeks + self.later + self.unplanned_hours

    @property
    def unplanned_hours(self) -> Decimal:
        """The hours of the cards without a day."""
        return sum(self.unplanned.values(), Decimal(0))

    @property
    def is_over(self) -> bool:
        """Whether any week has too much."""
        return any(cell.is_over for cell in self.cells)


def spread(job: Job, today: date, works: Works) -> dict[date, Decimal]:
    """The hours of a card by day, to the hundredth; nothing where hours or days are not said.

    They lie on the working days from its start to its due day that are still to come, evenly: what
    is late is all of it work of the next working day, and so is what has no working day in it.
    """
    begins, ends = job.start or job.due, job.due or job.start
    if job.hours is None or begins is None or ends is None:
        return {}
    first = max(begins, today)
    count = (ends - first).days + 1
    days = [day for day in (first + place * DAY for place in range(count)) if works(day)]
    days = days or [next_workday(first, works)]
    each, rest = divmod(int(job.hours * CENT), len(days))
    return {
        day: Decimal(each + (place < rest)) / CENT
        for place, day in enumerate(days)
        if each or place < rest
    }


def next_workday(day: date, works: Works) -> date:
    """The first day from this one on that somebody works on; the day itself if there is none."""
    coming = (day + place * DAY for place in range(FARTHEST))
    return next((one for one in coming if works(one)), day)


def weeks_from(today: date, count: int, week_starts_on: int) -> list[date]:
    """The first days of so many weeks, beginning with the one that holds today."""
    first = today - DAY * ((today.isoweekday() - week_starts_on) % WEEK)
    return [first + WEEK * place * DAY for place in range(count)]


def capacity_in(week: date, today: date, a_week: Decimal, works: Works, usual: int) -> Decimal:
    """The hours of a week that are left from today on, without holidays.

    `usual` is how many days a week without holidays has.
    """
    days = [week + place * DAY for place in range(WEEK)]
    left = sum(day >= today and works(day) for day in days)
    return (a_week * left / usual).quantize(Decimal("0.01")) if usual else Decimal(0)


def load_of(
    person: int | None,
    jobs: Iterable[Job],
    frame: tuple[date, Sequence[date]],
    capacity: tuple[Decimal, int],
    works: Works,
) -> Load:
    """The work of one person in some weeks that follow each other.

    `frame` is today and the first days of the weeks; `capacity` the hours a week and the days that
    they are for.
    """
    today, weeks = frame
    end = weeks[-1] + WEEK * DAY
    by_week: dict[date, dict[int, Decimal]] = {week: {} for week in weeks}
    later, unplanned, unknown = Decimal(0), {}, []
    for job in jobs:
        if job.hours is None:
            unknown.append(job.id)
        elif job.start is None and job.due is None:
            unplanned[job.id] = job.hours
        for day, hours in spread(job, today, works).items():
            if day >= end:
                later += hours
                continue
            found = by_week[weeks[(day - weeks[0]).days // WEEK]]
            found[job.id] = found.get(job.id, Decimal(0)) + hours
    cells = [
        Cell(
            week,
            sum(found.values(), Decimal(0)),
            capacity_in(week, today, capacity[0], works, capacity[1]),
            found,
        )
        for week, found in by_week.items()
    ]
    return Load(person, cells, later, unplanned, unknown)
