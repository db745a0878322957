from tasks.operations.boards import archive_board
from tasks.operations.cards import archive_card
from tasks.queries.search import find_boards, find_cards
from tests.make.tasks import column_of, make_board, make_card
from tests.make.workspaces import NOON, owner_of


def titles(found):
    return [card.title for card in found]


def test_a_card_is_found_by_a_part_of_its_title_open_before_done(acme):
    board = make_board(acme)
    make_card(column_of(board, "Done"), "Redefine the old lists")
    make_card(board, "Redefine the contact lists")
    make_card(board, "Unredefined")
    assert titles(find_cards(acme, "redefine")) == [
        "Redefine the contact lists",
        "Redefine the old lists",
        "Unredefined",
    ]


def test_a_card_is_found_by_its_number_first(acme):
    board = make_board(acme)
    first, second = make_card(board, "Brief"), make_card(board, "1 page for the fair")
    assert titles(find_cards(acme, "1")) == [first.title, second.title]
    assert titles(find_cards(acme, "#1")) == [first.title]
    assert titles(find_cards(acme, f"#{second.number}")) == [second.title]
    assert find_cards(acme, "99999999999999999999") == []


def test_archived_cards_and_those_of_archived_boards_are_not_found(acme):
    olga = owner_of(acme)
    kept, gone = make_board(acme, "Kept"), make_board(acme, "Gone")
    make_card(gone, "Brief A")
    archive_card(make_card(kept, "Brief B"), by=olga, at=NOON)
    make_card(kept, "Brief C")
    archive_board(gone, by=olga, at=NOON)
    assert titles(find_cards(acme, "brief")) == ["Brief C"]


def test_boards_are_found_by_name_open_before_archived(acme):
    archive_board(make_board(acme, "Launch 2025"), by=owner_of(acme), at=NOON)
    make_board(acme, "Spring launch")
    assert [board.name for board in find_boards(acme, "launch")] == ["Spring launch", "Launch 2025"]


def test_other_workspaces_are_not_searched_and_one_query_is_enough(
    acme, globex, django_assert_num_queries
):
    make_card(make_board(globex, "Launch"), "Brief")
    make_card(make_board(acme, "Own"), "Own brief")
    with django_assert_num_queries(1):
        [card] = find_cards(acme, "brief")
        assert (card.title, card.board.name, card.column.name) == ("Own brief", "Own", "Backlog")
    with django_assert_num_queries(1):
        assert find_boards(acme, "launch") == []
