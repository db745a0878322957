import pytest

from tasks.rules.approvals import State, is_cleared, state_of

YES, NO = "approved", "changes"


@pytest.mark.parametrize(
    ("needed", "verdicts", "state"),
    [
        (2, [], State.WAITING),
        (2, [YES], State.WAITING),
        (2, [YES, YES], State.APPROVED),
        (2, [YES, NO], State.CHANGES),
        (2, [YES, NO, YES], State.APPROVED),
        (1, [NO], State.CHANGES),
    ],
)
def test_enough_approvals_settle_it_else_one_who_needs_changes_does(needed, verdicts, state):
    assert state_of(needed, verdicts) is state


@pytest.mark.parametrize(
    ("states", "cleared"),
    [
        ([], False),
        (["withdrawn"], False),
        (["approved", "withdrawn"], True),
        (["approved", "waiting"], False),
        (["changes"], False),
    ],
)
def test_a_card_is_cleared_once_it_was_asked_and_all_that_counts_is_approved(states, cleared):
    assert is_cleared(states) is cleared
