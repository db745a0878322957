"""What strategies ask of a member."""

from datetime import date

import pytest

from goals.models import Strategy
from goals.operations.strategy import close_strategy
from goals.operations.strategy_versions import Word, sign_version, start_strategy
from goals.queries.strategy_asked import asked_of
from goals.rules.strategy import Step
from tests.make.strategies import make_strategy, publish, say, take_part, write
from tests.make.workspaces import NOON, make_stakeholder
from workspaces.queries.people import members_of

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
YES = Word(agreed=True)


@pytest.fixture
def plan(acme):
    return write(make_strategy(acme), Step.OUTCOMES, newcomer=("Sales", "120 leads a month"))


def owed(member, today=TODAY):
    return [(one.title, one.feedback, one.sign) for one in asked_of(member, today)]


def test_an_answer_is_asked_of_everybody_but_the_publisher_until_it_is_given(plan, ed, vi, olga):
    take_part(plan, questions=["Why?"], until=date(2026, 3, 10))
    assert owed(ed) == []
    version = publish(plan)
    assert owed(ed) == owed(vi) == [("Plan 2026", True, False)]
    assert owed(olga) == []
    say(version, "Hm", member=ed)
    assert owed(ed) == []
    assert owed(vi, date(2026, 3, 11)) == []


def test_a_version_without_questions_asks_for_no_answer(plan, ed):
    publish(plan)
    assert owed(ed) == []


def test_a_signature_is_asked_for_on_each_new_version_until_the_start(plan, acme, ed, vi, noon):
    board = make_stakeholder(acme, "The board", member=vi)
    take_part(plan, members=[ed], stakeholders=[board])
    sign_version(publish(plan), who=ed, word=YES, by=ed, at=noon)
    assert (owed(ed), owed(vi)) == ([], [("Plan 2026", False, True)])
    write(plan, Step.STEPS, words="More")
    newer = publish(plan)
    assert owed(ed) == owed(vi) == [("Plan 2026", False, True)]
    for who in (ed, vi):
        sign_version(newer, who=who, word=YES, by=who, at=noon)
    row = Strategy.objects.get()
    start_strategy(row, version=row.version, by=ed, at=noon)
    assert owed(ed) == []


def test_what_was_put_away_and_what_is_elsewhere_asks_nothing(plan, ed, sam, olga, noon):
    take_part(plan, questions=["Why?"])
    publish(plan)
    assert owed(sam) == []
    row = Strategy.objects.get()
    close_strategy(row, version=row.version, by=olga, at=noon)
    assert owed(ed) == []


def test_it_costs_four_queries_however_many_there_are(acme, ed, django_assert_num_queries):
    for name in ("A", "B", "C"):
        one = write(make_strategy(acme), Step.OUTCOMES, newcomer=(name, "calm"))
        take_part(one, questions=["Why?"], members=[ed])
        publish(one)
    member = members_of(acme).select_related("workspace").get(pk=ed.pk)
    with django_assert_num_queries(4):
        assert len(asked_of(member, TODAY)) == 3
