from datetime import date
from decimal import Decimal

import pytest

from tasks.rules.lanes import Lane, read_lane
from tasks.rules.quick_add import Kind, Named, Names, lines_of, read_line

MONDAY = date(2026, 11, 23)
NAMES = Names(
    people=[
        Named(1, ("Mia Khan", "mia@acme.example", "mia")),
        Named(2, ("Mila Novak", "mila@acme.example", "mila")),
        Named(3, ("Łukasz Żak", "lz@acme.example", "lz")),
    ],
    labels=[Named(5, ("Email",)), Named(6, ("Email ads",)), Named(7, ("เว็บ",))],
    goals=[Named(8, ("More leads",)), Named(9, ("More clicks",))],
    me=2,
)


def read(line, **options):
    return read_line(line, NAMES, today=MONDAY, week_starts_on=1, **options)


def said(line, **options):
    one = read(line, **options)
    return one.title, {part.kind.value: part.value for part in one.parts}


def test_a_line_says_who_until_when_what_about_how_much_and_what_for():
    title, parts = said("Write the brief @mia tomorrow #email !high ~2h /more leads")
    assert title == "Write the brief"
    assert parts == {
        "assignee": 1,
        "due": date(2026, 11, 24),
        "label": 5,
        "priority": 3,
        "estimate": Decimal("2.00"),
        "goal": 8,
    }


@pytest.mark.parametrize(
    ("line", "title", "kind", "value"),
    [
        ("Brief @Mia Khan, please", "Brief, please", "assignee", 1),
        ("Brief @me", "Brief", "assignee", 2),
        ("Brief @łuk", "Brief", "assignee", 3),
        ("Brief @miakhan", "Brief", "assignee", 1),
        ("Plan #email ads", "Plan", "label", 6),  # the longest name
        ("แผน #เว็บ", "แผน", "label", 7),
        ("Plan !pilny", "Plan", "priority", 4),
        ("طرح !فوری", "طرح", "priority", 4),
        ("Plan !ด่วน", "Plan", "priority", 4),
        ("Plan !1", "Plan", "priority", 1),
        ("Plan ~90m", "Plan", "estimate", Decimal("1.50")),
        ("Plan ~1h30m", "Plan", "estimate", Decimal("1.50")),
        ("Plan ~2,5 godz", "Plan", "estimate", Decimal("2.50")),
        ("طرح ~۲ ساعت", "طرح", "estimate", Decimal("2.00")),
    ],
)
def test_a_sign_means_the_one_thing_that_begins_so(line, title, kind, value):
    assert said(line) == (title, {kind: value})


@pytest.mark.parametrize(
    "line",
    [
        "Ask @mi",  # two people
        "Ask @nobody",
        "Mail ann@mia.example",
        "Issue #12",
        "Move /more",  # two goals
        "either/more leads",
        "Wow!",
        "Costs ~2",
        "Costs ~",
        "Costs ~0h",
        "Say !loud",
        'Write "tomorrow @mia #email !high ~2h"',
        "Write “tomorrow”",
        "Write «فردا»",
    ],
)
def test_what_is_unclear_or_quoted_stays_in_the_title(line):
    assert said(line) == (line, {})


def test_what_was_taken_back_stays_in_the_title():
    title, parts = said("Sunrise tomorrow @mia", unread=["Tomorrow"])
    assert (title, parts) == ("Sunrise tomorrow", {"assignee": 1})
    assert said("Brief @mia", unread=["@mia"]) == ("Brief @mia", {})


def test_one_is_responsible_and_labels_may_be_many():
    one = read("Brief @mia @mila #email #email ads #email")
    assert (one.value(Kind.ASSIGNEE), one.labels) == (1, [5, 6])
    assert one.title == "Brief @mila"


def test_every_part_says_where_it_stands():
    line = "İstanbul plan tomorrow @mia"  # a letter that grows when it is made small
    for part in read(line).parts:
        assert line[part.start : part.end] == part.text
    assert read(line).title == "İstanbul plan"


def test_pasted_lines_lose_the_marks_of_a_list():
    assert lines_of("- One\n\n  * Two\n3) Three\n4. Four\n-5 %\n") == [
        "One",
        "Two",
        "Three",
        "Four",
        "-5 %",
    ]


def test_a_lane_is_its_key():
    for lane in (Lane("assignee", 7), Lane("goal", None), Lane("priority", 3), Lane("label", 2)):
        assert read_lane(lane.key) == lane
    assert Lane("priority", 3).key == "priority-high"
    for text in ("", "assignee", "assignee-x", "board-1", "priority-5", "label-1" + "0" * 30):
        assert read_lane(text) is None
