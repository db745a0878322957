"""The answers of a request: read, and put where the form says that they go on a card."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext_lazy

from tasks.models import CustomField, Label, RequestForm
from tasks.models.cards import TITLE_LENGTH
from tasks.operations.cards import CardDraft
from tasks.rules.intake import (
    PRIORITIES,
    Answer,
    Question,
    Target,
    Unfit,
    read_answer,
)
from workspaces.rules.errors import Invalid, Problem, Refused

FAULTS = {
    "required": gettext_lazy("Answer this."),
    "long": gettext_lazy("This is too long."),
    "one": gettext_lazy("Give one answer."),
    "text": gettext_lazy("This is no text."),
    "short": gettext_lazy("Write one line."),
    "email": gettext_lazy("Write an e-mail address."),
    "choice": gettext_lazy("Choose one of what is offered."),
    "date": gettext_lazy("Write a day as YYYY-MM-DD."),
    "number": gettext_lazy("Write a number, such as 1200 or 0.5."),
    "link": gettext_lazy("Write an address that begins with https:// or http://."),
    "unknown": gettext_lazy("The form does not ask this."),
}


def read_answers(questions: Sequence[Question], sent: Mapping[str, Answer]) -> dict[str, Answer]:
    """Each answer by its key; Invalid, with all that is wrong, names the questions."""
    known = {one.key for one in questions}
    faults = [(key, "unknown") for key in sent if key not in known]
    read: dict[str, Answer] = {}
    for one in questions:
        try:
            read[one.key] = read_answer(one, sent.get(one.key, ""))
        except Unfit as unfit:
            faults.append((one.key, unfit.fault))
    if faults:
        raise Invalid([_problem(key, fault, str(FAULTS[fault])) for key, fault in faults])
    return read


def draft_card(
    form: RequestForm, questions: Sequence[Question], answers: Mapping[str, Answer]
) -> CardDraft:
    """The card that the answers make; what they do not say is left out."""
    said = {one.to: str(answers[one.key]) for one in questions if one.to and answers[one.key]}
    return CardDraft(
        title=said.get(Target.TITLE, form.name)[:TITLE_LENGTH],
        description=_description(questions, answers),
        start_on=_day(said.get(Target.START, "")),
        due_on=_day(said.get(Target.DUE, "")),
        priority=_priority(said.get(Target.PRIORITY, "")),
        labels=tuple(_labels(form, questions, answers)),
        values=_values(form, questions, answers),
    )


def email_in(questions: Sequence[Question], answers: Mapping[str, Answer]) -> str:
    """Where the receipt goes, "" for nowhere."""
    found = (str(answers[one.key]) for one in questions if one.to == Target.RECEIPT)
    return next(found, "")


def at_question(questions: Sequence[Question], refusal: Refused) -> Refused | Invalid:
    """What a card refuses, said of the question whose answer it was."""
    for one in questions:
        if one.to and refusal.field == one.to:
            return Invalid([_problem(one.key, refusal.code, refusal.message)])
    return refusal


def _problem(key: str, code: str, message: str) -> Problem:
    return Problem(message, code, f"/answers/{key}", None, key)


def _description(questions: Sequence[Question], answers: Mapping[str, Answer]) -> str:
    """The answers that are to be the description; each below its question where they are many."""
    said = [
        (one.label, str(answers[one.key]))
        for one in questions
        if one.to == Target.DESCRIPTION and answers[one.key]
    ]
    if len(said) == 1:
        return said[0][1]
    return "\n\n".join(f"**{label}**\n\n{text}" for label, text in said)


def _priority(word: str) -> int:
    return PRIORITIES.index(word) + 1 if word in PRIORITIES else 0


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _labels(
    form: RequestForm, questions: Sequence[Question], answers: Mapping[str, Answer]
) -> list[Label]:
    """The labels that are still called so."""
    names: set[str] = set()
    for one in questions:
        if one.to == Target.LABELS:
            said = answers[one.key]
            names |= {said} if isinstance(said, str) else set(said)
    if not names:
        return []
    return list(Label.objects.filter(workspace=form.workspace_id, name__in=names).order_by("pk"))


def _values(
    form: RequestForm, questions: Sequence[Question], answers: Mapping[str, Answer]
) -> dict[CustomField, object]:
    """What the custom fields take that are still asked for."""
    said = {
        one.field_id: answers[one.key]
        for one in questions
        if one.field_id is not None and answers[one.key]
    }
    if not said:
        return {}
    rows = CustomField.objects.filter(workspace=form.workspace_id, pk__in=said, retired_at=None)
    return {
        row: said[row.pk]
        for row in rows
        if row.board_id in (None, form.board_id)
        if row.kind != CustomField.Kind.CHOICE or said[row.pk] in row.choices
    }
