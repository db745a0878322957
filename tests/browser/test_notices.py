"""What a person is told and how, webhooks, and mails that do not get through, on their pages."""

import pytest
from django.utils.timezone import now

from tests.browser.support import LOOKS, complaints, settled, shoot, sideways, small_targets
from tests.make.tasks import make_board, make_card
from tests.make.webhooks import make_webhook
from workspaces.models import Delivery, WebhookCall
from workspaces.operations.preferences import mute
from workspaces.queries.preferences import places_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BASE = "/w/acme"


@pytest.fixture
def pages(acme, mia):
    """Two boards, one of them muted; a webhook that fails; a mail that was given up."""
    boards = [make_board(acme, name) for name in ("Spring launch", "Fair")]
    mute(mia, place=next(row.place for row in places_of(acme) if row.place.name == "Fair"))
    make_card(boards[0], "Write the brief", assignee=mia)
    hook = make_webhook(acme, "Marketing channel", groups=("cards", "goals"), body="slack")
    make_webhook(acme, "Warehouse")
    for n, (state, status) in enumerate((("sent", 204), ("failed", 503), ("waiting", None)), 1):
        WebhookCall.objects.create(
            workspace=acme, webhook=hook, event_id=n, verb="card.moved", state=state,
            status=status, tries=n, at=now(), fault="status" if status == 503 else "",
        )  # fmt: skip
    Delivery.objects.update(state="dead", tries=3, fault="refused", ended_at=now())
    board = places_of(acme)[1].place
    return {
        "preferences": f"{BASE}/notifications/preferences/",
        "preferences-board": f"{BASE}/notifications/preferences/?place=tasks.board:{board.id}",
        "webhooks": f"{BASE}/settings/webhooks/",
        "webhook": f"{BASE}/settings/webhooks/{hook.pk}/",
        "webhook-new": f"{BASE}/settings/webhooks/new/",
        "mails": f"{BASE}/settings/mails/",
    }


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_of_notices_hold_together(screen, mia, pages, look):
    page = screen(mia, **LOOKS[look])
    faults = []
    for name, path in pages.items():
        page.goto(path)
        settled(page)
        shoot(page, f"{name}-{look}", full=True)
        found = complaints(page) + (small_targets(page) if "phone" in look else [])
        if (wide := sideways(page)) > 0:
            found.append(f"{wide} px too wide")
        faults += [f"{name}: {said}" for said in found]
    assert faults == []
