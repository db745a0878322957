"""What colleagues say to a version, and what becomes of each of their suggestions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from goals.models import (
    FeedbackItem,
    FeedbackSheet,
    FeedbackTurn,
    Goal,
    StrategyShare,
    StrategyVersion,
)
from goals.operations.strategy import locked
from goals.rules.strategy import Disposition
from goals.verbs import FEEDBACK_DECIDED, FEEDBACK_GIVEN, NOTICE_STRATEGY
from workspaces.models import Membership
from workspaces.operations.notifications import Notice, notify
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused, Stale

MOST_SHEETS = 2000  # of one version
MOST_BY_LINK = 300  # by one link
MOST_BY_MEMBER = 50
MOST_ITEMS = 60


@dataclass(frozen=True)
class Suggestion:
    """A text about the whole, a step or a goal; `about` is the question that it answers."""

    text: str
    step: str = ""
    goal: Goal | None = None
    about: str = ""


@dataclass(frozen=True)
class Answers:
    """One answer to the form: by a member, or by a link and a name that may be left out."""

    suggestions: Sequence[Suggestion]
    member: Membership | None = None
    share: StrategyShare | None = None
    name: str = ""
    anonymous: bool = False


@transaction.atomic
def give_feedback(version: StrategyVersion, *, answers: Answers, at: datetime) -> FeedbackSheet:
    """Keep an answer to the version that was read; an anonymous one names nobody, anywhere."""
    row = locked(version.strategy)
    document, today = version.read, row.workspace.day_of(at)
    if document.feedback_until and today > date.fromisoformat(document.feedback_until):
        raise Refused(_("The time for feedback on this version is over."), code="over")
    if answers.anonymous and not document.anonymous:
        message = _("Anonymous answers are not taken here.")
        raise Refused(message, code="not_anonymous", field="anonymous")
    said = [one for one in answers.suggestions if one.text.strip()]
    if not said:
        raise Refused(_("Write at least one suggestion."), code="required", field="suggestions")
    if len(said) > MOST_ITEMS:
        message = _("At most %(most)s suggestions at once.") % {"most": MOST_ITEMS}
        raise Refused(message, code="too_many", field="suggestions")
    _refuse_too_many(version, answers)
    hidden = answers.anonymous
    sheet = FeedbackSheet.objects.create(
        workspace=row.workspace,
        version=version,
        member=None if hidden else answers.member,
        share=answers.share,
        name="" if hidden else _name(answers),
        given_on=today,
    )
    FeedbackItem.objects.bulk_create(_item(sheet, one) for one in said)
    if answers.member is not None:
        FeedbackTurn.objects.get_or_create(
            version=version, member=answers.member, defaults={"workspace": row.workspace}
        )
    record(FEEDBACK_GIVEN, row, by=None, at=at, title=row.title, number=version.number)
    return sheet


@transaction.atomic
def decide_feedback(
    item: FeedbackItem,
    *,
    disposition: Disposition,
    reason: str,
    revision: int,
    by: Membership,
    at: datetime,
) -> FeedbackItem:
    """Accept, decline or defer a suggestion, or open it again; no and later need a reason.

    Who gave their name is told.
    """
    rows = FeedbackItem.objects.select_related("sheet__version__strategy__workspace")
    row = rows.select_for_update(of=("self",)).get(pk=item.pk)
    if row.revision != revision:
        raise Stale(_("Somebody answered this meanwhile."), current=row)
    needs = disposition in {Disposition.DECLINED, Disposition.DEFERRED}
    if needs and not reason.strip():
        raise Refused(_("Say why, so that the colleague knows."), code="required", field="reason")
    opened = disposition is Disposition.OPEN
    row.disposition, row.reason = disposition.value, "" if opened else reason.strip()
    row.decided_by, row.decided_at = (None, None) if opened else (by, at)
    row.revision += 1
    row.save()
    strategy = row.sheet.version.strategy
    told = {"title": strategy.title, "state": disposition.value, "item": row.pk}
    record(FEEDBACK_DECIDED, strategy, by=by, at=at, **told)
    if not opened and row.sheet.member_id:
        _tell_author(row, by=by, at=at)
    return row


def _tell_author(item: FeedbackItem, *, by: Membership, at: datetime) -> None:
    """Who gave their name hears once that their suggestion was answered."""
    strategy = item.sheet.version.strategy
    where = {"slug": strategy.workspace.slug, "pk": strategy.pk}
    link = reverse("goals:strategy", kwargs=where)
    data: dict[str, object] = {"title": strategy.title, "state": item.disposition}
    told = Notice(NOTICE_STRATEGY, FEEDBACK_DECIDED, link, data)
    notify(told, item, to=[item.sheet.member_id or 0], by=by, at=at)


def _name(answers: Answers) -> str:
    return answers.member.user.display_name if answers.member else answers.name.strip()


def _item(sheet: FeedbackSheet, said: Suggestion) -> FeedbackItem:
    if said.goal is not None and said.goal.workspace_id != sheet.workspace_id:
        raise Refused(_("There is nothing of the kind here."), code="not_found", field="goal")
    return FeedbackItem(
        workspace=sheet.workspace,
        sheet=sheet,
        step=said.step,
        goal=said.goal,
        about=said.about,
        text=said.text.strip(),
    )


def _refuse_too_many(version: StrategyVersion, answers: Answers) -> None:
    """A flood fills no disk and hides no answer: past the limits the form is closed."""
    sheets = FeedbackSheet.objects.filter(version=version)
    limit = MOST_SHEETS
    if answers.share is not None:
        sheets, limit = sheets.filter(share=answers.share), MOST_BY_LINK
    elif not answers.anonymous:
        sheets, limit = sheets.filter(member=answers.member), MOST_BY_MEMBER
    if sheets.count() >= limit:
        raise Refused(_("There are too many answers here already."), code="too_many")
