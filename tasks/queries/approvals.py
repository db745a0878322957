"""Approvals as a card, a board and those who are asked see them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils.safestring import SafeString

from tasks.models import Approval, ApprovalAnswer, Approver, Attachment, AttachmentVersion, Card
from tasks.queries.texts import shown
from tasks.rules.approvals import OPEN, State, is_cleared
from tasks.rules.reminders import LONGEST_OVERDUE, Step, step_of
from workspaces.models import Membership
from workspaces.rules.days import local_day

MOST_REMINDED = 5_000
FARTHEST_DAYS = 2


@dataclass(frozen=True)
class AnswerView:
    """One answer with its words as HTML; one that counts no more was overtaken or voided."""

    answer: ApprovalAnswer
    html: SafeString

    @property
    def counts(self) -> bool:
        """Whether it is what the approver says now."""
        return self.answer.voided_at is None


@dataclass(frozen=True)
class ApproverView:
    """Somebody who is asked and what they said, the newest first."""

    approver: Approver
    answers: list[AnswerView]

    @property
    def says(self) -> AnswerView | None:
        """What counts of it."""
        return next((one for one in self.answers if one.counts), None)

    @property
    def earlier(self) -> list[AnswerView]:
        """What does not count any more."""
        return [one for one in self.answers if not one.counts]


@dataclass(frozen=True)
class ApprovalView:
    """One question with those who are asked; `newest` is the version of the file to look at."""

    approval: Approval
    approvers: list[ApproverView]
    newest: AttachmentVersion | None
    is_mine: bool = False
    asks_me: bool = False

    @property
    def is_open(self) -> bool:
        """Whether somebody may still answer."""
        return self.approval.state != State.WITHDRAWN


@dataclass(frozen=True)
class AskedOfMe:
    """A question that waits for a member."""

    approval: Approval
    card: Card


@dataclass(frozen=True)
class OwedAnswer:
    """An answer that somebody is to be reminded of."""

    approval: Approval
    member_id: int
    step: Step


def approvals_of(card: Card, reader: Membership) -> list[ApprovalView]:
    """What is asked about the card, the newest question first; 1 query, at most 8 where any is."""
    rows = Approval.objects.filter(card=card).select_related("attachment", "asked_by__user")
    return view_approvals(card, list(rows.order_by("-pk")), reader)


def view_approvals(card: Card, rows: list[Approval], reader: Membership) -> list[ApprovalView]:
    """Questions of one card with those who are asked and their answers; at most 7 queries."""
    if not rows:
        return []
    people: dict[int, list[Approver]] = defaultdict(list)
    asked = Approver.objects.filter(approval__in=rows).select_related("member__user")
    for approver in asked.order_by("pk"):
        people[approver.approval_id].append(approver)
    said = _answers_of(card, rows)
    newest = _newest(row.attachment_id for row in rows)
    return [
        ApprovalView(
            approval=row,
            approvers=[ApproverView(one, said[one.pk]) for one in people[row.pk]],
            newest=newest.get(row.attachment_id or 0),
            is_mine=row.asked_by_id == reader.pk,
            asks_me=any(one.member_id == reader.pk for one in people[row.pk]),
        )
        for row in rows
    ]


def _answers_of(card: Card, rows: list[Approval]) -> dict[int, list[AnswerView]]:
    """What each approver said, newest first; at most 5 queries."""
    answers = list(
        ApprovalAnswer.objects.filter(approver__approval__in=rows)
        .select_related("version")
        .order_by("-pk")
    )
    said: dict[int, list[AnswerView]] = defaultdict(list)
    texts = shown(card.workspace, [answer.words for answer in answers])
    for answer, html in zip(answers, texts, strict=True):
        said[answer.approver_id].append(AnswerView(answer, html))
    return said


def _newest(attachment_ids: Iterable[int | None]) -> dict[int, AttachmentVersion]:
    """The newest version of each file; 1 query, none without files."""
    ids = {pk for pk in attachment_ids if pk is not None}
    if not ids:
        return {}
    rows = AttachmentVersion.objects.filter(attachment__in=ids).order_by("number")
    return {row.attachment_id: row for row in rows}


def newest_version(attachment: Attachment | None) -> AttachmentVersion | None:
    """What of the file is shown now; 1 query, none for the description."""
    return attachment.versions.order_by("-number").first() if attachment else None


def silent_approvers(approval: Approval) -> set[int]:
    """The members who were asked and have said nothing that counts; 1 query."""
    spoken = ApprovalAnswer.objects.filter(voided_at=None).values("approver_id")
    rows = Approver.objects.filter(approval=approval, member__isnull=False)
    return set(rows.exclude(pk__in=spoken).values_list("member_id", flat=True))


def asked_of_me(member: Membership) -> list[AskedOfMe]:
    """The open questions that the member has not answered, the most urgent first; 1 query."""
    found = _unanswered().filter(member=member, workspace_id=member.workspace_id)
    related = found.select_related(
        "approval__card", "approval__attachment", "approval__card__board"
    )
    rows = related.order_by(F("approval__due_on").asc(nulls_last=True), "pk")
    return [AskedOfMe(one.approval, one.approval.card) for one in rows]


def approvals_on(card_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """How many have approved of how many who must, of each card that waits; 1 query."""
    rows = Approval.objects.filter(card__in=card_ids, state__in=OPEN).order_by()
    found: dict[int, tuple[int, int]] = {}
    for card_id, given, needed in rows.values_list("card_id", "given", "needed"):
        had = found.get(card_id, (0, 0))
        found[card_id] = (had[0] + given, had[1] + needed)
    return found


def is_approved(card: Card) -> bool:
    """Whether the card was asked about and everything that was asked is approved; 1 query."""
    return is_cleared(list(Approval.objects.filter(card=card).values_list("state", flat=True)))


def seen_by_version(attachment: Attachment) -> dict[int, list[ApprovalAnswer]]:
    """What was answered to each version of a file, by its number; 1 query."""
    rows = ApprovalAnswer.objects.filter(version__attachment=attachment)
    found: dict[int, list[ApprovalAnswer]] = defaultdict(list)
    for row in rows.select_related("approver__member__user").order_by("pk"):
        found[row.seen].append(row)
    return found


def owed_answers(at: datetime) -> list[OwedAnswer]:
    """Who is to be reminded of an answer, each on their own local day; 1 query."""
    around = at.date()
    days = (around - LONGEST_OVERDUE, around.fromordinal(around.toordinal() + FARTHEST_DAYS))
    rows = _unanswered().filter(approval__due_on__range=days, member__user__is_active=True)
    related = ("approval__card__board", "approval__card__workspace", "member__user")
    found = []
    for row in rows.select_related(*related).order_by("workspace_id", "pk")[:MOST_REMINDED]:
        member, approval = row.member, row.approval
        if member is None or approval.due_on is None:
            continue
        zone = member.user.timezone or approval.card.workspace.timezone
        step = step_of(approval.due_on, at=at, today=local_day(at, zone), zone=zone)
        if step is not None:
            found.append(OwedAnswer(approval, member.pk, step))
    return found


def _unanswered() -> QuerySet[Approver]:
    """Who is asked and has said nothing that counts, about cards that are still there."""
    spoken = ApprovalAnswer.objects.filter(voided_at=None).values("approver_id")
    rows = Approver.objects.filter(approval__state__in=OPEN).exclude(pk__in=spoken)
    here = rows.filter(approval__card__archived_at=None)
    return here.filter(approval__card__board__archived_at=None)
