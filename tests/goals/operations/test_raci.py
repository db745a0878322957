"""Who does what for a goal: rules, operation, page and API."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals.models import Goal, GoalSeat
from goals.operations.goals import close_goal
from goals.operations.raci import set_raci
from goals.operations.reviews import review_goals
from goals.queries.raci import parts_of, raci_with_steps
from goals.rules.raci import Flaw, Letter, Party, Seat, flaw_of
from tests.make.goals import make_goal, measured, observe
from tests.make.workspaces import make_stakeholder
from workspaces.models import Membership, Notification
from workspaces.operations.preferences import prefer_notices
from workspaces.queries.events import events_of, sentence_of
from workspaces.rules.errors import Refused, Stale

API = "/api/v1/workspaces/acme/"
ANN, BOB, SALES = Party(member=1), Party(member=2), Party(stakeholder=1)


def seats(**letters):
    """Seats by letter: seats(A=[olga], R=[ed, sales])."""
    return [
        Seat(Letter(letter), person if isinstance(person, Party) else party(person))
        for letter, people in letters.items()
        for person in people
    ]


def party(person):
    if isinstance(person, Membership):
        return Party(member=person.pk)
    return Party(stakeholder=person.pk)


@pytest.fixture
def goal(acme):
    return make_goal(measured(acme, "clicks"), "More clicks")


@pytest.mark.parametrize(
    ("letters", "flaw"),
    [
        ({"A": [ANN], "R": [ANN, BOB], "C": [SALES]}, None),
        ({"R": [ANN]}, Flaw.NOBODY_ACCOUNTABLE),
        ({"A": [ANN, BOB]}, Flaw.TWO_ACCOUNTABLE),
        ({"A": [SALES]}, Flaw.OUTSIDER_ACCOUNTABLE),
        ({"A": [ANN], "C": [ANN]}, Flaw.TWO_LETTERS),
        ({"A": [ANN], "R": [BOB], "I": [BOB]}, Flaw.TWO_LETTERS),
    ],
)
def test_exactly_one_member_is_accountable_and_everybody_has_one_role(letters, flaw):
    assert flaw_of(seats(**letters)) is flaw


def test_who_is_accountable_becomes_the_owner_and_the_log_names_them(acme, goal, olga, ed, noon):
    sales = make_stakeholder(acme)
    wanted = seats(A=[ed], R=[ed, olga], C=[sales])
    set_raci(goal, seats=wanted, version=1, by=olga, at=noon)
    raci, _steps = raci_with_steps(acme, goal)
    assert raci.accountable == ed
    assert raci.consulted == [sales]
    assert raci.letters()[party(ed)] == "AR"
    [told] = events_of(acme, "goals.goal", goal.pk)[:1]
    assert told.sentence == "Olga said who does what for “More clicks”: Ed answers for it"
    assert told.data["responsible"] == "Ed, Olga"


def test_the_same_roles_again_change_nothing(acme, goal, olga, noon):
    wanted = seats(A=[olga], I=[make_stakeholder(acme)])
    first = set_raci(goal, seats=wanted, version=1, by=olga, at=noon)
    again = set_raci(goal, seats=wanted, version=first.version, by=olga, at=noon)
    assert again.version == first.version == 2


def test_O01_roles_that_somebody_else_changed_are_stale(goal, olga, ed, noon):
    set_raci(goal, seats=seats(A=[ed]), version=1, by=olga, at=noon)
    with pytest.raises(Stale):
        set_raci(goal, seats=seats(A=[olga]), version=1, by=olga, at=noon)


def test_a_closed_goal_keeps_its_roles(goal, olga, ed, noon):
    close_goal(goal, reason="Over", version=1, by=olga, at=noon)
    with pytest.raises(Refused, match="closed"):
        set_raci(goal, seats=seats(A=[ed]), version=2, by=olga, at=noon)


def test_T03_nobody_of_another_workspace_gets_a_role(goal, globex, olga, sam, noon):
    stranger = make_stakeholder(globex, "Theirs")
    for wanted in (seats(A=[sam]), seats(A=[olga], I=[stranger])):
        with pytest.raises(Refused, match="nothing of the kind"):
            set_raci(goal, seats=wanted, version=1, by=olga, at=noon)
    assert not GoalSeat.objects.exists()


def test_a_stakeholder_is_in_goals_that_serve_them_or_give_them_a_role(acme, goal, olga, noon):
    sales = make_stakeholder(acme)
    served = make_goal(goal.metric, "More leads", stakeholder=sales)
    set_raci(goal, seats=seats(A=[olga], C=[sales]), version=1, by=olga, at=noon)
    found = {part.goal.title: (part.is_served, part.letter) for part in parts_of(sales)}
    assert found == {"More clicks": (False, "C"), "More leads": (True, "")}
    assert served.stakeholder == sales


def test_the_pages_of_roles_show_and_set_them(acme, goal, olga, ed, vi, client_of):
    sales = make_stakeholder(acme)
    make_goal(goal.metric, "First step", parent=goal)
    url = reverse("goals:edit_raci", kwargs={"slug": "acme", "pk": goal.pk})
    typed = {"version": "1", f"m{ed.pk}": "AR", f"s{sales.pk}": "C"}
    two = client_of(ed).post(url, {**typed, f"m{olga.pk}": "A"})
    assert two.status_code == 422
    assert "Only one can be accountable" in two.content.decode()
    assert client_of(ed).post(url, typed).status_code == 302
    assert Goal.objects.get(pk=goal.pk).owner == ed
    page = client_of(vi).get(reverse("goals:raci", kwargs={"slug": "acme", "pk": goal.pk}))
    text = page.content.decode()
    assert "First step" in text
    assert "Sales" in text
    assert client_of(ed).post(url, typed).status_code == 409
    whole = client_of(vi).get(
        reverse("goals:of_stakeholder", kwargs={"slug": "acme", "pk": sales.pk})
    )
    assert "More clicks" in whole.content.decode()


def test_the_table_of_roles_costs_the_same_for_one_step_and_for_five(goal, vi, client_of):
    client = client_of(vi)
    client.get("/w/acme/stakeholders/")  # the first page of a session keeps where it was
    counts = []
    for count in (1, 4):
        for number in range(count):
            make_goal(goal.metric, f"Step {count} {number}", parent=goal)
        with CaptureQueriesContext(connection) as counted:
            client.get(reverse("goals:raci", kwargs={"slug": "acme", "pk": goal.pk}))
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_the_api_puts_roles_and_names_what_is_wrong(acme, goal, olga, ed, vi, api_of):
    sales = make_stakeholder(acme)
    client, path = api_of(ed), f"{API}goals/{goal.pk}/raci/"
    body = {
        "version": 1, "accountable": "ed@acme.example", "responsible": [{"member": olga.pk}],
        "informed": [{"stakeholder": sales.pk}],
    }  # fmt: skip
    told = client.put(path, body, format="json").json()
    assert told["accountable"] == {"member": ed.pk, "stakeholder": None, "name": "Ed"}
    assert [p["name"] for p in told["informed"]] == ["Sales"]
    assert client.put(path, body, format="json").status_code == 409
    twice = {**body, "version": 2, "informed": [{"member": olga.pk}]}
    refused = client.put(path, twice, format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, "two_letters")
    both = {**body, "version": 2, "informed": [{"member": 1, "stakeholder": 1}]}
    assert client.put(path, both, format="json").status_code == 400
    assert client.put(path, {"version": 2}, format="json").status_code == 400
    assert api_of(vi).put(path, body, format="json").status_code == 403
    assert api_of(vi).get(path).json()["version"] == 2
    own = api_of(vi).get(f"{API}stakeholders/{sales.pk}/goals/").json()
    assert [(part["goal"], part["served"], part["raci"]) for part in own] == [
        (goal.pk, False, "informed")
    ]


def test_the_roles_that_are_told_can_be_put_again_as_they_are(acme, goal, olga, ed, api_of):
    sales, client = make_stakeholder(acme), api_of(ed)
    make_goal(goal.metric, "A step", parent=goal)
    path = f"{API}goals/{goal.pk}/raci/"
    body = {"version": 1, "accountable": ed.pk, "responsible": ["olga@acme.example"]}
    told = client.put(path, {**body, "informed": [{"stakeholder": sales.pk}]}, format="json").json()
    assert [party["member"] for party in told["responsible"]] == [olga.pk]
    same = client.put(path, client.get(path).json(), format="json")
    assert (same.status_code, same.json()) == (200, told)
    moved = {**told, "accountable": told["responsible"][0], "responsible": [told["accountable"]]}
    assert client.put(path, moved, format="json").json()["accountable"]["name"] == "Olga"
    for changes, pointers in (
        ({"steps": []}, ["/steps"]),
        ({"goal": 7, "title": "Else"}, ["/goal", "/title"]),
        ({"accountable": {"member": None}}, ["/accountable"]),
        ({"informed": [{"member": 10**30}]}, ["/informed/0/member"]),
    ):
        answer = client.put(path, {**told, "version": 3, **changes}, format="json")
        assert answer.status_code == 400
        found = [error["pointer"] for error in answer.json()["errors"]]
        assert len(found) == len(pointers)
        assert all(one.startswith(wanted) for one, wanted in zip(found, pointers, strict=True))
    outside = {**told, "version": 3, "accountable": {"stakeholder": sales.pk}}
    assert client.put(path, outside, format="json").status_code == 422


def test_S8_everybody_whom_a_goal_concerns_is_told_of_its_status(
    acme, goal, olga, ed, mia, vi, noon
):
    sales = make_stakeholder(acme, member=vi)
    set_raci(goal, seats=seats(A=[olga], R=[ed], I=[sales]), version=1, by=olga, at=noon)
    observe(goal.metric, {"2026-12-31": 2000}, at=noon)
    later = datetime(2027, 1, 5, 9, tzinfo=UTC)
    assert review_goals(at=later) == 1
    assert Goal.objects.get().status == "achieved"
    told = Notification.objects.filter(kind="goal").order_by("member_id")
    assert {one.member_id for one in told} == {olga.pk, ed.pk, vi.pk}
    assert told[0].link == f"/w/acme/goals/{goal.pk}/"
    assert mia.pk not in {one.member_id for one in told}
    assert sentence_of(told[0]).startswith("“More clicks” went from")
    prefer_notices(ed, wanted={"goal": False})
    assert review_goals(at=later) == 0
