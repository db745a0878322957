"""What a request form asks, and what of an answer goes where on a card."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from urllib.parse import urlsplit

from workspaces.rules.letters import seen

MOST_QUESTIONS = 40
MOST_CHOICES = 50
LABEL_LENGTH = 200
HINT_LENGTH = 400
CHOICE_LENGTH = 100
SHORT_LENGTH = 200
LONG_LENGTH = 10_000
LINK_LENGTH = 2000
EMAIL_LENGTH = 254
NUMBER_LENGTH = 18
KEY = re.compile(r"[a-z][a-z0-9_]{0,29}\Z")
FIELD = re.compile(r"field_[0-9]{1,18}\Z")
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?\Z")


class Kind(StrEnum):
    """What an answer is."""

    SHORT = "short"
    LONG = "long"
    EMAIL = "email"
    CHOICE = "choice"
    SEVERAL = "several"
    DATE = "date"
    NUMBER = "number"
    LINK = "link"


class Target(StrEnum):
    """Where an answer goes beside the list of answers; a custom field is `field_<id>`."""

    TITLE = "title"
    DESCRIPTION = "description"
    START = "start"
    DUE = "due"
    PRIORITY = "priority"
    LABELS = "labels"
    RECEIPT = "receipt"


TAKES: dict[str, tuple[Kind, ...]] = {
    Target.TITLE: (Kind.SHORT, Kind.CHOICE),
    Target.DESCRIPTION: (Kind.SHORT, Kind.LONG),
    Target.START: (Kind.DATE,),
    Target.DUE: (Kind.DATE,),
    Target.PRIORITY: (Kind.CHOICE,),
    Target.LABELS: (Kind.CHOICE, Kind.SEVERAL),
    Target.RECEIPT: (Kind.EMAIL,),
}
FIELD_TAKES = {  # by the kinds of custom fields
    "text": (Kind.SHORT, Kind.EMAIL, Kind.CHOICE),
    "number": (Kind.NUMBER,),
    "day": (Kind.DATE,),
    "choice": (Kind.CHOICE,),
    "link": (Kind.LINK,),
}
ONCE = (Target.TITLE, Target.START, Target.DUE, Target.PRIORITY, Target.RECEIPT)
LENGTHS = {
    Kind.SHORT: SHORT_LENGTH,
    Kind.LONG: LONG_LENGTH,
    Kind.EMAIL: EMAIL_LENGTH,
    Kind.NUMBER: NUMBER_LENGTH,
    Kind.LINK: LINK_LENGTH,
}
PRIORITIES = ("low", "medium", "high", "urgent")  # what a question for it offers, from 1 on


class Unfit(ValueError):
    """A question or an answer cannot be; says what is wrong with it and, of a form, where."""

    def __init__(self, fault: str, place: int = 0) -> None:
        super().__init__(fault)
        self.fault, self.place = fault, place


@dataclass(frozen=True)
class Question:
    """One field of a form; `key` is what its answer is called, `to` is where it goes."""

    key: str
    label: str
    kind: Kind
    hint: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    to: str = ""

    @property
    def field_id(self) -> int | None:
        """The custom field that takes the answer."""
        return int(self.to.removeprefix("field_")) if FIELD.match(self.to) else None

    @property
    def offered(self) -> tuple[str, ...]:
        """What there is to choose from."""
        return PRIORITIES if self.to == Target.PRIORITY else self.choices

    def as_json(self) -> dict[str, object]:
        """The question as it is stored."""
        return {**asdict(self), "kind": self.kind.value, "choices": list(self.choices)}


Answer = str | tuple[str, ...]


def question_from(stored: Mapping[str, object]) -> Question:
    """A question as `as_json` has written it."""
    said = dict(stored)
    choices = said.pop("choices", ())
    kind = Kind(str(said.pop("kind")))
    return Question(**said, kind=kind, choices=tuple(choices))  # type: ignore[arg-type,call-overload]


def check_questions(questions: Sequence[Question]) -> None:
    """Raise Unfit, with the place from 1, for the first question that cannot be asked."""
    if not questions:
        raise Unfit("empty")
    if len(questions) > MOST_QUESTIONS:
        raise Unfit("too_many")
    keys: set[str] = set()
    targets: set[str] = set()
    for place, one in enumerate(questions, 1):
        once = one.to in ONCE or one.field_id is not None
        fault = _fault(one)
        if not fault and one.key in keys:
            fault = "twice"
        if not fault and once and one.to in targets:
            fault = "target_twice"
        if fault:
            raise Unfit(fault, place)
        keys.add(one.key)
        targets.add(one.to)


def _fault(one: Question) -> str:
    if not KEY.match(one.key):
        return "key"
    if not seen(one.label) or len(one.label) > LABEL_LENGTH or len(one.hint) > HINT_LENGTH:
        return "label"
    if one.to and one.field_id is None and one.kind not in TAKES.get(one.to, ()):
        return "target"
    return _fault_of_choices(one)


def _fault_of_choices(one: Question) -> str:
    if one.to == Target.PRIORITY:
        return "" if not one.choices else "priorities"
    if one.kind not in (Kind.CHOICE, Kind.SEVERAL):
        return "choices_unasked" if one.choices else ""
    clean = [seen(choice) for choice in one.choices]
    if not clean or len(clean) > MOST_CHOICES or len(set(clean)) < len(clean):
        return "choices"
    return "choices" if any(not 0 < len(word) <= CHOICE_LENGTH for word in clean) else ""


def read_answer(question: Question, sent: Answer) -> Answer:
    """The answer without space around, "" or () for none; raises Unfit."""
    choices = question.offered
    if question.kind is Kind.SEVERAL:
        chosen = (sent,) if isinstance(sent, str) else sent
        return _several(question, tuple(one for one in chosen if one), choices)
    if not isinstance(sent, str):
        raise Unfit("one")
    text = seen(sent)
    if "\x00" in text:
        raise Unfit("text")
    if not text:
        if question.required:
            raise Unfit("required")
        return ""
    if len(text) > LENGTHS.get(question.kind, CHOICE_LENGTH):
        raise Unfit("long")
    return _one(question.kind, text, choices)


def _several(question: Question, chosen: tuple[str, ...], choices: Sequence[str]) -> Answer:
    if len(chosen) > MOST_CHOICES or any(one not in choices for one in chosen):
        raise Unfit("choice")
    if question.required and not chosen:
        raise Unfit("required")
    return tuple(choice for choice in choices if choice in chosen)


def _one(kind: Kind, text: str, choices: Sequence[str]) -> str:
    fits = {
        Kind.SHORT: lambda: "\n" not in text,
        Kind.EMAIL: lambda: bool(EMAIL.match(text)),
        Kind.CHOICE: lambda: text in choices,
        Kind.DATE: lambda: _is_day(text),
        Kind.NUMBER: lambda: _is_number(text),
        Kind.LINK: lambda: _is_link(text),
    }
    if kind in fits and not fits[kind]():
        raise Unfit(kind.value)
    return text


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_number(text: str) -> bool:
    if not NUMBER.match(text):
        return False
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _is_link(text: str) -> bool:
    if any(letter.isspace() or ord(letter) < ord(" ") for letter in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def next_in_turn(order: Sequence[int], last: int, able: Sequence[int]) -> int | None:
    """The place of who is next: the first able one after place `last`, else from the beginning."""
    places = [place for place in sorted(order) if place in able]
    later = [place for place in places if place > last]
    return next(iter([*later, *places]), None)
