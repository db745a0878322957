"""What leaves a board together, and what leaves the trash for good."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.models import Card, Comment, Dependency
from tasks.operations.archive import archive_done, delete_cards, restore_done
from tasks.operations.cards import archive_card, trash_card
from tasks.operations.dependencies import add_dependency
from tests.make.tasks import column_of, make_board, make_card, make_comment, titles
from tests.tasks.events import verbs_of, versions_of
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db


def test_INV_08_all_that_is_done_goes_together_and_comes_back_together(board, ed, noon):
    done, later = column_of(board, "Done"), noon + timedelta(hours=1)
    early = archive_card(make_card(done, "early"), by=ed, at=noon)
    cards = [make_card(done, name) for name in "abc"]
    waits = make_card(board, "open")
    assert archive_done(done, by=ed, at=later) == 3
    assert titles(done) == []
    assert titles(column_of(board, "Backlog")) == ["open"]
    assert restore_done(done, archived_at=later, by=ed, at=later) == 3
    assert titles(done) == ["a", "b", "c"]
    assert restore_done(done, archived_at=later, by=ed, at=later) == 0
    early.refresh_from_db()
    assert (early.archived_at, waits.version) == (noon, 1)
    for card in cards:
        assert verbs_of(card) == ["card.added", "card.archived", "card.restored"]
        assert versions_of(card) == [1, 2, 3]


def test_a_full_column_takes_back_none_and_one_for_open_work_is_not_emptied(acme, ed, noon):
    board = make_board(acme, columns=[("Do",), ("Done", 2, True)])
    done, later = column_of(board, "Done"), noon + timedelta(hours=1)
    cards = [make_card(done, name) for name in "ab"]
    archive_done(done, by=ed, at=later)
    make_card(done, "c")
    with pytest.raises(Refused) as refusal:
        restore_done(done, archived_at=later, by=ed, at=later)
    assert refusal.value.code == "full"
    assert Card.objects.filter(pk__in=[card.pk for card in cards], archived_at=None).count() == 0
    with pytest.raises(Refused) as refusal:
        archive_done(column_of(board, "Do"), by=ed, at=later)
    assert refusal.value.code == "not_done"


def test_emptying_a_column_asks_the_same_for_any_number_of_cards(board, ed, noon):
    done, counts = column_of(board, "Done"), []
    for count in (2, 30):
        for number in range(count):
            make_card(done, f"{count} {number}")
        with CaptureQueriesContext(connection) as asked:
            archive_done(done, by=ed, at=noon)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_only_what_is_in_the_trash_is_deleted_for_good_and_the_log_keeps_its_name(
    board, olga, noon
):
    card, other = make_card(board, "Goes"), make_card(board, "Stays")
    make_comment(card)
    add_dependency(other, waits_for=card, by=olga, at=noon)
    archived = archive_card(other, by=olga, at=noon)
    trashed = trash_card(card, by=olga, at=noon)
    with pytest.raises(Refused) as refusal:
        delete_cards([trashed, archived], board, by=olga, at=noon)
    assert (refusal.value.code, Card.objects.count()) == ("not_in_trash", 2)
    assert delete_cards([trashed], board, by=olga, at=noon) == 1
    assert list(Card.objects.all()) == [other]
    assert (Comment.objects.count(), Dependency.objects.count()) == (0, 0)
    assert verbs_of(card)[-1] == "card.deleted"
