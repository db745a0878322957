"""Files of boards as trees: each tool's own way of saying the same, and files that lie."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tasks.rules.imports.colours import our_colour
from tasks.rules.imports.reading import read_board
from tasks.rules.imports.tables import read_table
from tasks.rules.imports.tree import CommentFound, ItemFound, Unreadable
from tasks.rules.imports.values import day_of, instant_of
from tests.make.board_files import asana, jira, plane, taiga, trello, written

DEEP = "[" * 200_000


def board_in(content, **more):
    text = content if isinstance(content, str) else json.dumps(content)
    return read_board(text, **more).board


def refusal_of(content, **more) -> tuple[str, str]:
    with pytest.raises(Unreadable) as refusal:
        board_in(content, **more)
    return refusal.value.flaw.code, refusal.value.flaw.where


def test_trello_comments_are_told_the_oldest_first_with_who_and_when():
    source = trello(cards=1)
    board = board_in(source)
    told = board.cards[0].comments
    assert len(told) == len(source["actions"])
    assert told[0].at == datetime(2026, 2, 11, 10, tzinfo=UTC)
    assert {one.who for one in told} == {"m1"}
    assert [person.name for person in board.people] == ["Ada Lovelace", "Bo Ek"]


def test_trello_cards_say_when_they_were_made_and_labels_without_a_name_keep_their_colour():
    board = board_in(trello(cards=3))
    assert board.cards[0].created_at.year == 2023
    assert [(one.name, one.colour) for one in board.labels][-1] == ("", "green_dark")


def test_trello_checklists_keep_their_order_and_say_which_of_several_they_are_of():
    source = trello(cards=1, archived_list=False)
    card = board_in(source).cards[0]
    assert card.items == [ItemFound("Zeroth", who="m0"), ItemFound("First", is_done=True)]
    source["checklists"].append(
        {"name": "More", "idCard": card.key, "pos": 9, "checkItems": [{"name": "x", "pos": 1}]}
    )
    texts = [item.text for item in board_in(source).cards[0].items]
    assert texts == ["Steps: Zeroth", "Steps: First", "More: x"]


def test_trello_fields_have_values_of_their_kind():
    source = trello(cards=1)
    source["customFields"] = [
        {"id": "f1", "name": "Size", "type": "list",
         "options": [{"id": "o1", "value": {"text": "Big"}}]},
        {"id": "f2", "name": "Live", "type": "checkbox"},
        {"id": "f3", "name": "On", "type": "date"},
    ]  # fmt: skip
    source["cards"][0]["customFieldItems"] = [
        {"idCustomField": "f1", "idValue": "o1", "value": None},
        {"idCustomField": "f2", "value": {"checked": "true"}},
        {"idCustomField": "f3", "value": {"date": "2026-01-07T10:00:00.000Z"}},
        {"idCustomField": "gone", "value": {"text": "x"}},
    ]
    board = board_in(source)
    assert [(one.kind, one.options) for one in board.fields] == [
        ("choice", ("Big",)), ("yes_no", ()), ("day", ()),
    ]  # fmt: skip
    assert board.cards[0].values == {"f1": "Big", "f2": "true", "f3": "2026-01-07"}


def test_a_comment_on_a_card_that_was_deleted_is_told():
    source = trello(cards=1)
    source["actions"][0]["data"]["card"]["id"] = "gone"
    assert [flaw.code for flaw in board_in(source).left] == ["comment_without_card"]


def test_jira_keeps_every_cell_of_a_repeated_column():
    board = board_in(jira())
    second = board.cards[1]
    assert second.comments[1] == CommentFound(
        "Second", "acc-2", datetime(2025, 9, 6, 13, tzinfo=UTC)
    )
    assert second.comments[0].text.startswith("Yes; ")
    assert second.labels == ("mail", "ads")
    assert second.watchers == ("acc-1", "acc-2")
    assert board.cards[0].labels == ("mail",)


def test_jira_days_hours_points_and_priorities_are_read():
    card = board_in(jira()).cards[0]
    assert (card.due, card.estimate, card.priority) == (date(2025, 9, 18), Decimal(2), "urgent")
    assert card.values["points"] == "3.0"
    assert card.created_at == datetime(2025, 9, 1, 9, tzinfo=UTC)
    names = [(column.name, column.is_done) for column in board_in(jira(issues=30)).columns]
    assert names == [("To Do", False), ("In Progress", False), ("Done", True)]


def test_asana_subtasks_are_lines_and_completed_tasks_stand_where_they_are_done():
    board = board_in(asana())
    build, ask = board.cards
    assert build.items == [
        ItemFound("Sketch", is_done=True, done_at=datetime(2026, 2, 1, tzinfo=UTC))
    ]
    assert (ask.column, ask.came_from, ask.blocked_by) == ("mops:done", "next", ("1",))
    assert build.description == "Line one\nLine two"
    assert build.values == {"channel": "web"}


@pytest.mark.parametrize("as_json", [False, True])
def test_plane_rows_of_one_item_are_one_card_with_all_its_people(as_json):
    board = board_in(plane(as_json=as_json))
    home, imprint = board.cards
    assert home.people == ("ada lovelace", "bo ek")
    assert (home.priority, home.values) == ("urgent", {"cycle name": "Sprint 1"})
    assert (imprint.is_archived, board.columns[1].is_done) == (True, True)


def test_taiga_stories_stand_in_their_order_with_history_tasks_and_what_stays_behind():
    board = board_in(taiga())
    assert [card.title for card in board.cards] == ["First", "As a visitor"]
    story = board.cards[1]
    assert [(one.text, one.who) for one in story.comments] == [
        ("First", "ada@example.com"), ("Second", "bo@example.com"),
    ]  # fmt: skip
    assert story.items == [ItemFound("Draw", is_done=True)]
    assert [flaw.code for flaw in board.left] == ["task_without_story", "no_place_here"]
    assert board.columns[0].wip_limit == 3


def test_any_table_is_read_by_the_names_of_its_columns():
    rows = [
        ["Task", "State", "Owner", "Deadline", "Tags", "Budget", "Checklist"],
        ["Brief", "Doing", "Ada", "20.03.2026", "a, b", "12", "[x] one\n[ ] two\nthree"],
        ["", "Doing", "", "", "", "", ""],
        ["Late", "Done", "", "soon", "", "", ""],
    ]
    reading = read_board(written(rows), name="table")
    assert reading.roles["task"] == "title"
    assert reading.roles["budget"] == "field"
    card = reading.board.cards[0]
    assert (card.due, card.labels, card.values) == (date(2026, 3, 20), ("a", "b"), {"budget": "12"})
    assert [(item.text, item.is_done) for item in card.items] == [
        ("one", True), ("two", False), ("three", False),
    ]  # fmt: skip
    codes = [(flaw.code, flaw.where) for flaw in reading.board.left]
    assert codes == [("no_title_in_row", "3"), ("due_unread", "4")]
    other = read_board(written(rows), roles={"budget": "title", "task": "key"}).board
    assert (other.cards[0].title, other.cards[0].key) == ("12", "Brief")


def test_a_table_needs_one_title_and_knows_only_its_own_columns():
    rows = written([["Task", "State"], ["a", "b"]])
    assert refusal_of(rows, roles={"task": "column"})[0] == "no_title"
    assert refusal_of(rows, roles={"task": "title", "state": "title"})[0] == "role_twice"
    assert refusal_of(rows, roles={"nope": "title"})[0] == "no_such_header"


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("", "no_header", "1"),
        ("{", "file_is_cut", "1:2"),
        (json.dumps(trello())[:3000], "file_is_cut", None),
        ("[1, 2", "file_is_cut", None),
        ("{]", "not_json", "1:2"),
        ('{"a": NaN}', "not_json", ""),
        ('{"a": 1, "a": 2}', "repeated_key", ""),
        ('{"a": ' + "9" * 5000 + "}", "not_json", ""),
        (DEEP, "too_deep", ""),
        ('{"hello": "world"}', "unknown_json", ""),
        ("[[]]", "not_an_object", "/0"),
        ("[{}]", "unknown_json", ""),
        ('"text"', "nothing_in_it", ""),
        ("a,b\n1,2\n3", "row_too_short", "3"),
        ("a,b\n1,2,3\n", "row_too_long", "2"),
        ('a,b\n"1,2\n', "file_is_cut", None),
        ('a,b\n"1"x,2\n', "row_is_broken", "2"),
        ("a\n1\n" + "x" * 1_000_001, "cell_too_long", "3"),
        ("a,b\n", "nothing_in_it", ""),
        (json.dumps(trello() | {"cards": {}}), "not_a_list", "/cards"),
        (json.dumps(trello() | {"idOrganization": "o", "cards": [1]}), "not_an_object", "/cards/0"),
        (json.dumps(trello() | {"labels": "x"}), "not_a_list", "/labels"),
        ('{"format": "mops-board", "version": 2}', "other_version", "/version"),
        ('{"format": "mops-board", "version": 1}', "not_an_object", "/board"),
    ],
)  # fmt: skip
def test_F11_files_that_are_cut_or_lie_are_refused_with_their_place(text, code, where):
    found = refusal_of(text)
    assert found[0] == code
    assert where is None or found[1] == where


def test_a_bomb_of_values_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr("tasks.rules.imports.reading.MOST_VALUES", 1000)
    assert refusal_of("[" + "{}," * 2000 + "{}]") == ("too_many_values", "")


def test_cards_with_one_key_or_of_no_column_are_refused():
    twice = trello(cards=2)
    twice["cards"][1]["id"] = twice["cards"][0]["id"]
    assert refusal_of(twice)[0] == "twin_card"
    nowhere = trello(cards=2)
    nowhere["cards"][1]["idList"] = "gone"
    assert refusal_of(nowhere) == ("no_such_column", "/cards/1")


def test_more_cards_than_a_board_holds_are_refused(monkeypatch):
    monkeypatch.setattr("tasks.rules.imports.tree.MOST_CARDS", 3)
    assert refusal_of(trello(cards=4))[0] == "too_many_cards"


def test_cards_that_wait_for_each_other_in_a_circle_lose_what_closes_it():
    cards = [
        {"key": key, "title": key, "column": "a", "blocked_by": waits}
        for key, waits in (("1", ["2"]), ("2", ["3"]), ("3", ["1", "1"]), ("4", ["4", "9", "1"]))
    ]
    source = {
        "format": "mops-board", "version": 1, "board": {"name": "b"}, "cards": cards,
        "columns": [{"key": "a", "name": "A"}],
    }  # fmt: skip
    board = board_in(source)
    assert [card.blocked_by for card in board.cards] == [("2",), ("3",), (), ("1",)]
    assert [flaw.code for flaw in board.left] == ["blocker_unknown", "blocker_circle"]


def test_a_long_chain_of_waiting_cards_is_walked_once():
    cards = [
        {"key": str(n), "title": "x", "column": "a", "blocked_by": [str(n - 1)] if n else []}
        for n in range(5000)
    ]
    source = {
        "format": "mops-board", "version": 1, "board": {"name": "b"}, "cards": cards,
        "columns": [{"key": "a", "name": "A"}],
    }  # fmt: skip
    assert board_in(source).left == []


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        ({"title": 5}, "wrong_kind", "/cards/0/title"),
        ({"title": " "}, "member_missing", "/cards/0/title"),
        ({"colour": "red"}, "unknown_member", "/cards/0/colour"),
        ({"due": "never"}, "wrong_kind", "/cards/0/due"),
        ({"is_archived": 1}, "wrong_kind", "/cards/0/is_archived"),
        ({"items": [{"text": []}]}, "wrong_kind", "/cards/0/items/0/text"),
        ({"labels": "x"}, "not_a_list", "/cards/0/labels"),
        ({"values": []}, "not_an_object", "/cards/0/values"),
        ({"where": "x"}, "unknown_member", "/cards/0/where"),
        ({"estimate": "1e999999"}, "wrong_kind", "/cards/0/estimate"),
    ],
)
def test_our_own_json_is_taken_at_its_word(change, code, where):
    source = {
        "format": "mops-board", "version": 1, "board": {"name": "b"},
        "columns": [{"key": "a", "name": "A"}],
        "cards": [{"key": "1", "title": "x", "column": "a"} | change],
    }  # fmt: skip
    if change == {"title": 5}:
        assert refusal_of(source)[0] == code
        return
    assert refusal_of(source) == (code, where)


def test_controls_and_halves_of_letters_are_taken_out_of_texts():
    source = trello(cards=1)
    source["cards"][0]["name"] = "a\x00b\ud800c\u202ed"
    assert board_in(source).cards[0].title == "abc\u202ed"


def test_rows_are_numbered_as_a_spreadsheet_does_and_quoted_line_breaks_are_kept():
    table = read_table('a,b\n"1\n2",x\n\n3,y\n')
    assert [(row.number, row.text("a")) for row in table.rows] == [(2, "1\n2"), (4, "3")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("22/Sep/25 9:26 AM", date(2025, 9, 22)),
        ("2026-03-20", date(2026, 3, 20)),
        ("2026-03-20T23:30:00.000Z", date(2026, 3, 20)),
        ("03/20/2026", date(2026, 3, 20)),
        ("20/03/2026", date(2026, 3, 20)),
        ("Mar 20, 2026", date(2026, 3, 20)),
        ("31.02.2026", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("2026-03-200", None),
        ("", None),
    ],
)
def test_days_are_read_in_the_ways_of_the_tools(text, day):
    assert day_of(text) == day


def test_instants_at_the_edge_of_time_are_none():
    assert instant_of("0001-01-01T00:00:00+14:00") is None
    assert instant_of("2026-03-20T10:00:00+02:00") == datetime(2026, 3, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "ours"),
    [("sky", "teal"), ("green_dark", "green"), ("#3366cc", "blue"), ("#ff0000", "red"),
     ("#808080", "grey"), ("", "grey"), ("javascript:", "grey")],
)  # fmt: skip
def test_colours_become_the_nearest_of_ours(told, ours):
    assert our_colour(told) == ours
