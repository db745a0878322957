from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.models import Card, Cycle, CycleCard
from tasks.operations.cards import archive_card, trash_card
from tasks.operations.cycle_turns import begin_cycle, close_cycle, reopen_cycle
from tasks.operations.cycles import change_cycle, remove_cycle
from tasks.operations.edits import edit_card
from tasks.operations.moves import tick_card
from tasks.queries.cycles import cycles_of, viewed, word_of
from tests.make.cycles import begin, close, make_cycle, put_in
from tests.make.tasks import make_board, make_card
from tests.make.workspaces import NOON, owner_of
from tests.tasks.events import verbs_of, versions_of
from workspaces.rules.errors import Refused, Stale

pytestmark = pytest.mark.django_db
WEEK, HOUR = timedelta(days=7), timedelta(hours=1)


def now(row):
    return type(row).objects.get(pk=row.pk)


def view_of(cycle):
    return viewed([now(cycle)])[0]


def words(cycle):
    return {entry.title: word_of(entry) for entry in view_of(cycle).entries}


def tick(card, *, at=NOON):
    return tick_card(now(card), done=True, by=owner_of(card.workspace), at=at)


def reopen(cycle, *, at=NOON):
    fresh = now(cycle)
    return reopen_cycle(fresh, version=fresh.version, by=owner_of(fresh.workspace), at=at)


def test_what_comes_after_the_begin_is_not_planned(acme, board):
    cycle, by = make_cycle(acme, board), owner_of(acme)
    first = make_card(board, "First", estimate=Decimal(2), cycle=cycle)
    slip = put_in(make_card(board, "Slip"), cycle)
    put_in(slip, None)
    out = put_in(make_card(board, "Out"), cycle)
    begin(cycle)
    put_in(make_card(board, "Later"), cycle, at=NOON + HOUR)
    put_in(out, None, at=NOON + HOUR)
    edit_card(now(first), version=1, changes={"estimate": Decimal(5)}, by=by, at=NOON)
    told = view_of(cycle).figures
    assert words(cycle) == {"First": "open", "Out": "removed", "Later": "open"}
    assert (told.planned.cards, told.added.cards, told.removed.cards) == (2, 1, 1)
    assert (told.planned.hours, told.scope.hours, told.reestimated) == (2, 5, 3)
    put_in(out, cycle, at=NOON + 2 * HOUR)
    assert view_of(cycle).figures.removed.cards == 0
    assert versions_of(out) == [1, 2, 3, 4]


def test_closing_carries_what_is_not_done_and_keeps_how_it_was(acme, board):
    cycle, following = make_cycle(acme, board), make_cycle(acme, board, day=NOON.date() + WEEK)
    done, rest, gone, kept = (
        make_card(board, title, cycle=cycle) for title in ("Done", "Rest", "Gone", "Kept")
    )
    begin(cycle)
    tick(done)
    archive_card(tick(kept), by=owner_of(acme), at=NOON)
    trash_card(now(gone), by=owner_of(acme), at=NOON)
    closed = close(cycle, notes=" Well. ", at=NOON + HOUR)
    assert (closed.carried_to, closed.notes) == (following, "Well.")
    assert words(cycle) == {"Done": "done", "Rest": "carried", "Gone": "removed", "Kept": "done"}
    assert now(rest).cycle == following
    assert verbs_of(rest) == ["card.added", "card.carried"]
    assert versions_of(rest) == [1, 2]
    assert verbs_of(cycle) == ["cycle.opened", "cycle.begun", "cycle.closed"]
    [entry] = view_of(following).entries
    assert (entry.row.carried_from, entry.was_planned) == (cycle, True)
    edit_card(now(done), version=2, changes={"title": "New"}, by=owner_of(acme), at=NOON)
    Card.objects.filter(pk=kept.pk).delete()
    assert set(words(cycle)) == {"Done", "Rest", "Gone", "Kept"}


def test_a_closing_is_undone_until_the_next_has_begun(acme, board):
    cycle = make_cycle(acme, board)
    rest, away, done = (make_card(board, t, cycle=cycle) for t in ("Rest", "Away", "Done"))
    begin(cycle)
    tick(done)
    following = close(cycle).carried_to
    assert (following.starts_on, following.weeks) == (NOON.date() + WEEK, 1)
    put_in(away, None)
    assert reopen(cycle).is_running
    assert words(cycle) == {"Rest": "open", "Away": "removed", "Done": "done"}
    assert (now(rest).cycle, now(away).cycle) == (cycle, None)
    assert not CycleCard.objects.filter(cycle=following).exists()
    close(cycle)
    begin(following)
    with pytest.raises(Refused) as refused:
        reopen(cycle)
    assert refused.value.code == "begun"
    assert now(rest).cycle == following


def test_what_is_left_has_no_cycle_and_comes_back_with_an_undo(acme, board):
    cycle = make_cycle(acme, board)
    card = make_card(board, "Rest", cycle=cycle)
    begin(cycle)
    assert close(cycle, "leave").carried_to is None
    assert (now(card).cycle, words(cycle)) == (None, {"Rest": "left"})
    assert Cycle.objects.count() == 1
    reopen(cycle)
    assert (now(card).cycle, words(cycle)) == (cycle, {"Rest": "open"})


def test_a_card_goes_into_an_open_cycle_of_its_own_board_or_of_all(acme, board):
    card = make_card(board)
    other = make_cycle(acme, make_board(acme, "Other"))
    closed = make_cycle(acme, board)
    begin(closed)
    close(closed)
    for cycle, code in ((other, "other_board"), (closed, "closed")):
        with pytest.raises(Refused) as refused:
            put_in(card, cycle)
        assert (refused.value.field, refused.value.code) == ("cycle", code)
        with pytest.raises(Refused):
            make_card(board, "Two", cycle=cycle)
    assert put_in(card, make_cycle(acme)).version == 2
    assert Card.objects.count() == 1


def test_two_cycles_of_a_board_share_no_day_and_do_not_run_together(acme, board):
    one = make_cycle(acme, board, weeks=2)
    make_cycle(acme)
    with pytest.raises(Refused) as refused:
        make_cycle(acme, board, day=NOON.date() + WEEK)
    assert (refused.value.field, refused.value.code) == ("starts", "overlaps")
    begin(one)
    two = make_cycle(acme, board, day=NOON.date() + 2 * WEEK)
    with pytest.raises(Refused) as refused:
        begin(two)
    assert refused.value.code == "running"
    changes = {"starts_on": NOON.date()}
    with pytest.raises(Refused):
        change_cycle(two, changes=changes, version=1, by=owner_of(acme), at=NOON)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"aim": "x" * 501}, "aim"),
        ({"weeks": 0}, "weeks"),
        ({"weeks": 5}, "weeks"),
        ({"capacity": Decimal(0)}, "capacity"),
        ({"card_capacity": 1000}, "card_capacity"),
        ({"day": NOON.date().replace(year=1900)}, "starts"),
    ],
)
def test_a_cycle_that_cannot_be_is_refused_at_its_field(acme, said, field):
    with pytest.raises(Refused) as refused:
        make_cycle(acme, **said)
    assert refused.value.field == field


def test_who_is_late_changes_nothing(acme, board):
    cycle, by = make_cycle(acme, board), owner_of(acme)
    changes = {"aim": "Fewer clicks"}
    assert change_cycle(cycle, changes=changes, version=1, by=by, at=NOON).version == 2
    assert change_cycle(cycle, changes=changes, version=2, by=by, at=NOON).version == 2
    for write in (
        lambda: change_cycle(cycle, changes={"aim": ""}, version=1, by=by, at=NOON),
        lambda: begin_cycle(cycle, version=1, by=by, at=NOON),
        lambda: remove_cycle(cycle, version=1, by=by, at=NOON),
        lambda: close_cycle(cycle, rest="carry", version=1, by=by, at=NOON),
    ):
        with pytest.raises(Stale):
            write()
    assert (now(cycle).aim, now(cycle).begun_at) == ("Fewer clicks", None)


def test_a_plan_is_removed_and_its_cards_stay(acme, board):
    cycle = make_cycle(acme, board)
    card = make_card(board, cycle=cycle)
    remove_cycle(now(cycle), version=1, by=owner_of(acme), at=NOON)
    assert (now(card).cycle, now(card).version) == (None, 2)
    running = make_cycle(acme, board)
    begin(running)
    with pytest.raises(Refused):
        remove_cycle(now(running), version=2, by=owner_of(acme), at=NOON)


def test_many_cycles_and_cards_ask_as_much_as_few(acme, board):
    for week in range(3):
        cycle = make_cycle(acme, board, day=NOON.date() + week * WEEK)
        for number in range(1 if week else 4):
            make_card(board, f"Card {number}", cycle=cycle)
    with CaptureQueriesContext(connection) as few:
        viewed(list(cycles_of(acme, board)[:1]))
    with CaptureQueriesContext(connection) as many:
        found = viewed(list(cycles_of(acme, board)))
    assert len(few) == len(many) == 2
    assert [view.figures.scope.cards for view in found] == [1, 1, 4]
