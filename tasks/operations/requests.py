"""What comes by a request form: one card for each request, whoever sends it twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tasks.models import (
    Card,
    Column,
    Comment,
    RequestForm,
    RequestFormPerson,
    Submission,
)
from tasks.models.cards import TEXT_LENGTH
from tasks.models.comments import BY_NAME_LENGTH
from tasks.operations.cards import CardDraft, add_card
from tasks.operations.comments import refuse_put_away
from tasks.operations.contents import refuse_foreign
from tasks.operations.mentions import tell_concerned
from tasks.operations.request_answers import at_question, draft_card, email_in, read_answers
from tasks.operations.request_links import REQUESTS, new_key
from tasks.operations.telling import tell_card
from tasks.queries.places import place_of
from tasks.queries.requests import comments_by, mark_of
from tasks.rules.intake import Answer, Question, next_in_turn
from tasks.verbs import COMMENT_ADDED, NOTICE_REQUEST, REQUEST_SENT
from workspaces.models import Membership, SlaClock
from workspaces.operations.clocks import start_clock
from workspaces.operations.notifications import Notice, notify
from workspaces.operations.texts import refuse_long
from workspaces.operations.waking import wake
from workspaces.rules.errors import Refused
from workspaces.rules.letters import seen

NONCE_LENGTH = 40
MOST_A_DAY = 500  # by one form, of people without an account
MOST_MAILS = 3  # to one address a day
MOST_COMMENTS = 50  # of a request
DAY = timedelta(days=1)
NO_ROOM = {"full", "lane_full", "not_ready", "busy_person", "gone"}


@dataclass(frozen=True)
class Sent:
    """A form as it was filled in: answers by the keys of the questions; `nonce` tells two apart.

    `version` is that of the form that was seen, 0 for the newest.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    nonce: str = ""
    version: int = 0
    language: str = ""


@transaction.atomic
def send_request(
    form: RequestForm, *, sent: Sent, by: Membership | None, at: datetime
) -> Submission:
    """Make a card of a request, and keep the answers as they were sent; the same nonce is one.

    Requests of a form come one after the other, so that its people get them strictly in turn. Where
    a column has no room for it the next one takes the card, rather than that it is lost.
    """
    if len(sent.nonce) > NONCE_LENGTH:
        raise Refused(_("The nonce is too long."), code="max_length", field="nonce")
    now = _hold(form)
    nonce = f"{by.pk if by else 0}:{sent.nonce}" if sent.nonce else None
    twin = Submission.objects.filter(form=now, nonce=nonce).first() if nonce else None
    if twin is not None:
        return twin
    _refuse_closed(now, by=by, at=at)
    version = now.versions.filter(number=sent.version or now.version).first()
    if version is None:
        raise Refused(_("There is no such version of the form."), code="gone", field="version")
    questions = version.asked
    answers = read_answers(questions, sent.answers)
    draft = draft_card(now, questions, answers)
    person, place = _whose(now)
    clock = _clock(now, draft.title, by=by, at=at)
    draft = replace(draft, assignee=person, clock=clock)
    card = _place(now, questions, draft, by=by, at=at)
    if place is not None and card.assignee_id is not None:
        RequestForm.objects.filter(pk=now.pk).update(last_turn=place)
    key, secret_hash = new_key(REQUESTS)
    email = email_in(questions, answers)
    made = Submission.objects.create(
        workspace_id=now.workspace_id,
        form=now,
        version=version.number,
        card=card,
        member=by,
        title=card.title,
        email=email,
        language=sent.language[:16],
        answers=[{**one.as_json(), "answer": answers[one.key]} for one in questions],
        nonce=nonce,
        key=key,
        secret_hash=secret_hash,
        sent_at=at,
        mail_at=at if _mails(email, at) else None,
    )
    _tell(now, card, by=by, at=at)
    if made.mail_at:
        wake("send_receipts")
    return made


@transaction.atomic
def comment_request(submission: Submission, *, text: str, nonce: str, at: datetime) -> Comment:
    """Say something on the card of one's request without an account; sent twice it is one.

    It mentions nobody, and stands under the address that was given, if any.
    """
    Submission.objects.select_for_update(no_key=True).get(pk=submission.pk)
    card = submission.card
    if card is None or not submission.form.takes_comments:
        raise Refused(_("This request takes no comments."), code="closed")
    clean = seen(text)
    if not clean:
        raise Refused(_("Write a comment."), code="required", field="text")
    refuse_long(TEXT_LENGTH, text=clean)
    if len(nonce) > NONCE_LENGTH:
        raise Refused(_("The nonce is too long."), code="max_length", field="nonce")
    said = comments_by(submission)
    mark = f"{mark_of(submission)}{nonce or at.timestamp()}"
    twin = said.filter(nonce=mark).first()
    if twin is not None:
        return twin
    refuse_put_away(card)
    if said.count() >= MOST_COMMENTS:
        raise Refused(_("There are too many comments here already."), code="too_many")
    comment = Comment.objects.create(
        workspace_id=card.workspace_id,
        card=card,
        by=None,
        by_name=(submission.email or _("Who sent the request"))[:BY_NAME_LENGTH],
        text=clean,
        nonce=mark,
        at=at,
    )
    told = {"comment_id": comment.pk, "title": card.title, "number": card.number}
    tell_card(COMMENT_ADDED, card, by=None, at=at, **told)
    part = f"comment-{comment.pk}"
    tell_concerned(card, besides=(), also=(), part=part, by=None, at=at)
    return comment


def _hold(form: RequestForm) -> RequestForm:
    """The form as it is now; who comes meanwhile waits. The lock stands alone."""
    RequestForm.objects.select_for_update(no_key=True).get(pk=form.pk)
    related = ("board", "column", "assignee__user", "promise", "workspace")
    return RequestForm.objects.select_related(*related).get(pk=form.pk)


def _refuse_closed(form: RequestForm, *, by: Membership | None, at: datetime) -> None:
    shut = form.archived_at is not None or not form.is_open or not form.board.is_open
    if shut or (by is None and not form.is_public):
        raise Refused(_("This form takes no requests now."), code="closed")
    if by is not None:
        refuse_foreign(form.workspace_id, by)
        return
    lately = Submission.objects.filter(form=form, member=None, sent_at__gt=at - DAY)
    if lately.count() >= MOST_A_DAY:
        message = _("Too many requests came by this form today. Try again tomorrow.")
        raise Refused(message, code="too_many")


def _place(
    form: RequestForm,
    questions: Sequence[Question],
    draft: CardDraft,
    *,
    by: Membership | None,
    at: datetime,
) -> Card:
    """The card in the form's column, else in the next one that takes it, else without a person."""
    for column in _columns(form):
        for wanted in (draft, replace(draft, assignee=None)):
            try:
                with transaction.atomic():
                    return add_card(column, draft=wanted, by=by, at=at)
            except Refused as refusal:
                if refusal.code not in NO_ROOM:
                    raise at_question(questions, refusal) from refusal
    message = _("There is no room for another request now. Try again later.")
    raise Refused(message, code="full")


def _columns(form: RequestForm) -> list[Column]:
    """Where a request may stand: the column that the form names, then those of open work."""
    rows = list(Column.objects.select_related("board").filter(board=form.board_id))
    rows.sort(key=lambda row: (row.pk != form.column_id, row.is_done, row.position))
    return [row for row in rows if row.pk == form.column_id or not row.is_done]


def _clock(
    form: RequestForm, title: str, *, by: Membership | None, at: datetime
) -> SlaClock | None:
    """The clock of what the form promises; None where that is promised no more."""
    if form.promise is None:
        return None
    try:
        with transaction.atomic():
            return start_clock(form.promise, subject=title, by=by, at=at)
    except Refused:
        return None


def _whose(form: RequestForm) -> tuple[Membership | None, int | None]:
    """Who gets the card, and their place in the turn; who has left is passed over."""
    if not form.in_turn:
        person = form.assignee
        return (person if person and person.user.is_active else None), None
    part = RequestFormPerson.Part.TURN
    rows = RequestFormPerson.objects.filter(form=form, part=part).select_related("member__user")
    people = {row.place: row.member for row in rows}
    able = [place for place, member in people.items() if member.user.is_active]
    place = next_in_turn(list(people), form.last_turn, able)
    return (None, None) if place is None else (people[place], place)


def _mails(email: str, at: datetime) -> bool:
    """Whether a receipt goes out: mail is set up, and the address did not get many today."""
    if not (email and settings.EMAIL_URL):
        return False
    lately = Submission.objects.filter(email__iexact=email, sent_at__gt=at - DAY)
    return lately.count() < MOST_MAILS


def _tell(form: RequestForm, card: Card, *, by: Membership | None, at: datetime) -> None:
    state = "" if by else "public"
    told = {"title": card.title, "form": form.name, "number": card.number}
    tell_card(REQUEST_SENT, card, by=by, at=at, **told, state=state)
    part = RequestFormPerson.Part.TOLD
    to = set(form.people.filter(part=part).values_list("member_id", flat=True))
    link = f"/w/{form.workspace.slug}/cards/{card.pk}/"
    said: dict[str, object] = {**told, "state": state}
    notice = Notice(NOTICE_REQUEST, REQUEST_SENT, link, said, place=place_of(card.board))
    notify(notice, card, to=to, by=by, at=at)
