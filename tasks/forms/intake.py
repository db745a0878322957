"""A request form as it is filled in, and the editor of one."""

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tasks.forms.fields import ColumnField, MemberField, MembersField
from tasks.models import Board, Column, RequestForm, RequestFormVersion
from tasks.models.cards import TEXT_LENGTH
from tasks.models.intake import FORM_NAME_LENGTH, WORDS_LENGTH
from tasks.operations.intake import RequestFormDraft
from tasks.operations.request_answers import FAULTS
from tasks.operations.requests import NONCE_LENGTH, Sent
from tasks.queries.boards import columns_of, open_columns
from tasks.queries.requests import PRIORITY_WORDS, promises_to_choose, targets_of
from tasks.rules.intake import (
    HINT_LENGTH,
    LABEL_LENGTH,
    LENGTHS,
    MOST_QUESTIONS,
    SHORT_LENGTH,
    Answer,
    Kind,
    Question,
    Unfit,
    read_answer,
)
from workspaces.forms import Refusing, VersionField
from workspaces.models import Membership, SlaPromise, Workspace
from workspaces.queries.people import members_of

KIND_WORDS = [
    (Kind.SHORT.value, _("One line")),
    (Kind.LONG.value, _("Several lines")),
    (Kind.EMAIL.value, _("E-mail address")),
    (Kind.CHOICE.value, _("One of several choices")),
    (Kind.SEVERAL.value, _("Any of several choices")),
    (Kind.DATE.value, _("Day")),
    (Kind.NUMBER.value, _("Number")),
    (Kind.LINK.value, _("Link")),
]
WIDGETS = {
    Kind.SHORT: lambda: forms.TextInput(attrs={"dir": "auto"}),
    Kind.LONG: lambda: forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    Kind.EMAIL: lambda: forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    Kind.DATE: lambda: forms.DateInput(attrs={"type": "date"}),
    Kind.NUMBER: lambda: forms.TextInput(attrs={"inputmode": "decimal"}),
    Kind.LINK: lambda: forms.URLInput(attrs={"placeholder": "https://", "dir": "ltr"}),
}
BLANK = 2  # empty questions below those that are there


def new_nonce() -> str:
    """What tells one request from a second."""
    return secrets.token_urlsafe(18)


class RequestFields(Refusing):
    """One field for each question of a form's version; `website` is a trap for programs."""

    counter = "seen_version"

    nonce = forms.CharField(max_length=NONCE_LENGTH, required=False, widget=forms.HiddenInput)
    asked = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    website = forms.CharField(required=False)

    def __init__(self, *args: Any, version: RequestFormVersion, **kwargs: Any) -> None:
        """Ask what the version asks."""
        self.questions: Sequence[Question] = version.asked
        first = {"nonce": new_nonce(), "asked": version.number}
        super().__init__(*args, initial=first, **kwargs)
        for one in self.questions:
            self.fields[f"q_{one.key}"] = _field(one)
        self.elsewhere = {one.key: f"q_{one.key}" for one in self.questions}  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        """Say of every answer at once what is wrong with it."""
        said = super().clean() or {}
        for one in self.questions:
            name = f"q_{one.key}"
            try:
                read_answer(one, _as_sent(one, said[name]) if name in said else "")
            except Unfit as unfit:
                if name in said:
                    self.add_error(name, str(FAULTS[unfit.fault]))
        return said

    @property
    def trapped(self) -> bool:
        """Whether a program filled it in."""
        return bool(self.data.get("website"))

    @property
    def rows(self) -> list[forms.BoundField]:
        """The fields of the questions, in their order."""
        return [self[f"q_{one.key}"] for one in self.questions]

    def sent(self, language: str) -> Sent:
        """What was filled in, as the operation takes it."""
        said = self.cleaned_data
        answers = {one.key: _as_sent(one, said[f"q_{one.key}"]) for one in self.questions}
        return Sent(answers, said["nonce"], said["asked"], language)


class RequestCommentForm(Refusing):
    """Something that who sent a request says on its page."""

    counter = "seen_version"

    text = forms.CharField(
        label=_("Your comment"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    nonce = forms.CharField(max_length=NONCE_LENGTH, required=False, widget=forms.HiddenInput)
    website = forms.CharField(required=False)

    @property
    def trapped(self) -> bool:
        """Whether a program filled it in."""
        return bool(self.data.get("website"))


class PromiseField(forms.ModelChoiceField):
    def label_from_instance(self, promise: SlaPromise) -> str:
        return f"{promise.sla.name}: {promise.deliverable}"


class RequestFormForm(Refusing):
    """A request form without its questions, which QuestionForms hold."""

    elsewhere = {"questions": ""}

    name = forms.CharField(
        label=_("Name"), max_length=FORM_NAME_LENGTH, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    words = forms.CharField(
        label=_("What stands above it"),
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Markdown. Whoever sees the form reads it."),
    )
    audience = forms.ChoiceField(
        label=_("Who sends it"), choices=RequestForm.Audience.choices, initial="members"
    )
    is_open = forms.BooleanField(label=_("Takes requests"), required=False, initial=True)
    takes_comments = forms.BooleanField(
        label=_("Who sent a request may comment on it"), required=False, initial=True
    )
    column = ColumnField(label=_("Cards go to"), queryset=Column.objects.none())
    assignee = MemberField(
        label=_("Assignee"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
    )
    in_turn = forms.BooleanField(
        label=_("Give the cards to several people, one after the other"), required=False
    )
    turn = MembersField(
        label=_("Who gets them in turn"),
        queryset=Membership.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    told = MembersField(
        label=_("Who is told of each request"),
        queryset=Membership.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    promise = PromiseField(
        label=_("Promise whose clock starts"),
        queryset=SlaPromise.objects.none(),
        required=False,
        empty_label=pgettext_lazy("MOps", "None"),
        help_text=_("The response time of an agreement, in the working time of both parties."),
    )
    version = VersionField(required=False)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"].queryset = open_columns(workspace)
        for name in ("assignee", "turn", "told"):
            self.fields[name].queryset = members_of(workspace)
        self.fields["promise"].queryset = promises_to_choose(workspace)

    @staticmethod
    def values_of(draft: RequestFormDraft, version: int) -> dict[str, Any]:
        """What the editor shows first of a form that is there."""
        names = [name for name in RequestFormForm.base_fields if name != "version"]
        values = {name: getattr(draft, name) for name in names}
        values["column"] = draft.column or columns_of(draft.board).first()
        return {**values, "version": version}

    def changes(self, questions: Sequence[Question]) -> dict[str, Any]:
        """The form as it is wanted."""
        said = dict(self.typed)
        column: Any = said["column"]
        board: Board = column.board
        people = {name: tuple(said[name]) for name in ("turn", "told")}  # type: ignore[arg-type]
        return {**said, **people, "board": board, "questions": list(questions)}

    def draft(self, questions: Sequence[Question]) -> RequestFormDraft:
        """A new form as it is wanted."""
        return RequestFormDraft(**self.changes(questions))


class QuestionForm(forms.Form):
    """One question in the editor; one without words is left out."""

    key = forms.CharField(max_length=30, required=False, widget=forms.HiddenInput)
    label = forms.CharField(
        label=_("Question"),
        max_length=LABEL_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=KIND_WORDS, initial="short")
    to = forms.ChoiceField(label=_("Where it goes"), required=False)
    required = forms.BooleanField(label=_("Must be answered"), required=False)
    hint = forms.CharField(
        label=_("Hint"),
        max_length=HINT_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    choices = forms.CharField(
        label=_("Choices"),
        max_length=6000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("One a line. Labels by their names; priorities are offered by themselves."),
    )

    def __init__(self, *args: Any, targets: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = targets

    def question(self, key: str) -> Question:
        """The question that was written, called `key` unless it has a key."""
        said = self.cleaned_data
        lines = [line.strip() for line in said["choices"].splitlines() if line.strip()]
        return Question(
            key=said["key"] or key,
            label=said["label"].strip(),
            kind=Kind(said["kind"]),
            hint=said["hint"].strip(),
            required=said["required"],
            choices=tuple(lines),
            to=said["to"],
        )


Questions = forms.formset_factory(
    QuestionForm, extra=0, can_order=True, can_delete=True, max_num=MOST_QUESTIONS + 5
)


def questions_editor(
    workspace: Workspace, asked: Sequence[Question], data: QueryDict | None = None
) -> "forms.BaseFormSet[QuestionForm]":
    """The questions to edit, with some empty ones below."""
    first = [
        {**one.as_json(), "choices": "\n".join(one.choices), "kind": one.kind.value}
        for one in asked
    ]
    made: forms.BaseFormSet[QuestionForm] = Questions(
        data, prefix="questions", initial=first, form_kwargs={"targets": targets_of(workspace)}
    )
    made.extra = BLANK if asked else 3  # type: ignore[attr-defined]
    return made


def questions_in(editor: "forms.BaseFormSet[QuestionForm]") -> list[Question]:
    """What a valid editor asks, in the order that was chosen."""
    kept = [one for one in editor.ordered_forms if one.cleaned_data.get("label", "").strip()]
    taken = {one.cleaned_data["key"] for one in kept}
    fresh = (f"q{number}" for number in range(1, 1000) if f"q{number}" not in taken)
    return [one.question(one.cleaned_data["key"] or next(fresh)) for one in kept]


def _as_sent(one: Question, value: Any) -> Answer:
    """What a control gives, as the rules take it."""
    return tuple(value) if one.kind is Kind.SEVERAL else value


def _field(one: Question) -> forms.Field:
    """The control of a question."""
    told = {"label": one.label, "help_text": one.hint, "required": one.required}
    words = {word: str(PRIORITY_WORDS.get(word, word)) for word in one.offered}
    choices = [(word, words[word] if one.to == "priority" else word) for word in one.offered]
    if one.kind is Kind.SEVERAL:
        return forms.MultipleChoiceField(
            **told, choices=choices, widget=forms.CheckboxSelectMultiple
        )
    if one.kind is Kind.CHOICE:
        return forms.ChoiceField(**told, choices=[("", "–"), *choices])
    return forms.CharField(
        **told, max_length=LENGTHS.get(one.kind, SHORT_LENGTH), widget=WIDGETS[one.kind]()
    )
