"""Many approvers at once, on PostgreSQL with real threads (SQLite lets one writer in at a time)."""

import pytest

from tasks.models import ApprovalAnswer
from tasks.operations.approvals import answer_approval
from tasks.operations.edits import edit_card
from tests.make.tasks import make_approval, make_board, make_card
from tests.make.workspaces import NOON, make_member, make_workspace, owner_of
from tests.tasks.operations.test_races import together
from workspaces.rules.errors import Stale
from workspaces.rules.roles import Role

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WORKERS = 8


def test_O11_answers_at_once_all_count_and_a_change_meanwhile_voids_or_stops_each():
    acme = make_workspace("acme")
    people = [make_member(acme, f"p{n}@acme.example", Role.VIEWER) for n in range(WORKERS)]
    card = make_card(make_board(acme), description="Blue")
    calm = make_approval(card, *people)

    def approve(approval):
        def act(number):
            try:
                said = {"verdict": "approved", "round_": 1, "by": people[number], "at": NOON}
                return answer_approval(approval, **said)
            except Stale:
                return None

        return act

    together(WORKERS, approve(calm))
    calm.refresh_from_db()
    assert (calm.state, calm.given) == ("approved", WORKERS)

    stormy = make_approval(card, *people)
    act, changes = approve(stormy), {"description": "Red"}

    def act_or_edit(number):
        if number:
            return act(number)
        return edit_card(card, version=1, changes=changes, by=owner_of(acme), at=NOON)

    together(WORKERS, act_or_edit)
    stormy.refresh_from_db()
    counting = ApprovalAnswer.objects.filter(approver__approval=stormy, voided_at=None)
    assert (stormy.state, stormy.given, stormy.round) == ("waiting", 0, 2)
    assert not counting.exists()
