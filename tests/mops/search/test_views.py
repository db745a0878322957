import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.make.goals import make_goal
from tests.make.tasks import make_card
from tests.make.workspaces import make_stakeholder
from tests.mops.search.conftest import furnish

URL = "/w/acme/search/"
EMPTY = "<h2>Nothing here has that name.</h2>"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def client(vi, client_of):
    return client_of(vi)


def test_everything_of_that_name_is_linked_with_what_it_is(client, things):
    goal, card, metric, board, stakeholder, person = things
    html = client.get(URL, {"q": "MAIL"}).content.decode()
    for path, line in {
        f"/w/acme/goals/{goal.pk}/": "Goal · <bdi>Unknown · Clicks in mail</bdi>",
        f"/w/acme/cards/{card.pk}/": f"Card · <bdi>#{card.number} · Team mail · Backlog</bdi>",
        f"/w/acme/metrics/{metric.key}/": "Metric · <bdi>mail_clicks</bdi>",
        f"/w/acme/boards/{board.pk}/": "Board</small>",
        f"/w/acme/stakeholders/{stakeholder.pk}/": "Stakeholder · <bdi>Budget</bdi>",
        f"/w/acme/settings/members/#member-{person.pk}": "Person · <bdi>Editor · mail@acme.example",
    }.items():
        link = html.split(f'<a class="found" href="{path}">')[1].split("</a>")[0]
        assert line in link


def test_the_links_lead_somewhere(client, things):
    html = client.get(URL, {"q": "mail"}).content.decode()
    links = [part.split('"')[0] for part in html.split('<a class="found" href="')[1:]]
    assert len(links) == 6
    for link in links:
        path, _, anchor = link.partition("#")
        page = client.get(path)
        assert page.status_code == 200
        assert not anchor or f'id="{anchor}"' in page.content.decode()


def test_the_palette_gets_the_list_alone(client, things):
    html = client.get(URL, {"q": "mail"}, **HTMX).content.decode()
    assert "<html" not in html
    assert "6 found" in html
    assert 'href="/w/acme/cards/' in html


def test_without_script_the_top_bar_leads_to_a_form(client, things):
    assert f'<a class="find" href="{URL}"' in client.get("/w/acme/").content.decode()
    html = client.get(URL).content.decode()
    assert f'role="search" action="{URL}"' in html
    assert EMPTY not in html


def test_nothing_found_is_said_and_the_text_stays_text(client, acme):
    html = client.get(URL, {"q": '"><script>__xss()</script>'}).content.decode()
    assert EMPTY in html
    assert "<script>__xss" not in html
    assert 'value="&quot;&gt;&lt;script&gt;' in html


@pytest.mark.parametrize("q", ["", "   ", "\0", "%00", "x" * 5000, "%", "'", "9" * 300])
def test_whatever_is_typed_has_an_answer(client, acme, q):
    assert client.get(URL, {"q": q}).status_code == 200


def test_another_workspaces_things_are_never_shown(client, globex):
    furnish(globex, "rival")
    html = client.get(URL, {"q": "rival"}).content.decode()
    assert '<a class="found"' not in html


def test_a_stranger_gets_404(acme, sam, client_of):
    assert client_of(sam).get(URL, {"q": "mail"}).status_code == 404


def test_the_number_of_queries_does_not_grow_with_what_is_found(client, acme, things):
    client.get(URL, {"q": "mail"})
    counts = []
    goal, _card, metric, board, *_rest = things
    for turn in ("first", "second"):
        with CaptureQueriesContext(connection) as counted:
            client.get(URL, {"q": "mail"}, **HTMX)
        counts.append(len(counted))
        for number in range(4):
            make_goal(metric, f"Mail goal {number}")
            make_card(board, f"Mail card {number}", goal=goal)
            make_stakeholder(acme, f"Mail stakeholder {turn} {number}")
    assert counts[0] == counts[1]
    assert counts[0] <= 11  # session, user, member, and one for each kind


def test_where_a_word_begins_so_comes_first_whatever_it_is(client, acme, things):
    make_stakeholder(acme, "Gmail team")
    make_card(things[3], "Fewer emails")
    html = client.get(URL, {"q": "mail"}, **HTMX).content.decode()
    places = [html.index(text) for text in ("More mail", "Head of mail", "Fewer emails", "Gmail")]
    assert places == sorted(places)
