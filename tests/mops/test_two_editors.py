"""Two people write in one form: the second sees both texts, loses nothing and may save over it.

Every form that carries the version it was made from stands in `CASES` of the file beside this one.
"""

import pytest
import time_machine
from django import forms
from django.urls import get_resolver

from goals.forms import strategy as steps
from goals.forms.slas import StopForm
from goals.forms.splits import SplitForm
from goals.forms.strategy_acts import PublishForm, VersionForm
from goals.rules.strategy import Step
from reports.forms import EndForm
from tasks.forms.transfers import TransferForm
from tests.make.goals import make_goal
from tests.make.reviews import begin
from tests.make.strategies import make_strategy, write
from tests.make.workspaces import NOON
from tests.mops.editing import CASES, MINE, THEIRS, at, clicks
from tests.support.pages import form_on
from workspaces.forms import Refusing

# What changed meanwhile is no field of theirs.
ELSEWHERE = {SplitForm, PublishForm, StopForm, EndForm, TransferForm}
BASES = {Refusing, steps.StepForm, VersionForm}


def every_form(base=forms.Form):
    for form in base.__subclasses__():
        yield form
        yield from every_form(form)


def is_ours(form):
    return not form.__module__.startswith(("django", "allauth", "tests"))


def test_every_form_with_a_version_is_tried():
    assert get_resolver().url_patterns  # all views, and so all forms, are loaded
    carrying = {
        form
        for form in every_form(Refusing)
        if form.counter in form.base_fields and form not in BASES and is_ours(form)
    }
    assert carrying == {*CASES, *ELSEWHERE}


def test_what_carries_a_version_and_no_conflict_has_nothing_that_is_typed():
    assert get_resolver().url_patterns
    buttons = [
        form
        for form in set(every_form())
        if {"version", "revision"} & set(form.base_fields)
        if is_ours(form) and not issubclass(form, Refusing)
    ]
    typed = [
        f"{form.__name__}.{name}"
        for form in buttons
        for name, one in form.base_fields.items()
        if type(one) is forms.CharField
    ]
    assert buttons
    assert typed == []


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize("form", CASES, ids=lambda form: form.__name__)
def test_O01_who_saves_second_sees_both_texts_and_may_save_over_it(acme, olga, client_of, form):
    case, browser = CASES[form](acme), client_of(olga)
    goes = case.goes or case.page
    opened = form_on(browser.get(case.page), goes) | case.beside
    theirs = browser.post(goes, opened | {case.field: case.theirs})
    assert theirs.status_code == 302, theirs.context["form"].errors

    late = browser.post(goes, opened | {case.field: case.mine})
    assert late.status_code == 409
    told = {(one.mine, one.theirs) for one in late.context["form"].differences}
    assert told == {case.shown or (case.mine, case.theirs)}
    again = form_on(late, goes)
    assert again[case.field] == [case.mine]

    last = browser.post(goes, again | case.beside)
    assert last.status_code == case.settled, last.context["form"].errors
    if case.settled != 302:
        assert form_on(last, goes)[case.field] == [case.mine]


def test_O01_a_split_is_reckoned_anew_from_the_goal_as_it_stands(acme, olga, client_of):
    goal, browser = make_goal(clicks(acme)), client_of(olga)
    page, edit = at("goals:split", pk=goal.pk), at("goals:edit", pk=goal.pk)
    opened = form_on(browser.get(page + "?mode=manual"), page)
    parts = ["100", "200", "300", "400"]
    meanwhile = form_on(browser.get(edit), edit) | {"title": THEIRS}
    assert browser.post(edit, meanwhile).status_code == 302

    late = browser.post(page, opened | {"part": parts, "shape": "steps"})
    assert late.status_code == 409
    again = form_on(late, page)
    assert again["part"] == parts
    assert browser.post(page, again | {"shape": "steps"}).status_code == 302


def test_O01_a_strategy_that_was_changed_is_not_published_unseen(acme, olga, client_of):
    strategy, browser = make_strategy(acme), client_of(olga)
    write(strategy, Step.OUTCOMES, newcomer=("Sales", "More leads"))
    goes = at("goals:publish_strategy", pk=strategy.pk)
    opened = form_on(browser.get(at("goals:strategy", pk=strategy.pk)), goes)
    write(strategy, Step.OUTCOMES, words="More leads, sooner")

    late = browser.post(goes, opened | {"note": MINE, "anyway": "on"})
    assert late.status_code == 409
    again = form_on(late, goes)
    assert again["note"] == [MINE]
    assert browser.post(goes, again).status_code == 302


def test_O01_notes_about_a_review_that_somebody_ended_are_kept_in_sight(acme, olga, client_of):
    make_goal(clicks(acme), value=9000, owner=olga)
    review, browser = begin(acme), client_of(olga)
    goes = at("reports:end_review", pk=review.pk)
    opened = form_on(browser.get(at("reports:review", pk=review.pk)), goes)
    assert browser.post(goes, opened | {"notes": THEIRS}).status_code == 302

    late = browser.post(goes, opened | {"notes": MINE})
    assert late.status_code == 422
    assert form_on(late, goes)["notes"] == [MINE]
    review.refresh_from_db()
    assert review.notes == THEIRS


def test_a_button_that_came_too_late_leads_back_to_its_page(acme, olga, client_of):
    strategy, browser = make_strategy(acme), client_of(olga)
    page, goes = at("goals:strategy", pk=strategy.pk), at("goals:close_strategy", pk=strategy.pk)
    for before, back in (
        (f"http://testserver{page}?a=1", f"{page}?a=1"),
        ("https://elsewhere.example/w/", ""),
        ("", ""),
    ):
        late = browser.post(goes, {"version": "7"}, headers={"referer": before})
        assert (late.status_code, late.context["back"]) == (409, back)
