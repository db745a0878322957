"""What somebody typed in a form under boards stands in the answer that refuses it."""

from urllib.parse import urlencode

import pytest
import time_machine

from tasks.operations.choices import FilterDraft, save_filter
from tasks.rules.filters import Wanted
from tests.make.cycles import begin, make_cycle
from tests.make.tasks import (
    attach,
    column_of,
    make_board,
    make_card,
    make_comment,
    make_field,
    make_label,
)
from tests.make.workspaces import NOON, owner_of

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
SAID = "Words that took <b>long</b> to find"
SHOWN = "Words that took &lt;b&gt;long&lt;/b&gt; to find"
LONG = f"{SAID} {'x' * 21_000}"


def forms(acme) -> dict[str, dict]:
    """Addresses with what is refused there, but for the text."""
    board, by = make_board(acme), owner_of(acme)
    card = make_card(board, checklist=("One",))
    item, comment = card.items.get(), make_comment(card)
    label, field, column = make_label(acme), make_field(acme), column_of(board, "Ready")
    saved = save_filter(board, draft=FilterDraft("Mine", Wanted(done="no")), by=by, at=NOON)
    cycle, running = make_cycle(acme, board), begin(make_cycle(acme))
    file = attach(card)
    kept = {"version": "x"}
    return {
        "boards/new/": {"name": SAID + "x" * 99},
        f"boards/{board.pk}/settings/": {"name": SAID, **kept},
        f"boards/{board.pk}/columns/": {"name": SAID, "wip_limit": "x"},
        f"boards/columns/{column.pk}/": {"name": SAID, "wip_limit": "x", **kept},
        f"boards/{board.pk}/filters/": {"name": SAID + "x" * 99, "query": "done=no"},
        f"boards/filters/{saved.pk}/": {"name": SAID, "query": "done=no", **kept},
        "boards/labels/": {"name": SAID, "colour": "x"},
        f"boards/labels/{label.pk}/": {"name": SAID, "colour": "x", **kept},
        "boards/fields/": {"name": SAID, "kind": "x"},
        f"boards/fields/{field.pk}/": {"name": SAID + "x" * 99, **kept},
        "cards/new/": {"title": "", "description": SAID, "column": column.pk},
        "cards/quick/": {"title": SAID, "due_on": "x"},
        f"cards/{card.pk}/edit/": {"title": "", "description": SAID, "version": 1},
        f"cards/{card.pk}/items/": {"text": SAID + "x" * 600},
        f"cards/items/{item.pk}/": {"text": SAID + "x" * 600, "was": "One"},
        f"cards/{card.pk}/comments/new/": {"text": LONG},
        f"comments/{comment.pk}/edit/": {"text": SAID, "version": "x"},
        f"cards/{card.pk}/attachments/link/": {"name": SAID, "address": "ftp://x"},
        f"attachments/{file.pk}/rename/": {"name": SAID, "was": "another.txt"},
        f"cards/{card.pk}/block/": {"on": "1", "reason": SAID + "x" * 400},
        "cycles/new/": {"name": SAID, "aim": SAID, "starts_on": "x", "weeks": 9},
        f"cycles/{cycle.pk}/edit/": {"name": "", "aim": SAID, "version": 1},
        f"cycles/{running.pk}/close/": {"notes": SAID, "rest": "x", "version": 2},
        f"cycles/{running.pk}/notes/": {"notes": LONG, "version": 2},
    }


def test_a_refusal_shows_again_what_was_typed(acme, client_of):
    with time_machine.travel(NOON, tick=False):
        asked, olga, lost = forms(acme), client_of(owner_of(acme)), {}
        for path, sent in asked.items():
            answer = olga.post(f"/w/acme/{path}", urlencode(sent), content_type=FORM)
            text = answer.content.decode()
            if answer.status_code not in {400, 409, 422} or SHOWN not in text or SAID in text:
                lost[path] = (answer.status_code, SHOWN in text, SAID in text)
    assert lost == {}
