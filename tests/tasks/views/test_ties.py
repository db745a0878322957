import pytest

from tasks.models import Blocking, CardLink, Dependency
from tasks.operations.blocking import block_card
from tasks.operations.dependencies import add_dependency
from tasks.operations.links import link_card, unlink_card
from tasks.queries.cards import my_cards, work_of_goals
from tests.make.goals import make_goal, measured
from tests.make.tasks import make_board, make_card
from tests.tasks.events import verbs_of
from workspaces.rules.errors import Refused

CARDS = "/w/acme/cards/"
API = "/api/v1/workspaces/acme/cards/"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def client(ed, client_of):
    return client_of(ed)


@pytest.fixture
def api(ed, api_of):
    return api_of(ed)


def test_a_card_is_found_and_waited_for_in_its_drawer(client, board, acme):
    send, draw = make_card(board, "Send"), make_card(make_board(acme, "Design"), "Draw <b>it</b>")
    page = f"{CARDS}{send.pk}/"
    assert "tie-q" in client.get(page, **HTMX).content.decode()
    for text in ("draw", "#2"):
        hits = client.get(f"{page}ties/", {"q": text}, **HTMX).content.decode()
        assert "Draw &lt;b&gt;it&lt;/b&gt;" in hits
        assert "<html" not in hits
    assert "Nothing is called so" in client.get(f"{page}ties/", {"q": "Nope"}).content.decode()
    said = {"other": draw.pk, "way": "waits", "on": "1"}
    drawer = client.post(f"{page}wait/", said, **HTMX).content.decode()
    assert drawer.lstrip().startswith('<div class="drawer-in"')
    for words in ("Waits for", "Draw &lt;b&gt;it&lt;/b&gt;", "Design"):
        assert words in drawer
    circle = client.post(f"{page}wait/", {**said, "way": "blocks"}, **HTMX)
    assert circle.status_code == 422
    assert "circle" in circle.content.decode()
    assert "Comes before" in client.get(f"{CARDS}{draw.pk}/").content.decode()
    client.post(f"{page}wait/", {"other": draw.pk, "way": "waits"})
    assert not Dependency.objects.exists()


def test_a_card_is_marked_and_freed_in_its_drawer(client, board):
    card = make_card(board)
    page = f"{CARDS}{card.pk}/"
    drawer = client.post(f"{page}block/", {"reason": "No <i>budget</i>"}, **HTMX)
    assert "No &lt;i&gt;budget&lt;/i&gt;" in drawer.content.decode()
    client.post(f"{page}block/", {"reason": ""}, **HTMX)
    assert Blocking.objects.get().until is not None


def test_a_card_works_for_more_goals_and_metrics(client, board, acme, ed, noon):
    metric = measured(acme)
    main, more = make_goal(metric, "Main"), make_goal(metric, "More")
    card = make_card(board, "Write", goal=main, due_on=noon.date().replace(year=2025))
    page = f"{CARDS}{card.pk}/link/"
    client.post(page, {"goal": more.pk, "part": "drives"})
    client.post(page, {"metric": metric.pk, "part": "evidence"})
    client.post(page, {"metric": metric.pk, "part": "evidence"})
    assert CardLink.objects.count() == 2
    assert verbs_of(card) == ["card.added", "card.linked", "card.linked"]
    for address in (f"linked-to-goal/{more.pk}/", f"linked-to-metric/{metric.pk}/"):
        assert "Write" in client.get(f"{CARDS}{address}").content.decode()
    work = work_of_goals(acme, [main.pk, more.pk], noon.date())
    for goal in (main, more):  # each counts it once
        assert (work[goal.pk].open, work[goal.pk].late) == (1, 1)
        assert [one.title for one in work[goal.pk].late_cards] == ["Write"]
    with pytest.raises(Refused, match="own goal"):
        link_card(card, to=main, part="drives", by=ed, at=noon)
    link_card(card, to=more, part="evidence", by=ed, at=noon)
    assert more.pk not in work_of_goals(acme, [main.pk, more.pk], noon.date())
    client.post(page, {"goal": more.pk})
    unlink_card(card, to=more, by=ed, at=noon)
    assert CardLink.objects.get().metric == metric


def test_my_work_says_what_waits_and_for_what(client, board, ed, noon):
    send, ask = make_card(board, "Send", assignee=ed), make_card(board, "Ask", assignee=ed)
    draw = make_card(board, "Draw")
    add_dependency(send, waits_for=draw, by=ed, at=noon)
    block_card(ask, reason="Holiday", by=ed, at=noon)
    work = my_cards(ed, noon.date())
    assert [one.card.title for one in work.blocked] == ["Send", "Ask"]
    assert (work.no_date, work.open) == ([], 2)
    page = client.get("/w/acme/my-work/").content.decode()
    for words in ("Waiting", "waits for “Draw”", "Holiday"):
        assert words in page


def test_ties_are_read_and_changed_by_api(api, board, acme):
    send, draw = make_card(board, "Send"), make_card(board, "Draw")
    goal = make_goal(measured(acme))
    here = f"{API}{send.pk}/"
    told = api.put(f"{here}waits-for/{draw.pk}/").json()
    assert told["waits_for"][0] == {
        "id": draw.pk, "number": 2, "title": "Draw", "board": board.pk,
        "done": False, "archived": False,
    }  # fmt: skip
    assert (told["blocked"], api.get(here).json()["blocked"]) == (True, True)
    assert [row["blocked"] for row in api.get(API).json()["results"]] == [True, False]
    assert api.get(f"{API}{draw.pk}/ties/").json()["comes_before"][0]["id"] == send.pk
    circle = api.put(f"{API}{draw.pk}/waits-for/{send.pk}/")
    assert (circle.status_code, circle.json()["code"]) == (422, "circle")
    assert not api.delete(f"{here}waits-for/{draw.pk}/").json()["blocked"]
    marked = api.put(f"{here}block/", {"reason": "No budget"}, format="json").json()
    assert (marked["block"]["reason"], marked["blocked"]) == ("No budget", True)
    assert api.delete(f"{here}block/").json()["block"] is None
    linked = api.put(f"{here}goals/{goal.pk}/", {"part": "drives"}, format="json").json()
    linked = api.put(f"{here}metrics/clicks/", {"part": "evidence"}, format="json").json()
    assert {(link["goal"], link["metric"], link["part"]) for link in linked["links"]} == {
        (goal.pk, None, "drives"),
        (None, "clicks", "evidence"),
    }
    api.delete(f"{here}goals/{goal.pk}/")
    assert api.delete(f"{here}metrics/clicks/").json()["links"] == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("block/", {}, 400),
        ("block/", {"reason": " "}, 400),
        ("block/", {"reason": "x" * 301}, 400),
        ("block/", {"reason": 5}, 400),
        ("goals/99/", {"part": "drives"}, 404),
        ("metrics/nope/", {"part": "drives"}, 404),
        ("metrics/clicks/", {"part": "both"}, 400),
        ("waits-for/99/", {}, 404),
        ("waits-for/7abc/", {}, 404),
    ],
)
def test_a_tie_that_makes_no_sense_is_refused(api, board, acme, path, body, status):
    measured(acme)
    card = make_card(board)
    assert api.put(f"{API}{card.pk}/{path}", body, format="json").status_code == status


def test_T03_cards_and_goals_of_another_workspace_are_not_there(api, client, board, globex):
    card, theirs = make_card(board), make_card(make_board(globex))
    goal = make_goal(measured(globex))
    assert api.put(f"{API}{card.pk}/waits-for/{theirs.pk}/").status_code == 404
    body = {"part": "drives"}
    assert api.put(f"{API}{card.pk}/goals/{goal.pk}/", body, format="json").status_code == 404
    assert api.put(f"{API}{card.pk}/metrics/clicks/", body, format="json").status_code == 404
    sent = {"other": theirs.pk, "way": "waits", "on": "1"}
    assert client.post(f"{CARDS}{card.pk}/wait/", sent).status_code == 422
    assert client.post(f"{CARDS}{card.pk}/link/", {"goal": goal.pk}).status_code == 422
