"""Agreeing on what two parties promise each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from workspaces.models import (
    Assurance,
    Membership,
    Sla,
    SlaClock,
    SlaPromise,
    Stakeholder,
    Workspace,
)
from workspaces.operations.clocks import reckon_promises, working_calendars
from workspaces.operations.days import refuse_far_days
from workspaces.operations.recording import record
from workspaces.queries.calendars import with_calendars
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.sla import Counts, Side
from workspaces.verbs import (
    ASSURANCE_SET,
    PROMISE_CHANGED,
    PROMISE_GIVEN,
    PROMISE_WITHDRAWN,
    SLA_AGREED,
    SLA_CHANGED,
    SLA_ENDED,
)

MOST_ASSURANCES = 50
LONGEST_RESPONSE = 60 * 24 * 366
OPEN = {"assured_at": None, "assured_by": None}


@dataclass(frozen=True)
class SlaDraft:
    """An agreement as somebody wants it; assurances are pairs of stage and outcome."""

    name: str
    provider: Stakeholder
    receiver: Stakeholder
    starts_on: date
    counts: Counts = Counts.BOTH
    expectations: str = ""
    assurances: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class PromiseDraft:
    """What one side owes; `response_minutes` are of working time, None where nothing is asked."""

    side: Side
    deliverable: str
    quality: str = ""
    mitigation: str = ""
    response_minutes: int | None = None


@transaction.atomic
def agree_sla(workspace: Workspace, *, draft: SlaDraft, by: Membership, at: datetime) -> Sla:
    """Write an agreement down; its promises are given one by one."""
    fields = _checked(workspace, draft)
    try:
        with transaction.atomic():
            sla = Sla.objects.create(workspace=workspace, **fields)
    except IntegrityError as error:
        raise _taken() from error
    _put_assurances(sla, draft)
    record(SLA_AGREED, sla, by=by, at=at, name=sla.name, **_parties(sla))
    return sla


@transaction.atomic
def change_sla(sla: Sla, *, draft: SlaDraft, version: int, by: Membership, at: datetime) -> Sla:
    """Change an agreement; clocks that run follow new parties at once."""
    row = _held(sla, version)
    for name, value in _checked(row.workspace, draft).items():
        setattr(row, name, value)
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise _taken() from error
    _put_assurances(row, draft)
    reckon_promises(SlaPromise.objects.filter(sla=row), at=at)
    record(SLA_CHANGED, row, by=by, at=at, name=row.name)
    return row


@transaction.atomic
def end_sla(sla: Sla, *, version: int, by: Membership, at: datetime) -> Sla:
    """End an agreement of which nothing is owed any more; its past stays."""
    row = _held(sla, version)
    _refuse_owed(SlaClock.objects.filter(promise__sla=row))
    row.ended_at = at
    row.version += 1
    row.save(update_fields=["ended_at", "version"])
    record(SLA_ENDED, row, by=by, at=at, name=row.name)
    return row


@transaction.atomic
def give_promise(sla: Sla, *, draft: PromiseDraft, by: Membership, at: datetime) -> SlaPromise:
    """Let one side promise a deliverable."""
    row = _open(sla)
    promise = SlaPromise.objects.create(workspace_id=row.workspace_id, sla=row, **_terms(draft))
    _refuse_idle(promise, at)
    record(PROMISE_GIVEN, row, by=by, at=at, **_owed(promise))
    return promise


@transaction.atomic
def change_promise(
    promise: SlaPromise, *, draft: PromiseDraft, version: int, by: Membership, at: datetime
) -> SlaPromise:
    """Change a promise; answers that are owed already keep the time that they were promised."""
    row = _promised(promise, version)
    for name, value in _terms(draft).items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    _refuse_idle(row, at)
    record(PROMISE_CHANGED, row.sla, by=by, at=at, **_owed(row))
    return row


@transaction.atomic
def withdraw_promise(
    promise: SlaPromise, *, version: int, by: Membership, at: datetime
) -> SlaPromise:
    """Give a promise no more; what was owed by it stays in the months that it counted in."""
    row = _promised(promise, version)
    _refuse_owed(row.clocks.all())
    row.withdrawn_at = at
    row.version += 1
    row.save(update_fields=["withdrawn_at", "version"])
    record(PROMISE_WITHDRAWN, row.sla, by=by, at=at, **_owed(row))
    return row


@transaction.atomic
def assure(assurance: Assurance, *, is_assured: bool, by: Membership, at: datetime) -> Assurance:
    """Say that an outcome is there, or that it is not; saying it again changes nothing."""
    same = Assurance.objects.filter(pk=assurance.pk, assured_at__isnull=is_assured)
    wanted = {"assured_at": at, "assured_by": by} if is_assured else OPEN
    if same.update(**wanted):
        state = "assured" if is_assured else "open"
        record(ASSURANCE_SET, assurance.sla, by=by, at=at, text=assurance.text, state=state)
    assurance.refresh_from_db()
    return assurance


def _checked(workspace: Workspace, draft: SlaDraft) -> dict[str, object]:
    """The columns, if they make sense; nobody of another workspace exists."""
    if not draft.name.strip():
        raise Refused(_("An agreement needs a name."), code="required", field="name")
    for name, party in (("provider", draft.provider), ("receiver", draft.receiver)):
        if party.workspace_id != workspace.pk or party.retired_at is not None:
            raise Refused(_("There is no such stakeholder."), code="not_found", field=name)
    if draft.provider.pk == draft.receiver.pk:
        message = _("Nobody agrees with themselves: choose two parties.")
        raise Refused(message, code="same_party", field="receiver")
    refuse_far_days(starts_on=draft.starts_on)
    return {
        "name": draft.name.strip(),
        "provider": draft.provider,
        "receiver": draft.receiver,
        "counts": draft.counts.value,
        "starts_on": draft.starts_on,
        "expectations": draft.expectations.strip(),
    }


def _put_assurances(sla: Sla, draft: SlaDraft) -> None:
    """Put the outcomes in order; one that stays keeps its tick."""
    wanted = list(dict.fromkeys((stage.strip(), text.strip()) for stage, text in draft.assurances))
    if len(wanted) > MOST_ASSURANCES or not all(text for _stage, text in wanted):
        message = _("Write down at most %(count)s outcomes, each with words.")
        told = message % {"count": MOST_ASSURANCES}
        raise Refused(told, code="bad_assurances", field="assurances")
    known = {(row.stage, row.text): row for row in sla.assurances.all()}
    gone = [row.pk for key, row in known.items() if key not in wanted]
    sla.assurances.filter(pk__in=gone).delete()
    for place, (stage, text) in enumerate(wanted):
        row = known.get((stage, text)) or Assurance(
            workspace_id=sla.workspace_id, sla=sla, stage=stage, text=text
        )
        row.place = place
        row.save()


def _terms(draft: PromiseDraft) -> dict[str, object]:
    if not draft.deliverable.strip():
        raise Refused(_("Say what is promised."), code="required", field="deliverable")
    minutes = draft.response_minutes
    if minutes is not None and not 0 < minutes <= LONGEST_RESPONSE:
        message = _("A response time is between a minute and a year.")
        raise Refused(message, code="out_of_range", field="response")
    return {
        "side": draft.side.value,
        "deliverable": draft.deliverable.strip(),
        "quality": draft.quality.strip(),
        "mitigation": draft.mitigation.strip(),
        "response_minutes": minutes,
    }


def _refuse_idle(promise: SlaPromise, at: datetime) -> None:
    """A response time needs calendars that ever meet."""
    if promise.response_minutes is not None:
        working_calendars(with_calendars(SlaPromise.objects.all()).get(pk=promise.pk), at)


def _refuse_owed(clocks: QuerySet[SlaClock]) -> None:
    owed = clocks.filter(stopped_at=None).count()
    if owed:
        message = _("Answers are still owed (%(count)s): stop their clocks first.")
        raise Refused(message % {"count": owed}, code="owed")


def _open(sla: Sla) -> Sla:
    rows = Sla.objects.select_for_update(of=("self",))
    row = rows.select_related("workspace", "provider", "receiver").get(pk=sla.pk)
    if row.ended_at is not None:
        raise Refused(_("This agreement has ended."), code="ended")
    return row


def _held(sla: Sla, version: int) -> Sla:
    """The agreement under lock; stale when the caller saw another."""
    rows = Sla.objects.select_for_update(of=("self",))
    row = rows.select_related("workspace", "provider", "receiver").get(pk=sla.pk)
    if row.version != version:
        raise Stale(_("Somebody changed this agreement meanwhile."), current=row)
    return _open(row)


def _promised(promise: SlaPromise, version: int) -> SlaPromise:
    rows = SlaPromise.objects.select_for_update(of=("self",))
    row = rows.select_related("sla__provider", "sla__receiver").get(pk=promise.pk)
    if row.version != version:
        raise Stale(_("Somebody changed this promise meanwhile."), current=row)
    if row.withdrawn_at is not None:
        raise Refused(_("This promise is not given any more."), code="ended")
    _open(row.sla)
    return row


def _parties(sla: Sla) -> dict[str, str]:
    return {"provider": sla.provider.name, "receiver": sla.receiver.name}


def _owed(promise: SlaPromise) -> dict[str, str]:
    return {
        "deliverable": promise.deliverable,
        "promiser": promise.promiser.name,
        "promisee": promise.promisee.name,
    }


def _taken() -> Refused:
    return Refused(_("An agreement of this name exists."), code="taken", field="name")
