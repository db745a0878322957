"""One person is left out: of those who are counted, and of what came in one row with them."""

from datetime import date

import pytest

from metrics.models import Metric
from metrics.models.imports import Source
from metrics.models.observations import Observation, ObservationHistory
from metrics.models.quality import Exclusion
from metrics.operations.exclusions import (
    Rule,
    apply_exclusions,
    exclude_facts,
    revoke_exclusion,
)
from metrics.operations.purging import delete_metric, purge_metrics
from metrics.operations.rollups import check, roll_up
from metrics.queries.series import read_value
from tests.make.imports import CLICKS, COST, MAPPING, import_file
from tests.make.metrics import make_metric, observe
from tests.make.people import make_unique, meet, snapshot
from tests.make.recompute import wrong_rollups
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db
D, E = date(2026, 2, 2), date(2026, 2, 3)
CLICKERS = {"key": "clickers", "name": "Clickers", "kind": "unique", "unit": "count"}
EVENTS = MAPPING | {
    "metrics": [
        {"metric": "clicks", "constant": "1"},
        {"metric": "cost", "column": "cost"},
        {"metric": "clickers", "id": {"column": "who"}},
    ],
    "create": [CLICKS, COST, CLICKERS],
}
HEAD = "day,channel,who,cost\n"
LOG = f"""{HEAD}2026-02-02,mail,bot@x,1
2026-02-02,mail,bot@x,2
2026-02-02,mail,ann@x,4
2026-02-02,,bot@x,8
2026-02-03,mail,bob@x,16
2026-02-03,mail,bot@x,32
"""


def value(metric):
    while roll_up():
        pass
    assert (check(metric.workspace), wrong_rollups()) == ([], [])
    return read_value(metric, first=D, last=date(2026, 2, 28))


def exclude(metric, by, at, person="bot@x", **rule):
    made = Rule(person=person, reason="a robot", **rule)
    return exclude_facts(metric, rule=made, by=by, at=at)


def stored():
    return list(Observation.objects.order_by("pk").values())


@pytest.fixture
def log(ed):
    """The metrics of a file of clicks, by key, that says who clicked."""
    import_file(ed, LOG, mapping=EVENTS)
    return {metric.key: metric for metric in Metric.objects.all()}


@pytest.mark.parametrize("counting", ["exact", "sketch"])
def test_one_person_does_not_count_and_comes_back(acme, ed, noon, counting):
    openers = make_unique(acme, counting=counting)
    meet(openers, {D: "rab", E: "rbc"})
    snapshot(openers, date(2026, 3, 2), 40)
    assert value(openers) == 4
    before = stored()
    rule = exclude(openers, ed, noon, person=" r ")
    assert (rule.person, value(openers)) == ("r", 3)
    assert ObservationHistory.objects.filter(reason="excluded").count() == 2
    meet(openers, {date(2026, 2, 4): "rd"})
    assert apply_exclusions(at=noon) == 1
    assert value(openers) == 4
    assert revoke_exclusion(rule, by=ed, at=noon) == 3
    assert value(openers) == 5
    assert [row for row in before if row in stored()] == before


def test_counts_and_amounts_lose_the_rows_of_the_person_alone(ed, noon, log):
    assert [value(log[key]) for key in ("clicks", "cost", "clickers")] == [6, 63, 3]
    before = stored()
    rules = [exclude(log[key], ed, noon) for key in ("clicks", "cost", "clickers")]
    assert [value(log[key]) for key in ("clicks", "cost", "clickers")] == [2, 20, 2]
    for rule in rules:
        revoke_exclusion(rule, by=ed, at=noon)
    assert [value(log[key]) for key in ("clicks", "cost", "clickers")] == [6, 63, 3]
    assert stored() == before


def test_it_does_not_matter_that_the_person_was_left_out_before(ed, noon, log):
    exclude(log["clickers"], ed, noon)
    exclude(log["clicks"], ed, noon)
    assert (value(log["clicks"]), value(log["clickers"])) == (2, 2)
    import_file(ed, LOG + "2026-02-04,mail,bot@x,1\n2026-02-04,mail,eve@x,1\n", mapping=EVENTS)
    value(log["clicks"])
    assert apply_exclusions(at=noon) == 10
    assert (value(log["clicks"]), value(log["clickers"])) == (3, 3)


def test_a_row_that_somebody_else_takes_counts_again(ed, noon):
    keyed = EVENTS | {"key": ["n"], "dims": {}}
    head = "n,day,who,cost\n"
    import_file(ed, f"{head}1,2026-02-02,bot@x,1\n2,2026-02-02,ann@x,2\n", mapping=keyed)
    log = {metric.key: metric for metric in Metric.objects.all()}
    rules = [exclude(log[key], ed, noon) for key in ("clickers", "cost")]
    assert (value(log["cost"]), value(log["clickers"])) == (2, 1)
    import_file(ed, f"{head}1,2026-02-02,joe@x,1\n", mapping=keyed)
    value(log["cost"])
    assert apply_exclusions(at=noon) == 0
    assert (value(log["cost"]), value(log["clickers"])) == (3, 2)
    for rule in rules:
        revoke_exclusion(rule, by=ed, at=noon)
    assert (value(log["cost"]), value(log["clickers"])) == (3, 2)


def test_other_conditions_hold_beside_the_person(ed, noon, log):
    exclude(log["cost"], ed, noon, dim="channel", dim_value="mail")
    assert value(log["cost"]) == 28
    exclude(log["clickers"], ed, noon, source=Source.objects.get(name="ads"))
    assert value(log["clickers"]) == 2


def test_nobody_is_left_out_who_was_not_counted_or_of_whom_no_row_tells(acme, ed, noon, log):
    plain = make_metric(acme, "plain")
    observe(plain, {D: 5})
    for metric, person, code in (
        (log["clickers"], "bot@y", "unknown_person"),
        (log["cost"], "bot@y", "unknown_person"),
        (log["cost"], "\ud800", "unknown_person"),
        (plain, "bot@x", "no_person_kept"),
        (plain, " ", "required"),
    ):
        with pytest.raises(Refused) as refusal:
            exclude(metric, ed, noon, person=person)
        assert refusal.value.code == code
    assert not Exclusion.objects.exists()


def test_what_was_left_out_stays_so_when_the_people_are_deleted(ed, olga, noon, log):
    exclude(log["cost"], ed, noon)
    delete_metric(log["clickers"], by=olga, at=noon)
    purge_metrics(at=noon)
    observe(log["cost"], {E: 5})
    assert value(log["cost"]) == 25
    assert apply_exclusions(at=noon) == 0
    assert value(log["cost"]) == 25


def test_the_people_of_another_workspace_are_others(globex, ed, noon, log):
    theirs = make_unique(globex, "theirs")
    meet(theirs, {D: ["bot@x"]})
    exclude(log["clickers"], ed, noon)
    assert value(theirs) == 1
