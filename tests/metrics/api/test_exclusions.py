"""What does not count, and what is not expected, over REST and by pages."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import now

from tests.make.metrics import make_ratio, observe
from tests.make.people import make_unique, meet

pytestmark = pytest.mark.django_db
API = "/api/v1/workspaces/acme/"
PAGES = "/w/acme/"


@pytest.fixture
def api(ed, api_of):
    return api_of(ed)


@pytest.fixture
def yesterday(acme):
    return acme.day_of(now()) - timedelta(days=1)


@pytest.fixture
def ctr(acme, yesterday):
    metric = make_ratio(acme)
    observe(metric.denominator, {yesterday: 100})
    observe(metric.numerator, {yesterday: 142}, source="ads")
    return metric


def send(api, path, body):
    answer = api.post(API + path, body, format="json")
    assert answer.status_code == 201, answer.json()
    return answer.json()


def test_observations_are_left_out_and_put_back(api, ctr):
    body = {"metric": "clicks", "source": "ads", "reason": "Robots"}
    made = send(api, "quality/exclusions/", body)
    assert made["excluded"] == 1
    assert api.get(f"{API}quality/exclusions/").json()["count"] == 1
    assert api.delete(f"{API}quality/exclusions/{made['id']}/").status_code == 204
    assert api.get(f"{API}quality/exclusions/").json()["count"] == 0
    assert api.get(f"{API}quality/exclusions/", {"revoked": "true"}).json()["count"] == 1
    for wrong in (
        {"source": "nobody"},
        {"metric": "no"},
        {"reason": ""},
        {"factor": "x"},
        {"a": 1},
    ):
        answer = api.post(f"{API}quality/exclusions/", body | wrong, format="json")
        assert answer.status_code == 400, wrong
    answer = api.post(f"{API}quality/exclusions/", body | {"metric": "ctr"}, format="json")
    assert answer.status_code == 422


def test_one_person_is_left_out_and_viewers_see_no_id(acme, api, vi, client_of):
    openers = make_unique(acme)
    meet(openers, {date(2026, 1, 5): "rab"})
    body = {"metric": "openers", "person": "r", "reason": "Robot"}
    made = send(api, "quality/exclusions/", body)
    assert (made["person"], made["excluded"]) == ("r", 1)
    viewer = client_of(vi)
    assert viewer.get(f"{API}quality/exclusions/").json()["results"][0]["person"] == ""
    assert "the person <bdi>r</bdi>" not in viewer.get(f"{PAGES}quality/").content.decode()
    assert api.delete(f"{API}quality/exclusions/{made['id']}/").status_code == 204
    wrong = api.post(f"{API}quality/exclusions/", body | {"person": "x"}, format="json")
    assert (wrong.status_code, wrong.json()["errors"][0]["column"]) == (422, "person")
    other = send(api, "quality/exclusions/", {"metric": "openers", "source": "mail", "reason": "x"})
    assert other["person"] is None


def test_one_person_is_left_out_on_the_page(acme, ed, client_of):
    meet(make_unique(acme), {date(2026, 1, 5): ["<r>", "a"]})
    browser = client_of(ed)
    sent = {"metric": "openers", "person": " <r> ", "reason": "Robot"}
    assert browser.post(f"{PAGES}quality/exclude/", sent).status_code == 302
    page = browser.get(f"{PAGES}quality/").content.decode()
    assert "the person <bdi>&lt;r&gt;</bdi>" in page
    assert browser.post(f"{PAGES}quality/exclude/", sent | {"person": "x"}).status_code == 422


def test_a_source_says_how_often_it_sends(api, ctr):
    rows = api.get(f"{API}quality/sources/").json()
    ads = next(row for row in rows if row["name"] == "ads")
    assert ads["state"] == "fresh"
    path = f"{API}quality/sources/{ads['id']}/"
    assert api.patch(path, {"cadence_days": 7}, format="json").json()["cadence_days"] == 7
    assert api.patch(path, {"cadence_days": 401}, format="json").status_code == 422
    ended = api.patch(path, {"cadence_days": 0}, format="json").json()
    assert (ended["cadence_days"], ended["state"]) == (0, None)
    assert ended["silence"] == "not_expected"


def test_a_source_says_what_it_does_not_send_any_more(api, ctr, client_of, ed, vi, api_of):
    [ads] = [row for row in api.get(f"{API}quality/sources/").json() if row["name"] == "ads"]
    assert [(one["metric"], one["expected"]) for one in ads["metrics"]] == [("clicks", True)]
    path = f"quality/sources/{ads['id']}/metrics/clicks/"
    told = api.patch(API + path, {"expected": False}, format="json").json()
    assert (told["state"], told["silence"]) == (None, "not_expected")
    assert told["metrics"][0]["expected"] is False
    browser = client_of(ed)
    assert "Expect it again" in browser.get(f"{PAGES}quality/").content.decode()
    assert browser.post(PAGES + path, {"expected": "on"}).status_code == 302
    page = browser.get(f"{PAGES}quality/").content.decode()
    assert "Expect no more" in page
    assert "Expect it again" not in page
    for body, status in (({}, 400), ({"expected": "x"}, 400), ({"expected": True, "a": 1}, 400)):
        assert api.patch(API + path, body, format="json").status_code == status
    assert api.patch(API + path.replace("clicks", "no"), {"expected": True}).status_code == 404
    computed = api.patch(API + path.replace("clicks", "ctr"), {"expected": False}, format="json")
    assert computed.status_code == 422
    refused = api_of(vi).patch(API + path, {"expected": False}, format="json")
    assert refused.status_code == 403
    assert client_of(vi).post(PAGES + path).status_code == 403
