"""Goals without a number of their own, judged by their steps."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.models import Goal
from goals.operations.goals import close_goal, draft_of, reopen_goal, revise_goal, set_goal
from goals.operations.reviews import review_goals
from goals.queries.catalogue import goal_lines, goals_of
from goals.queries.standing import standings
from goals.queries.strategy_documents import document_of
from goals.rules.strategy import Step
from goals.rules.terms import numberless
from reports.queries.gaps import gaps_of
from tests.make.goals import (
    every_day,
    make_goal,
    make_guardrail,
    make_parent,
    measured,
    observe,
    span,
    terms,
)
from tests.make.reviews import begin, end, items_of, look
from tests.make.strategies import make_strategy, write
from tests.make.tasks import make_board
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db
JUNE = datetime(2026, 7, 1, 12, tzinfo=UTC)
URL = "/api/v1/workspaces/acme/goals/"


@pytest.fixture
def clicks(acme):
    """100 a day from January to June."""
    return measured(acme, "clicks", every_day("2026-01-01", "2026-06-30", 100))


@pytest.fixture
def parent(acme):
    return make_parent(acme)


def step(metric, parent, target, **words):
    return make_goal(metric, f"To {target}", value=str(target), parent=parent, **words)


def standing(goal, at=JUNE):
    row = goals_of(goal.workspace).get(pk=goal.pk)
    return standings(goal.workspace, [row], at)[goal.pk]


def test_without_steps_nothing_is_known(parent):
    found = standing(parent)
    assert (found.status, found.progress, found.target) == ("unknown", None, None)
    assert found.note == "It is judged by its steps and has none that weigh yet."
    early = make_parent(parent.workspace, "Later", window=("2027-01-01", "2027-12-31"))
    assert standing(early).status == "new"


def test_progress_is_the_weighted_mean_of_its_steps(clicks, parent):
    step(clicks, parent, 18100, weight=Decimal(3))  # all of 18,100 have come
    step(clicks, parent, 36200)  # half of them
    found = standing(parent)
    assert found.progress == Decimal("0.875")
    assert (found.value, found.pace, found.forecast) == (None, None, None)


def test_a_quarter_of_the_weight_decides_the_status(clicks, parent):
    step(clicks, parent, 18100, weight=Decimal(4))  # achieved
    late = step(clicks, parent, 100000)  # off track, a fifth of the weight
    assert standing(parent).status == "achieved"
    Goal.objects.filter(pk=late.pk).update(weight="2")
    assert standing(parent).status == "off_track"


def test_a_goal_of_goals_without_numbers_is_judged_to_the_bottom(acme, clicks, parent):
    team = make_parent(acme, "Team", parent=parent)
    step(clicks, team, 100000)
    assert standing(parent).status == "off_track"
    line = goal_lines(acme, list(goals_of(acme)), JUNE, as_tree=True)[0]
    assert (line.goal, line.depth, line.steps) == (parent, 0, 1)


def test_a_closed_step_counts_by_its_verdict_and_one_without_no_more(clicks, parent, olga):
    done = step(clicks, parent, 18100)
    review_goals(at=JUNE)
    late = step(clicks, parent, 100000, at=JUNE)
    for goal in (done, late):
        row = Goal.objects.get(pk=goal.pk)
        close_goal(row, reason="Enough", version=row.version, by=olga, at=JUNE)
    assert standing(parent).status == "achieved"


def test_when_its_days_are_over_it_has_its_verdict(clicks, parent, olga):
    over = datetime(2027, 1, 20, 12, tzinfo=UTC)
    step(clicks, parent, 100000)
    observe(clicks, every_day("2026-07-01", "2027-01-15", 1), at=over)
    found = standing(parent, over)
    assert found.status == "missed"
    closed = close_goal(parent, reason="Over", version=1, by=olga, at=over)
    assert (closed.verdict, closed.verdict_value) == ("missed", "")
    assert Decimal(closed.verdict_share) < 1
    again = reopen_goal(closed, version=closed.version, by=olga, at=over)
    assert again.status == "missed"


def test_a_review_follows_the_steps_upwards(acme, clicks, parent):
    team = make_parent(acme, "Team", parent=parent)
    late = step(clicks, team, 100000)
    review_goals(at=JUNE)
    stored = dict(Goal.objects.values_list("pk", "status"))
    assert {stored[one.pk] for one in (late, team, parent)} == {"off_track"}
    assert review_goals(at=JUNE) == 0  # nothing moved
    observe(clicks, {"2026-06-30": 90000}, at=JUNE)
    review_goals(at=JUNE)
    assert set(Goal.objects.values_list("status", flat=True)) == {"achieved"}


def test_moving_or_closing_a_step_has_its_goal_looked_at_again(clicks, parent, olga):
    late = step(clicks, parent, 100000)
    review_goals(at=JUNE)
    row = Goal.objects.get(pk=late.pk)
    draft = replace(draft_of(row), parent=None)
    revise_goal(row, draft=draft, version=row.version, by=olga, at=JUNE)
    assert review_goals(at=JUNE) == 1
    assert Goal.objects.get(pk=parent.pk).status == "unknown"


def test_it_can_be_given_a_number_and_lose_it_again(acme, clicks, parent, olga):
    draft = replace(draft_of(parent), metric=clicks, terms=terms(value="36200"))
    given = revise_goal(parent, draft=draft, version=1, by=olga, at=JUNE)
    assert (given.metric, given.target_value) == (clicks, "36200")
    bare = replace(draft_of(given), metric=None)
    taken = revise_goal(given, draft=bare, version=2, by=olga, at=JUNE)
    assert (taken.metric_id, taken.target_value, taken.baseline_from) == (None, "", None)
    same = revise_goal(taken, draft=draft_of(taken), version=3, by=olga, at=JUNE)
    assert same.version == 3


def test_days_that_cannot_be_are_refused_without_a_number_too(acme, olga, parent):
    backwards = replace(
        draft_of(parent), terms=numberless(span(("2026-12-31", "2026-01-01"))), title="Back"
    )
    with pytest.raises(Refused) as refusal:
        set_goal(acme, draft=backwards, by=olga, at=JUNE)
    assert refusal.value.field == "end"


def test_its_guardrails_are_watched(clicks, parent):
    make_guardrail(parent, clicks, "above", "3000")
    [rail] = standing(parent).guardrails
    assert not rail.is_broken


def test_more_such_goals_cost_no_more_queries(acme, clicks, parent):
    step(clicks, parent, 36200)

    def queries():
        rows = list(goals_of(acme))
        with CaptureQueriesContext(connection) as counted:
            standings(acme, rows, JUNE)
        return len(counted)

    one = queries()
    for number in range(3):
        step(clicks, make_parent(acme, f"Team {number}", parent=parent), 40000)
    assert queries() == one


def test_it_is_no_double_of_another_and_stands_in_a_strategy(acme, parent, ed):
    make_parent(acme, "Other", owner=ed)
    assert gaps_of(acme).overlaps.count == 0
    plan = make_strategy(acme)
    write(plan, Step.GOALS, lines=[(parent, None)])
    [line] = document_of(plan).goals
    assert (line.metric.id, line.target, line.basis) == (0, "", "")


def test_it_is_set_told_and_revised_over_rest(clicks, ed, api_of):
    api = api_of(ed)
    days = {"start": "2026-01-01", "end": "2026-12-31"}
    made = api.post(URL, {"title": "One team", **days}, format="json")
    told = made.data
    assert made.status_code == 201
    assert (told["metric"], told["target"], told["basis"], told["value"]) == (None,) * 4
    wrong = api.post(URL, {"title": "Two", **days, "target": {"value": "3"}}, format="json")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/target")
    half = api.post(URL, {"title": "Two", **days, "metric": "clicks"}, format="json")
    assert [one["pointer"] for one in half.json()["errors"]] == ["/basis", "/target"]
    path = f"{URL}{told['id']}/"
    late = api.patch(path, {"version": 1, "metric": "clicks"}, format="json")
    assert late.status_code == 400
    renamed = api.patch(path, {"version": 1, "title": "Teams"}, format="json").data
    assert (renamed["title"], renamed["metric"]) == ("Teams", None)
    split = api.post(f"{path}split/", {"into": "quarter"}, format="json")
    assert split.status_code in (400, 422)
    codes = [one["code"] for one in api.get(f"{path}lint/").data]
    assert "no_number" in codes


def test_it_is_set_by_page_and_every_page_that_shows_goals_shows_it(
    acme, clicks, ed, olga, client_of
):
    browser = client_of(ed)
    sent = {
        "title": "One team", "by_steps": "on", "start": "2026-01-01", "end": "2026-12-31",
        "owner": olga.pk,
    }  # fmt: skip
    assert browser.post("/w/acme/goals/new/", sent).status_code == 302
    parent = Goal.objects.get()
    missing = {name: value for name, value in sent.items() if name != "by_steps"}
    refused = browser.post("/w/acme/goals/new/", missing)
    assert {"metric", "amount"} <= set(refused.context["form"].errors)
    step(clicks, parent, 36200)
    make_board(acme)
    page = browser.get(f"/w/acme/goals/{parent.pk}/").content.decode()
    assert "judged by its steps" in page
    assert "It has no number of its own" in page  # the lint says so
    paths = ("goals/", "goals/?view=table", "goals/?view=timeline", "", "?group=parent", "gaps/")
    for path in (*paths, "search/?q=team", f"goals/{parent.pk}/edit/"):
        shown = browser.get(f"/w/acme/{path}")
        assert shown.status_code == 200, path
        assert "One team" in shown.content.decode(), path
    assert browser.get(f"/w/acme/goals/{parent.pk}/split/").status_code == 422
    row = Goal.objects.get(pk=parent.pk)
    closing = {"version": row.version, "reason": "Enough"}
    assert browser.post(f"/w/acme/goals/{parent.pk}/close/", closing).status_code == 302
    assert "Enough" in browser.get(f"/w/acme/goals/{parent.pk}/").content.decode()
    reopening = {"version": row.version + 1}
    assert browser.post(f"/w/acme/goals/{parent.pk}/reopen/", reopening).status_code == 302
    plan = make_strategy(acme)
    write(plan, Step.GOALS, lines=[(parent, None)])
    for path in ("", "wall/", "print/", "steps/goals/"):
        assert "One team" in browser.get(f"/w/acme/strategy/{plan.pk}/{path}").content.decode()


def test_a_review_walks_through_it(clicks, parent, olga, client_of, api_of):
    step(clicks, parent, 100000)
    review_goals(at=JUNE)
    with time_machine.travel(JUNE, tick=False):
        review = begin(parent.workspace, "monthly", at=JUNE)
        item = items_of(review)["One team"]
        browser = client_of(olga)
        for path in ("", f"goals/{item.pk}/"):
            page = browser.get(f"/w/acme/reviews/{review.pk}/{path}")
            assert (page.status_code, "One team" in page.content.decode()) == (200, True), path
        look(item, at=JUNE)
        end(review, at=JUNE)
        assert "One team" in browser.get(f"/w/acme/reviews/{review.pk}/").content.decode()
        assert api_of(olga).get(f"/api/v1/workspaces/acme/reviews/{review.pk}/").status_code == 200
