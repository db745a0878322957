"""A good body for each operation about boards, on rows that are really there."""

import json

from tasks.models import Board, Card, ImportedPerson
from tasks.operations.choices import FilterDraft, save_filter
from tasks.operations.templates import TemplateDraft, save_template
from tasks.rules.filters import Wanted
from tasks.rules.intake import Kind, Question
from tests.make.board_files import asana, bring_board, trello
from tests.make.cycles import begin, make_cycle
from tests.make.goals import make_goal, measured
from tests.make.intake import TITLE, make_request_form
from tests.make.sla import make_promise, make_sla
from tests.make.tasks import (
    attach,
    column_of,
    make_approval,
    make_board,
    make_card,
    make_comment,
    make_field,
    make_label,
    make_rule,
    make_series,
)
from tests.make.workspaces import NOON, owner_of
from tests.support.bodies import Row
from workspaces.models import Membership


def bodies(acme) -> dict[str, Row]:
    """By the names of the operations."""
    board, who = make_board(acme), owner_of(acme)
    goal = make_goal(measured(acme, "clicks"), "More")
    label, field = make_label(acme), make_field(acme, "Channel", "choice", choices=("A", "B"))
    card, other = make_card(board, checklist=("One",)), make_card(board, "Other")
    ready = column_of(board, "Ready")
    comment, file = make_comment(card), attach(card)
    saved = save_filter(board, draft=FilterDraft("Mine", Wanted(done="no")), by=who, at=NOON)
    planned, running = make_cycle(acme, board), make_cycle(acme)
    begin(running)
    run = bring_board(who, asana(), name="a.csv", go=False)
    bring_board(who, json.dumps(trello()))
    person = ImportedPerson.objects.filter(workspace=acme).first()
    written = {
        "title": "T", "description": "D", "assignee": who.pk, "helpers": [who.pk],
        "watchers": [who.pk], "reports_to": who.pk, "start": "2026-03-01", "due": "2026-03-05",
        "estimate": "2.5", "priority": "high", "labels": [label.pk], "goal": goal.pk,
        "cycle": planned.pk, "fields": {str(field.pk): "A"},
    }  # fmt: skip
    column = {
        "name": "Sent", "wip_limit": 3, "wip_limit_is_hard": True, "lane_limit": 2,
        "lane_limit_is_hard": False, "entry": ["due"], "is_done": False,
    }  # fmt: skip
    rules = {
        "name": "Ads", "lanes": "goal", "person_limit": 4, "person_limit_is_hard": True,
        "hides": ["goal"],
    }  # fmt: skip
    period = {
        "name": "Week 9", "starts": "2026-04-01", "weeks": 2, "aim": "A", "capacity": "20",
        "card_capacity": 9,
    }  # fmt: skip
    seen, on = {"version": card.version}, {"id": card.pk}
    choices = {"name": "B", "columns": {}, "people": {}, "roles": {}, "encoding": "utf-8"}
    good = {
        "patch attachments/{id}/": ({"name": "Plan", "was": "brief.txt"}, {"id": file.pk}),
        "post board-imports/{id}/check/": (choices, {"id": run.pk}),
        "post board-imports/{id}/run/": (choices, {"id": run.pk}),
        "post boards/": (rules | {"columns": [column]}, {}),
        "patch boards/{id}/": (rules | {"version": 1, "archived": False}, {"id": board.pk}),
        "post boards/{id}/columns/": (column | {"version": 1}, {"id": board.pk}),
        "post boards/{id}/filters/": (
            {"name": "Late", "query": "due=overdue", "shared": True}, {"id": board.pk}),
        "patch boards/{id}/flow/": ({"version": 1, "blocked_is_hard": True}, {"id": board.pk}),
        "put boards/{id}/look/": ({"is_compact": True, "lanes": "goal"}, {"id": board.pk}),
        "post card-fields/": (
            {"name": "Reach", "kind": "choice", "choices": ["A"], "on_card": True,
             "board": board.pk}, {}),
        "patch card-fields/{id}/": (
            {"version": field.version, "name": "Way", "choices": ["A", "C"], "on_card": True,
             "retired": False, "after": None}, {"id": field.pk}),
        "post cards/": (
            {**written, "board": board.pk, "column": ready.pk, "checklist": ["A"], "nonce": "n"},
            {}),
        "patch cards/{id}/": (written | seen, on),
        "post cards/{id}/attachments/": (
            {"address": "https://a.example/b", "name": "Brief"}, on),
        "put cards/{id}/block/": ({"reason": "Waits"}, on),
        "post cards/{id}/comments/": (
            {"text": "Yes", "answers": comment.pk, "nonce": "n"}, on),
        "put cards/{id}/goals/{goal}/": ({"part": "drives"}, on | {"goal": goal.pk}),
        "put cards/{id}/metrics/{metric}/": ({"part": "evidence"}, on | {"metric": "clicks"}),
        "post cards/{id}/items/": (
            {"text": "Ask", "assignee": who.pk, "due": "2026-03-05"}, on),
        "post cards/{id}/move/": (
            seen | {"to": ready.pk, "after": None, "lane": f"goal-{goal.pk}"}, on),
        "post cards/{id}/tick/": (seen | {"done": True}, on),
        "post cards/{id}/trash/": (seen, on),
        "post cards/bulk/": (
            {"cards": [{"id": other.pk, "version": 1}], "assignee": who.pk, "due": "2026-03-05",
             "priority": "low", "cycle": planned.pk, "label_on": label.pk, "label_off": label.pk,
             "to": ready.pk, "after": None, "lane": f"assignee-{who.pk}", "then": "archive"}, {}),
        "patch columns/{id}/": (
            {**column, "name": "Soon", "version": 1, "after": None}, {"id": ready.pk}),
        "patch comments/{id}/": ({"version": 1, "text": "No"}, {"id": comment.pk}),
        "post cycles/": (period | {"board": board.pk}, {}),
        "patch cycles/{id}/": (period | {"version": 1, "notes": "N"}, {"id": planned.pk}),
        "post cycles/{id}/begin/": ({"version": 1}, {"id": planned.pk}),
        "post cycles/{id}/close/": (
            {"version": 2, "rest": "carry", "notes": "N"}, {"id": running.pk}),
        "post cycles/{id}/reopen/": ({"version": 2}, {"id": running.pk}),
        "patch filters/{id}/": (
            {"version": 1, "name": "Mine", "query": "done=no", "shared": False},
            {"id": saved.pk}),
        "post imported-people/{id}/": ({"member": who.pk}, {"id": person.pk}),
        "patch items/{id}/": (
            {"text": "Two", "was": "One", "done": True, "assignee": who.pk, "due": "2026-03-05",
             "after": None}, {"id": card.items.get().pk}),
        "post labels/": ({"name": "New", "colour": "red"}, {}),
        "patch labels/{id}/": (
            {"version": 1, "name": "Other", "colour": "blue"}, {"id": label.pk}),
        "post markdown/": ({"text": "**Yes**"}, {}),
        "put work-counts/{kind}/": ({"on": True}, {"kind": "done"}),
    }  # fmt: skip
    said = {
        "assignee": who.pk, "goal": goal.pk, "estimate": "2.5", "priority": "high",
        "labels": [label.pk], "checklist": ["One"], "description": "D",
    }  # fmt: skip
    good |= of_ways(board, card, who, label.pk)
    good |= of_repeating(board, card, said, str(field.pk), who)
    good |= of_rules(board, who, label.pk)
    good |= of_requests(board, who, field.pk)
    return {name: Row(*found) for name, found in good.items()}


def of_ways(board: Board, card: Card, who: Membership, label: int) -> dict[str, tuple]:
    """Lists, days, copies, other boards, approvals, lines, what is done, hours."""
    on, day = {"id": card.pk}, "2026-03-05"
    elsewhere = make_board(board.workspace, "Elsewhere")
    there, done = column_of(elsewhere, "Ready"), board.columns.get(is_done=True)
    above, file = make_card(there, "Above"), attach(card, "plan.txt")
    approval = make_approval(card, who, attachment=attach(card, "look.txt"))
    return {
        "post approvals/{id}/answer/": (
            {"verdict": "changes", "words": "Why?", "round": 1}, {"id": approval.pk}),
        "put boards/{id}/list/look/": ({"columns": ["due"]}, {"id": board.pk}),
        "post calendar-feeds/": ({"board": board.pk}, {}),
        "post cards/{id}/approvals/": (
            {"approvers": [who.pk], "needed": 1, "attachment": file.pk, "question": "So?",
             "due": day}, on),
        "post cards/{id}/copy/": (
            {"title": "Too", "column": there.pk, "parts": ["days"], "nonce": "c"}, on),
        "post cards/{id}/schedule/": ({"due": day, "version": 1}, on),
        "post cards/{id}/transfer/": ({"to": there.pk, "after": above.pk, "version": 1}, on),
        "put cards/look/": ({"columns": ["goal"]}, {}),
        "post cards/shift/": ({"cards": [{"id": card.pk, "version": 1}], "days": 3}, {}),
        "post columns/{id}/cards/": (
            {"line": "Brief tomorrow !high", "unread": ["!high"], "lane": f"label-{label}",
             "nonce": "q"}, {"id": there.pk}),
        "post columns/{id}/restore-done/": ({"at": NOON.isoformat()}, {"id": done.pk}),
        "put workload/capacity/": ({"member": who.pk, "hours": "30", "version": 0}, {}),
    }  # fmt: skip


def of_repeating(
    board: Board, card: Card, said: dict, field: str, who: Membership
) -> dict[str, tuple]:
    """Cards that come back and templates of cards."""
    draft = TemplateDraft("Letter")
    template = save_template(board, draft=draft, by=owner_of(board.workspace), at=NOON)
    series, ready = make_series(board), column_of(board, "Ready")
    days = {
        "kind": "monthly_weekday", "begins": "2026-03-02", "every": 2, "weekdays": [1], "day": 3,
        "place": 1, "until": "2027-03-02", "off_days": "next",
    }  # fmt: skip
    counted = {"kind": "daily", "begins": "2026-03-03", "count": 5}
    again = {"title": "Letter", "column": ready.pk, "lead_days": 2, "catch_up": "all"}
    kept = {"title": "Letter", "due_in": 3, "helpers": [who.pk], "fields": {field: "A"}, **said}
    again |= said | {"values": {field: "A"}}
    return {
        "post boards/{id}/card-templates/": (kept | {"card": card.pk}, {"id": board.pk}),
        "patch card-templates/{id}/": (kept | {"version": 1}, {"id": template.pk}),
        "post card-templates/{id}/cards/": (
            {"column": ready.pk, "title": "T", "nonce": "t"}, {"id": template.pk}),
        "post boards/{id}/series/": (
            again | {"days": days, "card": card.pk}, {"id": board.pk}),
        "patch series/{id}/": (
            again | {"days": counted, "version": 1, "open_too": True, "paused": True,
                     "stopped": False}, {"id": series.pk}),
        "post series/{id}/skips/": ({"day": "2026-03-09", "skipped": True}, {"id": series.pk}),
    }  # fmt: skip


def of_rules(board: Board, who: Membership, label: int) -> dict[str, tuple]:
    """Rules of a board."""
    rule, ready = make_rule(board, tick_all=True), column_of(board, "Ready")
    then = {
        "assign": "turns", "turns": [who.pk], "priority": "high", "label_on": label,
        "label_off": label, "due_in": 3, "due_works": True, "move_to": ready.pk, "tick_all": True,
        "tick_parent": True, "follow_up": "Then {title}", "follow_up_to": ready.pk,
        "tell": [who.pk],
    }  # fmt: skip
    about = {"column": ready.pk, "label": label, "days": 3}
    ruled = {
        "name": "Check", "when": "due", "about": about, "query": "priority=high",
        "columns": [ready.pk], "then": then, "is_on": True,
    }  # fmt: skip
    other = {"version": 1, "then": then | {"assign": who.pk}}
    return {
        "post boards/{id}/automations/": (ruled, {"id": board.pk}),
        "patch automations/{id}/": (ruled | other, {"id": rule.pk}),
    }


def of_requests(board: Board, who: Membership, field: int) -> dict[str, tuple]:
    """Request forms and what is sent by them."""
    several = Question("where", "Where?", Kind.SEVERAL, choices=("Web", "Print"))
    when = Question("when", "By when?", Kind.DATE, to="due")
    count = Question("count", "How many?", Kind.NUMBER)
    asked = make_request_form(board, questions=[TITLE, several, when, count])
    ready, promise = column_of(board, "Ready"), make_promise(make_sla(board.workspace))
    way = {
        "key": "way", "label": "Which way?", "kind": "choice", "hint": "One", "required": True,
        "choices": ["A", "B"], "to": f"field_{field}",
    }  # fmt: skip
    what = {"key": "what", "label": "What?", "kind": "short", "required": True, "to": "title"}
    shape = {
        "name": "Ask", "board": board.pk, "column": ready.pk, "words": "Hello",
        "questions": [way, what], "audience": "public", "is_open": True, "takes_comments": True,
        "in_turn": True, "assignee": who.pk, "turn": [who.pk], "told": [who.pk],
        "promise": promise.pk,
    }  # fmt: skip
    answers = {"what": "Leads", "where": ["Web"], "when": "2026-03-05", "count": "3"}
    return {
        "post request-forms/": (shape, {}),
        "patch request-forms/{id}/": (shape | {"version": 1}, {"id": asked.pk}),
        "post request-forms/{id}/requests/": (
            {"answers": answers, "nonce": "r"}, {"id": asked.pk}),
    }  # fmt: skip
