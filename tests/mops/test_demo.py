from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import now

from goals.models import CheckIn, Goal, Strategy, Waiver
from goals.queries import standings
from goals.queries.pulse import open_pulse, pulse_months, pulse_of
from goals.queries.slas import sla_lines, sla_page
from goals.queries.splits import Asked as Parts
from goals.queries.splits import split_of
from goals.queries.strategy import strategy_page
from metrics.models.context import Annotation, Benchmark, MetricTarget
from metrics.models.observations import Observation
from metrics.models.saved_views import SavedView
from metrics.operations.rollups import check
from metrics.queries.alerts import rule_row, rules_of
from metrics.queries.exclusions import exclusions_of
from metrics.queries.health import late_of
from metrics.queries.quality import Asked, findings
from metrics.queries.series import read_series
from metrics.rules.periods import Grain
from mops import demo_data
from mops.demo import SLUG, demo_people, open_demo
from tasks.models import Board, Card, CardLabel
from tasks.queries.choices import choice_of
from workspaces.models import Workspace
from workspaces.queries.notifications import count_unread, notifications_of
from workspaces.rules.sla import Attainment

OPENED = date(2026, 11, 22)


@pytest.fixture
def demo(db):
    return open_demo(password="demo")


def test_the_same_seed_gives_the_same_data():
    days = (OPENED - timedelta(days=9), OPENED - timedelta(days=1), OPENED)
    assert list(demo_data.values(*days)) == list(demo_data.values(*days))


def test_what_was_told_once_is_not_told_otherwise_later():
    whole = list(demo_data.values(OPENED - timedelta(days=9), OPENED, OPENED))
    part = list(demo_data.values(OPENED - timedelta(days=3), OPENED, OPENED))
    assert whole[-len(part) :] == part


def test_the_demo_is_whole_and_opening_it_again_keeps_it(demo):
    assert Observation.objects.count() > 30_000
    assert check(demo) == []
    goals = list(Goal.objects.select_related("metric").filter(workspace=demo))
    found = {str(s.status) for s in standings(demo, goals, now()).values()}
    assert found == {"off_track", "at_risk", "on_track", "unknown", "new", "achieved", "missed"}
    cards = Card.objects.filter(workspace=demo)
    assert cards.filter(done_at=None).count() >= 12
    assert cards.exclude(done_at=None).count() >= 4
    assert cards.filter(done_at=None, due_on__lt=demo.day_of(now())).exists()
    assert cards.exclude(goal=None).count() >= 10
    see_what_stands_on_cards(demo)
    see_what_the_team_watches(demo)
    see_what_the_team_agreed_on(demo)
    see_what_is_promised(demo)
    see_how_satisfied_they_are(demo)
    see_what_is_looked_after(demo)
    before = (Observation.objects.count(), len(goals), cards.count())
    assert open_demo(password="demo") == demo
    after = (Observation.objects.count(), Goal.objects.count(), Card.objects.count())
    assert after == before
    assert Workspace.objects.filter(slug=SLUG).count() == 1


def see_what_stands_on_cards(demo):
    """A newcomer sees what a card can show, and swimlanes without asking for them."""
    cards = Card.objects.filter(workspace=demo, archived_at=None)
    labelled = CardLabel.objects.filter(card__in=cards).values("card").distinct().count()
    assert labelled > cards.count() * 3 / 4
    assert cards.exclude(priority=0).exclude(estimate=None).count() > cards.count() / 2
    ads, owner = Board.objects.get(name="Ads and social"), demo_people(demo)["owner"]
    assert choice_of(ads, owner).lanes == "goal"


def see_what_the_team_agreed_on(demo):
    page = strategy_page(Strategy.objects.get(workspace=demo), demo_people(demo)["owner"])
    assert (page.newest.number, page.done, page.waiting) == (2, 5, 1)
    assert page.strategy.started_at is not None
    assert page.unsigned == []
    assert {item.disposition for item in page.heard} == {"accepted", "deferred"}
    assert [one.closed_at is None for one in page.decisions] == [True, False]


def see_how_satisfied_they_are(demo):
    months = pulse_months(demo)
    assert [month.whole.answers for month in months] == [10, 9, 8, 9, 9, 10]
    assert [month.team is None for month in months] == [False, False, True, False, False, False]
    assert open_pulse(demo_people(demo)["viewer"], at=now()).asked
    score = pulse_of(demo).score
    assert read_series(score, grain="month").total.value == Decimal("6.36363636364")


def see_what_is_promised(demo):
    [line] = sla_lines(demo, now())
    assert line.owed.open == 4
    months = sla_page(demo, line.sla.pk, now()).months
    kept = sum((month.answers for month in months), Attainment())
    assert (kept.kept, kept.broken) == (8, 1)
    assert {one.verdict for month in months for one in month.quotas} >= {"kept"}


def see_what_is_looked_after(demo):
    """A broken guardrail, a split that was mended, check-ins, waivers, a verdict."""
    goals = {goal.title: goal for goal in Goal.objects.select_related("metric").filter(parent=None)}
    found = standings(demo, goals.values(), now())
    rails = [rail for standing in found.values() for rail in standing.guardrails]
    assert (len(rails), sum(rail.is_broken for rail in rails)) == (3, 1)
    leads = goals["E-mail leads +30 % in one year"]
    page = split_of(leads, Parts(Grain.QUARTER), now())
    kept = {step.start: step.target for step in Goal.objects.filter(parent=leads)}
    missed = [part for part in page.parts if part.closed and part.actual < part.planned]
    assert missed
    assert sum(part.planned for part in page.parts) == round(leads.target, 1) == leads.target
    assert all(kept[part.span.first] == part.anew for part in page.parts if not part.closed)
    told = CheckIn.objects.exclude(told_at=None)
    assert told.filter(acknowledged_at=None, goal=goals["E-mail CTR at least 3.05 %"]).count() == 1
    assert (told.count(), CheckIn.objects.filter(told_at=None).count()) == (5, 1)
    assert Waiver.objects.filter(workspace=demo).count() == 2
    closed = Goal.objects.exclude(closed_at=None).get()
    assert (closed.verdict, bool(closed.retrospective)) == ("missed", True)


def see_what_the_team_watches(demo):
    """Each page of quality, alerts and context has something real to show."""
    kinds = {row.finding.kind for row in findings(demo, Asked(), at=now())}
    assert kinds >= {"late", "gap", "jump", "several_days"}
    rules = exclusions_of(demo, revoked=False)
    assert [(bool(rule.person), rule.excluded > 0) for rule in rules] == [
        (True, True),
        (False, True),
    ]
    states = [(row.open is not None, row.asleep) for row in alert_rows(demo)]
    assert sorted(states) == [(False, False), (False, True), (True, False)]
    assert late_of(demo).count() == 1
    assert SavedView.objects.filter(workspace=demo, is_pinned=True).count() == 1
    manager = demo_people(demo)["manager"]
    assert set(notifications_of(manager).values_list("kind", flat=True)) == {
        "alert", "card", "commented", "goal", "late", "mentioned", "request",
    }  # fmt: skip
    assert count_unread(manager) < 10
    for context in (Benchmark, MetricTarget, Annotation):
        assert context.objects.filter(workspace=demo).count() > 2


def alert_rows(demo):
    return [rule_row(rule, now()) for rule in rules_of(demo)]


@pytest.mark.django_db
def test_a_demo_that_was_cut_short_is_completed(monkeypatch):
    with monkeypatch.context() as power:
        power.setattr("mops.demo.demo_rounds.hold", cut)
        with pytest.raises(KeyboardInterrupt):
            open_demo(password="demo")
    assert not Goal.objects.exists()
    demo = open_demo(password="demo")
    assert Board.objects.filter(workspace=demo).count() == 2
    assert Goal.objects.filter(workspace=demo, parent=None).count() == 10
    assert Goal.objects.exclude(parent=None).count() in (4, 5)


def cut(*_args, **_options):
    raise KeyboardInterrupt
