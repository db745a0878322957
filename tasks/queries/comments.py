"""Comments as a card's page shows them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet
from django.utils.safestring import SafeString

from tasks.models import Card, Comment, Reaction, Sign
from tasks.queries.attachments import FileView, files_of
from tasks.queries.texts import plain, shown
from workspaces.models import Membership

NEWEST = 50  # of a card's comments, shown at first and again with each "earlier"
DRAWN = {
    Sign.YES: "👍",
    Sign.HEART: "❤️",
    Sign.PARTY: "🎉",
    Sign.EYES: "👀",
    Sign.CHECK: "✅",
    Sign.QUESTION: "❓",
}


@dataclass(frozen=True)
class SignView:
    """A sign of one comment: who gave it, in the order of giving, and whether the reader did."""

    sign: Sign
    drawn: str
    names: list[str]
    is_mine: bool

    @property
    def count(self) -> int:
        """How many gave it."""
        return len(self.names)


@dataclass(frozen=True)
class CommentView:
    """A comment with its HTML; `answered` is a line of what it answers."""

    comment: Comment
    html: SafeString
    signs: list[SignView]
    is_mine: bool
    answered: str = ""

    @property
    def every_sign(self) -> list[tuple[str, str, str]]:
        """Each sign that can be given: its name, its drawing, its word."""
        return [(sign.value, DRAWN[sign], str(sign.label)) for sign in Sign]


@dataclass(frozen=True)
class Talk:
    """A stretch of a card's comments, oldest first; `earlier` ones stand before it."""

    comments: list[CommentView] = field(default_factory=list)
    earlier: int = 0
    total: int = 0

    @property
    def first(self) -> int:
        """The id of the first comment shown."""
        return self.comments[0].comment.pk if self.comments else 0


@dataclass(frozen=True)
class CardTalk:
    """What people wrote on a card and put there: the description as HTML, comments, files."""

    description: SafeString
    talk: Talk
    files: list[FileView]


def card_talk(card: Card, reader: Membership) -> CardTalk:
    """For the page of one card; at most 13 queries, whatever their number."""
    (description,) = shown(card.workspace, [card.description])
    return CardTalk(description, talk_of(card, reader), files_of(card))


def comments_of(card: Card) -> QuerySet[Comment]:
    """What was said on the card, oldest first, with who said it."""
    rows = Comment.objects.filter(card=card)
    return rows.select_related("by__user", "answers").order_by("at", "pk")


def talk_of(card: Card, reader: Membership, *, before: Comment | None = None) -> Talk:
    """The newest comments, or those right before one; at most 7 queries."""
    rows = Comment.objects.filter(card=card)
    if before is not None:
        rows = rows.filter(at__lte=before.at).exclude(at=before.at, pk__gte=before.pk)
    newest = rows.select_related("by__user", "answers").order_by("-at", "-pk")
    found = list(newest[:NEWEST])[::-1]
    earlier = rows.count() - len(found) if len(found) == NEWEST else 0
    total = earlier + len(found) if before is None else 0
    return Talk(view_comments(card, found, reader), earlier, total)


def view_comments(card: Card, comments: Sequence[Comment], reader: Membership) -> list[CommentView]:
    """The comments with their HTML and signs; at most 5 queries."""
    texts = shown(card.workspace, [comment.text for comment in comments])
    signs = signs_of(comments, reader)
    return [
        CommentView(
            comment=comment,
            html=html,
            signs=signs.get(comment.pk, []),
            is_mine=comment.by_id == reader.pk,
            answered=plain(comment.answers.text) if comment.answers else "",
        )
        for comment, html in zip(comments, texts, strict=True)
    ]


def signs_of(comments: Iterable[Comment], reader: Membership) -> dict[int, list[SignView]]:
    """The signs of each comment that has any, in the order of Sign; 1 query."""
    ids = [comment.pk for comment in comments]
    given: dict[int, dict[str, list[Membership]]] = defaultdict(lambda: defaultdict(list))
    rows = Reaction.objects.filter(comment__in=ids).select_related("member__user").order_by("pk")
    for row in rows:
        given[row.comment_id][row.sign].append(row.member)
    return {
        pk: [
            SignView(
                sign,
                DRAWN[sign],
                [member.user.display_name for member in by_sign[sign]],
                any(member.pk == reader.pk for member in by_sign[sign]),
            )
            for sign in Sign
            if by_sign.get(sign)
        ]
        for pk, by_sign in given.items()
    }


def comments_on(card_ids: Collection[int]) -> dict[int, int]:
    """How many comments each of the cards has that has any; 1 query."""
    rows = Comment.objects.filter(card__in=card_ids, deleted_at=None)
    counted = rows.order_by().values_list("card_id").annotate(count=Count("pk"))
    return dict(counted)
