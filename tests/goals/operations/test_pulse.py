"""The pulse: anonymous by what is stored, its result a metric."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core import serializers
from django.db import connections

from goals.models import PulseRound, PulseTurn
from goals.operations.pulse import answer_by_link, answer_pulse
from goals.operations.pulse_rounds import keep_pulses
from metrics.models import Metric
from metrics.models.imports import ImportRun
from metrics.operations.definitions import retire_metric
from metrics.operations.rollups import roll_up
from metrics.queries.series import read_series
from tests.make.metrics import make_metric
from tests.make.pulse import (
    OPEN,
    OVER,
    link_for,
    make_pulse,
    open_now,
    stakeholders_say,
    team_says,
    turn_of,
)
from tests.make.workspaces import make_stakeholder
from workspaces.models.events import Event
from workspaces.operations.members import remove_member
from workspaces.rules.errors import Refused, Stale

pytestmark = pytest.mark.django_db


def test_a_round_opens_on_its_day_in_the_workspaces_zone_and_once(acme):
    make_pulse(acme, at=datetime(2026, 2, 19, 12, tzinfo=UTC))
    keep_pulses(at=datetime(2026, 2, 19, 22, 59, tzinfo=UTC))
    assert not PulseRound.objects.exists()
    for _run in range(2):
        keep_pulses(at=datetime(2026, 2, 19, 23, tzinfo=UTC))  # the 20th in Warsaw
    assert open_now(acme).month == date(2026, 2, 1)


def test_a_member_answers_once_a_month(acme, vi):
    make_pulse(acme)
    answer_pulse(vi, score=9, at=OPEN)
    with pytest.raises(Refused) as refusal:
        answer_pulse(vi, score=1, at=OPEN)
    assert refusal.value.code == "answered"
    assert sum(open_now(acme).tally["team"]) == 1


def test_a_link_takes_one_answer_and_a_new_one_kills_the_one_before(acme):
    make_pulse(acme)
    sales = make_stakeholder(acme)
    first = turn_of(link_for(sales))
    second = link_for(sales)
    assert not PulseTurn.objects.filter(secret_hash=first.secret_hash).exists()
    answer_by_link(turn_of(second), score=4, at=OPEN)
    with pytest.raises(Refused) as refusal:
        answer_by_link(turn_of(second), score=4, at=OPEN)
    assert refusal.value.code == "answered"
    with pytest.raises(Refused):
        link_for(sales)


def test_an_answer_is_stored_without_person_time_or_order_and_tells_no_event(acme, vi, ed):
    make_pulse(acme)
    before = Event.objects.count()
    answer_pulse(vi, score=2, at=OPEN)
    answer_pulse(ed, score=7, at=OPEN)
    assert Event.objects.count() == before
    rows = serializers.serialize("python", PulseTurn.objects.all())
    names = {"workspace", "round", "member", "stakeholder", "secret_hash", "has_answered"}
    assert [set(row["fields"]) for row in rows] == [names] * 2
    assert open_now(acme).tally["team"] == [0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0]


def test_when_the_month_is_over_the_sums_are_kept_and_all_else_is_forgotten(acme):
    make_pulse(acme)
    team_says(acme, 6, 8, 10)
    stakeholders_say(acme, 2)
    keep_pulses(at=OVER)
    row = PulseRound.objects.get()
    assert (row.tally, PulseTurn.objects.count()) == ({}, 0)
    assert row.results == [{"group": "", "points": 26, "answers": 4}]
    assert (row.asked, row.answered) == (
        {"team": 4, "stakeholders": 1},
        {"team": 3, "stakeholders": 1},
    )


def test_too_few_answers_are_no_result_and_no_observation(acme):
    pulse = make_pulse(acme, fewest=4)
    team_says(acme, 1, 2, 3)
    keep_pulses(at=OVER)
    assert PulseRound.objects.get().results == []
    assert not ImportRun.objects.filter(workspace=acme).exists()
    assert pulse.score.key == "pulse"


def test_a_result_is_a_metric_whose_year_is_a_ratio_of_sums(acme):
    make_pulse(acme)
    team_says(acme, 10, 10, 10)
    stakeholders_say(acme, 1, 2, 3)
    keep_pulses(at=OVER)
    march = datetime(2026, 3, 21, 12, tzinfo=UTC)
    keep_pulses(at=march)
    team_says(acme, 5, 5, 5, 5, 5, 5, at=march)
    keep_pulses(at=datetime(2026, 4, 1, 12, tzinfo=UTC))
    roll_up()
    score = Metric.objects.get(workspace=acme, key="pulse")
    answer = read_series(score, grain="month")
    months = [point.value for point in answer.series[0].points]
    assert months == [Decimal(6), Decimal(5)]
    assert answer.total.value == Decimal("5.5")
    groups = read_series(score, grain="month", by=["group"], last=date(2026, 2, 28))
    told = {line.dims["group"]: line.points[0].value for line in groups.series}
    assert told == {"team": Decimal(10), "stakeholders": Decimal(2)}


def test_closing_and_feeding_twice_changes_nothing(acme):
    make_pulse(acme)
    team_says(acme, 6, 8, 10)
    keep_pulses(at=OVER)
    PulseRound.objects.update(fed_at=None)  # as if the worker died before it was noted
    keep_pulses(at=OVER)
    runs = list(ImportRun.objects.order_by("pk").values_list("new", "unchanged"))
    assert runs == [(2, 0), (0, 2)]
    assert not keep_pulses(at=OVER)


def test_a_month_waits_while_its_metric_takes_no_observations(acme, olga):
    pulse = make_pulse(acme)
    team_says(acme, 6, 8, 10)
    for metric in (pulse.score, pulse.points):
        retire_metric(metric, by=olga, at=OPEN)
    keep_pulses(at=OVER)
    row = PulseRound.objects.get()
    assert (bool(row.closed_at), row.fed_at) == (True, None)


def test_what_is_changed_holds_from_the_next_round_so_that_nobody_is_unmasked_later(acme):
    make_pulse(acme, fewest=5)
    team_says(acme, 6, 8, 10)
    make_pulse(acme, version=1, fewest=3, question="And now?")
    assert (open_now(acme).fewest, open_now(acme).question) == (5, "How satisfied are you?")
    with pytest.raises(Stale):
        make_pulse(acme, version=1)


def test_an_answer_after_the_month_is_refused_before_the_job_has_run(acme, vi):
    make_pulse(acme)
    with pytest.raises(Refused) as refusal:
        answer_pulse(vi, score=5, at=OVER)
    assert refusal.value.code == "not_open"


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"question": "  "}, "question"),
        ({"fewest": 2}, "fewest"),
        ({"fewest": 51}, "fewest"),
        ({"opens_on": 31}, "opens_on"),
        ({"asks_team": False, "asks_stakeholders": False}, "asks_team"),
    ],
)
def test_a_pulse_that_cannot_be_is_refused_at_its_field(acme, draft, field):
    with pytest.raises(Refused) as refusal:
        make_pulse(acme, **draft)
    assert refusal.value.field == field
    assert not PulseRound.objects.exists()


def test_keys_that_are_taken_are_left_to_their_metrics(acme):
    make_metric(acme, "pulse_answers")
    assert make_pulse(acme).score.key == "pulse_2"


def test_who_left_took_part_all_the_same(acme, vi, olga):
    make_pulse(acme)
    answer_pulse(vi, score=5, at=OPEN)
    team_says(acme, 5, 5)
    remove_member(vi, by=olga, at=OPEN)
    keep_pulses(at=OVER)
    row = PulseRound.objects.get()
    assert (row.answered["team"], row.asked["team"]) == (3, 3)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_answers_at_the_same_moment_are_all_counted(acme, vi, ed, mia):
    make_pulse(acme)

    def answer(who):
        try:
            answer_pulse(who, score=7, at=OPEN)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(answer, (vi, ed, mia)))
    assert open_now(acme).tally["team"][7] == 3
