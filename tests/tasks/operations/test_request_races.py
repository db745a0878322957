"""Many requests at once, on PostgreSQL with real threads (SQLite lets one writer in at a time)."""

from collections import Counter

import pytest

from tasks.models import Card, Submission
from tests.make.intake import make_public_form, send
from tests.make.tasks import make_board
from tests.make.workspaces import make_member, make_workspace
from tests.tasks.operations.test_races import together
from workspaces.rules.roles import Role

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WORKERS = 9


def test_O11_requests_at_once_go_round_evenly_and_the_same_one_is_one():
    acme = make_workspace("acme")
    people = [make_member(acme, f"p{n}@acme.example", Role.EDITOR) for n in range(3)]
    form = make_public_form(make_board(acme), in_turn=True, turn=people)
    together(WORKERS, lambda number: send(form, f"Request {number}"))
    given = list(Card.objects.order_by("number").values_list("assignee", flat=True))
    assert given == [people[n % 3].pk for n in range(WORKERS)]  # strictly in turn
    assert Counter(given) == {person.pk: 3 for person in people}

    together(WORKERS, lambda _number: send(form, "The same", nonce="n"))
    assert Card.objects.count() == Submission.objects.count() == WORKERS + 1
