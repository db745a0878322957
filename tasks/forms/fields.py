from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms

from goals.models import Goal
from tasks.models import Cycle, Label
from workspaces.models import Membership, SlaClock
from workspaces.rules.errors import Refused

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class SaidForm(forms.Form):
    """A form without a page of its own: what is wrong with it is said as a refusal."""

    def said(self) -> dict[str, Any]:
        """What was sent, or a refusal that names the first field at fault."""
        for field, problems in self.errors.items():
            raise Refused(str(problems[0]), code="invalid", field=field)
        return self.cleaned_data


class MemberField(forms.ModelChoiceField):
    def label_from_instance(self, member: Membership) -> str:
        return member.user.display_name


class GoalField(forms.ModelChoiceField):
    def label_from_instance(self, goal: Goal) -> str:
        return goal.title


class CycleField(forms.ModelChoiceField):
    def label_from_instance(self, cycle: Cycle) -> str:
        return cycle.name


class ClockField(forms.ModelChoiceField):
    def label_from_instance(self, clock: SlaClock) -> str:
        return f"{clock.subject} · {clock.promise.sla.name}"


class ByBoard(forms.models.ModelChoiceIterator):
    """Columns to choose from, under the names of their boards."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        for board, columns in groupby(self.queryset, key=lambda column: column.board):
            yield board.name, [self.choice(column) for column in columns]


class ColumnField(forms.ModelChoiceField):
    iterator = ByBoard


class BoardFirst(ByBoard):
    """The columns of the board that one looks at, then those of the others by board."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        yield "", self.field.empty_label
        others = []
        for board, columns in groupby(self.queryset, key=lambda column: column.board):
            choices = [self.choice(column) for column in columns]
            if board.pk == self.field.board_id:
                yield from choices
            else:
                others.append((board.name, choices))
        yield from others


class HereFirst(forms.ModelChoiceField):
    """A column of this board, `board_id`, or of another one."""

    iterator = BoardFirst
    board_id = 0


class LabelsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, label: Label) -> str:
        return label.name


class MembersField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, member: Membership) -> str:
        return member.user.display_name
