"""A board of 1,000 cards beside an empty view, in one process and one run: only ratios count (G11).

    .venv/bin/python -m benchmarks.board [cards]

Uses DATABASE_URL if it is set (its database test_... is made and destroyed), else SQLite in memory.
"""
# ruff: noqa: E402  Django is set up before its models are imported

import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
PLAIN_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
os.environ.setdefault("MOPS_STATIC_STORAGE", PLAIN_STATIC)

import django

django.setup()

from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext, setup_databases
from django.urls import include, path

from mops.urls import urlpatterns as ours
from tasks.models import Card, ChecklistItem
from tasks.operations.boards import open_board
from tasks.queries.boards import PAGE, board_view
from tasks.render import Pencil, draw_columns
from workspaces.models import Membership
from workspaces.operations.members import add_member, find_or_make_user
from workspaces.operations.workspaces import open_workspace
from workspaces.rules.roles import Role

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = date(2026, 3, 2)
ROUNDS = 30
HERE = Path(__file__).parent
PEOPLE = 12

urlpatterns = [path("hello/", lambda _request: HttpResponse("hello")), path("", include(ours))]


def make_board(count: int):
    """A board as a team has it: people, due days, checklists; through bulk inserts."""
    owner = find_or_make_user("olga@acme.example", password=None, name="Olga")
    workspace = open_workspace(slug="acme", name="Acme", timezone="UTC", owner=owner, at=AT)
    people = [Membership.objects.get(workspace=workspace)]
    for number in range(PEOPLE - 1):
        user = find_or_make_user(f"p{number}@acme.example", password=None, name=f"Person {number}")
        people.append(add_member(workspace, user, Role.EDITOR, by=None, at=AT))
    board = open_board(workspace, name="Bench", by=people[0], at=AT)
    columns = list(board.columns.order_by("position"))
    cards = Card.objects.bulk_create(
        Card(
            workspace=workspace,
            board=board,
            column=columns[n % 5],
            number=n + 1,
            position=f"b{n:05}V",
            title=f"Card number {n}: redefine the e-mail contact lists",
            assignee=people[n % PEOPLE],
            due_on=TODAY + timedelta(days=n % 60 - 20) if n % 3 else None,
            done_at=AT if n % 5 == 4 else None,
            created_by=people[0],
            created_at=AT,
            column_since=AT,
        )
        for n in range(count)
    )
    ChecklistItem.objects.bulk_create(
        ChecklistItem(workspace=workspace, card=card, text=f"Step {n}", position=f"a{n}V")
        for card in cards[::2]
        for n in range(4)
    )
    return board, owner


def timed(work):
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


def measure(ways):
    """The median time of each way in ms; interleaved, so that a busy machine slows all alike."""
    times = {name: [] for name in ways}
    for _round in range(ROUNDS):
        for name, work in ways.items():
            times[name].append(timed(work))
    return {name: median(found) for name, found in times.items()}


def table(title, found, base):
    print(f"\n{title}\n{'':46} {'ms':>8} {'x ' + base:>12}")
    for name, ms in found.items():
        print(f"{name:46} {ms:8.2f} {ms / found[base]:12.1f}")


def run(count):
    board, owner = make_board(count)
    client = Client()
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    page, rest = f"/w/acme/boards/{board.pk}/", "/api/v1/workspaces/acme/cards/?limit=1000"
    shown = sum(min(PAGE, len(range(column, count, 5))) for column in range(5))
    assert client.get(page).content.count(b'<li class="card-k') == shown
    with CaptureQueriesContext(connection) as seen:
        size = len(client.get(page).content)
    print(
        f"{connection.vendor}, {count} cards, {shown} shown,",
        f"page {size:,} bytes, {len(seen)} queries",
    )
    found = measure(
        {
            "hello": lambda: client.get("/hello/"),
            "empty page of the shell (new board)": lambda: client.get("/w/acme/boards/new/"),
            "board page": lambda: client.get(page),
            "REST list of cards": lambda: client.get(rest),
        }
    )
    table("Answers, through every middleware", found, "hello")
    view = board_view(board, TODAY)
    plain = engines["django"].from_string((HERE / "card.html").read_text())
    marks = view.marks
    pencil = Pencil(board, marks, TODAY)
    rows = [card for column in view.columns for card in column.cards]

    def with_django():
        for card in rows:
            checklist, member = marks.checklists.get(card.id), marks.members.get(card.assignee_id)
            words = {"card": card, "url": f"/w/acme/cards/{card.id}/", "today": TODAY}
            plain.render({**words, "checklist": checklist, "member": member})

    def with_jinja_alone():
        for card in rows:
            pencil.card(card)

    table(
        "Where the time goes",
        measure(
            {
                "queries and rows": lambda: board_view(board, TODAY),
                "cards by Jinja2, marks drawn once (used)": lambda: draw_columns(view),
                "cards by Jinja2, marks drawn before": with_jinja_alone,
                "cards by Django templates, one by one": with_django,
            }
        ),
        "queries and rows",
    )


if __name__ == "__main__":
    made = setup_databases(verbosity=0, interactive=False)
    try:
        with override_settings(ROOT_URLCONF="benchmarks.board", ALLOWED_HOSTS=["testserver"]):
            run(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
    finally:
        for old, name, destroy in made:
            if destroy:
                old.creation.destroy_test_db(name, verbosity=0)
