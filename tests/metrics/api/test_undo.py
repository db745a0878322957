import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import now

from metrics.models import Metric
from metrics.models.observations import Observation
from metrics.operations.import_runs import run_waiting
from tests.make.goals import make_goal
from tests.make.imports import CLICKS, MAPPING, clock, import_file
from tests.make.metrics import observe

pytestmark = pytest.mark.django_db
URL = "/api/v1/workspaces/acme/imports/"


def test_a_stored_import_is_undone_over_rest(ed, api_of):
    place = f"{URL}{import_file(ed).pk}/"
    client = api_of(ed)
    answer = client.post(f"{place}undo/")
    assert (answer.status_code, answer.json()["state"]) == (202, "undoing")
    assert client.post(f"{place}cancel/").status_code == 422
    run_waiting(clock=clock)
    assert client.get(place).json()["state"] == "undone"
    assert not Observation.objects.exists()
    assert client.post(f"{place}undo/").status_code == 422


def test_only_who_may_write_may_undo(ed, vi, sam, api_of):
    place = f"{URL}{import_file(ed).pk}/"
    assert api_of(vi).post(f"{place}undo/").status_code == 403
    assert api_of(ed, scope="read").post(f"{place}undo/").status_code == 403
    assert api_of(sam).post(f"{place}undo/").status_code == 404


def test_a_stored_import_is_undone_from_its_page(ed, vi, client_of):
    run = import_file(ed)
    address = reverse("metrics:import_undo", args=["acme", run.pk])
    page = reverse("metrics:import_run_page", args=["acme", run.pk])
    assert address in client_of(ed).get(page).content.decode()
    assert address not in client_of(vi).get(page).content.decode()
    assert client_of(vi).post(address).status_code == 403
    assert client_of(ed).post(address).status_code == 302
    assert "Being undone" in client_of(ed).get(page).content.decode()
    run_waiting(clock=clock)
    after = client_of(ed).get(page).content.decode()
    assert "Undone, taken back" in after
    assert '<dd class="note">taken back</dd>' in after
    assert address not in after


RATE = {
    "key": "cpc",
    "name": "CPC",
    "kind": "derived",
    "unit": "number",
    "formula": "cost / clicks",
}
MADE = MAPPING | {"create": [*MAPPING["create"], RATE]}


def taken_back(run, api):
    api.post(f"{URL}{run.pk}/undo/")
    run_waiting(clock=clock)
    return f"{URL}{run.pk}/leftovers/"


def test_what_an_undone_import_made_is_deleted_where_nothing_else_fills_or_uses_it(
    acme, ed, mia, vi, api_of, client_of
):
    run, api = import_file(ed, mapping=MADE), api_of(ed)
    assert api.get(f"{URL}{run.pk}/leftovers/").json() == {"metrics": []}
    place = taken_back(run, api)
    assert sorted(api.get(place).json()["metrics"]) == ["clicks", "cost", "cpc"]
    page = reverse("metrics:import_run_page", args=["acme", run.pk])
    sweep = reverse("metrics:import_sweep", args=["acme", run.pk])
    assert sweep in client_of(mia).get(page).content.decode()
    assert sweep not in client_of(vi).get(page).content.decode()
    assert (api.delete(place).status_code, client_of(ed).post(sweep).status_code) == (403, 403)
    assert sorted(api_of(mia).delete(place).json()["deleted"]) == ["clicks", "cost", "cpc"]
    assert not Metric.objects.exists()


def test_leftovers_are_found_while_the_clock_goes_on(acme, mia, api_of, client_of):
    api = api_of(mia)
    wishes = {"version": 1, "source": "w", "day": {"column": "day", "format": "%Y-%m-%d"}}
    wishes |= {"metrics": [{"metric": "w1", "column": "w1"}], "create": [CLICKS | {"key": "w1"}]}
    body = {"file": SimpleUploadedFile("w.csv", b"day,w1\n2020-01-01,3\n")}
    run = api.post(URL, body | {"mapping": json.dumps(wishes)}, format="multipart").json()
    place = f"{URL}{run['id']}/"
    assert api.post(f"{place}undo/").status_code == 202
    run_waiting(clock=now)
    assert api.get(f"{place}leftovers/").json() == {"metrics": ["w1"]}
    sweep = reverse("metrics:import_sweep", args=["acme", run["id"]])
    page = reverse("metrics:import_run_page", args=["acme", run["id"]])
    assert sweep in client_of(mia).get(page).content.decode()
    assert api.delete(f"{place}leftovers/").json() == {"deleted": ["w1"], "kept": []}


def test_what_others_fill_or_use_is_no_leftover(acme, ed, mia, api_of):
    run = import_file(ed, mapping=MADE)
    observe(Metric.objects.get(key="clicks"), {"2026-01-01": 3}, source="other")
    place = taken_back(run, api_of(ed))
    assert api_of(ed).get(place).json() == {"metrics": []}  # cpc reads clicks, and cost is in cpc
    Metric.objects.get(key="cpc").delete()
    assert api_of(ed).get(place).json() == {"metrics": ["cost"]}
    make_goal(Metric.objects.get(key="cost"))
    swept = api_of(mia).delete(place).json()
    assert swept == {"deleted": [], "kept": ["cost"]}
