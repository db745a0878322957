"""Following all boards of a workspace at once: only that something happened is told."""

# ruff: noqa: F811  fixtures of another file
import pytest

from tests.make.tasks import make_board, make_card
from tests.make.workspaces import NOON
from tests.workspaces.test_streams import board, heard, hub, look, signed_in  # noqa: F401
from workspaces.live.seats import NO_STREAM, Seat
from workspaces.operations.members import remove_member


def follow_whole(hub, board, holder, seen=None):
    seat = Seat(holder, NO_STREAM, seen, came=0, workspace_id=board.workspace_id)
    hub.join(seat)
    return seat


def test_who_follows_a_workspace_hears_that_something_happened_on_any_board(
    hub, board, acme, sam, ed, client_of
):
    other, theirs = make_board(acme, "Other"), make_board(sam.workspace)
    seat = follow_whole(hub, board, signed_in(ed, client_of))
    look(hub)
    assert heard(seat) == []
    make_card(theirs, "Elsewhere")
    look(hub)
    assert heard(seat) == []
    make_card(board, "A secret title")
    make_card(other, "Another")
    look(hub)
    assert heard(seat) == [("reset", {"seq": 4}, "4")]
    look(hub)
    assert heard(seat) == []
    late = follow_whole(hub, board, signed_in(ed, client_of), seen=3)
    look(hub)
    assert [event for event, _data, _id in heard(late)] == ["reset"]


def test_L02_who_may_no_longer_look_hears_nothing_of_the_workspace(
    hub, board, mia, olga, client_of
):
    seat = follow_whole(hub, board, signed_in(mia, client_of))
    look(hub)
    remove_member(mia, by=olga, at=NOON)
    make_card(board, "Private")
    look(hub)
    assert (seat.closed, heard(seat)) == (True, [])


@pytest.mark.parametrize("boards", [1, 10])
def test_a_quiet_second_costs_one_query_more_for_all_who_follow_a_workspace(
    hub, acme, ed, client_of, boards, django_assert_num_queries
):
    made = [make_board(acme, f"Board {n}") for n in range(boards)]
    for _each in range(3):
        follow_whole(hub, made[0], signed_in(ed, client_of))
    look(hub, clock=10)
    with django_assert_num_queries(1):
        look(hub, clock=11)
