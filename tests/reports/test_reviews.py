"""Reviews: which goals they walk through, what they keep, what has changed since the last one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.operations.checkins import Said, check_in
from goals.operations.goals import close_goal
from goals.queries.standing import standings
from goals.rules.checkins import Cadence
from goals.rules.status import Status
from reports.models import Review
from reports.operations import reviews
from reports.operations.reviews import Look, ask_owner, end_review, look_at
from reports.queries.reviews import item_page, reviews_of, summary_of
from reports.rules.reviews import Facts, Outcome, Reason, reasons_of, worst_first
from tests.make.goals import every_day, make_goal, make_goals, make_guardrail, measured, observe
from tests.make.reviews import begin, end, items_of, look
from tests.make.workspaces import owner_of
from workspaces.models import Notification
from workspaces.models.events import Event
from workspaces.rules.errors import Refused, Stale

D = Decimal
DAY = timedelta(days=1)


def test_what_needs_a_look_has_its_reasons():
    fine = Facts(1, Status.ON_TRACK, was="on_track", chance=D("0.8"), confidence=D("0.7"))
    assert reasons_of(fine) == []
    bad = Facts(2, Status.AT_RISK, was="on_track", is_check_in_due=True)
    assert reasons_of(bad) == [Reason.STATUS, Reason.CHANGED, Reason.CHECK_IN]
    assert reasons_of(Facts(3, Status.UNKNOWN)) == [Reason.LATE]
    sure = Facts(4, Status.ON_TRACK, chance=D("0.75"), confidence=D("0.3"))
    assert reasons_of(sure) == [Reason.DOUBT]


def test_the_worst_comes_first():
    found = worst_first(
        [
            Facts(1, Status.ON_TRACK),
            Facts(2, Status.OFF_TRACK, chance=D("0.2")),
            Facts(3, Status.AT_RISK),
            Facts(4, Status.OFF_TRACK, chance=D("0.1")),
        ]
    )
    assert [facts.goal_id for facts in found] == [4, 2, 3, 1]


@pytest.fixture
def clicks(acme):
    """Ten a day in January and February."""
    return measured(acme, "clicks", every_day("2025-01-01", "2026-03-01", 10))


@pytest.fixture
def goals(clicks, ed):
    """One that is fine and two in trouble, by their pace."""
    terms = {"owner": ed, "window": ("2026-01-01", "2026-12-31")}
    return [make_goal(clicks, f"{value} clicks", value=value, **terms) for value in ("3000", "4300", "9000")]  # fmt: skip # noqa: E501


pytestmark = pytest.mark.django_db


def test_a_review_walks_through_goals_in_trouble_and_leaves_the_others(acme, goals, noon):
    review = begin(acme)
    assert list(items_of(review)) == ["9000 clicks", "4300 clicks"]
    assert len(review.snapshot) == 3
    assert items_of(review)["9000 clicks"].reasons == ["status"]


def test_a_broken_guardrail_and_a_due_check_in_are_reasons(acme, clicks, ed, noon):
    complaints = measured(acme, "complaints", every_day("2026-01-01", "2026-03-01", 1))
    goal = make_goal(clicks, "Guarded", value="3000", owner=ed)
    make_guardrail(goal, complaints, "below", "20")
    make_goal(clicks, "Silent", value="3000", owner=ed, cadence=Cadence.WEEKLY)
    found = {title: item.reasons for title, item in items_of(begin(acme)).items()}
    assert found == {"Guarded": ["guardrail"], "Silent": ["check_in"]}


def test_beginning_twice_goes_on_with_the_same_and_months_are_apart(acme, goals, ed):
    first = begin(acme)
    assert begin(acme, by=ed) == first
    assert begin(acme, "monthly") != first
    end(first)
    assert begin(acme) != first


def test_a_look_keeps_what_was_said_with_the_numbers_of_the_moment(acme, clicks, goals, noon, ed):
    item = items_of(begin(acme))["9000 clicks"]
    observe(clicks, {"2026-03-01": 110})
    done = look(item, by=ed, at=noon + timedelta(minutes=5), note=" Too far ", decided="Halve it")
    assert (done.outcome, done.note, done.decided) == ("seen", "Too far", "Halve it")
    assert (done.kept.value, done.kept.status) == (D(700), "off_track")
    assert done.looked_by == ed
    verbs = Event.objects.filter(verb="review.looked")
    assert [event.subject_id for event in verbs] == [done.goal_id]


def test_two_people_in_one_review_do_not_overwrite_each_other(acme, goals, ed, mia, noon):
    item = items_of(begin(acme))["9000 clicks"]
    look_at(item, look=Look(Outcome.SEEN, "Ed's"), version=1, by=ed, at=noon)
    with pytest.raises(Stale):
        look_at(item, look=Look(Outcome.SKIPPED), version=1, by=mia, at=noon)
    item.refresh_from_db()
    assert (item.outcome, item.note, item.version) == ("seen", "Ed's", 2)


def test_an_ended_review_is_closed_to_everything(acme, goals, mia, noon):
    review = begin(acme)
    item = items_of(review)["9000 clicks"]
    look(item)
    look(items_of(review)["4300 clicks"], "skipped")
    ended = end(review, " All in all ")
    found = summary_of(ended)
    assert (found.seen, found.skipped, found.waiting, ended.notes) == (1, 1, 0, "All in all")
    for act in (
        lambda: look(item),
        lambda: end(review),
        lambda: ask_owner(item, question="Why?", by=mia, at=noon),
    ):
        with pytest.raises(Refused, match="has ended"):
            act()


def test_ending_a_review_that_somebody_ended_is_refused_and_a_stale_one_is_told(acme, goals, noon):
    review = begin(acme)
    with pytest.raises(Stale):
        end_review(review, notes="", version=9, by=owner_of(acme), at=noon)
    assert Review.objects.get().is_open


def test_the_next_review_tells_what_has_changed_since(acme, clicks, goals, noon):
    first = begin(acme)
    end(first)
    observe(clicks, {"2026-03-01": 20})  # late data, for the day before the first review
    observe(clicks, every_day("2026-03-02", "2026-03-08", 10))
    week = noon + 7 * DAY
    item = items_of(begin(acme, at=week))["9000 clicks"]
    change = item_page(acme, item, week).change
    assert (change.was.value, change.moved, change.restated) == (D(600), D(80), D(10))
    assert str(change.since) == "2026-03-02"


def test_a_goal_that_recovered_is_looked_at_once_more(acme, clicks, goals, noon):
    end(begin(acme))
    observe(clicks, {"2026-02-28": 500})
    item = items_of(begin(acme, at=noon + DAY))["4300 clicks"]
    assert item.reasons == ["changed"]


def test_a_monthly_review_tells_the_month_against_the_quarter_and_the_end(acme, goals, noon):
    review = begin(acme, "monthly")
    item = items_of(review)["4300 clicks"]
    shown = item_page(acme, item, noon).horizons
    assert [(one.reach, one.value) for one in shown[:2]] == [("month", D(280)), ("quarter", D(600))]
    assert shown[0].due == pytest.approx(D(4300) * 28 / 365)
    assert shown[1].due == pytest.approx(D(4300) * 60 / 365)
    assert (shown[2].reach, shown[2].due) == ("end", D(4300))
    assert [one.reach for one in look(item).kept.horizons] == ["month", "quarter", "end"]
    assert item_page(acme, items_of(begin(acme))["4300 clicks"], noon).horizons == []


def test_horizons_follow_the_basis(acme, clicks, noon):
    window = {"window": ("2026-01-15", "2026-12-31")}
    make_goal(clicks, "Growth", basis="yoy", percent="90", **window)
    make_goal(clicks, "Level", basis="level", value="900", **window)
    make_goal(clicks, "Line", basis="level", aim="above", value="500", **window)
    shown = items_of(begin(acme, "monthly"))
    growth = item_page(acme, shown["Growth"], noon).horizons
    assert [(one.value, one.due) for one in growth[:2]] == [(D(280), D(532)), (D(460), D(874))]
    level = item_page(acme, shown["Level"], noon).horizons
    assert level[0].value == level[1].value == D(280)
    assert 280 < level[0].due < 900
    line = item_page(acme, shown["Line"], noon).horizons
    assert (line[0].value, line[0].due) == (D(280), D(500))


def test_the_end_of_growth_asks_for_what_the_year_before_comes_to_now(acme, clicks, noon):
    make_goal(clicks, "Growth", basis="yoy", percent="100", window=("2026-01-15", "2026-12-31"))
    item = items_of(begin(acme, "monthly"))["Growth"]
    before = item_page(acme, item, noon).horizons[-1].due
    observe(clicks, {"2025-06-01": 500})
    after = item_page(acme, item, noon)
    assert after.horizons[-1].due == after.standing.target == before + 2 * 490


def test_the_owner_is_asked_and_told_but_not_by_themselves(acme, goals, ed, mia, noon):
    item = items_of(begin(acme))["9000 clicks"]
    ask_owner(item, question="What would help?", by=mia, at=noon)
    told = Notification.objects.get(kind="review")
    assert (told.member, told.data["question"]) == (ed, "What would help?")
    for question, who in (("", mia), ("x" * 501, mia), ("Why?", ed)):
        with pytest.raises(Refused):
            ask_owner(item, question=question, by=who, at=noon)


def test_a_belief_far_from_the_forecast_is_a_reason(acme, clicks, ed, noon):
    goal = make_goal(clicks, "Doubted", value="3000", owner=ed)
    reviews_before = items_of(begin(acme))
    assert reviews_before == {}
    found = standings(acme, [goal], noon)[goal.pk]
    assert found.forecast is None
    check_in(goal, said=Said("Hm", confidence=D("0.1")), by=ed, at=noon)
    end(Review.objects.get())
    assert items_of(begin(acme)) == {}  # without a forecast there is nothing to doubt


def test_a_closed_goal_is_in_no_review(acme, goals, noon):
    close_goal(goals[2], version=1, reason="Too far", retrospective="", by=owner_of(acme), at=noon)
    assert list(items_of(begin(acme))) == ["4300 clicks"]


def test_many_goals_take_as_many_queries_as_few(acme, clicks, noon):
    counts = []
    for number in (2, 12):
        make_goals(clicks, number, value="9000")
        with CaptureQueriesContext(connection) as asked:
            review = reviews.start_review(
                acme, rhythm=reviews.Rhythm.WEEKLY, by=owner_of(acme), at=noon
            )
            summary_of(review)
            list(reviews_of(acme))
        counts.append(len(asked))
        end(review)
    assert counts[1] <= counts[0] + 1  # the second one looks for the one before
