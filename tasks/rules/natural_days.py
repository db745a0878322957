"""Days as people write them, in English, Polish, Vietnamese, Thai and Persian; Gregorian."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from unicodedata import decimal

from tasks.rules.day_words import LANGUAGES, NO_DAYS, DayWords, Words

WEEK = 7
MONTHS = 12
MOST_AHEAD = {"d": 3660, "w": 520, "m": 120}
BUDDHIST, BUDDHIST_AHEAD = 2400, 543
FIRST_YEAR, LAST_YEAR = 1900, 2200
LEAP_GAP = 9  # years, until there is another 29 February for sure
SAME = {"ي": "ی", "ك": "ک"}
JOINER = "[\\s\u200c]*"


@dataclass(frozen=True)
class DayFound:
    """A day in a text, from one place to another."""

    start: int
    end: int
    day: date


@dataclass(frozen=True)
class Clock:
    """Where reading stands: the local day, and which day a week starts on (Monday is 1)."""

    today: date
    week_starts_on: int


Resolve = Callable[[re.Match[str], Clock], date | None]


@dataclass(frozen=True)
class Pattern:
    """A way to write a day; one that is `weak` counts only at the end or behind a lead."""

    regex: re.Pattern[str]
    resolve: Resolve
    weak: bool = False


def folded(text: str) -> str:
    """Small letters, Western digits, one kind of letters; every letter stays in its place."""
    return "".join(map(_fold, text))


def find_day(text: str, clock: Clock) -> DayFound | None:
    """The last day that the folded text names, by its longest words; None if it names none."""
    found = list(_found(text, clock))
    if not found:
        return None
    last = max(one.end for one in found)
    return min((one for one in found if one.end == last), key=lambda one: one.start)


def _found(text: str, clock: Clock) -> Iterator[DayFound]:
    for pattern in _patterns():
        for match in pattern.regex.finditer(text):
            at_end = not text[match.end() :].strip(" .,;!")
            if pattern.weak and not (match["lead"] or at_end):
                continue
            day = _safely(pattern.resolve, match, clock)
            if day is not None and FIRST_YEAR <= day.year < LAST_YEAR:
                yield DayFound(match.start(), match.end(), day)


def _safely(resolve: Resolve, match: re.Match[str], clock: Clock) -> date | None:
    try:
        return resolve(match, clock)
    except (ValueError, OverflowError):  # the 31st of a month with thirty days, a year too far
        return None


def _fold(letter: str) -> str:
    digit = decimal(letter, None)
    small = letter.lower() if digit is None else str(digit)
    return SAME.get(small, small if len(small) == 1 else letter)


@lru_cache(maxsize=1)
def _patterns() -> tuple[Pattern, ...]:
    leads = _any([lead for words in LANGUAGES for lead in words.leads])
    return tuple(pattern for words in LANGUAGES for pattern in _of(words, leads)) + _numbers(leads)


def _of(words: DayWords, leads: str) -> Iterator[Pattern]:
    """The ways of one language."""
    for name, ahead in (("today", 0), ("tomorrow", 1), ("overmorrow", 2)):
        yield _plain(getattr(words, name), _days(ahead), leads, words.free)
    yield _plain(words.next_week, _next_week, leads, words.free)
    yield _plain(words.next_month, _next_month, leads, words.free)
    yield _plain(words.month_end, _month_end, leads, words.free)
    yield _plain(words.one_week, _days(WEEK), leads)
    units = {"d": words.days, "w": words.weeks, "m": words.some_months}
    for unit, names in units.items():
        forms = [form.replace("{unit}", _any(names)) for form in words.ahead]
        yield _pattern(_either(forms), _ahead(unit), leads)
    for place, names in enumerate(words.week):
        not_before = "".join(f"(?<!{word} )" for word in NO_DAYS)
        yield _pattern(f"{not_before}{_any(names)}\\.?", _weekday(place), leads, weak=True)
        nexts = [form.replace("{day}", _any(names)) for form in words.next_day]
        yield _pattern(_either(nexts), _weekday(place, next_week=True), leads)
    for place, names in enumerate(words.months, 1):
        month, year = _any(names), r"(?:,?\s*(?P<year>\d{4}))?"
        day = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
        yield _pattern(rf"(?:ngày\s+)?{day}\s*(?:of\s+)?{month}\.?{year}", _in_month(place), leads)
        if words is LANGUAGES[0]:
            yield _pattern(rf"{month}\.?\s*{day}{year}", _in_month(place), leads)


def _numbers(leads: str) -> tuple[Pattern, ...]:
    """Days in figures; one that could be of two days is not read."""
    short = r"(?P<day>\d{1,2})(?P<sep>[./])(?P<month>\d{1,2})"
    return (
        _pattern(
            r"(?P<year>\d{4})(?P<dash>[-/.])(?P<month>\d{1,2})(?P=dash)(?P<day>\d{1,2})",
            _figures,
            leads,
        ),
        _pattern(rf"{short}(?P=sep)(?P<year>\d{{4}})", _figures, leads),
        _pattern(rf"{short}\.?", _figures, leads, weak=True),
    )


def _pattern(source: str, resolve: Resolve, leads: str, *, weak: bool = False) -> Pattern:
    lead = rf"(?:(?P<lead>{leads})\s+)?"
    regex = rf"(?<![\w/.@#~!-]){lead}(?:{source})(?![\w/-])"
    return Pattern(re.compile(regex), resolve, weak)


def _plain(words: Words, resolve: Resolve, leads: str, free: Words = ()) -> Pattern:
    loose = [word for word in words if word in free]
    if not loose:
        return _pattern(_any(words), resolve, leads)
    return Pattern(re.compile(rf"(?:(?P<lead>{leads})\s*)?{_any(words)}"), resolve)


def _any(words: Sequence[str]) -> str:
    """One of the words, the longest first."""
    return "(?:" + "|".join(map(_escaped, sorted(words, key=len, reverse=True))) + ")"


def _escaped(word: str) -> str:
    parts = (re.escape(folded(part)) for part in word.split("~"))
    return JOINER.join(part.replace("\\ ", "\\s+") for part in parts)


def _either(forms: Sequence[str]) -> str:
    """One of several forms; a number is a group in the first that has it."""
    sources = []
    for place, form in enumerate(forms):
        spaced = form.replace("~", JOINER).replace(" ", r"\s+") if "(?:" in form else form
        sources.append(spaced.replace("{n}", rf"(?P<n{place}>\d{{1,4}})"))
    return "(?:" + "|".join(sources) + ")"


def _days(ahead: int) -> Resolve:
    return lambda _match, clock: clock.today + timedelta(days=ahead)


def _ahead(unit: str) -> Resolve:
    def resolve(match: re.Match[str], clock: Clock) -> date | None:
        said = [text for name, text in match.groupdict().items() if name != "lead" and text]
        count = int(said[0])
        if not 0 < count <= MOST_AHEAD[unit]:
            return None
        if unit == "m":
            return _months_on(clock.today, count)
        return clock.today + timedelta(days=count * (WEEK if unit == "w" else 1))

    return resolve


def _weekday(place: int, *, next_week: bool = False) -> Resolve:
    """The next day of that name after today; with `next_week`, that of the week to come."""

    def resolve(_match: re.Match[str], clock: Clock) -> date:
        if next_week:
            start = _next_week(_match, clock)
            return start + timedelta(days=(place - start.weekday()) % WEEK)
        return clock.today + timedelta(days=(place - clock.today.weekday()) % WEEK or WEEK)

    return resolve


def _next_week(_match: re.Match[str], clock: Clock) -> date:
    """Its first day."""
    behind = (clock.today.isoweekday() - clock.week_starts_on) % WEEK
    return clock.today + timedelta(days=WEEK - behind)


def _next_month(_match: re.Match[str], clock: Clock) -> date:
    return _months_on(clock.today.replace(day=1), 1)


def _month_end(_match: re.Match[str], clock: Clock) -> date:
    return _months_on(clock.today.replace(day=1), 1) - timedelta(days=1)


def _months_on(day: date, count: int) -> date:
    """The same day of a later month, or its last where it is shorter."""
    months = day.year * MONTHS + day.month - 1 + count
    for number in range(day.day, 0, -1):
        try:
            return date(months // MONTHS, months % MONTHS + 1, number)
        except ValueError:
            continue
    raise ValueError(count)


def _in_month(month: int) -> Resolve:
    def resolve(match: re.Match[str], clock: Clock) -> date | None:
        return _dated(match["year"], month, int(match["day"]), clock)

    return resolve


def _figures(match: re.Match[str], clock: Clock) -> date | None:
    said = match.groupdict()
    day, month = int(said["day"]), int(said["month"])
    if said.get("sep") == "/" and ((day <= MONTHS and day != month) or match[0] == "24/7"):
        return None  # 3/4 is in March for some and in April for others
    return _dated(said.get("year"), month, day, clock)


def _dated(year: str | None, month: int, day: int, clock: Clock) -> date | None:
    """The day of that year, else the next one that is not over."""
    if year:
        number = int(year)
        return date(number - BUDDHIST_AHEAD if number > BUDDHIST else number, month, day)
    for number in range(clock.today.year, clock.today.year + LEAP_GAP):
        try:
            found = date(number, month, day)
        except ValueError:
            continue
        if found >= clock.today:
            return found
    return None
