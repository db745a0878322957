"""X01: what people write on boards is shown as they wrote it, wherever it shows."""

from dataclasses import replace

import pytest
import time_machine

from tasks.models import Attachment
from tasks.operations.attachments import attach_link
from tasks.operations.blocking import block_card
from tasks.operations.cards import archive_card
from tasks.operations.choices import FilterDraft, save_filter
from tasks.operations.edits import edit_card
from tasks.operations.labels import FieldDraft, add_field
from tasks.operations.templates import draft_like, save_template
from tasks.rules.filters import Wanted
from tests.make.cycles import begin, close, make_cycle
from tests.make.goals import measured
from tests.make.intake import TITLE, make_public_form, path_of_form, path_of_request, send
from tests.make.reviews import make_optimisation
from tests.make.tasks import (
    attach,
    make_approval,
    make_board,
    make_card,
    make_comment,
    make_label,
    make_rule,
    make_series,
)
from tests.make.workspaces import NOON, owner_of

pytestmark = pytest.mark.django_db
SCRIPT, IMAGE = "<script>__xss()</script>", '"><img src=x onerror=__xss()>'
LIVE = ("<script>__xss", "<img src=x", "\u202egnp")
API = "/api/v1/workspaces/acme/"


@pytest.fixture
def world(acme, ed):
    """A workspace where every text is an attack; the addresses of its pages."""
    who = {"by": owner_of(acme), "at": NOON}
    board = make_board(acme, IMAGE, columns=[(SCRIPT,), (IMAGE, None, True)])
    label = make_label(acme, SCRIPT)
    draft = FieldDraft(name=IMAGE, kind="choice", choices=(SCRIPT, IMAGE), on_card=True)
    field = add_field(acme, draft=draft, **who)
    cycle = make_cycle(acme, board, name=IMAGE, aim=SCRIPT)
    card = make_card(
        board, SCRIPT, description=IMAGE + SCRIPT, checklist=(IMAGE,), labels=(label,),
        assignee=ed, due_on=NOON.date(), values={field: IMAGE}, cycle=cycle,
    )  # fmt: skip
    make_card(board, "=1+1", description="@SUM(1)")
    begin(cycle)
    edit_card(card, version=1, changes={"title": IMAGE}, by=ed, at=NOON)
    make_comment(card, f"{SCRIPT} @[x](member:{ed.pk}) {IMAGE}")
    file = attach(card, f"{IMAGE}\u202egnp.txt")
    attach_link(card, name=SCRIPT, address="https://a.example/?<script>__xss()", **who)
    block_card(card, reason=IMAGE, **who)
    wanted = Wanted(q=SCRIPT, label=(str(label.pk),), field=((field.pk, IMAGE),))
    saved = save_filter(board, draft=FilterDraft(SCRIPT, wanted, True), **who)
    make_optimisation(measured(acme), "2026-02-01", title=IMAGE)
    close(cycle, notes=SCRIPT + IMAGE)
    make_approval(card, ed, attachment=file, question=IMAGE)
    series = make_series(board, IMAGE, description=SCRIPT, checklist=(SCRIPT,))
    rule = make_rule(board, IMAGE, label_on=label.pk, tell=(str(ed.pk),), tick_all=True)
    template = save_template(board, draft=draft_like(card), **who)
    asked = [replace(TITLE, label=IMAGE, hint=SCRIPT)]
    form = make_public_form(board, SCRIPT, words=IMAGE + SCRIPT, questions=asked)
    sent = send(form, IMAGE)
    archive_card(make_card(board, SCRIPT), **who)
    on, one = f"boards/{board.pk}/", f"cards/{card.pk}/"
    forms = f"requests/forms/{form.pk}/"
    query = "q=%3Cscript%3E__xss()%3C/script%3E"
    assert "\u202e" not in Attachment.objects.get(pk=file.pk).name
    return {
        "pages": [
            "", "boards/", on, f"{on}?{query}&cycle={cycle.pk}&field_{field.pk}=%22%3E%3Cimg+src=x",
            f"{on}settings/", f"{on}filter/?{query}", f"{on}flow/", "flow/", one, f"{one}edit/",
            f"{one}attachments/", f"{one}comments/", f"attachments/{file.pk}/", "my-work/",
            "boards/labels/", "boards/fields/", f"search/?{query}", "cards/new/", "cycles/",
            f"cycles/?board={board.pk}", f"cycles/{cycle.pk}/", f"cycles/{cycle.pk}/edit/",
            "optimisations/", f"optimisations/new/?card={card.pk}", "notifications/",
            f"{on}list/", "cards/", f"{on}calendar/?month=2026-03", "calendar/?month=2026-03",
            f"{on}timeline/", "timeline/", f"{on}workload/", "workload/", f"{on}repeating/",
            f"boards/repeating/{series.pk}/", f"{on}repeating/new/?card={card.pk}",
            f"{on}automations/", f"{on}automations/new/", f"boards/automations/{rule.pk}/",
            f"{on}templates/", f"boards/templates/{template.pk}/edit/", f"{on}archived/",
            "requests/", "requests/forms/", f"{forms}", f"{forms}preview/", f"{forms}sent/",
            f"{forms}send/", f"{one}copy/", f"{one}transfer/",
        ],
        "public": [path_of_form(form), path_of_request(sent)],
        "json": [
            "boards/", on, f"{on}filters/", f"{on}flow/", "cards/", one, f"{one}comments/",
            f"{one}attachments/", "labels/", "card-fields/", "cycles/", f"cycles/{cycle.pk}/",
            f"filters/{saved.pk}/", f"{on}export/", f"search/?{query}", f"{on}cards/",
            f"{on}timeline/", "timeline/", f"{on}workload/", "workload/", f"{on}series/",
            f"series/{series.pk}/", f"{on}automations/", f"automations/{rule.pk}/",
            f"{on}card-templates/", f"card-templates/{template.pk}/", f"{on}archived/",
            f"{on}lanes/?by=label", f"{one}approvals/", "request-forms/",
            f"request-forms/{form.pk}/", f"request-forms/{form.pk}/requests/",
        ],
        "csv": f"{on}export/csv/",
    }  # fmt: skip


def text_of(answer):
    streaming = getattr(answer, "streaming", False)
    return (b"".join(answer.streaming_content) if streaming else answer.content).decode()


def test_no_text_of_a_board_runs_anywhere(world, ed, client_of, api_of):
    wrong, program = {}, api_of(owner_of(ed.workspace))
    with time_machine.travel(NOON, tick=False):
        for who in (ed, owner_of(ed.workspace)):
            browser = client_of(who)
            for path in [f"/w/acme/{page}" for page in world["pages"]] + world["public"]:
                answer = browser.get(path)
                text = text_of(answer)
                live = [word for word in LIVE if word in text]
                if live or answer.status_code not in {200, 302, 403}:
                    wrong[path] = (answer.status_code, live)
        for path in world["json"]:
            answer = program.get(f"{API}{path}")
            kind = answer.headers["Content-Type"]
            if answer.status_code not in {200, 405} or not kind.startswith("application/"):
                wrong[path] = (answer.status_code, kind)
        rows = text_of(client_of(ed).get(f"/w/acme/{world['csv']}")).splitlines()
    assert wrong == {}
    assert not [row for row in rows if ",=1+1" in row or ",@SUM" in row]
