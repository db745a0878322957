"""The demo team's numbers: the same seed gives the same value for the same day, for ever.

Pure arithmetic: nothing here touches the database, so tomorrow's start can add yesterday's values
without knowing what was stored before. Days are counted from the day on which the demo was opened.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

SEED = "mops-demo-1"
YEARS = 2
HISTORY = timedelta(days=365 * YEARS + 1)
WEEK = (1.12, 1.22, 1.16, 1.12, 0.98, 0.66, 0.74)  # Monday to Sunday
OFFICE_WEEK = (1.2, 1.3, 1.25, 1.2, 1.05, 0.45, 0.55)


@dataclass(frozen=True)
class Stream:
    """One additive metric of one segment: level per day two years ago, growth a year, noise."""

    metric: str
    dims: tuple[tuple[str, str], ...]
    per_day: float
    growth: float = 1.0
    noise: float = 0.09
    season: float = 0.05
    week: tuple[float, ...] = WEEK
    decimals: int = 0
    person: bool = False  # its values are numbers of people, not amounts
    weekly: bool = False  # one value a week, on its Sunday
    silent: tuple[int, int] | None = None  # without values from so many to so many days before
    late_days: int = 0  # the source stopped this many days before the demo was opened
    bends: tuple[tuple[int, float], ...] = field(
        default=()
    )  # (days before opening, factor from then)


MAILS = [  # type, delivered a day, growth, clicks per 100, growth of clicks, leads per 1,000 clicks
    ("Newsletter", 2600.0, 1.09, 2.30, 1.24, 11.0),
    ("Nurture", 900.0, 1.22, 3.70, 1.36, 17.0),
    ("Webinar invites", 640.0, 1.16, 1.25, 1.19, 8.0),
    ("Product news", 480.0, 1.02, 1.90, 1.06, 9.0),
    ("Win-back", 210.0, 0.94, 0.90, 0.98, 6.0),
]
ADS = [  # campaign, impressions a day, click rate %, cost per click EUR, leads per 100 clicks
    ("Brand", 5200.0, 2.9, 0.62, 3.4),
    ("Generic terms", 9800.0, 1.1, 1.34, 2.3),
    ("Competitors", 3100.0, 0.8, 1.72, 1.9),
]
NETWORKS = [("LinkedIn", 150.0, 1.18), ("Instagram", 96.0, 1.08), ("YouTube", 44.0, 1.3)]
LISTS = [("Customers", 5200.0, 1.12), ("Prospects", 18400.0, 1.21)]
WEEK_DAYS, SUNDAY = 7, 6
WRONG_WEEK = (28, 34)  # days before the opening day of which the cost was told too high at first
EVEN_WEEK = (1.0,) * WEEK_DAYS
REGIONS = [("North", 1.6, 1.10), ("South", 1.1, 1.16), ("Overseas", 0.9, 1.05)]


def streams() -> list[Stream]:
    """Every series of the demo."""
    return [*_mail(), *_ads(), *_rest()]


def _mail() -> Iterator[Stream]:
    for kind, delivered, growth, rate, click_growth, leads in MAILS:
        dims = (("mail_type", kind),)
        clicks = delivered * rate / 100
        yield Stream("email_delivered", dims, delivered, growth, 0.05, week=OFFICE_WEEK)
        yield Stream("email_clicks", dims, clicks, click_growth, 0.10, week=OFFICE_WEEK)
        broken = ((6, 9.0), (5, 1 / 9)) if kind == "Newsletter" else ()
        yield Stream(
            "email_unsubscribes", dims, delivered * 0.0019, growth * 0.96, 0.25, bends=broken
        )
        per_day = clicks * leads / 100
        yield Stream("email_leads", dims, per_day, 1.15, 0.16, season=0.03, week=OFFICE_WEEK)
    nurture = (("mail_type", "Nurture"),)
    yield Stream("nurture_mails", nurture, 900.0, 1.22, 0.05, week=OFFICE_WEEK)
    yield Stream("nurture_replies", nurture, 29.0, 1.30, 0.14, week=OFFICE_WEEK, silent=(40, 38))


def _ads() -> Iterator[Stream]:
    for campaign, seen, rate, price, leads in ADS:
        dims = (("campaign", campaign),)
        clicks = seen * rate / 100
        dearer = ((75, 1.16), (30, 1.10)) if campaign == "Generic terms" else ()
        yield Stream("ad_impressions", dims, seen, 1.08, 0.07)
        robots = ((20, 14.0), (19, 1 / 14)) if campaign == "Generic terms" else ()
        yield Stream("ad_clicks", dims, clicks, 1.09, 0.09, bends=robots)
        yield Stream("ad_cost", dims, clicks * price, 1.10, 0.08, decimals=2, bends=dearer)
        yield Stream("ad_leads", dims, clicks * leads / 100, 1.10, 0.15)


def _rest() -> Iterator[Stream]:
    for network, visits, growth in NETWORKS:
        yield Stream("social_visits", (("network", network),), visits, growth, 0.15, late_days=13)
    for region, leads, growth in REGIONS:
        dims = (("region", region),)
        yield Stream("qualified_leads", dims, leads, growth, 0.22, week=OFFICE_WEEK)
    for name, contacts, growth in LISTS:
        yield Stream("list_contacts", (("list", name),), contacts, growth, 0.002, 0.0, EVEN_WEEK)
    yield Stream("webinar_signups", (("topic", "Product"),), 6.2, 1.28, 0.3)
    yield Stream("webinar_signups", (("topic", "Practice"),), 4.1, 1.34, 0.3)
    yield Stream("webinar_attendees", (("topic", "Product"),), 2.6, 1.22, 0.3)
    yield Stream("webinar_attendees", (("topic", "Practice"),), 1.7, 1.25, 0.3)
    yield Stream("partner_leads", (), 1.4, 1.2, 0.3, week=(7.0,) * WEEK_DAYS, weekly=True)


GUESTS = Stream("webinar_guests", (), 0.0, person=True)
KNOWN_GUESTS = 420
GUESTS_A_DAY = 3


def guests_on(day: date, opened: date) -> list[int]:
    """The numbers of the people who were in a webinar on that day; regulars have low ones."""
    age = (day - (opened - HISTORY)).days
    chance = random.Random(f"{SEED}:guests:{age}")  # noqa: S311
    return sorted({int(KNOWN_GUESTS * chance.random() ** 2) for _ in range(GUESTS_A_DAY)})


def is_silent(stream: Stream, day: date, opened: date) -> bool:
    """Whether the source sends nothing on that day."""
    before = (opened - day).days
    first, last = stream.silent or (-1, 0)
    stopped = bool(stream.late_days) and before <= stream.late_days
    return stopped or last <= before <= first or (stream.weekly and day.weekday() != SUNDAY)


def value_on(stream: Stream, day: date, opened: date) -> int | None:
    """The scaled value of that day; None where the source was silent."""
    age = (day - (opened - HISTORY)).days
    if is_silent(stream, day, opened):
        return None
    name = ":".join([stream.metric, *(value for _, value in stream.dims)])
    # Not for secrets: the same text must give the same numbers everywhere.
    chance = random.Random(f"{SEED}:{name}:{age}")  # noqa: S311
    wave = 1 + stream.season * math.sin(2 * math.pi * (day.timetuple().tm_yday - 60) / 365.25)
    level = stream.per_day * stream.growth ** (age / 365.25) * wave * stream.week[day.weekday()]
    for before, factor in stream.bends:
        level *= factor if (opened - day).days <= before else 1.0
    noisy = level * max(0.0, chance.gauss(1.0, stream.noise))
    whole = math.floor(noisy * 10**stream.decimals)
    return whole + (chance.random() < noisy * 10**stream.decimals - whole)


def first_told(stream: Stream, day: date, value: int, opened: date) -> int:
    """The value as it was told at first: one week of cost too high, clicks by robots included."""
    before = (opened - day).days
    is_wrong = stream.metric == "ad_cost" and WRONG_WEEK[0] <= before <= WRONG_WEEK[1]
    return value * 108 // 100 if is_wrong else value


def _corrected(day: date, opened: date) -> Iterator[tuple[Stream, date, int]]:
    """What was too high, told again as it is with the values of a day two weeks later."""
    earlier = day - timedelta(days=2 * WEEK_DAYS)
    for stream in _ads():
        value = value_on(stream, earlier, opened)
        if value is not None and value != first_told(stream, earlier, value, opened):
            yield stream, earlier, value


def values(first: date, last: date, opened: date) -> Iterator[tuple[Stream, date, int]]:
    """Every value of the demo that is told on a range of days, both included, as it is told."""
    known = streams()
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        for stream in known:
            value = value_on(stream, day, opened)
            if value is not None:
                yield stream, day, first_told(stream, day, value, opened)
        yield from _corrected(day, opened)
        for guest in guests_on(day, opened):
            yield GUESTS, day, guest
