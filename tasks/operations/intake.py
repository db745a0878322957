"""Request forms: making, changing, archiving one, giving it another address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.models import (
    Board,
    Column,
    CustomField,
    Label,
    RequestForm,
    RequestFormPerson,
    RequestFormVersion,
)
from tasks.models.intake import FORM_NAME_LENGTH, WORDS_LENGTH
from tasks.operations.contents import refuse_foreign
from tasks.operations.request_links import FORMS, new_key
from tasks.rules.intake import (
    FIELD_TAKES,
    MOST_QUESTIONS,
    Question,
    Target,
    Unfit,
    check_questions,
)
from tasks.verbs import FORM_ARCHIVED, FORM_CHANGED, FORM_MADE, FORM_READDRESSED
from workspaces.models import Membership, SlaPromise, Workspace
from workspaces.operations.recording import record
from workspaces.operations.texts import refuse_long
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.letters import seen

MOST_FORMS = 100
MOST_PEOPLE = 50
FAULTS = {
    "empty": gettext_lazy("A form asks at least one question."),
    "too_many": gettext_lazy("A form asks at most %(most)d questions."),
    "key": gettext_lazy("Question %(place)d: its key is a small letter, then letters and digits."),
    "label": gettext_lazy("Question %(place)d: say in at most 200 characters what is asked."),
    "target": gettext_lazy("Question %(place)d: an answer of this kind cannot go there."),
    "twice": gettext_lazy("Question %(place)d: another question has this key."),
    "target_twice": gettext_lazy("Question %(place)d: another answer goes there already."),
    "choices": gettext_lazy("Question %(place)d: give 1 to 50 different choices."),
    "choices_unasked": gettext_lazy("Question %(place)d: only a choice has choices."),
    "priorities": gettext_lazy("Question %(place)d: it offers the priorities by itself."),
    "no_label": gettext_lazy("Question %(place)d: each choice must be a label's name."),
    "field_choices": gettext_lazy("Question %(place)d: the field does not have all these choices."),
}


@dataclass(frozen=True)
class RequestFormDraft:
    """A form as it is wanted; without a column its cards go to the board's first.

    With `in_turn` the cards go to `turn`, one after the other, else to `assignee`; `told` hear of
    each request, `promise` is whose clock starts with it.
    """

    name: str
    board: Board
    questions: Sequence[Question]
    column: Column | None = None
    words: str = ""
    audience: str = RequestForm.Audience.MEMBERS
    is_open: bool = True
    takes_comments: bool = True
    in_turn: bool = False
    assignee: Membership | None = None
    turn: Sequence[Membership] = ()
    told: Sequence[Membership] = ()
    promise: SlaPromise | None = None


OWN: tuple[str, ...] = ("name", "board", "column", "audience", "is_open", "takes_comments")
OWN += ("in_turn", "assignee", "promise")
PARTS = {"turn": RequestFormPerson.Part.TURN, "told": RequestFormPerson.Part.TOLD}


@transaction.atomic
def make_form(
    workspace: Workspace, *, draft: RequestFormDraft, by: Membership, at: datetime
) -> RequestForm:
    """Make a form; it takes requests at once where `is_open` says so."""
    if RequestForm.objects.filter(workspace=workspace, archived_at=None).count() >= MOST_FORMS:
        message = _("A workspace has at most %(count)d forms.") % {"count": MOST_FORMS}
        raise Refused(message, code="too_many")
    key, secret_hash = new_key(FORMS)
    form = RequestForm(workspace=workspace, key=key, secret_hash=secret_hash, made_at=at)
    _write(form, draft, by=by, at=at)
    record(FORM_MADE, form, by=by, at=at, name=form.name, version=1)
    return form


@transaction.atomic
def change_form(
    form: RequestForm,
    *,
    version: int,
    changes: Mapping[str, object],
    by: Membership,
    at: datetime,
) -> RequestForm:
    """Change what the draft's names say, if nobody else has since `version`; a version of its own.

    What was sent keeps the version by which it was sent.
    """
    now = _hold(form)
    if now.version != version:
        raise _stale(now)
    if now.archived_at is not None:
        raise Refused(_("This form is archived."), code="archived")
    draft = RequestFormDraft(**{**vars(draft_of(now)), **changes})  # type: ignore[arg-type]
    if draft == draft_of(now):
        return now
    now.version += 1
    _write(now, draft, by=by, at=at)
    record(FORM_CHANGED, now, by=by, at=at, name=now.name, version=now.version)
    return now


@transaction.atomic
def archive_form(form: RequestForm, *, on: bool, by: Membership, at: datetime) -> RequestForm:
    """Put a form away, which takes nothing any more, or bring it back; what was sent is kept."""
    now = _hold(form)
    if (now.archived_at is not None) == on:
        return now
    now.archived_at = at if on else None
    _store(now)
    state = "" if on else "back"
    record(FORM_ARCHIVED, now, by=by, at=at, name=now.name, state=state)
    return now


@transaction.atomic
def readdress_form(form: RequestForm, *, by: Membership, at: datetime) -> RequestForm:
    """Give a form another address; the old one is dead."""
    now = _hold(form)
    now.key, now.secret_hash = new_key(FORMS)
    now.save(update_fields=["key", "secret_hash"])
    record(FORM_READDRESSED, now, by=by, at=at, name=now.name)
    return now


def draft_of(form: RequestForm) -> RequestFormDraft:
    """The form as it is now; 3 queries."""
    newest = form.versions.get(number=form.version)
    people: dict[str, list[Membership]] = {part: [] for part in PARTS.values()}
    for row in form.people.select_related("member__user").order_by("place"):
        people[row.part].append(row.member)
    return RequestFormDraft(
        **{name: getattr(form, name) for name in OWN},
        words=newest.words,
        questions=newest.asked,
        turn=tuple(people[PARTS["turn"]]),
        told=tuple(people[PARTS["told"]]),
    )


def _write(form: RequestForm, draft: RequestFormDraft, *, by: Membership, at: datetime) -> None:
    """Store the form as it is wanted, with its version."""
    _refuse_unfit(form.workspace_id, draft)
    for name in OWN:
        setattr(form, name, getattr(draft, name))
    form.name = draft.name.strip()
    turn_of = _whose_was_last(form)
    _store(form)
    RequestFormVersion.objects.create(
        workspace_id=form.workspace_id,
        form=form,
        number=form.version,
        words=draft.words.strip(),
        questions=[question.as_json() for question in draft.questions],
        by_name=by.user.display_name,
        at=at,
    )
    RequestFormPerson.objects.filter(form=form).delete()
    for name, part in PARTS.items():
        members = list({one.pk: one for one in getattr(draft, name)}.values())
        RequestFormPerson.objects.bulk_create(
            RequestFormPerson(
                workspace_id=form.workspace_id, form=form, member=member, part=part, place=place
            )
            for place, member in enumerate(members)
        )
    _go_on_after(form, turn_of)


def _whose_was_last(form: RequestForm) -> int | None:
    """The member who got the last card in turn."""
    if form.pk is None:
        return None
    rows = RequestFormPerson.objects.filter(form=form, part=PARTS["turn"], place=form.last_turn)
    return rows.values_list("member_id", flat=True).first()


def _go_on_after(form: RequestForm, member_id: int | None) -> None:
    """Let the turn go on after that member in the order of now, or begin anew."""
    rows = RequestFormPerson.objects.filter(form=form, part=PARTS["turn"], member=member_id)
    place = rows.values_list("place", flat=True).first() if member_id else None
    form.last_turn = -1 if place is None else place
    form.save(update_fields=["last_turn"])


def _refuse_unfit(workspace_id: int, draft: RequestFormDraft) -> None:
    if not seen(draft.name):
        raise Refused(_("A form needs a name."), code="required", field="name")
    refuse_long(FORM_NAME_LENGTH, name=draft.name.strip())
    refuse_long(WORDS_LENGTH, words=draft.words.strip())
    rows = (draft.board, draft.column, draft.assignee, draft.promise, *draft.turn, *draft.told)
    refuse_foreign(workspace_id, *rows)
    if draft.column is not None and draft.column.board_id != draft.board.pk:
        message = _("This column is on another board.")
        raise Refused(message, code="foreign", field="column")
    if draft.audience not in RequestForm.Audience.values:
        raise Refused(_("Choose who sends it."), code="unknown", field="audience")
    if draft.in_turn and not draft.turn:
        message = _("Choose who gets the cards in turn.")
        raise Refused(message, code="required", field="turn")
    if max(len(draft.turn), len(draft.told)) > MOST_PEOPLE:
        message = _("At most %(count)d people.") % {"count": MOST_PEOPLE}
        raise Refused(message, code="too_many", field="turn")
    if draft.promise is not None and draft.promise.response_minutes is None:
        message = _("This promise names no response time.")
        raise Refused(message, code="no_response_time", field="promise")
    _refuse_questions(workspace_id, draft)


def _refuse_questions(workspace_id: int, draft: RequestFormDraft) -> None:
    """What is asked can be asked, and goes where there is something to go to."""
    try:
        check_questions(draft.questions)
        _check_fields(workspace_id, draft)
        _check_labels(workspace_id, draft.questions)
    except Unfit as unfit:
        told = {"place": unfit.place, "most": MOST_QUESTIONS}
        message = str(FAULTS[unfit.fault]) % told
        raise Refused(message, code=f"question_{unfit.fault}", field="questions") from unfit


def _check_fields(workspace_id: int, draft: RequestFormDraft) -> None:
    ids = [one.field_id for one in draft.questions if one.field_id is not None]
    rows = CustomField.objects.filter(workspace=workspace_id, pk__in=ids, retired_at=None)
    found = {row.pk: row for row in rows if row.board_id in (None, draft.board.pk)}
    for place, one in enumerate(draft.questions, 1):
        if one.field_id is None:
            continue
        field = found.get(one.field_id)
        if field is None or one.kind not in FIELD_TAKES.get(field.kind, ()):
            raise Unfit("target", place)
        if field.kind == CustomField.Kind.CHOICE and not set(one.choices) <= set(field.choices):
            raise Unfit("field_choices", place)


def _check_labels(workspace_id: int, questions: Sequence[Question]) -> None:
    asked = [(n, one) for n, one in enumerate(questions, 1) if one.to == Target.LABELS]
    if not asked:
        return
    names = set(Label.objects.filter(workspace=workspace_id).values_list("name", flat=True))
    for place, one in asked:
        if not set(one.choices) <= names:
            raise Unfit("no_label", place)


def _store(form: RequestForm) -> None:
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError as error:
        message = _("There is a form of this name.")
        raise Refused(message, code="name_taken", field="name") from error


def _hold(form: RequestForm) -> RequestForm:
    """The row as it is now, which nobody else writes until the commit; the lock stands alone."""
    RequestForm.objects.select_for_update(no_key=True).get(pk=form.pk)
    return RequestForm.objects.select_related(
        "board", "column", "assignee__user", "promise", "workspace"
    ).get(pk=form.pk)


def _stale(now: RequestForm) -> Stale:
    return Stale(_("Somebody changed this form meanwhile."), current=now)
