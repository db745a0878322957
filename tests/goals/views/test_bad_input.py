"""What makes no goal, by page and by REST: said at the field, and nothing is stored."""

from dataclasses import dataclass, field

import pytest

from goals.models import Goal
from metrics.operations.definitions import retire_metric
from tests.goals.views.reading import at, fields, text_of
from tests.make.goals import every_day, make_goal, measured
from tests.support.pages import form_on
from workspaces.models.events import Event

API = "/api/v1/workspaces/acme/goals/"


@dataclass(frozen=True)
class Bad:
    """What is changed on the form and in the body, where each says so, and a word of it."""

    typed: dict
    sent: dict
    place: str
    pointer: str
    word: str
    status: int = 422
    metric: str = "clicks"
    parent: dict = field(default_factory=dict)


BAD = {
    "target is the baseline": Bad(
        {"basis": "level", "amount": "0"}, {"basis": "level", "target": {"percent": "0"}},
        "amount", "/target", "baseline",
    ),
    "end before start": Bad(
        {"end": "2025-12-31"}, {"end": "2025-12-31"}, "end", "/end", "on or after", 400
    ),
    "a metric without data": Bad({}, {}, "baseline_from", "/baseline", "no data", metric="silent"),
    "a percent of zero": Bad({}, {}, "amount", "/target", "percent", metric="zero"),
    "a percent of less than zero": Bad({}, {}, "amount", "/target", "percent", metric="loss"),
    "a retired metric": Bad({}, {}, "metric", "/metric", "", metric="gone"),
    "year 1": Bad(
        {"start": "0001-01-01"}, {"start": "0001-01-01"}, "start", "/start", ""
    ),
    "year 9999": Bad({"end": "9999-12-31"}, {"end": "9999-12-31"}, "end", "/end", ""),
    "5,000 letters": Bad(
        {"title": "x" * 5000}, {"title": "x" * 5000}, "title", "/title", "200", 400
    ),
    "NUL": Bad({"title": "a\x00b"}, {"title": "a\x00b"}, "title", "/title", "", 400),
    "no number": Bad(
        {"amount": "NaN"}, {"target": {"percent": "NaN"}}, "amount", "/target/percent",
        "number", 400,
    ),
    "an endless number": Bad(
        {"amount": "Infinity"}, {"target": {"percent": "Infinity"}}, "amount",
        "/target/percent", "number", 400,
    ),
    "a huge number": Bad(
        {"amount": "9" * 40}, {"target": {"percent": "9" * 40}}, "amount", "/target/percent",
        "number", 400,
    ),
    "weights that are all nothing": Bad(
        {"weight": "0"}, {"weight": "0"}, "weight", "/weight", "", parent={"parent": "Top"}
    ),
}  # fmt: skip


@pytest.fixture
def metrics(acme, noon):
    """By key: with data, without, of nothing but zeros, below zero, retired."""
    year = ("2025-01-01", "2026-03-01")
    found = {
        "clicks": measured(acme, "clicks", every_day(*year, 10)),
        "silent": measured(acme, "silent"),
        "zero": measured(acme, "zero", every_day(*year, 0)),
        "loss": measured(acme, "loss", every_day(*year, -4)),
        "gone": measured(acme, "gone", every_day(*year, 10)),
    }
    found["gone"] = retire_metric(found["gone"], by=None, at=noon)
    return found


def stored() -> tuple[int, int]:
    return Goal.objects.count(), Event.objects.count()


@pytest.mark.parametrize("name", BAD)
def test_the_page_says_it_at_the_field(metrics, olga, client_of, name):
    bad = BAD[name]
    parent = {"parent": make_goal(metrics["clicks"], "Top").pk} if bad.parent else {}
    before = stored()
    typed = fields(metrics[bad.metric], olga, **bad.typed, **parent)
    answer = client_of(olga).post(at("new"), typed)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [bad.place]
    assert bad.word in errors[bad.place][0]
    assert stored() == before


@pytest.mark.parametrize("name", BAD)
def test_rest_says_it_at_the_pointer(metrics, olga, api_of, name):
    bad = BAD[name]
    parent = {"parent": make_goal(metrics["clicks"], "Top").pk} if bad.parent else {}
    body = {
        "title": "Clicks", "metric": bad.metric, "basis": "cumulative",
        "target": {"percent": "25"}, "baseline": {"from": "2025-01-01", "to": "2025-12-31"},
        "start": "2026-01-01", "end": "2026-12-31",
    }  # fmt: skip
    api, before = api_of(olga), stored()
    answer = api.post(API, body | bad.sent | parent, format="json")
    assert answer.status_code == bad.status, answer.content
    (error,) = answer.json()["errors"]
    assert error["pointer"] == bad.pointer
    assert bad.word in error["message"]
    assert stored()[0] == before[0]


def test_a_tree_that_bites_its_tail_is_refused_by_page_and_by_rest(
    metrics, olga, client_of, api_of, noon
):
    top = make_goal(metrics["clicks"], "Top")
    low = make_goal(
        metrics["clicks"], "Low", parent=make_goal(metrics["clicks"], "Mid", parent=top)
    )
    typed = fields(metrics["clicks"], olga, parent=low.pk, version=1)
    answer = client_of(olga).post(at("edit", pk=top.pk), typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["parent"]
    told = api_of(olga).patch(f"{API}{top.pk}/", {"version": 1, "parent": low.pk}, format="json")
    assert (told.status_code, told.json()["errors"][0]["pointer"]) == (422, "/parent")
    top.refresh_from_db()
    assert (top.parent_id, top.version) == (None, 1)


def test_a_metric_that_is_retired_later_is_told_on_the_goal_and_breaks_nothing(
    metrics, olga, client_of, api_of, noon
):
    goal, browser = make_goal(metrics["clicks"]), client_of(olga)
    assert "retired" not in text_of(browser.get(at("goal", pk=goal.pk)))
    retire_metric(metrics["clicks"], by=olga, at=noon)
    for page in ("goal", "edit", "split"):
        assert browser.get(at(page, pk=goal.pk)).status_code == 200
    assert "is retired and takes no more data" in text_of(browser.get(at("goal", pk=goal.pk)))
    assert "(retired)" in text_of(browser.get(at("index")))
    api = api_of(olga)
    assert api.get(f"{API}{goal.pk}/").json()["metric_retired"] is True
    named = api.patch(f"{API}{goal.pk}/", {"version": 1, "title": "Other"}, format="json")
    assert named.status_code == 200
    typed = form_on(browser.get(at("edit", pk=goal.pk)), at("edit", pk=goal.pk))
    edit = at("edit", pk=goal.pk)
    assert browser.post(edit, typed | {"title": "Third"}).status_code == 302
    harder = browser.post(edit, typed | {"version": "3", "amount": "2000"})
    assert list(harder.context["form"].errors) == ["metric"]
