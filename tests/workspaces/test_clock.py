"""The time of day that pages show is that of the workspace; programs are told UTC."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.make.workspaces import NOON, owner_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("zone", "shown"), [("UTC", "12:00"), ("Asia/Tokyo", "21:00"), ("America/New_York", "07:00")]
)
def test_pages_tell_the_time_of_the_workspace_and_programs_utc(
    acme, client_of, api_of, zone, shown
):
    assert NOON.strftime("%H:%M") == "12:00"
    acme.timezone = zone
    acme.save()
    owner = owner_of(acme)
    client = client_of(owner)
    assert shown in client.get(f"/w/{acme.slug}/settings/log/").content.decode()
    [first, *_rest] = api_of(owner).get(f"/api/v1/workspaces/{acme.slug}/events/").json()["results"]
    assert first["at"] == NOON.isoformat()


def test_the_time_of_one_workspace_stays_in_it(acme, client_of):
    acme.timezone = "Asia/Tokyo"
    acme.save()
    client_of(owner_of(acme)).get(f"/w/{acme.slug}/settings/log/")
    assert timezone.get_current_timezone_name() == "UTC"
    Client().get(f"/w/{acme.slug}/settings/log/")
    assert timezone.get_current_timezone_name() == "UTC"
