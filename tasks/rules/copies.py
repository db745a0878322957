"""What of a card a copy of it takes along."""

from enum import StrEnum


class Part(StrEnum):
    """One thing that a copy has or has not; a title and a text it has always."""

    CHECKLIST = "checklist"
    LABELS = "labels"
    PEOPLE = "people"
    DAYS = "days"
    FIELDS = "fields"
    LINKS = "links"
    WAITING = "waiting"


USUAL = frozenset(Part) - {Part.WAITING}
