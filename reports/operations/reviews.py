"""Reviewing: beginning, looking at one goal after the other, asking, ending."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from goals.models import Goal
from goals.operations.updates import goal_link
from goals.queries.horizons import horizons_of
from goals.queries.standing import standings
from reports.models import Review, ReviewItem
from reports.models.reviews import TEXT_LENGTH
from reports.queries.reviews import horizon_data, last_ended, lineup_of, numbers_of, summary_of
from reports.rules.reviews import Outcome, Rhythm
from reports.verbs import NOTICE_ASKED, REVIEW_ASKED, REVIEW_ENDED, REVIEW_LOOKED, REVIEW_STARTED
from workspaces.models import Membership, Workspace
from workspaces.operations.notifications import Notice, notify
from workspaces.operations.recording import record
from workspaces.operations.texts import refuse_long
from workspaces.rules.errors import Refused, Stale

QUESTION_LENGTH = 500


@dataclass(frozen=True)
class Look:
    """What becomes of one goal: looked at or skipped, what was noted, what was decided."""

    outcome: Outcome
    note: str = ""
    decided: str = ""


def start_review(workspace: Workspace, *, rhythm: Rhythm, by: Membership, at: datetime) -> Review:
    """Begin a review, or go on with the one of this rhythm that is open."""
    open_one = Review.objects.filter(workspace=workspace, rhythm=rhythm.value, ended_at=None)
    found = open_one.first()
    if found is not None:
        return found
    try:
        return _start(workspace, rhythm, by=by, at=at)
    except IntegrityError:  # somebody began it at the same moment
        return open_one.get()


@transaction.atomic
def _start(workspace: Workspace, rhythm: Rhythm, *, by: Membership, at: datetime) -> Review:
    before = last_ended(workspace, rhythm)
    lineup = lineup_of(workspace, before, at)
    review = Review.objects.create(
        workspace=workspace,
        rhythm=rhythm.value,
        snapshot=lineup.snapshot,
        before=before,
        started_by=by,
        started_at=at,
    )
    ReviewItem.objects.bulk_create(
        ReviewItem(
            workspace=workspace,
            review=review,
            goal_id=goal_id,
            place=place,
            reasons=[reason.value for reason in reasons],
        )
        for place, (goal_id, reasons) in enumerate(lineup.items, 1)
    )
    record(REVIEW_STARTED, review, by=by, at=at, count=len(lineup.items), rhythm=rhythm.value)
    return review


@transaction.atomic
def look_at(
    item: ReviewItem, *, look: Look, version: int, by: Membership, at: datetime
) -> ReviewItem:
    """Keep what was said of one goal, with its numbers of the moment; again, to change it."""
    review = _open(item.review_id)
    row = ReviewItem.objects.select_for_update().get(pk=item.pk)
    if row.version != version:
        raise Stale(_("Somebody has looked at this goal meanwhile."), current=row)
    refuse_long(TEXT_LENGTH, note=look.note, decided=look.decided)
    goal = Goal.objects.select_related("metric").get(pk=row.goal_id)
    row.outcome = look.outcome.value
    row.note, row.decided = look.note.strip(), look.decided.strip()
    row.numbers = _numbers(review, goal, at)
    row.looked_by, row.looked_at = by, at
    row.version += 1
    row.save()
    record(REVIEW_LOOKED, goal, by=by, at=at, title=goal.title, state=row.outcome)
    return row


def _numbers(review: Review, goal: Goal, at: datetime) -> dict[str, object]:
    """The goal's numbers now; in a monthly review with its month, quarter and end."""
    standing = standings(review.workspace, [goal], at, curves=False)[goal.pk]
    numbers = numbers_of(standing)
    if review.rhythm == Rhythm.MONTHLY.value:
        found = horizons_of(review.workspace, goal, standing, at)
        numbers["horizons"] = [horizon_data(one) for one in found]
    return numbers


@transaction.atomic
def ask_owner(item: ReviewItem, *, question: str, by: Membership, at: datetime) -> None:
    """Ask who answers for the goal; they are told, and the goal's history keeps it."""
    _open(item.review_id)
    goal = Goal.objects.select_related("workspace").get(pk=item.goal_id)
    asked = question.strip()
    if not asked:
        raise Refused(_("Write the question."), code="required", field="question")
    refuse_long(QUESTION_LENGTH, question=asked)
    if goal.owner_id is None:
        raise Refused(_("Nobody answers for this goal."), code="no_owner", field="question")
    if goal.owner_id == by.pk:
        raise Refused(_("You answer for this goal yourself."), code="own", field="question")
    said: dict[str, object] = {"title": goal.title, "question": asked}
    record(REVIEW_ASKED, goal, by=by, at=at, **said)
    link = f"{goal_link(goal.workspace.slug, goal)}#check-ins"
    notify(Notice(NOTICE_ASKED, REVIEW_ASKED, link, said), goal, to=[goal.owner_id], by=by, at=at)


@transaction.atomic
def end_review(review: Review, *, notes: str, version: int, by: Membership, at: datetime) -> Review:
    """End it with notes about the whole; what nobody came to stays so."""
    row = _open(review.pk)
    if row.version != version:
        raise Stale(_("Somebody has changed this review meanwhile."), current=row)
    refuse_long(TEXT_LENGTH, notes=notes)
    row.notes, row.ended_by, row.ended_at = notes.strip(), by, at
    row.version += 1
    row.save(update_fields=["notes", "ended_by", "ended_at", "version"])
    found = summary_of(row)
    record(REVIEW_ENDED, row, by=by, at=at, seen=found.seen, skipped=found.skipped)
    return row


def _open(review_id: int) -> Review:
    """The review, held until the end of the transaction."""
    rows = Review.objects.select_related("workspace").select_for_update(of=("self",))
    row = rows.get(pk=review_id)
    if not row.is_open:
        raise Refused(_("This review has ended."), code="ended")
    return row
