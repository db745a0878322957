"""As known on a day, over REST, and what was learnt in between; product.md idea 8."""

from datetime import date, timedelta

import pytest

from metrics.rules.periods import Grain
from tests.make.metrics import make_metric, make_ratio, observe
from tests.make.workspaces import NOON

D = date(2026, 1, 5)
pytestmark = pytest.mark.django_db
BASE = "/api/v1/workspaces/acme/metrics"


@pytest.fixture
def api(api_of, ed):
    return api_of(ed)


def total(api, key, **query):
    answer = api.get(f"{BASE}/{key}/series/", {"grain": "month", **query})
    assert answer.status_code == 200, answer.json()
    return answer.json()["total"]["value"]


def test_a_restated_week_is_read_as_it_was_known(acme, api):
    ratio = make_ratio(acme)
    earlier, later = NOON, NOON + timedelta(days=7)
    observe(ratio.numerator, {D: 10}, key="a", at=earlier)
    observe(ratio.denominator, {D: 100}, key="b", at=earlier)
    observe(ratio.numerator, {D: 25}, key="a", at=later)
    assert total(api, "ctr") == "25"
    assert total(api, "ctr", known_at=earlier.isoformat()) == "10"
    assert total(api, "ctr", known_at=earlier.date().isoformat()) == "10"
    assert total(api, "ctr", known_at=(later + timedelta(1)).isoformat()) == "25"
    assert total(api, "ctr", known_at=(earlier - timedelta(1)).isoformat()) is None
    answer = api.get(f"{BASE}/clicks/changes/", {"known_from": earlier.isoformat()})
    [change] = answer.json()["changes"]
    assert (change["before"]["value"], change["after"]["value"]) == ("10", "25")
    assert answer.json()["complete"] is True


@pytest.mark.parametrize("grain", list(Grain))
def test_levels_and_people_are_read_as_they_were_known(acme, api, grain):
    level = make_metric(acme, "contacts", kind="last")
    counts = make_metric(acme, "readers", kind="unique")
    observe(level, {D: 10}, key="a")
    observe(counts, {D: 7}, key="a")
    later = NOON + timedelta(days=7)
    observe(level, {D: 12}, key="a", at=later)
    observe(counts, {D: 9}, key="a", at=later)
    for key, before, after in (("contacts", "10", "12"), ("readers", "7", "9")):
        assert total(api, key, grain=grain) == after
        assert total(api, key, grain=grain, known_at=NOON.isoformat()) == before


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("clicks/series/", {"known_at": "yesterday"}, "known_at"),
        ("clicks/series/", {"known_at": "2026-01-05T10:00:00"}, "known_at"),
        ("clicks/changes/", {}, "known_from"),
        ("clicks/changes/", {"known_from": "2026-02-01", "known_to": "2026-01-01"}, "known_from"),
        ("ctr/changes/", {"known_from": "2026-02-01"}, "key"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(acme, api, path, query, field):
    make_ratio(acme)
    answer = api.get(f"{BASE}/{path}", query)
    assert answer.status_code == 400
    assert field in answer.content.decode()
