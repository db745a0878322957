from datetime import timedelta

import pytest
from django.core import mail

from tasks.models import Card, Comment, RequestFormVersion, Submission
from tasks.operations import request_mail
from tasks.operations.boards import ColumnDraft, open_board
from tasks.operations.cards import archive_card
from tasks.operations.intake import archive_form, change_form, draft_of, readdress_form
from tasks.operations.moves import tick_card
from tasks.operations.requests import Sent, comment_request, send_request
from tasks.queries.requests import (
    answers_of,
    for_listing,
    form_by_hash,
    public_request,
    sent_by_form,
    staged,
)
from tasks.rules.intake import Kind, Question
from tests.make.intake import MAIL, TITLE, WHY, make_public_form, make_request_form, send
from tests.make.sla import make_promise, make_sla
from tests.make.tasks import column_of, make_board, make_card, make_field, make_label
from tests.make.workspaces import make_member
from tests.tasks.events import verbs_of
from workspaces.models import Notification
from workspaces.models.events import Event
from workspaces.rules.errors import Invalid, Refused, Stale
from workspaces.rules.roles import Role

PRIORITY = Question("how", "How urgent?", Kind.CHOICE, to="priority")
UNTIL = Question("until", "Until when?", Kind.DATE, to="due")
SORTS = Question("sorts", "What kind?", Kind.SEVERAL, choices=("Data", "Text"), to="labels")


def stages(form):
    return [one.stage.value for one in staged(sent_by_form(form))]


def test_the_answers_become_a_card_and_are_kept_as_they_were_sent(acme, board, olga, ed, vi):
    data, _text = make_label(acme, "Data"), make_label(acme, "Text")
    reach = make_field(acme, "Reach", "number")
    size = Question("size", "How many?", Kind.NUMBER, to=f"field_{reach.pk}")
    note = Question("note", "Anything else?", Kind.LONG)
    form = make_public_form(
        board, questions=[TITLE, WHY, MAIL, PRIORITY, UNTIL, SORTS, size, note],
        assignee=ed, told=[vi], column=column_of(board, "Ready"),
    )  # fmt: skip
    said = {"why": "To **plan**", "mail": "ana@example.com", "how": "high", "until": "2026-04-01"}
    made = send(form, **said, sorts=("Data",), size="1200.50", note="<b>No</b>")
    card = made.card
    assert (card.title, card.description, card.priority) == ("Leads by region", "To **plan**", 3)
    assert (card.column.name, card.assignee, card.created_by) == ("Ready", ed, None)
    assert card.due_on.isoformat() == "2026-04-01"
    assert card.values == {str(reach.pk): "1200.5"}
    assert [one.label for one in card.labels.all()] == [data]
    kept = {one["key"]: one["answer"] for one in made.answers}
    assert kept["size"] == "1200.50"
    assert (kept["note"], kept["sorts"]) == ("<b>No</b>", ("Data",))
    assert [one.words for one in answers_of(made)][3] == "High"
    assert verbs_of(card) == ["card.added", "request.sent"]
    told = Notification.objects.order_by("pk").values_list("member", "kind")
    assert list(told) == [(ed.pk, "assigned"), (vi.pk, "request")]
    assert "plan" not in str(list(Event.objects.values_list("data", flat=True)))


def test_D01_sent_twice_it_is_one_card_and_a_members_is_their_own(board, ed, mia):
    form = make_public_form(board)
    first = send(form, nonce="n")
    assert send(form, "Something else", nonce="n") == first
    assert send(form, nonce="n", by=ed) != first
    assert send(form, nonce="n", by=mia).member == mia
    assert Card.objects.count() == Submission.objects.count() == 3


def test_what_a_stranger_writes_mentions_and_notifies_nobody(board, ed):
    form = make_public_form(board)
    secret = make_card(board, "The secret plan")
    named = f"@[Ed](member:{ed.pk}) @ed@acme.example #{secret.number}"
    made = send(form, why=named)
    comment_request(made, text=named, nonce="c", at=made.sent_at)
    assert not Notification.objects.filter(member=ed).exists()
    assert not made.card.people.exists()
    assert "secret" not in str(public_request(made).said[0][1])


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        ({"what": ""}, "what"),
        ({"what": "x" * 201}, "what"),
        ({"mail": "nobody"}, "mail"),
        ({"odd": "x"}, "odd"),
        ({"until": "9999-12-31"}, "until"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_stored(board, answers, key):
    form = make_public_form(board, questions=[TITLE, WHY, MAIL, UNTIL])
    with pytest.raises(Invalid) as invalid:
        send(form, **answers)
    assert [one.column for one in invalid.value.problems] == [key]
    assert not Card.objects.exists()
    assert not Submission.objects.exists()


def test_a_form_that_is_closed_for_members_only_or_archived_takes_nothing(board, olga, vi, noon):
    form = make_request_form(board)
    assert send(form, by=vi).card.created_by == vi
    with pytest.raises(Refused, match="no requests"):
        send(form)
    changed = change_form(form, version=1, changes={"audience": "public"}, by=olga, at=noon)
    send(form)
    change_form(changed, version=2, changes={"is_open": False}, by=olga, at=noon)
    with pytest.raises(Refused, match="no requests"):
        send(form)
    change_form(changed, version=3, changes={"is_open": True}, by=olga, at=noon)
    archive_form(form, on=True, by=olga, at=noon)
    with pytest.raises(Refused, match="no requests"):
        send(form, by=olga)
    archive_form(form, on=False, by=olga, at=noon)
    assert send(form)


def test_cards_go_to_people_in_a_strict_turn_and_who_has_left_is_passed_over(
    acme, board, olga, ed, mia, vi, noon
):
    form = make_request_form(board, in_turn=True, turn=[ed, mia, vi])
    assert [send(form, by=olga).card.assignee for _n in range(4)] == [ed, mia, vi, ed]
    mia.user.is_active = False
    mia.user.save()
    assert [send(form, by=olga).card.assignee for _n in range(2)] == [vi, ed]
    newcomer = make_member(acme, "new@acme.example", Role.EDITOR)
    change_form(form, version=1, changes={"turn": (ed, newcomer, vi)}, by=olga, at=noon)
    assert [send(form, by=olga).card.assignee for _n in range(2)] == [newcomer, vi]
    vi.delete()
    assert send(form, by=olga).card.assignee == ed


def test_the_clock_of_the_promise_starts_with_the_request(acme, board):
    promise = make_promise(make_sla(acme))
    form = make_public_form(board, promise=promise)
    made = send(form)
    assert made.card.clock.promise == promise
    assert (made.card.clock.started_at, made.card.clock.subject) == (made.sent_at, made.title)
    assert made.card.clock.due_at > made.sent_at


def test_a_full_column_sends_it_on_and_only_a_full_board_says_no(acme, olga, ed, noon):
    drafts = [ColumnDraft("New", wip_limit=1), ColumnDraft("Later", wip_limit=1)]
    drafts.append(ColumnDraft("Done", is_done=True))
    board = open_board(acme, name="Small", columns=drafts, by=olga, at=noon)
    form = make_public_form(board)
    assert [send(form).card.column.name for _n in range(2)] == ["New", "Later"]
    with pytest.raises(Refused, match="no room"):
        send(form)
    assert Submission.objects.count() == 2


def test_who_sent_it_sees_how_it_stands_and_no_word_of_the_board(board, olga, noon):
    form = make_public_form(board)
    made = send(form, why="One")
    assert stages(form) == ["received"]
    card = tick_card(made.card, done=True, by=olga, at=noon)
    assert stages(form) == ["done"]
    tick_card(card, done=False, by=olga, at=noon)
    assert stages(form) == ["in_work"]
    archive_card(Card.objects.get(pk=card.pk), by=olga, at=noon)
    assert stages(form) == ["closed"]
    with pytest.raises(Refused):
        comment_request(Submission.objects.get(), text="Hello?", nonce="", at=noon)


def test_a_comment_of_who_sent_it_stands_on_the_card_once(board, ed, olga, noon):
    form = make_public_form(board, assignee=ed)
    made = send(form, mail="ana@example.com")
    for _twice in range(2):
        comment_request(made, text="It is **urgent**", nonce="c1", at=noon)
    comment = Comment.objects.get()
    assert (comment.card, comment.by, comment.by_name) == (made.card, None, "ana@example.com")
    assert Notification.objects.filter(member=ed, kind="commented").count() == 1
    assert "<strong>urgent</strong>" in public_request(made).said[0][1]
    with pytest.raises(Refused):
        comment_request(made, text=" ", nonce="c2", at=noon)
    change_form(form, version=1, changes={"takes_comments": False}, by=olga, at=noon)
    with pytest.raises(Refused):
        comment_request(Submission.objects.get(), text="More", nonce="c3", at=noon)


def test_each_change_is_a_version_and_a_late_sender_is_read_by_the_one_they_saw(
    board, olga, ed, noon
):
    form = make_public_form(board)
    now = change_form(form, version=1, changes={"questions": [TITLE]}, by=olga, at=noon)
    assert (now.version, RequestFormVersion.objects.count()) == (2, 2)
    assert change_form(form, version=2, changes={"questions": [TITLE]}, by=ed, at=noon).version == 2
    with pytest.raises(Stale):
        change_form(form, version=1, changes={"name": "Other"}, by=ed, at=noon)
    late = Sent({"what": "Old", "why": "Because"}, version=1)
    assert send_request(form, sent=late, by=None, at=noon).version == 1
    with pytest.raises(Invalid):
        send_request(form, sent=Sent({"what": "x", "why": "y"}), by=None, at=noon)
    form.refresh_from_db()
    assert draft_of(form).questions == [TITLE]
    old = form.secret_hash
    assert form_by_hash(old) == form
    assert form_by_hash(readdress_form(form, by=olga, at=noon).secret_hash) == form
    assert form_by_hash(old) is None


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * 81}),
        ("name", {"name": "Data request"}),
        ("words", {"words": "x" * 5001}),
        ("questions", {"questions": []}),
        ("questions", {"questions": [SORTS]}),
        ("questions", {"questions": [Question("a", "A", Kind.SHORT, to="field_999")]}),
        ("column", {"column": "foreign"}),
        ("audience", {"audience": "world"}),
        ("turn", {"in_turn": True}),
    ],
)
def test_a_form_that_cannot_be_is_refused_at_its_field(acme, board, field, said):
    make_request_form(board)
    if said.get("column"):
        said["column"] = column_of(make_board(acme, "Other"), "Ready")
    with pytest.raises(Refused) as refused:
        make_request_form(board, **{"name": "Another", **said})
    assert refused.value.field == field
    assert RequestFormVersion.objects.count() == 1


def test_a_receipt_says_where_to_look_and_nothing_that_somebody_typed(board, settings, noon):
    form = make_public_form(board)
    send(form, mail="ana@example.com")
    assert request_mail.send_receipts(at=noon) == 0  # no mail server
    settings.EMAIL_URL = "smtp://mail.example"
    made = [send(form, "Buy this", mail="Ana@example.com", nonce=str(n)) for n in range(4)]
    assert request_mail.send_receipts(at=noon - timedelta(days=1)) == 0
    assert [request_mail.send_receipts(at=noon) for _again in range(2)] == [2, 0]
    first = mail.outbox[0]
    assert first.to == ["Ana@example.com"]
    assert "Buy this" not in first.body + first.subject + str(first.alternatives)
    assert made[0].form.name in first.subject


def test_a_mail_server_that_is_away_loses_no_receipt(board, settings, noon, monkeypatch):
    settings.EMAIL_URL = "smtp://mail.example"
    send(make_public_form(board), mail="ana@example.com")

    def away(_message):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", away)
        assert request_mail.send_receipts(at=noon) == 0
    assert request_mail.send_receipts(at=noon) == 0
    assert request_mail.send_receipts(at=noon + timedelta(hours=1)) == 1


@pytest.mark.parametrize("count", [10, 100])
def test_what_was_sent_is_listed_in_one_query(board, ed, count, django_assert_num_queries):
    form = make_request_form(board)
    card = make_card(board)
    row = send(form, by=ed)
    Submission.objects.bulk_create(
        Submission(
            workspace=row.workspace, form=form, version=1, card=card, member=ed, title="T",
            secret_hash=str(n), sent_at=row.sent_at,
        )
        for n in range(count - 1)
    )  # fmt: skip
    with django_assert_num_queries(1):
        found = staged(list(for_listing(Submission.objects.all())))
        assert {one.submission.member.user.display_name for one in found} == {"Ed"}
    assert len(found) == count
