"""A first mapping for a file nobody has described yet: proposed to people, never applied unseen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from metrics.rules.dayformats import (
    CALENDARS,
    GREGORIAN,
    MONTH_NAMES,
    day_reader,
    month_number,
)
from metrics.rules.daymaps import DayMap
from metrics.rules.digits import NATIVE, has_native
from metrics.rules.fileshapes import FileShape
from metrics.rules.numbers import first_doubtful, number_reader, proven_decimal

FORMATS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y",
    "%m-%d-%Y", "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%b %d, %Y", "%B %d, %Y", "%d %b %Y",
    "%d %B %Y", "%d-%b-%Y", "%d/%b/%y", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z", "%d.%m.%Y %H:%M",
    "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%b %d, %Y %I:%M %p", "%d/%b/%y %I:%M %p",
)  # fmt: skip
NAMED_FORMATS = (
    "%d %b %Y", "%d %B %Y", "%d. %B %Y", "%d. %b %Y", "%d de %B de %Y", "%d de %b de %Y",
    "%d-%b-%Y", "%d %B, %Y", "%b %d, %Y",
)  # fmt: skip
TWINS = {
    "%d/%m/%Y": "%m/%d/%Y", "%m/%d/%Y": "%d/%m/%Y", "%d-%m-%Y": "%m-%d-%Y", "%m-%d-%Y": "%d-%m-%Y",
    "%d/%m/%y": "%m/%d/%y", "%m/%d/%y": "%d/%m/%y",
}  # fmt: skip
MISSING = (
    "#N/A",
    "N/A",
    "n/a",
    "NA",
    "NULL",
    "null",
    "None",
    "-",
    "--",
    "—",
    "#DIV/0!",
    "(not set)",
)
LONGEST_DAY, SHORTEST_DAY, LONGEST_NAME = 40, 6, 100
MOST_NUMBER_OF_VALUES = 60  # a dimension has few values; a text with more is a name or a note
DAY_WORDS = ("date", "day", "datum", "tag", "data", "fecha", "jour", "sent")
UNIX_LENGTHS = {"unix": 10, "unix_ms": 13}
KEY_WORDS = re.compile(r"(^|[^a-z])(id|key|guid|uuid)$", re.IGNORECASE)

UNWANTED = (
    "abandon", "bounce", "cancel", "churn", "complain", "cost", "cpa", "cpc", "cpl", "cpm", "error",
    "expense", "fail", "lost", "optout", "refund", "spam", "spend", "spent", "unsub",
)  # fmt: skip


EVENT_WORDS = re.compile(r"(^|[^a-z])(event|action|activity|event_?(type|name))$", re.IGNORECASE)
PERSON_WORDS = re.compile(
    r"(who|user|person|people|contact|subscriber|recipient|customer|lead|visitor|account|member|client)"
    r"([^a-z]|_)*(id|key|uuid|hash|email|e-mail)?$|(^|[^a-z])e-?mail(_?address)?$",
    re.IGNORECASE,
)
NAMING_WORDS = re.compile(
    r"(^|[^a-z])(metric|kpi|measure|indicator)([^a-z]|_)*(name)?$", re.IGNORECASE
)
MOST_EVENTS = 8  # kinds of events that are proposed to be counted


@dataclass(frozen=True)
class Events:
    """Rows that each tell one event of one person: the columns, and the kinds of events."""

    column: str
    who: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Guess:
    """What each column seems to be: the day, a key, dimensions, numbers; the rest is ignored."""

    shape: FileShape
    day: DayMap | None
    doubtful_day: str = ""  # another format that reads every sampled day as well
    key: str = ""
    dims: tuple[str, ...] = ()
    metrics: tuple[tuple[str, int], ...] = ()  # column and its decimals
    events: Events | None = None
    doubtful_number: str = ""  # that could be grouped digits or have decimals
    long: tuple[str, str] | None = None  # columns of the metric's name and of its value


def guess_mapping(columns: Sequence[str], rows: Sequence[Sequence[str]], shape: FileShape) -> Guess:
    """Look at a sample of the rows and propose a role for each column."""
    whole = [row for row in rows if len(row) == len(columns)]
    texts = {name: [row[place].strip() for row in whole] for place, name in enumerate(columns)}
    decimal, thousands = _marks(texts, shape.delimiter)
    missing = tuple(sorted({"", *_missing(texts)}))
    native = any(has_native(text) for found in texts.values() for text in found)
    digits = NATIVE if native else shape.digits
    shape = replace(shape, decimal=decimal, thousands=thousands, missing=missing, digits=digits)
    empty = set(shape.missing)
    values = {name: [text for text in found if text not in empty] for name, found in texts.items()}
    day, doubt = _day(values)
    taken = set(day.columns) if day else set()
    events = _events(values, taken)
    taken |= {events.column, events.who} if events else set()
    key = next((name for name in columns if name not in taken and _is_key(name, values[name])), "")
    read = number_reader(shape.decimal, shape.thousands, native=native, signs=shape.signs)
    metrics, dims = [], []
    for name in columns:
        found = values[name]
        if name in taken or name == key or not found:
            continue
        numbers = [read(text) for text in found]
        if not any(isinstance(number, str) for number in numbers):
            if not KEY_WORDS.search(name) and not _is_day_like(name, found):
                metrics.append((name, _decimals(found, shape.decimal)))
        elif _is_dimension(found, len(whole)):
            dims.append(name)
    long = _long(dims, metrics)
    kept = tuple(name for name in dims if not long or name != long[0])
    doubtful = _doubtful_number([text for name, _n in metrics for text in values[name]])
    return Guess(shape, day, doubt, key, kept, tuple(metrics), events, doubtful, long)


def _doubtful_number(texts: Sequence[str]) -> str:
    """A number that proves no mark, where no other does."""
    return "" if proven_decimal(texts, native=True) else first_doubtful(texts)


def _events(values: dict[str, list[str]], taken: set[str]) -> Events | None:
    """A column that names few kinds of events, and one that says whose they are."""
    free = {name: found for name, found in values.items() if found and name not in taken}
    who = next((name for name in free if PERSON_WORDS.search(name)), "")
    for name, found in free.items():
        kinds = list(dict.fromkeys(found))
        few = len(kinds) <= MOST_EVENTS and max(map(len, kinds)) <= LONGEST_DAY
        if who and name != who and few and EVENT_WORDS.search(name):
            return Events(name, who, tuple(kinds))
    return None


def _long(
    dims: Sequence[str], metrics: Sequence[tuple[str, int]]
) -> tuple[str, str] | None:  # fmt: skip
    """A column that names metrics beside the only one that holds numbers."""
    named = next((name for name in dims if NAMING_WORDS.search(name)), "")
    return (named, metrics[0][0]) if named and len(metrics) == 1 else None


def _missing(texts: dict[str, list[str]]) -> set[str]:
    """The usual signs for "no value" that stand in the sample."""
    present = {text for found in texts.values() for text in found if text}
    return present & set(MISSING)


def _marks(texts: dict[str, list[str]], delimiter: str) -> tuple[str, str]:
    """Decimal and thousands marks that read the most columns wholly as numbers.

    Files with semicolons mostly come from where the decimal mark is a comma.
    """
    best, chosen = -1, (".", "")
    candidates = [(".", ""), (",", ""), (",", "."), (".", ","), (",", " "), (".", "'")]
    if delimiter == ";":
        candidates = [(",", ""), (",", "."), (",", " "), (".", ""), (".", ","), (".", "'")]
    for decimal, thousands in candidates:
        read = number_reader(decimal, thousands)
        count = sum(
            all(not isinstance(read(text), str) for text in found if text and text not in MISSING)
            and any(found)
            for found in texts.values()
        )
        if count > best:
            best, chosen = count, (decimal, thousands)
    return chosen


def _day(values: dict[str, list[str]]) -> tuple[DayMap | None, str]:
    """The column that reads as a day throughout, well named ones first; or month and day apart."""
    found: list[tuple[int, DayMap]] = []
    for name, texts in values.items():
        form, language = _format(texts)
        calendar = GREGORIAN if form else _calendar(texts)
        if not form and calendar:
            form, language = _format(texts, calendar)
        if form:
            named = any(word in name.casefold() for word in DAY_WORDS)
            day = DayMap(column=name, format=form, month_names=language, calendar=calendar)
            found.append((0 if named else 1, day))
    if found:
        day = _moment(min(found, key=lambda pair: pair[0])[1])
        twin = TWINS.get(day.format, "")
        doubtful = twin and _reads(values[day.column], twin)
        return day, twin if doubtful else ""
    return _parts(values) or _unix(values), ""


def _moment(day: DayMap) -> DayMap:
    """A time with its offset is a moment, which has a day of its own in each zone."""
    return replace(day, instant=True) if "%z" in day.format else day


def _unix(values: dict[str, list[str]]) -> DayMap | None:
    """A column called a time that holds seconds or milliseconds since 1970."""
    for name, texts in values.items():
        lengths = {len(text) for text in texts} if _is_day_like(name, texts) else set()
        for form, length in UNIX_LENGTHS.items():
            if lengths == {length}:
                return DayMap(column=name, format=form, instant=True)
    return None


def _calendar(texts: Sequence[str]) -> str:
    """The other calendar in which every text is a day, or nothing."""
    return next((name for name in CALENDARS[1:] if _format(texts, name)[0]), "")


def _format(texts: Sequence[str], calendar: str = GREGORIAN) -> tuple[str, str]:
    """The first format, and the language of its months, that reads every text as a day."""
    if not texts or len(texts[0]) > LONGEST_DAY or all(len(text) < SHORTEST_DAY for text in texts):
        return "", "en"
    for language in MONTH_NAMES if any(map(_has_letter, texts)) else ("en",):
        forms = FORMATS if language == "en" else NAMED_FORMATS
        for form in forms:
            if _reads(texts, form, language, calendar):
                return form, language
    return "", "en"


def _has_letter(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _reads(
    texts: Sequence[str], form: str, language: str = "en", calendar: str = GREGORIAN
) -> bool:
    read = day_reader(form, language, native=True, calendar=calendar)
    return all(read(text) is not None for text in texts)


def _parts(values: dict[str, list[str]]) -> DayMap | None:
    """Columns called month and day (and year) that hold such."""
    names = {name.casefold(): name for name in values}
    month, day, year = names.get("month"), names.get("day"), names.get("year", "")
    if not month or not day or not values[month]:
        return None
    for language, months in MONTH_NAMES.items():
        if all(month_number(text, months) for text in values[month]):
            return DayMap(month=month, day=day, year_column=year, month_names=language)
    return None


def _is_key(name: str, texts: Sequence[str]) -> bool:
    """A column named like one whose values are all different."""
    return bool(KEY_WORDS.search(name)) and len(texts) > 1 and len(set(texts)) == len(texts)


def _is_day_like(name: str, texts: Sequence[str]) -> bool:
    """Unix times and years are numbers, and no measure."""
    plain = all(text.isascii() and text.isdigit() for text in texts)
    if not plain:
        return False
    lengths = {len(text) for text in texts}
    named = any(
        word in name.casefold() for word in ("time", "stamp", "_at", "year", "month", "date")
    )
    return named and lengths <= {1, 2, 4, 10, 13}


def _is_dimension(texts: Sequence[str], rows: int) -> bool:
    different = len(set(texts))
    if any("%" in text for text in texts) and all(text.endswith("%") for text in texts):
        return False
    return (
        different <= min(MOST_NUMBER_OF_VALUES, max(rows // 2, 3))
        and max(map(len, texts)) <= LONGEST_NAME
    )


def _decimals(texts: Sequence[str], mark: str) -> int:
    """The most decimals that the sample shows, at most six."""
    return min(max(len(text.partition(mark)[2]) for text in texts), 6)


def metric_key(column: str) -> str:
    """A key for a new metric from the name of its column."""
    plain = re.sub(r"[^a-z0-9]+", "_", column.casefold()).strip("_")
    plain = re.sub(r"^(stats|metrics|sum)_", "", plain)
    if not plain or not plain[0].isalpha():
        plain = f"m_{plain}".rstrip("_")
    return plain[:63]


def metric_name(column: str) -> str:
    """A name for a new metric from the name of its column."""
    column = re.sub(r"(?<=.)#([0-9]+)$", r" \1", column)
    words = re.sub(r"[_.\s]+", " ", re.sub(r"^(stats|metrics)\.", "", column)).strip()
    return (words[:1].upper() + words[1:])[:80] or column[:80]


def source_name(file_name: str) -> str:
    """A first name for the source: that of the file without dates, numbers and ending."""
    stem = file_name.rpartition(".")[0] or file_name
    plain = "".join(letter if letter.isalpha() else " " for letter in stem)
    return " ".join(plain.split())[:80].lower() or "file"


def less_is_better(column: str) -> bool:
    """Whether a column's name says that people want little of it: bounces, complaints, costs."""
    words = "".join(letter if letter.isalpha() else " " for letter in column.lower()).split()
    return any(word.startswith(UNWANTED) for word in words)
