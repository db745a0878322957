"""Names of one long unbroken word: they wrap or end in dots, and no page becomes wider by them."""

import pytest

from tasks.operations.edits import edit_card
from tests.browser.support import settled, shoot, sideways
from tests.make.goals import every_day, make_goal, measured, ratio
from tests.make.imports import FILE, bring
from tests.make.tasks import column_of, make_board, make_card
from tests.make.workspaces import make_stakeholder

pytestmark = pytest.mark.browser

GOAL, CARD, METRIC, NEED = "W" * 200, "L" * 180, "M" * 110, "S" * 100
KEY, BOARD, COLUMN, FILE_NAME = "m" * 63, "B" * 70, "C" * 40, "F" * 120 + ".csv"


@pytest.fixture
def places(acme, olga, ed, noon):
    """Every page that shows one of the names, in a workspace where each name is one long word."""
    olga.user.name = "P" * 60
    olga.user.save()
    clicks = measured(acme, KEY, every_day("2026-01-01", "2026-03-01", 3), name=METRIC)
    ratio(acme, "r" * 63, clicks, measured(acme, "sends"), name="R" * 110)
    need = make_stakeholder(acme, NEED, need="N" * 300, outcome="O" * 300)
    goal = make_goal(clicks, GOAL, stakeholder=need)
    step = make_goal(clicks, "V" * 200, parent=goal)
    board = make_board(acme, BOARD, columns=[(COLUMN,), ("D" * 40, None, True)])
    card = make_card(
        column_of(board, COLUMN),
        CARD,
        description="T" * 300,
        assignee=olga,
        goal=goal,
        checklist=("I" * 200,),
    )
    edit_card(card, version=1, changes={"title": "K" * 180}, by=olga, at=noon)
    run = bring(olga, FILE, name=FILE_NAME)
    pages = {
        "overview": "",
        "my-work": "my-work/",
        "goals": "goals/",
        "goals-filtered": f"goals/?metric={KEY}",
        "goal": f"goals/{goal.pk}/",
        "step": f"goals/{step.pk}/",
        "goal-new": f"goals/new/?parent={goal.pk}",
        "goal-edit": f"goals/{goal.pk}/edit/",
        "metrics": "metrics/",
        "metric": f"metrics/{KEY}/",
        "ratio": f"metrics/{'r' * 63}/",
        "metric-edit": f"metrics/{'r' * 63}/edit/",
        "imports": "imports/",
        "import-map": f"imports/{run.pk}/columns/",
        "boards": "boards/",
        "board": f"boards/{board.pk}/",
        "board-settings": f"boards/{board.pk}/settings/",
        "card": f"cards/{card.pk}/",
        "card-edit": f"cards/{card.pk}/edit/",
        "card-new": f"cards/new/?goal={goal.pk}",
        "stakeholders": "stakeholders/",
        "stakeholder": f"stakeholders/{need.pk}/",
        "members": "settings/members/",
        "log": "settings/log/",
    }
    return {name: f"/w/acme/{path}" for name, path in pages.items()}


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_no_page_is_wider_than_the_window(screen, olga, places, phone):
    page = screen(olga, phone=phone)
    wide = {}
    for name, path in places.items():
        answer = page.goto(path)
        assert answer.status == 200, name
        settled(page)
        shoot(page, f"long-{name}{'-phone' if phone else ''}")
        if sideways(page) > 0:
            wide[name] = sideways(page)
    assert wide == {}
