"""One of each kind, all with "mail" in their names, and the same again elsewhere."""

import pytest

from tests.make.goals import make_goal, measured
from tests.make.tasks import make_board, make_card
from tests.make.workspaces import make_member, make_stakeholder
from workspaces.rules.roles import Role


def furnish(workspace, word="mail"):
    """A goal, a card, a metric, a board, a stakeholder and a person named so."""
    metric = measured(workspace, f"{word}_clicks", name=f"Clicks in {word}")
    goal = make_goal(metric, f"More {word}")
    board = make_board(workspace, f"Team {word}")
    card = make_card(board, f"Write the {word}")
    stakeholder = make_stakeholder(workspace, f"Head of {word}", role="Budget")
    person = make_member(workspace, f"{word}@{workspace.slug}.example", Role.EDITOR)
    return goal, card, metric, board, stakeholder, person


@pytest.fixture
def things(acme):
    return furnish(acme)
