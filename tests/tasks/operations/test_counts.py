from datetime import timedelta
from decimal import Decimal

import pytest

from goals.models import Goal
from goals.operations.reviews import review_goals
from goals.queries.standing import standings
from metrics.models import Metric
from metrics.models.imports import ImportRun
from metrics.models.observations import Observation
from metrics.operations.definitions import retire_metric
from metrics.operations.purging import delete_metric
from metrics.operations.rollups import roll_up
from tasks.models import Card, ToldCount, WorkCount
from tasks.operations.boards import change_board
from tasks.operations.cards import trash_card
from tasks.operations.counts import count_work, switch_count
from tasks.operations.moves import tick_card
from tests.make.goals import make_goal
from tests.make.sla import make_clock, make_promise, make_sla
from tests.make.tasks import make_card
from workspaces.operations.clocks import stop_clock
from workspaces.rules.errors import Refused

DAY = timedelta(days=1)
API = "/api/v1/workspaces/acme/work-counts/"


@pytest.fixture
def count(acme, mia, noon):
    def switched(kind="done", *, on=True, at=noon):
        row = switch_count(acme, kind=kind, on=on, by=mia, at=at)
        count_work(at=at)
        return row

    return switched


@pytest.fixture
def tick(ed, noon):
    def ticked(card, *, done=True, at=noon):
        return tick_card(Card.objects.get(pk=card.pk), done=done, by=ed, at=at)

    return ticked


def facts(row):
    """(day, value, dims) of what is not nothing."""
    found = Observation.objects.filter(series__metric=row.metric).exclude(value=0)
    rows = found.values_list("day", "value", "series__dims").order_by("day", "series_id")
    return [(day, value, dims) for day, value, dims in rows]


def test_cards_done_are_told_from_the_first_and_corrected_when_they_are_taken_up(
    board, acme, ed, count, tick, noon
):
    old, new = (make_card(board, assignee=ed, at=noon - 9 * DAY) for _n in range(2))
    tick(old, at=noon - 3 * DAY)
    row = count()
    assert [(day, value) for day, value, _dims in facts(row)] == [((noon - 3 * DAY).date(), 1)]
    assert facts(row)[0][2] == {"board": f"Launch #{board.pk}", "assignee": f"Ed #{ed.pk}"}
    nothing = Observation.objects.filter(series__metric=row.metric, value=0)
    assert nothing.count() == 4  # a day without is no gap
    tick(new)
    count_work(at=noon)
    assert len(facts(row)) == 2
    tick(old, done=False)
    count_work(at=noon)
    assert [day for day, _value, _dims in facts(row)] == [noon.date()]
    trash_card(Card.objects.get(pk=new.pk), by=ed, at=noon)
    count_work(at=noon)
    assert facts(row) == []


def test_a_second_run_changes_nothing(board, ed, count, tick, noon):
    tick(make_card(board))
    count()
    runs, told = ImportRun.objects.count(), ToldCount.objects.count()
    assert count_work(at=noon) == 0
    assert (ImportRun.objects.count(), ToldCount.objects.count()) == (runs, told)


def test_what_is_renamed_keeps_its_one_fact(board, count, tick, mia, noon):
    tick(make_card(board))
    row = count()
    change_board(board, changes={"name": "Spring"}, version=board.version, by=mia, at=noon)
    count_work(at=noon)
    assert facts(row) == [(noon.date(), 1, {"board": f"Spring #{board.pk}"})]


def test_cards_done_on_time_and_promises_kept(board, acme, ed, count, tick, noon):
    for due in (noon.date(), noon.date() - DAY, None):
        tick(make_card(board, due_on=due))
    promise = make_promise(make_sla(acme))
    kept, late = make_clock(promise), make_clock(promise, at=noon - 30 * DAY)
    for clock in (kept, late):
        stop_clock(clock, version=clock.version, by=ed, at=noon)
    assert sum(value for _day, value, _dims in facts(count("on_time"))) == 1
    kept_facts = facts(count("kept"))
    assert [value for _day, value, _dims in kept_facts] == [1]
    assert set(kept_facts[0][2]) == {"agreement"}


def test_open_cards_are_a_level_of_each_day_that_falls_to_nothing(
    board, acme, ed, mia, count, tick, noon
):
    cards = [make_card(board, assignee=ed), make_card(board, assignee=ed), make_card(board)]
    row = count("open")
    assert sorted(value for _day, value, _dims in facts(row)) == [1, 2]
    tick(cards[2])
    count_work(at=noon)
    assert [value for _day, value, _dims in facts(row)] == [2]
    for card in cards[:2]:
        tick(card, at=noon + DAY)
    count_work(at=noon + DAY)
    today = Observation.objects.filter(series__metric=row.metric, day=(noon + DAY).date())
    assert list(today.values_list("value", flat=True)) == [0]
    assert [value for _day, value, _dims in facts(row)] == [2]  # yesterday stays as it was


def test_a_goal_is_measured_by_work(board, acme, ed, count, tick, noon):
    first, second = make_card(board), make_card(board)
    tick(first)
    row = count()
    roll_up()
    goal = make_goal(row.metric, value="10", window=("2026-03-01", "2026-05-31"))

    def value():
        later = noon + DAY  # a goal is judged by whole days
        count_work(at=later)
        roll_up()
        review_goals(at=later)
        found = Goal.objects.select_related("metric").get(pk=goal.pk)
        return standings(acme, [found], at=later)[goal.pk].value

    assert value() == Decimal(1)
    tick(second)
    assert value() == Decimal(2)
    tick(first, done=False)
    assert value() == Decimal(1)


def test_a_switch_is_on_off_and_on_again(board, acme, mia, count, tick, noon):
    tick(make_card(board))
    row = count()
    assert switch_count(acme, kind="done", on=True, by=mia, at=noon) == row
    switch_count(acme, kind="done", on=False, by=mia, at=noon)
    tick(make_card(board))
    assert (count_work(at=noon), len(facts(row))) == (0, 1)
    count()
    assert sum(value for _day, value, _dims in facts(row)) == 2
    assert Metric.objects.count() == 1
    with pytest.raises(Refused):
        switch_count(acme, kind="nothing", on=True, by=mia, at=noon)


def test_a_retired_metric_waits_and_a_deleted_one_is_switched_off(board, mia, count, tick, noon):
    row = count()
    retire_metric(row.metric, by=mia, at=noon)
    tick(make_card(board))
    assert count_work(at=noon) == 0
    delete_metric(Metric.objects.get(), by=mia, at=noon)
    assert not WorkCount.objects.exists()


def test_counts_are_switched_by_page_and_api(board, acme, mia, ed, client_of, api_of):
    page = "/w/acme/flow/"
    assert "Work as metrics" in client_of(mia).get(page).content.decode()
    assert client_of(ed).post(f"{page}counts/", {"kind": "done", "on": "1"}).status_code == 403
    client_of(mia).post(f"{page}counts/", {"kind": "done", "on": "1"})
    assert "cards_done" in client_of(ed).get(page).content.decode()
    api = api_of(mia)
    told = api.put(f"{API}open/", {"on": True}, format="json").json()
    assert told == {"kind": "open", "on": True, "metric": "open_cards"}
    assert [row["on"] for row in api.get(API).json()] == [True, False, False, True]
    assert api.put(f"{API}nothing/", {"on": True}, format="json").status_code == 404
    assert api.put(f"{API}open/", {"on": "maybe"}, format="json").status_code == 400
    assert api_of(ed).put(f"{API}open/", {"on": False}, format="json").status_code == 403
    client_of(mia).post(f"{page}counts/", {"kind": "done"})
    assert api.get(API).json()[0] == {"kind": "done", "on": False, "metric": "cards_done"}
