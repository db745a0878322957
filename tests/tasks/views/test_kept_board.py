"""A board is drawn once for all who see the same, and anew as soon as anything in it changes."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.models import Card
from tasks.operations.choices import choose_keys, choose_look, fold_column
from tasks.operations.edits import edit_card
from tests.make.tasks import column_of, make_board, make_card, make_label
from tests.make.workspaces import NOON, make_member
from workspaces.operations.people import rename_user
from workspaces.rules.roles import Role

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]*)"')


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def board(acme, ed):
    board = make_board(acme)
    make_card(board, "Send the letter", assignee=ed, due_on="2026-03-02")
    return board


@pytest.fixture
def path(board):
    return f"/w/acme/boards/{board.pk}/"


def inside(browser, path):
    """What stands inside the board, without what belongs to one reader's browser alone."""
    text = browser.get(path).content.decode()
    return TOKEN.sub(
        "", text[text.index('<header class="bd-h">') : text.index("</sortable-board>")]
    )


def asks_for_cards(browser, path):
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return any('FROM "tasks_checklistitem"' in sql["sql"] for sql in captured)


def rename(board, ed):
    rename_user(ed.user, "Eddie the Second")


def another(board, ed):
    make_card(board, "Newcomer")


def title(board, ed):
    edit_card(Card.objects.get(), version=1, changes={"title": "Second"}, by=ed, at=NOON)


def fold(board, ed):
    fold_column(column_of(board, "Ready"), folded=True, by=ed)


def compact(board, ed):
    choose_look(board, is_compact=True, by=ed)


def lanes(board, ed):
    choose_look(board, lanes="assignee", by=ed)


def letters(board, ed):
    choose_keys(has_letters=False, by=ed)


def test_a_board_that_has_not_changed_is_not_drawn_again(acme, board, path, ed, client_of):
    browser, other = client_of(ed), client_of(make_member(acme, "eva@acme.example", Role.EDITOR))
    assert asks_for_cards(browser, path)
    assert not asks_for_cards(browser, path)
    assert not asks_for_cards(other, path)
    assert inside(other, path) == inside(browser, path)


@pytest.mark.parametrize("change", [rename, another, title, fold, compact, lanes, letters])
def test_what_changes_is_seen_at_once(board, path, ed, client_of, change):
    browser = client_of(ed)
    before = inside(browser, path)
    change(board, ed)
    shown = inside(browser, path)
    caches["drawn"].clear()
    assert shown == inside(browser, path)
    assert shown != before


def test_a_day_later_what_was_due_is_late(board, path, ed, client_of):
    before = inside(client_of(ed), path)
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        assert inside(client_of(ed), path) != before


def test_C10_what_one_may_or_looks_for_is_kept_apart(acme, board, path, ed, vi, olga, client_of):
    make_card(board, "Olga's", assignee=olga)
    editor, viewer, owner = inside(client_of(ed), path), client_of(vi), client_of(olga)
    assert inside(viewer, path) != editor
    assert 'id="bulk"' in editor
    mine = f"{path}?assignee=me"
    assert "Send the letter" in inside(client_of(ed), mine)
    assert "Send the letter" not in inside(owner, mine)
    assert inside(client_of(ed), path) == editor
    persian = client_of(ed).get(path, headers={"accept-language": "fa"})
    assert 'lang="fa"' in persian.content.decode()
    assert inside(client_of(ed), path) == editor


def test_C01_each_reader_gets_a_token_of_their_own_and_forms_work(board, path, ed, olga, client_of):
    tokens = {}
    for member in (ed, olga):
        browser = client_of(member)
        browser.handler.enforce_csrf_checks = True
        browser.get(path)
        html = browser.get(path).content.decode()
        (found,) = set(TOKEN.findall(html[html.index('id="bcols"') :]))
        sent = {"is_compact": "1", "csrfmiddlewaretoken": found}
        assert browser.post(f"{path}look/", sent).status_code == 302
        tokens[member] = found
    assert tokens[ed] != tokens[olga]


def test_what_is_done_to_selected_cards_is_kept_apart_until_its_lists_change(
    acme, board, path, ed, client_of
):
    browser = client_of(ed)
    bulk = re.compile(r'<form class="bulk".*?</form>', re.DOTALL)

    def lists():
        with CaptureQueriesContext(connection) as captured:
            (found,) = bulk.findall(inside(browser, path))
        return found, len(captured)

    first, dear = lists()
    title(board, ed)
    second, cheap = lists()
    assert second == first
    assert cheap < dear
    make_label(acme, "Newsletter")
    assert "Newsletter" in lists()[0]
