import pytest
from django.urls import reverse

from metrics.models.observations import Observation
from metrics.operations.import_runs import run_waiting
from tests.make.imports import clock, import_file

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
