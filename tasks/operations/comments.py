"""What people say on a card.

Comments do not raise the card's version: two people who talk do not stand in the way of somebody
who is editing. The log keeps that something was said, never what.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tasks.models import Card, Comment, Reaction, Sign
from tasks.models.cards import NONCE_LENGTH, TEXT_LENGTH
from tasks.operations.mentions import make_watchers, tell_concerned, tell_mentioned
from tasks.operations.telling import tell_card
from tasks.verbs import COMMENT_ADDED, COMMENT_CHANGED, COMMENT_REMOVED, COMMENT_SIGNED
from workspaces.models import Membership
from workspaces.operations.texts import refuse_long
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.letters import seen
from workspaces.rules.roles import may

MODERATE = "boards.edit"  # who sets up boards also deletes what others said on them


@dataclass(frozen=True)
class Said:
    """A new comment; `answers` is the comment that it answers, `nonce` tells it from a second."""

    text: str
    answers: Comment | None = None
    nonce: str = ""


@transaction.atomic
def add_comment(card: Card, *, said: Said, by: Membership, at: datetime) -> Comment:
    """Say something on the card, which one then watches; the same nonce twice is one comment."""
    text = _clean(said.text)
    if len(said.nonce) > NONCE_LENGTH:
        raise Refused(_("The nonce is too long."), code="max_length", field="nonce")
    twin = _twin(said, by)
    if twin is not None:
        return twin
    refuse_put_away(card)
    if said.answers is not None:
        _keep_answered(said.answers, card)
    comment = Comment(
        workspace_id=card.workspace_id,
        card=card,
        by=by,
        by_name=by.user.display_name,
        answers=said.answers,
        text=text,
        nonce=said.nonce or None,
        at=at,
    )
    try:
        with transaction.atomic():
            comment.save(force_insert=True)
    except IntegrityError:  # the same was sent twice at once
        twin = _twin(said, by)
        if twin is None:
            raise
        return twin
    tell_card(COMMENT_ADDED, card, by=by, at=at, **_told(comment))
    part = f"comment-{comment.pk}"
    mentioned = tell_mentioned(card, text=text, part=part, by=by, at=at)
    answered = {said.answers.by_id} if said.answers and said.answers.by_id else set()
    tell_concerned(card, besides=mentioned, also=answered, part=part, by=by, at=at)
    make_watchers(card, [by.pk])
    return comment


@transaction.atomic
def edit_comment(
    comment: Comment, *, text: str, version: int, by: Membership, at: datetime
) -> Comment:
    """Say it otherwise; only who said it may, and only who is named anew is told."""
    if comment.by_id != by.pk:
        raise PermissionDenied
    text = _clean(text)
    refuse_put_away(comment.card)
    now = _hold(comment)
    if now.deleted_at is not None or now.version != version:
        raise _stale(now)
    if text == now.text:
        return now
    was, now.text, now.edited_at, now.version = now.text, text, at, version + 1
    now.save(update_fields=["text", "edited_at", "version"])
    tell_card(COMMENT_CHANGED, now.card, by=by, at=at, **_told(now))
    tell_mentioned(now.card, text=text, was=was, part=f"comment-{now.pk}", by=by, at=at)
    return now


@transaction.atomic
def delete_comment(
    comment: Comment, *, version: int | None = None, by: Membership, at: datetime
) -> Comment | None:
    """Take back what was said; one's own, or anybody's for who sets up boards.

    Where others answered it an empty line stays, which is returned.
    """
    if comment.by_id != by.pk and not may(by.rank, MODERATE):
        raise PermissionDenied
    now = Comment.objects.select_for_update(no_key=True).filter(pk=comment.pk).first()
    if now is None or now.deleted_at is not None:
        return now
    if version is not None and now.version != version:
        raise _stale(now)
    told = _told(now)
    kept: Comment | None = None
    Reaction.objects.filter(comment=now).delete()
    if Comment.objects.filter(answers=now).exists():
        now.text, now.deleted_at, now.version = "", at, now.version + 1
        now.save(update_fields=["text", "deleted_at", "version"])
        kept = now
    else:
        now.delete()
    tell_card(COMMENT_REMOVED, comment.card, by=by, at=at, **told)
    return kept


@transaction.atomic
def sign_comment(comment: Comment, *, sign: str, on: bool, by: Membership, at: datetime) -> Comment:
    """Give a comment a sign or take one's own back; what is so already stays so."""
    if sign not in Sign.values:
        raise Refused(_("There is no such sign."), code="unknown_sign", field="sign")
    refuse_put_away(comment.card)
    if _hold(comment).deleted_at is not None:
        raise Refused(_("This comment is deleted."), code="deleted")
    mine = Reaction.objects.filter(comment=comment, sign=sign, member=by)
    if mine.exists() == on:
        return comment
    if on:
        ours = {"workspace_id": comment.workspace_id, "comment": comment}
        Reaction.objects.create(**ours, sign=sign, member=by)
    else:
        mine.delete()
    state = "on" if on else "off"
    tell_card(COMMENT_SIGNED, comment.card, by=by, at=at, **_told(comment), sign=sign, state=state)
    return comment


def refuse_put_away(card: Card) -> None:
    """Nothing is added to what is off its board."""
    if card.archived_at is not None:
        raise Refused(_("This card is archived."), code="archived")


def _hold(comment: Comment) -> Comment:
    """The row as it is now, which nobody else writes until the commit; Stale once it is gone."""
    rows = Comment.objects.select_for_update(of=("self",), no_key=True)
    now = rows.select_related("card__board", "card__workspace").filter(pk=comment.pk).first()
    if now is None:
        raise Stale(_("This comment is deleted."), current=None)
    return now


def _keep_answered(answered: Comment, card: Card) -> None:
    """Hold the comment that is answered, so that it is not deleted as one without answers."""
    now = Comment.objects.select_for_update(no_key=True).filter(pk=answered.pk).first()
    if now is None or now.deleted_at is not None:
        raise Refused(_("The comment that you answer is deleted."), code="gone", field="answers")
    if now.card_id != card.pk:
        message = _("The comment that is answered is on another card.")
        raise Refused(message, code="other_card", field="answers")


def _twin(said: Said, by: Membership) -> Comment | None:
    return Comment.objects.filter(by=by, nonce=said.nonce).first() if said.nonce else None


def _stale(now: Comment) -> Stale:
    return Stale(_("This comment was changed meanwhile."), current=now)


def _clean(text: str) -> str:
    clean = seen(text)
    if not clean:
        raise Refused(_("Write a comment."), code="required", field="text")
    refuse_long(TEXT_LENGTH, text=clean)
    return clean


def _told(comment: Comment) -> dict[str, object]:
    """What every event of a comment says: never its text."""
    card = comment.card
    return {"comment_id": comment.pk, "title": card.title, "number": card.number}
