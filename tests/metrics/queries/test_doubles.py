"""One source that tells the same days twice is told, whatever way it did."""

from datetime import UTC, date, datetime

import pytest

from metrics.operations.observations import Reading, record_observations
from metrics.operations.rollups import roll_up
from metrics.queries.quality import Asked, findings
from metrics.rules.dims import canonical
from tests.make.imports import MAPPING, import_file
from tests.make.metrics import make_metric

pytestmark = pytest.mark.django_db
HEAD = "day,channel,clicks,cost\n"
RANGE = MAPPING | {"day": {"fixed": "2020-01-31", "span": 31}}
BY_DEVICE = (
    HEAD.replace("channel", "device") + "2020-01-01,phone,9,1\n",
    MAPPING | {"dims": {"device": {"column": "device"}}},
)


def doubles(acme):
    roll_up()
    asked = Asked("double_counting", first=date(2019, 12, 1), last=date(2020, 3, 31))
    return findings(acme, asked, at=datetime(2020, 4, 1, 12, tzinfo=UTC))


def test_the_same_days_by_another_breakdown_are_told(acme, ed):
    import_file(ed)
    assert doubles(acme) == []
    import_file(ed, *BY_DEVICE)
    rows = doubles(acme)
    assert [row.metric.key for row in rows] == ["clicks", "cost"]
    assert rows[0].sources == ["ads"]
    assert rows[0].finding.data["dims"] == [["channel"], ["device"]]
    assert "by different dimensions (channel + device)" in rows[0].sentence
    assert "Undo one of the two imports" in rows[0].advice


def test_a_missing_value_and_other_days_are_no_other_breakdown(acme, ed):
    import_file(ed, HEAD + "2020-01-01,mail,1,1\n2020-01-01,,2,2\n")
    import_file(ed, BY_DEVICE[0].replace("01-01", "01-02"), BY_DEVICE[1])
    assert doubles(acme) == []


def test_more_of_the_same_breakdown_is_no_double(acme, ed):
    import_file(ed)
    import_file(ed, HEAD + "2020-01-01,tv,4,1\n2020-01-03,mail,4,1\n")
    assert doubles(acme) == []


def test_spans_that_run_into_each_other_are_told(acme, ed):
    import_file(ed, HEAD + "2020-01-31,mail,4,1\n2020-01-31,mail,5,1\n", RANGE)
    assert doubles(acme) == []
    import_file(ed, HEAD + "x,mail,9,2\n", MAPPING | {"day": {"fixed": "2020-02-29", "span": 60}})
    row = doubles(acme)[0]
    assert (row.finding.first, row.finding.last) == (date(2020, 1, 1), date(2020, 1, 31))
    assert "31 days twice, in values whose days overlap" in row.sentence


def test_a_week_beside_its_days_is_told(acme, ed):
    metric = make_metric(acme)
    days = [Reading(metric.pk, date(2020, 1, day), 10, key=f"d{day}") for day in range(6, 13)]
    week = Reading(metric.pk, date(2020, 1, 12), 70, key="w", span=7)
    record_observations(
        acme, source="manual", readings=days, by=ed, at=datetime(2020, 2, 1, tzinfo=UTC)
    )
    assert doubles(acme) == []
    record_observations(
        acme, source="manual", readings=[week], by=ed, at=datetime(2020, 2, 1, tzinfo=UTC)
    )
    [row] = doubles(acme)
    assert (row.finding.count, row.finding.severity) == (7, "warning")


def test_rows_with_keys_of_their_own_may_lie_side_by_side(acme, ed):
    keyed = MAPPING | {"key": ["id"]}
    import_file(ed, "id," + HEAD + "1,2020-01-01,mail,1,1\n", keyed)
    other = "id," + HEAD.replace("channel", "device") + "2,2020-01-01,phone,1,1\n"
    import_file(ed, other, keyed | {"dims": {"device": {"column": "device"}}})
    assert doubles(acme) == []


@pytest.mark.parametrize(
    ("kind", "key", "told"),
    [("rest", "", True), ("manual", "", True), ("manual", "w", True), ("rest", "id", False)],
)
def test_pushed_and_typed_rows_are_looked_at_too(acme, ed, kind, key, told):
    metric, at = make_metric(acme), datetime(2020, 2, 1, tzinfo=UTC)
    days = [date(2020, 1, day) for day in range(6, 13)]
    for name, dims in (("a", {}), ("b", {"channel": "mail"}), ("c", {"channel": "ads"})):
        rows = [
            Reading(metric.pk, day, 10, canonical(dims), key=f"{key}{name}{day}" if key else None)
            for day in days
        ]
        record_observations(acme, source="crm", readings=rows, by=ed, at=at, kind=kind)
    rows = doubles(acme)
    assert [row.finding.data["dims"] for row in rows] == ([[[], ["channel"]]] if told else [])
    assert [row.finding.count for row in rows] == ([7] if told else [])


def test_a_row_of_a_batch_that_lacks_a_dimension_is_no_other_breakdown(acme, ed):
    metric, at = make_metric(acme), datetime(2020, 2, 1, tzinfo=UTC)
    rows = [
        Reading(metric.pk, date(2020, 1, 6), 10, canonical(dims))
        for dims in ({}, {"channel": "mail"})
    ]
    record_observations(acme, source="crm", readings=rows, by=ed, at=at)
    assert doubles(acme) == []
