"""Many people at once, on PostgreSQL with real threads (SQLite lets one writer in at a time)."""

import pytest
from django.db import IntegrityError

from tasks.models import AttachmentVersion, Comment, Reaction
from tasks.operations.comments import Said, add_comment, delete_comment, sign_comment
from tasks.operations.files import used_by
from tests.make.tasks import attach, make_board, make_card, make_comment, renew
from tests.make.workspaces import NOON, make_workspace, owner_of
from tests.tasks.events import verbs_of
from tests.tasks.operations.test_races import together
from workspaces.rules.errors import Refused, TooLarge

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WORKERS = 10


@pytest.fixture
def card():
    return make_card(make_board(make_workspace("acme")))


def test_F09_the_last_room_is_given_once(card, settings):
    settings.MAX_FILES_BYTES = 1500

    def bring(number):
        try:
            return attach(card, f"{number}.txt", b"x" * 1000)
        except TooLarge:
            return None

    stored = [one for one in together(WORKERS, bring) if one]
    assert len(stored) == 1
    assert used_by(card.workspace_id) == 1000
    files = [path for path in (settings.MEDIA_ROOT / "attachments").rglob("*") if path.is_file()]
    assert len(files) == 1  # INV-18: what is counted is what is there


def test_versions_that_come_at_once_get_numbers_of_their_own(card):
    one = attach(card)
    together(WORKERS, lambda number: renew(one, content=b"%d" % number))
    numbers = AttachmentVersion.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, WORKERS + 2))


def test_D01_the_same_comment_sent_at_once_is_one_comment(card):
    by = owner_of(card.workspace)
    made = together(
        WORKERS, lambda _n: add_comment(card, said=Said("x", nonce="n"), by=by, at=NOON)
    )
    assert len({comment.pk for comment in made}) == 1
    assert verbs_of(card).count("comment.added") == 1


def test_a_sign_given_at_once_is_one_sign(card):
    by, comment = owner_of(card.workspace), make_comment(card)
    together(WORKERS, lambda _n: sign_comment(comment, sign="yes", on=True, by=by, at=NOON))
    assert Reaction.objects.count() == 1
    assert verbs_of(card).count("comment.signed") == 1


def test_an_answer_and_a_deletion_at_once_leave_no_answer_to_nothing(card):
    by = owner_of(card.workspace)
    for _round in range(5):
        asked = make_comment(card)

        def work(number, asked=asked):
            try:
                if number == 0:
                    return delete_comment(asked, by=by, at=NOON)
                return add_comment(card, said=Said("x", answers=asked), by=by, at=NOON)
            except Refused:
                return None
            except IntegrityError as error:
                return error

        assert not any(isinstance(one, IntegrityError) for one in together(4, work))
        left = Comment.objects.filter(pk=asked.pk).first()
        assert left is None or (left.deleted_at and left.answered_by.exists())
