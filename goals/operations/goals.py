"""Setting, revising and closing goals."""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from goals.models import Goal
from goals.operations.reviews import judge, remind_above
from goals.queries.promises import Promise, promise_of
from goals.queries.standing import standings
from goals.rules import amounts
from goals.rules.aims import Aim
from goals.rules.checkins import Cadence
from goals.rules.courses import Course
from goals.rules.progress import Basis
from goals.rules.status import FINAL
from goals.rules.steps import weighs_nothing
from goals.rules.targets import Target
from goals.rules.terms import Terms, numberless
from goals.verbs import GOAL_CLOSED, GOAL_REOPENED, GOAL_REVISED, GOAL_SET
from metrics.models import Metric
from metrics.rules.periods import Grain
from workspaces.models import Membership, Stakeholder, Workspace
from workspaces.operations.recording import record
from workspaces.rules.days import last_complete_day
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.tree import DEEPEST, depth_of, would_loop

TERMS = {
    "metric_id",
    "aim",
    "basis",
    "grain",
    "course",
    "checkpoints",
    "start",
    "end",
    "target_value",
    "baseline_value",
}

HEAVIEST = 1000
FROZEN = ("retrospective", "verdict", "verdict_value", "verdict_share", "verdict_until")


@dataclass(frozen=True)
class Smart:
    """The five justifications."""

    specific: str = ""
    measurable: str = ""
    achievable: str = ""
    realistic: str = ""
    time_bound: str = ""


@dataclass(frozen=True)
class Draft:
    """A goal as somebody wants it; `terms` is what gets measured.

    Without a metric it has no number of its own: of the terms only the window counts.
    """

    title: str
    metric: Metric | None
    terms: Terms
    owner: Membership | None
    stakeholder: Stakeholder | None = None
    parent: Goal | None = None
    smart: Smart = field(default_factory=Smart)
    weight: Decimal = Decimal(1)
    cadence: Cadence = Cadence.NEVER


def draft_of(goal: Goal) -> Draft:
    """The goal as a draft, to be changed with dataclasses.replace and revised."""
    metric = goal.metric if goal.has_number else None
    return Draft(
        title=goal.title,
        metric=metric,
        terms=_terms_of(goal) if metric else numberless(goal.window),
        owner=goal.owner,
        stakeholder=goal.stakeholder,
        parent=goal.parent,
        smart=Smart(
            goal.specific, goal.measurable, goal.achievable, goal.realistic, goal.time_bound
        ),
        weight=goal.weighs,
        cadence=Cadence(goal.cadence),
    )


def _terms_of(goal: Goal) -> Terms:
    """What a goal with a metric promises."""
    target = Target(percent=goal.percent) if goal.target_percent else Target(value=goal.target)
    return Terms(
        Basis(goal.basis),
        Grain(goal.grain),
        goal.window,
        target,
        goal.baseline_span,
        Aim(goal.aim),
        Course(goal.course),
        goal.path,
    )


def _plain(draft: Draft) -> Draft:
    """Without a metric, only the window of the terms is kept."""
    return draft if draft.metric else replace(draft, terms=numberless(draft.terms.window))


@transaction.atomic
def set_goal(workspace: Workspace, *, draft: Draft, by: Membership, at: datetime) -> Goal:
    """Measure the baseline, fix the target, and judge the goal at once by what is known."""
    draft = _plain(draft)
    _refuse_strangers(workspace, draft)
    _refuse_place(workspace, None, draft.parent)
    _refuse_weight(None, draft)
    promise = _promise(draft, workspace, at)
    goal = Goal.objects.create(
        workspace=workspace,
        created_at=at,
        status_since=at,
        **_words(draft),
        **_numbers(draft, promise),
    )
    judge(goal, at=at)
    remind_above([goal])
    record(GOAL_SET, goal, by=by, at=at, title=goal.title, status=goal.status)
    return goal


@transaction.atomic
def revise_goal(goal: Goal, *, draft: Draft, version: int, by: Membership, at: datetime) -> Goal:
    """Change the goal if nobody else has since `version`; new terms are measured and judged anew.

    The baseline stays frozen while metric, basis, period and baseline days stay the same.
    """
    row, draft = locked(goal, version), _plain(draft)
    _refuse_closed(row)
    _refuse_strangers(row.workspace, draft)
    if (draft.parent and draft.parent.pk) != row.parent_id:
        _refuse_place(row.workspace, row, draft.parent)
    _refuse_weight(row, draft)
    changes = _words(draft)
    if _terms_changed(row, draft):
        changes |= _numbers(draft, _promise(draft, row.workspace, at, frozen=row))
    changed = sorted(name for name, value in changes.items() if getattr(row, name) != value)
    if not changed:
        return row
    for name in changed:
        setattr(row, name, changes[name])
    row.version += 1
    row.save(update_fields=[*changed, "version"])
    was = row.status
    if TERMS & set(changed):
        judge(row, at=at, anew=True)
    if {"parent_id", "weight", *TERMS} & set(changed):
        remind_above([goal, row])
    data = {"was": was, "now": row.status} if was != row.status else {}
    record(GOAL_REVISED, row, by=by, at=at, title=row.title, changed=changed, **data)
    return row


@transaction.atomic
def close_goal(
    goal: Goal,
    *,
    reason: str,
    version: int,
    by: Membership,
    at: datetime,
    retrospective: str = "",
) -> Goal:
    """Put the goal aside with a reason; its status stays as it stands and is reviewed no more.

    Achieved or missed is frozen with the numbers of the day; a goal that is closed before either
    was settled has the numbers and no verdict.
    """
    row = locked(goal, version)
    _refuse_closed(row)
    if not reason.strip():
        raise Refused(_("Say why the goal is closed."), code="required", field="reason")
    row.closed_at, row.close_reason = at, reason.strip()
    row.retrospective = retrospective.strip()
    _freeze(row, at)
    row.version += 1
    row.save(update_fields=["closed_at", "close_reason", "version", *FROZEN])
    remind_above([row])
    record(GOAL_CLOSED, row, by=by, at=at, title=row.title, reason=row.close_reason)
    return row


@transaction.atomic
def reopen_goal(goal: Goal, *, version: int, by: Membership, at: datetime) -> Goal:
    """Take a closed goal up again and judge it by today's numbers."""
    row = locked(goal, version)
    if row.is_open:
        raise Refused(_("This goal is open."), code="open")
    row.closed_at, row.close_reason = None, ""
    row.verdict, row.verdict_value, row.verdict_share = "", "", ""
    row.verdict_until = None
    row.version += 1
    row.save(update_fields=["closed_at", "close_reason", "version", *FROZEN])
    judge(row, at=at)
    remind_above([row])
    record(GOAL_REOPENED, row, by=by, at=at, title=row.title, status=row.status)
    return row


def _freeze(row: Goal, at: datetime) -> None:
    """Keep the numbers of the day on a goal that is being closed; its status stays as it stands."""
    closed, row.closed_at = row.closed_at, None
    found = standings(row.workspace, [row], at, fresh=True, curves=False)[row.pk]
    row.closed_at = closed
    share = found.keeping.share if found.keeping else found.progress
    row.verdict = found.status.value if found.status in FINAL else ""
    row.verdict_value = amounts.stored(found.value)
    row.verdict_share = amounts.stored(None if share is None else amounts.rounded(share))
    row.verdict_until = found.until if found.facts.begun else None


def locked(goal: Goal, version: int) -> Goal:
    """The goal as it stands, held until the transaction ends; stale when the caller saw another."""
    rows = Goal.objects.select_related("metric", "workspace").select_for_update(of=("self",))
    row = rows.get(pk=goal.pk)
    if row.version != version:
        raise Stale(_("Somebody changed this goal meanwhile."), current=row)
    return row


def _refuse_closed(goal: Goal) -> None:
    if not goal.is_open:
        raise Refused(_("This goal is closed. Reopen it first."), code="closed")


def _refuse_strangers(workspace: Workspace, draft: Draft) -> None:
    """Rows of another workspace never get in, whatever the edge let through."""
    named = {
        "metric": draft.metric,
        "owner": draft.owner,
        "stakeholder": draft.stakeholder,
        "parent": draft.parent,
    }
    for name, row in named.items():
        if row is not None and row.workspace_id != workspace.pk:
            raise Refused(_("There is nothing of the kind here."), code="not_found", field=name)
    if not draft.title.strip():
        raise Refused(_("A goal needs a title."), code="required", field="title")


def _refuse_place(workspace: Workspace, goal: Goal | None, parent: Goal | None) -> None:
    """Keep the tree a tree; the workspace's row is held so that two moves cannot make a loop."""
    if parent is None:
        return
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    parents = dict(Goal.objects.filter(workspace=workspace).values_list("pk", "parent_id"))
    if goal is not None and would_loop(parents, goal.pk, parent.pk):
        message = _("A goal cannot be a step of itself or of one of its own steps.")
        raise Refused(message, code="loop", field="parent")
    if depth_of(parents, parent.pk) >= DEEPEST:
        message = _("Steps go at most %(count)s deep.") % {"count": DEEPEST}
        raise Refused(message, code="too_deep", field="parent")


def _refuse_weight(goal: Goal | None, draft: Draft) -> None:
    """Steps of one goal must weigh something together, or no mean of them can be taken."""
    if not 0 <= draft.weight <= HEAVIEST:
        message = _("Give a weight from 0 to %(most)s.") % {"most": HEAVIEST}
        raise Refused(message, code="out_of_range", field="weight")
    if draft.parent is None or draft.weight:
        return
    siblings = Goal.objects.filter(parent=draft.parent, closed_at=None)
    others = siblings.exclude(pk=goal.pk if goal else 0).values_list("weight", flat=True)
    if weighs_nothing([draft.weight, *map(Decimal, others)]):
        message = _("The steps of a goal cannot all weigh nothing: give this one a weight.")
        raise Refused(message, code="weighs_nothing", field="weight")


def _terms_changed(row: Goal, draft: Draft) -> bool:
    """Whether anything that is measured or promised differs from what stands."""
    before = draft_of(row)
    return (_key(draft), draft.terms) != (row.metric_id, before.terms)


def _key(draft: Draft) -> int | None:
    return draft.metric.pk if draft.metric else None


def _promise(
    draft: Draft, workspace: Workspace, at: datetime, *, frozen: Goal | None = None
) -> Promise:
    """The draft's terms against the data, or the refusal that they deserve."""
    terms, known = draft.terms, None
    if frozen is not None and terms.basis is Basis.YOY:
        terms = _following(terms, frozen)
    if frozen is not None and _same_measure(frozen, draft, terms):
        known = frozen.baseline
    complete = last_complete_day(at, workspace.timezone)
    promise = promise_of(draft.metric, terms, complete=complete, known=known)
    if promise.refusal is not None:
        raise promise.refusal
    return promise


def _following(terms: Terms, frozen: Goal) -> Terms:
    """Growth always takes the same days of the year before: they move with a moved window."""
    moved = terms.window != frozen.window or frozen.basis != Basis.YOY.value
    return (
        replace(terms, baseline=None) if moved and terms.baseline == frozen.baseline_span else terms
    )


def _same_measure(frozen: Goal, draft: Draft, terms: Terms) -> bool:
    """Whether the baseline would be measured just as it was, so that the frozen value stands."""
    before = (frozen.metric_id, frozen.basis, frozen.grain, frozen.baseline_span)
    return before == (_key(draft), terms.basis.value, terms.grain.value, terms.baseline)


def _words(draft: Draft) -> dict[str, object]:
    """The columns that nothing is computed from."""
    return {
        "title": draft.title.strip(),
        "owner_id": draft.owner.pk if draft.owner else None,
        "stakeholder_id": draft.stakeholder.pk if draft.stakeholder else None,
        "parent_id": draft.parent.pk if draft.parent else None,
        "weight": amounts.canonical(draft.weight),
        "cadence": draft.cadence.value,
        **{name: text.strip() for name, text in asdict(draft.smart).items()},
    }


def _numbers(draft: Draft, promise: Promise) -> dict[str, object]:
    """The columns that were measured or worked out; the metric's definition is pinned."""
    terms = promise.terms
    return {
        "metric_id": _key(draft),
        "definition_revision": draft.metric.definition_revision if draft.metric else 0,
        "aim": terms.aim.value,
        "basis": terms.basis.value,
        "grain": terms.grain.value,
        "course": terms.course.value,
        "checkpoints": [
            [checkpoint.day.isoformat(), amounts.canonical(checkpoint.value)]
            for checkpoint in terms.checkpoints
        ],
        "start": terms.window.first,
        "end": terms.window.last,
        "target_percent": amounts.stored(terms.target.percent),
        "target_value": amounts.stored(promise.target),
        "baseline_value": amounts.stored(promise.baseline),
        "baseline_from": promise.span.first if promise.span else None,
        "baseline_to": promise.span.last if promise.span else None,
    }
