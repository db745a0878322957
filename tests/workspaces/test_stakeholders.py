"""Stakeholders in depth: influence and interest, needs, reporting lines."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.make.workspaces import make_stakeholder
from tests.support.examples import examples
from workspaces.models import Membership, Stakeholder
from workspaces.operations.members import report_to
from workspaces.operations.stakeholders import change_stakeholder, retire_stakeholder
from workspaces.queries.events import events_of
from workspaces.queries.stakeholders import grid_of, reporting_lines, stakeholders_of
from workspaces.rules.errors import Refused
from workspaces.rules.stakes import Approach, approach_to, lines_of
from workspaces.rules.tree import DEEPEST, walk, would_loop

API = "/api/v1/workspaces/acme/"
PEOPLE = st.dictionaries(st.integers(1, 8), st.none() | st.integers(1, 8))


def at(name, **kwargs):
    return reverse(f"workspaces:{name}", kwargs={"slug": "acme", **kwargs})


def chain(workspace, count, first=None):
    """Stakeholders each of whom reports to the one before."""
    made = []
    for number in range(count):
        boss = made[-1] if made else first
        made.append(make_stakeholder(workspace, f"S{number}", reports_to=boss))
    return made


@given(PEOPLE)
@examples(60)
def test_the_tree_names_everybody_once_and_bosses_first_unless_they_run_in_a_circle(above):
    order = list(above)
    places = [place.key for place in walk(above, order)]
    assert len(places) == len(set(places))
    looped = {key for key in order if would_loop(above, key, above[key])}
    if not looped:
        assert set(places) == set(order)
        for key, boss in above.items():
            if boss in above:
                assert places.index(boss) < places.index(key)


@pytest.mark.parametrize(
    ("influence", "interest", "approach"),
    [
        (3, 3, Approach.CLOSELY),
        (3, 2, Approach.CLOSELY),
        (3, 1, Approach.SATISFY),
        (2, 1, Approach.SATISFY),
        (2, 2, Approach.INFORM),
        (1, 3, Approach.INFORM),
        (1, 1, Approach.WATCH),
        (None, 3, None),
    ],
)
def test_influence_and_interest_say_how_to_work_with_somebody(influence, interest, approach):
    assert approach_to(influence, interest) == approach


def test_needs_are_read_one_a_line_without_their_bullets():
    assert lines_of("- Leads\r\n\n • by region ") == ["Leads", "by region"]


def test_the_grid_places_those_who_are_judged(acme):
    make_stakeholder(acme, "Sales", influence=3, interest=3)
    make_stakeholder(acme, "Press")
    cells = [cell for row in grid_of(stakeholders_of(acme)) for cell in row if cell.people]
    assert [(c.influence, c.interest, c.people[0].name) for c in cells] == [(3, 3, "Sales")]


def test_S9_a_circle_of_reporting_lines_is_refused_with_a_sentence(acme, olga, noon):
    top, middle, low = chain(acme, 3)
    with pytest.raises(Refused, match="circle: S2 reports to them") as refusal:
        change_stakeholder(top, {"reports_to": low}, version=1, by=olga, at=noon)
    assert refusal.value.field == "reports_to"
    with pytest.raises(Refused, match="circle"):
        change_stakeholder(middle, {"reports_to": middle}, version=1, by=olga, at=noon)
    assert Stakeholder.objects.get(pk=top.pk).reports_to is None


def test_a_reporting_line_has_an_end(acme):
    made = chain(acme, DEEPEST)
    with pytest.raises(Refused, match="at most 12 levels"):
        make_stakeholder(acme, "One more", reports_to=made[-1])


def test_T03_nobody_reports_to_another_workspaces_stakeholder(acme, globex, olga, api_of):
    foreign = make_stakeholder(globex, "Theirs")
    with pytest.raises(Refused, match="no such stakeholder"):
        make_stakeholder(acme, "Ours", reports_to=foreign)
    body = {"name": "Ours", "reports_to": foreign.pk}
    answer = api_of(olga).post(f"{API}stakeholders/", body, format="json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/reports_to"


def test_who_reports_to_somebody_retired_stands_at_the_top(acme, olga, noon):
    top, low = chain(acme, 2)
    retire_stakeholder(top, by=olga, at=noon)
    assert [(line.person, line.depth) for line in reporting_lines(acme).stakeholders] == [(low, 0)]


def test_S9_a_member_reports_to_another_and_never_in_a_circle(acme, olga, mia, ed, noon):
    report_to(ed, mia, by=olga, at=noon)
    report_to(mia, olga, by=olga, at=noon)
    with pytest.raises(Refused, match="circle: Ed reports to them already"):
        report_to(olga, ed, by=olga, at=noon)
    lines = [(x.person.user.display_name, x.depth) for x in reporting_lines(acme).members]
    assert lines == [("Olga", 0), ("Mia", 1), ("Ed", 2)]
    [told] = events_of(acme, "workspaces.membership", mia.pk)[:1]
    assert told.sentence == "Olga: Mia reports to Olga"
    assert report_to(ed, None, by=olga, at=noon).reports_to is None


def test_the_pages_show_the_lines_and_cost_the_same_for_three_and_ten(acme, vi, client_of):
    client = client_of(vi)
    client.get(at("stakeholders"))  # the first page of a session keeps where it was
    counts = []
    for first in ("A", "B"):
        for person in chain_named(acme, first, 3 if first == "A" else 7):
            assert person.pk
        for name in ("stakeholders", "reporting_lines"):
            with CaptureQueriesContext(connection) as counted:
                assert client.get(at(name)).status_code == 200
            counts.append(len(counted))
    assert counts[:2] == counts[2:]
    page = client.get(at("reporting_lines")).content.decode()
    assert page.index("<bdi>A0<") < page.index("<bdi>A1<") < page.index("<bdi>A2<")


def chain_named(workspace, letter, count):
    made = []
    for number in range(count):
        boss = made[-1] if made else None
        made.append(make_stakeholder(workspace, f"{letter}{number}", reports_to=boss))
    return made


def test_a_stakeholders_page_tells_needs_stake_and_line(acme, vi, client_of):
    boss = make_stakeholder(acme, "Head of sales")
    sales = make_stakeholder(
        acme, "Sales", need="Leads\nby region", unspoken="Fewer calls", influence=3, interest=2,
        reports_to=boss,
    )  # fmt: skip
    page = client_of(vi).get(at("stakeholder", pk=sales.pk)).content.decode()
    for words in (
        '<li><span dir="auto">by region</span></li>',
        "Fewer calls",
        "Work closely",
        "Head of sales",
    ):
        assert words in page
    assert "Retire" not in page


def test_a_form_with_a_circle_keeps_the_words_and_names_the_field(acme, ed, client_of):
    top, low = chain(acme, 2)
    typed = {"name": "S0", "need": "Typed", "reports_to": low.pk, "version": 1, "influence": "2"}
    answer = client_of(ed).post(at("edit_stakeholder", pk=top.pk), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Typed" in page
    assert "That would be a circle" in page
    saved = client_of(ed).post(at("edit_stakeholder", pk=top.pk), {**typed, "reports_to": ""})
    assert saved.status_code == 302
    assert Stakeholder.objects.get(pk=top.pk).influence == 2


def test_a_manager_sets_a_members_line_on_the_page_of_members(acme, mia, ed, vi, client_of):
    url = at("set_line", pk=ed.pk)
    assert client_of(mia).post(url, {"reports_to": mia.pk}).status_code == 302
    assert Membership.objects.get(pk=ed.pk).reports_to == mia
    assert client_of(ed).post(url, {"reports_to": ""}).status_code == 403
    assert client_of(mia).post(url, {"reports_to": 10**20}).status_code == 422


def test_levels_are_words_in_the_api_and_others_are_a_400(acme, ed, api_of):
    client = api_of(ed)
    body = {"name": "Sales", "influence": "high", "interest": "low", "unspoken": "Calm"}
    made = client.post(f"{API}stakeholders/", body, format="json").json()
    assert (made["influence"], made["interest"], made["approach"]) == ("high", "low", "satisfy")
    path = f"{API}stakeholders/{made['id']}/"
    wrong = client.patch(path, {"version": 1, "influence": 9}, format="json")
    assert (wrong.status_code, wrong.json()["errors"][0]["column"]) == (400, "influence")
    cleared = client.patch(path, {"version": 1, "influence": None}, format="json").json()
    assert (cleared["influence"], cleared["approach"]) == (None, None)


def test_the_api_tells_and_sets_reporting_lines(acme, mia, ed, vi, api_of):
    top, low = chain(acme, 2)
    client = api_of(mia)
    set_one = client.patch(f"{API}members/{ed.pk}/", {"reports_to": mia.pk}, format="json")
    assert (set_one.status_code, set_one.json()["reports_to"]) == (200, mia.pk)
    loop = client.patch(f"{API}members/{mia.pk}/", {"reports_to": ed.pk}, format="json")
    assert (loop.status_code, loop.json()["code"]) == (422, "loop")
    assert client.patch(f"{API}members/{mia.pk}/", {}, format="json").status_code == 400
    told = api_of(vi).get(f"{API}reporting-lines/").json()
    assert told["stakeholders"] == [
        {"id": top.pk, "name": "S0", "reports_to": None, "depth": 0, "below": 1},
        {"id": low.pk, "name": "S1", "reports_to": top.pk, "depth": 1, "below": 0},
    ]
    assert [(m["name"], m["depth"]) for m in told["members"]][:2] == [("Mia", 0), ("Ed", 1)]
