"""The demo's request forms and what came by them, and a picture that waits for approval."""

from datetime import datetime, timedelta

from mops.demo_script import Script
from mops.demo_sla import ANSWER
from mops.demo_talk import CARD
from tasks.models import Approval, Attachment, Board, Card, RequestForm
from tasks.operations.approvals import ApprovalDraft, answer_approval, ask_approval
from tasks.operations.intake import RequestFormDraft, make_form
from tasks.operations.requests import Sent, send_request
from tasks.rules.intake import Kind, Question
from workspaces.models import Membership, SlaPromise, Workspace

NAME = "Ask the data team"
WORDS = "Is a number missing on a dashboard? Say which one and **what you will decide by it**."
QUESTIONS = (
    Question("what", "Which number do you need?", Kind.SHORT, required=True, to="title"),
    Question("why", "What will you decide by it?", Kind.LONG, to="description"),
    Question("how", "How urgent is it?", Kind.CHOICE, to="priority"),
    Question("until", "Until when?", Kind.DATE, to="due"),
    Question("where", "Where should it stand?", Kind.LINK, "The address of the dashboard"),
    Question(
        "mail", "Your e-mail", Kind.EMAIL, "You get a link to see how it stands", to="receipt"
    ),
)
ASKED = (  # hours ago, who (None: without an account), what they answered
    (
        50,
        None,
        {
            "what": "Leads by region since spring",
            "why": "Whether we hire in the south",
            "how": "high",
            "mail": "partner@example.com",
        },
    ),
    (22, "viewer", {"what": "Cost of a lead by channel", "why": "Next year's budget"}),
)


def ask(
    script: Script, workspace: Workspace, people: dict[str, Membership], *, at: datetime
) -> None:
    """The manager makes a form, two people send it; the editor has the segments approved."""
    board = Board.objects.filter(workspace=workspace)

    def make(when: datetime) -> None:
        promise = SlaPromise.objects.filter(workspace=workspace, deliverable=ANSWER).first()
        draft = RequestFormDraft(
            name=NAME,
            board=board.get(name="E-mail programme"),
            questions=QUESTIONS,
            words=WORDS,
            audience=RequestForm.Audience.PUBLIC,
            in_turn=True,
            turn=(people["tess"], people["mika"]),
            told=(people["manager"],),
            promise=promise,
        )
        make_form(workspace, draft=draft, by=people["manager"], at=when)

    script.at(at - timedelta(hours=72), make)
    for hours, who, answers in ASKED:

        def send(when: datetime, who: str | None = who, answers: dict[str, str] = answers) -> None:
            form = RequestForm.objects.get(workspace=workspace, name=NAME)
            by = people[who] if who else None
            send_request(form, sent=Sent(answers), by=by, at=when)

        script.at(at - timedelta(hours=hours), send)

    def have_approved(when: datetime) -> None:
        card = Card.objects.select_related("board", "workspace").get(
            workspace=workspace, title=CARD
        )
        draft = ApprovalDraft(
            (people["owner"], people["viewer"]),
            attachment=Attachment.objects.get(card=card),
            question="Are these the segments that sales want?",
        )
        ask_approval(card, draft=draft, by=people["editor"], at=when)

    def approve(when: datetime) -> None:
        approval = Approval.objects.get(workspace=workspace)
        said = {"verdict": "approved", "words": "Product and region, yes.", "round_": 1}
        answer_approval(approval, **said, by=people["viewer"], at=when)  # type: ignore[arg-type]

    script.at(at - timedelta(hours=24), have_approved)
    script.at(at - timedelta(hours=20), approve)
