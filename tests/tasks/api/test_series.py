"""Cards that come back, over REST."""

import pytest
import time_machine

from tasks.jobs import make_repeating_cards
from tasks.models import CardSeries
from tests.make.tasks import column_of, make_board, make_card, make_series

pytestmark = pytest.mark.django_db
API = "/api/v1/workspaces/acme/"
MONTHLY = {"kind": "monthly_day", "day": 31, "begins": "2026-03-02", "off_days": "next"}


@pytest.fixture(autouse=True)
def _at_noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


def test_a_series_is_made_read_changed_skipped_paused_and_stopped(board, ed, api_of):
    api, every = api_of(ed), f"{API}boards/{board.pk}/series/"
    body = {"title": "Report", "days": MONTHLY, "lead_days": 2, "checklist": ["Numbers"],
            "assignee": ed.user.email, "priority": "high"}  # fmt: skip
    made = api.post(every, body, format="json")
    assert made.status_code == 201
    told = made.json()
    one = f"{API}series/{told['id']}/"
    assert told["words"] == "every month on day 31, else the next working day"
    assert [row["day"] for row in told["coming"]][:3] == ["2026-03-31", "2026-04-30", "2026-06-01"]
    assert api.get(one).json() == told
    assert [row["id"] for row in api.get(every).json()["results"]] == [told["id"]]
    skipped = api.post(one + "skips/", {"day": "2026-03-31", "skipped": True}, format="json")
    assert skipped.json()["next_on"] == "2026-04-30"
    change = {"version": 1, "title": "Numbers", "days": {"kind": "daily", "begins": "2026-03-02"}}
    changed = api.patch(one, change, format="json").json()
    assert (changed["title"], changed["version"], changed["next_on"]) == (
        "Numbers", 2, "2026-03-02",
    )  # fmt: skip
    stale = api.patch(one, {"version": 1, "title": "Late"}, format="json")
    assert (stale.status_code, stale.json()["current"]["title"]) == (409, "Numbers")
    assert make_repeating_cards() == 3  # today, and the two days ahead
    assert {row["state"] for row in api.get(one).json()["seen"]} == {"made", "skipped"}
    both = api.patch(one, {"version": 2, "paused": True}, format="json").json()
    assert (both["state"], both["next_on"]) == ("paused", None)
    assert (
        api.patch(one, {"version": 3, "stopped": True}, format="json").json()["state"] == "stopped"
    )


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("title", {"title": 5}),
        ("days", {"days": {"kind": "sometimes", "begins": "2026-03-02"}}),
        ("days", {"days": {"kind": "daily", "begins": "2026-03-02", "every": 0}}),
        ("days", {"days": {"kind": "weekly", "begins": "soon"}}),
        ("lead_days", {"lead_days": -1}),
        ("assignee", {"assignee": 999}),
        ("values", {"values": {"7": "x"}}),
        ("colour", {"colour": "red"}),
    ],
)
def test_what_was_meant_otherwise_is_a_400_that_names_it(board, ed, api_of, field, said):
    body = {"title": "Report", "days": MONTHLY, **said}
    answer = api_of(ed).post(f"{API}boards/{board.pk}/series/", body, format="json")
    assert answer.status_code == 400
    assert field in str(answer.json()["errors"])
    assert CardSeries.objects.count() == 0


def test_what_cannot_be_is_a_422_and_a_stranger_finds_nothing(board, globex, ed, vi, sam, api_of):
    url = f"{API}boards/{board.pk}/series/"
    weekly = {"title": "Report", "days": {"kind": "weekly", "begins": "2026-03-02"}}
    assert api_of(ed).post(url, weekly, format="json").status_code == 422
    other = column_of(make_board(globex), "Ready")
    foreign = {**weekly, "days": MONTHLY, "column": other.pk}
    assert api_of(ed).post(url, foreign, format="json").status_code == 400
    assert api_of(vi).post(url, weekly, format="json").status_code == 403
    series = make_series(board)
    assert api_of(sam).get(f"{API}series/{series.pk}/").status_code == 404
    away = {**weekly, "days": MONTHLY, "card": make_card(make_board(board.workspace, "B")).pk}
    assert api_of(ed).post(url, away, format="json").status_code == 422
