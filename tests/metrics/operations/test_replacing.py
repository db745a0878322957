"""What a file that is complete for its days would withdraw is told before it does."""

import pytest

from metrics.models.observations import Observation
from metrics.queries.imports import page_of, report_of
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
