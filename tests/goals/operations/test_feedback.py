"""Feedback on a version: given, kept apart from who gave it, and answered."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from goals.models import FeedbackItem, FeedbackSheet, FeedbackTurn
from goals.operations import feedback
from goals.operations.feedback import Answers, Suggestion, decide_feedback, give_feedback
from goals.operations.strategy import close_strategy
from goals.queries.feedback import counts_of, feedback_on, has_answered, heard, taking_part
from goals.rules.strategy import Disposition, Step
from tests.make.goals import every_day, make_goal, measured
from tests.make.strategies import make_strategy, publish, say, share, take_part, write
from workspaces.models import Notification
from workspaces.models.events import Event
from workspaces.queries.events import sentence_of
from workspaces.rules.errors import Refused, Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(acme):
    made = make_strategy(acme)
    write(made, Step.OUTCOMES, newcomer=("Sales", "120 leads"))
    return take_part(made, questions=["What is missing?"], anonymous=True, until=date(2026, 3, 10))


@pytest.fixture
def version(plan):
    return publish(plan)


def decide(item, disposition, reason="", *, by, at, revision=1):
    return decide_feedback(
        item, disposition=disposition, reason=reason, revision=revision, by=by, at=at
    )


def test_an_answer_belongs_to_the_version_that_was_read(plan, version, ed):
    say(version, "Fewer meetings", member=ed)
    write(plan, Step.STEPS, words="More")
    newer = publish(plan)
    (item,) = feedback_on(plan)
    assert (item.sheet.version.number, item.sheet.name) == (1, "Ed")
    assert has_answered(version, ed)
    assert not has_answered(newer, ed)


def test_an_anonymous_answer_names_nobody_anywhere(version, ed):
    say(version, "The boss is wrong", member=ed, anonymous=True)
    sheet = FeedbackSheet.objects.get()
    assert (sheet.member, sheet.name) == (None, "")
    event = Event.objects.filter(verb="feedback.given").get()
    assert (event.by, event.by_name) == (None, "")
    assert has_answered(version, ed)
    assert not {"at", "sheet", "given_on"} & {one.name for one in FeedbackTurn._meta.fields}


def test_anonymous_answers_are_taken_only_where_they_are_allowed(plan, ed):
    take_part(plan, questions=["Why?"])
    with pytest.raises(Refused) as refusal:
        say(publish(plan), "Hm", member=ed, anonymous=True)
    assert refusal.value.field == "anonymous"


def test_who_takes_part_is_counted_once_and_links_beside(plan, version, ed, vi):
    row, _token = share(plan, takes_feedback=True)
    say(version, "One", member=ed)
    say(version, "Two", member=ed, anonymous=True)
    say(version, "Three", share=row, name="Kim")
    taking = taking_part(version)
    assert (taking.answered, taking.asked, taking.by_link) == (1, 3, 1)  # olga, ed, vi
    assert taking.rate == pytest.approx(1 / 3)
    assert counts_of(plan) == {"open": 3}


def test_empty_answers_and_too_many_are_refused_and_nothing_is_kept(version, ed):
    for texts in ([" "], ["x"] * 61):
        with pytest.raises(Refused) as refusal:
            say(version, *texts, member=ed)
        assert refusal.value.field == "suggestions"
    assert not FeedbackSheet.objects.exists()
    assert not FeedbackTurn.objects.exists()


def test_after_its_last_day_the_form_is_closed(version, ed, noon):
    say(version, "In time", member=ed, at=noon.replace(day=10))
    with pytest.raises(Refused) as refusal:
        say(version, "Late", member=ed, at=noon.replace(day=11))
    assert refusal.value.code == "over"


def test_a_strategy_that_was_put_away_takes_no_feedback(plan, version, ed, olga, noon):
    close_strategy(plan, version=plan.version, by=olga, at=noon)
    with pytest.raises(Refused):
        say(version, "Too late", member=ed)


def test_L08_a_flood_by_one_link_is_stopped_at_its_limit(plan, version, monkeypatch):
    monkeypatch.setattr(feedback, "MOST_BY_LINK", 2)
    row, _token = share(plan, takes_feedback=True)
    other, _token = share(plan, takes_feedback=True)
    say(version, "One", share=row)
    say(version, "Two", share=row)
    with pytest.raises(Refused) as refusal:
        say(version, "Three", share=row)
    assert refusal.value.code == "too_many"
    say(version, "Mine is still heard", share=other)


def test_a_goal_of_another_workspace_is_not_spoken_of(version, ed, globex, noon):
    clicks = measured(globex, "clicks", every_day("2026-01-01", "2026-03-01", 1))
    said = (Suggestion("Hm", goal=make_goal(clicks)),)
    with pytest.raises(Refused):
        give_feedback(version, answers=Answers(said, member=ed), at=noon)
    assert not FeedbackSheet.objects.exists()


def test_each_suggestion_is_answered_and_told_back(plan, version, ed, mia, noon):
    say(version, "One", "Two", "Three", member=ed)
    one, two, three = FeedbackItem.objects.order_by("pk")
    decide(one, Disposition.ACCEPTED, "It is step 3 now", by=mia, at=noon)
    decide(two, Disposition.DEFERRED, "Next quarter", by=mia, at=noon)
    for disposition in (Disposition.DECLINED, Disposition.DEFERRED):
        with pytest.raises(Refused) as refusal:
            decide(three, disposition, " ", by=mia, at=noon)
        assert refusal.value.field == "reason"
    assert {item.text for item in heard(plan)} == {"One", "Two"}
    assert counts_of(plan) == {"accepted": 1, "deferred": 1, "open": 1}


def test_who_gave_their_name_is_told_what_became_of_it(version, ed, vi, mia, noon):
    say(version, "One", member=ed)
    say(version, "Two", member=vi, anonymous=True)
    for item in FeedbackItem.objects.all():
        decide(item, Disposition.ACCEPTED, by=mia, at=noon)
    told = Notification.objects.filter(verb="feedback.decided")
    assert [(one.member, sentence_of(one)) for one in told] == [
        (ed, "Mia accepted a suggestion on “Plan 2026”"),
    ]  # fmt: skip


def test_O01_an_answer_is_not_written_over(version, ed, mia, olga, noon):
    say(version, "One", member=ed)
    item = FeedbackItem.objects.get()
    decide(item, Disposition.ACCEPTED, by=mia, at=noon)
    with pytest.raises(Stale):
        decide(item, Disposition.DECLINED, "No", by=olga, at=noon)
    opened = decide(item, Disposition.OPEN, by=olga, at=noon, revision=2)
    assert (opened.disposition, opened.decided_by, opened.reason) == ("open", None, "")


def test_the_database_holds_that_a_no_has_a_reason(version, ed):
    say(version, "One", member=ed)
    with pytest.raises(IntegrityError), transaction.atomic():
        FeedbackItem.objects.update(disposition="declined")
