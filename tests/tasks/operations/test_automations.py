"""Rules of a board at work, by the real jobs: once for an event, whoever is killed."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks import jobs
from tasks.models import Automation, AutomationRun, Card, ChecklistItem
from tasks.operations import automation_runs
from tasks.operations.automations import change_automation, remove_automation
from tasks.operations.blocking import block_card, unblock_card
from tasks.operations.checklists import add_item, tick_item
from tasks.operations.columns import remove_column
from tasks.operations.edits import edit_card, label_card
from tasks.operations.labels import remove_label
from tasks.operations.moves import move_card, tick_card
from tasks.queries.automations import did_words, runs_of, words_for, would_have_met
from tasks.rules.filters import Wanted
from tests.make.tasks import column_of, make_board, make_card, make_label, make_rule
from tests.tasks.events import events_of
from workspaces.models import Notification
from workspaces.queries.events import tell
from workspaces.rules.errors import Refused, Stale

pytestmark = pytest.mark.django_db


def run(at, job=jobs.run_automations):
    """What the job does; doubled, it does no more."""
    with time_machine.travel(at, tick=False):
        done = job()
        assert job() == 0
    return done


def now(card):
    return Card.objects.select_related("board", "column").get(pk=card.pk)


def outcomes(rule):
    return [(run.outcome, did_words(run) or run.note) for run in runs_of(rule)]


def move(card, to, by, at):
    fresh = now(card)
    return move_card(fresh, to=to, after=None, version=fresh.version, by=by, at=at)


def test_one_rule_does_all_that_it_says_and_the_log_names_it(board, olga, ed, mia, vi, noon):
    label, old = make_label(board.workspace), make_label(board.workspace, "Old")
    review, done = column_of(board, "Review"), column_of(board, "Done")
    rule = make_rule(
        board, "To review", when="comes", about={"column": review.pk}, columns=(review.pk,),
        wanted=Wanted(priority=("high",)), assign=str(mia.pk), priority=4, label_on=label.pk,
        label_off=old.pk, due_in=2, due_works=True, tick_all=True, follow_up="Publish {title}",
        follow_up_to=done.pk, tell=("responsible", "watchers", str(olga.pk)), move_to=done.pk,
    )  # fmt: skip
    card = make_card(board, priority=3, labels=(old,), checklist=("One", "Two"), watchers=(vi,))
    other = make_card(board, "Other", priority=1)
    friday = noon + timedelta(days=4)
    for each in (card, other):
        move(each, review, ed, friday)
    Notification.objects.all().delete()
    assert run(friday) == 1
    found = now(card)
    assert (found.assignee, found.priority, found.column) == (mia, 4, done)
    assert found.due_on == date(2026, 3, 10)  # Friday and two working days
    assert [on.label for on in found.labels.all()] == [label]
    assert not found.items.filter(done_at=None).exists()
    follow_up = Card.objects.get(title="Publish Write the brief")
    assert (follow_up.column, follow_up.assignee, follow_up.created_by) == (done, mia, None)
    told = Notification.objects.filter(verb="automation.tells")
    assert {row.member for row in told} == {mia, vi, olga}
    assert now(other).column == review
    (did,) = outcomes(rule)
    assert did[0] == "done"
    assert "moved it to Done" in did[1]
    by_rule = [event for event in events_of(card) if event.by is None]
    assert {event.by_name for event in by_rule} == {"The rule “To review”"}
    assert {(event.data["automation"], event.data["depth"]) for event in by_rule} == {(rule.pk, 1)}
    assert tell(by_rule)[0].sentence.startswith("The rule “To review” changed “Write the brief”")


def test_each_thing_that_happens_sets_off_its_rule_once(board, olga, ed, noon):
    label, ready = make_label(board.workspace), column_of(board, "Ready")
    abouts = {
        "made": {}, "leaves": {"column": ready.pk}, "done": {}, "labelled": {"label": label.pk},
        "assigned": {}, "ticked": {}, "blocked": {}, "unblocked": {},
    }  # fmt: skip
    rules = {
        when: make_rule(board, when, when=when, about=about, tell=(str(ed.pk),))
        for when, about in abouts.items()
    }
    assert run(noon) == 0
    card = make_card(ready, checklist=("One", "Two"))
    run(noon)
    label_card(card, label, on=True, by=olga, at=noon)
    edit_card(now(card), version=1, changes={"assignee": ed}, by=olga, at=noon)
    for line in ChecklistItem.objects.filter(card=card):
        tick_item(line, done=True, by=olga, at=noon)
    run(noon)
    block_card(now(card), reason="Legal", by=olga, at=noon)
    run(noon)
    unblock_card(now(card), by=olga, at=noon)
    tick_card(now(card), done=True, by=olga, at=noon)
    run(noon)
    met = {when: rule.runs.count() for when, rule in rules.items()}
    assert met == dict.fromkeys(abouts, 1)


def test_rules_that_set_off_each_other_are_stopped_and_say_so(board, olga, noon):
    there, back = column_of(board, "Ready"), column_of(board, "Review")
    ping = make_rule(board, "Ping", when="comes", about={"column": there.pk}, move_to=back.pk)
    pong = make_rule(board, "Pong", when="comes", about={"column": back.pk}, move_to=there.pk)
    card = make_card(there)
    assert run(noon) == 3
    assert [outcome for outcome, _why in outcomes(ping)] == ["done", "done"]
    assert [outcome for outcome, _why in outcomes(pong)] == ["loop", "done"]
    assert now(card).column == back


def test_what_a_limit_refuses_is_undone_as_a_whole_and_told(acme, olga, ed, noon):
    board = make_board(acme, columns=[("Ready",), ("Review", 1), ("Done", None, True)])
    review = column_of(board, "Review")
    make_card(review, "There")
    rule = make_rule(board, assign=str(ed.pk), move_to=review.pk)
    card = make_card(board)
    assert run(noon) == 0
    assert now(card).assignee is None
    assert outcomes(rule) == [("refused", "“Review” already holds its limit of 1.")]
    same = make_rule(board, "Same", when="done", tick_all=True)
    tick_card(now(card), done=True, by=olga, at=noon)
    run(noon)
    assert outcomes(same) == [("nothing", "")]


def test_a_worker_that_is_killed_has_done_nothing_and_the_next_does_it(
    board, ed, noon, monkeypatch
):
    rule = make_rule(board, assign=str(ed.pk), follow_up="Next {title}",
                     follow_up_to=column_of(board, "Done").pk)  # fmt: skip
    card = make_card(board)

    def killed(self, *args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(AutomationRun, "save", killed)
        with pytest.raises(SystemExit):
            automation_runs.run_automations(at=noon)
    assert now(card).assignee is None
    assert Card.objects.count() == 1
    assert run(noon) == 3  # the follow-ups are cards that are made, too
    assert now(card).assignee == ed
    assert rule.runs.filter(outcome="done").count() == 3
    titles = set(Card.objects.values_list("title", flat=True))
    assert "Next Next Write the brief" in titles


def test_people_take_turns_and_who_made_it_gets_it(board, ed, mia, noon):
    make_rule(board, assign="turns", turns=(ed.pk, mia.pk))
    cards = [make_card(board, f"Card {n}") for n in range(3)]
    run(noon)
    assert [now(card).assignee for card in cards] == [ed, mia, ed]
    make_rule(board, "Back", when="done", assign="creator")
    mine = make_card(board, "Mine", by=ed)
    run(noon)
    tick_card(now(mine), done=True, by=mia, at=noon)
    run(noon)
    assert now(mine).assignee == ed


def test_a_card_that_is_done_ticks_off_the_steps_that_name_it(board, olga, noon):
    rule = make_rule(board, when="done", tick_parent=True)
    parent, child = make_card(board, "Campaign"), make_card(board, "Copy")
    named = add_item(parent, text=f"Copy, see #{child.number}", by=olga, at=noon)
    other = add_item(parent, text=f"#{child.number}0", by=olga, at=noon)
    tick_card(child, done=True, by=olga, at=noon)
    assert run(noon) == 1
    named.refresh_from_db()
    other.refresh_from_db()
    assert (named.done_at, named.done_by, other.done_at) == (noon, None, None)
    assert outcomes(rule) == [("done", ["ticked off its step on Campaign"])]


def test_due_days_set_off_a_rule_once_for_each(board, olga, noon):
    due = make_rule(board, "Soon", when="due", about={"days": 2}, priority=3)
    late = make_rule(board, "Late", when="overdue", priority=4)
    card = make_card(board, due_on=date(2026, 3, 5))
    make_card(board, "Ages ago", due_on=date(2026, 1, 5))
    job = jobs.run_daily_automations
    assert [run(noon + timedelta(days=n), job) for n in range(6)] == [0, 1, 0, 0, 1, 0]
    assert now(card).priority == 4
    day = {"due_on": date(2026, 3, 8)}
    edit_card(now(card), version=now(card).version, changes=day, by=olga, at=noon)
    assert run(noon + timedelta(days=5), job) == 1
    assert due.runs.count() == 2
    jobs_at = noon + timedelta(days=120)
    with time_machine.travel(jobs_at, tick=False):
        assert jobs.tidy_automations() == due.runs.count() + late.runs.count() + 3
    assert AutomationRun.objects.count() == 0


def test_a_rule_whose_column_label_or_person_is_gone_switches_itself_off(
    board, olga, mia, ed, noon
):
    label, ready = make_label(board.workspace), column_of(board, "Ready")
    by = {"by": olga, "at": noon}
    column = make_rule(board, "Column", when="leaves", about={"column": ready.pk}, tick_all=True)
    make_rule(board, "Label", when="labelled", about={"label": label.pk}, tick_all=True)
    make_rule(board, "Person", assign="turns", turns=(ed.pk,))
    make_rule(board, "Good", tick_all=True)
    ready.board.refresh_from_db()
    remove_column(ready, version=ready.board.version, **by)
    remove_label(label, version=1, **by)
    ed.user.is_active = False
    ed.user.save()
    run(noon)
    off = {r.name: r.off_why for r in Automation.objects.filter(is_on=False)}
    assert off == {"Column": "column", "Label": "label", "Person": "member"}
    told = Notification.objects.filter(verb="automation.stopped")
    assert {row.member for row in told} == {olga, mia}
    column.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        change_automation(column, version=column.version, changes={"is_on": True}, **by)
    assert (refusal.value.field, refusal.value.code) == ("column", "not_found")


def test_what_happened_while_a_rule_was_off_is_not_made_up_for(board, olga, ed, noon):
    rule, by = make_rule(board, assign=str(ed.pk)), {"by": olga, "at": noon}
    rule = change_automation(rule, version=1, changes={"is_on": False}, **by)
    card = make_card(board)
    assert run(noon) == 0
    rule = change_automation(rule, version=2, changes={"is_on": True, "name": "Give"}, **by)
    assert run(noon) == 0
    assert now(card).assignee is None
    assert would_have_met(rule, noon + timedelta(days=1)) == 1
    assert words_for(board).then(rule) == ["give it to Ed"]
    with pytest.raises(Stale):
        remove_automation(rule, version=2, **by)
    remove_automation(rule, version=3, **by)
    assert AutomationRun.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("name", {"name": " ", "tick_all": True}),
        ("when", {"when": "sometimes", "tick_all": True}),
        ("column", {"when": "comes", "tick_all": True}),
        ("move_to", {"move_to": 10**9}),
        ("tell", {"tell": ("999999",)}),
        ("columns", {"columns": (10**9,), "tick_all": True}),
        ("goal", {"wanted": Wanted(goal=("77777",)), "tick_all": True}),
        ("assignee", {"wanted": Wanted(assignee=("me",)), "tick_all": True}),
        ("priority", {"priority": 9}),
        ("then", {}),
    ],
)
def test_a_rule_that_cannot_be_is_refused_by_its_field(board, field, said):
    with pytest.raises(Refused) as told:
        make_rule(board, **said)
    assert told.value.field == field
    assert Automation.objects.count() == 0


def test_a_quiet_sweep_costs_as_much_for_ten_rules_as_for_two(board, noon):
    def cost():
        with CaptureQueriesContext(connection, ) as asked:  # fmt: skip
            automation_runs.run_automations(at=noon)
        return len(asked)

    for number in range(2):
        make_rule(board, f"Rule {number}", tick_all=True)
    cost()
    two = cost()
    for number in range(2, 10):
        make_rule(board, f"Rule {number}", tick_all=True)
    cost()
    assert cost() == two
