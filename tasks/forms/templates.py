from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.forms.cards import OWN, CardForm, clean_steps
from tasks.models import CardTemplate
from tasks.models.cards import TEXT_LENGTH
from tasks.models.templates import LONGEST_DUE
from tasks.operations.templates import TemplateDraft
from workspaces.forms import VersionField

NOT_ASKED = ("start_on", "due_on", "reports_to", "clock")


class TemplateForm(CardForm):
    """What a card of a template says."""

    due_in = forms.IntegerField(
        label=_("Due in days"),
        required=False,
        min_value=0,
        max_value=LONGEST_DUE,
        help_text=_("So many days after the card is made."),
    )
    checklist = forms.CharField(
        label=_("Checklist"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One step per line."),
    )
    version = VersionField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NOT_ASKED:
            self.fields.pop(name, None)

    def clean_checklist(self) -> tuple[str, ...]:
        """The steps, none too long."""
        return clean_steps(self.cleaned_data["checklist"])

    def changes(self) -> dict[str, Any]:
        """All that was written, by the names of a TemplateDraft."""
        said = {name: self.cleaned_data[name] for name in ("due_in", "checklist")}
        return {**self.written(), **said}

    def draft(self) -> TemplateDraft:
        """The new template."""
        return TemplateDraft(**self.changes())

    @staticmethod
    def values_of(template: CardTemplate) -> dict[str, Any]:
        """What the form shows of a template that is there."""
        names = ("title", "description", "estimate", "priority", "due_in", "version")
        own = {f"{OWN}{pk}": value for pk, value in template.values.items()}
        return own | {
            **{name: getattr(template, name) for name in names},
            "assignee": template.assignee_id,
            "goal": template.goal_id,
            "labels": [label.pk for label in template.labels.all()],
            "helpers": [member.pk for member in template.helpers.all()],
            "checklist": "\n".join(template.checklist),
        }
