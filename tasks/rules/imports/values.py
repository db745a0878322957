"""Single values of boards' files: texts, days, instants, numbers, priorities, keys of people."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from tasks.rules.imports.tree import PersonFound, Unreadable

FIRST_YEAR, LAST_YEAR = 1970, 2200
LONGEST_NUMBER = 30
MOST_ESTIMATE = Decimal(1_000_000)
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
DAY_FORMATS = (
    "%Y-%m-%d", "%d/%b/%y", "%d/%b/%Y", "%d-%b-%Y", "%d %b %Y", "%b %d, %Y", "%B %d, %Y",
    "%d.%m.%Y", "%Y/%m/%d",
)  # fmt: skip
TIME_FORMATS = ("", " %I:%M %p", " %H:%M", " %H:%M:%S", " %I:%M:%S %p")
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
MONTHS_OF_A_YEAR = 12
PRIORITIES = {
    "urgent": "urgent", "highest": "urgent", "critical": "urgent", "blocker": "urgent",
    "high": "high", "major": "high", "important": "high",
    "medium": "medium", "normal": "medium",
    "low": "low", "lowest": "low", "minor": "low", "trivial": "low",
}  # fmt: skip
DONE_WORDS = {
    "done", "closed", "complete", "completed", "finished", "resolved", "shipped", "released",
    "erledigt", "fertig", "terminé", "hecho", "完成", "انجام شد",
}  # fmt: skip


def text_of(value: object) -> str:
    """A text without control characters and halves of letters; nothing for what is no text."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | Decimal):
        return str(value)[:LONGEST_NUMBER]
    if not isinstance(value, str):
        return ""
    return CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def line_of(value: object) -> str:
    """A text of one line."""
    return " ".join(text_of(value).split())


def list_of(value: object, where: str) -> list[Any]:
    """A list, or nothing where the file has none; anything else is not what the file says it is."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unreadable("not_a_list", where)
    return value


def things_of(value: object, where: str) -> list[tuple[str, dict[str, Any]]]:
    """The objects of a list with their pointers; Unreadable where one is none."""
    found = []
    for place, one in enumerate(list_of(value, where)):
        if not isinstance(one, dict):
            raise Unreadable("not_an_object", f"{where}/{place}")
        found.append((f"{where}/{place}", one))
    return found


def mapping_of(value: object) -> Mapping[str, Any]:
    """An object, an empty one where there is none."""
    return value if isinstance(value, dict) else {}


def instant_of(value: object) -> datetime | None:
    """An instant in UTC of ISO 8601 or of a tool's own words; None where there is none."""
    text = line_of(value)
    if not text:
        return None
    found = _iso(text) or _spelled(text)
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        return None
    if found.tzinfo is None:
        return found.replace(tzinfo=UTC)
    try:
        return found.astimezone(UTC)
    except OverflowError:
        return None


def day_of(value: object) -> date | None:
    """A day; of an instant with a zone the day that it has there."""
    text = line_of(value)
    found = (_iso(text) or _spelled(text)) if text else None
    return found.date() if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


def _iso(text: str) -> datetime | None:
    if not ISO_DAY.match(text):
        return None
    try:
        return datetime.fromisoformat(text.replace(" UTC", "+00:00"))
    except ValueError:
        return None


def _spelled(text: str) -> datetime | None:
    slashed = SLASHED.match(text)
    if slashed:
        return _slashed(slashed)
    for day in DAY_FORMATS:
        for time in TIME_FORMATS:
            try:
                return datetime.strptime(text, day + time)  # noqa: DTZ007  the file names no zone
            except ValueError:
                continue
    return None


def _slashed(found: re.Match[str]) -> datetime | None:
    """The month stands first unless it cannot be one."""
    first, second, year = (int(part) for part in found.groups())
    month, day = (first, second) if first <= MONTHS_OF_A_YEAR else (second, first)
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def number_of(value: object) -> Decimal | None:
    """An estimate of at most a million; None where there is none."""
    text = line_of(value)
    if not text or len(text) > LONGEST_NUMBER:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found <= MOST_ESTIMATE else None


def place_of(value: object) -> Decimal:
    """Where something stands among its siblings; 0 where that is not told."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return Decimal(0)
    place = Decimal(value)
    return place if place.is_finite() else Decimal(0)


def priority_of(value: object) -> str:
    """One of four words, or nothing."""
    return PRIORITIES.get(line_of(value).casefold(), "")


def sounds_done(name: str) -> bool:
    """Whether a column of this name is where finished cards stand."""
    return name.casefold().strip(" .!✓✅🎉") in DONE_WORDS


def as_truth(value: object) -> bool:
    """Whether a cell or a value of JSON says yes."""
    if isinstance(value, bool):
        return value
    return line_of(value).casefold() in {"true", "yes", "1", "x", "complete", "completed"}


class People:
    """The people of a file by key, each of them once."""

    def __init__(self) -> None:
        """Nobody yet."""
        self.found: dict[str, PersonFound] = {}

    def know(self, person: PersonFound) -> str:
        """Keep somebody; of the same key the first stays."""
        if person.key and person.key not in self.found:
            self.found[person.key] = person
        return person.key

    def named(self, name: object) -> str:
        """Keep somebody of whom only a name or an address is told; the key, "" for nobody."""
        text = line_of(name)
        if not text:
            return ""
        email = text if "@" in text and " " not in text else ""
        return self.know(PersonFound(text.casefold(), text, email=email))

    def several(self, names: Sequence[object]) -> tuple[str, ...]:
        """The keys of some names, each once."""
        return tuple(dict.fromkeys(key for name in names if (key := self.named(name))))

    def listed(self) -> list[PersonFound]:
        """Everybody, in the order in which the file names them."""
        return list(self.found.values())
