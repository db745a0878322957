from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from tasks.models import Approval, ApprovalAnswer
from tasks.operations.approvals import answer_approval, withdraw_approval
from tasks.operations.boards import ColumnDraft, open_board
from tasks.operations.cards import archive_card
from tasks.operations.edits import edit_card
from tasks.operations.moves import move_card
from tasks.operations.notices import remind_approvers
from tasks.queries.approvals import asked_of_me, seen_by_version
from tests.make.tasks import attach, column_of, make_approval, make_card, renew
from tests.tasks.events import verbs_of
from workspaces.models import Notification
from workspaces.rules.errors import Refused, Stale


@pytest.fixture
def card(board):
    return make_card(board, description="Blue, with a picture")


def say(approval, by, verdict="approved", words="", *, round_=1, at=None):
    at = at or approval.asked_at
    return answer_approval(approval, verdict=verdict, words=words, round_=round_, by=by, at=at)


def told(member):
    rows = Notification.objects.filter(member=member, kind="approval").order_by("pk")
    return list(rows.values_list("verb", flat=True))


def test_all_who_are_asked_approve_and_the_log_says_so_without_their_words(card, olga, ed, mia):
    approval = make_approval(card, ed, mia, question="Is the tone right?")
    assert (approval.needed, approval.state) == (2, "waiting")
    assert [one.approval for one in asked_of_me(ed)] == [approval]
    first = say(approval, ed, words="A secret")
    assert (first.state, first.given) == ("waiting", 1)
    assert asked_of_me(ed) == []
    assert say(approval, mia).state == "approved"
    assert verbs_of(card)[1:] == ["approval.asked", "approval.answered", "approval.answered"]
    assert told(ed) == ["approval.asked"]
    assert told(olga) == ["approval.answered", "approval.answered"]
    mails = Notification.objects.filter(member=ed, kind="approval", by_mail=True)
    assert mails.count() == 1  # at once
    assert "secret" not in str(list(Notification.objects.values_list("data", flat=True)))


def test_n_of_them_are_enough_and_a_later_answer_takes_the_place_of_an_earlier(card, ed, mia, vi):
    approval = make_approval(card, ed, mia, vi, needed=2)
    assert say(approval, ed, "changes", "Too blue").state == "changes"
    assert say(approval, ed, "changes", "Too blue").state == "changes"
    assert ApprovalAnswer.objects.count() == 1  # the same again is the same
    assert say(approval, ed).state == "waiting"
    assert say(approval, vi).state == "approved"
    kept = ApprovalAnswer.objects.filter(approver__member=ed).order_by("pk")
    assert [(one.verdict, one.voided_at is None) for one in kept] == [
        ("changes", False),
        ("approved", True),
    ]


def test_P14_only_who_is_asked_answers_and_who_asked_withdraws(card, ed, mia, vi, noon):
    approval = make_approval(card, vi, by=ed)
    for stranger in (ed, mia):
        with pytest.raises(PermissionDenied):
            say(approval, stranger)
    with pytest.raises(PermissionDenied):
        withdraw_approval(approval, by=vi, at=noon)
    withdraw_approval(approval, by=ed, at=noon)
    assert withdraw_approval(approval, by=ed, at=noon).state == "withdrawn"
    assert verbs_of(card).count("approval.withdrawn") == 1
    with pytest.raises(Refused):
        say(approval, vi)
    assert told(vi) == ["approval.asked", "approval.withdrawn"]


def test_another_description_takes_approvals_of_it_back_and_of_no_file(card, ed, mia, noon):
    file = attach(card)
    words, picture = make_approval(card, ed), make_approval(card, ed, attachment=file)
    say(words, ed)
    say(picture, ed)
    edit_card(card, version=1, changes={"title": "Another title"}, by=mia, at=noon)
    assert set(Approval.objects.values_list("state", flat=True)) == {"approved"}
    edit_card(card, version=2, changes={"description": "Red"}, by=mia, at=noon)
    words.refresh_from_db()
    picture.refresh_from_db()
    assert (words.state, words.given, words.round) == ("waiting", 0, 2)
    assert (picture.state, picture.round) == ("approved", 1)
    assert told(ed)[-1] == "approval.voided"
    with pytest.raises(Stale):
        say(words, ed)
    assert say(words, ed, round_=2).state == "approved"
    renew(file)
    picture.refresh_from_db()
    assert (picture.state, picture.round) == ("waiting", 2)
    say(picture, ed, round_=2)
    seen = {number: len(answers) for number, answers in seen_by_version(file).items()}
    assert seen == {1: 1, 2: 1}


def test_a_column_takes_only_what_is_approved(acme, olga, ed, noon):
    drafts = [ColumnDraft("Ready"), ColumnDraft("Print", entry=["approval"])]
    board = open_board(acme, name="Print", columns=drafts, by=olga, at=noon)
    card, to = make_card(board, description="Text"), column_of(board, "Print")

    def move(version=1):
        return move_card(card, to=to, after=None, version=version, by=olga, at=noon)

    with pytest.raises(Refused, match="an approval"):
        move()
    approval = make_approval(card, ed)
    with pytest.raises(Refused):
        move()
    say(approval, ed)
    assert move().column == to


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("needed", {"needed": 3}),
        ("needed", {"needed": 0}),
        ("question", {"question": "x" * 1001}),
        ("due", {"due_on": "far"}),
        ("attachment", {"attachment": "foreign"}),
        ("approvers", {"nobody": True}),
    ],
)
def test_what_cannot_be_asked_is_named_and_asks_nobody(card, board, ed, mia, noon, field, said):
    people = () if said.pop("nobody", False) else (ed, mia)
    if said.get("attachment"):
        said["attachment"] = attach(make_card(board))
    if said.get("due_on"):
        said["due_on"] = noon.date() + timedelta(days=900_000)
    with pytest.raises(Refused) as refused:
        make_approval(card, *people, **said)
    assert refused.value.field == field
    assert not Approval.objects.exists()


def test_nothing_is_asked_about_nothing_nor_about_what_is_put_away(board, card, ed, noon):
    with pytest.raises(Refused) as refused:
        make_approval(make_card(board), ed)
    assert refused.value.code == "no_description"
    approval = make_approval(card, ed)
    with pytest.raises(Refused, match="changed"):
        say(approval, ed, "changes", " ")
    archive_card(card, by=ed, at=noon)
    card.refresh_from_db()
    with pytest.raises(Refused):
        make_approval(card, ed)
    assert asked_of_me(ed) == []


def test_who_owes_an_answer_is_reminded_once_on_each_rung(card, ed, mia, noon):
    day = noon.date()
    approval = make_approval(card, ed, mia, due_on=day)
    say(approval, mia)
    assert [remind_approvers(at=noon) for _again in range(2)] == [1, 0]
    assert remind_approvers(at=noon + timedelta(days=1)) == 1
    assert told(ed) == ["approval.asked", "approval.due", "approval.due"]
    assert "approval.due" not in told(mia)
