"""The document of six steps: whole or not, kept as JSON, compared."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from goals.rules.strategy import Document, GoalLine, MetricLine, OutcomeLine, as_data, from_data
from goals.rules.strategy_changes import Kind, changes, pieces_of

CLICKS = MetricLine(7, "clicks", "Clicks", why="Interest")
GOAL = GoalLine(
    1, "More clicks", CLICKS, target="1250", start="2026-01-01", end="2026-12-31",
    owner="Ed", owner_id=3, change="Two letters a week",
)  # fmt: skip
STEP = replace(GOAL, id=2, title="First quarter", parent=1, end="2026-03-31", change="")
WHOLE = Document(
    title="Plan 2026",
    start="2026-01-01",
    end="2026-12-31",
    words={"outcomes": "Sales trusts our leads."},
    outcomes=(OutcomeLine(4, "Sales", "", "Warm leads", "120 a month"),),
    metrics=(CLICKS,),
    goals=(GOAL,),
    steps=(STEP,),
    questions=("What is missing?",),
)


def test_a_document_that_says_all_six_steps_is_whole():
    assert list(WHOLE.filled.values()) == [True] * 6


def test_each_step_that_lacks_its_words_is_open():
    for name, changed in {
        "outcomes": {"outcomes": (replace(WHOLE.outcomes[0], outcome=""),)},
        "metrics": {"metrics": ()},
        "metrics without a reason": {"metrics": (replace(CLICKS, why=""),)},
        "goals": {"goals": ()},
        "participation": {"questions": ()},
        "steps": {"steps": ()},
        "assignments": {"steps": (replace(STEP, owner="", owner_id=0),)},
    }.items():
        assert replace(WHOLE, **changed).filled[name.split()[0]] is False, name


def test_what_is_missing_is_named_and_nothing_is_missing_of_a_whole_one():
    assert WHOLE.missing == ()
    assert [one.code for one in Document("Plan", "2026-01-01", "2026-12-31").missing] == [
        "no_outcomes", "no_metrics", "no_goals", "no_questions", "no_goals", "no_goals", "no_goals",
    ]  # fmt: skip
    bare = replace(WHOLE, metrics=(replace(CLICKS, why=""),), steps=())
    assert [(one.step, one.code, one.name) for one in bare.missing] == [
        ("metrics", "no_why", "Clicks"), ("steps", "no_steps", "More clicks"),
    ]  # fmt: skip


def test_a_goal_of_another_time_is_told_and_leaves_its_step_whole():
    past = replace(GOAL, start="2020-01-01", end="2020-12-31")
    odd = replace(WHOLE, goals=(past,))
    assert [(one.code, one.name) for one in odd.missing] == [("outside", "More clicks")]
    assert odd.filled["goals"]
    overlapping = replace(GOAL, start="2025-07-01", end="2026-06-30")
    assert replace(WHOLE, goals=(overlapping,)).missing == ()


def test_a_goal_that_changes_something_for_nobody_knows_what_leaves_participation_open():
    silent = replace(WHOLE, goals=(replace(GOAL, change=""),))
    assert silent.filled["participation"] is False


def test_a_document_survives_json():
    assert from_data(json.loads(json.dumps(as_data(WHOLE)))) == WHOLE


def test_a_document_of_a_later_or_an_earlier_form_is_read():
    data = as_data(WHOLE)
    assert from_data({**data, "mood": "good"}) == WHOLE
    del data["goals"][0]["change"], data["questions"]
    assert from_data(data).goals[0].change == ""


def test_who_answers_for_what_stands_by_name_with_the_earliest_end_first():
    (ed,) = WHOLE.assignments
    assert (ed.name, [line.title for line in ed.lines]) == ("Ed", ["First quarter", "More clicks"])


def test_the_same_documents_have_no_changes():
    assert changes(WHOLE, WHOLE) == []


def test_a_row_that_came_and_one_that_went_are_named():
    after = replace(WHOLE, steps=(), metrics=(CLICKS, MetricLine(8, "leads", "Leads")))
    found = {(one.step, one.kind, one.name) for one in changes(WHOLE, after)}
    assert found == {("metrics", Kind.ADDED, "Leads"), ("steps", Kind.REMOVED, "First quarter")}


def test_a_changed_field_is_told_word_by_word():
    after = replace(WHOLE, goals=(replace(GOAL, change="Three letters a week"),))
    (change,) = changes(WHOLE, after)
    assert (change.name, change.field) == ("More clicks", "change")
    assert [(one.kind, one.text) for one in change.pieces] == [
        ("removed", "Two"), ("added", "Three"), ("kept", " letters a week"),
    ]  # fmt: skip


def test_a_changed_title_of_the_whole_and_of_a_row_are_changes_not_a_removal():
    after = replace(WHOLE, title="Plan B", goals=(replace(GOAL, title="Most clicks"),))
    assert [(one.step, one.kind, one.field) for one in changes(WHOLE, after)] == [
        ("", Kind.CHANGED, "title"), ("goals", Kind.CHANGED, "title"),
    ]  # fmt: skip


@given(st.text(), st.text())
def test_woven_texts_hold_both(before, after):
    pieces = pieces_of(before, after)
    assert "".join(one.text for one in pieces if one.kind != "added") == before
    assert "".join(one.text for one in pieces if one.kind != "removed") == after
