"""Fields of the forms of goals: exact amounts, checkpoints, members, choices with words."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from goals.rules import amounts
from goals.rules.courses import Checkpoint
from metrics.forms.numbers import SAID, number_of
from metrics.rules.typed import DIGITS
from workspaces.models import Membership

CARD = "<b>{}</b><small>{}</small>"
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def cards(rows: list[tuple[Any, Any, Any]]) -> list[tuple[str, str]]:
    """Choices as cards: a value, a name and words beside it."""
    return [(str(value), format_html(CARD, name, words)) for value, name, words in rows]


def name_of(member: Membership) -> str:
    """The name of a member."""
    return member.user.display_name


class MemberField(forms.ModelChoiceField):
    """A member by name."""

    def label_from_instance(self, member: Membership) -> str:
        """The name that they chose."""
        return name_of(member)


class AmountField(forms.Field):
    """An exact decimal, as people of any of the interface's languages write it."""

    widget = forms.TextInput(
        attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": "40"}
    )

    def to_python(self, text: str | None) -> Decimal | None:
        """Read it exactly; None for nothing."""
        return exact((text or "").strip().removesuffix("%").removesuffix("٪"))


def exact(text: str) -> Decimal | None:
    """The amount that was typed, with no more digits than one is kept with."""
    number = number_of(text)
    if number is None:
        return None
    found = amounts.parse(amounts.canonical(number))
    if found is None:
        raise forms.ValidationError(SAID["not_a_number"], code="not_a_number")
    return found


class CheckpointsField(forms.Field):
    """Checkpoints as lines of a day and an amount."""

    default_error_messages = {
        "not_a_checkpoint": _("Line %(line)s: write a day and a number, such as 2026-03-31 1200.")
    }

    def to_python(self, text: str | None) -> tuple[Checkpoint, ...]:
        """Read every line; an empty one counts for its number only."""
        lines = enumerate((text or "").translate(DIGITS).splitlines(), 1)
        return tuple(self.checkpoint(number, line) for number, line in lines if line.strip())

    def checkpoint(self, number: int, line: str) -> Checkpoint:
        """Read one line, or say which one cannot be read."""
        day, _space, amount = line.strip().partition(" ")
        try:
            found, value = date.fromisoformat(day.strip(":,;")), exact(amount)
        except (ValueError, forms.ValidationError):
            value = None
        if value is None:
            message = self.error_messages["not_a_checkpoint"]
            raise forms.ValidationError(message, "not_a_checkpoint", {"line": number})
        return Checkpoint(found, value)

    @staticmethod
    def lines_of(checkpoints: Iterable[Checkpoint]) -> str:
        """What the field shows of checkpoints that stand."""
        return "\n".join(
            f"{one.day.isoformat()} {amounts.canonical(one.value)}" for one in checkpoints
        )
