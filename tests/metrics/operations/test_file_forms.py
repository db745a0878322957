"""Forms of files that tools export: events with ids, long tables, ranges, instants, whole days."""

import io

import openpyxl
import pytest

from metrics.models import Metric
from metrics.models.imports import ImportRun
from metrics.models.observations import Observation
from metrics.operations.import_runs import run_import
from metrics.operations.imports import Brought, Plan, map_import, start_import
from metrics.operations.rollups import roll_up
from metrics.operations.undoing import undo_import
from metrics.queries.imports import paths_of
from metrics.rules.mapping import parse_mapping
from metrics.sources.spool import spool
from tests.make.imports import CLICKS, FILE, MAPPING, clock, import_file
from tests.make.recompute import wrong_rollups
from tests.make.spooled import spooled_rows as kept_rows
from tests.make.workspaces import NOON

pytestmark = pytest.mark.django_db
DAY = {"column": "day"}
EVENTS = (
    "at,user_id,action,campaign\n"
    "2026-03-01,ann,sent,spring\n2026-03-01,bob,sent,spring\n2026-03-01,ann,opened,spring\n"
    "2026-03-01,ann,clicked,spring\n2026-03-01,ann,clicked,spring\n2026-03-02,bob,clicked,spring\n"
    "2026-03-02,,clicked,spring\n"
)
EVENT_MAPPING = {
    "version": 1,
    "source": "events",
    "day": {"column": "at"},
    "dims": {"campaign": {"column": "campaign"}},
    "metrics": [
        {"metric": "sends", "constant": "1", "when": {"action": "sent"}},
        {"metric": "touches", "constant": "1", "when": {"action": ["opened", "clicked"]}},
        {"metric": "clickers", "id": {"column": "user_id"}, "when": {"action": "clicked"}},
    ],
    "create": [
        {"key": "sends", "name": "Sends"},
        {"key": "touches", "name": "Touches"},
        {"key": "clickers", "name": "Clickers", "kind": "unique"},
    ],
}


def rolled_up_wrong():
    """What is wrong in the rollups once nothing waits."""
    while roll_up():
        pass
    return wrong_rollups()


def total(key):
    rows = Observation.objects.filter(series__metric__key=key)
    return sum(rows.values_list("value", flat=True))


def spooled_rows(tmp_path, content, mapping, zone="UTC", suffix=".csv"):
    """The rows as pass 1 keeps them, and what it found."""
    path = tmp_path / f"upload{suffix}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    run = ImportRun(file=str(path))
    paths = paths_of(run)
    document = parse_mapping(mapping)
    decimals = {entry.metric: 0 for entry in document.metrics}
    found = spool(paths, document, decimals, lambda _rows, _bytes: None, zone)
    return kept_rows(paths), found


def test_events_become_counts_and_people_at_once(tmp_path):
    rows, found = spooled_rows(tmp_path, EVENTS, EVENT_MAPPING)
    said = [(row.day.isoformat(), row.values, list(row.people)) for row in rows]
    assert said[:4] == [
        ("2026-03-01", [(0, 1)], []),
        ("2026-03-01", [(0, 1)], []),
        ("2026-03-01", [(1, 1)], []),
        ("2026-03-01", [(1, 1), (2, 1)], [(2, "ann")]),
    ]
    assert said[-1] == ("2026-03-02", [(1, 1)], [])  # nobody: a touch, and no person
    assert len({row.key for row in rows}) == len(rows)
    assert (found.readings, found.repeats) == (10, 1)


def test_the_order_of_events_does_not_matter_for_their_keys(tmp_path):
    head, *lines = EVENTS.splitlines(keepends=True)
    rows, _found = spooled_rows(tmp_path, EVENTS, EVENT_MAPPING)
    turned, _found = spooled_rows(tmp_path, head + "".join(reversed(lines)), EVENT_MAPPING)
    assert {(row.key, row.day, str(row.values)) for row in rows} == {
        (row.key, row.day, str(row.values)) for row in turned
    }


def test_a_long_file_names_its_metric_in_each_row(ed):
    mapping = {
        "version": 1,
        "source": "long",
        "day": DAY,
        "long": {
            "metric": "kpi", "value": "amount", "names": {"Clicks": "clicks", "Opens": "opens"}
        },
        "create": [CLICKS, {"key": "opens", "name": "Opens"}],
    }  # fmt: skip
    content = "day,kpi,amount\n2026-01-01,Clicks,5\n2026-01-01,Opens,9\n2026-01-02,Clicks,7\n"
    assert import_file(ed, content, mapping).state == "done"
    assert (total("clicks"), total("opens")) == (12, 9)
    turned = "day,kpi,amount\n2026-01-02,Clicks,7\n2026-01-01,Opens,9\n2026-01-01,Clicks,5\n"
    again = import_file(ed, turned, mapping)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)
    run = import_file(ed, content + "2026-01-02,Bounces,7\n", mapping)
    assert (run.state, run.details["faults"][0]["code"]) == ("refused", "metric_not_named")


RANGE = {
    "version": 1,
    "source": "meta",
    "day": {"from": "starts", "to": "ends"},
    "metrics": [{"metric": "clicks", "column": "clicks"}],
    "create": [CLICKS],
}


def test_a_row_of_several_days_is_refused_unless_it_may_stand_on_the_last(ed):
    content = "starts,ends,clicks\n2026-01-01,2026-01-01,5\n2026-01-02,2026-01-08,7\n"
    run = import_file(ed, content, RANGE)
    fault = run.details["faults"][0]
    assert (run.state, fault["code"], fault["row"]) == ("refused", "covers_several_days", 3)
    asked = RANGE | {"day": RANGE["day"] | {"span": "last_day"}}
    run = import_file(ed, content, asked)
    assert run.state == "done"
    days = Observation.objects.order_by("day").values_list("day", "value")
    assert [(day.isoformat(), value) for day, value in days] == [
        ("2026-01-01", 5),
        ("2026-01-08", 7),
    ]
    told = run.details["spooled"]
    assert (told["spans"], told["longest_span"]) == (1, 7)
    assert told["gaps"] == [["2026-01-02", "2026-01-07"]]


def test_a_range_that_runs_backwards_is_named(ed):
    run = import_file(ed, "starts,ends,clicks\n2026-01-05,2026-01-01,5\n", RANGE)
    assert run.details["faults"][0]["code"] == "days_run_backwards"


@pytest.mark.parametrize(
    ("zone", "instant", "day"),
    [
        ("Europe/Warsaw", "2026-03-28T22:59:59Z", "2026-03-28"),
        ("Europe/Warsaw", "2026-03-28T23:00:00Z", "2026-03-29"),
        ("Europe/Warsaw", "2026-03-29T21:59:59Z", "2026-03-29"),
        ("Europe/Warsaw", "2026-03-29T22:00:00Z", "2026-03-30"),
        ("Europe/Warsaw", "2026-10-25T22:59:59Z", "2026-10-25"),
        ("Europe/Warsaw", "2026-10-25T23:00:00Z", "2026-10-26"),
        ("Europe/Warsaw", "2026-05-31T22:00:00Z", "2026-06-01"),
        ("Europe/Warsaw", "2026-05-31T21:59:59Z", "2026-05-31"),
        ("America/New_York", "2026-11-01T03:59:59Z", "2026-10-31"),
        ("America/New_York", "2026-11-02T04:59:59Z", "2026-11-01"),
        ("America/New_York", "2026-03-08T23:30:00+09:00", "2026-03-08"),
    ],
)
def test_R01_R09_an_instant_becomes_the_day_that_it_has_here(tmp_path, zone, instant, day):
    mapping = MAPPING | {
        "day": {"column": "day", "format": "%Y-%m-%dT%H:%M:%S%z", "instant": True},
        "metrics": [{"metric": "clicks", "column": "clicks"}],
    }
    content = f"day,channel,clicks\n{instant},mail,1\n"
    rows, _found = spooled_rows(tmp_path, content, mapping, zone)
    assert rows[0].day.isoformat() == day


def test_R01_the_short_and_the_long_day_hold_23_and_25_hours(tmp_path):
    mapping = MAPPING | {
        "day": {"column": "day", "format": "unix", "instant": True},
        "metrics": [{"metric": "clicks", "column": "clicks"}],
    }
    for first, day, hours in ((1774728000, "2026-03-29", 23), (1792868400, "2026-10-25", 25)):
        lines = "".join(f"{first + hour * 3600},mail,1\n" for hour in range(72))
        rows, _ = spooled_rows(tmp_path, f"day,channel,clicks\n{lines}", mapping, "Europe/Warsaw")
        assert sum(row.day.isoformat() == day for row in rows) == hours


def test_unix_milliseconds_and_times_of_another_zone(tmp_path):
    for day, text in (
        ({"column": "day", "format": "unix_ms"}, "1774738800000"),
        (
            {"column": "day", "format": "%Y-%m-%d %I:%M %p", "instant": True,
             "timezone": "America/New_York"},
            "2026-03-28 07:00 PM",
        ),
    ):  # fmt: skip
        mapping = MAPPING | {"day": day, "metrics": [{"metric": "clicks", "column": "clicks"}]}
        content = f"day,channel,clicks\n{text},mail,1\n"
        rows, _found = spooled_rows(tmp_path, content, mapping, "Europe/Warsaw")
        assert rows[0].day.isoformat() == "2026-03-29"


REPLACE = MAPPING | {"mode": "replace_days"}


def test_a_file_can_replace_what_its_source_said_of_its_days(ed):
    import_file(ed, FILE + "2020-02-01,mail,4,1\n", MAPPING)
    shorter = "day,channel,clicks,cost\n2020-01-01,mail,11,1.50\n2020-01-02,mail,5,2\n"
    run = import_file(ed, shorter, REPLACE)
    assert (run.state, run.changed, run.unchanged) == ("done", 1, 3)
    assert run.details["withdrawn"] == 2  # clicks and cost of the ads on the first day
    assert total("clicks") == 11 + 5 + 4  # February is not one of its days
    assert not rolled_up_wrong()
    undo_import(run, at=NOON)
    assert total("clicks") == 10 + 7 + 5 + 4
    assert not rolled_up_wrong()


def test_replacing_again_withdraws_nothing_and_leaves_other_sources_alone(ed):
    import_file(ed, FILE, MAPPING | {"source": "other"})
    import_file(ed, FILE, MAPPING)
    shorter = "day,channel,clicks,cost\n2020-01-01,mail,10,1.50\n2020-01-02,mail,5,2\n"
    assert import_file(ed, shorter, REPLACE).details["withdrawn"] == 2
    again = import_file(ed, shorter + "\n", REPLACE)
    assert again.details["withdrawn"] == 0
    assert total("clicks") == 22 + 15


def test_a_fact_that_was_replaced_can_come_again(ed):
    keyed = MAPPING | {"key": ["channel"], "dims": {}}
    import_file(ed, FILE.replace("2020-01-02,mail", "2020-01-02,web"), keyed)
    gone = "day,channel,clicks,cost\n2020-01-01,mail,10,1.50\n2020-01-02,web,5,2\n"
    import_file(ed, gone, keyed | {"mode": "replace_days"})
    assert total("clicks") == 15
    import_file(ed, FILE.replace("2020-01-02,mail", "2020-01-02,web"), keyed)
    assert total("clicks") == 22


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("CTR", "0.36", "column_is_rate"),
        ("Engagement rate", "0.5", "column_is_rate"),
        ("share", "5 %", "column_is_percent"),
    ],
)
def test_I16_a_column_of_rates_is_no_metric(ed, column, value, code):
    run = start_import(
        ed.workspace,
        brought=Brought("a.csv", [f"day,{column}\n2026-01-01,{value}\n".encode()]),
        by=ed,
        at=NOON,
    )
    mapping = {
        "version": 1, "source": "s", "day": DAY,
        "metrics": [{"metric": "clicks", "column": column}], "create": [CLICKS],
    }  # fmt: skip
    with pytest.raises(Exception, match="add up") as refusal:
        map_import(run, plan=Plan(parse_mapping(mapping)), by=ed, at=NOON)
    assert refusal.value.problems[0].code == code
    assert not Metric.objects.exists()


def workbook(sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def bring_workbook(ed, content, mapping):
    run = start_import(ed.workspace, brought=Brought("a.xlsx", [content]), by=ed, at=NOON)
    wanted = Plan(parse_mapping(mapping), check_only=False, run_here=True)
    map_import(run, plan=wanted, by=ed, at=NOON)
    return run_import(run, clock=clock)


def test_a_sheet_of_a_workbook_is_read_exactly(ed):
    from_excel = [
        ["Report of May"],
        ["day", "channel", "clicks", "cost"],
        [NOON.date(), "mail", 10, 1661.67],
        [NOON.replace(tzinfo=None), "ads", 7.0, 0.1],
        ["2020-01-03", "web", 5, None],
    ]
    content = workbook({"Notes": [["nothing"]], "Data": from_excel})
    german = MAPPING | {"file": {"sheet": "Data", "decimal": ","}}
    run = bring_workbook(ed, content, german | {"day": {"column": "day", "format": "%Y-%m-%d"}})
    assert (run.state, run.rows_total) == ("done", 3), run.details
    assert (total("clicks"), total("cost")) == (22, 166_177)


def test_the_sheet_is_asked_about_where_there_are_several(ed):
    content = workbook({"One": [["day"]], "Two": [["day"]]})
    with pytest.raises(Exception, match="One, Two"):
        bring_workbook(ed, content, MAPPING)
