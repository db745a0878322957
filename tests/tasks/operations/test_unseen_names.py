"""Names and titles of letters that nobody can see are none, wherever something gets one."""

import pytest

from tasks.operations.checklists import add_item
from tests.make.tasks import (
    make_board,
    make_card,
    make_comment,
    make_field,
    make_label,
    make_rule,
    make_series,
)
from tests.make.workspaces import NOON
from workspaces.rules.errors import Refused

UNSEEN = "\u200b \u2066\u2069"


@pytest.mark.parametrize(
    "make",
    [
        lambda acme, board, _ed: make_board(acme, UNSEEN),
        lambda acme, board, _ed: make_board(acme, "Board", columns=[(UNSEEN,)]),
        lambda acme, board, _ed: make_label(acme, UNSEEN),
        lambda acme, board, _ed: make_field(acme, UNSEEN),
        lambda acme, board, _ed: make_card(board, UNSEEN),
        lambda acme, board, _ed: make_series(board, UNSEEN),
        lambda acme, board, _ed: make_rule(board, UNSEEN),
        lambda acme, board, _ed: make_comment(make_card(board), UNSEEN),
        lambda acme, board, ed: add_item(make_card(board), text=UNSEEN, by=ed, at=NOON),
    ],
)
def test_what_nobody_can_see_is_no_name(acme, board, ed, make):
    with pytest.raises(Refused) as refusal:
        make(acme, board, ed)
    assert refusal.value.code == "required"
