from datetime import date, timedelta

import pytest
from django.utils.timezone import now
from metrics.operations.rollups import check

from goals.models import Goal
from goals.queries import standings
from metrics.models.observations import Observation
from mops import demo_data
from mops.demo import SLUG, open_demo
from tasks.models import Card
from workspaces.models import User, Workspace

OPENED = date(2026, 11, 22)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """One demo for all tests of this module; it is taken away again."""
    with django_db_blocker.unblock():
        workspace = open_demo(password="demo")
        yield workspace
        Observation.objects.all().delete()
        Card.objects.filter(workspace=workspace).delete()
        Goal.objects.filter(workspace=workspace).delete()
        workspace.delete()
        User.objects.filter(email__endswith="@demo.example").delete()


def test_the_same_seed_gives_the_same_data():
    days = (OPENED - timedelta(days=9), OPENED - timedelta(days=1), OPENED)
    assert list(demo_data.values(*days)) == list(demo_data.values(*days))


def test_what_was_told_once_is_not_told_otherwise_later():
    whole = list(demo_data.values(OPENED - timedelta(days=9), OPENED, OPENED))
    part = list(demo_data.values(OPENED - timedelta(days=3), OPENED, OPENED))
    assert whole[-len(part) :] == part


def test_the_demo_has_two_years_of_data_and_right_rollups(demo, db):
    assert Observation.objects.count() > 30_000
    assert check(demo) == []


def test_the_demo_has_a_goal_in_every_status(demo, db):
    goals = list(Goal.objects.select_related("metric").filter(workspace=demo))
    found = {str(s.status) for s in standings(demo, goals, now()).values()}
    assert found == {"off_track", "at_risk", "on_track", "unknown", "new", "achieved", "missed"}


def test_the_demo_has_a_board_in_mid_flight(demo, db):
    cards = Card.objects.filter(workspace=demo)
    assert cards.filter(done_at=None).count() >= 12
    assert cards.exclude(done_at=None).count() >= 4
    assert cards.filter(done_at=None, due_on__lt=demo.day_of(now())).exists()
    assert cards.exclude(goal=None).count() >= 10


def test_opening_the_demo_again_keeps_its_data(demo, db):
    before = (Observation.objects.count(), Goal.objects.count(), Card.objects.count())
    assert open_demo(password="demo") == demo
    assert (Observation.objects.count(), Goal.objects.count(), Card.objects.count()) == before
    assert Workspace.objects.filter(slug=SLUG).count() == 1
