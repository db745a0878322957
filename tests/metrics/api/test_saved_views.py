import pytest

from tests.make.metrics import make_metric
from tests.make.saved_views import make_view
from tests.make.workspaces import make_member
from workspaces.models.events import Event
from workspaces.rules.roles import Role

URL = "/api/v1/workspaces/acme/views/"
pytestmark = pytest.mark.django_db
QUESTION = {"metrics": ["clicks"], "grain": "week", "by": ["ch"], "where": {"ch": ["a", None]}}


@pytest.fixture
def api(ed, api_of):
    return api_of(ed)


def test_a_view_is_kept_as_it_was_asked(api):
    answer = api.post(URL, {"name": " Weekly ", "question": QUESTION}, format="json")
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    assert made["question"] == {**QUESTION, "chart": "line"}
    assert (made["name"], made["shared"], made["owner"]) == ("Weekly", False, "ed@acme.example")
    assert api.get(f"{URL}{made['id']}/").json() == made
    assert api.get(URL).json()["results"] == [made]
    assert "where=ch%3Aa&where=ch%3A" in made["address"]


def test_what_is_not_shared_does_not_exist_for_others(ed, mia, vi, api_of):
    own = make_view(ed)
    shared = make_view(ed, name="For all", shared=True)
    for member in (mia, vi):
        client = api_of(member)
        assert [row["id"] for row in client.get(URL).json()["results"]] == [shared.pk]
        assert client.get(f"{URL}{own.pk}/").status_code == 404


def test_who_changes_a_shared_view(ed, mia, acme, api_of):
    view = make_view(ed, shared=True)
    other = api_of(make_member(acme, "eve@acme.example", Role.EDITOR))
    change = {"version": 1, "name": "Mine now"}
    assert other.patch(f"{URL}{view.pk}/", change, format="json").status_code == 403
    assert other.delete(f"{URL}{view.pk}/").status_code == 403
    manager = api_of(mia)
    assert manager.patch(f"{URL}{view.pk}/", change, format="json").json()["name"] == "Mine now"
    assert manager.delete(f"{URL}{view.pk}/").status_code == 204
    assert manager.get(f"{URL}{view.pk}/").status_code == 404


def test_an_old_version_is_told_the_present_one(ed, api):
    view = make_view(ed)
    assert (
        api.patch(f"{URL}{view.pk}/", {"version": 1, "name": "A"}, format="json").status_code == 200
    )
    answer = api.patch(f"{URL}{view.pk}/", {"version": 1, "name": "B"}, format="json")
    assert answer.status_code == 409
    assert answer.json()["current"]["name"] == "A"


def test_only_a_shared_view_is_pinned_and_only_six(ed, api):
    view = make_view(ed)
    answer = api.patch(f"{URL}{view.pk}/", {"version": 1, "pinned": True}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "not_shared")
    for number in range(6):
        make_view(ed, name=str(number), shared=True, pinned=True)
    both = {"version": 1, "pinned": True, "shared": True}
    answer = api.patch(f"{URL}{view.pk}/", both, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_pinned")


@pytest.mark.parametrize(
    ("body", "column"),
    [
        ({"question": QUESTION}, "name"),
        ({"name": "x"}, "question"),
        ({"name": "x", "question": {"metrics": []}}, "metrics"),
        ({"name": "x", "question": {**QUESTION, "sql": "1"}}, "sql"),
        ({"name": "x", "question": QUESTION, "owner": 1}, "owner"),
        ({"name": "x", "question": QUESTION, "page": "admin"}, "page"),
        ({"name": "x\0", "question": QUESTION}, "name"),
    ],
)
def test_bad_views_are_named(api, body, column):
    answer = api.post(URL, body, format="json")
    assert answer.status_code == 400, answer.json()
    assert column in {error["column"] for error in answer.json()["errors"]}


def test_the_log_does_not_tell_the_name_of_a_private_view(ed):
    make_view(ed, name="Secret")
    make_view(ed, name="Open", shared=True)
    told = list(Event.objects.filter(verb="view.saved").values_list("data__name", flat=True))
    assert told == ["", "Open"]


def test_T10_a_stranger_finds_no_view(ed, sam, globex, api_of):
    view = make_view(ed, shared=True)
    client = api_of(sam)
    assert client.get(f"{URL}{view.pk}/").status_code == 404
    assert client.get(f"/api/v1/workspaces/globex/views/{view.pk}/").status_code == 404


def test_a_kept_question_about_a_metric_that_is_gone_is_still_listed(ed, api, acme):
    make_metric(acme)
    make_view(ed, metrics=["gone"])
    assert api.get(URL).json()["count"] == 1
