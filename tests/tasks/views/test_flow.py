from datetime import date, timedelta

import pytest
import time_machine

from tasks.models import Card, Column
from tasks.operations.blocking import block_card
from tasks.operations.boards import ColumnDraft
from tasks.operations.cards import archive_card, trash_card
from tasks.operations.columns import add_column, remove_column
from tasks.operations.links import link_card
from tasks.operations.moves import move_card, tick_card
from tasks.queries.flow import Scope, flow_of
from tests.make.goals import make_goal, measured
from tests.make.tasks import column_of, make_board, make_card, make_label
from tests.make.workspaces import NOON, owner_of

API = "/api/v1/workspaces/acme/"
DAY = timedelta(days=1)
FIRST, LAST = NOON.date() - 20 * DAY, NOON.date()


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def move(card, name, *, days):
    """The card goes to that column so many days before noon."""
    fresh = Card.objects.select_related("board").get(pk=card.pk)
    to, by = column_of(fresh.board, name), owner_of(fresh.workspace)
    return move_card(fresh, to=to, after=None, version=fresh.version, by=by, at=NOON - days * DAY)


def finished(board, *, made=10, began=8, done=2, **said):
    card = make_card(board, at=NOON - made * DAY, **said)
    move(card, "In progress", days=began)
    return move(card, "Done", days=done)


def flow(board=None, acme=None, **said):
    scope = Scope(board.workspace if board else acme, board=board, **said)
    return flow_of(scope, FIRST, LAST, at=NOON)


def test_the_flow_of_a_board_is_told_from_its_moves(board):
    for days in (1, 2, 3, 4, 5):
        finished(board, made=10, began=8, done=8 - days)
    straight = make_card(board, at=NOON - 3 * DAY)
    tick_card(straight, done=True, by=owner_of(board.workspace), at=NOON - DAY)
    old = make_card(board, "Old", at=NOON - 9 * DAY)
    move(old, "In progress", days=6)
    found = flow(board)
    assert (found.done, found.straight, found.in_work) == (6, 1, 1)
    days = [round(seconds / 86_400) for seconds in (found.cycle.p50, found.cycle.p85)]
    assert (found.cycle.n, days) == (5, [3, 5])
    assert found.lead.n == 6
    assert sum(count for _week, count in found.weeks) == 6
    assert [(one.card.title, one.share) for one in found.ageing] == [("Old", 85)]
    names = [band.name for band in found.bands]
    assert names == ["Backlog", "Ready", "In progress", "Review", "Done"]
    assert found.table[-1] == (LAST, [0, 0, 1, 0, 6])
    assert found.table[-1 - 8] == (LAST - 8 * DAY, [1, 0, 5, 0, 0])
    assert [place.name for place in found.places] == ["Backlog", "In progress"]


def test_blocked_time_counts_in_the_column_where_the_card_stood(board, ed):
    card = make_card(board, at=NOON - 10 * DAY)
    move(card, "In progress", days=8)
    block_card(card, reason="No budget", by=ed, at=NOON - 6 * DAY)
    assert flow(board).held == 1
    move(card, "Done", days=4)
    found = flow(board)
    shares = {place.name: place.dwelling.halted_share for place in found.places}
    assert shares == {"Backlog": 0, "In progress": 0.5}
    assert found.held == 0


def test_a_removed_column_keeps_its_band_and_a_card_that_was_taken_up_again_its_first_start(
    board, mia
):
    extra = add_column(board, draft=ColumnDraft("Legal"), by=mia, at=NOON - 12 * DAY)
    card = make_card(board, at=NOON - 10 * DAY)
    move(card, "Legal", days=8)
    move(card, "Done", days=6)
    move(card, "In progress", days=5)
    move(card, "Done", days=2)
    remove_column(Column.objects.get(pk=extra.pk), by=mia, at=NOON)
    found = flow(board)
    assert [(band.name, band.is_gone) for band in found.bands][-1] == ("Legal", True)
    assert [counts[-1] for _day, counts in found.table[-9:-5]] == [1, 1, 0, 0]
    assert found.points[0].days == pytest.approx(6)


def test_the_trash_counts_nowhere_and_the_archive_counts_until_its_day(board, ed):
    gone, away, done = (make_card(board, at=NOON - 5 * DAY) for _n in range(3))
    trash_card(gone, by=ed, at=NOON)
    archive_card(away, by=ed, at=NOON - 2 * DAY)
    tick_card(done, done=True, by=ed, at=NOON - 3 * DAY)
    archive_card(Card.objects.get(pk=done.pk), by=ed, at=NOON - DAY)
    found = flow(board)
    assert [counts[0] for _day, counts in found.table[-6:]] == [2, 2, 1, 0, 0, 0]
    assert (found.table[-1][1][-1], found.done) == (1, 1)


def test_what_was_done_before_stays_among_the_done_and_is_not_counted_again(board):
    finished(board, made=60, began=50, done=40)
    found = flow(board)
    assert (found.done, found.cycle.n) == (0, 0)
    assert found.table[0][1] == found.table[-1][1] == [0, 0, 0, 0, 1]


def test_the_flow_of_all_boards_is_narrowed_by_goal_and_label(board, acme, ed):
    goal, label = make_goal(measured(acme)), make_label(acme)
    mine = finished(board, goal=goal)
    finished(make_board(acme, "Design"), labels=(label,))
    linked = finished(board)
    link_card(linked, to=goal, part="drives", by=ed, at=NOON)
    assert flow(acme=acme).done == 3
    assert [point.id for point in flow(acme=acme, goal=goal).points] == [mine.pk, linked.pk]
    assert flow(acme=acme, label=label).done == 1
    assert [band.stage for band in flow(acme=acme).bands] == ["to_do", "work", "done"]


def test_the_flow_costs_the_same_for_any_number_of_cards(board, django_assert_num_queries):
    for count in (2, 10):
        for number in range(count):
            finished(board, title=f"Card {number}")
            move(make_card(board, at=NOON - DAY), "In progress", days=0)
        with django_assert_num_queries(6):
            flow(board)


def test_the_pages_tell_the_flow_in_words_charts_and_tables(board, acme, vi, mia, client_of):
    label = make_label(acme, "Brand")
    for _n in range(5):
        finished(board, title="<b>Card</b>", labels=(label,))
    browser = client_of(vi)
    page = browser.get(f"/w/acme/boards/{board.pk}/flow/?weeks=4").content.decode()
    for words in (
        "5 cards were done",
        "Cumulative flow",
        "fig-cycle",
        "&lt;b&gt;Card",
        "In progress",
    ):
        assert words in page
    assert "Refuse to finish" not in page
    whole = browser.get("/w/acme/flow/", {"label": label.pk}).content.decode()
    assert "Brand" in whole
    assert browser.get("/w/acme/flow/", {"label": 99}).status_code == 404
    assert browser.get("/w/acme/flow/?weeks=nonsense&goal=x").status_code == 404
    said = {"version": board.version, "blocked_is_hard": "1"}
    rule = f"/w/acme/boards/{board.pk}/blocked-rule/"
    assert browser.post(rule, said).status_code == 403
    assert client_of(mia).post(rule, said).status_code == 302
    board.refresh_from_db()
    assert board.blocked_is_hard


def test_an_empty_board_has_a_page(board, vi, client_of):
    page = client_of(vi).get(f"/w/acme/boards/{board.pk}/flow/").content.decode()
    assert "Nothing was done in these weeks" in page
    assert "Nothing is in work" in page


def test_the_flow_is_read_by_api(board, acme, vi, mia, api_of):
    for _n in range(5):
        card = finished(board)
    api, here = api_of(vi), f"{API}boards/{board.pk}/flow/"
    told = api.get(here, {"from": str(FIRST), "to": str(LAST)}).json()
    assert (told["from"], told["done"], told["cycle_time"]["p50"]) == (str(FIRST), 5, 6 * 86_400)
    assert told["cumulative"][-1]["cards"][-1] == 5
    assert api.get(f"{API}flow/", {"board": board.pk}).json()["done"] == 5
    assert api.get(f"{API}flow/").json()["columns"][0]["seconds"]["n"] == 5
    assert (
        api.patch(here, {"version": 1, "blocked_is_hard": True}, format="json").status_code == 403
    )
    body = {"version": board.version, "blocked_is_hard": True}
    assert api_of(mia).patch(here, body, format="json").status_code == 200
    assert (
        api_of(mia).patch(here, {**body, "blocked_is_hard": False}, format="json").status_code
        == 409
    )
    assert card.is_done


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"from": "yesterday"}, "from"),
        ({"to": "0001-01-01"}, "to"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "from"),
        ({"from": "2020-01-01"}, "from"),
        ({"goal": "99"}, "goal"),
        ({"label": "7abc"}, "label"),
        ({"board": "9" * 30}, "board"),
        ({"weeks": "3"}, "weeks"),
    ],
)
def test_I15_a_period_that_makes_no_sense_is_a_400_that_names_it(acme, vi, api_of, asked, named):
    answer = api_of(vi).get(f"{API}flow/", asked)
    assert answer.status_code == 400
    assert [one["column"] for one in answer.json()["errors"]] == [named]


def test_days_are_the_workspaces_own(board, acme):
    acme.timezone = "Asia/Tehran"
    acme.save()
    card = make_card(board, at=NOON - 3 * DAY)
    late = NOON.replace(hour=21) - 2 * DAY  # after midnight in Tehran
    tick_card(card, done=True, by=owner_of(acme), at=late)
    board.workspace = acme
    found = flow(board)
    done = dict(zip(found.days, found.bands[-1].values, strict=True))
    assert (done[late.date()], done[late.date() + DAY]) == (0, 1)
    assert isinstance(found.first, date)
