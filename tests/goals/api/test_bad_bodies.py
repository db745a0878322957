"""Every body about strategy, goals, agreements and people, spoiled field by field: never a 500.

`bodies` holds a good one for each operation in the contract that takes one; a new operation has
to be added.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from goals.operations.quotas import QuotaDraft, set_quota
from goals.operations.strategy_decisions import DecisionDraft, log_decision
from goals.rules.strategy import Step
from tests.make.goals import every_day, make_goal, measured
from tests.make.sla import make_calendar, make_clock, make_promise, make_sla
from tests.make.strategies import make_strategy, publish, say, take_part, write
from tests.make.workspaces import NOON, make_stakeholder, owner_of
from tests.support.bodies import (
    ALLOWED,
    NOWHERE,
    STRANGE,
    Row,
    Sender,
    kind_of,
    named,
    operations,
    places,
    spoiled,
    told,
)

TAGS = {
    "assurances", "calendars", "clocks", "goals", "members", "promises", "quotas", "slas",
    "stakeholders", "strategies",
}  # fmt: skip


def bodies(acme) -> dict[str, Row]:
    """A good body for each operation, on rows that are really there."""
    who = {"by": owner_of(acme), "at": NOON}
    clicks = measured(acme, "clicks", every_day("2025-01-01", "2026-03-01", 10))
    measured(acme, "cost")
    goal = make_goal(clicks, "Step", percent="25", window=("2026-01-01", "2026-12-31"))
    make_goal(clicks, "Parent")
    calendar, boss = make_calendar(acme, "Mornings"), make_stakeholder(acme, "Board")
    sla = make_sla(acme, assurances=[("Offer", "A list")])
    promise = make_promise(sla)
    clock, late = make_clock(promise), make_clock(promise, at=NOON - timedelta(days=21))
    quota = set_quota(promise, draft=QuotaDraft(clicks, Decimal(1000)), **who)
    plan = make_strategy(acme)
    write(plan, Step.OUTCOMES, newcomer=("Sales", "More leads"))
    take_part(plan, questions=["Why?"], anonymous=True, members=[owner_of(acme)])
    item = say(publish(plan), "Write less", member=owner_of(acme)).items.get()
    write(plan, Step.OUTCOMES, words="Sooner")
    plan.refresh_from_db()
    draft = DecisionDraft("Two letters a month", plan.start)
    decision = log_decision(plan, draft=draft, **who)

    of = {name: {"id": row.pk} for name, row in {
        "calendar": calendar, "boss": boss, "sla": sla, "promise": promise, "clock": clock,
        "late": late, "quota": quota, "goal": goal, "plan": plan,
    }.items()}  # fmt: skip
    of["decision"] = of["plan"] | {"decision": decision.pk}
    of["item"] = of["plan"] | {"item": item.pk}
    version = {"version": plan.version}
    terms = {
        "title": "Clicks", "metric": "clicks", "aim": "reach", "basis": "cumulative",
        "grain": "month", "target": {"percent": "25"}, "owner": owner_of(acme).pk,
        "baseline": {"from": "2025-01-01", "to": "2025-12-31"}, "course": "phased",
        "start": "2026-01-01", "end": "2026-12-31", "stakeholder": boss.pk, "weight": "2",
        "checkpoints": [{"day": "2026-06-30", "value": "2000"}], "cadence": "weekly",
        "parent": None, "smart": {"specific": "Letters", "time_bound": "The year"},
    }  # fmt: skip
    hours = {"monday": "09:00-12:00", "friday": "9-13"}
    days = {
        "name": "Office", "timezone": "Asia/Tehran", "week": hours,
        "holidays": [{"day": "2026-12-25", "name": "Christmas"}],
    }  # fmt: skip
    parties = {"provider": sla.provider_id, "receiver": sla.receiver_id}
    agreed = {
        **parties, "name": "Leads", "counts": "both", "starts_on": "2026-01-01",
        "expectations": "Good ones", "assurances": [{"stage": "Offer", "text": "A list"}],
    }  # fmt: skip
    promised = {
        "side": "provider", "deliverable": "An answer", "quality": "Good", "mitigation": "Call",
        "response_minutes": 480,
    }  # fmt: skip
    asked = {"metric": "cost", "amount": "100", "bound": "at_least", "aspect": "quantity"}
    person = {
        "name": "A customer", "role": "Lead", "need": "Leads", "unspoken": "Rest", "outcome": "O",
        "influence": "high", "interest": "low", "reports_to": boss.pk, "contact": "a@b.example",
        "member": owner_of(acme).pk, "calendar": calendar.pk,
    }  # fmt: skip
    period = {"title": "Plan", "start": "2026-01-01", "end": "2026-12-31"}
    asked_of = {
        "words": "W", "questions": ["Why?"], "feedback_until": "2026-05-01", "anonymous": True,
        "members": [owner_of(acme).pk], "stakeholders": [boss.pk],
    }  # fmt: skip
    decided = {
        "title": "Stop", "decided_on": "2026-03-01", "why": "W", "evidence": "E",
        "goal": goal.pk, "review_on": "2026-09-01",
    }  # fmt: skip
    said = [{"text": "A date", "about": "Why?", "goal": goal.pk, "step": "goals"}]
    good = {
        "patch assurances/{id}/": ({"assured": True}, {"id": sla.assurances.get().pk}),
        "post calendars/": (days, {}),
        "patch calendars/{id}/": (days | {"version": 1}, of["calendar"]),
        "post clocks/{id}/breach/": (
            {"version": late.version, "reason": "Flu", "mitigation": "Call"}, of["late"]),
        "post clocks/{id}/pause/": ({"version": 1, "reason": "Waits"}, of["clock"]),
        "post clocks/{id}/resume/": ({"version": 1}, of["clock"]),
        "post clocks/{id}/stop/": ({"version": 1}, of["clock"]),
        "post goals/": (terms, {}),
        "patch goals/{id}/": (terms | {"version": 1}, of["goal"]),
        "post goals/{id}/check-ins/": (
            {"note": "Well", "value_note": "Late", "confidence": "0.7", "draft": False},
            of["goal"]),
        "post goals/{id}/close/": (
            {"version": 1, "reason": "Cut", "retrospective": "Less"}, of["goal"]),
        "post goals/{id}/guardrails/": (
            {"metric": "cost", "side": "below", "bound": "5", "grain": "month"}, of["goal"]),
        "put goals/{id}/lint/{code}/": (
            {"reason": "We know"}, of["goal"] | {"code": "no_resources"}),
        "put goals/{id}/raci/": (
            {"version": 1, "accountable": owner_of(acme).pk, "responsible": [],
             "consulted": [{"stakeholder": boss.pk}], "informed": []}, of["goal"]),
        "post goals/{id}/reopen/": ({"version": 1}, of["goal"]),
        "post goals/{id}/split/": (
            {"version": 1, "into": "quarter", "mode": "manual", "rebalanced": False,
             "parts": ["1000", "1000", "1000", "1562.5"], "shape": "steps"}, of["goal"]),
        "patch members/{id}/": (
            {"role": "owner", "reports_to": None}, {"id": owner_of(acme).pk}),
        "patch promises/{id}/": (promised | {"version": 1}, of["promise"]),
        "post promises/{id}/clocks/": ({"subject": "Brief"}, of["promise"]),
        "post promises/{id}/quotas/": (asked, of["promise"]),
        "patch quotas/{id}/": (asked | {"version": 1}, of["quota"]),
        "put quotas/{id}/months/{month}/": (
            {"reason": "Flu", "mitigation": "Call"}, of["quota"] | {"month": "2026-02"}),
        "post slas/": (agreed, {}),
        "patch slas/{id}/": (agreed | {"version": sla.version}, of["sla"]),
        "post slas/{id}/end/": ({"version": sla.version}, of["sla"]),
        "post slas/{id}/promises/": (promised, of["sla"]),
        "post stakeholders/": (person, {}),
        "patch stakeholders/{id}/": (
            person | {"version": 1, "reports_to": None}, of["boss"]),
        "post strategies/": (period, {}),
        "patch strategies/{id}/": (period | version, of["plan"]),
        "patch strategies/{id}/outcomes/": (
            {"words": "W", "lines": [{"stakeholder": boss.pk, "outcome": "O"}]} | version,
            of["plan"]),
        "patch strategies/{id}/metrics/": (
            {"words": "W", "lines": [{"metric": "clicks", "why": "Y"}]} | version, of["plan"]),
        "patch strategies/{id}/goals/": (
            {"words": "W", "lines": [{"goal": goal.pk, "change": "C"}]} | version, of["plan"]),
        "patch strategies/{id}/participation/": (asked_of | version, of["plan"]),
        "patch strategies/{id}/steps/": ({"words": "W"} | version, of["plan"]),
        "patch strategies/{id}/assignments/": ({"words": "W"} | version, of["plan"]),
        "post strategies/{id}/close/": (version, of["plan"]),
        "post strategies/{id}/reopen/": (version, of["plan"]),
        "post strategies/{id}/start/": (version, of["plan"]),
        "post strategies/{id}/versions/": (version | {"note": "New"}, of["plan"]),
        "post strategies/{id}/decisions/": (decided, of["plan"]),
        "post strategies/{id}/decisions/{decision}/close/": (
            {"version": 1, "came_of_it": "Fewer"}, of["decision"]),
        "post strategies/{id}/feedback/": (
            {"number": 1, "suggestions": said, "anonymous": False}, of["plan"]),
        "post strategies/{id}/feedback/{item}/decide/": (
            {"revision": 1, "disposition": "declined", "reason": "No"}, of["item"]),
        "post strategies/{id}/shares/": (
            {"label": "Board", "until": "2026-12-01", "takes_feedback": True,
             "stakeholder": boss.pk, "pinned": 1}, of["plan"]),
        "post strategies/{id}/signatures/": (
            {"number": 1, "agreed": False, "words": "Later"}, of["plan"]),
    }  # fmt: skip
    return {name: Row(*found) for name, found in good.items()}


@pytest.fixture
def sender(acme, api_of):
    with time_machine.travel(NOON, tick=False):
        good = bodies(acme)
        api = api_of(owner_of(acme))
        api.raise_request_exception = False
        yield Sender(api, good)


@pytest.mark.once
def test_every_operation_with_a_body_is_spoiled(sender):
    assert set(sender.good) == operations(TAGS)


def test_the_bodies_are_good(sender):
    not_now = {"post clocks/{id}/resume/", "post goals/{id}/reopen/", "post slas/{id}/end/"}
    not_now |= {"post strategies/{id}/reopen/", "post strategies/{id}/start/"}
    found = {name: sender.send(name, row.body) for name, row in sender.good.items()}
    refused = {name: told(answer) for name, answer in found.items() if answer.status_code >= 300}
    assert set(refused) == not_now, refused


@pytest.mark.once
@pytest.mark.parametrize("word", NOWHERE)
def test_I15_what_no_field_takes_is_a_400_that_names_each(sender, word):
    wrong = {}
    for name, row in sender.good.items():
        answer = sender.send(name, dict.fromkeys(row.body, NOWHERE[word]))
        if answer.status_code != 400 or named(answer) != set(row.body):
            wrong[name] = (set(row.body) - named(answer), told(answer))
    assert wrong == {}


def test_I03_what_makes_no_sense_is_taken_or_refused_at_a_field(sender):
    wrong = {}
    for name, row in sender.good.items():
        for place, good in places(row.body):
            for value in STRANGE[kind_of(good)]:
                answer = sender.send(name, spoiled(row.body, place, value))
                unnamed = answer.status_code == 400 and not named(answer)
                if answer.status_code not in ALLOWED or unnamed:
                    wrong[(name, *place, str(value)[:20])] = told(answer)
    assert wrong == {}


def test_T03_rows_of_another_workspace_are_not_there_for_any_operation(sender, globex):
    foreign = bodies(globex)
    found, taken = {}, {}
    for name, row in sender.good.items():
        theirs = foreign[name]
        if row.ids:
            found[name] = sender.send(name, row.body, theirs.ids).status_code
        if theirs.body != row.body:
            taken[name] = sender.send(name, theirs.body, row.ids).status_code
    assert {name: status for name, status in found.items() if status != 404} == {}
    assert {name: status for name, status in taken.items() if status not in {400, 404}} == {}
