from datetime import date

import pytest

from tasks.models import Card
from tasks.queries.boards import Look, board_view, more_cards
from tasks.queries.choices import chips_of
from tasks.queries.filters import fits
from tasks.rules.filters import Wanted, read_wanted
from tests.make.goals import make_goal, measured
from tests.make.tasks import column_of, make_card, make_field, make_label

TODAY = date(2026, 3, 4)


@pytest.fixture
def cards(acme, board, ed, mia):
    """Three cards that differ in everything."""
    campaign, channel = make_label(acme), make_field(acme, "Channel", "text")
    sure = make_field(acme, "Sure", "yes_no")
    make_card(board, "Łódź mail", assignee=ed, labels=(campaign,), priority=4)
    make_card(board, "Ads", goal=make_goal(measured(acme)), values={channel: "Search", sure: True})
    done = column_of(board, "Done")
    make_card(done, "Old mail", assignee=mia, due_on=date(2026, 3, 1), description="About ads")
    make_card(board, "Late", due_on=date(2026, 3, 1))
    return {"label": campaign, "channel": channel, "sure": sure, "ed": ed}


def found(board, member, **asked):
    wanted = read_wanted({name: [str(word)] for name, word in asked.items()})[0]
    assert wanted
    only = fits(wanted, board, member=member, today=TODAY)
    return set(Card.objects.filter(only, board=board).values_list("title", flat=True))


def test_each_kind_of_word_finds_its_cards(board, ed, cards):
    assert found(board, ed, q="łódź") == {"Łódź mail"}
    assert found(board, ed, q="ads") == {"Ads", "Old mail"}
    assert found(board, ed, q="#2") == {"Ads"}
    assert found(board, ed, assignee="me") == {"Łódź mail"}
    assert found(board, ed, assignee="none") == {"Ads", "Late"}
    assert found(board, ed, label=cards["label"].pk) == {"Łódź mail"}
    assert found(board, ed, priority="urgent") == {"Łódź mail"}
    assert found(board, ed, goal="none") == {"Łódź mail", "Old mail", "Late"}
    assert found(board, ed, due="overdue") == {"Late"}
    assert found(board, ed, done="yes") == {"Old mail"}
    assert found(board, ed, **{f"field_{cards['channel'].pk}": "sea"}) == {"Ads"}
    assert found(board, ed, **{f"field_{cards['sure'].pk}": "yes"}) == {"Ads"}
    assert found(board, ed, **{f"field_{cards['sure'].pk}": "no"}) >= {"Late"}
    assert found(board, ed, field_999="x") == set()


def test_words_that_say_nothing_are_named_and_passed_over():
    asked = {"assignee": ["1", "x"], "due": ["never"], "done": ["?"], "field_x": ["a"], "q": ["\0"]}
    wanted, strange = read_wanted(asked)
    assert wanted == Wanted(assignee=("1",))
    assert sorted(strange) == ["assignee", "done", "due", "field_x", "q"]


def test_what_is_looked_for_is_said_in_words_each_with_a_way_to_take_it_off(board, ed, cards):
    wanted = Wanted(q="mail", assignee=("me",), label=(str(cards["label"].pk),), due=("overdue",))
    chips = chips_of(wanted, board)
    assert [chip.text for chip in chips] == ["“mail”", "My cards", "Campaign", "Overdue"]
    assert "q=" not in chips[0].query
    assert "assignee=me" in chips[0].query


def test_a_column_shows_its_topmost_cards_that_fit_and_then_the_next(board, ed):
    for number in range(8):
        make_card(board, f"{'mail' if number % 2 else 'ad'} {number}")
    only = fits(Wanted(q="mail"), board, member=ed, today=TODAY)
    first = board_view(board, TODAY, Look(only, page=2)).columns[0]
    assert [row.title for row in first.cards] == ["mail 1", "mail 3"]
    assert (first.count, first.found, first.more) == (8, 4, 2)
    after = Card.objects.get(pk=first.cards[-1].id)
    rest = more_cards(first.column, after, Look(only, page=1))
    assert ([row.title for row in rest.cards], rest.more) == (["mail 5"], 1)
    whole = board_view(board, TODAY, Look(only, page=2, whole=first.column.pk)).columns[0]
    assert len(whole.cards) == 4
