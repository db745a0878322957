"""What else a file says of its cards: what was said on them and what they wait for."""

import json

import pytest

from tasks.models import Blocking, Comment, Dependency
from tasks.operations.imports import Choices
from tasks.operations.imports_people import hand_over
from tests.make.board_files import bring_board
from tests.make.workspaces import NOON, make_member
from workspaces.rules.roles import Role

pytestmark = pytest.mark.django_db


def test_what_was_said_comes_with_its_day_and_its_author_and_is_handed_over(olga, acme):
    ada = make_member(acme, "ada@example.com", Role.EDITOR)
    source = {
        "format": "mops-board", "version": 1, "board": {"name": "Said"},
        "columns": [{"key": "A", "name": "A"}],
        "people": [{"key": "a", "name": "Ada", "email": "ada@example.com"},
                   {"key": "i", "name": "Ina", "email": "ina@example.com"}],
        "cards": [{"key": "1", "title": "One", "column": "A", "comments": [
            {"text": "First", "who": "a", "at": "2026-01-02T08:00:00+00:00"},
            {"text": " "},
            {"text": "Yes", "who": "i", "at": "2026-01-03T08:00:00+00:00", "answers": 1},
            {"text": "So?", "answers": 3},
            {"text": "x" * 20_001}]}],
    }  # fmt: skip
    run = bring_board(olga, json.dumps(source))
    said = list(Comment.objects.order_by("pk"))
    by = [(one.by, one.by_name, one.at.day) for one in said[:2]]
    assert by == [(ada, "Ada", 2), (None, "Ina", 3)]
    assert [one.answers for one in said] == [None, said[0], said[1], None]
    assert (len(said[3].text), run.outcome["comments"]) == (20_000, 4)
    assert [code for code, _where, _what in run.left] == ["comment_cut"]
    ina = make_member(acme, "ina@example.com", Role.EDITOR)
    assert hand_over(at=NOON) == 1
    assert Comment.objects.get(text="Yes").by == ina


def test_what_cards_wait_for_comes_without_circles_and_joins_what_was_here(olga):
    def source(*waits):
        cards = [
            {"key": key, "title": key, "column": "A", "blocked_by": list(blockers)}
            for key, blockers in waits
        ]
        columns = [{"key": "A", "name": "A"}, {"key": "Z", "name": "Z", "is_done": True}]
        board = {"name": "Ties"}
        head = {"format": "mops-board", "version": 1, "board": board, "columns": columns}
        return json.dumps(head | {"cards": cards})

    run = bring_board(olga, source(("a", "b"), ("b", "c"), ("c", "a"), ("d", "x")))
    edges = Dependency.objects.values_list("card__title", "waits_for__title")
    assert sorted(edges) == [("a", "b"), ("b", "c")]
    assert Blocking.objects.filter(until=None).count() == 2
    left = [(code, what) for code, _where, what in run.left]
    assert left == [("blocker_unknown", "d"), ("blocker_circle", "c")]
    more = source(("a", ()), ("e", "ad"))
    bring_board(olga, more.replace('"d"', '"b"'), choices=Choices(board=run.board_id))
    assert sorted(edges.all()) == [("a", "b"), ("b", "c"), ("e", "a")]
