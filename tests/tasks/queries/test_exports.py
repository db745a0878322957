"""A board as a file: what is exported and imported again is the same board."""

import csv
import io
import json
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.models import Attachment, Board, Card, CustomField
from tasks.operations.cards import trash_card
from tasks.operations.labels import FieldDraft, add_field
from tasks.queries import exports
from tasks.queries.exports import json_of, rows_of
from tasks.rules.imports.cells import HEADER
from tasks.rules.imports.reading import read_board
from tasks.rules.imports.tree import (
    BoardFound,
    ColumnFound,
    CommentFound,
    FieldFound,
    LinkFound,
    PersonFound,
)
from tests.make.board_files import bring_board
from tests.make.board_trees import FIELDS, START, make_tree, unnumbered, written
from tests.make.tasks import make_board, make_card
from tests.make.workspaces import NOON, make_member, make_workspace, owner_of
from workspaces.rules.roles import Role

pytestmark = pytest.mark.django_db
NOBODY = PersonFound("ina@example.com", "Ina New", email="ina@example.com")


def person(member) -> PersonFound:
    return PersonFound(member.user.email, member.user.display_name, email=member.user.email)


def exported(board: Board) -> BoardFound:
    return read_board("".join(json_of(board))).board


def as_file(board: Board) -> str:
    return "".join(json_of(board))


def plain(board: BoardFound) -> BoardFound:
    """What counts: not the numbers that cards got here, and not where they stood in the file."""
    places = {card.key: str(n) for n, card in enumerate(board.cards)}
    cards = [
        replace(
            card,
            key=places[card.key],
            where="",
            people=tuple(sorted(card.people)),
            watchers=tuple(sorted(card.watchers)),
            blocked_by=tuple(sorted(places[key] for key in card.blocked_by)),
        )
        for card in board.cards
    ]
    used = {key for card in cards for key in card.labels}
    people = sorted(board.people, key=lambda one: one.key)
    labels = [label for label in board.labels if label.key in used]
    return replace(board, cards=cards, people=people, labels=labels, left=[])


@pytest.mark.parametrize("seed", range(6))
def test_export_and_import_is_identity(seed, olga, ed):
    tree = make_tree(seed, [person(olga), person(ed), NOBODY])
    run = bring_board(olga, written(tree))
    assert run.state == "done", run.error
    once = exported(run.board)
    told = {code for code, _where, _what in run.left}
    assert not told, run.left
    wanted = read_board(written(tree)).board
    assert plain(once) == plain(wanted)
    elsewhere = make_workspace("elsewhere", owner=olga.user.email)
    make_member(elsewhere, ed.user.email, Role.EDITOR)
    again = bring_board(owner_of(elsewhere), "".join(json_of(run.board)))
    assert plain(exported(again.board)) == plain(once)


def test_a_copy_beside_its_original_has_the_same_fields_and_is_the_same_file(olga, ed):
    tree = make_tree(1, [person(olga), person(ed), NOBODY])
    tree.name = "A  board"
    tree.cards[0].links.append(LinkFound("https:  example.com a", "https://example.com/a"))
    first = bring_board(olga, written(tree)).board
    make_card(first, "Two  spaces", due_on=NOON.date(), assignee=ed, checklist=("a  b",))
    once = as_file(first)
    copy = bring_board(olga, once)
    assert unnumbered(as_file(copy.board)) == unnumbered(once)
    fields = list(CustomField.objects.order_by("position"))
    assert [field.name for field in fields] == [field.name for field in FIELDS]
    assert all(field.board is None for field in fields)
    assert sorted(what for _code, _where, what in copy.left) == sorted(f.name for f in FIELDS)
    assert {code for code, _where, _what in copy.left} == {"field_shared"}
    assert copy.board.name == "A  board"
    assert Attachment.objects.filter(name="https:  example.com a").count() == 2


def test_a_field_of_another_kind_keeps_its_name_and_the_report_says_so(olga, ed, acme):
    draft = FieldDraft("Budget", "text", board=make_board(acme, "Other"))
    add_field(acme, draft=draft, by=olga, at=NOON)
    run = bring_board(olga, written(make_tree(1, [person(olga), person(ed), NOBODY])))
    assert run.left == [["field_renamed", "", "Budget → Budget (Board 1)"]]
    assert "Budget (Board 1)" in [field.name for field in exported(run.board).fields]


def test_what_is_in_the_trash_is_not_exported(olga, acme):
    board = make_board(acme)
    make_card(board, "Stays")
    trash_card(make_card(board, "Goes"), by=olga, at=NOON)
    assert [card.title for card in exported(board).cards] == ["Stays"]


def test_the_number_of_queries_of_a_chunk_does_not_grow_with_its_cards(olga, ed, monkeypatch):
    counts = []
    for cards in (4, 40):
        tree = make_tree(1, [person(olga), person(ed), NOBODY], cards=cards)
        run = bring_board(olga, written(tree))
        board = run.board
        with CaptureQueriesContext(connection) as asked:
            "".join(json_of(board))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    monkeypatch.setattr(exports, "CHUNK", 10)
    with CaptureQueriesContext(connection) as asked:
        "".join(json_of(board))
    assert len(asked) == counts[0] + 3 * 8


def test_a_csv_disarms_formulas_and_comes_back_as_it_was(olga, ed, acme):
    board = make_board(acme, columns=[("To Do",), ("Done", None, True)])
    make_card(
        board, "=HYPERLINK(1)", assignee=ed, description="@all\nplease", checklist=("+one", "two")
    )
    rows = list(rows_of(board))
    assert rows[1][1:4] == ["'=HYPERLINK(1)", "To Do", "'@all\nplease"]
    run = bring_board(olga, "\ufeff" + table(rows), name="Copy.csv")
    assert run.found["format"] == "mops_csv"
    card = Card.objects.get(board=run.board)
    assert (card.title, card.description, card.assignee) == ("=HYPERLINK(1)", "@all\nplease", ed)
    assert [item.text for item in card.items.order_by("position")] == ["+one", "two"]


def test_a_csv_brings_what_was_said_links_watchers_and_columns_without_cards(olga, ed):
    tree = make_tree(4, [person(olga), person(ed), NOBODY])
    tree.columns.insert(1, ColumnFound("Empty", "Empty"))
    tree.fields = [*tree.fields, FieldFound("Links", "Links")]
    tree.cards[0].values["Links"] = "of another kind"
    tree.cards[0].comments.append(CommentFound("— 1, me\n\\two", NOBODY.key, START))
    board = bring_board(olga, written(tree)).board
    source = table(rows_of(board))
    again = bring_board(olga, source, name=f"{board.name}.csv")
    assert [code for code, *_rest in again.left if code != "field_shared"] == ["csv_holds_less"]
    was, now = exported(board), exported(again.board)
    assert [(one.name, one.is_done) for one in now.columns] == [
        (one.name, one.is_done) for one in was.columns
    ]
    parts = ("title", "links", "comments", "watchers", "people", "labels", "values")
    for name in parts:
        assert [getattr(c, name) for c in now.cards] == [getattr(c, name) for c in was.cards], name
    assert table(rows_of(again.board)).partition("\n")[0] == source.partition("\n")[0]


def table(rows) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def test_a_csv_has_a_column_for_each_field(olga, ed):
    tree = make_tree(2, [person(olga), person(ed), NOBODY])
    run = bring_board(olga, written(tree))
    rows = list(rows_of(run.board))
    assert rows[0][len(HEADER) :] == [field.name for field in tree.fields]
    assert {len(row) for row in rows} == {len(HEADER) + len(tree.fields)}


def test_the_file_of_a_board_is_json_to_its_last_letter(acme):
    board = make_board(acme, 'A "board"')
    assert json.loads("".join(json_of(board)))["cards"] == []
