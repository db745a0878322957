"""Two people at once, on PostgreSQL with real threads."""

import pytest

from tasks.models import Blocking, Card, Dependency
from tasks.operations.dependencies import add_dependency
from tasks.operations.moves import tick_card
from tests.make.tasks import make_board, make_card
from tests.make.workspaces import NOON, make_member, make_workspace, owner_of
from tests.tasks.events import verbs_of
from tests.tasks.operations.test_races import together
from workspaces.models import Notification
from workspaces.rules.errors import Refused
from workspaces.rules.roles import Role

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_who_close_a_circle_together_do_not(db):
    board = make_board(make_workspace("acme"))
    owner = owner_of(board.workspace)
    for _round in range(5):
        cards = [make_card(board, f"Card {n}") for n in range(4)]

        def wait(number, cards=cards):
            one, two = cards[number], cards[(number + 1) % 4]
            try:
                add_dependency(one, waits_for=two, by=owner, at=NOON)
            except Refused as refused:
                return refused.code
            return ""

        assert sorted(together(4, wait)) == ["", "", "", "circle"]


def test_of_two_blockers_done_at_once_the_last_tells_the_people_once(db):
    acme = make_workspace("acme")
    board, owner = make_board(acme), owner_of(acme)
    mia = make_member(acme, "mia@acme.example", Role.MANAGER)
    for _round in range(5):
        held = make_card(board, "Send", assignee=mia)
        first = [make_card(board, f"Part {n}") for n in range(3)]
        for card in first:
            add_dependency(held, waits_for=card, by=owner, at=NOON)

        def tick(place, first=first):
            card = Card.objects.get(pk=first[place].pk)
            return tick_card(card, done=True, by=owner, at=NOON)

        together(3, tick)
        assert verbs_of(held).count("card.freed") == 1
        assert Notification.objects.filter(member=mia, kind="unblocked").exists()
    assert not Blocking.objects.filter(until=None).exists()
    assert Dependency.objects.count() == 15
