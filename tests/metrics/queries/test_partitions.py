"""However facts are cut into days, channels and campaigns, the whole says the same."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from metrics.models import Metric
from metrics.operations.observations import Reading, record_observations
from metrics.operations.rollups import roll_up
from metrics.queries.explain import Windows, explain
from metrics.queries.series import read_series
from metrics.rules.aggregation import divide
from metrics.rules.explain import added
from metrics.rules.periods import Grain, Span
from tests.make.metrics import make_metric, make_ratio
from tests.make.workspaces import NOON
from tests.support.examples import examples

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 28)
LAST = FIRST + timedelta(20)
CHANNELS = ("mail", "ads", None)
BREAKDOWNS = ((), ("channel",), ("campaign",), ("channel", "campaign"))
KINDS = ("clicks", "sends", "ctr", "people", "per_person", "stock", "both")
fact = st.tuples(
    st.integers(0, 20),
    st.sampled_from(CHANNELS),
    st.sampled_from(("spring", "sale", None)),
    st.integers(0, 40),
    st.integers(0, 90),
    st.sampled_from("abcde"),
)


def store(workspace, facts):
    """Every kind of metric from the same facts."""
    ratio = make_ratio(workspace)
    clicks, sends = ratio.numerator, ratio.denominator
    people = make_metric(workspace, "people", kind="unique")
    stock = make_metric(workspace, "stock", kind="last")
    make_ratio(workspace, "per_person", numerator=clicks, denominator=people, scale="1")
    make_metric(workspace, "both", kind="derived", formula="clicks + 2 * sends")
    readings = []
    for number, (day, channel, campaign, above, below, who) in enumerate(facts):
        on, key = FIRST + timedelta(day), str(number)
        named = {"campaign": campaign, "channel": channel}
        dims = tuple((name, value) for name, value in named.items() if value)
        readings += [
            Reading(clicks.pk, on, above, dims, key),
            Reading(sends.pk, on, below, dims, key),
            Reading(stock.pk, on, above, dims, key),
            Reading(people.pk, on, 0, dims, key, recipient=who),
        ]
    record_observations(workspace, source="all", readings=readings, by=None, at=NOON)
    roll_up()


def expected(facts):
    """The totals by hand; of a level only whether there is one."""
    clicks, sends = Decimal(sum(f[3] for f in facts)), Decimal(sum(f[4] for f in facts))
    people = Decimal(len({f[5] for f in facts}))
    return {
        "clicks": clicks,
        "sends": sends,
        "ctr": divide(clicks, sends, Decimal(100)),
        "people": people,
        "per_person": divide(clicks, people, Decimal(1)),
        "both": clicks + 2 * sends,
    }


@examples(6)
@given(st.lists(fact, min_size=1, max_size=12))
def test_every_partition_has_the_same_total(acme, facts):
    with transaction.atomic():
        store(acme, facts)
        totals = defaultdict(set)
        for metric in Metric.objects.filter(workspace=acme, key__in=KINDS):
            for grain in Grain:
                for by in BREAKDOWNS:
                    totals[metric.key].add(total_of(metric, grain, by, facts))
        assert {key: len(values) for key, values in totals.items()} == dict.fromkeys(KINDS, 1)
        found = {key: next(iter(values)) for key, values in totals.items() if key != "stock"}
        assert found == expected(facts)
        by = "channel" if any(f[1] for f in facts) else ""
        explained(Metric.objects.get(workspace=acme, key="ctr"), by)
        transaction.set_rollback(True)


def total_of(metric, grain, by, facts):
    """The total of one way to cut; a dimension that no fact has cannot be asked for."""
    known = {"channel": any(f[1] for f in facts), "campaign": any(f[2] for f in facts)}
    kept = [name for name in by if known[name]]
    answer = read_series(metric, grain=grain, first=FIRST, last=LAST, by=kept)
    if metric.kind == "additive":
        lines = [line.total.value for line in answer.series if line.total.value is not None]
        points = [p.value for line in answer.series for p in line.points if p.value is not None]
        assert sum(lines) == sum(points) == answer.total.value
    return answer.total.value


def explained(ratio, by):
    middle = FIRST + timedelta(10)
    windows = Windows(Span(middle, LAST), Span(FIRST, middle - timedelta(1)))
    told = explain(ratio, windows, by=by)
    if told.way == "ratio":
        assert added([told.mix, told.rate, told.unrated, told.overlap]) == told.change
