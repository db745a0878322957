"""A copy has of a card what is wanted, and those that wait for it come along on demand."""

from datetime import date

import pytest

from tasks.models import Card, Dependency
from tasks.operations.attachments import attach_link
from tasks.operations.checklists import assign_item, tick_item
from tasks.operations.copies import CopyDraft, copy_card
from tasks.operations.dependencies import add_dependency
from tasks.operations.moves import tick_card
from tasks.queries.dependencies import count_holds
from tasks.rules.copies import Part
from tests.make.tasks import column_of, make_board, make_card, make_comment, make_field, make_label
from tests.tasks.events import events_of
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 9)


@pytest.fixture
def full(board, acme, ed, mia, noon):
    """A card with everything."""
    field = make_field(acme)
    card = make_card(
        board, "Brief", description="Text", assignee=ed, helpers=(mia,), due_on=DUE, priority=3,
        labels=(make_label(acme),), values={field: 5}, checklist=("One", "Two"),
    )  # fmt: skip
    line = card.items.order_by("position").first()
    assign_item(line, changes={"assignee": mia, "due_on": DUE}, by=ed, at=noon)
    tick_item(line, done=True, by=ed, at=noon)
    attach_link(card, name="Plan", address="https://example.com/p", by=ed, at=noon)
    make_comment(card)
    return card


def test_a_copy_has_what_the_card_has_but_ticks_comments_and_history(full, ed, mia, noon):
    full = tick_card(full, done=True, by=ed, at=noon)
    draft = CopyDraft(column_of(full.board, "Ready"), title="Again", nonce="n")
    made = copy_card(full, draft=draft, by=ed, at=noon)
    assert copy_card(full, draft=draft, by=ed, at=noon) == made
    same = ("description", "assignee", "due_on", "priority", "values")
    assert [getattr(made, name) for name in same] == [getattr(full, name) for name in same]
    assert (made.title, made.number, made.version, made.done_at) == ("Again", 2, 1, None)
    lines = made.items.order_by("position").values_list("text", "assignee", "due_on", "done_at")
    assert list(lines) == [("One", mia.pk, DUE, None), ("Two", None, None, None)]
    assert [one.label for one in made.labels.all()] == [one.label for one in full.labels.all()]
    assert [one.member for one in made.people.filter(part="helper")] == [mia]
    assert made.attachments.get().address == "https://example.com/p"
    assert made.comments.count() == 0
    (event,) = events_of(made)
    assert (event.verb, event.data["other"]) == ("card.added", "Brief")


def test_a_copy_leaves_behind_what_is_not_wanted(full, ed, noon):
    draft = CopyDraft(full.column, parts=frozenset())
    made = copy_card(full, draft=draft, by=ed, at=noon)
    assert (made.title, made.assignee, made.due_on, made.values) == ("Brief", None, None, {})
    hung = (made.items, made.labels, made.people, made.attachments)
    assert [rows.count() for rows in hung] == [0, 0, 0, 0]


def test_those_that_wait_for_it_are_copied_and_wait_as_they_do(acme, board, ed, noon):
    other = make_board(acme, "Other")
    first, then, last = (
        make_card(board, "First"),
        make_card(other, "Then"),
        make_card(board, "Last"),
    )
    before = make_card(board, "Before")
    for after, comes in ((then, first), (last, then), (last, first), (first, before)):
        add_dependency(after, waits_for=comes, by=ed, at=noon)
    draft = CopyDraft(first.column, parts=frozenset({Part.WAITING}))
    made = copy_card(first, draft=draft, by=ed, at=noon)
    copies = Card.objects.filter(pk__gte=made.pk)
    assert sorted(copies.values_list("title", "board__name")) == [
        ("First", "Launch"), ("Last", "Launch"), ("Then", "Other"),
    ]  # fmt: skip
    edges = Dependency.objects.filter(card__in=copies)
    assert sorted(edges.values_list("card__title", "waits_for__title")) == [
        ("Last", "First"), ("Last", "Then"), ("Then", "First"),
    ]  # fmt: skip
    assert {edge.waits_for_id for edge in edges} <= {card.pk for card in copies}
    assert [count_holds(card) for card in copies.order_by("title")] == [0, 2, 1]


def test_a_refused_copy_leaves_none_of_its_family(acme, ed, noon):
    board = make_board(acme, columns=[("Do", 3), ("Done", None, True)])
    cards = [make_card(board, name) for name in "ab"]
    add_dependency(cards[1], waits_for=cards[0], by=ed, at=noon)
    draft = CopyDraft(cards[0].column, parts=frozenset({Part.WAITING}))
    with pytest.raises(Refused) as refusal:
        copy_card(cards[0], draft=draft, by=ed, at=noon)
    assert (refusal.value.code, Card.objects.count()) == ("full", 2)


def test_a_card_is_copied_by_its_form_and_over_rest(full, ed, client_of, api_of):
    url, ready = f"/w/acme/cards/{full.pk}/copy/", column_of(full.board, "Ready")
    client = client_of(ed)
    assert "Takes along" in client.get(url).content.decode()
    said = {"title": "Paper", "column": ready.pk, "parts": ["labels"], "nonce": "x"}
    answer = client.post(url, said, HTTP_HX_REQUEST="true")
    assert "Paper" in answer.content.decode()
    assert client.post(url, {**said, "title": ""}).status_code == 422
    assert client.post(url, {**said, "parts": ["soul"]}).status_code == 422
    api = f"/api/v1/workspaces/acme/cards/{full.pk}/copy/"
    told = api_of(ed).post(api, {"column": ready.pk, "parts": ["checklist"]}, format="json")
    assert (told.status_code, told.json()["title"], told.json()["items"]) == (201, "Brief", 2)
    assert told.json()["labels"] == []
    assert api_of(ed).post(api, {"parts": ["soul"]}, format="json").status_code == 400
