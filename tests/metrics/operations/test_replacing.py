"""What a file that is complete for its days would withdraw is told before it does."""

import pytest

from metrics.models.observations import Observation
from metrics.queries.import_page import page_of
from metrics.queries.imports import report_of
from tests.make.imports import FILE, MAPPING, check_file, import_file

pytestmark = pytest.mark.django_db
REPLACE = MAPPING | {"mode": "replace_days"}
KEYED = MAPPING | {"key": ["channel"], "dims": {}}


def test_the_check_tells_by_metric_what_replacing_would_withdraw(ed):
    import_file(ed, FILE + "2020-02-01,mail,4,1\n", MAPPING)
    shorter = "day,channel,clicks,cost\n2020-01-01,mail,11,\n2020-01-02,mail,5,2\n"
    run = check_file(ed, shorter, REPLACE)
    assert report_of(run)["would_withdraw"] == {"clicks": 1, "cost": 2}
    assert page_of(run).would_withdraw == [("Clicks", 1), ("Cost", 2)]
    assert Observation.objects.count() == 8
    unchanged = check_file(ed, FILE, REPLACE)
    assert report_of(unchanged)["would_withdraw"] == {}


def test_a_row_that_moves_to_another_day_is_not_foretold_as_withdrawn(ed):
    start = "day,channel,clicks,cost\n2020-01-01,mail,1,1\n2020-01-02,web,5,2\n2020-01-03,tv,1,1\n"
    import_file(ed, start, KEYED)
    moved = start.replace("2020-01-02,web,5,2\n", "").replace("01,mail", "02,mail")
    moved += "2020-01-01,x,1,1\n"
    run = check_file(ed, moved, KEYED | {"mode": "replace_days"})
    foretold = report_of(run)["would_withdraw"]
    done = import_file(ed, moved, KEYED | {"mode": "replace_days"})
    assert foretold == {"clicks": 1, "cost": 1}
    assert done.details["withdrawn"] == sum(foretold.values())


def test_nothing_is_withdrawn_while_rows_are_left_out(ed):
    keyed = KEYED | {"mode": "replace_days"}
    import_file(ed, FILE.replace("01,ads", "02,ads"), keyed)
    broken = "day,channel,clicks,cost\n2020-01-01,mail,x,1\n2020-01-02,web,3,1\n"
    run = check_file(ed, broken, keyed)
    assert (run.rejected, report_of(run)["would_withdraw"]) == (1, {})
    done = import_file(ed, broken, keyed, skip=True)
    assert (done.state, report_of(done)["withdrawn"]) == ("done", 0)
    whole = import_file(ed, broken.replace("x", "9"), keyed)
    assert report_of(whole)["withdrawn"] == 2


def test_the_check_tells_by_metric_which_days_would_count_twice(ed):
    import_file(ed)
    text = FILE.replace("channel", "device")
    other = MAPPING | {"dims": {"device": {"column": "device"}}}
    run = check_file(ed, text, other)
    assert report_of(run)["would_count_twice"] == {"clicks": 2, "cost": 2}
    assert page_of(run).would_count_twice == ["Clicks (2 days)", "Cost (2 days)"]
    for way_out in ({"mode": "replace_days"}, {"source": "devices"}):
        assert report_of(check_file(ed, text, other | way_out))["would_count_twice"] == {}
    longer = FILE + "2020-01-01,tv,4,1\n2020-01-03,,4,1\n"
    assert report_of(check_file(ed, longer))["would_count_twice"] == {}


def test_a_month_over_its_days_would_count_twice_and_replaces_all_of_them(ed):
    import_file(ed)
    month = MAPPING | {"day": {"fixed": "2020-01-31", "span": 31}}
    text = "channel,clicks,cost\nmail,15,3.50\n"
    assert report_of(check_file(ed, text, month))["would_count_twice"] == {"clicks": 2, "cost": 2}
    done = import_file(ed, text, month | {"mode": "replace_days"})
    assert done.details["withdrawn"] == 6
    assert report_of(check_file(ed))["would_count_twice"] == {"clicks": 2, "cost": 2}
