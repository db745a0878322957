"""Asking named people whether something is right, their answers, and what takes these back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from tasks.models import Approval, ApprovalAnswer, Approver, Attachment, Card
from tasks.models.approvals import ANSWER_LENGTH, QUESTION_LENGTH
from tasks.operations.comments import MODERATE, refuse_put_away
from tasks.operations.contents import refuse_foreign
from tasks.operations.telling import tell_card
from tasks.queries.approvals import newest_version, silent_approvers
from tasks.queries.places import place_of
from tasks.rules.approvals import OPEN, State, Verdict, state_of
from tasks.verbs import (
    APPROVAL_ANSWERED,
    APPROVAL_ASKED,
    APPROVAL_VOIDED,
    APPROVAL_WITHDRAWN,
    NOTICE_APPROVAL,
)
from workspaces.models import Membership
from workspaces.operations.days import refuse_far_days
from workspaces.operations.notifications import Notice, notify, overtake
from workspaces.operations.texts import refuse_long
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.roles import may
from workspaces.rules.verbs import Verb

MOST_APPROVERS = 20
MOST_OPEN = 20  # of a card


@dataclass(frozen=True)
class ApprovalDraft:
    """Who is asked what; `needed` None means all of them, without a file it is the description."""

    approvers: Sequence[Membership]
    needed: int | None = None
    attachment: Attachment | None = None
    question: str = ""
    due_on: date | None = None


@transaction.atomic
def ask_approval(card: Card, *, draft: ApprovalDraft, by: Membership, at: datetime) -> Approval:
    """Ask named members to approve the card's description or one of its files; they are told."""
    refuse_put_away(card)
    people = list({member.pk: member for member in draft.approvers}.values())
    _refuse_unfit(card, draft, people)
    Card.objects.select_for_update(no_key=True).get(pk=card.pk)
    if Approval.objects.filter(card=card, state__in=OPEN).count() >= MOST_OPEN:
        message = _("A card has at most %(count)d open approvals.") % {"count": MOST_OPEN}
        raise Refused(message, code="too_many")
    approval = Approval.objects.create(
        workspace_id=card.workspace_id,
        card=card,
        of_file=draft.attachment is not None,
        attachment=draft.attachment,
        question=draft.question.strip(),
        needed=draft.needed or len(people),
        due_on=draft.due_on,
        asked_by=by,
        asked_by_name=by.user.display_name,
        asked_at=at,
    )
    Approver.objects.bulk_create(
        Approver(
            workspace_id=card.workspace_id,
            approval=approval,
            member=member,
            name=member.user.display_name,
        )
        for member in people
    )
    tell_card(APPROVAL_ASKED, card, by=by, at=at, **_told(approval), count=len(people))
    _notify(approval, APPROVAL_ASKED, {member.pk for member in people}, by=by, at=at)
    return approval


@transaction.atomic
def answer_approval(
    approval: Approval, *, verdict: str, words: str = "", round_: int, by: Membership, at: datetime
) -> Approval:
    """Approve, or say what is to be changed; Stale where that has changed since `round_`.

    Only who was asked answers. A later answer takes the place of an earlier one, which is kept;
    the same one again changes nothing. Answers of two people do not stand in each other's way.
    """
    now = _hold(approval)
    approver = Approver.objects.filter(approval=now, member=by).first()
    if approver is None:
        raise PermissionDenied
    if now.state == State.WITHDRAWN:
        raise Refused(_("This approval has been withdrawn."), code="withdrawn")
    refuse_put_away(now.card)
    if round_ != now.round:
        raise Stale(_("What you were asked about has changed: look at it again."), current=now)
    clean = _answer(verdict, words)
    standing = ApprovalAnswer.objects.filter(approver=approver, voided_at=None)
    last = standing.first()
    if last is not None and (last.verdict, last.words) == (verdict, clean):
        return now
    standing.update(voided_at=at)
    version = newest_version(now.attachment)
    seen = version.number if version else now.card.touched.get("description", 1)
    made = ApprovalAnswer.objects.create(
        workspace_id=now.workspace_id,
        approver=approver,
        verdict=verdict,
        words=clean,
        round=now.round,
        seen=seen,
        version=version,
        at=at,
    )
    _settle(now)
    tell_card(APPROVAL_ANSWERED, now.card, by=by, at=at, **_told(now), state=verdict)
    asker, once = {now.asked_by_id or 0}, f"answer {made.pk}"
    _notify(now, APPROVAL_ANSWERED, asker, by=by, at=at, occasion=once, state=verdict)
    if now.state == State.APPROVED:
        overtake(APPROVAL_ASKED, "tasks.approval", {now.pk}, at=at)
    return now


@transaction.atomic
def withdraw_approval(approval: Approval, *, by: Membership, at: datetime) -> Approval:
    """Take the question back; who asked may, and who sets up boards. The answers are kept."""
    if approval.asked_by_id != by.pk and not may(by.rank, MODERATE):
        raise PermissionDenied
    now = _hold(approval)
    if now.state == State.WITHDRAWN:
        return now
    now.state, now.withdrawn_at = State.WITHDRAWN.value, at
    now.save(update_fields=["state", "withdrawn_at"])
    tell_card(APPROVAL_WITHDRAWN, now.card, by=by, at=at, **_told(now))
    overtake(APPROVAL_ASKED, "tasks.approval", {now.pk}, at=at)
    to = silent_approvers(now)
    _notify(now, APPROVAL_WITHDRAWN, to, by=by, at=at)
    return now


def void_approvals(
    card: Card, attachment: Attachment | None, *, by: Membership, at: datetime
) -> int:
    """What was asked about has changed, in the caller's transaction: its answers count no more.

    How many questions are open again; who is asked is told, and who asked.
    """
    rows = Approval.objects.filter(card=card, attachment=attachment, of_file=bool(attachment))
    count = 0
    for row in rows.exclude(state=State.WITHDRAWN).select_for_update(no_key=True).order_by("pk"):
        row.card, row.attachment = card, attachment
        row.round += 1
        answers = ApprovalAnswer.objects.filter(approver__approval=row, voided_at=None)
        voided = answers.update(voided_at=at)
        row.state, row.given = State.WAITING.value, 0
        row.save(update_fields=["round", "state", "given"])
        if voided:
            count += 1
            tell_card(APPROVAL_VOIDED, card, by=by, at=at, **_told(row), count=voided)
            asked = Approver.objects.filter(approval=row).values_list("member_id", flat=True)
            to = {pk for pk in (*asked, row.asked_by_id) if pk is not None}
            _notify(row, APPROVAL_VOIDED, to, by=by, at=at)
    return count


def _hold(approval: Approval) -> Approval:
    """The row as it is now, which nobody else writes until the commit; the lock stands alone."""
    Approval.objects.select_for_update(no_key=True).get(pk=approval.pk)
    rows = Approval.objects.select_related("card__board", "card__workspace", "attachment")
    return rows.get(pk=approval.pk)


def _settle(approval: Approval) -> None:
    """What follows from the answers that count."""
    counting = ApprovalAnswer.objects.filter(approver__approval=approval, voided_at=None)
    verdicts = list(counting.values_list("verdict", flat=True))
    approval.state = state_of(approval.needed, verdicts).value
    approval.given = verdicts.count(Verdict.APPROVED.value)
    approval.save(update_fields=["state", "given"])


def _answer(verdict: str, words: str) -> str:
    if verdict not in set(Verdict):
        raise Refused(_("Say whether you approve."), code="unknown", field="verdict")
    clean = words.strip()
    refuse_long(ANSWER_LENGTH, words=clean)
    if verdict == Verdict.CHANGES and not clean:
        raise Refused(_("Say what is to be changed."), code="required", field="words")
    return clean


def _refuse_unfit(card: Card, draft: ApprovalDraft, people: Sequence[Membership]) -> None:
    if not people:
        raise Refused(_("Choose who is asked."), code="required", field="approvers")
    if len(people) > MOST_APPROVERS:
        message = _("At most %(count)d people are asked at once.") % {"count": MOST_APPROVERS}
        raise Refused(message, code="too_many", field="approvers")
    refuse_foreign(card.workspace_id, *people)
    if draft.needed is not None and not 1 <= draft.needed <= len(people):
        message = _("Between 1 and %(count)d of them approve.") % {"count": len(people)}
        raise Refused(message, code="out_of_range", field="needed")
    file = draft.attachment
    if file is not None and (file.card_id != card.pk or file.trashed_at is not None):
        raise Refused(_("This file is not on the card."), code="foreign", field="attachment")
    if file is not None and file.is_link:
        message = _("A link can change unseen: attach the file that is to be approved.")
        raise Refused(message, code="link", field="attachment")
    if file is None and not card.description:
        message = _("The card has no description: say what is to be approved.")
        raise Refused(message, code="no_description", field="attachment")
    refuse_long(QUESTION_LENGTH, question=draft.question.strip())
    refuse_far_days(due=draft.due_on)


def _told(approval: Approval) -> dict[str, object]:
    """What every event of an approval says: never the words of an answer."""
    card, file = approval.card, approval.attachment
    named = {"file": file.name} if file else {}
    return {"approval_id": approval.pk, "title": card.title, "number": card.number, **named}


def _notify(
    approval: Approval, verb: Verb, people: Collection[int], *, by: Membership, at: datetime,
    occasion: str = "", **said: object,
) -> None:  # fmt: skip
    card = approval.card
    link = f"/w/{card.workspace.slug}/cards/{card.pk}/#approval-{approval.pk}"
    told = {"title": card.title, "number": card.number, **said}
    notice = Notice(NOTICE_APPROVAL, verb, link, told, occasion, place_of(card.board))
    notify(notice, approval, to=people, by=by, at=at)
