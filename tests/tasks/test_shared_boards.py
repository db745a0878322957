"""Real exports in ../shared/data/boards come with exactly the counts of their answers."""

import json
from collections import Counter

import pytest

from tasks.models import Attachment, Card, CardLabel, ChecklistItem, Column, Comment
from tasks.queries.exports import json_of
from tasks.rules.imports.reading import read_board
from tests.make.board_files import bring_board
from tests.make.board_trees import unnumbered
from tests.make.workspaces import make_workspace, owner_of
from tests.support.answers import DATA, needs_data

pytestmark = [pytest.mark.django_db, needs_data]
BOARDS = DATA / "boards"
DRIVE, PROJECT, JIRA = (
    "trello_testdrive_scrubbed.json", "trello_project100_wekan.json", "jira_export_scrubbed.csv",
)  # fmt: skip


def answers(name: str) -> dict:
    return json.loads((BOARDS / "answers.json").read_text())[name]


def text_of(name: str) -> str:
    return (BOARDS / name).read_text()


def test_a_real_trello_board_has_every_list_card_item_and_comment():
    found, told = read_board(text_of(DRIVE)).board, answers(DRIVE)
    cards = found.cards
    is_open = {column.key for column in found.columns if not column.is_archived}
    standing = [card for card in cards if not card.is_archived and card.column in is_open]
    names = {column.key: column.name for column in found.columns}
    items = [item for card in cards for item in card.items]
    assert {
        "board": found.name,
        "lists": len(found.columns),
        "open_lists": len(is_open),
        "cards": len(cards),
        "open_cards": sum(not card.is_archived for card in cards),
        "cards_open_in_open_lists": len(standing),
        "cards_with_due": sum(card.due is not None for card in cards),
        "cards_with_label": sum(bool(card.labels) for card in cards),
        "check_items": len(items),
        "check_items_complete": sum(item.is_done for item in items),
        "comments_in_actions": sum(len(card.comments) for card in cards),
        "members": len(found.people),
        "attachments": sum(len(card.links) for card in cards),
        "open_cards_per_list": dict(Counter(names[card.column] for card in standing)),
    } == {name: told[name] for name in told if name not in {"checklists", "actions"}}


def test_a_real_trello_board_is_stored_as_it_stands(olga):
    told = answers(DRIVE)
    run = bring_board(olga, text_of(DRIVE), name=DRIVE)
    cards = Card.objects.filter(board=run.board)
    assert run.state == "done", run.error
    assert cards.count() == told["cards"]
    assert cards.filter(archived_at=None).count() == told["open_cards"]
    assert cards.exclude(due_on=None).count() == told["cards_with_due"]
    assert CardLabel.objects.values("card").distinct().count() == told["cards_with_label"]
    assert ChecklistItem.objects.count() == told["check_items"]
    assert ChecklistItem.objects.exclude(done_at=None).count() == told["check_items_complete"]
    assert Column.objects.count() == told["open_lists"]
    per_list = Counter(cards.filter(archived_at=None).values_list("column__name", flat=True))
    assert per_list == told["open_cards_per_list"]
    assert Comment.objects.filter(card__board=run.board).count() == told["comments_in_actions"]
    assert Attachment.objects.filter(card__board=run.board).count() == told["attachments"]


def test_a_small_real_trello_board_brings_its_fields(olga):
    told = answers(PROJECT)
    board = read_board(text_of(PROJECT)).board
    run = bring_board(olga, text_of(PROJECT), name=PROJECT)
    assert (board.name, len(board.columns), len(board.labels)) == (
        told["board"], told["lists"], told["labels"],
    )  # fmt: skip
    assert Card.objects.filter(board=run.board, archived_at=None).count() == told["open_cards"]
    values = [card.values for card in Card.objects.all()]
    assert sum(len(one) for one in values) > told["cards"]


def test_a_real_jira_export_keeps_its_repeated_columns(olga):
    told = answers(JIRA)
    cards = read_board(text_of(JIRA)).board.cards
    assert len(cards) == told["issues"]
    assert Counter(card.values["issue type"] for card in cards) == told["per_type"]
    assert sum(not card.responsible for card in cards) == told["unassigned"]
    assert sum(bool(card.comments) for card in cards) == told["with_comments"]
    assert sum(card.due is not None for card in cards) == told["with_due"]
    assert max(len(card.watchers) for card in cards) > 1
    run = bring_board(olga, text_of(JIRA), name=JIRA)
    per_status = Counter(
        Card.objects.filter(board=run.board).values_list("column__name", flat=True)
    )
    assert per_status == told["per_status"]
    done = Card.objects.filter(board=run.board).exclude(done_at=None)
    assert done.count() == told["per_status"]["Done"]
    said = Comment.objects.filter(card__board=run.board)
    assert said.values("card").distinct().count() == told["with_comments"]


@pytest.mark.parametrize("name", [DRIVE, PROJECT, JIRA])
def test_a_real_board_that_was_exported_and_imported_is_the_same_file(olga, name):
    first = bring_board(olga, text_of(name), name=name).board
    once = "".join(json_of(first))
    beside = bring_board(olga, once)
    elsewhere = bring_board(owner_of(make_workspace("elsewhere", owner=olga.user.email)), once)
    for run in (beside, elsewhere):
        assert run.state == "done", run.error
        assert unnumbered("".join(json_of(run.board))) == unnumbered(once)
    assert elsewhere.left == []


def test_colours_without_a_name_that_no_card_carries_are_told(olga):
    run = bring_board(olga, text_of(PROJECT), name=PROJECT)
    told = [what for code, _where, what in run.left if code == "label_unused"]
    assert len(told) == answers(PROJECT)["labels"]
    assert {"Green", "Red"} <= set(told)
