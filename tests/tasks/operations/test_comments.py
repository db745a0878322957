import pytest
from django.core.exceptions import PermissionDenied

from tasks.models import Card, CardPerson, Comment, Reaction
from tasks.operations.cards import archive_card
from tasks.operations.comments import Said, add_comment, delete_comment, edit_comment, sign_comment
from tasks.operations.edits import edit_card, watch_card
from tests.make.tasks import make_card, make_comment
from tests.tasks.events import events_of, verbs_of, versions_of
from workspaces.models import Notification
from workspaces.rules.errors import Refused, Stale


@pytest.fixture
def card(board):
    return make_card(board)


def mention(member):
    return f"@[Whoever]({'member'}:{member.pk})"


def told(member):
    """What of the talk the member was told, by its kinds."""
    rows = Notification.objects.filter(member=member, kind__in=["mentioned", "commented"])
    return list(rows.order_by("pk").values_list("kind", flat=True))


def watchers(card):
    people = CardPerson.objects.filter(card=card, part="watcher")
    return set(people.values_list("member_id", flat=True))


def test_a_comment_leaves_the_version_of_the_card_alone_and_no_word_in_the_log(card, vi, noon):
    comment = make_comment(card, "  A secret  ", by=vi)
    assert (comment.text, comment.version, comment.by_name) == ("A secret", 1, "Vi")
    edit_comment(comment, text="Another secret", version=1, by=vi, at=noon)
    delete_comment(comment, by=vi, at=noon)
    assert Card.objects.get(pk=card.pk).version == 1
    assert versions_of(card) == [1]
    assert verbs_of(card)[1:] == ["comment.added", "comment.changed", "comment.removed"]
    assert "secret" not in str([event.data for event in events_of(card)])
    assert all(event.stream_id == card.board.stream_id for event in events_of(card))


@pytest.mark.parametrize("text", ["", "  \n", "x" * 20_001])
def test_a_comment_says_something_and_not_too_much(card, ed, noon, text):
    with pytest.raises(Refused):
        make_comment(card, text, by=ed)
    assert not Comment.objects.exists()


def test_D01_a_comment_that_is_sent_twice_is_one_comment(card, ed, mia):
    first = make_comment(card, nonce="n1", by=ed)
    assert make_comment(card, nonce="n1", by=ed) == first
    assert make_comment(card, nonce="n1", by=mia) != first
    assert verbs_of(card).count("comment.added") == 2


def test_nobody_says_anything_on_a_card_that_is_put_away(card, ed, mia, noon):
    comment = make_comment(card, by=ed)
    archived = archive_card(card, by=mia, at=noon)
    with pytest.raises(Refused):
        make_comment(archived, by=ed)
    comment.refresh_from_db()
    with pytest.raises(Refused):
        sign_comment(comment, sign="yes", on=True, by=mia, at=noon)


def test_only_who_said_it_says_it_otherwise(card, ed, mia, noon):
    comment = make_comment(card, by=ed)
    with pytest.raises(PermissionDenied):
        edit_comment(comment, text="Other words", version=1, by=mia, at=noon)
    changed = edit_comment(comment, text="My words", version=1, by=ed, at=noon)
    assert (changed.text, changed.version, changed.edited_at) == ("My words", 2, noon)
    edit_comment(changed, text="My words", version=2, by=ed, at=noon)
    assert verbs_of(card).count("comment.changed") == 1


def test_O01_who_changes_a_comment_in_a_second_window_is_told(card, ed, noon):
    comment = make_comment(card, by=ed)
    edit_comment(comment, text="First window", version=1, by=ed, at=noon)
    with pytest.raises(Stale) as late:
        edit_comment(comment, text="Second window", version=1, by=ed, at=noon)
    assert late.value.current.text == "First window"
    assert Comment.objects.get().text == "First window"


def test_a_comment_is_deleted_by_who_said_it_or_who_sets_up_boards(card, ed, vi, mia, noon):
    mine, his = make_comment(card, by=vi), make_comment(card, by=ed)
    with pytest.raises(PermissionDenied):
        delete_comment(his, by=vi, at=noon)
    assert delete_comment(mine, by=vi, at=noon) is None
    assert delete_comment(his, by=mia, at=noon) is None
    assert not Comment.objects.exists()


def test_a_comment_that_was_answered_leaves_an_empty_line(card, ed, vi, noon):
    asked = make_comment(card, "When?", by=vi)
    sign_comment(asked, sign="eyes", on=True, by=ed, at=noon)
    make_comment(card, "Soon", by=ed, answers=asked)
    left = delete_comment(asked, by=vi, at=noon)
    assert (left.text, left.deleted_at) == ("", noon)
    assert not Reaction.objects.exists()
    assert delete_comment(asked, by=vi, at=noon).pk == asked.pk
    with pytest.raises(Refused) as gone:
        make_comment(card, "Too late", by=ed, answers=asked)
    assert gone.value.field == "answers"
    assert verbs_of(card).count("comment.removed") == 1


def test_a_comment_answers_one_on_the_same_card(card, board, ed):
    other = make_comment(make_card(board))
    with pytest.raises(Refused) as refusal:
        make_comment(card, by=ed, answers=other)
    assert refusal.value.code == "other_card"


def test_a_sign_said_twice_is_one_sign(card, ed, mia, noon):
    comment = make_comment(card)
    for by, on in ((ed, True), (ed, True), (mia, True), (ed, False), (ed, False)):
        sign_comment(comment, sign="heart", on=on, by=by, at=noon)
    assert list(Reaction.objects.values_list("member_id", flat=True)) == [mia.pk]
    assert verbs_of(card).count("comment.signed") == 3
    with pytest.raises(Refused):
        sign_comment(comment, sign="<b>", on=True, by=ed, at=noon)


def test_who_is_mentioned_is_told_once_and_watches_the_card(card, ed, mia, vi, noon):
    edit_card(card, version=1, changes={"assignee": mia}, by=ed, at=noon)
    card.refresh_from_db()
    make_comment(card, f"{mention(mia)} {mention(vi)} {mention(vi)} look", by=ed)
    assert (told(mia), told(vi), told(ed)) == (["mentioned"], ["mentioned"], [])
    assert watchers(card) == {ed.pk, mia.pk, vi.pk}
    link = Notification.objects.filter(member=vi).get().link
    assert link == f"/w/acme/cards/{card.pk}/#comment-{Comment.objects.get().pk}"


def test_a_mention_by_address_counts_and_one_in_code_does_not(card, ed, mia, vi):
    make_comment(card, f"@MIA@acme.example and `{mention(vi)}`", by=ed)
    assert (told(mia), told(vi)) == (["mentioned"], [])


def test_T03_nobody_of_another_workspace_is_mentioned(card, ed, sam):
    make_comment(card, f"{mention(sam)} @sam@globex.example", by=ed)
    assert told(sam) == []
    assert watchers(card) == {ed.pk}


def test_a_change_tells_only_whom_it_mentions_anew(card, ed, mia, vi, noon):
    comment = make_comment(card, mention(mia), by=ed)
    edit_comment(comment, text=f"{mention(mia)} {mention(vi)}", version=1, by=ed, at=noon)
    assert (told(mia), told(vi)) == (["mentioned"], ["mentioned"])


def test_whom_the_card_concerns_is_told_of_a_comment_and_never_of_ones_own(card, ed, mia, vi, olga):
    edit_card(card, version=1, changes={"assignee": mia}, by=ed, at=card.created_at)
    card.refresh_from_db()
    watch_card(card, on=True, by=vi)
    first = make_comment(card, "Done?", by=olga)
    assert (told(mia), told(vi), told(olga), told(ed)) == (["commented"], ["commented"], [], [])
    add_comment(card, said=Said("Yes", answers=first), by=mia, at=card.created_at)
    assert (told(olga), told(mia)) == (["commented"], ["commented"])
