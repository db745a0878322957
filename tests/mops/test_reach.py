"""No page without a way to it: the links are followed from the Overview on."""

from urllib.parse import urljoin, urlsplit

import time_machine
from django.urls import Resolver404, get_resolver, resolve

from tasks.models import Submission
from tasks.operations.templates import TemplateDraft, save_template
from tasks.queries.boards import PAGE
from tests.architecture.routes import filled, walk
from tests.goals.api.test_bad_bodies import bodies
from tests.make.board_files import bring_board
from tests.make.cycles import make_cycle
from tests.make.goals import measured
from tests.make.intake import make_request_form, send
from tests.make.pictures import picture
from tests.make.pulse import make_pulse
from tests.make.reviews import begin, make_optimisation
from tests.make.tasks import (
    attach,
    make_board,
    make_card,
    make_comment,
    make_rule,
    make_series,
    renew,
)
from tests.make.webhooks import make_webhook
from tests.make.workspaces import NOON
from tests.support.pages import read

START = "/w/acme/"
OURS = {"goals", "workspaces", "reports", "tasks"}
CLICKS = 2  # to what stands for itself; one more to the form that adds to it or sets it up
FORMS = ("/new/", "/edit/", "/links/")
PARTS = (  # a script asks
    "/<int:pk>/stream/",
    "/<int:pk>/changes/",
    "/cards/stream/",
    "/cards/changes/",
    "boards/<int:pk>/cards/",
    "/mentions/",
    "/comments/",
    "comments/<int:pk>/",
    "/attachments/",
    "/picture/",
)


def named(url: str) -> str:
    """The route of an address, "" for one that leads out of the product's pages."""
    try:
        found = resolve(urlsplit(url).path)
    except Resolver404:
        return ""
    return found.view_name if found.app_name in OURS else ""


def followed(browser) -> dict[str, int]:
    """Each route that is linked from somewhere, with the clicks that it takes; one page of each."""
    clicks, waiting = {named(START): 0}, [START]
    for url in waiting:
        answer = browser.get(url)
        assert answer.status_code == 200, url
        if answer.streaming:  # a file
            continue
        for link in read(answer).links:
            where = urljoin(url, link)
            name = named(where)
            if name and name not in clicks:
                clicks[name] = clicks[named(url)] + 1
                waiting.append(where)
    return clicks


def test_every_page_is_linked_and_lists_are_two_clicks_away(acme, olga, client_of):
    with time_machine.travel(NOON, tick=False):
        bodies(acme)
        board = make_board(acme)
        talked_about = make_card(board)
        save_template(board, draft=TemplateDraft("Letter"), by=olga, at=NOON)
        make_comment(talked_about)
        make_series(board)
        make_rule(board, tick_all=True)
        send(make_request_form(board), by=olga)
        Submission.objects.update(card=talked_about)
        renew(attach(talked_about, "p.png", picture()), "p.png", picture())
        for number in range(PAGE):
            make_card(board, f"Card {number}")
        bring_board(olga, "Name,Channel\nBrief,web\n,print\n", name="cards.csv")
        bring_board(olga, "Name\nWaits\n", name="cards.csv", work=False)
        make_cycle(acme, board)
        make_pulse(acme, at=NOON, opens_on=1)
        make_optimisation(measured(acme, "opens"), "2026-02-02")
        begin(acme)
        make_webhook(acme)
        browser = client_of(olga)
        clicks = followed(browser)
        pages = {
            named(filled(route, "acme")): route
            for route, _found in walk(get_resolver().url_patterns)
            if route.startswith("w/") and named(filled(route, "acme"))
            if not route.endswith(PARTS)
        }
        lost = {
            name: route
            for name, route in pages.items()
            if name not in clicks and browser.get(filled(route, "acme")).status_code != 405
        }
    assert lost == {}
    far = {
        name: clicks[name]
        for name, route in pages.items()
        if "<int:" not in route and clicks.get(name, 0) > CLICKS + route.endswith(FORMS)
    }
    assert far == {}
