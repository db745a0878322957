"""A board from a file in a real browser: every step in every look."""

import json

import pytest

from tests.browser.support import LOOKS, complaints, settled, shoot, sideways
from tests.make.board_files import bring_board, trello, written

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
URL = "/w/acme/boards/imports/"


@pytest.fixture
def pages(olga):
    """A checked board, a stored one with what stayed behind, a refused file, a table."""
    source = trello(cards=30)
    source["actions"][0]["data"]["card"]["id"] = "gone"
    done = bring_board(olga, json.dumps(source), name="spring-launch.json")
    ready = bring_board(olga, json.dumps(source), name="spring-launch.json", go=False)
    failed = bring_board(olga, json.dumps(source)[:5000], name="cut.json", go=False)
    rows = [["Task", "State", "Budget"], ["Write the brief", "Doing", "1200"]]
    table = bring_board(olga, written(rows), name="table.csv", go=False)
    runs = {"ready": ready, "done": done, "failed": failed, "table": table}
    return {"list": URL, "new": f"{URL}new/"} | {
        name: f"{URL}{run.pk}/" for name, run in runs.items()
    }


@pytest.mark.parametrize("name", LOOKS)
def test_every_step_of_an_import_is_sound(pages, olga, screen, name):
    page = screen(olga, **LOOKS[name])
    faults = []
    for place, url in pages.items():
        page.goto(url)
        settled(page)
        shoot(page, f"board-import-{place}-{name}", full=True)
        if (wide := sideways(page)) > 0:
            faults.append(f"{place}: {wide} px too wide")
        faults += [f"{place}: {said}" for said in complaints(page)]
    assert faults == []
