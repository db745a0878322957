import pytest

from tasks.models import Card, ChecklistItem
from tasks.operations.cards import MOST_ITEMS
from tasks.operations.checklists import add_item, edit_item, place_item, remove_item, tick_item
from tests.make.tasks import make_board, make_card
from tests.tasks.events import events_of, verbs_of, versions_of
from workspaces.rules.errors import Refused, Stale


@pytest.fixture
def card(acme):
    return make_card(make_board(acme), checklist=("One", "Two", "Three"))


def item_of(card, text):
    return ChecklistItem.objects.get(card=card, text=text)


def texts(card):
    return list(card.items.order_by("position").values_list("text", flat=True))


def test_a_new_item_stands_last(card, ed, noon):
    add_item(card, text=" Four ", by=ed, at=noon)
    assert texts(card) == ["One", "Two", "Three", "Four"]
    assert verbs_of(card) == ["card.added", "item.added"]


def test_an_item_needs_a_text(card, ed, noon):
    with pytest.raises(Refused):
        add_item(card, text="  ", by=ed, at=noon)
    with pytest.raises(Refused):
        edit_item(item_of(card, "One"), text=" ", was="One", by=ed, at=noon)


def test_a_card_takes_only_so_many_items(acme, ed, noon):
    full = make_card(make_board(acme), checklist=("x",) * MOST_ITEMS)
    with pytest.raises(Refused) as refusal:
        add_item(full, text="One more", by=ed, at=noon)
    assert refusal.value.code == "too_many"


def test_checklist_changes_leave_the_version_of_the_card_alone(card, ed, noon):
    add_item(card, text="Four", by=ed, at=noon)
    tick_item(item_of(card, "Two"), done=True, by=ed, at=noon)
    assert Card.objects.get(pk=card.pk).version == 1
    assert versions_of(card) == [1]


def test_a_tick_said_twice_is_one_tick(card, ed, vi, noon):
    two = item_of(card, "Two")
    assert tick_item(two, done=True, by=ed, at=noon).done_by == ed
    assert tick_item(two, done=True, by=vi, at=noon).done_by == ed
    assert tick_item(two, done=False, by=ed, at=noon).done_at is None
    tick_item(two, done=False, by=ed, at=noon)
    assert verbs_of(card) == ["card.added", "item.ticked", "item.unticked"]


def test_O01_two_people_who_rewrite_one_item_do_not_overwrite_each_other(card, ed, mia, noon):
    seen_by_mia = item_of(card, "One")
    edit_item(item_of(card, "One"), text="Ed's", was="One", by=ed, at=noon)
    with pytest.raises(Stale) as stale:
        edit_item(seen_by_mia, text="Mia's", was="One", by=mia, at=noon)
    assert stale.value.current.text == "Ed's"
    assert texts(card) == ["Ed's", "Two", "Three"]
    assert events_of(card)[-1].data["was"] == "One"


def test_an_item_moves_first_or_right_below_another(card, ed, noon):
    place_item(item_of(card, "Three"), after=None, by=ed, at=noon)
    assert texts(card) == ["Three", "One", "Two"]
    place_item(item_of(card, "Three"), after=item_of(card, "One"), by=ed, at=noon)
    assert texts(card) == ["One", "Three", "Two"]
    with pytest.raises(Refused):
        place_item(item_of(card, "One"), after=item_of(card, "One"), by=ed, at=noon)


def test_an_item_stands_below_one_of_its_own_card_only(card, acme, ed, noon):
    other = make_card(make_board(acme, "Other"), checklist=("Elsewhere",))
    with pytest.raises(Stale):
        place_item(item_of(card, "One"), after=item_of(other, "Elsewhere"), by=ed, at=noon)
    assert texts(card) == ["One", "Two", "Three"]


def test_the_log_keeps_the_text_of_a_removed_item(card, ed, noon):
    two = item_of(card, "Two")
    remove_item(two, by=ed, at=noon)
    remove_item(two, by=ed, at=noon)
    assert texts(card) == ["One", "Three"]
    assert verbs_of(card) == ["card.added", "item.removed"]
    assert events_of(card)[-1].data["item"] == "Two"
