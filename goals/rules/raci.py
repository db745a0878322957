"""Who does what for a goal: one is accountable, others responsible, consulted, informed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Letter(StrEnum):
    """What somebody is for a goal."""

    RESPONSIBLE = "R"
    ACCOUNTABLE = "A"
    CONSULTED = "C"
    INFORMED = "I"


@dataclass(frozen=True)
class Party:
    """A member or a stakeholder, by id; exactly one of the two."""

    member: int | None = None
    stakeholder: int | None = None


@dataclass(frozen=True)
class Seat:
    """One letter for one party. Who is accountable may do the work too, and is R beside A."""

    letter: Letter
    party: Party


class Flaw(StrEnum):
    """Why seats cannot stand together."""

    NOBODY_ACCOUNTABLE = "nobody_accountable"
    TWO_ACCOUNTABLE = "two_accountable"
    OUTSIDER_ACCOUNTABLE = "outsider_accountable"
    TWO_LETTERS = "two_letters"


def flaw_of(seats: Sequence[Seat]) -> Flaw | None:
    """What is wrong with the seats of one goal, None when they can stand."""
    heads = {seat.party for seat in seats if seat.letter is Letter.ACCOUNTABLE}
    if len(heads) > 1:
        return Flaw.TWO_ACCOUNTABLE
    if not heads:
        return Flaw.NOBODY_ACCOUNTABLE
    if next(iter(heads)).member is None:
        return Flaw.OUTSIDER_ACCOUNTABLE
    letters: dict[Party, set[Letter]] = {}
    for seat in seats:
        letters.setdefault(seat.party, set()).add(seat.letter)
    both = {Letter.ACCOUNTABLE, Letter.RESPONSIBLE}
    clash = any(len(own) > 1 and own != both for own in letters.values())
    return Flaw.TWO_LETTERS if clash else None
