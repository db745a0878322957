"""The people of a file: members get their cards at once, the others when they have joined."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from tasks.models import (
    BoardImport,
    Card,
    CardPerson,
    ChecklistItem,
    Comment,
    ImportedPart,
    ImportedPerson,
)
from tasks.models.comments import BY_NAME_LENGTH
from tasks.models.imports import PERSON_LENGTH
from tasks.operations.imports import JOB, Choices
from tasks.operations.telling import told
from tasks.queries.imports import who_they_are
from tasks.rules.imports.tree import PersonFound
from tasks.rules.merging import touch
from tasks.verbs import CARD_HANDED_OVER, IMPORT_PERSON_NAMED
from workspaces.models import Membership
from workspaces.operations.recording import record, record_many
from workspaces.operations.waking import wake
from workspaces.rules.errors import Refused

BATCH = 500
LONGEST_EMAIL = 254
AT_ONCE = 50  # people of one sweep


@dataclass
class Names:
    """Who the people of a file are, and what waits for those who are nobody here."""

    run: BoardImport
    members: dict[str, Membership]
    people: dict[str, PersonFound]
    parts: dict[str, list[tuple[str, Card, ChecklistItem | None]]] = field(default_factory=dict)

    def member(self, key: str) -> Membership | None:
        """The member, or None."""
        return self.members.get(key)

    def name(self, key: str) -> str:
        """What the file calls somebody; "" where it does not."""
        person = self.people.get(key)
        return (person.name or person.login or person.email or key) if person else key

    def wait(
        self, key: str, card: Card, part: ImportedPart.Part, item: ChecklistItem | None = None
    ) -> None:
        """Remember what somebody who is no member had to do with a card."""
        if key in self.people and key not in self.members:
            self.parts.setdefault(key, []).append((part.value, card, item))

    @property
    def known_count(self) -> int:
        """How many of the file's people are members."""
        return len(self.members)

    @property
    def waiting_count(self) -> int:
        """How many have something to be handed over."""
        return len(self.parts)

    def keep(self) -> None:
        """Store those who are no members with what waits for them."""
        workspace_id = self.run.workspace_id
        rows = {
            key: ImportedPerson(
                workspace_id=workspace_id,
                run=self.run,
                name=self.name(key)[:PERSON_LENGTH],
                email=self.people[key].email.casefold()[:LONGEST_EMAIL],
            )
            for key in self.parts
        }
        ImportedPerson.objects.bulk_create(rows.values(), batch_size=BATCH)
        ImportedPart.objects.bulk_create(
            (
                ImportedPart(
                    workspace_id=workspace_id, person=rows[key], card=card, item=item, part=part
                )
                for key, parts in self.parts.items()
                for part, card, item in parts
            ),
            batch_size=BATCH,
        )


def known_people(run: BoardImport, people: Iterable[PersonFound], choices: Choices) -> Names:
    """Who is who, by what was said and by addresses and names."""
    there = {person.key: person for person in people}
    return Names(run, who_they_are(run.workspace, there.values(), choices.people), there)


@transaction.atomic
def say_who(
    person: ImportedPerson, *, member: Membership, by: Membership, at: datetime
) -> ImportedPerson:
    """Say which member an imported person is; their cards follow soon."""
    if member.workspace_id != person.workspace_id:
        raise Refused(_("This is no member."), code="no_such_member", field="member")
    said = ImportedPerson.objects.filter(pk=person.pk, handed_at=None)
    if not said.update(member=member):
        raise Refused(_("This person's cards have been handed over."), code="handed_over")
    person.refresh_from_db()
    name = member.user.display_name
    record(IMPORT_PERSON_NAMED, person.run, by=by, at=at, person=person.name, name=name)
    wake(JOB)
    return person


def hand_over(*, at: datetime) -> int:
    """Give imported people's parts to the members that they are or have become; returns how many.

    Who has joined is known by the address that the file names. Safe to run twice.
    """
    _find_joined()
    waiting = ImportedPerson.objects.filter(member__isnull=False, handed_at=None)
    count = 0
    for person in waiting.select_related("member__user", "run__by__user").order_by("pk")[:AT_ONCE]:
        _hand(person, at=at)
        count += 1
    return count


def _find_joined() -> None:
    """Name the members whose address is that of somebody who waits; 1 statement."""
    joined = Membership.objects.annotate(address=Lower("user__email")).filter(
        workspace_id=OuterRef("workspace_id"), address=OuterRef("email"), user__is_active=True
    )
    ImportedPerson.objects.filter(handed_at=None, member=None).exclude(email="").filter(
        pk__in=ImportedPerson.objects.annotate(found=Subquery(joined.values("pk")[:1]))
        .filter(handed_at=None, member=None, found__isnull=False)
        .values("pk")
    ).update(member_id=Subquery(joined.values("pk")[:1]))


@transaction.atomic
def _hand(person: ImportedPerson, *, at: datetime) -> None:
    """All of one person's parts, unless another worker has done it."""
    mine = ImportedPerson.objects.filter(pk=person.pk, handed_at=None)
    if not mine.update(handed_at=at) or person.member is None:
        return
    parts = list(ImportedPart.objects.filter(person=person).order_by("pk"))
    by_part: dict[str, list[ImportedPart]] = {}
    for part in parts:
        by_part.setdefault(part.part, []).append(part)
    kinds = ImportedPart.Part
    lines = [part.item_id for part in by_part.get(kinds.LINE, ()) if part.item_id]
    for start in range(0, len(lines), BATCH):
        free = ChecklistItem.objects.filter(pk__in=lines[start : start + BATCH], assignee=None)
        free.update(assignee=person.member)
    _hand_cards([part.card_id for part in by_part.get(kinds.RESPONSIBLE, ())], person, at=at)
    _hand_comments([part.card_id for part in by_part.get(kinds.SAID, ())], person)
    CardPerson.objects.bulk_create(
        (
            CardPerson(
                workspace_id=person.workspace_id,
                card_id=part.card_id,
                member=person.member,
                part=part.part,
            )
            for kind in (kinds.HELPER, kinds.WATCHER)
            for part in by_part.get(kind, ())
        ),
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _hand_comments(ids: list[int], person: ImportedPerson) -> None:
    """What they said under their name is theirs."""
    for start in range(0, len(ids), BATCH):
        said = Comment.objects.filter(card__in=ids[start : start + BATCH], by=None)
        said.filter(by_name=person.name[:BY_NAME_LENGTH]).update(by=person.member)


def _hand_cards(ids: list[int], person: ImportedPerson, *, at: datetime) -> None:
    """Make the member responsible for the cards that nobody has taken meanwhile."""
    for start in range(0, len(ids), BATCH):
        free = Card.objects.select_for_update(no_key=True).filter(
            pk__in=ids[start : start + BATCH], assignee=None
        )
        cards = list(free.select_related("board").order_by("pk"))
        for card in cards:
            card.assignee = person.member
            card.version += 1
            card.touched = touch(card.touched, ["assignee"], card.version)
        Card.objects.bulk_update(cards, ["assignee", "version", "touched"], batch_size=BATCH)
        _tell(cards, person, at=at)


def _tell(cards: list[Card], person: ImportedPerson, *, at: datetime) -> None:
    name = person.member.user.display_name if person.member else ""
    streams: dict[int, list[Card]] = {}
    for card in cards:
        streams.setdefault(card.board.stream_id, []).append(card)
    for stream_id, theirs in streams.items():
        record_many(
            stream_id,
            CARD_HANDED_OVER,
            ((card, {**told(card), "to": name}) for card in theirs),
            by=person.run.by,
            at=at,
        )
