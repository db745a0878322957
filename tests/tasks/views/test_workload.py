from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from tasks.models import Capacity
from tasks.operations.capacities import set_capacity
from tasks.queries.workload import workload_of
from tests.make.sla import make_calendar
from tests.make.tasks import column_of, make_board, make_card
from tests.make.workspaces import NOON
from tests.tasks.events import verbs_of
from workspaces.rules.errors import Stale

TODAY = NOON.date()
DAY = timedelta(days=1)
API = "/api/v1/workspaces/acme/"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def work(board, ed, mia):
    """The editor has 60 hours until next Friday, something without a day and without hours."""
    monday = TODAY + DAY * (7 - TODAY.weekday())
    cards = {
        "big": make_card(board, "Big", assignee=ed, estimate=60, start_on=monday,
                         due_on=monday + 4 * DAY),
        "some_day": make_card(board, "Some day", assignee=ed, estimate=5),
        "unknown": make_card(board, "Unknown", assignee=ed, due_on=monday),
        "free": make_card(board, "Free", estimate=2, due_on=monday),
    }  # fmt: skip
    make_card(column_of(board, "Done"), "Done", assignee=ed, estimate=99, due_on=monday)
    return cards


def line_of(acme, member, **said):
    found = workload_of(acme, TODAY, 4, **{"only": None, **said})
    return next(line for line in found.lines if line.member == member)


def test_hours_stand_against_what_people_have_and_missing_is_not_zero(acme, ed, mia, work):
    line = line_of(acme, ed)
    assert [(cell.hours, cell.capacity) for cell in line.load.cells[1:3]] == [(60, 40), (0, 40)]
    assert line.load.cells[1].is_over
    assert line.load.unplanned == {work["some_day"].pk: 5}
    assert line.load.unknown == [work["unknown"].pk]
    assert line_of(acme, mia).load.hours == 0
    nobody = line_of(acme, None)
    assert (nobody.load.hours, nobody.hours) == (2, 0)


def test_free_days_of_the_working_calendar_are_no_time(acme, ed, work, mia):
    monday = TODAY + DAY * (7 - TODAY.weekday())
    make_calendar(acme, holidays=[str(monday)])
    cell = line_of(acme, ed).load.cells[1]
    assert (cell.hours, cell.capacity) == (60, 32)


def test_the_hours_of_a_member_go_before_those_of_everybody(acme, ed, mia):
    who = {"by": mia, "at": NOON}
    row = set_capacity(acme, None, hours=Decimal(30), version=0, **who)
    set_capacity(acme, ed, hours=Decimal(10), version=0, **who)
    assert (line_of(acme, ed).hours, line_of(acme, mia).hours) == (10, 30)
    with pytest.raises(Stale):
        set_capacity(acme, ed, hours=Decimal(12), version=0, **who)
    set_capacity(acme, ed, hours=None, version=1, **who)
    assert line_of(acme, ed).hours == 30
    assert verbs_of(row) == ["capacity.set"]
    assert Capacity.objects.count() == 2


def test_the_workload_costs_the_same_for_any_number_of_cards(
    acme, board, ed, client_of, django_assert_max_num_queries
):
    asked = []
    for count in (10, 100):
        for number in range(count):
            make_card(board, f"Card {number}", assignee=ed, estimate=1, due_on=TODAY)
        with django_assert_max_num_queries(40) as seen:
            client_of(ed).get(f"/w/acme/workload/?who={ed.pk}")
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_the_page_marks_what_is_too_much_shows_the_cards_and_gives_them_on(
    acme, board, ed, mia, work, client_of
):
    make_card(make_board(acme, "Design"), "Elsewhere", assignee=ed, estimate=3, due_on=TODAY)
    client, monday = client_of(mia), TODAY + DAY * (7 - TODAY.weekday())
    url = f"/w/acme/boards/{board.pk}/workload/?who={ed.pk}&part={monday}"
    page = client.get(url).content.decode()
    for words in ("1 person has more work than time", "1 card has no estimate", "is-over", "Big"):
        assert words in page
    assert "Elsewhere" not in page
    assert "Some day" not in page
    sent = {"card": f"{work['big'].pk}:1", "assignee": mia.pk, "next": url}
    assert client.post(f"/w/acme/boards/{board.pk}/bulk/", sent)["Location"] == url
    assert line_of(acme, mia).load.hours == 60
    unplanned = client.get(f"/w/acme/workload/?who={ed.pk}&part=unplanned").content.decode()
    assert "Some day" in unplanned
    assert "Elsewhere" in client.get(f"/w/acme/workload/?who={ed.pk}").content.decode()
    few = client.get("/w/acme/workload/?q=unknown&weeks=4").content.decode()
    assert "Nobody has more work than time." in few


def test_rest_tells_the_same_and_takes_the_hours(acme, board, ed, mia, vi, work, api_of):
    api = api_of(mia)
    told = api.get(f"{API}boards/{board.pk}/workload/?weeks=4").json()
    line = next(one for one in told["people"] if one["member"] and one["member"]["id"] == ed.pk)
    shown = line_of(acme, ed, board=board)
    assert [week["hours"] for week in line["weeks"]] == [c.hours for c in shown.load.cells]
    assert line["weeks"][1]["cards"] == [work["big"].pk]
    assert (line["weeks"][1]["over"], line["without_day"]) == (True, 5)
    assert line["without_estimate"] == [work["unknown"].pk]
    nobody = told["people"][-1]
    assert (nobody["member"], nobody["hours_a_week"]) == (None, None)
    said = {"member": ed.user.email, "hours": 80, "version": 0}
    put = api.put(f"{API}workload/capacity/", said, format="json")
    assert (put.status_code, put.json()["version"]) == (200, 1)
    assert api.put(f"{API}workload/capacity/", said, format="json").status_code == 409
    whole = api.get(f"{API}workload/?query=assignee={ed.pk}").json()["people"]
    assert not any(week["over"] for one in whole for week in one["weeks"])
    assert [row["member"] for row in api.get(f"{API}workload/capacity/").json()] == [None, ed.pk]
    for wrong in ({"hours": -1}, {"hours": 169}, {"hours": "x"}, {}, {"hours": 1, "version": -1}):
        sent = {"version": 0, **wrong}
        assert api.put(f"{API}workload/capacity/", sent, format="json").status_code == 400
    for wrong in ("weeks=0", "weeks=x", "weeks=999", "query=colour%3Dred"):
        assert api.get(f"{API}workload/?{wrong}").status_code == 400
    assert api_of(vi).put(f"{API}workload/capacity/", said, format="json").status_code == 403
