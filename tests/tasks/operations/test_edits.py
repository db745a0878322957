from datetime import date
from decimal import Decimal

import pytest

from tasks.models import Card, CustomField, Priority
from tasks.operations.columns import change_column
from tasks.operations.edits import edit_card, label_card, watch_card
from tasks.operations.limits import refuse_if_busy
from tasks.operations.moves import move_card
from tests.make.tasks import column_of, make_board, make_card, make_field, make_label
from tests.tasks.events import events_of, verbs_of, versions_of
from workspaces.queries.events import log_of, sentence_of
from workspaces.rules.errors import Refused, Stale


@pytest.fixture
def board(acme):
    return make_board(acme)


@pytest.fixture
def edit(ed, noon):
    """Edit as ed, from the row as the database has it."""

    def edited(card, version=None, **changes):
        fresh = Card.objects.get(pk=card.pk)
        seen = fresh.version if version is None else version
        return edit_card(fresh, version=seen, changes=changes, by=ed, at=noon)

    return edited


def test_an_edit_changes_what_it_names_and_raises_the_version(board, ed, vi, noon):
    card = make_card(board, assignee=vi, description="Old")
    changes = {"title": " New ", "assignee": None, "description": "Old"}
    edited = edit_card(card, version=1, changes=changes, by=ed, at=noon)
    assert (edited.title, edited.assignee, edited.version) == ("New", None, 2)
    assert events_of(card)[-1].data["fields"] == "title, assignee"
    assert versions_of(card) == [1, 2]


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1969, 12, 31), date(9999, 12, 31)])
def test_a_day_out_of_all_reason_is_refused(board, ed, noon, day):
    card = make_card(board)
    with pytest.raises(Refused) as refused:
        edit_card(card, version=1, changes={"due_on": day}, by=ed, at=noon)
    assert (refused.value.field, refused.value.code) == ("due", "out_of_range")


def test_an_edit_that_changes_nothing_leaves_no_trace(board, ed, noon):
    card = make_card(board)
    assert edit_card(card, version=1, changes={"title": card.title}, by=ed, at=noon).version == 1
    assert verbs_of(card) == ["card.added"]


def test_a_card_keeps_its_title(board, ed, noon):
    with pytest.raises(Refused) as refusal:
        edit_card(make_card(board), version=1, changes={"title": " "}, by=ed, at=noon)
    assert refusal.value.field == "title"


def test_P13_an_edit_cannot_reach_other_columns_of_the_table(board, ed, noon):
    card = make_card(board)
    changes = {"number": 99, "workspace_id": 7, "created_by": None, "title": "New"}
    edited = edit_card(card, version=1, changes=changes, by=ed, at=noon)
    assert (edited.number, edited.workspace_id) == (1, card.workspace_id)


def test_O01_of_two_edits_of_one_field_the_later_is_refused_with_the_current_state(board, edit):
    card = make_card(board)
    edit(card, title="Ed's", due_on=date(2026, 3, 9))
    with pytest.raises(Stale) as stale:
        edit(card, version=1, title="Mia's", description="Mia's")
    current = stale.value.current
    assert (current.title, current.description, current.version) == ("Ed's", "", 2)
    assert versions_of(card) == [1, 2]


def test_O01_edits_of_different_fields_from_one_version_are_both_kept(board, acme, edit, vi, mia):
    card, label = make_card(board), make_label(acme)
    edit(card, title="Ed's")
    edit(card, version=1, description="Mia's")
    edit(card, version=1, labels=[label], helpers=[vi], watchers=[mia])
    edit(card, version=1, priority=Priority.HIGH)
    now = Card.objects.get(pk=card.pk)
    assert (now.title, now.description, now.priority) == ("Ed's", "Mia's", Priority.HIGH)
    assert [row.label for row in now.labels.all()] == [label]
    assert {(row.member, row.part) for row in now.people.all()} == {
        (vi, "helper"),
        (mia, "watcher"),
    }
    with pytest.raises(Stale):
        edit(card, version=2, labels=[])
    assert versions_of(card) == [1, 2, 3, 4, 5]


def test_an_edit_that_says_what_is_so_already_leaves_no_trace(board, edit):
    card = make_card(board)
    edit(card, title="New")
    assert edit(card, version=1, title="New").version == 2
    assert verbs_of(card) == ["card.added", "card.edited"]


def test_a_version_that_was_never_there_is_stale(board, edit):
    card = make_card(board)
    with pytest.raises(Stale):
        edit(card, version=9, title=card.title)


def test_each_custom_field_is_a_field_of_its_own(board, acme, edit, vi):
    number = make_field(acme, "Reach", CustomField.Kind.NUMBER)
    stage = make_field(acme, "Stage", CustomField.Kind.CHOICE, choices=["Draft", "Live"])
    owner = make_field(acme, "Contact", CustomField.Kind.PERSON)
    card = make_card(board, values={number: "12.50", stage: "Draft"})
    assert card.values == {str(number.pk): "12.5", str(stage.pk): "Draft"}
    edit(card, values={number: 3})
    edit(card, version=1, values={stage: "Live", owner: vi.pk})
    with pytest.raises(Stale):
        edit(card, version=1, values={number: 4})
    emptied = edit(card, values={stage: None})
    assert emptied.values == {str(number.pk): "3", str(owner.pk): vi.pk}
    assert events_of(card)[-1].data["fields"] == "Stage"


def test_the_log_calls_what_was_changed_by_words(board, acme, edit):
    edited = edit(make_card(board, "Plan"), due_on=date(2026, 3, 9), labels=[make_label(acme)])
    assert log_of(acme)[0].data["fields"] == "due_on, labels"
    assert sentence_of(log_of(acme)[0]) == f"Ed changed “{edited.title}”: due day, labels"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 5),
        ("text", "x" * 501),
        ("number", "many"),
        ("number", "NaN"),
        ("number", "1e400"),
        ("number", True),
        ("day", "2026-02-30"),
        ("day", "0001-01-01"),
        ("choice", "Else"),
        ("yes_no", "yes"),
        ("person", 10**9),
        ("person", "me"),
        ("link", "javascript:alert(1)"),
        ("link", "https://a b.example"),
        ("link", "https://"),
        ("link", "https://[::"),
    ],
)
def test_a_value_that_is_not_of_its_kind_is_refused_by_name(board, acme, edit, kind, value):
    field = make_field(acme, "Mine", kind, choices=["Draft"] if kind == "choice" else [])
    card = make_card(board)
    with pytest.raises(Refused) as refused:
        edit(card, values={field: value})
    assert "“Mine”" in refused.value.message
    assert Card.objects.get(pk=card.pk).version == 1


def test_a_card_does_not_start_after_it_is_due(board, edit):
    card = make_card(board, due_on=date(2026, 3, 9))
    with pytest.raises(Refused) as refused:
        edit(card, start_on=date(2026, 3, 10))
    assert refused.value.code == "backwards"
    assert edit(card, start_on=date(2026, 3, 9)).start_on == date(2026, 3, 9)


@pytest.mark.parametrize("hours", ["0", "-1", "100000"])
def test_an_estimate_is_more_than_nothing(board, edit, hours):
    with pytest.raises(Refused) as refused:
        edit(make_card(board), estimate=Decimal(hours))
    assert refused.value.field == "estimate"


def test_T03_labels_people_and_fields_are_of_the_cards_workspace(board, globex, edit, sam):
    card = make_card(board)
    for changes in (
        {"labels": [make_label(globex)]},
        {"helpers": [sam]},
        {"watchers": [sam]},
        {"reports_to": sam},
        {"values": {make_field(globex, "Theirs", "text"): "x"}},
    ):
        with pytest.raises(Refused) as refused:
            edit(card, **changes)
        assert refused.value.code == "foreign"


def test_a_label_is_put_on_and_taken_off_whatever_the_version(board, acme, ed, noon):
    card, label, other = make_card(board), make_label(acme), make_label(acme, "Other")
    for each in (label, other, label):
        label_card(card, each, on=True, by=ed, at=noon)
    off = label_card(card, label, on=False, by=ed, at=noon)
    assert [row.label for row in off.labels.all()] == [other]
    assert off.version == 4


def test_watching_is_nobody_elses_business(board, ed):
    card = make_card(board)
    watch_card(card, on=True, by=ed)
    watch_card(card, on=True, by=ed)
    assert [row.member for row in card.people.all()] == [ed]
    watch_card(card, on=False, by=ed)
    assert not card.people.exists()
    assert Card.objects.get(pk=card.pk).version == 1


def test_a_column_takes_only_cards_that_have_what_it_asks_for(board, acme, edit, ed, olga, noon):
    review, card = column_of(board, "Review"), make_card(board, checklist=("a",))
    needs = ["assignee", "due", "label", "checklist_done"]
    change_column(review, changes={"entry": needs}, by=olga, at=noon)
    review = column_of(board, "Review")
    with pytest.raises(Refused) as refused:
        move_card(card, to=review, after=None, version=1, by=ed, at=noon)
    assert refused.value.code == "not_ready"
    assert "an assignee, a due day, a label, a finished checklist" in refused.value.message
    with pytest.raises(Refused):
        make_card(review)
    card.items.update(done_at=noon)
    ready = edit(card, assignee=ed, due_on=date(2026, 3, 9), labels=[make_label(acme)])
    assert move_card(ready, to=review, after=None, version=2, by=ed, at=noon).column == review


def test_a_soft_limit_lets_in_and_a_hard_one_does_not(board, ed, olga, noon):
    doing = column_of(board, "In progress")
    change_column(doing, changes={"wip_limit": 1, "wip_limit_is_hard": False}, by=olga, at=noon)
    doing = column_of(board, "In progress")
    make_card(doing)
    assert make_card(doing).column == doing
    change_column(doing, changes={"wip_limit_is_hard": True}, by=olga, at=noon)
    with pytest.raises(Refused) as refused:
        make_card(column_of(board, "In progress"))
    assert refused.value.code == "full"


def test_a_person_has_at_most_as_many_open_cards_as_the_board_says(board, edit, ed, vi, noon):
    board.person_limit, board.person_limit_is_hard = 1, True
    board.save()
    first = make_card(board, assignee=vi)
    for refused in (
        lambda: make_card(board, assignee=vi),
        lambda: edit(make_card(board), assignee=vi),
    ):
        with pytest.raises(Refused) as refusal:
            refused()
        assert refusal.value.code == "busy_person"
    edit(first, title="Mine all the same")
    done = make_card(column_of(board, "Done"), assignee=vi)
    with pytest.raises(Refused):
        move_card(done, to=first.column, after=None, version=1, by=ed, at=noon)
    refuse_if_busy(board, ed, besides=None)


@pytest.mark.parametrize("lanes", ["assignee", "priority", "label"])
def test_a_swimlane_of_a_column_holds_its_limit(board, acme, ed, vi, olga, noon, lanes):
    board.lanes = lanes
    board.save()
    ready, label = column_of(board, "Ready"), make_label(acme)
    changes = {"lane_limit": 1, "lane_limit_is_hard": True}
    change_column(ready, changes=changes, by=olga, at=noon)
    ready = column_of(board, "Ready")
    one = {"assignee": ed, "priority": Priority.HIGH, "labels": (label,)}
    other = {"assignee": vi, "priority": Priority.LOW, "labels": (make_label(acme, "Other"),)}
    make_card(ready, **one)
    make_card(ready, **other)
    with pytest.raises(Refused) as refused:
        make_card(ready, **one)
    assert refused.value.code == "lane_full"
