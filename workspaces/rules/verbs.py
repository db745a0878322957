"""The words of the log: what can happen, and the sentence that tells it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Verb:
    """One kind of event: its name (noun.past) and a sentence with {who} and the event's data.

    `endings` has another sentence for some of the states that the event can record. `shown` says
    how some of its data are written: a DAY; a MEASURE, whose `unit`, `decimals` and `currency`
    stand beside it; MEASURES, which are pairs of a name and a value; a PERIOD, of which `start`
    and `grain` stand beside it; WORDS, each in the reader's language.
    """

    name: str
    sentence: str
    endings: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)

    def sentence_for(self, state: object) -> str:
        """The sentence for an event that recorded this state."""
        return self.endings.get(str(state), self.sentence)


DAY, MEASURE, MEASURES, PERIOD = "day", "measure", "measures", "period"
WORDS = "words"
REGISTRY: dict[str, Verb] = {}


def verb(
    name: str,
    sentence: str,
    endings: Mapping[str, str] | None = None,
    shown: Mapping[str, str] | None = None,
) -> Verb:
    """Register a verb once; `sentence` is marked for translation by the caller."""
    if name in REGISTRY and REGISTRY[name].sentence != sentence:
        raise ValueError(f"{name} is already a verb with another sentence")
    REGISTRY[name] = Verb(name, sentence, endings or {}, shown or {})
    return REGISTRY[name]


@dataclass(frozen=True)
class VerbGroup:
    """Verbs that one wants to hear of together: words, and the nouns before the dot."""

    words: str
    nouns: frozenset[str]


GROUPS: dict[str, VerbGroup] = {}


def verb_group(name: str, words: str, nouns: str) -> str:
    """Register a group once; `words` are marked for translation, `nouns` stand apart by spaces."""
    made = VerbGroup(words, frozenset(nouns.split()))
    if GROUPS.get(name, made) != made:
        raise ValueError(f"{name} is already a group of other verbs")
    GROUPS[name] = made
    return name


def verbs_in(groups: Iterable[str]) -> list[str]:
    """The names of all verbs in these groups, in order."""
    nouns = frozenset().union(*(GROUPS[name].nouns for name in groups if name in GROUPS))
    return sorted(name for name in REGISTRY if name.partition(".")[0] in nouns)
