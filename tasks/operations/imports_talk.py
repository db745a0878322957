"""What else a file says of its cards: what was said on them, where their files are, what waits."""

from tasks.models import Attachment, Card, Comment, Dependency, ImportedCard, ImportedPart
from tasks.models.comments import BY_NAME_LENGTH
from tasks.models.imports import KEY_LENGTH
from tasks.operations.blocking import start_waiting
from tasks.operations.dependencies import MOST as MOST_WAITS
from tasks.operations.imports_work import BATCH, Storing
from tasks.rules.files import clean_name, link_name
from tasks.rules.imports.tree import CardFound, CommentFound


def store_comments(storing: Storing) -> None:
    """What was said, with its day; by a member, or by the name of whoever is none."""
    answers: list[Comment] = []
    rows: list[Comment] = []
    for card, one in storing.made:
        mine = [_comment(storing, card, said) for said in one.comments]
        for who in dict.fromkeys(said.who for said in one.comments):
            storing.names.wait(who, card, ImportedPart.Part.SAID)
        for place, (row, said) in enumerate(zip(mine, one.comments, strict=True), start=1):
            answered = said.answers or 0
            if 0 < answered < place:
                row.answers = mine[answered - 1]
                answers.append(row)
        rows += mine
    kept = {id(row): row.answers for row in answers}
    for row in answers:
        row.answers = None  # what it answers has no id yet
    Comment.objects.bulk_create(rows, batch_size=BATCH)
    for row in answers:
        row.answers = kept[id(row)]
    Comment.objects.bulk_update(answers, ["answers"], batch_size=BATCH)
    storing.comments = len(rows)


def _comment(storing: Storing, card: Card, said: CommentFound) -> Comment:
    member = storing.names.member(said.who)
    name = member.user.display_name if member else storing.names.name(said.who)
    return Comment(
        workspace_id=card.workspace_id,
        card=card,
        by=member,
        by_name=name[:BY_NAME_LENGTH],
        text=said.text,
        at=min(said.at or card.created_at, storing.at),
    )


def store_links(storing: Storing) -> None:
    """Where the files of the other tool are: links that the cards keep."""
    run = storing.run
    name = run.by.user.display_name if run.by else ""
    rows = [
        Attachment(
            workspace_id=card.workspace_id,
            card=card,
            name=link_name(link.name) or clean_name(link.url) or "…",
            address=link.url,
            by=run.by,
            by_name=name[:BY_NAME_LENGTH],
            at=storing.at,
        )
        for card, one in storing.made
        for link in one.links
    ]
    Attachment.objects.bulk_create(rows, batch_size=BATCH)
    storing.links = len(rows)


def store_blockers(storing: Storing) -> None:
    """What cards wait for: others of the file, or of this board from an earlier import.

    The file's circles are cut before, and what stood here waits for nothing that is new.
    """
    cards = _known(storing)
    waiting: dict[int, int] = {}
    edges: list[Dependency] = []
    for card, one in storing.made:
        fit = [cards[key] for key in _keys(one) if key in cards]
        kept = [other for other in fit if waiting.get(other.pk, 0) < MOST_WAITS][:MOST_WAITS]
        if len(kept) < len(one.blocked_by):
            storing.found.leave("blockers_left", one.where, one.title)
        for other in kept:
            waiting[other.pk] = waiting.get(other.pk, 0) + 1
            edges.append(
                Dependency(
                    workspace_id=card.workspace_id,
                    card=card,
                    waits_for=other,
                    added_by=storing.run.by,
                    added_at=storing.at,
                )
            )
    Dependency.objects.bulk_create(edges, batch_size=BATCH)
    storing.waits = len(edges)
    standing = [edge for edge in edges if _is_open(edge.card) and _is_open(edge.waits_for)]
    for start in range(0, len(standing), BATCH):
        start_waiting(standing[start : start + BATCH], at=storing.at)


def _known(storing: Storing) -> dict[str, Card]:
    """The cards by their keys: those that have come, and those that were here."""
    known = {one.key[:KEY_LENGTH]: card for card, one in storing.made}
    wanted = {key for _card, one in storing.made for key in _keys(one)} - known.keys()
    missing = sorted(wanted)
    there = ImportedCard.objects.filter(board=storing.board, card__trashed_at=None)
    for start in range(0, len(missing), BATCH):
        part = there.filter(key__in=missing[start : start + BATCH]).select_related("card")
        known |= {row.key: row.card for row in part.order_by("pk")}
    return known


def _keys(one: CardFound) -> list[str]:
    return [key[:KEY_LENGTH] for key in one.blocked_by]


def _is_open(card: Card) -> bool:
    return card.done_at is None and card.archived_at is None
