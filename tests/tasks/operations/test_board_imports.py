"""Boards from files: checked by the code that stores them, all or nothing, once."""

import json
from datetime import date
from operator import itemgetter

import pytest
from django.db import connection, transaction

from tasks.models import (
    Attachment,
    Board,
    BoardImport,
    Card,
    CardPerson,
    ChecklistItem,
    Column,
    ImportedPerson,
)
from tasks.operations import import_runs
from tasks.operations.cards import archive_card
from tasks.operations.edits import edit_card
from tasks.operations.import_runs import run_waiting
from tasks.operations.imports import (
    Brought,
    Choices,
    cancel_board_import,
    choices_of,
    confirm_board_import,
    forget_abandoned,
    path_of,
    start_board_import,
    undo_board_import,
)
from tasks.operations.imports_people import hand_over, say_who
from tasks.operations.labels import FieldDraft, add_field
from tests.make.board_files import asana, bring_board, clock, jira, run_it, taiga, trello, written
from tests.make.tasks import column_of, make_board, make_card
from tests.make.workspaces import NOON, make_member, owner_of
from tests.tasks.events import verbs_of, versions_of
from workspaces.rules.errors import Invalid, Refused, TooLarge
from workspaces.rules.roles import Role

pytestmark = pytest.mark.django_db


def simple(*names, columns=("To Do", "Done")) -> str:
    rows = [["Name", "Status", "Assignee"], *([name, columns[0], ""] for name in names)]
    return written(rows)


def test_a_check_counts_what_the_import_then_makes_and_stores_nothing(olga):
    run = bring_board(olga, json.dumps(trello(cards=30)), go=False)
    assert (run.state, Board.objects.count(), Card.objects.count()) == ("ready", 0, 0)
    checked = run.outcome
    run = run_it(confirm_board_import(run, by=olga, at=NOON))
    assert run.state == "done"
    assert {**run.outcome, "same_as": None} == checked
    assert Card.objects.filter(board=run.board).count() == checked["cards"] == 30
    assert not path_of(run).is_file()


def test_INV_08_each_imported_card_has_one_event_for_its_one_version(olga):
    run = bring_board(olga, json.dumps(trello(cards=8)))
    for card in Card.objects.all():
        assert versions_of(card) == [card.version] == [1]
        assert verbs_of(card) == ["card.imported"]
    assert versions_of(run.board) == [1]
    assert verbs_of(run.board) == ["board.opened", "board.filled"]


def test_archived_lists_and_cards_stay_archived(olga):
    source = trello(cards=40)
    run = bring_board(olga, json.dumps(source))
    assert list(Column.objects.order_by("position").values_list("name", flat=True)) == [
        "To Do", "In Progress", "Done",
    ]  # fmt: skip
    closed = {card["id"] for card in source["cards"] if card["closed"]}
    brought = dict(
        run.cards.values_list("key", "card__archived_at")  # what its tool calls it
    )
    assert {key for key, at in brought.items() if at} == closed
    told = {code for code, _where, _what in run.left}
    assert told == {"column_archived"}


def test_cards_keep_their_order_and_stand_done_where_their_column_is(olga):
    source = trello(cards=20, archived_list=False)
    bring_board(olga, json.dumps(source))
    for at in source["lists"]:
        standing = [card for card in source["cards"] if card["idList"] == at["id"]]
        wanted = sorted(standing, key=itemgetter("pos"))
        cards = Card.objects.filter(column__name=at["name"]).order_by("position")
        assert [" ".join(card["name"].split()) for card in wanted] == [card.title for card in cards]
        assert all((card.done_at is not None) == (at["name"] == "Done") for card in cards)


def test_F11_the_same_file_again_to_its_board_adds_nothing(olga):
    source = json.dumps(trello())
    first = bring_board(olga, source)
    again = bring_board(olga, source, choices=Choices(board=first.board_id))
    assert (again.outcome["cards"], again.outcome["there"]) == (0, 12)
    assert Card.objects.count() == 12
    warned = bring_board(olga, source, go=False)
    assert warned.outcome["same_as"] == again.pk
    twice = bring_board(olga, source, choices=Choices(board=first.board_id, again=True))
    assert (twice.outcome["cards"], Card.objects.count()) == (12, 24)


def test_F11_what_cannot_be_stored_to_its_end_leaves_nothing(olga, monkeypatch):
    def break_off(storing):
        raise RuntimeError("the worker died")

    run = bring_board(olga, json.dumps(trello()), go=False)
    confirm_board_import(run, by=olga, at=NOON)
    monkeypatch.setattr("tasks.operations.imports_storing._write_checklists", break_off)
    with pytest.raises(RuntimeError):
        run_waiting(clock=clock)
    assert (Board.objects.count(), Card.objects.count()) == (0, 0)
    monkeypatch.undo()
    assert run_waiting(clock=clock) == 0  # its lease lasts
    later = lambda: NOON + import_runs.LEASE * 2  # noqa: E731
    assert run_waiting(clock=later) == 1
    run.refresh_from_db()
    assert (run.state, Card.objects.count()) == ("done", 12)


def test_F11_a_run_that_was_cancelled_while_it_stored_stores_nothing(olga, monkeypatch):
    run = bring_board(olga, json.dumps(trello()), go=False)
    confirm_board_import(run, by=olga, at=NOON)
    store = import_runs.store_board

    def cancelled_meanwhile(run, *args, **kwargs):
        made = store(run, *args, **kwargs)
        BoardImport.objects.filter(pk=run.pk).update(state="cancelled")
        return made

    monkeypatch.setattr(import_runs, "store_board", cancelled_meanwhile)
    with transaction.atomic():
        run_waiting(clock=clock)
    assert Card.objects.count() == 0


def test_a_run_that_never_ends_is_given_up(olga, monkeypatch):
    run = bring_board(olga, json.dumps(trello()), go=False)
    confirm_board_import(run, by=olga, at=NOON)
    BoardImport.objects.update(claims=import_runs.MOST_CLAIMS)
    run_waiting(clock=clock)
    run.refresh_from_db()
    assert (run.state, run.error["code"]) == ("failed", "gave_up")


def test_undoing_archives_the_board_that_was_made(olga):
    run = bring_board(olga, json.dumps(trello()))
    undone = undo_board_import(run, by=olga, at=NOON)
    run.board.refresh_from_db()
    assert (undone.state, run.board.is_open) == ("undone", False)
    with pytest.raises(Refused):
        undo_board_import(run, by=olga, at=NOON)


def test_undoing_takes_only_its_own_cards_off_a_board_that_was_there(olga, acme):
    board = make_board(acme)
    mine = make_card(board)
    run = bring_board(olga, simple("A", "B"), name="a.csv", choices=Choices(board=board.pk))
    card = Card.objects.get(title="A")
    edit_card(card, version=1, changes={"title": "A, changed"}, by=olga, at=NOON)
    undo_board_import(run, by=olga, at=NOON)
    mine.refresh_from_db()
    assert mine.archived_at is None
    assert set(Card.objects.exclude(trashed_at=None).values_list("title", flat=True)) == {
        "A, changed", "B",
    }  # fmt: skip
    card.refresh_from_db()
    assert versions_of(card) == [1, 2, 3] == list(range(1, card.version + 1))
    again = bring_board(olga, simple("A", "B"), name="a.csv", choices=Choices(board=board.pk))
    assert again.outcome["cards"] == 2  # what is in the trash does not count


def test_members_are_known_by_address_and_by_a_name_that_is_theirs_alone(olga, acme):
    ada = make_member(acme, "ada@example.com", Role.EDITOR)
    bring_board(olga, asana(), name="a.csv")
    assert Card.objects.get(title="Build").assignee == ada


def test_who_is_no_member_yet_gets_the_cards_on_joining(olga, acme):
    run = bring_board(olga, asana(), name="a.csv")
    card = Card.objects.get(title="Build")
    assert card.assignee is None
    assert ImportedPerson.objects.get(run=run).name == "Ada Lovelace"
    assert hand_over(at=NOON) == 0
    ada = make_member(acme, "Ada@Example.com", Role.EDITOR)
    assert hand_over(at=NOON) == 1
    assert hand_over(at=NOON) == 0
    card.refresh_from_db()
    assert card.assignee == ada
    assert versions_of(card) == [1, 2]


def test_a_card_that_somebody_took_meanwhile_is_not_handed_over(olga, acme):
    run = bring_board(olga, asana(), name="a.csv")
    card = Card.objects.get(title="Build")
    edit_card(card, version=1, changes={"assignee": olga}, by=olga, at=NOON)
    bo = make_member(acme, "bo@example.com", Role.EDITOR)
    say_who(ImportedPerson.objects.get(run=run), member=bo, by=olga, at=NOON)
    hand_over(at=NOON)
    card.refresh_from_db()
    assert card.assignee == olga
    with pytest.raises(Refused):
        say_who(ImportedPerson.objects.get(run=run), member=bo, by=olga, at=NOON)


def test_helpers_watchers_and_lines_are_handed_over_too(olga, acme):
    bring_board(olga, json.dumps(trello(3, cards=9)))
    bring_board(olga, jira(), name="j.csv")
    for person in ImportedPerson.objects.all():
        say_who(person, member=olga, by=olga, at=NOON)
    hand_over(at=NOON)
    assert CardPerson.objects.filter(part="watcher", member=olga).count() == 10
    assert ChecklistItem.objects.filter(text="Zeroth", assignee=olga).count() == 3


def test_what_was_said_of_people_counts(olga, acme):
    ada = make_member(acme, "ada@example.com", Role.EDITOR)
    nobody = Choices(people={"ada@example.com": 0})
    bring_board(olga, asana(), name="a.csv", choices=nobody)
    assert Card.objects.get(title="Build").assignee is None
    said = Choices(people={"ada@example.com": olga.pk}, name="Second")
    run = bring_board(olga, asana(), name="a.csv", choices=said)
    assert Card.objects.get(board=run.board, title="Build").assignee == olga
    assert ada


def test_columns_go_where_they_are_sent(olga, acme):
    board = make_board(acme)
    review = column_of(board, "Review")
    sent = Choices(board=board.pk, columns={"to do": f"id:{review.pk}"})
    bring_board(olga, simple("A"), name="a.csv", choices=sent)
    assert Card.objects.get().column == review
    together = Choices(columns={"next": "with:now"})
    run = bring_board(olga, asana(), name="b.csv", choices=together)
    assert list(run.board.columns.order_by("position").values_list("name", flat=True)) == [
        "Now", "Done",
    ]  # fmt: skip


def test_a_name_that_the_board_has_is_that_column_and_another_is_added(olga, acme):
    board = make_board(acme, columns=[("to do",), ("Done", None, True)])
    bring_board(olga, simple("A"), name="a.csv", choices=Choices(board=board.pk))
    assert Card.objects.get().column.name == "to do"
    other = simple("B", columns=("Waiting",))
    bring_board(olga, other, name="b.csv", choices=Choices(board=board.pk))
    names = board.columns.order_by("position").values_list("name", flat=True)
    assert list(names) == ["to do", "Waiting", "Done"]


def test_a_hard_limit_of_a_column_counts_for_imports_too(olga, acme):
    board = make_board(acme, columns=[("To Do", 2), ("Done", None, True)])
    run = bring_board(olga, simple("A", "B", "C"), name="a.csv", choices=Choices(board=board.pk))
    assert run.state == "failed"
    assert "“To Do” takes 2 cards and would hold 3." in run.error["what"]
    assert Card.objects.count() == 0


def test_more_columns_than_a_board_takes_are_to_be_put_together(olga):
    rows = [["Name", "Status"], *([f"C{n}", f"Column {n}"] for n in range(25))]
    run = bring_board(olga, written(rows), name="a.csv")
    assert (run.state, Board.objects.count()) == ("failed", 0)
    assert "25 columns" in run.error["what"]
    some = {f"column {n}": "with:column 0" for n in range(1, 10)}
    run = bring_board(olga, written(rows), name="a.csv", choices=Choices(columns=some))
    assert (run.state, run.board.columns.count(), Card.objects.count()) == ("done", 16, 25)


def test_O02_numbers_go_on_where_the_workspace_is(olga, acme):
    first = make_card(make_board(acme))
    bring_board(olga, simple("A", "B"), name="a.csv")
    last = make_card(first.column)
    numbers = list(Card.objects.order_by("pk").values_list("number", flat=True))
    assert numbers == [1, 2, 3, 4]
    assert last.number == 4


def test_fields_and_labels_that_are_there_are_used(olga, acme):
    draft = FieldDraft(name="channel", kind="text")
    field = add_field(acme, draft=draft, by=olga, at=NOON)
    bring_board(olga, asana(), name="a.csv")
    bring_board(olga, json.dumps(taiga()), name="t.json")
    card = Card.objects.get(title="Build")
    assert card.values == {str(field.pk): "web"}
    assert sorted(one.label.name for one in card.labels.all()) == ["Ads", "Mail"]
    assert Card.objects.get(title="As a visitor").labels.filter(label__name="Mail").exists()


def test_a_field_of_another_kind_leaves_the_name_to_the_one_that_has_it(olga, acme):
    add_field(acme, draft=FieldDraft(name="Channel", kind="number"), by=olga, at=NOON)
    bring_board(olga, asana(), name="a.csv")
    assert list(Card.objects.get(title="Build").values.values()) == ["web"]


def test_what_is_too_long_is_cut_and_told(olga):
    rows = [
        ["Name", "Status", "Description", "Start", "Due"],
        ["x" * 300, "s" * 60, "d" * 30_000, "2026-05-02", "2026-05-01"],
    ]
    run = bring_board(olga, written(rows), name="a.csv")
    card = Card.objects.get()
    assert (len(card.title), len(card.description), len(card.column.name)) == (200, 20_000, 40)
    assert card.description.startswith("x" * 300)
    assert (card.start_on, card.due_on) == (None, date(2026, 5, 1))
    codes = {code for code, _where, _what in run.left}
    assert codes == {"title_cut", "description_cut", "column_renamed", "start_after_due"}


def test_links_to_files_of_the_other_tool_are_kept(olga):
    source = trello(cards=2)
    source["cards"][0]["attachments"] = [
        {"name": "Plan [v2].pdf", "url": "https://example.com/plan"}
    ]
    source["cards"][1]["attachments"] = [{"name": "Old", "url": "http://example.com/old"}]
    bring_board(olga, json.dumps(source))
    link = Attachment.objects.get()
    assert (link.name, link.address) == ("Plan [v2].pdf", "https://example.com/plan")
    assert Card.objects.filter(description__contains="- [Old](http://example.com/old)").count() == 1


def test_choices_that_name_what_is_not_there_are_refused_and_keep_no_file(olga, acme, settings):
    elsewhere = Choices(board=10**6, people={"x": 10**6}, encoding="klingon", roles={"a": "king"})
    with pytest.raises(Invalid) as refusal:
        bring_board(olga, simple("A"), name="a.csv", choices=elsewhere)
    fields = [problem.column for problem in refusal.value.problems]
    assert fields == ["board", "people", "encoding", "roles"]
    assert BoardImport.objects.count() == 0


def test_F11_a_file_that_is_too_large_leaves_nothing(olga, settings):
    settings.MAX_IMPORT_BYTES = 10
    with pytest.raises(TooLarge):
        bring_board(olga, simple("A"), name="a.csv")
    assert BoardImport.objects.count() == 0


def test_files_that_nobody_went_on_with_go_after_a_week(olga):
    run = bring_board(olga, simple("A"), name="a.csv", go=False)
    assert forget_abandoned(at=NOON) == 0
    later = NOON.replace(year=NOON.year + 1)
    assert forget_abandoned(at=later) == 1
    run.refresh_from_db()
    assert run.state == "cancelled"


def test_a_cancelled_import_is_not_begun(olga):
    run = bring_board(olga, simple("A"), name="a.csv", go=False)
    cancel_board_import(run, by=olga, at=NOON)
    with pytest.raises(Refused):
        confirm_board_import(run, choices=choices_of(run), by=olga, at=NOON)
    assert run_waiting(clock=clock) == 0


def test_a_board_goes_on_like_any_other(olga):
    bring_board(olga, simple("A"), name="a.csv")
    card = Card.objects.get()
    archived = archive_card(card, by=olga, at=NOON)
    assert archived.version == 2
    assert make_card(card.column, "Below").position > card.position


def test_a_run_of_a_person_who_has_left_says_so(olga, acme):
    ed = make_member(acme, "gone@example.com", Role.MANAGER)
    run = bring_board(ed, simple("A"), name="a.csv", go=False)
    brought = Brought("b.csv", [simple("B").encode()])
    waits = start_board_import(acme, brought=brought, by=ed, at=NOON)
    ed.delete()
    run_waiting(clock=clock)
    waits.refresh_from_db()
    assert (run.state, waits.state) == ("ready", "failed")
    assert owner_of(acme) == olga


def test_more_cards_than_one_writer_can_store_in_time_are_refused(olga, monkeypatch):
    monkeypatch.setattr("tasks.operations.imports_storing.MOST_WITH_ONE_WRITER", 1)
    run = bring_board(olga, simple("A", "B"), name="a.csv")
    assert (run.state == "failed") == (connection.vendor == "sqlite")
