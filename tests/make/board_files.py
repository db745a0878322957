"""Boards as the files of other tools, made from a seed, and brought in by the real operations."""

import csv
import io
import json
import random

from tasks.models import BoardImport
from tasks.operations.import_runs import claim_board_import, run_board_import
from tasks.operations.imports import Brought, Choices, confirm_board_import, start_board_import
from tests.make.workspaces import NOON
from workspaces.models import Membership

PEOPLE = [("Ada Lovelace", "ada@example.com"), ("Bo Ek", "bo@example.com")]
LABELS = ["Mail", "Ads", "Über, uns"]
STATUSES = ["To Do", "In Progress", "Done"]
ODD = ['Say "hello"', "Two\nlines, and a comma", "=1+1", "ده", "Plain"]


def clock():
    """A clock that stands still."""
    return NOON


def bring_board(
    by: Membership, content: str | bytes, *, name="board.json", choices=None, work=True, go=True
) -> BoardImport:
    """A file brought, if it is to `work` checked, and imported unless it is not to `go`."""
    data = content if isinstance(content, bytes) else content.encode()
    brought = Brought(name, [data], choices or Choices())
    run = start_board_import(by.workspace, brought=brought, by=by, at=NOON)
    if not work:
        return run
    run = run_it(run)
    if go and run.state == "ready":
        run = run_it(confirm_board_import(run, by=by, at=NOON))
    return run


def run_it(run: BoardImport) -> BoardImport:
    """What the job does for one run."""
    assert claim_board_import(run, at=NOON)
    return run_board_import(run, clock=clock)


def trello(seed=1, *, cards=12, archived_list=True) -> dict:
    """A board as Trello exports it."""
    dice = random.Random(seed)
    lists = [_trello_list(n, name) for n, name in enumerate(STATUSES)]
    if archived_list:
        lists.append(_trello_list(9, "Old ideas", closed=True))
    people = [
        {"id": f"m{n}", "fullName": name, "username": name.split()[0].lower()}
        for n, (name, _email) in enumerate(PEOPLE)
    ]
    labels = [{"id": f"l{n}", "name": name, "color": "sky"} for n, name in enumerate(LABELS)]
    labels.append({"id": "l9", "name": "", "color": "green_dark"})
    made = [_trello_card(dice, n, lists) for n in range(cards)]
    checklists = [
        {
            "id": f"cl{n}",
            "name": "Steps",
            "idCard": card["id"],
            "pos": 1,
            "checkItems": [
                {"name": "First", "state": "complete", "pos": 2},
                {"name": "Zeroth", "state": "incomplete", "pos": 1, "idMember": "m0"},
            ],
        }
        for n, card in enumerate(made[::3])
    ]
    actions = [
        {
            "type": "commentCard",
            "idMemberCreator": "m1",
            "date": f"2026-02-{day:02}T10:00:00.000Z",
            "data": {"text": dice.choice(ODD), "card": {"id": dice.choice(made)["id"]}},
        }
        for day in range(20, 10, -1)
    ]
    return {
        "id": "b1", "name": "Spring, launch", "idOrganization": "o1", "closed": False,
        "lists": lists, "cards": made, "labels": labels, "members": people,
        "checklists": checklists, "actions": actions, "customFields": [],
    }  # fmt: skip


def _trello_list(number, name, *, closed=False):
    return {"id": f"li{number}", "name": name, "closed": closed, "pos": number * 100.5}


def _trello_card(dice, number, lists):
    at = dice.choice(lists)
    return {
        "id": f"{1_700_000_000 + number:08x}" + "0" * 16,
        "name": f"{dice.choice(ODD)} {number}",
        "desc": "Why, and *how*",
        "idList": at["id"],
        "closed": at["closed"] or dice.random() < 0.2,
        "pos": dice.random() * 1e5,
        "due": dice.choice([None, "2026-03-20T12:00:00.000Z"]),
        "idLabels": dice.sample(["l0", "l1", "l2", "l9"], dice.randrange(3)),
        "idMembers": dice.sample(["m0", "m1"], dice.randrange(3)),
        "attachments": [{"name": "Plan [v2].pdf", "url": "https://example.com/plan"}][: number % 2],
        "dateLastActivity": "2026-02-25T10:00:00.000Z",
    }


def jira(seed=1, *, issues=10) -> str:
    """Issues as Jira exports them: repeated column names, line breaks inside of cells."""
    dice = random.Random(seed)
    head = [
        "Summary", "Issue key", "Issue id", "Issue Type", "Status", "Project name", "Priority",
        "Assignee", "Assignee Id", "Created", "Resolved", "Due date", "Labels", "Labels",
        "Description", "Watchers", "Watchers", "Watchers Id", "Watchers Id",
        "Custom field (Story Points)", "Original estimate", "Comment", "Comment",
        "Status Category",
    ]  # fmt: skip
    rows = []
    for number in range(issues):
        status = dice.choice(STATUSES)
        comments = [f"05/Sep/25 7:24 AM;acc-1;Yes; {dice.choice(ODD)}", ""]
        if number % 2:
            comments[1] = "06/Sep/25 1:00 PM;acc-2;Second"
        rows.append([
            f"{dice.choice(ODD)} {number}", f"TES-{number}", number, "Task", status, "TestAutoGen",
            "Highest", "Ada Lovelace", "acc-1", "01/Sep/25 9:00 AM", "", "18/Sep/25 12:00 AM",
            "mail", "ads" if number % 2 else "", dice.choice(ODD), "Ada Lovelace", "Bo Ek",
            "acc-1", "acc-2", "3.0", "7200", *comments, status,
        ])  # fmt: skip
    return written([head, *rows])


def asana() -> str:
    """A project as Asana exports it."""
    head = [
        "Task ID", "Created At", "Completed At", "Last Modified", "Name", "Section/Column",
        "Assignee", "Assignee Email", "Start Date", "Due Date", "Tags", "Notes", "Projects",
        "Parent task", "Blocked By (Dependencies)", "Channel",
    ]  # fmt: skip
    return written([
        head,
        ["1", "2026-01-05", "", "", "Build", "Now", "Ada Lovelace", "ada@example.com", "2026-03-01",
         "2026-03-20", "Mail,Ads", "Line one\nLine two", "Launch", "", "", "web"],
        ["2", "2026-01-05", "2026-02-01", "", "Sketch", "", "", "", "", "", "", "", "", "Build",
         "", ""],
        ["3", "2026-01-06", "2026-02-02", "", "Ask around", "Next", "", "", "", "", "", "",
         "Launch", "", "Build", ""],
    ])  # fmt: skip


def plane(*, as_json=False) -> str:
    """Work items as Plane exports them: one row for each person of an item."""
    head = [
        "ID", "Project", "Name", "Description", "State", "Priority", "Created By", "Assignee",
        "Labels", "Cycle Name", "Created At", "Updated At", "Completed At", "Archived At",
    ]  # fmt: skip
    rows = [
        ["WEB-1", "Website", "Home page", "New\ntext", "Todo", "urgent", "Ada", "Ada Lovelace",
         "Mail", "Sprint 1", "2026-01-02T09:00:00Z", "", "", ""],
        ["WEB-1", "Website", "Home page", "New\ntext", "Todo", "urgent", "Ada", "Bo Ek", "Mail",
         "Sprint 1", "2026-01-02T09:00:00Z", "", "", ""],
        ["WEB-2", "Website", "Imprint", "", "Done", "none", "Ada", "", "", "",
         "2026-01-03T09:00:00Z", "", "2026-01-09T09:00:00Z", "2026-02-01T00:00:00Z"],
    ]  # fmt: skip
    if as_json:
        return json.dumps([dict(zip(head, row, strict=True)) for row in rows])
    return written([head, *rows])


def taiga() -> dict:
    """A project as Taiga dumps it."""
    history = [
        {"comment": text, "created_at": f"2026-02-{day}T10:00:00+0000", "user": user}
        for text, day, user in (
            ("Second", "02", ["bo@example.com", "Bo Ek"]),
            ("First", "01", ["ada@example.com", "Ada"]),
            ("Gone", "03", []),
        )
    ]
    history[2]["delete_comment_date"] = "2026-02-03T11:00:00+0000"
    story = {
        "ref": 7, "subject": "As a visitor", "description": "I want", "status": "Doing",
        "assigned_to": "ada@example.com", "assigned_users": ["bo@example.com"],
        "watchers": ["bo@example.com"], "tags": ["mail", "new"], "kanban_order": 2,
        "due_date": "2026-03-20", "created_date": "2026-01-01T08:00:00+0000",
        "finish_date": None, "history": history, "attachments": [
            {"attached_file": {"name": "plan.pdf", "data": ""}}],
        "custom_attributes_values": {"Channel": "web"},
    }  # fmt: skip
    return {
        "name": "Portal",
        "memberships": [{"user": "ada@example.com", "email": "ada@example.com"}],
        "us_statuses": [
            {"name": "Ready", "order": 1, "is_closed": False, "wip_limit": 3},
            {"name": "Doing", "order": 2, "is_closed": False},
            {"name": "Shipped", "order": 3, "is_closed": True},
        ],
        "tags_colors": [["mail", "#3366cc"]],
        "userstorycustomattributes": [{"name": "Channel", "type": "text", "order": 1}],
        "user_stories": [story, story | {"ref": 8, "subject": "First", "kanban_order": 1}],
        "task_statuses": [{"name": "Closed", "is_closed": True}],
        "tasks": [
            {"subject": "Draw", "user_story": 7, "status": "Closed"},
            {"subject": "Alone", "user_story": None, "status": "New"},
        ],
        "issues": [{"subject": "Bug", "ref": 9}],
    }


def written(rows) -> str:
    """Rows as a CSV."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
