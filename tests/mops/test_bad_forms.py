"""Every form of the pages with nonsense in it: refused at its fields, and nothing is stored."""

import re

import pytest
import time_machine

from tests.make.workspaces import NOON
from tests.mops.editing import CASES
from tests.support.pages import form_on
from workspaces.models.events import Event

HIDDEN = {"csrfmiddlewaretoken", "version", "revision", "from"}
NONSENSE = {"NUL": "\x00", "long": "x" * 45_000}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize("form", CASES, ids=lambda form: form.__name__)
def test_nonsense_is_refused_and_nothing_is_stored(acme, olga, client_of, form):
    case, browser = CASES[form](acme), client_of(olga)
    goes = case.goes or case.page
    opened = form_on(browser.get(case.page), goes) | case.beside
    typed = opened.keys() - HIDDEN
    before = Event.objects.count()
    for value in NONSENSE.values():
        answer = browser.post(goes, opened | dict.fromkeys(typed, value))
        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() & typed
    days = [name for name in typed if DAY.fullmatch(str(opened[name][0]))]
    for name in days:
        for value in ("0001-01-01", "9999-12-31"):
            answer = browser.post(goes, opened | {name: value})
            assert answer.status_code in (302, 409, 422), name
    if not days:
        assert Event.objects.count() == before
