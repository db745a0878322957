"""What a source no longer says is taken back, and an undo knows of it."""

from datetime import date
from itertools import permutations

import pytest

from metrics.models.imports import ImportRun
from metrics.models.observations import KeyPlace, Observation, ObservationHistory
from metrics.operations.rollups import roll_up
from metrics.operations.undoing import undo_import
from tests.make.connectors import Clock, connect, document, fetch_now
from tests.make.imports import KEYED, import_file
from tests.make.recompute import wrong_rollups
from tests.make.workspaces import NOON
from tests.support.stub import Reply, stub_server

pytestmark = pytest.mark.django_db
FILE = "id,day,clicks,cost\n"
OTHER = 9  # what the other row says, by which a file or an answer is known that lacks the first
FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)
AGAIN = {"same place": (FIRST, 3), "same value": (FIRST, 1), "another day": (SECOND, 3)}


def brought_by_files(ed, again):
    """Three files of one source: a row, all but that row, the row again."""
    yield import_file(ed, f"{FILE}a,{FIRST},1,1\n", mapping=KEYED)
    replacing = KEYED | {"mode": "replace_days"}
    yield import_file(ed, f"{FILE}b,{FIRST},{OTHER},1\n", mapping=replacing)
    yield import_file(ed, f"{FILE}a,{again[0]},{again[1]},1\n", mapping=KEYED)


def fetched(ed, again):
    """The same as three answers of a connector."""
    other = {"id": "b", "day": str(FIRST), "clicks": OTHER}
    last = {"id": "a", "day": str(again[0]), "clicks": again[1]}
    clock = Clock()
    with stub_server() as stub:
        described = document(stub.url, key=["id"], dims={})
        connector = connect(ed.workspace, described)
        for rows in ([{"id": "a", "day": str(FIRST), "clicks": 1}], [other], [other, last]):
            stub.says(Reply({"rows": rows}))
            fetch = fetch_now(connector, clock)
            assert fetch.state == "done", fetch.faults
            yield ImportRun.objects.get(pk=fetch.run_id)
            clock.forward(hours=1)


def standing():
    rows = Observation.objects.filter(series__metric__key="clicks").exclude(value=OTHER)
    return list(rows.values_list("day", "value"))


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
@pytest.mark.parametrize("again", AGAIN.values(), ids=AGAIN)
@pytest.mark.parametrize("bring", [brought_by_files, fetched])
def test_what_was_withdrawn_returns_with_an_undo_and_only_with_its_own(
    ed, settings, bring, again, order
):
    settings.WEB_LOOPBACK = True
    runs = list(bring(ed, again))
    roll_up()
    assert standing() == [again]
    left = {0: [(FIRST, 1)], 1: [], 2: [again]}
    for place in order:
        undo_import(runs[place], at=NOON)
        roll_up()
        del left[place]
        expected = left[max(left)] if left else []
        assert standing() == expected, (order, place)
        assert wrong_rollups() == []
    assert not KeyPlace.objects.exists()
    assert not ObservationHistory.objects.exclude(reason="undone").exists()
