"""Rules of a board: adding, changing, switching, removing them. Nothing is done by them here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.models import Automation, Board, Priority
from tasks.models.automations import RULE_LENGTH
from tasks.operations.telling import tell_board
from tasks.queries.automations import active_automations, missing, names_of, wanted_of
from tasks.queries.places import place_of
from tasks.rules.automations import NEEDS, Then, Unfit, When, check, named_in, read_then
from tasks.rules.filters import ME, Wanted
from tasks.verbs import (
    AUTOMATION_ADDED,
    AUTOMATION_CHANGED,
    AUTOMATION_REMOVED,
    AUTOMATION_STARTED,
    AUTOMATION_STOPPED,
    NOTICE_AUTOMATION,
)
from workspaces.models import Membership
from workspaces.operations.notifications import Notice, notify
from workspaces.operations.texts import refuse_long
from workspaces.queries.webhooks import newest_event
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.letters import seen
from workspaces.rules.roles import Role
from workspaces.rules.verbs import Verb

MOST = 50  # of a board
BY_HAND = "by_hand"
UNFIT = {
    "required": gettext_lazy("Say which."),
    "days": gettext_lazy("0 to 366 days."),
    "ahead": gettext_lazy("0 to 60 days."),
    "nothing": gettext_lazy("Say what is to be done."),
    "long": gettext_lazy("This is too long."),
}
GONE = {
    "column": gettext_lazy("The board has no such column."),
    "label": gettext_lazy("There is no such label."),
    "member": gettext_lazy("There is no such member."),
    "goal": gettext_lazy("There is no such goal."),
}


@dataclass(frozen=True)
class AutomationDraft:
    """A rule as it is wanted; `about` says the `column`, `label` or `days` of `when`."""

    name: str
    when: str
    then: Then
    about: Mapping[str, Any] = field(default_factory=dict)
    wanted: Wanted = field(default_factory=Wanted)
    columns: tuple[int, ...] = ()
    is_on: bool = True


@transaction.atomic
def add_automation(
    board: Board, *, draft: AutomationDraft, by: Membership, at: datetime
) -> Automation:
    """Make a rule for what happens from now on."""
    if not board.is_open:
        raise Refused(_("This board is archived."), code="archived", field="board")
    Board.objects.select_for_update(no_key=True).get(pk=board.pk)
    if Automation.objects.filter(board=board).count() >= MOST:
        message = _("A board has at most %(count)d rules.") % {"count": MOST}
        raise Refused(message, code="too_many", field="name")
    rule = Automation(
        workspace_id=board.workspace_id,
        board=board,
        seen_until=newest_event(board.workspace),
        made_by=by,
        made_at=at,
    )
    _write(rule, draft)
    _save(rule)
    _tell(AUTOMATION_ADDED, rule, by=by, at=at)
    return rule


@transaction.atomic
def change_automation(
    rule: Automation, *, version: int, changes: Mapping[str, Any], by: Membership, at: datetime
) -> Automation:
    """Change what is named of a draft, if nobody else has since `version`."""
    now = _held(rule, version)
    was = now.is_on
    _write(now, replace(draft_of(now), **changes))
    if now.is_on and not was:
        now.seen_until = newest_event(now.workspace)
    if now.is_on != was:
        now.off_why = "" if now.is_on else BY_HAND
    now.version += 1
    _save(now)
    only_switched = set(changes) == {"is_on"}
    verb = AUTOMATION_STARTED if now.is_on else AUTOMATION_STOPPED
    _tell(verb if only_switched else AUTOMATION_CHANGED, now, by=by, at=at)
    return now


@transaction.atomic
def remove_automation(rule: Automation, *, version: int, by: Membership, at: datetime) -> None:
    """Forget a rule and its log; what it did stays."""
    now = _held(rule, version)
    _tell(AUTOMATION_REMOVED, now, by=by, at=at)
    now.delete()


def switch_off_broken(*, at: datetime) -> int:
    """Switch off the rules that name what is gone, and tell the managers; how many."""
    rules = active_automations()
    gone = missing([(rule.board, names_of(rule)) for rule in rules])
    broken = [(rule, one) for rule, one in zip(rules, gone, strict=True) if one is not None]
    for rule, one in broken:
        _switch_off(rule, one.kind, at=at)
    return len(broken)


@transaction.atomic
def _switch_off(rule: Automation, why: str, *, at: datetime) -> None:
    same = Automation.objects.filter(pk=rule.pk, is_on=True, version=rule.version)
    if not same.update(is_on=False, off_why=why, version=rule.version + 1):
        return
    said: dict[str, object] = {"name": rule.name, "automation": rule.pk, "state": why}
    tell_board(AUTOMATION_STOPPED, rule.board, by=None, at=at, **said)
    link = f"/w/{rule.workspace.slug}/boards/automations/{rule.pk}/"
    notice = Notice(NOTICE_AUTOMATION, AUTOMATION_STOPPED, link, said, place=place_of(rule.board))
    able = Membership.objects.filter(workspace=rule.workspace_id, role__gte=Role.MANAGER)
    notify(notice, rule, to=list(able.values_list("pk", flat=True)), by=None, at=at)


def draft_of(rule: Automation) -> AutomationDraft:
    """The rule as it is."""
    return AutomationDraft(
        name=rule.name,
        when=rule.when,
        then=read_then(rule.then),
        about=rule.about,
        wanted=wanted_of(rule),
        columns=tuple(rule.columns),
        is_on=rule.is_on,
    )


def _write(rule: Automation, draft: AutomationDraft) -> None:
    """Put a draft on the row, or refuse it by the name of the field at fault."""
    name = " ".join(seen(draft.name).split())
    if not name:
        raise Refused(_("A name is needed."), code="required", field="name")
    refuse_long(RULE_LENGTH, name=name)
    if draft.when not in set(When):
        raise Refused(_("There is no such choice."), code="invalid_choice", field="when")
    need = NEEDS.get(When(draft.when), "")
    about = {need: draft.about.get(need)} if need else {}
    _refuse_unfit(draft, about)
    query = [list(pair) for pair in draft.wanted.words()]
    named = named_in(about, query, draft.columns, draft.then)
    (gone,) = missing([(rule.board, named)])
    if gone is not None:
        raise Refused(str(GONE[gone.kind]), code="not_found", field=gone.field)
    rule.name, rule.when, rule.about, rule.query = name, draft.when, about, query
    rule.columns, rule.then, rule.is_on = list(draft.columns), draft.then.kept(), draft.is_on


def _refuse_unfit(draft: AutomationDraft, about: Mapping[str, Any]) -> None:
    if ME in draft.wanted.assignee:
        message = _("A rule acts for nobody: name the person.")
        raise Refused(message, code="invalid", field="assignee")
    if draft.then.priority is not None and draft.then.priority not in Priority.values:
        raise Refused(_("There is no such choice."), code="invalid_choice", field="priority")
    try:
        check(draft.when, about, draft.then)
    except Unfit as unfit:
        name, fault = unfit.args
        raise Refused(str(UNFIT[fault]), code=fault, field=name) from unfit


def _held(rule: Automation, version: int) -> Automation:
    there = Automation.objects.select_for_update(no_key=True).filter(pk=rule.pk).first()
    now = Automation.objects.select_related("board", "workspace").filter(pk=rule.pk).first()
    if there is None or now is None or now.version != version:
        raise Stale(_("Somebody changed this rule meanwhile."), current=now or rule)
    return now


def _save(rule: Automation) -> None:
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        message = _("The board has a rule of this name.")
        raise Refused(message, code="taken", field="name") from error


def _tell(verb: Verb, rule: Automation, *, by: Membership, at: datetime) -> None:
    tell_board(verb, rule.board, by=by, at=at, name=rule.name, automation=rule.pk)
