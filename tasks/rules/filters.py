"""Which cards of a board somebody looks for, as the words of an address."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from tasks.rules.due import Due

ME, NOBODY = "me", "none"
CURRENT = "current"
YES, NO = "yes", "no"
EITHER = ("done", "blocked")  # said by one of them
FIELD = "field_"
LONGEST_TEXT = 200
MOST_DIGITS = 18
MOST_WORDS = 50  # of one kind
PRIORITIES = ("none", "low", "medium", "high", "urgent")


@dataclass(frozen=True)
class Wanted:
    """What is looked for; several words of one kind mean any of them, kinds mean all of them.

    `assignee` holds ids as text, ME or NOBODY; `goal` ids or NOBODY; `cycle` ids, CURRENT (those
    that run) or NOBODY; `label` ids; `field` pairs of
    a custom field's id and what it says.
    """

    q: str = ""
    assignee: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    goal: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    cycle: tuple[str, ...] = ()
    done: str = ""
    blocked: str = ""
    field: tuple[tuple[int, str], ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is looked for."""
        return any(getattr(self, one.name) for one in fields(self))

    def words(self) -> list[tuple[str, str]]:
        """The pairs of the address's query that say the same, always in one order."""
        several = ("assignee", "label", "priority", "goal", "due", "cycle")
        pairs = [("q", self.q)] if self.q else []
        pairs += [(name, word) for name in several for word in getattr(self, name)]
        pairs += [(name, getattr(self, name)) for name in EITHER if getattr(self, name)]
        return pairs + [(f"{FIELD}{pk}", said) for pk, said in self.field]


def read_wanted(asked: Mapping[str, Sequence[str]]) -> tuple[Wanted, list[str]]:
    """What the query of an address looks for, and the names whose words say nothing."""
    text, strange = " ".join("".join(asked.get("q", ())[-1:]).split()), []
    found: dict[str, tuple[str, ...]] = {}
    for name, known in KINDS.items():
        words = [word for word in dict.fromkeys(asked.get(name, ())) if word]
        found[name] = tuple(word for word in words if known(word))[:MOST_WORDS]
        strange += [name] if len(found[name]) < len(words) else []
    said = {name: "".join(asked.get(name, ())[-1:]) for name in EITHER}
    strange += [name for name, word in said.items() if word not in {"", YES, NO}]
    done, blocked = (word if word in {YES, NO} else "" for word in said.values())
    if len(text) > LONGEST_TEXT or "\0" in text:
        text, strange = "", [*strange, "q"]
    values = tuple(_values(asked, strange))
    return Wanted(q=text, done=done, blocked=blocked, field=values, **found), strange


def _values(asked: Mapping[str, Sequence[str]], strange: list[str]) -> Iterable[tuple[int, str]]:
    for name in sorted(asked):
        if not name.startswith(FIELD):
            continue
        number, said = name.removeprefix(FIELD), "".join(asked[name][-1:]).strip()
        if not _is_id(number) or len(said) > LONGEST_TEXT or "\0" in said:
            strange.append(name)
        elif said:
            yield int(number), said


def _is_id(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= MOST_DIGITS


KINDS: dict[str, Callable[[str], bool]] = {
    "assignee": lambda word: word in {ME, NOBODY} or _is_id(word),
    "label": _is_id,
    "priority": lambda word: word in PRIORITIES,
    "goal": lambda word: word == NOBODY or _is_id(word),
    "due": lambda word: word in set(Due),
    "cycle": lambda word: word in {CURRENT, NOBODY} or _is_id(word),
}
