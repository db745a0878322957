"""Check-ins and closing: what is told stays, with the numbers of its day."""

from datetime import timedelta
from decimal import Decimal

import pytest

from goals.models import CheckIn
from goals.operations.checkins import Said, acknowledge, check_in, drop_draft, save_draft
from goals.operations.goals import close_goal, reopen_goal
from goals.operations.reviews import review_goals
from goals.queries.checkins import checkins_of, next_due
from goals.rules.checkins import Cadence
from tests.make.goals import every_day, make_goal, measured, observe
from tests.make.workspaces import owner_of
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def clicks(acme):
    return measured(acme, "clicks", every_day("2026-01-01", "2026-03-01", 10))


@pytest.fixture
def goal(clicks):
    return make_goal(clicks, value="3650", cadence=Cadence.WEEKLY)


def test_a_check_in_keeps_the_numbers_of_its_day(goal, clicks, ed, noon):
    told = check_in(goal, said=Said("Going well", confidence=D("0.8")), by=ed, at=noon)
    observe(clicks, {"2026-02-01": 1000})
    told.refresh_from_db()
    assert (told.value, told.status, told.confidence) == ("600", "on_track", D("0.8"))
    assert told.progress == "0.164383561644"


def test_a_draft_is_its_authors_alone_and_becomes_the_check_in(acme, goal, ed, mia, noon):
    save_draft(goal, said=Said("Half"), by=ed, at=noon)
    draft = save_draft(goal, said=Said("Half a sentence"), by=ed, at=noon)
    assert checkins_of(acme, goal, mia, noon).draft is None
    assert checkins_of(acme, goal, ed, noon).draft.note == "Half a sentence"
    told = check_in(goal, said=Said("A whole sentence"), by=ed, at=noon)
    assert (told.pk, CheckIn.objects.count()) == (draft.pk, 1)
    assert [row.note for row in checkins_of(acme, goal, mia, noon).told] == ["A whole sentence"]


def test_only_an_own_draft_is_thrown_away(goal, ed, mia, noon):
    draft = save_draft(goal, said=Said(""), by=ed, at=noon)
    with pytest.raises(Refused):
        drop_draft(draft, by=mia)
    drop_draft(draft, by=ed)
    told = check_in(goal, said=Said("Told"), by=ed, at=noon)
    with pytest.raises(Refused, match="stays"):
        drop_draft(told, by=ed)


def test_somebody_else_acknowledges_once(goal, olga, ed, mia, noon):
    told = check_in(goal, said=Said("Told"), by=ed, at=noon)
    with pytest.raises(Refused, match="Somebody else"):
        acknowledge(told, by=ed, at=noon)
    acknowledge(told, by=mia, at=noon)
    assert acknowledge(told, by=olga, at=noon).acknowledged_by_id == mia.pk
    with pytest.raises(Refused, match="draft"):
        acknowledge(save_draft(goal, said=Said(""), by=ed, at=noon), by=mia, at=noon)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said(" "), "note"),
        (Said("x" * 4001), "note"),
        (Said("Sure", confidence=D("1.1")), "confidence"),
        (Said("Sure", confidence=D("-0.1")), "confidence"),
    ],
)
def test_what_says_nothing_is_refused_at_its_field(goal, ed, noon, said, field):
    with pytest.raises(Refused) as refused:
        check_in(goal, said=said, by=ed, at=noon)
    assert refused.value.field == field
    assert not CheckIn.objects.exists()


def test_the_next_one_is_due_after_the_last(acme, goal, clicks, ed, noon):
    quiet = make_goal(clicks, "Quiet", value="5000")
    due = next_due(acme, [goal, quiet])
    assert (str(due[goal.pk]), due[quiet.pk]) == ("2026-01-08", None)
    assert checkins_of(acme, goal, ed, noon).is_due
    check_in(goal, said=Said("Fine"), by=ed, at=noon)
    assert str(next_due(acme, [goal])[goal.pk]) == "2026-03-09"
    assert not checkins_of(acme, goal, ed, noon).is_due


def close(goal, at, **words):
    by = owner_of(goal.workspace)
    return close_goal(goal, reason="Over", version=goal.version, by=by, at=at, **words)


def test_closing_freezes_the_verdict_with_the_numbers_of_the_day(clicks, noon):
    reached = make_goal(clicks, value="600")
    closed = close(reached, noon, retrospective=" Short forms worked. ")
    observe(clicks, {"2026-02-01": 1})
    closed.refresh_from_db()
    assert (closed.verdict, closed.final_value, closed.final_share) == ("achieved", 600, 1)
    assert (str(closed.verdict_until), closed.retrospective) == (
        "2026-03-01",
        "Short forms worked.",
    )


def test_a_missed_goal_is_frozen_as_missed(clicks, noon):
    goal = make_goal(clicks, value="9000", window=("2026-01-01", "2026-02-28"))
    review_goals(at=noon)
    goal.refresh_from_db()
    assert close(goal, noon).verdict == "missed"


def test_a_goal_closed_early_has_numbers_and_no_verdict(clicks, noon):
    closed = close(make_goal(clicks, value="3650"), noon)
    assert (closed.verdict, closed.status, closed.final_value) == ("", "on_track", 600)
    ahead = close(make_goal(clicks, value="5", window=("2026-06-01", "2026-06-30")), noon)
    assert (ahead.verdict, ahead.verdict_until) == ("", None)


def test_reopening_takes_the_verdict_back_and_keeps_what_was_learnt(clicks, noon):
    closed = close(make_goal(clicks, value="600"), noon, retrospective="Learnt")
    later = noon + timedelta(hours=1)
    opened = reopen_goal(closed, version=2, by=owner_of(clicks.workspace), at=later)
    assert (opened.verdict, opened.final_value, opened.retrospective) == ("", None, "Learnt")


def test_a_closed_goal_takes_no_check_in(goal, ed, noon):
    close(goal, noon)
    with pytest.raises(Refused, match="closed"):
        check_in(goal, said=Said("Late"), by=ed, at=noon)
