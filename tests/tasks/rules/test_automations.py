"""When a rule meets an event, and what it needs to be there."""

import pytest

from tasks.rules.automations import (
    Named,
    Then,
    Unfit,
    check,
    meets,
    named_in,
    names_card,
    read_then,
    titled,
)


@pytest.mark.parametrize(
    ("when", "about", "verb", "data", "wanted"),
    [
        ("made", {}, "card.added", {}, True),
        ("made", {}, "card.imported", {}, False),
        ("comes", {"column": 3}, "card.moved", {"column": 3, "left": 1}, True),
        ("comes", {"column": 3}, "card.done", {"column": 3}, True),
        ("comes", {"column": 3}, "card.added", {"column": 4}, False),
        ("comes", {"column": 3}, "card.placed", {"column": 3}, False),
        ("leaves", {"column": 3}, "card.reopened", {"column": 1, "left": 3}, True),
        ("leaves", {"column": 3}, "card.moved", {"column": 3, "left": 1}, False),
        ("leaves", {"column": 3}, "card.moved", {}, False),  # of before rules were there
        ("done", {}, "card.done", {}, True),
        ("labelled", {"label": 5}, "card.edited", {"labels_on": [4, 5]}, True),
        ("labelled", {"label": 5}, "card.edited", {"labels_on": [4]}, False),
        ("labelled", {"label": 5}, "card.edited", {"fields": "labels"}, False),
        ("assigned", {}, "card.edited", {"assigned": 2}, True),
        ("assigned", {}, "card.edited", {"fields": "assignee"}, False),
        ("ticked", {}, "item.ticked", {}, True),
        ("blocked", {}, "card.held", {}, True),
        ("unblocked", {}, "card.freed", {}, True),
        ("due", {"days": 2}, "card.edited", {}, False),
    ],
)
def test_an_event_sets_off_the_rules_that_ask_for_it(when, about, verb, data, wanted):
    assert meets(when, about, verb, data) is wanted


@pytest.mark.parametrize(
    ("field", "when", "about", "then"),
    [
        ("column", "comes", {}, Then(tick_all=True)),
        ("label", "labelled", {"label": None}, Then(tick_all=True)),
        ("days", "due", {"days": 61}, Then(tick_all=True)),
        ("then", "made", {}, Then()),
        ("then", "made", {}, Then(due_works=True, turns=(1,))),
        ("turns", "made", {}, Then(assign="turns")),
        ("due_in", "made", {}, Then(due_in=367)),
        ("follow_up_to", "made", {}, Then(follow_up="Next")),
        ("follow_up", "made", {}, Then(follow_up="N" * 201, follow_up_to=1)),
    ],
)
def test_a_rule_that_is_none_names_its_field(field, when, about, then):
    with pytest.raises(Unfit) as told:
        check(when, about, then)
    assert told.value.args[0] == field


def test_a_rule_is_kept_whole_and_says_what_it_needs():
    then = Then(assign="7", turns=(8,), priority=0, label_on=3, move_to=4, tell=("watchers", "9"))
    assert read_then(then.kept()) == then
    check("made", {}, Then(priority=0))  # to say that a priority is none is something
    query = [("q", "5"), ("label", "2"), ("assignee", "none"), ("goal", "6")]
    assert {(one.kind, one.id) for one in named_in({"column": 1}, query, [11], then)} == {
        ("column", 1), ("label", 2), ("goal", 6), ("column", 11), ("label", 3), ("column", 4),
        ("member", 8), ("member", 7), ("member", 9),
    }  # fmt: skip
    assert Named("goal", 6, "goal") in named_in({}, query, [], then)


def test_a_step_names_a_card_by_its_whole_number():
    assert names_card("Wait for #12, then go", 12)
    assert not any(names_card(text, 12) for text in ("#123", "a#12", "##12", "12"))
    assert titled("Check: {title}", "Brief") == "Check: Brief"
    assert len(titled("{title}{title}", "x" * 200)) == 200
