"""Strategies by REST: what a page does, a program does."""

import pytest
from django.core.cache import cache
from django.test import Client

from goals.models import FeedbackItem, Strategy
from goals.rules.strategy import Step
from tests.make.goals import every_day, make_goal, measured
from tests.make.strategies import make_strategy, publish, say, take_part, write
from tests.make.workspaces import make_stakeholder

pytestmark = pytest.mark.django_db
BASE = "/api/v1/workspaces/acme/strategies/"


@pytest.fixture(autouse=True)
def _no_limits_from_before():
    cache.clear()


@pytest.fixture
def clicks(acme):
    return measured(acme, "clicks", every_day("2026-01-01", "2026-03-01", 12))


@pytest.fixture
def plan(acme):
    return write(make_strategy(acme), Step.OUTCOMES, newcomer=("Sales", "120 leads a month"))


@pytest.fixture
def editor(ed, api_of):
    return api_of(ed)


@pytest.fixture
def manager(mia, api_of):
    return api_of(mia)


def send(client, path, method="post", **body):
    return getattr(client, method)(f"{BASE}{path}", body, format="json")


def test_the_six_steps_are_written_published_shared_and_signed(
    acme, clicks, ed, editor, manager, vi, api_of
):
    made = send(editor, "", title="Plan", start="2026-01-01", end="2026-12-31")
    assert made.status_code == 201
    url, sales = f"{made.data['id']}/", make_stakeholder(acme)
    goal = make_goal(clicks, owner=ed)
    make_goal(clicks, "First quarter", parent=goal, owner=ed)

    def save(step, **body):
        version = Strategy.objects.get().version
        answer = send(editor, f"{url}{step}/", "patch", version=version, **body)
        assert answer.status_code == 200, answer.data
        return answer.data

    save("outcomes", words="Trust", lines=[{"stakeholder": sales.pk, "outcome": "120 leads"}])
    save("metrics", lines=[{"metric": "clicks", "why": "Interest"}])
    save("goals", lines=[{"goal": goal.pk, "change": "Two letters a week"}])
    save("participation", questions=["What is missing?"], members=[vi.pk], stakeholders=[sales.pk])
    save("steps", words="One at a time")
    whole = save("assignments", words="We meet on Mondays")
    assert all(whole["filled"].values())
    assert whole["document"]["goals"][0]["change"] == "Two letters a week"
    assert whole["document"]["steps"][0]["title"] == "First quarter"

    published = send(manager, f"{url}versions/", version=whole["version"], note="First")
    assert (published.status_code, published.data["number"]) == (201, 1)
    assert (whole["missing"], published.data["missing"]) == ([], [])
    link = send(
        manager, f"{url}shares/", label="Sales", until="2026-12-01", stakeholder=sales.pk,
        takes_feedback=True,
    )  # fmt: skip
    path = link.data["url"].split("//", 1)[1].split("/", 1)[1]
    assert "120 leads" in Client().get(f"/{path}").content.decode()
    Client().post(f"/{path}sign/", {"number": 1, "agreed": "yes"})
    unsigned = send(manager, f"{url}start/", version=whole["version"])
    assert (unsigned.status_code, unsigned.data["code"]) == (422, "unsigned")
    refused = send(api_of(vi), f"{url}signatures/", number=1, agreed=False, words="A date")
    assert [one["agreed"] for one in refused.data] == [False, True]
    signed = send(api_of(vi), f"{url}signatures/", number=1, agreed=True)
    assert [one["words"] for one in signed.data[0]["earlier"]] == ["A date"]
    assert [one["agreed"] for one in signed.data] == [True, True]
    started = send(manager, f"{url}start/", version=whole["version"])
    assert started.data["started_at"] is not None


def test_what_is_missing_is_in_the_answer_to_publishing(plan, manager):
    made = send(manager, f"{plan.pk}/versions/", version=Strategy.objects.get().version)
    assert made.status_code == 201
    told = {(one["step"], one["code"]): one["message"] for one in made.data["missing"]}
    assert told["goals", "no_goals"] == "No goal is set."


def test_the_list_has_pages_and_a_filter(plan, editor, manager):
    send(manager, f"{plan.pk}/close/", version=Strategy.objects.get().version)
    make_strategy(plan.workspace)
    found = editor.get(BASE).data
    assert (found["count"], found["results"][0]["closed_at"]) == (2, None)
    assert editor.get(BASE, {"open": "false"}).data["count"] == 1
    assert editor.get(BASE, {"open": "maybe"}).status_code == 400
    assert editor.get(BASE, {"opened": "true"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("", {"title": "Plan", "start": "0001-01-01", "end": "2026-12-31"}, "start"),
        ("", {"title": "Plan", "start": "2026-01-01", "end": "9999-12-31"}, "end"),
        ("{}/participation/", {"version": 1, "feedback_until": "0001-01-01"}, "feedback_until"),
        ("{}/decisions/", {"title": "Yes", "decided_on": "0001-01-01"}, "decided_on"),
        ("{}/shares/", {"label": "Sales", "until": "9999-12-31"}, "until"),
    ],
)
def test_days_lie_between_1970_and_2199(acme, manager, path, body, field):
    plan = make_strategy(acme)
    method = "patch" if "version" in body else "post"
    answer = send(manager, path.format(plan.pk), method, **body)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "out_of_range")
    assert told["errors"][0]["column"] == field


def test_O01_who_comes_second_gets_the_strategy_as_it_stands(plan, editor):
    first = send(editor, f"{plan.pk}/", "patch", version=2, title="Plan B")
    assert (first.status_code, first.data["title"]) == (200, "Plan B")
    late = send(editor, f"{plan.pk}/steps/", "patch", version=2, words="x")
    assert (late.status_code, late.data["current"]["title"]) == (409, "Plan B")


@pytest.mark.parametrize(
    ("step", "body", "field"),
    [
        ("outcomes", {"lines": [{"stakeholder": 10**18}]}, "stakeholder"),
        ("outcomes", {"lines": [{"stakeholder": "x"}]}, "stakeholder"),
        ("metrics", {"lines": [{"metric": "nothing"}]}, "metric"),
        ("goals", {"lines": [{"goal": 10**30}]}, "goal"),
        ("goals", {"lines": {}}, "lines"),
        ("participation", {"questions": ["x"] * 13}, "questions"),
        ("participation", {"members": [10**18]}, "members"),
        ("steps", {"lines": []}, "lines"),
        ("assignments", {"words": "x" * 5000}, "words"),
    ],
)
def test_a_wrong_step_names_its_field_and_changes_nothing(plan, editor, step, body, field):
    before = Strategy.objects.values().get()
    answer = send(editor, f"{plan.pk}/{step}/", "patch", version=before["version"], **body)
    assert answer.status_code == 400
    assert any(field in one["pointer"] for one in answer.data["errors"]), answer.data["errors"]
    assert Strategy.objects.values().get() == before


def test_what_a_step_does_not_name_stays(plan, editor, ed):
    take_part(plan, questions=["Why?"], members=[ed], anonymous=True)
    version = Strategy.objects.get().version
    answer = send(editor, f"{plan.pk}/participation/", "patch", version=version, anonymous=False)
    document = answer.data["document"]
    assert (document["questions"], document["signers"]) == (("Why?",), ("Ed",))
    assert document["anonymous"] is False


def test_versions_are_read_and_compared(plan, editor):
    publish(plan)
    write(plan, Step.STEPS, words="Two hours")
    publish(plan)
    listed = editor.get(f"{BASE}{plan.pk}/versions/").data["results"]
    assert [one["number"] for one in listed] == [2, 1]
    first = editor.get(f"{BASE}{plan.pk}/versions/1/").data
    assert first["document"]["words"].get("steps") is None
    changes = editor.get(f"{BASE}{plan.pk}/versions/1/changes/", {"to": "2"}).data
    assert changes == [
        {
            "step": "steps", "kind": "changed", "name": "", "field": "words",
            "pieces": [{"kind": "added", "text": "Two hours"}],
        }
    ]  # fmt: skip
    assert editor.get(f"{BASE}{plan.pk}/versions/2/changes/").data == []
    assert editor.get(f"{BASE}{plan.pk}/versions/1/changes/", {"to": "9"}).status_code == 400
    for number in ("9", "x", "9" * 30):
        assert editor.get(f"{BASE}{plan.pk}/versions/{number}/").status_code == 404


def test_feedback_is_given_listed_and_decided(plan, editor, vi, api_of):
    take_part(plan, questions=["Why?"], anonymous=True)
    publish(plan)
    url = f"{plan.pk}/feedback/"
    given = send(
        api_of(vi), url, number=1, suggestions=[{"text": "A date", "about": "Why?"}],
        anonymous=True,
    )  # fmt: skip
    assert (given.status_code, given.data["answered"]) == (201, 1)
    (item,) = editor.get(BASE + url).data["results"]
    assert (item["name"], item["disposition"], item["number"]) == ("", "open", 1)
    decide = f"{url}{item['id']}/decide/"
    refused = send(editor, decide, revision=1, disposition="declined")
    assert (refused.status_code, refused.data["errors"][0]["column"]) == (422, "reason")
    done = send(editor, decide, revision=1, disposition="accepted", reason="In step 3")
    assert done.data["disposition"] == "accepted"
    late = send(editor, decide, revision=1, disposition="open")
    assert (late.status_code, late.data["current"]["revision"]) == (409, 2)
    assert editor.get(BASE + url, {"disposition": "open"}).data["count"] == 0
    assert editor.get(BASE + url, {"disposition": "lost"}).status_code == 400


def test_an_anonymous_answer_leaves_no_receipt(plan, vi, api_of):
    take_part(plan, anonymous=True)
    publish(plan)
    body = {"number": 1, "suggestions": [{"text": "Hm"}], "anonymous": True}
    url = f"{BASE}{plan.pk}/feedback/"
    answer = api_of(vi).post(url, body, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    assert answer.status_code == 400
    assert not FeedbackItem.objects.exists()


def test_a_suggestion_is_not_reached_through_another_strategy(plan, editor, ed):
    version = publish(plan)
    say(version, "Hm", member=ed)
    item, other = FeedbackItem.objects.get(), make_strategy(plan.workspace)
    url = f"{other.pk}/feedback/{item.pk}/decide/"
    assert send(editor, url, revision=1, disposition="accepted").status_code == 404


def test_links_are_listed_without_their_secret_and_taken_back(plan, manager, editor):
    publish(plan)
    url = f"{plan.pk}/shares/"
    made = send(manager, url, label="The board", until="2026-12-01", pinned=1)
    secret = made.data["url"].rstrip("/").rsplit("/", 1)[1]
    listed = manager.get(BASE + url)
    assert secret not in listed.content.decode()
    assert listed.data["results"][0]["pinned"] is True
    assert editor.get(BASE + url).status_code == 403
    assert manager.delete(f"{BASE}{url}{made.data['id']}/").status_code == 204
    assert Client().get(f"/shared/{secret}/").status_code == 404
    assert send(manager, url, label="x", until="2026-12-01", pinned=7).status_code == 404


def test_decisions_are_logged_and_closed(plan, editor):
    url = f"{plan.pk}/decisions/"
    made = send(editor, url, title="Stop", decided_on="2026-03-01", evidence="CTR 0.4 %")
    assert made.status_code == 201
    late = send(editor, url, title="Stop", decided_on="2036-03-01")
    assert (late.status_code, late.data["code"]) == (422, "future")
    close = f"{url}{made.data['id']}/close/"
    done = send(editor, close, version=1, came_of_it="It doubled")
    assert done.data["came_of_it"] == "It doubled"
    assert send(editor, close, version=1, came_of_it="No").status_code == 409
    assert editor.get(BASE + url).data["count"] == 1
