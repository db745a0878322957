"""Rules at work: each event of the log meets each rule of its board once.

The event is the row that waits, written in the transaction of the change; a rule remembers how far
it has looked. What it does, its line in the log of runs and its mark are one transaction under the
rule's lock: a worker that is killed has done nothing, and two do it once.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tasks.models import Automation, AutomationRun, Card
from tasks.models.automations import NOTE_LENGTH
from tasks.operations.automation_acts import Acting, act
from tasks.operations.automations import switch_off_broken
from tasks.operations.edits import hold
from tasks.queries.automations import CARD, active_automations, cards_for, due_for, is_so
from tasks.rules.automations import BY_DAY, MOST_DEPTH, VERBS, When, depth_of, meets
from workspaces.models.actors import automaton
from workspaces.queries.events import Happened, stream_events
from workspaces.queries.horizon import whole_until
from workspaces.rules.errors import Invalid, Refused, Stale

AT_A_TIME = 500
ROUNDS = MOST_DEPTH + 1  # one change leads to so many at once
KEPT = timedelta(days=90)


def run_automations(*, at: datetime) -> int:
    """Let the rules meet what has happened; how many did something. May run twice, any time."""
    switch_off_broken(at=at)
    rules = [rule for rule in active_automations() if When(rule.when) not in BY_DAY]
    done = 0
    for _round in range(ROUNDS if rules else 0):
        until = whole_until()
        if until is None:
            break
        count = sum(_look(rule, until, at) for rule in rules if rule.seen_until < until)
        done += count
        if not count:
            break
    return done


def run_daily_automations(*, at: datetime) -> int:
    """Let the rules that go by due days meet the cards of today; how many did something."""
    done = 0
    for rule in active_automations():
        if When(rule.when) in BY_DAY:
            for card, occasion in due_for(rule, rule.workspace.day_of(at)):
                done += _meet_by_day(rule, card.pk, occasion, at)
    return done


def tidy_runs(*, at: datetime) -> int:
    """Forget what rules did long ago."""
    return AutomationRun.objects.filter(at__lt=at - KEPT).delete()[0]


def _look(rule: Automation, until: int, at: datetime) -> int:
    """Let one rule meet the events behind its mark; how many times it did something."""
    events = stream_events(
        rule.board.stream_id,
        after=rule.seen_until,
        until=until,
        verbs=VERBS[When(rule.when)],
        most=AT_A_TIME,
    )
    found = [
        event
        for event in events
        if event.subject_type == CARD and meets(rule.when, rule.about, event.verb, event.data)
    ]
    done = sum(_meet(rule, event, at) for event in found)
    rule.seen_until = events[-1].id if len(events) == AT_A_TIME else until
    same = Automation.objects.filter(pk=rule.pk, version=rule.version)  # else it looks again
    behind = same.filter(seen_until__lt=rule.seen_until)
    behind.update(seen_until=rule.seen_until)
    return done


@transaction.atomic
def _meet(rule: Automation, event: Happened, at: datetime) -> int:
    """One rule and one event, once; 1 if something was done."""
    now = _held(rule)
    if now is None or now.seen_until >= event.id:
        return 0
    now.seen_until = event.id
    now.save(update_fields=["seen_until"])
    card = _card(now, event.subject_id, at)
    if card is None or not is_so(now, event, card):
        return 0
    return _run(now, card, f"event {event.id}", depth_of(event.data), at)


@transaction.atomic
def _meet_by_day(rule: Automation, card_id: int, occasion: str, at: datetime) -> int:
    now = _held(rule)
    if now is None or now.runs.filter(occasion=occasion).exists():  # type: ignore[attr-defined]
        return 0
    card = _card(now, card_id, at)
    return _run(now, card, occasion, 0, at) if card is not None else 0


def _held(rule: Automation) -> Automation | None:
    """The rule as it is now, held; None where it is off, gone or another than was looked up."""
    same = Automation.objects.filter(pk=rule.pk, version=rule.version, is_on=True)
    if same.select_for_update(no_key=True).first() is None:  # alone: a join would lock more
        return None
    return same.select_related("board", "workspace").first()


def _card(rule: Automation, card_id: int, at: datetime) -> Card | None:
    """The card, held, if the rule is for it."""
    there = Card.objects.filter(pk=card_id, board=rule.board_id, archived_at=None).first()
    if there is None:
        return None
    card = hold(there)
    fit = cards_for(rule, rule.workspace.day_of(at)).filter(pk=card.pk).exists()
    return card if fit else None


def _run(rule: Automation, card: Card, occasion: str, depth: int, at: datetime) -> int:
    """Do what the rule says, all of it or nothing, and write down what came of it."""
    run = AutomationRun(
        workspace_id=rule.workspace_id,
        automation=rule,
        occasion=occasion,
        card=card,
        card_title=card.title,
        at=at,
    )
    if depth >= MOST_DEPTH:
        run.outcome = AutomationRun.Outcome.LOOP
        run.note = _("Rules had led to this %(count)d times in a row.") % {"count": depth}
    else:
        _try(rule, card, run, depth)
    run.save()
    return int(run.outcome == AutomationRun.Outcome.DONE)


def _try(rule: Automation, card: Card, run: AutomationRun, depth: int) -> None:
    name = _("The rule “%(name)s”") % {"name": rule.name}
    by = automaton(rule.workspace, name, automation=rule.pk, depth=depth + 1)
    try:
        with transaction.atomic():
            run.did = act(Acting(rule, by, run.at), card)
    except (Refused, Stale) as refusal:
        run.outcome, run.note = AutomationRun.Outcome.REFUSED, refusal.message[:NOTE_LENGTH]
    except Invalid as invalid:
        run.outcome, run.note = AutomationRun.Outcome.REFUSED, str(invalid)[:NOTE_LENGTH]
    else:
        outcomes = AutomationRun.Outcome
        run.outcome = outcomes.DONE if run.did else outcomes.NOTHING
