"""Fields of a team's own as columns of lists."""

import pytest

from tests.make.tasks import make_board, make_card, make_field

LOOK = "/api/v1/workspaces/acme/cards/look/"


@pytest.fixture
def client(ed, client_of):
    return client_of(ed)


def shown(client, url):
    rows = client.get(url).context["list"].rows
    return [[said.value for said in row.own] for row in rows]


def test_a_member_chooses_fields_as_columns_of_each_list(client, board, acme, ed, vi, client_of):
    reach, boss = make_field(acme), make_field(acme, "Boss", "person")
    make_card(board, "One", values={reach: "1200", boss: ed.pk})
    make_card(board, "Two")
    own, everywhere = f"/w/acme/boards/{board.pk}/list/", "/w/acme/cards/"
    chosen = {"shows": ["due", f"field_{reach.pk}", f"field_{boss.pk}"]}
    client.post(f"{own}columns/", chosen)
    assert shown(client, f"{own}?sort=title") == [["1200", ed.pk], [None, None]]
    page = client.get(own).content.decode()
    assert '<th scope="col" class="list-own"><bdi>Reach</bdi></th>' in page
    assert "1,200" in page
    assert "<bdi>Ed</bdi>" in page
    assert shown(client, everywhere) == [[], []]
    assert shown(client_of(vi), own) == [[], []]


def test_a_column_of_another_board_is_refused_and_one_that_is_retired_goes(
    client, board, acme, noon, api_of, ed
):
    field = make_field(acme, board=make_board(acme, "Other"))
    url = f"/w/acme/boards/{board.pk}/list/columns/"
    assert client.post(url, {"shows": [f"field_{field.pk}"]}).status_code == 422
    ours, api = make_field(acme, "Ours"), api_of(ed)
    word = f"field_{ours.pk}"
    sent = {"columns": ["due", word]}
    assert api.put(LOOK, sent, format="json").json() == sent
    for strange, status in (("field_x", 400), (f"field_{field.pk}", 422)):
        answer = api.put(LOOK, {"columns": [strange]}, format="json")
        assert answer.status_code == status
    ours.retired_at = noon
    ours.save()
    assert api.get(LOOK).json() == {"columns": ["due"]}


@pytest.mark.parametrize("cards", [1, 40])
def test_fields_cost_two_queries_and_one_for_people_however_many_cards(
    client, board, acme, ed, cards, django_assert_num_queries
):
    reach, boss = make_field(acme), make_field(acme, "Boss", "person")
    for number in range(cards):
        make_card(board, f"Card {number}", values={reach: "1", boss: ed.pk})
    url = f"/w/acme/boards/{board.pk}/list/"
    client.post(f"{url}columns/", {"shows": [f"field_{reach.pk}", f"field_{boss.pk}"]})
    client.get(url)
    with django_assert_num_queries(QUERIES):
        client.get(url)


QUERIES = 23
